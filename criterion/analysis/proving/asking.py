"""Asking: every question about one decision in one setting, in a fixed order."""

from criterion.analysis.finding import Finding
from criterion.analysis.placing import Placing
from criterion.analysis.proving.constants import note_constants
from criterion.analysis.proving.coverage import note_gap, note_overlaps
from criterion.analysis.proving.desk import Desk
from criterion.analysis.proving.failing import note_failures
from criterion.analysis.proving.fitting import note_misfits
from criterion.analysis.proving.reachability import note_unreachable
from criterion.analysis.proving.setting import Setting


def findings_of(
    setting: Setting,
    placing: Placing | None,
    *,
    is_last_word: bool,
    known: frozenset[int] = frozenset(),
) -> tuple[list[Finding], frozenset[int]]:
    """Return what is found in a setting, and the rules that never match in it.

    Args:
        setting: The decision under one profile, or under every one.
        placing: Where its parts stand.
        is_last_word: Whether the decision runs under what the setting says.
        known: Rules that are known to match under no profile.
    """
    desk = Desk(setting, placing, is_last_word=is_last_word)
    dead = note_unreachable(desk, known)
    note_gap(desk)
    note_failures(desk)
    note_misfits(desk)
    if setting.profile is None:
        note_constants(desk, dead)
    if is_last_word:
        note_overlaps(desk, dead)
    desk.note_undecided()
    return desk.findings, frozenset(dead)
