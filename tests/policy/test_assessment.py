"""Assessments: one list of fields, held in two places."""

from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from criterion.policy.assess import assess
from criterion.policy.assessment import Assessment, CapFacts, Metering, facts_of
from criterion.policy.capping import CapUse
from criterion.policy.command import Command
from criterion.policy.deciding import answer
from criterion.policy.guarding import READS, values_of
from criterion.policy.units import Misfit
from criterion.policy.work import Metered, Work, assessment_of, passes
from tests.policy.scenes import limit, policy_of

POLICY: Final = policy_of(
    {
        "x": limit(10, mode="hard"),
        "flag": {},
        "s": limit(5, mode="soft"),
        "bare": limit(10, grants_apply=False),
    },
    topups={"pack": {"credit": "t", "value": 5}},
)
POLICY.grant("u", "t", 7)
POLICY.add_cap("u", 8, id="c", credit="t")


def weighed(name: str, amount: object, **members: object) -> Work:
    command = Command("u", name, amount)._replace(**members)  # type: ignore[arg-type] # its fields
    active = POLICY._active  # noqa: SLF001 -- what a call of the policy uses
    return POLICY.store.look("u", lambda heads: assess(active.book, heads, command, 0))  # type: ignore[no-any-return] # a work


def test_the_tuple_and_the_schema_have_the_same_fields_and_defaults() -> None:
    fields = Metering.model_fields

    assert tuple(fields) == Assessment._fields
    defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
    assert defaults == Assessment._field_defaults
    assert tuple(CapFacts.model_fields) == CapUse._fields


@given(amount=st.integers(-5, 30) | st.decimals(0, 20, places=3), force=st.booleans())
def test_an_assessment_is_valid_facts_and_reads_the_same(amount: object, force: bool) -> None:  # noqa: FBT001
    assessment = assessment_of(weighed("x", amount, force=force))

    facts = facts_of(assessment)

    for name in set(Assessment._fields) - {"caps"}:
        assert getattr(facts, name) == getattr(assessment, name)
    assert [cap.id for cap in facts.caps] == [use.id for use in assessment.caps]


@given(
    name=st.sampled_from(["x", "s", "bare"]),
    fitting=st.tuples(*[st.booleans()] * 4),
    misfit=st.sampled_from([None, Misfit("no amount")]),
    resets_at=st.sampled_from([None, 5]),
)
def test_deciding_at_once_is_the_same_as_asking_every_rule(
    name: str, fitting: tuple[bool, ...], misfit: Misfit | None, resets_at: int | None
) -> None:
    work = weighed(name, 1)
    assert isinstance(work, Metered)
    limit_fits, caps_fit, rate_fits, own_fits = fitting
    work = work._replace(
        limit_fits=limit_fits,
        caps_fit=caps_fit,
        rate_fits=rate_fits,
        misfit=misfit,
        change=work.change._replace(own_fits=own_fits),
        standing=work.standing._replace(resets_at=resets_at),
    )
    ruling = POLICY._active.ruling  # noqa: SLF001 -- what a call of the policy uses

    assert passes(work) == (ruling.asked(assessment_of(work)).code == "ok")
    assert ruling.rule(work) == ruling.asked(assessment_of(work))


def test_features_pass_at_once_as_asking_every_rule_does() -> None:
    active = POLICY._active  # noqa: SLF001 -- what a call of the policy uses
    for verb in ("allow", "set", "settle", "increment", "decrement", "reserve"):
        work = weighed("flag", 1, verb=verb)

        assert passes(work) == (active.ruling.asked(assessment_of(work)).code == "ok")
        assert answer(active, work).ruled.code == ("ok" if passes(work) else "not_metered")


@given(
    name=st.sampled_from(["x", "s"]),
    amount=st.integers(-5, 30) | st.decimals(0, 20, places=3),
    force=st.booleans(),
    overhead=st.none() | st.just(Decimal("0.5")),
)
def test_guards_read_the_same_from_a_call_as_from_its_facts(
    name: str,
    amount: object,
    force: bool,  # noqa: FBT001
    overhead: Decimal | None,
) -> None:
    work = weighed(name, amount, force=force, overhead=overhead, context={"a": 1})
    assert isinstance(work, Metered)

    facts = facts_of(assessment_of(work))

    assert {key: read(work) for key, read in READS.items()} == values_of(facts, work.credit)
