"""Whatever data shows something, the same small data is shown for it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import pytest

from criterion.analysis.domain import Domain
from criterion.analysis.shrinking import smallest

NUMBER: Final = Domain(kind="number", least=0)
DOMAIN: Final = Domain(
    kind="mapping",
    fields={
        "count": Domain(kind="integer"),
        "share": NUMBER,
        "kind": Domain(kind="text", choices=("a", "b", "c")),
        "note": Domain(kind="text", nullable=True),
        "is_new": Domain(kind="boolean"),
        "items": Domain(kind="list", item=NUMBER, length_min=1),
        "fees": Domain(kind="mapping", item=NUMBER, keys=frozenset({"all"})),
    },
)
PLAIN: Final = {
    "count": 0,
    "share": Decimal(0),
    "kind": "a",
    "note": None,
    "is_new": False,
    "items": [Decimal(0)],
    "fees": {"all": Decimal(0)},
}
MUCH: Final[dict[str, Any]] = {
    "count": -(2**63),
    "share": Decimal("1E-40"),
    "kind": "c",
    "note": "x",
    "is_new": True,
    "items": [Decimal(7), Decimal(99), Decimal("12.5")],
    "fees": {"all": Decimal(3), "DE": Decimal(8)},
}
SHOWS: Final[dict[str, tuple[Callable[[Any], bool], dict[str, Any]]]] = {
    "anything": (lambda _: True, {}),
    "a number": (lambda data: data["count"] < -41, {"count": -42}),
    "a share": (lambda data: data["share"] > 0, {"share": Decimal("1E-40")}),
    "a choice": (lambda data: data["kind"] != "a", {"kind": "b"}),
    "an item": (lambda data: max(data["items"]) > 90, {"items": [Decimal("90.01")]}),
    "a key": (
        lambda data: "DE" in data["fees"],
        {"fees": {"all": Decimal(0), "DE": Decimal(0)}},
    ),
}


@pytest.mark.parametrize("name", SHOWS)
def test_nothing_is_left_but_what_shows_it(name: str) -> None:
    shows, needed = SHOWS[name]

    assert smallest(DOMAIN, MUCH, shows) == {**PLAIN, **needed}
