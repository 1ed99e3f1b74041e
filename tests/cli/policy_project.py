"""A project with a policy, for the tests of ``criterion policy``."""

from typing import Final

import pytest

from tests.cli.conftest import Project

AT: Final = "2026-03-01T09:00:00Z"

POLICY: Final = """version: "7"
customer_types: [user, org]
credits:
  seat: {label: Seats}
  storage: {label: Storage, units: MB, overhead_cost: 0.0001, price: {amount: 0.001}}
  token:
    label: Tokens
    overhead_cost: 0.00001
    pricing_model: tiered
    tiers:
      - {up_to: 1_000_000, price: {amount: 0.00003}}
      - {price: {amount: 0.00002}}

exchange:
  bonus: {value: 0.01, currency: usd}

plans:
  free:
    default: true
    label: Free
    entitlements:
      seats: {scope: org, limit: {credit: seat, value: 3, minimum: 0}}
      tokens: {limit: {credit: token, value: 1_000, resets: true, reset_sch: "monthly:1"}}
  pro:
    label: Professional
    entitlements:
      seats: {scope: org, limit: {credit: seat, value: 10, minimum: 0}}
      files: {limit: {credit: storage, value: 5GB, minimum: 0}}
      tokens:
        limit: {credit: token, mode: soft, value: 100_000, resets: true, reset_sch: "monthly:1"}
      requests:
        limit:
          credit: seat
          value: 500
          resets: true
          reset_inc: 1day
          governor_enabled: true
          governor_capacity: 5
          governor_refill_rate: 0.001
      pdf-export: {description: Export as PDF}
    topups:
      token-pack: {credit: token, value: 50_000, price: {amount: 5}}

guards:
  - {id: not-so-many, when: input.requested > 1_000_000_000}
"""


@pytest.fixture(name="shop")
def fixture_shop(empty: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a folder that holds a policy and nothing else."""
    for name in ("CRITERION_POLICY", "CRITERION_STORE_URL"):
        monkeypatch.delenv(name, raising=False)
    empty.write("policy.yaml", POLICY)
    return empty
