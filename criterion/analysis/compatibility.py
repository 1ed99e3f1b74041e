"""Compatibility: what a changed schema means to those who send facts and read answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from criterion.analysis.domain import Domain
from criterion.identity import Version
from criterion.json_text import Plain
from criterion.text import code, listing

Step: TypeAlias = Literal["none", "patch", "minor", "major"]
"""Which number of a version has to grow; in the order of their weight."""

STEPS: Final[tuple[Step, ...]] = ("none", "patch", "minor", "major")

Role: TypeAlias = Literal["input", "profile", "output"]

Side: TypeAlias = Literal["narrower", "wider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaChange:
    """One way in which a schema takes other values than it did.

    Attributes:
        path: Where: ``input.amount``.
        message: What is so now.
        step: What it asks of the version.
    """

    path: str
    message: str
    step: Step

    def __str__(self) -> str:
        """Return one line."""
        return f"{code(self.path)} {self.message} ({self.step})"

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {"path": self.path, "message": self.message, "step": self.step}


def schema_changes(old: Domain, new: Domain, role: Role) -> tuple[SchemaChange, ...]:
    """Return what changed between two schemas.

    Facts and profiles that no longer fit are a major change, and so is an answer that nobody had to
    expect before, or that lacks a member; more facts that fit, or more members, are a minor one.
    """
    return tuple(
        SchemaChange(path=found.path, message=found.message, step=_step(found, role))
        for found in _compared(old, new, role, role)
    )


def heaviest(*steps: Step) -> Step:
    """Return the step that covers all others."""
    return max(steps, key=STEPS.index, default="none")


def is_enough(old: Version, new: Version, step: Step) -> bool:
    """Whether a version is far enough from the one before for a step.

    Before 1.0.0 the second number stands for the first, as the rules of semantic versions have it.
    """
    if step == "none":
        return True
    if new <= old:
        return False
    place = {"major": 0, "minor": 1, "patch": 2}[step]
    if old.core[0] == 0 and place == 0:
        place = 1
    return new.core[: place + 1] > old.core[: place + 1]


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    message: str
    side: Side
    is_member: bool = False


def _step(found: _Found, role: Role) -> Step:
    if role == "output":
        return "minor" if (found.side == "wider") is found.is_member else "major"
    return "major" if found.side == "narrower" else "minor"


def _compared(old: Domain, new: Domain, path: str, role: Role) -> Iterator[_Found]:
    if old == new:
        return
    if old.nullable != new.nullable:
        now = "may be null now" if new.nullable else "may not be null any more"
        yield _Found(path, now, "wider" if new.nullable else "narrower")
    if old.kind != new.kind:
        yield from _kinds(old, new, path)
        return
    yield from _choices(old, new, path)
    yield from _bounds(old, new, path)
    yield from _sizes(old, new, path)
    if old.item is not None and new.item is not None:
        yield from _compared(old.item, new.item, f"{path}[]", role)
    if old.fields is not None and new.fields is not None:
        yield from _fields(old, new, path, role)
    elif (old.fields is None) != (new.fields is None):
        is_closed = new.fields is not None
        message = "takes only certain keys now" if is_closed else "takes any keys now"
        yield _Found(path, message, "narrower" if is_closed else "wider")
    elif old.fields is None:
        yield from _keys(old, new, path)


_WIDER: Final = frozenset({("integer", "number"), ("integer", "quantity"), ("number", "quantity")})


def _kinds(old: Domain, new: Domain, path: str) -> Iterator[_Found]:
    message = f"is {_kind(new)} now, not {_kind(old)}"
    pair = (old.kind, new.kind)
    if pair not in _WIDER and new.kind != "any":
        yield _Found(path, message, "narrower")
    if pair[::-1] not in _WIDER and old.kind != "any":
        yield _Found(path, message, "wider")


def _kind(domain: Domain) -> str:
    return {"any": "of any kind", "datetime": "an instant", "integer": "a whole number"}.get(
        domain.kind, f"a {domain.kind}"
    )


def _choices(old: Domain, new: Domain, path: str) -> Iterator[_Found]:
    if old.choices == new.choices:
        return
    if old.choices is None or new.choices is None:
        is_closed = new.choices is not None
        message = "takes only certain values now" if is_closed else "takes any value now"
        yield _Found(path, message, "narrower" if is_closed else "wider")
        return
    gone = [each for each in old.choices if each not in new.choices]
    more = [each for each in new.choices if each not in old.choices]
    if gone:
        yield _Found(path, f"is never {listing(map(_value, gone))} now", "narrower")
    if more:
        yield _Found(path, f"may be {listing(map(_value, more))} now", "wider")


def _value(value: object) -> str:
    return code(str(value))


def _bounds(old: Domain, new: Domain, path: str) -> Iterator[_Found]:
    least = _end(old.least, new.least, is_out=(old.is_above, new.is_above), sign=1)
    most = _end(old.most, new.most, is_out=(old.is_below, new.is_below), sign=-1)
    for side, bound, is_out, word in (
        (least, new.least, new.is_above, "least"),
        (most, new.most, new.is_below, "most"),
    ):
        if side is not None:
            edge = ("more than " if word == "least" else "less than ") if is_out else f"at {word} "
            now = f"has no {word} value now" if bound is None else f"is {edge}{bound} now"
            yield _Found(path, now, side)
    if old.multiple_of != new.multiple_of:
        yield from _multiples(old.multiple_of, new.multiple_of, path)


def _end(
    old: int | Decimal | None, new: int | Decimal | None, *, is_out: tuple[bool, bool], sign: int
) -> Side | None:
    """Return to which side one end of a range moved."""
    if old is None or new is None:
        return None if old is new else "narrower" if old is None else "wider"
    one, two = (sign * old, is_out[0]), (sign * new, is_out[1])
    return None if one == two else "narrower" if two > one else "wider"


def _multiples(old: int | Decimal | None, new: int | Decimal | None, path: str) -> Iterator[_Found]:
    now = "takes numbers between now" if new is None else f"is a multiple of {new} now"
    if new is not None and (old is None or old % new != 0):
        yield _Found(path, now, "narrower")
    if old is not None and (new is None or new % old != 0):
        yield _Found(path, now, "wider")


def _sizes(old: Domain, new: Domain, path: str) -> Iterator[_Found]:
    if new.length_min != old.length_min:
        side: Side = "narrower" if new.length_min > old.length_min else "wider"
        yield _Found(path, f"has a length of at least {new.length_min} now", side)
    moved = _end(old.length_max, new.length_max, is_out=(False, False), sign=-1)
    if moved is not None:
        most = "any length" if new.length_max is None else f"a length of at most {new.length_max}"
        yield _Found(path, f"has {most} now", moved)
    if old.pattern != new.pattern:
        if new.pattern is not None:
            yield _Found(path, "has to match another pattern now", "narrower")
        if old.pattern is not None:
            yield _Found(path, "need not match its pattern any more", "wider")


def _fields(old: Domain, new: Domain, path: str, role: Role) -> Iterator[_Found]:
    before, after = _parts(old), _parts(new)
    for name in before.keys() - after.keys():
        yield _Found(f"{path}.{name}", "is not there any more", "narrower", is_member=True)
    for name in sorted(after.keys() - before.keys()):
        is_required = name in new.keys and role != "output"
        now = "is new and required" if is_required else "is new"
        side: Side = "narrower" if is_required else "wider"
        yield _Found(f"{path}.{name}", now, side, is_member=True)
    for name in (each for each in before if each in after):
        inner = f"{path}.{name}"
        if role != "output" and (name in old.keys) != (name in new.keys):
            is_required = name in new.keys
            now = "is required now" if is_required else "may be left out now"
            yield _Found(inner, now, "narrower" if is_required else "wider")
        yield from _compared(before[name], after[name], inner, role)


def _parts(domain: Domain) -> Mapping[str, Domain]:
    return domain.fields or {}


def _keys(old: Domain, new: Domain, path: str) -> Iterator[_Found]:
    for name in sorted(new.keys - old.keys):
        yield _Found(path, f"has to have the key {code(name)} now", "narrower")
    for name in sorted(old.keys - new.keys):
        yield _Found(path, f"need not have the key {code(name)} any more", "wider")
    if old.key_choices != new.key_choices:
        before, after = old.key_choices, new.key_choices
        if after is not None and (before is None or set(before) - set(after)):
            yield _Found(path, "does not take some keys any more", "narrower")
        if before is not None and (after is None or set(after) - set(before)):
            yield _Found(path, "takes more keys now", "wider")
