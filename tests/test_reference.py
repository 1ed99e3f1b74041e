"""The reference: every public name, status, error class and code has a heading of its own."""

import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, get_args, is_typeddict

import pytest
from typer.main import get_command

import criterion
import criterion.analysis
import criterion.audit
import criterion.http
import criterion.http.limits
import criterion.policy
import criterion.testing
import criterion_asgi
import criterion_asgi.fastapi
import criterion_asgi.fastapi.limits
import criterion_asgi.limits
import criterion_flask
import criterion_flask.limits
import criterion_pytest
from criterion import exact
from criterion.allowance import KINDS as FINDINGS
from criterion.cli.app import make_app
from criterion.documents import cases_file, profile_file, yaml_text
from criterion.documents.allowances import ALLOWANCE_KEYS
from criterion.documents.decision_reader import KEYS, LETS_MAX, RULE_KEYS, RULES_MAX
from criterion.documents.field_limits import CHOICES_MAX, PATTERN_LENGTH_MAX
from criterion.documents.field_schema import FIELDS_MAX
from criterion.documents.field_words import WORDS
from criterion.documents.problems import PROBLEMS_MAX
from criterion.errors import CriterionError
from criterion.expression import numbers, operations, parse, parser, values, words
from criterion.expression.failure import FAILURES
from criterion.expression.functions import FUNCTIONS
from criterion.expression.mistake import MISTAKES
from criterion.folders import FILES_MAX
from criterion.http.limits.kinds import LIMIT_KINDS, VERDICT_KINDS
from criterion.http.options import ServiceOptions
from criterion.http.problem import KINDS
from criterion.policy import Policy
from criterion.policy.document.all_sections import SECTIONS
from criterion.policy.document.findings import RULES
from criterion.policy.rules import metering_verdict
from criterion.policy.ruling import FAILED
from criterion.policy.runtime import options
from criterion.policy.verdict import Verdict
from criterion.result import Result, RuleTrace, Status
from criterion.server.problems import SERVER_KINDS
from criterion.validation import CODES, ErrorDetail
from criterion_flask.commands import criterion as flask_commands
from criterion_flask.service import SETTINGS
from criterion_pytest.options import add_options

REFERENCE: Final = Path(__file__).parent.parent / "docs" / "reference"
_FENCED: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)
_WORD: Final = re.compile(r"`([^`]+)`")


def test_every_public_name_has_its_heading() -> None:
    assert missing(criterion.__all__, "api.md") == []


def test_every_public_name_of_the_test_kit_has_its_heading() -> None:
    assert missing(["criterion.testing", *criterion.testing.__all__], "testing.md") == []


def test_every_public_name_of_the_audit_trail_has_its_heading() -> None:
    assert missing(criterion.audit.__all__, "audit.md") == []


def test_every_public_name_and_kind_of_finding_of_the_analysis_stands_on_its_page() -> None:
    page = (REFERENCE / "analysis.md").read_text("utf-8")

    assert missing(criterion.analysis.__all__, "analysis.md") == []
    assert [kind for kind in FINDINGS if f"| `{kind}` |" not in page] == []


def test_every_status_has_its_heading() -> None:
    assert missing(Status.__members__, "results.md") == []


def test_every_attribute_of_a_result_has_its_heading() -> None:
    attributes = [name for name in vars(Result) if not name.startswith("_")]

    assert missing(attributes, "results.md") == []


def test_every_class_of_error_has_a_heading_with_its_code() -> None:
    codes = [error.code for error in classes(CriterionError)]

    assert missing(codes, "errors.md") == []


def test_every_code_of_a_result_has_its_heading() -> None:
    assert missing(CODES, "errors.md") == []


def test_every_function_failure_and_mistake_of_expressions_has_its_heading() -> None:
    assert missing([*FUNCTIONS, *FAILURES, *MISTAKES], "expressions.md") == []


