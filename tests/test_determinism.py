"""Determinism: the same question has the same answer, byte for byte, wherever it is asked."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import pydantic
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from criterion.decision import Decision
from criterion.errors import EvaluationError
from criterion.quantity import Quantity
from criterion.result import Result, Status
from criterion.schema import Schema
from tests import catalogue_files
from tests.determinism_answers import THINGS, USAGES, answers, things
from tests.parcels import TARIFF, decision_of, engine, parcel_surcharge, rule_of
from tests.soak import sized

ROOT: Final = Path(__file__).parent.parent
HASH_SEEDS: Final = range(1, sized(21, 4))
ROUNDS: Final = sized(200, 10)
THREADS: Final = 8
VERSIONS: Final = ("3.11", "3.12", "3.13")
PROFILES: Final = {name: catalogue_files.profile(name) for name in ("pricing", "rate-limits")}


def printed(python: str, seed: int) -> bytes:
    """Return the answers as another process prints them."""
    finished = subprocess.run(
        [python, "-W", "error", "-m", "tests.determinism_answers"],
        cwd=ROOT,
        env={"PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps(PROFILES).encode(),
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout


@pytest.fixture(scope="module")
def here() -> bytes:
    return printed(sys.executable, seed=0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", HASH_SEEDS)
def test_the_answers_do_not_depend_on_the_hash_seed(seed: int, here: bytes) -> None:
    assert printed(sys.executable, seed) == here


@pytest.mark.soak
@pytest.mark.parametrize("version", VERSIONS)
def test_the_answers_do_not_depend_on_the_version_of_python(version: str, here: bytes) -> None:
    python = next(pythons(version), None)
    if python is None:
        pytest.skip(f"no Python {version} that has pydantic {pydantic.VERSION} was found")

    assert printed(python, seed=1) == here


def pythons(version: str) -> Iterator[str]:
    """Yield the Pythons of a version that can run the answers; this one first."""
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found = [folder / f"python{version}" for folder in folders]
    found += sorted(pyenv.glob(f"{version}.*/bin/python"))
    for python in [Path(sys.executable), *found]:
        if python.is_file() and _can_run(python, version):
            yield str(python)


def _can_run(python: Path, version: str) -> bool:
    """Whether it is that version and has our pydantic: another may write JSON Schemas otherwise."""
    asked = "import sys, pydantic; print(*sys.version_info[:2], pydantic.VERSION)"
    finished = subprocess.run(
        [python, "-c", asked], cwd=ROOT, capture_output=True, check=False, text=True
    )
    return finished.stdout.split() == [*version.split("."), pydantic.VERSION]


def test_the_answers_of_this_process_are_those_of_another(here: bytes) -> None:
    lines = here.decode().splitlines()

    ours = [answer.to_json(trace=True) for answer in answers(PROFILES)]

    assert [line for line in lines if line.startswith('{"decision"')] == ours
    assert {json.loads(line)["status"] for line in ours} == set(Status)


def in_threads(work: Callable[[int], None]) -> None:
    """Do work in eight threads that start at the same moment; fail where one of them does."""
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 -- passed on below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert failures == []


@pytest.mark.soak
def test_threads_that_share_an_engine_get_the_answers_of_one() -> None:
    usage_limit = catalogue_files.module("usage_limit").usage_limit
    asked: list[tuple[Decision[Any, Any, Any], Any, Any]] = [
        *((usage_limit, usage, PROFILES["pricing"]) for usage in USAGES),
        *((things, thing, None) for thing in THINGS),
        *((parcel_surcharge, {"weight_g": g, "length_mm": g}, TARIFF) for g in (1, 1_200, 10_000)),
    ]
    alone, shared = engine(), engine()
    expected = [alone.run(*each).to_json(trace=True) for each in asked]

    def work(number: int) -> None:
        order = list(range(len(asked)))
        for round_ in range(ROUNDS):
            Random(f"{number} {round_}").shuffle(order)  # noqa: S311 -- repeatable, not secret
            for index in order:
                assert shared.run(*asked[index]).to_json(trace=True) == expected[index]

    in_threads(work)


@pytest.mark.soak
def test_threads_may_read_one_result_at_once() -> None:
    expected = [answer.to_json(trace=True) for answer in answers(PROFILES)]

    for _ in range(ROUNDS // 5):
        results = list(answers(PROFILES))
        in_threads(
            lambda number, results=results: _read_all(results[number:] + results[:number])  # type: ignore[misc] # a default binds the list of this round
        )
        assert [result.to_json(trace=True) for result in results] == expected


def _read_all(results: list[Result[Any]]) -> None:
    for result in results:
        assert result.explanation == json.loads(result.to_json())["explanation"]


conditions = st.lists(st.sampled_from([True, False, None, "raise"]), min_size=1, max_size=8)


def _answering(answer: object) -> Callable[[object, object], object]:
    def when(_: object, __: object) -> object:
        if answer == "raise":
            raise ValueError("no way")
        return answer

    return when


def _status_of(answer: object) -> Status:
    return Status.OK if answer is True else Status.RULE_ERROR


@pytest.mark.soak
@given(answered=conditions, shuffle=st.randoms(use_true_random=False))
def test_rules_behind_the_one_that_decides_do_not_matter(
    answered: list[object], shuffle: Random
) -> None:
    rules = [rule_of(f"rule-{n}", when=_answering(says)) for n, says in enumerate(answered)]
    decides = next((n for n, says in enumerate(answered) if says is not False), len(answered))
    behind = rules[decides + 1 :]
    shuffle.shuffle(behind)
    permuted = [*rules[: decides + 1], *behind]

    before, after, cut = (
        engine().run(decision_of(*some), {"weight_g": 1, "length_mm": 1})
        for some in (rules, permuted, permuted[: decides + 1])
    )

    assert said(before) == said(after) == said(cut)
    assert before.status is [*map(_status_of, answered), Status.NO_MATCH][decides]


def said(result: Result[Any]) -> tuple[object, ...]:
    """Return all but the digest, which covers every rule."""
    answer = (result.status, result.data, result.matched_rule, result.explanation)
    return (*answer, result.errors, result.trace)


# Every input gives a status.


class Hostile(Mapping[str, object]):
    """A mapping that raises, or lies, when it is used in one way."""

    def __init__(self, way: str, error: type[BaseException] = RuntimeError) -> None:
        self._way, self._error = way, error

    def _do(self, way: str) -> None:
        if way == self._way:
            raise self._error("a\nb")

    def __getitem__(self, key: str) -> object:
        self._do("getitem")
        return self if self._way == "itself" else 1

    def __iter__(self) -> Iterator[str]:
        self._do("iter")
        return iter([7, None, "weight_g"]) if self._way == "keys" else iter(["weight_g"])  # type: ignore[list-item] # it lies

    def __len__(self) -> int:
        self._do("len")
        return -1 if self._way == "negative" else 10**6

    def __contains__(self, key: object) -> bool:
        self._do("contains")
        return True

    def __eq__(self, other: object) -> bool:
        self._do("eq")
        return True

    __hash__ = None  # type: ignore[assignment] # as mappings have it

    def __repr__(self) -> str:
        self._do("repr")
        return "hostile"


class Liar(dict[str, object]):
    """A dictionary of a kind that raises."""

    def items(self) -> Any:  # noqa: ANN401 -- never returns
        raise RuntimeError

    def __getitem__(self, key: str) -> object:
        raise RuntimeError(key)

    def get(self, key: str, default: object = None) -> Any:  # noqa: ANN401 -- never returns
        raise RuntimeError(key, default)


def nested(depth: int) -> Any:  # noqa: ANN401 -- lists in lists
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def _cycle() -> dict[str, Any]:
    value: dict[str, Any] = {"weight_g": 1}
    value["anything"] = value
    return value


WAYS: Final = ("getitem", "iter", "len", "contains", "eq", "repr", "itself", "keys", "negative")
HOSTILE: Final[dict[str, Any]] = {
    **{f"a mapping that fails in {way}": Hostile(way) for way in WAYS},
    "a mapping without memory": Hostile("getitem", MemoryError),
    "a mapping too deep": Hostile("iter", RecursionError),
    "a dictionary that raises": Liar(weight_g=1, length_mm=1),
    "a cycle": _cycle(),
    "lists in lists": {"anything": nested(5_000), "weight_g": 1, "length_mm": 1},
    "a huge whole number": {"weight_g": 10**5_000, "length_mm": 1},
    "a huge decimal": {"weight_g": Decimal("1E+9999"), "length_mm": Decimal("1E-9999")},
    "a signalling NaN": {"weight_g": Decimal("sNaN"), "length_mm": float("nan")},
    "keys of every kind": {1: 2, None: 3, ("a",): 4, b"x": 5, 1.5: 6},
    "a hundred thousand keys": dict.fromkeys(range(100_000)),
    "a lone surrogate": {"\ud800": "\udfff", "weight_g": "\ud800"},
    "a class": Hostile,
    "a function": nested,
    "an exception": RuntimeError("a\nb"),
    "a generator": (number for number in range(3)),
}


class Anything(Schema):
    """Facts that take any plain data."""

    anything: Any = None
    weight_g: Quantity = 0
    length_mm: Quantity = 0


class Loose(BaseModel):
    """A model of somebody else's that takes what it can."""

    weight_g: int | str | None = None
    length_mm: float = 0
    anything: Any = None


