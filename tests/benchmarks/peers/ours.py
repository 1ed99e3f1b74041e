"""Our own engine: the decision in YAML and in Python, and what reading its reasons adds."""

from collections.abc import Iterator

from criterion import load_decision
from decisions.usage_limit import usage_limit
from tests.benchmarks.peers.question import PRICING, ROOT, Facts, Peer, answer
from tests.parcels import engine

DISTRIBUTION = "criterion-decisions"


def peers() -> Iterator[Peer]:
    """Yield our readings of the question; the first is what all others are compared with."""
    in_yaml = load_decision(ROOT / "decisions" / "usage_limit.yaml")
    bound = engine().bind(in_yaml, PRICING)
    in_python = engine().bind(usage_limit, PRICING)

    def explained(given: Facts) -> object:
        result = bound(given)
        return result if result.explanation else None

    def traced(given: Facts) -> object:
        result = bound(given)
        return result if result.trace else None

    yield Peer("criterion, YAML", DISTRIBUTION, bound, answer)
    yield Peer("criterion, YAML, explanation read", DISTRIBUTION, explained, answer)
    yield Peer("criterion, YAML, whole trace read", DISTRIBUTION, traced, answer)
    yield Peer("criterion, Python", DISTRIBUTION, in_python, answer)
