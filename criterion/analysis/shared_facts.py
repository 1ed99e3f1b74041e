"""Shared facts: which facts two decisions both take, so that their answers can be compared."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from criterion.analysis.domain import Domain
from criterion.nodes import Node
from criterion.text import code


class NoneSharedError(Exception):
    """There are none, or it cannot be said which; the text says why."""


class SharedFacts(NamedTuple):
    """The facts that two decisions take.

    Attributes:
        domain: The facts, with every field of either.
        defaults: Of fields that only one knows, what they are there, by name: nobody can send them
            to both.
    """

    domain: Domain
    defaults: Mapping[str, Any]

    def sent(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return facts without the fields that only one knows."""
        return {name: value for name, value in facts.items() if name not in self.defaults}


def shared_facts(old: Node, new: Node, domains: tuple[Domain, Domain]) -> SharedFacts:
    """Return the facts that both of two input schemas take.

    Raises:
        NoneSharedError: There are none, or it cannot be said which.
    """
    one, two = (domain.fields for domain in domains)
    if one is None or two is None:
        raise NoneSharedError("the input has no fields that are known")
    parts: dict[str, Domain] = {}
    defaults: dict[str, Any] = {}
    for name in dict.fromkeys((*one, *two)):
        if name in one and name in two:
            parts[name] = _shared(one[name], two[name], name)
            continue
        is_old = name in one
        default = default_of(old if is_old else new, name)
        if default is ...:
            raise NoneSharedError(f"no facts fit both: only one takes {code(name)}, and needs it")
        parts[name] = (one if is_old else two)[name]
        defaults[name] = default
    keys = domains[0].keys | domains[1].keys
    return SharedFacts(replace(domains[0], fields=parts, keys=keys), defaults)


def default_of(root: Node, name: str) -> Any:  # noqa: ANN401 -- of any kind
    """Return the default of a field, ``...`` where it has no plain one."""
    node: Any = root
    while "fields" not in node:
        if "schema" not in node:
            return ...
        node = node["schema"]
    return node["fields"][name]["schema"].get("default", ...)


def _shared(old: Domain, new: Domain, path: str) -> Domain:
    if old == new:
        return old
    if old.kind != new.kind:
        raise NoneSharedError(f"{code(path)} is of another kind now")
    if old.pattern != new.pattern and None not in (old.pattern, new.pattern):
        raise NoneSharedError(f"{code(path)} has another pattern now")
    if old.multiple_of != new.multiple_of and None not in (old.multiple_of, new.multiple_of):
        raise NoneSharedError(f"{code(path)} is a multiple of another number now")
    if old.fields is not None or old.key_choices != new.key_choices or old.keys != new.keys:
        return _nested(old, new, path)
    lengths = [each for each in (old.length_max, new.length_max) if each is not None]
    least, is_above = _tighter(old.least, new.least, old.is_above, new.is_above, 1)
    most, is_below = _tighter(old.most, new.most, old.is_below, new.is_below, -1)
    made = replace(
        old,
        nullable=old.nullable and new.nullable,
        choices=_choices(old, new, path),
        least=least,
        most=most,
        is_above=is_above,
        is_below=is_below,
        multiple_of=old.multiple_of or new.multiple_of,
        length_min=max(old.length_min, new.length_min),
        length_max=min(lengths) if lengths else None,
        pattern=old.pattern or new.pattern,
        item=old.item if old.item is None else _shared(old.item, new.item or old.item, path),
    )
    return made if new.kept == "all" else made.keeping(new.kept)


def _nested(old: Domain, new: Domain, path: str) -> Domain:
    if old.fields is None or new.fields is None or old.fields.keys() != new.fields.keys():
        raise NoneSharedError(f"{code(path)} has other keys now")
    parts = {
        name: _shared(part, new.fields[name], f"{path}.{name}") for name, part in old.fields.items()
    }
    return replace(old, fields=parts, keys=old.keys | new.keys)


def _choices(old: Domain, new: Domain, path: str) -> Any:  # noqa: ANN401 -- choices, or nothing
    if old.choices is None or new.choices is None:
        return old.choices or new.choices
    both = tuple(each for each in old.choices if each in new.choices)
    if not both:
        raise NoneSharedError(f"no facts fit both: {code(path)} has no value in common")
    return both


def _tighter(
    old: int | Decimal | None,
    new: int | Decimal | None,
    is_out: bool,  # noqa: FBT001 -- of each bound its own
    is_out_now: bool,  # noqa: FBT001
    sign: int,
) -> tuple[int | Decimal | None, bool]:
    """Return the bound that leaves out more."""
    if old is None or new is None:
        return (new, is_out_now) if old is None else (old, is_out)
    if old == new:
        return old, is_out or is_out_now
    return (new, is_out_now) if sign * new > sign * old else (old, is_out)
