"""Models: the schemas of the contract's document, as types of which FastAPI makes components.

FastAPI writes its document from the types of signatures, and only what it writes can be referred
to. So every schema becomes a type that shows it. Nothing is validated against these types: the
contract reads and answers, and its document says how.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from criterion.http.shared_schemas import SHARED

Models: TypeAlias = Mapping[str, type[BaseModel]]

_REF: Final = "#/components/schemas/"
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9]+")


class _Component(BaseModel):
    """One schema. What it refers to are its fields, so that pydantic finds that, too."""

    shown: ClassVar[JsonSchemaValue]
    parts: ClassVar[Mapping[str, str]]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show the schema in place of the fields."""
        found = handler(schema)
        inner = handler.resolve_ref_schema(found)
        properties = inner.get("properties", {})
        shown = _refer(cls.shown, {name: properties[part] for name, part in cls.parts.items()})
        inner.clear()
        inner.update(shown)
        return found


class DecisionProblem(_Component):
    """The contract's `Problem`, one type for all routers: FastAPI then shows it once, by its name.

    Others may have a `Problem`, too.
    """

    shown = SHARED["Problem"]
    parts: ClassVar[Mapping[str, str]] = {}


PROBLEM: Final = DecisionProblem.__name__


def models_of(schemas: Mapping[str, JsonSchemaValue]) -> Models:
    """Return a type for each schema of a document, by its name there."""
    parts = {name: f"part_{number}" for number, name in enumerate(schemas)}
    models = {
        name: DecisionProblem if name == "Problem" else _component(name, schema, parts)
        for name, schema in schemas.items()
    }
    namespace = {parts[name].upper(): model for name, model in models.items()}
    for model in models.values():
        model.model_rebuild(_types_namespace=namespace)
    return models


def shown_as(schema: JsonSchemaValue, models: Models, *others: str) -> Any:  # noqa: ANN401 -- a type
    """Return a type that shows a schema.

    Args:
        schema: May refer to the models.
        models: As `models_of` made them.
        others: The names of models that become components without being referred to.
    """
    names = [*_referred(schema), *others]
    kinds: Any = reduce(or_, [models[name] for name in names]) if names else Any
    return Annotated[kinds, _Shown(schema, names)]


@dataclass(frozen=True, eq=False)
class _Shown:
    """Marks a union of models, in whose place a schema is shown."""

    schema: JsonSchemaValue
    names: Sequence[str]

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 -- pydantic's own signature
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Take whatever is sent as it is."""
        return core_schema.no_info_wrap_validator_function(_as_sent, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show the schema, with the references that the models got."""
        found = handler(schema)
        references = dict(zip(self.names, found.get("anyOf", [found]), strict=False))
        return dict(_refer(self.schema, references))


def _as_sent(value: object, _: object) -> object:
    return value


def _component(name: str, schema: JsonSchemaValue, parts: Mapping[str, str]) -> type[BaseModel]:
    mine = {each: parts[each] for each in _referred(schema)}
    fields: dict[str, Any] = {part: (part.upper(), ...) for part in mine.values()}
    model = create_model(_NO_NAME.sub("_", name), __base__=_Component, **fields)
    model.shown, model.parts = schema, mine
    return model


def _referred(schema: object) -> list[str]:
    """Return the names that a schema refers to, each once, in order."""
    return list(dict.fromkeys(_references(schema)))


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(_REF)
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _refer(schema: Any, found: Mapping[str, JsonSchemaValue]) -> Any:  # noqa: ANN401 -- JSON
    """Return a schema with other references."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            return {**schema, **found[schema["$ref"].removeprefix(_REF)]}
        return {key: _refer(part, found) for key, part in schema.items()}
    return [_refer(part, found) for part in schema] if isinstance(schema, list) else schema
