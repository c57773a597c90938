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
from s11kit.model.framework import Framework
from s11kit.model.items import Item
from s11kit.model.scale import Steps
from s11kit.model.tree import Statement

MOST_HINTS = 25
"""How often the nearest reference is looked for in one file: it takes a while."""

__all__ = ["answers_it", "depends_on", "fits", "how_to_say", "no_such", "undeclared", "unsettled", "unusable"]


def unusable(assessment: Assessment) -> list[Problem]:
    """The findings that would make any count untrue: a grade that is on no scale, an answer to nothing, a scope that cannot be settled."""
    problems = [*undeclared(assessment), *unsettled(assessment)]
    items = assessment.framework.items
    for ref, entry in assessment.answers.items():
        item = items.get(ref)
        if item is None:
            problems.append(no_such(assessment.framework, ref, hint=len(problems) < MOST_HINTS))
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


_WORDS = {"areas": ("area", "areas"), "settings": ("setting", "settings"), "kind": ("kind", "kinds"), "size": ("size", "sizes")}


def undeclared(assessment: Assessment) -> Iterator[Problem]:
    """What the organisation says of itself in words that the framework does not know: a slip there would change whom the conditions meet."""
    framework, organisation = assessment.framework, assessment.organisation
    for field, declared in (("areas", framework.areas), ("settings", framework.settings), ("kind", framework.kinds), ("size", framework.sizes)):
        if not declared:
            continue
        said = getattr(organisation, field)
        for word in sorted([said] if isinstance(said, str) else said or ()):
            if word not in declared:
                one, many = _WORDS[field]
                hint = nearest(word, declared, listing=many)
                message = f"{framework.name} knows no {one} '{word}'"
                yield Problem(code="R008", message=message, path=("organisation", field, word), hint=hint, about=word)


def no_such(framework: Framework, ref: str, *, hint: bool = True) -> Problem:
    """An answer to something that the framework does not ask; the nearest reference is looked for if a `hint` is wanted."""
    return Problem(
        code="A009",
        message=f"{framework.name} has no standard or statement '{ref}'",
        path=("answer", ref),
        hint=nearest(ref, framework.items) if hint else None,
        about=ref,
        on_key=True,
    )


def unsettled(assessment: Assessment) -> Iterator[Problem]:
    """A condition asks for what the organisation has not said."""
    waiting, framework = assessment.scope.unsettled, assessment.framework
    if not waiting:
        return
    facts = sorted({fact for missing in waiting.values() for fact in missing})
    outer = [ref for ref in waiting if not any(parent.ref in waiting for parent in assessment.framework.items[ref].parents)]
    message = f"whether {listed(outer)} {'applies' if len(outer) == 1 else 'apply'} depends on {depends_on(facts)} not given"
    yield Problem(code="A011", message=message, path=("organisation",), hint="add " + listed([how_to_say(framework, fact) for fact in facts]))


def depends_on(facts: list[str]) -> str:
    """What a condition depends on, and that it is (not given)."""
    words = listed(["legal status" if fact == "statutory" else fact for fact in facts])
    return f"the organisation's {words}, which {'are' if len(facts) > 1 or facts[0] in ('areas', 'settings') else 'is'}"


def how_to_say(framework: Framework, fact: str) -> str:
    """What to write in [organisation], with the words the framework declares."""
    declared = {"areas": framework.areas, "kind": framework.kinds, "settings": framework.settings, "size": framework.sizes}.get(fact)
    if fact == "statutory":
        return "statutory = true or false (whether the duty binds it by law)"
    of = f" (of: {', '.join(declared)})" if declared else ""
    return f'{fact} = ["..."]{of}' if fact in ("areas", "settings") else f'{fact} = "..."{of}'


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
            policy = item.not_applicable
            coded = item.scale.grade_by_code(answer.grade)
            labelled = next((grade for grade in item.scale.grades if grade.label.lower() == answer.grade.strip().lower()), None)
            meant = coded or labelled
            hint = f"write the id, '{meant.id}'; grades: {', '.join(known)}" if meant else nearest(answer.grade, known, listing="grades")
            if policy is not None and answer.grade in (policy.code, policy.label):
                hint = 'that is how not applicable is written there: write not_applicable = "the reason"'
            elif item.scale.steps is not None and not meant:
                hint = _nearest_steps(item.scale.steps, answer.grade) or hint
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


def _nearest_steps(steps: Steps, grade: str) -> str | None:
    number = read_number(grade)
    if number is None or not steps.from_ <= number <= steps.to:
        return f"grades go from {steps.from_} to {steps.to} in steps of {steps.step}"
    below = steps.from_ + (number - steps.from_) // steps.step * steps.step
    return f"grades go in steps of {steps.step}: write '{below}' or '{below + steps.step}'"


def answers_it(item: Item, answer: Stated) -> bool:
    """Whether a value answers an item that takes no grade."""
    return isinstance(item.node, Statement) and item.node.takes_value and _value_fault(item.node, answer.value) is None


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
        if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime):
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
        limits = f"from {number_text(low)} to {number_text(high)}" if low is not None and high is not None else ""
        limits = limits or (f"at least {number_text(low)}" if low is not None else f"at most {number_text(high or Fraction())}")
        return f"the answer to {node.ref} is {number_text(number)}; it must be {limits}", None, False
    return None
