"""Structure: which parts of a decision or a profile are written otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from criterion.decision import Decision
from criterion.expression.written import written
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import Plain, json_text, plain
from criterion.redaction import REDACTED_TEXT
from criterion.rule import Rule
from criterion.rule_text import condition_of
from criterion.source import source_of
from criterion.text import one_line

SHOWN_MAX: int = 200
"""How much of a part is shown, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One part that is written otherwise.

    Attributes:
        path: Where: ``rules.over-limit.when``, ``let.limit``, ``limits.free.projects``.
        before: What stood there, ``None`` for nothing.
        after: What stands there, ``None`` for nothing.
    """

    path: str
    before: str | None
    after: str | None

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {"path": self.path, "before": self.before, "after": self.after}


def decision_edits(old: Decision[Any, Any, Any], new: Decision[Any, Any, Any]) -> tuple[Edit, ...]:
    """Return which lets and rules are written otherwise, and which stand elsewhere."""
    if isinstance(old, ExpressionDecision) is isinstance(new, ExpressionDecision):
        found = list(_edited(_parts(old), _parts(new)))
    else:  # of what is written in two languages, only the conditions are shown
        found = list(_edited(_conditions(old), _conditions(new)))
    before, after = ([rule.id for rule in each.rules] for each in (old, new))
    both = set(before) & set(after)
    orders = [[id for id in each if id in both] for each in (before, after)]
    if orders[0] != orders[1]:
        found.append(Edit(path="rules", before=", ".join(orders[0]), after=", ".join(orders[1])))
    return tuple(found)


def value_edits(
    old: Mapping[str, Any], new: Mapping[str, Any], *, hidden: frozenset[str] = frozenset()
) -> tuple[Edit, ...]:
    """Return which values of a profile are others.

    Args:
        old: Plain values.
        new: Plain values.
        hidden: Names of values of which only that they changed is told.
    """
    edits = _edited(dict(_leaves(old, "")), dict(_leaves(new, "")))
    return tuple(_hiding(edit) if edit.path.split(".")[0] in hidden else edit for edit in edits)


def _hiding(edit: Edit) -> Edit:
    shown = (None if part is None else REDACTED_TEXT for part in (edit.before, edit.after))
    before, after = shown
    return Edit(path=edit.path, before=before, after=after)


def _edited(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Edit]:
    for path in dict.fromkeys((*old, *new)):
        before, after = old.get(path), new.get(path)
        if before != after:
            yield Edit(path=path, before=_shown(before), after=_shown(after))


def _shown(text: str | None) -> str | None:
    return None if text is None else one_line(text, SHOWN_MAX)


def _parts(decision: Decision[Any, Any, Any]) -> dict[str, str]:
    if not isinstance(decision, ExpressionDecision):
        return dict(part for rule in decision.rules for part in _of_functions(rule))
    parts = {f"let.{let.name}": written(let.value) for let in decision.body.lets}
    for clause in decision.body.clauses:
        path = f"rules.{clause.id}"
        parts[f"{path}.when"] = "otherwise" if clause.when is None else written(clause.when)
        parts |= {f"{path}.emit.{name}": written(node) for name, node in clause.emit}
        if clause.explain is not None:
            parts[f"{path}.explain"] = written(clause.explain)
    return parts


def _conditions(decision: Decision[Any, Any, Any]) -> dict[str, str]:
    return {f"rules.{rule.id}.when": condition_of(rule) for rule in decision.rules}


def _of_functions(rule: Rule[Any, Any, Any]) -> Iterator[tuple[str, str]]:
    yield f"rules.{rule.id}.when", condition_of(rule)
    for stage in ("emit", "explain"):
        source = source_of(getattr(rule, stage))
        if source is not None:
            yield f"rules.{rule.id}.{stage}", " ".join(source.split())


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}" if path else str(key))
    else:
        yield path, json_text(plain(value, other=str))
