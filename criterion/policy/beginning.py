"""Beginning: what a plan includes, and a customer has not got yet, comes with a new period.

Source:
    Policy specification, section 9.1.
"""

from criterion.policy.assess import assess
from criterion.policy.book import Book
from criterion.policy.command import Command
from criterion.policy.granting import included_parts
from criterion.policy.overlay import Overlay
from criterion.policy.resolution import plan_of
from criterion.policy.store import Heads, Part
from criterion.policy.work import Metered, Work


def weigh(book: Book, heads: Heads, command: Command, now: int) -> tuple[Work, tuple[Part, ...]]:
    """Return what a call comes to, and the grants that its new period brings.

    Args:
        book: The policy.
        heads: Where customers stand.
        command: What is asked.
        now: The time of deciding, in ms.
    """
    work = assess(book, heads, command, now)
    if not isinstance(work, Metered) or work.standing.ended is None:
        return work, ()
    owner = work.place.owner
    plan = book.terms.plans.get(plan_of(book, heads, owner) or "")
    if plan is None:
        return work, ()
    granted = tuple(included_parts(owner, owner.customer.type, plan, work.at))
    if not granted:
        return work, ()
    over = Overlay(heads)
    over.lay(granted)
    return assess(book, over, command, now), granted
