"""Frozen lists and mappings: every change is refused, and copies stay frozen."""

import copy
import datetime as dt
import enum
import json
import operator
import pickle
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criterion.frozen import (
    DEPTH_MAX,
    FrozenDict,
    FrozenList,
    freeze,
    freeze_made,
    frozen_key,
)

LIST_CHANGES: Final[dict[str, Callable[[Any], object]]] = {
    "append": lambda items: items.append(1),
    "extend": lambda items: items.extend([1]),
    "insert": lambda items: items.insert(0, 1),
    "remove": lambda items: items.remove(3),
    "pop": lambda items: items.pop(),
    "clear": lambda items: items.clear(),
    "sort": lambda items: items.sort(),
    "sort by a key": lambda items: items.sort(key=str, reverse=True),
    "reverse": lambda items: items.reverse(),
    "set": lambda items: operator.setitem(items, 0, 1),
    "set a slice": lambda items: operator.setitem(items, slice(None), [1]),
    "delete": lambda items: operator.delitem(items, 0),
    "delete a slice": lambda items: operator.delitem(items, slice(None)),
    "add in place": lambda items: items.__iadd__([1]),
    "multiply in place": lambda items: items.__imul__(2),
    "attribute": lambda items: setattr(items, "note", 1),
}
DICT_CHANGES: Final[dict[str, Callable[[Any], object]]] = {
    "set": lambda members: operator.setitem(members, "b", 1),
    "delete": lambda members: operator.delitem(members, "a"),
    "pop": lambda members: members.pop("a"),
    "pop with a default": lambda members: members.pop("z", None),
    "popitem": lambda members: members.popitem(),
    "clear": lambda members: members.clear(),
    "update": lambda members: members.update(b=1),
    "setdefault": lambda members: members.setdefault("b", 1),
    "merge in place": lambda members: members.__ior__({"b": 1}),
    "attribute": lambda members: setattr(members, "note", 1),
}


@pytest.mark.parametrize("change", LIST_CHANGES.values(), ids=LIST_CHANGES)
def test_a_frozen_list_refuses_every_change(change: Callable[[Any], object]) -> None:
    items = FrozenList([3, 1, 2])

    with pytest.raises((TypeError, AttributeError)):
        change(items)

    assert items == [3, 1, 2]


@pytest.mark.parametrize("change", DICT_CHANGES.values(), ids=DICT_CHANGES)
def test_a_frozen_mapping_refuses_every_change(change: Callable[[Any], object]) -> None:
    members = FrozenDict(a=1)

    with pytest.raises((TypeError, AttributeError)):
        change(members)

    assert members == {"a": 1}


def _calls(thing: Any) -> Iterator[Callable[[], object]]:  # noqa: ANN401 -- a list or a mapping
    """Yield a call of every method with a few arguments each."""
    for name in set(dir(thing)) - {"__init__", "__class__"}:
        for arguments in ((), (0,), ("a",), (0, 1), ("a", 1), ([9],), ({"z": 9},)):
            method = getattr(thing, name)
            if callable(method):
                yield partial(method, *arguments)


@pytest.mark.parametrize(
    ("thing", "plainly"),
    [(FrozenList([3, 1, 2]), [3, 1, 2]), (FrozenDict({"a": 1, 0: 2}), {"a": 1, 0: 2})],
    ids=["list", "mapping"],
)
def test_no_method_of_this_python_changes_it(thing: object, plainly: object) -> None:
    for call in _calls(thing):
        try:
            call()
        except Exception:  # noqa: BLE001, S112 -- most of them do not fit the arguments
            continue

    assert thing == plainly


def test_a_refusal_says_what_to_do_instead() -> None:
    with pytest.raises(TypeError, match="make a new list or mapping instead"):
        FrozenList([1]).append(2)


COPIES: Final[dict[str, Callable[[Any], Any]]] = {
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),  # noqa: S301 -- our own bytes
    "oldest pickle": lambda thing: pickle.loads(pickle.dumps(thing, protocol=0)),  # noqa: S301
}


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize(
    "thing", [FrozenList([1, FrozenList([2])]), FrozenDict(a=FrozenList([1]))], ids=type
)
def test_a_copy_is_equal_and_frozen(thing: object, duplicate: Callable[[Any], Any]) -> None:
    copied = duplicate(thing)

    assert copied == thing
    assert type(copied) is type(thing)


def test_they_read_as_the_plain_ones() -> None:
    items = FrozenList([1, 2])
    members = FrozenDict(a=items)

    assert json.dumps(members) == '{"a": [1, 2]}'
    assert repr(members) == "{'a': [1, 2]}"
    assert items + [3] == [1, 2, 3]  # noqa: RUF005 -- the operator is the point
    assert members | {"b": 1} == {"a": [1, 2], "b": 1}
    assert items[::-1] == [2, 1]
    assert sorted(items, reverse=True) == [2, 1]
    assert {**members} == {"a": [1, 2]}


