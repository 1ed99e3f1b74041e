"""What a schema refused: pydantic's errors as our closed list of codes, with places people know."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from criterion.nodes import Node
from criterion.redaction import METADATA_KEY
from criterion.text import code, did_you_mean, listing, one_line
from criterion.views import CACHED_SCHEMAS_MAX, has_marks

ERRORS_MAX: Final = 50
"""How many refused fields one result lists."""

CHOICES_SHOWN_MAX: Final = 12
"""How many allowed values a message names."""

REMEMBERED_MAX: Final = 256
"""How many places of errors are remembered per schema before that starts anew."""

REMEMBERED_LENGTH_MAX: Final = 200
"""Longest place that is remembered, in characters; unknown keys can be long."""


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
    "int_parsing": "a whole number", "float_parsing": "a number", "bool_parsing": "true or false",
    "float_type": "a number", "decimal_type": "a number", "decimal_parsing": "a number",
    "quantity_type": 'a number or "unlimited"',
    "bool_type": "true or false", "string_type": "text", "bytes_type": "bytes",
    "date_type": "a date", "date_from_datetime_inexact": "a date",
    "datetime_type": "a date and time", "time_type": "a time of day",
    "time_delta_type": "a duration", "uuid_type": "a UUID",
    "sequence_str": "a list", "int_parsing_size": "a whole number of fewer digits",
    "list_type": "a list", "tuple_type": "a list", "named_tuple_type": "a list",
    "deque_type": "a list", "iterable_type": "a list", "iteration_error": "a list",
    "ordered_dict_type": "a mapping", "counter_type": "a mapping", "set_type": "a list",
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
    "bytes_too_short": ("length", "must have at least {min_length} bytes"),
    "bytes_too_long": ("length", "must have at most {max_length} bytes"),
    "url_parsing": ("format", "must be a URL"),
    "get_attribute_error": ("rejected", "could not be read"),
    "json_invalid": ("format", "must be valid JSON"),
    "uuid_parsing": ("format", "must be a UUID"),
    "invalid_key": ("type", "must have text as its keys"),
    "recursion_loop": ("rejected", "must not contain itself"),
}  # fmt: skip


def error_details(error: ValidationError, schema: type[BaseModel]) -> tuple[ErrorDetail, ...]:
    """Return what was refused, in the order of the schema's fields; at most `ERRORS_MAX`."""
    find = _places_of(schema).find
    lines = error.errors(include_url=False, include_input=False)[: 4 * ERRORS_MAX]
    refusals: list[_Refusal] = [(find(line["loc"]), line) for line in lines]
    details = _details(refusals, not has_marks(schema))
    return tuple(dict.fromkeys(details))[:ERRORS_MAX]


class _Place(NamedTuple):
    """Where pydantic's location really is."""

    path: str
    unions: tuple[tuple[str, str], ...]  # the unions on the way: where, and which branch complained
    siblings: tuple[str, ...]  # known keys beside the last part

    @property
    def group(self) -> str:
        """The path of the outermost union, where there is one."""
        return self.unions[0][0] if self.unions else self.path

    @property
    def branch(self) -> str:
        """The branch of that union."""
        return self.unions[0][1] if self.unions else ""


_Refusal = tuple[_Place, Mapping[str, Any]]
_Location = tuple[int | str, ...]


