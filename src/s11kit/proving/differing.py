"""Where two rules differ: never, only upwards, only downwards or both ways, with the smallest assessment for each direction."""

from __future__ import annotations

from typing import Any, Literal, final

import attrs

from s11kit.errors import Problem, S11Error
from s11kit.proving.deciding import Prover
from s11kit.proving.joining import joined
from s11kit.proving.scopes import circles
from s11kit.proving.space import Space
from s11kit.proving.verdict import Witness
from s11kit.proving.witness import assessment_of, nearest
from s11kit.rules.binding import BoundRule
from s11kit.rules.operator import Value
from s11kit.rules.reaching import BUDGET
from s11kit.rules.result import Result

__all__ = ["Difference", "rule_diff"]

Direction = Literal["same", "never lower", "never higher", "mixed"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Difference:
    """How the results of a new rule stand to those of an old one, over all assessments."""

    direction: Direction
    higher: Witness | None
    """The smallest assessment that the new rule puts higher."""
    lower: Witness | None
    states: int

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"direction": self.direction, "summaries": self.states}
        out |= {"higher": self.higher.to_dict()} if self.higher is not None else {}
        return out | ({"lower": self.lower.to_dict()} if self.lower is not None else {})


def rule_diff(old: BoundRule, new: BoundRule, *, budget: int = BUDGET) -> Difference:
    """Compare two rules over all assessments of the new rule's framework.

    `S11Error` if the results cannot be compared, or the old rule does not fit that framework; `Exhausted` beyond the budget.
    """
    framework = new.framework
    fitted = old.rule.within(framework)
    wrong = [problem for problem in fitted.problems if problem.severity == "error"]
    if wrong:
        raise S11Error(wrong)
    if fitted.kind != new.kind or (old.rule.better != new.rule.better):
        message = f"'{old.id}' and '{new.id}' do not result in the same kind of thing"
        raise S11Error([Problem(code="J003", message=message, hint="only results that can be put into one order are compared")])
    if "assessments" in (old.rule.over, new.rule.over):
        raise S11Error([Problem(code="K004", message="rules that score across organisations are not compared")])
    both, one, two = joined(fitted.rule, new.rule, framework)
    higher = lower = None
    states = 0

    def key(value: Value) -> tuple[int, Any]:
        return new.key(value)

    for circle in circles(both):
        space = Space(both, out=circle.out, free=circle.free, budget=budget)
        states += len(space.root.reach)
        found = [space.root.values(packed) for packed in space.root.reach]
        if higher is None and any(key(values[two]) > key(values[one]) for values in found):
            higher = _witness(space, circle, fitted, new, lambda values: key(values[two]) > key(values[one]), one, two)
        if lower is None and any(key(values[two]) < key(values[one]) for values in found):
            lower = _witness(space, circle, fitted, new, lambda values: key(values[two]) < key(values[one]), one, two)
    direction: Direction = "mixed" if higher and lower else "never lower" if higher else "never higher" if lower else "same"
    return Difference(direction=direction, higher=higher, lower=lower, states=states)


def _witness(space: Space, circle: Any, old: BoundRule, new: BoundRule, wanted: Any, one: int, two: int) -> Witness:
    found = nearest(space, wanted)
    assert found is not None
    assessment = assessment_of(circle, space, found.answers)
    if Prover(new).dependent and new.score(assessment).least != found.values[two]:
        message = "where they differ is among answers that cannot stand together: what applies depends on other answers"
        raise S11Error(
            [Problem(code="K004", message=message, hint="compare the rules in a framework whose conditions ask for the organisation only")]
        )
    before = Result(bound=old, assessments=(assessment,), least=found.values[one], greatest=found.values[one])
    after = Result(bound=new, assessments=(assessment,), least=found.values[two], greatest=found.values[two])
    size = (found.size[0], 0, found.size[1], found.size[2])
    return Witness(before=assessment, result=before, other=after, change="score it by the new rule", differing=found.size[0], size=size)
