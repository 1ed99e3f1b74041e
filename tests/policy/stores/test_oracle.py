"""The memory store is the oracle: any sequence of calls leaves the same in a file."""

from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from criterion.clock import FixedClock
from criterion.errors import TakenError
from criterion.policy import Policy
from criterion.policy.encoding import encoded
from criterion.policy.state import Head
from criterion.policy.stores.sqlite import SqliteStore
from criterion.policy.stores.sqlite_upkeep import check
from tests.policy.scenes import START, after
from tests.soak import sized

DOCUMENT: Final = {
    "credits": {"t": {"price": {"amount": Decimal("0.1")}, "overhead_cost": Decimal("0.03")}},
    "plans": {
        "free": {
            "default": True,
            "entitlements": {
                "x": {"limit": {"credit": "t", "value": 20, "resets": True, "reset_inc": "1day"}},
                "y": {"limit": {"credit": "t", "value": 5, "mode": "soft"}},
                "shared": {"limit": {"credit": "t", "value": 30}, "scope": "org"},
            },
            "topups": {"gift": {"credit": "t", "value": 3, "included": True}},
        },
        "pro": {"entitlements": {"x": {"limit": {"credit": "t", "value": 50}}}},
    },
    "guards": [{"id": "much", "when": "input.requested > 12", "explain": "{input.requested}"}],
}
IDS: Final = ("org", "a", "b", "ü\ud800")
WHO: Final = st.sampled_from((*IDS, "alt"))
WHAT: Final = st.sampled_from(["x", "y", "shared", "none"])
AMOUNTS: Final = st.sampled_from([-3, 0, 1, 2, 7, 13, Decimal("0.1"), "2.5"])


class Both(RuleBasedStateMachine):
    """Two policies: one in memory, one in a file that is closed and opened again now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = str(Path(self.folder.name) / "limits.db")
        self.now = 0
        self.oracle = Policy.load(DOCUMENT, clock=FixedClock(START))
        self.tested = self.opened()
        self.both("create_customer", "org", type="org")
        self.both("create_customer", "a", refs=["org"], metadata={"tags": ["x", 1.5]})
        self.holds: list[tuple[str, str, str, str]] = []

    def opened(self) -> Policy:
        return Policy.load(DOCUMENT, SqliteStore(self.path), clock=FixedClock(START))

    def both(self, method: str, *arguments: object, **options: object) -> Any:  # noqa: ANN401 -- any
        answers = []
        for policy in (self.oracle, self.tested):
            try:
                found = getattr(policy, method)(*arguments, at=after(self.now), **options)
            except TakenError as error:
                found = error.name
            answers.append(found)
        return answers

    def same(self, method: str, *arguments: object, **options: object) -> None:
        first, second = self.both(method, *arguments, **options)
        if hasattr(first, "record"):
            assert second.to_json(trace=True) == first.to_json(trace=True)
        elif not isinstance(first, str):
            assert second == first

    @rule(seconds=st.sampled_from([1, 3_600, 50_000, -500]))
    def wait(self, seconds: int) -> None:
        """Let time pass, or a clock go back."""
        self.now = max(0, self.now + seconds)

    @rule()
    def reopen(self) -> None:
        """Go on in another process, as far as the file can tell."""
        close(self.tested)
        self.tested = self.opened()

    @rule(who=WHO, what=WHAT, amount=AMOUNTS, key=st.sampled_from([None, "k1", "k2"]))
    def allow(self, who: str, what: str, amount: object, key: str | None) -> None:
        """Call, with or without a key."""
        self.same("allow", who, what, amount, key=key, context={"n": [1, None]})

    @rule(who=WHO, key=st.sampled_from([None, "k3"]))
    def together(self, who: str, key: str | None) -> None:
        """Use two things, or none."""
        first, second = self.both("allow_all", who, [("x", 2), ("y", 1)], key=key)
        assert [each.record for each in second] == [each.record for each in first]

    @rule(who=WHO)
    def reserve(self, who: str) -> None:
        """Set room aside."""
        first, second = self.both("reserve", who, "x", 2, ttl=60_000)
        assert bool(first) == bool(second)
        if first:
            self.holds.append((who, "x", first.hold, second.hold))

    @rule(amount=st.integers(0, 4))
    def settle(self, amount: int) -> None:
        """Spend what was set aside, twice."""
        for who, what, first, second in self.holds[-1:]:
            for _ in range(2):
                one = self.oracle.settle(who, what, first, amount, at=after(self.now))
                other = self.tested.settle(who, what, second, amount, at=after(self.now))
                assert one.record == other.record

    @rule(who=WHO, value=st.integers(1, 9), name=st.sampled_from(["g1", "g2"]))
    def grant(self, who: str, value: int, name: str) -> None:
        """Give extra room."""
        self.same("grant", who, "t", value, id=name, expires_at=after(self.now + 90_000))

    @rule(who=WHO, name=st.sampled_from(["z", "c"]), value=st.sampled_from([1, 90]))
    def cap(self, who: str, name: str, value: int) -> None:
        """Add a ceiling; caps keep the order that they came in."""
        self.same("add_cap", who, value, id=name, shared=True, resets=True, reset_sch="monthly:31")

    @rule(who=WHO, name=st.sampled_from(["z", "c"]))
    def uncap(self, who: str, name: str) -> None:
        """Take a ceiling away."""
        self.same("remove_cap", who, name)

    @rule(who=st.sampled_from(IDS), alt=st.booleans())
    def create(self, who: str, alt: bool) -> None:  # noqa: FBT001 -- drawn
        """Make a customer."""
        self.same("create_customer", who, refs=["org"], alt_ids=["alt"] if alt else [])

    @rule(who=WHO)
    def delete(self, who: str) -> None:
        """Remove one."""
        self.same("delete_customer", who)

    @rule(who=WHO, plan=st.sampled_from(["free", "pro"]))
    def move(self, who: str, plan: str) -> None:
        """Change its plan."""
        self.same("set_plan", who, plan)

    @rule(who=WHO, value=st.integers(0, 9))
    def override(self, who: str, value: int) -> None:
        """Agree on a limit of its own."""
        self.same("create_override", who, "y", value=value, reset_sch="weekly:mon", resets=True)

    @invariant()
    def stand_alike(self) -> None:
        """Every head, and the number of the last commit."""
        assert self.tested.store.last == self.oracle.store.last
        for who in (*IDS, "alt", "policy:estimates"):
            first, second = self.oracle.customer(who), self.tested.customer(who)
            assert self.text(second) == self.text(first)

    def text(self, value: Head | None) -> str:
        """Return a head as text, every hold under the name that it has in memory."""
        text = (
            "" if value is None else encoded([getattr(value, each.name) for each in fields(Head)])
        )
        for _, __, first, second in self.holds:
            text = text.replace(second, first)
        return text

    def teardown(self) -> None:
        """Heads are what the journal says."""
        ours, theirs = (list(each.store.entries(0, 1_000)) for each in (self.tested, self.oracle))
        for one, other in zip(ours, theirs, strict=True):
            assert one[:2] + one[3:4] == other[:2] + other[3:4] or self.holds
            assert [each.name for each in one.events] == [each.name for each in other.events]
        close(self.tested)
        assert check(self.path).findings == ()
        self.folder.cleanup()


def close(policy: Policy) -> None:
    store = policy.store
    assert isinstance(store, SqliteStore)
    store.close()


TestBoth = Both.TestCase
TestBoth.settings = settings(max_examples=sized(400, 12), stateful_step_count=25, deadline=None)
