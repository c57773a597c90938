"""Operators that judge: they turn the results of earlier steps, and tests, into a grade, a number or true and false."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit._numbers import Mode as RoundingMode
from s11kit._numbers import Rounding, exact, number_text
from s11kit.errors import FieldError
from s11kit.model import Test
from s11kit.model._guards import one_of, some_text
from s11kit.rules.averaging import _exact_list
from s11kit.rules.definition import exact_table
from s11kit.rules.operator import Value

__all__ = ["Bands", "Cap", "Floor", "If", "Ladder", "Lookup", "Override", "Round", "Row", "Rung", "Table", "ValueOf"]

Path: TypeAlias = tuple[str | int, ...]
Terms: TypeAlias = tuple[tuple[Path, Any], ...]
Tests: TypeAlias = tuple[tuple[Path, Test], ...]


def _exact_lists(ranges: Any) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(_exact_list(each) for each in as_tuple(ranges))


@final
@attrs.frozen(kw_only=True)
class Bands:
    """Bands of a number: `edges` are their lower edges, from the lowest band up; `grades` are what they give, and `labels` how they print.

    `edge` says to which side a number exactly on an edge belongs: `inclusive` to the band above it, `exclusive` to the one below. The first edge is
    the least number there is a band for; below it, the step is refused.
    """

    name: ClassVar[str] = "bands"
    edges: tuple[Fraction, ...] = attrs.field(default=(), converter=_exact_list)
    edge: Literal["inclusive", "exclusive"] = attrs.field(validator=one_of(Literal["inclusive", "exclusive"]))
    grades: tuple[Any, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    ranges: tuple[tuple[Fraction, ...], ...] = attrs.field(default=(), converter=_exact_lists)
    """Bands as boards print them, from and to; refused where one does not begin where the one below it ends, with a number that falls between."""

    def __attrs_post_init__(self) -> None:
        if self.ranges:
            self._closed()
        if not self.edges:
            raise FieldError("edges", "there are no bands", code="K010", hint='give the lower edge of each band, such as edges = ["0", "1/2"]')
        for place, (low, high) in enumerate(zip(self.edges, self.edges[1:], strict=False), 1):
            if high <= low:
                message = f"the edge {number_text(high)} does not lie above {number_text(low)}"
                raise FieldError(("edges", place), message, code="J006", hint="edges go up, one lower edge per band")
        for key in ("grades", "labels"):
            given = getattr(self, key)
            if (given or key == "grades") and len(given) != len(self.edges):
                message = f"{len(self.edges)} edges make {len(self.edges)} bands, and there are {len(given)} {key}"
                raise FieldError(key, message, code="J006", hint="give one lower edge and one of these per band")

    def _closed(self) -> None:
        """Closed ranges are only lower edges written twice, if they leave no hole."""
        if self.edges:
            raise FieldError("ranges", "bands are given by edges or by ranges, not both", code="J006", hint="keep edges")
        for place, one in enumerate(self.ranges):
            if not 1 <= len(one) <= 2 or (len(one) == 1 and place < len(self.ranges) - 1):
                raise FieldError(("ranges", place), "a range is [from, to]; only the last may be [from]", code="J006")
            if place and self.ranges[place - 1][1] != one[0]:
                below = self.ranges[place - 1][1]
                between = number_text((below + one[0]) / 2)
                fault = f"{between} falls into no band" if one[0] > below else f"{between} falls into two bands"
                edges = ", ".join(number_text(each[0]) for each in self.ranges)
                raise FieldError(
                    ("ranges", place),
                    f"{fault}: between {number_text(below)} and {number_text(one[0])}",
                    code="J006",
                    hint=f"give lower edges only: edges = [{edges}]",
                )
        object.__setattr__(self, "edges", tuple(one[0] for one in self.ranges))
        object.__setattr__(self, "ranges", ())

    def band(self, number: Fraction) -> int | None:
        """The place of the band a number falls into, from 0 (lowest); `None` below the first edge.

        >>> bands = Bands(edges=["0", "1/2"], edge="inclusive", grades=["low", "high"])
        >>> bands.band(Fraction(1, 2)), bands.band(Fraction(-1))
        (1, None)
        """
        place = -1
        for edge in self.edges:
            if number > edge or (number == edge and (self.edge == "inclusive" or place < 0)):
                place += 1
            else:
                break
        return None if place < 0 else place

    def terms(self) -> Terms:
        """The grades."""
        return tuple((("grades", place), grade) for place, grade in enumerate(self.grades))

    def tests(self) -> Tests:
        """None."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The grade of the band; `None` below all bands."""
        band = self.band(of[0])
        return None if band is None else terms[band]


