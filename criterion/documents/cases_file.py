"""Cases files: what a decision is expected to say, one row of a table each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from criterion.decision import Decision
from criterion.documents.problems import Problems
from criterion.documents.sections import id_of, items_of, members_of, section, text_of
from criterion.documents.yaml_text import Node, read_yaml
from criterion.result import Status
from criterion.text import code, did_you_mean, listing

CASES_MAX: Final = 10_000
"""How many cases one file may have."""

KEYS: Final = ("decision", "profile", "cases")
CASE_KEYS: Final = ("name", "facts", "profile", "rule", "status", "data", "explanation", "errors")
_ELSEWHERE: Final = {
    **dict.fromkeys(("input", "given"), "did you mean `facts`?"),
    **dict.fromkeys(("matched", "matched_rule", "expected"), "did you mean `rule`?"),
    **dict.fromkeys(("output", "result", "emit"), "did you mean `data`?"),
    **dict.fromkeys(("explain", "reason", "because"), "did you mean `explanation`?"),
    "id": "did you mean `name`?",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is expected for one set of facts.

    Attributes:
        name: Unique in its file.
        facts: The input, as plain data.
        profile: The profile's name; ``None`` for a decision that needs none.
        rule: The rule that should match; ``None`` where none should.
        status: How the evaluation should end.
        data: Members that the data should have; others are not looked at.
        explanation: The exact sentence, or ``None`` where any will do.
        errors: The paths of the errors, in any order, or ``None`` where any will do.
        line: Where it stands in its file.
    """

    name: str
    facts: Mapping[str, Any]
    profile: str | None
    rule: str | None
    status: Status
    data: Mapping[str, Any]
    explanation: str | None
    errors: tuple[str, ...] | None
    line: int = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class CasesFile:
    """What a cases file says.

    Attributes:
        decision: The id of the decision.
        cases: In the order of the file.
    """

    decision: str
    cases: tuple[Case, ...]
    _root: Node = field(compare=False, repr=False)
    _problems: Problems = field(compare=False, repr=False)

    def check(self, decision: Decision[Any, Any, Any]) -> None:
        """Check that the cases speak of rules and of data that the decision has.

        Raises:
            DocumentError: They do not; lists every mistake.
        """
        rules = [rule.id for rule in decision.rules]
        members = [info.alias or name for name, info in decision.output.model_fields.items()]
        for item in (self._root.members or {})["cases"].items or ():
            parts = item.members or {}
            rule, data = parts.get("rule"), parts.get("data")
            if rule is not None and rule.value is not None and rule.value not in rules:
                _unknown(rule, str(rule.value), rules, "rule", self._problems)
            for name in data.keys if data is not None else {}:
                if name not in members and data is not None:
                    _unknown(data.keys[name], name, members, "member of the output", self._problems)
        self._problems.raise_if_any()


def _unknown(node: Node, name: str, known: list[str], what: str, problems: Problems) -> None:
    hint = did_you_mean(name, known) or f"there is {listing(map(code, known), 'and')}"
    problems.add(node.start, f"the decision has no {what} {code(name)}", hint)


def read_cases(source: str | bytes, file: str = "<text>") -> CasesFile:
    """Read cases from YAML text.

    Raises:
        DocumentError: The text has mistakes; lists all of them.
    """
    root, problems = read_yaml(source, file)
    members = section(root, problems, "a cases file", known=KEYS, required=("decision", "cases"))
    decision = id_of(members.get("decision"), problems, "`decision`")
    profile = id_of(members.get("profile"), problems, "`profile`")
    node = members.get("cases")
    items = items_of(node, problems, "`cases`")
    if node is not None and node.items is not None and not 0 < len(items) <= CASES_MAX:
        problems.add(node.start, f"a file has between one and {CASES_MAX:_} cases")
        items = []
    cases = [case for item in items if (case := _case(item, profile, problems))]
    _check_names(cases, items, problems)
    problems.raise_if_any()
    return CasesFile(decision=decision, cases=tuple(cases), _root=root, _problems=problems)


def _case(item: Node, profile: str, problems: Problems) -> Case | None:
    noted = len(problems)
    members = section(
        item, problems, "a case", known=CASE_KEYS, required=("name", "facts"), hints=_ELSEWHERE
    )
    if not members:
        return None
    status, rule = _expected(item, members, problems)
    facts, data = members.get("facts"), members.get("data")
    members_of(facts, problems, "`facts`")
    members_of(data, problems, "`data`")
    own = id_of(members.get("profile"), problems, "`profile`")
    case = Case(
        name=text_of(members.get("name"), problems, "`name`") or "",
        facts=facts.value if facts is not None else {},
        profile=own or profile or None,
        rule=rule,
        status=status,
        data=data.value if data is not None else {},
        explanation=text_of(members.get("explanation"), problems, "`explanation`"),
        errors=_errors(members.get("errors"), problems),
        line=problems.place(item.start).line,
    )
    return case if len(problems) == noted else None


def _expected(
    item: Node, members: dict[str, Node], problems: Problems
) -> tuple[Status, str | None]:
    rule_node, status_node = members.get("rule"), members.get("status")
    rule = None
    if rule_node is not None and rule_node.value is not None:
        rule = id_of(rule_node, problems, "`rule`")
    status = Status.OK if rule is not None else Status.NO_MATCH
    if status_node is None:
        if rule_node is None:
            hint = "name the rule that should match; `rule: null` where none should"
            problems.add(item.start, "`rule` is missing from a case", hint)
        return status, rule
    if status_node.value not in Status.__members__:
        hint = did_you_mean(str(status_node.value), Status) or listing(map(code, Status))
        problems.add(status_node.start, f"{code(str(status_node.value))} is not a status", hint)
        return status, rule
    status = Status[status_node.value]
    if (status is Status.OK) != (rule is not None):
        hint = "only with `status: OK` a rule has matched; name it then"
        problems.add(status_node.start, "`status` and `rule` do not go together", hint)
    return status, rule


def _errors(node: Node | None, problems: Problems) -> tuple[str, ...] | None:
    if node is None:
        return None
    items = items_of(node, problems, "`errors`")
    if not all(isinstance(item.value, str) for item in items):
        problems.add(node.start, "`errors` must be a list of paths", 'as in `[plan, ""]`')
        return None
    return tuple(item.value for item in items)


def _check_names(cases: list[Case], items: list[Node], problems: Problems) -> None:
    seen: dict[str, int] = {}
    starts = {problems.place(item.start).line: item for item in items}
    for case in cases:
        if case.name in seen:
            message = f"the case in line {seen[case.name]} has this name already"
            members = starts[case.line].members or {}
            problems.add(members["name"].start, message, "rename one of them")
        seen.setdefault(case.name, case.line)
