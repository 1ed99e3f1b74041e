"""Traps of YAML: what an author meant where the parser only says that it cannot go on."""

import re
from collections.abc import Callable
from typing import Any, Final

from criterion.documents.problems import Problems
from criterion.text import code

_Problem = tuple[int, str, str | None]

_MEMBER: Final = re.compile(r"\s*(?:- +)*(?P<key>[\w.-]+):[ \t]+(?P<value>\S.*)")
_OPENERS: Final = {
    "'": "value in quotes", '"': "value in quotes", "{": "value in braces",
    "[": "value in brackets", "*": "alias",
}  # fmt: skip
_QUOTE_HINT: Final = "close it on the same line; inside single quotes a quote is written twice"
_INDENT_HINT: Final = "give lines that belong together the same number of spaces"


def syntax_problem(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401 -- yaml's error
    """Return offset, message and hint for text that is no YAML."""
    if getattr(error, "problem_mark", None) is None:
        return 0, "cannot be read as YAML", None
    said = f"{error.context or ''}: {error.problem or ''}"
    for words, explain in _EXPLANATIONS.items():
        if words in said:
            return explain(error, problems)
    return _trailing(error, problems) or _other(error, said, problems)


def _other(error: Any, said: str, problems: Problems) -> _Problem:  # noqa: ANN401
    offset = error.problem_mark.index
    if problems.text[offset : offset + 1] == ":":
        return offset, "a key is missing before the colon", "write `name: value`"
    if "did not find expected" in said:
        return offset, "is indented unlike the lines beside it", _INDENT_HINT
    return offset, f"cannot be read as YAML: {said.strip(': ')}", None


def _after_end(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "keep one document in a file"
    return error.problem_mark.index, "text follows after the end of the document", hint


def _no_colon(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401
    start = (error.context_mark or error.problem_mark).index
    word = re.match(r"[\w.-]+", problems.text[start:])
    key = word[0] if word else "key"
    glued = problems.text[start + len(key) : start + len(key) + 1] == ":"
    hint = "put a space behind the colon" if glued else f"write `{key}: …`"
    return start, f"{code(key)} is neither a key nor a value here", hint


def _nothing(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "remove the comma, or put quotes around the text"
    return error.problem_mark.index, "a value is missing, or a comma is too much", hint


def _item_here(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "begin the list in a line of its own, or quote a text that begins with `- `"
    return error.problem_mark.index, "the item of a list cannot begin here", hint


def _question(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "put quotes around a text that begins with `? `"
    return error.problem_mark.index, "a `?` that does not fit here", hint


def _escape(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "write `\\\\` for a backslash, or use single quotes"
    return error.problem_mark.index, "a backslash begins no known character here", hint


def _tab(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    return error.problem_mark.index, "a tab cannot indent", "use spaces"


def _directive(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    hint = "put quotes around a text that begins with `%`"
    return error.problem_mark.index, "a line cannot begin with `%`", hint


def _old_or_new(error: Any, _: Problems) -> _Problem:  # noqa: ANN401
    return (
        error.problem_mark.index,
        "this version of YAML is not read",
        "leave out the `%YAML` line",
    )


def _unclosed(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401
    start = error.context_mark or error.problem_mark
    opener = problems.text[start.index : start.index + 1]
    if "quoted" in (error.context or ""):
        return start.index, f"the quote {code(opener)} is never closed", _QUOTE_HINT
    line = problems.place(start.index).line
    if problems.place(error.problem_mark.index).line == line:
        hint = "put quotes around each text that is more than a word"
        return error.problem_mark.index, "a comma is missing, or a text needs quotes", hint
    return start.index, f"{code(opener)} is never closed", "close it, or quote the text"


def _second_colon(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401
    offset = error.problem_mark.index
    line = problems.line_at(offset)
    place = problems.place(offset)
    before = line[: place.column - 1]
    if ": " in before:
        hint = "put quotes around a text that contains `: `"
        return offset, "a second `: ` in one line", hint
    key_at = offset - len(before.lstrip().removeprefix("- "))
    above = problems.line_text(place.line - 1) if place.line > 1 else ""
    if above and not above.rstrip().endswith(":"):
        hint = f"end it with a colon, or {_INDENT_HINT}"
        return key_at, "the line above does not begin a section that this could be part of", hint
    return offset, "a `:` that does not fit here", _INDENT_HINT


def _bad_start(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401
    offset = error.problem_mark.index
    character = problems.text[offset : offset + 1]
    if character == "\t":
        return offset, "a tab cannot indent", "use spaces"
    hint = f"put quotes around a text that begins with {code(character)}"
    return offset, f"a value cannot begin with {code(character)}", hint


def _block_text(error: Any, problems: Problems) -> _Problem:  # noqa: ANN401
    offset = (error.context_mark or error.problem_mark).index
    sign = problems.text[offset : offset + 1]
    hint = "put quotes around the whole value"
    return offset, f"{code(sign)} at the beginning of a value starts a block of text", hint


def _trailing(error: Any, problems: Problems) -> _Problem | None:  # noqa: ANN401
    """Return the trap of a value that begins with a quote, brace or bracket and goes on behind."""
    offset = error.problem_mark.index
    line = problems.line_at(offset)
    member = _MEMBER.match(line)
    if member is None or problems.place(offset).column - 1 <= member.start("value"):
        return None
    value = member["value"].rstrip()
    opener = _OPENERS.get(value[0])
    if opener is None:
        return None
    opened = _opened_above(problems, offset, value[0])
    if opened is not None:
        return opened, f"the quote {code(value[0])} is never closed", _QUOTE_HINT
    message = f"the {opener} has ended, and text follows"
    return offset, message, f"quote the whole value: `{member['key']}: {_quoted(value)}`"


def _opened_above(problems: Problems, offset: int, quote: str) -> int | None:
    """Return where a quote opened that ends right before the offset, if not in the same line."""
    start = offset - 1
    place = problems.place(start)
    if problems.text[start : start + 1] != quote or quote not in "'\"":
        return None
    if quote in problems.line_text(place.line)[: place.column - 1]:
        return None
    for line in range(place.line - 1, 0, -1):
        member = _MEMBER.match(problems.line_text(line))
        if member is not None and member["value"].startswith(quote):
            start = problems.offset_of_line(line) + member.start("value")
            return start if member["value"].count(quote) == 1 else None
    return None


def _quoted(value: str) -> str:
    """Return the text in those quotes that it does not contain itself."""
    value = value if len(value) <= 60 else f"{value[:59]}…"  # noqa: PLR2004 -- as long as a hint may be
    if '"' not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


_EXPLANATIONS: Final[dict[str, Callable[[Any, Problems], _Problem]]] = {
    "could not find expected ':'": _no_colon,
    "expected node content": _nothing,
    "block sequence entries": _item_here,
    "mapping keys are not allowed": _question,
    "escape character": _escape,
    "found a tab character": _tab,
    "scanning a directive": _directive,
    "incompatible YAML": _old_or_new,
    "did not find expected ',' or": _unclosed,
    "unexpected end of stream": _unclosed,
    "mapping values": _second_colon,
    "cannot start any token": _bad_start,
    "block scalar": _block_text,
    "<document start>": _after_end,
}
