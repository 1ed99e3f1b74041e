"""Options of the command line, and of pytest's configuration file."""

import argparse
from typing import Final

import pytest

COVERAGE: Final = "criterion_coverage"
RULES_MIN: Final = "criterion_fail_under"
ARMS_MIN: Final = "criterion_arms_fail_under"
STRICT: Final = "criterion_strict"
CATALOGUE: Final = "criterion_catalogue"

ALL: Final = 100.0
"""The largest minimum, in percent."""


def add_options(parser: pytest.Parser) -> None:
    """Declare every option."""
    group = parser.getgroup("criterion", "criterion: decisions and their cases")
    group.addoption(
        "--criterion-coverage",
        dest=COVERAGE,
        action="store_true",
        help="say which rules the cases reach, and which arms of their conditions",
    )
    group.addoption(
        "--criterion-fail-under",
        dest=RULES_MIN,
        type=_percent,
        metavar="PERCENT",
        help="fail where the cases reach a smaller part of the rules of any decision",
    )
    group.addoption(
        "--criterion-arms-fail-under",
        dest=ARMS_MIN,
        type=_percent,
        metavar="PERCENT",
        help="fail where the cases reach a smaller part of the arms of any decision",
    )
    group.addoption(
        "--criterion-strict",
        dest=STRICT,
        action="store_true",
        help="fail also where a decision has no cases, any file of the catalogue has mistakes, or "
        "an explanation cannot be worked out",
    )
    parser.addini(
        CATALOGUE,
        "the folder that holds decisions and profiles, below the root of the project",
        default="",
    )


def asks_for_reach(config: pytest.Config) -> bool:
    """Whether an option needs to know what the cases reach."""
    flags = config.getoption(COVERAGE) or config.getoption(STRICT)
    return bool(flags) or any(config.getoption(name) is not None for name in (RULES_MIN, ARMS_MIN))


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= ALL:  # NaN is refused, too
        message = f"`{text}` is not a number from 0 to 100"
        raise argparse.ArgumentTypeError(message)
    return value
