"""Source: the exact text of one function, cut out of its file by the positions in its code."""

import ast
import linecache
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Final

FILES_PARSED_MAX: Final = 32
"""How many parsed files are kept while digests are computed."""

_Function = ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef
_Place = tuple[int, int]


def source_of(function: object) -> str | None:
    """Return the text of a lambda or function, or ``None`` where it cannot be known.

    Two lambdas in one statement are told apart. There is no text for code typed at a prompt or
    edited since it was loaded, for built-in functions, and for objects that are called without
    being functions.
    """
    if not isinstance(function, FunctionType):
        return None
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    functions, codes, lines = _parsed(text)
    found = [node for node in functions if _made(node, code)]
    if not found or code not in codes:
        return None
    return _cut(lines, max(found, key=_start))


@lru_cache(FILES_PARSED_MAX)
def _parsed(text: str) -> tuple[tuple[_Function, ...], frozenset[CodeType], list[bytes]]:
    try:
        tree = ast.parse(text)
        codes = frozenset(_codes(compile(text, "<source>", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError):
        return (), frozenset(), []
    functions = tuple(node for node in ast.walk(tree) if isinstance(node, _Function))
    return functions, codes, text.encode().splitlines(keepends=True)


def _cut(lines: list[bytes], node: _Function) -> str:
    """Do what `ast.get_source_segment` does, which splits the whole file again for each node."""
    (first, start), (last, end) = _start(node), _end(node)
    if first == last:
        return lines[first - 1][start:end].decode()
    inner = lines[first : last - 1]
    return b"".join([lines[first - 1][start:], *inner, lines[last - 1][:end]]).decode()


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _made(node: _Function, code: CodeType) -> bool:
    """Whether the code may come from the node: same kind and name, inside its body."""
    if isinstance(node, ast.Lambda):
        start, end = _span(code)
        if not any(end):
            return _returns_a_constant(node, code)
        return code.co_name == "<lambda>" and _start(node.body) <= start and end <= _end(node.body)
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def _returns_a_constant(node: ast.Lambda, code: CodeType) -> bool:
    """Whether a lambda of one constant is meant, for which Python 3.12 keeps no positions."""
    alone = list(_codes(compile(ast.Expression(node), "<source>", "eval", dont_inherit=True)))[1]
    return code.replace(co_flags=alone.co_flags) == alone  # flags tell what stands around it


def _span(code: CodeType) -> tuple[_Place, _Place]:
    """Return where the code's instructions begin and end: (line, column) in bytes."""
    places = [
        ((line, column), (end_line, end_column))
        for line, end_line, column, end_column in code.co_positions()
        if line and end_line and column is not None and end_column
    ]
    return min((start for start, _ in places), default=(0, 0)), max(
        (end for _, end in places), default=(0, 0)
    )


def _start(node: ast.expr | ast.stmt) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Place:
    return node.end_lineno or 0, node.end_col_offset or 0
