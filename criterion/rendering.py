"""Rendering: a result as text, Markdown or HTML; everything in it escaped, one line per line."""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from criterion.result import Result, RuleTrace
from criterion.text import one_line

_MARKS: Final = {True: "✓", False: "✗", None: "!"}
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@$^=])")


class _Line(NamedTuple):
    label: str
    value: str


def rendered(result: Result[Any], form: str) -> str:
    """Return the result as ``text/plain``, ``text/markdown`` or ``text/html``."""
    return _FORMS[form](result)


def _text(result: Result[Any]) -> str:
    lines = [f"{line.label}: {line.value}" for line in _head(result)]
    if result.trace:
        lines += ["", "Evaluation trace:", *(f"  {_entry(entry)}" for entry in result.trace)]
    return "\n".join(lines)


def _markdown(result: Result[Any]) -> str:
    lines = [f"**{line.label}:** {_escaped(line.value)}  " for line in _head(result)]
    if result.trace:
        lines += ["", "**Evaluation trace:**", ""]
        lines += [f"- {_escaped(_entry(entry))}" for entry in result.trace]
    return "\n".join(lines)


def _html(result: Result[Any]) -> str:
    from html import escape  # noqa: PLC0415 -- slow to import, needed in notebooks only

    rows = "".join(
        f"<tr><th>{line.label}</th><td>{escape(line.value)}</td></tr>" for line in _head(result)
    )
    items = "".join(f"<li>{escape(_entry(entry))}</li>" for entry in result.trace)
    trace = f"<p>Evaluation trace:</p><ul>{items}</ul>" if items else ""
    return f"<table>{rows}</table>{trace}"


def _head(result: Result[Any]) -> list[_Line]:
    lines = [_Line("Decision", f"{result.decision_id} v{result.decision_version}")]
    if result.profile_id is not None:
        lines.append(_Line("Profile", f"{result.profile_id} v{result.profile_version}"))
    lines.append(_Line("Status", result.status.value))
    if result.matched_rule is not None:
        lines.append(_Line("Matched", result.matched_rule))
    lines.append(_Line("Reason", result.explanation))
    lines += [_Line("Error", f"{error} ({error.code})") for error in result.errors]
    return [_Line(label, one_line(value)) for label, value in lines]


def _entry(entry: RuleTrace) -> str:
    """Return one line of the trace; the matching rule's reason stands above already."""
    why = "" if entry.matched else f" — {entry.explanation}"
    return one_line(f"{_MARKS[entry.matched]} {entry.rule_id}{why}")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


_FORMS: Final[dict[str, Callable[[Result[Any]], str]]] = {
    "text/plain": _text,
    "text/markdown": _markdown,
    "text/html": _html,
}