ASKED: Final[dict[str, Decision[Any, Any, Any]]] = {
    "parcel": parcel_surcharge,
    "usage": catalogue_files.module("usage_limit").usage_limit,
    "things": things,
    "anything": decision_of(
        rule_of(
            explain=lambda f, _: f"{f.anything} {f.weight_g} {f.length_mm}", emit=lambda f, _: f
        ),
        input=Anything,
        output=Anything,
    ),
    "loose": decision_of(
        rule_of(explain=lambda f, _: f"{f}", emit=lambda f, _: f), input=Loose, output=Loose
    ),
}
UNDER: Final[dict[str, Any]] = {"parcel": TARIFF, "usage": PROFILES["pricing"]}


def answers_properly(decision: Decision[Any, Any, Any], facts: Any, profile: Any) -> None:  # noqa: ANN401
    result = engine().run(decision, facts, profile)

    assert result.status in Status
    assert (result.data is not None) == (result.matched_rule is not None)
    assert len(result.explanation.splitlines()) <= 1
    assert json.loads(result.to_json(trace=True), parse_int=Decimal)["status"] == result.status
    assert json.loads(json.dumps(result.to_dict(trace=True), allow_nan=False))
    assert engine().explain(result).startswith(f"Decision: {decision.id} v")
    assert (result.errors == ()) == (result.status in {Status.OK, Status.NO_MATCH})
    assert all(isinstance(result.why_not(rule.id), str) for rule in decision.rules)
    if result.status is not Status.OK:
        with pytest.raises(EvaluationError):
            result.unwrap()


