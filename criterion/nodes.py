"""Nodes: how pydantic's core schemas, which are trees of dictionaries, are walked and changed."""

from collections.abc import Callable
from typing import Any, Final

from pydantic_core import core_schema

Node = dict[str, Any]
"""One node of a core schema."""

_NESTED: Final = frozenset(
    {"schema", "items_schema", "values_schema", "extras_schema", "fields", "choices", "definitions",
     "steps", "lax_schema", "strict_schema", "json_schema", "python_schema", "arguments_schema"}
)  # fmt: skip


def holds_model(node: Node) -> bool:
    """Whether the node makes a model, perhaps with validators around it."""
    while node["type"].startswith("function-") and "schema" in node:
        node = node["schema"]
    return node["type"] in {"model", "dataclass"}


def is_foreign(node: Node) -> bool:
    """Whether the node calls a function that is not known to leave the kind of a value as it is."""
    function = (node.get("function") or {}).get("function")
    module = str(getattr(getattr(function, "func", function), "__module__", ""))
    is_bound = module == _BOUNDS and node["type"] == "function-after"
    return function is not None and not is_bound and not f"{module}.".startswith("criterion.")


_BOUNDS: Final = "pydantic._internal._validators"
"""Where pydantic has the functions that check the bounds of a union."""


def descend(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with the change applied to each node directly below it."""
    made = node.copy()
    for key in _NESTED & node.keys():
        made[key] = _below(node[key], change)
    return made


def parts_of(node: Node) -> list[Node]:
    """Return the nodes directly below a node, without the definitions that it carries."""
    found: list[Node] = []
    for key, part in node.items():
        if key in _NESTED and key != "definitions":
            _gather(part, found)
    if "keys_schema" in node:
        found.append(node["keys_schema"])
    return found


def _gather(part: Any, found: list[Node]) -> None:  # noqa: ANN401 -- a node, or some of them
    if isinstance(part, dict) and isinstance(part.get("type"), str):
        found.append(part)
    elif isinstance(part, (list, tuple, dict)):
        for item in part.values() if isinstance(part, dict) else part:
            _gather(item, found)


def _below(part: Any, change: Callable[[Node], Node]) -> Any:  # noqa: ANN401 -- a node, or some of them
    if isinstance(part, (list, tuple)):
        return [_below(item, change) for item in part]
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            return change(part)
        return {key: _below(item, change) for key, item in part.items()}
    return part


def before(read: Callable[..., object], node: Node) -> Node:
    """Return the node with a function before it that gets the value and the context."""
    inner: Any = node
    return {**core_schema.with_info_before_validator_function(read, inner)}
