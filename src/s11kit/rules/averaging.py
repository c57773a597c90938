"""Operators that compute with numbers: sums and means of values, by weight, by rank, or without the ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Literal, final

import attrs

from s11kit._frozen import as_tuple
from s11kit._numbers import exact, number_text
from s11kit.errors import FieldError
from s11kit.model._guards import one_of
from s11kit.rules.definition import exact_table
from s11kit.rules.operator import ADD, BAG, GREATEST, NOTHING, NUMBER, Kind, Merge, Reads, Value, Variance

__all__ = ["Mean", "MidMedian", "Owa", "Sum", "Trimmed", "spread"]


@final
@attrs.frozen(kw_only=True)
class Sum:
    """The sum of weight times value, from `start`. With `show = "maximum"` the result is shown beside the most it could have been.

    >>> Sum(start=Fraction(110)).finish((Fraction(-5), 1))
    Fraction(105, 1)
    """

    name: ClassVar[str] = "sum"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (0, None)
    merges: ClassVar[tuple[Merge, ...]] = (ADD, GREATEST)
    value: Any = attrs.field(default=None, converter=exact_table)
    weight: Any = attrs.field(default=None, converter=exact_table)
    start: Fraction = attrs.field(default=Fraction(0), converter=exact)
    show: Literal["maximum"] | None = attrs.field(default=None, validator=one_of(Literal["maximum"]))

    def lift(self, value: Fraction, weight: Fraction) -> tuple[Any, ...]:
        """One item: weight times value, and that it is there."""
        return weight * value, 1

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The exact sum."""
        return NOTHING if state[1] is None else self.start + state[0]

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


@final
@attrs.frozen(kw_only=True)
class Mean:
    """The weighted mean: the sum of weight times value, divided by the sum of the weights of what is counted.

    >>> Mean().finish((Fraction(10), Fraction(4)))
    Fraction(5, 2)
    """

    name: ClassVar[str] = "mean"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (0, 0)
    merges: ClassVar[tuple[Merge, ...]] = (ADD, ADD)
    value: Any = attrs.field(default=None, converter=exact_table)
    weight: Any = attrs.field(default=None, converter=exact_table)

    def lift(self, value: Fraction, weight: Fraction) -> tuple[Any, ...]:
        """One item: weight times value, and its weight."""
        return weight * value, weight

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The exact mean."""
        return Fraction(state[0], state[1]) if state[1] else NOTHING

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


def spread(bag: tuple[tuple[Any, int], ...]) -> list[Any]:
    """The values in a bag one by one, least first."""
    return [value for value, count in bag for _ in range(count)]


def _exact_list(values: Any) -> tuple[Fraction, ...]:
    return tuple(exact(value) for value in as_tuple(values))


@final
@attrs.frozen(kw_only=True)
class Owa:
    """A mean weighted by rank (Yager's ordered weighted average). `weights` say what the worst part, the next part ... and the best part weigh.

    With as many answers as weights, the worst answer has the first weight and so on. With more or fewer answers, the answers are laid side by side
    from worst to best, and every weight is spread evenly over its part of them. The weights add up to 1.

    >>> Owa(weights=["1/2", "1/3", "1/6"]).finish((((Fraction(0), 1), (Fraction(3), 2)),))
    Fraction(3, 2)
    """

    name: ClassVar[str] = "owa"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = ((),)
    merges: ClassVar[tuple[Merge, ...]] = (BAG,)
    value: Any = attrs.field(default=None, converter=exact_table)
    weights: tuple[Fraction, ...] = attrs.field(converter=_exact_list)

    def __attrs_post_init__(self) -> None:
        if any(weight < 0 for weight in self.weights):
            raise FieldError("weights", "a weight is never below zero", code="K009")
        if sum(self.weights) != 1:
            message = f"these weights add up to {number_text(Fraction(sum(self.weights)))}, not to 1"
            raise FieldError("weights", message, code="J005", hint="the weights of an ordered average add up to 1 exactly")

    def lift(self, value: Fraction, weight: Fraction) -> tuple[Any, ...]:
        """One item: its value."""
        return (((value, 1),),)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The exact average."""
        values = spread(state[0])
        if not values:
            return NOTHING
        answers, parts = len(values), len(self.weights)
        total = Fraction(0)
        for place, value in enumerate(values):
            low, high = Fraction(place, answers), Fraction(place + 1, answers)
            for part, weight in enumerate(self.weights):
                overlap = min(high, Fraction(part + 1, parts)) - max(low, Fraction(part, parts))
                if overlap > 0:
                    total += value * weight * overlap * parts
        return total

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


@final
@attrs.frozen(kw_only=True)
class Trimmed:
    """The mean without the ends: a share `trim` (0 to below 1/2) of the answers is dropped at each end, rounded down to whole answers.

    >>> Trimmed(trim="1/4").finish((((Fraction(0), 1), (Fraction(2), 2), (Fraction(3), 1)),))
    Fraction(2, 1)
    """

    name: ClassVar[str] = "trimmed"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = ((),)
    merges: ClassVar[tuple[Merge, ...]] = (BAG,)
    value: Any = attrs.field(default=None, converter=exact_table)
    trim: Fraction = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.trim < Fraction(1, 2):
            raise FieldError("trim", "what is dropped at each end is a share from 0 to below 1/2", code="K009")

    def lift(self, value: Fraction, weight: Fraction) -> tuple[Any, ...]:
        """One item: its value."""
        return (((value, 1),),)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The exact mean of what is left."""
        values = spread(state[0])
        dropped = int(len(values) * self.trim)
        kept = values[dropped : len(values) - dropped]
        return Fraction(sum(kept), len(kept)) if kept else NOTHING

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


@final
@attrs.frozen(kw_only=True)
class MidMedian:
    """The mean of the lower and the upper median.

    >>> MidMedian().finish((((Fraction(1), 1), (Fraction(2), 1)),))
    Fraction(3, 2)
    """

    name: ClassVar[str] = "mid-median"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = ((),)
    merges: ClassVar[tuple[Merge, ...]] = (BAG,)
    value: Any = attrs.field(default=None, converter=exact_table)

    def lift(self, value: Fraction, weight: Fraction) -> tuple[Any, ...]:
        """One item: its value."""
        return (((value, 1),),)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """Half way between the two middle values, or the one in the middle."""
        values = spread(state[0])
        return Fraction(values[(len(values) - 1) // 2] + values[len(values) // 2], 2) if values else NOTHING

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER
