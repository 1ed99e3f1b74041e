"""The desk: where findings are written down, each with its place and an example fit to be shown."""

from collections.abc import Mapping
from typing import Any, Final

from criterion.analysis.finding import Finding, Level, Place
from criterion.analysis.placing import Placing
from criterion.analysis.proving.setting import Setting, Witness
from criterion.expression.checker import is_marked
from criterion.expression.tree import Expression
from criterion.redaction import REDACTED_TEXT, Redacted
from criterion.views import redacted_facts

QUOTED_MAX: Final = 3
"""How many undecided questions are quoted."""


class Desk:
    """Writes down what is found about one decision in one setting.

    Attributes:
        setting: What is asked about.
        findings: What was found so far.
        is_last_word: Whether the setting is what the decision runs under; not so for every
            profile, where there are some that it does run under.
    """

    def __init__(self, setting: Setting, placing: Placing | None, *, is_last_word: bool) -> None:
        """Begin with nothing."""
        self.setting = setting
        self.findings: list[Finding] = []
        self.is_last_word = is_last_word
        self._placing = placing
        self._open: dict[str, list[str]] = {}

    @property
    def level(self) -> Level:
        """How bad it is where facts are found that should not be."""
        return "problem" if self.is_last_word else "remark"

    @property
    def scope(self) -> str:
        """The words that say under which profiles something is so."""
        setting = self.setting
        if setting.profile is not None or not setting.has_profile:
            return ""
        return ", whatever the profile says"

    def note(
        self,
        kind: str,
        message: str,
        *,
        node: Expression | None = None,
        witness: Witness | None = None,
        **said: Any,  # noqa: ANN401 -- the other members of a finding
    ) -> None:
        """Write a finding down, with its place and its example."""
        self.findings.append(
            Finding(
                kind=kind,
                message=message,
                profile=self.setting.profile,
                facts=None if witness is None else self._shown(witness.facts),
                values=None if witness is None else self._shown_values(witness.values),
                place=self._place(said.get("rule"), node),
                **said,
            )
        )

    def undecided(self, what: str, reason: str | None) -> None:
        """Remember that a question was not decided."""
        questions = self._open.setdefault(reason or "no example of it could be made", [])
        if what not in questions:
            questions.append(what)

    def note_undecided(self) -> None:
        """Write down what was not decided, once for each reason."""
        for reason, questions in self._open.items():
            first = "; ".join(questions[:QUOTED_MAX])
            more = f"; and {len(questions) - QUOTED_MAX} more" if questions[QUOTED_MAX:] else ""
            self.note(
                "undecided",
                f"not decided: {first}{more}",
                verdict="unknown",
                level="remark",
                limit=reason,
            )

    def _place(self, rule: str | None, node: Expression | None) -> Place | None:
        if self._placing is None:
            return None
        if node is not None:
            return self._placing.of_node(node)
        return self._placing.of_member("rules") if rule is None else self._placing.of_rule(rule)

    def _shown(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return facts without marked values, nor texts that may be values of a marked profile."""
        decision = self.setting.decision
        given, profile = decision.types
        if is_marked(given):
            facts = redacted_facts(decision.input, facts, _stand_in)
        if is_marked(profile):
            facts = {
                name: REDACTED_TEXT if _is_text(part) else part for name, part in facts.items()
            }
        return facts

    def _shown_values(self, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        decision = self.setting.decision
        if values is None or not is_marked(decision.types[1]):
            return values
        shown: Mapping[str, Any] = redacted_facts(decision.profile, values, _stand_in)
        return shown


def _is_text(part: object) -> bool:
    return isinstance(part, str | list | dict)


def _stand_in(mode: Any, _: object) -> Redacted:  # noqa: ANN401 -- how it is marked
    return Redacted(mode)
