"""YAML text, read strictly: plain data, and where in the file each part of it stands.

The parser's events are turned into nodes here, with every bound checked on the way, so that no
file can cost more than its size. Nothing is constructed, no tag is obeyed, no key is merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from criterion.documents.problems import Problems
from criterion.documents.scalars import UnclearScalarError, meaning_of
from criterion.documents.yaml_traps import syntax_problem
from criterion.text import code

BYTES_MAX: Final = 4_000_000
"""Size of a file."""
NODES_MAX: Final = 100_000
"""How many keys, values and collections a file may have; what an alias repeats counts again."""
DEPTH_MAX: Final = 40
"""How deep collections may be nested."""
ALIASES_MAX: Final = 100
"""How many aliases a file may have."""
SCALAR_LENGTH_MAX: Final = 100_000
"""Longest single text, in characters."""


@dataclass(slots=True, eq=False)
class Node:
    """One value in a file, or one key.

    Attributes:
        value: Plain data: text, int, Decimal, bool, None, list or dict.
        start: Offset of its first character in the file.
        end: Offset behind its last character.
        style: ``"plain"``, ``"quoted"``, ``"block"``, or ``"collection"``.
        is_flow: Whether it stands inside ``[…]`` or ``{…}``.
        is_broken: Whether a problem was noted already, so that the value means nothing.
        members: Of a mapping: the node of each key's value.
        keys: Of a mapping: the node of each key.
        items: Of a list: its nodes.
        size: How many nodes it has, itself included.
    """

    value: Any
    start: int
    end: int
    style: str = "plain"
    is_flow: bool = False
    is_broken: bool = False
    members: "dict[str, Node] | None" = None
    keys: "dict[str, Node]" = field(default_factory=dict)
    items: "list[Node] | None" = None
    size: int = 1

    def find(self, path: tuple[str | int, ...]) -> "Node":
        """Return the node at a path, or the nearest one above it that exists."""
        node = self
        for step in path:
            below = node._below(step)
            if below is None:
                return node
            node = below
        return node

    def _below(self, step: str | int) -> "Node | None":
        if self.members is not None:
            return self.members.get(str(step))
        items = self.items or []
        return items[step] if isinstance(step, int) and 0 <= step < len(items) else None


def read_yaml(
    source: str | bytes, problems_of: str = "<text>", *, nodes_max: int = NODES_MAX
) -> tuple[Node, Problems]:
    """Read one YAML document.

    Args:
        source: The text, or its bytes in UTF-8; a byte-order mark is fine.
        problems_of: The file's name, for problems.
        nodes_max: How many keys, values and collections it may have.

    Returns:
        The root, and what is wrong with it so far: the caller adds more, and raises.

    Raises:
        DocumentError: The text cannot be read at all.
    """
    text, problems = _decoded(source, problems_of)
    _check_characters(text, problems)
    composer = _Composer(problems, nodes_max)
    try:
        return composer.document(), problems
    except _StoppedError:
        raise problems.error() from None


def _cut_hint(mapping: Node, name: str) -> str:
    """Return what to do about a key that is what a comma has cut off the value before it."""
    before = next(reversed(mapping.members.values()), None) if mapping.members else None
    if before is not None and isinstance(before.value, int) and name.isdecimal():
        return f"write decimals with a point, `{before.value}.{name}`"
    return "quote the whole value: inside `{…}` and `[…]` a comma ends it"


class _StoppedError(Exception):
    """Reading cannot go on; the reason has been noted."""


def _decoded(source: str | bytes, file: str) -> tuple[str, Problems]:
    if len(source) > BYTES_MAX:
        problems = Problems(file, "")
        problems.add(0, f"the file is larger than {BYTES_MAX:_} bytes", "split it")
        raise problems.error()
    if isinstance(source, str):
        text = source
    else:
        try:
            text = source.decode("utf-8")
        except UnicodeDecodeError as error:
            readable = source[: error.start].decode("utf-8")
            problems = Problems(file, readable)
            problems.add(len(readable), "the file is not UTF-8 here", "save it as UTF-8")
            raise problems.error() from None
    text = text.removeprefix("\ufeff")
    return text, Problems(file, text)


def _check_characters(text: str, problems: Problems) -> None:
    import re  # noqa: PLC0415 -- compiled once by `re` itself

    found = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if found:
        shown = found[0].encode("unicode_escape", "replace").decode()
        problems.add(found.start(), f"the character {code(shown)} may not stand in a file")
        raise problems.error()


class _Composer:
    """Builds nodes from the parser's events."""

    def __init__(self, problems: Problems, nodes_max: int) -> None:
        self._nodes_max = nodes_max
        self._problems = problems
        self._events = self._parsed(problems.text)
        self._anchors: dict[str, Node | None] = {}
        self._unused: dict[str, int] = {}
        self._begun_again: set[int] = set()
        self._aliases = 0
        self._nodes = 0

    def _parsed(self, text: str) -> Iterator[Any]:
        import yaml  # noqa: PLC0415 -- imported when the first file is read

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(text, Loader=loader)
        except yaml.YAMLError as error:
            offset, message, hint = syntax_problem(error, self._problems)
            self._problems.forget(*self._problems.line_of(offset))
            self._stop(offset, message, hint)

    def _stop(self, offset: int, message: str, hint: str | None = None) -> NoReturn:
        self._problems.add(offset, message, hint)
        raise _StoppedError

    def document(self) -> Node:
        """Return the root of the only document."""
        next(self._events)
        start = next(self._events)
        if not hasattr(start, "explicit"):
            self._stop(0, "the file is empty")
        if start.tags:
            self._stop(start.start_mark.index, "tags are not read", "leave out the `%TAG` line")
        root = self._node(next(self._events), 0, is_flow=False)
        for anchor, at in self._unused.items():
            hint = "quote the text if it begins with `&`"
            self._problems.add(at, f"nothing uses the anchor {code(anchor)}", hint)
        next(self._events)
        after = next(self._events)
        if hasattr(after, "explicit"):
            hint = "keep one document in a file; quote `---` where it is text"
            self._stop(after.start_mark.index, "a second document begins here", hint)
        return root

    def _node(self, event: Any, depth: int, *, is_flow: bool, is_key: bool = False) -> Node:  # noqa: ANN401 -- yaml's event
        name = type(event).__name__
        if name == "AliasEvent":
            return self._alias(event)
        self._count(event, depth)
        anchor = event.anchor
        if anchor is not None:
            self._unused[anchor] = event.start_mark.index
            self._anchors[anchor] = None
        tag = event.tag
        if name == "ScalarEvent":
            node = self._scalar(event, is_flow=is_flow, is_key=is_key)
        elif name == "MappingStartEvent":
            node = self._mapping(event, depth, is_flow=is_flow)
        else:
            node = self._sequence(event, depth, is_flow=is_flow)
        if tag is not None:
            self._tagged(node, tag)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _count(self, event: Any, depth: int, size: int = 1) -> None:  # noqa: ANN401
        self._nodes += size
        if self._nodes > self._nodes_max:
            self._stop(event.start_mark.index, f"the file has more than {self._nodes_max:_} values")
        if depth > DEPTH_MAX:
            self._stop(event.start_mark.index, f"is nested more than {DEPTH_MAX} levels deep")

    def _alias(self, event: Any) -> Node:  # noqa: ANN401
        at, name = event.start_mark.index, event.anchor
        self._unused.pop(name, None)
        self._aliases += 1
        if self._aliases > ALIASES_MAX:
            self._stop(at, f"the file has more than {ALIASES_MAX} aliases")
        if name not in self._anchors:
            hint = "quote the text if it begins with `*`"
            self._problems.add(at, f"there is no anchor {code(name)} above", hint)
            return Node(None, at, event.end_mark.index, is_broken=True)
        node = self._anchors[name]
        if node is None:
            self._stop(at, f"{code('*' + name)} contains itself")
        self._count(event, 0, node.size)
        return node

    def _tagged(self, node: Node, tag: str) -> None:
        hint = "write `not …`, or quote the text" if tag.startswith("!") else "quote the text"
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        self._problems.add(node.start, f"tags such as {code(shown)} are not read", hint)
        node.is_broken = True

    def _scalar(self, event: Any, *, is_flow: bool, is_key: bool) -> Node:  # noqa: ANN401
        start, end, text = self._content_start(event), event.end_mark.index, event.value
        if len(text) > SCALAR_LENGTH_MAX:
            self._stop(start, f"a text has more than {SCALAR_LENGTH_MAX:_} characters")
        style = _STYLES.get(event.style, "plain")
        node = Node(text, start, end, style, is_flow)
        if style == "plain" and not is_key:
            try:
                node.value = meaning_of(text)
            except UnclearScalarError as error:
                self._problems.add(start, str(error), error.hint)
                node.is_broken = True
        return node

    def _content_start(self, event: Any) -> int:  # noqa: ANN401
        """Return where a scalar begins, behind its anchor."""
        start: int = event.start_mark.index
        if event.anchor is None:
            return start
        text = self._problems.text[start : event.end_mark.index]
        behind = text.removeprefix(f"&{event.anchor}")
        return start + len(text) - len(behind.lstrip())

    def _sequence(self, event: Any, depth: int, *, is_flow: bool) -> Node:  # noqa: ANN401
        inside = is_flow or bool(event.flow_style)
        items: list[Node] = []
        for part in self._events:
            if type(part).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(part, depth + 1, is_flow=inside))
        return Node(
            [item.value for item in items],
            event.start_mark.index,
            part.end_mark.index,
            "collection",
            is_flow,
            items=items,
            size=1 + sum(item.size for item in items),
        )

    def _mapping(self, event: Any, depth: int, *, is_flow: bool) -> Node:  # noqa: ANN401
        inside = is_flow or bool(event.flow_style)
        node = Node({}, event.start_mark.index, 0, "collection", is_flow, members={})
        for part in self._events:
            if type(part).__name__ == "MappingEndEvent":
                break
            key = self._node(part, depth + 1, is_flow=inside, is_key=True)
            value = self._node(next(self._events), depth + 1, is_flow=inside)
            node.size += key.size + value.size
            self._member(node, key, value)
        node.end = part.end_mark.index
        return node

    def _member(self, node: Node, key: Node, value: Node) -> None:
        name = self._key_text(key)
        if name is None or node.members is None:
            node.is_broken = True
            return
        if name in node.members:
            self._note_twice(node, key, name)
            return
        if value.is_flow and value.start == value.end and value.style == "plain":
            self._problems.add(key.start, f"{code(name)} has no value", _cut_hint(node, name))
            value.is_broken = True
        node.keys[name] = key
        node.members[name] = value
        node.value[name] = value.value

    def _note_twice(self, node: Node, key: Node, name: str) -> None:
        """Note a key that is there already; where a new item seems to begin, only its first."""
        if node.start in self._begun_again:
            return
        hint = "remove one of them"
        before = self._problems.line_at(node.start)[: self._problems.place(node.start).column - 1]
        if before.strip() == "-" and name == next(iter(node.keys)):
            hint = f"remove one of them; or, to begin a new item, write `- {name}: …`"
            self._begun_again.add(node.start)
        first = self._problems.place(node.keys[name].start).line
        message = f"{code(name)} is given twice; it stands in line {first} already"
        self._problems.add(key.start, message, hint)

    def _key_text(self, key: Node) -> str | None:
        """Return the key as text, whatever it looks like; ``None`` where it is refused."""
        if key.style == "collection" or (key.style == "plain" and key.start == key.end):
            self._problems.add(key.start, "a key must be text", "quote it, or give it a name")
            return None
        text = self._problems.text[key.start : key.end] if key.style == "plain" else key.value
        if text == "<<" and key.style == "plain":
            self._problems.add(key.start, "merge keys are not read", "write the members out")
            return None
        key.value = text
        return str(text)


_STYLES: Final = {"'": "quoted", '"': "quoted", "|": "block", ">": "block"}
