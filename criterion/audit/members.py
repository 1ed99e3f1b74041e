"""Members: how the fields of an instance are read for a record, the fast way where there is one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from criterion.light import is_only_fields, model_of
from criterion.nodes import Node, parts_of
from criterion.schema import Schema
from criterion.views import CACHED_SCHEMAS_MAX

Members = Callable[[Any], Any]
"""Returns the fields of an instance, or plain facts as they are."""


@lru_cache(CACHED_SCHEMAS_MAX)
def input_members(schema: type[BaseModel]) -> Members:
    """Return what reads validated facts: by field name, without what is computed of them."""
    return _own if _holds_its_dump(schema) else _dumped_input


@lru_cache(CACHED_SCHEMAS_MAX)
def output_members(schema: type[BaseModel]) -> Members:
    """Return what reads an output, as its schema writes itself."""
    return vars if _holds_its_dump(schema) else _dumped_output


def _own(facts: Any) -> Any:  # noqa: ANN401 -- facts of any decision
    return facts if type(facts) is dict else facts.__dict__


def _dumped_input(facts: Any) -> Any:  # noqa: ANN401
    model = model_of(facts)
    if not isinstance(model, BaseModel):
        return model
    return model.model_dump(exclude_computed_fields=True, warnings=False)


def _dumped_output(data: BaseModel) -> Any:  # noqa: ANN401
    return data.model_dump(by_alias=True, warnings=False)


def _holds_its_dump(schema: type[BaseModel]) -> bool:
    """Whether an instance's own dictionary is what dumping it returns."""
    if not issubclass(schema, Schema) or not is_only_fields(schema):
        return False
    root: Any = schema.__pydantic_core_schema__
    if root["type"] != "model" or "serialization" in root:
        return False
    fields = root["schema"]["fields"].values()
    return all("serialization_alias" not in field and _is_scalar(field) for field in fields)


def _is_scalar(node: Node) -> bool:
    """Whether a node, and everything below it, is written as it is held."""
    written = node.get("serialization", {"when_used": "json"})
    if (
        node["type"] in {"model", "dataclass", "definition-ref"}
        or written.get("when_used") != "json"
    ):
        return False
    return not node.get("serialization_exclude") and all(map(_is_scalar, parts_of(node)))
