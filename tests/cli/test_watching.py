"""``criterion test --watch``: the cases again, as far as a change concerns them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence

import pytest

from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.session import Session
from criterion.cli.watching import watch
from tests.cli.conftest import Project

PARCEL, GREETING = "decisions/parcel.py", "decisions/greeting.py"
CASES = "decisions/parcel.cases.yaml"


class Watched:
    """A watch whose time passes as the test lets it: each step is one edit, looked at twice."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.tested: list[list[str]] = []
        self.failing: Collection[str] = ()
        self._waits = [part for step in steps for part in (step, lambda: None)]

    def run(self) -> int:
        return watch(Session(), lambda catalogue: catalogue.serving, self._test, wait=self._wait)

    def _wait(self) -> None:
        if not self._waits:
            raise KeyboardInterrupt
        self._waits.pop(0)()

    def _test(self, _: Catalogue, asked: Sequence[AnyDecision]) -> Collection[AnyDecision]:
        self.tested.append([decision.id for decision in asked])
        return [decision for decision in asked if decision.id in self.failing]


BOTH = ["greeting", "parcel-surcharge"]


def test_everything_is_tested_at_first_and_nothing_while_nothing_changes(project: Project) -> None:
    watched = Watched(lambda: None, lambda: project.write("README.md", "new"))

    assert watched.run() == 0
    assert watched.tested == [BOTH]


def test_only_what_a_change_concerns_is_tested_again(project: Project) -> None:
    watched = Watched(
        lambda: project.replace(GREETING, "Hello", "Good day"),
        lambda: project.replace("profiles/tariff.yaml", "1000", "1001"),
        lambda: project.replace(CASES, "exactly heavy", "just heavy"),
    )

    assert watched.run() == 0
    assert watched.tested == [BOTH, ["greeting"], ["parcel-surcharge"], ["parcel-surcharge"]]


def test_what_failed_is_tested_again_with_what_has_changed(project: Project) -> None:
    watched = Watched(lambda: project.replace(PARCEL, "is too heavy", "is much too heavy"))
    watched.failing = ["greeting"]

    assert watched.run() == 1
    assert watched.tested == [BOTH, BOTH]


def test_a_file_with_mistakes_is_shown_and_watching_goes_on(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Watched(lambda: project.replace(PARCEL, "import Decision", "import Decison"))
    assert broken.run() == 1
    assert broken.tested == [BOTH]
    assert "Decison" in capsys.readouterr().err

    project.replace(PARCEL, "import Decison", "import Decision")
    mended = Watched(
        lambda: project.write("decisions/broken.yaml", "decision: broken\n"),
        (project.root / "decisions/broken.yaml").unlink,
    )
    assert mended.run() == 0
    assert mended.tested == [BOTH]


def test_a_folder_that_goes_and_comes_back_ends_nothing(project: Project) -> None:
    away = project.root / "away"
    watched = Watched(
        lambda: (project.root / "decisions").rename(away),
        lambda: away.rename(project.root / "decisions"),
    )

    assert watched.run() == 0


# A shell starts what runs in the background deaf to Ctrl-C, and with it whatever that starts.
HEARING_CTRL_C = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from criterion.cli import main; main()"
)


def test_ctrl_c_ends_it_with_the_last_exit_code(project: Project) -> None:
    project.replace(CASES, "rule: heavy", "rule: light")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", HEARING_CTRL_C, "test", "--watch"],
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "watching; Ctrl-C ends it\n"
        process.send_signal(signal.SIGINT)
        printed, left = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "2 passed, 1 failed" in printed
    assert "Traceback" not in left


def test_a_program_cannot_watch(project: Project) -> None:
    ended = project.run("test", "--watch", "--json")

    assert ended.exit_code == 2
    assert "leave out `--json`" in ended.stdout
