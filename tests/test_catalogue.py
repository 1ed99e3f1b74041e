"""The catalogue: what it finds where, which version serves, and what it refuses."""

from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.catalogue import Catalogue
from criterion.engine import Engine
from criterion.errors import CatalogueError, DefinitionError, UnknownDecisionError
from criterion.folders import Folders

PYTHON: Final = '''"""Fee: what an order costs to send."""

from criterion import Decision, Rule, Schema


class Order(Schema):
    """What is sent."""

    weight_g: int


class Tariff(Schema):
    """What sending costs."""

    cents: int


fee = Decision(
    id="ID",
    version="VERSION",
    input=Order,
    profile=Tariff,
    output=Tariff,
    rules=[Rule(id="flat", when="otherwise", emit=lambda _, tariff: tariff)],
)
'''
YAML: Final = """decision: discount
version: VERSION
input:
  cents: {type: integer, minimum: 0}
profile:
  from_cents: {type: integer}
output:
  percent: {type: integer}
rules:
  - id: large
    when: input.cents >= profile.from_cents
    emit: {percent: 5}
  - id: small
    when: otherwise
    emit: {percent: 0}
"""
PROFILE: Final = """profile: NAME
version: 1.0.0
for: [fee]
values: {cents: 5}
"""


class Project:
    """A folder with a catalogue in it, and the current folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def decision(self, name: str, id: str = "fee", version: str = "1.0.0") -> None:
        self.write(f"decisions/{name}", PYTHON.replace("ID", id).replace("VERSION", version))

    def profile(self, name: str = "tariff") -> None:
        self.write(f"profiles/{name}.yaml", PROFILE.replace("NAME", name))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def versions(catalogue: Catalogue) -> list[str]:
    return [f"{decision.id} {decision.version}" for decision in catalogue.decisions]


def test_the_ready_decisions_are_found_where_a_project_has_none(project: Project) -> None:
    assert not (project.root / "decisions").exists()

    assert Catalogue.load().decision("usage-limit").title == "Plan limits"


def test_the_folders_beside_the_program_come_first(project: Project) -> None:
    project.decision("fee.py")
    project.profile()

    catalogue = Catalogue.load()

    assert versions(catalogue) == ["fee 1.0.0"]
    assert list(catalogue.profiles) == ["tariff"]
    assert catalogue.file_of(catalogue.decision("fee")) == Path("decisions/fee.py")


def test_the_serving_versions_are_known(project: Project) -> None:
    project.decision("fee.py")
    project.decision("fee_2.py", version="2.0.0")
    project.decision("fee_3.py", version="3.0.0-rc.1")
    project.decision("other.py", id="other")

    serving = Catalogue.load().serving

    assert [f"{decision.id} {decision.version}" for decision in serving] == [
        "fee 2.0.0",
        "other 1.0.0",
    ]


def test_a_folder_of_profiles_alone_is_no_catalogue(project: Project) -> None:
    project.profile()

    assert "usage-limit 1.1.0" in versions(Catalogue.load())


def test_the_project_file_names_other_folders(project: Project) -> None:
    project.write("pyproject.toml", "[tool.criterion]\ndecisions = 'rules'\n")
    project.write("rules/fee.py", PYTHON.replace("ID", "other").replace("VERSION", "1.0.0"))
    project.decision("fee.py")

    assert versions(Catalogue.load()) == ["other 1.0.0"]


def test_a_project_file_that_says_nothing_of_decisions_changes_nothing(project: Project) -> None:
    project.write("pyproject.toml", "[project]\nname = 'mine'\n")
    project.decision("fee.py")

    assert versions(Catalogue.load()) == ["fee 1.0.0"]


@pytest.mark.parametrize("path", ["shop", "shop/decisions"])
def test_a_path_names_the_folder_of_both_or_that_of_the_decisions(
    path: str, project: Project
) -> None:
    shop = Project(project.root / "shop")
    shop.decision("fee.py")
    shop.profile()

    catalogue = Catalogue.load(path)

    assert versions(catalogue) == ["fee 1.0.0"]
    assert list(catalogue.profiles) == ["tariff"]


@pytest.mark.parametrize(
    "text",
    [
        "[tool.criterion]\ndecisions = 'gone'\n",
        "[tool.criterion]\ndecision = 'decisions'\nprofiles = 3\n",
        "[tool.criterion\n",
    ],
    ids=["no such folder", "no such setting", "no TOML"],
)
def test_a_wrong_project_file_is_shown(
    text: str, project: Project, snapshot: SnapshotAssertion
) -> None:
    project.decision("fee.py")
    project.write("pyproject.toml", text)

    with pytest.raises(DefinitionError) as caught:
        Catalogue.load()

    assert str(caught.value) == snapshot


@pytest.mark.parametrize("path", ["gone", "decisions/fee.py"])
def test_a_path_that_is_no_folder_is_refused(
    path: str, project: Project, snapshot: SnapshotAssertion
) -> None:
    project.decision("fee.py")

    with pytest.raises(DefinitionError) as caught:
        Catalogue.load(path)

    assert str(caught.value) == snapshot


def test_versions_stand_side_by_side_and_the_highest_release_serves(project: Project) -> None:
    for version in ("1.9.0", "1.10.0", "2.0.0-rc.1"):
        project.decision(f"fee_{version.replace('.', '_')}.py", version=version)

    catalogue = Catalogue.load()

    assert versions(catalogue) == ["fee 1.9.0", "fee 1.10.0", "fee 2.0.0-rc.1"]
    assert catalogue.decision("fee").version == "1.10.0"
    assert catalogue.decision("fee", "1.9.0").version == "1.9.0"
    assert catalogue.decision("fee", version="2.0.0-rc.1").version == "2.0.0-rc.1"


@pytest.mark.parametrize(
    ("id", "version"), [("fees", None), ("nothing", None), ("fee", "3.0.0")], ids=str
)
def test_what_is_not_there_is_a_lookup_error_with_a_hint(
    id: str, version: str | None, project: Project, snapshot: SnapshotAssertion
) -> None:
    project.decision("fee.py")
    project.decision("fee_2.py", version="2.0.0")
    catalogue = Catalogue.load()

    with pytest.raises(UnknownDecisionError) as caught:
        catalogue.decision(id, version)

    assert isinstance(caught.value, LookupError)
    assert str(caught.value) == snapshot


def test_files_in_folders_below_count_and_hidden_ones_do_not(project: Project) -> None:
    project.decision("shipping/fee.py")
    project.write("decisions/_shared.py", "1 / 0")
    project.write("decisions/__pycache__/fee.py", "1 / 0")
    project.write("decisions/.drafts/fee.py", "1 / 0")
    project.write("decisions/notes.txt", "1 / 0")

    assert versions(Catalogue.load()) == ["fee 1.0.0"]


def test_everything_that_is_wrong_in_any_file_is_told_at_once(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.decision("fee.py")
    project.decision("fee_again.py")
    project.write(
        "decisions/fee_again.py",
        PYTHON.replace("ID", "fee").replace("VERSION", "1.0.0").replace("flat", "round"),
    )
    project.write("decisions/broken.py", "x = (\n")
    project.write("decisions/sum.py", "1 / 0\n")
    project.write("decisions/old.yml", "decision: old\n")

    with pytest.raises(CatalogueError) as caught:
        Catalogue.load()

    assert str(caught.value) == snapshot
    assert [len(error.problems) for error in caught.value.errors] == [1, 1, 1, 1]


def test_one_definition_may_stand_in_two_files(project: Project) -> None:
    project.decision("fee.py")
    project.decision("fee_copy.py")

    assert versions(Catalogue.load()) == ["fee 1.0.0"]


def test_a_decision_runs_under_the_profiles_beside_it(project: Project) -> None:
    project.decision("fee.py")
    project.profile()
    catalogue = Catalogue.load()

    result = Engine(profiles=catalogue.profiles).run(
        catalogue.decision("fee"), {"weight_g": 1}, profile="tariff"
    )

    assert result.unwrap().cents == 5


def test_decisions_in_yaml_stand_beside_those_in_python(project: Project) -> None:
    project.decision("fee.py")
    project.write("decisions/discount.yaml", YAML.replace("VERSION", "1.0.0"))
    project.write("decisions/discount.cases.yaml", "not read here")

    catalogue = Catalogue.load()
    result = Engine().run(catalogue.decision("discount"), {"cents": 7}, {"from_cents": 7})

    assert versions(catalogue) == ["discount 1.0.0", "fee 1.0.0"]
    assert result.matched_rule == "large"


def test_mistakes_in_python_in_yaml_and_in_profiles_are_told_together(
    project: Project, snapshot: SnapshotAssertion
) -> None:
    project.decision("fee.py")
    project.write("decisions/broken.py", "x = (\n")
    wrong = YAML.replace("VERSION", "1.0").replace("input.cents >=", "input.cent >=")
    project.write("decisions/discount.yaml", wrong)
    project.write("profiles/tariff.yaml", PROFILE.replace("NAME", "tariff").replace("5", "five"))

    with pytest.raises(CatalogueError) as caught:
        Catalogue.load()

    assert str(caught.value) == snapshot


def test_a_profile_fits_if_it_fits_one_version_of_its_decision(project: Project) -> None:
    newer = YAML.replace("VERSION", "2.0.0").replace("from_cents", "from_amount")
    project.write("decisions/discount.yaml", YAML.replace("VERSION", "1.0.0"))
    project.write("decisions/discount_2.yaml", newer)
    for name, key in {"old": "from_cents", "new": "from_amount"}.items():
        text = PROFILE.replace("NAME", name).replace("fee", "discount").replace("cents", key)
        project.write(f"profiles/{name}.yaml", text)

    assert list(Catalogue.load().profiles) == ["new", "old"]

    project.write(
        "profiles/neither.yaml", PROFILE.replace("NAME", "neither").replace("fee", "discount")
    )
    with pytest.raises(CatalogueError, match="`from_amount` is required"):
        Catalogue.load()


def test_versions_of_one_profile_stand_side_by_side(project: Project) -> None:
    project.decision("fee.py")
    project.profile()
    newer = PROFILE.replace("NAME", "tariff").replace("1.0.0", "1.1.0").replace("5", "6")
    project.write("profiles/tariff_1_1.yaml", newer)

    offers = Catalogue.load().profiles.offers("fee")

    assert [(offer.version, offer.serves) for offer in offers] == [
        ("1.0.0", False),
        ("1.1.0", True),
    ]


def test_one_version_of_a_profile_has_one_set_of_values(project: Project) -> None:
    project.decision("fee.py")
    project.profile()
    project.write("profiles/zz.yaml", PROFILE.replace("NAME", "tariff").replace("5", "6"))

    with pytest.raises(CatalogueError, match=r"zz\.yaml:1:1: `1\.0\.0` has other values already"):
        Catalogue.load()


def test_a_profile_without_decisions_is_for_every_one(project: Project) -> None:
    project.decision("fee.py")
    project.write("profiles/all.yaml", "profile: all\nversion: 1.0.0\nvalues: {cents: 1}\n")

    catalogue = Catalogue.load()

    assert [offer.decisions for offer in catalogue.profiles.offers("anything")] == [None]


def test_a_catalogue_can_be_put_together_in_python(project: Project) -> None:
    project.decision("fee.py")
    (decision,) = Catalogue.load().decisions

    catalogue = Catalogue([decision])

    assert catalogue.decision("fee") is decision
    assert catalogue.file_of(decision) is None
    assert catalogue.folders is None


def test_the_shipped_folders_exist() -> None:
    folders = Folders.shipped()

    assert folders.decisions.is_dir()
    assert folders.profiles.is_dir()
