"""Record many decisions in SQLite, then print what searches, verification and memory come to.

``python -m tests.audit.endurance FOLDER COUNT``; times are processor time.
"""

import resource
import sys
from pathlib import Path
from time import process_time

from criterion.audit import AuditRecorder, open_trail, verify
from decisions.usage_limit import usage_limit
from tests.benchmarks.audit import CUSTOMERS, KEY, PATIENT, SEARCHES, engine
from tests.benchmarks.scenario import facts


def main(folder: Path, count: int) -> None:
    """Record, ask, verify, and print a figure per line."""
    trail = open_trail(f"sqlite:///{folder}/audit.db")
    denied = facts()["denied"]
    with AuditRecorder(trail, key=KEY, delivery=PATIENT) as recorder:
        bound = engine(recorder).bind(usage_limit, "pricing")
        held = []
        for number in range(count):
            if number == count // 10:  # by then the queue was full once
                held.append(most_held())
            bound(denied, metadata={"customer": f"org_{number % CUSTOMERS}"})
    print("bytes grown", most_held() - held[0])
    for name, search in SEARCHES.items():
        started = process_time()
        list(trail.found(search, 20))
        print(f"search {name}, ms {(process_time() - started) * 1_000:.1f}")
    started = process_time()
    report = verify(trail.stood(), (), trail.definitions().values())
    print(f"verify, s {process_time() - started:.1f}")
    print("entries", report.entries)
    print("findings", report.found)


def most_held() -> int:
    """Return the most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
