"""Verdicts of calls that were decided together: true when all of them may pass."""

from collections.abc import Iterable
from typing import Self

from criterion.policy.verdict import Verdict


class Verdicts(tuple[Verdict, ...]):
    """One verdict for each call, in order; true when all may pass."""

    __slots__ = ()

    def __new__(cls, verdicts: Iterable[Verdict]) -> Self:
        """Keep the verdicts in their order."""
        return super().__new__(cls, verdicts)

    def __bool__(self) -> bool:
        """Whether all may pass."""
        return all(self)

    @property
    def allowed(self) -> bool:
        """Whether all may pass."""
        return all(self)

    @property
    def refused(self) -> Verdict | None:
        """The first that may not pass, or ``None``."""
        return next((verdict for verdict in self if not verdict), None)

    @property
    def code(self) -> str:
        """``ok``, or why the first that may not pass may not."""
        return "ok" if self.refused is None else self.refused.code

    @property
    def explanation(self) -> str:
        """Which is in the way of all, and why; else that all pass, and why each does."""
        for place, verdict in enumerate(self, 1):
            if not verdict:
                why = verdict.explanation
                return f"none of {len(self)} passes, because of number {place}: {why}"
        return f"all {len(self)} pass: {'; '.join(verdict.explanation for verdict in self)}"
