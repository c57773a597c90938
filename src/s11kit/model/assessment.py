"""An assessment: one organisation's completed copy of a framework. Absence is typed: unanswered is not zero, not applicable is not unanswered."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias, final

import attrs

from s11kit._dates import DateFault, read_date
from s11kit._frozen import FrozenDict, as_frozenset, as_tuple, freeze, frozen_dict
from s11kit.errors import Locator, Problem, S11Error, nearest
from s11kit.model._guards import some_text
from s11kit.model.applicability import Comparison, Condition, Selection
from s11kit.model.framework import Framework
from s11kit.model.items import Item
from s11kit.model.tree import Criterion, Statement

__all__ = [
    "Action", "Answer", "Assessment", "CriterionAnswer", "Document", "Entry", "Evidence", "FrontSheet", "Graded", "NotApplicable", "Organisation",
    "Outcome", "Override", "Scope", "Stated", "Unanswered",
]  # fmt: skip

SELF = "self"
CARRIED = "carried_from"
"""The key of an action that keeps the reference it had in an earlier edition."""
Value: TypeAlias = str | bool | int | Decimal | datetime.date | tuple[str, ...]
_NONE: FrozenDict[str, Any] = FrozenDict()


@final
@attrs.frozen
class Graded:
    """An answer with a grade; `value` is there only where a statement asks for something else as well."""

    grade: str
    value: Value | None = attrs.field(default=None, kw_only=True)


@final
@attrs.frozen
class Stated:
    """An answer to a statement that takes no grade: words, a person, a number, a date, yes or no, the boxes of a checklist."""

    value: Value


@final
@attrs.frozen
class NotApplicable:
    """The organisation says that this does not apply to it, why, and what it does instead."""

    reason: str | None = None
    alternative: str | None = attrs.field(default=None, kw_only=True)
    extra: FrozenDict[str, Any] = attrs.field(default=FrozenDict(), kw_only=True)


@final
@attrs.frozen
class Unanswered:
    """Nobody has answered yet. It is not zero, and not the lowest grade."""


Answer: TypeAlias = Graded | Stated | NotApplicable | Unanswered
UNANSWERED = Unanswered()


@final
@attrs.frozen(kw_only=True)
class Document:
    """Evidence by reference: which document, and where it is kept."""

    title: str = attrs.field(validator=some_text)
    kept: str | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class Evidence:
    """What stands behind an answer: a narrative, documents by reference, names of attached files (never the files)."""

    narrative: str | None = None
    documents: tuple[Document, ...] = attrs.field(default=(), converter=as_tuple)
    attachments: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class Outcome:
    """The four-part story: how it was found, what was hoped, what was done, who is better off and why."""

    found: str | None = None
    hoped: str | None = None
    done: str | None = None
    better_off: str | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen
class Action:
    """A planned improvement under the framework's own action fields.

    Values are kept as typed, but for a date written year first in a field for dates, which a loader makes a date; `on` reads a value as a date.

    >>> Action({"lead": "Head of services", "timescale": "31/03/2026"}).on("timescale")
    datetime.date(2026, 3, 31)
    """

    fields: FrozenDict[str, Any] = attrs.field(converter=frozen_dict)

    def text(self, field: str) -> str | None:
        """What stands in a field, as text; `None` if it is blank."""
        value = self.fields.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return value.strip() if isinstance(value, str) else str(value)

    def on(self, field: str) -> datetime.date | None:
        """The date in a field; `None` if it holds words, nothing, or a text that could be two days."""
        value = self.fields.get(field)
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        try:
            return read_date(value) if isinstance(value, str) else None
        except DateFault:
            return None

    @property
    def blank(self) -> bool:
        """Whether it is an empty form: all its fields are blank."""
        return all(self.text(field) is None for field in self.fields)


@final
@attrs.frozen(kw_only=True)
class CriterionAnswer:
    """What is said of one criterion: a grade, an exact award, met or not, or not applicable; all of them may be absent."""

    grade: str | None = None
    value: Fraction | None = None
    met: bool | None = None
    not_applicable: str | None = None
    comment: str | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class Entry:
    """Everything said under one reference: the answer, its evidence, its actions, and the same as seen by others (`by`) or from other sides."""

    answer: Answer = UNANSWERED
    evidence: Evidence | None = None
    impact: str | None = None
    outcome: Outcome | None = None
    comment: str | None = None
    strengths: str | None = None
    improvements: str | None = None
    actions: tuple[Action, ...] = attrs.field(default=(), converter=as_tuple)
    by: FrozenDict[str, Entry] = attrs.field(default=_NONE, converter=frozen_dict)
    dimensions: FrozenDict[str, Entry] = attrs.field(default=_NONE, converter=frozen_dict)
    criteria: FrozenDict[str, CriterionAnswer] = attrs.field(default=_NONE, converter=frozen_dict)
    criterion_weights: FrozenDict[str, Fraction] = attrs.field(default=_NONE, converter=frozen_dict)
    extra: FrozenDict[str, Any] = attrs.field(default=_NONE, converter=frozen_dict)

    @property
    def every_action(self) -> tuple[Action, ...]:
        """The actions under this reference: the organisation's own, then those of other roles and dimensions."""
        if not self.by and not self.dimensions:
            return self.actions
        return self.actions + tuple(action for seen in (*self.by.values(), *self.dimensions.values()) for action in seen.every_action)

    def view(self, role: str = SELF, dimension: str | None = None) -> Entry:
        """The entry as seen by a role and along a dimension; an empty one if nothing is said there."""
        seen = self if role == SELF else self.by.get(role, EMPTY)
        return seen if dimension is None else seen.dimensions.get(dimension, EMPTY)

    @property
    def has_narrative(self) -> bool:
        """Whether there is evidence in words."""
        return self.evidence is not None and bool((self.evidence.narrative or "").strip())


