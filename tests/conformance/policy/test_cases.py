"""The conformance cases, and the runner's own promises."""

from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.conformance.policy.__main__ import main
from tests.conformance.policy.runner import cases_in, failures_of

CASES: Final = cases_in(Path(__file__).parent / "cases")
BASE: Final = {
    "id": "T1",
    "policy": {
        "credits": {"t": {}},
        "plans": {"a": {"default": True, "entitlements": {"x": {"limit": {"credit": "t"}}}}},
    },
    "steps": [],
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_step_does_what_the_case_expects(path: Path) -> None:
    assert list(map(str, failures_of(path))) == []


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"do": "fly", "id": "u"}, "unknown operation `fly`"),
        ({"do": "exists", "id": "u", "wings": 2}, "`exists` has unknown fields: wings"),
        ({"do": "exists", "id": "u", "expect": True}, "exists(id='u') expected True, actual False"),
        ({"do": "exists", "expect": True}, "exists() raised KeyError: 'id'"),
    ],
)
def test_what_the_runner_does_not_know_is_a_failure(
    tmp_path: Path, step: dict[str, object], text: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump({**BASE, "steps": [step]}), "utf-8")

    assert list(map(str, failures_of(path))) == [f"T1 step 1: {text}"]


def test_a_key_of_a_case_that_the_runner_does_not_know_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump({**BASE, "mood": "good"}), "utf-8")

    assert list(map(str, failures_of(path))) == ["T1 step 0: unknown keys of the case: mood"]


def test_the_command_counts_and_prints_what_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = {**BASE, "id": "A"}, {**BASE, "id": "B", "steps": [{"do": "fly"}]}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(good), "utf-8")
    (tmp_path / "b.yaml").write_text(yaml.safe_dump(bad), "utf-8")

    status = main([str(tmp_path)])

    assert status == 1
    assert capsys.readouterr().out == "B step 1: unknown operation `fly`\n1 passed, 1 failed\n"


def test_a_step_is_repeated_at_its_pace(tmp_path: Path) -> None:
    steps = [
        {"at": "2025-01-01T00:00:00Z", "do": "create_customer", "id": "u", "expect": True},
        {
            "at": "2025-01-01T00:00:00Z", "repeat": 3, "every": "1s",
            "do": "grant", "id": "u", "credit": "t", "value": 2, "expect": True,
        },
        {"do": "credit_remaining", "id": "u", "credit": "t", "expect": 6, "tol": 0.5},
    ]  # fmt: skip
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump({**BASE, "steps": steps}), "utf-8")

    assert list(map(str, failures_of(path))) == []
