"""Release files: the digest of every released version, so that none of them changes unnoticed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from criterion.decision import Decision
from criterion.documents.sections import id_of, members_of, text_of, version_of
from criterion.documents.yaml_text import read_yaml
from criterion.errors import DefinitionError, Problem
from criterion.identity import parse_version
from criterion.text import code

HEADER: Final = (
    "# Released versions. Written by `criterion release`; a changed definition does not load.\n"
)

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Releases:
    """What was released: for each decision's id, the digest of each version."""

    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def digest(self, id: str, version: str) -> str | None:
        """Return the digest that was released, or ``None``."""
        return self.digests.get(id, {}).get(version)

    def problems(self, decision: Decision[Any, Any, Any]) -> Iterator[Problem]:
        """Yield what is wrong where a decision differs from what was released as its version."""
        released = self.digest(decision.id, decision.version)
        if released is not None and released != decision.digest:
            message = "was changed after it was released"
            hint = "give it a new version, or undo the change"
            yield Problem(f"{decision.id} {decision.version}", message, hint)

    def with_release(self, decision: Decision[Any, Any, Any]) -> "Releases":
        """Return these releases and one more; the same when it was released already.

        Raises:
            DefinitionError: That version was released with another definition, or the decision has
                no digest, because the source of one of its rules is not to be had.
        """
        problems = list(self.problems(decision))
        if decision.digest is None:
            hint = "define its rules in a file"
            problems = [Problem(decision.id, "has no digest, so it cannot be released", hint)]
        if problems or decision.digest is None:
            raise DefinitionError(f"release of {code(decision.id)}", problems)
        versions = {**self.digests.get(decision.id, {}), decision.version: decision.digest}
        return Releases({**self.digests, decision.id: versions})


def read_releases(source: str | bytes, file: str = "<text>") -> Releases:
    """Read releases from YAML text; a text of comments only holds none.

    Raises:
        DocumentError: The text has mistakes; lists all of them.
    """
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return Releases()
    root, problems = read_yaml(source, file)
    digests: dict[str, dict[str, str]] = {}
    for id, versions in members_of(root, problems, "the file of releases").items():
        id_of(root.keys[id], problems, "a decision's id")
        known = digests.setdefault(id, {})
        for version, node in members_of(versions, problems, code(id)).items():
            version_of(versions.keys[version], problems)
            digest = text_of(node, problems, "a digest")
            if digest is not None and not _DIGEST.fullmatch(digest):
                hint = "let `criterion release` write it"
                problems.add(node.start, f"{code(digest)} is not a digest", hint)
            known[version] = digest or ""
    problems.raise_if_any()
    return Releases(digests)


def dump(releases: Releases) -> str:
    """Return releases as YAML: sorted, one digest in a line, so that changes merge."""
    lines = [HEADER]
    for id, versions in sorted(releases.digests.items()):
        ordered = sorted(versions, key=lambda version: (parse_version(version), version))
        lines += [f"{id}:\n", *(f"  {version}: {versions[version]}\n" for version in ordered)]
    return "".join(lines)
