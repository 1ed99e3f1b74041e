"""Diffing: what changes for those who ask when one decision takes the place of another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from criterion.analysis.asked_again import pool_of
from criterion.analysis.compatibility import (
    SchemaChange,
    Step,
    heaviest,
    is_enough,
    schema_changes,
)
from criterion.analysis.domain import Domain, domain_of
from criterion.analysis.finding import Verdict
from criterion.analysis.prover import has_prover
from criterion.analysis.shared_facts import NoneSharedError, default_of, shared_facts
from criterion.analysis.structure import Edit, decision_edits
from criterion.analysis.trying import facts_of
from criterion.analysis.twins import Difference, Transition, Twins, differing_members
from criterion.analysis.watch import Watch, spent_ms
from criterion.decision import Decision
from criterion.expression_decision import ExpressionDecision
from criterion.identity import parse_version
from criterion.json_text import Plain
from criterion.nodes import Node
from criterion.redaction import Redacted
from criterion.views import has_marks, redacted_facts

BUDGET_MS: Final = 2_000
"""How long it may take to compare the answers under one profile; importing the prover is apart."""

TRIES_MAX: Final = 2_000
"""How many facts are tried where nothing can be proven."""

AnyDecision = Decision[Any, Any, Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Which answers differ under one profile.

    Attributes:
        profile: Its name; ``None`` where there is none, or every one is meant.
        verdict: ``proven`` that nothing else differs than what is listed; ``found`` and ``not
            found``, where there may be more; or ``unknown``.
        differences: One for each way to differ, with facts that show it.
        reason: Why it is unknown or not proven, or what a proof does not cover.
    """

    profile: str | None
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    reason: str | None = None

    @property
    def is_same(self) -> bool:
        """Whether it is proven that no answer differs."""
        return self.verdict == "proven" and not self.differences

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {
            "profile": self.profile,
            "verdict": self.verdict,
            "differences": [each.to_dict() for each in self.differences],
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changes between two versions of a decision.

    Attributes:
        old: Id and version of the one.
        new: Id and version of the other.
        edits: Which lets and rules are written otherwise.
        schemas: What the changed schemas mean.
        answers: Which answers differ, under each profile.
        step: Which number of the version has to grow.
        is_version_enough: Whether it does.
    """

    old: tuple[str, str]
    new: tuple[str, str]
    edits: tuple[Edit, ...]
    schemas: tuple[SchemaChange, ...]
    answers: tuple[Answers, ...]
    step: Step
    is_version_enough: bool

    @property
    def is_same(self) -> bool:
        """Whether nobody who asks can notice a difference, by proof."""
        return not self.schemas and all(each.is_same for each in self.answers)

    def to_dict(self) -> dict[str, Plain]:
        """Return it as plain data."""
        return {
            "old": {"id": self.old[0], "version": self.old[1]},
            "new": {"id": self.new[0], "version": self.new[1]},
            "edits": [each.to_dict() for each in self.edits],
            "schemas": [each.to_dict() for each in self.schemas],
            "answers": [each.to_dict() for each in self.answers],
            "step": self.step,
            "is_version_enough": self.is_version_enough,
            "is_same": self.is_same,
        }


def diff(
    old: AnyDecision,
    new: AnyDecision,
    *,
    profiles: Mapping[str, tuple[Values, Values]] | None = None,
    budget_ms: int = BUDGET_MS,
    now_ms: Callable[[], float] = spent_ms,
) -> Diff:
    """Return what changes when a decision takes the place of another.

    Answers of decisions in expressions are compared for all facts that both take, which needs the
    extra ``prove``; without it, and for decisions in Python, a bounded number of facts is tried.
    An answer is its status and its data; which rule gave it, and in which words, does not count.

    Args:
        old: The one.
        new: The other.
        profiles: By name, the values that the old one ran under and those that the new one does.
            Without any, every profile that both take is meant.
        budget_ms: How long the comparison under one profile may take, in ms.
        now_ms: Tells the time, in ms; by default how long this thread has worked.
    """
    schemas = tuple(_schemas(old, new))
    edits = decision_edits(old, new)
    pairs: list[tuple[str | None, Values | None, Values | None]]
    pairs = [(name, *values) for name, values in (profiles or {}).items()]
    if not old.profile.model_fields and not new.profile.model_fields:
        pairs = [(None, {}, {})]
    answers = tuple(
        _answers(old, new, pair, Watch(budget_ms, now_ms)) for pair in pairs or [(None, None, None)]
    )
    step = _needed(old, new, schemas, edits, answers, has_other_values=_has_other_values(pairs))
    before, after = parse_version(old.version), parse_version(new.version)
    is_enough_now = before is not None and after is not None and is_enough(before, after, step)
    return Diff(
        old=(old.id, old.version),
        new=(new.id, new.version),
        edits=edits,
        schemas=schemas,
        answers=answers,
        step=step,
        is_version_enough=is_enough_now,
    )


def _has_other_values(pairs: list[tuple[str | None, Values | None, Values | None]]) -> bool:
    return any(before != after for _, before, after in pairs)


def _needed(
    old: AnyDecision,
    new: AnyDecision,
    schemas: tuple[SchemaChange, ...],
    edits: tuple[Edit, ...],
    answers: tuple[Answers, ...],
    *,
    has_other_values: bool,
) -> Step:
    """Return the step that a decision needs; answers that its profiles change are not its own."""
    found: list[Step] = [change.step for change in schemas]
    is_changed = bool(edits) or old.digest != new.digest
    if is_changed:
        found.append("patch")
    if is_changed and (has_other_values or not all(each.is_same for each in answers)):
        found.append("minor")  # where values changed, too, it is not told apart which did it
    return heaviest(*found) if found else "none"


def _schemas(old: AnyDecision, new: AnyDecision) -> Iterator[SchemaChange]:
    for role, one, two in (
        ("input", old.input, new.input),
        ("profile", old.profile, new.profile),
        ("output", old.output, new.output),
    ):
        before, after = node_of(one), node_of(two)
        domains = domain_of(before), domain_of(after)
        yield from schema_changes(*domains, role)  # type: ignore[arg-type] # one of the roles
        for name in domains[0].fields or {}:
            if name in (domains[1].fields or {}) and role != "output":
                yield from _defaults(before, after, name, role)


def _defaults(before: Node, after: Node, name: str, role: str) -> Iterator[SchemaChange]:
    one, two = default_of(before, name), default_of(after, name)
    if one is not ... and two is not ... and one != two:
        yield SchemaChange(
            path=f"{role}.{name}",
            message=f"is {two} now where it is left out, not {one}",
            step="minor",
        )


def node_of(schema: Any) -> Node:  # noqa: ANN401 -- a pydantic model
    """Return the core schema of a model."""
    node: Node = schema.__pydantic_core_schema__
    return node


def _answers(
    old: AnyDecision,
    new: AnyDecision,
    pair: tuple[str | None, Values | None, Values | None],
    watch: Watch,
) -> Answers:
    name, before, after = pair
    profiles = domain_of(node_of(old.profile)), domain_of(node_of(new.profile))
    if before is None and profiles[0] != profiles[1]:
        reason = "the schema of the profile changed, and no profile was given"
        return Answers(profile=name, verdict="unknown", reason=reason)
    nodes = node_of(old.input), node_of(new.input)
    try:
        shared = shared_facts(*nodes, (domain_of(nodes[0]), domain_of(nodes[1])))
    except NoneSharedError as error:
        return Answers(profile=name, verdict="unknown", reason=str(error))
    twins = Twins(old, new, shared, (before, after))
    if _is_provable(old, new):
        return _proven(twins, name, watch)
    return _tried(twins, name, watch)


def _is_provable(*decisions: AnyDecision) -> bool:
    are_expressions = all(isinstance(each, ExpressionDecision) for each in decisions)
    return are_expressions and has_prover()


def _proven(twins: Twins, profile: str | None, watch: Watch) -> Answers:
    with watch.apart():
        from criterion.analysis.proving.differing import differing  # noqa: PLC0415 -- imports z3
        from criterion.analysis.smt.memory import own_memory  # noqa: PLC0415 -- same

    with own_memory():
        proof = differing(twins, watch)
    made: dict[Transition, Difference] = {}
    for way, facts, values in proof.met:
        made[way] = _difference(twins, way, *twins.smallest(facts, values), profile)
    verdict: Any = proof.verdict
    reason = proof.reason
    if verdict == "proven" and (other := _other_output(twins.old, twins.new)):
        verdict, reason = ("found" if made else "unknown"), other
    return Answers(
        profile=profile, verdict=verdict, differences=tuple(made.values()), reason=reason
    )


def _other_output(old: AnyDecision, new: AnyDecision) -> str | None:
    """Return why one of two output schemas may refuse equal data, ``None`` where neither does."""
    whole = [domain_of(node_of(each.output)) for each in (old, new)]
    has_more = any(part.has_more for domain in whole for part in domain.parts())
    if has_more and old.output is not new.output:
        return "a limit or a validator of the output is not part of the proof"
    one, two = (domain.fields or {} for domain in whole)
    for name, part in one.items():
        if name in two and not _is_wider(part, two[name]):
            return f"`{name}` takes other values now, which is not part of the proof"
    return None


def _is_wider(old: Domain, new: Domain) -> bool:
    found = schema_changes(old, new, "input")
    return all(each.step != "major" for each in found)


def _tried(twins: Twins, profile: str | None, watch: Watch) -> Answers:
    if None in twins.values:
        reason = "it was not tried: no profile was given"
        return Answers(profile=profile, verdict="unknown", reason=reason)
    pool = (*pool_of(twins.old, twins.values[0] or {}), *pool_of(twins.new, twins.values[1] or {}))
    met: dict[Transition, Mapping[str, Any]] = {}
    for facts in facts_of(twins.shared.domain, tuple(dict.fromkeys(pool)), TRIES_MAX):
        if not watch.left_ms:
            break
        way = twins.differ(facts)
        if way is not None:
            met.setdefault(way, facts)
    found = tuple(
        _difference(twins, way, *twins.smallest(facts, None), profile) for way, facts in met.items()
    )
    verdict: Verdict = "found" if found else "not found"
    reason = "facts were tried, nothing was proven"
    return Answers(profile=profile, verdict=verdict, differences=found, reason=reason)


def _difference(
    twins: Twins,
    way: Transition,
    facts: Mapping[str, Any],
    values: Values | None,
    profile: str | None,
) -> Difference:
    old, new = twins.run(facts, values)
    return Difference(
        before=way.before,
        after=way.after,
        members=differing_members(old, new),
        facts=_hidden(twins.old.input, twins.shared.sent(facts)),
        values=None if values is None else _hidden(twins.old.profile, values),
        profile=profile,
        explanations=(old.explanation, new.explanation),
    )


def _hidden(schema: Any, facts: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ANN401 -- a schema
    if not has_marks(schema):
        return facts
    shown: Mapping[str, Any] = redacted_facts(schema, facts, lambda mode, _: Redacted(mode))
    return shown
