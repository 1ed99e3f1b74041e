"""The oracle: a plain reading of random decisions, held against what the engine answers.

A decision is drawn as plain data. One function makes rules of it for the engine; the oracle below
interprets the same data with dictionaries and `if`, and uses nothing of the package.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

import pytest
from pydantic import Field

from criterion.decision import Decision
from criterion.profiles import ProfileRegistry
from criterion.quantity import Quantity
from criterion.rule import Rule
from criterion.schema import Schema
from tests.parcels import engine

pytestmark = pytest.mark.soak

CASES: Final = 100_000 if os.environ.get("CRITERION_SOAK") else 600
PARTS: Final = 20

# What is drawn.

Plan = Literal["free", "pro"]
Node = tuple[Any, ...]
"""A condition or an operand: its kind, and what it is made of."""

RULES_MAX: Final = 6
DEPTH_MAX: Final = 3
TEXTS: Final = {  # what somebody wrote, and how it is shown
    "plain": "plain",
    "two\nlines": "two\\nlines",
    "\x1b[31mred": "\\x1b[31mred",
    "abc\u202ecba": "abc\\u202ecba",
    "<b>": "<b>",
}
ERRORS: Final[dict[str, type[Exception]]] = {
    "ValueError": ValueError,
    "KeyError": KeyError,
    "RuntimeError": RuntimeError,
    "RecursionError": RecursionError,
}
NOT_BOOLEAN: Final = (1, 0, None, "yes", 1.0, (), Decimal(1))


Function = Callable[[Any, Any], Any]

OPERATORS: Final[dict[str, Function]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
ARITHMETIC: Final[dict[str, Function]] = {"sum": lambda a, b: a + b, "product": lambda a, b: a * b}


class DrawnRule(NamedTuple):
    id: str
    when: Node
    emit: Node
    explain: Node


class Case(NamedTuple):
    rules: tuple[DrawnRule, ...]
    facts: Any
    profile: Any
    way: str  # how the profile is given


class Answer(NamedTuple):
    status: str
    data: dict[str, Any] | None
    rule: str | None
    explanation: str
    errors: list[tuple[str, str, str]]
    trace: list[tuple[str, bool | None]]


def draw(rng: random.Random) -> Case:
    rules = [_rule(rng, number) for number in range(rng.randint(1, RULES_MAX))]
    if rng.random() < 0.5:
        rules.append(_rule(rng, len(rules))._replace(when=("otherwise",)))
    way = rng.choice(["mapping", "instance", "name", "unknown", "none"] if rng.random() < 0.3
                     else ["mapping", "name"])  # fmt: skip
    broken = way == "mapping" and rng.random() < 0.1
    profile = _broken_profile(rng) if broken else _profile(rng)
    facts = _broken_facts(rng) if rng.random() < 0.25 else _facts(rng)
    return Case(tuple(rules), facts, profile, way)


def _rule(rng: random.Random, number: int) -> DrawnRule:
    return DrawnRule(f"rule-{number}", _condition(rng, 0), _emit(rng), _explain(rng))


def _condition(rng: random.Random, depth: int) -> Node:
    kinds = ["compare"] * 6 + ["plan", "tag", "vip", "note"] * 2
    kinds += ["raise", "odd"] if rng.random() < 0.15 else []
    kinds += ["and", "or", "not"] * 4 if depth < DEPTH_MAX else []
    parts: dict[str, Callable[[], Node]] = {
        "compare": lambda: (rng.choice(list(OPERATORS)), _operand(rng), _operand(rng)),
        "plan": lambda: (rng.choice(["free", "pro"]),),
        "tag": lambda: (rng.choice(["a", "b", "c"]),),
        "raise": lambda: _error(rng),
        "odd": lambda: (rng.choice(NOT_BOOLEAN),),
        "and": lambda: (_condition(rng, depth + 1), _condition(rng, depth + 1)),
        "or": lambda: (_condition(rng, depth + 1), _condition(rng, depth + 1)),
        "not": lambda: (_condition(rng, depth + 1),),
    }
    kind = rng.choice(kinds)
    return (kind, *parts.get(kind, tuple)())


def _operand(rng: random.Random) -> Node:
    parts: dict[str, Callable[[], Node]] = {
        "constant": lambda: (rng.choice([0, 1, 7, Decimal("0.5"), Decimal("-2.25")]),),
        "sum": lambda: (("amount",), ("cap",)),
        "product": lambda: (("share",), ("rate",)),
    }
    kind = rng.choice(["amount", "share", "cap", "rate", *parts])
    return (kind, *parts.get(kind, tuple)())


def _emit(rng: random.Random) -> Node:
    odd = ["missing", "unknown", "wrong", "refused", "nothing", "raise", "echo"]
    kind = rng.choice(["instance", "mapping"] * 6 + odd)
    if kind == "raise":
        return (kind, *_error(rng))
    return (kind, rng.random() < 0.5, _operand(rng))


def _explain(rng: random.Random) -> Node:
    parts: dict[str, Callable[[], Node]] = {
        "quote": lambda: (_operand(rng), _operand(rng)),
        "text": lambda: (rng.choice(list(TEXTS)),),
        "raise": lambda: _error(rng),
    }
    kind = rng.choice(["none", "quote", "quote", "quote", "note", "text", "raise", "odd"])
    return (kind, *parts.get(kind, tuple)())


def _error(rng: random.Random) -> Node:
    return rng.choice(list(ERRORS)), rng.choice(list(TEXTS))


def _facts(rng: random.Random) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "amount": rng.choice([rng.randint(0, 20), float(rng.randint(0, 20)), Decimal(3)]),
        "share": rng.choice([0, 1, 0.1, 0.5, Decimal("0.30"), Decimal("-1.5"), 7]),
        "plan": rng.choice(["free", "pro"]),
    }
    optional: dict[str, Any] = {
        "vip": rng.choice([True, False]),
        "tags": rng.choice([["a"], ("a", "b"), [], ["b", "c", "a"]]),
        "note": rng.choice([None, *TEXTS]),
    }
    return facts | {key: value for key, value in optional.items() if rng.random() < 0.6}


def _broken_facts(rng: random.Random) -> Any:  # noqa: ANN401 -- anything at all
    if rng.random() < 0.1:
        return rng.choice([None, 7, "text", [], [("amount", 1)], True])
    facts = _facts(rng)
    for _ in range(rng.randint(1, 3)):
        key = rng.choice([*WRONG, "zzzzzz"])
        if key in WRONG and rng.random() < 0.8:
            facts[key] = rng.choice(WRONG[key])
        elif key == "zzzzzz":
            facts[key] = 1
        else:
            facts.pop(key, None)
    return facts


WRONG: Final[dict[str, list[Any]]] = {
    "amount": [-1, 21, 10**30, True, 3.5, "3", None, Decimal("4.5"), float("nan"), [], {}],
    "share": ["0.5", True, None, float("nan"), float("inf"), Decimal("NaN"), [], {}],
    "plan": ["gold", "Free", "", None, 3, True],
    "vip": [1, 0, "yes", None],
    "tags": ["a", [1], ["a", None], ["a", "b", "c", "a"], None, {"a": 1}, 5],
    "note": [5, True, ["x"], b"x"],
}


def _profile(rng: random.Random) -> dict[str, Any]:
    return {"cap": rng.randint(-5, 20), "rate": rng.choice([0, 2, 0.25, Decimal("1.5")])}


def _broken_profile(rng: random.Random) -> dict[str, Any]:
    return rng.choice(
        [{}, {"cap": 1}, {"cap": "1", "rate": 1}, {"cap": 1, "rate": None, "zzzzzz": 1}]
    )


# What the engine is given.


class Facts(Schema):
    """Facts of every simple kind."""

    amount: int = Field(ge=0, le=20)
    share: Decimal
    plan: Plan
    vip: bool = False
    tags: list[str] = Field(default=[], max_length=3)
    note: str | None = None


class OwnFacts(Facts):
    """The same facts, of a schema that has more than fields."""

    @property
    def is_large(self) -> bool:
        """Whether much is asked for."""
        return self.amount > 10


class Numbers(Schema):
    """A profile."""

    cap: int
    rate: Decimal


class Said(Schema):
    """An output."""

    allowed: bool
    left: Quantity
    note: str | None = None


def decision_of(case: Case, schema: type[Facts]) -> Decision[Any, Any, Any]:
    return Decision(
        id="drawn",
        version="1.0.0",
        input=schema,
        profile=Numbers,
        output=Said,
        rules=tuple(_as_rule(rule) for rule in case.rules),
    )


def _as_rule(rule: DrawnRule) -> Rule[Any, Any, Any]:
    return Rule(
        id=rule.id,
        when="otherwise" if rule.when == ("otherwise",) else _as_condition(rule.when),
        emit=_as_emit(rule.emit),
        explain=_as_explain(rule.explain),
    )


def _as_condition(node: Node) -> Function:
    kind, *parts = node
    if kind in JOINED:
        return JOINED[kind](*map(_as_condition, parts))
    if kind == "compare":
        operator, *operands = parts
        return _joined(OPERATORS[operator], *map(_as_operand, operands))
    return CONDITIONS[kind](*parts)


def _joined(join: Function, left: Function, right: Function) -> Function:
    return lambda f, p: join(left(f, p), right(f, p))


def _raising(name: str, text: str) -> Function:
    def function(_: object, __: object) -> Any:  # noqa: ANN401 -- never returns
        raise ERRORS[name](text)

    return function


Maker = Callable[..., Function]

JOINED: Final[dict[str, Maker]] = {
    "and": lambda a, b: lambda f, p: a(f, p) and b(f, p),
    "or": lambda a, b: lambda f, p: a(f, p) or b(f, p),
    "not": lambda a: lambda f, p: not a(f, p),
}
CONDITIONS: Final[dict[str, Maker]] = {
    "plan": lambda plan: lambda f, _: f.plan == plan,
    "tag": lambda tag: lambda f, _: tag in f.tags,
    "vip": lambda: lambda f, _: f.vip,
    "note": lambda: lambda f, _: f.note is None,
    "odd": lambda value: lambda _, __: value,
    "raise": _raising,
}
EXPLANATIONS: Final[dict[str, Maker]] = {
    "quote": lambda a, b: lambda f, p: f"{_as_operand(a)(f, p)} and {_as_operand(b)(f, p)}",
    "note": lambda: lambda f, _: f"it says {f.note}, {f.tags}",
    "text": lambda text: lambda _, __: text,
    "odd": lambda: lambda f, _: f.amount,
    "raise": _raising,
}
NOT_AN_ANSWER: Final[dict[str, Any]] = {"allowed": "no", "left": 0}
EMITTED: Final[dict[str, Callable[[Any, bool, Any], Any]]] = {
    "instance": lambda _, allowed, left: Said(allowed=allowed, left=left),
    "mapping": lambda _, allowed, left: {"allowed": allowed, "left": left},
    "missing": lambda _, __, left: {"left": left},
    "unknown": lambda _, allowed, left: {"allowed": allowed, "left": left, "zzzzzz": 1},
    "wrong": lambda _, __, left: {"allowed": 1, "left": left, "note": 2},
    "refused": lambda _, __, ___: Said(**NOT_AN_ANSWER),
    "nothing": lambda _, __, ___: None,
    "echo": lambda facts, _, __: facts,
}


def _as_operand(node: Node) -> Function:
    kind, *parts = node
    if kind == "constant":
        return lambda _, __: parts[0]
    if kind in {"sum", "product"}:
        return _joined(ARITHMETIC[kind], *map(_as_operand, parts))
    if kind in {"cap", "rate"}:
        return lambda _, p: getattr(p, kind)
    return lambda f, _: getattr(f, kind)


def _as_emit(node: Node) -> Function:
    kind, *parts = node
    if kind == "raise":
        return _raising(*parts)
    allowed, left = parts[0], _as_operand(parts[1])
    return lambda f, p: EMITTED[kind](f, allowed, left(f, p))


def _as_explain(node: Node) -> Function | None:
    kind, *parts = node
    return None if kind == "none" else EXPLANATIONS[kind](*parts)


# What the oracle says.


def oracle(case: Case) -> Answer:
    problems, facts = read_facts(case.facts)
    if problems:
        return _refusal("INVALID_INPUT", "invalid input", problems)
    problems, numbers = read_profile(case)
    if problems:
        return _refusal("INVALID_PROFILE", "invalid profile", problems)
    trace: list[tuple[str, bool | None]] = []
    for rule in case.rules:
        try:
            matches = True if rule.when == ("otherwise",) else condition(rule.when, facts, numbers)
        except _RaisedError as raised:
            return _failure(rule, "when", "raised", raised.text, trace)
        if matches is True:
            return _decided(rule, facts, numbers, trace)
        if matches is not False:
            text = "the condition is neither true nor false"
            return _failure(rule, "when", "not_boolean", text, trace)
        trace.append((rule.id, False))
    return Answer("NO_MATCH", None, None, "no rule matched", [], trace)


class _RaisedError(Exception):
    def __init__(self, name: str, text: str) -> None:
        super().__init__(name)
        quoted = repr(text).replace("\\\\", "\\") if name == "KeyError" else TEXTS[text]
        self.text = f"{name}: {quoted}"


Read = Mapping[str, Any]
Problems = list[tuple[str, str, str]]


def condition(node: Node, facts: Read, numbers: Read) -> object:
    kind = node[0]
    if kind == "compare":
        return _compared(
            node[1], operand(node[2], facts, numbers), operand(node[3], facts, numbers)
        )
    if kind == "and":
        return condition(node[1], facts, numbers) and condition(node[2], facts, numbers)
    if kind == "or":
        left = condition(node[1], facts, numbers)
        return left or condition(node[2], facts, numbers)
    if kind == "not":
        return not condition(node[1], facts, numbers)
    if kind == "raise":
        raise _RaisedError(node[1], node[2])
    answers: dict[str, Callable[[], object]] = {
        "plan": lambda: facts["plan"] == node[1],
        "tag": lambda: facts["tags"].count(node[1]) > 0,
        "vip": lambda: facts["vip"],
        "note": lambda: facts["note"] is None,
        "odd": lambda: node[1],
    }
    return answers[kind]()


def _compared(operator: str, left: Decimal, right: Decimal) -> bool:
    sign = (left > right) - (left < right)
    return {
        "<": sign < 0, "<=": sign <= 0, "==": sign == 0,
        "!=": sign != 0, ">=": sign >= 0, ">": sign > 0,
    }[operator]  # fmt: skip


def operand(node: Node, facts: Read, numbers: Read) -> Any:  # noqa: ANN401 -- int or Decimal
    kind = node[0]
    if kind == "constant":
        return node[1]
    if kind == "sum":
        return operand(node[1], facts, numbers) + operand(node[2], facts, numbers)
    if kind == "product":
        return operand(node[1], facts, numbers) * operand(node[2], facts, numbers)
    return numbers[kind] if kind in {"cap", "rate"} else facts[kind]


def _decided(rule: DrawnRule, facts: Read, numbers: Read, trace: list[Any]) -> Answer:
    kind = rule.emit[0]
    if kind == "raise":
        return _failure(rule, "emit", "raised", _RaisedError(*rule.emit[1:]).text, trace)
    problems: dict[str, Problems] = {
        "missing": [("allowed", "missing", "is required")],
        "unknown": [("zzzzzz", "unknown_key", "is not a known key")],
        "wrong": [
            ("allowed", "type", "must be true or false"),
            ("note", "type", "must be text"),
        ],
        "refused": [("allowed", "type", "must be true or false")],
        "nothing": [("", "type", "must be a mapping")],
        "echo": [("", "type", "must be a mapping")],
    }
    if kind in problems:
        head = f"rule `{rule.id}` emitted invalid data"
        answer = _refusal("INVALID_OUTPUT", head, problems[kind])
        return answer._replace(trace=[*trace, (rule.id, True)])
    data = {
        "allowed": rule.emit[1], "left": operand(rule.emit[2], facts, numbers), "note": None,
    }  # fmt: skip
    why = explained(rule, facts, numbers)
    return Answer("OK", data, rule.id, why, [], [*trace, (rule.id, True)])


def explained(rule: DrawnRule, facts: Read, numbers: Read) -> str:
    kind, *parts = rule.explain
    if kind == "none":
        is_last = rule.when == ("otherwise",)
        return "no earlier rule matched" if is_last else f"the condition of `{rule.id}` was true"
    if kind == "quote":
        return " and ".join(str(operand(part, facts, numbers)) for part in parts)
    if kind == "note":
        note = "None" if facts["note"] is None else TEXTS[facts["note"]]
        return f"it says {note}, {facts['tags']}"
    if kind == "raise":
        return f"the explanation of `{rule.id}` failed: {_RaisedError(*parts).text}"
    return TEXTS[parts[0]] if kind == "text" else f"the explanation of `{rule.id}` is not text"


def _failure(rule: DrawnRule, stage: str, code: str, text: str, trace: list[Any]) -> Answer:
    why = f"rule `{rule.id}` failed in `{stage}`: {text}"
    errors = [(f"rules.{rule.id}.{stage}", code, text)]
    return Answer("RULE_ERROR", None, None, why, errors, [*trace, (rule.id, None)])


def _refusal(status: str, head: str, problems: Problems) -> Answer:
    path, _, message = problems[0]
    more = f" (and {len(problems) - 1} more)" if problems[1:] else ""
    why = f"{head}: {f'{path}: ' if path else ''}{message}{more}"
    return Answer(status, None, None, why, problems, [])


def read_facts(given: Any) -> tuple[Problems, dict[str, Any]]:  # noqa: ANN401 -- anything at all
    if not isinstance(given, dict):
        return [("", "type", "must be a mapping")], {}
    readers = {
        "amount": _amount, "share": _share, "plan": _plan,
        "vip": _vip, "tags": _tags, "note": _note,
    }  # fmt: skip
    return _read(given, readers, {"vip": False, "tags": [], "note": None})


def read_profile(case: Case) -> tuple[Problems, dict[str, Any]]:
    if case.way == "none":
        return [("", "profile_missing", "decision `drawn` needs a profile")], {}
    if case.way == "unknown":
        return [("", "profile_unknown", "there is no profile `zzzzzz`")], {}
    return _read(case.profile, {"cap": _whole, "rate": _share}, {})


def _read(
    given: dict[str, Any],
    readers: Mapping[str, Callable[[str, Any], tuple[Problems, Any]]],
    defaults: dict[str, Any],
) -> tuple[Problems, dict[str, Any]]:
    problems: Problems = []
    values = dict(defaults)
    for name, read in readers.items():
        if name in given:
            found, values[name] = read(name, given[name])
            problems += found
        elif name not in defaults:
            problems.append((name, "missing", "is required"))
    unknown = [key for key in given if key not in readers]
    return problems + [(key, "unknown_key", "is not a known key") for key in unknown], values


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _whole(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- anything at all
    is_whole = _is_number(value) and Decimal(value).is_finite() and value == int(value)
    return ([], int(value)) if is_whole else ([(path, "type", "must be a whole number")], None)


def _amount(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    problems, whole = _whole(path, value)
    if not problems and whole < 0:
        problems = [(path, "range", "must be at least 0")]
    if not problems and whole > 20:
        problems = [(path, "range", "must be at most 20")]
    return problems, whole


def _share(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    if not _is_number(value):
        return [(path, "type", "must be a number")], None
    number = Decimal(str(value))
    if not number.is_finite():
        return [(path, "not_finite", "must be a finite number")], None
    return [], number


def _plan(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    is_plan = isinstance(value, str) and value in {"free", "pro"}
    return ([] if is_plan else [(path, "choice", 'must be "free" or "pro"')]), value


def _vip(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    return ([] if isinstance(value, bool) else [(path, "type", "must be true or false")]), value


def _tags(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    if not isinstance(value, list | tuple):
        return [(path, "type", "must be a list")], None
    if len(value) > 3:
        return [(path, "length", "must have at most 3 items")], None
    problems = [
        (f"{path}.{index}", "type", "must be text")
        for index, item in enumerate(value)
        if not isinstance(item, str)
    ]
    return problems, list(value)


def _note(path: str, value: Any) -> tuple[Problems, Any]:  # noqa: ANN401 -- the same
    is_note = value is None or isinstance(value, str)
    return ([] if is_note else [(path, "type", "must be text")]), value


# What is compared.


def answered(case: Case, schema: type[Facts]) -> Answer:
    registry = ProfileRegistry()
    if case.way == "name":
        registry.register("numbers", case.profile, version="1.0.0")
    ways: dict[str, Callable[[], Any]] = {
        "mapping": lambda: case.profile,
        "instance": lambda: Numbers(**case.profile),
        "name": lambda: "numbers",
        "unknown": lambda: "zzzzzz",
        "none": lambda: None,
    }
    result = engine(registry).run(decision_of(case, schema), case.facts, ways[case.way]())
    data = None if result.data is None else result.data.model_dump()
    return Answer(
        result.status.value,
        data,
        result.matched_rule,
        result.explanation,
        [(error.path, error.code, error.message) for error in result.errors],
        [(entry.rule_id, entry.matched) for entry in result.trace],
    )


def cases(part: int) -> Iterator[Case]:
    rng = random.Random(f"oracle {part}")  # noqa: S311 -- repeatable, not secret
    for _ in range(CASES // PARTS):
        yield draw(rng)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_answers_as_the_oracle_does(part: int) -> None:
    schema = (Facts, OwnFacts)[part % 2]

    for case in cases(part):
        assert repr(answered(case, schema)) == repr(oracle(case)), case  # 3 is not Decimal("3")


def test_the_cases_reach_every_kind_of_answer() -> None:
    answers = [oracle(case) for part in range(PARTS) for case in cases(part)][:600]

    statuses = [answer.status for answer in answers]
    codes = {code for answer in answers for _, code, _ in answer.errors}
    assert min(statuses.count(status) for status in set(statuses)) > 10
    assert len(set(statuses)) == 6
    assert codes == {
        "missing", "unknown_key", "type", "choice", "range", "length", "not_finite",
        "profile_missing", "profile_unknown", "raised", "not_boolean",
    }  # fmt: skip
    assert {answer.data["left"] is None for answer in answers if answer.data} == {False}
