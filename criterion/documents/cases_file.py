"""Cases files: what a decision is expected to say, one row of a table each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from criterion.conditions import Condition, Unreachable, mistake_in
from criterion.decision import Decision
from criterion.documents.problems import Problems
from criterion.documents.sections import id_of, items_of, members_of, profile_of, section, text_of
from criterion.documents.yaml_text import Node, read_yaml
from criterion.result import Status
from criterion.text import code, did_you_mean, listing

CASES_MAX: Final = 10_000
"""How many cases one file may have."""

KEYS: Final = ("decision", "profile", "cases", "unreachable", "equivalent")
CASE_KEYS: Final = ("name", "facts", "profile", "rule", "status", "data", "explanation", "errors")
UNREACHABLE_KEYS: Final = ("condition", "in", "is", "because")
EQUIVALENT_KEYS: Final = ("in", "from", "to", "because")
_ELSEWHERE: Final = {
    **dict.fromkeys(("input", "given"), "did you mean `facts`?"),
    **dict.fromkeys(("matched", "matched_rule", "expected"), "did you mean `rule`?"),
    **dict.fromkeys(("output", "result", "emit"), "did you mean `data`?"),
    **dict.fromkeys(("explain", "reason", "because"), "did you mean `explanation`?"),
    "id": "did you mean `name`?",
}

CaseProfile: TypeAlias = str | Mapping[str, Any] | None
"""A profile by its name, or ``name@version``, or by its values."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is expected for one set of facts.

    Attributes:
        name: Unique in its file.
        facts: The input, as plain data.
        profile: The profile's name, or ``name@version``, or the values themselves; ``None`` for a
            decision that needs none.
        rule: The rule that should match; ``None`` where none should.
        status: How the evaluation should end.
        data: Members that the data should have; others are not looked at.
        explanation: The exact sentence, or ``None`` where any will do.
        errors: The paths of the errors, in any order, or ``None`` where any will do.
        line: Where it stands in its file.
    """

    name: str
    facts: Mapping[str, Any]
    profile: CaseProfile
    rule: str | None
    status: Status
    data: Mapping[str, Any]
    explanation: str | None
    errors: tuple[str, ...] | None
    line: int = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Equivalent:
    """A change of the decision that changes no answer, so that no case can notice it.

    Attributes:
        place: Where it is made: ``let.usage``, ``rules.heavy.when``, ``rules.heavy.emit.fee``,
            ``emit.fee`` where rules share it, ``rules`` for their order.
        before: What is written there.
        after: What would stand in its place.
        because: Why no answer changes.
        line: Where that is said in its file.
    """

    place: str
    before: str
    after: str
    because: str
    line: int = field(compare=False)

    def names(self, place: str, before: str, after: str) -> bool:
        """Whether it speaks of a change."""
        return (self.place, self.before, self.after) == (place, before, after)


@dataclass(frozen=True, kw_only=True)
class CasesFile:
    """What a cases file says.

    Attributes:
        decision: The id of the decision.
        profile: What the cases run under that name no other; ``None`` where none is shared.
        cases: In the order of the file.
        unreachable: Arms of the decision's conditions that no facts can reach, each with a reason.
        equivalent: Changes of the decision that no case can notice.
    """

    decision: str
    profile: CaseProfile
    cases: tuple[Case, ...]
    unreachable: tuple[Unreachable, ...] = ()
    equivalent: tuple[Equivalent, ...] = ()
    _root: Node = field(compare=False, repr=False)
    _problems: Problems = field(compare=False, repr=False)

    def check_id(self, known: Collection[str]) -> None:
        """Check that there is a decision of the id that the cases are about.

        Raises:
            DocumentError: There is none; at the place of the id.
        """
        if self.decision not in known:
            node = (self._root.members or {})["decision"]
            message = f"there is no decision {code(self.decision)}"
            self._problems.add(node.start, message, did_you_mean(self.decision, known))
        self._problems.raise_if_any()

    def check(
        self, decision: Decision[Any, Any, Any], profiles: Collection[str] | None = None
    ) -> None:
        """Check that the cases speak of rules, data and profiles that there are.

        Args:
            decision: What they are about.
            profiles: The names of those that are for the decision; ``None`` if they are unknown.

        Raises:
            DocumentError: They do not; lists every mistake.
        """
        rules = [rule.id for rule in decision.rules]
        members = [info.alias or name for name, info in decision.output.model_fields.items()]
        for parts in self._parts():
            rule, data = parts.get("rule"), parts.get("data")
            if rule is not None and rule.value is not None and rule.value not in rules:
                _unknown(rule, str(rule.value), rules, "the decision has no rule", self._problems)
            for name, key in (data.keys if data is not None else {}).items():
                if name not in members:
                    _unknown(key, name, members, "the output has no member", self._problems)
        if profiles is not None and decision.profile.model_fields:
            self._check_profiles(profiles)
        self._problems.raise_if_any()

    def check_unreachable(self, conditions: Sequence[Condition]) -> None:
        """Check that the arms that are declared unreachable are arms of these conditions.

        Raises:
            DocumentError: They are not; lists every mistake.
        """
        node = (self._root.members or {}).get("unreachable")
        for arm, item in zip(self.unreachable, (node and node.items) or (), strict=True):
            mistaken = mistake_in(arm, conditions)
            if mistaken is not None:
                key = "in" if mistaken.field == "place" else "condition"
                start = (item.members or {})[key].start
                self._problems.add(start, mistaken.message, mistaken.hint)
        self._problems.raise_if_any()

    def _check_profiles(self, known: Collection[str]) -> None:
        """Note profiles that are not there, but for cases that expect just that."""
        root = self._root.members or {}
        shared, parts = root.get("profile"), self._parts()
        own = [
            node
            for case, members in zip(self.cases, parts, strict=True)
            if case.status is not Status.INVALID_PROFILE
            and (node := members.get("profile", shared)) is not None
        ]
        for node in own:
            if node.members is None and node.value not in known:
                _unknown(node, str(node.value), known, _NO_PROFILE, self._problems)

    def _parts(self) -> list[dict[str, Node]]:
        return [item.members or {} for item in (self._root.members or {})["cases"].items or ()]


def _unknown(
    node: Node, name: str, known: Collection[str], message: str, problems: Problems
) -> None:
    there = f"there is {listing(map(code, known), 'and')}" if known else None
    hint = did_you_mean(name, known) or there
    problems.add(node.start, f"{message} {code(name)}", hint)


_NO_PROFILE: Final = "the decision runs under no profile"


def read_cases(source: str | bytes, file: str = "<text>") -> CasesFile:
    """Read cases from YAML text.

    Raises:
        DocumentError: The text has mistakes; lists all of them.
    """
    root, problems = read_yaml(source, file)
    members = section(root, problems, "a cases file", known=KEYS, required=("decision", "cases"))
    decision = id_of(members.get("decision"), problems, "`decision`")
    profile = _profile(members.get("profile"), problems)
    node = members.get("cases")
    items = items_of(node, problems, "`cases`")
    if node is not None and node.items is not None and not 0 < len(items) <= CASES_MAX:
        problems.add(node.start, f"a file has between one and {CASES_MAX:_} cases")
        items = []
    cases = [case for item in items if (case := _case(item, profile, problems))]
    _check_names(cases, items, problems)
    marked = items_of(members.get("unreachable"), problems, "`unreachable`")
    unreachable = tuple(_unreachable(item, problems) for item in marked)
    equals = items_of(members.get("equivalent"), problems, "`equivalent`")
    equivalent = tuple(_equivalent(item, problems) for item in equals)
    problems.raise_if_any()
    return CasesFile(
        decision=decision,
        profile=profile or None,
        cases=tuple(cases),
        unreachable=unreachable,
        equivalent=equivalent,
        _root=root,
        _problems=problems,
    )


def _case(item: Node, profile: CaseProfile, problems: Problems) -> Case | None:
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
    own = _profile(members.get("profile"), problems)
    case = Case(
        name=text_of(members.get("name"), problems, "`name`") or "",
        facts=facts.value if facts is not None else {},
        profile=profile if own is None else own,
        rule=rule,
        status=status,
        data=data.value if data is not None else {},
        explanation=text_of(members.get("explanation"), problems, "`explanation`"),
        errors=_errors(members.get("errors"), problems),
        line=problems.place(item.start).line,
    )
    return case if len(problems) == noted else None


def _profile(node: Node | None, problems: Problems) -> CaseProfile:
    """Return the name of a profile, or its values."""
    if node is not None and node.members is not None and not node.is_broken:
        values: Mapping[str, Any] = node.value
        return values
    return profile_of(node, problems) or None


def _unreachable(item: Node, problems: Problems) -> Unreachable:
    members = section(
        item, problems, "an unreachable arm", known=UNREACHABLE_KEYS, required=UNREACHABLE_KEYS
    )
    truth = members.get("is")
    if truth is not None and not truth.is_broken and not isinstance(truth.value, bool):
        problems.add(truth.start, "`is` must be `true` or `false`: what the condition never is")
    condition, place, because = (
        text_of(members.get(key), problems, f"`{key}`") or ""
        for key in ("condition", "in", "because")
    )
    is_true = truth is not None and truth.value is True
    return Unreachable(condition, place, is_true, because)


def _equivalent(item: Node, problems: Problems) -> Equivalent:
    members = section(
        item, problems, "an equivalent change", known=EQUIVALENT_KEYS, required=EQUIVALENT_KEYS
    )
    place, before, after, because = (
        text_of(members.get(key), problems, f"`{key}`") or "" for key in EQUIVALENT_KEYS
    )
    line = problems.place(item.start).line
    return Equivalent(place=place, before=before, after=after, because=because, line=line)


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
