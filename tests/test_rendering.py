"""Renderings: text, Markdown and HTML; whatever is in a result stays one escaped line."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from criterion.profiles import ProfileRegistry
from criterion.result import Result, Status
from tests.parcels import (
    HEAVY_PARCEL,
    HOSTILE_TEXT,
    LIGHT_PARCEL,
    TARIFF,
    Letter,
    decision_of,
    engine,
    no,
    parcel_surcharge,
    rule_of,
    yes,
)

FORMS: Final = ("text/plain", "text/markdown", "text/html")
ELEMENTS: Final = {"table", "tr", "th", "td", "p", "ul", "li"}

# Everything that could start a new line, move a cursor, or change what a reader sees in order.
UNSAFE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def by_name() -> Result[Any]:
    registry = ProfileRegistry()
    registry.register("tariff", TARIFF, version="1.0.0")
    return engine(registry).run(parcel_surcharge, HEAVY_PARCEL, "tariff")


def raising(text: str) -> Callable[[object, object], Any]:
    def when(_: object, __: object) -> bool:
        raise ValueError(text)

    return when


SHOWN: dict[str, Callable[[], Result[Any]]] = {
    "a named profile": by_name,
    "rules that did not match": lambda: engine().run(parcel_surcharge, LIGHT_PARCEL, TARIFF),
    "no match": lambda: engine().run(decision_of(rule_of(when=no)), LIGHT_PARCEL),
    "invalid input": lambda: engine().run(parcel_surcharge, {"wieght_g": 1}, TARIFF),
    "no profile": lambda: engine().run(parcel_surcharge, LIGHT_PARCEL),
    "invalid output": lambda: engine().run(
        decision_of(rule_of(when=yes, emit=lambda _, __: {"done": 1})), LIGHT_PARCEL
    ),
    "a failing rule": lambda: engine().run(
        decision_of(rule_of("first", when=no), rule_of("second", when=raising("no way"))),
        LIGHT_PARCEL,
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", SHOWN)
def test_a_result_is_shown_as(case: str, form: str, snapshot: SnapshotAssertion) -> None:
    result = SHOWN[case]()

    assert bundle(result)[form] == snapshot


def test_the_text_is_what_explain_returns() -> None:
    result = by_name()

    assert bundle(result)["text/plain"] == engine().explain(result) == str(result)


def test_a_notebook_may_ask_for_some_forms() -> None:
    result = by_name()

    shown = result._repr_mimebundle_(include={"text/html"}, exclude=None)

    assert shown == bundle(result)


def bundle(result: Result[Any]) -> dict[str, str]:
    return result._repr_mimebundle_()


PLACES: dict[str, Callable[[str], Result[Any]]] = {
    "a fact in the explanation": lambda text: engine().run(
        decision_of(rule_of(explain=lambda letter, _: f"says {letter.text}!"), input=Letter),
        {"text": text},
    ),
    "the explanation": lambda text: engine().run(
        decision_of(rule_of(explain=lambda _, __: text)), LIGHT_PARCEL
    ),
    "the exception of a rule": lambda text: engine().run(
        decision_of(rule_of(when=raising(text))), LIGHT_PARCEL
    ),
    "the exception of an explanation": lambda text: engine().run(
        decision_of(rule_of(explain=raising(text))), LIGHT_PARCEL
    ),
    "the name of an exception": lambda text: engine().run(
        decision_of(rule_of(when=_raising_a(text))), LIGHT_PARCEL
    ),
    "a key of the facts": lambda text: engine().run(
        decision_of(rule_of(), input=Letter), {"text": "", text: 1}
    ),
    "a key of the profile": lambda text: engine().run(
        decision_of(rule_of()), LIGHT_PARCEL, {text: 1}
    ),
    "a key of the data": lambda text: engine().run(
        decision_of(rule_of(emit=lambda _, __: {text: 1})), LIGHT_PARCEL
    ),
    "the name of a profile": lambda text: engine().run(parcel_surcharge, LIGHT_PARCEL, text),
}


def _raising_a(name: str) -> Callable[[object, object], Any]:
    def when(_: object, __: object) -> bool:
        kind = type("Odd", (Exception,), {})
        kind.__name__ = name.replace("\x00", "\x01").replace("\ud800", "\x01")
        raise kind

    return when


@pytest.mark.parametrize("text", HOSTILE_TEXT.values(), ids=HOSTILE_TEXT.keys())
@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_stays_one_escaped_line(place: str, text: str) -> None:
    result, harmless = PLACES[place](text), PLACES[place]("harmless")

    assert result.status is harmless.status
    stays_escaped(result, harmless)


@given(text=st.text(st.characters(), min_size=1, max_size=40))
def test_any_text_in_an_explanation_stays_one_escaped_line(text: str) -> None:
    place = PLACES["the explanation"]

    stays_escaped(place(text), place("harmless"))


def stays_escaped(result: Result[Any], harmless: Result[Any]) -> None:
    shown, plain = bundle(result), bundle(harmless)
    for form in FORMS:
        assert len(shown[form].splitlines()) == len(plain[form].splitlines()), form
        assert UNSAFE.search(shown[form].replace("\n", "")) is None, form
        shown[form].encode("utf-8")
    assert UNSAFE.search(result.explanation) is None
    assert UNSAFE.search(repr(result)) is None
    assert result.to_json(trace=True).isascii()
    assert result.explanation in shown["text/plain"]
    assert result.explanation in html_texts(shown["text/html"])
    assert result.explanation in markdown_text(shown["text/markdown"])


class _Texts(HTMLParser):
    """Collects texts, and refuses what a rendering does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        assert attrs == []
        self.is_inside = False

    def handle_endtag(self, tag: str) -> None:
        assert tag in ELEMENTS
        self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.texts[-1] += data
        else:
            self.texts.append(data)
        self.is_inside = True

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"an instruction: {data}")


def html_texts(html: str) -> list[str]:
    """Return the texts between elements; fail where there is an element that we do not write."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    return parser.texts


def markdown_text(markdown: str) -> str:
    """Return what Markdown shows; fail where a character of ours has a meaning there."""
    shown = []
    for line in markdown.splitlines():
        start = re.match(r"\*\*[A-Za-z ]+:\*\*( |$)|- |", line)
        assert start is not None
        rest = line[start.end() :]
        assert re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]<>#!|~&:@]", rest) is None, rest
        shown.append(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", rest.removesuffix("  ")))
    return "\n".join(shown)


def test_an_empty_explanation_leaves_the_line_empty() -> None:
    result = PLACES["the explanation"]("")

    assert result.status is Status.OK
    assert "Reason: \n" in bundle(result)["text/plain"]


def test_a_very_long_explanation_is_cut() -> None:
    shown = bundle(PLACES["the explanation"]("a" * 100_000))

    assert max(len(text) for text in shown.values()) < 5_000


def test_a_trace_entry_gives_the_reason_only_where_it_stands_nowhere_else() -> None:
    lines = bundle(SHOWN["rules that did not match"]())["text/plain"].splitlines()

    assert lines[-3:] == [
        "  ✗ heavy — the condition of `heavy` was false",
        "  ✗ long — the condition of `long` was false",
        "  ✓ standard",
    ]
