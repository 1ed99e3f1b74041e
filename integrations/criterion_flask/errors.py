"""Errors: what was asked for where it is not."""

from criterion.errors import CriterionError


class NotInitializedError(CriterionError, LookupError):
    """An application was asked for its decisions before it had any."""

    code = "not_initialized"


class NotAskedError(CriterionError, LookupError):
    """A result was asked for where no guard has decided anything."""

    code = "not_asked"
