"""Choosing: under which profile one request is decided, as its decision's choice says."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from criterion.catalogue import Catalogue
from criterion.errors import DefinitionError
from criterion.errors import Problem as Mistake
from criterion.http.hooks import Asked
from criterion.http.log import log_failure
from criterion.http.problem import Problem, Refusal, problem
from criterion.http.profile_choice import IN_BODY, ProfileChoice, ProfileChoiceLike, Resolver
from criterion.profiles import ProfileValues, fit
from criterion.programs import program_of
from criterion.snapshot import ProfileSnapshot
from criterion.text import code, listing


class Chosen(NamedTuple):
    """The profile of one request.

    Attributes:
        profile: A name, values, or ``None`` where the decision needs none.
        is_in_body: Whether the caller sends it in the body.
    """

    profile: str | ProfileValues | None = None
    is_in_body: bool = False


NOTHING_CHOSEN: Final = Chosen()

Choices: TypeAlias = Mapping[str, ProfileChoice]


def choices_of(catalogue: Catalogue, given: Mapping[str, ProfileChoiceLike]) -> Choices:
    """Return the choice of every decision; the only profile on offer needs no mention.

    Raises:
        DefinitionError: A decision or a profile is not there, or several profiles are on offer and
            nothing says who gets which; lists everything that is wrong.
    """
    ids = dict.fromkeys(decision.id for decision in catalogue.decisions)
    choices = {id: ProfileChoice.of(choice) for id, choice in given.items()}
    problems = [Mistake(id, "there is no such decision") for id in choices if id not in ids]
    for id in ids:
        offered = _offered(catalogue, id)
        choice = choices.setdefault(id, ProfileChoice(names=offered[:1]))
        problems += [*_unoffered(id, choice, offered), *_unfit(catalogue, id, choice)]
        if id not in given:
            problems += _undecided(catalogue, id, offered)
    if problems:
        raise DefinitionError("profile choices", problems)
    return choices


def all_on_offer(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return every profile that is registered for each decision, as what callers may pick from.

    For trying things out: where profiles belong to tenants, one would get at another's.
    """
    ids = dict.fromkeys(decision.id for decision in catalogue.decisions)
    return {id: names for id in ids if (names := _offered(catalogue, id))}


def _offered(catalogue: Catalogue, id: str) -> tuple[str, ...]:
    if not catalogue.decision(id).profile.model_fields:
        return ()
    return tuple(dict.fromkeys(offer.name for offer in catalogue.profiles.offers(id)))


def _undecided(catalogue: Catalogue, id: str, offered: tuple[str, ...]) -> Iterator[Mistake]:
    """Yield that nothing says under which profile a decision is asked."""
    if len(offered) > 1:
        names = listing(map(code, offered), "and")
        hint = "name one, several that callers may pick from, or a function that chooses"
        yield Mistake(id, f"runs under {names}, and nothing says which", hint)
    if not offered and catalogue.decision(id).profile.model_fields:
        yield Mistake(id, "needs a profile, and none is registered for it")


def _unoffered(id: str, choice: ProfileChoice, offered: tuple[str, ...]) -> Iterator[Mistake]:
    for name in choice.names:
        if name not in offered:
            hint = f"there is {listing(map(code, offered), 'and')}" if offered else None
            yield Mistake(id, f"no profile {code(name)} is registered for it", hint)


def _unfit(catalogue: Catalogue, id: str, choice: ProfileChoice) -> Iterator[Mistake]:
    """Yield what keeps a choice's values from fitting the serving version of the decision."""
    if choice.values is None:
        return
    fitted = fit(program_of(catalogue.decision(id)), choice.values)
    if not isinstance(fitted, ProfileSnapshot):
        for error in fitted:
            yield Mistake(f"{id}: {error.path}" if error.path else id, error.message)


def choose(choice: ProfileChoice, asked: Asked, picked: str | None) -> Chosen | Problem:
    """Return under which profile a request is decided, or why it is refused."""
    if picked is not None:
        return _picked(choice, picked)
    if choice.resolver is not None:
        return _resolved(choice.resolver, asked)
    if choice.values is not None:
        return Chosen(choice.values)
    if choice.takes_own and not choice.names:
        return problem("profile_required", "send one: `?profile=@body`, and both in the body")
    return Chosen(choice.names[0]) if choice.names else NOTHING_CHOSEN


def _picked(choice: ProfileChoice, picked: str) -> Chosen | Problem:
    if picked == IN_BODY:
        if choice.takes_own:
            return Chosen(is_in_body=True)
        return problem("profile_not_accepted", "callers cannot send a profile of their own here")
    if picked in choice.names:
        return Chosen(picked)
    return problem("unknown_profile", f"there is no profile {code(picked)} to choose here")


def _resolved(resolver: Resolver, asked: Asked) -> Chosen | Problem:
    try:
        found = resolver(asked.request, asked.decision)
    except Exception as error:  # noqa: BLE001 -- whatever an operator's function may raise
        log_failure("profile resolver", asked.request_id, error)
        return problem("unavailable", "the profile for this request cannot be had now")
    return found.problem() if isinstance(found, Refusal) else Chosen(found)
