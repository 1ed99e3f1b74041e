"""Wire schemas: what JSON callers send and get, as JSON Schema; a decimal is a number there."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from criterion.catalogue import AnyDecision
from criterion.exact import EXPONENT_MAX, INTEGER_MAX
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import plain

REF: Final = "#/$defs/{model}"


def wire_schema(decision: AnyDecision, part: str, ref: str = REF) -> Any:  # noqa: ANN401
    """Return the JSON Schema of one part of a decision, as plain data.

    Args:
        decision: With expressions, its facts are bounded, too.
        part: ``input``, ``profile`` or ``output``.
        ref: How one schema refers to another.
    """
    is_bounded = part == "input" and isinstance(decision, ExpressionDecision)
    generator = _Bounded if is_bounded else WireSchema
    return plain(
        getattr(decision, part).model_json_schema(ref_template=ref, schema_generator=generator)
    )


class WireSchema(GenerateJsonSchema):
    """Shows decimals as numbers: that text is taken, too, is a courtesy to their digits."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Return a number with the bounds of the field."""
        given: dict[str, Any] = {**schema}
        bounds = {name: float(given[name]) for name in _BOUNDS if name in given}
        node: Any = {"type": "float", **bounds}
        return self.float_schema(node)


class _Bounded(WireSchema):
    """Shows the bounds of all numbers in expressions."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """Return a whole number of 64 bits."""
        bounds = {"minimum": -INTEGER_MAX, "maximum": INTEGER_MAX}
        return {**bounds, **super().int_schema(schema)}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Return a number below the largest power of ten."""
        bound = 10.0 ** (EXPONENT_MAX + 1)
        shown = super().decimal_schema(schema)
        low = {} if shown.keys() & {"minimum", "exclusiveMinimum"} else {"exclusiveMinimum": -bound}
        high = {} if shown.keys() & {"maximum", "exclusiveMaximum"} else {"exclusiveMaximum": bound}
        return {**shown, **low, **high}


_BOUNDS: Final = ("gt", "ge", "lt", "le", "multiple_of")
