"""Tests of policy documents: what is read, and what each rule finds."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.errors import DefinitionError, DocumentError, FileProblem, Problem
from criterion.json_text import json_text, plain
from criterion.policy.credit import Price, Tier
from criterion.policy.document.findings import RULES, WARNINGS
from criterion.policy.document.reader import read_policy
from criterion.policy.exchange import Pair
from criterion.policy.plan import Governor, Limit, Refill
from criterion.policy.schedule import Every, Monthly
from criterion.policy.state import Cap, CapTerms, Change, Estimate, Grant, GrantTerms, Hold
from criterion.quantity import UNLIMITED
from tests.policy.document_cases import BASE, CASES, Case, changed


def found(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return rule, path and words of everything that is found in data."""
    try:
        problems: list[Problem | FileProblem] = list(read_policy(document).warnings)
    except DefinitionError as error:
        problems = list(error.problems)
    return [(str(each.rule), each.place, f"{each.message} ({each.hint})") for each in problems]


def marks_of(text: str) -> list[FileProblem]:
    """Return everything that is found in text."""
    try:
        warnings = read_policy(text, "policy.json").warnings
    except DocumentError as error:
        return list(error.marks)
    return [mark for mark in warnings if isinstance(mark, FileProblem)]


def as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent="\t")


def test_the_sound_document_has_no_finding() -> None:
    assert found(BASE) == []


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_each_rule_finds_one_thing_at_its_path(case: Case) -> None:
    findings = found(case.document())

    if case.rule is None:
        assert findings == []
        return
    assert [finding[:2] for finding in findings] == [(case.rule, case.path)]
    assert case.says in findings[0][2]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_text_has_the_findings_of_data_at_their_lines(case: Case) -> None:
    text = as_json(case.document())

    marks = marks_of(text)

    assert [(mark.rule, mark.path) for mark in marks] == (
        [] if case.rule is None else [(case.rule, case.path)]
    )
    for mark in marks:
        line = text.split("\n")[mark.line - 1].strip()
        key = mark.path.rpartition(".")[2]
        assert line in {"{", "5,"} if key.endswith("]") else line.startswith((f'"{key}":', '"":'))


def test_every_rule_has_a_case_but_those_of_reading() -> None:
    seen = {case.rule for case in CASES}

    assert set(RULES) - seen == {"format"}


def test_a_warning_does_not_keep_a_policy_from_being_used() -> None:
    for case in CASES:
        if case.rule in WARNINGS:
            assert read_policy(case.document()).terms.plans


def test_all_mistakes_are_listed_at_once_in_the_order_of_the_file(
    snapshot: SnapshotAssertion,
) -> None:
    text = """\
policy:
  credits:
    tok: {price: {amount: -1}, overhead: unit * 2}
    mb: {stof_units: MBs}
  exchange:
    ai: {value: 1, currency: ia}
    ia: {value: 1, currency: ai}
  plans:
    free:
      entitlements:
        chat:
          limit: {credit: token, value: ten, resets: true, reset_sch: monthly:32}
        files:
          scope: org
          limt: {credit: mb}
      trial_period: 14days
"""

    with pytest.raises(DocumentError) as caught:
        read_policy(text, "policy.yaml")

    assert str(caught.value) == snapshot


def test_findings_of_data_stand_at_their_paths(snapshot: SnapshotAssertion) -> None:
    data = {**changed({"plans.a.hidden": object(), "credits.t": {5: 1}}), "version": float("nan")}

    with pytest.raises(DefinitionError) as caught:
        read_policy(data)

    assert str(caught.value) == snapshot


def test_very_many_findings_are_cut() -> None:
    plans = {f"p{n}": {"labl": ""} for n in range(60)}

    with pytest.raises(DocumentError) as caught:
        read_policy(as_json({"plans": plans}))

    assert len(caught.value.marks) == 51
    assert caught.value.marks[-1].message == "… and 10 more"


def test_mistakes_of_yaml_stand_among_the_others() -> None:
    text = "plans:\n  a: {labl: x}\n  a: {}\ncredits:\n  t: {units: yes, label: True}\n"

    with pytest.raises(DocumentError) as caught:
        read_policy(text)

    assert [mark.line for mark in caught.value.marks] == [2, 3, 5, 5]


def test_what_validation_refuses_can_be_read_without_it() -> None:
    document = changed({"exchange.q.currency": "q", "plans.b.default": True})

    read = read_policy(document, validate=False)

    assert [warning.rule for warning in read.warnings] == ["exchange-cycle", "default-plan"]
    assert read.terms.exchange.to_runes(1, "q") is None
    assert read.terms.default_plan is read.terms.plans["a"]


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
def test_yaml_json_and_data_say_the_same(*, wrapped: bool) -> None:
    document = {"policy": BASE} if wrapped else BASE
    text = json_text(plain(document))

    assert read_policy(text) == read_policy(text.encode()) == read_policy(document)
    assert read_policy(as_json(document)).terms == read_policy(BASE).terms


