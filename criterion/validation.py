"""What a schema refused: pydantic's errors as our closed list of codes, with places people know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from criterion.redaction import METADATA_KEY
from criterion.strictness import Node
from criterion.text import code, did_you_mean, listing, one_line
from criterion.views import has_marks

ERRORS_MAX: Final = 50
"""How many refused fields one result lists."""

CHOICES_SHOWN_MAX: Final = 12
"""How many allowed values a message names."""


class ErrorDetail(NamedTuple):
    """One reason why a result has no data.

    Attributes:
        path: Dotted place in the input, profile or output; ``""`` is the whole of it. For a rule
            that failed, ``rules.<id>.<stage>``.
        code: One of `CODES`.
        message: What is expected there; never the value itself.
    """

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        """Return one line: the place and the message."""
        return f"{self.path}: {self.message}" if self.path else self.message


CODES: Final = {
    "missing": "a required key is absent",
    "unknown_key": "a key is not one of the schema's fields",
    "type": "a value is of the wrong kind",
    "choice": "a value is not one of the allowed ones",
    "range": "a number or date lies outside its bounds, or is no multiple of its step",
    "length": "a text, list or mapping is too short or too long",
    "pattern": "a text does not have the required form",
    "format": "a text does not name a date, time, UUID or the like",
    "not_finite": "a number is NaN or infinite",
    "rejected": "a validator of the schema refused the value, or could not read it",
    "profile_missing": "the decision needs a profile, and none was given",
    "profile_unknown": "no profile of that name or version is registered",
    "profile_not_offered": "the profile is registered for other decisions only",
    "raised": "a rule raised",
    "not_boolean": "a condition was neither true nor false",
}
"""The closed list of error codes, and what each means."""

# pydantic's types of error that say "not this kind of value": the noun is what was expected.
_KINDS: Final = {
    "int_type": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "decimal_type": "a number", "decimal_parsing": "a number",
    "quantity_type": 'a number or "unlimited"',
    "bool_type": "true or false", "string_type": "text", "bytes_type": "bytes",
    "date_type": "a date", "datetime_type": "a date and time", "time_type": "a time of day",
    "time_delta_type": "a duration", "uuid_type": "a UUID",
    "list_type": "a list", "tuple_type": "a list", "set_type": "a list",
    "frozen_set_type": "a list", "dict_type": "a mapping", "mapping_type": "a mapping",
    "model_type": "a mapping", "model_attributes_type": "a mapping", "none_required": "null",
    "is_instance_of": "an object of the declared kind", "callable_type": "a function",
}  # fmt: skip
_MESSAGES: Final = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown_key", "is not a known key"),
    "greater_than": ("range", "must be greater than {gt}"),
    "greater_than_equal": ("range", "must be at least {ge}"),
    "less_than": ("range", "must be less than {lt}"),
    "less_than_equal": ("range", "must be at most {le}"),
    "multiple_of": ("range", "must be a multiple of {multiple_of}"),
    "decimal_max_digits": ("range", "must have at most {max_digits} digits"),
    "decimal_max_places": ("range", "must have at most {decimal_places} decimal places"),
    "decimal_whole_digits": ("range", "must have at most {whole_digits} digits before the point"),
    "string_too_short": ("length", "must have at least {min_length} characters"),
    "string_too_long": ("length", "must have at most {max_length} characters"),
    "too_short": ("length", "must have at least {min_length} items"),
    "too_long": ("length", "must have at most {max_length} items"),
    "string_pattern_mismatch": ("pattern", "must match the pattern {pattern}"),
    "string_unicode": ("format", "must be valid Unicode text"),
    "finite_number": ("not_finite", "must be a finite number"),
    "timezone_aware": ("format", "must have a time zone, as in 2026-01-31T12:00:00Z"),
    "date_from_datetime_parsing": ("format", "must be a date, as in 2026-01-31"),
    "datetime_from_date_parsing": ("format", "must be a date and time, as in 2026-01-31T12:00:00Z"),
    "uuid_parsing": ("format", "must be a UUID"),
    "invalid_key": ("type", "must have text as its keys"),
    "recursion_loop": ("rejected", "must not contain itself"),
}  # fmt: skip


def error_details(error: ValidationError, schema: type[BaseModel]) -> tuple[ErrorDetail, ...]:
    """Return what was refused, in the order of the schema's fields; at most `ERRORS_MAX`."""
    root: Any = schema.__pydantic_core_schema__
    places = _Places(root)
    groups: dict[str, list[_Refusal]] = {}
    for line in error.errors(include_url=False, include_input=False)[: 4 * ERRORS_MAX]:
        place = places.find(line["loc"])
        groups.setdefault(place.group, []).append((place, line))
    shows_text = not has_marks(schema)
    details = [detail for group in groups.values() for detail in _details(group, shows_text)]
    return tuple(dict.fromkeys(details))[:ERRORS_MAX]


class _Place(NamedTuple):
    """Where pydantic's location really is."""

    path: str
    group: str  # the path of the outermost union on the way, else the path
    branch: str  # which branch of that union complained, "" outside of unions
    siblings: tuple[str, ...]  # known keys beside the last part


_Refusal = tuple[_Place, Mapping[str, Any]]