def test_every_key_of_a_file_and_every_word_of_a_field_has_its_heading() -> None:
    keys = [
        *KEYS,
        *RULE_KEYS,
        *ALLOWANCE_KEYS,
        *profile_file.KEYS,
        *cases_file.KEYS,
        *cases_file.CASE_KEYS,
    ]

    assert missing([*keys, *WORDS], "decision-files.md") == []


def test_every_option_and_fixture_of_the_plug_in_has_its_heading() -> None:
    parser = pytest.Parser(_ispytest=True)
    add_options(parser)
    options = parser.getgroup("criterion").options
    names = [name for option in options for name in option.names()]

    assert len(names) == 4
    assert missing([*names, *criterion_pytest.__all__], "pytest.md") == []


def test_every_option_of_a_command_stands_on_its_page() -> None:
    page = (REFERENCE / "cli.md").read_text("utf-8")
    options = {
        (name, command)
        for command, made in commands(get_command(make_app()))
        for parameter in made.params
        for name in parameter.opts
        if name.startswith("--")
    }

    assert {command.count(" ") for _, command in options} >= {0, 1, 2}
    assert sorted(pair for pair in options if f"`{pair[0]}" not in page) == []


def test_every_limit_stands_on_its_page() -> None:
    limits = {
        "expressions.md": [
            *(parse.LENGTH_MAX, parser.PARTS_MAX, parser.DEPTH_MAX, parse.TEXT_LENGTH_MAX),
            *(exact.INTEGER_MAX, exact.DIGITS_MAX, exact.EXPONENT_MAX, numbers.POWER_MAX),
            *(values.TEXT_LENGTH_MAX, operations.STEPS_MAX, words.NAME_LENGTH_MAX),
        ],
        "decision-files.md": [
            *(yaml_text.BYTES_MAX, yaml_text.NODES_MAX, yaml_text.DEPTH_MAX),
            *(yaml_text.ALIASES_MAX, yaml_text.SCALAR_LENGTH_MAX, RULES_MAX, LETS_MAX),
            *(FIELDS_MAX, CHOICES_MAX, PATTERN_LENGTH_MAX, cases_file.CASES_MAX, FILES_MAX),
            PROBLEMS_MAX,
        ],
    }

    for page, figures in limits.items():
        part = (REFERENCE / page).read_text("utf-8").partition("\n## Limits\n")[2]
        table = part.partition("\n## ")[0]
        assert [figure for figure in figures if f"{figure:,}" not in table] == []


def test_every_command_has_its_heading() -> None:
    names = [name for name, _ in commands(get_command(make_app()))]

    assert {"list", "audit verify", "policy show"} <= set(names)
    assert missing(names, "cli.md") == []


def test_every_name_and_every_problem_of_http_has_its_heading() -> None:
    assert missing([*criterion.http.__all__, *KINDS], "http.md") == []


def test_every_name_and_every_problem_of_limits_stands_on_its_page() -> None:
    names = [
        *criterion.http.limits.__all__,
        *criterion_flask.limits.__all__,
        *criterion_asgi.limits.__all__,
        *criterion_asgi.fastapi.limits.__all__,
    ]
    kinds = {**LIMIT_KINDS, **VERDICT_KINDS}
    page = (REFERENCE / "limits.md").read_text("utf-8")

    assert missing(names, "limits.md") == []
    rows = [f"\n| `{code}` | {kind.status} | {kind.title} |" for code, kind in kinds.items()]
    assert [row for row in rows if row not in page] == []


def test_every_name_of_the_asgi_adapter_has_its_heading() -> None:
    assert missing([*criterion_asgi.__all__, *criterion_asgi.fastapi.__all__], "asgi.md") == []


def test_every_problem_of_the_server_has_its_heading() -> None:
    assert missing(SERVER_KINDS, "http.md") == []


def test_every_name_and_every_command_of_flask_has_its_heading() -> None:
    commands = [f"flask criterion {command}" for command in flask_commands.commands]

    assert missing([*commands, *criterion_flask.__all__], "flask.md") == []


def test_every_setting_of_flask_stands_in_a_table() -> None:
    page = (REFERENCE / "flask.md").read_text("utf-8")

    assert [name for name in SETTINGS if f"\n| `{name}` |" not in page] == []


