"""``criterion test --watch``: the cases again, whenever a file changes, as far as it concerns."""

from collections.abc import Callable, Collection, Mapping, Sequence
from time import sleep
from typing import Any, Final

from criterion.case_runs import read_catalogue
from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.problems import FAILED, OK
from criterion.cli.screen import clear, note
from criterion.cli.session import Session
from criterion.errors import CriterionError
from criterion.stamps import Stamp, stamp_of

INTERVAL_S: Final = 0.3
"""How long until the files are looked at again."""

Tested = Callable[[Catalogue, Sequence[AnyDecision]], Collection[AnyDecision]]
"""Tests decisions, prints how it went, and returns those that fail."""


def watch(
    session: Session,
    asked: Callable[[Catalogue], Sequence[AnyDecision]],
    test: Tested,
    *,
    wait: Callable[[], None] = lambda: sleep(INTERVAL_S),
) -> int:
    """Test decisions, and again those that a change of files concerns, until Ctrl-C.

    Args:
        session: Where the catalogue is.
        asked: Which decisions of it are tested.
        test: Tests some of them.
        wait: Returns when it is time to look at the files again.

    Returns:
        The exit code: whether everything passed when it was last tested.
    """
    watching = _Watching(session, asked, test)
    try:
        watching.test()
        note("watching; Ctrl-C ends it")
        while True:
            wait()
            watching.look()
    except KeyboardInterrupt:
        note("")
        return OK if watching.passed else FAILED


class _Watching:
    """What was tested last, and how it looked."""

    def __init__(
        self, session: Session, asked: Callable[[Catalogue], Sequence[AnyDecision]], test: Tested
    ) -> None:
        self._session, self._asked, self._test = session, asked, test
        self._seen = self._tested = stamp_of(session.folders())
        self._marks: Mapping[str, object] = {}
        self._failing: set[str] = set()
        self.passed = False

    def look(self) -> None:
        """Test again when files have changed and are quiet: two looks find the same."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
        elif stamp != self._tested:
            self._tested = stamp
            self.test()

    def test(self) -> None:
        """Test what has changed since it was tested last, and what failed then."""
        try:
            catalogue = self._session.catalogue()
            asked = self._asked(catalogue)
            marks = {_name(each): _mark(catalogue, each) for each in asked}
            concerned = [each for each in asked if self._concerns(_name(each), marks)]
            if concerned:
                clear()
                failing = self._test(catalogue, concerned)
                self._failing = {_name(each) for each in failing}
            self._marks, self.passed = marks, not self._failing
        except CriterionError as error:
            clear()
            note(str(error))
            self.passed = False

    def _concerns(self, name: str, marks: Mapping[str, object]) -> bool:
        return name in self._failing or self._marks.get(name) != marks[name]

    def _stamp(self) -> Stamp:
        try:
            return stamp_of(self._session.folders())
        except CriterionError:  # a folder has gone
            return frozenset()


def _name(decision: AnyDecision) -> str:
    return f"{decision.id}@{decision.version}"


def _mark(catalogue: Catalogue, decision: AnyDecision) -> tuple[Any, ...]:
    """Return what changes when anything does that the cases of a decision turn on."""
    file = catalogue.file_of(decision)
    source = None if file is None else file.read_bytes()
    cases, _ = read_catalogue(catalogue)
    own = tuple(each for each in cases.values() if each.decision == decision.id)
    return decision.digest, source, catalogue.profiles.offers(decision.id), own