class _Text(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        return "another"

    __hash__ = str.__hash__


class _Number(int):
    pass


class _Shade(enum.Enum):
    DARK = 1


FROZEN: Final[dict[str, tuple[object, object]]] = {
    "list": ([1, [2]], FrozenList([1, FrozenList([2])])),
    "tuple": ((1, (2,)), FrozenList([1, FrozenList([2])])),
    "mapping": ({"a": {"b": 1}}, FrozenDict(a=FrozenDict(b=1))),
    "ordered mapping": (OrderedDict(a=[1]), FrozenDict(a=FrozenList([1]))),
    "set": ({1, 2}, frozenset({1, 2})),
    "set of tuples": ({(1, 2)}, frozenset({(1, 2)})),
    "tuple as key": ({(1, "a"): 1}, FrozenDict({(1, "a"): 1})),
    "text of a subclass": (_Text("a"), "a"),
    "number of a subclass": (_Number(3), 3),
    "truth": (True, True),
    "enum": (_Shade.DARK, _Shade.DARK),
    "no limit": (Decimal("Infinity"), Decimal("Infinity")),
    "infinite float": (float("inf"), float("inf")),
    "instant": (dt.datetime(2026, 1, 31, tzinfo=dt.UTC), dt.datetime(2026, 1, 31, tzinfo=dt.UTC)),
    "null": (None, None),
}


@pytest.mark.parametrize(("value", "expected"), FROZEN.values(), ids=FROZEN)
def test_plain_data_is_frozen_to_its_own_type(value: object, expected: object) -> None:
    frozen = freeze(value)

    assert frozen == expected
    assert type(frozen) is type(expected)


@pytest.mark.parametrize("value", [[[1]], {"a": [1]}, ({"a": 1},)], ids=str)
def test_what_is_inside_is_frozen_too(value: object) -> None:
    outer: Any = freeze(value)

    inner = outer["a"] if isinstance(outer, dict) else outer[0]

    assert type(inner) in {FrozenList, FrozenDict}


def test_text_that_lies_about_itself_becomes_plain_text() -> None:
    frozen = freeze([_Text("secret")])

    assert type(frozen[0]) is str
    assert frozen[0] == "secret"


REFUSED: Final[dict[str, object]] = {
    "object": object(),
    "function": len,
    "class": int,
    "bytearray": bytearray(b"a"),
    "iterator": iter([1]),
    "complex": 1j,
    "NaN": float("nan"),
    "NaN decimal": Decimal("NaN"),
    "signalling NaN": Decimal("sNaN"),
    "minus infinity": float("-inf"),
    "minus infinite decimal": Decimal("-Infinity"),
    "NaN as key": {float("nan"): 1},
    "NaN in a set": {float("nan")},
    "object as key": {object(): 1},
    "object in a tuple as key": {(object(),): 1},
    "deep": [[[[object()]]]],
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_what_is_no_plain_data_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="must"):
        freeze(value)


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def test_nesting_has_a_bound() -> None:
    assert freeze(_nested(DEPTH_MAX)) == _nested(DEPTH_MAX)
    with pytest.raises(ValueError, match="nested more than 64 levels"):
        freeze(_nested(DEPTH_MAX + 1))


def test_what_contains_itself_is_refused() -> None:
    items: list[object] = []
    items.append(items)
    members: dict[str, object] = {}
    members["self"] = members

    for value in (items, members):
        with pytest.raises(ValueError, match="nested"):
            freeze(value)
        with pytest.raises(ValueError, match="nested"):
            freeze_made(value)


def test_a_key_that_nests_has_a_bound() -> None:
    key: tuple[object, ...] = (1,)
    for _ in range(DEPTH_MAX):
        key = (key,)

    with pytest.raises(ValueError, match="nested"):
        frozen_key(key)


def test_freezing_copies() -> None:
    given: dict[str, list[int]] = {"a": [1]}
    frozen = freeze(given)

    given["a"].append(2)

    assert frozen == {"a": [1]}


def test_a_mapping_that_raises_is_not_swallowed() -> None:
    class Broken(Mapping[str, int]):
        def __getitem__(self, key: str) -> int:
            raise RuntimeError(key)

        def __iter__(self) -> Iterator[str]:
            return iter("a")

        def __len__(self) -> int:
            return 1

    with pytest.raises(RuntimeError):
        freeze(Broken())


class _Model:
    """Something of the author's."""


MADE: Final[dict[str, tuple[object, object]]] = {
    "list": ([1, [2]], FrozenList([1, FrozenList([2])])),
    "deque": (deque([1]), FrozenList([1])),
    "mapping": ({"a": [1]}, FrozenDict(a=FrozenList([1]))),
    "set": ({1}, frozenset({1})),
    "tuple": (([1],), (FrozenList([1]),)),
    "text": ("a", "a"),
    "number": (1, 1),
}


@pytest.mark.parametrize(("value", "expected"), MADE.values(), ids=MADE)
def test_what_a_validator_made_is_frozen(value: object, expected: object) -> None:
    frozen = freeze_made(value)

    assert frozen == expected
    assert type(frozen) is type(expected)


def test_objects_that_a_validator_made_stay_as_they_are() -> None:
    model = _Model()

    assert freeze_made([model])[0] is model


PLAIN: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False).filter(lambda number: number != Decimal("-Infinity")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN)
def test_frozen_data_equals_the_data(value: object) -> None:
    assert freeze(value) == value
    assert freeze(freeze(value)) == value
    assert pickle.loads(pickle.dumps(freeze(value))) == value  # noqa: S301 -- our own bytes
