"""The table of metering, beside a rate limiter: ``python -m tests.benchmarks.metering [--quick]``.

The yardstick is one hit and one reading of the statistics of `limits`, with a fixed window in
memory: what an application pays that limits a rate and shows it. Each gate has a policy of its own,
so that none pays for what another has left in its journal.
"""

import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from criterion.policy import Policy
from tests.benchmarks.timing import FULL, QUICK, Effort, seconds_per_call

AMPLE: Final = 10**12
ALLOW: Final = "allow, plain hard limit"

HEAD: Final = """\
Metering on the memory store; Python {python} on {machine}.
Best of {rounds} turns of {calls:,} calls each, all rows by turns, garbage collector on.
"""


class Gate(NamedTuple):
    """One more kind of gate.

    Attributes:
        name: What it is.
        limit: Members of the limit beside its credit.
        more: Members of the document.
        prepare: What is done before.
    """

    name: str
    limit: dict[str, object]
    more: dict[str, object] = {}  # noqa: RUF012 -- never changed
    prepare: Callable[[Policy], object] = bool


GATES: Final = (
    Gate(ALLOW, {}),
    Gate("with a period", {"resets": True}),
    Gate("with a calendar", {"resets": True, "reset_sch": "monthly:1"}),
    Gate(
        "with a governor",
        {"governor_enabled": True, "governor_capacity": AMPLE, "governor_refill_rate": 1},
    ),
    Gate("with a grant", {"value": 0}, prepare=lambda policy: policy.grant("u", "t", AMPLE)),
    Gate("with a cap", {}, prepare=lambda policy: policy.add_cap("u", AMPLE, credit="t")),
    Gate("of another owner", {}, {"scope": "org"}),
    Gate("with a guard", {}, {"guards": [{"id": "g", "when": "input.requested > 1000"}]}),
    Gate("refused", {"value": 0}),
)


def main(arguments: list[str]) -> int:
    """Time every gate by turns, and print the table."""
    if arguments not in ([], ["--quick"]):
        print("usage: python -m tests.benchmarks.metering [--quick]", file=sys.stderr)
        return 2
    effort = QUICK if arguments else FULL
    machine = f"{platform.system()} {platform.machine()}"
    print(HEAD.format(python=platform.python_version(), machine=machine, **effort._asdict()))
    for line in measured(effort):
        print(line)
    return 0


def measured(effort: Effort) -> Iterator[str]:
    """Yield the lines of the table; without `limits` there is nothing to compare with."""
    asked = dict(_asked())
    statements = {name: f"{name}()" for name in asked}
    seconds = seconds_per_call(statements.values(), asked, effort)
    plain, other = seconds["gate0()"], seconds.get("limits_hit()")
    for name, title in _titles():
        spent = seconds[f"{name}()"]
        ratio = "" if other is None else f"{spent / other:.2f}x of limits"
        added = (
            f"{(spent - plain) * 1e6:+.2f} µs"
            if name.startswith("gate") and name != "gate0"
            else ""
        )
        yield f"{title:36}{spent * 1e6:>9.2f} µs{ratio:>18}{added:>12}"


def _titles() -> Iterator[tuple[str, str]]:
    if _limits() is not None:
        yield "limits_hit", "limits: hit and statistics"
    yield "check", "check, plain hard limit"
    yield "explained", "allow, explanation read"
    for number, gate in enumerate(GATES):
        yield f"gate{number}", gate.name if number in {0, len(GATES) - 1} else f"allow, {gate.name}"


def _asked() -> Iterator[tuple[str, Callable[[], object]]]:
    hit = _limits()
    if hit is not None:
        yield "limits_hit", hit
    for number, gate in enumerate(GATES):
        policy = _policy(gate)
        if number == 0:
            yield "check", partial(policy.check, "u", "x", 1)
            yield "explained", partial(_explained, policy)
        yield f"gate{number}", partial(policy.allow, "u", "x", 1)


def _explained(policy: Policy) -> str:
    return policy.allow("u", "x", 1).explanation


def _policy(gate: Gate) -> Policy:
    more = dict(gate.more)
    scope = more.pop("scope", None)
    entitlement: dict[str, Any] = {"limit": {"credit": "t", "value": AMPLE, **gate.limit}}
    if scope is not None:
        entitlement["scope"] = scope
    plan = {"default": True, "entitlements": {"x": entitlement}}
    policy = Policy.load({"credits": {"t": {}}, "plans": {"free": plan}, **more})
    policy.create_customer("org", type="org")
    policy.create_customer("u", refs=["org"] if scope is not None else [])
    gate.prepare(policy)
    return policy


def _limits() -> Callable[[], object] | None:
    """Return a hit and a reading of `limits`, or ``None`` where it is not installed."""
    try:
        from limits import parse, storage, strategies  # noqa: PLC0415 -- perhaps not there
    except ImportError:
        return None
    limiter = strategies.FixedWindowRateLimiter(storage.MemoryStorage())
    item = parse(f"{AMPLE}/hour")

    def hit() -> object:
        limiter.hit(item, "u")
        return limiter.get_window_stats(item, "u")

    return hit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
