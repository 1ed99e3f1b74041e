"""Metering: may a customer use something, and use it."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar, Unpack, cast

from criterion.errors import StoreError
from criterion.policy.amounts import Amount
from criterion.policy.arguments import (
    OPTIONAL_NAME,
    Kind,
    checked,
    frozen_data,
    named,
    require,
)
from criterion.policy.beginning import weigh
from criterion.policy.ceilings import ceiling_of
from criterion.policy.command import Command, Verb
from criterion.policy.deciding import answer, decided, decided_together
from criterion.policy.instants import Instant, ms_of, optional_ms
from criterion.policy.records import made
from criterion.policy.runtime.base import PolicyBase
from criterion.policy.runtime.options import AskOptions, CallOptions, Caps, Given
from criterion.policy.state import CapTerms
from criterion.policy.store import Heads
from criterion.policy.unit_table import PLAIN
from criterion.policy.units import Misfit, read_amount
from criterion.policy.verdict import Answered, Verdict
from criterion.policy.verdicts import Verdicts
from criterion.text import code

Wanted = TypeVar("Wanted")


class Metering(PolicyBase):
    """The calls that meter; every answer is a `Verdict`, also for unknown names."""

    def allow(
        self,
        customer: str,
        entitlement: str,
        amount: Given = 0,
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Verdict:
        """Use an amount, if the customer may.

        Args:
            customer: Who asks: an id, or an alternate one.
            entitlement: What for.
            amount: How much, in the credit's unit; text converts, less than zero gives back.
            at: The time of deciding; now by default. One before the last seen counts as that.
            key: The same call under the same key is counted once, and gets the same answer.
            options: What else there is to say of it.

        Raises:
            TypeError: An argument is of the wrong kind. Whatever is unknown, malformed or too much
                is a verdict that refuses.
        """
        return self._decide(self._asked(customer, entitlement, amount, options), at, key)

    def check(
        self,
        customer: str,
        entitlement: str,
        amount: Given = 0,
        *,
        at: Instant | None = None,
        **options: Unpack[AskOptions],
    ) -> Verdict:
        """Tell what `allow` would answer; nothing is used."""
        return self._ask(self._asked(customer, entitlement, amount, options), at)

    def increment(
        self,
        customer: str,
        entitlement: str,
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Verdict:
        """Use one increment of the limit; for the rest see `allow`."""
        command = self._command(customer, entitlement, verb="increment", **options)
        return self._decide(command, at, key)

    def decrement(
        self,
        customer: str,
        entitlement: str,
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Verdict:
        """Give one increment of the limit back; for the rest see `allow`."""
        command = self._command(customer, entitlement, verb="decrement", **options)
        return self._decide(command, at, key)

    def check_increment(
        self,
        customer: str,
        entitlement: str,
        *,
        at: Instant | None = None,
        **options: Unpack[AskOptions],
    ) -> Verdict:
        """Tell what `increment` would answer."""
        return self._ask(self._command(customer, entitlement, verb="increment", **options), at)

    def check_decrement(
        self,
        customer: str,
        entitlement: str,
        *,
        at: Instant | None = None,
        **options: Unpack[AskOptions],
    ) -> Verdict:
        """Tell what `decrement` would answer."""
        return self._ask(self._command(customer, entitlement, verb="decrement", **options), at)

    def set_value(
        self,
        customer: str,
        entitlement: str,
        value: Given,
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Verdict:
        """Use or give back what makes the meter stand at a value; for the rest see `allow`."""
        command = self._command(customer, entitlement, value, verb="set", **options)
        return self._decide(command, at, key)

    def allow_all(
        self,
        customer: str,
        uses: Iterable[tuple[str, Given]],
        *,
        at: Instant | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Verdicts:
        """Use several entitlements together: all, or none of them.

        Args:
            customer: Who asks.
            uses: Pairs of entitlement and amount; each is decided as if those before it had
                passed.
            at: As for `allow`.
            key: As for `allow`.
            options: The others of `allow`, for each of them.

        Returns:
            One verdict for each, together true when all may pass.
        """
        commands = [
            self._command(customer, name, amount, **options) for name, amount in pairs_of(uses)
        ]
        return self._decide_together(commands, at, key)

    def check_all(
        self,
        customer: str,
        uses: Iterable[tuple[str, Given]],
        *,
        at: Instant | None = None,
        **options: Unpack[AskOptions],
    ) -> Verdicts:
        """Tell what `allow_all` would answer."""
        commands = [
            self._command(customer, name, amount, **options) for name, amount in pairs_of(uses)
        ]
        if not commands:
            raise TypeError(_NOTHING_ASKED)
        named(customer, *(each.entitlement for each in commands))
        now, active = self._now(at), self._active

        def asked(heads: Heads) -> tuple[Answered, ...]:
            answers: tuple[Answered, ...] = decided_together(active, heads, commands, now).answer
            return answers

        try:
            answers = self._store.look(customer, asked)
        except StoreError as error:
            return Verdicts(self._without_store(error, each, now) for each in commands)
        return self._verdicts(answers, 0)

    def _decide(self, command: Command, at: Instant | None, key: str | None) -> Verdict:
        if type(command.customer) is not str or type(command.entitlement) is not str:
            named(command.customer, command.entitlement)
        if key is not None:
            require("key", key, OPTIONAL_NAME)
        active = self._active
        now = self._now_ms() if at is None else ms_of(at)
        try:
            commit = self._store.transact(
                command.customer, lambda heads: decided(active, heads, command, now, key)
            )
        except StoreError as error:
            return self._without_store(error, command, now)
        if commit.seq and self._delivery.handlers:
            self._delivery.drain()
        verdict = Verdict(commit.answer, commit.seq)
        return verdict if self._recorder is None else self._recorded(verdict, self._recorder)

    def _decide_together(
        self, commands: list[Command], at: Instant | None, key: str | None
    ) -> Verdicts:
        if not commands:
            raise TypeError(_NOTHING_ASKED)
        named(commands[0].customer, *(each.entitlement for each in commands))
        require("key", key, OPTIONAL_NAME)
        active, now = self._active, self._now(at)
        try:
            commit = self._commit(
                commands[0].customer,
                lambda heads: decided_together(active, heads, commands, now, key),
            )
        except StoreError as error:
            return Verdicts(self._without_store(error, each, now) for each in commands)
        return self._verdicts(commit.answer, commit.seq)

    def _ask(self, command: Command, at: Instant | None) -> Verdict:
        if type(command.customer) is not str or type(command.entitlement) is not str:
            named(command.customer, command.entitlement)
        active = self._active
        now = self._now_ms() if at is None else ms_of(at)
        try:
            answered = self._store.look(
                command.customer,
                lambda heads: answer(active, weigh(active.book, heads, command, now)[0]),
            )
        except StoreError as error:
            return self._without_store(error, command, now)
        verdict = Verdict(answered)
        return verdict if self._recorder is None else self._recorded(verdict, self._recorder)

    def _asked(
        self, customer: str, entitlement: str, amount: object, options: CallOptions | AskOptions
    ) -> Command:
        if options:
            return self._command(customer, entitlement, amount, **cast("CallOptions", options))
        return made(Command, (customer, entitlement, amount, *_NOTHING_ELSE))

    def _command(
        self,
        customer: str,
        entitlement: str,
        amount: object = 0,
        verb: Verb = "allow",
        **options: Unpack[CallOptions],
    ) -> Command:
        checked(options, CallOptions.__optional_keys__, "a call")
        return Command(
            customer,
            entitlement,
            amount,
            verb,
            frozen_data("context", options.get("context")),
            runes_of(options.get("overhead")),
            self._caps(options.get("caps")),
            options.get("force", False),
            optional_ms(options.get("occurred_at")),
            options.get("events", True),
        )

    def _caps(self, caps: Caps | None) -> tuple[CapTerms, ...]:
        if caps is None:
            return ()
        if not isinstance(caps, Mapping):
            require("caps", caps, CAPS)
            return tuple(caps)
        return tuple(self._cap(credit, value) for credit, value in caps.items())

    def _cap(self, credit: str, value: Given) -> CapTerms:
        book = self._active.book
        ceiling = ceiling_of(value, credit, book)
        if credit not in book.credits and credit not in book.exchange.routes:
            raise TypeError(f"{code(str(credit))} of `caps` is no credit of the policy")
        if ceiling is None:
            raise TypeError(f"{code(str(value))} is no ceiling in {code(credit)}")
        return CapTerms(id=f"tmp-{credit}", credit=credit, value=ceiling)


USES: Final = Kind(
    "pairs of an entitlement and an amount", lambda given: isinstance(given, Iterable)
)
USE: Final = Kind(
    "pairs of an entitlement and an amount",
    lambda given: isinstance(given, tuple | list) and len(given) == 2,  # noqa: PLR2004 -- a pair
)
CAPS: Final = Kind(
    "a mapping of ceilings by credit, or a list of caps",
    lambda given: (
        isinstance(given, list | tuple) and all(isinstance(each, CapTerms) for each in given)
    ),
)

_NOTHING_ELSE: Final = tuple(Command("", ""))[3:]

_NOTHING_ASKED = "several entitlements together are at least one"


def pairs_of(uses: Iterable[tuple[str, Wanted]]) -> list[tuple[str, Wanted]]:
    """Return the pairs of entitlement and amount that are asked for together.

    Raises:
        TypeError: They are no such pairs.
    """
    require("uses", uses, USES)
    pairs = list(uses)
    for pair in pairs:
        require("uses", pair, USE)
    return pairs


def runes_of(given: Given | None) -> Amount | None:
    """Return an amount of runes; ``None`` for none.

    Raises:
        TypeError: It is no finite number.
    """
    if given is None:
        return None
    found = read_amount(given, PLAIN)
    if isinstance(found, Misfit):
        raise TypeError(f"runes are a number: {found.message}")
    return found
