"""Keys: the ``Idempotency-Key`` of a request, under which it is counted once.

Source:
    draft-ietf-httpapi-idempotency-key-header-07. A bare word is taken as well as a quoted one,
    since most clients send it so.
"""

import re
from typing import Final

from criterion.http.limits.kinds import limit_problem
from criterion.http.message import Request
from criterion.http.problem import Problem

HEADER: Final = "idempotency-key"

KEY_LENGTH_MAX: Final = 255
"""How long a key may be, in characters."""

_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"', re.ASCII)
_BARE: Final = re.compile(r"[A-Za-z0-9._~:/=-]+", re.ASCII)


def key_of(request: Request, *, is_required: bool) -> str | Problem | None:
    """Return the key of a request, or why it is refused; ``None`` where there is none."""
    given = request.headers.get(HEADER)
    if given is None:
        detail = 'send one, such as `Idempotency-Key: "8e03978e-40d5-43dd"`'
        return limit_problem("key_required", detail) if is_required else None
    text = given.strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    if not key or len(key) > KEY_LENGTH_MAX or not (quoted or _BARE.fullmatch(text)):
        detail = f"a key is a text in quotes, of 1 to {KEY_LENGTH_MAX} characters of ASCII"
        return limit_problem("invalid_key", detail)
    return key
