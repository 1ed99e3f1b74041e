"""The runtime and the model, side by side through any sequence of calls."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from criterion.clock import FixedClock
from criterion.policy import Policy
from criterion.policy.verdict import Verdict
from tests.policy.metering_model import CEILINGS, LIMITS, WORTH, Call, Grant, Model, Terms
from tests.policy.scenes import START, after

NAMES: Final = st.sampled_from(sorted(LIMITS))
AMOUNTS: Final = st.integers(-6, 14)
FAMILY: Final = {"held": "held", "quota_exhausted": "limit", "capacity_reached": "limit"}


def entitlement(terms: Terms) -> dict[str, Any]:
    """Return a limit as a document says it."""
    said: dict[str, Any] = {
        "credit": "t",
        "value": terms.value,
        "mode": terms.mode,
        "hard_trailing": terms.trailing,
        "minimum": terms.minimum,
    }
    if terms.daily:
        said |= {"resets": True, "reset_inc": "1day"}
    if terms.capacity is not None:
        said |= {"governor_enabled": True, "governor_capacity": terms.capacity}
        said |= {"governor_refill_rate": Decimal("0.000001")}
    return {"limit": said}


DOCUMENT: Final = {
    "credits": {"t": {"price": {"amount": 1}}, "k": {"price": {"amount": 2}}},
    "plans": {
        "p": {
            "default": True,
            "entitlements": {name: entitlement(terms) for name, terms in LIMITS.items()},
        }
    },
}


class Metering(RuleBasedStateMachine):
    """One customer of both."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.policy = Policy.load(DOCUMENT, clock=FixedClock(START))
        self.policy.create_customer("u")
        self.policy.add_cap("u", CEILINGS["budget"], id="budget")
        self.policy.add_cap("u", CEILINGS["over"], id="over", overage_only=True, ignore_grants=True)
        self.policy.add_cap(
            "u", CEILINGS["net"], id="net", observe_only=True, follow_decrements=True
        )
        self.granted = Fraction(0)
        self.burned = Fraction(0)
        self.keys = 0
        self.calls: list[tuple[str, int, str, Verdict]] = []
        self.names: dict[str, str] = {}

    @property
    def at(self) -> Any:  # noqa: ANN401 -- an instant
        """The present instant."""
        return after(self.model.now)

    def seen(self) -> dict[str, object]:
        """Return everything that can be read."""
        policy, at = self.policy, self.at
        caps = {name: policy.cap("u", name, at=at) for name in CEILINGS}
        return {
            "grants": {each.terms.id: Fraction(each.value) for each in policy.grants("u", at=at)},
            "caps": {name: cap and Fraction(cap.meter_value) for name, cap in caps.items()},
            **{
                name: tuple(
                    read("u", name, at=at)
                    for read in (policy.value, policy.held, policy.remaining, policy.allowance)
                )
                for name in LIMITS
            },
        }

    def expected(self) -> dict[str, object]:
        """Return what the model says to all that."""
        model = self.model
        meters = {}
        for name in LIMITS:
            left, tokens = model.remaining(name), model.tokens(name)
            at_once = left if tokens is None or left is None else min(left, tokens)
            meters[name] = (model.meter(name).value, model.held(name), left, at_once)
        return {"grants": model.standing(), "caps": model.caps, **meters}

    @rule(seconds=st.sampled_from([1, 500, 1_000, 7_200, 40_000, 90_000]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.model.now += seconds

    @rule(name=NAMES, amount=AMOUNTS, force=st.booleans())
    def allow(self, name: str, amount: int, force: bool) -> None:  # noqa: FBT001 -- drawn
        """Ask, and call."""
        before, force = self.seen(), force and amount % 3 == 0
        checked = self.policy.check("u", name, amount, at=self.at, force=force)
        assert self.seen() == before
        self.keys += 1
        key = f"call-{self.keys}"
        called = self.policy.allow("u", name, amount, at=self.at, force=force, key=key)
        assert _answer(called) == _answer(checked)
        self.agree(called, self.model.count(name, amount, force=force))
        if not called:
            assert self.seen() == before
        if not force:
            self.calls.append((name, amount, key, called))

    @precondition(lambda self: self.calls)
    @rule()
    def repeat(self) -> None:
        """Send the last call once more under its key; for a day it is known."""
        name, amount, key, called = self.calls[-1]
        if self.at - called.at >= timedelta(days=1):
            return
        before = self.seen()
        assert self.policy.allow("u", name, amount, at=self.at, key=key).record == called.record
        assert self.seen() == before

    @rule(
        credit=st.sampled_from(["t", "k"]),
        value=st.integers(1, 9),
        ttl=st.sampled_from([None, 3_000, 50_000]),
    )
    def grant(self, credit: str, value: int, ttl: int | None) -> None:
        """Give extra room."""
        id = f"g{len(self.model.grants):03}"
        expires = None if ttl is None else self.model.now + ttl
        expires_at = None if expires is None else after(expires)
        self.policy.grant("u", credit, value, id=id, at=self.at, expires_at=expires_at)
        self.model.grants[id] = Grant(credit, Fraction(value), expires)
        self.granted += value * WORTH[credit]

    @rule(name=NAMES, amount=st.integers(1, 14), ttl=st.sampled_from([0, 900, 30_000]))
    def reserve(self, name: str, amount: int, ttl: int) -> None:
        """Set room aside."""
        id = f"h{len(self.names)}"
        verdict = self.policy.reserve("u", name, amount, at=self.at, ttl=ttl * 1_000)
        self.agree(verdict, self.model.reserve(id, name, amount, ttl))
        self.names[id] = verdict.hold or ""

    @precondition(lambda self: self.model.holds)
    @rule(amount=st.integers(0, 14), data=st.data())
    def settle(self, amount: int, data: st.DataObject) -> None:
        """Spend room that was set aside, twice over: it counts once."""
        id = data.draw(st.sampled_from(sorted(self.model.holds)))
        hold = self.model.holds.pop(id)
        call = self.model.count(hold.limit, amount, force=True)
        hold_id = self.names[id]
        first = self.policy.settle("u", hold.limit, hold_id, amount, at=self.at)
        again = self.policy.settle("u", hold.limit, hold_id, amount, at=self.at)
        self.agree(first, call)
        assert again.record == first.record

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Give room back."""
        id = data.draw(st.sampled_from(sorted(self.model.holds)))
        hold = self.model.holds.pop(id)
        done = self.policy.release("u", hold.limit, self.names[id], at=self.at)
        assert done is (self.model.now < hold.expires)

    def agree(self, verdict: Verdict, call: Call) -> None:
        """Hold a verdict to what the model says."""
        code = FAMILY.get(verdict.code, verdict.code)
        assert code == (call.refusal or "ok")
        assert verdict.effective == call.change
        assert verdict.overage == call.overage
        if verdict and verdict.hold is None:
            assert Fraction(verdict.covered) == call.covered
            self.burned += Fraction(verdict.covered)

    @invariant()
    def stand_alike(self) -> None:
        """Everything that can be read is what the model says."""
        assert self.seen() == self.expected()

    @invariant()
    def conserve_credits(self) -> None:
        """What was granted has covered something, is left, or has ended."""
        left = sum(
            (
                Fraction(each.value) * WORTH[each.terms.credit]
                for each in self.policy.grants("u", at=self.at)
            ),
            Fraction(0),
        )
        ended = sum(
            (
                each.value * WORTH[each.credit]
                for each in self.model.grants.values()
                if each.expires is not None and self.model.now >= each.expires
            ),
            Fraction(0),
        )
        assert self.granted == self.burned + left + ended


def _answer(verdict: Verdict) -> dict[str, object]:
    return {name: value for name, value in verdict.record.items() if name != "seq"}


TestMetering = Metering.TestCase
TestMetering.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
