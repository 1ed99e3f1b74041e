"""The evaluator: simpleeval's dispatch over a node table of our own, and nothing else of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simpleeval import SimpleEval  # type: ignore[import-untyped] # it ships no types

from criterion.expression.failure import wrong_kind
from criterion.expression.values import PLAIN

Handler = Callable[[Any], Any]


class Evaluator(SimpleEval):  # type: ignore[misc] # simpleeval ships no types
    """Evaluates nodes of our tree, each by the handler of its class; one per evaluation.

    Its parent's constructor is left out: it would bring operators, functions and names of its own,
    and it changes the warnings filters of the whole process.
    """

    operators: Final[Mapping[Any, Any]] = {}
    functions: Final[Mapping[Any, Any]] = {}
    names: Final[Mapping[Any, Any]] = {}

    def __init__(self, nodes: Mapping[type, Handler]) -> None:
        self.nodes = nodes

    evaluate = SimpleEval._eval  # noqa: SLF001 -- made to be extended
    """Returns the value of a node; handlers call it for the parts of one."""

    def _check_disallowed_items(self, item: object) -> None:
        """Let plain data pass, and nothing else."""
        if type(item) not in PLAIN:
            raise wrong_kind(item, "plain data")
