"""Which operators there are: those of the library, and those that installed packages add through the entry point `s11kit.operators`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from s11kit._frozen import FrozenDict
from s11kit.errors import Problem, S11Error, nearest
from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Table, ValueOf
from s11kit.rules.ordering import Max, Min, Mode, Order

__all__ = ["BUILT_IN", "aggregates", "operator", "operators"]

GROUP = "s11kit.operators"
AGGREGATING: tuple[type, ...] = (Count, Share, Sum, Mean, Min, Max, Order, Owa, Trimmed, MidMedian, All, Any_, None_, Some, Mode)
JUDGING: tuple[type, ...] = (Bands, Cap, Floor, If, Table, Ladder, Lookup, ValueOf, Round, Override)
BUILT_IN: FrozenDict[str, type] = FrozenDict({str(cls.name): cls for cls in (*AGGREGATING, *JUDGING)})  # type: ignore[attr-defined]


@cache
def operators() -> FrozenDict[str, type]:
    """Every operator by the word that stands under `op`: the library's own, then installed ones, which cannot replace them."""
    found: dict[str, type] = dict(BUILT_IN)
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, point.load())
    return FrozenDict(found)


def operator(name: str) -> type:
    """The class of an operator; `S11Error` with the nearest one, and all that are known, if there is none."""
    found = operators().get(name)
    if found is None:
        message = f"there is no operator '{name[:60]}'"
        raise S11Error([Problem(code="J001", message=message, hint=nearest(name, operators(), listing="operators"), about=name)])
    return found


def aggregates(op: Any) -> bool:
    """Whether an operator folds items into one result (else it judges results of earlier steps)."""
    return hasattr(op, "lift") or hasattr(op, "compute")