EMPTY = Entry()


@final
@attrs.frozen(kw_only=True)
class Organisation:
    """Who assesses itself. What is `None` has not been said, which is not the same as no."""

    name: str = attrs.field(validator=some_text)
    kind: str | None = None
    areas: frozenset[str] | None = attrs.field(default=None, converter=attrs.converters.optional(as_frozenset))
    settings: frozenset[str] | None = attrs.field(default=None, converter=attrs.converters.optional(as_frozenset))
    size: str | None = None
    statutory: bool | None = None
    reference: str | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class FrontSheet:
    """Who filled the assessment in, and when it was completed."""

    completed_by: str | None = None
    completed_by_role: str | None = None
    completed_on: datetime.date | None = None
    substitute: str | None = None
    telephone: str | None = None
    email: str | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class Override:
    """A result that somebody with the right to do so has put in place of a derived one, and why. The derived result remains beside it."""

    rule: str
    result: str
    """A grade id, or an exact number as text."""
    by: str
    """The role that confirmed it, such as `moderator`."""
    reason: str | None = None
    on: datetime.date | None = None
    extra: FrozenDict[str, Any] = _NONE


@final
@attrs.frozen(kw_only=True)
class Scope:
    """What applies to the organisation: `out` is excluded by a condition; `unsettled` waits for facts the organisation has not given."""

    out: frozenset[str] = frozenset()
    reasons: FrozenDict[str, Condition] = FrozenDict()
    """For every excluded item, the condition that it fails."""
    unsettled: FrozenDict[str, frozenset[str]] = FrozenDict()
    outermost: tuple[str, ...] = ()
    """The excluded references, without those whose whole standard is excluded."""


_ALL_IN = Scope()


