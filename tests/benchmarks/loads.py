"""Loading time: a decision beyond its YAML, and a catalogue of many files."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from criterion import Catalogue, load_decision
from criterion.documents.yaml_text import read_yaml
from tests.benchmarks.timing import Effort

ROOT: Final = Path(__file__).parent.parent.parent
TEXT: Final = (ROOT / "decisions" / "usage_limit.yaml").read_text("utf-8")
CATALOGUE_COUNT: Final = 200


class Loads(NamedTuple):
    """Medians, in seconds.

    Attributes:
        decision_s: One decision of four rules, from its text.
        beyond_s: The same without what reading its YAML takes, pair by pair.
        catalogue_s: A folder of many decisions and one profile.
    """

    decision_s: float
    beyond_s: float
    catalogue_s: float


def load_times(effort: Effort) -> Loads:
    """Load by turns, each time from the start; the first of each is not counted."""
    _loads()
    pairs = [_loads() for _ in range(effort.pairs)]
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        _catalogue(folder)
        catalogues = [_catalogue(folder) for _ in range(effort.catalogues)]
    return Loads(
        statistics.median(decision for decision, _ in pairs),
        statistics.median(decision - parse for decision, parse in pairs),
        statistics.median(catalogues),
    )


def _loads() -> tuple[float, float]:
    begin = time.perf_counter()
    load_decision(TEXT)
    loaded = time.perf_counter()
    read_yaml(TEXT, "usage_limit.yaml")
    return loaded - begin, time.perf_counter() - loaded


def _catalogue(folder: str) -> float:
    begin = time.perf_counter()
    assert len(Catalogue.load(folder).decisions) == CATALOGUE_COUNT
    return time.perf_counter() - begin


def _fill(folder: Path) -> None:
    """Write copies of one decision under ids of their own, and the profile of one."""
    profiles, decisions = folder / "profiles", folder / "decisions"
    profiles.mkdir()
    decisions.mkdir()
    profile = (ROOT / "profiles" / "pricing.yaml").read_text("utf-8")
    (profiles / "pricing.yaml").write_text(
        profile.replace("[usage-limit]", "[usage-limit-0]"), encoding="utf-8"
    )
    for number in range(CATALOGUE_COUNT):
        text = TEXT.replace("usage-limit", f"usage-limit-{number}", 1)
        (decisions / f"usage_limit_{number}.yaml").write_text(text, encoding="utf-8")
