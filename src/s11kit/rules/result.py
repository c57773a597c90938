"""What a rule comes to for an assessment: scored, a range, not scored, or refused; never a number in place of something that is not there."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, final

import attrs

from s11kit._numbers import Rounding, number_text
from s11kit.model import Assessment, Scale
from s11kit.rules.binding import BARE, BLANK, BoundRule, BoundStep, Machine, Slot
from s11kit.rules.judging import Bands
from s11kit.rules.operator import Absent, Kind, Value

if TYPE_CHECKING:
    from s11kit.rules.changes import Changes
    from s11kit.rules.derivation import Derivation

__all__ = ["Given", "Result", "ResultKind", "display", "given", "label_of"]

ResultKind = Literal["scored", "range", "not scored", "refused"]
Given: TypeAlias = Fraction | str | bool | None
"""A result as users meet it: an exact number, a grade id, true or false; `None` where there is none."""


@final
@attrs.frozen(kw_only=True, slots=False, eq=False)
class Result:
    """The result of one rule.

    `kind` says whether there is one. `value` is the exact result (a `Fraction`, a grade id, or a truth value), `None` unless `kind` is `scored`. For
    a `range`, `least_value` and `greatest_value` are the worst and the best result over all ways to fill the blanks in. `why` says why there is none.

    >>> from s11kit import Catalogue, score
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> framework = example.framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)]))
    >>> framework.rules["met"].score(example).value
    Fraction(27, 37)
    """

    bound: BoundRule = attrs.field(repr=False)
    assessments: tuple[Assessment, ...] = attrs.field(repr=False)
    least: Value
    """The worst result, as the rule computes it (grades by rank)."""
    greatest: Value

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self.bound.id

    @property
    def assessment(self) -> Assessment:
        """The assessment that was scored; the first of many."""
        return self.assessments[0]

    @property
    def kind(self) -> ResultKind:
        """`scored`, `range`, `not scored` or `refused`."""
        if self.least != self.greatest:
            return "range"
        if isinstance(self.least, Absent):
            return "refused" if self.least.kind == "refused" else "not scored"
        return "scored"

    @property
    def value(self) -> Given:
        """The exact result; `None` unless it is scored."""
        return given(self.bound.kind, self.least) if self.kind == "scored" else None

    @property
    def least_value(self) -> Given:
        """The worst result that is still possible; `None` if it may not be scored at all."""
        return given(self.bound.kind, self.least)

    @property
    def greatest_value(self) -> Given:
        """The best result that is still possible."""
        return given(self.bound.kind, self.greatest)

    @property
    def why(self) -> str | None:
        """Why there is no result; `None` if there is one."""
        if not isinstance(self.least, Absent) or self.kind == "range":
            return None
        return self.least.why or None

    @cached_property
    def blanks(self) -> tuple[Slot, ...]:
        """What the rule looks at and nobody has answered, in framework order; also "not applicable" for which a reason is wanted and not given."""
        from s11kit.rules.evaluation import slot_symbol  # which makes results

        machine = self.bound.machine
        needing = needing_reasons(machine)
        slots = [slot for variable in machine.variables for slot in variable.slots]
        return tuple(
            slot for slot in slots for one in self.assessments if (said := slot_symbol(slot, one)) == BLANK or (said == BARE and slot in needing)
        )

    @property
    def text(self) -> str:
        """The result as people read it: a label, a number that crosses no edge, or what there is instead."""
        if self.kind == "range":
            least = "not scored" if isinstance(self.least, Absent) else self._said(self.least)
            return f"{least} to {self._said(self.greatest)}, depending on {len(self.blanks)} unanswered"
        if isinstance(self.least, Absent):
            return f"{self.kind}: {self.why}" if self.why else self.kind
        return self._said(self.least)

    def _said(self, value: Value) -> str:
        return label_of(self.bound, self.bound.machine.steps[-1], value)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What the rule raises beside the result, such as a category of concern; once each, in the order of the steps."""
        return self.explain().flags if _may_flag(self.bound.machine) else ()

    @cached_property
    def confirmed(self) -> bool:
        """Whether somebody has put this result in place of a derived one."""
        from s11kit.rules.evaluation import override_of  # which makes results

        if self.kind != "scored" or self.bound.rule.over != "statements" or override_of(self.bound, self.assessment) is None:
            return False
        return self.explain().confirmed

    def steps(self) -> dict[str, Given]:
        """The results of the steps that have one for the whole (not those per group), by id."""
        return {step.id: step.value for step in self.explain().steps if step.group is None}

    def explain(self) -> Derivation:
        """How it came about: a tree from the answers to the result, which replays to the same value."""
        from s11kit.rules.explanation import derive

        return derive(self)

    def next_grade(self, goal: str | int | Fraction | None = None, *, blanks: bool = False) -> Changes:
        """The fewest changes that reach the next better result, or the goal given; with `blanks`, answers to what is unanswered count as well.

        `S11Error` if the goal is no result of this rule.
        """
        from s11kit.rules.changes import fewest_changes

        return fewest_changes(self.assessment, self.bound, goal, blanks=blanks)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: exact numbers as text."""
        out: dict[str, Any] = {"rule": self.rule, "title": self.bound.title, "kind": self.kind, "value": plain(self.value), "text": self.text}
        if self.kind == "range":
            out |= {"least": plain(self.least_value), "greatest": plain(self.greatest_value)}
        if self.why:
            out["why"] = self.why
        if self.blanks:
            out["unanswered"] = [slot.name for slot in self.blanks]
        if self.flags:
            out["flags"] = list(self.flags)
        if self.confirmed:
            out["confirmed"] = True
        return out


def needing_reasons(machine: Machine) -> frozenset[Slot]:
    """Where "not applicable" counts as unanswered for some step, unless there is a reason."""
    readings = (reading for level in machine.registers for register in level for reading in register.readings.items())
    return frozenset(slot for slot, reading in readings if reading.na.needs_reason)


def _may_flag(machine: Machine) -> bool:
    """Whether anything in a rule can be raised beside the result."""
    return any(step.step.flag is not None or any(getattr(row, "flag", None) for row in getattr(step.step.op, "rows", ())) for step in machine.steps)


def given(kind: Kind, value: Value) -> Given:
    """A result inside a rule as users meet it."""
    if isinstance(value, Absent) or value is None:
        return None
    found: Given = kind.grades[int(value)].id if isinstance(kind, Scale) else value
    return found


def plain(value: Given) -> str | bool | None:
    """A result for JSON."""
    return number_text(value) if isinstance(value, Fraction) else value


def label_of(rule: BoundRule, step: BoundStep, value: Value) -> str:
    """The result of a step as people read it: the label of a grade (or of its band), a number that crosses no edge, yes or no."""
    if isinstance(value, Absent):
        return value.kind
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(step.kind, Scale):
        grade = step.kind.grades[int(value)]
        op = step.step.op
        if isinstance(op, Bands) and op.labels and grade.id in op.grades:
            return op.labels[op.grades.index(grade.id)]
        return grade.label
    return display(value, edges_of(rule, step))


def edges_of(rule: BoundRule, step: BoundStep) -> tuple[Fraction, ...]:
    """The numbers at which a later step or test decides about this one."""
    found: list[Fraction] = []
    for later in rule.machine.steps:
        if isinstance(later.step.op, Bands) and step.index in later.inputs:
            found += later.step.op.edges
        for test in later.tests:
            for each in test.walk():
                comparison = getattr(each.test, "comparison", None)
                if each.step == step.index and comparison is not None:
                    try:
                        found.append(Fraction(comparison.value))
                    except (TypeError, ValueError):
                        continue
    return tuple(found)


def display(number: Fraction, edges: tuple[Fraction, ...] = (), places: int = 1) -> str:
    """A number with as few decimals as show on which side of every edge it lies; exact if it is short.

    >>> display(Fraction("2.475"), (Fraction("2.5"),))
    '2.48'
    >>> display(Fraction(9, 4)), display(Fraction(2, 3))
    ('2.25', '0.7')
    """
    exact = number_text(number)
    if "/" not in exact and len(exact.partition(".")[2]) <= places + 1:
        return exact
    for more in range(places, 31):
        rounding = Rounding(nearest=Fraction(1, 10**more))
        shown = rounding.apply(number)
        if not any(_crosses(number, shown, edge) for edge in edges):
            return number_text(shown)
    return exact


def _crosses(number: Fraction, shown: Fraction, edge: Fraction) -> bool:
    """Whether a shown number lies on another side of an edge than the number itself; on the edge is a side of its own."""
    return (number > edge) != (shown > edge) or (number < edge) != (shown < edge)
