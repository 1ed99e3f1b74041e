"""Decision files: what an author's file says, equal where it means the same, and written again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from criterion.allowance import Allowance
from criterion.documents.yaml_writer import write_yaml
from criterion.expression.tree import Body
from criterion.expression.types import Type
from criterion.json_text import Plain, digest_of, plain
from criterion.quantity import UNLIMITED
from criterion.shape import Shape, Shapes


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """One rule as it is written; ``when`` is ``"otherwise"`` or an expression."""

    id: str
    when: str
    emit: Mapping[str, Any]
    explain: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionFile:
    """What a decision file says, checked.

    Two are equal when they say the same, whatever their layout and comments.

    Attributes:
        id: The decision's id.
        version: Its semantic version.
        title: What people call it.
        owner: Who answers for it.
        input: JSON Schema of each input field; or ``"package.module:Name"`` of a pydantic model.
        profile: The same of the profile; ``None`` where the decision needs none.
        output: The same of the output.
        let: Expressions as text, and data, by name.
        emit: Members that all rules share.
        rules: In order of precedence.
        shapes: What input, profile and output look like.
        body: The lets and rules as trees.
        types: The types of input and profile that the body was checked against.
        allowances: Findings of lint that are meant; they are no part of the digest.
    """

    id: str
    version: str
    title: str | None
    owner: str | None
    input: Mapping[str, Any] | str
    profile: Mapping[str, Any] | str | None
    output: Mapping[str, Any] | str
    let: Mapping[str, Any]
    emit: Mapping[str, Any]
    rules: tuple[RuleText, ...]
    shapes: Shapes = field(compare=False)
    body: Body = field(compare=False, repr=False)
    types: tuple[Type, Type] = field(compare=False, repr=False)
    allowances: tuple[Allowance, ...] = ()

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` over what the file says, but for titles, descriptions and the owner."""
        return digest_of(self.members)

    @property
    def names_models(self) -> bool:
        """Whether a schema is a pydantic model, so that the text alone does not say all of it."""
        return any(isinstance(part, str) for part in (self.input, self.profile, self.output))

    @property
    def members(self) -> Plain:
        """What the digest covers."""
        names = ("input", "profile", "output")
        shapes = self.shapes._asdict()
        members = {
            "decision": self.id,
            "version": self.version,
            **{name: _shape(getattr(self, name), shapes[name]) for name in names},
            "let": _identified(self.let),
            "rules": [
                {"id": rule.id, "when": rule.when, "emit": {**self.emit, **rule.emit}}
                | ({} if rule.explain is None else {"explain": rule.explain})
                for rule in self.rules
            ],
        }
        return plain(members)


def dump(decision: DecisionFile) -> str:
    """Return the decision as YAML; reading it again gives an equal one. Comments are lost."""
    head = {name: getattr(decision, name) for name in ("version", "title", "owner")}
    schemas = {name: getattr(decision, name) for name in ("input", "profile", "output")}
    shared = {name: part for name in ("let", "emit") if (part := getattr(decision, name))}
    members = {"decision": decision.id, **head, **schemas, **shared}
    return write_yaml(
        {name: part for name, part in members.items() if part is not None}
        | {"rules": [_rule_members(rule) for rule in decision.rules]}
        | ({"lint": list(map(_allowance, decision.allowances))} if decision.allowances else {})
    )


def _allowance(allowance: Allowance) -> dict[str, Any]:
    return {name: part for name, part in allowance._asdict().items() if part is not None}


def _rule_members(rule: RuleText) -> dict[str, Any]:
    members = {"id": rule.id, "when": rule.when, "emit": rule.emit, "explain": rule.explain}
    return {name: part for name, part in members.items() if part is not None and part != {}}


def _shape(part: Any, shape: Shape) -> Any:  # noqa: ANN401 -- plain data
    """Return what counts of a schema: all but the words that are only for people."""
    if isinstance(part, str):
        return _without_words(shape.model.model_json_schema())
    return None if part is None else {name: _without_words(each) for name, each in part.items()}


def _identified(part: Any) -> Any:  # noqa: ANN401
    """Return let data with unlimited told apart from the text of that word."""
    if isinstance(part, Mapping):
        return {key: _identified(item) for key, item in part.items()}
    if isinstance(part, list):
        return [_identified(item) for item in part]
    return {"$ref": "unlimited"} if part == UNLIMITED else part


def _without_words(part: Any, *, names_fields: bool = False) -> Any:  # noqa: ANN401
    if isinstance(part, list):
        return [_without_words(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    if names_fields:
        return {key: _without_words(item) for key, item in part.items()}
    return {
        key: item if key in _VALUES else _without_words(item, names_fields=key in _NAMES)
        for key, item in part.items()
        if key not in {"title", "description"}
    }


_NAMES: Final = frozenset({"properties", "$defs"})
_VALUES: Final = frozenset({"default", "const", "enum"})
