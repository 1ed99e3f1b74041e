"""Runnable decisions: what a decision file says, as a decision that an engine runs."""

from functools import partial

from criterion.documents.decision_file import DecisionFile, dump
from criterion.documents.decision_reader import read_decision
from criterion.expression_decision import ExpressionDecision, rules_of


def runnable(document: DecisionFile) -> ExpressionDecision:
    """Return a decision of a file."""
    return ExpressionDecision(
        id=document.id,
        version=document.version,
        title=document.title,
        owner=document.owner,
        shapes=document.shapes,
        rules=rules_of(document.body),
        body=document.body,
        types=document.types,
        allowances=document.allowances,
        definition=lambda: document.digest,
        text=partial(dump, document),
        covered=(lambda: document.members) if document.names_models else None,
    )


def loaded(source: str | bytes, file: str, *, imports: bool) -> ExpressionDecision:
    """Return a decision of YAML text; see `criterion.documents.decision_reader.read_decision`."""
    return runnable(read_decision(source, file, imports=imports))
