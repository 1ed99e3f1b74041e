"""Linting: every question about a decision that is answered before it runs, in one report."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from criterion.allowance import Allowance
from criterion.analysis.finding import Finding, Report
from criterion.analysis.placing import Placing
from criterion.analysis.prover import has_prover
from criterion.analysis.searching import searched
from criterion.analysis.telling import untold
from criterion.analysis.unread import unread
from criterion.analysis.watch import spent_ms
from criterion.decision import Decision
from criterion.expression.tree import Body
from criterion.expression_decision import ExpressionDecision
from criterion.profiles import ProfileRegistry

BUDGET_MS: Final = 300
"""How long the questions about one decision may take together."""

QUESTION_MS: Final = 100
"""How long one question may take."""

Profiles = Mapping[str, Mapping[str, Any]]
"""The values of profiles, by name."""


def lint(
    decision: Decision[Any, Any, Any],
    *,
    profiles: ProfileRegistry | Profiles | None = None,
    source: str | bytes | None = None,
    file: str = "<text>",
    budget_ms: int = BUDGET_MS,
    now_ms: Callable[[], float] = spent_ms,
) -> Report:
    """Return what is to be said of a decision before it runs.

    A decision in expressions is asked for all facts at once, under every profile that its schema
    allows and under each that is given; needs the extra ``prove``, and says so where it is missing.
    A decision in Python is searched for facts that show a problem; needs the extra ``testing``.

    Args:
        decision: A decision of any kind.
        profiles: The profiles that it runs under; of a registry, those that are for it.
        source: The text that it was read from, so that findings have their places.
        file: The name of its file.
        budget_ms: How long the questions may take together, in ms; what is not answered
            by then is ``unknown``.
        now_ms: Tells the time, in ms; by default how long this thread has worked.

    Raises:
        DocumentError: The source is not a decision file.
    """
    given = _values(decision, profiles)
    if not isinstance(decision, ExpressionDecision):
        return _report(decision, *searched(decision, given), (), None)
    placing = None if source is None else Placing(source, file)
    body = decision.body if placing is None else placing.body
    findings = [*unread(body, *decision.types, placing), *untold(body, *decision.types, placing)]
    counts: dict[str, int] = {}
    if not has_prover():
        findings.append(_without_prover())
    else:
        findings += _proven(decision, body, given, placing, (budget_ms, now_ms), counts)
    return _report(decision, findings, counts, decision.allowances, placing)


def _proven(
    decision: ExpressionDecision,
    body: Body,
    profiles: Profiles,
    placing: Placing | None,
    time: tuple[int, Callable[[], float]],
    counts: dict[str, int],
) -> list[Finding]:
    """Return what is proven or found, under every profile and under each of those given."""
    from criterion.analysis.proving.asking import findings_of  # noqa: PLC0415 -- imports z3
    from criterion.analysis.proving.setting import Meant, Setting  # noqa: PLC0415 -- same
    from criterion.analysis.smt.memory import own_memory  # noqa: PLC0415 -- same
    from criterion.analysis.smt.solving import Budget  # noqa: PLC0415 -- same

    with own_memory():
        budget = Budget(time[0], QUESTION_MS, time[1])
        every = Setting(decision, body, budget, meant=Meant(samples=tuple(profiles.values())))
        findings, known = findings_of(every, placing, is_last_word=not profiles)
        settings = [
            Setting(decision, body, budget, profile=name, values=values)
            for name, values in profiles.items()
            if every.has_profile
        ]
        for setting in settings:
            findings += findings_of(setting, placing, is_last_word=True, known=known)[0]
    for setting in (every, *settings):
        for verdict, count in setting.counts.items():
            counts[verdict] = counts.get(verdict, 0) + count
    return findings


def _without_prover() -> Finding:
    return Finding(
        kind="undecided",
        level="remark",
        verdict="unknown",
        message="nothing was proven: there is no prover",
        hint="pip install 'criterion-decisions[prove]'",
        limit="no prover",
    )


def _values(decision: Decision[Any, Any, Any], profiles: object) -> Profiles:
    """Return the plain values of the profiles that fit a decision, by name."""
    from criterion.analysis.offered import offered_values  # noqa: PLC0415

    if isinstance(profiles, ProfileRegistry):
        return offered_values(decision, profiles)
    return dict(profiles) if isinstance(profiles, Mapping) else {}


def _report(
    decision: Decision[Any, Any, Any],
    findings: Iterable[Finding],
    counts: Mapping[str, int],
    allowances: tuple[Allowance, ...],
    placing: Placing | None,
) -> Report:
    """Return the report, with what is allowed apart, and allowances that nothing needs."""
    kept: list[Finding] = []
    allowed: list[Finding] = []
    used: set[int] = set()
    for found in findings:
        place = next((n for n, each in enumerate(allowances) if _allows(each, found)), None)
        if place is None:
            kept.append(found)
        else:
            used.add(place)
            allowed.append(replace(found, because=allowances[place].because))
    kept += (
        _unneeded(allowance, number, placing)
        for number, allowance in enumerate(allowances)
        if number not in used
    )
    return Report(
        decision=decision.id,
        version=decision.version,
        findings=tuple(sorted(kept, key=_order)),
        allowed=tuple(sorted(allowed, key=_order)),
        questions=dict(sorted(counts.items())),
    )


def _allows(allowance: Allowance, found: Finding) -> bool:
    return allowance.allow == found.kind and allowance.rule in {None, found.rule}


def _unneeded(allowance: Allowance, number: int, placing: Placing | None) -> Finding:
    return Finding(
        kind="allowance",
        level="problem",
        verdict="proven",
        message=f"nothing needs the allowance of `{allowance.allow}`",
        hint="remove it from `lint`",
        rule=allowance.rule,
        place=None if placing is None else placing.of_member("lint", number, "allow"),
    )


def _order(found: Finding) -> tuple[bool, int, int, str]:
    place = found.place
    line, column = (place.line, place.column) if place else (0, 0)
    return found.level != "problem", line, column, found.message
