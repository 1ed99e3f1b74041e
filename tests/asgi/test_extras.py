"""Tests of what the adapter imports, and what it says where that is missing."""

import subprocess
import sys

import pytest


def python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False, text=True)


@pytest.mark.parametrize(
    ("missing", "imported", "hint"),
    [
        ("starlette", "criterion_asgi", "pip install 'criterion-decisions[asgi]'"),
        ("fastapi", "criterion_asgi.fastapi", "pip install 'criterion-decisions[asgi]' fastapi"),
    ],
)
def test_a_missing_package_is_named_with_what_installs_it(
    missing: str, imported: str, hint: str
) -> None:
    finished = python(f"import sys; sys.modules[{missing!r}] = None; import {imported}")

    assert finished.returncode == 1
    assert finished.stderr.endswith(f"\nhint: {hint}\n")


def test_the_adapter_does_without_fastapi() -> None:
    finished = python("import sys, criterion_asgi; print('fastapi' in sys.modules)")

    assert finished.stdout == "False\n"
