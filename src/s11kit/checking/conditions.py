"""Whether the conditions of a framework can be settled: they look back at things that exist, and compare them with their own scale."""

from __future__ import annotations

from collections.abc import Iterator

from s11kit.errors import Path, Problem, nearest
from s11kit.model import AnswerTest, Framework, Item, OrganisationTest, Statement
from s11kit.model.applicability import ORGANISATION_FIELDS, Condition, parts
from s11kit.model.assessment import picks

__all__ = ["check_conditions"]

_DECLARED = {"areas": "areas", "kind": "kinds", "settings": "settings", "size": "sizes"}


def check_conditions(framework: Framework) -> Iterator[Problem]:
    """Every condition of the framework, its boards, standards, statements and criteria."""
    last = len(framework.items)
    yield from _condition(framework, framework.binding_when, ("binding_when",), last, "the framework")
    for place, board in enumerate(framework.boards):
        yield from _condition(framework, board.receives_when, ("board", place, "receives_when"), last, f"board '{board.id}'")
    for item in framework.items.values():
        who = f"{'statement' if item.is_statement else 'standard'} {item.ref}"
        yield from _condition(framework, item.node.applies_when, (*item.path, "applies_when"), item.order, who)
        yield from _condition(framework, item.node.binding_when, (*item.path, "binding_when"), item.order, who)
        if isinstance(item.node, Statement):
            for place, criterion in enumerate(item.node.criteria):
                path = (*item.path, "criterion", place, "applies_when")
                yield from _condition(framework, criterion.applies_when, path, item.order, f"criterion {criterion.ref} of {item.ref}")
    if framework.boards and framework.areas:
        yield from _boards(framework)


def _condition(framework: Framework, condition: Condition | None, path: Path, before: int, who: str) -> Iterator[Problem]:
    for inner, test in parts(condition):
        if isinstance(test, OrganisationTest):
            yield from _organisation(framework, test, (*path, *inner))
        elif isinstance(test, AnswerTest) and not _only_for_rules(test):
            yield from _answers(framework, test, (*path, *inner, test.quantifier), before, who)
        else:
            message = f"the condition of {who} asks for what only a rule knows"
            yield Problem(
                code="K011", message=message, path=(*path, *inner), hint="a condition asks for the organisation and for grades of statements"
            )


def _only_for_rules(test: AnswerTest) -> bool:
    """Whether a test looks at what a condition cannot see: steps, sides, roles, numbers, targets."""
    selection, value = test.selection, test.comparison.value
    return bool(selection.step or selection.dimension or selection.role) or not isinstance(value, (str, bool)) or value == "target"


def _organisation(framework: Framework, test: OrganisationTest, path: Path) -> Iterator[Problem]:
    for field in ORGANISATION_FIELDS:
        declared = getattr(framework, _DECLARED[field])
        for word in sorted(getattr(test, field)):
            if declared and word not in declared:
                hint = nearest(word, declared, listing=f"declared {_DECLARED[field]}")
                message = f"this condition asks for '{word}', which [{_DECLARED[field]}] does not declare"
                yield Problem(code="R008", message=message, path=(*path, field), hint=hint, about=word)


def _answers(framework: Framework, test: AnswerTest, path: Path, before: int, who: str) -> Iterator[Problem]:
    selection = test.selection
    for place, ref in enumerate(selection.refs):
        item = framework.items.get(ref)
        if item is None:
            message = f"the condition of {who} looks at '{ref}', which does not exist"
            yield Problem(code="R005", message=message, path=(*path, "refs", place), hint=nearest(ref, framework.items), about=ref)
        elif item.order >= before:
            hint = "a condition may look only at what stands before it"
            yield Problem(
                code="S006", message=f"the condition of {who} looks at {ref}, which does not stand before it", path=(*path, "refs", place), hint=hint
            )
    tags = framework.tags
    if selection.tag is not None and selection.tag not in tags:
        near = nearest(selection.tag, tags, listing="tags") if len(tags) < 2_000 else None
        yield Problem(code="R011", message=f"nothing is tagged '{selection.tag}'", path=(*path, "tag"), hint=near, about=selection.tag)
        return
    if selection.standard is not None and not _is_standard(framework, selection.standard):
        message = f"the condition of {who} looks at standard '{selection.standard}', which does not exist"
        near = nearest(selection.standard, framework.items)
        yield Problem(code="R005", message=message, path=(*path, "standard"), hint=near, about=selection.standard)
        return
    if any(ref not in framework.items for ref in selection.refs):
        return
    candidates = [framework.items[ref] for ref in selection.refs] or framework.answerable
    picked = [item for item in candidates if item.takes_answer and item.order < before and picks(selection, item)]
    if not picked and all(framework.items[ref].order < before for ref in selection.refs):
        yield Problem(code="S007", message=f"the condition of {who} looks at nothing that is answered before it", path=path)
    yield from _comparison(framework, test, picked, path)


def _is_standard(framework: Framework, ref: str) -> bool:
    item = framework.items.get(ref)
    return item is not None and not item.is_statement


def _comparison(framework: Framework, test: AnswerTest, picked: list[Item], path: Path) -> Iterator[Problem]:
    value, key = test.comparison.value, test.comparison.operator
    if isinstance(value, bool):
        wrong = [item for item in picked if not (isinstance(item.node, Statement) and item.node.kind == "yes-no")]
        if wrong:
            yield Problem(code="S008", message=f"{wrong[0].ref} is not answered with yes or no", path=(*path, key), hint="compare it with a grade")
        return
    if not isinstance(value, str):
        return
    if value not in framework.scale_of_grade:
        hint = nearest(value, framework.scale_of_grade, listing="grades")
        yield Problem(
            code="R004", message=f"this condition compares with '{value}', which is no grade here", path=(*path, key), hint=hint, about=value
        )
        return
    for item in picked:
        if (item.takes_grade or test.selection.refs) and (item.scale is None or value not in item.scale or not item.takes_grade):
            on = f"graded on scale '{item.scale.id}'" if item.scale and item.takes_grade else "not graded"
            yield Problem(code="S008", message=f"{item.ref} cannot be compared with '{value}': it is {on}", path=(*path, key), about=value)
            return


def _boards(framework: Framework) -> Iterator[Problem]:
    """An area that no board receives from is probably a slip."""
    if any(board.receives_when is None for board in framework.boards):
        return
    tests = [test for board in framework.boards for _, test in parts(board.receives_when) if isinstance(test, OrganisationTest)]
    covered = {area for test in tests for area in test.areas}
    for area in framework.areas:
        if covered and area not in covered:
            yield Problem(code="S032", message=f"no board receives assessments from the area '{area}'", path=("areas", area), on_key=True)
