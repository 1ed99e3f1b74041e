"""Tests that the program endures what strangers send: it answers, soon, and does not grow."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.http.exchanges import ask
from tests.http.test_hostile import REQUESTS, sent
from tests.server.programs import serving
from tests.soak import IS_SOAK, sized

DECISIONS: Final = """from tests.http.subjects import seat_limit

first, second, third = map(seat_limit, ("1.0.0", "1.1.0", "2.0.0-beta.1"))
"""
PROFILE: Final = "profile: small\nversion: 1.0.0\nfor: [seat-limit]\nvalues: {limit: 3}\n"
GROWTH_MB_MAX: Final = 50
ANSWER_S_MAX: Final = 1


@pytest.mark.soak
def test_hostile_requests_neither_stop_nor_fill_the_server(tmp_path: Path) -> None:
    for name, text in {"decisions/seats.py": DECISIONS, "profiles/small.yaml": PROFILE}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")

    with serving(tmp_path) as program:
        prefix = "/decisions"
        replies = [sent(each, program.address, prefix) for each in REQUESTS]  # all is loaded now
        before = resident_mb(program.process.pid)
        slowest = 0.0
        for _ in range(sized(20, 1)):
            for each in REQUESTS:
                replies.append(sent(each, program.address, prefix))
                began = time.perf_counter()
                control = ask(
                    program.address, "POST", "/seat-limit", b'{"seats": 1}', prefix=prefix
                )
                slowest = max(slowest, time.perf_counter() - began)
                assert control.status == 200
        growth = resident_mb(program.process.pid) - before
        code = program.end()

    answered = [reply for reply in replies if reply is not None]
    assert {reply.status // 100 for reply in answered} == {2, 4}
    assert all(len(reply.body) < 16_000 for reply in answered)
    assert growth < GROWTH_MB_MAX
    assert code == 0
    print(f"grew by {growth:.1f} MB; the slowest control took {slowest * 1_000:.0f} ms")  # noqa: T201
    if IS_SOAK:
        assert slowest < ANSWER_S_MAX


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1_024
