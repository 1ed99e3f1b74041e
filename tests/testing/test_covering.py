"""Covering: rules that decided, arms that were seen, and what must not hide a gap."""

from typing import Any, Final

import pytest

from criterion import Catalogue, Decision, Engine, NoProfile, Result, Rule, Schema
from criterion.case_runs import run_catalogue
from criterion.conditions import conditions_of
from criterion.documents.decision_loading import load_decision
from criterion.errors import DefinitionError
from criterion.expression.interpret import Interpretation
from criterion.expression.tree import Expression
from criterion.expression_reading import ExpressionReading
from criterion.result import Status, parts_of_result
from criterion.testing import Coverage, Unreachable, coverage, facts
from criterion.testing.arms import watch
from criterion.testing.generating import generated
from tests.soak import sized

PARCEL: Final = load_decision("""\
decision: parcel-fee
version: 1.0.0
input:
  weight_g: {type: integer}
  is_fragile: {type: boolean, default: false}
  items: {type: array, items: {type: integer}, default: []}
profile:
  heavy_from_g: {type: integer}
output:
  fee: {type: number}
let:
  is_heavy: input.weight_g >= profile.heavy_from_g
  per_item: 100 / len(input.items)
rules:
  - {id: heavy-and-fragile, when: is_heavy and input.is_fragile, emit: {fee: 9}}
  - {id: large, when: any(item > 3 for item in input.items), emit: {fee: =per_item}}
  - {id: divided, when: input.weight_g < 0 and per_item > 1, emit: {fee: 1}}
  - {id: free, when: input.weight_g == 0, emit: {fee: 0}}
""")
PROFILE: Final = {"heavy_from_g": 10}


def covered(*asked: dict[str, Any]) -> Coverage:
    return coverage(PARCEL, Engine().run_many(PARCEL, asked, PROFILE))


def seen(cover: Coverage) -> set[str]:
    return {f"{arm.condition} {arm.truth}" for arm in cover.seen}


def test_without_results_nothing_is_reached() -> None:
    cover = covered()

    assert (cover.reached, cover.seen) == ((), ())
    assert cover.unreached == ("heavy-and-fragile", "large", "divided", "free")
    assert len(cover.unseen) == len(cover.arms) == 16
    assert not cover.is_full


def test_a_part_that_an_and_stopped_before_is_not_seen() -> None:
    assert seen(covered({"weight_g": 1})) == {
        "input.weight_g >= profile.heavy_from_g False",
        "is_heavy False",
        "any(item > 3 for item in input.items) False",
        "input.weight_g < 0 False",
        "input.weight_g == 0 False",
    }


def test_a_loop_shows_what_its_condition_came_to_in_every_round() -> None:
    cover = covered({"weight_g": 1, "items": [1, 5]})

    assert {"item > 3 True", "item > 3 False"} <= seen(cover)
    assert cover.rules[1] == ("large", 1)


def test_rules_behind_the_one_that_decided_are_not_seen() -> None:
    assert seen(covered({"weight_g": 10, "is_fragile": True})) == {
        "input.weight_g >= profile.heavy_from_g True",
        "is_heavy True",
        "input.is_fragile True",
    }


def test_a_rule_that_fails_is_not_reached_but_shows_what_it_worked_out() -> None:
    cover = covered({"weight_g": -1})

    assert cover.reached == ()
    assert "input.weight_g < 0 True" in seen(cover)
    assert not any("per_item" in text for text in seen(cover))


def test_invalid_facts_and_an_unfit_profile_show_nothing() -> None:
    results = [Engine().run(PARCEL, {}, PROFILE), Engine().run(PARCEL, {"weight_g": 1}, {})]

    assert coverage(PARCEL, results).seen == ()


def test_a_rule_in_python_is_seen_both_ways() -> None:
    class Facts(Schema):
        n: int

    class Answer(Schema):
        ok: bool

    def emit(facts: Facts, _: NoProfile) -> dict[str, bool]:
        return {"ok": 1 / facts.n > 0}

    decision = Decision(
        id="two",
        version="1.0.0",
        input=Facts,
        profile=NoProfile,
        output=Answer,
        rules=(
            Rule(id="small", when=lambda facts, _: facts.n < 3, emit=emit),
            Rule(id="large", when=lambda facts, _: facts.n > 7, emit=emit),
            Rule(id="rest", when="otherwise", emit=emit),
        ),
    )

    def arms(*numbers: int) -> list[str]:
        results = Engine().run_many(decision, [{"n": number} for number in numbers])
        return [str(arm) for arm in coverage(decision, results).seen]

    assert arms(0) == ["`when` is true, in rules.small"]
    assert arms(9) == ["`when` is false, in rules.small", "`when` is true, in rules.large"]
    assert arms(5) == ["`when` is false, in rules.small", "`when` is false, in rules.large"]


def test_two_rules_with_one_id_cannot_hide_one_another() -> None:
    text = PARCEL.text().replace("id: large", "id: free")

    with pytest.raises(DefinitionError, match="has the id `free` already"):
        load_decision(text)


def test_a_declared_arm_is_not_missing_until_it_is_seen() -> None:
    arm = Unreachable("input.is_fragile", "rules.heavy-and-fragile.when", True, "never sent")  # noqa: FBT003
    light, fragile = {"weight_g": 1}, {"weight_g": 10, "is_fragile": True}

    def of(*asked: dict[str, Any]) -> Coverage:
        results = Engine().run_many(PARCEL, asked, PROFILE)
        return coverage(PARCEL, results, unreachable=[arm])

    assert [each.because for each in of(light).arms].count("never sent") == 1
    assert "input.is_fragile" in {each.condition for each in of(light).unseen if not each.truth}
    assert "input.is_fragile" not in {each.condition for each in of(light).unseen if each.truth}
    assert [str(each) for each in of(fragile).contradicted] == [
        "`input.is_fragile` is true, in rules.heavy-and-fragile.when"
    ]


