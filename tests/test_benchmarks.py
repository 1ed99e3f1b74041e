"""The benchmarks: they run, and print every row. How fast anything is, no test asserts."""

from typing import Any

import pytest

from tests.benchmarks import metering
from tests.benchmarks.__main__ import (
    CASES_NAME,
    CATALOGUE_NAME,
    COVER_NAME,
    IMPORT_NAME,
    LOAD_NAME,
    PLUGIN_NAME,
    POLICY_NAME,
    main,
)
from tests.benchmarks.http.__main__ import main as main_over_http
from tests.benchmarks.http.apps import service
from tests.benchmarks.http.in_process import IN_YAML_REQUEST, PAIRS, REQUEST
from tests.benchmarks.peers.__main__ import lines
from tests.benchmarks.peers.ours import peers
from tests.benchmarks.peers.question import Peer, answer, differences, facts
from tests.benchmarks.rows import ROWS
from tests.benchmarks.scenario import names
from tests.benchmarks.timing import QUICK


def test_a_quick_run_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    loads = [LOAD_NAME, CATALOGUE_NAME, POLICY_NAME, COVER_NAME]
    loads += [CASES_NAME, PLUGIN_NAME, IMPORT_NAME]
    rows = [*(row.name for row in ROWS), *loads]

    code = main(["--quick"])

    printed = capsys.readouterr().out
    assert code == 0
    assert [name for name in rows if name not in printed] == []


def test_a_quick_run_prints_every_gate_of_metering(capsys: pytest.CaptureFixture[str]) -> None:
    code = metering.main(["--quick"])

    printed = capsys.readouterr().out
    assert code == 0
    assert [gate.name for gate in metering.GATES if gate.name not in printed] == []
    assert metering.main(["--slow"]) == 2


def test_an_unknown_flag_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--slow"])

    assert code == 2
    assert "--quick" in capsys.readouterr().err


@pytest.mark.parametrize("facts", ["allowed", "denied"])
def test_the_bare_if_chain_decides_the_same(facts: str) -> None:
    known: dict[str, Any] = names()

    data = known["bound"](known[facts]).data

    assert known["plain"](known[facts]) == data.model_dump()


def test_our_readings_of_the_question_answer_alike() -> None:
    assert [differences(peer) for peer in peers()] == [[]] * 4


def test_the_facts_of_the_question_reach_every_rule() -> None:
    ours = next(peers())

    rules = {ours.read(ours.ask(given))["rule"] for given in facts()}

    assert rules == {"enterprise-unlimited", "approaching-limit", "within-limit", "over-limit"}


def test_a_peer_that_answers_otherwise_is_found_out() -> None:
    ours = next(peers())
    wrong = Peer("wrong", ours.distribution, ours.ask, lambda said: {**answer(said), "limit": 3})
    silent = Peer("silent", ours.distribution, ours.ask, lambda _: {"limit": 3})

    assert 0 < len(differences(wrong)) < len(list(facts()))
    assert len(differences(silent)) == len(list(facts()))


def test_the_table_compares_every_peer_with_the_first() -> None:
    ours = next(peers())

    table = list(lines([ours, ours._replace(name="other", leaves_out="reasons")], QUICK))

    assert [line.split(" | ")[0] for line in table] == ["| criterion, YAML", "| other"]
    assert " | 1.0 x | " in table[0]
    assert table[1].endswith(" | reasons |")


def test_a_quick_run_over_http_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    code = main_over_http(["--quick"])

    printed = capsys.readouterr().out
    assert code == 0
    assert [name for name, *_ in PAIRS if name not in printed] == []


def test_what_is_measured_over_http_is_decided() -> None:
    answers = [service.answer(request) for request in (REQUEST, IN_YAML_REQUEST)]

    assert [answer.status for answer in answers] == [200, 200]
    assert [b'"version":"1.1.0-yaml"' in answer.body for answer in answers] == [False, True]
