"""The command line, ``criterion``; it needs the extra ``cli``."""

import sys
from typing import Final

NEEDED: Final = frozenset({"typer", "rich"})
"""What the extra brings."""


def main() -> None:
    """Run a command; says which install helps where the extra is missing."""
    try:
        from criterion.cli.app import run  # noqa: PLC0415 -- needs the extra

        run()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in NEEDED:
            raise
        sys.stderr.write(
            f"criterion: the command line needs `{error.name}`\n"
            "  hint: pip install 'criterion-decisions[cli]'\n"
        )
        sys.exit(2)
