"""Scaffolds and editor schemas: what a new project begins with is what the loader reads."""

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.catalogue import Catalogue
from criterion.documents import cases_file, decision_reader, profile_file
from criterion.documents.cases_file import read_cases
from criterion.documents.decision_reader import read_decision
from criterion.documents.profile_file import read_profile
from criterion.editor_schemas import NAMES, editor_schemas
from criterion.errors import DefinitionError
from criterion.folders import Folders
from criterion.scaffold import create, decision_files, project_files, replace, schema_files

HERE = Folders(decisions=Path("decisions"), profiles=Path("profiles"))


def test_a_new_decision_has_a_profile_and_cases(snapshot: SnapshotAssertion) -> None:
    files = decision_files(HERE, "refund-approval")

    assert {path.as_posix(): text for path, text in files.items()} == snapshot


def test_the_files_of_a_new_decision_are_read_without_a_problem() -> None:
    decision, cases, profile = decision_files(HERE, "refund_approval").values()

    assert read_decision(decision).id == "refund_approval"
    assert read_cases(cases).decision == "refund_approval"
    assert read_profile(profile).decisions == ("refund_approval",)


def test_every_file_names_the_schema_of_its_kind() -> None:
    first = [text.splitlines()[0] for text in decision_files(HERE, "fee").values()]

    assert first == [
        f"# yaml-language-server: $schema=../.criterion/{kind}.schema.json"
        for kind in ("decision", "cases", "profile")
    ]


def test_profiles_elsewhere_find_the_schema_by_its_full_path(tmp_path: Path) -> None:
    folders = Folders(decisions=tmp_path / "rules", profiles=tmp_path / "far" / "off")

    *_, profile = decision_files(folders, "fee").values()

    assert f"$schema={(tmp_path / '.criterion').as_posix()}/profile.schema.json" in profile


def test_a_new_decision_needs_an_id() -> None:
    with pytest.raises(DefinitionError, match="`Refund approval` is not an id"):
        decision_files(HERE, "Refund approval")


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    files = project_files(tmp_path)
    kept = list(files)[2]
    replace({kept: "mine"})

    with pytest.raises(DefinitionError, match=f"{kept}: exists already"):
        create(files)

    assert [path for path in files if path.exists()] == [kept]
    assert kept.read_text() == "mine"


def test_without_the_kit_there_is_no_test_that_needs_it(tmp_path: Path) -> None:
    with_kit, without = (project_files(tmp_path, has_kit=each) for each in (True, False))

    assert with_kit.keys() - without.keys() == {tmp_path / "tests/test_decisions.py"}


def test_the_schemas_know_the_keys_that_the_loader_knows() -> None:
    schemas = editor_schemas()

    assert tuple(schemas) == NAMES
    assert set(schemas["decision"]["properties"]) == set(decision_reader.KEYS)
    rule = schemas["decision"]["definitions"]["rule"]
    assert set(rule["properties"]) == set(decision_reader.RULE_KEYS)
    assert set(schemas["profile"]["properties"]) == set(profile_file.KEYS)
    assert set(schemas["cases"]["properties"]) == set(cases_file.KEYS)
    case = schemas["cases"]["properties"]["cases"]["items"]
    assert set(case["properties"]) == set(cases_file.CASE_KEYS)


def test_profiles_and_cases_are_completed_for_the_decisions_there_are() -> None:
    schemas = editor_schemas(Catalogue.load(Folders.shipped().decisions).decisions)

    assert "usage-limit" in schemas["profile"]["definitions"]
    fields = schemas["profile"]["definitions"]["usage-limit"]["properties"]
    assert "warn_at" in fields
    conditions = json.dumps(schemas["cases"]["allOf"])
    assert "approaching-limit" in conditions


def test_every_reference_in_a_schema_leads_somewhere() -> None:
    for schema in editor_schemas(Catalogue.load(Folders.shipped().decisions).decisions).values():
        for target in references(schema):
            assert target.removeprefix("#/definitions/") in schema["definitions"]


def references(part: object) -> list[str]:
    if isinstance(part, list):
        return [target for item in part for target in references(item)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [target for item in part.values() for target in references(item)]


def test_schema_files_are_json(tmp_path: Path) -> None:
    files = schema_files(tmp_path)

    assert [path.name for path in files] == [f"{name}.schema.json" for name in NAMES]
    assert all(json.loads(text)["$schema"] for text in files.values())
