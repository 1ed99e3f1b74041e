"""Field shapes: the fields of a document as a core schema at once and as a `Schema` later."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple, NoReturn

from pydantic import Field, create_model

from criterion.documents.field_forms import Form
from criterion.expression.schema_types import TITLE
from criterion.nodes import Node
from criterion.schema import Schema
from criterion.shape import Shape
from criterion.strictness import strict


class Definition(NamedTuple):
    """One field as it was read.

    Attributes:
        form: What values it takes.
        settings: What else is said of it, as pydantic's ``Field`` takes it.
    """

    form: Form
    settings: dict[str, Any]

    def node(self) -> Node:
        """Return the node of a field of a model."""
        node = self.form.node
        if "default" in self.settings:
            node = {"type": "default", "schema": node, "default": self.settings["default"]}
        title = self.settings.get("title")
        metadata = {} if title is None else {TITLE: title}
        return {"type": "model-field", "schema": node, "metadata": metadata}


def described(name: str, fields: Mapping[str, Definition]) -> Shape:
    """Return the shape of a `Schema` of that name with these fields."""
    return Shape(_node(name, fields), partial(_model, name, fields))


def _node(name: str, made: Mapping[str, Definition]) -> Node:
    """Return the core schema that the class will have."""
    own: Any = Schema.__pydantic_core_schema__
    fields = {
        "type": "model-fields",
        "fields": {field_name: field.node() for field_name, field in made.items()},
        "model_name": name,
        "computed_fields": [],
    }
    node: Any = {"type": "model", "schema": fields, "config": {**own["config"], "title": name}}
    treated: Any = strict(node, _unresolved)
    return treated  # type: ignore[no-any-return]


def _unresolved(reference: object) -> NoReturn:
    raise LookupError(reference)


def _model(name: str, made: Mapping[str, Definition]) -> type[Schema]:
    fields: dict[str, Any] = {
        field_name: (field.form.annotation(), Field(**field.settings))
        for field_name, field in made.items()
    }
    model: type[Schema] = create_model(
        name, __base__=Schema, __module__="criterion.documents", **fields
    )
    return model
