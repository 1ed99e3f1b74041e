"""Checking: what does not fit the schemas is found before any facts are there, and nothing else."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from criterion.expression.check import BodyMistake, body_scope, check, check_body
from criterion.expression.check_calls import USAGE
from criterion.expression.functions import FUNCTIONS
from criterion.expression.interpret import interpret
from criterion.expression.mistake import MISTAKES
from criterion.expression.parse import parse, parse_text
from criterion.expression.tree import (
    And,
    Arithmetic,
    Body,
    Call,
    Choice,
    Clause,
    Comparison,
    Constant,
    Expression,
    Fold,
    Key,
    ListDisplay,
    Negative,
    Not,
    Or,
    Text,
)
from criterion.expression.types import Kind
from criterion.quantity import UNLIMITED
from tests.expression.subjects import (
    FACTS,
    INPUT,
    OUTPUT,
    PROFILE,
    SCOPE,
    body,
    clause,
    kinds,
    mistakes,
)
from tests.soak import sized

TYPES: Final[list[tuple[str, Kind, bool]]] = [
    ("input.usage + 1", "integer", False),
    ("input.usage + 0.5", "number", False),
    ("input.usage + profile.cap", "quantity", False),
    ("input.usage / 2", "number", False),
    ("input.usage // 2", "integer", False),
    ("input.usage ** 2", "integer", False),
    ("input.usage ** -2", "number", False),
    ("-input.share", "number", False),
    ('input.plan + "!"', "text", False),
    ("input.limit", "integer", True),
    ("input.limit == null", "boolean", False),
    ("input.limit if input.active else 1", "integer", True),
    ("1 if input.active else 2.5", "number", False),
    ("null if input.active else input.plan", "text", True),
    ("1 if input.active else input.plan", "any", False),
    ("[1, 2.5]", "list", False),
    ("[]", "list", False),
    ('{"a": 1}', "mapping", False),
    ("input.lines[0].price", "number", False),
    ("profile.limits[input.plan]", "quantity", False),
    ("round(input.share)", "integer", False),
    ("floor(profile.cap)", "quantity", False),
    ("get(profile.next_plan, input.plan, null)", "text", True),
    ("get(input.address, input.plan, null)", "text", True),
    ("max(input.usage, input.share)", "number", False),
    ("max(input.born, date(input.at))", "date", False),
    ("sum(l.price * l.count for l in input.lines)", "number", False),
    ("count(l for l in input.lines)", "integer", False),
    ("max(l.count for l in input.lines)", "integer", False),
    ("[l.note for l in input.lines][0]", "text", True),
    ("bucket(input.plan, 'x')", "number", False),
]

HINTS: Final = [
    "input.plan == pro",
    'input.plan == "free" or "pro"',
    "usage > 3",
    "lenght(input.tags)",
    'input.usage == "3"',
    "input.limit + 1",
    "input.at - input.born",
    "input.born + 30",
    "input.tags.length",
    'contains(input.tags, "vip")',
    "sum(input.tags)",
    "features.dark-mode",
    "input.thing > 1",
    "profile.cap // 2",
    "input.lines.price > 3",
    "max(input.usage)",
    "input.lines == 3",
    "input.plna + input.wieght_g",
    "any(x == 1 for plan in input.tags)",
    "input.address.town",
    "now() > input.at",
]

FITS: Final[list[tuple[str, object, str | None]]] = [
    ("left", 3, None),
    ("left", Decimal("3.0"), None),
    ("left", Decimal("3.5"), "type"),
    ("left", "3", "type"),
    ("left", None, "null"),
    ("left", True, "type"),
    ("left", UNLIMITED, "type"),
    ("left", "=input.usage", None),
    ("left", "=input.share", "type"),
    ("left", "=round(input.share)", None),
    ("left", "=profile.cap", "type"),
    ("left", "=input.limit", "null"),
    ("left", "=input.limit if input.limit != null else 0", None),
    ("left", "=input.thing", "type"),
    ("remaining", "=profile.cap - input.usage", None),
    ("remaining", "unlimited", None),
    ("remaining", UNLIMITED, None),
    ("share", Decimal("1.5"), "range"),
    ("share", -1, "range"),
    ("share", 1, None),
    ("plan", "pro", None),
    ("plan", "prro", "choice"),
    ("plan", None, None),
    ("plan", "=input.plan", None),
    ("plan", '="prro" if input.active else "pro"', "choice"),
    ("plan", "=profile.next_plan.free", None),
    ("plan", '=input.plan + "x"', None),
    ("plan", 5, "choice"),
    ("message", "{input.usage} of {profile.cap}", None),
    ("message", "=input.usage", "type"),
    ("message", "{input.address}", "type"),
    ("message", "{input.limit}", None),
    ("message", "{input.nope}", "unknown_key"),
    ("allowed", True, None),
    ("allowed", "=input.usage", "type"),
    ("allowed", 1, "type"),
    ("day", "2026-01-31", None),
    ("day", "2026-02-30", "range"),
    ("day", "=input.born", None),
    ("day", "=input.at", "type"),
    ("day", "=input.plan", "type"),
    ("tags", "=input.tags", None),
    ("tags", '=["a", input.plan]', None),
    ("tags", '=["a", 1]', "type"),
    ("tags", "=[l.count for l in input.lines]", "type"),
    ("tags", "=[]", None),
    ("address", "=input.address", None),
    ("address", '={"city": "Ghent"}', None),
    ("address", '={"city": "Ghent", "zip": 9000}', "type"),
    ("address", '={"zip": "9000"}', "missing"),
    ("address", '={"city": "Ghent", "town": "x"}', "unknown_key"),
    ("address", "=input.lines[0]", "missing"),
    ("address", "=input.billing", None),
    ("adress", 1, "unknown_key"),
]


def found(made: Body) -> list[tuple[str | None, str, str | None, str]]:
    return [
        (one.rule, one.stage, one.member, one.mistake.kind)
        for one in check_body(made, INPUT, PROFILE, OUTPUT)
    ]


def sentence(one: BodyMistake) -> str:
    place = "/".join(part for part in (one.rule, one.stage, one.member) if part)
    return f"{place}:{one.mistake.at} {one.mistake.message} ({one.mistake.hint})"


@pytest.mark.parametrize(("source", "kind", "nullable"), TYPES)
def test_an_expression_has_its_type(source: str, kind: Kind, nullable: bool) -> None:  # noqa: FBT001
    checked = check(parse(source), SCOPE)

    assert checked.mistakes == ()
    assert (checked.type.kind, checked.type.nullable) == (kind, nullable)


def test_every_mistake_says_what_to_type(snapshot: SnapshotAssertion) -> None:
    assert {source: mistakes(source) for source in HINTS} == snapshot


def test_all_mistakes_of_an_expression_are_found_at_once() -> None:
    assert kinds("input.plna > 3 and lenght(input.tags) > 1 and input.limit > 2") == [
        "unknown_key",
        "unknown_function",
        "null",
    ]


def test_what_has_a_mistake_makes_no_more_of_them() -> None:
    assert kinds("(input.plna + 1) * 2 > 3 and len(input.plna) > 2") == ["unknown_key"] * 2
    assert kinds("[x.nope + 1 for x in input.lines][0] + 1 > 2") == ["unknown_key"]


def test_every_function_has_its_usage() -> None:
    assert set(USAGE) == set(FUNCTIONS)


def test_what_comes_of_a_redacted_value_is_redacted() -> None:
    for source in (
        "input.secret",
        "input.secret + 'x'",
        "input.secret == 'x'",
        "input.secret in input.tags",
        "len(input.secret)",
        "1 if input.secret == 'x' else 2",
        "any(x == input.secret for x in input.tags)",
        "[x for x in input.tags if x == input.secret]",
        "not (input.secret == 'x') or input.active",
    ):
        assert check(parse(source), SCOPE).type.is_redacted, source
    assert check(parse_text("{input.secret}"), SCOPE).type.is_redacted
    assert not check(parse("input.plan + 'x'"), SCOPE).type.is_redacted


def test_a_let_of_a_redacted_value_is_redacted() -> None:
    scope = body_scope(body(word="input.secret + 'x'", size="len(word)"), INPUT, PROFILE)

    assert check(parse("size > 3"), scope).type.is_redacted


@pytest.mark.parametrize(("member", "value", "kind"), FITS)
def test_what_is_emitted_fits_the_output(member: str, value: object, kind: str | None) -> None:
    emit: dict[str, Any] = {"allowed": True, "message": "ok", member: value}

    kinds_found = [one[3] for one in found(body(clause("only", "otherwise", **emit)))]

    assert kinds_found == ([] if kind is None else [kind])


def test_members_without_a_default_are_emitted_by_every_rule() -> None:
    one = clause("one", "input.active", allowed=True)
    made = body(one, clause("two", "otherwise", message="x"))

    assert found(made) == [
        ("one", "emit", "message", "missing"),
        ("two", "emit", "allowed", "missing"),
    ]


def test_a_rule_knows_what_its_condition_tested() -> None:
    made = body(
        clause(
            "capped",
            "input.limit != null and input.usage > input.limit",
            "over {input.limit} by {input.usage - input.limit}",
            allowed=False,
            message="ok",
            left="=input.limit - input.usage",
        ),
        clause("other", "otherwise", allowed=True, message="ok", left="=input.limit"),
    )

    assert found(made) == [("other", "emit", "left", "null")]


def test_a_rule_knows_that_those_before_it_did_not_match() -> None:
    made = body(
        clause("none", "input.limit == null", allowed=True, message="ok"),
        clause("over", "input.usage > input.limit", allowed=False, message="{input.limit + 1}"),
    )

    assert found(made) == []


def test_a_rule_knows_nothing_of_those_that_come_later() -> None:
    made = body(
        clause("over", "input.usage > input.limit", allowed=False, message="ok"),
        clause("none", "input.limit == null", allowed=True, message="ok"),
    )

    assert found(made) == [("over", "when", None, "null")]


def test_a_condition_is_true_or_false_and_not_always() -> None:
    made = body(
        clause("one", "true", allowed=True, message="ok"),
        clause("two", "input.usage", allowed=True, message="ok"),
        clause("three", "input.limit", allowed=True, message="ok"),
        clause("four", "null", allowed=True, message="ok"),
    )

    assert [one[3] for one in found(made)] == ["constant", "type", "null", "null"]


def test_lets_are_checked_in_their_order() -> None:
    made = body(
        clause("one", "fine > 1", allowed=True, message="ok"),
        fine="input.usage + 1",
        early="late + 1",
        late="input.nope",
        input="1",
        max="2",
        unlimited="3",
    )

    assert found(made) == [
        (None, "let", "early", "unknown_name"),
        (None, "let", "late", "unknown_key"),
        (None, "let", "input", "name"),
        (None, "let", "max", "name"),
        (None, "let", "unlimited", "name"),
    ]


def test_a_let_with_a_mistake_is_told_once() -> None:
    rule = clause("one", "twice > total", allowed=True, message="{total}")
    made = body(rule, total="nope", twice="total * 2")

    assert [one[:3] for one in found(made)] == [(None, "let", "total")]


def test_a_body_with_many_mistakes_reads_well(snapshot: SnapshotAssertion) -> None:
    made = body(
        clause("over", "total >= limit", "{total} of {limits}", allowed=0, message="{output.left}"),
        clause("wrong", 'input.plan == "trial"', allowed=False),
        clause("rest", "otherwise", allowed="=input.usage", mesage="x", left="=total / 2"),
        limit="profile.limits[input.plan]",
        total="input.usage + input.limit",
    )

    assert [sentence(one) for one in check_body(made, INPUT, PROFILE, OUTPUT)] == snapshot


# What follows holds the check to its promise: what it lets pass never meets a wrong kind of value.

PLACE: Final[dict[str, Any]] = {"at": 1, "end": 2}
AT: Final[dict[str, Any]] = {"at": st.just(1), "end": st.just(2)}
LEAVES: Final = [
    "input.usage", "input.share", "input.limit", "input.active", "input.plan", "input.tags",
    "input.lines", "input.born", "input.at", "input.address", "input.billing", "input.thing",
    "profile.cap", "profile.limits", "profile.next_plan", "profile.blocked", "0", "1", "-1", "2.5",
    "null", "true", "unlimited", '"pro"', '"free"', '""', "input.limit != null", "profile.cap > 3",
    "input.billing != null", "profile.cap != unlimited", "input.lines[0].note", "x", "x.note",
]  # fmt: skip
OPERATORS: Final = ["+", "-", "*", "/", "//", "%", "**"]
SIGNS: Final = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
FOLDS: Final = ["any", "all", "sum", "count", "min", "max", "list"]


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Return expressions made of others, whether or not they go together."""
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Arithmetic, operator=st.sampled_from(OPERATORS), left=inner, right=inner, **AT),
        st.builds(Comparison, operator=st.sampled_from(SIGNS), left=inner, right=inner, **AT),
        st.builds(And, operands=some, **AT),
        st.builds(Or, operands=some, **AT),
        st.builds(Not, operand=inner, **AT),
        st.builds(Negative, operand=inner, **AT),
        st.builds(Choice, condition=inner, then=inner, otherwise=inner, **AT),
        st.builds(Key, base=inner, index=inner, **AT),
        st.builds(ListDisplay, items=st.lists(inner, max_size=2).map(tuple), **AT),
        st.builds(Text, parts=st.tuples(st.just("a"), inner), **AT),
        st.builds(
            Call,
            function=st.sampled_from(sorted(FUNCTIONS)),
            arguments=st.lists(inner, min_size=1, max_size=3).map(tuple),
            **AT,
        ),
        st.builds(
            Fold,
            fold=st.sampled_from(FOLDS),
            item=inner,
            variable=st.just("x"),
            source=inner,
            condition=st.none() | inner,
            **AT,
        ),
    )


