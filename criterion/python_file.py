"""Python files of decisions: each loaded once under one fixed name, so that it has one identity."""

import linecache
import sys
import traceback
from hashlib import sha256
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from criterion.decision import Decision
from criterion.documents.problems import Problems
from criterion.errors import DefinitionError, DocumentError, Problem
from criterion.text import one_line

FILE_BYTES_MAX: Final = 1_000_000
"""How long a file of decisions may be."""


def decisions_in(path: Path) -> tuple[Decision[Any, Any, Any], ...]:
    """Run a file of decisions and return those that it defines, in order.

    The file is code, and runs with all the rights of the program. It runs again only when its text
    has changed, so that everyone who loads it holds the same classes.

    Raises:
        DocumentError: The file cannot be read or run, or it defines no decision.
    """
    module = _module(path)
    found = [value for value in vars(module).values() if isinstance(value, Decision)]
    if not found:
        hint = "assign a `Decision` to a name, or let the file's name begin with `_`"
        raise _refused(path, "defines no decision", hint)
    return tuple(dict.fromkeys(found))


def _module(path: Path) -> ModuleType:
    raw = _read(path)
    digest = sha256(raw).hexdigest()
    place = path.resolve()
    name = f"criterion_decisions_{place.stem}_{sha256(str(place).encode()).hexdigest()[:12]}"
    known = sys.modules.get(name)
    if known is not None and vars(known).get("__criterion_digest__") == digest:
        return known
    source = _source(path, raw)
    module = ModuleType(name)
    vars(module).update(__file__=str(place), __criterion_digest__=digest)
    sys.modules[name] = module
    try:
        _run(source, module)
    except BaseException as error:
        _put_back(name, known)
        if isinstance(error, Exception | SystemExit):
            raise _failed(path, source, error) from error
        raise
    return module


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror or type(error).__name__}") from None
    if len(raw) > FILE_BYTES_MAX:
        raise _refused(path, f"is longer than {FILE_BYTES_MAX} bytes")
    return raw


def _source(path: Path, raw: bytes) -> str:
    try:
        return decode_source(raw)
    except (SyntaxError, UnicodeError) as error:
        raise _refused(path, f"is not Python text: {one_line(str(error), 300)}") from None


def _run(source: str, module: ModuleType) -> None:
    """Run a text as a module; digests and tracebacks quote this text, whatever the file becomes."""
    file = str(module.__file__)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    compiled = compile(source, file, "exec", dont_inherit=True)
    exec(compiled, vars(module))  # noqa: S102 -- a file of decisions is code, and says so


def _put_back(name: str, known: ModuleType | None) -> None:
    if known is None:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = known


def _refused(path: Path, message: str, hint: str | None = None) -> DocumentError:
    problems = Problems(str(path), "")
    problems.add(0, message, hint)
    return problems.error()


def _failed(path: Path, source: str, error: Exception | SystemExit) -> DocumentError:
    """Return what went wrong, at the place of the file where it began."""
    problems = Problems(str(path), source)
    offset = _offset(source, str(path.resolve()), error)
    for problem in _complaints(error):
        message = f"{problem.place}: {problem.message}" if problem.place else problem.message
        problems.add(offset, message, problem.hint)
    return problems.error()


def _complaints(error: Exception | SystemExit) -> tuple[Problem, ...]:
    if isinstance(error, DefinitionError):
        return error.problems
    if isinstance(error, SyntaxError):
        return (Problem("", one_line(str(error.msg), 300)),)
    return (Problem("", f"raised {type(error).__name__}: {one_line(str(error), 300)}"),)


def _offset(source: str, file: str, error: BaseException) -> int:
    """Return where in the text the error began, in characters from 0."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return _offset_of(source, error.lineno or 1, (error.offset or 1) - 1)
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file
    ]
    if not frames or frames[-1].lineno is None:
        return 0
    before = (frames[-1].line or "").encode()[: frames[-1].colno or 0]
    return _offset_of(source, frames[-1].lineno, len(before.decode(errors="replace")))


def _offset_of(source: str, line: int, column: int) -> int:
    lines = source.split("\n")
    return sum(len(part) + 1 for part in lines[: line - 1]) + max(0, column)
