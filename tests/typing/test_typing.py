"""What a type checker says of code that users write: right code passes, mistakes are found."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent.parent
INFERRED: Final = Path(__file__).parent / "inferred.py"

CANNOT_INFER: Final = "misc"
"""The code where types contradict one another without one of them being the wrong one."""

RULE: Final = """
rule: Rule[Usage, Limits, Verdict] = Rule(id="r", when={when}, emit={emit}, explain={explain})
"""
DECISION: Final = """
decision = Decision(
    id="d",
    version="1.0.0",
    input=Usage,
    profile=Limits,
    output=Verdict,
    rules=(
        Rule(
            id="r",
            when={when},
            emit={emit},
            explain={explain},
        ),
    ),
)
"""
GOOD: Final = {
    "when": "lambda usage, limits: usage.amount <= limits.maximum",
    "emit": "lambda usage, limits: Verdict(allowed=True)",
    "explain": 'lambda usage, limits: f"{usage.amount} of {limits.maximum}"',
}
MISTAKES: Final = {
    "a misspelt fact in a condition": ({"when": "lambda u, p: u.amuont > 1"}, "attr-defined"),
    "a misspelt number in a condition": ({"when": "lambda u, p: p.maximun > 1"}, "attr-defined"),
    "a misspelt fact in an emit": (
        {"emit": "lambda u, p: Verdict(allowed=u.amuont > 1)"},
        "attr-defined",
    ),
    "a misspelt fact in an explanation": (
        {"explain": 'lambda u, p: f"{u.amuont}"'},
        "attr-defined",
    ),
    "a condition that is no truth value": ({"when": "lambda u, p: u.amount"}, "return-value"),
    "a condition that is misspelt": ({"when": '"otherwize"'}, "arg-type"),
    "an explanation that is no text": ({"explain": "lambda u, p: u.amount"}, "return-value"),
    "an emit of another schema": ({"emit": "lambda u, p: u"}, "return-value"),
    "an asynchronous condition": ({"when": "later"}, "arg-type"),
}
LINES: Final = {
    "a misspelt member of the data": ("engine.run(limited, {}).unwrap().alowed", "attr-defined"),
    "data that may be missing": ("engine.run(limited, {}).data.allowed", "union-attr"),
    "facts of another schema": ("engine.run(limited, Limits(maximum=1))", CANNOT_INFER),
    "bound facts of another schema": ("engine.bind(limited)(Limits(maximum=1))", "arg-type"),
    "a profile that is a number": ("engine.run(limited, {}, 7)", "arg-type"),
    "a rule for a decision": ("engine.run(limited.rules[0], {})", "arg-type"),
    "something else than a decision": ('engine.bind("limited")', "arg-type"),
    "a version that is set": ('limited.version = "2.0.0"', "misc"),
    "a rule without an id": ('Rule(when="otherwise", emit=lambda f, p: {})', "call-arg"),
    "a fixed clock without an instant": ("FixedClock()", "call-arg"),
}
HEAD: Final = """
from criterion import Decision, Engine, FixedClock, Rule
from tests.typing.inferred import Limits, Usage, Verdict, limited

engine = Engine()

async def later(usage: Usage, limits: Limits) -> bool:
    return usage.amount < limits.maximum

"""


def files() -> dict[str, str]:
    """Return the text of a file for each mistake, by a name that says which it is."""
    sources = {"right decision": DECISION.format(**GOOD), "right rule": RULE.format(**GOOD)}
    for name, (parts, _) in MISTAKES.items():
        sources[f"{name} of a decision"] = DECISION.format(**{**GOOD, **parts})
        sources[f"{name} of a rule"] = RULE.format(**{**GOOD, **parts})
    sources |= {name: f"{line}\n" for name, (line, _) in LINES.items()}
    return {f"{re.sub(r'[^a-z]', '_', name)}.py": HEAD + text for name, text in sources.items()}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the codes of the errors in each file."""
    folder = tmp_path_factory.mktemp("typing")
    for name, text in files().items():
        (folder / name).write_text(text, "utf-8")
    config, cache = ROOT / "pyproject.toml", folder / "cache"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        config,
        "--cache-dir",
        cache,
    ]
    finished = subprocess.run(
        [*command, "--no-error-summary", INFERRED, *folder.glob("*.py")],
        cwd=ROOT,
        env={"MYPYPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert finished.returncode in {0, 1}, finished.stderr
    codes: dict[str, set[str]] = {name: set() for name in [INFERRED.name, *files()]}
    pattern = re.compile(r"^(.+?):\d+: error: .*\[([a-z-]+)\]$", re.MULTILINE)
    for path, code in pattern.findall(finished.stdout):
        codes.setdefault(Path(path).name, set()).add(code)
    return codes


def errors_in(found: dict[str, set[str]], name: str) -> set[str]:
    return found[f"{re.sub(r'[^a-z]', '_', name)}.py"]


def test_what_is_inferred_is_what_we_promise(found: dict[str, set[str]]) -> None:
    assert found["inferred.py"] == set()


@pytest.mark.parametrize("name", ["right decision", "right rule"])
def test_code_without_a_mistake_passes(name: str, found: dict[str, set[str]]) -> None:
    assert errors_in(found, name) == set()


@pytest.mark.parametrize("place", ["a decision", "a rule"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_rule_is_found(name: str, place: str, found: dict[str, set[str]]) -> None:
    assert errors_in(found, f"{name} of {place}") & {MISTAKES[name][1], CANNOT_INFER}


@pytest.mark.parametrize("name", LINES)
def test_a_mistake_at_a_call_is_found(name: str, found: dict[str, set[str]]) -> None:
    assert LINES[name][1] in errors_in(found, name)
