"""Rules of the algebra in which some operator is a function, of which only the results are seen."""

from __future__ import annotations

from typing import Any, final

import attrs

from s11kit.model import Assessment
from s11kit.proving.enumerating import Enumerator
from s11kit.proving.searching import BUDGET
from s11kit.proving.trying import Subject
from s11kit.proving.verdict import Verdict
from s11kit.rules.binding import BoundRule
from s11kit.rules.evaluation import evaluate
from s11kit.rules.laws import LAWS, LawText

__all__ = ["enumerated"]


@final
class _Turned:
    """An operator that gets its items in another order."""

    def __init__(self, op: Any, swap: bool) -> None:
        self._op, self._swap = op, swap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._op, name)

    def compute(self, items: list[Any]) -> Any:
        """The result of the operator, from its items in another order."""
        first = [*items[1:2], *items[:1], *items[2:]] if self._swap else [*items[1:], *items[:1]]
        return self._op.compute(first)


def enumerated(rule: BoundRule, law: str, *, budget: int = BUDGET) -> Verdict | None:
    """The verdict on a law of a rule in which some operator is a function; `None` if the law can be decided all the same, by looking at the rule."""
    text = LAWS[law]
    if law in ("exact", "range_exact", "obligations_antitone"):
        return None
    ranges = [step.step.unanswered or rule.rule.unanswered for step in rule.machine.steps]
    if law == "unanswered_never_improves" and all(each is not None and each.policy == "range" for each in ranges):
        return None
    black = rule.machine.black_boxes[0] if rule.machine.black_boxes else ""
    if rule.rule.over == "assessments" or (law == "unanswered_never_improves" and rule.machine.ranges):
        return Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    if law == "order_independent":
        return _computed_in_order(rule, text, budget)
    made = Enumerator(Subject(rule=rule, score=rule.score), budget=budget)
    if law == "anonymous":
        return Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    found = made.decide(law)
    if found is None:
        found = Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    return found


def _computed_in_order(rule: BoundRule, law: LawText, budget: int) -> Verdict:
    """Whether the operators that are functions care for the order of their items."""
    turned = []
    for swap in (True, False):
        steps = [attrs.evolve(step, op=_Turned(step.op, swap)) if hasattr(step.op, "compute") else step for step in rule.rule.steps]
        turned.append(attrs.evolve(rule.rule, steps=tuple(steps)).within(rule.framework))
    maker = Enumerator(Subject(rule=rule, score=rule.score), budget=budget)

    def holds(assessment: Assessment) -> bool | str:
        first = evaluate(rule, assessment)
        for other in turned:
            second = evaluate(other, assessment)
            if (second.least, second.greatest) != (first.least, first.greatest):
                return f"'{rule.machine.black_boxes[0]}' cares for the order of its items: {first.text} becomes {second.text}"
        return True

    return maker.held(law, holds)
