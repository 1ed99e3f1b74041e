"""Profiles: the numbers that decisions run under, registered by name and version, frozen once."""

from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from pydantic import BaseModel, ValidationError

from criterion.decision import Decision
from criterion.errors import DefinitionError, Problem
from criterion.evaluation import Program
from criterion.frozen import freeze
from criterion.identity import ID_HINT, VERSION_HINT, is_id, parse_version, serving_version
from criterion.programs import program_of
from criterion.schema import Schema
from criterion.snapshot import ProfileSnapshot, values_digest
from criterion.text import code, did_you_mean, listing, not_a
from criterion.validation import ErrorDetail, error_details, unreadable

ProfileValues: TypeAlias = Mapping[str, object] | BaseModel
Fitted: TypeAlias = ProfileSnapshot | tuple[ErrorDetail, ...]
"""A profile that fits a decision, or why it does not."""


class Offer(NamedTuple):
    """One version of one registered profile.

    Attributes:
        name: The profile's name.
        version: Its version.
        digest: ``sha256:…`` over its values; ``None`` where JSON cannot hold them.
        decisions: The ids of the decisions that it is for, sorted; ``None`` for every decision.
        serves: Whether this is the version that is looked up by the name.
    """

    name: str
    version: str
    digest: str | None
    decisions: tuple[str, ...] | None
    serves: bool


class ProfileRegistry:
    """Profiles by name; several versions of one stand side by side.

    The highest version that is no pre-release serves.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._entries: dict[str, dict[str, _Entry]] = {}
        self._registering = Lock()
        self.generation = 0
        """Grows with every registration; what was looked up under an older one may be stale."""

    def register(
        self,
        name: str,
        values: ProfileValues,
        *,
        version: str,
        decisions: Iterable[str | Decision[Any, Any, Any]] | None = None,
    ) -> None:
        """Freeze a profile and offer it by name.

        Args:
            name: An id, ``pricing``.
            values: A mapping, copied; or an instance of a profile schema.
            version: A semantic version.
            decisions: For which decisions it is, as ids or decisions; ``None`` for every one. A
                mapping is validated now against each decision given as such, and once, when first
                used, against the others.

        Raises:
            DefinitionError: The name, the version or the values cannot be used, or the version
                stands with other values already; lists everything that is wrong.
            TypeError: The values are neither a mapping nor a pydantic model, or the decisions are
                one text.
        """
        _require_values(values)
        if decisions is not None and not isinstance(decisions, Iterable):
            raise not_a(decisions, "a list of ids or decisions")
        if isinstance(decisions, str | bytes):
            message = f"decisions are a list of ids or decisions: write `[{decisions!r}]`"
            raise TypeError(message)
        entry = _Entry(name, version, values, decisions)
        problems = [*_head(name, version), *entry.problems()]
        with self._registering:
            self._add(entry, problems)

    def _add(self, entry: "_Entry", problems: list[Problem]) -> None:
        name, version = entry.name, entry.version
        known = self._entries.get(name, {}).get(version)
        if known is not None and (known.digest is None or known.digest != entry.digest):
            hint = "give the new values a new version"
            problems.append(Problem("version", f"{code(version)} has other values already", hint))
        if problems:
            raise DefinitionError(f"profile {code(str(name))}", problems)
        self._entries[name] = {**self._entries.get(name, {}), version: entry}
        self.generation += 1

    def fitted(self, name: str, program: Program) -> Fitted:
        """Return a profile as a decision runs under it, or why it cannot.

        Args:
            name: Its name, for the version that serves; or ``name@version``.
            program: What runs under it.
        """
        name, _, version = name.partition("@")
        versions = self._entries.get(name)
        if versions is None:
            return _unknown(f"there is no profile {code(name)}", did_you_mean(name, self._entries))
        if version and version not in versions:
            message = f"profile {code(name)} has no version {code(version)}"
            return _unknown(message, f"there is {listing(map(code, versions), 'and')}")
        return versions[version or serving_version(versions)].fitted(program)

    def offers(self, decision: str | None = None) -> tuple[Offer, ...]:
        """Return every version of every profile, by name and then in order of registration.

        Args:
            decision: An id, to leave out what is not for this decision.
        """
        offers = [
            Offer(name, entry.version, entry.digest, entry.offered, entry.version == serving)
            for name, versions in sorted(self._entries.items())
            for serving in (serving_version(versions),)
            for entry in versions.values()
        ]
        return tuple(
            offer
            for offer in offers
            if decision is None or offer.decisions is None or decision in offer.decisions
        )

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in order of registration."""
        return iter(self._entries)


