"""Schemas: what an input, a profile or an output looks like."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from criterion.exact import FROM_JSON
from criterion.json_text import builtin, plain
from criterion.strictness import strict
from criterion.text import code, listing
from criterion.views import redacted

EXPONENT_READ_MAX: Final = 9_999
"""Largest power of ten, either way, of a decimal that is read from JSON."""


class Schema(BaseModel):
    """Base class of the input, profile and output of a decision: named, typed, frozen fields.

    Every instance was validated, whichever way it was made, and nothing in it changes afterwards:
    lists and mappings are frozen copies. Unknown keys are refused. ``int`` takes whole numbers but
    no truth value, ``Decimal`` any finite number, dates objects or ISO text; text is never a
    number, though from JSON a ``Decimal`` may come as text. Constraints are pydantic's own.

    Raises:
        pydantic.ValidationError: The values do not fit. Its text never shows them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: Any,  # noqa: ANN401 -- pydantic's own signature
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Make every field strict where it matters and friendly where it is safe."""
        return strict(handler(source), handler.resolve_ref_schema)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show defaults as they stand in JSON: decimals as numbers, ``"unlimited"``."""
        shown = handler(core_schema)
        properties = handler.resolve_ref_schema(shown).get("properties", {})
        for name, field in cls.model_fields.items():
            property_ = properties.get(field.validation_alias or name, {})
            if "default" in property_ and isinstance(field.default, float | Decimal):
                property_["default"] = builtin(plain(field.default))
        return shown

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:  # noqa: ANN401
        """Read JSON with every digit of its decimals, and validate it."""
        try:
            values = json.loads(json_data, parse_float=_decimal, parse_constant=lambda _: _NAN)
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
        values = {**_fields(self), **(update or {})}
        return type(self).model_validate(values, by_alias=False, by_name=True)

    def copy(self, **_: Any) -> NoReturn:  # noqa: ANN401 -- refused whatever it is
        """Refuse: pydantic's old way to copy does not validate.

        Raises:
            TypeError: Always; use ``model_copy``.
        """
        raise TypeError("a schema is copied by `model_copy`, which validates")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401 -- pydantic's own signature
        """Refuse a class whose instances could change.

        Raises:
            TypeError: It says ``frozen=False``, or has private attributes.
        """
        if not cls.model_config.get("frozen"):
            raise TypeError(f"{code(cls.__name__)} must stay frozen: remove `frozen=False`")
        if cls.__private_attributes__:
            names = listing(map(code, cls.__private_attributes__), "and")
            raise TypeError(f"{code(cls.__name__)} must not hold private state: remove {names}")

    def __repr_args__(self) -> Any:  # noqa: ANN401 -- pydantic's own signature
        """Show fields, but for the values of marked ones."""
        yield from _fields(redacted(self)).items()


class NoProfile(Schema):
    """The profile of a decision that needs none."""


def _fields(model: BaseModel) -> dict[str, Any]:
    """Return the fields without what a cached property leaves beside them."""
    values = model.__dict__
    fields = {name: values[name] for name in type(model).model_fields}
    return {**fields, **(model.model_extra or {})}


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _NAN
    return number if abs(number.adjusted()) <= EXPONENT_READ_MAX else _NAN


_NAN: Final = Decimal("NaN")
"""What every field refuses: stands for `Infinity`, `NaN` and numbers beyond all bounds."""
