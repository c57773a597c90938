"""Two rules as one, so that one search looks at both: for comparing rules, for scoring by sections, and for other numbers behind the grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import AnswerTest, Both, Either, Framework, Not, Selection, StepTest
from s11kit.rules.averaging import Mean, Sum
from s11kit.rules.binding import BoundRule
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import NotApplicableRule, Rule, Step
from s11kit.rules.judging import Cap, Floor, If, Ladder, Override, Table

__all__ = ["by_sections", "flattened", "joined", "recoded"]


def _tested(test: Any, name: Callable[[str], str]) -> Any:
    """A test with the steps in it renamed."""
    if isinstance(test, (Both, Either)):
        return attrs.evolve(test, tests=tuple(_tested(each, name) for each in test.tests))
    if isinstance(test, Not):
        return attrs.evolve(test, test=_tested(test.test, name))
    if isinstance(test, StepTest):
        return attrs.evolve(test, step=name(test.step))
    if isinstance(test, AnswerTest) and test.selection.step is not None:
        return attrs.evolve(test, selection=Selection(step=name(test.selection.step)))
    return test


def renamed(step: Step, name: Callable[[str], str]) -> Step:
    """A step under another name, that reads steps under other names. Overrides are dropped: laws speak of the derived result."""
    op = step.op
    if isinstance(op, (Cap, Floor)):
        op = attrs.evolve(op, at=name(op.at) if isinstance(op.at, str) else op.at)
    elif isinstance(op, If):
        op = attrs.evolve(op, then=_named(op.then, name), else_=_named(op.else_, name))
    elif isinstance(op, Table):
        op = Table(rows=[attrs.evolve(row, when=row.when and _tested(row.when, name), gives=_named(row.gives, name)) for row in op.rows])
    elif isinstance(op, Ladder):
        rungs = [attrs.evolve(rung, when=_tested(rung.when, name), gives=_named(rung.gives, name)) for rung in op.rungs]
        op = Ladder(start=_named(op.start, name), rungs=rungs)
    weight = getattr(op, "weight", None)
    if isinstance(weight, Mapping) and step.of:
        op = attrs.evolve(op, weight=FrozenDict({name(key): value for key, value in weight.items()}))
    when = _tested(step.when, name) if step.when is not None else None
    return attrs.evolve(step, id=name(step.id), op=op, of=tuple(name(each) for each in step.of), when=when, flag=None)


def _named(value: Any, name: Callable[[str], str]) -> Any:
    return name(value) if isinstance(value, str) else value


def _own(rule: Rule, prefix: str) -> list[Step]:
    """The steps of a rule under names of their own, with the rule's policies written on every step."""
    ids = {step.id for step in rule.steps}

    def name(id: str) -> str:
        return prefix + id if id in ids else id

    out: list[Step] = []
    for step in rule.steps:
        made = renamed(step, name)
        folds = hasattr(step.op, "lift") or hasattr(step.op, "compute")
        tests = step.when is not None or (not folds and bool(step.op.tests()))
        if folds or tests:
            made = attrs.evolve(made, na=made.na or rule.na, unanswered=made.unanswered or rule.unanswered)
        if folds:
            made = attrs.evolve(made, empty=rule.empty if made.empty is None else made.empty)
        out.append(made)
    return out


def joined(one: Rule, other: Rule, framework: Framework) -> tuple[BoundRule, int, int]:
    """A rule that holds the steps of both, and the places of their results among its steps."""
    steps = [*_own(one, "one-"), *_own(other, "other-")]
    coupled = one.na.coupled if one.na is not None else ()
    apart = other.na.coupled if other.na is not None else ()
    if coupled == apart:  # else the rules do not fit each other, and the problem of the steps says so
        steps = [attrs.evolve(step, na=attrs.evolve(step.na, coupled=())) if step.na is not None else step for step in steps]
    rule = Rule(id=one.id, over=one.over, better="higher", steps=steps, na=NotApplicableRule(coupled=coupled))
    return rule.within(framework), len(one.steps) - 1, len(steps) - 1


# other forms of one rule


