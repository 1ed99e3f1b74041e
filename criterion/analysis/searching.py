"""Searching: decisions in Python, asked with many facts; what is met is found, the rest is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final

from criterion.analysis.finding import Finding
from criterion.decision import Decision
from criterion.errors import DefinitionError
from criterion.expression.checker import is_marked
from criterion.expression.schema_types import type_of_schema
from criterion.result import Result, Status
from criterion.rule import OTHERWISE
from criterion.text import code, one_line

EXAMPLES_MAX: Final = 300
"""How many facts are tried under each profile."""

SEED: Final = 0
"""What they are drawn by: the same facts each time."""

_PROBLEMS: Final[Mapping[Status, tuple[str, str]]] = {
    Status.NO_MATCH: ("gap", "no rule covers some facts"),
    Status.RULE_ERROR: ("rule-error", "a rule fails for some facts"),
    Status.INVALID_OUTPUT: ("output", "what a rule emits does not fit the output for some facts"),
}


@dataclass(slots=True)
class _Met:
    """What a search has met so far: the rules that matched, and the first example of a problem."""

    rules: set[str | None] = field(default_factory=set)
    problems: dict[tuple[Status, str], tuple[Mapping[str, Any], str | None, str]] = field(
        default_factory=dict
    )

    def take(self, result: Result[Any], facts: Mapping[str, Any], profile: str | None) -> None:
        """Remember what is new in a result."""
        self.rules.add(result.matched_rule)
        if result.status in _PROBLEMS:
            error = result.errors[0] if result.errors else None
            about = error.path if error else ""
            message = error.message if error else ""
            self.problems.setdefault((result.status, about), (facts, profile, message))


def searched(
    decision: Decision[Any, Any, Any], profiles: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Finding], dict[str, int]]:
    """Return what a search through facts meets, and how many questions were answered how."""
    if find_spec("hypothesis") is None:
        return [_without_search()], {}
    if decision.profile.model_fields and not profiles:
        return [_without_profile()], {}
    try:
        met = _met(decision, profiles or {"": {}})
    except DefinitionError as error:
        return [_undrawn(error)], {}
    findings = [*_problems(decision, met), *_unmatched(decision, met)]
    questions = len(decision.rules) + len(_PROBLEMS)
    found = len({status for status, _ in met.problems}) + len(met.rules - {None})
    return findings, {"found": found, "not found": max(0, questions - found)}


def _met(decision: Decision[Any, Any, Any], profiles: Mapping[str, Mapping[str, Any]]) -> _Met:
    from criterion.testing.drawing import draw_facts  # noqa: PLC0415 -- imports hypothesis
    from criterion.testing.generating import generated  # noqa: PLC0415 -- same
    from criterion.testing.subject import subject_of  # noqa: PLC0415 -- same

    met = _Met()
    for name, values in profiles.items():
        subject = subject_of(decision, values or None, None)
        for facts in generated(draw_facts(subject), EXAMPLES_MAX, SEED):
            met.take(subject.ask(facts), facts, name or None)
    return met


def _problems(decision: Decision[Any, Any, Any], met: _Met) -> Iterable[Finding]:
    marked = is_marked(type_of_schema(decision.input))
    for (status, about), (facts, profile, message) in met.problems.items():
        kind, text = _PROBLEMS[status]
        rule = about.split(".")[1] if about.startswith("rules.") else None
        yield Finding(
            kind=kind,
            level="problem",
            verdict="found",
            message=f"{text}: {message}" if message else text,
            rule=rule,
            profile=profile,
            facts=None if marked else facts,
        )


def _unmatched(decision: Decision[Any, Any, Any], met: _Met) -> Iterable[Finding]:
    for rule in decision.rules:
        if rule.id not in met.rules and rule.when != OTHERWISE:
            yield Finding(
                kind="unreachable",
                level="remark",
                verdict="not found",
                message=f"no facts were found for which {code(rule.id)} matches",
                hint="add a case in which it does",
                rule=rule.id,
            )


def _without_search() -> Finding:
    return Finding(
        kind="undecided",
        level="remark",
        verdict="unknown",
        message="nothing was searched: there is no generator of facts",
        hint="pip install 'criterion-decisions[testing]'",
        limit="no generator",
    )


def _undrawn(error: DefinitionError) -> Finding:
    return Finding(
        kind="undecided",
        level="remark",
        verdict="unknown",
        message=f"nothing was searched: {one_line(str(error), 300)}",
        hint="search with `criterion.testing.fuzz`, and give `fields` a strategy",
        limit="no generator",
    )


def _without_profile() -> Finding:
    return Finding(
        kind="undecided",
        level="remark",
        verdict="unknown",
        message="nothing was searched: there is no profile for the decision",
        hint="give one in `profiles`",
        limit="no profile",
    )
