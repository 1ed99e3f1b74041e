"""Options: what an operator sets once for the routes of one policy."""

from dataclasses import dataclass

from criterion.http.options import BODY_BYTES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOptions:
    """How a service of limits answers.

    Attributes:
        title: The title of the documentation.
        body_bytes_max: How long a body may be.
        requires_key: Whether what counts needs an ``Idempotency-Key``.
    """

    title: str = "Limits"
    body_bytes_max: int = BODY_BYTES_MAX
    requires_key: bool = False
