"""``criterion test``: run the cases beside the decisions, and say what they reach."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

import typer

from criterion.case_runs import CasesRun, run_catalogue
from criterion.cases import CaseOutcome
from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli import mutating, watching
from criterion.cli.complete import decision_ids
from criterion.cli.mutating import changeable
from criterion.cli.problems import FAILED, OK, UsageError
from criterion.cli.question import decision_of
from criterion.cli.screen import note, say, say_table
from criterion.cli.session import Session
from criterion.expression_decision import ExpressionDecision
from criterion.json_input import read_json
from criterion.json_text import Plain
from criterion.testing.covering import Arm, Coverage, coverage

ARMS_MAX: Final = 20
"""How many arms that no case sees are listed; `--json` has all."""


def run_tests(
    decisions: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids, or id@version; by default all that serve.", autocompletion=decision_ids
        ),
    ] = None,
    *,
    all_rules: Annotated[
        bool, typer.Option("--all-rules", help="Fail also where no case reaches a rule.")
    ] = False,
    all_arms: Annotated[
        bool,
        typer.Option("--all-arms", help="Fail also where a condition is not seen both ways."),
    ] = False,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the decisions, and find changes no case notices."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Test again when files change, until Ctrl-C.")
    ] = False,
    session: Session,
) -> None:
    """Run the cases of decisions, and say which rules and arms of conditions they reach."""

    def asked(catalogue: Catalogue) -> Sequence[AnyDecision]:
        named = dict.fromkeys(decision_of(catalogue, given) for given in decisions or ())
        if mutate:
            return changeable(catalogue, tuple(named))
        return tuple(named) or catalogue.serving

    demands = _Demands(all_rules=all_rules, all_arms=all_arms, mutate=mutate)
    test = partial(_test, session, demands)
    if watch:
        if session.as_json:
            raise UsageError("`--watch` is for people", hint="leave out `--json`")
        raise typer.Exit(watching.watch(session, asked, test))
    catalogue = session.catalogue()
    raise typer.Exit(FAILED if test(catalogue, asked(catalogue)) else OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demands:
    """What is asked of decisions beside that their cases pass."""

    all_rules: bool
    all_arms: bool
    mutate: bool

    def failed(self, part: Coverage) -> bool:
        """Whether the cases reach too little."""
        unseen = self.all_arms and (part.unseen or part.contradicted)
        return bool(self.all_rules and part.unreached) or bool(unseen)


def _test(
    session: Session, demands: _Demands, catalogue: Catalogue, asked: Sequence[AnyDecision]
) -> Collection[AnyDecision]:
    """Test decisions, print how it went, and return those that fail."""
    runs = run_catalogue(catalogue, asked)
    failing = {run.decision for run in runs if not all(each.passed for each in run.outcomes)}
    if demands.mutate and not failing:
        yaml = [each for each in asked if isinstance(each, ExpressionDecision)]
        return mutating.mutate(session, catalogue, yaml)
    reach = [_coverage(decision, runs) for decision in asked]
    session.answer(_members(runs, reach), lambda: _say(runs, reach))
    if demands.mutate:
        note("nothing was changed: the cases have to pass first")
    return failing | {part.decision for part in reach if demands.failed(part)}


def _coverage(decision: AnyDecision, runs: Iterable[CasesRun]) -> Coverage:
    own = [run for run in runs if run.decision is decision]
    return coverage(
        decision,
        (outcome for run in own for outcome in run.outcomes),
        unreachable=(arm for run in own for arm in run.unreachable),
    )


def _members(runs: Sequence[CasesRun], reach: Sequence[Coverage]) -> Plain:
    cases: list[Plain] = [_case(run, outcome) for run in runs for outcome in run.outcomes]
    passed = sum(outcome.passed for run in runs for outcome in run.outcomes)
    return {
        "passed": passed,
        "failed": len(cases) - passed,
        "cases": cases,
        "coverage": [
            {
                "decision": part.decision.id,
                "version": part.decision.version,
                "reached": list(part.reached),
                "unreached": list(part.unreached),
                "arms": len(part.arms),
                "arms_unseen": [_arm(arm) for arm in part.unseen],
                "arms_unreachable": [_arm(arm) for arm in part.arms if arm.because is not None],
            }
            for part in reach
        ],
    }


def _arm(arm: Arm) -> Plain:
    reason = {} if arm.because is None else {"because": arm.because, "seen": arm.seen}
    return {"condition": arm.condition, "in": arm.place, "is": arm.truth, **reason}


def _case(run: CasesRun, outcome: CaseOutcome) -> Plain:
    return {
        "file": run.file.as_posix(),
        "line": outcome.case.line,
        "decision": run.decision.id,
        "name": outcome.case.name,
        "passed": outcome.passed,
        "differences": [
            {
                "what": difference.what,
                "expected": read_json(difference.expected),
                "actual": read_json(difference.actual),
            }
            for difference in outcome.differences
        ],
    }


def _say(runs: Sequence[CasesRun], reach: Sequence[Coverage]) -> None:
    failed = [(run, outcome) for run in runs for outcome in run.outcomes if not outcome.passed]
    for run, outcome in failed:
        say(f"{run.file}:{outcome.case.line}: {run.decision.id}: {outcome.case.name}")
        for difference in outcome.differences:
            say(f"  {difference}")
        say(f"  because: {outcome.result.explanation}\n")
    rows = [
        (
            part.decision.id,
            part.decision.version,
            str(sum(len(run.outcomes) for run in runs if run.decision is part.decision)),
            f"{len(part.reached)} of {len(part.rules)}",
            _share(part),
            ", ".join(part.unreached),
        )
        for part in reach
    ]
    say_table(rows, ("decision", "version", "cases", "rules reached", "arms seen", "not reached"))
    _say_arms(reach)
    total = sum(len(run.outcomes) for run in runs)
    say(f"\n{total - len(failed)} passed, {len(failed)} failed")


def _share(part: Coverage) -> str:
    possible = [arm for arm in part.arms if arm.because is None]
    return f"{sum(arm.seen for arm in possible)} of {len(possible)}"


def _say_arms(reach: Sequence[Coverage]) -> None:
    """List the arms that are missing from decisions that have cases."""
    tested = [part for part in reach if part.reached]
    missing = [f"{part.decision.id}: {arm}" for part in tested for arm in _missing(part)]
    wrong = [f"{part.decision.id}: {arm}" for part in tested for arm in part.contradicted]
    for head, lines in (("not seen", missing), ("declared unreachable, but seen", wrong)):
        if lines:
            more = [f"… and {len(lines) - ARMS_MAX} more"] if len(lines) > ARMS_MAX else []
            say("\n".join([f"\n{head}", *(f"  {line}" for line in (*lines[:ARMS_MAX], *more))]))


def _missing(part: Coverage) -> Iterable[Arm]:
    """Return the arms that nobody saw, without those that say only what a rule in Python does."""
    told = {f"rules.{id}" for id in part.unreached}
    return (arm for arm in part.unseen if not (arm.truth and arm.place in told))
