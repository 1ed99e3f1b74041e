"""Tests of output fit: what is not looked at fits, and what does not fit is found all the same."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Final

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field

from criterion.clock import FixedClock
from criterion.documents.decision_loading import load_decision
from criterion.engine import Bound, Engine
from criterion.evaluation import Program
from criterion.output_fit import output_readers
from criterion.quantity import UNLIMITED
from criterion.result import Result, Status
from criterion.schema import Schema
from criterion.snapshot import ProfileSnapshot
from tests.parcels import NOON

PASSING: Final = """
decision: passing-on
version: 1.0.0
input:
  rule: {enum: [free, bounded, worked-out, left-out]}
  whole: {type: integer}
  number: {type: number}
  room: {$ref: quantity}
  flag: {type: boolean}
  text: {type: string}
  plan: {enum: [free, pro], default: null}
  tier: {enum: [free, pro, max]}
  day: {type: string, format: date}
  list: {type: array, items: {type: integer}}
  sizes: {type: object, additionalProperties: {type: integer}}
output:
  rule: {type: string, default: ""}
  whole: {type: integer, default: 0}
  number: {type: number, default: 0.5}
  room: {$ref: quantity, default: unlimited}
  flag: {type: boolean, default: null}
  text: {type: string, default: null}
  plan: {enum: [free, pro], default: null}
  day: {type: string, format: date, default: null}
  tier: {enum: [free, pro], default: free}
  few: {type: integer, minimum: -9, maximum: 9, default: 0}
  steps: {type: number, multipleOf: 0.5, default: 0}
  left: {$ref: quantity, minimum: 0, default: 0}
  short: {type: string, maxLength: 4, default: ""}
  word: {type: string, pattern: "^[a-z]*$", default: ""}
  list: {type: array, items: {type: integer, maximum: 9}, maxItems: 2, default: []}
  sizes: {type: object, additionalProperties: {type: integer, minimum: 0}, default: {}}
  pair: {type: object, properties: {a: {type: integer, minimum: 0}, b: {type: string}},
    default: {a: 0, b: ""}}
let:
  total: input.whole + len(input.list)
emit:
  rule: =input.rule
rules:
  - id: free
    when: input.rule == "free"
    emit:
      whole: =total
      number: =input.number
      room: =input.room
      flag: =input.flag
      text: =input.text + "!"
      plan: =input.plan
      day: =date(input.day)
  - id: bounded
    when: input.rule == "bounded"
    emit:
      few: =input.whole
      steps: =input.number
      left: =input.room
      short: =input.text
      word: "{input.text}"
      list: =input.list
      sizes: =input.sizes
  - id: worked-out
    when: input.rule == "worked-out"
    emit:
      few: 3
      tier: =input.tier
      whole: =get(input.sizes, input.text, 0)
      text: ="other" if input.plan == null else input.plan
      plan: =input.plan if input.flag else "pro"
      list: [=input.whole, 3]
      pair: {a: =input.whole, b: =input.text}
  - {id: left-out, when: otherwise, emit: {whole: 1}}
