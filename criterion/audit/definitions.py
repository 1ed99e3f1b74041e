"""Definitions: decisions and profiles kept under their digests, so that the past can be re-run."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic import BaseModel

from criterion.decision import Decision
from criterion.digest import definition_members
from criterion.documents.decision_loading import load_decision
from criterion.errors import DefinitionError
from criterion.expression_decision import ExpressionDecision
from criterion.json_text import canonical_json, plain
from criterion.snapshot import ProfileSnapshot, profile_values
from criterion.views import has_marks


class Definition(NamedTuple):
    """A decision or a profile as it was when it was used.

    Attributes:
        digest: What records name it by: ``sha256:…``.
        kind: ``yaml``, a decision that loads again; ``python``, what the digest of a decision in
            Python covers, or of one in YAML that names models in Python; ``profile``, the values
            of a profile as canonical JSON.
        text: The definition itself.
    """

    digest: str
    kind: str
    text: str

    def line(self) -> str:
        """Return the definition as the line that an export has of it, without the newline."""
        return json.dumps({"definition": self._asdict()}, separators=(",", ":"))

    @property
    def is_genuine(self) -> bool:
        """Whether the text is what the digest was made of."""
        if self.kind != "yaml":
            return f"sha256:{sha256(self.text.encode()).hexdigest()}" == self.digest
        try:
            return load_decision(self.text).digest == self.digest
        except DefinitionError:
            return False


def definition_of(line: str | bytes) -> Definition | None:
    """Return the definition that a line of an export is; ``None`` where it is none."""
    try:
        return definition_in(json.loads(line)["definition"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def definition_in(members: Mapping[str, object]) -> Definition:
    """Return a definition by its members.

    Raises:
        KeyError: One is missing.
        TypeError: They are no members.
    """
    return Definition(**{name: str(members[name]) for name in Definition._fields})


def decision_definition(decision: Decision[Any, Any, Any]) -> Definition | None:
    """Return the definition of a decision, or ``None`` where it has no digest."""
    if decision.digest is None:
        return None
    if not isinstance(decision, ExpressionDecision):
        text = canonical_json(definition_members(decision))
    elif decision.covered is None:
        return Definition(decision.digest, "yaml", decision.text())
    else:
        text = canonical_json(decision.covered())
    return Definition(decision.digest, "python", text)


def profile_definition(
    decision: Decision[Any, Any, Any], profile: ProfileSnapshot
) -> Definition | None:
    """Return the definition of a profile; ``None`` where it has no digest, or marked fields."""
    if profile.digest is None or profile.source is None or _has_marks(decision):
        return None
    text = canonical_json(plain(profile_values(profile.source)))
    return Definition(profile.digest, "profile", text)


def _has_marks(decision: Decision[BaseModel, BaseModel, BaseModel]) -> bool:
    return has_marks(decision.profile)
