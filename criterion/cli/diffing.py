"""``criterion diff``: what changes between two decisions, profiles or catalogues."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from criterion.analysis.diffing import BUDGET_MS, Answers, Diff, diff, node_of
from criterion.analysis.leaves import fixed_paths
from criterion.analysis.offered import plain_profile
from criterion.analysis.structure import Edit, value_edits
from criterion.analysis.twins import Difference
from criterion.catalogue import AnyDecision, Catalogue
from criterion.cli.problems import FAILED, OK, UsageError
from criterion.cli.screen import note, say
from criterion.cli.session import Session
from criterion.cli.sides import Side, file_part, here, side_of
from criterion.documents.profile_file import ProfileFile, read_profile
from criterion.json_text import Plain, json_text, plain
from criterion.profiles import fit
from criterion.programs import program_of
from criterion.snapshot import ProfileSnapshot
from criterion.text import code, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """What is said of two sides."""

    diffs: tuple[Diff, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    edits: Mapping[str, tuple[Edit, ...]]
    unfit: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        return (
            not self.gone
            and not self.unfit
            and all(each.is_same and each.is_version_enough for each in self.diffs)
        )

    def members(self) -> Plain:
        return {
            "decisions": [each.to_dict() for each in self.diffs],
            "removed": list(self.gone),
            "added": list(self.new),
            "profiles": {
                name: [each.to_dict() for each in found] for name, found in self.edits.items()
            },
            "unfit": list(self.unfit),
            "is_same": self.is_quiet,
        }


def diff_(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A file, REVISION:FILE, FILE@REVISION, id@version, a folder, or a revision.",
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="NEW", help="The same; by default what stands here now.", show_default=False
        ),
    ] = None,
    *,
    budget_ms: Annotated[
        int, typer.Option("--budget-ms", min=1, help="Time for each decision and profile.")
    ] = BUDGET_MS,
    session: Session,
) -> None:
    """Say what changes for those who ask: schemas, answers with examples, and the version."""
    before = side_of(old, session.path)
    after = _other(old, new, before, session)
    catalogue = before.catalogue or after.catalogue or session.catalogue()
    report = _compared(before, after, catalogue, budget_ms)
    session.answer(report.members(), lambda: _say(report))
    raise typer.Exit(OK if report.is_quiet else FAILED)


def _other(old: str, new: str | None, before: Side, session: Session) -> Side:
    """Return the other side: the one that is named, else what stands in its place now."""
    if new is not None:
        return side_of(new, session.path)
    file = file_part(old)
    if file is not None:
        return side_of(str(session.path / file) if session.path else file, session.path)
    whole = here(session.path)
    if before.catalogue is not None and len(before.decisions) > 1:
        return whole
    ids = [id for id in before.decisions if id in whole.decisions]
    if not ids:
        message = f"there is nothing to compare {code(old)} with"
        raise UsageError(message, hint="name two files, decisions or revisions")
    kept = {id: whole.decisions[id] for id in ids}
    return Side(name="now", decisions=kept, catalogue=whole.catalogue)


def _compared(before: Side, after: Side, catalogue: Catalogue, budget_ms: int) -> _Report:
    pairs = dict(_pairs(before, after))
    names = [name for name in before.profiles if name in after.profiles]
    edits: dict[str, tuple[Edit, ...]] = {}
    unfit: list[str] = []
    if not before.decisions and not after.decisions:
        pairs = _affected(before, after, catalogue)
    diffs = []
    for one, two in pairs.values():
        values = _values(one, two, before, after, catalogue, unfit)
        if one.digest == two.digest and one.digest and all(a == b for a, b in values.values()):
            continue
        diffs.append(diff(one, two, profiles=values, budget_ms=budget_ms))
    for name in names:
        old, new = before.profiles[name], after.profiles[name]
        found = value_edits(old.values, new.values, hidden=_marked(old, catalogue))
        if found:
            edits[name] = found
    return _Report(
        diffs=tuple(diffs),
        gone=tuple(_gone(before, after)),
        new=tuple(_gone(after, before)),
        edits=edits,
        unfit=tuple(dict.fromkeys(unfit)),
    )


def _pairs(before: Side, after: Side) -> Iterator[tuple[str, tuple[AnyDecision, AnyDecision]]]:
    if len(before.decisions) == len(after.decisions) == 1:
        (one,), (two,) = before.decisions.values(), after.decisions.values()
        yield one.id, (one, two)
        return
    for id, one in before.decisions.items():
        if id in after.decisions:
            yield id, (one, after.decisions[id])


def _gone(before: Side, after: Side) -> Iterator[str]:
    if len(before.decisions) != 1 or len(after.decisions) != 1:
        yield from (f"decision {id}" for id in before.decisions if id not in after.decisions)
    if len(before.profiles) != 1 or len(after.profiles) != 1:
        yield from (f"profile {name}" for name in before.profiles if name not in after.profiles)


def _affected(
    before: Side, after: Side, catalogue: Catalogue
) -> dict[str, tuple[AnyDecision, AnyDecision]]:
    """Return the decisions that run under profiles of which there are two."""
    files = (*before.profiles.values(), *after.profiles.values())
    return {
        decision.id: (decision, decision)
        for decision in catalogue.serving
        if decision.profile.model_fields and any(_is_for(file, decision) for file in files)
    }


def _is_for(file: ProfileFile, decision: AnyDecision) -> bool:
    return file.decisions is None or decision.id in file.decisions


def _values(
    one: AnyDecision,
    two: AnyDecision,
    before: Side,
    after: Side,
    catalogue: Catalogue,
    unfit: list[str],
) -> dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return the values of each profile that either decision runs under, by its name."""
    if not one.profile.model_fields and not two.profile.model_fields:
        return {}
    files = _profile_files(catalogue)
    if before.profiles or after.profiles:
        files = {**before.profiles, **after.profiles}
    found = {}
    for name, file in files.items():
        if not _is_for(file, two):
            continue
        pair = before.profiles.get(name, file), after.profiles.get(name, file)
        if len(before.profiles) == len(after.profiles) == 1 and not before.catalogue:
            (old,), (new,) = before.profiles.values(), after.profiles.values()
            pair = old, new
        values = [_fitted(each, part) for each, part in zip((one, two), pair, strict=True)]
        for each, part, side in zip((one, two), values, ("old", "new"), strict=True):
            if part is None:
                unfit.append(f"the {side} profile {name} does not fit {each.id} {each.version}")
        if values[0] is not None and values[1] is not None:
            found[name] = (values[0], values[1])
    return found


