"""Telling apart: facts for which a changed decision answers otherwise than the one that is written.

The search starts from the facts of the cases. It changes one value, then two, to what a condition
may turn on. It draws no random numbers: the same files give the same facts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from criterion.documents.cases_file import CaseProfile
from criterion.expression.tree import Body
from criterion.expression.types import Type
from criterion.mutation.changes import Change
from criterion.mutation.leaves import Path, leaves, with_leaf
from criterion.mutation.rivals import Answer, Rivals
from criterion.mutation.trying import Trials

TRIES_MAX: Final = 20_000
"""How many sets of facts are tried for one change."""
PAIRED_MAX: Final = 10
"""How many values are tried at each of two places at once."""


class Facts(NamedTuple):
    """Facts that fit the input.

    Attributes:
        case: The name of the case that they are from, or that they were made of.
        profile: The profile that they are asked under, as the case names it.
        values: That profile's values, as plain data.
        given: As plain data.
        is_of_case: Whether they are the facts of the case as they are.
    """

    case: str
    profile: CaseProfile
    values: Mapping[str, Any]
    given: Mapping[str, Any]
    is_of_case: bool = True


class _Tried(NamedTuple):
    facts: Facts
    answer: Answer


class Telling:
    """Finds facts that tell one body from others; what was tried once is kept for the next.

    Args:
        body: What is written.
        input: The type of the facts.
        read: Validates facts into plain data.
        begin: Facts to begin with.
        rivals: Answers for the body and for changed ones.
    """

    def __init__(
        self,
        body: Body,
        input: Type,
        read: Callable[[Any], Mapping[str, Any]],
        begin: Sequence[Facts],
        rivals: Rivals,
    ) -> None:
        """Begin to try."""
        self._body, self._input, self._read, self._rivals = body, input, read, rivals
        self._begin = begin
        self._trials: dict[int, Trials] = {}
        self._tried: list[_Tried] = []
        self._told: list[_Tried] = []  # one case may notice several changes
        self._more = self._trying()

    def _answer(self, facts: Facts) -> Answer:
        return self._rivals.written(facts.given, facts.values)

    def facts(self, change: Change) -> Facts | None:
        """Return the first facts to which the changed body answers otherwise, if any are found."""
        answer = self._rivals.of(change)
        begin = len(self._begin)
        known = chain(islice(self._all(), begin), self._told, islice(self._all(), begin, None))
        for tried in known:
            if answer(tried.facts.given, tried.facts.values, tried.answer) != tried.answer:
                self._told.append(tried)
                return tried.facts
        return None

    def _all(self) -> Iterator[_Tried]:
        number = 0
        while number < TRIES_MAX:
            if number == len(self._tried):
                tried = next(self._more, None)
                if tried is None:
                    return
                self._tried.append(tried)
            yield self._tried[number]
            number += 1

    def _trying(self) -> Iterator[_Tried]:
        answers: dict[object, Facts] = {}
        begin = [_Tried(facts, self._answer(facts)) for facts in self._begin]
        yield from begin
        answers = {_rule_of(tried.answer): tried.facts for tried in begin}
        wider = list(self._begin)
        for facts in self._begin:
            for tried in self._changed(facts, 1):
                if _rule_of(tried.answer) not in answers:  # a way in that no case shows
                    answers[_rule_of(tried.answer)] = tried.facts
                    wider.append(tried.facts)
                yield tried
        yield from chain.from_iterable(
            self._changed(facts, 1) for facts in wider[len(self._begin) :]
        )
        yield from _by_turns([self._changed(facts, 2) for facts in wider])
        yield from _by_turns([self._changed(tried.facts, 2) for tried in self._told])

    def _changed(self, facts: Facts, places: int) -> Iterator[_Tried]:
        """Yield facts with other values at so many places, where they still fit the input."""
        trials = self._trials_under(facts.values)
        most = PAIRED_MAX if places > 1 else None
        options = {
            path: trials.at(facts.given, path, value)[:most]
            for path, value in leaves(facts.given).items()
        }
        for paths in combinations(options, places):
            for values in product(*(options[path] for path in paths)):
                made = self._made(facts, paths, values)
                if made is not None:
                    yield _Tried(made, self._answer(made))

    def _made(self, facts: Facts, paths: Sequence[Path], values: Sequence[object]) -> Facts | None:
        given: Any = facts.given
        try:
            for path, value in zip(paths, values, strict=True):
                given = with_leaf(given, path, value)
            return facts._replace(given=self._read(given), is_of_case=False)
        except (ValidationError, LookupError, TypeError):  # a place that another change took away
            return None

    def _trials_under(self, values: Mapping[str, Any]) -> Trials:
        known = self._trials.get(id(values))
        if known is None:
            known = self._trials[id(values)] = Trials(self._body, self._input, values)
        return known


def _rule_of(answer: Answer) -> object:
    return answer[0], len(answer)


def _by_turns(sources: Sequence[Iterator[_Tried]]) -> Iterator[_Tried]:
    """Yield one of each in turn, so that none keeps the others waiting."""
    waiting = list(sources)
    while waiting:
        for source in list(waiting):
            tried = next(source, None)
            if tried is None:
                waiting.remove(source)
            else:
                yield tried
