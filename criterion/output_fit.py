"""Output fit: whether emitted data fits the output, by no more looking than the types leave open.

Which members are certain to fit is worked out once, from what the rules emit; only the others are
looked at on every evaluation. The instance of the output is made when somebody reads the data.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any, Final, TypeAlias

from pydantic import ValidationError
from pydantic_core import SchemaValidator

from criterion.evaluation import reader_of
from criterion.expression.infer import Types, type_of, types_of
from criterion.expression.program import constant_value, is_constant
from criterion.expression.tree import Clause
from criterion.expression.types import NUMERIC, Kind, Type
from criterion.expression_decision import ExpressionDecision
from criterion.nodes import Node, is_foreign, parts_of
from criterion.plain_facts import plain_schema
from criterion.shape import Shape
from criterion.strictness import DONE

ReadOutput: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Returns what a result keeps: emitted data that fits, or the instance; raises what is wrong."""


def output_readers(decision: ExpressionDecision) -> tuple[ReadOutput | None, ...]:
    """Return what reads the data of each rule; ``None`` where it is certain to fit."""
    shape = decision.shapes.output
    read = _reading(shape)
    plain = plain_schema(shape) if _is_repeatable(shape.node) else None
    if plain is None or plain["type"] != "typed-dict":
        return (read,) * len(decision.body.clauses)
    fit = _Fit(shape, plain, types_of(decision.body.lets, *decision.types))
    return tuple(map(fit.reader, decision.body.clauses))


def _reading(output: Shape) -> ReadOutput:
    """Return what makes the instance of an output, whose class is made when it is first used."""
    if not output.is_described:
        return reader_of(output.model)

    def read(data: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- an instance of the schema
        return reader_of(output.model)(data)

    return read


class _Fit:
    """What one output takes.

    Args:
        output: The schema; nothing but fields.
        plain: The same as a typed dictionary.
        types: The types of names in the rules.
    """

    def __init__(self, output: Shape, plain: Node, types: Types) -> None:
        self._fields: dict[str, Node] = output.node["schema"]["fields"]
        self._plain = plain
        self._types = types
        self._read = _reading(output)
        self._readers: dict[frozenset[str], ReadOutput | None] = {frozenset(): None}
        self._fits = self._validator(self._fields, required=False).isinstance_python

    def reader(self, clause: Clause) -> ReadOutput | None:
        """Return what reads the data of a rule."""
        emitted = dict(clause.emit)
        if not emitted.keys() <= self._fields.keys():
            return self._read
        fixed = {name: constant_value(node) for name, node in emitted.items() if is_constant(node)}
        computed = emitted.keys() - fixed.keys()
        unsure = {
            name
            for name in computed
            if not _takes_all(self._fields[name]["schema"], type_of(emitted[name], self._types))
        }
        if not self._fits(fixed):  # nor do the defaults, which are the same on every evaluation
            unsure |= self._fields.keys() - computed
        names = frozenset(unsure)
        if names not in self._readers:
            self._readers[names] = self._looking(self._validator(names).validate_python)
        return self._readers[names]

    def _validator(self, names: Container[str], **changes: bool) -> SchemaValidator:
        """Return what looks at these members alone."""
        given: dict[str, Node] = self._plain["fields"]
        fields = {name: {**field, **changes} for name, field in given.items() if name in names}
        part: Any = {**self._plain, "fields": fields, "extra_behavior": "ignore"}
        return SchemaValidator(part)

    def _looking(self, look: Callable[[object], object]) -> ReadOutput:
        read = self._read

        def looked_at(data: Mapping[str, Any]) -> Any:  # noqa: ANN401
            try:
                look(data)
            except ValidationError:
                return read(data)  # says what is wrong in the words of the output itself
            return data

        return looked_at


def _takes_all(node: Node, given: Type) -> bool:
    """Whether a node of a core schema takes every value of a type."""
    match node["type"]:
        case "default":
            return _takes_all(node["schema"], given)
        case "nullable":
            return given.kind == "null" or _takes_all(node["schema"], given.non_null())
        case "union":
            is_quantity = DONE in node.get("metadata", {}) and given.kind in NUMERIC
            return (is_quantity and not given.nullable) or _takes_all(node["choices"][0], given)
        case "literal":
            choices = None if given.nullable or given.kind != "text" else given.choices
            return choices is not None and set(choices) <= set(node["expected"])
        case kind:
            return not given.nullable and given.kind in _TAKEN.get(kind, ()) and _is_free(node)


_TAKEN: Final[Mapping[str, frozenset[Kind]]] = {
    "bool": frozenset({"boolean"}),
    "str": frozenset({"text"}),
    "int": frozenset({"integer"}),
    "decimal": frozenset({"integer", "number"}),
}
"""The kinds of values that each type of node takes, where nothing limits it."""

_UNLIMITING: Final = frozenset({"type", "strict", "metadata", "serialization", "ref"})


def _is_free(node: Node) -> bool:
    return node.keys() <= _UNLIMITING


def _is_repeatable(node: Node) -> bool:
    """Whether a schema may validate the same data twice: no function of an author's is in it."""
    if is_foreign(node):
        return False
    return "default_factory" not in node and all(map(_is_repeatable, parts_of(node)))
