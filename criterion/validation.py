"""What a schema refused: pydantic's errors as our closed list of codes, with places people know."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from criterion.refusal_places import Place, places_of
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
    find = places_of(schema).find
    lines = error.errors(include_url=False, include_input=False)[: 4 * ERRORS_MAX]
    refusals: list[_Refusal] = [(find(line["loc"]), line) for line in lines]
    details = _details(refusals, not has_marks(schema))
    return tuple(dict.fromkeys(details))[:ERRORS_MAX]


_Refusal = tuple[Place, Mapping[str, Any]]


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


def _detail(place: Place, line: Mapping[str, Any], shows_text: bool) -> ErrorDetail:  # noqa: FBT001
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


def _tag(place: Place, line: Mapping[str, Any]) -> ErrorDetail:
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


def _unknown_key(place: Place, _: Mapping[str, Any]) -> ErrorDetail:
    hint = did_you_mean(place.path.rpartition(".")[2], place.siblings)
    message = f"is not a known key; {hint}" if hint else "is not a known key"
    return ErrorDetail(place.path, "unknown_key", message)


_KEYS: Final[dict[str, Callable[[Place, Mapping[str, Any]], ErrorDetail]]] = {
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
