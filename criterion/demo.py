"""The demo: one ready decision on real input, within one screen; ``python -m criterion.demo``."""

import io
import json
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import fill, indent
from typing import Any, Final

from criterion.clock import Clock, SystemClock
from criterion.decision import Decision
from criterion.engine import Engine
from criterion.profiles import ProfileRegistry
from criterion.result import Result

COLUMNS: Final = 80
INDENT: Final = "    "
MODULE_NAME: Final = "criterion_demo_usage_limit"
"""The one name under which the file of the decision is loaded, so that it has one identity."""

ASKED: Final = tuple(
    {"plan": "free", "resource": "projects", "current_usage": used} for used in (1, 2, 3)
)
"""A customer on the free plan adds a project, three times."""


def screen(clock: Clock) -> str:
    """Return everything that the demo shows, with the evaluations at the clock's time."""
    folder = catalogue()
    decision = load_decision(folder / "decisions" / "usage_limit.py")
    engine = Engine(profiles=load_profile(folder / "profiles" / "pricing.yaml"), clock=clock)
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


def catalogue() -> Path:
    """Return the folder that holds the ready decisions: the wheel's copy, else the checkout."""
    package = Path(__file__).parent
    copy = package / "_catalogue"
    return copy if copy.is_dir() else package.parent


def load_decision(path: Path) -> Decision[Any, Any, Any]:
    """Run a file of the catalogue and return the decision that it is named after."""
    spec = spec_from_file_location(MODULE_NAME, path)
    if spec is None or spec.loader is None:
        message = f"{path.name} is not a Python file"
        raise ImportError(message)
    module = module_from_spec(spec)
    sys.modules[MODULE_NAME] = module
    spec.loader.exec_module(module)
    decision: Decision[Any, Any, Any] = vars(module)[path.stem]
    return decision


def load_profile(path: Path) -> ProfileRegistry:
    """Return a registry that holds the profile of one file."""
    import yaml  # noqa: PLC0415 -- slow to import

    document = yaml.safe_load(path.read_text("utf-8"))
    profiles = ProfileRegistry()
    profiles.register(
        document["profile"],
        document["values"],
        version=document["version"],
        decisions=document["for"],
    )
    return profiles


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
