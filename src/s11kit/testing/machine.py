"""A stateful test of one rule: somebody answers, changes their mind, takes answers back; and after every move the score must be true to itself."""

from __future__ import annotations

from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from s11kit.model import Assessment, Framework, Item, Organisation, Scale, Unanswered
from s11kit.rules import BoundRule
from s11kit.rules.changes import Changes
from s11kit.rules.operator import Absent
from s11kit.testing.strategies.answers import REASON

__all__ = ["rule_machine"]


def rule_machine(bound: BoundRule, start: Assessment | None = None) -> type[RuleBasedStateMachine]:
    """A state machine for a rule over statements, whose `TestCase` is a test.

    To use it, write `TestOverall = rule_machine(framework.rules["overall"]).TestCase`. It grades, says not applicable, blanks and undoes. After every
    move the derivation replays to the result, the result lies between what filling the blanks in can give (where the rule gives ranges), and the
    changes that `next_grade` names reach what it says.
    """

    class RuleMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.graded = [item for item in bound.framework.answerable if item.takes_grade and item.scale is not None]
            self.assessment = start if start is not None else _nobody(bound.framework)
            self.past: list[Assessment] = []

        def _become(self, assessment: Assessment) -> None:
            self.past.append(self.assessment)
            self.assessment = assessment

        def _item(self, data: st.DataObject) -> Item:
            return data.draw(st.sampled_from(self.graded))

        @rule(data=st.data())
        def grade(self, data: st.DataObject) -> None:
            item = self._item(data)
            assert item.scale is not None
            self._become(self.assessment.with_grade(item.ref, data.draw(st.sampled_from([grade.id for grade in item.scale.grades]))))

        @rule(data=st.data(), with_reason=st.booleans())
        def say_not_applicable(self, data: st.DataObject, with_reason: bool) -> None:
            able = [item for item in self.graded if item.may_not_apply]
            if able:
                self._become(self.assessment.with_not_applicable(data.draw(st.sampled_from(able)).ref, REASON if with_reason else None))

        @rule(data=st.data())
        def blank(self, data: st.DataObject) -> None:
            self._become(self.assessment.without_answer(self._item(data).ref))

        @precondition(lambda self: self.past)
        @rule()
        def undo(self) -> None:
            before = bound.score(self.past[-1])
            self.assessment = self.past.pop()
            after = bound.score(self.assessment)
            assert (before.least, before.greatest) == (after.least, after.greatest), "undoing did not bring the result back"

        @rule(data=st.data())
        def complete(self, data: st.DataObject) -> None:
            """Whatever the blanks are filled in with, the result lies in the range that was reported."""
            if not bound.machine.ranges:
                return
            range_ = bound.score(self.assessment)
            done = _completed(self.assessment, self.graded, data)
            if done.scope.out != self.assessment.scope.out:
                return
            found = bound.score(done)
            if _only_ranges(bound):
                assert bound.key(range_.least) <= bound.key(found.least), f"{found.text} lies below {range_.text}"
                assert bound.key(found.greatest) <= bound.key(range_.greatest), f"{found.text} lies above {range_.text}"

        @invariant()
        def it_replays(self) -> None:
            result = bound.score(self.assessment)
            if result.kind != "range":
                note(f"{bound.id}: {result.text}")
                replayed = result.explain().replay()
                if isinstance(replayed, Absent) or result.kind != "scored":
                    assert isinstance(replayed, Absent) and isinstance(result.least, Absent), "there is a result, and the derivation has none"
                else:
                    assert replayed == result.value, "the derivation comes to another result than the rule"

        @rule(blanks=st.booleans())
        def reach(self, blanks: bool) -> None:
            """The changes that are named reach what they are said to reach."""
            if not isinstance(bound.kind, Scale) or self.assessment.scope.unsettled:
                return
            changes = bound.score(self.assessment).next_grade(blanks=blanks)
            if changes.possible and changes.changes:
                after = bound.score(_raised(self.assessment, changes))
                assert changes.result is not None and bound.key(after.least) == bound.key(changes.result.least)
                assert bound.key(after.least) > bound.key(changes.present.least), "the changes that were named do not reach anything better"

    RuleMachine.__name__ = RuleMachine.__qualname__ = f"RuleMachine_{bound.id.replace('-', '_')}"
    return RuleMachine


def _nobody(framework: Framework) -> Assessment:
    """An empty assessment of an organisation to which as much as possible applies."""
    kind = next(iter(framework.kinds), None)
    size = next(iter(framework.sizes), None)
    sets: dict[str, Any] = {"areas": set(framework.areas), "settings": set(framework.settings)}
    return Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust", kind=kind, size=size, statutory=True, **sets))


def _only_ranges(bound: BoundRule) -> bool:
    """Whether every step gives the range over blanks, so that a blank never stands for anything else than a grade."""
    return all((found := step.unanswered or bound.rule.unanswered) is not None and found.policy == "range" for step in bound.rule.steps)


def _completed(assessment: Assessment, graded: list[Item], data: st.DataObject) -> Assessment:
    """The assessment with a grade for every blank."""
    for item in graded:
        if item.scale is not None and item.ref not in assessment.scope.out and isinstance(assessment.answer(item.ref), Unanswered):
            assessment = assessment.with_grade(item.ref, data.draw(st.sampled_from([grade.id for grade in item.scale.grades])))
    return assessment


def _raised(assessment: Assessment, changes: Changes) -> Assessment:
    """The assessment with the changes that are proposed."""
    for each in changes.changes:
        assessment = assessment.with_grade(each.ref, each.grade, role=each.role, dimension=each.dimension)
    return assessment
