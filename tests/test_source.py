"""Source: the exact text of one function, or nothing where it cannot be known."""

import functools
import importlib.util
import linecache
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criterion.source import source_of

Load = Callable[[str | bytes], ModuleType]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Write a file, import it, and forget it afterwards."""
    names: list[str] = []

    def load_text(text: str | bytes) -> ModuleType:
        name = f"sourced_{len(names)}"
        names.append(name)
        path = tmp_path / f"{name}.py"
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return _imported(name, path)

    yield load_text
    for name in names:
        sys.modules.pop(name, None)
    linecache.clearcache()


def _imported(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_two_lambdas_in_one_statement_are_told_apart(load: Load) -> None:
    module = load("pair = (lambda a: a + 1, lambda a: a + 2)")

    assert [source_of(each) for each in module.pair] == ["lambda a: a + 1", "lambda a: a + 2"]


FOUND: Final[dict[str, tuple[str, str]]] = {
    "lambda": ("f = lambda a, b: a < b", "lambda a, b: a < b"),
    "lambda in a call": ("f = (lambda f: f)(lambda a: a)", "lambda a: a"),
    "lambda over lines": (
        "f = (\n    lambda a: (\n        a\n        + 1\n    )\n)",
        "lambda a: (\n        a\n        + 1\n    )",
    ),
    "lambda with defaults": ("f = lambda a, b=(1, 2): a", "lambda a, b=(1, 2): a"),
    "lambda that is kept": ("f = (lambda: lambda a: a * 2)()", "lambda a: a * 2"),
    "lambda around another": ("f = lambda: (lambda a: a)", "lambda: (lambda a: a)"),
    "equal lambdas": ("f, g = lambda a: a, lambda a: a", "lambda a: a"),
    "lambda in a list": ("f = [lambda a: a for _ in range(2)][0]", "lambda a: a"),
    "lambda in a mapping": ('f = {"a": lambda a: a["b"]}["a"]', 'lambda a: a["b"]'),
    "lambda of one constant": ("f = lambda *_: True", "lambda *_: True"),
    "lambda of a name": ("b = 1\nf = lambda: b", "lambda: b"),
    "lambda after other letters": ('é = "ü"; f = lambda a: "ö" + a', 'lambda a: "ö" + a'),
    "lambda after an emoji": ('x = "🎉"; f = lambda a: "🎉" + a; y = "🎉"', 'lambda a: "🎉" + a'),
    "lambda with a conditional": ("f = lambda a: 1 if a else 2", "lambda a: 1 if a else 2"),
    "lambda with a comprehension": ("f = lambda a: [b for b in a]", "lambda a: [b for b in a]"),
    "lambda with a generator": ("f = lambda a: any(b for b in a)", "lambda a: any(b for b in a)"),
    "lambda with a text": ("f = lambda a: f'{a!r:>{10}}'", "lambda a: f'{a!r:>{10}}'"),
    "function": ("def f(a):\n    return a\n", "def f(a):\n    return a"),
    "function in one line": ("def f(a): return a", "def f(a): return a"),
    "function in a function": (
        "def g():\n    def f(a):\n        return a\n    return f\nf = g()",
        "def f(a):\n        return a",
    ),
    "later of two": ("def f():\n    return 1\ndef f():\n    return 2\n", "def f():\n    return 2"),
    "decorated function": (
        "def same(g):\n    return g\n@same\n@same\ndef f(a):\n    return a\n",
        "def f(a):\n    return a",
    ),
    "asynchronous function": ("async def f(a):\n    return a\n", "async def f(a):\n    return a"),
    "generator": ("def f(a):\n    yield a\n", "def f(a):\n    yield a"),
    "method": (
        "class C:\n    def f(self):\n        return 1\nf = C.f",
        "def f(self):\n        return 1",
    ),
    "lambda in a class": ("class C:\n    f = lambda self: 1\nf = C.f", "lambda self: 1"),
    "function with a comment": (
        "def f(a):\n    # why\n    return a\n",
        "def f(a):\n    # why\n    return a",
    ),
    "function after a form feed": (
        "x = 1\n\x0c\ndef f(a):\n    return a\n",
        "def f(a):\n    return a",
    ),
    "function behind a condition": (
        "if True:\n    def f(a):\n        return a\n",
        "def f(a):\n        return a",
    ),
    "end of a file without a line end": ("f = lambda a: a", "lambda a: a"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_the_text_of_a_function_is_cut_out(load: Load, text: str, expected: str) -> None:
    module = load(text)

    assert source_of(module.f) == expected


def test_lines_that_end_in_two_characters_are_read_as_one(load: Load) -> None:
    module = load(b"def f(a):\r\n    return a\r\n")

    assert source_of(module.f) == "def f(a):\n    return a"


UNKNOWN: Final[dict[str, object]] = {
    "built-in": len,
    "class": int,
    "null": None,
    "text": "lambda: 1",
    "partial": functools.partial(lambda a: a, 1),
    "bound method": "a".upper,
    "typed at a prompt": eval("lambda a: a"),  # noqa: S307 -- our own text
}


@pytest.mark.parametrize("thing", UNKNOWN.values(), ids=UNKNOWN)
def test_there_is_no_text_of_what_is_no_function_in_a_file(thing: object) -> None:
    assert source_of(thing) is None


def test_a_bound_method_has_no_text_but_its_function_has(load: Load) -> None:
    module = load("class C:\n    def f(self):\n        return 1\nf = C().f")

    assert source_of(module.f) is None
    assert source_of(module.f.__func__) == "def f(self):\n        return 1"


def test_a_wrapped_function_is_its_wrapper(load: Load) -> None:
    text = """
        import functools

        def loud(g):
            @functools.wraps(g)
            def shout(a):
                return g(a).upper()
            return shout

        @loud
        def f(a):
            return a
        """
    module = load(text)

    assert "shout" in (source_of(module.f) or "")


CHANGES: Final = {
    "another number": ("f = lambda a: a + 1", "f = lambda a: a + 2"),
    "another operator": ("f = lambda a: a < 1", "f = lambda a: a > 1"),
    "moved": ("f = lambda a: a", "\nf = lambda a: a"),
    "another function there": ("def f(a):\n    return a", "def g(a):\n    return a"),
    "another argument": ("f = lambda a: 1", "f = lambda b: 1"),
    "gone": ("f = lambda a: a", ""),
    "broken": ("f = lambda a: a", "f = lambda a:"),
    "with a null": ("f = lambda a: a", "f = lambda a: a\x00"),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_there_is_no_text_of_what_was_edited_since(load: Load, before: str, after: str) -> None:
    module = load(before)

    Path(str(module.__file__)).write_text(after)
    linecache.checkcache()

    assert source_of(module.f) is None


def test_a_removed_file_has_no_text(load: Load) -> None:
    module = load("f = lambda a: a")

    Path(str(module.__file__)).unlink()
    linecache.checkcache()

    assert source_of(module.f) is None


def test_code_in_a_notebook_has_its_text() -> None:
    text = "f = lambda a: a + 1\n"
    linecache.cache["<cell 1>"] = (len(text), None, [text], "<cell 1>")
    scope: dict[str, Any] = {}

    exec(compile(text, "<cell 1>", "exec"), scope)  # noqa: S102 -- our own text

    assert source_of(scope["f"]) == "lambda a: a + 1"


NAMES: Final = st.sampled_from(["a", "b", "é", "long_name"])
BODIES: Final = st.recursive(
    NAMES | st.integers(0, 99).map(str) | st.sampled_from(['"text"', '"🎉"', "(1, 2)", "None"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" + ".join),
        st.tuples(inner, inner).map(" < ".join),
        inner.map("({})".format),
        inner.map("[each for each in [{}]]".format),
        inner.map("(lambda: {})".format),
        inner.map("(\n    {}\n)".format),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(st.lists(BODIES, min_size=1, max_size=5))
def test_every_lambda_of_a_line_is_found(bodies: list[str]) -> None:
    lambdas = [f"lambda a, b: {body}" for body in bodies]
    text = f"functions = ({', '.join(lambdas)},)\n"
    name = f"<{text}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope: dict[str, Any] = {}

    exec(compile(text, name, "exec"), scope)  # noqa: S102 -- our own text

    assert [source_of(each) for each in scope["functions"]] == lambdas
