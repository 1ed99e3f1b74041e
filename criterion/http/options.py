"""Options: what an operator sets once for all decisions of a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from criterion.documents.cases_file import Case

BODY_BYTES_MAX: Final = 1_000_000
"""How long a body may be unless the operator says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """How a service answers.

    Attributes:
        title: The title of the documentation.
        body_bytes_max: How long a body may be.
        expose_rules: Whether callers see rules: in descriptions, and by ``?explain=full``.
        expose_changes: Whether callers may ask by ``?what_if=true`` what would lead to another
            answer; thresholds of the rules show in it.
        cases: Cases by decision id; those that match a rule become examples in the documentation.
    """

    title: str = "Decisions"
    body_bytes_max: int = BODY_BYTES_MAX
    expose_rules: bool = False
    expose_changes: bool = False
    cases: Mapping[str, Sequence[Case]] = field(default_factory=dict)