class _Places:
    """Walks a core schema along pydantic's locations, which name union branches beside keys."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._definitions = {node["ref"]: node for node in root.get("definitions", ())}

    def find(self, location: tuple[int | str, ...]) -> _Place:
        """Return the dotted path without branches, cut at the first marked field."""
        node: Node | None = self._root
        parts: list[str] = []
        group: str | None = None
        branch: list[str] = []
        siblings: tuple[str, ...] = ()
        for step in location:
            node, is_marked = self._resolve(node)
            if is_marked:
                return _Place(_dotted(parts), group or _dotted(parts), "".join(branch), ())
            if node is not None and node["type"] in {"union", "tagged-union"}:
                group = _dotted(parts) if group is None else group
                branch.append(f"{step}/")
                node = _branch(node, step)
                continue
            if step == "[key]":
                continue
            parts.append(str(step))
            node, siblings = _below(node, step)
        path = _dotted(parts)
        return _Place(path, path if group is None else group, "".join(branch), siblings)

    def _resolve(self, node: Node | None) -> tuple[Node | None, bool]:
        """Step through wrappers that leave no trace in a location."""
        is_marked = False
        while node is not None:
            is_marked = is_marked or METADATA_KEY in node.get("metadata", {})
            if node["type"] == "definition-ref":
                node = self._definitions.get(node["schema_ref"])
            elif node["type"] == "chain":
                node = node["steps"][0]
            elif node["type"] not in _STOPS and isinstance(node.get("schema"), dict):
                node = node["schema"]
            else:
                break
        return node, is_marked


_STOPS: Final = frozenset({"union", "tagged-union", "list", "tuple", "dict", "model-fields"})


def _below(node: Node | None, step: int | str) -> tuple[Node | None, tuple[str, ...]]:
    if node is None:
        return None, ()
    fields = node.get("fields")
    if isinstance(fields, dict):
        known = {str(field.get("validation_alias", name)): field for name, field in fields.items()}
        field = known.get(str(step)) or fields.get(step)
        return (field["schema"] if field else None), tuple(known)
    if node["type"] == "dict":
        return node.get("values_schema"), ()
    items = node.get("items_schema")
    if isinstance(items, list):
        at = step if isinstance(step, int) and step < len(items) else -1
        return items[at], ()
    return items, ()


def _branch(node: Node, label: int | str) -> Node | None:
    """Return the branch of a union that a location names, as far as the label tells."""
    if node["type"] == "tagged-union":
        found = node["choices"].get(label)
        return found if isinstance(found, dict) else None
    for choice in node["choices"]:
        part, name = choice if isinstance(choice, tuple | list) else (choice, None)
        if label in {name, part.get("cls", type(None)).__name__, part["type"]}:
            return part  # type: ignore[no-any-return]
    return None


def _dotted(parts: Iterable[str]) -> str:
    return ".".join(one_line(part, 100) for part in parts)


def _details(group: list[_Refusal], shows_text: bool) -> list[ErrorDetail]:  # noqa: FBT001
    """Return the errors of one place; of a union's, those of the branch that came closest."""
    branches: dict[str, list[_Refusal]] = {}
    for place, line in group:
        branches.setdefault(place.branch, []).append((place, line))
    if len(branches) > 1:
        close = [part for part in branches.values() if not _is_other_kind(*part[0])]
        if not close:
            return [_combined(group)]
        group = close[-1]
    return [_detail(place, line, shows_text) for place, line in group]


def _is_other_kind(place: _Place, line: Mapping[str, Any]) -> bool:
    return place.path == place.group and (line["type"] in _KINDS or line["type"] in _CHOICES)


def _combined(group: list[_Refusal]) -> ErrorDetail:
    nouns = dict.fromkeys(_noun(line) for _, line in group)
    of_choices = all(line["type"] in _CHOICES for _, line in group)
    return ErrorDetail(group[0][0].path, "choice" if of_choices else "type", _must_be(nouns))


def _must_be(nouns: Iterable[str]) -> str:
    return f"must be {listing(nouns)}"


_CHOICES: Final = frozenset({"literal_error", "enum", "union_tag_invalid"})


def _noun(line: Mapping[str, Any]) -> str:
    if line["type"] in _KINDS:
        return _KINDS[line["type"]]
    expected = str(
        line.get("ctx", {}).get("expected", line.get("ctx", {}).get("expected_tags", ""))
    )
    values = one_line(expected.replace("'", '"'), 300)
    return values if values.count(",") < CHOICES_SHOWN_MAX else "one of the allowed values"


def _detail(place: _Place, line: Mapping[str, Any], shows_text: bool) -> ErrorDetail:  # noqa: FBT001
    kind, context = line["type"], line.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(place)
    if kind in _MESSAGES:
        name, template = _MESSAGES[kind]
        return ErrorDetail(place.path, name, one_line(template.format_map(context), 300))
    if kind in _KINDS:
        return ErrorDetail(place.path, "type", _must_be([_noun(line)]))
    if kind in _CHOICES:
        return ErrorDetail(place.path, "choice", _must_be([_noun(line)]))
    if kind.endswith(("_parsing", "_invalid")):
        return ErrorDetail(place.path, "format", "must be a valid date, time or number in ISO form")
    text = _own_words(line) if shows_text else ""
    return ErrorDetail(place.path, "rejected", text or "is not valid")


def _unknown_key(place: _Place) -> ErrorDetail:
    hint = did_you_mean(place.path.rpartition(".")[2], place.siblings)
    message = f"is not a known key; {hint}" if hint else "is not a known key"
    return ErrorDetail(place.path, "unknown_key", message)


def _own_words(line: Mapping[str, Any]) -> str:
    """Quote the schema's own validator."""
    text = str(line["msg"])
    for prefix in ("Value error, ", "Assertion failed, "):
        text = text.removeprefix(prefix)
    return one_line(text, 300)


def unreadable(error: Exception) -> ErrorDetail:
    """Return the detail for facts or a validator that raised something unexpected."""
    return ErrorDetail(
        "", "rejected", f"could not be read: {code(type(error).__name__)} was raised"
    )
