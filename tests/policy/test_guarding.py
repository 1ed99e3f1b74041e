"""Guards: a policy's own rules, before the built-in ones."""

from typing import Any, Final

import pytest

from criterion import Engine, Status
from criterion.graph import mermaid
from criterion.policy import Policy
from criterion.policy.assessment import facts_of
from tests.policy.scenes import limit, policy_of

SOFT: Final = {"limit": {"credit": "p", "value": 1, "mode": "soft"}}
MARGIN: Final = {
    "id": "low-margin",
    "when": "input.revenue > 0 and input.cost > input.revenue / 2",
    "explain": "margin of {input.owner} would fall: {input.cost} of {input.revenue}",
}
TRIAL: Final = {"id": "trial-over", "when": 'metadata.state == "expired"'}
BIG: Final = {"id": "too-big", "when": "get(context, 'size', 0) > 10"}


def guarded(*guards: dict[str, str], **more: Any) -> Policy:  # noqa: ANN401 -- of a document
    return policy_of({"x": SOFT, "hard": limit(3), "flag": {}}, guards=list(guards), **more)


def test_a_guard_refuses_what_would_take_the_margin_below_a_floor() -> None:
    policy = guarded(MARGIN)

    passed = policy.allow("u", "x", 11, overhead=5)
    refused = policy.allow("u", "x", 1, overhead=1)

    assert passed
    assert (refused.code, refused.http, refused.matched_rule) == ("low_margin", 403, "low-margin")
    assert refused.explanation == "margin of u would fall: 6 of 11"
    assert policy.value("u", "x") == 11


def test_a_guard_without_words_of_its_own_is_explained_from_its_condition() -> None:
    policy = guarded(BIG)

    refused = policy.allow("u", "hard", 1, context={"size": 12})

    assert refused.explanation == 'get(context, "size", 0) (12) > 10'


def test_a_guard_sees_the_metadata_of_the_owner() -> None:
    policy = guarded(TRIAL)
    policy.update_customer("u", metadata={"state": "expired"})

    assert policy.check("u", "flag").code == "trial_over"


def test_guards_come_before_the_built_in_rules_in_their_own_order() -> None:
    policy = guarded(BIG, {**BIG, "id": "later"})

    refused = policy.allow("u", "hard", 99, context={"size": 12})

    assert refused.matched_rule == "too-big"
    assert refused.why_not("later") == "not reached: `too-big` matched first"
    assert refused.why_not("capacity-reached") == "not reached: `too-big` matched first"


def test_a_guard_that_did_not_refuse_says_why() -> None:
    verdict = guarded(BIG).allow("u", "hard", 1, context={"size": 2})

    assert verdict
    assert verdict.why_not("too-big") == 'get(context, "size", 0) (2) <= 10'


def test_guards_are_not_asked_of_nobody_nor_of_what_happened_already() -> None:
    policy = guarded({"id": "never", "when": "input.requested >= 0"})

    assert policy.allow("ghost", "x", 1).code == "unknown_customer"
    assert policy.allow("u", "nope", 1).code == "not_included"
    assert policy.allow("u", "x", "5s").code == "invalid_amount"
    assert policy.allow("u", "x", 1, force=True).code == "ok"
    assert policy.settle("u", "x", "some-hold", 1).code == "ok"
    assert policy.allow("u", "x", 1).code == "never"


def test_a_guard_that_cannot_be_worked_out_refuses_and_names_itself() -> None:
    policy = guarded(TRIAL)

    verdict = policy.allow("u", "x", 1)

    assert (verdict.status, verdict.code, verdict.http) == (Status.RULE_ERROR, "rule_error", 500)
    assert not verdict
    assert verdict.errors[0].path == "rules.trial-over.when"
    assert policy.value("u", "x") == 0


@pytest.mark.parametrize("size", [2, 12])
def test_the_guarded_decision_is_an_ordinary_one(size: int) -> None:
    policy = guarded(BIG)
    verdict = policy.check("u", "hard", 1, context={"size": size})
    decision = policy._active.ruling.decision  # noqa: SLF001 -- what a call of the policy uses

    result = Engine().run(decision, facts_of(verdict.assessment))

    assert (result.matched_rule, result.data) == (verdict.matched_rule, verdict.data)
    assert result.explanation == verdict.explanation
    assert decision.digest == policy.terms.digest
    assert "too-big" in mermaid(decision)
