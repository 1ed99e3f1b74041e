"""The catalogue: the decisions and profiles found on disk, several versions side by side."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, TypeAlias

from criterion.decision import Decision
from criterion.errors import CatalogueError, DefinitionError, Problem, UnknownDecisionError
from criterion.folders import Folders
from criterion.identity import Version, parse_version, serving_version
from criterion.loading import contents_of
from criterion.profiles import ProfileRegistry
from criterion.text import code, did_you_mean, listing, not_a

AnyDecision: TypeAlias = Decision[Any, Any, Any]


class Catalogue:
    """Decisions by id and version, and the profiles beside them.

    Args:
        decisions: Of any id, in any number of versions.
        profiles: What they run under.
        files: Where decisions were read from.
        folders: Where everything was read from.

    Attributes:
        profiles: The profiles, ready to be handed to an engine.
        folders: Where everything was read from; ``None`` if it was put together in Python.

    Raises:
        DefinitionError: Two different decisions have one id and version.
    """

    def __init__(
        self,
        decisions: Iterable[AnyDecision],
        profiles: ProfileRegistry | None = None,
        *,
        files: Mapping[AnyDecision, Path] | None = None,
        folders: Folders | None = None,
    ) -> None:
        """Put decisions and profiles together; see `load` for those on disk."""
        self.profiles = ProfileRegistry() if profiles is None else profiles
        self.folders = folders
        self._files = files or {}
        self._decisions: dict[str, dict[str, AnyDecision]] = {}
        problems = [problem for each in decisions for problem in self._add(each)]
        if problems:
            raise DefinitionError("catalogue", problems)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Load every decision and every profile on disk. Python files are code, and are run.

        Args:
            path: A folder that holds ``decisions`` and ``profiles``, or a folder of decisions. By
                default what ``[tool.criterion]`` of ``./pyproject.toml`` names, else
                ``./decisions`` and ``./profiles``, else the ready decisions of the library: the
                first that exists; nothing is merged.

        Raises:
            CatalogueError: Files cannot be used, two different decisions have one id and version,
                or a released one was changed; lists everything that is wrong in any file.
            DefinitionError: The path does not exist.
        """
        catalogue, errors = cls.read(Folders.find(path))
        if errors:
            raise CatalogueError(errors)
        return catalogue

    @classmethod
    def read(cls, folders: Folders) -> tuple[Self, tuple[DefinitionError, ...]]:
        """Load what can be loaded, and return it with what is wrong in the other files.

        Where two different decisions have one id and version, the catalogue has no decisions.
        """
        contents = contents_of(folders)
        files, profiles = contents.decisions, contents.profiles
        try:
            return cls(files, profiles, files=files, folders=folders), contents.errors
        except DefinitionError as error:
            return cls((), profiles, folders=folders), (*contents.errors, error)

    @property
    def decisions(self) -> tuple[AnyDecision, ...]:
        """Every decision in every version, by id, oldest version first."""
        return tuple(
            versions[version]
            for _, versions in sorted(self._decisions.items())
            for version in sorted(versions, key=_precedence)
        )

    @property
    def serving(self) -> tuple[AnyDecision, ...]:
        """The serving version of every decision, by id."""
        return tuple(self.decision(id) for id in sorted(self._decisions))

    def decision(self, id: str, version: str | None = None) -> AnyDecision:
        """Return a decision.

        Args:
            id: Its id.
            version: A version to pin; by default the highest that is no pre-release.

        Raises:
            UnknownDecisionError: There is no such decision, or not in that version.
            TypeError: The id or the version is no text.
        """
        if not isinstance(id, str):
            raise not_a(id, "the id of a decision")
        if version is not None and not isinstance(version, str):
            raise not_a(version, "a version")
        versions = self._decisions.get(id)
        if versions is None:
            hint = did_you_mean(id, self._decisions)
            raise UnknownDecisionError(f"there is no decision {code(id)}", hint=hint)
        if version is None:
            return versions[serving_version(versions)]
        if version not in versions:
            known = listing(map(code, sorted(versions, key=_precedence)), "and")
            message = f"decision {code(id)} has no version {code(version)}"
            raise UnknownDecisionError(message, hint=f"there is {known}")
        return versions[version]

    def file_of(self, decision: AnyDecision) -> Path | None:
        """Return the file that a decision was read from, or ``None`` where there is none."""
        return self._files.get(decision)

    def _add(self, decision: AnyDecision) -> Iterator[Problem]:
        versions = self._decisions.setdefault(decision.id, {})
        known = versions.setdefault(decision.version, decision)
        if known is not decision and (known.digest is None or known.digest != decision.digest):
            files = dict.fromkeys(
                self._files[part] for part in (known, decision) if part in self._files
            )
            places = f", in {listing(map(str, files), 'and')}" if files else ""
            message = f"is defined twice, differently{places}"
            place = f"{decision.id} {decision.version}"
            yield Problem(place, message, "give one of them a new version")


def _precedence(version: str) -> tuple[Version | None, str]:
    return parse_version(version), version
