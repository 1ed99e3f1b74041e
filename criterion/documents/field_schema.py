"""Field schemas: the subset of JSON Schema that documents use, made into the shape of a `Schema`.

Its class behaves as one written by hand with the same fields: the same pydantic constraints, the
same strictness, the same frozen values.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaValidator

from criterion.documents import field_forms
from criterion.documents.field_forms import Form
from criterion.documents.field_limits import bounds_of, choices, lengths, pattern_of
from criterion.documents.field_shape import Definition, described
from criterion.documents.field_words import FORMATS, TYPES, field_type
from criterion.documents.places import offset_at
from criterion.documents.problems import Problems
from criterion.documents.required_keys import RequiredKeys
from criterion.documents.sections import members_of, text_of
from criterion.documents.yaml_text import Node
from criterion.plain_facts import plain_node
from criterion.redaction import Redact, RedactMode
from criterion.schema import Schema
from criterion.shape import Shape
from criterion.text import code, listing
from criterion.validation import error_details

FIELDS_MAX: Final = 500
"""How many fields one mapping may have."""

_FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}", re.ASCII)
_TAKEN: Final = frozenset(name for name in dir(Schema) if not name.startswith("_"))


def shape_of(name: str, fields: Node, problems: Problems) -> Shape:
    """Return the shape of a `Schema` with the fields that a mapping describes.

    Args:
        name: The name of the class, which is also the title of its JSON Schema.
        fields: A JSON Schema for each field by name; required unless it has a default.
        problems: Where every mistake is noted; a field with one takes any value.
    """
    members = members_of(fields, problems, f"the {name} fields")
    if len(members) > FIELDS_MAX:
        problems.add(fields.start, f"there are more than {FIELDS_MAX} fields")
        members = {}
    made = {
        field_name: _Field(name, field_name, node, problems).definition()
        for field_name, node in members.items()
        if _is_field_name(field_name, fields.keys[field_name], problems)
    }
    shape = described(name, made)
    _check_defaults(shape, members, problems)
    return shape


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


def _check_defaults(shape: Shape, members: dict[str, Node], problems: Problems) -> None:
    for name, node in members.items():
        default = (node.members or {}).get("default")
        if default is None or default.is_broken or default.value is None:
            continue
        if not _is_taken(shape, name, default.value):
            _note_misfit(shape.model, name, default, problems)


def _is_taken(shape: Shape, name: str, default: object) -> bool:
    """Whether a default is certain to fit; else the class says what is wrong with it."""
    field = shape.node["schema"]["fields"].get(name)
    if field is None:
        return False
    return SchemaValidator(plain_node(field["schema"])).isinstance_python(default)


def _note_misfit(schema: type[BaseModel], name: str, default: Node, problems: Problems) -> None:
    try:
        schema.model_validate({name: default.value})
    except ValidationError as error:
        lines = error.errors(include_url=False, include_context=False, include_input=False)
        if all(line["loc"][:1] != (name,) for line in lines):  # only that others are missing
            return
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

    def definition(self) -> Definition:
        """Return the form of the values, and all else that is said of them."""
        if self.node.value in TYPES and not self.node.is_broken:
            message = f"the field {code(self.name)} must be a mapping"
            self.problems.add(self.node.start, message, f"write `{{type: {self.node.value}}}`")
            return Definition(field_forms.anything(), {})
        members = members_of(self.node, self.problems, f"the field {code(self.name)}")
        if self.node.members is None:
            return Definition(field_forms.anything(), {})
        form = self.form(members)
        settings: dict[str, Any] = {
            word: self._text(members, word) for word in ("title", "description")
        }
        if "default" in members:
            settings["default"] = members["default"].value
        settings["json_schema_extra"] = self._changeable(members) or None
        return Definition(form, settings)

    def form(self, members: dict[str, Node]) -> Form:
        """Return the form, that of anything where there was a problem."""
        noted = len(self.problems)
        kind = field_type(self.node, self.problems)
        made = field_forms.anything() if kind is None else _MAKERS[kind](self, members)
        if "default" in members and members["default"].value is None:
            made = field_forms.nullable(made)
        mark = self._mark(members)
        if len(self.problems) > noted:
            return field_forms.anything()
        return made if mark is None else field_forms.marked(made, mark)

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

    def below(self, name: str, node: Node) -> Form:
        """Return the form of items or values."""
        field = _Field(f"{self.owner}{_camel(self.name)}", name, node, self.problems)
        members = members_of(node, self.problems, f"the {name} of {code(self.name)}")
        if node.members is None:
            return field_forms.anything()
        for word in ("default", "changeable"):
            if word in members:
                message = f"{code(word)} belongs to a field, not to what is inside it"
                self.problems.add(members[word].start, message)
        return field.form(members)

    def integer(self, members: dict[str, Node]) -> Form:
        made = choices(members, int, self.problems)
        if made is not None:
            return field_forms.one_of(made)
        bounds = bounds_of(self.node, self.problems, is_whole=True)
        return field_forms.scalar("integer", bounds)

    def number(self, members: dict[str, Node]) -> Form:
        kind = self._format(members, ("decimal",)) if "format" in members else "number"
        bounds = bounds_of(self.node, self.problems, is_whole=False)
        return field_forms.scalar(kind, bounds) if kind else field_forms.anything()

    def quantity(self, _: dict[str, Node]) -> Form:
        return field_forms.quantity(bounds_of(self.node, self.problems, is_whole=False))

    def boolean(self, members: dict[str, Node]) -> Form:
        made = choices(members, bool, self.problems)
        return field_forms.scalar("boolean") if made is None else field_forms.one_of(made)

    def string(self, members: dict[str, Node]) -> Form:
        if "format" in members:
            for word in ("pattern", "minLength", "maxLength", "enum", "const"):
                if word in members:
                    message = f"{code(word)} does not go with `format`"
                    self.problems.add(members[word].start, message)
            kind = self._format(members, FORMATS)
            return field_forms.scalar(kind) if kind else field_forms.anything()
        limits = lengths(self.node, "minLength", "maxLength", self.problems)
        pattern = pattern_of(members.get("pattern"), self.problems)
        made = choices(members, str, self.problems)
        if made is not None:
            return field_forms.one_of(made)
        return field_forms.scalar("string", {"pattern": pattern, **limits} if pattern else limits)

    def array(self, members: dict[str, Node]) -> Form:
        if "items" not in members:
            self.problems.add(self.node.start, "`items` is missing", "say what the list holds")
            return field_forms.anything()
        item = self.below("items", members["items"])
        limits = lengths(self.node, "minItems", "maxItems", self.problems)
        return field_forms.list_of(item, limits)

    def object(self, members: dict[str, Node]) -> Form:
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
            return field_forms.anything()
        return (
            self._closed(members)
            if not has_values or values is None
            else (self._open(members, values))
        )

    def _open(self, members: dict[str, Node], values: Node) -> Form:
        if values.value is True:
            hint = "describe the values, as in `additionalProperties: {type: integer}`"
            self.problems.add(values.start, "`additionalProperties: true` says nothing", hint)
            return field_forms.anything()
        made = field_forms.mapping_of(self.below("additionalProperties", values))
        keys = self._required(members)
        return field_forms.marked(made, RequiredKeys(*keys)) if keys else made

    def _closed(self, members: dict[str, Node]) -> Form:
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
        shape = shape_of(f"{self.owner}{_camel(self.name)}", properties, self.problems)
        return field_forms.nested(shape)

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

    def _format(self, members: dict[str, Node], known: tuple[str, ...]) -> str | None:
        node = members["format"]
        if node.value in known:
            return str(node.value)
        hint = f"the formats are {listing(map(code, known))}"
        self.problems.add(node.start, f"{code(str(node.value))} is not a format here", hint)
        return None


_MAKERS: Final[dict[str, Callable[[_Field, dict[str, Node]], Form]]] = {
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