def test_an_arm_that_is_not_there_cannot_be_declared() -> None:
    arm = Unreachable("input.fragile", "rules.heavy-and-fragile.when", False, "never")  # noqa: FBT003

    with pytest.raises(DefinitionError) as error:
        coverage(PARCEL, [], unreachable=[arm])

    assert str(error.value) == (
        "unreachable arms of `parcel-fee` cannot be used:\n"
        "  rules.heavy-and-fragile.when: there is no condition `input.fragile` in "
        "`rules.heavy-and-fragile.when` (did you mean `input.is_fragile`?)"
    )


def test_a_result_of_another_decision_is_refused() -> None:
    other = load_decision(PARCEL.text().replace("1.0.0", "1.0.1"))
    result = Engine().run(other, {"weight_g": 1}, PROFILE)

    with pytest.raises(ValueError, match=r"`parcel-fee` 1\.0\.1 says nothing about"):
        coverage(PARCEL, [result])


def test_the_text_names_every_gap() -> None:
    cover = covered(
        {"weight_g": 10, "is_fragile": True},
        {"weight_g": 10},
        {"weight_g": 0, "items": [1]},
        {"weight_g": 1, "items": [4]},
        {"weight_g": 1},
    )

    assert str(cover) == (
        "parcel-fee 1.0.0: 3 of 4 rules reached, 13 of 16 arms seen\n"
        "  never decided: `divided`\n"
        "  never seen: `input.weight_g < 0` is true, in rules.divided.when\n"
        "  never seen: `per_item > 1` is true, in rules.divided.when\n"
        "  never seen: `per_item > 1` is false, in rules.divided.when"
    )


def test_leaving_alone_what_was_seen_changes_nothing() -> None:
    catalogue = Catalogue.load()

    for run in run_catalogue(catalogue, catalogue.decisions):
        results = [outcome.result for outcome in run.outcomes]
        together = watch(run.decision, conditions_of(run.decision))
        for result in results:
            together.see(*parts_of_result(result))
        assert together.unseen == set.intersection(*map(unseen_by, results))


FOLDED: Final = load_decision("""\
decision: folded
version: 1.0.0
input:
  sizes: {type: array, maxItems: 4, items: {type: integer, minimum: 0, maximum: 4}}
  loose: {type: integer, minimum: 0, maximum: 2, default: null}
  parts: {type: array, maxItems: 3, items: {type: object, properties: {of: {type: integer}}}}
  flag: {type: boolean}
profile: {least: {type: integer}}
output: {ok: {type: boolean}, n: {type: number}, t: {type: string, default: ""}}
let:
  is_open: input.flag or input.loose == 1
  large: "[size for size in input.sizes if size > profile.least and not is_open]"
  ratio: 10 / (len(large) - 1)
rules:
  - id: nested
    when: any(all(size >= part.of for size in input.sizes) == input.flag for part in input.parts)
    emit: {ok: "=is_open != input.flag", n: "=ratio if is_open or len(large) > 1 else 0"}
  - id: loose
    when: input.loose != null and (input.loose == 2 or not input.flag)
    emit:
      ok: =is_open
      n: =count(size == 3 for size in input.sizes)
      t: ='a' if ratio > 1 else 'b'
  - id: summed
    when: sum(1 if size > 2 else 0 for size in input.sizes) > 1 and ratio < 5
    emit: {ok: true, n: =ratio}
""")
SOURCES: Final = [*Catalogue.load().decisions, FOLDED]


@pytest.mark.parametrize("decision", [d for d in SOURCES if hasattr(d, "body")], ids=repr)
def test_what_is_told_is_what_an_interpretation_comes_to(decision: Any) -> None:  # noqa: ANN401
    catalogue = Catalogue.load()
    offers = catalogue.profiles.offers(decision.id)
    profile: Any = offers[0].name if offers else {"least": 1}
    drawn = generated(facts(decision, profile, profiles=catalogue.profiles), sized(300, 15), 1)
    conditions = conditions_of(decision)
    numbers = {id(node): n for n, each in enumerate(conditions) for node in each.nodes}

    for result in Engine(profiles=catalogue.profiles).run_many(decision, drawn, profile):
        told = {(n, way) for n in range(len(conditions)) for way in (True, False)}
        told -= unseen_by(result)
        seen = interpreted(result)
        assert told == {(numbers[node], way) for node, way in seen if node in numbers}


def unseen_by(result: Result[Any]) -> set[Any]:
    reading, outcome = parts_of_result(result)
    decision: Any = reading.decision
    watched = watch(decision, conditions_of(decision))
    watched.see(reading, outcome)
    return watched.unseen


def interpreted(result: Result[Any]) -> set[tuple[int, bool]]:
    """Return the nodes that an interpretation of the rules came past, with what they came to."""
    reading, outcome = parts_of_result(result)
    decision: Any = reading.decision
    seen: set[tuple[int, bool]] = set()

    class Seeing(Interpretation):
        def value(self, node: Expression) -> Any:  # noqa: ANN401
            value = super().value(node)
            if isinstance(value, bool):
                seen.add((id(node), value))
            return value

    if outcome.status in {Status.INVALID_INPUT, Status.INVALID_PROFILE}:
        return seen
    assert isinstance(reading, ExpressionReading)
    seeing = Seeing(reading.scope(outcome), decision.lets)
    for clause in decision.body.clauses:
        if clause.when is None or seeing.attempt(clause.when).value is True:
            for _, node in clause.emit:
                seeing.attempt(node)
            break
        if seeing.attempt(clause.when).failure is not None:
            break
    return seen
