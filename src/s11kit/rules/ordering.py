"""Operators that only compare: the worst, the best, the one in a given place of the order, the most frequent one. They never compute with grades."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Literal, final

import attrs

from s11kit._numbers import exact
from s11kit.errors import FieldError
from s11kit.model._guards import one_of
from s11kit.rules.definition import exact_table
from s11kit.rules.operator import BAG, GREATEST, LEAST, NOTHING, Kind, Merge, Reads, Value, Variance

__all__ = ["Max", "Min", "Mode", "Order", "Pick"]


@final
@attrs.frozen(kw_only=True)
class Min:
    """The worst of the items.

    >>> Min().finish((1,))
    1
    """

    name: ClassVar[str] = "min"
    reads: ClassVar[Reads] = "ordered"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (None,)
    merges: ClassVar[tuple[Merge, ...]] = (LEAST,)
    value: Any = attrs.field(default=None, converter=exact_table)

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        """One item: its place in the order."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The least."""
        return state[0]

    def gives(self, items: Kind) -> Kind:
        """What the items are."""
        return items


@final
@attrs.frozen(kw_only=True)
class Max:
    """The best of the items.

    >>> Max().finish((2,))
    2
    """

    name: ClassVar[str] = "max"
    reads: ClassVar[Reads] = "ordered"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = (None,)
    merges: ClassVar[tuple[Merge, ...]] = (GREATEST,)
    value: Any = attrs.field(default=None, converter=exact_table)

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        """One item: its place in the order."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The greatest."""
        return state[0]

    def gives(self, items: Kind) -> Kind:
        """What the items are."""
        return items


@final
@attrs.frozen(kw_only=True)
class Pick:
    """Which one of the ordered items: the `k`-th `from_` the worst or the best, or a `quantile` (0 to 1, by nearest rank).

    >>> Pick(quantile="4/5").place(5)
    3
    """

    k: int | None = None
    from_: Literal["worst", "best"] | None = attrs.field(default=None, validator=one_of(Literal["worst", "best"]))
    quantile: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact))

    def __attrs_post_init__(self) -> None:
        if (self.k is None) == (self.quantile is None) or (self.k is None) != (self.from_ is None):
            hint = 'write "lower-median", "upper-median", { k = 2, from = "best" } or { quantile = "4/5" }'
            raise FieldError((), "which one of the ordered answers?", code="K011", hint=hint)
        if self.k is not None and self.k < 1:
            raise FieldError("k", "k counts from 1", code="K009")
        if self.quantile is not None and not 0 <= self.quantile <= 1:
            raise FieldError("quantile", "a quantile is a number from 0 to 1", code="K009")

    def place(self, answers: int) -> int | None:
        """The place, from 0 (worst), among so many; `None` if there are too few."""
        if self.quantile is not None:
            return max(0, -(-self.quantile.numerator * answers // self.quantile.denominator) - 1) if answers else None
        k = self.k or 1
        if k > answers:
            return None
        return k - 1 if self.from_ == "worst" else answers - k


PICKS = ("lower-median", "upper-median")


def _pick(value: Any) -> Any:
    if isinstance(value, str) and value not in PICKS:
        hint = 'write "lower-median", "upper-median", { k = 2, from = "best" } or { quantile = "4/5" }'
        raise FieldError("pick", f"'{value}' picks nothing", code="K011", hint=hint)
    return value


@final
@attrs.frozen(kw_only=True)
class Order:
    """The item in one place of the order: a median, a quantile, the k-th from the worst or from the best. Fewer than k: nothing to score.

    >>> Order(pick="lower-median").finish((((0, 1), (2, 3)),))
    2
    """

    name: ClassVar[str] = "order"
    reads: ClassVar[Reads] = "ordered"
    variance: ClassVar[Variance] = "up"
    unit: ClassVar[tuple[Any, ...]] = ((),)
    merges: ClassVar[tuple[Merge, ...]] = (BAG,)
    value: Any = attrs.field(default=None, converter=exact_table)
    pick: str | Pick = attrs.field(converter=_pick)

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        """One item: its place in the order."""
        return (((value, 1),),)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The one that is picked."""
        answers = sum(count for _, count in state[0])
        if isinstance(self.pick, str):
            place: int | None = (answers - 1) // 2 if self.pick == "lower-median" else answers // 2
        else:
            place = self.pick.place(answers)
        if not answers or place is None:
            return NOTHING
        passed = 0
        for value, count in state[0]:
            passed += count
            if passed > place:
                return value
        return NOTHING  # pragma: no cover - a place is always below the number of answers

    def gives(self, items: Kind) -> Kind:
        """What the items are."""
        return items


@final
@attrs.frozen(kw_only=True)
class Mode:
    """The most frequent item; of several, the worst or the best. It is here for published rules: an improvement can lower it.

    >>> Mode(ties="worst").finish((((0, 1), (1, 1)),))
    0
    """

    name: ClassVar[str] = "mode"
    reads: ClassVar[Reads] = "ordered"
    variance: ClassVar[Variance] = "unknown"
    unit: ClassVar[tuple[Any, ...]] = ((),)
    merges: ClassVar[tuple[Merge, ...]] = (BAG,)
    value: Any = attrs.field(default=None, converter=exact_table)
    ties: Literal["worst", "best"] = attrs.field(validator=one_of(Literal["worst", "best"]))

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        """One item: its place in the order."""
        return (((value, 1),),)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The value counted most often."""
        bag = state[0]
        if not bag:
            return NOTHING
        most = max(count for _, count in bag)
        tied = [value for value, count in bag if count == most]
        return tied[0] if self.ties == "worst" else tied[-1]

    def gives(self, items: Kind) -> Kind:
        """What the items are."""
        return items
