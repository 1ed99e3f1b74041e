"""Ready decisions that stand in Python and in YAML: both forms answer alike."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from criterion.case_runs import run_catalogue
from criterion.catalogue import AnyDecision, Catalogue
from criterion.clock import FixedClock
from criterion.engine import Engine
from tests.parcels import NOON

ROOT: Final = Path(__file__).parents[2]
CATALOGUE: Final = Catalogue.load(ROOT)
ENGINE: Final = Engine(profiles=CATALOGUE.profiles, clock=FixedClock(NOON))
FORMS: Final = [
    (decision, CATALOGUE.decision(decision.id, f"{decision.version}-yaml"))
    for decision in (CATALOGUE.decision("usage-limit"), CATALOGUE.decision("api-rate-limit"))
]
PLANS: Final = ["free", "starter", "pro", "enterprise"]
RESOURCES: Final = ["projects", "team_members", "api_calls", "storage_gb", "alerts"]

plans = st.sampled_from([*PLANS, "gold"])
quantities = st.one_of(
    st.integers(0, 200), st.decimals(0, 200, places=2), st.just("unlimited"), st.integers(0, 2**62)
)
prices = st.fixed_dictionaries(
    {
        "warn_at": st.decimals("0.01", 1, places=2),
        "limits": st.dictionaries(
            st.sampled_from(PLANS), st.dictionaries(st.sampled_from(RESOURCES), quantities)
        ),
        "next_plan": st.dictionaries(st.sampled_from(PLANS), st.sampled_from(PLANS)),
    }
)
usages = st.fixed_dictionaries(
    {
        "resource": st.sampled_from([*RESOURCES, "seats"]),
        "plan": plans,
        "current_usage": st.one_of(st.integers(-1, 300), st.just(3.0), st.just("3")),
    },
    optional={"requested_amount": st.integers(-1, 50), "extra": st.none()},
)
requests = st.integers(-1, 2**62)
rates = st.fixed_dictionaries(
    {"requests_per_minute": requests, "requests_per_day": requests, "burst_limit": requests}
)
all_rates = st.fixed_dictionaries(
    {"plans": st.dictionaries(st.sampled_from(PLANS), rates), "default": rates}
)
callers = st.fixed_dictionaries({}, optional={"plan": plans, "extra": st.none()})


def answer(decision: AnyDecision, facts: Any, profile: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return all of an answer but which version gave it."""
    members = ENGINE.run(decision, facts, profile).to_dict()
    del members["decision"]
    return members


def require_equal(id: str, facts: Any, profile: Any) -> None:  # noqa: ANN401
    in_python, in_yaml = next(pair for pair in FORMS if pair[0].id == id)
    assert answer(in_yaml, facts, profile) == answer(in_python, facts, profile)


@given(usages, prices | st.just("pricing"))
@example(
    {"resource": "alerts", "plan": "free", "current_usage": 3},
    {"warn_at": 1, "limits": {"free": {"alerts": Decimal("2.50")}}, "next_plan": {}},
)
def test_both_forms_of_usage_limit_answer_alike(facts: Any, profile: Any) -> None:  # noqa: ANN401
    require_equal("usage-limit", facts, profile)


@given(callers, all_rates | st.sampled_from(["rate-limits", "trial-rates"]))
def test_both_forms_of_api_rate_limit_answer_alike(facts: Any, profile: Any) -> None:  # noqa: ANN401
    require_equal("api-rate-limit", facts, profile)


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms[0].id)
def test_both_forms_have_the_same_schemas_and_rules(forms: tuple[AnyDecision, AnyDecision]) -> None:
    in_python, in_yaml = forms

    assert [shape(in_yaml, name) for name in SCHEMAS] == [
        shape(in_python, name) for name in SCHEMAS
    ]
    assert [rule.id for rule in in_yaml.rules] == [rule.id for rule in in_python.rules]
    assert (in_yaml.title, in_yaml.owner) == (in_python.title, in_python.owner)


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms[0].id)
def test_the_python_form_serves_and_the_other_passes_the_same_cases(
    forms: tuple[AnyDecision, AnyDecision],
) -> None:
    in_python, in_yaml = forms

    (run,) = run_catalogue(CATALOGUE, decisions=[in_yaml])

    assert CATALOGUE.decision(in_yaml.id) is in_python
    assert run.decision is in_yaml
    assert [outcome.differences for outcome in run.outcomes] == [()] * len(run.outcomes)


SCHEMAS: Final = ("input", "profile", "output")


def shape(decision: AnyDecision, name: str) -> Any:  # noqa: ANN401
    """Return which fields a schema has, which of them are required, and their defaults."""
    made = getattr(decision, name).model_json_schema()
    return {
        field: (field in made.get("required", ()), part.get("default"))
        for field, part in made["properties"].items()
    }
