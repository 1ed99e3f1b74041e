"""Scaffolds: the files that a new decision or a new project begins with."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from json import dumps
from pathlib import Path
from typing import Any, Final

from criterion.decision import Decision
from criterion.editor_schemas import editor_schemas
from criterion.errors import DefinitionError, Problem
from criterion.folders import CASES_SUFFIX, Folders
from criterion.identity import ID_HINT, is_id
from criterion.text import code

Files = Mapping[Path, str]

TEMPLATE_ID: Final = "my-decision"
SCHEMAS_FOLDER: Final = ".criterion"
"""Where editors find the schemas of files: a folder beside the folder of decisions."""

_TEMPLATES: Final = Path(__file__).parent / "_templates"


def decision_files(folders: Folders, id: str) -> Files:
    """Return the files of a new decision: itself, its cases and its profile.

    Raises:
        DefinitionError: The id is none.
    """
    if not is_id(id):
        raise DefinitionError("decision", [Problem("id", f"{code(id)} is not an id", ID_HINT)])
    stem = id.replace("-", "_")
    kinds = {
        folders.decisions / f"{stem}.yaml": ("decision", "decisions/my_decision.yaml"),
        folders.decisions / f"{stem}{CASES_SUFFIX}": ("cases", "decisions/my_decision.cases.yaml"),
        folders.profiles / f"{id}.yaml": ("profile", "profiles/my-decision.yaml"),
    }
    return {
        path: f"{_first_line(folders, path, kind)}\n{_named(_template(name), id)}"
        for path, (kind, name) in kinds.items()
    }


def project_files(root: Path, *, has_kit: bool = True) -> Files:
    """Return the files of a new project: a first decision, and schemas for editors.

    Args:
        root: Where the project goes.
        has_kit: Whether to add a test that draws facts, which needs the extra ``testing``. The
            cases need no test of their own: pytest finds them.
    """
    folders = Folders(decisions=root / "decisions", profiles=root / "profiles")
    test = {root / "tests" / "test_decisions.py": _template("test_decisions.py.txt")}
    return {
        **decision_files(folders, TEMPLATE_ID),
        **(test if has_kit else {}),
        **schema_files(root / SCHEMAS_FOLDER),
    }


def is_kit_installed() -> bool:
    """Whether what the extra ``testing`` adds is there: pytest, and what draws facts."""
    return all(find_spec(name) is not None for name in ("hypothesis", "pytest"))


def schema_files(folder: Path, decisions: Iterable[Decision[Any, Any, Any]] = ()) -> Files:
    """Return the schemas for editors, one file for each kind of file."""
    schemas = editor_schemas(decisions)
    return {
        folder / f"{name}.schema.json": f"{dumps(schema, indent=2, ensure_ascii=False)}\n"
        for name, schema in schemas.items()
    }


def create(files: Files) -> None:
    """Write files that do not exist yet, with the folders that they need.

    Raises:
        DefinitionError: Some exist already; nothing was written.
    """
    problems = [Problem(str(path), "exists already") for path in files if path.exists()]
    if problems:
        raise DefinitionError("files", problems)
    replace(files)


def replace(files: Files) -> None:
    """Write files, whether or not they exist."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def _first_line(folders: Folders, file: Path, kind: str) -> str:
    """Return the line by which an editor finds the schema of a file."""
    folder = folders.decisions.parent / SCHEMAS_FOLDER
    beside = file.parent.parent == folder.parent
    place = f"../{SCHEMAS_FOLDER}" if beside else folder.resolve().as_posix()
    return f"# yaml-language-server: $schema={place}/{kind}.schema.json"


def _named(template: str, id: str) -> str:
    words = id.replace("_", "-").replace("-", " ")
    return template.replace(TEMPLATE_ID, id).replace("My decision", words.capitalize())


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")
