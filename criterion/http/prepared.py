"""Prepared answers: the ordinary question, answered by one function that was made for it.

This is the hot path of HTTP, unrolled by hand: a ``POST`` to a decision without hooks, recorder
or resolver, which a rule answers. Whatever else a request may be, nothing is said here, and the
service answers it step by step, as it would have answered this one.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import quote

from criterion.catalogue import AnyDecision, Catalogue
from criterion.engine import Engine
from criterion.http.asking import Sent
from criterion.http.body import read_body
from criterion.http.choosing import Choices
from criterion.http.facts import FactsReader
from criterion.http.log import LOGGER, log_answer, result_members
from criterion.http.message import Request
from criterion.http.profile_choice import ProfileChoice
from criterion.http.request_id import request_id_of
from criterion.profiles import ProfileRegistry, ProfileValues
from criterion.result import Status

PREPARED_MAX: Final = 4_096
"""For how many addresses answers are prepared."""

Address: TypeAlias = tuple[str, str]
"""A path and a query, as they stand in a `Request`."""

Said: TypeAlias = tuple[str, bytes]
"""The request id and the body of an answer with status 200."""

Prepared: TypeAlias = Callable[[bytes, str | None], Said | None]
"""Answers a body and the caller's request id, or returns ``None``: the service answers then.

Whoever calls it has seen that the method is ``POST`` and the media type `MEDIA_TYPE`.
"""


class _Way(NamedTuple):
    """One way to be asked: a decision under a profile, as a query means it."""

    decision: AnyDecision
    profile: str | ProfileValues | None
    query: str


def prepared_answers(
    catalogue: Catalogue,
    engine: Engine,
    choices: Choices,
    readers: Mapping[AnyDecision, FactsReader],
    bytes_max: int,
) -> Mapping[Address, Prepared]:
    """Return answers for the plainest way to write each address.

    Args:
        catalogue: The decisions.
        engine: Without a recorder.
        choices: Under which profile each decision is asked.
        readers: What makes facts of JSON.
        bytes_max: How long a body may be.
    """
    serving = frozenset(catalogue.serving)
    ways = (
        way
        for decision in catalogue.decisions
        for way in _ways(decision, choices[decision.id], is_serving=decision in serving)
    )
    return {
        (f"/{way.decision.id}", way.query): _prepared(
            _bound(engine, catalogue.profiles, way), readers[way.decision], way, bytes_max
        )
        for way in islice(ways, PREPARED_MAX)
    }


def _ways(decision: AnyDecision, choice: ProfileChoice, *, is_serving: bool) -> Iterator[_Way]:
    """Yield the queries that mean a decision, each with the profile that it means."""
    if choice.resolver is not None or (choice.takes_own and not choice.names):
        return
    first = next(iter(choice.names), None) if choice.values is None else choice.values
    yield _Way(decision, first, f"version={quote(decision.version, safe='')}")
    if is_serving:
        yield _Way(decision, first, "")
        for name in choice.names:
            yield _Way(decision, name, f"profile={quote(name, safe='')}")


def _bound(engine: Engine, profiles: ProfileRegistry, way: _Way) -> Callable[[], Any]:
    """Return what gives the decision under its profile, bound anew after each registration."""
    generation, bound = -1, None

    def current() -> Any:  # noqa: ANN401 -- a decision of any kind
        nonlocal generation, bound
        if generation != profiles.generation:
            seen = profiles.generation  # read first: a later registration then shows
            bound = engine.bind(way.decision, way.profile)
            generation = seen
        return bound

    return current


def _prepared(current: Callable[[], Any], read: FactsReader, way: _Way, bytes_max: int) -> Prepared:
    ok, is_logged, has_decimals = Status.OK, LOGGER.isEnabledFor, read is not Sent
    line = Request("POST", f"/{way.decision.id}")  # as the log has it

    def answer(body: bytes, given_id: str | None) -> Said | None:
        if len(body) > bytes_max:
            return None
        try:
            facts = read_body(body)
            if type(facts) is not dict:
                return None
            if has_decimals:
                facts = read(facts).facts
            result = current()(facts)
            if result.status is not ok:
                return None
            request_id, said = request_id_of(given_id), result.to_json().encode("ascii")
        except Exception:  # noqa: BLE001 -- the service says what is wrong
            return None
        if is_logged(logging.INFO):
            log_answer(line, request_id, 200, partial(result_members, result))
        return request_id, said

    return answer
