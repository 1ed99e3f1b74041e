"""A decision to change: its file, its profile, and the check of its cases."""

from typing import Final

from criterion.documents.cases_file import read_cases
from criterion.documents.runnable import loaded
from criterion.mutation import MutationCheck, mutation_check
from criterion.profiles import ProfileRegistry

FARE: Final = """\
decision: fare
version: 1.0.0
input:
  age: {type: integer, minimum: 0}
  distance_km: {type: number, minimum: 0}
  day: {type: string, format: date}
  card: {enum: [none, half, full], default: none}
  via: {type: array, items: {type: string}, default: []}
profile:
  child_until: {type: integer}
  senior_from: {type: integer}
  last_day: {type: string, format: date}
output:
  band: {enum: [free, reduced, whole]}
  price: {type: number}
  note: {type: string, default: ""}
let:
  is_reduced: input.age <= profile.child_until or input.age >= profile.senior_from
rules:
  - id: free
    when: input.card == "full" and input.day <= profile.last_day
    emit: {band: free, price: 0}
  - id: reduced
    when: is_reduced
    emit: {band: reduced, price: =input.distance_km * 0.1}
  - id: whole
    when: otherwise
    emit: {band: whole, price: =input.distance_km * 0.2, note: "{len(input.via)} stops"}
"""
PROFILES: Final = ProfileRegistry()
PROFILES.register(
    "fares",
    {"child_until": 11, "senior_from": 65, "last_day": "2026-12-31"},
    version="1.0.0",
    decisions=["fare"],
)
CASES: Final = """\
decision: fare
profile: fares
cases:
  - name: an adult
    facts: {age: 30, distance_km: 10, day: 2026-06-01}
    rule: whole
"""


def checked(fare: str = FARE, cases: str = CASES) -> MutationCheck:
    """Return the check of a decision in a text, and of its cases in another."""
    decision = loaded(fare, "fare.yaml", imports=False)
    source = (fare.encode(), "fare.yaml")
    return mutation_check(decision, source, PROFILES, [read_cases(cases, "fare.cases.yaml")])


def tried(check: MutationCheck) -> list[str]:
    """Return the unnoticed changes as text, with their places in the file."""
    return [
        f"{line}:{column} {change.place}: {change.before} -> {change.after}"
        for finding in check.findings
        for line, column, change in finding.changes
    ]