LOOSE: Final = st.recursive(st.sampled_from(LEAVES).map(parse), grown, max_leaves=8)


SHAPES: Final = {
    "number": [
        "input.usage", "input.share", "input.limit", "profile.cap", "x.count", "x.price", "0",
        "2.5", "unlimited", "input.thing", "{number} + {number}", "{number} - {number}",
        "{number} * {number}", "{number} / {number}", "{number} // {number}",
        "{number} % {number}", "-{number}", "{number} if {truth} else {number}", "len({text})",
        "sum({number} for x in input.lines if {truth})", "max(x.count for x in input.lines)",
        "round({number})", "floor({number})", "min({number}, {number})", "input.lines[0].count",
        "profile.limits[input.plan]", "get(profile.limits, input.plan, {number})",
        "[{number}, {number}][0]", "days_between(input.born, input.at)",
        "count({truth} for x in input.lines)",
    ],
    "truth": [
        "input.active", "true", "input.limit != null", "input.limit == null", "x.note != null",
        "x.note == null", "profile.cap != unlimited", "input.billing != null",
        "{number} < {number}", "{number} >= {number}", "{number} == {number}",
        "{number} != {number}", "{truth} and {truth}", "{truth} and {truth}", "{truth} or {truth}",
        "not {truth}", "{truth} if {truth} else {truth}", "{text} in input.tags",
        "{text} == {text}", "any({truth} for x in input.lines)",
        "all({truth} for x in input.lines if {truth})", "startswith({text}, {text})",
        "input.limit in [1, 5]", "input.billing == null or {truth}", "{text} in profile.limits",
    ],
    "text": [
        "input.plan", "x.note", "x.sku", "input.billing.zip", "input.billing.city", '"free"', '""',
        "{text} + {text}", "lower({text})", "{text} if {truth} else {text}", "input.tags[0]",
        "get(profile.next_plan, {text}, null)", "[x.note for x in input.lines if {truth}][0]",
        "input.thing",
    ],
}  # fmt: skip
"""Expressions by what they should come to; some are null, and ``x`` is not always there."""

