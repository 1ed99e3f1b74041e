"""Unread: inputs, values of the profile and lets that no rule looks at."""

from collections.abc import Iterator

from criterion.analysis.finding import Finding, Place
from criterion.analysis.paths import Path, reads
from criterion.analysis.placing import Placing
from criterion.expression.tree import Body, Expression, Name, children
from criterion.expression.types import Type
from criterion.text import code


def unread(body: Body, input: Type, profile: Type, placing: Placing | None) -> Iterator[Finding]:
    """Yield a finding for each input, value of the profile and let that nothing reads."""
    lets = {let.name: let.value for let in body.lets}
    nodes = list(_nodes(body))
    found = {path for node in nodes for path in reads(node, lets)}
    for root, given in (("input", input), ("profile", profile)):
        for path in _fields((root,), given):
            if not any(_covers(read, path) for read in found):
                place = None if placing is None else _place(placing, path)
                yield _finding(f"no rule reads {code('.'.join(path))}", place)
    used = _names(nodes, lets)
    for let in body.lets:
        if let.name not in used:
            place = None if placing is None else placing.of_member("let", let.name)
            yield _finding(f"no rule uses the let {code(let.name)}", place)


def _finding(message: str, place: Place | None) -> Finding:
    hint = "remove it, or let a rule read it"
    return Finding(
        kind="unread", level="problem", verdict="proven", message=message, hint=hint, place=place
    )


def _nodes(body: Body) -> Iterator[Expression]:
    for clause in body.clauses:
        if clause.when is not None:
            yield clause.when
        yield from (node for _, node in clause.emit)
        if clause.explain is not None:
            yield clause.explain


def _fields(path: Path, given: Type) -> Iterator[Path]:
    """Yield the path of every value that a schema names."""
    for name, part in given.fields or ():
        inner = list(_fields((*path, name), part))
        yield from inner or [(*path, name)]


def _covers(read: Path, path: Path) -> bool:
    """Whether who reads one path has read another, which is named by the schema."""
    pairs = zip(read, path, strict=False)
    return all(one == two or "*" in {one, two} for one, two in pairs)


def _names(nodes: list[Expression], lets: dict[str, Expression]) -> set[str]:
    used: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name) and node.name in lets and node.name not in used:
            used.add(node.name)
            waiting.append(lets[node.name])
        waiting.extend(children(node))
    return used


def _place(placing: Placing, path: Path) -> Place:
    root, first, *rest = path
    return placing.of_member(root, first, *(step for each in rest for step in ("properties", each)))
