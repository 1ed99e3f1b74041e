"""Opening a trail by where it is: a folder, a file, or the URL of a database."""

import re
from pathlib import Path
from typing import Final

from criterion.audit.json_lines import JsonLinesTrail
from criterion.audit.trail import Trail

_URL: Final = re.compile(r"[a-z][a-z0-9+]+://|(sqlite|postgres(ql)?)(\+[a-z]+)?:")
"""What begins the URL of a database; one without its slashes is refused there."""


def open_trail(place: str | Path) -> Trail:
    """Return the trail at a place; nothing is read or written yet.

    Args:
        place: The URL of a database, ``sqlite:///audit.db`` or ``postgresql+psycopg://…``, or a
            folder of JSON lines; to read, also one file of them.

    Raises:
        AuditError: The database needs an extra that is not installed.
    """
    if isinstance(place, str) and _URL.match(place):
        from criterion.audit.sql import SqlTrail  # noqa: PLC0415 -- needs the extra

        return SqlTrail(place)
    return JsonLinesTrail(place)
