"""Mappings as documents: plain Python data in the form that text is read into."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from criterion.documents.yaml_text import DEPTH_MAX, Node
from criterion.policy.document.findings import Finding, Findings
from criterion.text import code


def node_of(value: object, findings: Findings, path: str = "", depth: int = 0) -> Node:
    """Return data as a node; what is no plain data is noted, and is broken."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if depth > DEPTH_MAX:
        return _broken(findings, path, f"is nested more than {DEPTH_MAX} levels deep")
    if isinstance(value, Mapping):
        return _mapping(value, findings, path, depth)
    if isinstance(value, list | tuple):
        items = [
            node_of(item, findings, f"{path}[{place}]", depth + 1)
            for place, item in enumerate(value)
        ]
        return Node([item.value for item in items], 0, 0, "collection", items=items)
    if isinstance(value, Decimal) and not value.is_finite():
        return _broken(findings, path, f"{code(str(value))} is not a finite number")
    if value is None or isinstance(value, str | int | Decimal):
        return Node(value, 0, 0, "quoted")
    return _broken(findings, path, "this is not plain data: text, numbers, lists and mappings")


def _mapping(value: Mapping[Any, Any], findings: Findings, path: str, depth: int) -> Node:
    node = Node({}, 0, 0, "collection", members={})
    members: dict[str, Node] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            _broken(findings, path, f"the key {code(str(key))} is not text")
            continue
        members[key] = node_of(item, findings, f"{path}.{key}" if path else key, depth + 1)
        node.keys[key] = Node(key, 0, 0, "quoted")
    node.members = members
    node.value = {key: member.value for key, member in members.items()}
    return node


def _broken(findings: Findings, path: str, message: str) -> Node:
    findings.add(Finding(0, path, "format", message))
    return Node(None, 0, 0, is_broken=True)