SHAPE_DEPTH_MAX: Final = 3


def shaped(kind: str, depth: int = 0) -> st.SearchStrategy[str]:
    """Return expressions that mostly go together."""
    shapes = [one for one in SHAPES[kind] if depth < SHAPE_DEPTH_MAX or "{" not in one]
    return st.sampled_from(shapes).flatmap(lambda shape: filled(shape, depth))


def filled(shape: str, depth: int) -> st.SearchStrategy[str]:
    """Return a shape with expressions in its gaps."""
    literal, *gaps = (part.split("}") for part in shape.split("{"))
    made = st.just(literal[0])
    for kind, after in gaps:
        parts = st.tuples(made, shaped(kind, depth + 1))
        made = parts.map(lambda part, after=after: f"{part[0]}({part[1]}){after}")  # type: ignore[misc]
    return made


SHAPED: Final = st.sampled_from(sorted(SHAPES)).flatmap(shaped).map(parse)


def variants() -> list[dict[str, Any]]:
    """Return facts in which what may be null, or unlimited, is so and is not."""
    made = []
    for limit, billing, cap, thing in (
        (None, None, UNLIMITED, 1),
        (5, {"city": "Ghent", "zip": "9000"}, Decimal("2.5"), "a"),
        (0, {"city": "", "zip": None}, 0, ""),
    ):
        given = {**FACTS["input"], "limit": limit, "billing": billing, "thing": thing}
        made.append({"input": given, "profile": {**FACTS["profile"], "cap": cap}})
    return made


