"""Rule text: a rule's condition as its author wrote it, in one line."""

import ast
from typing import Any

from criterion.rule import OTHERWISE, Rule
from criterion.source import source_of
from criterion.text import one_line


def condition_of(rule: Rule[Any, Any, Any]) -> str:
    """Return the condition: ``otherwise``, an expression, or the name of a function."""
    if rule.when == OTHERWISE:
        return OTHERWISE
    source = source_of(rule.when)
    body = _body(source) if source else None
    return one_line(body or getattr(rule.when, "__name__", "") or type(rule.when).__name__)


def _body(source: str) -> str | None:
    """Return what stands behind the colon of a lambda, or ``None`` for anything else."""
    try:
        tree = ast.parse(f"({source}\n)", mode="eval")
    except SyntaxError:
        return None
    return ast.unparse(tree.body.body) if isinstance(tree.body, ast.Lambda) else None
