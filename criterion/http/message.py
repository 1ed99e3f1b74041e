"""Messages: a request as an adapter hands it over, and the answer that it sends back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from criterion.result import Result

Headers: TypeAlias = tuple[tuple[str, str], ...]

AUDIT_HEADER: Final = "X-Audit-Id"

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Request(NamedTuple):
    """One request, read to its end by an adapter.

    Attributes:
        method: In capitals: ``POST``.
        path: Below the mount, decoded, with its leading slash: ``/usage-limit``; ``""`` and ``/``
            are the list of decisions.
        query: What stands behind the ``?``, still encoded.
        headers: By lower-case name; of a repeated header any one.
        body: All of it; or, of one that is longer than ``body_bytes_max`` of the service, a
            beginning that is longer, so that no more need be read.
        root_path: Where the decisions are mounted: ``/api/limits``; links begin with it.
        source: The framework's own request, for resolvers and hooks that need it.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes = b""
    root_path: str = ""
    source: object = None


class Answer(NamedTuple):
    """What is sent back, complete: an adapter adds no header.

    Attributes:
        status: The HTTP status.
        headers: Name and value, ``Content-Length`` among them; ASCII without line breaks.
        body: Empty for ``HEAD``.
    """

    status: int
    headers: Headers
    body: bytes


def audit_headers(result: Result[Any]) -> Headers:
    """Return the header that names the record of an evaluation; none where nothing was recorded."""
    return () if result.audit_id is None else ((AUDIT_HEADER, result.audit_id),)
