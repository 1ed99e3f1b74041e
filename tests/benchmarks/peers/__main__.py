"""Ask every peer the same, then time them by turns: ``python -m tests.benchmarks.peers``."""

import importlib
import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Final

from tests.benchmarks.peers.question import TIMED, Peer, differences, facts
from tests.benchmarks.timing import FULL, QUICK, Effort, seconds_per_call

MODULES: Final = (
    "ours", "zen_engine", "datalogic", "cel_rules", "business", "simple_eval", "cedar",
    "rule_engine_chain",
)  # fmt: skip

HEAD = """\
Usage-limit under pricing, third of four rules; Python {python} on {machine}.
Best of {rounds} turns of {calls:,} calls each, all engines by turns, garbage collector on.
All gave the same answers on {facts} sets of facts.
"""
TABLE = """\
| Engine | Version | Time | Against ours | Leaves out |
|---|---|---:|---:|---|"""


def main(arguments: list[str]) -> int:
    """Compare the answers, then the times, and print the table."""
    if arguments not in ([], ["--quick"]):
        print("usage: python -m tests.benchmarks.peers [--quick]", file=sys.stderr)
        return 2
    peers = list(_peers(MODULES))
    wrong = [f"{peer.name}: {found[0]}" for peer in peers if (found := differences(peer))]
    if wrong:
        print("answered otherwise:", *wrong, sep="\n", file=sys.stderr)
        return 1
    effort = QUICK if arguments else FULL
    machine = f"{platform.system()} {platform.machine()}"
    about = {"python": platform.python_version(), "machine": machine, "facts": len(list(facts()))}
    print(HEAD.format(**about, **effort._asdict()))
    print(TABLE, *lines(peers, effort), sep="\n")
    return 0


def lines(peers: Iterable[Peer], effort: Effort) -> Iterator[str]:
    """Yield the lines of the table, in Markdown; all is compared with the first."""
    names = {f"ask_{place}": peer.ask for place, peer in enumerate(peers)}
    statements = {f"{name}(given)": peer for name, peer in zip(names, peers, strict=True)}
    seconds = seconds_per_call(statements, {**names, "given": dict(TIMED)}, effort)
    ours = next(iter(seconds.values()))
    for statement, peer in statements.items():
        spent = seconds[statement]
        cells = (
            peer.name,
            version(peer.distribution),
            f"{spent * 1e9:,.0f} ns",
            f"{spent / ours:.1f} x",
            peer.leaves_out,
        )
        yield f"| {' | '.join(cells)} |"


def _peers(modules: Iterable[str]) -> Iterator[Peer]:
    for module in modules:
        yield from importlib.import_module(f"tests.benchmarks.peers.{module}").peers()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
