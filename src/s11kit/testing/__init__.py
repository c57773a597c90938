"""The testing kit: laws of scoring rules as values, rules that are functions, and strategies for Hypothesis.

Nothing here is imported by the rest of the library, and importing it loads neither pytest nor Hypothesis: `law_cases` imports the one,
`s11kit.testing.strategies` and `s11kit.testing.machine` the other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s11kit.testing.black_box import BlackBoxRule, FunctionFailed
    from s11kit.testing.cases import assert_laws, law_cases
    from s11kit.testing.laws import BOARD_SAFE, EVERY_LAW, FAIR, ORDINAL, BoundLaw, Law, LawSet, laws_of
    from s11kit.testing.writing import law_tests

__all__ = [
    "BOARD_SAFE",
    "EVERY_LAW",
    "FAIR",
    "ORDINAL",
    "BlackBoxRule",
    "BoundLaw",
    "FunctionFailed",
    "Law",
    "LawSet",
    "assert_laws",
    "law_cases",
    "law_tests",
    "laws_of",
]

_HOMES = {
    "black_box": ("BlackBoxRule", "FunctionFailed"),
    "cases": ("assert_laws", "law_cases"),
    "laws": ("BOARD_SAFE", "EVERY_LAW", "FAIR", "ORDINAL", "BoundLaw", "Law", "LawSet", "laws_of"),
    "writing": ("law_tests",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Names are looked up when they are first used: Hypothesis loads this package at every start, to register its strategies."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 's11kit.testing' has no attribute '{name}'")
    value = getattr(import_module(f"s11kit.testing.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
