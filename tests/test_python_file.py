"""Python files of decisions: one identity, and mistakes at their place."""

import inspect
import linecache
import pickle
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.decision import Decision
from criterion.errors import DocumentError
from criterion.python_file import FILE_BYTES_MAX, decisions_in

FEE: Final = '''
"""Fee: what an order costs to send."""

from criterion import Decision, NoProfile, Rule, Schema


class Order(Schema):
    """What is sent."""

    weight_g: int


class Fee(Schema):
    """What it costs."""

    cents: int


fee = Decision(
    id="fee",
    version="1.0.0",
    input=Order,
    profile=NoProfile,
    output=Fee,
    rules=[
        Rule(id="light", when=lambda it, _: it.weight_g < 100, emit=lambda _, __: Fee(cents=1)),
        Rule(id="heavy", when="otherwise", emit=lambda _, __: Fee(cents=9)),
    ],
)
same = fee
'''


def written(folder: Path, text: str, name: str = "fee.py") -> Path:
    file = folder / name
    file.write_text(dedent(text).lstrip("\n"), "utf-8")
    return file


def test_a_file_gives_each_of_its_decisions_once(tmp_path: Path) -> None:
    found = decisions_in(written(tmp_path, FEE))

    assert [decision.id for decision in found] == ["fee"]


def test_a_file_has_one_identity_however_often_it_is_loaded(tmp_path: Path) -> None:
    file = written(tmp_path, FEE)

    (first,), (second,) = decisions_in(file), decisions_in(tmp_path / "." / "fee.py")

    assert first is second
    assert pickle.loads(pickle.dumps(first.input(weight_g=1))) == first.input(weight_g=1)  # noqa: S301


def test_a_changed_file_runs_again_even_within_one_clock_tick(tmp_path: Path) -> None:
    (first,) = decisions_in(written(tmp_path, FEE))
    (second,) = decisions_in(written(tmp_path, FEE.replace("cents=9", "cents=8")))

    assert first.digest != second.digest
    assert "cents=8" in inspect.getsource(second.rules[1].emit)


def test_the_source_of_a_rule_is_what_ran_and_not_what_the_file_became(tmp_path: Path) -> None:
    file = written(tmp_path, FEE)
    (decision,) = decisions_in(file)
    file.write_text("gone", "utf-8")
    linecache.checkcache()

    assert decision.digest is not None
    assert "cents=9" in inspect.getsource(decision.rules[1].emit)


def test_loading_leaves_nothing_behind_in_the_folder(tmp_path: Path) -> None:
    decisions_in(written(tmp_path, FEE))

    assert [path.name for path in tmp_path.iterdir()] == ["fee.py"]


def test_a_file_that_breaks_leaves_the_decisions_that_were_loaded_from_it(tmp_path: Path) -> None:
    (decision,) = decisions_in(written(tmp_path, FEE))
    with pytest.raises(DocumentError):
        decisions_in(written(tmp_path, "1 / 0"))

    facts = decision.input(weight_g=1)
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301


BROKEN: Final = {
    "a syntax error": "x = (",
    "an exception": "def f():\n    return 1 / 0\n\n\nx = 1\ny = f()\n",
    "a program that ends": "raise SystemExit(3)\n",
    "a missing module": "import no_such_module_anywhere\n",
    "no decision": "x = 1\n",
    "not text": "# coding: no-such-encoding\n",
    "a decision with mistakes": """
        from criterion import Decision

        fee = Decision(id="Fee", version="1", input=int, output=int, rules=())
    """,
    "an exception of more than one line": "raise ValueError('one\\ntwo')\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_is_shown_where_it_stands(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text)

    with pytest.raises(DocumentError) as caught:
        decisions_in(Path("fee.py"))

    assert str(caught.value) == snapshot


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file or directory"):
        decisions_in(tmp_path / "none.py")


def test_a_file_may_not_be_endless(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is longer than 1000000 bytes"):
        decisions_in(written(tmp_path, "#" * (FILE_BYTES_MAX + 1)))


def test_an_interrupt_stops_loading(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        decisions_in(written(tmp_path, "raise KeyboardInterrupt"))


def test_decisions_of_a_file_are_ordinary_decisions(tmp_path: Path) -> None:
    (decision,) = decisions_in(written(tmp_path, FEE))

    assert isinstance(decision, Decision)
    assert decision.digest is not None
