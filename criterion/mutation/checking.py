"""Checking: every change of a decision in a file, and whether any of its cases notices it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from criterion.cases import outcome_of
from criterion.documents.cases_file import Case, CaseProfile, CasesFile, Equivalent
from criterion.documents.decision_reader import read_placed
from criterion.engine import Engine
from criterion.expression.schema_types import type_of_node
from criterion.expression.tree import Body
from criterion.expression_decision import ExpressionDecision, rules_of
from criterion.mutation.changes import Change, Types, changes
from criterion.mutation.missing_case import Answers, MissingCase, missing_case
from criterion.mutation.rivals import Answer, Rivals, deciding
from criterion.mutation.telling import Facts, Telling
from criterion.plain_facts import plain_readers
from criterion.profiles import Fitted, ProfileRegistry, fit
from criterion.programs import program_of
from criterion.snapshot import ProfileSnapshot

CHANGES_MAX: Final = 10_000
"""How many changes of one decision are tried."""


class PlacedChange(NamedTuple):
    """A change, and where it is made: line and column, counted from 1."""

    line: int
    column: int
    change: Change


class Finding(NamedTuple):
    """Changes that no case notices.

    Attributes:
        changes: What they are, in the order of the file; several where one case notices all.
        case: The case that would notice them; ``None`` where no facts were found that tell the
            changed decision from the one that is written: perhaps they are equivalent.
    """

    changes: tuple[PlacedChange, ...]
    case: MissingCase | None


class Stale(NamedTuple):
    """What the cases file calls equivalent and is not, and why."""

    equivalent: Equivalent
    reason: str


class MutationCheck(NamedTuple):
    """What came of changing one decision.

    Attributes:
        decision: What was changed.
        file: Where it stands.
        tried: How many changes were tried.
        equivalent: How many of them the cases file calls equivalent.
        findings: Those that no case notices.
        stale: What the cases file calls equivalent and is not.
    """

    decision: ExpressionDecision
    file: str
    tried: int
    equivalent: int
    findings: tuple[Finding, ...]
    stale: tuple[Stale, ...]

    @property
    def noticed(self) -> int:
        """How many changes a case notices."""
        return self.tried - self.equivalent - self.unnoticed

    @property
    def unnoticed(self) -> int:
        """How many changes no case notices."""
        return sum(len(finding.changes) for finding in self.findings)

    @property
    def passed(self) -> bool:
        """Whether every change is noticed, or named as equivalent."""
        return not self.findings and not self.stale


def mutation_check(
    decision: ExpressionDecision,
    source: tuple[bytes, str],
    profiles: ProfileRegistry,
    cases: Sequence[CasesFile],
    *,
    watch: Callable[[Sequence[Change]], Iterable[Change]] = iter,
) -> MutationCheck:
    """Change a decision, one thing at a time, and run its cases each time.

    Args:
        decision: Loaded from the file; its cases pass.
        source: What the file holds, and its name.
        profiles: What the cases run under.
        cases: The files that have its cases.
        watch: Hands on the changes that are tried, and may say how far that is.

    Returns:
        What no case notices.
    """
    return _Check(decision, source, profiles, cases, watch).run()


class _Asked(NamedTuple):
    """A case, its facts, and what the written decision answers to them."""

    case: Case
    facts: Facts
    answer: Answer


Watch = Callable[[Sequence[Change]], Iterable[Change]]


class _Check:
    def __init__(
        self,
        decision: ExpressionDecision,
        source: tuple[bytes, str],
        profiles: ProfileRegistry,
        cases: Sequence[CasesFile],
        watch: Watch,
    ) -> None:
        self._decision = decision
        self._file = source[1]
        self._profiles = profiles
        self._cases = [case for file in cases for case in file.cases]
        self._shared = [file.profile for file in cases]
        self._equivalents = [each for file in cases for each in file.equivalent]
        self._placed = read_placed(*source)
        self._types = Types(*decision.types, type_of_node(decision.shapes.output.node))
        self._read = plain_readers(decision.shapes.input).of_any
        self._read_profile = plain_readers(decision.shapes.profile).of_any
        self._rivals = Rivals(self._placed.body, decision.types)
        self._engine = Engine(profiles=profiles)
        self._watch = watch
        self._named: dict[str | None, Mapping[str, Any] | None] = {}

    def run(self) -> MutationCheck:
        named = dict.fromkeys(self._equivalents, "is no change of the decision")
        unnoticed: list[Change] = []
        tried = equivalent = 0
        for change in self._watch(self._changes()):
            tried += 1
            is_noticed = self._is_noticed(change)
            same = [each for each in self._equivalents if each.names(*change[:3])]
            named |= dict.fromkeys(same, "is noticed by a case" if is_noticed else "")
            equivalent += bool(same) and not is_noticed
            unnoticed += [] if same or is_noticed else [change]
        return MutationCheck(
            decision=self._decision,
            file=self._file,
            tried=tried,
            equivalent=equivalent,
            findings=tuple(self._findings(sorted(unnoticed, key=lambda each: each.offset))),
            stale=tuple(Stale(each, reason) for each, reason in named.items() if reason),
        )

    def _changes(self) -> Sequence[Change]:
        found = changes(self._placed.body, self._placed.offsets, self._types)
        return [change for change, _ in zip(found, range(CHANGES_MAX), strict=False)]

    def _is_noticed(self, change: Change) -> bool:
        """Whether any case fails; those that the changed clauses decide are asked first."""
        rival = self._rivals.of(change)
        changed = {self._placed.body.clauses[number].id for number in change.clauses}
        own = [asked for asked in self._asked if asked.answer[0] in changed]
        others = [asked for asked in self._asked if asked.answer[0] not in changed]
        for case, facts, answer in (*own, *others):
            found = rival(facts.given, facts.values, answer)
            is_explained = case.explanation is not None and found[0] in changed
            if (found != answer or is_explained) and self._fails(case, change.body, found):
                return True
        return False

    def _fails(self, case: Case, body: Body, answer: Answer) -> bool:
        """Whether a case expects another answer; the rule that gave it answers alone."""
        result = self._engine.run(self._with(deciding(body, answer)), case.facts, case.profile)
        return not outcome_of(case, result).passed

    def _with(self, body: Body) -> ExpressionDecision:
        return replace(self._decision, body=body, rules=rules_of(body))

    def _findings(self, unnoticed: Sequence[Change]) -> Iterator[Finding]:
        """Yield the changes with the cases that notice them, each case once."""
        told: dict[int, tuple[Facts, list[Change]]] = {}
        untold: list[Change] = []
        for change in unnoticed:
            facts = self._telling.facts(change)
            if facts is None:
                untold.append(change)
            else:
                told.setdefault(id(facts), (facts, []))[1].append(change)
        names = {case.name for case in self._cases}
        for facts, noticed in told.values():
            case = self._case(facts, noticed, names)
            names |= {str(case.members.get("name"))}
            yield Finding(tuple(map(self._place, noticed)), case)
        yield from (Finding((self._place(change),), None) for change in untold)

    def _place(self, change: Change) -> PlacedChange:
        return PlacedChange(*self._placed.problems.place(change.offset), change)

    def _case(self, facts: Facts, noticed: Sequence[Change], names: Collection[str]) -> MissingCase:
        answer = self._rivals.written(facts.given, facts.values)
        bodies = [(self._decision.body, answer)]
        for change in noticed:
            found = self._rivals.of(change)(facts.given, facts.values, answer)
            bodies.append((change.body, found))
        written, *changed = (
            self._engine.run(self._with(deciding(*each)), facts.given, facts.profile)
            for each in bodies
        )
        is_shared = all(profile == facts.profile for profile in self._shared)
        shown = facts._replace(profile=None) if is_shared else facts
        answers = Answers(written, changed)
        return missing_case(noticed[0], shown, answers, names=names, shorten=self._shortened)

    def _shortened(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return facts without the members that they have by default."""
        kept = dict(given)
        for name in given:
            fewer = {key: part for key, part in kept.items() if key != name}
            try:
                if self._read(fewer) == given:
                    kept = fewer
            except ValueError:  # it is required
                continue
        return kept

    @cached_property
    def _telling(self) -> Telling:
        begin = [asked.facts for asked in self._asked]
        body, input = self._decision.body, self._types.input
        return Telling(body, input, self._read, begin, self._rivals)

    @cached_property
    def _asked(self) -> Sequence[_Asked]:
        """The cases whose facts and profile are valid: no change makes others fail."""
        found = ((case, self._facts(case)) for case in self._cases)
        return [
            _Asked(case, facts, self._rivals.written(facts.given, facts.values))
            for case, facts in found
            if facts is not None
        ]

    def _facts(self, case: Case) -> Facts | None:
        """Return the facts of a case, where they and its profile are valid."""
        values = self._values(case.profile)
        if values is None:
            return None
        try:
            return Facts(case.name, case.profile, values, self._read(dict(case.facts)))
        except ValueError:
            return None

    def _values(self, profile: CaseProfile) -> Mapping[str, Any] | None:
        """Return the values of a profile, or ``None`` where it does not fit."""
        if isinstance(profile, Mapping):
            return self._plain(fit(program_of(self._decision), profile))
        if profile not in self._named:
            program, known = program_of(self._decision), self._profiles
            fitted = fit(program, None) if profile is None else known.fitted(profile, program)
            self._named[profile] = self._plain(fitted)
        return self._named[profile]

    def _plain(self, fitted: Fitted) -> Mapping[str, Any] | None:
        return self._read_profile(fitted.values) if isinstance(fitted, ProfileSnapshot) else None
