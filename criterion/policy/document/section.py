"""Sections: mappings of a policy document, read by tables of their fields."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from criterion.documents.yaml_text import Node
from criterion.frozen import FrozenDict
from criterion.policy.amounts import Amount
from criterion.policy.document.fields import Field, Refused
from criterion.policy.document.findings import Finding, Findings, RuleId
from criterion.policy.unit_table import Unit
from criterion.policy.units import Misfit, read_amount
from criterion.quantity import UNLIMITED
from criterion.text import code, did_you_mean, listing


@dataclass(frozen=True, slots=True)
class Section:
    """What a mapping may hold.

    Attributes:
        name: What it is, with its article: ``"a limit"``.
        fields: By key.
        aliases: Other words for keys.
        is_open: Whether other keys are left alone.
    """

    name: str
    fields: Mapping[str, Field]
    aliases: Mapping[str, str] = field(default_factory=FrozenDict)
    is_open: bool = False
    defaults: Mapping[str, Any] = field(init=False)
    required: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put together what every reading begins with."""
        defaults = {key: each.default for key, each in self.fields.items()}
        required = tuple(key for key, each in self.fields.items() if each.required)
        object.__setattr__(self, "defaults", FrozenDict(defaults))
        object.__setattr__(self, "required", required)


class Given:
    """One mapping that was read: a value for every field of its section.

    Attributes:
        path: Where it stands in the document.
        node: The same in the file.
        values: By key; the default where a key is absent, null, or has a mistake.
        wrong: The keys that have a mistake.
    """

    __slots__ = ("_findings", "_nodes", "node", "path", "values", "wrong")

    def __init__(self, section: Section, node: Node, path: str, findings: Findings) -> None:
        """Read what stands there, and note what does not fit."""
        self.node, self.path = node, path
        self.values: dict[str, Any] = dict(section.defaults)
        self.wrong: set[str] = set()
        self._findings = findings
        self._nodes: dict[str, Node] = {}
        if node.members is not None:
            self._read(section, node.members)
        elif node.value is not None and not node.is_broken:
            keys = listing(map(code, section.fields), "and")
            self.note(None, "kind", f"{section.name} is a mapping", f"its keys are {keys}")

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 -- what the key's field takes
        """Return the value of a key."""
        return self.values[key]

    def has(self, key: str) -> bool:
        """Whether the key is there with a value, right or wrong."""
        return key in self._nodes

    def is_sound(self, *keys: str) -> bool:
        """Whether none of these keys has a mistake."""
        return not any(key in self.wrong for key in keys)

    def where(self, key: str) -> Node:
        """Return the value of a key as it stands in the file, or else the whole mapping."""
        return self._nodes.get(key, self.node)

    def path_of(self, key: str | None) -> str:
        """Return the path of a key, or of the whole mapping."""
        if key is None:
            return self.path
        return f"{self.path}.{key}" if self.path else key

    def note(self, key: str | None, rule: RuleId, message: str, hint: str | None = None) -> None:
        """Note a finding at the value of a key, or at the whole mapping."""
        offset = self.node.start if key is None else self.where(key).start
        self._findings.add(Finding(offset, self.path_of(key), rule, message, hint))

    def misfit(self, key: str, rule: RuleId, misfit: Misfit) -> None:
        """Note why the value of a key is wrong; from now on it has a mistake."""
        self.wrong.add(key)
        offset = self._findings.offset(self.where(key), misfit.at)
        found = Finding(offset, self.path_of(key), rule, misfit.message, misfit.hint)
        self._findings.add(found)

    def amount(self, key: str, unit: Unit) -> Any:  # noqa: ANN401 -- an amount, or a None default
        """Return an amount in a unit; zero after a mistake, which is noted."""
        value = self.values[key]
        if value is None or key in self.wrong or value is UNLIMITED:
            return value
        found = read_amount(value, unit)
        if isinstance(found, Misfit):
            self.misfit(key, "amount", found)
            return 0
        return found

    def not_negative(self, key: str, amount: Amount | None) -> None:
        """Note an amount below zero."""
        if amount is not None and amount < 0:
            self.misfit(key, "range", Misfit(f"{code(str(self.values[key]))} is less than 0"))

    def inner(self, key: str, section: Section) -> "Given | None":
        """Return the section of a key, or ``None`` where there is none."""
        node: Node | None = self.values[key]
        return None if node is None else Given(section, node, self.path_of(key), self._findings)

    def named(
        self, key: str, section: Section, *, but: Container[str] = ()
    ) -> "Iterator[tuple[str, Given]]":
        """Yield the sections of a key's mapping, each with its name, but for some names."""
        for name, member, path in self._members(self.values[key], self.path_of(key)):
            if name not in but:
                yield name, Given(section, member, path, self._findings)

    def tabled(self, key: str, section: Section) -> "Iterator[tuple[str, dict[str, Given]]]":
        """Yield the sections of each mapping in a key's mapping, by its name and theirs."""
        for outer, table, path in self._members(self.values[key], self.path_of(key)):
            if table.members is None and table.value is not None:
                message, hint = "this is not a mapping", "write a mapping"
                self._findings.add(Finding(table.start, path, "kind", message, hint))
            yield (
                outer,
                {
                    name: Given(section, member, inner, self._findings)
                    for name, member, inner in self._members(table, path)
                },
            )

    def _members(self, node: Node | None, path: str) -> Iterator[tuple[str, Node, str]]:
        """Yield name, node and path of each member of a mapping."""
        if node is None:
            return
        for name, member in (node.members or {}).items():
            if not name:
                at = node.keys[name].start
                self._findings.add(Finding(at, path, "name", "a name is empty", "give it one"))
            elif not member.is_broken:
                yield name, member, f"{path}.{name}"

    def listed(self, key: str, section: Section) -> "Iterator[Given]":
        """Yield the sections of a key's list."""
        node: Node | None = self.values[key]
        path = self.path_of(key)
        for place, item in enumerate((node.items or ()) if node is not None else ()):
            if not item.is_broken:
                yield Given(section, item, f"{path}[{place}]", self._findings)

    def _read(self, section: Section, members: Mapping[str, Node]) -> None:
        meant: set[str] = set()
        for written, node in members.items():
            key = section.aliases.get(written, written)
            kind = section.fields.get(key)
            if kind is None:
                meant.add("" if section.is_open else self._unknown(section, written))
            elif key in self._nodes:
                message = f"{code(written)} is another word for {code(key)}, which is there too"
                self.note(key, "unique", message, "remove one of them")
            elif node.is_broken:
                self.wrong.add(key)
            elif node.value is not None:
                self._nodes[key] = node
                self._take(key, kind.take(node))
            elif not kind.nullable or kind.required:
                self._nodes[key] = node
                message = f"{code(key)} has no value"
                self.misfit(key, "null", Misfit(message, "give it one, or remove the key"))
        for key in section.required:
            if key not in self._nodes and key not in self.wrong:
                self.wrong.add(key)
                if key not in meant:
                    self.note(None, "missing-key", f"{code(key)} is missing from {section.name}")

    def _take(self, key: str, taken: Any) -> None:  # noqa: ANN401 -- a value, or `Refused`
        if type(taken) is Refused:
            self.misfit(key, taken.rule, taken.misfit)
        else:
            self.values[key] = taken

    def _unknown(self, section: Section, written: str) -> str:
        """Note a key that the section does not have, and return the one that was meant."""
        hint = did_you_mean(written, (*section.fields, *section.aliases))
        meant = "" if hint is None else hint.removeprefix("did you mean `").removesuffix("`?")
        hint = hint or f"the keys of {section.name} are {listing(map(code, section.fields), 'and')}"
        key = self.node.keys.get(written, self.node)
        message = f"{code(written)} is not a key of {section.name}"
        self._findings.add(Finding(key.start, self.path_of(written), "unknown-key", message, hint))
        return section.aliases.get(meant, meant)