def test_the_digest_is_of_what_was_agreed_and_of_nothing_else() -> None:
    base = read_policy(BASE).terms.digest
    turned = dict(reversed(BASE.items()))

    assert base.startswith("sha256:")
    assert read_policy(turned).terms.digest == base
    assert read_policy({"policy": changed({"customers.ann": {}})}).terms.digest == base
    assert read_policy(changed({"plans.a.label": "A"})).terms.digest != base


def test_an_empty_policy_is_one() -> None:
    terms = read_policy({}).terms

    assert (terms.credits, terms.plans, terms.default_plan) == ({}, {}, None)
    assert (terms.hold_ttl, terms.estimate_min_samples) == (600_000, 5)
    assert terms.exchange.pairs == {"usd": Pair(1, "rune")}


WHOLE = """\
version: 2026-11
customer_types: [user, org]
credits:
  seat: {unit: seat, label: Seats, description: People, price: {amount: 20, id: p_1, suffix: /mo}}
  mb:
    stof_units: MB
    pricing_model: graduated
    tiers:
      - {up_to: 10, price: {amount: 0.7}}
      - {price: {amount: 0.5}}
      - {up_to: 5, price: {amount: 0.8}}
  token:
    overhead_cost: 0.000003
    overhead: units * get(context.rates, context.model, 0)
    pricing_model: per_unit
  gone:
exchange:
  grant_strategy: cheapest_first
  token: {value: 0.00002}
guards:
  - {id: no-robots, when: context.agent == "robot", explain: "{input.customer} is a robot"}
notifications:
  half: {when: event.remaining < event.meter.limit / 2, once_per: period}
capabilities:
  search:
    version: 2
    parameters: [{name: query, required: true}]
    plans: [pro]
plans:
  pro:
    label: Pro
    period: yearly
    subscription: seats
    trial_period: 14days
    entitlements:
      seats: {scope: org, limit: {credit: seat, value: unlimited}}
      files:
        limit: {credit: mb, value: 1.5GB, increment: 100MB, minimum: 1MiB, resets: true}
      chat:
        estimate_basis: input
        limit:
          {credit: token, value: 100_000, resets: true, reset_sch: monthly:15,
           governor_enabled: true, governor_capacity: 1e3, governor_refill_rate: 0.5}
      export:
    topups:
      pack:
        {credit: mb, value: 1GB, included: true, included_scopes: [org], resets: true,
         reset_inc: 7days, reset_mode: rollover, rollover_pct: 0.5, rollover_max: 2GB,
         expires_after: 90days, priority: 5}
customers:
  acme:
    type: org
    plan: pro
    metadata: {floor: 0.2}
    overrides: {seats: {credit: seat, value: 500, override_expires_on: 99}}
    meters:
      chat:
        credit: token
        value: 7.5
        holds: {h: {value: 3, expires: 50}}
        history: [{ts: 1, delta: 1}, {ts: 2, delta: 2}, {ts: 3, delta: 3}, {ts: 4, delta: 4}]
        estimates: {all: {samples: 4, value_mean: 10, value_var: 2}}
    grants: {g: {credit: mb, value: 1GB, created_on: 5, origin: purchased}}
    caps: {c: {value: 100, overage_only: true, resets: true}, m: {credit: mb, value: 1GB}}
alt_customer_ids: {a1: acme}
estimates: {chat: {gpt: {samples: 9, per_basis: true}}}
"""


def test_the_credits_of_a_whole_document() -> None:
    terms = read_policy(WHOLE).terms
    seat, mb, token, gone = terms.credits.values()

    assert (seat.unit, seat.label, seat.price) == ("seat", "Seats", Price(20, "p_1", "/mo"))
    assert (mb.units.name, mb.pricing_model) == ("MB", "tiered")
    assert mb.tiers == (
        Tier(5, Price(Decimal("0.8"))),
        Tier(10, Price(Decimal("0.7"))),
        Tier(UNLIMITED, Price(Decimal("0.5"))),
    )
    assert token.curve is None
    assert token.overhead is not None
    assert token.overhead(3, {"rates": {"gpt": 2}, "model": "gpt"}) == 6
    assert gone.label == "Credit"
    assert terms.exchange.strategy == "cheapest_first"
    assert terms.exchange.pairs["token"] == Pair(Decimal("0.00002"), "usd")


