"""Reading decisions: a decision file from YAML text, with every mistake in it found at once."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from criterion.documents.allowances import read_allowances
from criterion.documents.body_check import BodyCheck
from criterion.documents.body_text import RuleNodes, Trees, data_of
from criterion.documents.decision_file import DecisionFile, RuleText
from criterion.documents.field_schema import shape_of
from criterion.documents.problems import Problems
from criterion.documents.schema_reference import referenced
from criterion.documents.sections import (
    id_of,
    items_of,
    members_of,
    section,
    text_of,
    version_of,
)
from criterion.documents.yaml_text import Node, read_yaml
from criterion.expression.schema_types import type_of_node
from criterion.expression.tree import Body
from criterion.rule import OTHERWISE
from criterion.schema import NoProfile
from criterion.shape import Shape, Shapes
from criterion.text import code

RULES_MAX: Final = 1_000
"""How many rules one decision may have."""
LETS_MAX: Final = 200
"""How many lets one decision may have."""

KEYS: Final = (
    "decision", "version", "title", "owner", "input", "profile", "output", "let", "emit", "rules",
    "lint",
)  # fmt: skip
RULE_KEYS: Final = ("id", "when", "emit", "explain")

_ELSEWHERE: Final = {
    "id": "the id of a decision stands behind `decision`",
    "name": "the id of a decision stands behind `decision`",
    "description": "write it into the `title`, or as a comment",
    **dict.fromkeys(("when", "explain"), "it belongs into a rule: indent it under `rules`"),
    "values": "numbers stand in a profile, in a file of their own",
    "schema": "write `input`, `profile` and `output`",
    "inputs": "did you mean `input`?",
    "lets": "did you mean `let`?",
}
_RULE_ELSEWHERE: Final = {
    **dict.fromkeys(("if", "condition", "unless"), "did you mean `when`?"),
    **dict.fromkeys(("then", "output", "return", "result", "do"), "did you mean `emit`?"),
    **dict.fromkeys(("because", "reason", "message"), "did you mean `explain`?"),
    **dict.fromkeys(("name", "rule"), "did you mean `id`?"),
    "let": "lets are shared by all rules: put it beside `rules`",
    "else": "add a last rule with `when: otherwise`",
}


def read_decision(
    source: str | bytes, file: str = "<text>", *, imports: bool = False
) -> DecisionFile:
    """Read a decision from YAML text.

    Args:
        source: The text, or its bytes.
        file: The file's name, for problems.
        imports: Whether a schema may be named by its Python module, which is then imported.

    Raises:
        DocumentError: The text has mistakes; lists all of them.
    """
    root, problems = read_yaml(source, file)
    return _Reader(root, problems, imports=imports).decision()


class Placed(NamedTuple):
    """What a file decides by, and where each part of it stands.

    Attributes:
        body: Its lets and rules; the columns count from the beginning of the file.
        offsets: Where the id of each rule stands.
        problems: Tells line and column of an offset.
    """

    body: Body
    offsets: Mapping[str, int]
    problems: Problems


def read_placed(source: str | bytes, file: str = "<text>") -> Placed:
    """Read once more the lets and rules of a file that has no mistakes."""
    root, problems = read_yaml(source, file)
    return _Reader(root, problems, imports=False).placed()


class _Reader:
    """Reads one file; every mistake is noted before any is raised."""

    def __init__(self, root: Node, problems: Problems, *, imports: bool) -> None:
        self._problems = problems
        self._imports = imports
        self._members = section(
            root, problems, "a decision", known=KEYS, required=_REQUIRED, hints=_ELSEWHERE
        )

    def decision(self) -> DecisionFile:
        members, problems = self._members, self._problems
        id = id_of(members.get("decision"), problems, "`decision`")
        version = version_of(members.get("version"), problems)
        title = text_of(members.get("title"), problems, "`title`")
        owner = text_of(members.get("owner"), problems, "`owner`")
        noted = len(problems)
        shapes = Shapes._make(self._shape(name, id) for name in Shapes._fields)
        is_sound = len(problems) == noted and members.keys() >= {"input", "output"}
        input, profile, output = (type_of_node(shape.node) for shape in shapes)
        lets = self._lets()
        shared = self._shared()
        rules = list(self._rules(shared))
        body = Trees(problems).body(lets, rules)
        ids = {rule.id for rule in rules}
        allowances = tuple(read_allowances(members.get("lint"), ids, problems))
        let = members.get("let")
        if is_sound and (let is None or let.members is not None):
            BodyCheck(let, rules, problems).note(body, shapes.output, (input, profile, output))
        problems.raise_if_any()
        return DecisionFile(
            id=id,
            version=version,
            title=title,
            owner=owner,
            **{name: self._value(name) for name in ("input", "profile", "output")},
            let={name: data_of(node) for name, node in lets.items()},
            emit={name: node.value for name, node in shared.items()},
            rules=tuple(_rule_text(rule, shared) for rule in rules),
            shapes=shapes,
            types=(input, profile),
            body=body,
            allowances=allowances,
        )

    def placed(self) -> Placed:
        rules = list(self._rules(self._shared()))
        body = Trees(self._problems, in_file=True).body(self._lets(), rules)
        return Placed(body, {rule.id: rule.node.start for rule in rules}, self._problems)

    def _value(self, name: str) -> Any:  # noqa: ANN401 -- plain data
        node = self._members.get(name)
        return None if node is None else node.value

    def _shape(self, name: str, id: str) -> Shape:
        node = self._members.get(name)
        if node is None or node.is_broken:
            return Shape.of(NoProfile)
        if isinstance(node.value, str):
            return Shape.of(referenced(node, self._problems, imports=self._imports) or NoProfile)
        words = id.replace("_", "-").split("-")
        title = "".join(word.capitalize() for word in (*words, name))
        return shape_of(title, node, self._problems)

    def _lets(self) -> dict[str, Node]:
        node = self._members.get("let")
        if node is None:
            return {}
        lets = members_of(node, self._problems, "`let`")
        if len(lets) > LETS_MAX:
            self._problems.add(node.start, f"there are more than {LETS_MAX} lets")
            return {}
        return lets

    def _shared(self) -> dict[str, Node]:
        node = self._members.get("emit")
        return {} if node is None else members_of(node, self._problems, "`emit`")

    def _rules(self, shared: dict[str, Node]) -> Iterator[RuleNodes]:
        node = self._members.get("rules")
        items = items_of(node, self._problems, "`rules`")
        if node is not None and node.items is not None and not 0 < len(items) <= RULES_MAX:
            self._problems.add(node.start, f"a decision has between one and {RULES_MAX:_} rules")
            items = []
        seen: dict[str, Node] = {}
        catch_all: str | None = None
        for item in items:
            rule = self._rule(item, shared)
            if rule is None:
                continue
            if catch_all is not None:
                message = f"can never match: {code(catch_all)} before it always does"
                hint = "move the rule that always matches to the end"
                self._problems.add(item.start, message, hint)
            if rule.id in seen:
                line = self._problems.place(seen[rule.id].start).line
                message = f"the rule in line {line} has the id {code(rule.id)} already"
                self._problems.add(rule.node.start, message, "rename one of them")
            seen.setdefault(rule.id, rule.node)
            if rule.when is not None and rule.when.value == OTHERWISE:
                catch_all = catch_all or rule.id
            yield rule

    def _rule(self, item: Node, shared: dict[str, Node]) -> RuleNodes | None:
        problems = self._problems
        members = section(
            item,
            problems,
            "a rule",
            known=RULE_KEYS,
            required=("id", "when"),
            hints=_RULE_ELSEWHERE,
        )
        id = id_of(members.get("id"), problems, "`id`")
        if not members:
            return None
        emit = members_of(members["emit"], problems, "`emit`") if "emit" in members else {}
        keys = members["emit"].keys if "emit" in members else {}
        return RuleNodes(
            id=id or f"…{item.start}",
            node=members.get("id", item),
            when=members.get("when"),
            emit={**shared, **emit},
            keys={**self._shared_keys(), **keys},
            explain=members.get("explain"),
        )

    def _shared_keys(self) -> dict[str, Node]:
        node = self._members.get("emit")
        return {} if node is None else node.keys


_REQUIRED: Final = ("decision", "version", "input", "output", "rules")


def _rule_text(rule: RuleNodes, shared: Mapping[str, Node]) -> RuleText:
    own = {name: node for name, node in rule.emit.items() if shared.get(name) is not node}
    return RuleText(
        id=rule.id,
        when=str(rule.when.value) if rule.when is not None else OTHERWISE,
        emit={name: node.value for name, node in own.items()},
        explain=None if rule.explain is None else rule.explain.value,
    )
