"""The policy that a command is about, the store that it works on, and the moment that counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from criterion.cli.moments import moment
from criterion.cli.problems import UsageError
from criterion.cli.session import Answers
from criterion.clock import Clock, FixedClock, SystemClock
from criterion.errors import DefinitionError
from criterion.text import code

if TYPE_CHECKING:
    from criterion.policy import Policy
    from criterion.policy.store import Store
    from criterion.policy.terms import Terms

POLICY_NAME: Final = "policy.yaml"
"""The file of the policy where no other is named."""

YEARS: Final = range(1970, 9000)
"""The years that a command may be about; calendars of policies do not reach much further."""

_MEMORY: Final = "memory:"
_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPolicy(Answers):
    """How a command that needs a policy was called.

    Attributes:
        policy: Its file; ``None`` for the one in this folder.
        at: As of when; ``None`` for now.
    """

    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            envvar="CRITERION_POLICY",
            metavar="FILE",
            help="File of the policy.",
            show_default=POLICY_NAME,
        ),
    ] = None
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="INSTANT",
            help="As of when: 2026-01-31T12:00:00Z, yesterday, 36h (ago), +30d.",
            show_default="now",
        ),
    ] = None

    def clock(self) -> Clock:
        """Return what tells the time of this command."""
        return clock_at(self.at)

    def terms(self) -> "Terms":
        """Read what the policy says.

        Raises:
            DefinitionError: It has mistakes.
            UsageError: There is no file.
        """
        from criterion.policy.document.loading import load_policy
        from criterion.policy.instants import ms_of

        return load_policy(policy_file(self.policy), at=ms_of(self.clock().now())).terms


@dataclass(frozen=True, slots=True, kw_only=True)
class OfStore:
    """Where customers are kept.

    Attributes:
        store: A file, or the address of a store.
    """

    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            envvar="CRITERION_STORE_URL",
            metavar="STORE",
            help="Where customers stand: limits.db, or sqlite:///limits.db.",
            show_default=False,
        ),
    ] = None

    @contextmanager
    def opened(self, *, makes: bool = False) -> Iterator["Store"]:
        """Open the store, and close it behind the command.

        Args:
            makes: Whether a file is made where there is none.

        Raises:
            UsageError: There is none, or its name is no address.
            StoreError: It cannot be opened.
        """
        from criterion.policy.stores.opening import open_store

        address = _address(self.store, makes=makes)
        try:
            store = open_store(address)
        except DefinitionError as error:
            [found] = error.problems
            raise UsageError(f"{found.place} {found.message}", hint=found.hint) from None
        try:
            yield store
        finally:
            close: Callable[[], object] = getattr(store, "close", lambda: None)
            close()


@contextmanager
def standing(of: OfPolicy, where: OfStore) -> Iterator["Policy"]:
    """Yield the policy over its store, for looking: nothing is changed."""
    from criterion.policy import Policy

    terms = of.terms()
    with where.opened() as store:
        yield Policy(terms, store, clock=of.clock())


@contextmanager
def at_work(of: OfPolicy, where: OfStore, *, makes: bool = False) -> Iterator["Policy"]:
    """Yield the policy over its store as an application has it, with the document's customers."""
    from criterion.policy import Policy

    of.terms()  # mistakes of the document come before those of the store
    with where.opened(makes=makes) as store:
        yield Policy.load(policy_file(of.policy), store, clock=of.clock())


def policy_file(given: Path | None) -> Path:
    """Return the file of the policy: the given one, else the one in this folder.

    Raises:
        UsageError: It is not there.
    """
    file = Path(POLICY_NAME) if given is None else given
    if _is_file(file):
        return file
    if given is None:
        hint = "name one: `--policy FILE`, or the variable CRITERION_POLICY"
        raise UsageError(f"here is no {code(POLICY_NAME)}", hint=hint)
    raise UsageError(f"there is no file {code(str(file))}")


def clock_at(text: str | None) -> Clock:
    """Return a clock that stands at an instant, or goes with the machine's for ``None``."""
    return SystemClock() if text is None else FixedClock(instant_from(text, SystemClock().now()))


def instant_from(text: str, now: datetime) -> datetime:
    """Return the instant that a text names; ``+30d`` is that much later than now.

    Raises:
        UsageError: It names none.
    """
    from criterion.policy.units import Misfit, read_duration

    if not text.startswith("+"):
        found = moment(text, FixedClock(now))
    else:
        span = read_duration(text[1:].strip())
        if isinstance(span, Misfit) or span < 0:
            raise UsageError(f"{code(text)} is no span of time", hint="write `+30d` or `+90min`")
        try:
            found = now + timedelta(milliseconds=span)
        except OverflowError:
            raise UsageError(f"{code(text)} is too far away") from None
    if found.year not in YEARS:
        raise UsageError(f"{code(text)} is too far away", hint="years go from 1970 to 8999")
    return found


def _address(given: str | None, *, makes: bool) -> str:
    """Return the address of a store that is there, or may be made."""
    if not given:
        hint = "write `--store limits.db`, or set the variable CRITERION_STORE_URL"
        raise UsageError("this needs the store that customers are kept in", hint=hint)
    if given.startswith(_MEMORY):
        hint = "write `--store limits.db`, or try it: `criterion policy try`"
        raise UsageError("a store in memory is gone when the command ends", hint=hint)
    address = given if ":/" in given else f"{_SQLITE}{given}"
    path = address.removeprefix(_SQLITE).partition("?")[0]
    if address.startswith(_SQLITE) and not makes and not _is_file(Path(path)):
        hint = "name the file that your application keeps customers in"
        raise UsageError(f"there is no store {code(path)}", hint=hint)
    return address


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False
