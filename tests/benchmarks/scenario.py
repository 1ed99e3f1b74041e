"""The scenario: the usage-limit decision under the pricing profile, and facts of every kind."""

from pathlib import Path
from typing import Any, Final

import yaml

from criterion import Decision, Engine, ProfileRegistry, load_decision
from decisions.usage_limit import Allowance, Pricing, Usage, usage_limit
from tests.benchmarks.plain import plain

ROOT: Final = Path(__file__).parent.parent.parent
PROFILE: Final = ROOT / "profiles" / "pricing.yaml"
IN_YAML: Final = ROOT / "decisions" / "usage_limit.yaml"
BLOCKED_COUNT: Final = 10_000
BATCH_COUNT: Final = 10


class LongPricing(Pricing):
    """The same numbers, beside a long list that no rule reads."""

    blocked: list[str]


long_usage_limit: Final = Decision(
    id="long-usage-limit",
    version="1.0.0",
    input=Usage,
    profile=LongPricing,
    output=Allowance,
    rules=usage_limit.rules,
)


def names() -> dict[str, Any]:
    """Return what the measured statements refer to."""
    pricing = yaml.safe_load(PROFILE.read_text("utf-8"))["values"]
    blocked = [f"customer-{number}" for number in range(BLOCKED_COUNT)]
    profiles = ProfileRegistry()
    profiles.register("pricing", pricing, version="1.0.0")
    profiles.register("long-pricing", {**pricing, "blocked": blocked}, version="1.0.0")
    engine = Engine(profiles=profiles)
    return {
        "validate": Usage.__pydantic_validator__.validate_python,
        "decision": usage_limit,
        "bound": engine.bind(usage_limit, "pricing"),
        "bound_long": engine.bind(long_usage_limit, "long-pricing"),
        "bound_yaml": engine.bind(load_decision(IN_YAML), "pricing"),
        "run": engine.run,
        "run_many": engine.run_many,
        "explain": engine.explain,
        "plain": plain,
        "pricing": pricing,
        **facts(),
    }


def facts() -> dict[str, Any]:
    """Return facts for which the third and the last rule match, and facts that do not fit."""
    usage = {"resource": "projects", "requested_amount": 1, "plan": "free"}
    allowed = {**usage, "current_usage": 1}
    return {
        "allowed": allowed,
        "denied": {**usage, "current_usage": 3},
        "negative": {**usage, "current_usage": -1},
        "textual": {**usage, "current_usage": "1"},
        "incomplete": usage,
        "misspelt": {**usage, "curent_usage": 1},
        "batch": [allowed] * BATCH_COUNT,
    }
