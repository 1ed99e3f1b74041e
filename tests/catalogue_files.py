"""The ready decisions and profiles, read from their files as the catalogue will read them."""

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parent.parent


@cache
def module(name: str) -> ModuleType:
    """Return the module of a decision; one file has one identity."""
    path = ROOT / "decisions" / f"{name}.py"
    spec = spec_from_file_location(f"catalogue_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def profile(name: str) -> dict[str, Any]:
    """Return the values of a profile."""
    path = ROOT / "profiles" / f"{name}.yaml"
    values: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["values"]
    return values
