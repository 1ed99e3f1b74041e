"""Decisions in an ASGI application: mounted as they are, or asked before a view runs.

It needs the extra ``asgi``; `criterion_asgi.fastapi` needs FastAPI besides.
"""

try:
    from criterion_asgi.app import DecisionApp
    from criterion_asgi.errors import GuardError, install_exception_handlers
    from criterion_asgi.guard import Guard, guard
    from criterion_asgi.mount import DecisionMount
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[asgi]'")
    raise

__all__ = [
    "DecisionApp",
    "DecisionMount",
    "Guard",
    "GuardError",
    "guard",
    "install_exception_handlers",
]
