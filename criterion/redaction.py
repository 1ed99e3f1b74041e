"""Redaction: marks on schema fields, and the stand-in that a reader gets for a marked value."""

from typing import Any, Final, Literal, NoReturn, get_args

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

RedactMode = Literal["drop", "mask", "hash"]
REDACTED_TEXT: Final = "[redacted]"
ERROR_TYPE: Final = "redacted"
"""The only error that a marked value other than a scalar has."""
METADATA_KEY: Final = "criterion_redact"
"""Where a mark stands in the metadata of a core schema node."""


class Redact:
    """A mark on a field whose value must not be shown: ``Annotated[str, Redact("mask")]``.

    Rules see the real value. Explanations, errors, ``repr`` and JSON do not: they show
    ``[redacted]``, and so does everything that an explanation computes from it.

    Attributes:
        mode: What a record of the value keeps: nothing (``drop``), that there was one (``mask``),
            or a keyed hash by which it can be recognised (``hash``).
    """

    __slots__ = ("mode",)

    def __init__(self, mode: RedactMode) -> None:
        """Choose what is kept of the value."""
        if mode not in get_args(RedactMode):
            message = f"a redaction mode is one of {', '.join(get_args(RedactMode))}, not {mode!r}"
            raise ValueError(message)
        self.mode = mode

    def __repr__(self) -> str:
        """Return the mark as it is written."""
        return f"Redact({self.mode!r})"

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Put the mark on the field's node, and hide the value from JSON."""
        node: CoreSchema = handler(source)
        if node["type"] not in _SCALARS:  # its errors could name keys, or quote the value
            node = silent(node)
        metadata = {**node.get("metadata", {}), METADATA_KEY: self.mode}
        hidden = core_schema.wrap_serializer_function_ser_schema(
            _shown, info_arg=True, when_used="unless-none"
        )
        return {**node, "metadata": metadata, "serialization": hidden}

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add ``redact: <mode>`` to the field's JSON Schema."""
        return {**handler(schema), "redact": self.mode}


_SCALARS: Final = frozenset(
    {"str", "int", "float", "decimal", "bool", "bytes", "date", "datetime", "time", "timedelta",
     "uuid", "url"}
)  # fmt: skip


def silent(node: Any) -> Any:  # noqa: ANN401 -- a core schema
    """Return a core schema that says of a wrong value no more than that it is wrong."""
    return core_schema.custom_error_schema(
        node, custom_error_type=ERROR_TYPE, custom_error_message="Input is not valid"
    )


def _shown(
    value: object, write: SerializerFunctionWrapHandler, info: SerializationInfo[Any]
) -> object:
    """Hide the value from JSON, and keep a stand-in for it as it is."""
    if info.mode == "json":
        return REDACTED_TEXT
    return value if isinstance(value, Redacted) else write(value)


class RedactedUseError(TypeError):
    """An explanation asked a redacted value for something that would give it away."""


class Redacted:
    """Stands in for a marked value: prints ``[redacted]``, as does what is computed from it.

    Asking it for a truth value, a length or a key raises, because the answer would tell.
    """

    __slots__ = ("kept", "mode")

    mode: RedactMode
    kept: str

    def __init__(self, mode: RedactMode, kept: str = REDACTED_TEXT) -> None:
        """Remember how the field was marked, and what JSON shows in its place."""
        object.__setattr__(self, "mode", mode)
        object.__setattr__(self, "kept", kept)

    def __repr__(self) -> str:
        return REDACTED_TEXT

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return REDACTED_TEXT

    def _again(self, *_: object, **__: object) -> "Redacted":
        return self

    def _refuse(self, *_: object) -> NoReturn:
        message = "the value is redacted"
        raise RedactedUseError(message)

    def __getattr__(self, name: str) -> "Redacted":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    __call__ = __getitem__ = _again
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _again
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _again
    __divmod__ = __rdivmod__ = _again
    __pow__ = __rpow__ = __neg__ = __pos__ = __abs__ = __round__ = _again
    __lt__ = __le__ = __gt__ = __ge__ = _again
    __eq__ = __ne__ = _again  # type: ignore[assignment]
    __bool__ = __len__ = __iter__ = __contains__ = __hash__ = _refuse
    __int__ = __float__ = __index__ = __setattr__ = __delattr__ = _refuse