class _Entry:
    """One version of one profile, and how it fits the decisions that asked for it."""

    def __init__(
        self,
        name: str,
        version: str,
        values: ProfileValues,
        decisions: Iterable[str | Decision[Any, Any, Any]] | None,
    ) -> None:
        self.name = name
        self.version = version
        self.values = _copied(values) if isinstance(values, BaseModel) else _frozen(name, values)
        self.digest = values_digest(self.values)
        listed = None if decisions is None else tuple(decisions)
        self._known = [part for part in listed or () if isinstance(part, Decision)]
        self._offered = None if listed is None else frozenset(map(_id_of, listed))
        self._fits: dict[type[BaseModel], Fitted] = {}

    @property
    def offered(self) -> tuple[str, ...] | None:
        """The ids of the decisions that it is for, sorted; ``None`` for every decision."""
        return None if self._offered is None else tuple(sorted(self._offered))

    def problems(self) -> Iterator[Problem]:
        """Yield what keeps the profile from fitting the decisions that it was registered with."""
        for decision in self._known:
            fitted = self.fitted(program_of(decision))
            if not isinstance(fitted, ProfileSnapshot):
                for error in fitted:
                    yield Problem(error.path or "values", f"{error.message} (for {decision.id})")

    def fitted(self, program: Program) -> Fitted:
        decision = program.decision
        if self._offered is not None and decision.id not in self._offered:
            message = f"profile {code(self.name)} is not for decision {code(decision.id)}"
            return (ErrorDetail("", "profile_not_offered", message),)
        if decision.profile not in self._fits:
            fitted = fit(program, self.values)
            if isinstance(fitted, ProfileSnapshot):
                fitted = ProfileSnapshot(
                    values=fitted.values, source=self.values, id=self.name, version=self.version
                )
            self._fits[decision.profile] = fitted
        return self._fits[decision.profile]


def fit(program: Program, values: ProfileValues | None) -> Fitted:
    """Return values as a decision runs under them, validated and frozen, or why they do not fit."""
    schema = program.decision.profile
    if values is None:
        if schema.model_fields:
            message = f"decision {code(program.decision.id)} needs a profile"
            return (ErrorDetail("", "profile_missing", message),)
        return ProfileSnapshot(values=program.read_profile({}), source=None)
    try:
        fitted = program.read_profile(values)
        return ProfileSnapshot(values=fitted, source=_kept(values, fitted))
    except ValidationError as error:
        return error_details(error, schema)
    except Exception as error:  # noqa: BLE001 -- whatever an unreadable mapping may raise
        return (unreadable(error),)


def _unknown(message: str, hint: str | None) -> Fitted:
    return (ErrorDetail("", "profile_unknown", f"{message}; {hint}" if hint else message),)


def _kept(values: ProfileValues, fitted: BaseModel) -> ProfileValues:
    """Return the values in a form that the caller cannot change before the digest is read."""
    if isinstance(values, BaseModel):
        return fitted
    try:
        frozen: Mapping[str, object] = freeze(values)
    except ValueError:  # it holds schema instances
        return fitted
    return frozen


def _head(name: str, version: str) -> Iterator[Problem]:
    if not is_id(name):
        yield Problem("name", f"{code(str(name))} is not an id", ID_HINT)
    if parse_version(version) is None:
        message = f"{code(str(version))} is not a semantic version"
        yield Problem("version", message, VERSION_HINT)


def _require_values(values: object) -> None:
    if not isinstance(values, Mapping | BaseModel):
        message = f"a profile is a mapping or a schema instance, not {code(type(values).__name__)}"
        raise TypeError(message)


def _id_of(decision: str | Decision[Any, Any, Any]) -> str:
    return decision.id if isinstance(decision, Decision) else decision


def _copied(values: BaseModel) -> BaseModel:
    return values if isinstance(values, Schema) else values.model_copy(deep=True)


def _frozen(name: str, values: Mapping[str, object]) -> Mapping[str, object]:
    try:
        frozen: Mapping[str, object] = freeze(values)
    except ValueError as error:
        problem = Problem("values", str(error))
        raise DefinitionError(f"profile {code(str(name))}", [problem]) from None
    return frozen
