"""Profile files: the numbers that decisions run under, with a name and a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from criterion.decision import Decision
from criterion.documents.places import note_misfits
from criterion.documents.problems import Problems
from criterion.documents.sections import id_of, items_of, members_of, section, version_of
from criterion.documents.yaml_text import Node, read_yaml
from criterion.documents.yaml_writer import write_yaml
from criterion.text import code, did_you_mean

KEYS: Final = ("profile", "version", "for", "values")
_ELSEWHERE: Final = {
    "decisions": "did you mean `for`?",
    "name": "the name of a profile stands behind `profile`",
    "id": "the name of a profile stands behind `profile`",
    "decision": "this is a file of profiles; write `profile`, or move it to the decisions",
}


@dataclass(frozen=True, kw_only=True)
class ProfileFile:
    """What a profile file says.

    Attributes:
        name: The profile's name, an id.
        version: Its semantic version.
        decisions: The ids of the decisions that it is for; ``None`` for every one.
        values: The numbers, as plain data; ``unlimited`` is text here.
    """

    name: str
    version: str
    decisions: tuple[str, ...] | None
    values: Mapping[str, Any]
    _node: Node = field(compare=False, repr=False)
    _for: Node | None = field(compare=False, repr=False)
    _problems: Problems = field(compare=False, repr=False)

    def check(self, decisions: Iterable[Decision[Any, Any, Any]]) -> None:
        """Check that the values fit those of the decisions that the profile is for.

        Raises:
            DocumentError: They do not; every value that does not fit, at its place.
        """
        for decision in decisions:
            if self.decisions is None or decision.id in self.decisions:
                suffix = f" (for {decision.id} {decision.version})"
                note_misfits(self._node, decision.profile, self._problems, suffix)
        self._problems.raise_if_any()

    def check_ids(self, known: Iterable[str]) -> None:
        """Check that there is a decision of each id that the profile is for.

        Raises:
            DocumentError: There is none; each at its place.
        """
        known = tuple(known)
        for item in (self._for.items if self._for is not None else None) or ():
            if item.value not in known:
                id = str(item.value)
                message = f"there is no decision {code(id)}"
                self._problems.add(item.start, message, did_you_mean(id, known))
        self._problems.raise_if_any()


def read_profile(source: str | bytes, file: str = "<text>") -> ProfileFile:
    """Read a profile from YAML text.

    Raises:
        DocumentError: The text has mistakes; lists all of them.
    """
    root, problems = read_yaml(source, file)
    members = section(
        root,
        problems,
        "a profile",
        known=KEYS,
        required=("profile", "version", "values"),
        hints=_ELSEWHERE,
    )
    name = id_of(members.get("profile"), problems, "`profile`")
    version = version_of(members.get("version"), problems)
    decisions = _decisions(members.get("for"), problems)
    values = members.get("values", root)
    members_of(values, problems, "`values`")
    problems.raise_if_any()
    return ProfileFile(
        name=name,
        version=version,
        decisions=decisions,
        values=values.value,
        _node=values,
        _for=members.get("for"),
        _problems=problems,
    )


def dump(profile: ProfileFile) -> str:
    """Return the profile as YAML; reading it again gives an equal one. Comments are lost."""
    members: dict[str, Any] = {"profile": profile.name, "version": profile.version}
    if profile.decisions is not None:
        members["for"] = list(profile.decisions)
    return write_yaml({**members, "values": profile.values})


def _decisions(node: Node | None, problems: Problems) -> tuple[str, ...] | None:
    if node is None:
        return None
    items = items_of(node, problems, "`for`")
    found = [id_of(item, problems, "a decision's id") for item in items]
    return tuple(dict.fromkeys(found))