@pytest.mark.parametrize("decision", ASKED)
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_facts_give_a_status(case: str, decision: str) -> None:
    answers_properly(ASKED[decision], HOSTILE[case], UNDER.get(decision))


MAPPINGS: Final = [name for name, value in HOSTILE.items() if isinstance(value, Mapping)]


@pytest.mark.parametrize("case", MAPPINGS)
def test_a_hostile_profile_gives_a_status(case: str) -> None:
    decision = decision_of(rule_of(), profile=Anything)

    answers_properly(decision, {"weight_g": 1, "length_mm": 1}, HOSTILE[case])


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_data_gives_a_status(case: str) -> None:
    decision = decision_of(rule_of(emit=lambda _, __: HOSTILE[case]), output=Anything)

    answers_properly(decision, {"weight_g": 1, "length_mm": 1}, None)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.text(st.characters()),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.uuids(),
    st.sampled_from(
        [datetime(2026, 1, 31, tzinfo=UTC), date(2026, 1, 31), timedelta(0), UUID(int=0), object()]
    ),
)
keys = st.one_of(
    st.sampled_from(
        ["weight_g", "length_mm", "anything", "plan", "resource", "current_usage", "tags", "sizes"]
    ),
    st.text(st.characters(), max_size=5),
    st.integers(),
    st.none(),
)
data = st.recursive(
    scalars,
    lambda parts: st.one_of(
        st.lists(parts, max_size=4),
        st.dictionaries(keys, parts, max_size=6),
        st.tuples(parts, parts),
        st.frozensets(st.integers() | st.text(max_size=3), max_size=3),
    ),
    max_leaves=12,
)


@pytest.mark.soak
@pytest.mark.parametrize("decision", ASKED)
@given(facts=data | st.dictionaries(keys, data, max_size=8))
@example(facts={"weight_g": float("inf"), "length_mm": float("-inf")})
@example(facts={"anything": {"a": {Decimal(1)}}})
def test_every_input_gives_a_status(decision: str, facts: Any) -> None:  # noqa: ANN401 -- anything
    answers_properly(ASKED[decision], facts, UNDER.get(decision))


@pytest.mark.soak
@given(profile=st.none() | st.text(st.characters()) | st.dictionaries(keys, data, max_size=6))
def test_every_profile_gives_a_status(profile: Any) -> None:  # noqa: ANN401 -- anything
    answers_properly(parcel_surcharge, {"weight_g": 1, "length_mm": 1}, profile)
