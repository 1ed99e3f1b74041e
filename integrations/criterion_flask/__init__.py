"""Decisions in a Flask application: routes of their own, and guards before its views.

It needs the extra ``flask``.
"""

try:
    from criterion_flask.blueprint import decision_blueprint
    from criterion_flask.errors import NotAskedError, NotInitializedError
    from criterion_flask.extension import Criterion
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[flask]'")
    raise

__all__ = ["Criterion", "NotAskedError", "NotInitializedError", "decision_blueprint"]
