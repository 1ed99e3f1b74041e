"""Offered profiles: the values that a decision runs under, plain, by the names of the profiles."""

from collections.abc import Mapping
from typing import Any

from criterion.decision import Decision
from criterion.expression_decision import ExpressionDecision
from criterion.plain_facts import plain_readers, plain_value
from criterion.profiles import ProfileRegistry
from criterion.programs import program_of
from criterion.snapshot import ProfileSnapshot


def offered_values(
    decision: Decision[Any, Any, Any], registry: ProfileRegistry
) -> dict[str, Mapping[str, Any]]:
    """Return the plain values of each serving profile that is for a decision and fits it."""
    found: dict[str, Mapping[str, Any]] = {}
    if not decision.profile.model_fields:
        return found
    program = program_of(decision)
    for offer in registry.offers(decision.id):
        fitted = registry.fitted(offer.name, program) if offer.serves else None
        if isinstance(fitted, ProfileSnapshot):
            found[offer.name] = plain_profile(decision, fitted.values)
    return found


def plain_profile(decision: Decision[Any, Any, Any], values: object) -> Mapping[str, Any]:
    """Return the values of a profile that fits a decision, plain."""
    if isinstance(decision, ExpressionDecision):
        return plain_readers(decision.shapes.profile).of_any(values)
    made: Mapping[str, Any] = plain_value(values)
    return made