@final
@attrs.frozen(kw_only=True, slots=False)
class Assessment:
    """One organisation's answers to one framework.

    Changing means making a changed copy:

    >>> from s11kit import Catalogue
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> empty = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust", areas={"cambridgeshire"}))
    >>> empty.answer("1.1")
    Unanswered()
    >>> empty.with_grade("1.1", "fully-met", evidence="Minutes of the board").answer("1.1")
    Graded(grade='fully-met', value=None)
    """

    framework: Framework
    organisation: Organisation
    cycle: str | None = None
    front_sheet: FrontSheet = FrontSheet()
    answers: FrozenDict[str, Entry] = attrs.field(default=_NONE, converter=frozen_dict)
    actions: tuple[Action, ...] = attrs.field(default=(), converter=as_tuple)
    overrides: tuple[Override, ...] = attrs.field(default=(), converter=as_tuple)
    extra: FrozenDict[str, Any] = attrs.field(default=_NONE, converter=frozen_dict)
    origin: Locator | None = attrs.field(default=None, eq=False, repr=False)

    def entry(self, ref: str, *, role: str = SELF, dimension: str | None = None) -> Entry:
        """Everything said under a reference; an empty entry if nothing is. `S11Error` if the framework has no such item."""
        self.framework.item(ref)
        return self.answers.get(ref, EMPTY).view(role, dimension)

    def answer(self, ref: str, *, role: str = SELF, dimension: str | None = None) -> Answer:
        """The answer under a reference. A standard that is not applicable as a whole answers for the statements in it."""
        own = self.entry(ref, role=role, dimension=dimension).answer
        return own if own is not UNANSWERED and type(own) is not Unanswered else self.inherited(self.framework.items[ref], role)

    def inherited(self, item: Item, role: str = SELF) -> Answer:
        """What the standards above an item say for it: not applicable, or nothing."""
        if not item.may_not_apply:
            return UNANSWERED
        for parent in reversed(item.parents):
            entry = self.answers.get(parent.ref)
            if entry is not None and not parent.graded:
                above = entry.view(role).answer
                if isinstance(above, NotApplicable):
                    return above
        return UNANSWERED

    @cached_property
    def scope(self) -> Scope:
        """Which items the conditions exclude, and which cannot be settled yet."""
        conditional = self.framework.conditional
        if not conditional:
            return _ALL_IN
        out: dict[str, Condition] = {}
        unsettled: dict[str, frozenset[str]] = {}
        facts = _Facts(self, out)
        above: dict[str, list[bool | None]] = {}
        for item in conditional:
            facts.before = item.order
            results = list(above.get(item.parents[-1].ref, ())) if item.parents else []
            results += [condition.holds(facts) for condition in item.conditions[len(results) :]]
            above[item.ref] = results
            if False in results:
                out[item.ref] = item.conditions[results.index(False)]
            elif None in results:
                open_ = [condition for condition, result in zip(item.conditions, results, strict=True) if result is None]
                unsettled[item.ref] = frozenset(name for condition in open_ for name in condition.missing(facts))
        shown = tuple(item.ref for item in conditional if item.ref in out and not (item.parents and item.parents[-1].ref in out))
        return Scope(out=frozenset(out), reasons=FrozenDict(out), unsettled=FrozenDict(unsettled), outermost=shown)

    @cached_property
    def in_scope(self) -> tuple[Item, ...]:
        """The items that apply and take an answer, in framework order. What cannot be settled counts as applying."""
        out = self.scope.out
        return tuple([item for item in self.framework.answerable if item.ref not in out]) if out else self.framework.answerable

    def receivers(self) -> tuple[str, ...]:
        """The ids of the boards that receive this assessment. A board whose condition cannot be settled is left out; `check` says so."""
        facts = _Facts(self, self.scope.out)
        return tuple(board.id for board in self.framework.boards if board.receives_when is None or board.receives_when.holds(facts))

    def missing_facts(self, condition: Condition | None) -> frozenset[str]:
        """What the organisation would have to say of itself to settle a condition; nothing if it is settled."""
        facts = _Facts(self, self.scope.out)
        return frozenset() if condition is None or condition.holds(facts) is not None else condition.missing(facts)

    def binds(self, ref: str) -> bool | None:
        """Whether the duty binds the organisation at an item; others answer it as good practice. `None` if the organisation has not said enough."""
        item = self.framework.item(ref)
        facts = _Facts(self, self.scope.out)
        facts.before = item.order
        results = [condition.holds(facts) for condition in item.binding]
        return False if False in results else None if None in results else True

    def criteria(self, ref: str) -> tuple[Criterion, ...]:
        """The criteria of a statement that apply to the organisation. What cannot be settled counts as applying."""
        item = self.framework.item(ref)
        facts = _Facts(self, self.scope.out)
        facts.before = item.order
        criteria = item.node.criteria if isinstance(item.node, Statement) else ()
        return tuple(each for each in criteria if each.applies_when is None or each.applies_when.holds(facts) is not False)

    # changed copies

    def _with(self, **changes: Any) -> Assessment:
        return attrs.evolve(self, origin=None, **changes)

    def with_organisation(self, **changes: Any) -> Assessment:
        """A copy in which the organisation says something else of itself, such as `areas={"north"}`."""
        return self._with(organisation=attrs.evolve(self.organisation, **changes))

    def with_entry(self, ref: str, entry: Entry) -> Assessment:
        """A copy with everything under one reference replaced. `S11Error` if the framework has no such item."""
        self.framework.item(ref)
        return self._with(answers=self.answers.with_(ref, entry))

    def with_answer(self, ref: str, answer: Answer, *, role: str = SELF, dimension: str | None = None, **changes: Any) -> Assessment:
        """A copy with one answer set; evidence, actions and unknown keys under it stay unless `changes` names them.

        `evidence` may be a text. `S11Error` if the framework has no such item, or the grade is not on its scale.
        """
        item = self.framework.item(ref)
        if isinstance(answer, Graded):
            check_grade(item, answer.grade)
        self.framework.check_role(role)
        self.framework.check_dimension(dimension)
        if isinstance(changes.get("evidence"), str):
            changes["evidence"] = attrs.evolve(self.entry(ref, role=role, dimension=dimension).evidence or Evidence(), narrative=changes["evidence"])
        whole = self.entry(ref)
        seen = whole if role == SELF else whole.by.get(role, EMPTY)
        if dimension is None:
            seen = attrs.evolve(seen, answer=answer, **changes)
        else:
            inner = attrs.evolve(seen.dimensions.get(dimension, EMPTY), answer=answer, **changes)
            seen = attrs.evolve(seen, dimensions=seen.dimensions.with_(dimension, inner))
        return self.with_entry(ref, seen if role == SELF else attrs.evolve(whole, by=whole.by.with_(role, seen)))

    def with_grade(self, ref: str, grade: str, **changes: Any) -> Assessment:
        """A copy with that grade; see `with_answer` for `role`, `dimension`, `evidence` and the rest."""
        kept = self.entry(ref, role=changes.get("role", SELF), dimension=changes.get("dimension")).answer
        value = kept.value if isinstance(kept, (Graded, Stated)) else None
        return self.with_answer(ref, Graded(grade, value=value), **changes)

    def with_value(self, ref: str, value: Value, **changes: Any) -> Assessment:
        """A copy with the answer to a statement of another kind. A grade that stands beside it stays. `TypeError` for a float: it is not exact."""
        if isinstance(value, float):
            raise TypeError("an exact number is needed: an int, a Decimal or a text, never a float")
        value = freeze(value)
        kept = self.entry(ref, role=changes.get("role", SELF), dimension=changes.get("dimension")).answer
        return self.with_answer(ref, Graded(kept.grade, value=value) if isinstance(kept, Graded) else Stated(value), **changes)

    def with_not_applicable(self, ref: str, reason: str | None, *, alternative: str | None = None, **changes: Any) -> Assessment:
        """A copy in which this does not apply, with the reason."""
        return self.with_answer(ref, NotApplicable(reason, alternative=alternative), **changes)

    def without_answer(self, ref: str, **changes: Any) -> Assessment:
        """A copy in which this is unanswered again; evidence and actions stay."""
        return self.with_answer(ref, UNANSWERED, **changes)

    def with_override(self, rule: str, result: str, *, by: str, reason: str | None = None, on: datetime.date | None = None) -> Assessment:
        """A copy in which a role has confirmed another result of a rule than the derived one; it takes the place of an earlier one."""
        kept = tuple(each for each in self.overrides if each.rule != rule)
        return self._with(overrides=(*kept, Override(rule=rule, result=result, by=by, reason=reason, on=on)))

    def with_action(self, ref: str, fields: Mapping[str, Any]) -> Assessment:
        """A copy with one more action under a reference. A date may be given as text, year first."""
        entry = self.entry(ref)
        given = {name: value for name, value in fields.items() if value is not None}
        dated = {name: _day(value) if name in self.framework.date_fields else freeze(value) for name, value in given.items()}
        return self.with_entry(ref, attrs.evolve(entry, actions=(*entry.actions, Action(dated))))


