"""Whether an answer can be given to an item at all: what makes any count untrue if it is not so. Scoring refuses by it, checking reports it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from s11kit._dates import DateFault, read_date
from s11kit._frozen import is_list
from s11kit._numbers import exact, number_text, read_number
from s11kit.errors import Path, Problem, listed, nearest
from s11kit.model.assessment import Assessment, Entry, Graded, Stated
from s11kit.model.framework import Framework, Item
from s11kit.model.tree import Statement

__all__ = ["fits", "no_such", "unsettled", "unusable"]


def unusable(assessment: Assessment) -> list[Problem]:
    """The findings that would make any count untrue: a grade that is on no scale, an answer to nothing, a scope that cannot be settled."""
    problems = list(unsettled(assessment))
    items = assessment.framework.items
    for ref, entry in assessment.answers.items():
        item = items.get(ref)
        if item is None:
            problems.append(no_such(assessment.framework, ref))
        elif ref not in assessment.scope.out:
            for path, seen in _views(entry, ("answer", ref)):
                problems += fits(item, seen, path)
    return [problem for problem in problems if problem.severity == "error"]


def _views(entry: Entry, path: Path) -> Iterator[tuple[Path, Entry]]:
    yield path, entry
    for role, seen in entry.by.items():
        yield from _views(seen, (*path, "by", role))
    for name, seen in entry.dimensions.items():
        yield from _views(seen, (*path, "dimension", name))


def no_such(framework: Framework, ref: str) -> Problem:
    """An answer to something that the framework does not ask."""
    return Problem(
        code="A009",
        message=f"{framework.name} has no standard or statement '{ref}'",
        path=("answer", ref),
        hint=nearest(ref, framework.items),
        about=ref,
        on_key=True,
    )


def unsettled(assessment: Assessment) -> Iterator[Problem]:
    """A condition asks for what the organisation has not said."""
    waiting = assessment.scope.unsettled
    if not waiting:
        return
    facts = sorted({fact for missing in waiting.values() for fact in missing})
    outer = [ref for ref in waiting if not any(parent.ref in waiting for parent in assessment.framework.items[ref].parents)]
    declared = {
        "areas": assessment.framework.areas,
        "kind": assessment.framework.kinds,
        "settings": assessment.framework.settings,
        "size": assessment.framework.sizes,
    }
    known = [f"{fact}: {', '.join(declared[fact])}" for fact in facts if declared.get(fact)]
    message = f"whether {listed(outer)} {'applies' if len(outer) == 1 else 'apply'} depends on the organisation's {listed(facts)}, which is not given"
    yield Problem(code="A011", message=message, path=("organisation",), hint="add " + listed(facts) + (f"; {'; '.join(known)}" if known else ""))


def fits(item: Item, entry: Entry, path: Path) -> Iterator[Problem]:
    """The grade is on the item's scale; the value is of the item's kind and within its limits."""
    answer, node = entry.answer, item.node
    if isinstance(answer, Graded):
        if not item.takes_grade:
            hint = "write value instead of grade" if item.takes_answer else "answer the statements in it" if not item.is_statement else None
            yield Problem(code="A014", message=f"{item.ref} takes no grade", path=(*path, "grade"), hint=hint, on_key=True)
        elif item.scale is None:
            yield Problem(code="A002", message=f"{item.ref} has no scale yet, so it cannot be graded", path=(*path, "grade"))
        elif answer.grade not in item.scale:
            known = [grade.id for grade in item.scale.grades]
            coded = item.scale.grade_by_code(answer.grade)
            labelled = next((grade for grade in item.scale.grades if grade.label.lower() == answer.grade.strip().lower()), None)
            meant = coded or labelled
            hint = f"write the id, '{meant.id}'; grades: {', '.join(known)}" if meant else nearest(answer.grade, known, listing="grades")
            message = f"{item.ref} has no grade '{answer.grade[:60]}'"
            yield Problem(code="A002", message=message, path=(*path, "grade"), hint=hint, about=answer.grade)
    value = answer.value if isinstance(answer, (Graded, Stated)) else None
    if value is None:
        return
    where = (*path, "value")
    if not isinstance(node, Statement) or not node.takes_value:
        hint = "write grade instead of value" if item.takes_grade else None
        yield Problem(code="A014", message=f"{item.ref} takes no value", path=where, hint=hint, on_key=True)
        return
    fault = _value_fault(node, value)
    if fault is not None:
        yield Problem(code="K008" if fault[2] else "A014", message=fault[0], path=where, hint=fault[1])


def _value_fault(node: Statement, value: Any) -> tuple[str, str | None, bool] | None:
    """What keeps a value from answering a statement: a sentence, a hint, and whether it is a date that could be two days."""
    if node.kind in ("text", "person"):
        if not isinstance(value, str) or not value.strip():
            return f"{node.ref} asks for words", 'write them in quotes, or "None" if there is nothing to say', False
    elif node.kind == "yes-no":
        if not isinstance(value, bool):
            return f"{node.ref} asks for yes or no", "write true or false, without quotes", False
    elif node.kind == "date":
        try:
            day = read_date(value) if isinstance(value, str) else value
        except DateFault as fault:
            return fault.message, fault.hint, True
        if not isinstance(day, datetime.date):
            return f"{node.ref} asks for a date", "write it as 2026-03-31 or 31/03/2026", False
    elif node.kind == "checklist":
        known = {option.id for option in node.options}
        chosen: Any = (value,) if isinstance(value, str) else value
        if not is_list(chosen):
            return f"{node.ref} asks for options from its list", 'write them as value = ["...", "..."]', False
        wrong = [option for option in chosen if option not in known]
        if wrong:
            return f"{node.ref} has no option '{wrong[0][:60]}'", nearest(wrong[0], known, listing="options"), False
    else:
        return _number_fault(node, value)
    return None


def _number_fault(node: Statement, value: Any) -> tuple[str, str | None, bool] | None:
    number: Fraction | None = None
    if isinstance(value, str):
        number = read_number(value)
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = exact(value)
    if number is None:
        return f"{node.ref} asks for a {node.kind}", "write a number, such as 12 or 12.5", False
    low = node.minimum if node.minimum is not None else Fraction(0) if node.kind == "percentage" else None
    high = node.maximum if node.maximum is not None else Fraction(100) if node.kind == "percentage" else None
    if (low is not None and number < low) or (high is not None and number > high):
        limits = " and ".join(
            part
            for part in (f"at least {number_text(low)}" if low is not None else "", f"at most {number_text(high)}" if high is not None else "")
            if part
        )
        return f"{node.ref} is {number_text(number)}, and must be {limits}", None, False
    return None
