"""Prints by how many bytes memory grows over many evaluations; run by `test_endurance.py`."""

import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from criterion import load_decision
from criterion.result import Result
from tests.parcels import engine

KIBIBYTE: Final = 1_024
EXPRESSIONS: Final = 1_000
FAILING: Final = 100
WARM_ROUNDS: Final = 10
READ_EVERY: Final = 10

DECISION: Final = """\
decision: endurance
version: 1.0.0
input:
  count: {{type: integer}}
  rate: {{type: number}}
  name: {{type: string}}
  tags: {{type: array, items: {{type: string}}}}
  table: {{type: object, additionalProperties: {{type: integer}}}}
output: {{found: {{type: boolean}}, note: {{type: string}}}}
let:
  twice: input.count * 2
rules:
  - id: holds
    when: "{condition}"
    emit: {{found: true, note: "{{input.name}} has {{twice}}"}}
  - id: not
    when: otherwise
    emit: {{found: false, note: "{{input.rate}}"}}
"""
CONDITIONS: Final = (
    "input.count > {number}",
    "twice + {number} <= input.rate * 3",
    "input.rate / 7 > {number} and input.count != {number}",
    "input.name == 'n{number}' or input.count > {number}",
    "any(x == 't{number}' for x in input.tags)",
    "count(x for x in input.tags if len(x) > {number}) == 0",
    "sum(len(x) * {number} for x in input.tags) > twice",
    "get(input.table, 'k{number}', {number}) == {number}",
    "round(input.rate, 2) * {number} >= input.count ** 2",
    "bucket(input.name, 's{number}') < 50",
)
FAILURES: Final = (
    "input.count / (input.count - input.count) > {number}",
    "input.table['missing{number}'] > 1",
    "input.tags[{number}] == 'a'",
    "(input.count + 10) ** 900 > {number}",
    "min(len(x) for x in input.tags if x == 'none{number}') > 1",
)


def main(arguments: list[str]) -> None:
    """Take how often each expression is evaluated, and each failing one; print the growth."""
    rounds, failing_rounds = map(int, arguments)
    working = list(_bound(CONDITIONS, EXPRESSIONS, start=1))
    failing = list(_bound(FAILURES, FAILING, start=100))
    _run(working, WARM_ROUNDS, status="OK")
    _run(failing, WARM_ROUNDS, status="RULE_ERROR")
    before = _most_memory()
    _run(working, rounds, status="OK")
    _run(failing, failing_rounds, status="RULE_ERROR")
    print(_most_memory() - before)  # noqa: T201 -- read by the test


def _bound(
    conditions: tuple[str, ...], count: int, *, start: int
) -> Iterator[Callable[[Any], Result[Any]]]:
    for number in range(count):
        condition = conditions[number % len(conditions)].format(number=start + number)
        yield engine().bind(load_decision(DECISION.format(condition=condition)))


def _run(bound: list[Callable[[Any], Result[Any]]], rounds: int, *, status: str) -> None:
    for number in range(rounds):
        facts = {
            "count": number,
            "rate": number + 0.5,
            "name": f"customer-{number}",
            "tags": ["t1", f"t{number}", "t3"],
            "table": {"k1": 1, f"k{number}": 2},
        }
        for evaluate in bound:
            result = evaluate(facts)
            assert result.status.name == status, result.errors
            if status != "OK" or number % READ_EVERY == 0:
                assert result.explanation
                assert result.trace


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE


if __name__ == "__main__":
    main(sys.argv[1:])
