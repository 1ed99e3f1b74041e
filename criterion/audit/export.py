"""Exports: all that stands in a trail as lines, which verify and replay as the trail does."""

from collections.abc import Iterator

from criterion.audit.trail import Trail
from criterion.errors import AuditError


def exported(trail: Trail) -> Iterator[str]:
    """Yield every definition, then every entry, each as a line of its own.

    Raises:
        AuditError: Something in the trail is no entry, or the trail cannot be read. Unfinished
            last lines are left out.
    """
    for _, definition in sorted(trail.definitions().items()):
        yield definition.line()
    for each in trail.stood():
        if each.entry is not None:
            yield each.entry.line()
        elif not each.is_torn:
            raise AuditError(f"{each.place} {each.problem}", hint="see `criterion audit verify`")
