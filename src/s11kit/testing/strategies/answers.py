"""Strategies for answers and assessments. They shrink towards a uniform assessment: every answer the same, the best background first."""

from __future__ import annotations

import datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from s11kit._frozen import FrozenDict
from s11kit.model import (
    Action,
    Answer,
    Assessment,
    Entry,
    Evidence,
    Framework,
    Graded,
    Item,
    NotApplicable,
    Organisation,
    Stated,
    Unanswered,
)
from s11kit.model.tree import Statement
from s11kit.testing.strategies.frameworks import Held, frameworks, texts

__all__ = ["answers", "assessments", "partial", "step"]

REASON = "We do nothing of the kind"
_DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))
# what TOML and JSON both can hold under a key that nobody knows
_UNKNOWN = st.recursive(
    texts() | st.booleans() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.sampled_from(("x1", "x2")), inner, max_size=2).map(FrozenDict),
    max_leaves=5,
)
_KEPT: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(("zz_top", "quux_9")), _UNKNOWN, max_size=1)
_STATED: dict[str, st.SearchStrategy[Any]] = {
    "text": texts(),
    "number": st.integers(0, 99) | st.decimals(0, 99, places=2),
    "yes-no": st.booleans(),
    "date": _DATES,
}
_ACTIONS = st.builds(
    lambda what, by, state: Action({key: value for key, value in (("what", what), ("by", by), ("state", state)) if value is not None}),
    texts(),
    st.none() | _DATES,
    st.sampled_from((None, "open", "done")),
)


def _graded(item: Item, place: int) -> Graded:
    """The grade that stands at a place from the best, on the item's own scale."""
    assert item.scale is not None
    grades = item.scale.grades
    return Graded(grades[max(0, len(grades) - 1 - place)].id)


def _answer(item: Item, place: int, *, na: bool, unanswered: bool) -> st.SearchStrategy[Answer]:
    """An answer to an item: that of the background first, because Hypothesis shrinks towards what stands first."""
    if not item.takes_grade or item.scale is None:
        kind = item.node.kind if isinstance(item.node, Statement) else "graded"
        said: list[st.SearchStrategy[Answer]] = [_STATED[kind].map(Stated)] if kind in _STATED else []
        return st.one_of(*([st.just(Unanswered())] if unanswered or not said else []), *said)
    first = _graded(item, place)
    rest: list[Answer] = [Graded(grade.id) for grade in item.scale.grades if grade.id != first.grade]
    if na and item.may_not_apply:
        rest.append(NotApplicable(REASON))
    if unanswered:
        rest.append(Unanswered())
    return st.sampled_from([first, *rest])


def answers(framework: Framework, *, na: bool = True, unanswered: bool = True) -> st.SearchStrategy[dict[str, Answer]]:
    """An answer for everything that takes one, by reference; with or without "not applicable" (where it may be said) and blanks."""
    return _answers(Held(framework), na=na, unanswered=unanswered)


@st.composite
def _answers(draw: st.DrawFn, held: Held, *, na: bool, unanswered: bool) -> dict[str, Answer]:
    framework = held.framework
    most = max((len(item.scale.grades) for item in framework.answerable if item.scale is not None), default=1)
    place = draw(st.integers(0, most - 1))
    return {item.ref: draw(_answer(item, place, na=na, unanswered=unanswered)) for item in framework.answerable}


def assessments(framework: Framework | None = None, *, na: bool = True, unanswered: bool = True, bare: bool = False) -> st.SearchStrategy[Assessment]:
    """An assessment, of a generated framework unless one is given: every kind of answer, evidence, actions, a second role, keys nobody knows.

    With `bare` it holds grades, "not applicable" and blanks only.
    """
    return _assessments(Held(framework) if framework is not None else None, na=na, unanswered=unanswered, bare=bare)