@final
@attrs.frozen(kw_only=True)
class Cap:
    """No better than `at` when the step's test holds: a limiting judgement."""

    name: ClassVar[str] = "cap"
    at: Any

    def terms(self) -> Terms:
        """The limit."""
        return ((("at",), self.at),)

    def tests(self) -> Tests:
        """None beside the step's own."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The lesser of the two, when the test holds.

        >>> Cap(at="requires-improvement").apply([3], [True], [1])
        1
        """
        return min(of[0], terms[0]) if holds[0] else of[0]


@final
@attrs.frozen(kw_only=True)
class Floor:
    """No worse than `at` when the step's test holds."""

    name: ClassVar[str] = "floor"
    at: Any

    def terms(self) -> Terms:
        """The limit."""
        return ((("at",), self.at),)

    def tests(self) -> Tests:
        """None beside the step's own."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The greater of the two, when the test holds.

        >>> Floor(at="requires-improvement").apply([0], [True], [1])
        1
        """
        return max(of[0], terms[0]) if holds[0] else of[0]


@final
@attrs.frozen(kw_only=True)
class If:
    """One result when the step's test holds, another when it does not."""

    name: ClassVar[str] = "if"
    then: Any
    else_: Any

    def terms(self) -> Terms:
        """Both results."""
        return ((("then",), self.then), (("else",), self.else_))

    def tests(self) -> Tests:
        """None beside the step's own."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The one that is chosen.

        >>> If(then="red", else_="green").apply([], [False], [0, 2])
        2
        """
        return terms[0] if holds[0] else terms[1]


@final
@attrs.frozen(kw_only=True)
class Row:
    """One row of a decision table: what it gives when its test holds (always, if it has none), and why."""

    when: Test | None = None
    gives: Any
    reason: str | None = attrs.field(default=None, validator=some_text)
    flag: str | None = attrs.field(default=None, validator=some_text)


