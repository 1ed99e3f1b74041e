"""``criterion release``, and what a release means for loading."""

from syrupy.assertion import SnapshotAssertion

from criterion.json_input import read_json
from tests.cli.conftest import Project, masked

RELEASES = "decisions/releases.yaml"


def test_every_version_but_pre_releases_is_released(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    text = (project.root / "decisions/greeting.py").read_text()
    project.write("decisions/greeting_3.py", text.replace("2.0.0", "3.0.0-rc.1"))

    ended = project.run("release")

    assert ended.exit_code == 0
    assert masked(ended.stdout) == snapshot(name="shown")
    assert masked((project.root / RELEASES).read_text()) == snapshot(name="written")


def test_releasing_again_changes_nothing(project: Project) -> None:
    project.run("release", "greeting")
    before = (project.root / RELEASES).read_bytes()

    again = project.run("release", "greeting")

    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "nothing to release: every version is released already\n"
    assert (project.root / RELEASES).read_bytes() == before


def test_one_release_keeps_the_others(project: Project) -> None:
    project.run("release", "parcel-surcharge")
    ended = project.run("release", "greeting@2.0.0", "--json")

    assert [part["id"] for part in read_json(ended.stdout)["released"]] == ["greeting"]
    assert "parcel-surcharge:" in (project.root / RELEASES).read_text()


def test_a_released_version_that_was_changed_does_not_load(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.run("release")
    project.replace("decisions/greeting.py", "Hello", "Good morning")

    ended = project.run("list")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == snapshot


def test_words_for_people_may_change_after_a_release(project: Project) -> None:
    project.run("release")
    project.replace("decisions/parcel.py", "Parcel surcharge", "Surcharge for parcels")

    assert project.run("check").exit_code == 0


def test_a_new_version_may_differ(project: Project) -> None:
    project.run("release")
    project.replace("decisions/greeting.py", "Hello", "Good morning")
    project.replace("decisions/greeting.py", "2.0.0", "2.1.0")

    assert project.run("check").exit_code == 0


def test_a_broken_file_of_releases_is_a_problem(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.write(RELEASES, "greeting: {2.0.0: sha256:123}\n")

    ended = project.run("check")

    assert ended.exit_code == 1
    assert ended.stdout == snapshot


def test_the_ready_decisions_are_not_released_from_elsewhere(empty: Project) -> None:
    ended = empty.run("release")

    assert ended.exit_code == 2
    assert "begin with `criterion init`" in ended.stderr
