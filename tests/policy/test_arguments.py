"""Arguments: whatever is misspelt or of the wrong kind is refused, by name, and changes nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple, is_typeddict

import pytest

from criterion import UNLIMITED
from criterion.policy import Policy
from criterion.policy.arguments import KINDS
from criterion.policy.runtime import options
from criterion.policy.state import ALT_IDS_MAX
from tests.policy.scenes import START, after, limit, policy_of

NAIVE: Final = datetime(2025, 1, 1)  # noqa: DTZ001 -- that is what is refused


class Case(NamedTuple):
    """One call that is refused, and what the refusal says."""

    id: str
    call: Callable[[Any], object]
    says: str


MISSPELT: Final = [
    Case("allow", lambda p: p.allow("u", "x", 1, contex={}), "`contex` is no option of a call"),
    Case("check", lambda p: p.check("u", "x", 1, contex={}), "did you mean `context`"),
    Case("increment", lambda p: p.increment("u", "x", forse=True), "did you mean `force`"),
    Case("allow_all", lambda p: p.allow_all("u", [("x", 1)], forse=True), "did you mean `force`"),
    Case("set_value", lambda p: p.set_value("u", "x", 1, forse=True), "did you mean `force`"),
    Case("reserve", lambda p: p.reserve("u", "x", 1, quantle=0.5), "did you mean `quantile`"),
    Case("reserve_all", lambda p: p.reserve_all("u", [("x", 1)], tll=5), "did you mean `ttl`"),
    Case("estimate", lambda p: p.estimate("u", "x", quantle=0.5), "did you mean `quantile`"),
    Case("observe", lambda p: p.observe("u", "x", 1, segmnt="a"), "did you mean `segment`"),
    Case("settle", lambda p: p.settle("u", "x", "h", 1, basi=1), "did you mean `basis`"),
    Case("grant", lambda p: p.grant("u", "t", 1, expires=5), "did you mean `expires_at`"),
    Case("add_cap", lambda p: p.add_cap("u", 1, overageonly=True), "did you mean `overage_only`"),
    Case("start_margin", lambda p: p.start_margin("u", expires=5), "did you mean `expires_at`"),
    Case("create", lambda p: p.create_customer("v", refz=[]), "did you mean `refs`"),
    Case("ensure, known", lambda p: p.ensure_customer("u", lable="U"), "did you mean `label`"),
    Case("ensure, new", lambda p: p.ensure_customer("v", lable="U"), "did you mean `label`"),
    Case("update", lambda p: p.update_customer("u", lable="U"), "did you mean `label`"),
    Case("update, names", lambda p: p.update_customer("u", alt_ids=["a"]), "methods of their own"),
    Case("override", lambda p: p.create_override("u", "x", vlaue=5), "did you mean `value`"),
    Case("margin", lambda p: p.model_margin("free", {"x": {"metr": 1}}), "did you mean `meter`"),
]

WRONG: Final = [
    Case("no customer", lambda p: p.allow(None, "x"), "named by text"),
    Case("no customer to settle", lambda p: p.settle(None, "x", "h", 1), "named by text"),
    Case("no hold", lambda p: p.settle("u", "x", None, 1), "named by text"),
    Case("no customer to estimate", lambda p: p.estimate(None, "x"), "named by text"),
    Case("no entitlement", lambda p: p.value("u", None), "named by text"),
    Case("no entitlement to observe", lambda p: p.observe("u", None, 1), "named by text"),
    Case("a truth", lambda p: p.allow("u", "x", True), "an amount is a number or a text"),  # noqa: FBT003 -- refused
    Case("a naive instant", lambda p: p.allow("u", "x", 1, at=NAIVE), "an aware datetime"),
    Case("a naive use", lambda p: p.allow("u", "x", 1, occurred_at=NAIVE), "an aware datetime"),
    Case("naive, known", lambda p: p.ensure_customer("u", at=NAIVE), "an aware datetime"),
    Case("an empty key", lambda p: p.allow("u", "x", 1, key=""), "`key` is text of at least one"),
    Case("a key of many", lambda p: p.allow_all("u", [("x", 1)], key=5), "`key` is text"),
    Case("uses without amount", lambda p: p.allow_all("u", ["x"]), "pairs of an entitlement"),
    Case("no uses", lambda p: p.check_all("u", None), "pairs of an entitlement"),
    Case("uses as a text", lambda p: p.reserve_all("u", "x"), "pairs of an entitlement"),
    Case("context", lambda p: p.allow("u", "x", 1, context=5), "`context` is a mapping"),
    Case("force", lambda p: p.allow("u", "x", 1, force="no"), "`force` is true or false"),
    Case("caps", lambda p: p.allow("u", "x", 1, caps=["t"]), "`caps` is a mapping"),
    Case("credit of caps", lambda p: p.allow("u", "x", 1, caps={"s": 5}), "is no credit"),
    Case("segment", lambda p: p.reserve("u", "x", 1, segment=5), "`segment` is text"),
    Case("a hold of less", lambda p: p.reserve("u", "x", 1, ttl=-1), "less than nothing"),
    Case("a hold for a word", lambda p: p.reserve("u", "x", 1, ttl="soon"), "`ttl` is a duration"),
    Case("grant id", lambda p: p.grant("u", "t", 1, id=""), "`id` is text of at least one"),
    Case("priority", lambda p: p.grant("u", "t", 1, priority="high"), "`priority` is a whole"),
    Case("schedule", lambda p: p.grant("u", "t", 1, reset_sch=5), "`reset_sch` is text"),
    Case("cap id", lambda p: p.add_cap("u", 1, id=5), "`id` is text of at least one"),
    Case("scope", lambda p: p.add_cap("u", 1, scope=5), "`scope` is names"),
    Case("empty id", lambda p: p.create_customer(""), "`customer` is text of at least one"),
    Case("plan", lambda p: p.create_customer("v", None), "`plan` is text"),
    Case("type", lambda p: p.update_customer("u", type=None), "`type` is text of at least one"),
    Case("refs", lambda p: p.create_customer("v", refs=[5]), "`refs` is names"),
    Case("metadata", lambda p: p.create_customer("v", metadata=5), "`metadata` is a mapping"),
    Case("any", lambda p: p.create_customer("v", metadata={"a": p}), "`metadata` must be plain"),
    Case("another name", lambda p: p.add_alt("u", ""), "`alt` is text of at least one"),
    Case("a head", lambda p: p.load_customer({}), "`head` is a head"),
    Case("smoothing", lambda p: p.create_override("u", "x", ewma_alpha=[]), "an amount is"),
    Case("no amount", lambda p: p.exchange(None, "t", "p"), "`amount` is an amount"),
    Case("usage", lambda p: p.model_margin("free", 5), "`usage` is usage by entitlement"),
    Case("handler", lambda p: p.on_event(5), "`handler` is a function"),
    Case("beside", lambda p: p.beside(3), "`store` is an address such as"),
]


@pytest.mark.parametrize("case", [*MISSPELT, *WRONG], ids=lambda case: case.id)
def test_a_misspelt_option_and_a_wrong_kind_are_refused_and_change_nothing(case: Case) -> None:
    policy = policy_of({"x": limit(3)})
    before = policy.store.last

    with pytest.raises(TypeError) as caught:
        case.call(policy)

    assert case.says in str(caught.value)
    assert policy.store.last == before


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"store": 3}, "`store` is an address"),
        ({"store": None}, "`store` is an address"),
        ({"store": Policy}, "`store` is an address"),
        ({"clock": 5}, "`clock` is a clock"),
        ({"recorder": print}, "`recorder` is a recorder"),
        ({"costs": [len]}, "`costs` is functions"),
        ({"source": 3}, "`source` is a path"),
        ({"source": None}, "`source` is a path"),
    ],
    ids=str,
)
def test_a_policy_is_not_loaded_from_or_with_anything_else(
    given: dict[str, Any], says: str
) -> None:
    document: dict[str, Any] = {"credits": {}, "plans": {}}

    with pytest.raises(TypeError, match=says):
        Policy.load(**{"source": document, **given})


def test_every_option_whose_kind_is_checked_is_one() -> None:
    kinds = [each for each in vars(options).values() if is_typeddict(each)]
    names = {name for kind in kinds for name in kind.__annotations__}

    assert names >= KINDS.keys()


def test_names_may_be_given_as_one_text_and_each_counts_once() -> None:
    policy = policy_of({"x": limit(3)})

    policy.create_customer("v", refs="u", alt_ids=["a", "b", "a"])
    policy.add_cap("v", 5, id="c", scope="x")

    head = policy.customer("a")
    assert head is not None
    assert (head.customer.refs, head.customer.alt_ids) == (("u",), ("a", "b"))
    assert head.caps["c"].terms.scope == ("x",)


def test_metadata_is_kept_as_it_was_given() -> None:
    policy, metadata = policy_of({"x": limit(3)}), {"tags": ["new"]}
    policy.create_customer("v", metadata=metadata)

    metadata["tags"].append("changed")

    assert policy.metadata("v") == {"tags": ["new"]}


def test_a_customer_has_only_so_many_other_names() -> None:
    policy = policy_of({"x": limit(3)})
    names = [f"alt-{number}" for number in range(ALT_IDS_MAX)]
    policy.create_customer("v", alt_ids=names)
    head = policy.customer("v")

    assert not policy.add_alt("nobody", "one-more")
    assert policy.add_alt("v", names[0])
    with pytest.raises(TypeError, match="at most 1,000 other names"):
        policy.add_alt("v", "one-more")
    with pytest.raises(TypeError, match="at most 1,000 other names"):
        policy.create_customer("w", alt_ids=[f"w-{name}" for name in [*names, "one-more"]])
    assert (policy.customer("v"), policy.customer("w")) == (head, None)


def test_a_document_gives_a_customer_only_so_many_other_names() -> None:
    names = [f"alt-{number}" for number in range(ALT_IDS_MAX + 1)]

    (problem,) = Policy.validate({"customers": {"v": {"alt_ids": names}}})

    assert problem.message == "1,001 other ids are more than 1,000"


def test_what_is_left_of_no_limit_does_not_end() -> None:
    policy = policy_of({"x": limit(9)})
    policy.create_override("u", "x", value=UNLIMITED)
    policy.allow("u", "x", 1, at=START)
    policy.allow("u", "x", 1, at=after(1))

    assert policy.projected_exhaustion("u", "x", at=after(1)) is None


def test_an_override_is_not_smoothed_by_more_than_all() -> None:
    policy = policy_of({"x": limit(3)})

    assert policy.create_override("u", "x", ewma_alpha=5) is None
    assert policy.create_override("u", "x", ewma_alpha="much") is None
    assert policy.create_override("u", "x", ewma_alpha=0.5) is not None
