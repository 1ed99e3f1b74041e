"""Pages as a session at a terminal: files that are written, edited, and commands that are run.

All blocks of a page work in one folder, from top to bottom, and it is empty at first:

- a block titled with the name of a file, as in ```` ```yaml title="profiles/shop.yaml" ````, is
  that file's text;
- a ``diff`` block with such a title changes lines of the file: ``-`` is the old one, ``+`` the new;
- a ``console`` block holds commands behind ``$ ``, each with what it prints. A line that is ``…``
  stands for any number of lines.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Final, NamedTuple

from typer.testing import CliRunner

from criterion.cli.app import make_app

_BLOCK: Final = re.compile(
    r'^```(?P<kind>[a-z]+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
_NAME: Final = re.compile(r"[\w./-]+\.[a-z]+")
_PROMPT: Final = "$ "


class Command(NamedTuple):
    """One command of a page.

    Attributes:
        line: Where it stands.
        words: What is run.
        shown: What the page says that it prints.
    """

    line: int
    words: list[str]
    shown: str


def run_page(page: Path, folder: Path) -> int:
    """Work through a page in a folder, and return how many commands were run."""
    text, here, count = page.read_text("utf-8"), folder, 0
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        if block["kind"] == "console":
            for command in _commands(block["text"], line + 1):
                here = _run(command, here, page)
                count += 1
        elif block["title"] and _NAME.fullmatch(block["title"]):
            write = _edit if block["kind"] == "diff" else _write
            write(here / block["title"], block["text"], f"{page.name}:{line}")
    return count


def has_commands(page: Path) -> bool:
    """Whether there is a block of commands on a page."""
    return any(block["kind"] == "console" for block in _BLOCK.finditer(page.read_text("utf-8")))


def _commands(text: str, first: int) -> Iterator[Command]:
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.startswith(_PROMPT)]
    assert starts[:1] == [0], f"line {first}: a block of commands begins with a command"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        words = shlex.split(lines[start].removeprefix(_PROMPT))
        yield Command(first + start, words, "".join(lines[start + 1 : end]))


def _run(command: Command, here: Path, page: Path) -> Path:
    """Run a command in a folder, and return the folder that the next one is run in."""
    program, *arguments = command.words
    if program == "cd":
        return here / arguments[0]
    with chdir(here):
        printed = _PROGRAMS[program](arguments)
    pattern = re.escape(command.shown).replace("…\\\n", "(?s:.*)")
    assert re.fullmatch(pattern, printed), f"{page.name}:{command.line} prints this:\n{printed}"
    return here


def _criterion(arguments: list[str]) -> str:
    runner = CliRunner()
    return runner.invoke(
        make_app(), arguments, prog_name="criterion", catch_exceptions=False
    ).output


def _python(arguments: list[str]) -> str:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env={**_outside(), "PYTHONPATH": str(Path(__file__).parent.parent)},
    ).stdout


def _outside() -> dict[str, str]:
    """Return the environment of a terminal, not that of a worker of pytest."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


def _pytest(arguments: list[str]) -> str:
    """Run pytest with the plug-ins that the extra brings; times differ, and are all shown alike."""
    plugins = ("-p", "criterion_pytest", "-p", "syrupy", "-p", "no:cacheprovider")
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *arguments],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env={**_outside(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    return re.sub(r"(?<= in )\d+\.\d+s", "0.05s", finished.stdout)


def _cat(arguments: list[str]) -> str:
    return "".join(Path(name).read_text("utf-8") for name in arguments)


_PROGRAMS: Final = {"cat": _cat, "criterion": _criterion, "pytest": _pytest, "python": _python}


def _write(file: Path, text: str, _: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _edit(file: Path, text: str, place: str) -> None:
    lines = text.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    before = file.read_text("utf-8")
    assert before.count(old) == 1, f"{place}: the file does not have these lines once"
    file.write_text(before.replace(old, new), "utf-8")
