"""Files that must be refused, and why."""

from __future__ import annotations

from typing import final

import attrs
from hypothesis import strategies as st

__all__ = ["Broken", "invalid_toml"]

_SOUND = """format = "s11kit.framework/1"
id = "our-board"
edition = "2026"
title = "Our audit"
provenance = "reconstructed"

[[scale]]
id = "rag"
order = "worst-first"
grades = [{ id = "red", label = "Red" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]

[[standard]]
ref = "1"
title = "One"

[[standard.statement]]
ref = "1.1"
text = "The first."

[[standard.statement]]
ref = "1.2"
text = "The second."

[[rule]]
id = "overall"
result = "rag"
na = "worst"
unanswered = "worst"
steps = [
  { id = "avg", op = "mean", over = "all", value = { red = 0, amber = 1, green = 2 } },
  { id = "band", op = "bands", of = "avg", edges = ["0", "1/2", "3/2"], edge = "inclusive", grades = ["red", "amber", "green"] },
  { id = "final", op = "cap", of = "band", at = "amber", when = { any = { refs = ["1.1"], at_most = "red" } } },
]
"""
_SLIPS: tuple[tuple[str, str, str], ...] = (
    ("J001", '"mean"', '"maen"'),
    ("J001", '"cap"', '"lid"'),
    ("J002", 'of = "avg"', 'of = "average"'),
    ("J002", 'of = "band"', 'of = "final"'),
    ("J003", 'of = "band", at', 'of = "avg", at'),
    ("J004", "red = 0, ", ""),
    ("J006", '"0", "1/2", "3/2"', '"0", "3/2", "1/2"'),
    ("J006", '"0", "1/2", "3/2"', '"0", "1/2"'),
    ("K001", "at_most", "atmost"),
    ("K001", "edges =", "edgse ="),
    ("K002", ', edge = "inclusive"', ""),
    ("K002", 'id = "band", ', ""),
    ("J003", 'over = "all", value = { red = 0, amber = 1, green = 2 } }', 'over = "all" }'),
    ("K004", 'edge = "inclusive"', 'edge = "both"'),
    ("K004", 'na = "worst"', 'na = "best"'),
    ("K009", '"1/2"', '"one half"'),
    ("K011", 'over = "all", value', "over = {}, value"),
    ("R001", 'id = "band"', 'id = "avg"'),
    ("R003", 'result = "rag"', 'result = "rga"'),
    ("R004", 'at = "amber"', 'at = "orange"'),
    ("R004", 'at_most = "red"', 'at_most = "rad"'),
    ("R005", 'refs = ["1.1"]', 'refs = ["9.9"]'),
    ("F004", "steps = [", "steps = [["),
)


@final
@attrs.frozen
class Broken:
    """A framework file that must be refused: its text, the code of the problem that it has at least, and what was changed."""

    text: str
    code: str | None
    """`None` where more than one problem would be right."""
    slip: str


def invalid_toml() -> st.SearchStrategy[Broken]:
    """Framework files with a scoring rule that has a slip in it, as somebody might type it; and some that are cut off."""
    slips = [Broken(_SOUND.replace(old, new, 1), code, f"{old} became {new or 'nothing'}") for code, old, new in _SLIPS]
    start = _SOUND.index("steps = [")
    cut = st.integers(start + len("steps = ["), _SOUND.rindex("]") - 1).map(
        lambda at: Broken(_SOUND[:at] + "\n", None, f"cut off after {at} characters")
    )
    return st.sampled_from(slips) | cut
