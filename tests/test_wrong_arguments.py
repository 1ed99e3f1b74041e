"""Wrong arguments: what is of another kind than a call asks for is a `TypeError` that says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from criterion import Catalogue, Decision, Engine, ProfileRegistry, load_decision
from criterion.errors import DefinitionError
from criterion.recorder import MemoryRecorder
from criterion.testing import case_outcomes, profiles
from tests.parcels import TARIFF, parcel_surcharge

WRONG: Final[tuple[Any, ...]] = (3, 1.5, True, b"x", object(), [], ())
CALLS: Final[dict[str, tuple[Callable[[Any], object], str]]] = {
    "load_decision": (load_decision, "a path or YAML text"),
    "Catalogue.load": (Catalogue.load, "a path"),
    "Catalogue.decision": (Catalogue([parcel_surcharge]).decision, "the id of a decision"),
    "its version": (
        lambda version: Catalogue([parcel_surcharge]).decision("parcel-surcharge", version),
        "a version",
    ),
    "Engine(profiles)": (lambda given: Engine(profiles=given), "a registry of profiles"),
    "Engine(recorder)": (lambda given: Engine(recorder=given), "a recorder"),
    "Engine(clock)": (lambda given: Engine(clock=given), "a clock"),
    "Engine.run": (lambda given: Engine().run(given, {}), "a decision"),
    "Engine.explain": (Engine().explain, "a result"),
    "case_outcomes": (case_outcomes, "a catalogue"),
    "profiles": (profiles, "a decision"),
}


@pytest.mark.parametrize(("call", "wanted"), CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("given", WRONG, ids=lambda given: type(given).__name__)
def test_it_is_named_with_what_is_wanted(
    call: Callable[[Any], object], wanted: str, given: object
) -> None:
    with pytest.raises(TypeError) as raised:
        call(given)

    assert str(raised.value) == f"`{type(given).__name__}` is not {wanted}"


@pytest.mark.parametrize("facts", [{"weight_g": 1}, "text", b"x", None, 3])
def test_one_set_of_facts_is_not_many(facts: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match="is not a list of facts"):
        Engine().run_many(parcel_surcharge, facts, TARIFF)


def test_metadata_is_a_mapping_before_anything_is_recorded() -> None:
    recorder = MemoryRecorder()
    engine = Engine(recorder=recorder)
    wrong: Any = "who asked"

    with pytest.raises(TypeError, match="`str` is not a mapping of metadata"):
        engine.run(parcel_surcharge, {}, TARIFF, metadata=wrong)
    assert recorder.records == []


@pytest.mark.parametrize("decisions", [3, b"parcel-surcharge"])
def test_a_profile_is_for_a_list_of_decisions(decisions: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match="a list of ids"):
        ProfileRegistry().register("tariff", {}, version="1.0.0", decisions=decisions)


@pytest.mark.parametrize("name", ["title", "owner"])
def test_words_about_a_decision_are_text(name: str) -> None:
    parts = {
        part: getattr(parcel_surcharge, part) for part in ("input", "profile", "output", "rules")
    }
    wrong: Any = {name: 3}

    with pytest.raises(DefinitionError, match=f"{name}: `3` is not a text"):
        Decision(id="a", version="1.0.0", **parts, **wrong)


def test_a_path_that_does_not_exist_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"does not exist|no folder"):
        Catalogue.load(tmp_path / "nowhere")
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_decision(tmp_path / "nowhere.yaml")
