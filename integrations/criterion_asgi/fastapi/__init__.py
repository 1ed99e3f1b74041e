"""Decisions in a FastAPI application: routes that its own documentation shows, and dependencies."""

try:
    from criterion_asgi.fastapi.dependency import require
    from criterion_asgi.fastapi.router import decision_router
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[asgi]' fastapi")
    raise

__all__ = ["decision_router", "require"]
