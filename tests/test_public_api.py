"""The public API: which names there are, and that each says what it is."""

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from syrupy.assertion import SnapshotAssertion

import criterion
from criterion import errors
from criterion.errors import CriterionError

ROOT: Final = Path(__file__).parent.parent
CLASSES: Final[dict[str, Any]] = {
    name: getattr(criterion, name)
    for name in criterion.__all__
    if inspect.isclass(getattr(criterion, name))
}


def test_the_public_names_are(snapshot: SnapshotAssertion) -> None:
    assert criterion.__all__ == snapshot


def test_the_public_names_are_sorted_and_unique() -> None:
    assert sorted(set(criterion.__all__), key=_order) == criterion.__all__


def _order(name: str) -> tuple[bool, bool, str]:
    """Return the order that the linter keeps: constants, classes, functions."""
    return (not name.isupper(), not name[0].isupper(), name)


def test_every_public_name_exists() -> None:
    assert [name for name in criterion.__all__ if not hasattr(criterion, name)] == []


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_class_says_what_it_is(name: str) -> None:
    docstring = CLASSES[name].__dict__.get("__doc__")

    assert docstring
    assert docstring.splitlines()[0].endswith((".", "!"))


def members() -> Iterator[tuple[str, Any]]:
    for name, kind in CLASSES.items():
        for member, value in vars(kind).items():
            if not member.startswith("_") and (
                inspect.isfunction(value) or isinstance(value, property | classmethod)
            ):
                yield f"{name}.{member}", value


@pytest.mark.parametrize(("name", "member"), list(members()))
def test_every_public_method_says_what_it_does(name: str, member: Any) -> None:  # noqa: ANN401
    assert member.__doc__, name


def test_every_error_has_a_code_of_its_own_that_resembles_its_name() -> None:
    kinds = [kind for kind in vars(errors).values() if _is_error(kind)]

    assert len({kind.code for kind in kinds}) == len(kinds) > 8
    for kind in kinds:
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        assert kind.code in {words, words.removesuffix("_error")}


def _is_error(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, CriterionError)


LATER: Final = ["yaml", "simpleeval", "difflib", "html", "sqlite3", "socket", "importlib.metadata"]


def test_importing_the_package_imports_only_what_it_needs() -> None:
    script = f"""
import sys
import pydantic
from pydantic import BaseModel
class Point(BaseModel):
    x: int
Point(x=1)
before = set(sys.modules)
import criterion
print([name for name in {LATER} if name in set(sys.modules) - before])
"""

    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout

    assert shown.strip() == "[]"
