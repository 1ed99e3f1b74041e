"""Counterfactuals: the smallest changes of facts, or of a profile, that lead to another answer.

Nothing is guessed from the rules: every change that is named was run on the engine.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack

from criterion.analysis.asked_again import UNASKED, AskedAgain
from criterion.analysis.counterfactual import Counterfactuals
from criterion.analysis.helping import Helping
from criterion.analysis.leaves import Leaf
from criterion.analysis.prover import has_prover
from criterion.analysis.watch import OverError, Watch, spent_ms
from criterion.analysis.wish import WishLike, wish_of
from criterion.expression_decision import ExpressionDecision
from criterion.result import Result
from criterion.text import code, did_you_mean, listing

BUDGET_MS: Final = 50
"""How long it may take unless more is given; importing the prover does not count."""

LIMIT: Final = 5
"""How many alternatives are named unless more are asked for."""

Number = int | Decimal


class Effort(TypedDict, total=False):
    """How much is done to find changes.

    Attributes:
        limit: How many alternatives to return, at least 1.
        budget_ms: How long to look, in ms; beyond it the answer is ``unknown: time``, or what was
            found until then.
        prove: Whether to ask the prover, where it is installed, when nothing was found.
        now_ms: Tells the time, in ms; by default how long this thread has worked.
    """

    limit: int
    budget_ms: int
    prove: bool
    now_ms: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    limit: int = LIMIT
    budget_ms: int = BUDGET_MS
    prove: bool = True
    now_ms: Callable[[], float] = spent_ms


def counterfactuals(
    result: Result[Any],
    *,
    wish: WishLike = None,
    costs: Mapping[str, Number] | None = None,
    changeable: Iterable[str] | None = None,
    profile: bool = False,
    **effort: Unpack[Effort],
) -> Counterfactuals:
    """Return the smallest changes that would have led to another answer.

    Args:
        result: What was answered. It keeps its facts, so nothing has to be given again.
        wish: What the answer should say: an expression over ``data`` and ``rule``, as in
            ``data.allowed == true``, or a function of a result. By default of a denial that it be
            allowed, of anything else that another rule decides.
        costs: What it costs to change a value, by its path, or by one above it; 1 by default. The
            cheapest come first.
        changeable: The paths of the only values that may be changed. By default all but texts that
            could be any. Those that are marked, or whose schema says ``changeable: false``, never
            are.
        profile: Whether the values of the profile may be changed, too.
        effort: How much is done for it, as in ``limit=1, budget_ms=200``; see `Effort`.

    Returns:
        Alternatives, none of which can do with fewer of its changes; or why there is none.

    Raises:
        ExpressionError: The wish is no condition over ``data`` and ``rule``.
        ValueError: A path names nothing that may be changed, or a cost is negative.
    """
    if result.status in UNASKED:
        return Counterfactuals(
            wish="", verdict="unknown", reason=f"no rule was asked: {result.explanation}"
        )
    may = _Effort(**effort)
    watch = Watch(may.budget_ms, may.now_ms)
    asked = AskedAgain(result)
    wished = wish_of(wish, result, asked.decision)
    leaves = asked.leaves(of_profile=profile)
    if changeable is None:
        leaves = tuple(leaf for leaf in leaves if not leaf.is_any_text)
    else:
        named = _named(tuple(changeable), leaves)
        leaves = tuple(leaf for leaf in leaves if leaf.path in named)
    helping = Helping(asked, wished, watch, _prices(costs or {}, leaves))
    may_prove = may.prove and not profile
    return _Looking(helping, leaves, limit=max(1, may.limit), prove=may_prove).answer()


class _Looking:
    """Looks for changes: of one value, of two, then of any number; last, for a proof of none."""

    def __init__(
        self, helping: Helping, leaves: tuple[Leaf, ...], *, limit: int, prove: bool
    ) -> None:
        self._helping = helping
        self._leaves = leaves
        self._limit = limit
        self._prove = prove

    def answer(self) -> Counterfactuals:
        helping = self._helping
        try:
            if not helping.is_repeatable():
                return self._none("unknown", "the facts cannot be given again as they were kept")
            helping.look_at_each(self._leaves)
            helping.look_at_pairs(self._leaves)
            if not helping.found:
                return self._rest()
        except OverError:
            if not helping.found:
                return self._none("unknown", "time")
        return self._found()

    def _rest(self) -> Counterfactuals:
        """Return what more than two changes do, or that nothing does."""
        helping, reason = self._helping, "there is no prover for it"
        if self._may_prove():
            verdict, why = self._proof()
            if verdict == "proven":
                return self._none("proven", why)
            if helping.found:
                return self._found()
            reason = why or reason
        helping.look_at_all(self._leaves)
        if helping.found:
            return self._found()
        if reason == "time":
            return self._none("unknown", reason)
        return self._none("not found", reason)

    def _may_prove(self) -> bool:
        is_expression = isinstance(self._helping.asked.decision, ExpressionDecision)
        has_tree = self._helping.wish.tree is not None
        return self._prove and is_expression and has_tree and has_prover()

    def _proof(self) -> tuple[str, str | None]:
        helping = self._helping
        with helping.watch.apart():
            from criterion.analysis.proving.helpless import helpless  # noqa: PLC0415 -- imports z3
            from criterion.analysis.smt.memory import own_memory  # noqa: PLC0415 -- same

        with own_memory():
            said = helpless(helping.asked, helping.wish, self._leaves, helping.watch, helping.holds)
        if said.changes:
            helping.take(said.changes, self._leaves)
        return said.verdict, said.reason

    def _found(self) -> Counterfactuals:
        helping = self._helping
        return Counterfactuals(
            wish=helping.wish.text,
            verdict="found",
            alternatives=tuple(helping.cheapest(self._limit)),
            changeable=self._names,
            tries=helping.asked.tries,
        )

    def _none(self, verdict: Any, reason: str | None) -> Counterfactuals:  # noqa: ANN401 -- a verdict
        tries = self._helping.asked.tries
        text = self._helping.wish.text
        return Counterfactuals(
            wish=text, verdict=verdict, reason=reason, changeable=self._names, tries=tries
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(_short(leaf.name) for leaf in self._leaves)


def _named(names: tuple[str, ...], leaves: tuple[Leaf, ...]) -> set[tuple[str | int, ...]]:
    """Return the paths that names stand for, with or without ``input`` before them."""
    return {leaf.path for name in names for leaf in _below(name, leaves)}


def _below(name: str, leaves: tuple[Leaf, ...]) -> list[Leaf]:
    found = [leaf for leaf in leaves if _is_below(leaf.name, name)]
    if not found:
        known = [_short(leaf.name) for leaf in leaves]
        hint = did_you_mean(name, known)
        hint = hint or f"there is {listing(map(code, known), 'and')}" if known else "nothing may be"
        message = f"{code(name)} is nothing that may be changed; {hint}"
        raise ValueError(message)
    return found


def _is_below(path: str, name: str) -> bool:
    names = (name, f"input.{name}")
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in names)


def _short(name: str) -> str:
    return name.removeprefix("input.")


def _prices(
    costs: Mapping[str, Number], leaves: tuple[Leaf, ...]
) -> dict[tuple[str | int, ...], Decimal]:
    prices: dict[tuple[str | int, ...], Decimal] = {}
    for name in sorted(costs, key=len):  # the longer path says it more exactly
        cost = Decimal(costs[name])
        if not cost.is_finite() or cost < 0:
            message = f"the cost of {code(name)} is not a number from 0 on"
            raise ValueError(message)
        prices |= {leaf.path: cost for leaf in _below(name, leaves)}
    return prices
