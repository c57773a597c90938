"""States of folds, and which of them can be reached.

A state is a tuple with one part for everything that a rule keeps count of. A `Packing` writes the states that some families of alternatives can reach
as a pair of a mark (least and greatest values as bits, and whatever an installed operator keeps) and one whole number (all sums and counts, as
digits), so that merging is an or and an addition. A `Reach` is a set of packed states; as long as the numbers are small, they are the bits of one
integer, and adding an alternative to all of them is one shift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias, final

from s11kit.rules.operator import ADD, BAG, GREATEST, LEAST, Merge

__all__ = ["Exhausted", "Packed", "Packing", "Reach", "State", "bag", "merged", "reached", "reached_without"]

State: TypeAlias = tuple[Any, ...]
Packed: TypeAlias = tuple[Any, int]
_WORK = 8
"""How many merges are made for every state that a budget allows."""
_DENSE = 1 << 21
"""Numbers below this are kept as bits of one integer."""


class Exhausted(Exception):
    """More states than the budget allows."""

    def __init__(self, states: int) -> None:
        super().__init__(f"more than {states:,} states")
        self.states = states


def _least(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None or a <= b else b


def _greatest(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None or a >= b else b


def bag(items: Iterable[tuple[Any, int]]) -> tuple[tuple[Any, int], ...]:
    """Values and how often each is there, least first."""
    counts: dict[Any, int] = {}
    for value, count in items:
        counts[value] = counts.get(value, 0) + count
    return tuple(sorted((value, count) for value, count in counts.items() if count))


def _bags(a: Any, b: Any) -> Any:
    return bag((*a, *b)) if a and b else a or b


_MERGE: dict[Any, Callable[[Any, Any], Any]] = {ADD: lambda a, b: a + b, LEAST: _least, GREATEST: _greatest, BAG: _bags}


def merged(merges: Sequence[Merge], one: State, other: State) -> State:
    """Two states as one."""
    return tuple([(merge if callable(merge) else _MERGE[merge])(a, b) for merge, a, b in zip(merges, one, other, strict=True)])


# one part of a state each: how its values are written and read


class _Sum:
    """A sum as one digit, counted from the least that can come out."""

    def __init__(self, columns: list[list[Any]], radix: int) -> None:
        self.scale = lcm(*{value.denominator for column in columns for value in column})
        self.lows = [int(min(column) * self.scale) for column in columns]
        highs = [int(max(column) * self.scale) for column in columns]
        self.factor, self.size = radix, sum(highs) - sum(self.lows) + 1
        self.least = sum(self.lows)

    def write(self, value: Any, family: int) -> tuple[int, int]:
        return (int(value * self.scale) - self.lows[family]) * self.factor, 0

    def read(self, marks: int, number: int) -> Any:
        found = number // self.factor % self.size + self.least
        return found if self.scale == 1 else Fraction(found, self.scale)


class _End:
    """The least or the greatest value, as bits: every value sets its own and those that it makes redundant."""

    size = 1

    def __init__(self, columns: list[list[Any]], merge: Merge, offset: int) -> None:
        self.values = sorted({value for column in columns for value in column if value is not None})
        self.least, self.offset, self.full = merge == LEAST, offset, (1 << len(self.values)) - 1
        self.bits: dict[Any, int] = {None: 0}
        for place, value in enumerate(self.values):
            self.bits[value] = (self.full >> place << place if self.least else (2 << place) - 1) << offset

    def write(self, value: Any, family: int) -> tuple[int, int]:
        return 0, self.bits[value]

    def read(self, marks: int, number: int) -> Any:
        bits = marks >> self.offset & self.full
        if not bits:
            return None
        return self.values[(bits & -bits).bit_length() - 1 if self.least else bits.bit_length() - 1]


class _Bag:
    """How often each value is there, as one digit per value."""

    def __init__(self, columns: list[list[Any]], radix: int) -> None:
        self.digits: dict[Any, _Sum] = {}
        self.size = 1
        for value in sorted({value for column in columns for state in column for value, _ in state}):
            digit = _Sum([[dict(state).get(value, 0) for state in column] for column in columns], radix * self.size)
            self.digits[value] = digit
            self.size *= digit.size

    def write(self, state: Any, family: int) -> tuple[int, int]:
        counts = dict(state)
        return sum(digit.write(counts.get(value, 0), family)[0] for value, digit in self.digits.items()), 0

    def read(self, marks: int, number: int) -> Any:
        return tuple([(value, count) for value, digit in self.digits.items() if (count := digit.read(marks, number))])


@final
class Packing:
    """How states are packed that come of choosing one alternative from every family."""

    def __init__(self, merges: Sequence[Merge], families: Sequence[Sequence[State]]) -> None:
        self._parts: list[_Sum | _End | _Bag | None] = []
        self._custom: list[tuple[int, Callable[[Any, Any], Any]]] = []
        self.span, marks = 1, 0
        for place, merge in enumerate(merges):
            columns = [[state[place] for state in family] for family in families]
            part: _Sum | _End | _Bag | None = None
            if merge == ADD:
                part = _Sum(columns, self.span)
            elif merge == BAG:
                part = _Bag(columns, self.span)
            elif merge in (LEAST, GREATEST):
                part = _End(columns, merge, marks)
                marks += len(part.values)
            elif callable(merge):
                self._custom.append((place, merge))
            self._parts.append(part)
            self.span *= part.size if part is not None else 1

    def pack(self, family: int, state: State) -> Packed:
        """An alternative of the family in that place."""
        number = marks = 0
        for part, value in zip(self._parts, state, strict=True):
            if part is not None:
                more, bits = part.write(value, family)
                number += more
                marks |= bits
        return ((marks, *(state[place] for place, _ in self._custom)) if self._custom else marks), number

    def unpack(self, packed: Packed) -> State:
        """The state behind a packed one in which every family has had its turn."""
        mark, number = packed
        if not self._custom:
            return tuple([part.read(mark, number) for part in self._parts])  # type: ignore[union-attr]
        kept = dict(zip([place for place, _ in self._custom], mark[1:], strict=True))
        return tuple([kept[place] if part is None else part.read(mark[0], number) for place, part in enumerate(self._parts)])

    def join(self, one: Any, other: Any) -> Any:
        """Two marks as one."""
        if not self._custom:
            return one | other
        return (one[0] | other[0], *(merge(a, b) for (_, merge), a, b in zip(self._custom, one[1:], other[1:], strict=True)))

    def nothing(self, units: State) -> Packed:
        """The packed state before any family had its turn; `units` are the states of no items."""
        return ((0, *(units[place] for place, _ in self._custom)) if self._custom else 0), 0

    @property
    def custom(self) -> bool:
        """Whether marks hold more than bits."""
        return bool(self._custom)

    def dense(self) -> bool:
        """Whether numbers are small enough to be bits."""
        return self.span <= _DENSE


@final
class Reach:
    """A set of packed states."""

    def __init__(self, packing: Packing, parts: dict[Any, Any]) -> None:
        self.packing, self.parts, self._dense = packing, parts, packing.dense()

    @classmethod
    def start(cls, packing: Packing, units: State) -> Reach:
        """Only the state of no items."""
        mark, _ = packing.nothing(units)
        return cls(packing, {mark: 1 if packing.dense() else {0}})

    def extended(self, alternatives: Iterable[Packed]) -> Reach:
        """What can be reached with one more item that has these alternatives."""
        join = self.packing.join
        out: dict[Any, Any] = {}
        if self._dense:
            for mark, more in set(alternatives):
                for before, bits in self.parts.items():
                    after = join(before, mark)
                    out[after] = out.get(after, 0) | bits << more
        else:
            for mark, more in set(alternatives):
                for before, numbers in self.parts.items():
                    after = join(before, mark)
                    shifted = {number + more for number in numbers} if more else numbers
                    out[after] = out[after] | shifted if after in out else shifted
        return Reach(self.packing, out)

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.parts.values()) if self._dense else sum(map(len, self.parts.values()))

    def by_mark(self) -> Iterator[tuple[Any, Sequence[int]]]:
        """For every mark the numbers that are reached with it, in order."""
        for mark, bits in self.parts.items():
            if self._dense:
                yield mark, [place for place, bit in enumerate(bin(bits)[:1:-1]) if bit == "1"]
            else:
                yield mark, sorted(bits)

    def __iter__(self) -> Iterator[Packed]:
        for mark, numbers in self.by_mark():
            for number in numbers:
                yield mark, number


def reached(start: Reach, families: Iterable[tuple[Iterable[Packed], int]], budget: int) -> Reach:
    """Everything reached by families of alternatives, each there so many times. `Exhausted` beyond the budget."""
    found = start
    for alternatives, times in families:
        chosen = frozenset(alternatives)
        for _ in range(times):
            if len(found) * len(chosen) > _WORK * budget:
                raise Exhausted(budget)
            found = found.extended(chosen)
            if len(found) > budget:
                raise Exhausted(budget)
    return found


def reached_without(start: Reach, families: Sequence[tuple[Iterable[Packed], int]], budget: int) -> Iterator[Reach]:
    """For every family, everything that is reached by all others and by all but one of its own."""
    if len(families) == 1:
        alternatives, times = families[0]
        yield reached(start, [(alternatives, times - 1)], budget)
        return
    middle = len(families) // 2
    yield from reached_without(reached(start, families[middle:], budget), families[:middle], budget)
    yield from reached_without(reached(start, families[:middle], budget), families[middle:], budget)
