"""Settings: one decision under one profile, or under all, ready to be asked about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from criterion.analysis.domain import Domain, domain_of
from criterion.analysis.shrinking import smallest
from criterion.analysis.smt.decision_model import DecisionModel, Question
from criterion.analysis.smt.facts import NOTHING_PINNED
from criterion.analysis.smt.logic import Claim, names_in
from criterion.analysis.smt.solving import Budget, Solving
from criterion.analysis.trials import TRIALS_MAX, Drawing, hints_of
from criterion.engine import Engine
from criterion.expression.tree import Body
from criterion.expression_decision import ExpressionDecision, rules_of
from criterion.quantity import UNLIMITED
from criterion.result import Result, Status, parts_of_result

SPELLINGS_MAX: Final = 300
"""How many texts are tried in the place of one whose function is not to be computed backwards."""

READABLE_MAX: Final = 1_000_000
"""The largest number in an example that was drawn; one with larger ones is made smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Facts, and a profile, for which the engine has said what was claimed.

    Attributes:
        facts: The facts, plain.
        values: The values of the profile, where they are part of the example.
        profile: The values of the profile that it ran under.
        result: What the engine said.
    """

    facts: Mapping[str, Any]
    values: Mapping[str, Any] | None
    profile: Mapping[str, Any]
    result: Result[Any]

    @property
    def seen(self) -> Mapping[str, Any]:
        """The facts as rules saw them."""
        facts: Mapping[str, Any] = parts_of_result(self.result)[1].facts
        return facts


class Meant(NamedTuple):
    """Which facts are meant.

    Attributes:
        input: The only ones; ``None`` for all that the decision takes.
        pinned: Values of theirs that are known, plain, by their paths.
        samples: Profiles that are tried first, where every profile is meant.
    """

    input: Domain | None = None
    pinned: Mapping[str, Any] = NOTHING_PINNED
    samples: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether the decision takes facts that are not meant."""
        return self.input is not None or bool(self.pinned)


ALL_FACTS: Final = Meant()
"""All that the decision takes."""

