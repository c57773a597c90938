"""Operators of a package: one that can be taken apart, one that cannot, and some that are broken, each in its own way."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import attrs

State = tuple[Fraction, Fraction]


@attrs.frozen(kw_only=True)
class Spread:
    """How far the best answer lies above the worst one."""

    name: ClassVar[str] = "spread"
    reads: ClassVar[str] = "number"
    variance: ClassVar[str] = "unknown"
    unit: ClassVar[State | None] = None
    value: Any = None

    def lift(self, value: Fraction, weight: Fraction) -> State:
        return value, value

    def merge(self, one: State | None, other: State | None) -> State | None:
        if one is None or other is None:
            return one or other
        return min(one[0], other[0]), max(one[1], other[1])

    def finish(self, state: State | None) -> Fraction | None:
        return None if state is None else state[1] - state[0]


@attrs.frozen(kw_only=True)
class SecondWorst:
    """The worst answer but so many."""

    name: ClassVar[str] = "second-worst"
    reads: ClassVar[str] = "ordered"
    variance: ClassVar[str] = "up"
    unit: ClassVar[tuple[Any, ...]] = ()
    spare: int = 1

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        return (value,)

    def merge(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted((*one, *other))[: self.spare + 1])

    def finish(self, state: tuple[Any, ...]) -> Any:
        return state[self.spare] if len(state) > self.spare else None

    def gives(self, items: Any) -> Any:
        return items


@attrs.frozen(kw_only=True)
class First:
    """The first answer in the framework's order, unless a later one is better by two: a black box that cares for the order."""

    name: ClassVar[str] = "first"
    reads: ClassVar[str] = "ordered"

    def compute(self, items: list[tuple[int, Fraction]]) -> int:
        first = items[0][0]
        return max([first, *(value for value, _ in items if value >= first + 2)])

    def gives(self, items: Any) -> Any:
        return items


@attrs.frozen(kw_only=True)
class Middle:
    """Half way between the worst and the best answer: a black box that does not care for the order."""

    name: ClassVar[str] = "middle"
    reads: ClassVar[str] = "number"
    value: Any = None

    def compute(self, items: list[tuple[Fraction, Fraction]]) -> Fraction:
        values = [value for value, _ in items]
        return (min(values) + max(values)) / 2


@attrs.frozen(kw_only=True)
class Rare:
    """The best answer, but for one assessment: a black box whose flaw nobody finds by chance."""

    name: ClassVar[str] = "rare"
    reads: ClassVar[str] = "ordered"

    def compute(self, items: list[tuple[int, Fraction]]) -> int:
        values = [value for value, _ in items]
        return 0 if values == [2, 0] * 4 else max(values)

    def gives(self, items: Any) -> Any:
        return items


# broken ones


def function() -> None:
    """No class."""


class Plain:
    """No attrs class."""

    name = "plain"


@attrs.define
class Changing:
    """Can be changed."""

    name: ClassVar[str] = "changing"


@attrs.frozen
class Endless:
    """Has no finish."""

    name: ClassVar[str] = "endless"
    reads: ClassVar[str] = "number"
    variance: ClassVar[str] = "up"
    unit: ClassVar[int] = 0

    def lift(self, value: Fraction, weight: Fraction) -> Fraction:
        return value

    def merge(self, one: Fraction, other: Fraction) -> Fraction:
        return one + other


@attrs.frozen
class Other:
    """Calls itself something else than its entry point does."""

    name: ClassVar[str] = "another"


@attrs.frozen
class Taking:
    """Has a key of every step for itself."""

    name: ClassVar[str] = "taking"
    reads: ClassVar[str] = "number"
    over: str = "all"

    def compute(self, items: Any) -> Fraction:
        return Fraction(0)


@attrs.frozen
class Hitless:
    """Reads hits of nothing."""

    name: ClassVar[str] = "hitless"
    reads: ClassVar[str] = "hit"

    def compute(self, items: Any) -> Fraction:
        return Fraction(0)


@attrs.frozen
class Odd:
    """Reads what nobody knows."""

    name: ClassVar[str] = "odd"
    reads: ClassVar[str] = "colours"

    def compute(self, items: Any) -> Fraction:
        return Fraction(0)


@attrs.frozen
class Lost:
    """Has a field of a type that does not exist."""

    name: ClassVar[str] = "lost"
    reads: ClassVar[str] = "number"
    limit: Nowhere = 0  # type: ignore[name-defined]  # noqa: F821

    def compute(self, items: Any) -> Fraction:
        return Fraction(0)


@attrs.frozen
class Careless:
    """Found to be broken only when it works."""

    name: ClassVar[str] = "careless"
    reads: ClassVar[str] = "ordered"
    does: str = "float"

    def compute(self, items: Any) -> Any:
        return {"float": 0.5, "text": "red"}[self.does]
