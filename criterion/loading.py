"""Loading: what the files of a catalogue hold, and what is wrong in any of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pydantic import ValidationError

from criterion.decision import Decision
from criterion.documents.decision_loading import load_decision
from criterion.documents.problems import Problems
from criterion.documents.profile_file import ProfileFile, read_profile
from criterion.documents.releases_file import read_releases
from criterion.errors import DefinitionError, DocumentError, FileProblem
from criterion.folders import Folders
from criterion.identity import serving_version
from criterion.profiles import ProfileRegistry
from criterion.python_file import decisions_in

AnyDecision: TypeAlias = Decision[Any, Any, Any]


class Contents(NamedTuple):
    """What was found in a catalogue's folders.

    Attributes:
        decisions: Every decision that could be read, and its file.
        profiles: Every profile that could be read.
        errors: What is wrong, one error for each file.
    """

    decisions: Mapping[AnyDecision, Path]
    profiles: ProfileRegistry
    errors: tuple[DefinitionError, ...]


def contents_of(folders: Folders) -> Contents:
    """Read every file of a catalogue; what is wrong in one does not hide what is in another.

    Raises:
        DefinitionError: There are more files than a catalogue may have.
    """
    return _Loading(folders).contents()


class _Loading:
    """Reads the files of one catalogue, and gathers what is wrong."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._decisions: dict[AnyDecision, Path] = {}
        self._versions: dict[str, dict[str, AnyDecision]] = {}
        self._profiles = ProfileRegistry()
        self._errors: list[DefinitionError] = []

    def contents(self) -> Contents:
        folders = self._folders
        self._each(folders.misnamed_files(), _refuse)
        self._each(folders.decision_files(), self._read_decisions)
        self._each([folders.releases] if folders.releases.is_file() else [], self._read_releases)
        all_are_known = not self._errors
        read = partial(self._read_profile, all_are_known=all_are_known)
        self._each(folders.profile_files(), read)
        return Contents(self._decisions, self._profiles, tuple(self._errors))

    def _each(self, files: Iterable[Path], read: Callable[[Path], None]) -> None:
        for file in files:
            try:
                read(file)
            except DefinitionError as error:
                self._errors.append(error)

    def _read_decisions(self, file: Path) -> None:
        for decision in _decisions_of(file):
            self._decisions[decision] = file
            self._versions.setdefault(decision.id, {})[decision.version] = decision

    def _read_releases(self, file: Path) -> None:
        """Refuse decisions that were changed after their release, each at its own file."""
        releases = read_releases(_bytes_of(file), str(file))
        for decision, place in self._decisions.items():
            for problem in releases.problems(decision):
                problems = Problems(str(place), _bytes_of(place).decode("utf-8", "replace"))
                offset = _offset_of_version(problems.text, decision)
                problems.add(offset, f"{problem.place} {problem.message}", problem.hint)
                self._errors.append(problems.error())

    def _read_profile(self, file: Path, *, all_are_known: bool) -> None:
        profile = read_profile(_bytes_of(file), str(file))
        if all_are_known:
            profile.check_ids(self._versions)
        profile.check(
            _fitting(versions, profile)
            for id, versions in self._versions.items()
            if profile.decisions is not None and id in profile.decisions
        )
        try:
            self._profiles.register(
                profile.name,
                profile.values,
                version=profile.version,
                decisions=profile.decisions,
            )
        except DefinitionError as error:
            marks = [
                FileProblem(str(file), 1, 1, part.message, part.hint) for part in error.problems
            ]
            raise DocumentError(str(file), marks) from None


def _decisions_of(file: Path) -> Iterable[AnyDecision]:
    return decisions_in(file) if file.suffix == ".py" else (load_decision(file),)


def _fitting(versions: Mapping[str, AnyDecision], profile: ProfileFile) -> AnyDecision:
    """Return a version of a decision that the profile fits, else the one that serves."""
    serving = versions[serving_version(versions)]
    if len(versions) == 1:
        return serving
    return next((each for each in (serving, *versions.values()) if _fits(each, profile)), serving)


def _fits(decision: AnyDecision, profile: ProfileFile) -> bool:
    try:
        decision.profile.model_validate(profile.values)
    except ValidationError:
        return False
    return True


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or type(error).__name__}"
        raise DocumentError(str(file), [FileProblem(str(file), 1, 1, message)]) from None


def _offset_of_version(text: str, decision: AnyDecision) -> int:
    """Return where a file gives a decision its version, or its beginning."""
    written = re.compile(rf"\bversion\b['\"]?\s*[:=]\s*['\"]?(?={re.escape(decision.version)}\b)")
    found = written.search(text, max(text.find(decision.id), 0)) or written.search(text)
    return found.end() if found else 0


def _refuse(file: Path) -> None:
    name = file.with_suffix(".yaml").name
    problem = FileProblem(str(file), 1, 1, "is not read", f"rename it to `{name}`")
    raise DocumentError(str(file), [problem])
