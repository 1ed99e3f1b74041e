"""Light facts: stand-ins for plain schema instances that rules read three times as fast.

Attribute access on a pydantic model goes through its `__getattr__`, which Python cannot speed up.
So for a schema that is nothing but fields, the same core schema validates facts into a plain frozen
class of our own. Whatever else a model offers is there too: it is asked of the real model, made
when needed.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, Self

from pydantic import BaseModel
from pydantic_core import SchemaValidator

from criterion.schema import NoProfile, Schema

_STATE: Final = (
    "__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__",
)  # fmt: skip
"""What pydantic keeps in an instance."""


class Light:
    """A frozen stand-in for an instance of one schema, which subclasses name."""

    __slots__ = _STATE

    schema: type[Schema]

    @property  # type: ignore[misc] # what `isinstance` and pydantic see
    def __class__(self) -> type[Schema]:  # type: ignore[override] # the same
        return type(self).schema

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


def model_of(facts: Any) -> Any:  # noqa: ANN401 -- facts or a profile, light or not
    """Return the schema instance that light facts stand for; anything else unchanged."""
    return _twin(type(facts).schema, facts) if isinstance(facts, Light) else facts


def light_type(schema: type[BaseModel]) -> type[Light] | None:
    """Return the type of a schema's light instances, or ``None`` where it is more than fields."""
    if not issubclass(schema, Schema) or not is_only_fields(schema):
        return None
    members: dict[str, Any] = {
        name: _OfTheModel(name)
        for name in dir(Schema)
        if name not in schema.model_fields
        and name not in _STATE
        and (name.startswith("__pydantic_") or not name.startswith("__"))
    }
    return type(schema.__name__, (Light,), {**members, "__slots__": (), "schema": schema})


def lighten(light: type[Light], model: object) -> Any:  # noqa: ANN401 -- rules take it for the model
    """Return the light form of an instance."""
    return _twin(light, model)


def _twin(kind: type, original: object) -> Any:  # noqa: ANN401 -- an instance of that kind
    twin: Any = object.__new__(kind)
    for part in _STATE:
        object.__setattr__(twin, part, getattr(original, part))
    return twin


def light_validator(light: type[Light]) -> Callable[[object], Any]:
    """Return what validates a mapping into light facts; it runs no Python."""
    root: Any = light.schema.__pydantic_core_schema__
    if root["type"] == "definitions":
        return SchemaValidator({**root, "schema": {**root["schema"], "cls": light}}).validate_python
    return SchemaValidator({**root, "cls": light}).validate_python


def light_reader(light: type[Light], validate: Callable[[object], Any]) -> Callable[[object], Any]:
    """Return what makes light facts of an instance, and of all that the validator takes."""
    schema = light.schema

    def read(given: object) -> object:
        if not isinstance(given, schema):
            return validate(given)
        is_exact = given.__class__ is schema  # a subclass may be more than fields
        return lighten(light, given) if is_exact else given

    return read


class _OfTheModel:
    """An attribute that only the real model has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, facts: Light | None, owner: type[Light]) -> Any:  # noqa: ANN401
        return getattr(owner.schema if facts is None else model_of(facts), self._name)


def is_only_fields(schema: type[BaseModel]) -> bool:
    """Whether a schema is nothing but fields: no validators, properties or aliases of its own."""
    root: Any = schema.__pydantic_core_schema__
    node = root["schema"] if root["type"] == "definitions" else root
    if node["type"] != "model" or node["schema"]["type"] != "model-fields":
        return False
    if node.get("post_init") or node.get("custom_init") or node["schema"].get("computed_fields"):
        return False
    if schema.model_config.get("extra") == "allow":
        return False
    fields = node["schema"]["fields"].values()
    bases = [base for base in schema.__mro__ if issubclass(base, Schema) and base is not Schema]
    own = {name for base in bases for name in vars(base)} - _PLAIN - set(schema.model_fields)
    return not own and not any("validation_alias" in field for field in fields)


_PLAIN: Final = frozenset(vars(NoProfile)) | {"__annotations__", "__doc__", "__annotate_func__"}
"""The names that every subclass of `Schema` has of its own."""
