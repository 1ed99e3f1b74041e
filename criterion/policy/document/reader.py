"""Reading policies: a document as checked terms, or everything that is wrong with it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from criterion.documents.yaml_text import Node, read_yaml
from criterion.errors import FileProblem, Problem
from criterion.frozen import FrozenDict
from criterion.json_text import digest_of, plain
from criterion.policy.document.credit_reader import read_credits
from criterion.policy.document.customer_reader import CustomerReader, as_estimates
from criterion.policy.document.exchange_reader import read_exchange
from criterion.policy.document.findings import Findings
from criterion.policy.document.mapping_nodes import node_of
from criterion.policy.document.plan_reader import PlanReader
from criterion.policy.document.rules_reader import (
    read_capabilities,
    read_guards,
    read_notifications,
)
from criterion.policy.document.section import Given
from criterion.policy.document.state_tables import ESTIMATE
from criterion.policy.document.tables import POLICY
from criterion.policy.terms import Terms

WRAPPER: Final = "policy"
"""The key that a document may stand under."""

NODES_MAX: Final = 500_000
"""How many keys, values and collections a policy may have."""

STATE_KEYS: Final = frozenset({"customers", "alt_customer_ids", "estimates"})
"""Keys that say where customers stand, not what was agreed."""


class PolicyDocument(NamedTuple):
    """A document that can be used.

    Attributes:
        terms: What it says.
        warnings: What looks wrong in it, in its order.
    """

    terms: Terms
    warnings: tuple[Problem | FileProblem, ...]


def read_policy(
    source: str | bytes | Mapping[str, Any],
    file: str = "<text>",
    *,
    at: int = 0,
    validate: bool = True,
) -> PolicyDocument:
    """Read a policy.

    Args:
        source: YAML or JSON text, its bytes, or the same as plain data.
        file: The file's name, for problems; not for data.
        at: The instant, in ms, for states that do not say when they began.
        validate: Whether what could still be worked with is refused, too: pairs that lead nowhere,
            and several default plans. Otherwise they are warnings.

    Raises:
        DocumentError: The text has mistakes; lists all of them, each with its path, its rule, and
            its place.
        DefinitionError: The data has mistakes; their places are their paths.
    """
    if isinstance(source, Mapping):
        findings = Findings(None, validate=validate)
        root = node_of(source, findings)
    else:
        root, problems = read_yaml(source, file, nodes_max=NODES_MAX)
        findings = Findings(problems, validate=validate)
    terms = _terms(_unwrapped(root), findings, at)
    findings.raise_if_any()
    return PolicyDocument(terms, findings.warnings())


def _unwrapped(root: Node) -> Node:
    members = root.members or {}
    return members[WRAPPER] if WRAPPER in members and len(members) == 1 else root


def _terms(root: Node, findings: Findings, at: int) -> Terms:
    given = Given(POLICY, root, "", findings)
    declared = read_credits(given)
    exchange = read_exchange(given, declared)
    reader = PlanReader(declared, _types(given))
    plans = reader.plans(given)
    return Terms(
        version=given["version"],
        credits=FrozenDict(declared),
        plans=plans,
        exchange=exchange,
        guards=read_guards(given),
        notifications=read_notifications(given),
        capabilities=read_capabilities(given, plans),
        customer_types=given["customer_types"],
        customers=CustomerReader(reader, plans, exchange, at).customers(given),
        estimates=FrozenDict(
            {name: as_estimates(table) for name, table in given.tabled("estimates", ESTIMATE)}
        ),
        estimate_min_samples=given["estimate_min_samples"],
        hold_ttl=given["hold_ttl"],
        store_failure=given["store_failure"],
        digest=_digest(root),
    )


def _types(given: Given) -> frozenset[str]:
    """Return every type of customer that the document names."""
    node: Node | None = given["customers"]
    members = (node.members or {}).values() if node is not None else ()
    kinds = [each.value.get("type", "user") for each in members if isinstance(each.value, dict)]
    return frozenset({*given["customer_types"], *(kind for kind in kinds if isinstance(kind, str))})


def _digest(root: Node) -> str:
    agreed = {} if root.members is None else root.value
    return digest_of(plain({key: agreed[key] for key in agreed if key not in STATE_KEYS}))
