"""Rivals: what a changed body answers, worked out from what the written one answers.

A change of one clause leaves the clauses before it as they are, and those behind it matter only
where it does not match. So only the changed clause is compiled, and each of the others once.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from criterion.expression.compile import Decide, compile_body
from criterion.expression.failure import ClauseFailure
from criterion.expression.tree import Body, Clause
from criterion.expression.types import Type
from criterion.mutation.changes import Change

Answer: TypeAlias = tuple[Any, ...]
"""The deciding rule and its data; or the rule, the stage and the code of a failure."""
NO_MATCH: Final[Answer] = (None, None)

Asked: TypeAlias = Mapping[str, Any]
Rival: TypeAlias = Callable[[Asked, Asked, Answer], Answer]
"""Takes input, profile, and what the written body answers to them."""

FEW: Final = 2
"""Of how many changed clauses a rival is put together; of more, the whole body is compiled."""


class Rivals:
    """Answers for one body and for changed ones.

    Args:
        body: What is written.
        types: The types of input and profile.
    """

    def __init__(self, body: Body, types: tuple[Type, Type]) -> None:
        """Compile the whole body."""
        self._body, self._types = body, types
        self._written = self._compiled(body)
        self._ids = [clause.id for clause in body.clauses]
        self._positions = {id: number for number, id in enumerate(self._ids)}
        self._alone: dict[int, Callable[[Asked, Asked], Answer]] = {}

    def written(self, given: Asked, profile: Asked) -> Answer:
        """Return what the written body answers."""
        return self._written(given, profile)

    def of(self, change: Change) -> Rival:
        """Return what answers as the changed body does."""
        if change.body.lets is not self._body.lets or len(change.clauses) > FEW:
            whole = self._compiled(change.body)
            return lambda given, profile, _: whole(given, profile)
        first, end = change.clauses.start, change.clauses.stop
        clauses = [self._of_clause(each) for each in change.body.clauses[first:end]]
        last = len(self._ids)

        def answer(given: Asked, profile: Asked, written: Answer) -> Answer:
            position = last if written[0] is None else self._positions[written[0]]
            if position < first:
                return written
            for clause in clauses:
                answered = clause(given, profile)
                if answered != NO_MATCH:
                    return answered
            return written if position >= end else self._from(end, given, profile)

        return answer

    def _from(self, first: int, given: Asked, profile: Asked) -> Answer:
        """Return what the clauses as they are written answer from a position on."""
        for position in range(first, len(self._ids)):
            if position not in self._alone:
                self._alone[position] = self._of_clause(self._body.clauses[position])
            answered = self._alone[position](given, profile)
            if answered != NO_MATCH:
                return answered
        return NO_MATCH

    def _of_clause(self, clause: Clause) -> Callable[[Asked, Asked], Answer]:
        return self._compiled(Body(lets=self._body.lets, clauses=(clause,)))

    def _compiled(self, body: Body) -> Callable[[Asked, Asked], Answer]:
        decide: Decide = compile_body(body, *self._types)
        ids = [clause.id for clause in body.clauses]

        def answer(given: Asked, profile: Asked) -> Answer:
            try:
                index, data = decide(given, profile)
            except ClauseFailure as failure:
                return ids[failure.index], failure.stage, failure.failure.code
            return NO_MATCH if data is None else (ids[index], data)

        return answer


def deciding(body: Body, answer: Answer) -> Body:
    """Return a body of only the clause that gave an answer; of any one where none matched."""
    found = [clause for clause in body.clauses if clause.id == answer[0]]
    return Body(lets=body.lets, clauses=tuple(found or body.clauses[:1]))