@st.composite
def _assessments(draw: st.DrawFn, held: Held | None, *, na: bool, unanswered: bool, bare: bool) -> Assessment:
    framework = held.framework if held is not None else draw(frameworks())
    given = draw(answers(framework, na=na, unanswered=unanswered))
    areas = draw(st.sets(st.sampled_from(sorted(framework.areas)))) if framework.areas else set()
    kind = draw(st.sampled_from(sorted(framework.kinds))) if framework.kinds else None
    made = Assessment(
        framework=framework,
        organisation=Organisation(name="Fenside Youth Trust" if bare else draw(texts()), areas=areas, kind=kind),
        answers={ref: Entry(answer=answer) for ref, answer in given.items() if not isinstance(answer, Unanswered)},
    )
    if bare:
        return made
    entries = {ref: _around(draw, framework, ref, answer) for ref, answer in given.items()}
    kept = {ref: entry for ref, entry in entries.items() if entry is not None}
    cycle = draw(st.none() | st.just("2026"))
    own = draw(st.lists(_actions(framework), max_size=1))
    return attrs.evolve(made, cycle=cycle, answers=FrozenDict(kept), actions=tuple(own), extra=FrozenDict(draw(_KEPT)))


def _actions(framework: Framework) -> st.SearchStrategy[Action]:
    if {field.id for field in framework.action_fields} >= {"what", "by", "state"}:
        return _ACTIONS
    return st.nothing()


def _around(draw: st.DrawFn, framework: Framework, ref: str, answer: Answer) -> Entry | None:
    """An answer with what may stand beside it; `None` for nothing at all."""
    item = framework.items[ref]
    if isinstance(answer, Unanswered) and not draw(st.booleans()):
        return None
    if isinstance(answer, NotApplicable):
        answer = NotApplicable(draw(st.none() | texts()), alternative=draw(st.none() | texts()))
    said = item.takes_grade and item.scale is not None and framework.roles and draw(st.integers(0, 4)) == 4
    by = {framework.roles[0].id: Entry(answer=draw(_answer(item, 0, na=False, unanswered=False)))} if said else {}
    actions = draw(st.lists(_ACTIONS, max_size=2)) if _actions(framework) is _ACTIONS else []
    return Entry(
        answer=answer,
        evidence=draw(st.none() | texts().map(lambda text: Evidence(narrative=text))),
        impact=draw(st.none() | texts()),
        actions=tuple(actions),
        by=FrozenDict(by),
        extra=FrozenDict(draw(_KEPT)),
    )


def step(framework: Framework, *, na: bool = True, unanswered: bool = True) -> st.SearchStrategy[tuple[Assessment, Assessment, str]]:
    """An assessment, the same with one answer raised by one grade, and which; the same statements apply in both."""
    return _step(Held(framework), na=na, unanswered=unanswered)


@st.composite
def _step(draw: st.DrawFn, held: Held, *, na: bool, unanswered: bool) -> tuple[Assessment, Assessment, str]:
    framework = held.framework
    graded = [item for item in framework.answerable if item.takes_grade and item.scale is not None]
    before = draw(assessments(framework, na=na, unanswered=unanswered, bare=True))
    item = draw(st.sampled_from(graded))
    assert item.scale is not None
    rank = draw(st.integers(0, len(item.scale.grades) - 2))
    before = before.with_grade(item.ref, item.scale.grades[rank].id)
    after = before.with_grade(item.ref, item.scale.grades[rank + 1].id)
    if before.scope.out != after.scope.out or item.ref in before.scope.out:
        from hypothesis import reject

        reject()
    return before, after, item.ref


@st.composite
def partial(draw: st.DrawFn, assessment: Assessment) -> Assessment:
    """The assessment with some of its answers taken back; it shrinks to the whole."""
    for ref, entry in assessment.answers.items():
        if not isinstance(entry.answer, Unanswered) and draw(st.booleans()):
            assessment = assessment.without_answer(ref)
    return assessment
