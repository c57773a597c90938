"""The fewest changes that reach a result: what an organisation would have to improve, and no more than that.

Here the question is put and the answer is told: which goals a rule has, what stands now, and what to do about it in a sentence. How the changes are
found, `s11kit.rules.improving` says.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, final

import attrs

from s11kit._numbers import number_text
from s11kit.errors import Problem, S11Error, counted, listed, nearest
from s11kit.model import Assessment, Scale
from s11kit.rules.binding import BLANK, BoundRule
from s11kit.rules.evaluation import evaluate
from s11kit.rules.improving import BUDGET, ProposedChange, Search, Unsettled, with_grades
from s11kit.rules.judging import number
from s11kit.rules.operator import Absent, Value
from s11kit.rules.result import Given, Result, given, label_of, plain

__all__ = ["Changes", "ProposedChange", "fewest_changes"]

_WORDS = ("no grade", "one grade", "two grades", "three grades", "four grades", "five grades", "six grades", "seven grades")


@final
@attrs.frozen(kw_only=True, slots=False, eq=False)
class Changes:
    """The fewest changes that reach a goal, or why there are none.

    `possible` is `None` where that could not be settled. `present` is the derived result now, `result` the one after the changes. What somebody has
    put in place of the derived result (`overridden`) plays no part.
    """

    present: Result = attrs.field(repr=False)
    goal: Given
    goal_text: str
    possible: bool | None
    changes: tuple[ProposedChange, ...] = ()
    result: Result | None = attrs.field(default=None, repr=False)
    why: str | None = None
    """Why it is not possible, or not settled."""
    blanks: bool = False
    """Whether answers to what is unanswered count."""
    overridden: bool = False

    @property
    def reached_already(self) -> bool:
        """Whether the present result is at least as good as the goal."""
        return bool(self.possible) and not self.changes

    @cached_property
    def others(self) -> int | None:
        """Where one change does: how many other answers would do as well, each alone. `None` otherwise: that is not counted."""
        if len(self.changes) != 1:
            return None
        bound, assessment = self.present.bound, self.present.assessment
        reaches = _reaching(bound, _goal(bound, self.goal, self.present))
        search = Search(bound, assessment, reaches, self.blanks, BUDGET)
        found = 0
        for slot in search.slots:
            ranks = [rank for rank, _ in search.ways(slot, search.said(slot)) if rank >= 0 and rank != search.said(slot)]
            if slot.name != self.changes[0].slot and slot.ref not in assessment.scope.out:
                found += any(reaches(evaluate(bound, with_grades(assessment, [(slot, rank)])).least) for rank in ranks)
        return found

    @property
    def text(self) -> str:
        """One or two sentences."""
        goal = self.goal_text
        if self.reached_already:
            same = self.present.text == goal
            text = f"{goal[:1].upper()}{goal[1:]} is reached already" + ("." if same else f": the result is {self.present.text}.")
        elif self.possible:
            open_ = self.result is not None and self.present.bound.machine.ranges and self.result.blanks
            text = f"To {'be sure of' if open_ else 'reach'} {goal}: {self._said()}."
        else:
            text = f"{self.why}."
        if self.overridden:
            text += f" This is about the derived result, {self.present.text}; an override stands in its place."
        return text

    def _said(self) -> str:
        """What to do, the same steps together."""
        raised: dict[int, list[str]] = {}
        answered: dict[str, list[str]] = {}
        for each in self.changes:
            if each.before is None:
                answered.setdefault(each.after, []).append(each.slot)
            else:
                raised.setdefault(each.steps, []).append(each.slot)
        parts = [f"{listed(names)} by {_grades(steps)}{' each' if len(names) > 1 else ''}" for steps, names in raised.items()]
        more = [f"{listed(names)} with {label}" for label, names in answered.items()]
        together = "; ".join if any(" and " in part for part in (*parts, *more)) else listed
        said = ([f"raise {together(parts)}"] if parts else []) + ([f"answer {together(more)}"] if more else [])
        return "; ".join(said)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: exact numbers as text."""
        out: dict[str, Any] = {
            "rule": self.present.rule,
            "goal": plain(self.goal),
            "goal_text": self.goal_text,
            "blanks": self.blanks,
            "reached_already": self.reached_already,
            "possible": self.possible,
            "changes": [each.to_dict() for each in self.changes],
            "text": self.text,
        }
        for name, result in (("present", self.present), ("result", self.result)):
            if result is not None:
                out[name] = {"kind": result.kind, "value": plain(result.value), "text": result.text}
        if self.why is not None:
            out["why"] = self.why
        if self.overridden:
            out["overridden"] = True
        return out


