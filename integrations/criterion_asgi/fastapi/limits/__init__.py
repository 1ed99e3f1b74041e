"""Limits in a FastAPI application: dependencies that count, and routes that its pages show."""

try:
    from criterion_asgi.fastapi.limits.dependency import Limits
    from criterion_asgi.fastapi.limits.router import limit_router
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[asgi]' fastapi")
    raise

__all__ = ["Limits", "limit_router"]
