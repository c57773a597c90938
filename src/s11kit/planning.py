"""The action plan: what the grades demand, in statement order, with the actions that are there. Blanks stay blank."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit.errors import InvalidFile, Problem, S11Error, nearest
from s11kit.model import Action, ActionField, Assessment, Entry, Framework, Graded
from s11kit.model.assessment import CARRIED, SELF
from s11kit.model.requirement import Include, Level

__all__ = ["ActionPlan", "PlannedAction", "Row", "carry_forward", "plan"]


@final
@attrs.frozen(kw_only=True)
class PlannedAction:
    """One action as the plan shows it. `missing` names the fields it was asked to fill in; `overdue` is only known for a given day."""

    action: Action
    due: datetime.date | None
    status: str | None
    closed: bool
    overdue: bool | None
    missing: tuple[str, ...]


@final
@attrs.frozen(kw_only=True)
class Row:
    """One item of the plan: why it is there, and its actions. `level` says how firmly its grade demands one; `None` if it does not."""

    ref: str | None
    title: str
    standard: str | None
    grade: str | None
    level: Level | None
    actions: tuple[PlannedAction, ...]

    @property
    def wanting(self) -> bool:
        """Whether an action is demanded and none is there."""
        return self.level == "must" and not self.actions


@final
@attrs.frozen(kw_only=True)
class ActionPlan:
    """All rows in the order of the framework; actions that belong to no statement come last.

    >>> from s11kit import Catalogue, plan
    >>> made = plan(Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary"))
    >>> len([row for row in made.rows if row.level == "must"])
    10
    """

    assessment: Assessment
    fields: tuple[ActionField, ...]
    rows: tuple[Row, ...]
    on: datetime.date | None = None

    @property
    def title(self) -> str:
        """The board's title for it."""
        return self.assessment.framework.plan.title or "Action plan"

    @property
    def actions(self) -> tuple[tuple[Row, PlannedAction], ...]:
        """Every action with the row it stands in."""
        return tuple((row, action) for row in self.rows for action in row.actions)

    @property
    def due(self) -> int:
        """How many items must have an action."""
        return sum(row.level == "must" for row in self.rows)

    @property
    def wanting(self) -> tuple[Row, ...]:
        """The items that must have an action and have none."""
        return tuple(row for row in self.rows if row.wanting)

    @property
    def overdue(self) -> tuple[tuple[Row, PlannedAction], ...]:
        """The actions that are past their date and not closed, if a day was given."""
        return tuple((row, action) for row, action in self.actions if action.overdue)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: blank fields are `null`, dates are written year first."""

        def shown(action: Action, field: str) -> object:
            value = action.fields.get(field)
            if isinstance(value, (datetime.date, Decimal)):
                return value.isoformat() if isinstance(value, datetime.date) else str(value)
            return value if action.text(field) is not None else None

        return {
            "framework": self.assessment.framework.name,
            "organisation": self.assessment.organisation.name,
            "on": None if self.on is None else self.on.isoformat(),
            "due": self.due,
            "wanting": [row.ref for row in self.wanting],
            "fields": [{"id": field.id, "label": field.label, "kind": field.kind} for field in self.fields],
            "rows": [
                {
                    "ref": row.ref,
                    "title": row.title,
                    "standard": row.standard,
                    "grade": row.grade,
                    "level": row.level,
                    "actions": [
                        {
                            "fields": {field.id: shown(planned.action, field.id) for field in self.fields},
                            "due": None if planned.due is None else planned.due.isoformat(),
                            "status": planned.status,
                            "closed": planned.closed,
                            "overdue": planned.overdue,
                            "missing": list(planned.missing),
                        }
                        for planned in row.actions
                    ],
                }
                for row in self.rows
            ],
        }


def plan(assessment: Assessment, *, on: datetime.date | None = None, include: Include | None = None, role: str = SELF) -> ActionPlan:
    """The action plan of an assessment.

    Rows are the items in scope whose grade demands an action, and all items that have one, even if they do not apply now: no action is lost.
    `include="all"` adds every other graded item (the framework's own choice is the default). `on` is the day by which actions are overdue; without
    it nothing is. With a `role`, that role's grade decides what is demanded where it has given one.
    """
    framework = assessment.framework
    framework.check_role(role)
    wanted = include or framework.plan.include
    if wanted not in ("triggered", "all"):
        raise S11Error([Problem(code="K004", message=f"'{wanted}' is no choice of rows", hint="one of: triggered, all")])
    rows: list[Row] = []
    for item in framework.items.values():
        entry = assessment.entry(item.ref)
        if item.ref in assessment.scope.out and not any(not action.blank for action in entry.every_action):
            continue
        answer = assessment.answer(item.ref)
        if role != SELF and isinstance(seen := entry.view(role).answer, Graded):
            answer = seen
        requirement = item.requirements.action
        given = [answer.grade] if isinstance(answer, Graded) else _by_dimension(entry, role)
        applies = item.ref not in assessment.scope.out
        levels: dict[str, Level | None] = {}
        if requirement is not None and applies:
            levels = {grade: requirement.level(grade) for grade in given}
        grade = max(given, key=lambda grade: _FIRMNESS[levels.get(grade)], default=None)
        level = levels.get(grade) if grade is not None else None
        needs = requirement.needs if requirement is not None and level is not None else ()
        actions = tuple(_planned(framework, action, needs, on) for action in entry.every_action if not action.blank)
        if level is not None or actions or (wanted == "all" and item.takes_grade):
            standard = item.parents[-1].ref if item.parents else None
            rows.append(Row(ref=item.ref, title=item.title, standard=standard, grade=grade, level=level, actions=actions))
    for action in (action for action in assessment.actions if not action.blank):
        planned = (_planned(framework, action, (), on),)
        rows.append(Row(ref=None, title="", standard=None, grade=None, level=None, actions=planned))
    return ActionPlan(assessment=assessment, fields=framework.plan_fields, rows=tuple(rows), on=on)


_FIRMNESS: dict[Level | None, int] = {None: 0, "review": 1, "should": 2, "must": 3}


def _by_dimension(entry: Entry, role: str) -> list[str]:
    """The grades of an item that is graded along dimensions."""
    sides = entry.view(role).dimensions.values()
    return [seen.answer.grade for seen in sides if isinstance(seen.answer, Graded)]


def _planned(framework: Framework, action: Action, needs: tuple[str, ...], on: datetime.date | None) -> PlannedAction:
    dated = framework.due_field
    stated = next((field for field in framework.plan_fields if field.kind == "status"), None)
    due = action.on(dated.id) if dated is not None else None
    status = action.text(stated.id) if stated is not None else None
    closed = framework.plan.closes(status)
    overdue = None if on is None else due is not None and due < on and not closed
    return PlannedAction(
        action=action, due=due, status=status, closed=closed, overdue=overdue, missing=tuple(name for name in needs if action.text(name) is None)
    )


def carry_forward(assessment: Assessment, *, cycle: str, framework: Framework | None = None) -> Assessment:
    """The start of the next cycle: the same organisation, every answer blank again, every action that is not closed carried over.

    `framework` is the next edition, if there is one. Actions of items that it does not have become actions that belong to no statement, with the
    old reference in `carried_from`, so that none is lost. `InvalidFile` if it is another framework altogether.

    >>> from s11kit import Catalogue
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> following = carry_forward(example, cycle="2019-21")
    >>> following.answer("1.1"), len(following.entry("1.1").actions) == len(example.entry("1.1").actions)
    (Unanswered(), True)
    """
    new = framework or assessment.framework
    if new.id != assessment.framework.id:
        message = f"{new.name} is no edition of {assessment.framework.id}"
        raise InvalidFile([Problem(code="R006", message=message, hint=nearest(new.id, [assessment.framework.id]))])
    answers: dict[str, Entry] = {}
    loose = [action for action in assessment.actions if not action.blank and not _closed(assessment.framework, action)]
    for ref, entry in assessment.answers.items():
        kept = tuple(action for action in entry.every_action if not action.blank and not _closed(assessment.framework, action))
        if kept and ref in new.items:
            answers[ref] = Entry(actions=kept)
        else:
            loose += [Action(action.fields.with_(CARRIED, ref)) for action in kept]
    return Assessment(framework=new, organisation=assessment.organisation, cycle=cycle, answers=FrozenDict(answers), actions=tuple(loose))


def _closed(framework: Framework, action: Action) -> bool:
    stated = next((field for field in framework.plan_fields if field.kind == "status"), None)
    return stated is not None and framework.plan.closes(action.text(stated.id))