def fewest_changes(
    assessment: Assessment, rule: BoundRule, goal: str | int | Decimal | Fraction | None = None, *, blanks: bool = False, budget: int = BUDGET
) -> Changes:
    """The fewest changes that give a result at least as good as `goal`: a grade id, a number, or `True`; without one, the next better result.

    The number of answers changed is least, then the number of grades they are raised by (a blank stands one below the worst grade), then the earliest
    in framework order are taken, and of these the earlier ones are raised less. Graded answers are improved and, with `blanks`, unanswered ones
    answered; "not applicable" is neither proposed nor changed. It is exact for every rule, monotone or not, and where an answer decides whether other
    statements apply. Where a rule gives ranges, what stays unanswered stands for every grade, and the goal is reached in every case.

    `S11Error` if the goal is no result of the rule, or the rule scores across organisations. Beyond `budget` states, `possible` is `None`.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> rule = example.framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])).rules["met"]
    >>> found = fewest_changes(example, rule, "3/4")
    >>> len(found.changes), found.result.value
    (1, Fraction(28, 37))
    """
    if rule.rule.over == "assessments":
        message = f"rule '{rule.id}' scores across organisations, so no one assessment reaches its result"
        raise S11Error([Problem(code="K004", message=message, hint="ask for a rule over statements")])
    kept = tuple(each for each in assessment.overrides if each.rule != rule.id)
    overridden = len(kept) < len(assessment.overrides) and any(step.step.op.name == "override" for step in rule.machine.steps)
    derived = attrs.evolve(assessment, overrides=kept, origin=None) if overridden else assessment
    present = evaluate(rule, derived)
    target = _goal(rule, goal, present)
    reaches = _reaching(rule, target)
    known: dict[str, Any] = {"goal": given(rule.kind, target), "goal_text": _goal_text(rule, target), "blanks": blanks, "overridden": overridden}
    if reaches(present.least):
        return Changes(present=present, possible=True, result=present, **known)
    to_reach = known["goal_text"]
    search = Search(rule, derived, reaches, blanks, budget)
    try:
        found = search.found()
        if found is None:
            why = f"No improvement of graded answers{', and no answer to what is unanswered,' if blanks else ''} reaches {to_reach}"
            if not blanks and search.has_blanks:
                why += f"; {_of_blanks(Search(rule, derived, reaches, True, budget))}"
            return Changes(present=present, possible=False, why=why, **known)
        result = evaluate(rule, with_grades(derived, found))
        if not reaches(result.least):
            raise Unsettled("the result depends on more than the answers the rule says it looks at")
    except Unsettled as reason:
        return Changes(present=present, possible=None, why=f"Whether {to_reach} can be reached is not settled: {reason}", **known)
    return Changes(present=present, possible=True, changes=tuple(search.proposed(found)), result=result, **known)


def _of_blanks(search: Search) -> str:
    """What answering blanks would do where improving is not enough."""
    try:
        found = search.found()
    except Unsettled:
        return "whether answering what is unanswered would is not settled"
    if found is None:
        return "answering what is unanswered as well would not either"
    answered = sum(search.said(slot) == BLANK for slot, _ in found)
    return f"answering {counted(answered, 'unanswered statement')}{' as well' if answered < len(found) else ''} would"


# goals


def _goal(rule: BoundRule, goal: Any, present: Result) -> Value:
    """The goal as the rule computes it; `S11Error` if the rule has no such result."""
    kind = rule.kind
    if isinstance(kind, Scale):
        if goal is None:
            now = -1 if isinstance(present.least, Absent) else present.least
            return min(now + 1, len(kind.grades) - 1)
        if isinstance(goal, str) and goal in kind:
            return kind.rank(goal)
        hint = nearest(str(goal), [grade.id for grade in kind.grades], listing="grades")
        raise _no_result(rule, "R004", f"'{goal}' is no grade of '{kind.id}', on which '{rule.id}' is graded", hint, str(goal))
    if kind == "truth":
        if goal is None or goal is True or goal == "true":
            return True
        raise _no_result(rule, "R004", f"'{str(goal).lower()}' is no goal for '{rule.id}', which is true or false", "the goal is true", str(goal))
    if goal is None:
        raise _no_result(rule, "K002", f"'{rule.id}' gives a number: which one is to be reached?", 'give a goal, such as "5/2"', None)
    found = number(goal)
    if found is None:
        hint = 'give an exact number, such as 2, "2.5" or "5/2"'
        raise _no_result(rule, "R004", f"'{str(goal)[:60]}' is no goal for '{rule.id}', which gives a number", hint, str(goal))
    return found


def _no_result(rule: BoundRule, code: str, message: str, hint: str | None, about: str | None) -> S11Error:
    return S11Error([Problem(code=code, message=message, hint=hint, about=about)])


def _goal_text(rule: BoundRule, target: Value) -> str:
    if rule.kind == "number":
        return f"{'at most' if rule.rule.better == 'lower' else 'at least'} {number_text(target)}"
    return label_of(rule, rule.machine.steps[-1], target)


def _reaching(rule: BoundRule, target: Value) -> Callable[[Value], bool]:
    least = rule.key(target)
    return lambda value: not isinstance(value, Absent) and rule.key(value) >= least


def _grades(steps: int) -> str:
    return _WORDS[steps] if steps < len(_WORDS) else f"{steps} grades"