def _combined(op: Any) -> Any:
    """How scores of sections are put together by the same kind of fold: counts are added, shares are averaged, and so on."""
    if isinstance(op, Count):
        return Sum()
    if isinstance(op, Share):
        return Mean()
    if isinstance(op, (All, Any_)):
        return type(op)()
    if isinstance(op, None_):
        return All()
    if isinstance(op, Some):
        return Some(k=op.k, share=op.share)
    if isinstance(op, (Sum, Mean)):
        return attrs.evolve(op, weight=None)
    return op


def by_sections(rule: Rule, level: str, *, number: bool) -> Rule | None:
    """The rule applied to every section, and then to the scores of the sections. `None` if it is not one chain from statements to the result.

    `number` says that it results in a number: then that is what sections count.
    """
    first = rule.steps[0]
    if any(step.each for step in rule.steps) or first.over is None or not hasattr(first.op, "merges"):
        return None
    for before, step in zip(rule.steps, rule.steps[1:], strict=False):
        reads = set(step.of) or {before.id}
        if step.over is not None or reads != {before.id} or isinstance(step.op, Override):
            return None
    inner = [renamed(step, lambda id: f"section-{id}" if id in {s.id for s in rule.steps} else id) for step in rule.steps]
    empty = first.empty if first.empty is not None else rule.empty
    inner = [attrs.evolve(step, each=level) for step in inner]
    inner[0] = attrs.evolve(inner[0], empty="not_applicable" if empty == "not_scored" else empty)
    value = getattr(first.op, "value", None)
    op = _combined(first.op)
    if number and value is not None and hasattr(op, "value"):
        op = attrs.evolve(op, value=None)
    outer = [attrs.evolve(first, op=op, over=None, of=(inner[-1].id,), except_=()), *rule.steps[1:]]
    return attrs.evolve(rule, steps=(*inner, *outer), report=(), expect=FrozenDict(), result=None)


def flattened(rule: Rule) -> Rule | None:
    """A rule that scores sections and then their scores, as one that scores all at once. `None` if it is not of that form."""
    levels = {step.each for step in rule.steps if step.each}
    if len(levels) != 1:
        return None
    inner = [step for step in rule.steps if step.each]
    outer = [step for step in rule.steps if not step.each]
    if rule.steps[: len(inner)] != tuple(inner) or not outer or inner[0].over is None:
        return None
    fold = outer[0]
    if fold.of != (inner[-1].id,) or not hasattr(fold.op, "merges"):
        return None

    def name(id: str) -> str:
        return inner[-1].id if id == fold.id else id

    rest = [renamed(step, lambda id: id if id != fold.id else inner[-1].id) for step in outer[1:]]
    del name
    return attrs.evolve(rule, steps=(*(attrs.evolve(step, each=None) for step in inner), *rest), report=(), expect=FrozenDict(), result=None)


def recoded(rule: BoundRule, gap: int) -> Rule | None:
    """The rule with other numbers behind the grades, in the same order: all grades above a gap are moved up. `None` if it has no such numbers."""
    grades = rule.framework.scale_of_grade
    changed = False

    def table(value: Any) -> Any:
        nonlocal changed
        if value is None:
            return None
        numbers: dict[str, Fraction] = {}
        for grade, scale in grades.items():
            rank = scale.rank(grade)
            if value == "unit":
                numbers[grade] = Fraction(rank, len(scale.grades) - 1)
            elif value == "points":
                points = scale.grades[rank].points
                if points is not None:
                    numbers[grade] = points
            elif grade in value:
                numbers[grade] = value[grade]
        span = max(numbers.values()) - min(numbers.values())
        changed = changed or any(grades[grade].rank(grade) > gap for grade in numbers)
        return FrozenDict({grade: number + (span if grades[grade].rank(grade) > gap else 0) for grade, number in numbers.items()})

    steps: list[Step] = []
    for step in rule.rule.steps:
        made = step
        if getattr(step.op, "value", None) is not None:
            made = attrs.evolve(made, op=attrs.evolve(step.op, value=table(step.op.value)))
        if any(each.value is not None for each in step.except_):
            made = attrs.evolve(made, except_=tuple(attrs.evolve(each, value=table(each.value)) for each in step.except_))
        steps.append(made)
    return attrs.evolve(rule.rule, steps=tuple(steps), expect=FrozenDict()) if changed else None
