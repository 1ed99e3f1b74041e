"""Tests of shapes: a schema is there before its class, and its class is made once."""

from threading import Event, Thread

from pydantic import BaseModel

from criterion import Engine, load_decision
from criterion.schema import NoProfile, Schema
from criterion.shape import Shape

TEXT = """
decision: parcel-surcharge
version: 1.0.0
input:
  weight_g: {type: integer, minimum: 0}
  bands: {type: array, items: {type: string}, default: []}
output:
  band: {type: string}
rules:
  - id: heavy
    when: input.weight_g > 10000
    emit: {band: heavy}
    explain: "{input.weight_g} g is heavy"
  - id: light
    when: otherwise
    emit: {band: light}
"""


def test_a_decision_runs_without_its_classes() -> None:
    decision = load_decision(TEXT)

    result = Engine().run(decision, {"weight_g": 20_000})

    assert result.matched_rule == "heavy"
    assert not {"input", "output"} & vars(decision).keys()


def test_a_class_is_made_when_it_is_read() -> None:
    decision = load_decision(TEXT)

    model = decision.input

    assert issubclass(model, Schema)
    assert model is decision.input is decision.shapes.input.model
    assert list(model.model_fields) == ["weight_g", "bands"]


def test_an_instance_of_the_input_is_taken_as_facts() -> None:
    decision = load_decision(TEXT)

    result = Engine().run(decision, decision.input(weight_g=20_000))

    assert result.unwrap() == decision.output(band="heavy")


def test_a_class_that_is_there_is_its_own() -> None:
    assert Shape.of(NoProfile).model is NoProfile
    assert not Shape.of(NoProfile).is_described


def test_two_threads_get_the_same_class() -> None:
    made: list[type[BaseModel]] = []
    second_asks = Event()

    def make() -> type[BaseModel]:
        made.append(type("Made", (Schema,), {}))
        second_asks.wait(timeout=0.1)  # set only where a second thread is making the class, too
        if len(made) > 1:
            second_asks.set()
        return made[-1]

    shape = Shape({"type": "any"}, make)
    threads = [Thread(target=lambda: shape.model) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [shape.model]
