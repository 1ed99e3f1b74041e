"""Settings: the policy of an application, and where it is kept."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import Flask

from criterion.errors import DefinitionError, Problem
from criterion.policy import Policy
from criterion.text import code
from criterion_flask.errors import NotInitializedError
from criterion_flask.service import mistakes_in, settings_in

EXTENSION: Final = "criterion_limits"
"""The key of ``app.extensions``; what an application limits by is the value."""

MEMORY: Final = "memory://"


class Limited(NamedTuple):
    """What an application limits by.

    Attributes:
        policy: What is asked.
        legacy: Whether the older ``X-RateLimit-*`` are sent beside the standard fields.
    """

    policy: Policy
    legacy: bool = False


def limited(app: Flask) -> Limited:
    """Return what an application limits by.

    Raises:
        NotInitializedError: It has no limits.
    """
    found: Limited | None = app.extensions.get(EXTENSION)
    if found is None:
        message = f"the application {code(app.name)} has no limits"
        raise NotInitializedError(message, hint="call `limits.init_app(app)` first")
    return found


def configured(app: Flask, policy: Policy | None) -> Limited:
    """Return what the settings of an application describe.

    Raises:
        DefinitionError: A setting or the document cannot be used; lists everything.
    """
    given = settings_in(app.config)
    problems = list(mistakes_in(given))
    if policy is None and "CRITERION_POLICY" not in given:
        hint = "set it to the path of a policy, or give a policy to `init_app`"
        problems.append(Problem("CRITERION_POLICY", "is missing", hint))
    if problems:
        raise DefinitionError("settings", problems)
    legacy = given.get("CRITERION_LEGACY_FIELDS", False)
    if policy is None:
        return Limited(_loaded(given), legacy)
    if "CRITERION_RECORDER" in given and not policy.records:
        policy.record_with(given["CRITERION_RECORDER"])
    return Limited(policy, legacy)


def _loaded(given: Mapping[str, Any]) -> Policy:
    store = given.get("CRITERION_STORE_URL", MEMORY)
    return Policy.load(given["CRITERION_POLICY"], store, recorder=given.get("CRITERION_RECORDER"))
