"""What an operator is. Aggregating ones fold many items into one result; judging ones turn results of earlier steps into another result.

An aggregating operator is a fold: `lift` makes a small state of one item, `merge` joins two states, `finish` reads the result off. Because merging
does not care for order or grouping, the same four members serve scoring, the search for the fewest changes, and proving.

The library's own operators keep several parts in a state, each of which says how it is merged (`merges`); their classes are `Aggregate`. Operators of
installed packages (entry point `s11kit.operators`) keep one value of their own, with a hash, and have `merge(one, other)` in place of `merges`; their
classes are `Installed`. Without `merge` they are black boxes, with `compute(items)` instead of a fold: a list of (value, weight) in framework order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal, Protocol, TypeAlias, final

import attrs

from s11kit.model import Scale

__all__ = [
    "ADD", "BAG", "GREATEST", "LEAST", "NOTHING", "NUMBER", "TRUTH", "Absent", "Aggregate", "Installed", "Judgement", "Kind", "Merge", "Reads",
    "Value", "Variance",
]  # fmt: skip

Variance = Literal["up", "down", "const", "unknown"]
Reads = Literal["number", "ordered", "hit"]
Merge: TypeAlias = Literal["add", "least", "greatest", "bag"] | Callable[[Any, Any], Any]
"""How one part of a state is merged: added, the least or greatest kept, counted apart by value (`bag`), or by a function of the operator."""
ADD: Literal["add"] = "add"
LEAST: Literal["least"] = "least"
GREATEST: Literal["greatest"] = "greatest"
BAG: Literal["bag"] = "bag"
NUMBER: Literal["number"] = "number"
TRUTH: Literal["truth"] = "truth"
Kind: TypeAlias = Literal["number", "truth"] | Scale
"""What a step results in: a number, true or false, or a grade of a scale."""
Value: TypeAlias = Any
"""A result inside a rule: a `Fraction`, a `bool`, the rank of a grade (0 is worst), or `Absent`."""
NOTHING: Any = None
"""What `finish` returns where there was nothing to fold."""


@final
@attrs.frozen
class Absent:
    """There is no result: `not scored` (nothing was left to score), `not applicable`, `refused` (a policy stopped the rule), `out` (of scope)."""

    kind: Literal["not scored", "not applicable", "refused", "out"]
    step: str = ""
    why: str = ""


class Aggregate(Protocol):
    """An operator that folds items, of statements or of steps, into one result."""

    name: ClassVar[str]
    reads: ClassVar[Reads]
    variance: ClassVar[Variance]

    @property
    def unit(self) -> tuple[Any, ...]:
        """The state of no items."""
        ...

    @property
    def merges(self) -> tuple[Merge, ...]:
        """How each part of a state is merged."""
        ...

    def lift(self, value: Any, weight: Fraction) -> tuple[Hashable, ...]:
        """The state of one item: a number, a rank, or whether it is a hit."""
        ...

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The result; `NOTHING` if no item was there."""
        ...

    def gives(self, items: Kind) -> Kind:
        """What comes out, given what goes in."""
        ...


class Installed(Protocol):
    """An operator of a package. `finish` and `compute` give exact numbers (`int`, `Fraction`), ranks of grades, or true and false; never floats.

    `gives(items)`, the kind of result (`"number"`, `"truth"` or a scale), may be left out: then the result is a number.
    """

    name: ClassVar[str]
    reads: ClassVar[Reads]
    variance: ClassVar[Variance]

    @property
    def unit(self) -> Hashable:
        """The state of no items."""
        ...

    def lift(self, value: Any, weight: Fraction) -> Hashable:
        """The state of one item."""
        ...

    def merge(self, one: Any, other: Any) -> Hashable:
        """Two states as one, in whatever order and grouping."""
        ...

    def finish(self, state: Any) -> Value:
        """The result; `NOTHING` if no item was there."""
        ...


class Judgement(Protocol):
    """An operator that reads results of earlier steps, tests and constants (`terms`)."""

    name: ClassVar[str]

    def terms(self) -> tuple[tuple[tuple[str | int, ...], Any], ...]:
        """The constants or steps it names, each with the path of its key in a file."""
        ...

    def tests(self) -> tuple[tuple[tuple[str | int, ...], Any], ...]:
        """The tests it asks beside the step's own `when`, each with its path."""
        ...

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The result. What is absent in `of` never arrives here."""
        ...
