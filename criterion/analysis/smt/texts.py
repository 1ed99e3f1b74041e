"""Texts: each one that a decision knows is a number; any other number is some other text.

So equality and membership cost nothing. What functions say of a text is a function of its number,
whose value is told for every text that is known.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import z3

from criterion.analysis.smt.logic import Claim, disj

TEXTS_MAX: Final = 5_000
"""How many texts one translation may know."""


class _Function(NamedTuple):
    symbol: Any
    call: Callable[[str], bool | int | str]
    is_random: bool


class Texts:
    """The texts of one translation."""

    def __init__(self) -> None:
        """Start without any."""
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._functions: dict[str, _Function] = {}
        self._places: list[tuple[Any, Callable[[str], bool]]] = []
        self._yielded: set[tuple[object, int]] = set()

    def number(self, text: str) -> int:
        """Return the number of a text; it is known from now on."""
        found = self._numbers.get(text)
        if found is None:
            self._texts.append(text)
            found = self._numbers[text] = len(self._texts)  # 0 is some other text
        return found

    def text(self, number: int) -> str | None:
        """Return the text of a number, ``None`` where it is some other."""
        return self._texts[number - 1] if 0 < number <= len(self._texts) else None

    def place(self, term: Any, takes: Callable[[str], bool]) -> None:  # noqa: ANN401
        """Note that a term is one of the texts that a schema takes."""
        self._places.append((term, takes))

    def asked(
        self,
        name: str,
        sort: Any,  # noqa: ANN401 -- a sort of z3
        call: Callable[[str], bool | int | str],
        *,
        is_random: bool = False,
    ) -> Any:  # noqa: ANN401 -- a function of z3
        """Return what stands for a function of one text.

        Args:
            name: Its name; the same one means the same function.
            sort: What it returns.
            call: The function.
            is_random: Whether no text can be found for a value that it should return.
        """
        if name not in self._functions:
            symbol = z3.Function(name, z3.IntSort(), sort)
            self._functions[name] = _Function(symbol, call, is_random)
        return self._functions[name].symbol

    def axioms(self) -> Iterator[Claim]:
        """Yield what is certain about the texts that are known by now, each only once."""
        for number, text in self._told():
            for name, (symbol, call, _) in self._functions.items():
                if self._is_new(name, number):
                    value = call(text)
                    said = self.number(value) if isinstance(value, str) else value
                    yield symbol(number) == said
        for place, (term, takes) in enumerate(self._places):
            for number, text in enumerate(self._texts, 1):
                if self._is_new(place, number) and not takes(text):
                    yield term != number

    def _is_new(self, about: object, number: int) -> bool:
        key = about, number
        is_new = key not in self._yielded
        self._yielded.add(key)
        return is_new

    def _told(self) -> Iterator[tuple[int, str]]:
        """Yield the texts, and those that functions make of them, each once."""
        number = 0
        while number < len(self._texts) and number < TEXTS_MAX:
            text = self._texts[number]
            for _, call, _ in self._functions.values():
                made = call(text)
                if isinstance(made, str):
                    self.number(made)
            number += 1
            yield number, text

    def among(self, term: Any, texts: Iterator[str] | tuple[str, ...]) -> Claim:  # noqa: ANN401
        """Return whether a term is one of some texts."""
        return disj(*(term == self.number(text) for text in texts))

    def agrees(self, model: Any, number: int, text: str) -> bool:  # noqa: ANN401
        """Whether a text is what a model says of the text of a number."""
        if text in self._numbers:
            return False
        for symbol, call, is_random in self._functions.values():
            value = call(text)
            if isinstance(value, str) or is_random:
                continue
            said = model.eval(symbol(number), model_completion=True)
            if not z3.is_true(z3.simplify(said == value)):
                return False
        return True

    @property
    def has_random(self) -> bool:
        """Whether there is a function for whose values no text can be found."""
        return any(function.is_random for function in self._functions.values())

    @property
    def known(self) -> tuple[str, ...]:
        """Every text that is known, in order of its number."""
        return tuple(self._texts)
