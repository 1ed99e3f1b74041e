"""The rows of the table: what is measured, against what, and which figure it must not exceed."""

from typing import Final, Literal, NamedTuple

from tests.benchmarks.scenario import BATCH_COUNT, BLOCKED_COUNT

BASE: Final = "validate(allowed)"
RUN: Final = "bound(allowed)"
DENIAL: Final = "bound(denied)"
YAML: Final = "bound_yaml(allowed)"
YAML_DENIAL: Final = "bound_yaml(denied)"
BY_NAME: Final = "run(decision, allowed, 'pricing')"
MANY: Final = "for _ in run_many(decision, batch, 'pricing'): pass"


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        name: What is measured.
        statement: The code that does it.
        against: The code that it is compared with.
        figure: ``ratio``, ``added ratio`` (what it takes beyond the other, in multiples of the
            other) or ``added µs`` (the same in microseconds).
        limit: The figure that must not be exceeded; ``None`` for information.
        evaluations: How many evaluations one run of the statement does.
    """

    name: str
    statement: str
    against: str = BASE
    figure: Literal["ratio", "added ratio", "added µs"] = "ratio"
    limit: float | None = None
    evaluations: int = 1


ROWS: Final = (
    Row("input validation alone", BASE),
    Row("bound(facts), third rule matches", RUN, limit=6),
    Row("bound(facts), last rule matches", DENIAL, limit=6),
    Row("run by profile name, beyond bound", BY_NAME, RUN, "added µs", 0.5),
    Row("number too small: status", "bound(negative).status", RUN, limit=2),
    Row("number too small: errors", "bound(negative).errors", RUN, limit=2),
    Row("text for a number: errors", "bound(textual).errors", RUN, limit=2),
    Row("missing key: errors", "bound(incomplete).errors", RUN, limit=2),
    Row("explanation, beyond the run", "bound(allowed).explanation", RUN, "added ratio", 1),
    Row("explanation of a denial", "bound(denied).explanation", DENIAL, "added ratio", 1),
    Row(f"{BLOCKED_COUNT:,} entries in the profile", "bound_long(allowed)", RUN, limit=1.1),
    Row("YAML, third rule matches", YAML, limit=3.5),
    Row("YAML, last rule matches", YAML_DENIAL, limit=3.5),
    Row("YAML, explanation, beyond the run", f"{YAML}.explanation", YAML, "added ratio", 1),
    Row(
        "YAML, explanation of a denial", f"{YAML_DENIAL}.explanation", YAML_DENIAL, "added ratio", 1
    ),
    Row("YAML, whole trace of a denial", f"{YAML_DENIAL}.trace", YAML_DENIAL, limit=15),
    Row("bare if-chain", "plain(allowed)"),
    Row("run with a profile mapping", "run(decision, allowed, pricing)"),
    Row("run_many, per item", MANY, evaluations=BATCH_COUNT),
    Row("misspelt key: errors with a hint", "bound(misspelt).errors"),
    Row("trace", "bound(denied).trace"),
    Row("whole explanation text", "explain(bound(denied))"),
    Row("to_dict", "bound(denied).to_dict()"),
    Row("to_json", "bound(denied).to_json()"),
)
"""Rows with a limit first; the rest is for information."""
