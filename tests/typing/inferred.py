"""What a type checker infers; `assert_type` is an error wherever it infers anything else."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, assert_type

from criterion import (
    UNLIMITED,
    Decision,
    Engine,
    MemoryRecorder,
    NoProfile,
    Quantity,
    Record,
    Result,
    Rule,
    RuleTrace,
    Schema,
    Status,
)
from criterion.engine import Bound


class Usage(Schema):
    """An input."""

    amount: int


class Limits(Schema):
    """A profile."""

    maximum: int


class Verdict(Schema):
    """An output."""

    allowed: bool
    left: Quantity = 0


limited = Decision(
    id="limited",
    version="1.0.0",
    input=Usage,
    profile=Limits,
    output=Verdict,
    rules=(
        Rule(
            id="within",
            when=lambda usage, limits: usage.amount <= limits.maximum,
            emit=lambda usage, limits: Verdict(allowed=True, left=limits.maximum - usage.amount),
            explain=lambda usage, limits: f"{usage.amount} <= {limits.maximum}",
        ),
        Rule(id="over", when="otherwise", emit=lambda _, __: {"allowed": False}),
    ),
)
unconditional = Decision(
    id="unconditional",
    version="1.0.0",
    input=Usage,
    profile=NoProfile,
    output=Verdict,
    rules=(Rule(id="always", when="otherwise", emit=lambda _, __: Verdict(allowed=True)),),
)


def definitions() -> None:
    assert_type(limited, Decision[Usage, Limits, Verdict])
    assert_type(unconditional, Decision[Usage, NoProfile, Verdict])
    assert_type(limited.rules, tuple[Rule[Usage, Limits, Verdict], ...])
    assert_type(limited.output, type[Verdict])
    assert_type(limited.digest, str | None)
    assert_type(UNLIMITED, Decimal)


def results(engine: Engine) -> None:
    result = engine.run(limited, {"amount": 1}, profile="pricing", metadata={"request": 1})
    assert_type(result, Result[Verdict])
    assert_type(result.data, Verdict | None)
    assert_type(result.unwrap(), Verdict)
    assert_type(result.unwrap().left, int | Decimal)
    assert_type(result.status, Status)
    assert_type(result.matched_rule, str | None)
    assert_type(result.explanation, str)
    assert_type(result.trace, tuple[RuleTrace, ...])
    assert_type(result.trace[0].matched, bool | None)
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(result.to_json(trace=True), str)
    assert_type(engine.explain(result), str)


def other_ways(engine: Engine) -> None:
    assert_type(engine.run(limited, Usage(amount=1), Limits(maximum=2)), Result[Verdict])
    assert_type(engine.run(unconditional, {"amount": 1}), Result[Verdict])
    many = engine.run_many(limited, [{"amount": 1}, Usage(amount=2)], {"maximum": 2})
    assert_type(many, Iterator[Result[Verdict]])


def bindings(engine: Engine) -> None:
    bound = engine.bind(limited, "pricing")
    assert_type(bound, Bound[Usage, Verdict])
    assert_type(bound({"amount": 1}), Result[Verdict])
    assert_type(bound(Usage(amount=1), metadata={}), Result[Verdict])


def recordings(recorder: MemoryRecorder) -> None:
    assert_type(recorder.records, list[Record])
    assert_type(recorder.records[0].result, Result[Any])


def results_of_any_output(engine: Engine) -> list[Result[Schema]]:
    """Return results of a wider type: a result only gives data, so it is covariant."""
    first, second = engine.run(limited, {}), engine.run(unconditional, {})
    return [first, second]
