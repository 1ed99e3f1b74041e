"""``criterion serve``, where it does not begin; ``tests/server`` has it running."""

import socket

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.conftest import Project
from tests.cli.test_app import program


@pytest.mark.parametrize(
    "arguments",
    [
        ["--reload", "--workers", "2"],
        ["--profile", "parcel-surcharge"],
        ["--profile", "parcel-surcharge=tariff,,"],
        ["--profile", "parcel-surcharge=tarif"],
        ["--profile", "parcel=tariff"],
        ["--port", "70000"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_says_what_is_wrong(
    arguments: list[str], project: Project, snapshot: SnapshotAssertion
) -> None:
    ended = project.run("serve", *arguments)

    assert ended.exit_code in {1, 2}
    assert ended.stdout == ""
    assert ended.stderr == snapshot


def test_a_port_that_is_taken_says_so(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = project.run("serve", "--port", port)

    assert ended.exit_code == 2
    assert ended.stderr == (
        f"cannot listen on `127.0.0.1:{port}`: address already in use\n"
        "  hint: choose another `--port`; 0 picks a free one\n"
    )


def test_a_broken_catalogue_is_not_served(project: Project) -> None:
    project.write("decisions/parcel.py", "x = 1 / 0\n")

    ended = project.run("serve")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "decisions/parcel.py:1:5: raised ZeroDivisionError" in ended.stderr


def test_a_decision_that_could_run_under_several_profiles_needs_a_choice(project: Project) -> None:
    project.write(
        "profiles/other.yaml",
        "profile: other\nversion: 1.0.0\nfor: [parcel-surcharge]\n"
        "values: {heavy_from_g: 1, refused_from_g: 2}\n",
    )

    ended = project.run("serve")

    assert ended.exit_code == 1
    assert ended.stderr == (
        "profiles cannot be used:\n"
        "  parcel-surcharge: runs under `other` and `tariff`, and nothing says which"
        " (add `--profile parcel-surcharge=other`)\n"
    )


@pytest.mark.parametrize("missing", ["uvicorn", "httptools"])
@pytest.mark.usefixtures("project")
def test_a_missing_extra_says_which_install_helps(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from criterion.cli import main; main()"

    ended = program("serve", code=code)

    assert ended.returncode == 2
    assert ended.stderr == (
        f"`criterion serve` needs `{missing}`\n  hint: pip install 'criterion-decisions[serve]'\n"
    )
