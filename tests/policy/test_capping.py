"""Tests of capping: the short way to what a call draws on a cap, beside the whole one."""

from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.amounts import Amount
from criterion.policy.capping import Usage, caps_over, draw_on, plain_draws
from criterion.policy.exchange import BUILT_IN, Exchange
from criterion.policy.schedule import Every
from criterion.policy.state import Cap, CapHold, CapTerms, Customer, Head

EXCHANGE = Exchange(BUILT_IN, {})
METER = ("u", "x")
FLAGS = (
    "exchangeable", "overage_only", "ignore_grants", "observe_only", "overhead_cost",
    "follow_decrements", "hard_trailing",
)  # fmt: skip
AMOUNTS = st.integers(0, 30) | st.decimals(0, 30, places=10)


RARELY = st.sampled_from([False] * 9 + [True])
CAPS = st.builds(
    lambda spent, flags, held, **terms: Cap(
        CapTerms(id="c", value=20, **terms, **flags),
        spent,
        0,
        {"h": CapHold(("v", "y"), 3, 99)} if held else {},
    ),
    spent=AMOUNTS,
    flags=st.fixed_dictionaries(dict.fromkeys(FLAGS, RARELY)),
    held=st.sampled_from([False, False, False, True]),
    credit=st.sampled_from(["t", "t", "t", "t", "other"]),
    scope=st.sampled_from([(), (), (), ("x",), ("y",)]),
    expires_on=st.sampled_from([None, 7, 8]),
    reset=st.sampled_from([None, Every(5), Every(100)]),
)
NOW = 7


@given(
    caps=st.lists(CAPS, max_size=3),
    units=st.integers(1, 30) | st.decimals("0.001", 30, places=10),
)
def test_the_short_way_draws_what_the_whole_one_does(caps: list[Cap], units: Amount) -> None:
    caller = Head(customer=Customer(id="u"), caps={f"c{n}": cap for n, cap in enumerate(caps)})
    usage = Usage("x", "t", 0, units, 0, 0, 0)
    whole = [
        draw
        for holding in caps_over(caller, (), NOW)
        for draw in draw_on(holding, usage, usage, METER, EXCHANGE, NOW)
    ]

    short = plain_draws("u", caps, "t", units, NOW)

    if short is not None:
        assert list(short) == whole
    else:
        assert any(
            cap.holds
            or cap.terms.scope
            or cap.terms.credit == "other"
            or cap.terms.overage_only
            or cap.terms.ignore_grants
            or cap.terms.overhead_cost
            or cap.terms.hard_trailing
            for cap in caps
        )


def test_a_draw_tells_that_it_reaches_the_ceiling_and_only_once() -> None:
    terms = CapTerms(id="c", credit="t", value=20)
    drawn = [plain_draws("u", [Cap(terms, spent, 0)], "t", 5, NOW) for spent in (14, 15, 16, 20)]

    assert [[(draw.fits, draw.crosses) for draw in draws or ()] for draws in drawn] == [
        [(True, False)], [(True, True)], [(False, True)], [(False, False)],
    ]  # fmt: skip
