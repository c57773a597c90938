"""Counting operators: how many answers, what share of them, and whether all, any or some of them reach a grade."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, final

import attrs

from s11kit._numbers import exact
from s11kit.errors import FieldError
from s11kit.model import Comparison
from s11kit.rules.definition import exact_table
from s11kit.rules.operator import ADD, GREATEST, LEAST, NOTHING, NUMBER, TRUTH, Kind, Merge, Reads, Value, Variance

__all__ = ["All", "Any_", "Count", "None_", "Share", "Some"]


@final
@attrs.frozen(kw_only=True)
class Count:
    """How many of the items compare so: a whole number from 0 up.

    >>> Count(compare=Comparison(operator="at_least", value="green")).finish((2, 1))
    Fraction(2, 1)
    """

    name: ClassVar[str] = "count"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (0, None)
    merges: ClassVar[tuple[Merge, ...]] = (ADD, GREATEST)
    compare: Comparison | None = None

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: a hit or not."""
        return int(value), 1

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The number of hits."""
        return NOTHING if state[1] is None else Fraction(state[0])

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


@final
@attrs.frozen(kw_only=True)
class Share:
    """What share of the items compare so, 0 to 1; by weight where items have one.

    >>> Share(compare=Comparison(operator="at_least", value="green")).finish((Fraction(1), Fraction(2)))
    Fraction(1, 2)
    """

    name: ClassVar[str] = "share"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (0, 0)
    merges: ClassVar[tuple[Merge, ...]] = (ADD, ADD)
    compare: Comparison | None = None
    weight: Any = attrs.field(default=None, converter=exact_table)

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: its weight if it is a hit, and its weight."""
        return (weight if value else 0), weight

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The exact share."""
        return Fraction(state[0], state[1]) if state[1] else NOTHING

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


@final
@attrs.frozen(kw_only=True)
class All:
    """Whether all items compare so.

    >>> All(compare=Comparison(operator="at_least", value="green")).finish((False,))
    False
    """

    name: ClassVar[str] = "all"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (None,)
    merges: ClassVar[tuple[Merge, ...]] = (LEAST,)
    compare: Comparison | None = None

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: a hit or not."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """True if there was no miss."""
        return NOTHING if state[0] is None else state[0]

    def gives(self, items: Kind) -> Kind:
        """True or false."""
        return TRUTH


@final
@attrs.frozen(kw_only=True)
class Any_:
    """Whether any item compares so.

    >>> Any_(compare=Comparison(operator="at_most", value="red")).finish((True,))
    True
    """

    name: ClassVar[str] = "any"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (None,)
    merges: ClassVar[tuple[Merge, ...]] = (GREATEST,)
    compare: Comparison | None = None

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: a hit or not."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """True if there was a hit."""
        return NOTHING if state[0] is None else state[0]

    def gives(self, items: Kind) -> Kind:
        """True or false."""
        return TRUTH


@final
@attrs.frozen(kw_only=True)
class None_:
    """Whether no item compares so.

    >>> None_(compare=Comparison(operator="at_most", value="red")).finish((True,))
    False
    """

    name: ClassVar[str] = "none"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "down"
    unit: ClassVar[tuple[Any, ...]] = (None,)
    merges: ClassVar[tuple[Merge, ...]] = (GREATEST,)
    compare: Comparison | None = None

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: a hit or not."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """True if there was no hit."""
        return NOTHING if state[0] is None else not state[0]

    def gives(self, items: Kind) -> Kind:
        """True or false."""
        return TRUTH


@final
@attrs.frozen(kw_only=True)
class Some:
    """Whether at least `k` items, or at least a `share` of them (0 to 1), compare so.

    >>> Some(compare=Comparison(operator="at_least", value="green"), k=2).finish((2, 3))
    True
    """

    name: ClassVar[str] = "some"
    reads: ClassVar[Reads] = "hit"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (0, 0)
    compare: Comparison | None = None
    k: int | None = None
    share: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact))

    def __attrs_post_init__(self) -> None:
        if (self.k is None) == (self.share is None):
            raise FieldError((), "some of how many?", code="K011", hint='give k = 3 (at least three), or share = "4/5" (at least four fifths)')
        if self.k is not None and self.k < 1:
            raise FieldError("k", "k is how many must compare so: one or more", code="K009")
        if self.share is not None and not 0 < self.share <= 1:
            raise FieldError("share", "a share is a number above 0 and at most 1", code="K009", hint='write four fifths as "4/5"')

    @property
    def merges(self) -> tuple[Merge, ...]:
        """Hits are added; the number of items only matters for a share."""
        return (ADD, ADD) if self.share is not None else (ADD, GREATEST)

    def lift(self, value: bool, weight: Fraction) -> tuple[Any, ...]:
        """One item: a hit or not, and that it is there."""
        return int(value), 1

    def finish(self, state: tuple[Any, ...]) -> Value:
        """True if enough were hit."""
        hits, there = state
        if not there:
            return NOTHING
        return hits >= self.k if self.k is not None else Fraction(hits, there) >= (self.share or 0)

    def gives(self, items: Kind) -> Kind:
        """True or false."""
        return TRUTH
