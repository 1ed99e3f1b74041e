"""A program that records, for tests that kill it: ``writer.py PLACE COUNT [WAITS]``.

It prints how many evaluations it was promised so far, each time after a decision returned.
"""

import os
import sys

from criterion.audit import AuditRecorder, Delivery, open_trail
from criterion.engine import Engine
from tests.parcels import HEAVY_PARCEL, TARIFF, parcel_surcharge


def main(place: str, count: int, *, waits: bool) -> None:
    """Record so many evaluations, and say after each that it is promised."""
    delivery = Delivery(waits=waits, flush_s=0.002, patience_s=30, close_s=30)
    with AuditRecorder(open_trail(place), delivery=delivery) as recorder:
        bound = Engine(recorder=recorder).bind(parcel_surcharge, TARIFF)
        for number in range(1, count + 1):
            bound(HEAVY_PARCEL, metadata={"number": number})
            if waits:
                os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), waits=len(sys.argv) > 3)
