"""The laws a scoring rule can be held to, by the names that `expect` uses. What they are is data here; deciding them is the work of `proving`."""

from __future__ import annotations

from typing import final

import attrs

from s11kit._frozen import FrozenDict

__all__ = ["BOARD_SAFE", "FAIR", "LAWS", "ORDINAL", "LawText"]


@final
@attrs.frozen
class LawText:
    """A law in words: its number, its name in `expect`, what it says, and what it means to a board."""

    number: str
    name: str
    says: str
    means: str


_ALL = (
    LawText("S1", "order_independent", "the order in which statements stand changes nothing", "re-sorting the sheet changes nothing"),
    LawText("S2", "monotone", "improving an answer never lowers the result", "improving never hurts"),
    LawText("S3", "bounded", "the result lies within its range", "no answer can push the result out of its range"),
    LawText("S4", "unanimous", "where all answers are one grade, so is the result", "all Good is Good"),
    LawText("S5", "anonymous", "statements of equal weight are interchangeable", "no statement is secretly special"),
    LawText("S6", "na_neutral", "an answer that is not applicable counts as if it had not been asked", "an honest N/A costs nothing"),
    LawText("S7", "na_safe", "turning an answer into N/A never raises the result", "the result cannot be gamed with N/A"),
    LawText("S8", "unanswered_never_improves", "leaving an answer blank never raises the result", "leaving blanks never helps"),
    LawText("S9", "range_exact", "the range reported with blanks is the least and the greatest result", "the range holds nothing that cannot be"),
    LawText("S10", "sharp_edges", "bands leave no gap and every outcome can be reached", "every result has a meaning, and no meaning is dead"),
    LawText("S11", "exact", "every number is exact", "no rounding error decides"),
    LawText("S12", "decomposable", "scoring sections first and then their scores changes nothing", "sections can be scored apart"),
    LawText("S13", "responsive", "every statement can change the result", "there is no dead question"),
    LawText("S14", "ordinal", "the numbers behind the grades do not matter, only their order", "0-1-2-3 and 0-1-2-4 judge alike"),
    LawText("S15", "obligations_antitone", "a better grade never adds an obligation", "doing better never brings more to do"),
)
LAWS: FrozenDict[str, LawText] = FrozenDict({law.name: law for law in _ALL})
"""All laws by name, S1 to S15."""
BOARD_SAFE = ("order_independent", "monotone", "bounded", "na_safe", "unanswered_never_improves", "sharp_edges", "exact")
"""What every board should be able to say of its rule."""
FAIR = ("unanimous", "anonymous", "decomposable", "responsive")
ORDINAL = ("ordinal",)
