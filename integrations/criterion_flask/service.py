"""The service: where an application keeps its decisions, and the settings they are made of."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from flask import Flask

from criterion.catalogue import Catalogue
from criterion.errors import DefinitionError, Problem
from criterion.http import DecisionService, Hook, ServiceOptions, cases_of
from criterion.text import code, did_you_mean
from criterion_flask.errors import NotInitializedError

EXTENSION: Final = "criterion"
"""The key of ``app.extensions``; the service is the value."""

PREFIX: Final = "CRITERION_"


class Setting(NamedTuple):
    """One setting of an application.

    Attributes:
        fits: Whether a value can be used.
        expected: What it must be, for people.
    """

    fits: Callable[[Any], bool]
    expected: str


def _are_hooks(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, Hook) for each in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


SETTINGS: Final = {
    "CRITERION_PATH": Setting(
        lambda value: isinstance(value, str | Path),
        "the folder that holds `decisions` and `profiles`",
    ),
    "CRITERION_PROFILES": Setting(
        lambda value: isinstance(value, Mapping), "profile choices by decision id"
    ),
    "CRITERION_TITLE": Setting(lambda value: isinstance(value, str), "a text"),
    "CRITERION_BODY_BYTES_MAX": Setting(_is_count, "a whole number above 0"),
    "CRITERION_EXPOSE_RULES": Setting(lambda value: isinstance(value, bool), "true or false"),
    "CRITERION_EXPOSE_CHANGES": Setting(lambda value: isinstance(value, bool), "true or false"),
    "CRITERION_HOOKS": Setting(_are_hooks, "a list of hooks"),
    "CRITERION_RECORDER": Setting(
        lambda value: callable(getattr(value, "record", None)), "a recorder"
    ),
    "CRITERION_POLICY": Setting(
        lambda value: isinstance(value, str | Path), "the path of a policy"
    ),
    "CRITERION_STORE_URL": Setting(
        lambda value: isinstance(value, str), "the address of a store, such as `memory://`"
    ),
    "CRITERION_LEGACY_FIELDS": Setting(lambda value: isinstance(value, bool), "true or false"),
}
"""What may stand in the configuration of an application."""


def service_in(app: Flask) -> DecisionService:
    """Return the decisions of an application.

    Raises:
        NotInitializedError: It has none.
    """
    service = app.extensions.get(EXTENSION)
    if service is None:
        message = f"the application {code(app.name)} has no decisions"
        raise NotInitializedError(message, hint="call `criterion.init_app(app)` first")
    found: DecisionService = service
    return found


def configured_service(config: Mapping[str, Any]) -> DecisionService:
    """Return the service that the settings of an application describe.

    Raises:
        DefinitionError: A setting, a file or a profile choice cannot be used; lists everything.
    """
    given = settings_in(config)
    problems = list(mistakes_in(given))
    if problems:
        raise DefinitionError("settings", problems)
    catalogue = Catalogue.load(given.get("CRITERION_PATH"))
    return DecisionService(
        catalogue,
        profiles=given.get("CRITERION_PROFILES"),
        options=_options(given, catalogue),
        hooks=given.get("CRITERION_HOOKS", ()),
        recorder=given.get("CRITERION_RECORDER"),
    )


def settings_in(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is set: ``None`` stands for the default."""
    return {
        name: value
        for name, value in config.items()
        if name.startswith(PREFIX) and value is not None
    }


def mistakes_in(given: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield every setting that is none, or that has a value of another kind."""
    for name, value in given.items():
        setting = SETTINGS.get(name)
        if setting is None:
            yield Problem(name, "is not a setting", did_you_mean(name, SETTINGS))
        elif not setting.fits(value):
            yield Problem(name, f"must be {setting.expected}")


def _options(given: Mapping[str, Any], catalogue: Catalogue) -> ServiceOptions:
    chosen = {name.removeprefix(PREFIX).lower(): given[name] for name in _OPTIONS if name in given}
    return ServiceOptions(**chosen, cases=cases_of(catalogue))


_OPTIONS: Final = (
    "CRITERION_TITLE",
    "CRITERION_BODY_BYTES_MAX",
    "CRITERION_EXPOSE_RULES",
    "CRITERION_EXPOSE_CHANGES",
)
"""The settings that are options of a service, too."""