class _Places:
    """Walks a core schema along pydantic's locations, which name union branches beside keys."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._definitions = {node["ref"]: node for node in root.get("definitions", ())}
        self._found: dict[_Location, _Place] = {}

    def find(self, location: _Location) -> _Place:
        """Return the dotted path without branches, cut at the first marked field."""
        place = self._found.get(location)
        if place is None:
            place = self._walk(location)
            if sum(len(str(step)) for step in location) <= REMEMBERED_LENGTH_MAX:
                if len(self._found) >= REMEMBERED_MAX:
                    self._found.clear()
                self._found[location] = place
        return place

    def _walk(self, location: _Location) -> _Place:
        node: Node | None = self._root
        parts: list[str] = []
        unions: list[tuple[str, str]] = []
        siblings: tuple[str, ...] = ()
        for step in location:
            node, is_marked = self._resolve(node)
            if is_marked:
                return _Place(_dotted(parts), tuple(unions), ())
            if node is not None and node["type"] in {"union", "tagged-union"}:
                unions.append((_dotted(parts), str(step)))
                node = self._branch(node, step)
                continue
            if step == "[key]":
                continue
            parts.append(str(step))
            node, siblings = _below(node, step)
        return _Place(_dotted(parts), tuple(unions), siblings)

    def _resolve(self, node: Node | None) -> tuple[Node | None, bool]:
        """Step through wrappers that leave no trace in a location."""
        is_marked = False
        while node is not None:
            is_marked = is_marked or METADATA_KEY in node.get("metadata", {})
            if node["type"] == "definition-ref":
                node = self._definitions.get(node["schema_ref"])
            elif node["type"] == "chain":
                node = node["steps"][-1]
            elif node["type"] in _TWOFOLD:
                node = node[_TWOFOLD[node["type"]]]
            elif node["type"] not in _STOPS and isinstance(node.get("schema"), dict):
                node = node["schema"]
            else:
                break
        return node, is_marked

    def _branch(self, node: Node, label: int | str) -> Node | None:
        """Return the branch of a union that a location names, as far as the label tells."""
        if node["type"] == "tagged-union":
            found = node["choices"].get(label)
            return found if isinstance(found, dict) else None
        for fits in _LIKENESSES:
            for choice in node["choices"]:
                named = isinstance(choice, tuple | list)
                part: Node = choice[0] if named else choice
                core: Node = self._definitions.get(part.get("schema_ref", ""), part)
                title = getattr(core.get("cls"), "__name__", "")
                names = (named and choice[1], title, core["type"])
                if any(known and fits(str(label), known) for known in names):
                    return part
        return None


_LIKENESSES: Final = (str.__eq__, str.startswith, str.endswith)
"""How a label says what it stands for: ``int``, ``list[…]``, ``constrained-int``."""


@lru_cache(CACHED_SCHEMAS_MAX)
def _places_of(schema: type[BaseModel]) -> _Places:
    root: Any = schema.__pydantic_core_schema__
    return _Places(root)


_TWOFOLD: Final = {"json-or-python": "python_schema", "lax-or-strict": "lax_schema"}
_STOPS: Final = frozenset({"union", "tagged-union", "list", "tuple", "dict", "model-fields"})


def _fields(node: Node) -> dict[str, Node] | None:
    """Return the fields of a model, or of a named tuple, which has a list of them."""
    fields: Any = node.get("fields")
    return {field["name"]: field for field in fields} if isinstance(fields, list) else fields


def _below(node: Node | None, step: int | str) -> tuple[Node | None, tuple[str, ...]]:
    if node is None:
        return None, ()
    fields = _fields(node)
    if fields is not None:
        known = {str(field.get("validation_alias", name)): field for name, field in fields.items()}
        if isinstance(step, int) and node["type"] == "named-tuple":
            return [*fields.values()][step]["schema"], ()
        field = known.get(str(step)) or fields.get(str(step))
        return (field["schema"] if field else None), tuple(known)
    if node["type"] == "dict":
        return node.get("values_schema"), ()
    items = node.get("items_schema")
    if isinstance(items, list):
        at = step if isinstance(step, int) and step < len(items) else -1
        return items[at], ()
    return items, ()


def _dotted(parts: Iterable[str]) -> str:
    return ".".join(one_line(part, 100) for part in parts)


def _details(refusals: list[_Refusal], shows_text: bool) -> list[ErrorDetail]:  # noqa: FBT001
    """Return the errors place by place."""
    groups: dict[str, list[_Refusal]] = {}
    for place, line in refusals:
        groups.setdefault(place.group, []).append((place, line))
    return [detail for group in groups.values() for detail in _of_group(group, shows_text)]


def _of_group(group: list[_Refusal], shows_text: bool) -> list[ErrorDetail]:  # noqa: FBT001
    """Return the errors of one place; of a union's, those of the branch that came closest."""
    if _are_alike(group):
        return [_detail(*group[0], shows_text)]
    branches: dict[str, list[_Refusal]] = {}
    for place, line in group:
        branches.setdefault(place.branch, []).append((place, line))
    close = [part for part in branches.values() if not _is_other_kind(part)]
    if not close and len(branches) > 1:
        return [_combined(group)]
    closest = min(reversed(close or [group]), key=_distance)
    if not any(place.unions for place, _ in closest):
        return [_detail(place, line, shows_text) for place, line in closest]
    inside = [(place._replace(unions=place.unions[1:]), line) for place, line in closest]
    return _details(inside, shows_text)


