"""Tests of release files."""

import pytest
from syrupy.assertion import SnapshotAssertion

from criterion.decision import Decision
from criterion.documents.releases_file import Releases, dump, read_releases
from criterion.errors import DefinitionError, DocumentError
from criterion.rule import Rule
from criterion.schema import Schema


class Seats(Schema):
    seats: int


def seat_limit(version: str = "1.0.0", rule: str = "all") -> Decision[Seats, Seats, Seats]:
    return Decision(
        id="seat-limit",
        version=version,
        input=Seats,
        profile=Seats,
        output=Seats,
        rules=(Rule(id=rule, when="otherwise", emit=lambda seats, _: seats),),
    )


def test_a_release_is_kept_and_read_again() -> None:
    releases = Releases().with_release(seat_limit("1.10.0")).with_release(seat_limit("1.9.0"))

    assert read_releases(dump(releases)) == releases
    assert releases.digest("seat-limit", "1.9.0") == seat_limit("1.9.0").digest
    assert dump(releases).index("1.9.0") < dump(releases).index("1.10.0")


def test_the_same_definition_may_be_released_again() -> None:
    releases = Releases().with_release(seat_limit())

    assert releases.with_release(seat_limit()) == releases
    assert list(releases.problems(seat_limit())) == []


def test_a_changed_definition_is_refused_under_a_released_version() -> None:
    releases = Releases().with_release(seat_limit())

    assert [str(problem) for problem in releases.problems(seat_limit(rule="other"))] == [
        (
            "seat-limit 1.0.0: was changed after it was released "
            "(give it a new version, or undo the change)"
        )
    ]
    with pytest.raises(DefinitionError, match="was changed after it was released"):
        releases.with_release(seat_limit(rule="other"))


def test_a_definition_without_a_digest_cannot_be_released() -> None:
    typed = eval("lambda seats, _: seats", {})  # noqa: S307 -- a function without source
    decision = Decision(
        id="typed",
        version="1.0.0",
        input=Seats,
        output=Seats,
        rules=(Rule(id="all", when="otherwise", emit=typed),),
    )

    with pytest.raises(DefinitionError, match="has no digest"):
        Releases().with_release(decision)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n# a\n\n"])
def test_a_file_without_releases_holds_none(text: str) -> None:
    assert read_releases(text) == Releases()
    assert read_releases(text.encode()) == Releases()


def test_every_mistake_of_a_release_file_is_listed(snapshot: SnapshotAssertion) -> None:
    text = "Seat-Limit:\n  1.0: sha256:12\n  1.0.0:\nother: 3\n"

    with pytest.raises(DocumentError) as caught:
        read_releases(text, "decisions/releases.yaml")

    assert str(caught.value) == snapshot
