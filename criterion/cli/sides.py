"""Sides: what a word on the command line names: decisions and profiles, now or of a revision."""

import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.problems import UsageError
from criterion.cli.question import decision_of
from criterion.documents.decision_loading import load_decision
from criterion.documents.profile_file import ProfileFile, read_profile
from criterion.documents.runnable import loaded
from criterion.errors import CatalogueError, UnknownDecisionError
from criterion.folders import Folders
from criterion.python_file import decisions_in
from criterion.text import code, one_line

TIMEOUT_S: Final = 30
"""How long git may take."""

_NO_GIT: Final = "git is not installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: As it was written.
        decisions: By id, in the version that serves.
        profiles: Files of profiles, by name.
        catalogue: Where they stand beside others, or ``None``.
    """

    name: str
    decisions: Mapping[str, AnyDecision] = field(default_factory=dict)
    profiles: Mapping[str, ProfileFile] = field(default_factory=dict)
    catalogue: Catalogue | None = None


def side_of(given: str, root: Path | None) -> Side:
    """Return what a word names.

    Args:
        given: A file, a folder, ``REVISION:FILE``, ``FILE@REVISION``, a decision's id or
            ``id@version``, or a revision of git.
        root: Where the catalogue is; ``None`` for where `Catalogue.load` looks.

    Raises:
        UsageError: It names nothing.
        CriterionError: What it names cannot be loaded.
    """
    path = Path(given)
    if path.is_dir():
        return _of_catalogue(given, Catalogue.load(path))
    if path.is_file():
        return _of_bytes(given, path.read_bytes(), path)
    revision, _, file = given.partition(":")
    if file:
        return _of_bytes(given, _shown(revision, file, root), Path(file))
    file, _, revision = given.rpartition("@")
    if file.endswith((".yaml", ".py")):
        return _of_bytes(given, _shown(revision, file, root), Path(file))
    return _named(given, root)


def here(root: Path | None) -> Side:
    """Return the catalogue as it is now."""
    return _of_catalogue("now", Catalogue.load(root))


def file_part(given: str) -> str | None:
    """Return the file in ``REVISION:FILE`` or ``FILE@REVISION``, ``None`` for anything else."""
    _, _, file = given.partition(":")
    if file:
        return file
    file = given.rpartition("@")[0]
    return file if file.endswith((".yaml", ".py")) else None


def _named(given: str, root: Path | None) -> Side:
    catalogue = Catalogue.load(root)
    try:
        decision = decision_of(catalogue, given)
    except UnknownDecisionError as error:
        if _is_revision(given, root):
            return _of_revision(given, root)
        hint = "name a file, a decision, `REVISION:FILE`, or a revision of git"
        raise UsageError(str(error.args[0]), hint=error.hint or hint) from None
    return Side(name=given, decisions={decision.id: decision}, catalogue=catalogue)


def _of_bytes(given: str, raw: bytes, path: Path) -> Side:
    if path.suffix == ".py":
        return _of_python(given, raw, path)
    if path.suffix != ".yaml":
        message = f"{code(given)} is neither a decision nor a profile"
        raise UsageError(message, hint="name a file that ends in `.yaml` or `.py`")
    if raw.lstrip().startswith(b"profile:") or (b"\nprofile: " in raw and b"\nfor:" in raw):
        profile = read_profile(raw, given)
        return Side(name=given, profiles={profile.name: profile})
    decision = load_decision(path) if path.is_file() and given == str(path) else None
    decision = decision or loaded(raw, given, imports=True)
    return Side(name=given, decisions={decision.id: decision})


def _of_python(given: str, raw: bytes, path: Path) -> Side:
    if given == str(path):
        return Side(name=given, decisions=_by_id(decisions_in(path)))
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(raw)
        return Side(name=given, decisions=_by_id(decisions_in(copy)))


def _by_id(decisions: Iterable[AnyDecision]) -> dict[str, AnyDecision]:
    return {decision.id: decision for decision in decisions}


def _of_catalogue(given: str, catalogue: Catalogue) -> Side:
    profiles = {}
    for file in () if catalogue.folders is None else catalogue.folders.profile_files():
        profile = read_profile(file.read_bytes(), str(file))
        profiles[profile.name] = profile
    decisions = _by_id(catalogue.serving)
    return Side(name=given, decisions=decisions, profiles=profiles, catalogue=catalogue)


def _of_revision(revision: str, root: Path | None) -> Side:
    """Return the catalogue of a revision; its Python files are code, and are run."""
    base = root or Path()
    folders = Folders.find(root)
    names = [_below(part, base) for part in (folders.decisions, folders.profiles)]
    known = _git(["ls-tree", "--name-only", revision, "--", *names], root).decode().split("\n")
    kept = [name for name in names if name in known]
    if not kept:
        raise UsageError(f"revision {code(revision)} has no decisions here")
    packed = _git(["archive", "--format=tar", revision, "--", *kept], root)
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        there = Folders(decisions=Path(folder, names[0]), profiles=Path(folder, names[1]))
        catalogue, errors = Catalogue.read(there)
        if errors:
            raise CatalogueError(errors)
        return _of_catalogue(revision, catalogue)


def _below(part: Path, base: Path) -> str:
    try:
        return part.resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        message = "the catalogue does not stand below this folder"
        raise UsageError(message, hint="give its folder with `--path`") from None


def _is_revision(given: str, root: Path | None) -> bool:
    words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}"]
    return _run(words, root).returncode == 0


def _shown(revision: str, file: str, root: Path | None) -> bytes:
    if not _is_revision(revision, root):
        raise UsageError(f"there is no revision {code(revision)}", hint="see `git log --oneline`")
    place = file if file.startswith("./") else f"./{file}"
    found = _run(["show", "--end-of-options", f"{revision}:{place}"], root)
    if found.returncode != 0:
        found = _run(["show", "--end-of-options", f"{revision}:{file}"], root)
    if found.returncode != 0:
        raise UsageError(f"there is no file {code(file)} in revision {code(revision)}")
    return found.stdout


def _git(words: list[str], root: Path | None) -> bytes:
    done = _run(words, root)
    if done.returncode != 0:
        raise UsageError(f"git says: {one_line(done.stderr.decode(errors='replace').strip(), 200)}")
    return done.stdout


def _run(words: list[str], root: Path | None) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 -- git alone, with words that are no options
            ["git", *words],  # noqa: S607 -- whichever git is installed
            cwd=root,
            capture_output=True,
            check=False,
            timeout=TIMEOUT_S,
        )
    except FileNotFoundError:
        raise UsageError(_NO_GIT, hint="name files instead") from None
    except subprocess.TimeoutExpired:
        raise UsageError("git did not answer") from None
