"""Placing: where the parts of a decision stand in the file that it was read from."""

from dataclasses import replace

from criterion.analysis.finding import Place
from criterion.documents.body_text import RuleNodes, Trees
from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node, read_yaml
from criterion.expression.tree import Body, Expression


class Placing:
    """Knows a decision's body in the columns of its file."""

    def __init__(self, source: str | bytes, file: str) -> None:
        """Read the text of a decision that can be used."""
        root, self._problems = read_yaml(source, file)
        self._file = file
        self._members: dict[str, Node] = root.members or {}
        self._root = root
        self._rules = list(map(self._rule, self._members["rules"].items or ()))
        lets = self._members.get("let")
        trees = Trees(Problems(file, self._problems.text), in_file=True)
        self.body: Body = _shared(trees.body((lets and lets.members) or {}, self._rules))
        """Its lets and clauses; their columns count from the beginning of the file."""

    def _rule(self, item: Node) -> RuleNodes:
        members = item.members or {}
        shared = self._members.get("emit")
        own = members.get("emit")
        return RuleNodes(
            id=str(members["id"].value),
            node=members["id"],
            when=members.get("when"),
            emit={**((shared and shared.members) or {}), **((own and own.members) or {})},
            keys={},
            explain=members.get("explain"),
        )

    def of_node(self, node: Expression) -> Place:
        """Return where a part of the body stands."""
        return self._place(node.at - 1)

    def of_rule(self, id: str) -> Place:
        """Return where a rule has its id."""
        return self._place(next(rule.node.start for rule in self._rules if rule.id == id))

    def of_member(self, *path: str | int) -> Place:
        """Return where a key stands, or the nearest part above it that there is."""
        above = self._root.find(path[:-1])
        key = above.keys.get(str(path[-1])) if path else None
        return self._place((key or self._root.find(path)).start)

    def _place(self, offset: int) -> Place:
        line, column = self._problems.place(offset)
        return Place(file=self._file, line=line, column=column)


def _shared(body: Body) -> Body:
    """Return a body in which rules that emit one text of the file share its expression."""
    nodes: dict[Expression, Expression] = {}
    clauses = (
        replace(
            clause, emit=tuple((name, nodes.setdefault(node, node)) for name, node in clause.emit)
        )
        for clause in body.clauses
    )
    return replace(body, clauses=tuple(clauses))
