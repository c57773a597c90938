"""Deciding the laws of one rule: by looking at its steps first, and then, exactly, over everything its states can be."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, final

import attrs

from s11kit.errors import listed
from s11kit.model import AnswerTest
from s11kit.model.applicability import parts
from s11kit.proving import changing, forms, outcomes
from s11kit.proving.opaque import enumerated
from s11kit.proving.scopes import Circle, circles
from s11kit.proving.space import Moves, Space
from s11kit.proving.structural import Structure, structure
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import assessment_of, smallest
from s11kit.rules.binding import NA, OUT, BoundRule, Node, Symbol, Variable
from s11kit.rules.evaluation import evaluate_across
from s11kit.rules.laws import LAWS
from s11kit.rules.reaching import BUDGET
from s11kit.rules.result import Result
from s11kit.rules.states import Exhausted

__all__ = ["Progress", "Prover"]

Progress = Callable[[str], None]
"""Called with a sentence now and then while a proof goes on."""


@final
class Prover:
    """All that is needed to decide laws of one rule. What one law finds out, the next ones use."""

    def __init__(self, rule: BoundRule, *, budget: int = BUDGET, progress: Progress | None = None) -> None:
        self.rule, self.machine, self.budget = rule, rule.machine, budget
        self._progress = progress or (lambda words: None)
        self._found: dict[str, Verdict] = {}

    def decide(self, law: str) -> Verdict:
        """The verdict on one law, by its name in `expect`. `KeyError` if there is no such law."""
        if law not in self._found:
            self._progress(f"{self.rule.id}: {LAWS[law].says}")
            try:
                made = (enumerated(self.rule, law, budget=max(1, self.budget // 100)) if self.machine.black_boxes else None) or _DECIDE[law](self)
            except Exhausted as error:
                tried = f"the states of {len(self.machine.variables)} answers, until there were more than {error.states:,}"
                made = self.verdict(law, "undecided", tried=tried, reasons=self.classes(), budget_ended=True)
            if made.kind == "proven" and law not in _WHATEVER_APPLIES and not made.budget_ended:
                made = self.within_scope(made)
            expected = self.rule.rule.expect.get(law)
            if expected is not None:
                accepted = ", ".join(str(x) for x in (expected.accepted_by, expected.date, expected.reason) if x)
                made = attrs.evolve(made, expected=expected.verdict, accepted=accepted if made.kind == "refuted" and accepted else None)
            self._found[law] = made
        return self._found[law]

    def within_scope(self, made: Verdict) -> Verdict:
        """A proof covers changes that leave what applies as it is. Where an answer decides what else applies, that is not all there is to say."""
        dependent = self.dependent
        if not dependent:
            return made
        names = listed(list(dependent[:5]))
        tried = f"every change that leaves what applies as it is: there the law holds; whether {names} applies depends on other answers"
        return attrs.evolve(made, kind="undecided", how="", tried=tried)

    def verdict(self, law: str, kind: Any, **more: Any) -> Verdict:
        """A verdict on a law of this rule."""
        return Verdict(rule=self.rule.id, law=LAWS[law], kind=kind, **more)

    def classes(self) -> tuple[str, ...]:
        """How many kinds of answers there are: what makes a rule hard to decide."""
        kinds = len({tuple(v.adds(s) for s in v.symbols()) for v in self.machine.variables})
        many = "many different weights or tags make many sums; fewer make the rule easier to decide"
        what = "one kind" if kinds == 1 else f"{kinds} kinds"
        return (f"its {len(self.machine.variables)} answers are of {what}" + (f": {many}" if kinds > 8 else ""),)

    @cached_property
    def structure(self) -> Structure:
        """What looking at the rule tells."""
        return structure(self.rule)

    @cached_property
    def circles(self) -> list[Circle]:
        """The kinds of organisation for whom different statements apply."""
        return circles(self.rule)

    @cached_property
    def dependent(self) -> tuple[str, ...]:
        """The statements of the rule whose applying depends on other answers, in framework order."""
        items = {slot.item for variable in self.machine.variables for slot in variable.slots}
        found = [item for item in items if any(isinstance(test, AnswerTest) for each in item.conditions for _, test in parts(each))]
        return tuple(item.ref for item in sorted(found, key=lambda item: item.order))

    @cached_property
    def spaces(self) -> list[tuple[Circle, Space]]:
        """The states of the rule for each of them."""
        return [(circle, Space(self.rule, out=circle.out, free=circle.free, budget=self.budget)) for circle in self.circles]

    @property
    def across(self) -> bool:
        """Whether the rule scores across organisations, of which there may be any number."""
        return self.rule.rule.over == "assessments"

    def for_whom(self) -> tuple[str, ...]:
        """For how many kinds of organisation a law was decided."""
        return (f"decided for {len(self.circles)} kinds of organisation to whom different statements apply",) if len(self.circles) > 1 else ()

    def refutation(
        self, law: str, circle: Circle, space: Space, moves: Moves, violates: Callable[[Any, Any], bool], most: int | None = None
    ) -> Verdict | None:
        """The smallest counterexample, confirmed by scoring it."""
        self._progress(f"{self.rule.id}: looking for the smallest counterexample")
        try:
            found = smallest(space, moves, violates, most=most)
        except Exhausted:
            reasons = (*self.cause(law), "a counterexample exists; the smallest one was not found within the budget")
            return None if most is not None else self.verdict(law, "refuted", states=len(space), reasons=reasons)
        if found is None:
            return None
        before, after = assessment_of(circle, space, found.before), assessment_of(circle, space, found.afterwards)
        one, other = self.score(before), self.score(after)
        if not violates(self.rule.key(one.least), self.rule.key(other.least)):
            return None
        change = self.change(found.changed, found.before[found.changed], found.after)
        size = (found.cost[0], 1 if law == "monotone" else 0, found.cost[2], found.cost[3])
        witness = Witness(before=before, after=after, result=one, other=other, change=change, differing=found.cost[0], size=size)
        return self.verdict(law, "refuted", witness=witness, reasons=self.cause(law))

    def score(self, assessment: Any) -> Result:
        """The result for one assessment; for rules across organisations, of that one alone."""
        return evaluate_across(self.rule, [assessment]) if self.across else self.rule.score(assessment)

    def cause(self, law: str) -> tuple[str, ...]:
        """What a refutation is due to, where looking at the rule tells."""
        return (self.structure.blame,) if law == "monotone" and self.structure.blame else ()

    def change(self, variable: Variable, before: Symbol, after: Symbol) -> str:
        """A change in words."""
        one = (before,) if variable.plain else before[: len(variable.slots)]
        other = (after,) if variable.plain else after[: len(variable.slots)]
        place = next(number for number, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        slot, scale = variable.slots[place], variable.slots[place].item.scale
        assert scale is not None
        was = scale.grades[one[place]].label
        now = {NA: "not applicable", OUT: "out of scope"}.get(other[place], "unanswered") if other[place] < 0 else scale.grades[other[place]].label
        return f"change {slot.name} from {was} to {now}"

    def kind_of(self, space: Space, node: Node, up: bool = True) -> Any:
        """What a group is like: groups that hold the same answers and come to the same are taken for each other."""
        if node.parent is None:
            return "root"
        held = sorted(repr([variable.adds(symbol) for symbol in space.symbols(variable)]) for variable in node.variables)
        inner = sorted(repr(self.kind_of(space, child, up=False)) for child in node.children)
        own = node.ref if self.machine.by_group else None
        return own, tuple(held), tuple(inner), space.exported(node, None)[0], self.kind_of(space, node.parent) if up else None


_WHATEVER_APPLIES = ("order_independent", "bounded", "exact", "decomposable", "obligations_antitone")
"""Laws whose proofs hold whichever statements apply."""
_DECIDE: dict[str, Callable[[Prover], Verdict]] = {
    "order_independent": outcomes.order_independent,
    "monotone": changing.monotone,
    "bounded": outcomes.bounded,
    "unanimous": outcomes.unanimous,
    "anonymous": forms.anonymous,
    "na_neutral": changing.na_neutral,
    "na_safe": changing.na_safe,
    "unanswered_never_improves": changing.unanswered_never_improves,
    "range_exact": outcomes.range_exact,
    "sharp_edges": outcomes.sharp_edges,
    "exact": outcomes.exact,
    "decomposable": forms.decomposable,
    "responsive": changing.responsive,
    "ordinal": forms.ordinal,
    "obligations_antitone": outcomes.obligations_antitone,
}
"""How each law is decided."""
