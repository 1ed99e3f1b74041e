"""The demo: one ready decision on real input, within one screen; ``python -m criterion.demo``."""

import io
import json
import sys
from collections.abc import Mapping
from textwrap import fill, indent
from typing import Any, Final

from criterion.catalogue import Catalogue
from criterion.clock import Clock, SystemClock
from criterion.engine import Engine
from criterion.folders import Folders
from criterion.result import Result

COLUMNS: Final = 80
INDENT: Final = "    "
ASKED: Final = tuple(
    {"plan": "free", "resource": "projects", "current_usage": used} for used in (1, 2, 3)
)
"""A customer on the free plan adds a project, three times."""


def screen(clock: Clock) -> str:
    """Return everything that the demo shows, with the evaluations at the clock's time."""
    catalogue = Catalogue.load(Folders.shipped().decisions)
    decision = catalogue.decision("usage-limit")
    engine = Engine(profiles=catalogue.profiles, clock=clock)
    results = [engine.run(decision, facts, profile="pricing") for facts in ASKED]
    why_not = indent(results[1].why_not("within-limit"), INDENT)
    paragraphs = [
        "May this customer, on the free plan with 3 projects, add one more?",
        *map(answer, ASKED, results),
        "The denial in full: engine.explain(result)",
        indent(engine.explain(results[2]), INDENT),
        f'Why is the second not simply within-limit? result.why_not("within-limit")\n{why_not}',
        f"The denial for a program: result.to_json()\n{json_block(results[2])}",
    ]
    return "\n\n".join(paragraphs)


def answer(facts: Mapping[str, Any], result: Result[Any]) -> str:
    """Return what was asked, what was decided, and why."""
    allowance = result.unwrap()
    verdict = "allowed" if allowance.allowed else "DENIED"
    warning = ", with a warning" if allowance.allowed and allowance.suggested_plan else ""
    return (
        f"With {facts['current_usage']} used: {verdict}{warning}\n"
        f"{INDENT}{allowance.message}\n"
        f"{INDENT}because: {result.explanation}  ({result.matched_rule})"
    )


def json_block(result: Result[Any]) -> str:
    """Return the answer as JSON, broken between words to the width of a screen."""
    text = json.dumps(result.to_dict())
    return fill(
        text,
        COLUMNS,
        initial_indent=INDENT,
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def main() -> None:
    """Print the demo; signs that the terminal's encoding lacks come out as question marks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    print(screen(SystemClock()))


if __name__ == "__main__":
    main()
