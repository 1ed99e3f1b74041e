"""Tests of settings: what a Flask application may say of its limits, and what is refused."""

from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from syrupy.assertion import SnapshotAssertion

from criterion.errors import CriterionError, DefinitionError
from criterion_flask.limits import Limits
from tests.limits import subjects

POLICY: Final = Path(__file__).parent.parent.parent / "docs/examples/limits/workspace.yaml"


def limited(policy: Any = None, **settings: object) -> Flask:  # noqa: ANN401
    app = Flask("limited")
    app.config.from_mapping(settings)
    Limits(app, policy)
    return app


def test_settings_that_cannot_be_used_are_all_named(snapshot: SnapshotAssertion) -> None:
    with pytest.raises(DefinitionError) as caught:
        limited(
            CRITERION_STORE_ULR="sqlite:///limits.db",
            CRITERION_LEGACY_FIELDS="yes",
            CRITERION_RECORDER=print,
        )

    assert str(caught.value) == snapshot


def test_a_misspelt_setting_is_refused_beside_a_policy_too() -> None:
    with pytest.raises(DefinitionError, match="did you mean `CRITERION_RECORDER`"):
        limited(subjects.policy(), CRITERION_RECODER=print)


def test_settings_of_decisions_may_stand_beside() -> None:
    app = limited(CRITERION_POLICY=POLICY, CRITERION_PATH="anywhere", CRITERION_TITLE=None)

    assert app.extensions["criterion_limits"].legacy is False


def test_a_store_that_there_is_not_is_named_without_its_password() -> None:
    with pytest.raises(CriterionError, match="`memory://`") as caught:
        limited(CRITERION_POLICY=POLICY, CRITERION_STORE_URL="redis://app:geheim@cache/0")

    assert "geheim" not in f"{caught.value}{caught.value!r}"
