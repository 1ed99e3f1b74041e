"""``criterion list``, ``show`` and ``graph``: what the catalogue holds."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.fields import field_lines
from criterion.cli.question import DecisionId, decision_of
from criterion.cli.screen import counted, note, say, say_table
from criterion.cli.session import Session
from criterion.graph import mermaid
from criterion.json_text import Plain, plain
from criterion.profiles import Offer
from criterion.rule_text import condition_of


def list_(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Every version, not only the serving one.")
    ] = False,
    session: Session,
) -> None:
    """List the decisions, and the profiles that they run under."""
    catalogue = session.catalogue()
    decisions = catalogue.decisions if all_ else catalogue.serving
    members: dict[str, Plain] = {
        "decisions": [_listed(catalogue, decision) for decision in decisions],
        "profiles": [_profile(offer) for offer in catalogue.profiles.offers()],
    }
    session.answer(members, lambda: _say_list(catalogue, decisions))


def show(decision: DecisionId, session: Session) -> None:
    """Show one decision: its facts, its profile, its rules in order, and what it emits."""
    catalogue = session.catalogue()
    found = decision_of(catalogue, decision)
    members = _listed(catalogue, found) | {
        name: plain(schema.model_json_schema())
        for name, schema in (
            ("input", found.input),
            ("profile", found.profile),
            ("output", found.output),
        )
    }
    session.answer(members, lambda: _say_decision(catalogue, found))


def graph(decision: DecisionId, session: Session) -> None:
    """Print the rules of a decision as a mermaid flowchart."""
    found = decision_of(session.catalogue(), decision)
    text = mermaid(found)
    members: Plain = {"id": found.id, "version": found.version, "mermaid": text}
    session.answer(members, lambda: say(text))


def _listed(catalogue: Catalogue, decision: AnyDecision) -> dict[str, Any]:
    file = catalogue.file_of(decision)
    return {
        "id": decision.id,
        "version": decision.version,
        "digest": decision.digest,
        "serves": _serves(catalogue, decision),
        "title": decision.title,
        "owner": decision.owner,
        "file": None if file is None else file.as_posix(),
        "rules": [{"id": rule.id, "when": condition_of(rule)} for rule in decision.rules],
        "profiles": _profile_names(catalogue, decision),
    }


def _profile(offer: Offer) -> Plain:
    return {
        "name": offer.name,
        "version": offer.version,
        "digest": offer.digest,
        "serves": offer.serves,
        "for": None if offer.decisions is None else list(offer.decisions),
    }


def _serves(catalogue: Catalogue, decision: AnyDecision) -> bool:
    return catalogue.decision(decision.id) is decision


def _profile_names(catalogue: Catalogue, decision: AnyDecision) -> list[str]:
    if not decision.profile.model_fields:
        return []
    return list(dict.fromkeys(offer.name for offer in catalogue.profiles.offers(decision.id)))


def _other_versions(catalogue: Catalogue, decision: AnyDecision) -> Iterator[str]:
    """Yield the other versions of a decision, oldest first, and say which one serves."""
    for other in catalogue.decisions:
        if other.id == decision.id and other is not decision:
            yield other.version + (" (serves)" if _serves(catalogue, other) else "")


def _say_list(catalogue: Catalogue, decisions: Sequence[AnyDecision]) -> None:
    if not decisions:
        note("there are no decisions here")
        return
    rows = [
        (
            decision.id,
            decision.version,
            str(len(decision.rules)),
            ", ".join(_profile_names(catalogue, decision)),
            decision.title or "",
        )
        for decision in decisions
    ]
    say_table(rows, ("decision", "version", "rules", "profiles", "title"))
    if left := len(catalogue.decisions) - len(decisions):
        note(f"\n{counted(left, 'more version')}: `criterion list --all`")


def _say_decision(catalogue: Catalogue, decision: AnyDecision) -> None:
    say(f"{decision.id} {decision.version}" + (f"  {decision.title}" if decision.title else ""))
    facts = {
        "owner": decision.owner,
        "file": catalogue.file_of(decision),
        "digest": decision.digest,
        "profiles": ", ".join(_profile_names(catalogue, decision)),
        "other versions": ", ".join(_other_versions(catalogue, decision)),
    }
    for name, value in facts.items():
        if value:
            say(f"  {name}: {value}")
    for name in ("input", "profile", "output"):
        lines = field_lines(getattr(decision, name))
        if lines:
            say(f"\n{name}")
            say_table(lines)
    say("\nrules; the first that matches decides")
    rows = [(f"  {n}", rule.id, condition_of(rule)) for n, rule in enumerate(decision.rules, 1)]
    say_table(rows)
