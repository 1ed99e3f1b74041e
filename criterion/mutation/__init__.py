"""The mutation check: change a decision a little, and see whether any of its cases notices.

A change that no case notices is a case that is missing. The check finds facts that tell the
changed decision from the one that is written, and writes the case.
"""

from criterion.mutation.checking import (
    Finding,
    MutationCheck,
    PlacedChange,
    Stale,
    mutation_check,
)

__all__ = ["Finding", "MutationCheck", "PlacedChange", "Stale", "mutation_check"]
