"""Nodes: how pydantic's core schemas, which are trees of dictionaries, are walked and changed."""

from collections.abc import Callable, Mapping
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


def is_remade(node: Node) -> bool:
    """Whether such a function has the last word on the values of the node."""
    return node["type"] in _LAST_WORDS and is_foreign(node)


def is_models_own(node: Node) -> bool:
    """Whether the function is a validator of the very model that the node makes."""
    made = node
    while made["type"].startswith("function-") and "schema" in made:
        made = made["schema"]
    if made["type"] != "model":
        return False
    own = made["cls"].__pydantic_decorators__.model_validators.values()
    return any(each.func == node["function"]["function"] for each in own)


def passed_to(node: Node, definitions: Mapping[str, Node]) -> Node | None:
    """Return the node whose values a node has, but for what functions in it do; else ``None``."""
    match node["type"]:
        case "definition-ref":
            return definitions[node["schema_ref"]]
        case "chain":
            last: Node = node["steps"][-1]
            return last
        case "lax-or-strict":
            return node.get("strict_schema")
        case "json-or-python":
            return node.get("python_schema")
        case _:
            return node.get("schema")


_LAST_WORDS: Final = frozenset({"function-after", "function-wrap", "function-plain"})

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
