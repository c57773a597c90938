"""Whether an assessment is complete and fits its framework: every answer is possible, and has what it demands."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from s11kit._dates import DateFault, long, read_date
from s11kit._numbers import number_text
from s11kit.errors import Path, Problem, listed, nearest
from s11kit.model import Action, Assessment, Entry, Evidence, Framework, Graded, Item, NotApplicable, Requirement, Stated, Statement, Unanswered
from s11kit.model.assessment import CARRIED
from s11kit.model.fit import MOST_HINTS, depends_on, fits, how_to_say, no_such, undeclared, unsettled
from s11kit.model.requirement import Level

__all__ = ["check_assessment"]

_CODES: dict[Level, str] = {"should": "A016", "review": "A017"}


def check_assessment(assessment: Assessment, *, on: datetime.date | None = None) -> Iterator[Problem]:
    """Every finding in an assessment, in no particular order."""
    framework, answers, scope = assessment.framework, assessment.answers, assessment.scope
    yield from unsettled(assessment)
    yield from _boards(assessment)
    yield from undeclared(assessment)
    for item in assessment.in_scope:
        entry = answers.get(item.ref)
        if entry is None:
            if item.ref not in scope.unsettled:
                yield from _unanswered(assessment, item)
        elif on is not None or not _complete(item, entry):
            yield from _entry(assessment, item, entry, ("answer", item.ref), on)
    strangers = 0
    for ref, entry in answers.items():
        found = framework.items.get(ref)
        if found is None:
            strangers += 1
            yield no_such(framework, ref, hint=strangers <= MOST_HINTS)
        elif ref in scope.out:
            if not isinstance(entry.answer, Unanswered):
                condition = scope.reasons[ref].sentence
                message = f"{ref} does not apply to {assessment.organisation.name}: it applies when {condition}"
                yield Problem(code="A010", message=message, path=("answer", ref), hint="the answer is kept, and counts for nothing")
        elif not found.takes_answer:
            yield from _group(assessment, found, entry, ("answer", ref), on)
    if assessment.overrides:
        from s11kit.checking.rules import check_overrides  # few assessments have any, and rules take a while to import

        yield from check_overrides(assessment)
    for place, action in enumerate(assessment.actions):
        yield from _action(framework, action, ("action", place))
    if assessment.extra or assessment.organisation.extra or assessment.front_sheet.extra:
        yield from _kept(assessment.extra, ())
        yield from _kept(assessment.organisation.extra, ("organisation",))
        yield from _kept(assessment.front_sheet.extra, ("front_sheet",))


def _boards(assessment: Assessment) -> Iterator[Problem]:
    """Whether a board receives the assessment depends on what the organisation has not said."""
    for board in assessment.framework.boards:
        facts = assessment.missing_facts(board.receives_when)
        if facts and not assessment.scope.unsettled:
            message = f"whether {board.name} receives this depends on {depends_on(sorted(facts))} not given"
            hint = "add " + listed([how_to_say(assessment.framework, fact) for fact in sorted(facts)])
            yield Problem(code="A011", message=message, path=("organisation",), hint=hint)
            return


def _complete(item: Item, entry: Entry) -> bool:
    """Whether nothing can be wrong with an entry, at a glance: a grade with the words it demands, or a reason, and nothing else. Most are so."""
    answer, evidence = entry.answer, entry.evidence
    if entry.actions or entry.extra or entry.by or entry.dimensions or entry.criteria or entry.outcome or entry.criterion_weights:
        return False
    if evidence is not None and (evidence.documents or evidence.attachments or evidence.extra):
        return False
    if isinstance(answer, Graded):
        needs = item.words_demanded.get(answer.grade)
        return answer.value is None and (needs is False or (needs is True and entry.has_narrative))
    if isinstance(answer, NotApplicable):
        policy = item.not_applicable
        said = bool(answer.reason and answer.reason.strip()) and (bool(answer.alternative) or policy is None or "alternative" not in policy.invites)
        return policy is not None and said and "alternative" not in policy.needs and not answer.extra
    return False


def _unanswered(assessment: Assessment, item: Item) -> Iterator[Problem]:
    if item.optional or isinstance(assessment.answer(item.ref), NotApplicable):
        return
    yield Problem(code="A001", message=f"{item.ref} is unanswered: {_short(item.title)}", path=("answer", item.ref))


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67].rstrip() + "..."


def _entry(assessment: Assessment, item: Item, entry: Entry, path: Path, on: datetime.date | None) -> Iterator[Problem]:
    answer = entry.answer
    if isinstance(answer, Graded):
        grade = answer.grade
        if item.scale is None or grade not in item.scale or not item.plain or answer.value is not None:
            yield from _graded_oddly(item, entry, answer, path)
        yield from _demands(item, entry, grade, path)
    elif isinstance(answer, NotApplicable):
        yield from _not_applicable(item, answer, path)
    elif isinstance(answer, Stated):
        yield from fits(item, entry, path)
        if item.takes_grade and not item.optional and isinstance(item.node, Statement) and item.node.takes_value:
            yield Problem(code="A001", message=f"{item.ref} is answered and not graded", path=path)
    elif entry.dimensions:
        yield from _by_dimension(assessment, item, entry, path)
    else:
        yield from _unanswered(assessment, item)
    if entry.actions:
        required = item.requirements.action if isinstance(answer, Graded) else None
        level = required.level(answer.grade) if required is not None and isinstance(answer, Graded) else None
        for place, action in enumerate(entry.actions):
            if required is not None and level is not None and not action.blank:
                yield from _said_enough(assessment.framework, item, action, required, level, (*path, "action", place))
            yield from _action(assessment.framework, action, (*path, "action", place))
    if entry.extra or entry.by or entry.dimensions or entry.criteria or entry.criterion_weights or entry.evidence or entry.outcome:
        yield from _rest(assessment, item, entry, path, on)
    node = item.node
    if isinstance(node, Statement):
        if on is not None and node.time_limit is not None and node.kind == "date":
            yield from _time_limit(node, answer, path, on)
        if node.spotlight and isinstance(answer, Graded) and not entry.has_narrative:
            message = f"{item.ref} is a spotlight statement: the board asks for a fuller answer this round"
            yield Problem(code="A023", message=message, path=path, hint="add evidence")


def _by_dimension(assessment: Assessment, item: Item, entry: Entry, path: Path) -> Iterator[Problem]:
    """An item that is graded along dimensions has no grade of its own; every dimension is to be graded, and demands what its grade demands."""
    for dimension in assessment.framework.dimensions:
        here = (*path, "dimension", dimension.id)
        seen = entry.dimensions.get(dimension.id)
        if seen is None or isinstance(seen.answer, Unanswered):
            yield Problem(code="A001", message=f"{item.ref} is unanswered for '{dimension.label}'", path=here)
        elif isinstance(seen.answer, Graded):
            joint = attrs.evolve(
                seen, actions=seen.actions or entry.actions, evidence=seen.evidence or entry.evidence, impact=seen.impact or entry.impact
            )
            yield from _demands(item, joint, seen.answer.grade, here)


def _graded_oddly(item: Item, entry: Entry, answer: Graded, path: Path) -> Iterator[Problem]:
    """A grade where none belongs, one that is not on the scale, or one beside another kind of answer."""
    yield from fits(item, entry, path)
    node = item.node
    if isinstance(node, Statement) and node.takes_grade and node.takes_value and answer.value is None:
        yield Problem(code="A014", message=f"{item.ref} has a grade, and asks for a {node.kind} as well", path=path, hint="add value")


def _demands(item: Item, entry: Entry, grade: str, path: Path) -> Iterator[Problem]:
    """What the grade demands and is not there: evidence, attachments, an action."""
    evidence, action = item.requirements.evidence, item.requirements.action
    if evidence is not None and (level := evidence.at.get(grade)) is not None:
        yield from _evidence(item, entry, grade, evidence, level, path)
        if evidence.attachments == "expected" and (entry.evidence is None or not entry.evidence.attachments):
            yield Problem(
                code="A016", message=f"{item.ref} should have attachments: the board expects them", path=path, hint="name the files in attachments"
            )
    if action is not None and (level := action.at.get(grade)) is not None and all(each.blank for each in entry.actions):
        yield _demand(level, "A006", f"{item.ref} needs an action at '{grade}'", path, "say what will be done, by whom, by when")


def _demand(level: Level, code: str, message: str, path: Path, hint: str | None) -> Problem:
    words = {"must": message, "should": message.replace(" needs ", " should have "), "review": message.replace(" needs ", " may deserve ")}
    return Problem(code=_CODES.get(level, code), message=words[level], path=path, hint=hint)


def _evidence(item: Item, entry: Entry, grade: str, requirement: Requirement, level: Level, path: Path) -> Iterator[Problem]:
    missing = [part for part in requirement.needs if not _has(entry, part)]
    if missing:
        words = {"narrative": "evidence in words", "impact": "its impact", "documents": "documents", "outcome": "the outcome story"}
        what = listed([words.get(part, part) for part in missing])
        keys = listed([{"narrative": "evidence"}.get(part, part) for part in missing])
        yield _demand(level, "A003", f"{item.ref} needs {what} at '{grade}'", path, f"add {keys}")


def _has(entry: Entry, part: str) -> bool:
    if part == "narrative":
        return entry.has_narrative
    if part == "impact":
        return bool((entry.impact or "").strip())
    if part == "documents":
        return entry.evidence is not None and bool(entry.evidence.documents)
    return entry.outcome is not None and any((text or "").strip() for text in attrs.astuple(entry.outcome, recurse=False)[:4])


def _not_applicable(item: Item, answer: NotApplicable, path: Path) -> Iterator[Problem]:
    policy = item.not_applicable
    if policy is None and isinstance(item.node, Statement) and not item.takes_grade and item.node.not_applicable is not False:
        return
    if policy is None:
        hint = "give it a grade, or ask the board" if item.takes_grade else "answer it, or leave it out"
        yield Problem(code="A008", message=f"{item.ref} may not be answered with not applicable", path=(*path, "not_applicable"), hint=hint)
        return
    if "reason" in policy.needs and not (answer.reason or "").strip():
        yield Problem(
            code="A004", message=f"{item.ref} is said to be not applicable, without a reason", path=(*path, "not_applicable"), hint="say why"
        )
    for asked, code in ((policy.needs, "A004"), (policy.invites, "A005")):
        if "alternative" in asked and not (answer.alternative or "").strip():
            hint = 'write not_applicable = { reason = "...", alternative = "..." }'
            message = f"{item.ref} is not applicable; the board asks what is done instead"
            yield Problem(code=code, message=message, path=(*path, "not_applicable"), hint=hint)


def _group(assessment: Assessment, item: Item, entry: Entry, path: Path, on: datetime.date | None) -> Iterator[Problem]:
    """What is said of a standard that takes no grade, or of a prompt: not applicable as a whole, evidence, actions; no answer of its own."""
    if isinstance(entry.answer, (Graded, Stated)):
        yield from fits(item, entry, path)
    elif isinstance(entry.answer, NotApplicable):
        yield from _not_applicable(item, entry.answer, path)
    for place, action in enumerate(entry.actions):
        yield from _action(assessment.framework, action, (*path, "action", place))
    yield from _rest(assessment, item, entry, path, on)


def _said_enough(framework: Framework, item: Item, action: Action, required: Requirement, level: Level, path: Path) -> Iterator[Problem]:
    missing = [name for name in required.needs if action.text(name) is None]
    if missing:
        labels = [framework.plan_field[name].label if name in framework.plan_field else name for name in missing]
        message = f"the action for {item.ref} needs {listed(labels)}"
        yield _demand(level, "A007", message, path, "add " + listed([f'{name} = "..."' for name in missing]))


def _action(framework: Framework, action: Action, path: Path) -> Iterator[Problem]:
    fields = framework.plan_field
    for name, value in action.fields.items():
        field = fields.get(name)
        if field is None and name == CARRIED:
            continue
        if field is None:
            if difflib.get_close_matches(name[:80].lower(), list(fields), n=1, cutoff=0.75):
                yield Problem(
                    code="A020",
                    message=f"'{name}' is not an action field here",
                    path=(*path, name),
                    hint=nearest(name, fields, listing="fields"),
                    on_key=True,
                )
            else:
                yield Problem(code="K012", message=f"'{name[:60]}' is not an action field here; it is kept as it is", path=(*path, name), on_key=True)
        elif field.kind in ("date", "timescale") and isinstance(value, str) and value.strip():
            try:
                day = read_date(value)
            except DateFault as fault:
                yield Problem(code="K008", message=fault.message, path=(*path, name), hint=fault.hint)
                continue
            if day is None and field.kind == "date":
                yield Problem(code="K008", message=f"'{value[:40]}' is not a date", path=(*path, name), hint="write it as 2026-03-31 or 31/03/2026")
        elif field.kind == "status" and framework.plan.status and action.text(name) is not None:
            states = [state.id for state in framework.plan.status]
            if value not in states:
                message = f"'{str(value)[:40]}' is not a status of an action here"
                yield Problem(code="A015", message=message, path=(*path, name), hint=nearest(str(value), states, listing="statuses"))


def _rest(assessment: Assessment, item: Item, entry: Entry, path: Path, on: datetime.date | None) -> Iterator[Problem]:
    """The parts that most answers do not have: other roles, dimensions, criteria, unknown keys, attachments."""
    framework = assessment.framework
    if entry.extra:
        yield from _kept(entry.extra, path)
    if isinstance(entry.answer, NotApplicable) and entry.answer.extra:
        yield from _kept(entry.answer.extra, (*path, "not_applicable"))
    if entry.outcome is not None and entry.outcome.extra:
        yield from _kept(entry.outcome.extra, (*path, "outcome"))
    if entry.evidence is not None:
        yield from _attached(item, entry.evidence, (*path, "evidence"))
    if entry.criteria or entry.criterion_weights:
        yield from _criteria(assessment, item, entry, path)
    if not (entry.by or entry.dimensions):
        return
    sides = {dimension.id for dimension in framework.dimensions}
    if isinstance(entry.answer, Graded) and any(isinstance(seen.answer, Graded) for name, seen in entry.dimensions.items() if name in sides):
        message = f"{item.ref} is graded as a whole and along dimensions"
        yield Problem(code="A012", message=message, path=(*path, "grade"), hint="keep one of the two", on_key=True)
    for kind, seen, known in (("role", entry.by, framework.roles), ("dimension", entry.dimensions, framework.dimensions)):
        key = "by" if kind == "role" else "dimension"
        names = [one.id for one in known]
        for name, inner in seen.items():
            here = (*path, key, name)
            if name not in names:
                hint = nearest(name, names, listing=f"{kind}s") or f"this framework has no {kind}s"
                yield Problem(code="A013", message=f"{framework.name} has no {kind} '{name}'", path=here, hint=hint, about=name, on_key=True)
                continue
            yield from fits(item, inner, here)
            for place, action in enumerate(inner.actions):
                yield from _action(assessment.framework, action, (*here, "action", place))
            if inner.by or (inner.dimensions and kind == "dimension"):
                message = f"what {item.ref} says here is read by nobody: a role may have dimensions, and nothing else is nested"
                yield Problem(code="A013", message=message, path=here, hint="write by.ROLE.dimension.NAME", on_key=True)
            if isinstance(inner.answer, NotApplicable):
                yield from _not_applicable(item, inner.answer, here)
            yield from _rest(assessment, item, inner, here, on)


def _attached(item: Item, evidence: Evidence, path: Path) -> Iterator[Problem]:
    if evidence.extra:
        yield from _kept(evidence.extra, path)
    for place, document in enumerate(evidence.documents):
        if document.extra:
            yield from _kept(document.extra, (*path, "documents", place))
    requirement = item.requirements.evidence
    if evidence.attachments and requirement is not None and requirement.attachments in ("forbidden", "on-request"):
        when = "does not accept attachments" if requirement.attachments == "forbidden" else "wants attachments only when it asks for them"
        yield Problem(code="A021", message=f"the board {when}", path=(*path, "attachments"), hint="say in documents where they are kept")


def _criteria(assessment: Assessment, item: Item, entry: Entry, path: Path) -> Iterator[Problem]:
    node = item.node
    criteria = {criterion.ref: criterion for criterion in node.criteria} if isinstance(node, Statement) else {}
    for ref, answer in entry.criteria.items():
        here = (*path, "criterion", ref)
        yield from _kept(answer.extra, here)
        criterion = criteria.get(ref)
        if criterion is None:
            hint = nearest(ref, criteria, listing="criteria")
            yield Problem(code="A018", message=f"{item.ref} has no criterion '{ref[:60]}'", path=here, hint=hint, about=ref, on_key=True)
            continue
        if criterion not in assessment.criteria(item.ref) and criterion.applies_when is not None:
            message = f"criterion {ref} of {item.ref} does not apply: it applies when {criterion.applies_when.sentence}"
            yield Problem(code="A010", message=message, path=here, hint="what is said of it is kept, and counts for nothing")
        if answer.grade is not None and (item.scale is None or answer.grade not in item.scale):
            known = [grade.id for grade in item.scale.grades] if item.scale else []
            yield Problem(
                code="A002",
                message=f"{item.ref} has no grade '{answer.grade[:60]}'",
                path=(*here, "grade"),
                hint=nearest(answer.grade, known, listing="grades"),
            )
        if answer.not_applicable is not None and criterion.not_applicable is False:
            yield Problem(code="A008", message=f"criterion {ref} of {item.ref} may not be not applicable", path=(*here, "not_applicable"))
        most = entry.criterion_weights.get(ref, criterion.weight)
        if answer.value is not None and most is not None and not 0 <= answer.value <= most:
            message = f"criterion {ref} of {item.ref} is awarded {number_text(answer.value)}, and takes 0 to {number_text(most)}"
            yield Problem(code="A014", message=message, path=(*here, "value"))
    if not entry.criterion_weights or not isinstance(node, Statement):
        return
    here = (*path, "criterion_weights")
    if not node.adjustable_weights:
        yield Problem(code="A019", message=f"the weights of {item.ref} are fixed by the board", path=here, hint="leave criterion_weights out")
        return
    wrong = set(entry.criterion_weights) - set(criteria)
    total = sum(entry.criterion_weights.values(), Fraction())
    if wrong:
        yield Problem(
            code="A018", message=f"{item.ref} has no criterion '{min(wrong)[:60]}'", path=here, hint=nearest(min(wrong), criteria, listing="criteria")
        )
    elif total != node.criteria_total:
        yield Problem(code="A019", message=f"these weights add up to {number_text(total)}, not {number_text(node.criteria_total)}", path=here)


def _kept(extra: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    for key in extra:
        yield Problem(code="K012", message=f"'{key[:60]}' means nothing to s11kit; it is kept as it is", path=(*path, key), on_key=True)


def _time_limit(node: Statement, answer: object, path: Path, on: datetime.date) -> Iterator[Problem]:
    value = answer.value if isinstance(answer, (Graded, Stated)) else None
    try:
        day = read_date(value) if isinstance(value, str) else value
    except DateFault:
        return
    limit = node.time_limit
    if limit is not None and type(day) is datetime.date and day < limit.earliest(on):
        message = f"the answer to {node.ref} is {long(day)}, more than {limit.sentence} before {long(on)}"
        yield Problem(code="A022", message=message, path=(*path, "value"))
