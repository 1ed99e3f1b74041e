"""``criterion diff`` and the options that ask what would help, as a user types them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from criterion.cli.app import make_app
from tests.analysis.conftest import patience  # noqa: F401 -- as a fixture

ROOT = Path(__file__).parent.parent.parent
FACTS = '{"resource":"projects","current_usage":3,"requested_amount":1,"plan":"free"}'


def run(*words: str) -> Result:
    return CliRunner().invoke(make_app(), words)


def git(*words: str) -> None:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    subprocess.run([shutil.which("git") or "git", *who, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for folder, names in {
        "decisions": ["usage_limit.yaml", "feature_access.yaml"],
        "profiles": ["pricing.yaml", "features.yaml"],
    }.items():
        Path(folder).mkdir()
        for name in names:
            shutil.copy(ROOT / folder / name, Path(folder, name))
    git("init", "-q", ".")
    git("add", ".")
    git("commit", "-qm", "one")
    return tmp_path


def edit(file: str, before: str, after: str) -> None:
    text = Path(file).read_text("utf-8")
    assert before in text
    Path(file).write_text(text.replace(before, after), "utf-8")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "words",
    [
        ["HEAD:profiles/pricing.yaml"],
        ["profiles/pricing.yaml@HEAD", "profiles/pricing.yaml"],
        ["HEAD"],
    ],
)
def test_a_profile_is_compared_with_that_of_a_revision(words: list[str]) -> None:
    edit("profiles/pricing.yaml", "free: {projects: 3", "free: {projects: 2")

    said = run("diff", *words)

    assert said.exit_code == 1
    assert "limits.free.projects: 3 becomes 2" in said.stdout
    assert "to over-limit, stricter" in said.stdout
    assert "(no other does: proven" in said.stdout
    assert "feature-access" not in said.stdout


@pytest.mark.usefixtures("repository")
def test_words_that_change_no_answer_need_a_patch() -> None:
    edit("decisions/usage_limit.yaml", "when: usage <= limit\n", "when: limit >= usage\n")
    edit("decisions/usage_limit.yaml", "1.1.0-yaml", "1.1.1-yaml")

    said = run("diff", "HEAD:decisions/usage_limit.yaml", "--json")

    (found,) = json.loads(said.stdout)["decisions"]
    assert said.exit_code == 0
    assert (found["step"], found["is_version_enough"], found["is_same"]) == ("patch", True, True)
    assert run("diff", "HEAD", "HEAD").exit_code == 0


@pytest.mark.usefixtures("repository")
def test_what_is_gone_and_what_is_new_is_named() -> None:
    Path("decisions/feature_access.yaml").unlink()
    Path("profiles/features.yaml").unlink()

    said = run("diff", "HEAD", ".")

    assert said.exit_code == 1
    assert "decision feature-access is gone\nprofile features is gone" in said.stdout


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["usage-limt"], "did you mean `usage-limit`?"),
        (["nope:decisions/usage_limit.yaml"], "there is no revision `nope`"),
        (["HEAD:nope.yaml"], "there is no file `nope.yaml` in revision `HEAD`"),
        (["HEAD:../../etc/passwd.yaml"], "there is no file"),
        (["--", "--output=x:decisions/usage_limit.yaml"], "there is no revision `--output=x`"),
        (["usage-limit", "usage-limit@9.9.9"], "has no version `9.9.9`"),
    ],
)
def test_a_side_that_names_nothing_is_refused(words: list[str], message: str) -> None:
    said = run("diff", *words)

    assert said.exit_code == 2
    assert message in said.stderr
    assert not Path("x").exists()


def test_a_run_says_what_would_help() -> None:
    said = run("run", "usage-limit", FACTS, "--what-if", "--change", "plan", "--budget-ms", "9000")

    assert said.exit_code == 0
    assert 'with `plan` "starter", "pro" or "enterprise" (now "free")' in said.stdout


def test_a_run_proves_that_nothing_would() -> None:
    wish = ("--wish", 'rule == "enterprise-unlimited"', "--change", "requested_amount")

    said = run("run", "usage-limit@1.1.0-yaml", FACTS, *wish, "--budget-ms", "9000", "--json")

    assert json.loads(said.stdout)["what_if"] == {
        "wish": 'rule == "enterprise-unlimited"',
        "verdict": "proven",
        "alternatives": [],
        "reason": None,
        "changeable": ["requested_amount"],
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--wish", "data.allowd"], "in the wish: `data` has no `allowd`"),
        (["--what-if", "--cost", "plan=x"], "`plan=x` is not the cost of a field"),
        (["--what-if", "--cost", "plam=2"], "did you mean `plan`?"),
        (["--cost", "plan=2"], "add `--what-if`"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(words: list[str], message: str) -> None:
    said = run("run", "usage-limit", FACTS, *words)

    assert said.exit_code == 2
    assert message in said.stderr


def test_later_rules_are_named() -> None:
    said = run("explain", "usage-limit", FACTS.replace(":3", ":2"), "--also-matched")

    assert "Also matched:\n  within-limit: Usage 2 + 1 <= limit 3" in said.stdout
    assert "No later rule matched." in run("explain", "usage-limit", FACTS, "--also-matched").stdout
