"""What a grade demands: evidence, and actions with the board's own fields."""

from __future__ import annotations

import datetime
from typing import Literal, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit.errors import FieldError
from s11kit.model._guards import an_id, one_of, some_text
from s11kit.model.source import UNMARKED, Provenance

__all__ = ["DEFAULT_ACTION_FIELDS", "ActionField", "ActionStatus", "Level", "PlanPolicy", "Requirement", "Requirements"]

Level = Literal["review", "should", "must"]
LEVELS: tuple[Level, ...] = ("review", "should", "must")
Attachments = Literal["forbidden", "on-request", "optional", "expected"]
EVIDENCE_FIELDS = ("narrative", "impact", "documents", "outcome")
FieldKind = Literal["text", "person", "date", "timescale", "status"]
Include = Literal["triggered", "all"]


@final
@attrs.frozen(kw_only=True)
class Requirement:
    """At which grades something is demanded, how firmly (`review`, `should`, `must`), and which of its parts are needed or invited.

    >>> Requirement(at={"not-met": "must"}, needs=["lead"]).level("not-met")
    'must'
    """

    at: FrozenDict[str, Level] = attrs.field(converter=frozen_dict)
    needs: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    invites: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    attachments: Attachments | None = attrs.field(default=None, validator=one_of(Attachments))
    provenance: Provenance = UNMARKED

    def __attrs_post_init__(self) -> None:
        for grade, level in self.at.items():
            if level not in LEVELS:
                raise FieldError(("at", grade), f"'{level}' is not known here", hint="one of: review, should, must")

    def level(self, grade: str) -> Level | None:
        """How firmly it is demanded at that grade, or `None`."""
        return self.at.get(grade)


@final
@attrs.frozen(kw_only=True)
class Requirements:
    """What a framework, standard or statement demands. What is `None` is taken from the level above."""

    evidence: Requirement | None = None
    action: Requirement | None = None

    def within(self, outer: Requirements) -> Requirements:
        """These requirements, completed from those around them."""
        return Requirements(evidence=self.evidence or outer.evidence, action=self.action or outer.action)


@final
@attrs.frozen(kw_only=True)
class ActionField:
    """One column of a board's action plan, under the board's own label. A `timescale` is a date or words; only dates can be overdue."""

    id: str = attrs.field(validator=an_id)
    label: str = attrs.field(validator=some_text)
    kind: FieldKind = attrs.field(default="text", validator=one_of(FieldKind))
    due: bool = False
    """Whether it says by when the action is to be done; needed where more than one field holds a date."""
    help: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class ActionStatus:
    """A state an action can be in; a `closed` action is done with: never overdue, never carried forward."""

    id: str = attrs.field(validator=an_id)
    label: str = attrs.field(validator=some_text)
    closed: bool = False
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class PlanPolicy:
    """The board's action plan: its title, the states of an action, which rows it prints, and the day after which it is closed."""

    title: str | None = None
    status: tuple[ActionStatus, ...] = attrs.field(default=(), converter=as_tuple)
    include: Include = attrs.field(default="triggered", validator=one_of(Include))
    freeze: datetime.date | None = None
    provenance: Provenance = UNMARKED

    def closes(self, status: str | None) -> bool:
        """Whether an action in that state is done with."""
        return any(state.closed for state in self.status if state.id == status)


DEFAULT_ACTION_FIELDS = (
    ActionField(id="action", label="Action", kind="text"),
    ActionField(id="lead", label="Lead person", kind="person"),
    ActionField(id="due", label="Due", kind="date"),
    ActionField(id="status", label="Status", kind="status"),
)
