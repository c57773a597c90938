"""Scales and grades. A grade is a symbol with a place in an order; its code is what a board prints for it, never a number to calculate with."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Literal, final

import attrs

from s11kit._frozen import as_tuple
from s11kit._ids import check_id
from s11kit.errors import FieldError
from s11kit.model._guards import an_id, one_of, some_text
from s11kit.model.source import UNMARKED, Provenance

__all__ = ["COLOURS", "Grade", "NotApplicablePolicy", "Order", "Scale", "Steps"]

Order = Literal["worst-first", "best-first"]
COLOURS = ("red", "amber", "green", "grey", "blue", "yellow", "orange", "purple", "white", "black")
NotApplicableField = Literal["reason", "alternative"]


def _colour(_: Any, field: Any, value: str | None) -> None:
    if value is not None and value not in COLOURS and re.fullmatch(r"#[0-9a-fA-F]{6}", value) is None:
        raise FieldError(field.name, f"'{value}' is not a colour this library knows", hint=f"one of: {', '.join(COLOURS)}, or #rrggbb")


def _grade_id(_: Any, field: Any, value: str) -> None:
    check_id(field.name, value)
    if value in ("unanswered", "not-applicable"):
        raise FieldError(field.name, f"'{value}' is no grade: it is what an answer is when there is none", code="K005", hint="choose another id")


@final
@attrs.frozen(kw_only=True)
class Grade:
    """One level of a scale. `points` is exact and only there if the board publishes a number.

    >>> Grade(id="fully-met", code="3", label="Fully met", colour="green").label
    'Fully met'
    """

    id: str = attrs.field(validator=_grade_id)
    label: str = attrs.field(validator=some_text)
    code: str | None = None
    colour: str | None = attrs.field(default=None, validator=_colour)
    meaning: str | None = None
    descriptor: str | None = None
    points: Fraction | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class NotApplicablePolicy:
    """How "not applicable" is answered on a scale: how it prints, what it needs and what it invites (`reason`, `alternative`)."""

    code: str | None = None
    label: str = "Not applicable"
    colour: str | None = attrs.field(default=None, validator=_colour)
    needs: tuple[NotApplicableField, ...] = attrs.field(default=(), converter=as_tuple)
    invites: tuple[NotApplicableField, ...] = attrs.field(default=(), converter=as_tuple)
    provenance: Provenance = UNMARKED

    def __attrs_post_init__(self) -> None:
        for name in ("needs", "invites"):
            for word in getattr(self, name):
                if word not in ("reason", "alternative"):
                    raise FieldError(name, f"'{word}' is not asked for with not applicable", hint="one of: reason, alternative")


@final
@attrs.frozen(kw_only=True)
class Steps:
    """A numeric scale in equal steps, both ends included: 0 to 100 in fives has 21 grades. All three are whole numbers."""

    from_: int
    to: int
    step: int
    unit: str = ""

    def __attrs_post_init__(self) -> None:
        if self.step <= 0 or self.to <= self.from_ or self.from_ < 0:
            raise FieldError("step", "steps go up from a number not below zero", code="K009")
        if (self.to - self.from_) % self.step:
            raise FieldError("step", f"{self.step} does not divide the way from {self.from_} to {self.to}", code="K009")
        if (self.to - self.from_) // self.step > 1000:
            raise FieldError("step", "a scale has at most 1001 steps", code="K009")

    def grades(self) -> tuple[Grade, ...]:
        """A grade per step, lowest number first; ids and codes are the numbers."""
        values = range(self.from_, self.to + 1, self.step)
        return tuple(Grade(id=str(n), code=str(n), label=f"{n}{self.unit}", points=Fraction(n)) for n in values)


@final
@attrs.frozen(kw_only=True)
class Scale:
    """An ordered set of grades: `grades` runs from worst to best, always; `order` only says how the board prints them.

    >>> rag = Scale(id="rag", grades=[Grade(id="red", label="Red"), Grade(id="amber", label="Amber"), Grade(id="green", label="Green")])
    >>> rag.rank("amber"), rag.best.id
    (1, 'green')
    """

    id: str = attrs.field(validator=an_id)
    title: str | None = None
    order: Order = attrs.field(default="worst-first", validator=one_of(Order))
    grades: tuple[Grade, ...] = attrs.field(converter=as_tuple)
    steps: Steps | None = None
    minimum: str | None = None
    not_applicable: NotApplicablePolicy | None = None
    provenance: Provenance = UNMARKED
    used_from: str | None = None
    """The `id@edition` of the shared scale this one is (`use` in a file)."""
    _ranks: dict[str, int] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ranks", {grade.id: rank for rank, grade in enumerate(self.grades)})
        if len(self.grades) < 2:
            raise FieldError("grades", "a scale has at least two grades", code="S001", hint="add the grades that are missing, in order")
        if len(self._ranks) != len(self.grades):
            seen: set[str] = set()
            for place, grade in enumerate(self.grades):
                if grade.id in seen:
                    raise FieldError(
                        ("grades", place, "id"),
                        f"two grades are called '{grade.id}'",
                        code="R001",
                        hint="every grade of a framework has an id of its own",
                    )
                seen.add(grade.id)
        if self.minimum is not None and self.minimum not in self._ranks:
            raise FieldError("minimum", f"'{self.minimum}' is not a grade of this scale", code="R004", hint="grades: " + ", ".join(self._ranks))

    @property
    def worst(self) -> Grade:
        """The lowest grade."""
        return self.grades[0]

    @property
    def best(self) -> Grade:
        """The highest grade."""
        return self.grades[-1]

    @property
    def printed(self) -> tuple[Grade, ...]:
        """The grades in the order the board prints them."""
        return self.grades if self.order == "worst-first" else self.grades[::-1]

    def __contains__(self, grade: object) -> bool:
        return grade in self._ranks

    def rank(self, grade: str) -> int:
        """The place of a grade in the order, from 0 (worst). `KeyError` if it is not on this scale."""
        return self._ranks[grade]

    def grade(self, grade: str) -> Grade:
        """The grade with that id. `KeyError` if it is not on this scale."""
        return self.grades[self._ranks[grade]]

    def grade_by_code(self, code: str) -> Grade | None:
        """The grade that a board prints as `code`, if exactly one does."""
        found = [grade for grade in self.grades if grade.code == code]
        return found[0] if len(found) == 1 else None

    @property
    def sentence(self) -> str:
        """The scale in one line, worst to best."""
        return " < ".join(f"{g.label} ({g.code})" if g.code and g.code != g.label else g.label for g in self.grades)
