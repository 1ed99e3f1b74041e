"""The kit: what draws, searches and compares; hypothesis is imported when one is called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from criterion.decision import Decision
from criterion.json_text import json_text
from criterion.profiles import ProfileRegistry, ProfileValues
from criterion.result import Result

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from criterion.testing.boundary import Boundary
    from criterion.testing.fuzzing import FuzzReport
    from criterion.testing.witnessing import Witness

REPEATS: Final = 3
"""How often `assert_deterministic` asks for the same facts."""


def facts(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None = None,
    *,
    profiles: ProfileRegistry | None = None,
    fields: Mapping[str, "SearchStrategy[Any]"] | None = None,
) -> "SearchStrategy[dict[str, Any]]":
    """Return a hypothesis strategy for valid facts, many of them close to a boundary.

    Facts are made by what the input schema says, so that they are valid by construction; only a
    validator that is a function of its author may throw some away. Of a decision in expressions,
    fields are moved to values that are looked up or compared with, and to one step below a
    comparison's boundary, on it, and one above. Of a decision in Python, numbers and texts of
    the profile are mixed in, with their neighbours. One step is 1, a day, a second, or what
    ``multipleOf`` or the decimal places say; a hundredth where a schema says nothing.

    Args:
        decision: What will be asked.
        profile: Under which profile: values, or a name.
        profiles: Where the name is looked up; by default in the catalogue of this folder.
        fields: Strategies of your own, by the dotted path of a field (``items.*.sku``).

    Raises:
        DefinitionError: The profile does not fit, or a field has a type or a pattern that nothing
            can be drawn for without a strategy of your own.
    """
    _require_hypothesis()
    from criterion.testing.drawing import draw_facts  # noqa: PLC0415 -- when first used
    from criterion.testing.subject import subject_of  # noqa: PLC0415

    drawn: SearchStrategy[dict[str, Any]]
    drawn = draw_facts(subject_of(decision, profile, profiles), fields)
    return drawn


def profiles(
    decision: Decision[Any, Any, Any],
    *,
    fields: Mapping[str, "SearchStrategy[Any]"] | None = None,
) -> "SearchStrategy[dict[str, Any]]":
    """Return a hypothesis strategy for the values of valid profiles.

    Args:
        decision: What runs under them.
        fields: Strategies of your own, by the dotted path of a field.

    Raises:
        DefinitionError: Nothing can be drawn for a field without a strategy of your own.
    """
    _require_hypothesis()
    from criterion.testing.drawing import draw_profiles  # noqa: PLC0415 -- when first used

    drawn: SearchStrategy[dict[str, Any]] = draw_profiles(decision, fields)
    return drawn


def fuzz(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None = None,
    *,
    runs: int = 200,
    seed: int = 0,
    profiles: ProfileRegistry | None = None,
    fields: Mapping[str, "SearchStrategy[Any]"] | None = None,
) -> "FuzzReport":
    """Ask a decision for many valid facts, and report what they came to.

    A rule that raises and data that is invalid are failures, each shown with the smallest facts
    that were found for it; no match is counted. The same seed gives the same report, under the same
    code and the same version of hypothesis.

    Args:
        decision: What is asked.
        profile: As for `facts`; so are ``profiles`` and ``fields``.
        runs: How many facts are drawn, at least 1.
        seed: What they are drawn by.
        profiles: Where a profile is looked up by its name.
        fields: Strategies of your own.

    Raises:
        DefinitionError: As for `facts`.
    """
    _require_hypothesis()
    from criterion.testing.fuzzing import run_fuzz  # noqa: PLC0415 -- when first used
    from criterion.testing.subject import subject_of  # noqa: PLC0415

    if runs < 1:
        message = f"`runs` must be at least 1, not {runs}"
        raise ValueError(message)
    return run_fuzz(subject_of(decision, profile, profiles), runs, seed, fields or {})


def witnesses(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None = None,
    *,
    seed: int = 0,
    profiles: ProfileRegistry | None = None,
    fields: Mapping[str, "SearchStrategy[Any]"] | None = None,
) -> "tuple[Witness, ...]":
    """Return example facts for each rule, in the decision's order, where a search finds some.

    It draws facts, and moves those that show something new towards matches and boundaries. A rule
    without facts was not found, which does not prove that nothing reaches it.

    Args:
        decision: What is asked.
        profile: As for `facts`; so are ``profiles`` and ``fields``.
        seed: What the facts are drawn by.
        profiles: Where a profile is looked up by its name.
        fields: Strategies of your own.

    Raises:
        DefinitionError: As for `facts`.
    """
    _require_hypothesis()
    from criterion.testing.subject import subject_of  # noqa: PLC0415 -- when first used
    from criterion.testing.witnessing import find_witnesses  # noqa: PLC0415

    return find_witnesses(subject_of(decision, profile, profiles), seed, fields or {})


def boundaries(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None = None,
    facts: Sequence[Mapping[str, Any]] | None = None,
    *,
    seed: int = 0,
    profiles: ProfileRegistry | None = None,
    fields: Mapping[str, "SearchStrategy[Any]"] | None = None,
) -> "tuple[Boundary, ...]":
    """Return where comparisons change: three neighbouring values of a field, and their rules.

    Where a comparison is linear in a field the boundary is solved, elsewhere it is searched. Of a
    decision in Python, what is searched is where another rule decides. One boundary is returned
    for each comparison and each field that moves it, if facts are known that reach it.

    Args:
        decision: What is asked.
        profile: As for `facts`; so are ``profiles`` and ``fields``.
        facts: Facts of which one field at a time is moved; by default what a search finds.
        seed: What the search draws facts by.
        profiles: Where a profile is looked up by its name.
        fields: Strategies of your own.

    Raises:
        DefinitionError: As for `facts`.
    """
    _require_hypothesis()
    from criterion.testing.boundary import find_boundaries  # noqa: PLC0415 -- when first used
    from criterion.testing.subject import subject_of  # noqa: PLC0415

    return find_boundaries(subject_of(decision, profile, profiles), facts, seed, fields or {})


def assert_deterministic(
    decision: Decision[Any, Any, Any],
    profile: str | ProfileValues | None = None,
    facts: Iterable[Mapping[str, Any]] | None = None,
    *,
    runs: int = 100,
    seed: int = 0,
    profiles: ProfileRegistry | None = None,
) -> None:
    """Assert that the same facts get the same answer, whatever was asked in between.

    Status, rule, data and explanation are compared. All facts are asked in order, then backwards,
    then in order again.

    Args:
        decision: What is asked.
        profile: As for `facts`; so is ``profiles``.
        facts: What is asked about; by default ``runs`` facts that are drawn.
        runs: How many facts are drawn.
        seed: What they are drawn by.
        profiles: Where a profile is looked up by its name.

    Raises:
        AssertionError: Two answers differ; names the facts and both answers.
    """
    from criterion.testing.showing import ShownFacts  # noqa: PLC0415 -- when first used
    from criterion.testing.subject import subject_of  # noqa: PLC0415

    subject = subject_of(decision, profile, profiles)
    asked = list(facts) if facts is not None else _drawn(subject, runs, seed)
    first = [_answer(subject.ask(each)) for each in asked]
    for turn in range(1, REPEATS):
        order = range(len(asked)) if turn % 2 == 0 else reversed(range(len(asked)))
        for number in order:
            again = _answer(subject.ask(asked[number]))
            if again != first[number]:
                message = (
                    f"{decision.id} {decision.version} answers the same facts in two ways\n"
                    f"  facts: {ShownFacts(asked[number], subject.schemas).json}\n"
                    f"  first: {first[number]}\n"
                    f"  again: {again}"
                )
                raise AssertionError(message)


def _answer(result: Result[Any]) -> str:
    members = result.to_dict()
    return json_text(
        {key: members[key] for key in ("status", "matched_rule", "data", "explanation")}
    )


def _drawn(subject: Any, runs: int, seed: int) -> list[Any]:  # noqa: ANN401 -- a subject
    _require_hypothesis()
    from criterion.testing.drawing import draw_facts  # noqa: PLC0415 -- when first used
    from criterion.testing.generating import generated  # noqa: PLC0415

    return generated(draw_facts(subject), runs, seed)


def _require_hypothesis() -> None:
    try:
        import hypothesis  # noqa: F401, PLC0415 -- when first used
    except ModuleNotFoundError as error:
        message = "drawing facts needs hypothesis: pip install 'criterion-decisions[testing]'"
        raise ModuleNotFoundError(message, name=error.name) from error
