"""Which operators there are: those of the library, and those that installed packages add through the entry point `s11kit.operators`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_args

import attrs

from s11kit._frozen import FrozenDict
from s11kit._ids import is_id
from s11kit.errors import Problem, S11Error, listed, nearest
from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import Step
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Table, ValueOf
from s11kit.rules.operator import Reads, Variance
from s11kit.rules.ordering import Max, Min, Mode, Order

__all__ = ["BUILT_IN", "aggregates", "broken", "operator", "operators"]

GROUP = "s11kit.operators"
SYNONYMS = {
    "average": "mean", "avg": "mean", "median": "order", "quantile": "order", "percentage": "share", "percent": "share", "proportion": "share",
    "worst": "min", "lowest": "min", "minimum": "min", "best": "max", "highest": "max", "maximum": "max", "total": "sum", "number": "count",
    "band": "bands", "limit": "cap", "veto": "cap", "gate": "if",
}  # fmt: skip
"""Words that people try, and the operator they mean."""
AGGREGATING: tuple[type, ...] = (Count, Share, Sum, Mean, Min, Max, Order, Owa, Trimmed, MidMedian, All, Any_, None_, Some, Mode)
JUDGING: tuple[type, ...] = (Bands, Cap, Floor, If, Table, Ladder, Lookup, ValueOf, Round, Override)
BUILT_IN: FrozenDict[str, type] = FrozenDict({str(cls.name): cls for cls in (*AGGREGATING, *JUDGING)})  # type: ignore[attr-defined]
_FOLD = ("unit", "lift", "merge", "finish", "variance")
"""What an operator has that can be taken apart. Without `merge`, it is a black box."""
_TAKEN = frozenset({*(field.name.rstrip("_") for field in attrs.fields(Step)), "extra"})
"""Keys of every step, which no operator has for itself."""


@cache
def operators() -> FrozenDict[str, type]:
    """Every operator by the word that stands under `op`: the library's own, then installed ones that can be used, which cannot replace them."""
    return FrozenDict({**BUILT_IN, **_installed()[0]})


def broken() -> FrozenDict[str, Problem]:
    """What is wrong with installed operators that cannot be used, as warnings by the name of the entry point. The others work all the same."""
    return _installed()[1]


def operator(name: str) -> type:
    """The class of an operator. `S11Error` if there is none, with the nearest one, or if it cannot be used, with the reason."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    found = operators().get(name)
    if found is None:
        meant = SYNONYMS.get(name.lower())
        hint = f"write '{meant}'" if meant else nearest(name, operators(), listing="operators")
        message = f"there is no operator '{name[:60]}'"
        if name in broken():
            message, hint = broken()[name].message, "mend or update the package that brings it"
        raise S11Error([Problem(code="J001", message=message, hint=hint, about=name)])
    return found


def aggregates(op: Any) -> bool:
    """Whether an operator folds items into one result (else it judges results of earlier steps)."""
    return hasattr(op, "lift") or hasattr(op, "compute")


@cache
def _installed() -> tuple[FrozenDict[str, type], FrozenDict[str, Problem]]:
    """The operators of installed packages, and what is wrong with those that cannot be used."""
    found: dict[str, type] = {}
    wrong: dict[str, Problem] = {}
    brought: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point), point.value)):
        name, package = point.name, _package(point)
        if name in found:
            fault: str | None = f"{brought[name]} brings one of the same name"
        else:
            fault, cls = _loaded(point)
            if fault is None and cls is not None:
                found[name], brought[name] = cls, package
        if fault is not None:
            message = f"the operator '{name[:60]}' of {package} cannot be used: {fault}"
            wrong.setdefault(name, Problem(code="C002", message=message, hint="the other operators are not touched by this", about=name))
    return FrozenDict(found), FrozenDict(wrong)


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value.partition(":")[0]


def _loaded(point: EntryPoint) -> tuple[str | None, type | None]:
    """The class behind an entry point, or why it is none that can be used."""
    if not is_id(point.name):
        return "a name is lower-case letters and digits joined by single hyphens", None
    if point.name in BUILT_IN:
        return "the library has an operator of that name", None
    try:
        cls = point.load()
        return _fault(point.name, cls), cls
    except (Exception, SystemExit) as error:  # a plug-in may be broken in any way
        said = str(error).strip().partition("\n")[0]
        return f"{type(error).__name__}{': ' if said else ''}{said}", None


def _fault(name: str, cls: Any) -> str | None:
    """What keeps a class from being an operator."""
    if not isinstance(cls, type):
        return f"'{name}' is no class"
    if not attrs.has(cls):
        return f"{cls.__name__} is no attrs class (write @attrs.frozen above it)"
    if getattr(cls, "__hash__", None) is None:
        return f"{cls.__name__} can be changed (write @attrs.frozen above it)"
    own = getattr(cls, "name", None)
    if own != name:
        return f"{cls.__name__} has no name '{name}'" + (f", but '{own}'" if isinstance(own, str) else "")
    needed = _FOLD if hasattr(cls, "merge") else ("compute",)
    missing = [member for member in needed if not hasattr(cls, member)]
    if missing == ["compute"]:
        part = [member for member in _FOLD if not hasattr(cls, member)]
        return f"{cls.__name__} has no {listed(part)}" if len(part) < 4 else f"{cls.__name__} has neither merge nor compute"
    if missing:
        return f"{cls.__name__} has no {listed(missing)}"
    for member, words in (("reads", get_args(Reads)), ("variance", get_args(Variance))):
        said = getattr(cls, member, None)
        if said not in words and (member in needed or member == "reads" or said is not None):
            return f"{cls.__name__} has {member} {said!r}, which is none of {listed([repr(word) for word in words])}"
    functions = [member for member in (*needed, "gives") if member not in ("unit", "variance") and not callable(getattr(cls, member, print))]
    if functions:
        return f"{listed(functions)} of {cls.__name__} cannot be called"
    fields = [field.name for field in attrs.fields(attrs.resolve_types(cls))]
    taken = [field for field in fields if field.rstrip("_") in _TAKEN]
    if taken:
        return f"{listed(taken)} of {cls.__name__} {'is a key' if len(taken) == 1 else 'are keys'} of every step"
    if cls.reads == "hit" and "compare" not in fields:  # type: ignore[attr-defined]
        return f"{cls.__name__} reads hits, and has no field compare to say of what"
    return None
