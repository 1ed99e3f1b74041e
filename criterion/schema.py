"""Schemas: what an input, a profile or an output looks like."""

import json
from decimal import Decimal
from typing import Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from criterion.strictness import DONE, FROM_JSON, strict
from criterion.views import redacted


class Schema(BaseModel):
    """Base class of the input, profile and output of a decision: named, typed, frozen fields.

    Every instance was validated, whichever way it was made, and nothing in it changes afterwards:
    lists and mappings are frozen copies. Unknown keys are refused. ``int`` takes whole numbers but
    no truth value, ``Decimal`` any finite number, dates objects or ISO text; text is never a
    number, though from JSON a ``Decimal`` may come as text. Constraints are pydantic's own.

    Raises:
        pydantic.ValidationError: The values do not fit. Its text never shows them.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_inf_nan="constants"
    )

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: Any,  # noqa: ANN401 -- pydantic's own signature
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Make every field strict where it matters and friendly where it is safe."""
        node: Any = strict(handler(source))
        return {**node, "metadata": {**node.get("metadata", {}), **DONE}}

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:  # noqa: ANN401
        """Read JSON with every digit of its decimals, and validate it."""
        try:
            values = json.loads(json_data, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):  # let pydantic say where the text is no JSON
            return super().model_validate_json(json_data, **options)
        context = {**(options.pop("context", None) or {}), FROM_JSON: True}
        return cls.model_validate(values, context=context, **options)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:  # noqa: ANN401
        """Validate as the constructor does: no instance skips validation."""
        return cls(**values)

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Self:  # noqa: ANN401, ARG002
        """Return a copy with the changed fields, validated."""
        values = {**self.__dict__, **(update or {})}
        return type(self).model_validate(values, by_alias=False, by_name=True)

    def __repr_args__(self) -> Any:  # noqa: ANN401 -- pydantic's own signature
        """Show fields, but for the values of marked ones."""
        yield from redacted(self).__dict__.items()


class NoProfile(Schema):
    """The profile of a decision that needs none."""


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)
