"""Limits in a Flask application: guards before its views, routes of a policy, rate limits."""

try:
    from criterion_flask.limits.blueprint import limit_blueprint
    from criterion_flask.limits.errors import RefusedError
    from criterion_flask.limits.extension import Limits
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[flask]'")
    raise

__all__ = ["Limits", "RefusedError", "limit_blueprint"]
