"""Records: what is made of all its members at once has as many as its class."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import criterion.policy

FOLDER = Path(criterion.policy.__file__).parent


def test_every_record_that_is_made_gets_all_its_members() -> None:
    found = list(calls())

    assert len(found) > 10
    assert [place for place, given, fields in found if given != fields] == []


def calls() -> Iterator[tuple[str, int, int]]:
    """Yield each use of ``made``: where it is, how many members it gives, how many there are."""
    for path in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        named = ".".join(("criterion.policy", *path.relative_to(FOLDER).with_suffix("").parts))
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef):
                yield from _calls(named, scope)


def _calls(named: str, scope: ast.FunctionDef) -> Iterator[tuple[str, int, int]]:
    tuples = {
        target.id: node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "made":
            kind, members = node.args
            module = importlib.import_module(named)
            given = tuples[members.id] if isinstance(members, ast.Name) else members
            assert isinstance(given, ast.Tuple)
            fields = getattr(module, ast.unparse(kind))._fields
            yield f"{named}:{node.lineno}", _length(module, given), len(fields)


def _length(module: ModuleType, members: ast.Tuple) -> int:
    """Count members; ``*name`` stands for all of a tuple of the module."""
    spread: list[Any] = [
        getattr(module, ast.unparse(each.value))
        for each in members.elts
        if isinstance(each, ast.Starred)
    ]
    return len(members.elts) - len(spread) + sum(map(len, spread))