def _day(value: Any) -> Any:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def check_grade(item: Item, grade: str) -> None:
    """`S11Error` with the nearest grade, unless `grade` is on the item's scale."""
    if item.scale is None or grade not in item.scale or not item.takes_grade:
        known = [found.id for found in item.scale.grades] if item.scale and item.takes_grade else []
        message = f"{item.ref} has no grade '{grade}'" if known else f"{item.ref} takes no grade"
        raise S11Error([Problem(code="A002", message=message, hint=nearest(grade, known, listing="grades"))])


class _Facts:
    """What the conditions of a framework see of one assessment: only items that stand earlier and are in scope."""

    def __init__(self, assessment: Assessment, out: Container[str]) -> None:
        self._assessment, self._out = assessment, out
        self.before = 10**9

    def organisation_fact(self, field: str) -> frozenset[str] | bool | None:
        said = getattr(self._assessment.organisation, field)
        return frozenset({said}) if isinstance(said, str) else said

    def selected(self, selection: Selection) -> Iterator[str]:
        framework = self._assessment.framework
        named = [framework.items[ref] for ref in selection.refs if ref in framework.items]
        for item in named if selection.refs else framework.answerable:
            if item.takes_answer and item.order < self.before and item.ref not in self._out and picks(selection, item):
                yield item.ref

    def compares(self, ref: str, comparison: Comparison) -> bool | None:
        answer = self._assessment.answer(ref)
        value = comparison.value
        if isinstance(value, bool):
            said = answer.value if isinstance(answer, (Stated, Graded)) else None
            return said is value if isinstance(said, bool) else None
        scale = self._assessment.framework.items[ref].scale
        if not isinstance(answer, Graded) or scale is None or answer.grade not in scale:
            return None
        if not isinstance(value, str) or value not in scale:
            return None  # `check` says that the two cannot be compared
        return comparison.accepts(scale.rank(answer.grade), scale.rank(value))


def picks(selection: Selection, item: Item) -> bool:
    """Whether a selection picks an item: everything that is given must match."""
    if selection.refs and item.ref not in selection.refs:
        return False
    if selection.tag is not None and selection.tag not in item.tags:
        return False
    return selection.standard is None or selection.standard in (item.ref, *(parent.ref for parent in item.parents))
