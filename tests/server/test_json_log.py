"""Tests of the log: lines about requests are written together, and what went wrong at once."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from criterion.server import json_log
from criterion.server.json_log import HELD_MAX, HoldingHandler, JsonLines

Log = tuple[logging.Logger, Callable[[], list[str]]]


@pytest.fixture
def log() -> Iterator[Log]:
    stream, logger = io.StringIO(), logging.getLogger("tests.held")
    handler = HoldingHandler(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield logger, lambda: [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_without_a_loop_each_line_is_written_at_once(log: Log) -> None:
    logger, written = log

    logger.info("one")

    assert written() == ["one"]


def test_a_line_waits_for_the_loop(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_log, "HELD_S_MAX", 0)
    logger, written = log

    async def run() -> list[list[str]]:
        logger.info("one")
        logger.info("two")
        before = written()
        for _ in range(3):  # turns of the loop
            await asyncio.sleep(0)
        return [before, written()]

    assert asyncio.run(run()) == [[], ["one", "two"]]


def test_what_went_wrong_is_written_at_once_behind_what_was_held(log: Log) -> None:
    logger, written = log

    async def run() -> list[str]:
        logger.info("one")
        logger.warning("two")
        return written()

    assert asyncio.run(run()) == ["one", "two"]


def test_no_more_lines_are_held_than_may_be(log: Log) -> None:
    logger, written = log

    async def run() -> list[int]:
        counts = []
        for number in range(HELD_MAX):
            counts.append(len(written()))
            logger.info("%d", number)
        return [*counts[-1:], len(written())]

    assert asyncio.run(run()) == [0, HELD_MAX]


def test_the_last_lines_are_written_at_the_end(log: Log) -> None:
    logger, written = log

    async def run() -> None:
        logger.info("one")

    asyncio.run(run())
    for handler in logger.handlers:
        handler.flush()

    assert written() == ["one"]