def test_the_plans_of_a_whole_document() -> None:
    plan = read_policy(WHOLE).terms.plans["pro"]
    limits = {name: each.limit for name, each in plan.entitlements.items()}

    assert (plan.label, plan.period, plan.subscription) == ("Pro", "yearly", "seats")
    assert plan.trial_period == 14 * 86_400_000
    assert plan.entitlements["seats"].scope == "org"
    assert limits["seats"] == Limit(credit="seat", value=UNLIMITED)
    assert limits["files"] == Limit(
        credit="mb",
        value=1500,
        increment=100,
        minimum=Decimal("1.048576"),
        reset=Every(30 * 86_400_000),
    )
    assert limits["chat"] == Limit(
        credit="token",
        value=100_000,
        reset=Monthly("monthly:15", 15),
        governor=Governor(1000, Decimal("0.5")),
    )
    assert limits["export"] is None


def test_the_topups_of_a_whole_document() -> None:
    pack = read_policy(WHOLE).terms.plans["pro"].topups["pack"]

    assert (pack.credit, pack.value, pack.included, pack.included_scopes) == (
        "mb",
        1000,
        True,
        ("org",),
    )
    assert (pack.expires_after, pack.priority) == (90 * 86_400_000, 5)
    assert pack.refill == Refill(
        schedule=Every(7 * 86_400_000),
        mode="rollover",
        rollover_pct=Decimal("0.5"),
        rollover_max=2000,
    )


def test_the_rules_of_a_whole_document() -> None:
    terms = read_policy(WHOLE).terms

    assert [(guard.id, guard.explain_text) for guard in terms.guards] == [
        ("no-robots", "{input.customer} is a robot")
    ]
    half = terms.notifications["half"]
    assert half.once_per == "period"
    assert half.when({"type": "x", "event": {"remaining": 4, "meter": {"limit": 10}}}) is True
    search = terms.capabilities["search"]
    assert (search.version, search.parameters[0].name, search.plans) == ("2", "query", ("pro",))
    assert terms.customer_types == ("user", "org")


def test_the_customers_of_a_whole_document_begin_when_it_is_loaded() -> None:
    head = read_policy(WHOLE, at=1000).terms.customers["acme"]
    meter = head.meters["chat"]

    assert (head.customer.type, head.customer.alt_ids) == ("org", ("a1",))
    assert head.customer.metadata == {"floor": Decimal("0.2")}
    assert head.customer.overrides["seats"] == Limit(
        credit="seat", value=500, override_expires_on=99
    )
    assert (meter.started, meter.value) == (1000, Decimal("7.5"))
    assert meter.holds == {"h": Hold(3, 0, 50)}
    assert meter.history == (Change(2, 2), Change(3, 3), Change(4, 4))
    assert head.estimates["chat"]["all"] == Estimate(samples=4, value_mean=10, value_var=2)


def test_the_grants_and_caps_of_a_whole_document() -> None:
    head = read_policy(WHOLE, at=1000).terms.customers["acme"]

    terms = GrantTerms(id="g", credit="mb", starting_value=1000, created_on=5, origin="purchased")
    assert head.grants["g"] == Grant(terms, 1000, 5)
    in_runes = CapTerms(
        id="c", value=100, overage_only=True, created_on=1000, reset=Every(30 * 86_400_000)
    )
    in_mb = CapTerms(id="m", credit="mb", value=1000, exchangeable=False, created_on=1000)
    assert head.caps == {"c": Cap(in_runes, 0, 1000), "m": Cap(in_mb, 0, 1000)}


def test_of_several_open_tiers_the_first_one_counts() -> None:
    tiers = [{"price": {"amount": 4}}, {"up_to": 5, "price": {}}, {"price": {"amount": 5}}]

    credit = read_policy({"credits": {"t": {"pricing_model": "volume", "tiers": tiers}}}).terms

    assert credit.credits["t"].tiers == (Tier(5, Price(0)), Tier(UNLIMITED, Price(4)))


def test_a_state_goes_on_from_its_last_reset() -> None:
    state = {"credit": "t", "created_on": 5, "last_reset": 70}
    document = changed({"customers.ann": {"grants": {"g": state}, "caps": {"c": state}}})

    head = read_policy(document).terms.customers["ann"]

    assert (head.grants["g"].granted_on, head.caps["c"].started) == (70, 70)


def test_policy_wide_estimates_are_read() -> None:
    estimates = read_policy(WHOLE).terms.estimates

    assert estimates == {"chat": {"gpt": Estimate(samples=9, per_basis=True)}}


def test_the_document_of_the_reference_is_sound() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "policy-files.md"
    text = page.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]

    assert read_policy(text).warnings == ()
    assert read_policy(text).terms.plans.keys() == {"free", "pro"}
