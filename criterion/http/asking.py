"""Asking: one evaluation with everything around it: hooks, profile, facts, recorder."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from criterion.engine import Engine
from criterion.http.choosing import Choices, Chosen, choose
from criterion.http.hooks import Asked, Hook
from criterion.http.log import log_failure
from criterion.http.message import audit_headers
from criterion.http.pointer import field_errors
from criterion.http.problem import Problem, Refusal, problem
from criterion.profiles import ProfileValues
from criterion.recorder import Record, Recorder
from criterion.result import Result, Status
from criterion.validation import ErrorDetail


class Sent(NamedTuple):
    """What an evaluation is about.

    Attributes:
        facts: The input.
        profile: The caller's own profile, or ``None``.
        base: Where in the body the input stands.
        refused: What does not fit, where that is known more exactly than the engine can say it.
    """

    facts: Any
    profile: ProfileValues | None = None
    base: tuple[str, ...] = ()
    refused: tuple[ErrorDetail, ...] = ()


class NotRecordedError(Exception):
    """A recorder raised, so that the result must not reach anybody."""

    def __init__(self, raised: Exception) -> None:
        """Keep what it raised."""
        self.raised = raised


class Dependable:
    """A recorder whose failures can be told from ours."""

    def __init__(self, recorder: Recorder) -> None:
        """Wrap a recorder."""
        self._recorder = recorder

    def record(self, record: Record) -> None:
        """Keep one evaluation.

        Raises:
            NotRecordedError: The recorder raised.
        """
        try:
            self._recorder.record(record)
        except Exception as error:
            raise NotRecordedError(error) from error


class Asker:
    """Asks decisions on behalf of requests.

    Args:
        engine: With a recorder that is `Dependable`, or none.
        choices: Under which profile each decision is asked.
        hooks: Run before and after.
    """

    def __init__(self, engine: Engine, choices: Choices, hooks: Sequence[Hook]) -> None:
        """Put together what all requests share."""
        self._run = engine.run
        self._choices = choices
        self._hooks = tuple(hooks)

    def ask(
        self, asked: Asked, picked: str | None, read: Callable[[Chosen], Sent | Problem]
    ) -> Result[Any] | Problem:
        """Return the result, or why there is none.

        Args:
            asked: Which decision, for which request.
            picked: What the caller names as a profile.
            read: Makes facts of the request, when it is known that they are wanted.
        """
        ready = _before(self._hooks, asked) if self._hooks else asked
        if isinstance(ready, Problem):
            return ready
        choice = self._choices[ready.decision.id]
        chosen = choose(choice, ready, picked)
        if isinstance(chosen, Problem):
            return chosen
        sent = read(chosen)
        return sent if isinstance(sent, Problem) else self._evaluate(ready, chosen, sent)

    def _evaluate(self, asked: Asked, chosen: Chosen, sent: Sent) -> Result[Any] | Problem:
        profile = sent.profile if chosen.is_in_body else chosen.profile
        try:
            result = self._run(asked.decision, sent.facts, profile, metadata=asked.metadata)
        except NotRecordedError as error:
            log_failure("recorder", asked.request_id, error.raised)
            return problem("unavailable", "the evaluation could not be recorded")
        for hook in self._hooks:
            _after(hook, asked, result)
        refuse = _REFUSALS.get(result.status)
        if refuse is None:
            return result
        refused = refuse(result, chosen, sent)
        return refused._replace(headers=(*refused.headers, *audit_headers(result)))


def _before(hooks: Sequence[Hook], asked: Asked) -> Asked | Problem:
    for hook in hooks:
        try:
            added = hook.before(asked)
            if not isinstance(added, Refusal):
                metadata = {**asked.metadata, **(added or {})}
                asked = asked._replace(metadata=metadata)
        except Exception as error:  # noqa: BLE001 -- whatever an operator's hook may raise
            log_failure("hook before an evaluation", asked.request_id, error)
            return problem("internal_error", "nothing was decided")
        if isinstance(added, Refusal):
            return added.problem()
    return asked


def _after(hook: Hook, asked: Asked, result: Result[Any]) -> None:
    try:
        hook.after(asked, result)
    except Exception as error:  # noqa: BLE001 -- whatever an operator's hook may raise
        log_failure("hook after an evaluation", asked.request_id, error)


def _input_refused(result: Result[Any], _: Chosen, sent: Sent) -> Problem:
    errors = field_errors(sent.refused or result.errors, sent.facts, sent.base)
    return problem("invalid_input", "the input does not fit the schema of the decision", errors)


def _profile_refused(result: Result[Any], chosen: Chosen, sent: Sent) -> Problem:
    if not chosen.is_in_body:
        return _ours_refused(result)
    errors = field_errors(result.errors, sent.profile, ("profile",))
    return problem("invalid_profile", "the profile does not fit the schema of the decision", errors)


def _ours_refused(result: Result[Any]) -> Problem:
    if any(error.code in _NOT_THERE for error in result.errors):  # what a resolver made up
        return problem("unknown_profile", "there is no profile for this request")
    return problem("profile_unfit", "no input can be decided under it")


def _rule_failed(*_: object) -> Problem:
    return problem("rule_error", "the request is well formed; its author has to mend the rule")


def _output_refused(*_: object) -> Problem:
    return problem("invalid_output", "the request is well formed; its author has to mend the rule")


_NOT_THERE: Final = frozenset({"profile_unknown", "profile_not_offered"})
_Refuse: TypeAlias = Callable[[Result[Any], Chosen, Sent], Problem]
_REFUSALS: Final[dict[Status, _Refuse]] = {
    Status.INVALID_INPUT: _input_refused,
    Status.INVALID_PROFILE: _profile_refused,
    Status.RULE_ERROR: _rule_failed,
    Status.INVALID_OUTPUT: _output_refused,
}
