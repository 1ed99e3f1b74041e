"""Reading allowances: what stands under ``lint`` in a decision file."""

from collections.abc import Container, Iterator
from typing import Final

from criterion.allowance import KINDS, Allowance
from criterion.documents.problems import Problems
from criterion.documents.sections import items_of, section, text_of
from criterion.documents.yaml_text import Node
from criterion.text import code, did_you_mean, listing

ALLOWANCE_KEYS: Final = ("allow", "rule", "because")

_ALLOWED: Final = tuple(kind for kind in KINDS if kind != "allowance")


def read_allowances(
    node: Node | None, rules: Container[str], problems: Problems
) -> Iterator[Allowance]:
    """Yield the allowances of a decision file, and note what is wrong with any."""
    for item in items_of(node, problems, "`lint`"):
        members = section(
            item, problems, "an allowance", known=ALLOWANCE_KEYS, required=("allow", "because")
        )
        kind = text_of(members.get("allow"), problems, "`allow`")
        because = text_of(members.get("because"), problems, "`because`")
        rule = text_of(members.get("rule"), problems, "`rule`")
        if kind is not None and kind not in _ALLOWED:
            hint = did_you_mean(kind, _ALLOWED) or f"write {listing(map(code, _ALLOWED))}"
            message = f"{code(kind)} is not a kind of finding that can be allowed"
            problems.add(members["allow"].start, message, hint)
        elif rule is not None and rule not in rules:
            problems.add(members["rule"].start, f"there is no rule {code(rule)}")
        elif kind is not None and because is not None:
            yield Allowance(kind, rule, because)
