"""``criterion test``: run the cases beside the decisions, and say which rules they reach."""

from collections.abc import Sequence
from typing import Annotated

import typer

from criterion.case_runs import CasesRun, Coverage, coverage, run_catalogue
from criterion.cases import CaseOutcome
from criterion.cli.complete import decision_ids
from criterion.cli.problems import FAILED, OK
from criterion.cli.screen import say, say_table
from criterion.cli.session import Session
from criterion.json_input import read_json
from criterion.json_text import Plain


def run_tests(
    decisions: Annotated[
        list[str] | None,
        typer.Argument(help="Ids; by default every decision.", autocompletion=decision_ids),
    ] = None,
    *,
    all_rules: Annotated[
        bool, typer.Option("--all-rules", help="Fail also where no case reaches a rule.")
    ] = False,
    session: Session,
) -> None:
    """Run the cases of decisions, and say which rules they reach."""
    catalogue = session.catalogue()
    wanted = {catalogue.decision(id).id for id in decisions or ()}
    runs = [run for run in run_catalogue(catalogue) if not wanted or run.decision.id in wanted]
    reach = [part for part in coverage(catalogue, runs) if not wanted or part.decision.id in wanted]
    session.answer(_members(runs, reach), lambda: _say(runs, reach))
    failed = any(not outcome.passed for run in runs for outcome in run.outcomes)
    unreached = all_rules and any(part.unreached for part in reach)
    raise typer.Exit(FAILED if failed or unreached else OK)


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
            }
            for part in reach
        ],
    }


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
            f"{len(part.reached)} of {len(part.reached) + len(part.unreached)}",
            ", ".join(part.unreached),
        )
        for part in reach
    ]
    say_table(rows, ("decision", "version", "cases", "rules reached", "not reached"))
    total = sum(len(run.outcomes) for run in runs)
    say(f"\n{total - len(failed)} passed, {len(failed)} failed")
