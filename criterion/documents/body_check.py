"""Body checks: mistakes of lets and rules, shown where they stand in their file."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from criterion.borrowed import is_borrowed
from criterion.documents.body_text import RuleNodes, Trees
from criterion.documents.places import offset_at
from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.expression.check import BodyMistake, check_body
from criterion.expression.tree import Body
from criterion.expression.types import Type
from criterion.nodes import Node as CoreNode
from criterion.nodes import parts_of
from criterion.shape import Shape
from criterion.text import code
from criterion.validation import ErrorDetail, error_details

_OLD_BOOLEANS: Final = {
    **dict.fromkeys(("yes", "on", "y"), "write `true`"),
    **dict.fromkeys(("no", "off", "n"), "write `false`"),
}

Types = tuple[Type, Type, Type]
"""The types of input, profile and output."""


class BodyCheck:
    """Checks the lets and rules of one file against its schemas."""

    def __init__(self, lets: Node | None, rules: list[RuleNodes], problems: Problems) -> None:
        """Take the nodes that the body was made of."""
        self._lets = lets
        self._rules = {rule.id: rule for rule in rules}
        self._problems = problems

    def note(self, body: Body, output: Shape, types: Types) -> None:
        """Note every mistake of a body; see `criterion.expression.check`."""
        if check_body(body, *types):
            mistakes = check_body(self._placed(), *types)
            doubtful = self._after_doubt(body, mistakes)
            for found in mistakes:
                if not self._is_follow_up(found, body, doubtful):
                    hint = found.mistake.hint or self._hint(found)
                    self._problems.add(self._offset(found), found.mistake.message, hint)
        elif not len(self._problems) and self._has_more_limits(output):
            for rule in self._rules.values():
                self._note_constants(rule, output.model)

    def _placed(self) -> Body:
        """Return the body with columns that count from the beginning of the file."""
        trees = Trees(self._problems, in_file=True)
        lets = self._lets.members if self._lets is not None else None
        return trees.body(lets or {}, list(self._rules.values()))

    def _offset(self, found: BodyMistake) -> int:
        rule = self._rules.get(found.rule or "")
        if found.stage == "let" and found.mistake.kind == "name" and self._lets is not None:
            return self._lets.keys[str(found.member)].start
        if rule is not None and found.mistake.at == 0:
            return rule.node.start
        if rule is not None and found.member in rule.keys and _is_unknown(found):
            return rule.keys[found.member].start
        return found.mistake.at - 1

    def _hint(self, found: BodyMistake) -> str | None:
        """Return what to say of a text that is emitted where none is wanted."""
        written = self._problems.text[found.mistake.at - 1 : found.mistake.end - 1]
        if found.stage != "emit" or " is text, and " not in found.mistake.message:
            return None
        return _OLD_BOOLEANS.get(written.lower(), "an expression begins with `=`")

    def _after_doubt(self, body: Body, mistakes: list[BodyMistake]) -> set[str]:
        """Return the rules behind the first whose condition cannot be relied on.

        What such a condition would have said of null is not known to them.
        """
        sound = {clause.id for clause in body.clauses}
        sound -= {found.rule for found in mistakes if found.rule and found.stage == "when"}
        ids = list(self._rules)
        return set(ids[next((n + 1 for n, id in enumerate(ids) if id not in sound), len(ids)) :])

    def _is_follow_up(self, found: BodyMistake, body: Body, doubtful: set[str]) -> bool:
        """Whether a mistake goes away with another: a let or a condition that has mistakes."""
        mistake = found.mistake
        if mistake.kind == "null" and found.rule in doubtful:
            return True
        if mistake.kind != "unknown_name" or self._lets is None:
            return False
        word = self._problems.text[mistake.at - 1 : mistake.end - 1]
        return word in self._lets.keys and word not in {let.name for let in body.lets}

    def _has_more_limits(self, output: Shape) -> bool:
        """Whether the output limits its members in ways that types do not tell."""
        is_described = output.is_described or not is_borrowed(output.model)
        return not is_described or _is_limited(output.node)

    def _note_constants(self, rule: RuleNodes, output: type[BaseModel]) -> None:
        """Note constants that miss what types do not tell, such as a pattern."""
        constants = {
            name: node for name, node in rule.emit.items() if not any(map(_computes, _parts(node)))
        }
        for detail in _misfits(output, {name: node.value for name, node in constants.items()}):
            name, _, inside = detail.path.partition(".")
            if name in constants:
                message = f"{code(name)} {detail.message}"
                self._problems.add(offset_at(constants[name], inside), message)


_LIMITS: Final = frozenset(
    {"gt", "lt", "multiple_of", "min_length", "max_length", "pattern", "max_digits",
     "decimal_places"}
)  # fmt: skip


def _is_limited(node: CoreNode) -> bool:
    is_limited = bool(_LIMITS & node.keys())
    return is_limited or any(map(_is_limited, parts_of(node)))


def _is_unknown(found: BodyMistake) -> bool:
    return (
        found.mistake.kind == "unknown_key" and "the output has no member" in found.mistake.message
    )


def _parts(node: Node) -> Iterator[Any]:
    if node.style != "collection":
        yield node.value
    for part in [*(node.items or ()), *(node.members or {}).values()]:
        yield from _parts(part)


def _computes(value: object) -> bool:
    return isinstance(value, str) and (value.startswith("=") or "{" in value or "}" in value)


def _misfits(output: type[BaseModel], values: dict[str, Any]) -> tuple[ErrorDetail, ...]:
    try:
        output.model_validate(values)
    except ValidationError as error:
        return tuple(
            part for part in error_details(error, output) if part.path in values or "." in part.path
        )
    except Exception:  # noqa: BLE001 -- a model's own validators may not take a part of its data
        return ()
    return ()
