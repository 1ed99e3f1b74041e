"""Facts: what stands in the body of a request, as the engine takes it."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, ValidationError

from criterion.borrowed import validator_of
from criterion.exact import FROM_JSON
from criterion.http.asking import Sent
from criterion.http.body import read_body
from criterion.http.choosing import Chosen
from criterion.http.problem import Problem, problem
from criterion.nodes import Node, parts_of
from criterion.validation import error_details

FactsReader: TypeAlias = Callable[[Any], Sent]

ENVELOPE: Final = frozenset({"input", "profile"})


def sent_in(body: bytes, chosen: Chosen, read: FactsReader) -> Sent | Problem:
    """Return the input, and the profile where the caller sends one, or why the body is refused."""
    value = read_body(body)
    if isinstance(value, Problem):
        return value
    if not chosen.is_in_body:
        return read(value)
    if not isinstance(value, dict) or value.keys() != ENVELOPE:
        message = "with `?profile=@body` the body is an object of two: `input` and `profile`"
        return problem("invalid_input", message)
    if not isinstance(value["profile"], dict):
        return problem("invalid_profile", "`profile` must be an object")
    return read(value["input"])._replace(profile=value["profile"], base=("input",))


def facts_reader(schema: type[BaseModel]) -> FactsReader:
    """Return what makes facts of JSON.

    Where a schema has decimals, these may come as numeric text, which only facts from JSON may.
    """
    root: Any = schema.__pydantic_core_schema__
    return _reader_of_decimals(schema) if _has_decimals(root) else Sent


def _has_decimals(node: Node) -> bool:
    parts = [*parts_of(node), *node.get("definitions", ())]
    return node["type"] == "decimal" or any(map(_has_decimals, parts))


def _reader_of_decimals(schema: type[BaseModel]) -> FactsReader:
    validate = validator_of(schema).validate_python

    def read(value: Any) -> Sent:  # noqa: ANN401 -- JSON of any shape
        try:
            return Sent(validate(value, context={FROM_JSON: True}))
        except ValidationError as error:
            return Sent(value, refused=error_details(error, schema))
        except Exception:  # noqa: BLE001 -- a validator that raises: the engine says so
            return Sent(value)

    return read
