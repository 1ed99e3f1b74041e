"""Limits over HTTP: a policy behind routes, guards before views, and the fields of rate limits."""

from criterion.http.limits.access import ALL, Authorize, Permit
from criterion.http.limits.address import client_address
from criterion.http.limits.asgi import limits_asgi_app
from criterion.http.limits.options import LimitOptions
from criterion.http.limits.service import LimitService
from criterion.http.limits.strangers import ByAddress

__all__ = [
    "ALL",
    "Authorize",
    "ByAddress",
    "LimitOptions",
    "LimitService",
    "Permit",
    "client_address",
    "limits_asgi_app",
]
