"""Light facts: stand-ins for plain schema instances that rules read three times as fast.

Attribute access on a pydantic model goes through its `__getattr__`, which Python cannot speed up,
and a model costs more to make than a mapping. So for a schema that is nothing but fields, facts are
validated into a mapping by the same core schema, and rules get a frozen object around it. Whatever
else a model offers is there too: it is asked of the real model, made when needed.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, Self

from pydantic import BaseModel
from pydantic_core import SchemaValidator, ValidationError, core_schema

from criterion.schema import NoProfile, Schema


class Light:
    """A frozen stand-in for an instance of one schema, which subclasses name."""

    __slots__ = ("__dict__",)

    schema: type[Schema]

    def __setattr__(self, name: str, _: object) -> NoReturn:
        message = f"facts are frozen: `{name}` cannot be changed"
        raise TypeError(message)

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(model_of(self))

    def __str__(self) -> str:
        return str(model_of(self))

    def __eq__(self, other: object) -> bool:
        return bool(model_of(self) == model_of(other))

    def __hash__(self) -> int:
        return hash(model_of(self))

    def __iter__(self) -> Iterator[Any]:
        return iter(model_of(self))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:  # noqa: ANN401 -- Python's own signature
        return model_of(self).__reduce_ex__(protocol)


_attach: Callable[[Light, dict[str, Any]], None] = vars(Light)["__dict__"].__set__


def model_of(facts: Any) -> Any:  # noqa: ANN401 -- facts or a profile, light or not
    """Return the schema instance that light facts stand for; anything else unchanged."""
    if not isinstance(facts, Light):
        return facts
    schema = type(facts).schema
    model = object.__new__(schema)
    object.__setattr__(model, "__dict__", facts.__dict__)
    object.__setattr__(model, "__pydantic_fields_set__", set(facts.__dict__))
    object.__setattr__(model, "__pydantic_extra__", None)
    object.__setattr__(model, "__pydantic_private__", None)
    return model


def light_type(schema: type[BaseModel]) -> type[Light] | None:
    """Return the type of a schema's light instances, or ``None`` where it is more than fields."""
    if not issubclass(schema, Schema) or not _is_only_fields(schema):
        return None
    members: dict[str, Any] = {
        name: _OfTheModel(name)
        for name in dir(Schema)
        if not name.startswith("__") and name not in schema.model_fields
    }
    return type(schema.__name__, (Light,), {**members, "__slots__": (), "schema": schema})


def lighten(light: type[Light], model: Schema) -> Light:
    """Return the light form of an instance."""
    facts = object.__new__(light)
    _attach(facts, model.__dict__)
    return facts


def light_reader(light: type[Light]) -> Callable[[object], Any]:
    """Return what validates a mapping, or an instance, into light facts."""
    validate = SchemaValidator(_as_mapping(light.schema)).validate_python
    new, attach, schema = object.__new__, _attach, light.schema

    def read(given: object) -> object:
        facts = new(light)
        if type(given) is schema:
            attach(facts, given.__dict__)
            return facts
        try:
            attach(facts, validate(given))
        except ValidationError:
            if isinstance(given, schema):  # of a subclass, which may be more than fields
                return given
            raise
        return facts

    return read


class _OfTheModel:
    """An attribute that only the real model has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, facts: Light | None, owner: type[Light]) -> Any:  # noqa: ANN401
        return getattr(owner.schema if facts is None else model_of(facts), self._name)


def _is_only_fields(schema: type[Schema]) -> bool:
    root: Any = schema.__pydantic_core_schema__
    node = root["schema"] if root["type"] == "definitions" else root
    if node["type"] != "model" or node["schema"]["type"] != "model-fields":
        return False
    if node.get("post_init") or node.get("custom_init") or node["schema"].get("computed_fields"):
        return False
    fields = node["schema"]["fields"].values()
    bases = [base for base in schema.__mro__ if issubclass(base, Schema) and base is not Schema]
    own = {name for base in bases for name in vars(base)} - _PLAIN - set(schema.model_fields)
    return not own and not any("validation_alias" in field for field in fields)


_PLAIN: Final = frozenset(vars(NoProfile)) | {"__annotations__", "__doc__", "__annotate_func__"}
"""The names that every subclass of `Schema` has of its own."""


def _as_mapping(schema: type[Schema]) -> Any:  # noqa: ANN401 -- a core schema
    """Return the core schema of a model as one of a mapping: same fields, same rules."""
    root: Any = schema.__pydantic_core_schema__
    node = root["schema"] if root["type"] == "definitions" else root
    fields = {
        name: core_schema.typed_dict_field(
            field["schema"], required=field["schema"]["type"] != "default"
        )
        for name, field in node["schema"]["fields"].items()
    }
    mapping: Any = core_schema.typed_dict_schema(
        fields, config=node.get("config"), extra_behavior="forbid", ref=node.get("ref")
    )
    return {**root, "schema": mapping} if root["type"] == "definitions" else mapping
