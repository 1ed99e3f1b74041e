"""Generating: examples of a hypothesis strategy by a seed, outside of any test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import RLock
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.strategies import SearchStrategy

Value = TypeVar("Value")

_ONE_AT_A_TIME: Final = RLock()
_CONSTANTS: Final = "_maybe_draw_constant"


def generated(strategy: SearchStrategy[Value], count: int, number: int) -> list[Value]:
    """Return examples, the same for the same seed; fewer where there are no more."""
    examples: list[Value] = []

    @seed(number)
    @_settings(count, Phase.generate)
    @given(strategy)
    def take(example: Any) -> None:  # noqa: ANN401 -- of any strategy
        examples.append(example)

    with _of_the_seed_alone():
        take()
    return examples


def smallest(
    strategy: SearchStrategy[Value], is_wanted: Callable[[Value], bool], count: int, number: int
) -> Value | None:
    """Return the smallest example of its kind that is found, or ``None``."""
    try:
        with _of_the_seed_alone():
            return find(
                strategy,
                is_wanted,
                settings=_settings(count, Phase.generate, Phase.shrink),
                random=Random(number),  # noqa: S311 -- the same examples each time
            )
    except (NoSuchExample, Unsatisfiable):
        return None


@contextmanager
def _of_the_seed_alone() -> Iterator[None]:
    """Draw no constants: hypothesis gathers them from whatever modules a process has imported.

    There is no setting for it. A version that gathers them in another way draws as it likes.
    """
    with _ONE_AT_A_TIME:
        drawing = getattr(HypothesisProvider, _CONSTANTS, None)
        setattr(HypothesisProvider, _CONSTANTS, lambda *_, **__: None)
        try:
            yield
        finally:
            if drawing is None:
                delattr(HypothesisProvider, _CONSTANTS)
            else:
                setattr(HypothesisProvider, _CONSTANTS, drawing)


def _settings(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
