"""Policies: loading, replacing and publishing documents, and how customers live under them."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from criterion import UNLIMITED, FixedClock
from criterion.errors import CriterionError, DefinitionError, PlanInUseError, TakenError
from criterion.policy import Policy
from criterion.policy.events import Event
from tests.policy.scenes import HOUR, START, after, limit, policy_of

DOCUMENT: Final = """
credits: {t: {}}
plans: {free: {default: true, entitlements: {x: {limit: {credit: t, value: %s}}}}}
"""


def test_a_policy_is_loaded_from_a_path_a_text_or_data(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(DOCUMENT % 3, "utf-8")

    loaded = [Policy.load(path), Policy.load(str(path)), Policy.load(DOCUMENT % 3)]

    assert [policy.terms.plans["free"].entitlements["x"].limit for policy in loaded] == [
        policy_of({"x": limit(3)}).terms.plans["free"].entitlements["x"].limit
    ] * 3


def test_a_document_with_mistakes_is_refused_and_validate_lists_them() -> None:
    with pytest.raises(DefinitionError):
        Policy.load(DOCUMENT % "ten")

    (problem,) = Policy.validate(DOCUMENT % "ten")

    assert "ten" in str(problem)
    assert Policy.validate(DOCUMENT % 3) == ()


@pytest.mark.parametrize("costs", [{"nope": len}, {"t": 4}])
def test_costs_that_fit_no_credit_are_refused(costs: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="does not fit"):
        Policy.load(DOCUMENT % 3, costs=costs)


def test_an_unknown_kind_of_store_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no address of a store"):
        Policy.load(DOCUMENT % 3, "paper://desk")


def test_a_reload_keeps_where_customers_stand() -> None:
    policy = policy_of({"x": limit(3)})
    policy.allow("u", "x", 3)

    policy.reload(DOCUMENT % 5)

    assert policy.remaining("u", "x") == 2


def test_a_reload_that_fails_changes_nothing() -> None:
    policy = policy_of({"x": limit(3)})

    with pytest.raises(DefinitionError):
        policy.reload(DOCUMENT % "ten")

    assert policy.remaining("u", "x") == 3


def test_a_reload_is_seen_whole_or_not_at_all() -> None:
    both = "{x: {limit: {credit: t, value: %s}}, y: {limit: {credit: t, value: %s}}}"
    text = "credits: {t: {}}\nplans: {free: {default: true, entitlements: " + both + "}}"
    policy = Policy.load(text % (5, 5))
    policy.create_customer("u")

    def ask(turn: int) -> bool:
        if turn % 10 == 0:
            policy.reload(text % (turn, turn))
        first, second = policy.check_all("u", [("x", 0), ("y", 0)])
        return first.limit == second.limit

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(200)))


def test_equal_documents_differ_in_nothing_and_others_by_name() -> None:
    policy = Policy.load(DOCUMENT % 3)

    difference = policy.diff(DOCUMENT % 5)

    assert policy.diff(DOCUMENT % 3) == {}
    assert {section: set(names) for section, names in difference.items()} == {"plans": {"free"}}


def test_a_plan_is_published_and_retired_while_the_policy_works() -> None:
    policy, told = policy_of({"x": limit(3)}), list[Event]()
    policy.on_event(told.append)
    digest = policy.terms.digest

    policy.publish_plan("pro", {"entitlements": {"x": limit(9)}})
    policy.set_plan("u", "pro")
    with pytest.raises(PlanInUseError, match="plan `pro` has customers"):
        policy.retire_plan("pro")
    policy.set_plan("u", "free")

    assert policy.limit("pro", "x") == 9
    assert (policy.retire_plan("pro"), policy.retire_plan("pro")) == (True, False)
    assert policy.limit("pro", "x") is None
    assert policy.terms.digest != digest
    assert [event.name for event in told if event.name.startswith("plan-")] == [
        "plan-set",
        "plan-removed",
    ]


def test_a_plan_with_mistakes_is_not_published() -> None:
    policy = policy_of({"x": limit(3)})

    with pytest.raises(DefinitionError, match="there is no credit `tt`"):
        policy.publish_plan("pro", {"entitlements": {"x": {"limit": {"credit": "tt"}}}})

    assert list(policy.terms.plans) == ["free"]


def test_the_customers_of_a_document_are_there_and_are_made_once() -> None:
    document = {
        "credits": {"t": {}},
        "plans": {
            "free": {
                "default": True,
                "entitlements": {"x": limit(10)},
                "topups": {"pack": {"credit": "t", "value": 5, "included": True}},
            }
        },
        "customers": {
            "bare": {},
            "used": {"plan": "free", "meters": {"x": {"credit": "t", "value": 4}}},
        },
        "estimates": {"x": {"all": {"samples": 9, "value_mean": 3}}},
    }
    policy = Policy.load(document, clock=FixedClock(START))
    policy.allow("used", "x", 1)

    policy.reload(document)

    assert (policy.value("bare", "x"), policy.value("used", "x")) == (0, 5)
    assert policy.credit_remaining("bare", "t") == 5
    assert policy.samples("x") == 9


def test_creating_a_customer_that_is_there_is_refused_and_changes_nothing() -> None:
    policy = policy_of({"x": limit(3)}, plans={"pro": {}})
    policy.set_plan("u", "pro")

    with pytest.raises(TakenError, match="there is a customer `u` already"):
        policy.create_customer("u")

    assert policy.ensure_customer("u", "free") is not None
    plan = policy.plan("u")
    assert plan is not None
    assert plan.name == "pro"


def test_a_name_leads_to_one_customer() -> None:
    policy = policy_of({"x": limit(3)})
    policy.add_alt("u", "alias")
    policy.create_customer("v")

    for take in (
        partial(policy.add_alt, "v", "alias"),
        partial(policy.add_alt, "v", "u"),
        partial(policy.create_customer, "alias"),
        partial(policy.create_customer, "w", alt_ids=["u"]),
    ):
        with pytest.raises(TakenError):
            take()
    assert policy.add_alt("u", "alias")
    assert policy.remove_alt("u", "alias")
    assert policy.add_alt("v", "alias")


def test_a_customer_is_saved_and_loaded_as_it_stood() -> None:
    policy = policy_of({"x": limit(10)})
    policy.add_alt("u", "alias")
    policy.grant("u", "t", 5, id="g")
    policy.allow("u", "x", 12)
    saved = policy.customer("u")
    assert saved is not None
    policy.delete_customer("u")
    gone = policy.customer("alias")

    policy.load_customers([saved])

    assert gone is None
    assert policy.customer("alias") == saved
    assert policy.remaining("u", "x") == 3


def test_a_head_that_was_handed_out_does_not_change_afterwards() -> None:
    policy = policy_of({"x": limit(10)})
    before = policy.customer("u")

    policy.allow("u", "x", 4)

    assert before is not None
    assert before.meters["x"].value == 0


def test_an_override_copies_what_it_does_not_name() -> None:
    policy = policy_of(
        {
            "x": limit(
                10, minimum=2, grants_apply=False, resets=True, reset_sch="monthly:1",
                governor_enabled=True, governor_capacity=5, governor_refill_rate=1,
                ewma_alpha=Decimal("0.5"),
            )
        }
    )  # fmt: skip
    plain = policy.limit_of("u", "x")

    made = policy.create_override("u", "x", value=20, reset_inc="7days")

    assert plain is not None
    assert made is not None
    assert (made.value, made.reset) == (20, policy_week())
    assert (made.minimum, made.grants_apply, made.governor, made.ewma_alpha) == (
        plain.minimum,
        plain.grants_apply,
        plain.governor,
        plain.ewma_alpha,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"credit": "nope"},
        {"value": "5s"},
        {"reset_inc": "1day", "reset_sch": "monthly:1"},
        {"reset_sch": "monthly:99"},
        {"governor_enabled": True},
    ],
    ids="-".join,
)
def test_an_override_that_makes_no_limit_changes_nothing(changes: dict[str, Any]) -> None:
    policy = policy_of({"x": limit(10)})

    assert policy.create_override("u", "x", **changes) is None
    assert policy.limit("u", "x") == 10


def test_the_base_fee_is_charged_once_a_period_and_after_the_trial() -> None:
    plan = {
        "trial_period": "1day",
        "entitlements": {"subscription": limit(0, mode="soft", resets=True, reset_inc="10days")},
    }
    policy = policy_of({}, plans={"team": plan})
    policy.create_customer("v", "team")

    charged = [
        policy.ensure_subscription("v", at=after(day * 24 * HOUR)) for day in (0, 1, 2, 9, 10, 11)
    ]

    assert charged == [False, True, False, False, True, False]
    assert policy.ensure_subscription("u") is False


def test_a_meter_whose_credit_changes_converts_or_begins_anew() -> None:
    def plan(credit: str) -> dict[str, Any]:
        return {"entitlements": {"x": {"limit": {"credit": credit, "value": 10_000}}}}

    credits_ = {"mb": {"units": "MB"}, "gb": {"units": "GB"}}
    plans = {name: plan(name) for name in ("mb", "gb", "t")}
    policy = policy_of({}, credits=credits_, plans=plans)
    policy.set_plan("u", "mb")
    policy.allow("u", "x", "1500MB")

    policy.set_plan("u", "gb")
    converted = policy.value("u", "x")
    policy.set_plan("u", "t")

    assert (converted, policy.value("u", "x")) == (Decimal("1.5"), 0)


def test_what_a_plan_includes_goes_with_it_and_what_was_bought_stays() -> None:
    topups = {
        "once": {"credit": "t", "value": 10, "included": True},
        "monthly": {"credit": "t", "value": 100, "included": True, "resets": True},
        "pack": {"credit": "t", "value": 1_000},
        "lease": {"credit": "t", "value": 10_000, "revoke_on_plan_change": True},
    }
    policy = policy_of(
        {"x": limit(0)}, topups=topups, plans={"solo": {"entitlements": {"x": limit(0)}}}
    )
    policy.allow("u", "x", 40)
    policy.apply_topup("u", "pack")
    policy.apply_topup("u", "lease")

    before = policy.credit_remaining("u", "t")
    policy.set_plan("u", "solo")
    between = policy.credit_remaining("u", "t")
    policy.set_plan("u", "free")

    assert (before, between) == (11_070, 1_000)
    names = {grant.terms.topup: grant.value for grant in policy.grants("u")}
    assert names == {"pack": 1_000, "monthly": 60}


def test_reads_of_what_is_unknown_are_none() -> None:
    policy = policy_of({"x": limit(1), "flag": {}})

    for read in (
        policy.value, policy.remaining, policy.limit, policy.allowance, policy.cost, policy.rate,
        policy.ewma, policy.acceleration, policy.resets, policy.projected_exhaustion, policy.held,
        policy.meter_of, policy.credit_for, policy.limit_of, policy.entitlement, policy.ceiling,
    ):  # fmt: skip
        assert read("ghost", "x") is None
        assert read("u", "nope") is None
    assert policy.value("u", "flag") == 0
    assert policy.remaining("u", "flag") is None
    assert policy.credit_remaining("ghost", "t") is None
    assert policy.refs("ghost") is None
    assert policy.metadata("ghost") is None
    assert policy.plan("ghost") is None


def test_reads_never_change_state() -> None:
    policy = policy_of({"x": limit(10, resets=True)})
    policy.allow("u", "x", 4)
    before, last = policy.customer("u"), policy.store.last

    for at in (after(0), after(400 * 24 * HOUR)):
        policy.resets("u", "x", at=at)
        policy.value("u", "x", at=at)
        policy.remaining("u", "x", at=at)
        policy.check("u", "x", 1, at=at)

    assert (policy.customer("u"), policy.store.last) == (before, last)


def test_an_unlimited_limit_is_never_reached() -> None:
    policy = policy_of({"x": limit("unlimited")})

    verdict = policy.allow("u", "x", 10**18)

    assert (bool(verdict), verdict.remaining, policy.remaining("u", "x")) == (
        True,
        UNLIMITED,
        UNLIMITED,
    )


def test_a_margin_is_measured_between_two_instants() -> None:
    credit = {"m": {"price": {"amount": 1}, "overhead_cost": Decimal("0.25")}}
    policy = policy_of({"x": {"limit": {"credit": "m", "mode": "soft"}}}, credits=credit)
    policy.allow("u", "x", 100)

    started = policy.start_margin("u")
    policy.allow("u", "x", 8)
    measured = policy.capture_margin("u", stop=True)

    assert started
    assert measured == (8, 2, 75)
    assert policy.capture_margin("u") is None
    assert policy.start_margin("ghost") is False


def test_the_modelled_margin_equals_the_worked_numbers() -> None:
    tiers = [(5, "0.8"), (10, "0.7"), (50, "0.6"), (None, "0.55")]
    credits_ = {
        "pro_plan": {"price": {"amount": 50}},
        "ai_token": {
            "overhead_cost": Decimal("0.000004"),
            "price": {"amount": Decimal("0.000006")},
        },
        "mb": {
            "units": "MB", "overhead_cost": Decimal("0.6"), "pricing_model": "tiered",
            "tiers": [{"up_to": up, "price": {"amount": Decimal(each)}} for up, each in tiers],
        },
    }  # fmt: skip
    pro = {
        "entitlements": {
            "subscription": {"limit": {"credit": "pro_plan", "mode": "soft"}},
            "files": {"limit": {"credit": "mb", "value": "10MB", "mode": "soft"}},
            "tokens": {
                "limit": {
                    "credit": "ai_token", "value": 100_000, "mode": "soft", "resets": True,
                    "reset_inc": "1day",
                }
            },
        }
    }  # fmt: skip
    policy = policy_of({}, credits=credits_, plans={"pro": pro})
    usage: dict[str, Any] = {"subscription": 1, "files": "70MB", "tokens": 2_300_000}

    plain = policy.model_margin("pro", usage, scaled=False)
    scaled = policy.model_margin("pro", {**usage, "tokens": 100_000})

    assert plain is not None
    assert scaled is not None
    assert plain[:3] == (Decimal("100.2"), Decimal("51.2"), Decimal("48.9"))
    assert scaled[:3] == (87, 54, Decimal("37.93"))
    assert policy.model_margin("ghost", usage) is None
    with pytest.raises(TypeError, match="plan `pro` has no limit on `wings`"):
        policy.model_margin("pro", {"wings": 2})


def test_errors_of_names_are_criterion_errors() -> None:
    assert {TakenError.code, PlanInUseError.code} == {"taken", "plan_in_use"}
    assert issubclass(TakenError, CriterionError)


def policy_week() -> object:
    made = policy_of({"x": limit(1, resets=True, reset_inc="7days")}).limit_of("u", "x")
    assert made is not None
    return made.reset
