"""Tests that every hostile or mistaken document is refused in the right place, fast and small."""

from typing import Final

import pytest

from tests.documents.hostile import Hostile, documents, tried
from tests.soak import seconds_max

SECONDS_MAX: Final = 2
MEGABYTES_MAX: Final = 300
DOCUMENTS: Final = documents()


def test_there_are_many_hostile_documents() -> None:
    assert len(DOCUMENTS) >= 100
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS)


@pytest.mark.soak
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_hostile_document_is_refused_where_it_is_wrong(document: Hostile) -> None:
    outcome = tried(document)

    assert outcome.said == document.expected
    assert outcome.said
    assert outcome.seconds < seconds_max(SECONDS_MAX)
    assert outcome.megabytes < MEGABYTES_MAX
