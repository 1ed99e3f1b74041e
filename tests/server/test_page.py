"""The page about serving: what it asks is answered as it says, and its figures are the server's."""

import json
import re
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from criterion.http.options import BODY_BYTES_MAX
from criterion.server import problems, running
from tests.http.exchanges import ask
from tests.server.programs import ROOT, serving

PAGE: Final = (ROOT / "docs" / "how-to" / "serve-the-catalogue.md").read_text("utf-8")
_ASKED: Final = re.compile(r"```sh\n(curl .*?)\n```\n\n```json\n(.*?)\n```", re.DOTALL)


def test_what_the_page_asks_is_answered_as_it_says(tmp_path: Path) -> None:
    exchanges = _ASKED.findall(PAGE)

    with serving(tmp_path) as program:
        for command, shown in exchanges:
            _, url, *options = shlex.split(command)
            body = options[-1].encode() if "-d" in options else None
            method = "POST" if body else "GET"
            reply = ask(program.address, method, urlsplit(url).path, body, prefix="")
            assert json.loads(shown).items() <= reply.members.items()

    assert len(exchanges) == 2


def test_the_limits_of_the_page_are_those_of_the_server() -> None:
    table = PAGE.partition("## Limits")[2]

    for limit in (
        BODY_BYTES_MAX,
        problems.HEADER_BYTES_MAX,
        problems.REQUEST_S_MAX,
        problems.CONNECTIONS_MAX,
        running.IDLE_S_MAX,
    ):
        assert f"| {limit:,} " in table
