"""Limits in an ASGI application: guards before its views, routes of a policy, rate limits.

It needs the extra ``asgi``; `criterion_asgi.fastapi.limits` needs FastAPI besides.
"""

try:
    from criterion_asgi.limits.guard import Limits
    from criterion_asgi.limits.middleware import RateLimitMiddleware
    from criterion_asgi.limits.mount import LimitMount
except ModuleNotFoundError as error:
    error.add_note("hint: pip install 'criterion-decisions[asgi]'")
    raise

__all__ = ["LimitMount", "Limits", "RateLimitMiddleware"]
