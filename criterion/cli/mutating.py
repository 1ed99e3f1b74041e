"""``criterion test --mutate``: which changes of a decision no case notices, and the case to add."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from criterion.case_runs import read_catalogue
from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.problems import UsageError
from criterion.cli.progress import is_terminal, watched
from criterion.cli.screen import note, say, say_table
from criterion.cli.session import Answers
from criterion.documents.decision_loading import bytes_of
from criterion.documents.yaml_writer import write_yaml
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import Plain
from criterion.mutation import Finding, MutationCheck, PlacedChange, mutation_check
from criterion.mutation.changes import Change
from criterion.text import code


class Checked(NamedTuple):
    """A mutation check, and the files of the cases that it ran."""

    check: MutationCheck
    cases: tuple[str, ...]


def changeable(catalogue: Catalogue, named: Sequence[AnyDecision]) -> list[ExpressionDecision]:
    """Return the decisions that can be changed: those in YAML, of the named ones or of all.

    Raises:
        UsageError: A named one is in Python.
    """
    for decision in named:
        if not isinstance(decision, ExpressionDecision):
            others = (each for each in catalogue.decisions if each.id == decision.id)
            yaml = next((each for each in others if isinstance(each, ExpressionDecision)), None)
            hint = f"`criterion test --mutate {yaml.id}@{yaml.version}`" if yaml else None
            message = f"{code(decision.id)} is in Python; only decisions in YAML can be changed"
            raise UsageError(message, hint=hint)
    asked = named or catalogue.serving
    skipped = [each.id for each in asked if not isinstance(each, ExpressionDecision)]
    if skipped:
        note(f"in Python, so not changed: {', '.join(skipped)}")
    return [each for each in asked if isinstance(each, ExpressionDecision)]


def mutate(
    answers: Answers, catalogue: Catalogue, decisions: Sequence[ExpressionDecision]
) -> set[AnyDecision]:
    """Change decisions whose cases pass, print what no case notices, and return those with any."""
    found = [_checked(catalogue, decision) for decision in decisions]
    answers.answer({"decisions": [_members(each) for each in found]}, lambda: _say(found))
    return {each.check.decision for each in found if not each.check.passed}


def _checked(catalogue: Catalogue, decision: ExpressionDecision) -> Checked:
    known, _ = read_catalogue(catalogue)
    own = {file: cases for file, cases in known.items() if cases.decision == decision.id}
    file = catalogue.file_of(decision)
    source = (b"", "") if file is None else (bytes_of(file), file.as_posix())
    check = mutation_check(
        decision, source, catalogue.profiles, tuple(own.values()), watch=_progress
    )
    return Checked(check, tuple(file.as_posix() for file in own))


def _progress(changes: Sequence[Change]) -> Iterable[Change]:
    """Show how many changes are tried, where a person waits: nothing is printed until the end."""
    return watched(changes, len(changes)) if is_terminal() else changes


def _members(checked: Checked) -> Plain:
    check = checked.check
    return {
        "decision": check.decision.id,
        "version": check.decision.version,
        "file": check.file,
        "changes": check.tried,
        "noticed": check.noticed,
        "equivalent": check.equivalent,
        "unnoticed": [_finding(finding) for finding in check.findings],
        "stale": [
            {
                "line": each.line,
                "reason": reason,
                **_change(each.place, each.before, each.after),
            }
            for each, reason in check.stale
        ],
    }


def _finding(finding: Finding) -> Plain:
    case = finding.case
    return {
        "changes": [
            {"line": line, "column": column, **_change(*change[:3])}
            for line, column, change in finding.changes
        ],
        "extends": None if case is None else case.extends,
        "case": None if case is None else dict(case.members),
    }


def _change(place: str, before: str, after: str) -> dict[str, Plain]:
    return {"in": place, "from": before, "to": after}


def _say(found: Sequence[Checked]) -> None:
    for checked in found:
        for finding in checked.check.findings:
            _say_finding(checked, finding)
        _say_untold(checked)
        for each, reason in checked.check.stale:
            place = f"{_cases_of(checked)}:{each.line}"
            change = f"{code(each.before)} to {code(each.after)} in {each.place}"
            say(f"{place}: equivalent: {change} {reason}\n  hint: remove it, or mend it\n")
    rows = [
        (
            check.decision.id,
            check.decision.version,
            *map(str, (check.tried, check.noticed, check.equivalent, check.unnoticed)),
        )
        for check, _ in found
    ]
    heads = ("decision", "version", "changes", "noticed", "equivalent", "not noticed")
    say_table(rows, heads)


def _say_finding(checked: Checked, finding: Finding) -> None:
    case, file = finding.case, _cases_of(checked)
    if case is None:
        return
    for change in finding.changes:
        _say_change(checked, change)
    where = f"add to {file}" if case.extends is None else f"in {file}, add to {code(case.extends)}"
    say(f"  no case notices; {where}:\n\n{case.text}\n")


def _say_untold(checked: Checked) -> None:
    """Say which changes no facts were found for, and how to name them as equivalent."""
    findings = (finding for finding in checked.check.findings if finding.case is None)
    untold = [change for finding in findings for change in finding.changes]
    if not untold:
        return
    for change in untold:
        _say_change(checked, change)
    say(f"  no facts were found that tell; if none can, say why in {_cases_of(checked)}:\n")
    say("equivalent:")
    for change in untold:
        written = write_yaml({**_change(*change.change[:3]), "because": "…"}).splitlines()
        say("\n".join([f"  - {written[0]}", *(f"    {line}" for line in written[1:])]))
    say()


def _say_change(checked: Checked, placed: PlacedChange) -> None:
    line, column, (place, before, after, *_) = placed
    head = f"{checked.check.file}:{line}:{column}: {place}"
    say(f"{head}: {code(before)} could be {code(after)}")


def _cases_of(checked: Checked) -> str:
    return " or ".join(checked.cases) or "a file of cases beside it"
