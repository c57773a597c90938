"""From what a person types to an answer, and from an answer to the keys of a file."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from s11kit._dates import DateFault, long, read_date
from s11kit._numbers import number_text, read_number
from s11kit.catalogue import Catalogue
from s11kit.codec import REMOVE, edit_answers, parse_assessment, write_text
from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Answer, Assessment, Entry, Graded, Item, NotApplicable, Stated, Statement
from s11kit.model.assessment import SELF, Value
from s11kit.model.fit import fits

NOT_APPLICABLE = ("na", "n/a", "not applicable", "not-applicable")
YES, NO = ("yes", "y", "true"), ("no", "n", "false")
Keys = dict[str, object]


def read_answer(item: Item, text: str) -> Answer:
    """The answer that `text` names for an item. `S11Error` if it names none, or more than one."""
    typed = text.strip()
    said = typed.casefold()
    policy = item.not_applicable
    grades = item.scale.grades if item.takes_grade and item.scale is not None else ()
    if any(grade.id == typed for grade in grades):
        return Graded(typed)
    found = [grade.id for grade in grades if said in (grade.label.casefold(), (grade.code or "").casefold(), grade.id)]
    declined = [word.casefold() for word in (policy.code, policy.label) if word] if policy is not None else []
    if said in declined or (said in NOT_APPLICABLE and not found):
        found.append("not applicable")
    if len(found) > 1:
        message = f"'{typed}' could mean {' or '.join(found)} for {item.ref}"
        raise S11Error([Problem(code="A002", message=message, hint="write the id of the grade")])
    if found == ["not applicable"]:
        return NotApplicable()
    if found:
        return Graded(found[0])
    if isinstance(item.node, Statement) and item.node.takes_value:
        return Stated(read_value(item, item.node, typed))
    if not item.takes_answer:
        hint = "answer the statements in it, or say 'na' for all of it" if not item.is_statement else None
        raise S11Error([Problem(code="A014", message=f"{item.ref} takes no grade", hint=hint)])
    close = nearest(typed, [word for grade in grades for word in (grade.id, grade.label)])
    listing = "grades: " + ", ".join(f"{grade.id} ({grade.label})" for grade in grades[:12]) + (", ..." if len(grades) > 12 else "")
    message = f"{item.ref} has no grade '{typed[:60]}'"
    raise S11Error([Problem(code="A002", message=message, hint=f"{close} {listing}" if close else listing)])


def may_not_apply(item: Item) -> None:
    """`S11Error` if an item may not be answered with not applicable."""
    if not item.may_not_apply:
        message = f"{item.ref} may not be answered with not applicable"
        raise S11Error([Problem(code="A008", message=message, hint="give it a grade, or ask the board" if item.takes_grade else None)])


def read_value(item: Item, node: Statement, typed: str) -> Value:
    """The value that a text is for a statement of another kind. `S11Error` if it does not fit."""
    value: Value = typed
    if node.kind == "yes-no" and typed.casefold() in (*YES, *NO):
        value = typed.casefold() in YES
    elif node.kind == "yes-no":
        raise S11Error([Problem(code="A014", message=f"{item.ref} asks for yes or no", hint="type yes or no")])
    elif node.kind == "date":
        try:
            value = read_date(typed) or typed
        except DateFault as fault:
            raise S11Error([Problem(code="K008", message=fault.message, hint=fault.hint)]) from None
    elif node.kind in ("number", "percentage") and (number := read_number(typed.removesuffix("%"))) is not None:
        shown = number_text(number)
        value = shown if "/" in shown else int(shown) if number.denominator == 1 else Decimal(shown)
    elif node.kind == "checklist":
        ids = {word.casefold(): option.id for option in node.options for word in (option.id, option.label)}
        value = tuple(ids.get(part.strip().casefold(), part.strip()) for part in typed.split(",") if part.strip())
    problems = list(fits(item, Entry(answer=Stated(value)), ()))
    if problems:
        raise S11Error(problems)
    return value


def in_words(item: Item, answer: Answer) -> str:
    """An answer as people say it."""
    if isinstance(answer, Graded):
        return item.scale.grade(answer.grade).label if item.scale is not None and answer.grade in item.scale else answer.grade
    if isinstance(answer, NotApplicable):
        return "not applicable"
    if isinstance(answer, Stated):
        return value_in_words(answer.value)
    return "unanswered"


def value_in_words(value: Value) -> str:
    """A value as people say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return long(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def keys_of(answer: Answer, before: Answer) -> Keys:
    """The keys of a file that make an answer, and which of those that were there must go."""
    if isinstance(answer, Graded):
        return {"grade": answer.grade, "not_applicable": REMOVE}
    if isinstance(answer, Stated):
        value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
        return {"value": value, "not_applicable": REMOVE}
    gone: Keys = {"grade": REMOVE, "value": REMOVE}
    if not isinstance(answer, NotApplicable):
        return {**gone, "not_applicable": REMOVE}
    old = before if isinstance(before, NotApplicable) else NotApplicable()
    reason, alternative = answer.reason or old.reason or "", answer.alternative or old.alternative
    if isinstance(before, NotApplicable) and (reason, alternative) == (old.reason or "", old.alternative):
        return gone
    if alternative is None and not old.extra:
        return {**gone, "not_applicable": reason}
    return {**gone, "not_applicable": {"reason": reason} | ({} if alternative is None else {"alternative": alternative}) | dict(old.extra)}


def rewrite(
    path: Path,
    assessment: Assessment,
    ref: str,
    keys: Keys,
    *,
    role: str = SELF,
    actions: list[dict[str, Any]] | None = None,
    folders: tuple[Path, ...] = (),
) -> Assessment:
    """Change one answer in its file and read the file again. What cannot be read again is not written."""
    order = list(assessment.framework.items)
    text = edit_answers(path, {ref: keys}, role=role, actions={ref: actions} if actions else None, order=order)
    kind: Literal["toml", "json"] = "json" if path.suffix.lower() == ".json" else "toml"
    made = parse_assessment(text.encode(), catalogue=Catalogue.default(*folders), kind=kind, name=str(path))
    write_text(path, text, overwrite=True)
    return made
