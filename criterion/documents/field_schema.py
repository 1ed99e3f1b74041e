"""Field schemas: the subset of JSON Schema that documents use, made into a `Schema` class.

The class behaves as one written by hand with the same fields: the same pydantic constraints, the
same strictness, the same frozen values.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final, get_args

from pydantic import Field, PlainSerializer, ValidationError, create_model

from criterion.documents.field_limits import bounded, choices, lengths, pattern_of
from criterion.documents.field_words import FORMATS, field_type
from criterion.documents.places import offset_at
from criterion.documents.problems import Problems
from criterion.documents.required_keys import RequiredKeys
from criterion.documents.sections import members_of, text_of
from criterion.documents.yaml_text import Node
from criterion.quantity import Quantity
from criterion.redaction import Redact, RedactMode
from criterion.schema import Schema
from criterion.text import code, listing
from criterion.validation import error_details

FIELDS_MAX: Final = 500
"""How many fields one mapping may have."""

Annotation = Any
"""What may stand behind the colon of a field."""

_FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}", re.ASCII)
_TAKEN: Final = frozenset(name for name in dir(Schema) if not name.startswith("_"))
_FORMATS: Final[dict[str, Annotation]] = {
    "date": dt.date,
    "date-time": dt.datetime,
    "uuid": uuid.UUID,
    "decimal": Annotated[Decimal, PlainSerializer(str)],
}


def schema_class(name: str, fields: Node, problems: Problems) -> type[Schema]:
    """Return a `Schema` with the fields that a mapping describes.

    Args:
        name: The name of the class, which is also the title of its JSON Schema.
        fields: A JSON Schema for each field by name; required unless it has a default.
        problems: Where every mistake is noted; a field with one takes any value.
    """
    members = members_of(fields, problems, f"the {name} fields")
    if len(members) > FIELDS_MAX:
        problems.add(fields.start, f"there are more than {FIELDS_MAX} fields")
        members = {}
    made: dict[str, Any] = {}
    for field_name, node in members.items():
        if _is_field_name(field_name, fields.keys[field_name], problems):
            made[field_name] = _Field(name, field_name, node, problems).definition()
    schema: type[Schema] = create_model(
        name, __base__=Schema, __module__="criterion.documents", **made
    )
    _check_defaults(schema, members, problems)
    return schema


def _is_field_name(name: str, key: Node, problems: Problems) -> bool:
    if name in _TAKEN:
        hint = f"choose another name, such as `{name}_value`"
        problems.add(key.start, f"{code(name)} is a name that every schema uses itself", hint)
    elif not _FIELD_NAME.fullmatch(name):
        hint = "begin with a letter, and use letters, digits, `_` and `-`"
        problems.add(key.start, f"{code(name)} is not a name for a field", hint)
    else:
        return True
    return False


def _check_defaults(schema: type[Schema], members: dict[str, Node], problems: Problems) -> None:
    for name, node in members.items():
        default = (node.members or {}).get("default")
        if default is None or default.is_broken or default.value is None:
            continue
        try:
            schema.model_validate({name: default.value})
        except ValidationError as error:
            for detail in error_details(error, schema):
                first, _, inside = detail.path.partition(".")
                if first == name:
                    at = offset_at(default, inside)
                    problems.add(at, f"the default does not fit: {detail.message}")


@dataclass(frozen=True, slots=True)
class _Field:
    """One field while it is read."""

    owner: str
    name: str
    node: Node
    problems: Problems

    def definition(self) -> tuple[Annotation, Any]:
        """Return annotation and pydantic field info."""
        members = members_of(self.node, self.problems, f"the field {code(self.name)}")
        if self.node.members is None:
            return Any, Field()
        annotation = self.annotation(members)
        settings: dict[str, Any] = {
            word: self._text(members, word) for word in ("title", "description")
        }
        if "default" in members:
            settings["default"] = members["default"].value
        extra = self._changeable(members)
        return annotation, Field(**settings, json_schema_extra=extra or None)

    def annotation(self, members: dict[str, Node]) -> Annotation:
        """Return the annotation, ``Any`` where there was a problem."""
        noted = len(self.problems)
        kind = field_type(self.node, self.problems)
        made = Any if kind is None else _MAKERS[kind](self, members)
        if "default" in members and members["default"].value is None:
            made = made | None if made is not Any else made
        mark = self._mark(members)
        if len(self.problems) > noted:
            return Any
        return made if mark is None else Annotated[made, mark]

    def _text(self, members: dict[str, Node], word: str) -> str | None:
        return text_of(members.get(word), self.problems, code(word))

    def _mark(self, members: dict[str, Node]) -> Redact | None:
        node = members.get("redact")
        if node is None or node.value in get_args(RedactMode):
            return Redact(node.value) if node else None
        hint = f"write {listing(map(code, get_args(RedactMode)))}"
        self.problems.add(node.start, "this is not a way to redact", hint)
        return None

    def _changeable(self, members: dict[str, Node]) -> dict[str, Any]:
        node = members.get("changeable")
        if node is not None and not isinstance(node.value, bool):
            self.problems.add(node.start, "`changeable` must be `true` or `false`")
        return {"changeable": False} if node is not None and node.value is False else {}

    def below(self, name: str, node: Node) -> Annotation:
        """Return the annotation of items or values."""
        field = _Field(f"{self.owner}{_camel(self.name)}", name, node, self.problems)
        members = members_of(node, self.problems, f"the {name} of {code(self.name)}")
        if node.members is None:
            return Any
        for word in ("default", "changeable"):
            if word in members:
                message = f"{code(word)} belongs to a field, not to what is inside it"
                self.problems.add(members[word].start, message)
        return field.annotation(members)

    def integer(self, members: dict[str, Node]) -> Annotation:
        made = choices(members, int, self.problems)
        return made or bounded(int, self.node, self.problems, is_whole=True)

    def number(self, members: dict[str, Node]) -> Annotation:
        base = Decimal
        if "format" in members:
            base = self._format(members["format"], ("decimal",))
        return bounded(base, self.node, self.problems, is_whole=False)

    def quantity(self, _: dict[str, Node]) -> Annotation:
        return bounded(Quantity, self.node, self.problems, is_whole=False)

    def boolean(self, members: dict[str, Node]) -> Annotation:
        return choices(members, bool, self.problems) or bool

    def string(self, members: dict[str, Node]) -> Annotation:
        if "format" in members:
            for word in ("pattern", "minLength", "maxLength", "enum", "const"):
                if word in members:
                    message = f"{code(word)} does not go with `format`"
                    self.problems.add(members[word].start, message)
            return self._format(members["format"], FORMATS)
        limits = lengths(self.node, "minLength", "maxLength", self.problems)
        pattern = pattern_of(members.get("pattern"), self.problems)
        made = choices(members, str, self.problems)
        if made is not None:
            return made
        return Annotated[str, Field(pattern=pattern, **limits)] if limits or pattern else str

    def array(self, members: dict[str, Node]) -> Annotation:
        if "items" not in members:
            self.problems.add(self.node.start, "`items` is missing", "say what the list holds")
            return Any
        item: Any = self.below("items", members["items"])
        made: Any = list[item]
        limits = lengths(self.node, "minItems", "maxItems", self.problems)
        return Annotated[made, Field(**limits)] if limits else made

    def object(self, members: dict[str, Node]) -> Annotation:
        values = members.get("additionalProperties")
        has_values = values is not None and values.value is not False
        if has_values == ("properties" in members):
            hint = "list its `properties`, or describe all its values by `additionalProperties`"
            message = (
                "cannot have both `properties` and `additionalProperties`"
                if has_values
                else "has neither `properties` nor `additionalProperties`"
            )
            self.problems.add(self.node.start, f"{code(self.name)} {message}", hint)
            return Any
        if not has_values or values is None:
            return self._closed(members)
        if values.value is True:
            hint = "describe the values, as in `additionalProperties: {type: integer}`"
            self.problems.add(values.start, "`additionalProperties: true` says nothing", hint)
            return Any
        value: Any = self.below("additionalProperties", values)
        made: Any = dict[str, value]
        keys = self._required(members)
        return Annotated[made, RequiredKeys(*keys)] if keys else made

    def _closed(self, members: dict[str, Node]) -> Annotation:
        properties = members["properties"]
        required = members.get("required")
        if required is not None:
            certain = {
                name for name, node in (properties.members or {}).items()
                if "default" not in (node.members or {})
            }  # fmt: skip
            if set(self._required(members)) != certain:
                message = "`required` does not name exactly the properties without a default"
                hint = "leave it out: a property is required unless it has a default"
                self.problems.add(required.start, message, hint)
        return schema_class(f"{self.owner}{_camel(self.name)}", properties, self.problems)

    def _required(self, members: dict[str, Node]) -> list[str]:
        node = members.get("required")
        if node is None:
            return []
        if node.items is None or not all(isinstance(item, str) for item in node.value):
            self.problems.add(
                node.start, "`required` must be a list of keys", "as in `[free, pro]`"
            )
            return []
        return list(dict.fromkeys(node.value))

    def _format(self, node: Node, known: tuple[str, ...]) -> Annotation:
        if node.value in known:
            return _FORMATS[node.value]
        hint = f"the formats are {listing(map(code, known))}"
        self.problems.add(node.start, f"{code(str(node.value))} is not a format here", hint)
        return Any


_MAKERS: Final[dict[str, Callable[[_Field, dict[str, Node]], Annotation]]] = {
    "integer": _Field.integer,
    "number": _Field.number,
    "quantity": _Field.quantity,
    "string": _Field.string,
    "boolean": _Field.boolean,
    "array": _Field.array,
    "object": _Field.object,
}


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split("[-_]", name))
