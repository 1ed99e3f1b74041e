"""A new project, whose tests run in a pytest of their own."""

from pathlib import Path

import pytest

from criterion.scaffold import create, project_files

CASES = "decisions/my_decision.cases.yaml"


class Project:
    """A project as `criterion init` begins it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.root = pytester.path
        create(project_files(Path()))
        (self.root / "tests/test_decisions.py").unlink()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process, without the plugins that have nothing to do with ours."""
        plugins = ("-p", "criterion_pytest", "-p", "syrupy", "-p", "no:cacheprovider")
        return self.pytester.runpytest_inprocess(*plugins, *arguments)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return Project(pytester)
