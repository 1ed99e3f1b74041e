"""Snapshots: the sentence and the trace of a result, one readable text file each."""

from typing import Any, Final

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from criterion.result import Result
from criterion.text import code


class ExplanationExtension(SingleFileSnapshotExtension):
    """Keeps a result as ``test_name.explain.txt``, without what changes from run to run.

    Ids, times, digests and versions are left out: what is kept changes only with an answer, or
    with how it is explained.
    """

    _write_mode = WriteMode.TEXT
    file_extension = "explain.txt"

    def serialize(self, data: Any, **_: Any) -> str:  # noqa: ANN401 -- as syrupy has it
        """Return a result, or several in order, as text.

        Raises:
            TypeError: What was given is neither.
        """
        results = list(data) if isinstance(data, list | tuple) else [data]
        for each in results:
            if not isinstance(each, Result):
                message = (
                    f"`decision_snapshot` keeps results, not {code(type(each).__name__)}: "
                    "compare it with what `engine.run` returned, or use `snapshot`"
                )
                raise TypeError(message)
        return GAP.join(f"{_text(each)}\n" for each in results)


GAP: Final = "\n"
"""What stands between two results."""


def _text(result: Result[Any]) -> str:
    """Return the result as it is shown, without versions: a new one alone changes no answer."""
    decision, profile = f"Decision: {result.decision_id}", f"Profile: {result.profile_id}"
    text = str(result).replace(f"{decision} v{result.decision_version}", decision, 1)
    return text.replace(f"{profile} v{result.profile_version}", profile, 1)
