"""``criterion run`` and ``criterion explain``: ask a decision about facts."""

from collections import Counter
from typing import Annotated, Any, Final

import typer

from criterion.analysis.also_matched import AlsoMatched
from criterion.analysis.also_matched import also_matched as later_rules
from criterion.cli.facts import Facts, facts_in
from criterion.cli.problems import FAILED, OK, UsageError, error_members
from criterion.cli.progress import is_watched, lines_in, watched
from criterion.cli.question import Question
from criterion.cli.screen import counted, note, say, say_pairs
from criterion.cli.session import Session
from criterion.cli.what_if import WhatIf
from criterion.engine import Bound
from criterion.errors import JsonError
from criterion.json_input import read_json
from criterion.json_text import json_text, plain
from criterion.result import Result, Status

NOT_JSON: Final = "NOT_JSON"
"""How a line counts that could not be read."""


def run(
    question: Question,
    *,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 also where the data says allowed: false."),
    ] = False,
    what_if: WhatIf,
    session: Session,
) -> None:
    """Decide on a JSON object, or on many: one per line in, one answer per line out."""
    bound = question.bound(session.catalogue())
    if what_if.is_asked:
        with question.stream() as stream:
            result = bound(_one(facts_in(stream)))
        _answer_what_if(result, what_if, session)
        raise typer.Exit(FAILED if _failed(result, counts_denials=exit_code) else OK)
    with question.stream() as stream:
        total = lines_in(stream) if is_watched() else None
        facts = facts_in(stream)
        if facts.is_many:
            failed = _run_lines(bound, facts, total, counts_denials=exit_code)
        else:
            result = bound(next(facts.items))
            session.answer_json(result.to_json(), lambda: _say(result))
            failed = _failed(result, counts_denials=exit_code)
    raise typer.Exit(FAILED if failed else OK)


def explain(
    question: Question,
    *,
    why_not: Annotated[
        str | None, typer.Option("--why-not", metavar="RULE", help="Why this rule did not decide.")
    ] = None,
    also_matched: Annotated[
        bool,
        typer.Option("--also-matched", help="Name later rules whose conditions hold as well."),
    ] = False,
    session: Session,
) -> None:
    """Decide on a JSON object, and say of every rule why it matched or did not."""
    bound = question.bound(session.catalogue())
    with question.stream() as stream:
        facts = _one(facts_in(stream))
    result = bound(facts)
    if why_not is not None:
        reason = result.why_not(why_not)
        session.answer({"rule_id": why_not, "why_not": reason}, lambda: say(reason))
    elif also_matched:
        others = later_rules(result)
        members = {
            **result.to_dict(trace=True),
            "also_matched": [each.to_dict() for each in others],
        }
        session.answer(members, lambda: _say_also(result, others))
    else:
        session.answer_json(result.to_json(trace=True), lambda: say(str(result)))
    raise typer.Exit(OK if result.status is Status.OK else FAILED)


def _say_also(result: Result[Any], others: tuple[AlsoMatched, ...]) -> None:
    say(str(result))
    say("\nAlso matched:" if others else "\nNo later rule matched.")
    for each in others:
        say(f"  {each.rule}: {each.explanation}")
        if each.data is not None:
            say(f"    {json_text(each.data)}")


def _answer_what_if(result: Result[Any], what_if: WhatIf, session: Session) -> None:
    found = what_if.found(result)
    members = {**result.to_dict(), "what_if": found.to_dict()}

    def say_it() -> None:
        _say(result)
        say(f"\nwhat if, so that {found.wish}" if found.wish else "\nwhat if")
        for line in str(found).splitlines():
            say(f"  {line}")

    session.answer(plain(members, other=str), say_it)


def _one(facts: Facts) -> Any:  # noqa: ANN401 -- JSON of any shape
    if facts.is_many:
        raise UsageError("one object is explained at a time", hint="use `criterion run` for many")
    return next(facts.items)


def _run_lines(
    bound: Bound[Any, Any], facts: Facts, total: int | None, *, counts_denials: bool
) -> bool:
    """Answer line by line, each as soon as it is read, and return whether any failed."""
    items = watched(facts.items, total) if is_watched() else facts.items
    counts: Counter[str] = Counter()
    any_failed = False
    for item in items:
        if isinstance(item, JsonError):
            say(json_text({"error": error_members(item)}))
            counts[NOT_JSON] += 1
            any_failed = True
        else:
            result = bound(item)
            say(result.to_json())
            counts[result.status] += 1
            any_failed |= _failed(result, counts_denials=counts_denials)
    note(f"{counted(counts.total(), 'line')}: {_counted(counts)}")
    return any_failed


def _counted(counts: Counter[str]) -> str:
    order = [*Status, NOT_JSON]
    return ", ".join(f"{counts[name]} {name}" for name in order if counts[name]) or "nothing to do"


def _failed(result: Result[Any], *, counts_denials: bool) -> bool:
    if result.status is not Status.OK:
        return True
    return counts_denials and getattr(result.data, "allowed", None) is False


def _say(result: Result[Any]) -> None:
    """Print the answer, the reason and the data."""
    under = f" under {result.profile_id} {result.profile_version}" if result.profile_id else ""
    say(f"{result.decision_id} {result.decision_version}{under}: {result.status}")
    if not result.errors:
        rule = f"rule {result.matched_rule}: " if result.matched_rule else ""
        say(f"{rule}{result.explanation}")
    for error in result.errors:
        say(f"  {error} ({error.code})")
    data = read_json(result.to_json())["data"]  # with every digit
    if data is not None:
        say()
        say_pairs(data)
