"""Shapes: schemas that are known before there is a class for them.

To make a pydantic class takes longer than the rest of loading a decision from a file, and what
checks and runs expressions works by the core schema alone. So a document's schemas are shapes;
their classes are made when somebody asks for one, once.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple, Self

from pydantic import BaseModel

from criterion.nodes import Node


class Shape:
    """A schema: its core schema now, its class when somebody asks for it.

    Attributes:
        node: The core schema. Where the class is made later, the node of a model has no ``cls``.
        is_described: Whether a document describes it, so that it is nothing but fields.
    """

    __slots__ = ("_lock", "_make", "_model", "is_described", "node")

    def __init__(self, node: Node, make: Callable[[], type[BaseModel]]) -> None:
        """Describe a schema whose class is not made yet."""
        self.node = node
        self.is_described = True
        self._make: Callable[[], type[BaseModel]] | None = make
        self._model: type[BaseModel] | None = None
        self._lock = Lock()

    @classmethod
    def of(cls, model: type[BaseModel]) -> Self:
        """Return the shape of a class that is there already."""
        node: Any = model.__pydantic_core_schema__
        shape = cls(node, lambda: model)
        shape.is_described = False
        return shape

    @property
    def model(self) -> type[BaseModel]:
        """The class; the same one whoever asks."""
        if self._model is None:
            with self._lock:
                if self._make is not None:
                    self._model, self._make = self._make(), None
        model: Any = self._model
        return model  # type: ignore[no-any-return] # a class by now


class Shapes(NamedTuple):
    """The three of a decision."""

    input: Shape
    profile: Shape
    output: Shape
