"""Loading policies: a large document, against YAML alone."""

from typing import Final, NamedTuple

import yaml

from criterion.policy.document.reader import read_policy
from tests.benchmarks.timing import Effort, seconds_per_call

PLANS: Final = 200
ENTITLEMENTS: Final = 20

YAML: Final = "load(text, Loader)"
OURS: Final = "read_policy(text)"

_HEAD: Final = "credits: {token: {price: {amount: 0.00002}}, file: {units: MB}, seat: {}}\nplans:\n"
_LIMITS: Final = (
    "{credit: token, value: 100_000, resets: true, reset_sch: 'monthly:1'}",
    "{credit: file, value: 10GB, mode: soft, increment: 100MB}",
    "{credit: seat, value: 25}",
)


class Loads(NamedTuple):
    """Seconds of either side, in the fastest of a few turns."""

    yaml_s: float
    ours_s: float


def load_times(effort: Effort) -> Loads:
    """Read one text by turns: as plain data, and as checked terms."""
    names = {
        "load": yaml.load,
        "Loader": yaml.CSafeLoader,
        "read_policy": read_policy,
        "text": policy_text(),
    }
    turns = effort._replace(rounds=max(1, effort.rounds // 10), calls=1)
    seconds = seconds_per_call([YAML, OURS], names, turns)
    return Loads(seconds[YAML], seconds[OURS])


def policy_text() -> str:
    """Return a policy of many plans, as people write it."""
    lines = [_HEAD]
    for plan in range(PLANS):
        lines.append(f"  plan-{plan}:\n    label: Plan {plan}\n    entitlements:\n")
        for number in range(ENTITLEMENTS):
            limit = _LIMITS[number % len(_LIMITS)]
            lines.append(f"      feature-{number}:\n        limit: {limit}\n")
    return "".join(lines)
