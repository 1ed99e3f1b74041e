"""Leaves: the single values inside facts or a profile, each by its path, and which may change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from criterion.analysis.domain import Domain
from criterion.nodes import Node
from criterion.redaction import METADATA_KEY

LEAVES_MAX: Final = 60
"""How many values of the facts, and of a profile, are looked at."""

DEPTH_MAX: Final = 10
"""How deep a value may stand."""

Path: TypeAlias = tuple[str | int, ...]

ANY: Final = "*"
"""In a path of a schema, every item or key."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value.

    Attributes:
        path: ``input`` or ``profile``, and the keys and positions behind it.
        domain: Which values its schema takes.
        value: What it is.
    """

    path: Path
    domain: Domain = field(compare=False)
    value: Any = field(compare=False)

    @property
    def name(self) -> str:
        """The path as people write it."""
        return written(self.path)

    @property
    def is_any_text(self) -> bool:
        """Whether it is a text that could be any."""
        return self.domain.kind == "text" and self.domain.choices is None


def written(path: Path) -> str:
    """Return ``input.orders[0].price``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def leaves_of(domain: Domain, value: object, path: Path) -> Iterator[Leaf]:
    """Yield the values inside a value of a domain that are neither list nor mapping."""
    if len(path) > DEPTH_MAX:
        return
    if isinstance(value, Mapping):
        known = domain.fields
        for key, part in value.items():
            inner = domain.item if known is None else known.get(key)
            if inner is not None and isinstance(key, str):
                yield from leaves_of(inner, part, (*path, key))
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            if domain.item is not None:
                yield from leaves_of(domain.item, part, (*path, place))
    elif domain.kind in _SINGLE:
        yield Leaf(path, domain, value)


def changed(members: Any, path: Path, value: object) -> Any:  # noqa: ANN401 -- a list or mapping
    """Return a list or mapping with one value inside it changed; the path starts inside it."""
    if not path:
        return value
    first, *rest = path
    inner = changed(members[first], tuple(rest), value)
    if isinstance(members, Mapping):
        return {**members, first: inner}
    return [inner if place == first else part for place, part in enumerate(members)]


def fixed_paths(root: Node, path: Path) -> frozenset[Path]:
    """Return the paths of a schema that say ``changeable: false``, or are marked."""
    definitions = {node["ref"]: node for node in root.get("definitions", ())}
    return frozenset(_fixed(root, path, definitions))


def _fixed(node: Node, path: Path, definitions: Mapping[str, Node]) -> Iterator[Path]:
    if len(path) > DEPTH_MAX:
        return
    metadata = node.get("metadata") or {}
    if METADATA_KEY in metadata or _is_fixed(metadata.get("pydantic_js_extra")):
        yield path
        return
    if node["type"] == "definition-ref":
        yield from _fixed(definitions[node["schema_ref"]], path, definitions)
    for key, part in _parts(node):
        yield from _fixed(part, path if key is None else (*path, key), definitions)


def _parts(node: Node) -> Iterator[tuple[str | None, Node]]:
    """Yield the nodes below one, each with the key that leads to it, where there is one."""
    fields = node.get("fields")
    found: list[tuple[str | None, Any]] = list(fields.items()) if isinstance(fields, dict) else []
    found += ((ANY, node.get(key)) for key in ("items_schema", "values_schema"))
    found += ((None, node.get(key)) for key in ("schema", "strict_schema", "python_schema"))
    branches = (*(node.get("choices") or ()), *(node.get("steps") or ()))
    found += ((None, part[0] if isinstance(part, tuple) else part) for part in branches)
    for key, part in found:
        if isinstance(part, dict):
            yield key, part


def _is_fixed(extra: object) -> bool:
    return isinstance(extra, Mapping) and extra.get("changeable") is False


def covers(path: Path, other: Path) -> bool:
    """Whether one path is another or stands above it."""
    if len(path) > len(other):
        return False
    return all(one in (ANY, two) for one, two in zip(path, other, strict=False))


_SINGLE: Final = frozenset(
    {"integer", "number", "quantity", "boolean", "text", "date", "datetime"}
)  # fmt: skip
