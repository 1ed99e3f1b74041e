"""The wheel: what it holds, and that it runs without the checkout."""

import importlib.util
import subprocess
import sys
import venv
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
IN_CATALOGUE: Final = {".py", ".yaml"}
DEPENDENCIES: Final = [
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "simpleeval",
    "typing_extensions",
    "typing_inspection",
    "yaml",
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return names_in(wheel)


def test_the_wheel_holds_our_packages_and_its_description(names: list[str]) -> None:
    folders = {PurePosixPath(name).parts[0] for name in names}

    assert folders == {
        "criterion",
        "criterion_asgi",
        "criterion_flask",
        "criterion_pytest",
        "criterion_decisions-0.1.0.dist-info",
    }


@pytest.mark.parametrize(
    "name",
    [
        "criterion/py.typed",
        "criterion_asgi/py.typed",
        "criterion_flask/py.typed",
        "criterion_pytest/py.typed",
        "criterion/_catalogue/decisions/usage_limit.py",
        "criterion/_catalogue/profiles/pricing.yaml",
        "criterion_decisions-0.1.0.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_what_users_need(name: str, names: list[str]) -> None:
    assert name in names


def test_the_wheel_holds_nothing_else(names: list[str]) -> None:
    files = [PurePosixPath(name) for name in names]
    catalogue = [file for file in files if "_catalogue" in file.parts]

    assert {file.suffix for file in catalogue} <= IN_CATALOGUE
    assert [file for file in files if {"__pycache__", "tests"} & set(file.parts)] == []


def test_the_source_distribution_builds_the_same_wheel(names: list[str], tmp_path: Path) -> None:
    assert names_in(build(tmp_path)) == names


def test_the_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    python = install(wheel, tmp_path / "venv")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    shown = run(python, "-I", "-m", "criterion.demo", cwd=elsewhere)

    assert "Matched: over-limit" in shown


def build(folder: Path, *options: str) -> Path:
    """Build the wheel; without options, from a source distribution that is built before it."""
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        *options,
        "--outdir",
        folder,
        ROOT,
    ]
    run(*command, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def install(wheel: Path, folder: Path) -> Path:
    """Return the Python of a new environment that has the wheel and what it depends on."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in DEPENDENCIES:
        origin = installed(name)
        (packages / origin.name).symlink_to(origin)
    return python


def installed(name: str) -> Path:
    """Return the folder or file that holds an installed package."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints in a clean environment; if it fails, show all of it."""
    finished = subprocess.run(
        command, cwd=cwd, env={}, capture_output=True, check=False, text=True, encoding="utf-8"
    )
    assert finished.returncode == 0, f"{finished.stdout}\n{finished.stderr}"
    return finished.stdout