def _distance(branch: list[_Refusal]) -> int:
    """Count what would have to change for a branch to fit."""
    return len({place.path for place, _ in branch})


def _are_alike(group: list[_Refusal]) -> bool:
    """Whether all say the same, as do the exact and the friendly branch of a number."""
    (place, line), *others = group
    for other, another in others:
        if other.path != place.path or another["type"] != line["type"]:
            return False
        if another.get("ctx") != line.get("ctx"):
            return False
    return True


def _is_other_kind(branch: list[_Refusal]) -> bool:
    """Whether a branch of a union says no more than that the value is none of its kind."""
    return all(
        place.path == place.group and (line["type"] in _KINDS or line["type"] in _CHOICES)
        for place, line in branch
    )


def _combined(group: list[_Refusal]) -> ErrorDetail:
    whole = [part for part in group if part[1]["type"] == "quantity_type"]  # says it all
    nouns = dict.fromkeys(_noun(line) for _, line in whole or group)
    of_choices = all(line["type"] in _CHOICES for _, line in group)
    name = "choice" if of_choices else "type"
    return ErrorDetail(group[0][0].path, name, f"must be {listing(nouns)}")


_CHOICES: Final = frozenset({"literal_error", "enum"})


def _noun(line: Mapping[str, Any]) -> str:
    if line["type"] == "is_instance_of" and line["ctx"]["class"] == "Decimal":
        return "a number"
    if line["type"] in _KINDS:
        return _KINDS[line["type"]]
    expected = str(line.get("ctx", {}).get("expected", ""))
    values = one_line(expected.replace("'", '"'), 300)
    known = values.count(",") + 2  # `a, b or c`
    return values if known <= CHOICES_SHOWN_MAX else "one of the allowed values"


def _detail(place: _Place, line: Mapping[str, Any], shows_text: bool) -> ErrorDetail:  # noqa: FBT001
    kind, context = line["type"], line.get("ctx", {})
    if kind in _KEYS:
        return _KEYS[kind](place, line)
    if kind in _MESSAGES:
        name, template = _MESSAGES[kind]
        return ErrorDetail(place.path, name, one_line(template.format_map(context), 300))
    if kind in _KINDS:
        return ErrorDetail(place.path, "type", f"must be {_noun(line)}")
    if kind in _CHOICES:
        return ErrorDetail(place.path, "choice", f"must be {_noun(line)}")
    if kind.endswith(("_parsing", "_invalid")):
        return ErrorDetail(place.path, "format", "must be a valid date, time or number in ISO form")
    text = _own_words(line) if shows_text else ""
    return ErrorDetail(place.path, "rejected", text or "is not valid")


def _tag(place: _Place, line: Mapping[str, Any]) -> ErrorDetail:
    """Name the key that says which of several mappings is meant."""
    key = line["ctx"]["discriminator"]
    if not key.startswith("'"):  # a function of the author's tells them apart
        return ErrorDetail(place.path, "rejected", "is not valid")
    path = ".".join([place.path, key.strip("'")]).strip(".")
    if line["type"] == "union_tag_not_found":
        return ErrorDetail(path, "missing", "is required")
    values = line["ctx"]["expected_tags"].replace("'", '"').split(", ")
    many = len(values) > CHOICES_SHOWN_MAX
    return ErrorDetail(
        path, "choice", f"must be {'one of the allowed values' if many else listing(values)}"
    )


def _unknown_key(place: _Place, _: Mapping[str, Any]) -> ErrorDetail:
    hint = did_you_mean(place.path.rpartition(".")[2], place.siblings)
    message = f"is not a known key; {hint}" if hint else "is not a known key"
    return ErrorDetail(place.path, "unknown_key", message)


_KEYS: Final[dict[str, Callable[[_Place, Mapping[str, Any]], ErrorDetail]]] = {
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _tag,
}


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
