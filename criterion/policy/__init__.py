"""The policy runtime: plans, credits, limits and grants, every answer an explained decision."""

from criterion.policy.events import Event
from criterion.policy.runtime.asynchronous import AsyncPolicy
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion.policy.runtime.holding import Hold
from criterion.policy.runtime.policy import Policy
from criterion.policy.store import Store
from criterion.policy.verdict import Verdict
from criterion.policy.verdicts import Verdicts

__all__ = ["AsyncHold", "AsyncPolicy", "Event", "Hold", "Policy", "Store", "Verdict", "Verdicts"]
