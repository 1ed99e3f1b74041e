"""Descriptions: the list of decisions, and one decision with its schemas, as plain data."""

from typing import Any

from criterion.catalogue import AnyDecision, Catalogue
from criterion.http.profile_choice import ProfileChoice
from criterion.http.wire_schemas import wire_schema
from criterion.json_text import Plain, plain
from criterion.rule_text import condition_of


def listed(catalogue: Catalogue, root_path: str) -> dict[str, Any]:
    """Return the serving version of every decision, by id."""
    return {
        "decisions": [
            {
                "id": decision.id,
                "version": decision.version,
                "title": decision.title,
                "links": _links(decision, root_path),
            }
            for decision in catalogue.serving
        ],
        "links": {"self": root_path or "/", "openapi": f"{root_path}/openapi.json"},
    }


def described(
    catalogue: Catalogue,
    decision: AnyDecision,
    choice: ProfileChoice,
    root_path: str,
    *,
    expose_rules: bool,
) -> dict[str, Any]:
    """Return one decision in one version; its rules only where they may be seen."""
    versions = [each.version for each in catalogue.decisions if each.id == decision.id]
    members: dict[str, Plain] = {
        "id": decision.id,
        "version": decision.version,
        "digest": decision.digest,
        "title": decision.title,
        "owner": decision.owner,
        "serves": catalogue.decision(decision.id) is decision,
        "versions": list(versions),
        "profiles": _on_offer(catalogue, decision, choice),
        "input": wire_schema(decision, "input"),
        "profile": wire_schema(decision, "profile"),
        "output": wire_schema(decision, "output"),
        "links": _links(decision, root_path),
    }
    if expose_rules:
        rules = [{"id": rule.id, "when": condition_of(rule)} for rule in decision.rules]
        members["rules"] = plain(rules)
    return members


def _links(decision: AnyDecision, root_path: str) -> dict[str, Plain]:
    return {"self": f"{root_path}/{decision.id}"}


def _on_offer(catalogue: Catalogue, decision: AnyDecision, choice: ProfileChoice) -> list[Plain]:
    offers = {o.name: o for o in catalogue.profiles.offers(decision.id) if o.serves}
    return [
        {"name": name, "version": offers[name].version, "digest": offers[name].digest}
        for name in choice.names
        if name in offers
    ]
