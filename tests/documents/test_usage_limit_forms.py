"""Tests that usage-limit says the same in YAML and in Python."""

from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from criterion.clock import FixedClock
from criterion.documents.decision_loading import load_decision
from criterion.documents.profile_file import read_profile
from criterion.engine import Engine
from criterion.profiles import ProfileRegistry
from criterion.python_file import decisions_in
from tests.parcels import NOON

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
PLANS: Final = ["free", "starter", "pro", "enterprise"]
RESOURCES: Final = ["projects", "team_members", "api_calls", "storage_gb", "alerts"]

in_yaml = load_decision(HERE / "usage_limit.yaml")
(in_python,) = decisions_in(ROOT / "decisions" / "usage_limit.py")

quantities = st.one_of(
    st.integers(0, 200), st.decimals(0, 200, places=2), st.just("unlimited"), st.integers(0, 2**62)
)
profiles = st.fixed_dictionaries(
    {
        "warn_at": st.decimals("0.01", 1, places=2),
        "limits": st.dictionaries(
            st.sampled_from(PLANS), st.dictionaries(st.sampled_from(RESOURCES), quantities)
        ),
        "next_plan": st.dictionaries(st.sampled_from(PLANS), st.sampled_from(PLANS)),
    }
)
facts = st.fixed_dictionaries(
    {
        "resource": st.sampled_from([*RESOURCES, "seats"]),
        "plan": st.sampled_from(PLANS),
        "current_usage": st.one_of(st.integers(-1, 300), st.just(3.0), st.just("3")),
    },
    optional={"requested_amount": st.integers(-1, 50), "extra": st.none()},
)


def engine() -> Engine:
    pricing = read_profile((ROOT / "profiles" / "pricing.yaml").read_bytes())
    registry = ProfileRegistry()
    registry.register("pricing", pricing.values, version="1.0.0")
    return Engine(profiles=registry, clock=FixedClock(NOON))


def answer(decision: Any, facts: Any, profile: Any) -> dict[str, Any]:  # noqa: ANN401
    result = engine().run(decision, facts, profile)
    members = result.to_dict()
    del members["decision"]
    return members


@given(facts, profiles)
def test_both_forms_of_usage_limit_answer_alike(facts: Any, profile: Any) -> None:  # noqa: ANN401
    assert answer(in_yaml, facts, profile) == answer(in_python, facts, profile)


@given(facts)
def test_both_forms_of_usage_limit_answer_alike_under_the_shipped_prices(facts: Any) -> None:  # noqa: ANN401
    assert answer(in_yaml, facts, "pricing") == answer(in_python, facts, "pricing")


def test_both_forms_have_the_same_schemas_and_rules() -> None:
    def shape(schema: Any) -> Any:  # noqa: ANN401
        made = schema.model_json_schema()
        return {
            name: (name in made.get("required", ()), part.get("default"))
            for name, part in made["properties"].items()
        }

    for name in ("input", "profile", "output"):
        assert shape(getattr(in_yaml, name)) == shape(getattr(in_python, name))
    assert [rule.id for rule in in_yaml.rules] == [rule.id for rule in in_python.rules]
    assert (in_yaml.id, in_yaml.version) == (in_python.id, in_python.version)
    assert (in_yaml.title, in_yaml.owner) == (in_python.title, in_python.owner)
