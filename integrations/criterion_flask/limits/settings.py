"""Settings: the policy of an application, and where it is kept."""

from typing import Any, Final, NamedTuple

from flask import Flask

from criterion.errors import DefinitionError, Problem
from criterion.policy import Policy
from criterion.text import code
from criterion_flask.errors import NotInitializedError
from criterion_flask.service import SETTINGS

EXTENSION: Final = "criterion_limits"
"""The key of ``app.extensions``; what an application limits by is the value."""

NAMES: Final = (
    "CRITERION_POLICY",
    "CRITERION_STORE_URL",
    "CRITERION_RECORDER",
    "CRITERION_LEGACY_FIELDS",
)
"""The settings that limits read."""

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
    given = {name: app.config[name] for name in NAMES if app.config.get(name) is not None}
    problems = [
        Problem(name, f"must be {SETTINGS[name].expected}")
        for name, value in given.items()
        if not SETTINGS[name].fits(value)
    ]
    if policy is None and "CRITERION_POLICY" not in given:
        hint = "set it to the path of a policy, or give a policy to `init_app`"
        problems.append(Problem("CRITERION_POLICY", "is missing", hint))
    if problems:
        raise DefinitionError("settings", problems)
    return Limited(policy or _loaded(given), given.get("CRITERION_LEGACY_FIELDS", False))


def _loaded(given: dict[str, Any]) -> Policy:
    store = given.get("CRITERION_STORE_URL", MEMORY)
    return Policy.load(given["CRITERION_POLICY"], store, recorder=given.get("CRITERION_RECORDER"))
