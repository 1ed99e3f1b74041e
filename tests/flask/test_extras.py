"""Tests of what the adapter says where Flask is missing."""

import subprocess
import sys


def test_a_missing_flask_is_named_with_what_installs_it() -> None:
    code = "import sys; sys.modules['flask'] = None; import criterion_flask"

    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )

    assert finished.returncode == 1
    assert finished.stderr.endswith("\nhint: pip install 'criterion-decisions[flask]'\n")
