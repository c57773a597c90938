"""Standards and statements: the tree of things that organisations answer."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Literal, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit.errors import FieldError
from s11kit.model._guards import a_ref, an_id, ids, one_of, some_text
from s11kit.model.applicability import Condition
from s11kit.model.requirement import Requirements
from s11kit.model.source import UNMARKED, Provenance

__all__ = ["AlternativeWeights", "Criterion", "Descriptor", "Kind", "Link", "Option", "Reference", "Standard", "Statement", "TimeLimit"]

Kind = Literal["graded", "text", "person", "number", "date", "yes-no", "percentage", "checklist", "prompt"]
TimeUnit = Literal["working-day", "day", "week", "month", "year"]


@final
@attrs.frozen(kw_only=True)
class Descriptor:
    """What a grade looks like for one statement. A `cumulative` one comes on top of that of the grade below; `notes` speak to one setting each."""

    text: str = attrs.field(validator=some_text)
    cumulative: bool = False
    notes: FrozenDict[str, str] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Link:
    """A resource for the reader."""

    title: str
    url: str


@final
@attrs.frozen(kw_only=True)
class Reference:
    """A pointer to an item of an outside list, which `set` names. Many statements may point to one item and the other way round."""

    set: str = attrs.field(validator=an_id)
    ref: str
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Option:
    """One box of a checklist. With a `grade` it stands in that column of a rubric, without grading the statement."""

    id: str = attrs.field(validator=an_id)
    label: str = attrs.field(validator=some_text)
    grade: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class TimeLimit:
    """A limit that belongs to the content, such as one working day. It starts from whatever the statement says it starts from.

    >>> TimeLimit(number=1, unit="working-day").sentence
    '1 working day'
    """

    number: int
    unit: TimeUnit = attrs.field(validator=one_of(TimeUnit))

    def __attrs_post_init__(self) -> None:
        if not 0 < self.number <= 1000:
            raise FieldError("number", "a time limit is a whole number from 1 to 1000", code="K009")

    def earliest(self, on: datetime.date) -> datetime.date:
        """The earliest day that is still within the limit on the day `on`. Working days leave out Saturdays and Sundays, not bank holidays."""
        if self.unit == "working-day":
            left, day = self.number, on
            while left:
                day -= datetime.timedelta(days=1)
                left -= day.weekday() < 5
            return day
        if self.unit in ("day", "week"):
            return on - datetime.timedelta(days=self.number * (7 if self.unit == "week" else 1))
        months = on.year * 12 + on.month - 1 - self.number * (12 if self.unit == "year" else 1)
        year, month = max(1, months // 12), months % 12 + 1
        last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
        return datetime.date(year, month, min(on.day, last))

    @property
    def sentence(self) -> str:
        """The limit in words."""
        unit = self.unit.replace("-", " ")
        return f"{self.number} {unit}" + ("" if self.number == 1 else "s")


@final
@attrs.frozen(kw_only=True)
class Criterion:
    """A part of a statement. `weight` is exact; it is the most this part can be awarded where parts are scored."""

    ref: str = attrs.field(validator=a_ref)
    text: str = attrs.field(validator=some_text)
    weight: Fraction | None = None
    not_applicable: bool | None = None
    applies_when: Condition | None = None
    help: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class AlternativeWeights:
    """The weights that a board gives the remaining criteria when those in `without` are not applicable."""

    without: tuple[str, ...] = attrs.field(converter=as_tuple)
    weights: FrozenDict[str, Fraction] = attrs.field(converter=frozen_dict)


@final
@attrs.frozen(kw_only=True)
class Statement:
    """The item that is answered. Most take a grade; other kinds ask for words, a person, a number, a date, and may take a grade as well.

    >>> Statement(ref="1.1", text="A named senior person is responsible for safeguarding.").takes_grade
    True
    >>> Statement(ref="1.2", text="Who is it?", kind="person").takes_grade
    False
    """

    ref: str = attrs.field(validator=a_ref)
    text: str = attrs.field(validator=some_text)
    kind: Kind = attrs.field(default="graded", validator=one_of(Kind))
    graded: bool | None = None
    scale: str | None = None
    not_applicable: bool | None = None
    applies_when: Condition | None = None
    binding_when: Condition | None = None
    descriptors: FrozenDict[str, Descriptor] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    model_answer: str | None = None
    help: str | None = None
    example_evidence: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    links: tuple[Link, ...] = attrs.field(default=(), converter=as_tuple)
    keywords: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    references: tuple[Reference, ...] = attrs.field(default=(), converter=as_tuple)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=ids)
    target: str | None = None
    weights: FrozenDict[str, Fraction] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    requirements: Requirements = Requirements()
    time_limit: TimeLimit | None = None
    optional: bool = False
    spotlight: bool = False
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    unit: str | None = None
    options: tuple[Option, ...] = attrs.field(default=(), converter=as_tuple)
    criteria: tuple[Criterion, ...] = attrs.field(default=(), converter=as_tuple)
    criteria_total: Fraction = Fraction(100)
    adjustable_weights: bool = False
    alternative_weights: tuple[AlternativeWeights, ...] = attrs.field(default=(), converter=as_tuple)
    provenance: Provenance = UNMARKED

    @property
    def takes_grade(self) -> bool:
        """Whether it is answered with a grade (perhaps among other things)."""
        return self.kind == "graded" if self.graded is None else self.graded

    @property
    def takes_value(self) -> bool:
        """Whether it is answered with something other than a grade."""
        return self.kind not in ("graded", "prompt")


@final
@attrs.frozen(kw_only=True)
class Standard:
    """A group of statements; standards may nest. One with `graded=True` takes a grade of its own and counts as one item.

    >>> Standard(ref="1", title="Commitment", statements=[Statement(ref="1.1", text="Somebody leads.")]).statements[0].ref
    '1.1'
    """

    ref: str = attrs.field(validator=a_ref)
    title: str = attrs.field(validator=some_text)
    text: str | None = None
    statements: tuple[Statement, ...] = attrs.field(default=(), converter=as_tuple)
    standards: tuple[Standard, ...] = attrs.field(default=(), converter=as_tuple)
    graded: bool = False
    scale: str | None = None
    not_applicable: bool | None = None
    applies_when: Condition | None = None
    binding_when: Condition | None = None
    descriptors: FrozenDict[str, Descriptor] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=ids)
    target: str | None = None
    requirements: Requirements = Requirements()
    optional: bool = False
    documented_count: int | None = None
    provenance: Provenance = UNMARKED

    @property
    def takes_grade(self) -> bool:
        """Whether the standard itself is graded."""
        return self.graded