def test_every_option_of_a_service_stands_in_a_table() -> None:
    page = (REFERENCE / "http.md").read_text("utf-8")
    options = [option.name for option in dataclasses.fields(ServiceOptions)]

    assert [option for option in options if f"\n| `{option}` |" not in page] == []


def test_every_part_of_a_trace_and_of_an_error_stands_in_a_table() -> None:
    page = (REFERENCE / "results.md").read_text("utf-8")
    parts = [*RuleTrace._fields, *ErrorDetail._fields]

    assert [part for part in parts if f"\n| `{part}` |" not in page] == []


def missing(names: Iterable[str], page: str) -> list[str]:
    """Return the names without a heading of the page."""
    known = headings(page)
    return [name for name in names if name not in known]


def headings(page: str) -> set[str]:
    """Return the words in backticks in the headings of a page, outside its examples."""
    prose = _FENCED.sub("", (REFERENCE / page).read_text("utf-8"))
    return {word for heading in _HEADING.findall(prose) for word in _WORD.findall(heading)}


def classes(root: type[CriterionError]) -> Iterator[type[CriterionError]]:
    """Yield a class of error and all that derive from it."""
    yield root
    for error in root.__subclasses__():
        if error.__module__ == "criterion.errors":
            yield from classes(error)


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- of click
    """Yield every command with the words that call it, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def test_every_public_name_of_policies_has_its_heading() -> None:
    assert missing(criterion.policy.__all__, "policy.md") == []


def test_every_method_of_a_policy_has_its_heading() -> None:
    assert missing([name for name in dir(Policy) if not name.startswith("_")], "policy.md") == []


def test_every_public_name_of_the_policy_runtime_has_its_heading() -> None:
    assert missing(criterion.policy.__all__, "policy.md") == []


def test_every_method_of_a_policy_names_its_arguments_and_where_its_options_stand() -> None:
    page = (REFERENCE / "policy.md").read_text("utf-8")

    for name, method in inspect.getmembers(Policy, inspect.isroutine):
        if name.startswith("_"):
            continue
        text = page.split(f"### `{name}`\n", 1)[1].partition("\n#")[0]
        for each in inspect.signature(inspect.unwrap(method)).parameters.values():
            if each.kind is each.VAR_KEYWORD:
                kind = get_args(each.annotation)[0].__name__.removesuffix("Options").lower()
                assert f"Options: [{kind}](#options)." in text, name
            else:
                assert each.name in {"self", "cls", "metadata"} or each.name in text, name


def test_every_attribute_code_and_option_of_a_call_stands_in_a_table() -> None:
    page = (REFERENCE / "policy.md").read_text("utf-8")
    attributes = [name for name in vars(Verdict) if not name.startswith("_")]
    codes = [rule.id.replace("-", "_") for rule in metering_verdict.rules]
    kinds = [each for each in vars(options).values() if is_typeddict(each)]
    names = [name for kind in kinds for name in kind.__annotations__]

    own = set(attributes) - set(vars(Result))
    words = [*own, *codes, *names, FAILED]
    assert [word for word in words if f"| `{word}` |" not in page] == []


def test_every_key_of_a_policy_stands_in_the_table_of_its_section() -> None:
    parts = re.split(
        r"^### `(\w+)`$", (REFERENCE / "policy-files.md").read_text("utf-8"), flags=re.MULTILINE
    )
    tables = dict(zip(parts[1::2], parts[2::2], strict=True))

    assert tables.keys() == SECTIONS.keys()
    for name, section in SECTIONS.items():
        keys = re.findall(r"^\| `(\w+)` \|", tables[name].partition("\n## ")[0], flags=re.MULTILINE)
        assert keys == list(section.fields)


def test_every_rule_of_a_policy_stands_in_the_table_of_rules() -> None:
    rules = (REFERENCE / "policy-files.md").read_text("utf-8").partition("## Rules")[2]

    assert re.findall(r"^\| `([a-z-]+)` \|", rules, flags=re.MULTILINE) == list(RULES)
