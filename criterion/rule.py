"""Rules: when they apply, what they emit, how they explain it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from pydantic import BaseModel

Input = TypeVar("Input", bound=BaseModel)
Profile = TypeVar("Profile", bound=BaseModel)
Output = TypeVar("Output", bound=BaseModel)

OTHERWISE: Final = "otherwise"
"""The condition of a rule that is declared to match always."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule(Generic[Input, Profile, Output]):
    """One rule of a decision: pure functions of the facts and the profile.

    Attributes:
        id: Readable alone, unique in its decision: ``over-limit``.
        when: Whether the rule applies: a function that returns true or false and nothing else, or
            ``"otherwise"``, which always applies and must come last.
        emit: What is decided: an output instance, or a mapping that the output schema validates.
        explain: Why, in one sentence with the numbers that decided. It is called when somebody
            reads the explanation, and gets ``[redacted]`` for marked fields. Without it, the
            explanation of a function says only that the condition was true; that of an expression
            is made from its values.
    """

    id: str
    when: Callable[[Input, Profile], bool] | Literal["otherwise"]
    emit: Callable[[Input, Profile], Output | Mapping[str, object]]
    explain: Callable[[Input, Profile], str] | None = None
