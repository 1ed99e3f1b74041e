"""Solving: what z3 says about a claim, within a time budget that all questions share."""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import z3

from criterion.analysis.smt.decision_model import DecisionModel
from criterion.analysis.smt.logic import Claim, conj
from criterion.analysis.smt.ways import Term

WORK_PER_MS: Final = 200
"""How many steps of the solver stand for a millisecond: as fast as it is where numbers multiply.

Work decides whether a question is answered, and not a clock, which other processes move.
"""

EXACT_WORK: Final = 3_000
"""How many steps products of numbers that are not known may take, after all that is linear."""

PATIENCE: Final = 20
"""How many times as long as it should a question may take where the machine is busy."""


class Answer(NamedTuple):
    """What is known of a claim.

    Attributes:
        said: Whether it never holds, holds for some facts, or was not decided.
        model: Where it holds, as z3 has it.
        core: Which of the assumptions it took to refute it, by position.
        is_near: Whether the model may be wrong about products, for want of time.
    """

    said: Literal["never", "sometimes", "unknown"]
    model: Any = None
    core: tuple[int, ...] = ()
    is_near: bool = False


class Budget:
    """Time that questions share.

    Attributes:
        left_ms: What is left.
        question_ms: The most that one question may take.
    """

    def __init__(self, total_ms: int, question_ms: int, clock_ms: Callable[[], float]) -> None:
        """Begin now."""
        self._clock = clock_ms
        self._end = clock_ms() + total_ms
        self.question_ms = question_ms

    @property
    def left_ms(self) -> int:
        """What is left, in whole milliseconds."""
        return max(0, int(self._end - self._clock()))


class Solving:
    """Asks about the claims of one model."""

    def __init__(self, model: DecisionModel, budget: Budget) -> None:
        """Take a model and the time."""
        self._model = model
        self._budget = budget
        self._solver = z3.Solver()
        self._told = 0

    def ask(
        self,
        *claims: Claim,
        assumptions: tuple[Claim, ...] = (),
        is_exact: bool = True,
    ) -> Answer:
        """Return whether claims hold together for some facts.

        Args:
            claims: The claims.
            assumptions: More of them, of which a refutation names those that it took.
            is_exact: Whether to ask what products are, where what is linear of them is not enough.
        """
        if conj(*claims, *assumptions) is False and not assumptions:
            return Answer("never")
        most = self._budget.question_ms
        if self._budget.left_ms <= 0 or most <= 0:
            return Answer("unknown")
        self._tell()
        self._solver.set("timeout", most * PATIENCE)
        self._solver.set("rlimit", most * WORK_PER_MS)
        self._solver.push()
        try:
            return self._asked(conj(*claims), assumptions, is_exact=is_exact)
        finally:
            self._solver.pop()

    def _asked(self, claim: Claim, assumptions: tuple[Claim, ...], *, is_exact: bool) -> Answer:
        self._solver.add(claim)
        names = [z3.Bool(f"assumption {place}") for place in range(len(assumptions))]
        for name, assumption in zip(names, assumptions, strict=True):
            self._solver.add(z3.Implies(name, assumption))
        said = self._solver.check(*names)
        if said == z3.sat and is_exact and self._model.symbols.definitions:
            return self._exactly(names, self._solver.model())
        if said == z3.sat:
            return Answer("sometimes", self._solver.model())
        if said == z3.unsat:
            return Answer("never", core=self._core(names))
        return Answer("unknown")

    def _core(self, names: list[Term]) -> tuple[int, ...]:
        core = {str(name) for name in self._solver.unsat_core()}
        return tuple(place for place, name in enumerate(names) if str(name) in core)

    def _exactly(self, names: list[Term], near: Any) -> Answer:  # noqa: ANN401 -- a model of z3
        """Ask again with what products are; where that takes too long, the first model may do."""
        self._solver.push()
        self._solver.add(*self._model.symbols.near(near))
        found = self._solver.model() if self._solver.check(*names) == z3.sat else None
        self._solver.pop()
        if found is not None:
            return Answer("sometimes", found)
        self._solver.add(*self._model.symbols.definitions)
        self._solver.set("rlimit", EXACT_WORK)
        said = self._solver.check(*names)
        if said == z3.unsat:
            return Answer("never", core=self._core(names))
        if said == z3.sat:
            return Answer("sometimes", self._solver.model())
        return Answer("sometimes", near, is_near=True)

    def _tell(self) -> None:
        """Tell what holds for all facts, as far as it is not told."""
        symbols = self._model.symbols
        for axiom in symbols.texts.axioms():
            self._solver.add(axiom)
        self._solver.add(*symbols.constraints[self._told :])
        self._told = len(symbols.constraints)
