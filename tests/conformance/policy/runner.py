"""The runner: a case in the neutral format, run against the public API, step by step."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from criterion import FixedClock
from criterion.policy import Policy
from criterion.policy.store import Store
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.units import Misfit, read_duration
from tests.conformance.policy.comparing import equal
from tests.conformance.policy.operations import Runtime, UnknownFieldError

CASE_KEYS: Final = {"id", "title", "note", "policy", "steps"}
STEP_KEYS: Final = {"at", "do", "expect", "tol", "repeat", "every"}
START: Final = "2025-01-01T00:00:00Z"


class Failure(NamedTuple):
    """One step that did not do what it should."""

    case: str
    step: int
    text: str

    def __str__(self) -> str:
        return f"{self.case} step {self.step}: {self.text}"


def cases_in(folder: Path) -> list[Path]:
    """Return the files of a folder that hold cases."""
    return sorted(path for path in folder.rglob("*.y*ml") if path.suffix in {".yaml", ".yml"})


Opened = Callable[[], Store]
"""Makes the store that a case runs on, a new one for each."""


def failures_of(path: Path, opened: Opened = MemoryStore) -> list[Failure]:
    """Return what fails in a file; nothing where every step does what it should."""
    name = path.stem
    try:
        case = yaml.safe_load(path.read_text("utf-8"))
        name = str(case.get("id", name))
        return list(_failures(name, case, opened))
    except Exception as error:  # noqa: BLE001 -- a case that cannot be run is a failure of its own
        return [Failure(name, 0, f"cannot be run: {type(error).__name__}: {error}")]


def _failures(name: str, case: Mapping[str, Any], opened: Opened) -> Iterator[Failure]:
    unknown = set(case) - CASE_KEYS
    if unknown:
        yield Failure(name, 0, f"unknown keys of the case: {', '.join(sorted(unknown))}")
        return
    document, costs = _document(case["policy"])
    steps = case["steps"]
    start = datetime.fromisoformat(steps[0].get("at", START) if steps else START)
    policy = Policy.load(document, opened(), clock=FixedClock(start), costs=costs, validate=False)
    runtime = Runtime(policy)
    for number, step in enumerate(steps, 1):
        for at in _times(step):
            text = _run(runtime, step, at)
            if text is not None:
                yield Failure(name, number, text)


def _run(runtime: Runtime, step: Mapping[str, Any], at: datetime | None) -> str | None:
    """Run a step once; return what is wrong, or ``None``."""
    arguments = {name: value for name, value in step.items() if name not in STEP_KEYS}
    try:
        actual = runtime.run(step["do"], at, arguments)
    except UnknownFieldError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 -- the step fails, not the run
        return f"{_shown(step)} raised {type(error).__name__}: {error}"
    if "expect" not in step:
        return None
    tolerance = Decimal(repr(step["tol"])) if "tol" in step else None
    if equal(step["expect"], actual, tolerance):
        return None
    return f"{_shown(step)} expected {step['expect']!r}, actual {actual!r}"


def _times(step: Mapping[str, Any]) -> Iterator[datetime | None]:
    """Yield when a step runs."""
    at = datetime.fromisoformat(step["at"]) if "at" in step else None
    every = read_duration(step.get("every", 0))
    if isinstance(every, Misfit):
        raise UnknownFieldError(every.message)
    for count in range(step.get("repeat", 1)):
        yield None if at is None else at + timedelta(milliseconds=every * count)


def _shown(step: Mapping[str, Any]) -> str:
    arguments = {name: value for name, value in step.items() if name not in STEP_KEYS}
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"{step['do']}({given})"


def _document(policy: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the document, and the cost functions that stand in it as tables of rates."""
    credits_, costs = {}, {}
    for name, credit in (policy.get("credits") or {}).items():
        members = dict(credit or {})
        rates = members.pop("rates", None)
        if rates is not None:
            costs[name] = _cost(rates, members.get("overhead_cost", 0))
        credits_[name] = members
    return {**policy, "credits": credits_}, costs


def _cost(rates: Mapping[str, Mapping[str, float]], each: float) -> Any:  # noqa: ANN401 -- a cost function
    def cost(units: Decimal, context: Mapping[str, Any]) -> Decimal:
        rate = rates.get(context.get("model"))  # type: ignore[arg-type] # any text or nothing
        if rate is None:
            return units * Decimal(repr(each))
        tokens = {side: Decimal(str(context.get(side, 0))) for side in ("input", "output")}
        return sum((tokens[side] * Decimal(repr(rate.get(side, 0))) for side in tokens), Decimal(0))

    return cost