Confirm = Callable[[Witness], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known of a claim.

    Attributes:
        verdict: ``proven`` that it never holds, ``found`` where it does, or ``unknown``.
        witness: Where it was found.
        reason: Why it is unknown: ``time``, or what was not translated.
        limit: What a proof does not cover.
        core: Which assumptions the proof took.
    """

    verdict: str
    witness: Witness | None = None
    reason: str | None = None
    limit: str | None = None
    core: tuple[int, ...] = ()


class Setting:
    """One decision under one profile, or under every profile that its schema allows.

    Attributes:
        decision: The decision.
        body: Its lets and clauses, perhaps in the columns of its file.
        profile: The name of the profile, ``None`` for every one.
        values: The values of the profile, plain; ``None`` for every one.
        counts: How many claims were answered, by verdict.
    """

    def __init__(
        self,
        decision: ExpressionDecision,
        body: Body,
        budget: Budget,
        *,
        profile: str | None = None,
        values: Mapping[str, Any] | None = None,
        meant: Meant = ALL_FACTS,
    ) -> None:
        """Make it ready; nothing is translated yet.

        Args:
            decision: The decision.
            body: Its lets and clauses, perhaps in the columns of its file.
            budget: The time.
            profile: The name of the profile.
            values: Its values, plain; ``None`` for every profile.
            meant: Which facts are meant.
        """
        self.decision = decision
        self.body = body
        self.profile = profile
        self.values = values
        self.counts: dict[str, int] = {}
        self._budget = budget
        self._bound = None if values is None else Engine().bind(decision, values)
        self._engine = Engine()
        self.input = meant.input or domain_of(decision.shapes.input.node)
        self.profiles = domain_of(decision.shapes.profile.node)
        self._question = Question(
            body=body,
            input=self.input,
            profile=self.profiles,
            values=values,
            pinned=meant.pinned,
        )
        self._meant = meant
        self.model = DecisionModel(self._question)
        self._solving = Solving(self.model, budget)
        self._rounding: tuple[DecisionModel, Solving] | None = None

    @property
    def has_profile(self) -> bool:
        """Whether there is anything to say in a profile."""
        return bool(self.profiles.fields)

    def moved(self, body: Body) -> "Setting":
        """Return the setting of the same decision with its rules in another order."""
        decision = replace(self.decision, body=body, rules=rules_of(body))
        setting = Setting(
            decision,
            body,
            self._budget,
            profile=self.profile,
            values=self.values,
            meant=self._meant,
        )
        setting.__dict__["_tried"] = [setting.again(witness) for witness in self._tried]
        return setting

    def ask(
        self,
        claims: Callable[[DecisionModel], tuple[Claim, ...]],
        confirm: Confirm,
        *,
        assumptions: Callable[[DecisionModel], tuple[Claim, ...]] = lambda _: (),
        is_shown: bool = True,
    ) -> Answered:
        """Return what is known of claims that hold together.

        Args:
            claims: Makes them of a model.
            confirm: Whether what the engine said is what the claims say.
            assumptions: More claims, of which a proof names those that it took.
            is_shown: Whether somebody will read the example.
        """
        answered = self._asked(claims, confirm, assumptions, is_shown=is_shown)
        self.counts[answered.verdict] = self.counts.get(answered.verdict, 0) + 1
        return answered

    def is_proven(
        self, claims: Callable[[DecisionModel], tuple[Claim, ...]], confirm: Confirm
    ) -> bool:
        """Whether claims never hold together: one question that may save many; not counted else."""
        if any(map(confirm, self._tried)):
            return False
        answered = self._asked(claims, lambda _: False, lambda _: (), is_shown=False)
        if answered.verdict == "proven":
            self.counts["proven"] = self.counts.get("proven", 0) + 1
        return answered.verdict == "proven"

    def is_refuted(self, *claims: Claim) -> bool:
        """Whether claims are proven never to hold together, be decimals rounded or not."""
        if not self._budget.left_ms:
            return False
        return self._solving.ask(*claims, is_exact=False).said == "never"

    def _asked(
        self,
        claims: Callable[[DecisionModel], tuple[Claim, ...]],
        confirm: Confirm,
        assumptions: Callable[[DecisionModel], tuple[Claim, ...]],
        *,
        is_shown: bool,
    ) -> Answered:
        if not self._budget.left_ms:
            return Answered(verdict="unknown", reason="time")
        for drawn in self._tried:
            if confirm(drawn):
                is_fine = not is_shown or _is_readable((drawn.facts, drawn.values))
                return Answered(
                    verdict="found", witness=drawn if is_fine else self._smallest(drawn, confirm)
                )
        made, more = claims(self.model), assumptions(self.model)
        answer = self._solving.ask(*made, assumptions=more)
        if answer.said == "unknown":
            return Answered(verdict="unknown", reason="time")
        if answer.said == "never":
            return self._proven(claims, assumptions, (*made, *more), answer.core)
        witness = self._witness(answer.model, confirm)
        if witness is None:
            reason = "time" if answer.is_near else self._untranslated((*made, *more))
            return Answered(verdict="unknown", reason=reason)
        return Answered(
            verdict="found", witness=self._smallest(witness, confirm) if is_shown else witness
        )

    @cached_property
    def _tried(self) -> list[Witness]:
        """What the engine said of facts that were drawn; an answer among them needs no solver."""
        if self._meant.is_narrowed:
            return []
        is_free = self.values is None and self.has_profile
        given = self._meant.samples if is_free else (self.values,)
        return [witness for values in given for witness in self._trials(values)]

    def _trials(self, values: Mapping[str, Any] | None) -> Iterator[Witness]:
        drawing = Drawing(hints_of(self.body, values))
        bound = Engine().bind(self.decision, values or {})
        new: list[dict[str, Any]] = []
        seen: set[tuple[Status, str | None]] = set()
        for number in range(TRIALS_MAX):
            if not self._budget.left_ms:
                return
            again = new and number % 2
            facts = drawing.changed(self.input, new[number % len(new)]) if again else None
            witness = self._trial(facts or drawing.value(self.input), values, bound)
            if witness.result.status is Status.INVALID_INPUT:
                continue
            kind = witness.result.status, tried(witness.result)
            if kind not in seen:
                seen.add(kind)
                new.append(dict(witness.facts))
            yield witness

    def again(self, witness: Witness) -> Witness:
        """Return what this setting says of facts that another one was asked about."""
        return self._trial(witness.facts, witness.profile)

    def _trial(
        self,
        facts: Mapping[str, Any],
        values: Mapping[str, Any] | None,
        bound: Callable[[Any], Result[Any]] | None = None,
    ) -> Witness:
        shown = values if self.values is None and self.has_profile else None
        result = self._run(dict(facts), values) if bound is None else bound(dict(facts))
        return Witness(facts=facts, values=shown, profile=values or {}, result=result)

    def _proven(
        self,
        claims: Callable[[DecisionModel], tuple[Claim, ...]],
        assumptions: Callable[[DecisionModel], tuple[Claim, ...]],
        asked: tuple[Claim, ...],
        core: tuple[int, ...],
    ) -> Answered:
        """Return a proof, and ask again with decimals rounded as the engine may round them."""
        symbols = self.model.symbols
        met = names_in(*asked) if symbols.limits else set()
        limits = [symbols.limits[name] for name in met & symbols.limits.keys()]
        if symbols.was_rounded:
            model, solving = self._rounded()
            again = solving.ask(*claims(model), assumptions=assumptions(model))
            if again.said != "never":
                limits.append("in exact arithmetic; decimals are rounded to 34 digits")
        limit = f"for {limits[0]}" if limits and limits[0].startswith("lists") else None
        return Answered(verdict="proven", limit=limit or (limits[0] if limits else None), core=core)

    def _rounded(self) -> tuple[DecisionModel, Solving]:
        if self._rounding is None:
            model = DecisionModel(self._question, rounds=True)
            self._rounding = model, Solving(model, self._budget)
        return self._rounding

    def _untranslated(self, claims: tuple[Claim, ...]) -> str:
        holes = self.model.symbols.holes
        found = sorted(holes[name] for name in names_in(*claims) & holes.keys())
        return f"{found[0]} was not translated" if found else "no example of it could be made"

    def _witness(self, model: Any, confirm: Confirm) -> Witness | None:  # noqa: ANN401 -- of z3
        reading = self.model.facts.read(model)
        facts = reading.value(self.input, "input")  # first: a schema asks more of it than of a key
        values = self.values
        if values is None and self.has_profile:
            values = reading.value(self.profiles, "profile")
        for candidate in self._spellings(facts):
            witness = self._trial(candidate, values)
            if confirm(witness):
                return witness
        return None

    def _run(self, facts: dict[str, Any], values: Mapping[str, Any] | None) -> Result[Any]:
        if self._bound is not None:
            return self._bound(facts)
        return self._engine.run(self.decision, facts, profile=values or {})

    def _spellings(self, facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the facts, then the same with other texts where any text will do."""
        yield dict(facts)
        if not self.model.symbols.texts.has_random:
            return
        for name, domain in (self.input.fields or {}).items():
            if domain.kind == "text" and domain.choices is None and facts[name] is not None:
                for number in range(SPELLINGS_MAX):
                    yield {**facts, name: f"{name}-{number}"}

    def _smallest(self, witness: Witness, confirm: Confirm) -> Witness:
        """Return the simplest example like one: the solver might have given another."""
        parts = {"input": self.input}
        value: dict[str, Any] = {"input": witness.facts}
        if witness.values is not None:
            parts["profile"] = self.profiles
            value["profile"] = witness.values

        def trial(other: Mapping[str, Any]) -> Witness:
            return self._trial(other["input"], other.get("profile", witness.profile))

        domain = Domain(kind="mapping", fields=parts)
        return trial(smallest(domain, value, lambda other: confirm(trial(other))))


def tried(result: Result[Any]) -> str | None:
    """Return the rule that matched or failed, ``None`` where there was none."""
    if result.status is Status.OK or result.status is Status.NO_MATCH:
        return result.matched_rule
    if result.status is Status.RULE_ERROR:
        return result.errors[0].path.split(".")[1]
    trace = result.trace
    return trace[-1].rule_id if trace and trace[-1].matched is not False else None


def _is_readable(value: object) -> bool:
    """Whether all numbers in an example are small and short."""
    if isinstance(value, Mapping):
        return all(map(_is_readable, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_readable, value))
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return True
    if value == UNLIMITED:
        return True
    return bool(-READABLE_MAX <= value <= READABLE_MAX and value == round(value, 2))
