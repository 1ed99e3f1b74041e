"""Remarks: what is odd about a decision file, and no mistake."""

from criterion.documents.yaml_text import Node, read_yaml
from criterion.errors import FileProblem
from criterion.expression.exposure import Exposure, exposures
from criterion.expression.schema_types import type_of_schema
from criterion.expression_decision import ExpressionDecision
from criterion.text import code


def remarks_on(
    decision: ExpressionDecision, source: str | bytes, file: str
) -> tuple[FileProblem, ...]:
    """Return what is odd about a decision, each where it stands in the text that it was read from.

    So far that is: a member of the output that shows a marked value and has no mark itself.
    """
    root, problems = read_yaml(source, file)
    for found in exposures(decision.body, *decision.types, type_of_schema(decision.output)):
        message = f"{code(found.member)} shows {code(found.shown)}, which is marked"
        hint = f"mark {code(found.member)} too, by `redact: …` in the output"
        problems.add(_node(root, found).start, message, hint)
    return tuple(problems.error().marks) if len(problems) else ()


def _node(root: Node, found: Exposure) -> Node:
    """Return where a member is emitted: in the rule, or for all rules."""
    members = root.members or {}
    rules = (rule.members or {} for rule in members["rules"].items or ())
    own = next(rule.get("emit") for rule in rules if rule["id"].value == found.rule)
    for emit in (own, members.get("emit")):
        if emit is not None and found.member in (emit.members or {}):
            return (emit.members or {})[found.member]
    return root
