"""Missing cases: what would notice a change, as lines to paste into the file of cases."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from criterion.documents.yaml_writer import write_yaml
from criterion.json_text import Plain, plain
from criterion.mutation.changes import RULES, Change
from criterion.mutation.telling import Facts
from criterion.result import Result, Status
from criterion.text import one_line

NAME_LENGTH_MAX: Final = 100
"""Longest name of a case that is proposed, in characters."""


class MissingCase(NamedTuple):
    """A case that notices a change.

    Attributes:
        extends: The case that has these facts already, and only has to expect more; or ``None``.
        members: What the case says, or what has to be added to the one that it extends.
    """

    extends: str | None
    members: Mapping[str, Plain]

    @property
    def text(self) -> str:
        """The lines to paste, indented as they stand below ``cases``."""
        if self.extends is not None:
            return _indented(write_yaml(self.members), 4)
        return write_yaml({"cases": [self.members]}).partition("\n")[2].rstrip("\n")


class Answers(NamedTuple):
    """What a decision and its changed forms say about the same facts."""

    written: Result[Any]
    changed: Sequence[Result[Any]]


def missing_case(
    change: Change,
    facts: Facts,
    answers: Answers,
    *,
    names: Collection[str],
    shorten: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> MissingCase:
    """Return the case that notices changes: its facts, and what the decision as written says.

    Args:
        change: What no case notices; the first of several that it is named for.
        facts: What tells them apart; without a profile where the cases share it.
        answers: What the decision says, as written and with each of the changes.
        names: Those that other cases have.
        shorten: Leaves out of facts what they have by default.
    """
    expected = _expected(answers)
    if facts.is_of_case:
        added = {key: part for key, part in expected.items() if key not in {"rule", "status"}}
        return MissingCase(facts.case, added)
    head: dict[str, Plain] = {
        "name": _free_name(_name(change), names),
        "facts": plain(shorten(facts.given)),
    }
    if facts.profile is not None:
        head["profile"] = plain(facts.profile)
    return MissingCase(None, head | expected)


def _expected(answers: Answers) -> dict[str, Plain]:
    """Return what the case says of the answer; of the data what the changes would change."""
    written = answers.written
    if written.status is Status.OK:
        others = [_data(changed) for changed in answers.changed]
        data: Plain = {
            name: part
            for name, part in _data(written).items()
            if any(other.get(name, ...) != part for other in others)
        }
        return {"rule": written.matched_rule} | ({"data": data} if data else {})
    if written.status is Status.NO_MATCH:
        return {"rule": None}
    paths: Plain = [error.path for error in written.errors]
    return {"status": written.status.value, "errors": paths}


def _data(result: Result[Any]) -> dict[str, Any]:
    if result.data is None:
        return {}
    data: Any = plain(result.data.model_dump(by_alias=True, warnings=False))
    return dict(data)


def _name(change: Change) -> str:
    if change.place == RULES:
        return " before ".join(change.before.split(", "))
    return f"{change.before}, not {change.after}"


def _free_name(wanted: str, names: Collection[str]) -> str:
    name = one_line(wanted, NAME_LENGTH_MAX)
    number = 2
    free = name
    while free in names:
        free, number = f"{name} ({number})", number + 1
    return free


def _indented(text: str, width: int) -> str:
    return "\n".join(f"{' ' * width}{line}" for line in text.splitlines())
