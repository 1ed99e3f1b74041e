"""Plans as plain data: one plan on its own, read as it would be in a document."""

from collections.abc import Mapping
from typing import Any

from criterion.policy.document.findings import Findings
from criterion.policy.document.mapping_nodes import node_of
from criterion.policy.document.plan_reader import PlanReader
from criterion.policy.document.section import Given
from criterion.policy.document.tables import POLICY
from criterion.policy.plan import Plan
from criterion.policy.terms import Terms


def read_plan(name: str, data: Mapping[str, Any], terms: Terms) -> Plan:
    """Return a plan that stands among the credits of a policy.

    Raises:
        DefinitionError: The data has mistakes.
    """
    findings = Findings(None)
    given = Given(POLICY, node_of({"plans": {name: data}}, findings), "", findings)
    plans = PlanReader(terms.credits, frozenset(terms.customer_types)).plans(given)
    findings.raise_if_any()
    return plans[name]
