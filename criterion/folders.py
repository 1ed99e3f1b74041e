"""Folders: where a catalogue's files stand, and which files in them count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from criterion.errors import DefinitionError, DocumentError, FileProblem, Problem
from criterion.text import code, did_you_mean, not_a, one_line

FILES_MAX: Final = 10_000
"""How many files one folder may have."""

RELEASES_NAME: Final = "releases.yaml"
CASES_SUFFIX: Final = ".cases.yaml"
SETTINGS: Final = ("decisions", "profiles")
"""The keys of ``[tool.criterion]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where a catalogue's files stand; names that begin with ``_`` or ``.`` do not count.

    Attributes:
        decisions: Decisions in Python and YAML, their cases, and ``releases.yaml``.
        profiles: Profiles; need not exist.
    """

    decisions: Path
    profiles: Path

    @classmethod
    def find(cls, path: str | Path | None = None) -> Self:
        """Return the folders of the given path, else of the first place that has any.

        After the path come ``[tool.criterion]`` of ``./pyproject.toml``, then ``./decisions`` and
        ``./profiles``, then the ready decisions that come with the library.

        Args:
            path: A folder that holds ``decisions`` and ``profiles``, or a folder of decisions
                with ``profiles`` beside it.

        Raises:
            DefinitionError: The path, or the folder that the project names, does not exist.
            TypeError: The path is none.
        """
        if path is not None and not isinstance(path, str | Path):
            raise not_a(path, "a path")
        if path is not None:
            return cls._under(Path(path))
        return cls.of_project(Path()) or cls.shipped()

    @classmethod
    def of_project(cls, root: Path) -> Self | None:
        """Return the folders of a project, or ``None`` where it has none.

        Args:
            root: The folder that holds ``pyproject.toml``, or else ``decisions``.

        Raises:
            DefinitionError: The folder that the project names does not exist.
        """
        configured = cls._configured(root / "pyproject.toml")
        if configured is not None:
            return configured
        return cls._of(root) if (root / "decisions").is_dir() else None

    @classmethod
    def shipped(cls) -> Self:
        """Return the folders of the ready decisions that come with the library."""
        package = Path(__file__).parent
        copy = package / "_catalogue"
        return cls._of(copy if copy.is_dir() else package.parent)  # an editable install has no copy

    @property
    def releases(self) -> Path:
        """The file of what was released; need not exist."""
        return self.decisions / RELEASES_NAME

    def decision_files(self) -> tuple[Path, ...]:
        """Return the files of decisions in order of their names."""
        files = _files(self.decisions, {".py", ".yaml"})
        return tuple(
            file
            for file in files
            if file.name != RELEASES_NAME and not file.name.endswith(CASES_SUFFIX)
        )

    def cases_files(self) -> tuple[Path, ...]:
        """Return the files of cases in order of their names."""
        files = _files(self.decisions, {".yaml"})
        return tuple(file for file in files if file.name.endswith(CASES_SUFFIX))

    def profile_files(self) -> tuple[Path, ...]:
        """Return the files of profiles in order of their names."""
        return tuple(_files(self.profiles, {".yaml"}))

    def misnamed_files(self) -> tuple[Path, ...]:
        """Return files that end in ``.yml``, which nothing reads."""
        return tuple(
            file for root in (self.decisions, self.profiles) for file in _files(root, {".yml"})
        )

    @classmethod
    def _of(cls, root: Path) -> Self:
        return cls(decisions=root / "decisions", profiles=root / "profiles")

    @classmethod
    def _under(cls, root: Path) -> Self:
        if not root.is_dir():
            message = "is a file" if root.is_file() else "does not exist"
            hint = "name the folder that holds `decisions` and `profiles`"
            raise DefinitionError("catalogue", [Problem(one_line(str(root)), message, hint)])
        if (root / "decisions").is_dir() or (root / "profiles").is_dir():
            return cls._of(root)
        return cls(decisions=root, profiles=root.parent / "profiles")

    @classmethod
    def _configured(cls, file: Path) -> Self | None:
        settings = _settings(file)
        if settings is None:
            return None
        problems = list(_settings_problems(settings, file.parent))
        if problems:
            raise DefinitionError(str(file), problems)
        return cls(**{name: file.parent / settings.get(name, name) for name in SETTINGS})


def _settings(file: Path) -> Mapping[str, Any] | None:
    """Return ``[tool.criterion]``, or ``None`` where there is none."""
    import tomllib  # noqa: PLC0415 -- needed only where there is such a file

    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError:
        return None
    except ValueError as error:
        mark = FileProblem(str(file), 1, 1, f"is not TOML: {one_line(str(error), 300)}")
        raise DocumentError(str(file), [mark]) from None
    tool = document.get("tool")
    settings = tool.get("criterion") if isinstance(tool, dict) else None
    return settings if isinstance(settings, dict) else None


def _settings_problems(settings: Mapping[str, Any], root: Path) -> Iterator[Problem]:
    for name, value in settings.items():
        place = f"tool.criterion.{one_line(name, 100)}"
        if name not in SETTINGS:
            yield Problem(place, "is not a setting", did_you_mean(name, SETTINGS))
        elif not isinstance(value, str):
            yield Problem(place, "is not the name of a folder")
    decisions = settings.get("decisions", "decisions")
    if isinstance(decisions, str) and not (root / decisions).is_dir():
        yield Problem("tool.criterion.decisions", f"there is no folder {code(decisions)}")


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    """Return the files below a folder, sorted, but for those whose path has a hidden part.

    Raises:
        DefinitionError: There are more than `FILES_MAX`.
    """
    found = []
    for path in folder.rglob("*"):
        hidden = any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
        if path.suffix in suffixes and not hidden and path.is_file():
            found.append(path)
        if len(found) > FILES_MAX:
            problem = Problem(str(folder), f"holds more than {FILES_MAX} files")
            raise DefinitionError("catalogue", [problem])
    return sorted(found)