VARIANTS: Final = variants()
KIND_OF: Final[dict[str, tuple[type, ...]]] = {
    "integer": (int,),
    "number": (int, Decimal),
    "quantity": (int, Decimal),
    "boolean": (bool,),
    "text": (str,),
    "date": (dt.date,),
    "datetime": (dt.datetime,),
    "list": (list,),
    "mapping": (dict,),
    "null": (),
}


@pytest.mark.soak
@settings(suppress_health_check=list(HealthCheck), max_examples=sized(200_000, 600))
@given(LOOSE | SHAPED)
def test_what_is_checked_cleanly_never_meets_a_wrong_kind_of_value(node: Expression) -> None:
    checked = check(node, SCOPE)
    if checked.mistakes:
        assert {one.kind for one in checked.mistakes} <= set(MISTAKES)
        return

    for facts in VARIANTS:
        reached, _ = interpret(node, facts, {})
        if reached.failure is not None:
            assert reached.failure.code not in {"type", "null"}
        elif reached.value is None:
            assert checked.type.nullable
        elif checked.type.kind != "any":
            assert isinstance(reached.value, KIND_OF[checked.type.kind])
            assert isinstance(reached.value, bool) == (checked.type.kind == "boolean")
            assert checked.type.kind == "quantity" or reached.value != UNLIMITED
            assert checked.type.choices is None or reached.value in checked.type.choices


@pytest.mark.soak
@settings(suppress_health_check=list(HealthCheck))
@given(SHAPED, SHAPED, LOOSE | SHAPED)
def test_a_body_that_is_checked_cleanly_never_meets_one_either(
    first: Expression, second: Expression, third: Expression
) -> None:
    message = ("message", Text(parts=(second,), **PLACE))
    allowed = Constant(value=True, **PLACE)
    made = Body(
        lets=(),
        clauses=(
            Clause(id="one", when=first, emit=(("allowed", allowed), message), explain=None),
            Clause(id="two", when=second, emit=(("allowed", third), message), explain=None),
        ),
    )
    if check_body(made, INPUT, PROFILE, OUTPUT):
        return

    for facts in VARIANTS:
        for rule in made.clauses:
            assert rule.when is not None
            reached, _ = interpret(rule.when, facts, {})
            codes = {reached.failure and reached.failure.code}
            if reached.value is True:
                results = [interpret(value, facts, {})[0] for _, value in rule.emit]
                codes |= {one.failure and one.failure.code for one in results}
            assert not codes & {"type", "null"}
            if reached.value is not False:
                break
