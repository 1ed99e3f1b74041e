"""The engine: runs decisions under profiles, tells the time, and records."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from criterion.clock import Clock, SystemClock, new_id
from criterion.decision import Decision
from criterion.evaluation import Evaluate, Program
from criterion.profiles import Fitted, ProfileRegistry, ProfileValues, fit
from criterion.programs import program_of
from criterion.recorder import Record, Recorder
from criterion.result import Result, Status, name_record
from criterion.rule import Input, Output
from criterion.snapshot import ProfileSnapshot
from criterion.text import code, not_a

BOUND_MAX: Final = 4_096
"""How many pairs of decision and profile name an engine remembers before it starts anew."""

Output_co = TypeVar("Output_co", bound=BaseModel, covariant=True)
Input_contra = TypeVar("Input_contra", bound=BaseModel, contravariant=True)
Facts: TypeAlias = Mapping[str, Any] | Input


class Bound(Protocol[Input_contra, Output_co]):
    """A decision bound to a profile: call it with facts. Made by `Engine.bind`."""

    def __call__(
        self,
        facts: Mapping[str, Any] | Input_contra,
        *,
        metadata: Mapping[str, object] | None = None,
    ) -> Result[Output_co]:
        """Evaluate facts; see `Engine.run`."""
        ...


class Engine:
    """Evaluates decisions. One engine serves any number of decisions and threads.

    Args:
        profiles: Where profiles are looked up by name.
        recorder: What keeps every evaluation; nothing is kept without one.
        clock: What tells the time of an evaluation; the machine's clock by default.

    Raises:
        TypeError: One of them is something else.
    """

    def __init__(
        self,
        *,
        profiles: ProfileRegistry | None = None,
        recorder: Recorder | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Put together what evaluations share."""
        if profiles is not None and not isinstance(profiles, ProfileRegistry):
            raise not_a(profiles, "a registry of profiles")
        if recorder is not None and not callable(getattr(recorder, "record", None)):
            raise not_a(recorder, "a recorder")
        if clock is not None and not callable(getattr(clock, "now", None)):
            raise not_a(clock, "a clock")
        self._profiles = ProfileRegistry() if profiles is None else profiles
        self._recorder = recorder
        self._now = (SystemClock() if clock is None else clock).now
        self._programs: dict[Decision[Any, Any, Any], Program] = {}
        self._bound: dict[tuple[object, str | None], tuple[int, Any]] = {}

    def run(
        self,
        decision: Decision[Input, Any, Output],
        facts: Facts[Input],
        profile: str | ProfileValues | None = None,
        *,
        metadata: Mapping[str, object] | None = None,
    ) -> Result[Output]:
        """Evaluate one set of facts: the first rule that matches decides.

        Args:
            decision: What is asked.
            facts: A mapping, or an instance of the decision's input schema.
            profile: A registered name, or ``name@version`` to pin one; an instance of the
                decision's profile schema; or a mapping, which is validated on every call. Nothing
                for a decision that needs none.
            metadata: What the recorder keeps beside the record, such as who asked.

        Returns:
            The answer. Invalid facts, an unfit profile, a raising rule and no match are statuses
            of it, never exceptions.

        Raises:
            TypeError: What was given is not a decision, or not a profile.
        """
        if type(profile) is not str and profile is not None:
            return self.bind(decision, profile)(facts, metadata=metadata)
        try:
            generation, bound = self._bound.get((decision, profile), _UNBOUND)
        except TypeError:  # what cannot be a key is no decision, which binding says
            generation, bound = _UNBOUND
        if generation != self._profiles.generation:
            bound = self._bind_name(decision, profile)
        result: Result[Output] = bound(facts, metadata=metadata)
        return result

    def run_many(
        self,
        decision: Decision[Input, Any, Output],
        facts: Iterable[Facts[Input]],
        profile: str | ProfileValues | None = None,
        *,
        metadata: Mapping[str, object] | None = None,
    ) -> Iterator[Result[Output]]:
        """Evaluate many sets of facts under one profile, one by one as the results are taken.

        Returns:
            One result for each, in order. The profile is looked up and validated once.

        Raises:
            TypeError: What was given is not a decision, not a profile, or not several facts.
        """
        given: object = facts
        if not isinstance(given, Iterable) or isinstance(given, _ONE):
            raise not_a(given, "a list of facts")
        bound = self.bind(decision, profile)
        return (bound(each, metadata=metadata) for each in facts)

    def bind(
        self, decision: Decision[Input, Any, Output], profile: str | ProfileValues | None = None
    ) -> Bound[Input, Output]:
        """Return a function of facts that does the same as `run`, for hot loops.

        The profile is looked up, validated and frozen here, once; a version that is registered
        later does not reach it.

        Raises:
            TypeError: What was given is not a decision, or not a profile.
        """
        program = self._program(decision)
        fitted = self._fitted(program, profile)
        evaluate = (
            program.under(fitted, self._now)
            if isinstance(fitted, ProfileSnapshot)
            else program.without(fitted, self._now)
        )
        return evaluate if self._recorder is None else _recorded(evaluate, self._recorder)

    def explain(self, result: Result[Any]) -> str:
        """Return the result as text for people: versions, status, reason and trace.

        Raises:
            TypeError: What was given is not a result.
        """
        if not isinstance(result, Result):
            raise not_a(result, "a result")
        return str(result)

    def _bind_name(self, decision: Decision[Any, Any, Any], name: str | None) -> Evaluate:
        generation = self._profiles.generation  # read first: a later registration then shows
        bound = self.bind(decision, name)
        if len(self._bound) >= BOUND_MAX:
            self._bound.clear()
        self._bound[decision, name] = generation, bound
        return bound

    def _program(self, decision: Decision[Any, Any, Any]) -> Program:
        if not isinstance(decision, Decision):
            raise not_a(decision, "a decision")
        program = self._programs.get(decision)
        if program is None:
            if len(self._programs) >= BOUND_MAX:
                self._programs.clear()
            program = self._programs[decision] = program_of(decision)
        return program

    def _fitted(self, program: Program, profile: object) -> Fitted:
        if isinstance(profile, str):
            return self._profiles.fitted(profile, program)
        if profile is None or isinstance(profile, Mapping | BaseModel):
            return fit(program, profile)
        given = code(type(profile).__name__)
        message = f"a profile is a name, a mapping or a schema instance, not {given}"
        raise TypeError(message)


def _recorded(evaluate: Evaluate, recorder: Recorder) -> Evaluate:
    def recorded(
        facts: Any,  # noqa: ANN401 -- facts of any decision
        *,
        metadata: Mapping[str, object] | None = None,
    ) -> Result[Any]:
        if metadata is not None and not isinstance(metadata, Mapping):
            raise not_a(metadata, "a mapping of metadata")
        result = evaluate(facts)
        name_record(result, new_id(result.evaluated_at))
        given = facts if result.status is Status.INVALID_INPUT else None
        recorder.record(Record(result, {} if metadata is None else dict(metadata), given))
        return result

    return recorded


_ONE: Final = (str, bytes, Mapping, BaseModel)
"""What can be gone through, and is one set of facts or none."""

_UNBOUND: Final[tuple[int, Any]] = (-1, None)
