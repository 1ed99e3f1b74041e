"""Strangers: callers without a name, each counted by its address, in this process alone."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from criterion.errors import DefinitionError, Problem
from criterion.http.limits.address import client_address
from criterion.policy.runtime.policy import Policy
from criterion.policy.stores.memory import MemoryStore
from criterion.policy.verdict import Verdict
from criterion.text import code, did_you_mean

STRANGERS_MAX: Final = 10_000
"""How many addresses are remembered; who was not seen for longest goes first."""

NOWHERE: Final = "nowhere"
"""Whom those are counted as who have no address, all together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByAddress:
    """How callers without a name are limited: each address on its own.

    Attributes:
        plan: What each may use.
        proxies: How many proxies of yours stand before the application, each of which adds whom it
            saw to ``X-Forwarded-For``. Nothing else in that header is believed.
    """

    plan: str
    proxies: int = 0


class Strangers:
    """Limits by address under one plan of a policy.

    They are kept beside its store, so that nobody can fill that by sending from many addresses.

    Args:
        policy: Whose plan it is.
        by: How they are limited.

    Raises:
        DefinitionError: The policy has no such plan.
    """

    def __init__(self, policy: Policy, by: ByAddress) -> None:
        """Start knowing nobody."""
        plan = by.plan
        if plan not in policy.terms.plans:
            hint = did_you_mean(plan, policy.terms.plans)
            raise DefinitionError("strangers", [Problem("plan", f"there is no {code(plan)}", hint)])
        self._policy = policy
        self._plan = plan
        self._proxies = by.proxies
        self._lock = Lock()
        self._begin()

    def allow(self, peer: str, forwarded: str, entitlement: str) -> Verdict:
        """Count a request of whoever it comes from.

        Args:
            peer: Who is connected.
            forwarded: All of ``X-Forwarded-For``.
            entitlement: What it counts one of.
        """
        address = client_address(peer, forwarded, proxies=self._proxies) or NOWHERE
        with self._lock:
            if self._policy.terms is not self._terms:  # the policy was loaded anew
                self._begin()
            self._remember(address)
            return self._counting.allow(address, entitlement, 1)

    def _begin(self) -> None:
        self._terms = self._policy.terms
        self._counting = self._policy.beside(MemoryStore())
        self._known: OrderedDict[str, None] = OrderedDict()

    def _remember(self, address: str) -> None:
        if address in self._known:
            self._known.move_to_end(address)
            return
        if len(self._known) >= STRANGERS_MAX:
            self._counting.delete_customer(self._known.popitem(last=False)[0])
        self._known[address] = None
        self._counting.ensure_customer(address, self._plan)
