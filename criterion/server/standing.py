"""Standing: what is served now, and how it is put in the place of what was served before."""

from datetime import datetime
from typing import NamedTuple

from criterion.clock import Clock
from criterion.errors import CatalogueError, DefinitionError
from criterion.http import DecisionService
from criterion.http.asgi import AsgiApp, asgi_app
from criterion.server.json_log import LOGGER
from criterion.server.settings import ServerSettings, service_of
from criterion.stamps import Stamp, stamp_of


class Served(NamedTuple):
    """One catalogue as it is served.

    Attributes:
        app: What answers.
        decisions: How many there are.
        loaded_at: When the files were read.
    """

    app: AsgiApp
    decisions: int
    loaded_at: datetime


class Standing:
    """What is served now. Another catalogue takes its place in one step, whole or not at all.

    Args:
        settings: What is served.
        clock: Tells when files were read.

    Attributes:
        served: What answers. A request takes it once, and so sees one catalogue only.
        complaint: Why files that have changed since are not served; ``None`` where they are.

    Raises:
        DefinitionError: The files cannot be served; lists everything that is wrong.
    """

    def __init__(self, settings: ServerSettings, clock: Clock) -> None:
        """Load the files."""
        self._settings = settings
        self._clock = clock
        self._seen = self._tried = stamp_of(settings.folders())
        self.served = self._load()
        self.complaint: str | None = None

    def look(self) -> None:
        """Look at the files once, and serve them anew when they have changed and are quiet.

        They are quiet when two looks find the same, and still the same when all are read: so
        several files that are written one after the other are taken together.
        """
        try:
            stamp = stamp_of(self._settings.folders())
            if stamp != self._seen:
                self._seen = stamp
            elif stamp != self._tried:
                self._renew(stamp)
        except DefinitionError as error:  # a folder has gone
            self._seen = self._tried = frozenset()
            self._complain(error)

    def _renew(self, stamp: Stamp) -> None:
        try:
            loaded = self._load()
        except DefinitionError as error:
            self._tried = stamp
            self._complain(error)
            return
        if stamp_of(self._settings.folders()) == stamp:
            self._tried = stamp
            self.served, self.complaint = loaded, None
            LOGGER.info("files have changed: %d decisions are served anew", loaded.decisions)

    def _load(self) -> Served:
        at = self._clock.now()
        service = service_of(self._settings)
        _fix(service)
        return Served(asgi_app(service), len(service.catalogue.serving), at)

    def _complain(self, error: DefinitionError) -> None:
        complaint = f"files have changed and have {_counted(error)}; what stood before is served"
        if complaint != self.complaint:
            LOGGER.error("%s\n%s", complaint, error)
        self.complaint = complaint


def _fix(service: DecisionService) -> None:
    """Work out what is read from files only when asked for, while they are as they were loaded."""
    for decision in service.catalogue.decisions:
        _ = decision.digest
    _ = service.interface


def _counted(error: DefinitionError) -> str:
    errors = error.errors if isinstance(error, CatalogueError) else (error,)
    number = sum(len(each.problems) for each in errors)
    return "1 problem" if number == 1 else f"{number} problems"
