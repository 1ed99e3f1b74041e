"""The compiled and the interpreted reading of generated expressions: one answer, or one failure."""

from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criterion.expression.compile import Decide, compile_body
from criterion.expression.failure import FAILURES, ClauseFailure
from criterion.expression.interpret import decide
from criterion.expression.tree import Body
from tests.expression.generated import INPUT, PROFILE, bodies, values
from tests.soak import sized

EXAMPLES: Final = sized(20_000, 100)


def outcome(reading: Decide, facts: dict[str, Any], profile: dict[str, Any]) -> object:
    try:
        position, data = reading(facts, profile)
    except ClauseFailure as error:
        failed = error
    else:
        return position, exactly(data)
    assert failed.failure.code in FAILURES
    assert failed.__cause__ is failed.__context__ is None
    return failed.index, failed.stage, failed.failure.code


def exactly(value: Any) -> object:  # noqa: ANN401 -- any plain data
    """Return a form in which true is not 1, and frozen data equals plain data."""
    if isinstance(value, list):
        return [exactly(item) for item in value]
    if isinstance(value, dict):
        return {name: exactly(item) for name, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return repr(value)
    return "number", value


@pytest.mark.soak
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(bodies(), st.lists(st.tuples(values(INPUT), values(PROFILE)), min_size=1, max_size=3))
def test_both_readings_say_the_same(
    body: Body, cases: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    compiled = compile_body(body, INPUT, PROFILE)

    for facts, profile in cases:
        expected = outcome(lambda one, two: decide(body, one, two), facts, profile)

        assert outcome(compiled, facts, profile) == expected