"""
passing: Final = load_decision(PASSING)
USAGE: Final = load_decision(Path(__file__).parents[1] / "decisions" / "usage_limit.yaml")

small: Final = st.integers(-12, 12)
FACTS: Final = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(["free", "bounded", "worked-out", "left-out"]),
        "whole": small | st.integers(-(2**63) + 1, 2**63 - 1),
        "number": small | st.decimals(-9, 9, places=2),
        "room": small | st.just(UNLIMITED) | st.decimals(-9, 9, places=1),
        "flag": st.booleans(),
        "text": st.sampled_from(["", "ab", "abcd", "abcde", "A", "a b"]),
        "tier": st.sampled_from(["free", "pro", "max"]),
        "day": st.just("2026-01-31"),
        "list": st.lists(small, max_size=3),
        "sizes": st.dictionaries(st.sampled_from(["ab", "x"]), small),
    },
    optional={"plan": st.sampled_from(["free", "pro", None])},
)


GREATEST: Final = {
    "rule": "free",
    "whole": 2**63 - 1,
    "number": 0,
    "room": 0,
    "flag": False,
    "text": "",
    "tier": "free",
    "day": "2026-01-31",
    "list": [1],
    "sizes": {},
}
"""Facts of which the sum of `whole` and one more is out of bounds."""


def run(facts: dict[str, Any]) -> Result[Any]:
    return Engine(clock=FixedClock(NOON)).run(passing, facts)


def validated(facts: dict[str, Any]) -> Result[Any]:
    """Evaluate the rules one by one, with an instance of the output made on every call."""
    profile = ProfileSnapshot(values=passing.profile(), source=None)
    return Program(passing).under(profile, lambda: NOON)(facts)


@given(FACTS)
@example(GREATEST)
def test_data_fits_and_reads_as_if_the_output_were_made_on_every_call(
    facts: dict[str, Any],
) -> None:
    result, expected = run(facts), validated(facts)

    assert result.status is expected.status
    assert [error[:2] for error in result.errors] == [error[:2] for error in expected.errors]
    assert result.status is Status.RULE_ERROR or result.errors == expected.errors
    assert result.data == expected.data
    assert repr(result.data) == repr(expected.data)
    assert result.to_dict()["data"] == expected.to_dict()["data"]


def test_what_the_types_make_certain_is_not_looked_at() -> None:
    is_looked_at = [read is not None for read in output_readers(passing)]

    assert is_looked_at == [True, True, True, False]  # a date is looked at, too
    assert output_readers(USAGE) == (None,) * 4


def test_data_that_does_not_fit_is_refused_in_the_words_of_the_output() -> None:
    facts = {
        "rule": "bounded", "whole": 10, "number": 1, "room": 1, "flag": True, "text": "Abcde",
        "tier": "max", "day": "2026-01-31", "list": [1, 2, 10], "sizes": {"x": -1},
    }  # fmt: skip

    result = run(facts)

    assert result.status is Status.INVALID_OUTPUT
    assert result.data is None
    assert [(error.path, error.code) for error in result.errors] == [
        ("few", "range"), ("short", "length"), ("word", "pattern"), ("list", "length"),
        ("sizes.x", "range"),
    ]  # fmt: skip


def test_the_data_of_a_result_is_made_once_for_all_threads() -> None:
    facts = {"resource": "projects", "current_usage": 1, "plan": "free"}
    bound = Engine().bind(USAGE, {"warn_at": 1, "limits": {}, "next_plan": {}})
    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            result = bound(facts)
            made = list(pool.map(lambda _, read=result: read.data, range(8)))

            assert {id(data) for data in made} == {id(result.unwrap())}
            assert isinstance(result.data, USAGE.output)


SEEN: Final[list[str]] = []


def _noted(text: str) -> str:
    SEEN.append(text)
    if text == "bad":
        raise ValueError(text)
    return text


class Validated(Schema):
    """An output with a validator of its author's."""

    word: Annotated[str, AfterValidator(_noted)]


class Numbered(Schema):
    """An output with a default that is made anew each time."""

    word: str
    number: int = Field(default_factory=lambda: len(SEEN))


NOTING: Final = """
decision: noting
version: 1.0.0
input: {word: {type: string}}
output: tests.test_output_fit:OUTPUT
rules: [{id: only, when: otherwise, emit: {word: "=input.word"}}]
"""


def noting(folder: Path, output: str) -> Bound[Any, Any]:
    file = folder / "noting.yaml"
    file.write_text(NOTING.replace("OUTPUT", output))
    SEEN.clear()
    return Engine().bind(load_decision(file))


def test_an_author_s_validator_is_asked_once_and_when_the_data_is_emitted(tmp_path: Path) -> None:
    bound = noting(tmp_path, "Validated")

    good, bad = (bound({"word": word}) for word in ("good", "bad"))

    assert good.data is good.data
    assert bad.status is Status.INVALID_OUTPUT
    assert SEEN == ["good", "bad"]


def test_a_default_that_is_made_anew_is_made_when_the_data_is_emitted(tmp_path: Path) -> None:
    result = noting(tmp_path, "Numbered")({"word": "good"})

    SEEN.append("later")

    assert result.unwrap().number == 0


class Faulty(Schema):
    """An output with a default that its own limit refuses."""

    word: str
    short: str = Field("too long", max_length=3)


def test_a_default_that_does_not_fit_is_found_when_the_data_is_emitted(tmp_path: Path) -> None:
    result = noting(tmp_path, "Faulty")({"word": "good"})

    assert [(error.path, error.code) for error in result.errors] == [("short", "length")]