def _profile_files(catalogue: Catalogue) -> dict[str, ProfileFile]:
    files = () if catalogue.folders is None else catalogue.folders.profile_files()
    read = (read_profile(file.read_bytes(), str(file)) for file in files)
    return {profile.name: profile for profile in read}


def _fitted(decision: AnyDecision, file: ProfileFile) -> Mapping[str, Any] | None:
    fitted = fit(program_of(decision), dict(file.values))
    return plain_profile(decision, fitted.values) if isinstance(fitted, ProfileSnapshot) else None


def _marked(file: ProfileFile, catalogue: Catalogue) -> frozenset[str]:
    """Return the names of values that a decision marks."""
    return frozenset(
        str(path[1])
        for decision in catalogue.serving
        if _is_for(file, decision)
        for path in fixed_paths(node_of(decision.profile), ("profile",))
        if len(path) > 1
    )


def _say(report: _Report) -> None:
    for name in report.gone:
        say(f"{name} is gone")
    for name in report.new:
        say(f"{name} is new")
    for line in report.unfit:
        say(line)
    for name, edits in report.edits.items():
        say(f"profile {name}")
        _say_edits(edits)
    for found in report.diffs:
        _say_diff(found)
    if report.is_quiet and not report.diffs:
        note("no answer changes: the decisions and profiles are the same")


def _say_diff(found: Diff) -> None:
    new_id = f"{found.new[0]} " if found.new[0] != found.old[0] else ""
    same = found.old == found.new
    say(f"{found.old[0]} {found.old[1]}" + ("" if same else f" to {new_id}{found.new[1]}"))
    _say_edits(found.edits)
    for change in found.schemas:
        say(f"  {change}")
    for answers in found.answers:
        _say_answers(answers)
    if found.step == "none":
        return
    enough = "is enough" if found.is_version_enough else "is not enough"
    say(f"  a {found.step} change: version {found.new[1]} {enough}")


def _say_edits(edits: tuple[Edit, ...]) -> None:
    for edit in edits:
        before = "nothing" if edit.before is None else one_line(edit.before)
        after = "nothing" if edit.after is None else one_line(edit.after)
        say(f"  {edit.path}: {before} becomes {after}")


def _say_answers(answers: Answers) -> None:
    under = f" under {answers.profile}" if answers.profile else ""
    why = f"; {answers.reason}" if answers.reason else ""
    if answers.is_same:
        say(f"  no answer changes{under}: proven{why}")
        return
    if answers.verdict == "unknown":
        say(f"  whether an answer changes{under} is not known: {answers.reason}")
    elif answers.verdict == "not found":
        say(f"  no answer was found that changes{under}: {answers.reason}")
    else:
        rest = "no other does: proven" if answers.verdict == "proven" else "there may be more"
        say(f"  answers change{under} ({rest}{why})")
    for each in answers.differences:
        _say_difference(each)


def _say_difference(found: Difference) -> None:
    way = found.before if found.before == found.after else f"{found.before} to {found.after}"
    say(f"    {way}{_direction(found)}")
    say(f"      facts: {one_line(json_text(plain(found.facts, other=str)))}")
    if found.values is not None:
        say(f"      profile: {one_line(json_text(plain(found.values, other=str)))}")
    for name, (before, after) in found.members.items():
        say(f"      {name}: {one_line(json_text(before))} becomes {one_line(json_text(after))}")
    if not found.members:
        say(f"      was: {one_line(found.explanations[0])}")
        say(f"      is:  {one_line(found.explanations[1])}")


def _direction(found: Difference) -> str:
    """Return the word for an answer that is allowed on one side alone."""
    allowed = found.members.get("allowed")
    return {(True, False): ", stricter", (False, True): ", looser"}.get(allowed, "")  # type: ignore[arg-type] # truth values
