"""Request ids: one per request, in the answer's header, in a problem's body and in the log."""

import re
from typing import Final

from criterion.clock import new_id

HEADER: Final = "x-request-id"

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


def request_id_of(given: str | None) -> str:
    """Return the caller's id if it is short and plain, else a new one."""
    return given if given and _WELL_FORMED.fullmatch(given) else new_id()
