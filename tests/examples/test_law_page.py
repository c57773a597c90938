"""The page that says which operators keep which laws is what the prover says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "_ext" / "law_table.py"


def test_the_table_of_laws_is_up_to_date() -> None:
    """`nox -s law-table` would write nothing new."""
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