@final
@attrs.frozen(kw_only=True)
class Table:
    """A decision table: the first row whose test holds. The last row has no test."""

    name: ClassVar[str] = "table"
    rows: tuple[Row, ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if not self.rows or self.rows[-1].when is not None:
            raise FieldError("rows", "what if no row holds?", code="J007", hint="end the table with a row that has no when")
        for place, row in enumerate(self.rows[:-1]):
            if row.when is None:
                message = "this row has no test, so that no row after it is ever reached"
                raise FieldError(("rows", place), message, code="J007", hint="only the last row has no when")

    def terms(self) -> Terms:
        """What the rows give."""
        return tuple((("rows", place, "gives"), row.gives) for place, row in enumerate(self.rows))

    def tests(self) -> Tests:
        """The tests of the rows."""
        return tuple((("rows", place, "when"), row.when) for place, row in enumerate(self.rows) if row.when is not None)

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """What the first row that holds gives."""
        return terms[self.row(holds)]

    def row(self, holds: Sequence[bool]) -> int:
        """The place of the first row that holds, from 0.

        >>> table = Table(rows=[Row(when=object(), gives="red"), Row(gives="green")])
        >>> table.row([False])
        1
        """
        return next((place for place, held in enumerate(holds) if held), len(self.rows) - 1)


@final
@attrs.frozen(kw_only=True)
class Rung:
    """One rung of a ladder: what it gives when it and every rung below it hold."""

    when: Test
    gives: Any
    reason: str | None = attrs.field(default=None, validator=some_text)


@final
@attrs.frozen(kw_only=True)
class Ladder:
    """A ladder: the highest rung that holds together with all rungs below it; `start` where not even the first does."""

    name: ClassVar[str] = "ladder"
    start: Any
    rungs: tuple[Rung, ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if not self.rungs:
            raise FieldError("rungs", "a ladder has at least one rung", code="K010")

    def terms(self) -> Terms:
        """Where it starts, and what the rungs give."""
        return ((("start",), self.start), *((("rungs", place, "gives"), rung.gives) for place, rung in enumerate(self.rungs)))

    def tests(self) -> Tests:
        """The tests of the rungs."""
        return tuple((("rungs", place, "when"), rung.when) for place, rung in enumerate(self.rungs))

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """What the highest rung that is reached gives."""
        return terms[self.height(holds)]

    def height(self, holds: Sequence[bool]) -> int:
        """How many rungs hold, one after the other.

        >>> Ladder(start="level-0", rungs=[Rung(when=object(), gives="level-1")]).height([True])
        1
        """
        return next((place for place, held in enumerate(holds) if not held), len(holds))


@final
@attrs.frozen(kw_only=True)
class Lookup:
    """A table from grades to grades: what each grade of one scale becomes on another."""

    name: ClassVar[str] = "lookup"
    table: FrozenDict[str, Any] = attrs.field(converter=frozen_dict)

    def terms(self) -> Terms:
        """What the grades become."""
        return tuple((("table", grade), gives) for grade, gives in self.table.items())

    def tests(self) -> Tests:
        """None."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """What the grade becomes; `terms` stand by rank here.

        >>> Lookup(table={"red": "must", "green": "review"}).apply([1], [], [2, 0])
        0
        """
        return terms[int(of[0])]


@final
@attrs.frozen(kw_only=True)
class ValueOf:
    """A number for a grade: a `value` table, or `"unit"` (the place on its scale, worst 0, best 1), or `"points"` (the scale's own numbers)."""

    name: ClassVar[str] = "value"
    value: Any = attrs.field(converter=exact_table)

    def terms(self) -> Terms:
        """None: numbers are not names."""
        return ()

    def tests(self) -> Tests:
        """None."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The number of the grade; `terms` stand by rank here.

        >>> ValueOf(value="unit").apply([1], [], [Fraction(0), Fraction(1)])
        Fraction(1, 1)
        """
        return terms[int(of[0])]


@final
@attrs.frozen(kw_only=True)
class Round:
    """A rounding that counts: to so many decimal `places`, in a declared mode. Every mode keeps the order of numbers."""

    name: ClassVar[str] = "round"
    places: int
    mode: RoundingMode = attrs.field(validator=one_of(RoundingMode))

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.places <= 12:
            raise FieldError("places", "places are decimal places, 0 to 12", code="K009")

    @property
    def rounding(self) -> Rounding:
        """The rounding, as everything else in the library knows it."""
        return Rounding(nearest=Fraction(1, 10**self.places), mode=self.mode)

    def terms(self) -> Terms:
        """None."""
        return ()

    def tests(self) -> Tests:
        """None."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The rounded number, exact again.

        >>> Round(places=0, mode="half-up").apply([Fraction(5, 2)], [], [])
        Fraction(3, 1)
        """
        return self.rounding.apply(of[0])


@final
@attrs.frozen(kw_only=True)
class Override:
    """The derived result, unless somebody in a role of `by` has confirmed another. `needs = "reason"`: not without one. Both results remain."""

    name: ClassVar[str] = "override"
    by: tuple[str, ...] = attrs.field(converter=as_tuple)
    needs: Literal["reason"] | None = attrs.field(default=None, validator=one_of(Literal["reason"]))

    def terms(self) -> Terms:
        """None."""
        return ()

    def tests(self) -> Tests:
        """None."""
        return ()

    def apply(self, of: Sequence[Value], holds: Sequence[bool], terms: Sequence[Value]) -> Value:
        """The derived result; what was confirmed stands beside the answers, and scoring puts it here.

        >>> Override(by=["moderator"]).apply([2], [], [])
        2
        """
        return of[0]


def number(value: Any) -> Fraction | None:
    """A constant as an exact number, if it is one."""
    if isinstance(value, bool):
        return None
    try:
        return exact(value)
    except (TypeError, ValueError):
        return None
