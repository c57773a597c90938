"""Deciding the laws of one rule: by looking at its steps first, and then, exactly, over everything its states can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, final

import attrs

from s11kit.errors import listed
from s11kit.model import Scale
from s11kit.model.requirement import LEVELS
from s11kit.proving.joining import by_sections, flattened, joined, recoded
from s11kit.proving.opaque import enumerated
from s11kit.proving.scopes import Circle, circles
from s11kit.proving.space import Moves, Space, improvements, into_blank, into_na
from s11kit.proving.structural import Structure, structure
from s11kit.proving.swapping import meeting, swapped
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import Near, assessment_of, near, nearest, smallest
from s11kit.rules.binding import NA, OUT, BoundRule, Node, Symbol, Variable
from s11kit.rules.evaluation import evaluate_across
from s11kit.rules.judging import Bands, Ladder, Lookup, Table
from s11kit.rules.laws import LAWS
from s11kit.rules.operator import Absent
from s11kit.rules.operators import BUILT_IN
from s11kit.rules.reaching import BUDGET, state_of
from s11kit.rules.result import Result, label_of
from s11kit.rules.states import Exhausted

__all__ = ["Progress", "Prover"]

Progress = Callable[[str], None]
"""Called with a sentence now and then while a proof goes on."""
_MOVES: dict[str, Moves] = {"monotone": improvements, "na_safe": into_na, "unanswered_never_improves": into_blank}
_NEAR = (2, 8)
"""How many differing answers are tried before everything is."""
_TRIES = 300_000
"""How many states a search looks at that can only refute."""
_INTERNAL = ("mean", "owa", "trimmed", "mid-median", "min", "max", "order", "mode")
"""Folds whose result lies between the least and the greatest of what they fold."""


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
            decide: Callable[[], Verdict] = getattr(self, f"_{law}")
            try:
                made = (enumerated(self.rule, law, budget=max(1, self.budget // 100)) if self.machine.black_boxes else None) or decide()
            except Exhausted as error:
                tried = f"the states of {len(self.machine.variables)} answers, until there were more than {error.states:,}"
                made = self._verdict(law, "undecided", tried=tried, reasons=self._classes())
            if made.kind == "proven" and law in _MOVES:
                made = self._within_scope(made)
            expected = self.rule.rule.expect.get(law)
            if expected is not None:
                accepted = ", ".join(str(x) for x in (expected.accepted_by, expected.date, expected.reason) if x)
                made = attrs.evolve(made, expected=expected.verdict, accepted=accepted if made.kind == "refuted" and accepted else None)
            self._found[law] = made
        return self._found[law]

    def _within_scope(self, made: Verdict) -> Verdict:
        """A proof covers changes that leave what applies as it is. Where an answer decides what else applies, that is not all there is to say."""
        dependent = sorted({variable.slots[0].item for circle in self.circles for variable in circle.free}, key=lambda item: item.order)
        if not dependent:
            return made
        names = listed([item.ref for item in dependent][:5])
        tried = f"every change that leaves what applies as it is: there the law holds; whether {names} applies depends on other answers"
        return attrs.evolve(made, kind="undecided", how="", tried=tried)

    def _verdict(self, law: str, kind: Any, **more: Any) -> Verdict:
        return Verdict(rule=self.rule.id, law=LAWS[law], kind=kind, **more)

    def _classes(self) -> tuple[str, ...]:
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
    def spaces(self) -> list[tuple[Circle, Space]]:
        """The states of the rule for each of them."""
        return [(circle, Space(self.rule, out=circle.out, free=circle.free, budget=self.budget)) for circle in self.circles]

    @property
    def across(self) -> bool:
        """Whether the rule scores across organisations, of which there may be any number."""
        return self.rule.rule.over == "assessments"

    # S2, S7, S8: what one change does

    def _monotone(self) -> Verdict:
        if self.structure.direction in ("up", "const"):
            return self._verdict("monotone", "proven", how="structural", reasons=self.structure.sentences)
        return self._by_changes("monotone", lambda before, after: after < before)

    def _na_safe(self) -> Verdict:
        if not any(slot.item.may_not_apply for variable in self.machine.variables for slot in variable.slots):
            why = "no statement that the rule looks at may be answered with not applicable"
            return self._verdict("na_safe", "proven", how="structural", reasons=(why,))
        worst = all(reading.na.policy == "worst" for reading in self._readings())
        if worst and not self._couples and self.structure.direction in ("up", "const"):
            why = "not applicable counts as the worst grade everywhere, and improving an answer never lowers the result"
            return self._verdict("na_safe", "proven", how="structural", reasons=(why, *self.structure.sentences))
        return self._by_changes("na_safe", lambda before, after: after > before)

    def _unanswered_never_improves(self) -> Verdict:
        policies = {self._policy(step) for step in self.machine.steps}
        if policies == {"range"}:
            why = "with a blank, the lower end of the range is the least result over all grades, so it is at most the result with any one of them"
            return self._verdict("unanswered_never_improves", "proven", how="structural", reasons=(why,))
        if policies == {"worst"} and self.structure.direction in ("up", "const"):
            why = "a blank counts as the worst grade everywhere, and improving an answer never lowers the result"
            return self._verdict("unanswered_never_improves", "proven", how="structural", reasons=(why, *self.structure.sentences))
        if "range" in policies:
            tried = "nothing: some steps give a range for blanks and others do not"
            return self._verdict("unanswered_never_improves", "undecided", tried=tried)
        return self._by_changes("unanswered_never_improves", lambda before, after: after > before)

    def _policy(self, step: Any) -> str:
        found = step.step.unanswered or self.rule.rule.unanswered
        return found.policy if found is not None else "exclude"

    def _readings(self) -> Iterator[Any]:
        for level in self.machine.registers:
            for register in level:
                yield from register.readings.values()

    @property
    def _couples(self) -> bool:
        return any(variable.coupled for variable in self.machine.variables)

    def _by_changes(self, law: str, violates: Callable[[Any, Any], bool]) -> Verdict:
        """Every change of one answer, whatever the others are."""
        moves, states = _MOVES[law], 0
        for circle, space in self.spaces:
            try:
                broken = False
                table = space.table(self.machine.root, moves)
                key = table.key
                for _, pairs in table.changes_by_family():
                    broken = broken or any(violates(key(before), key(after)) for before, after in pairs)
                    if broken:
                        break
                states += len(table.reach)
            except Exhausted:
                found = self._refutation(law, circle, space, moves, violates, most=3)
                if found is None:
                    raise
                return found
            if broken:
                found = self._refutation(law, circle, space, moves, violates)
                if found is not None:
                    return found
                tried = "a counterexample exists among summaries, but no assessment was found that has it"
                return self._verdict(law, "undecided", states=states, tried=tried)
        if self.across:
            tried = "one organisation alone: there the law holds; with more organisations nothing is known"
            return self._verdict(law, "undecided", states=states, tried=tried)
        return self._verdict(law, "proven", how="exhaustive", states=states, reasons=self._for_whom())

    def _for_whom(self) -> tuple[str, ...]:
        return (f"decided for {len(self.circles)} kinds of organisation to whom different statements apply",) if len(self.circles) > 1 else ()

    def _refutation(
        self, law: str, circle: Circle, space: Space, moves: Moves, violates: Callable[[Any, Any], bool], most: int | None = None
    ) -> Verdict | None:
        """The smallest counterexample, confirmed by scoring it."""
        self._progress(f"{self.rule.id}: looking for the smallest counterexample")
        try:
            found = smallest(space, moves, violates, most=most)
        except Exhausted:
            reasons = (*self._cause(law), "a counterexample exists; the smallest one was not found within the budget")
            return None if most is not None else self._verdict(law, "refuted", states=len(space), reasons=reasons)
        if found is None:
            return None
        before, after = assessment_of(circle, space, found.before), assessment_of(circle, space, found.afterwards)
        one, other = self._score(before), self._score(after)
        if not violates(self.rule.key(one.least), self.rule.key(other.least)):
            return None
        change = self._change(found.changed, found.before[found.changed], found.after)
        size = (found.cost[0], 1 if law == "monotone" else 0, found.cost[2], found.cost[3])
        witness = Witness(before=before, after=after, result=one, other=other, change=change, differing=found.cost[0], size=size)
        return self._verdict(law, "refuted", witness=witness, reasons=self._cause(law))

    def _score(self, assessment: Any) -> Result:
        return evaluate_across(self.rule, [assessment]) if self.across else self.rule.score(assessment)

    def _cause(self, law: str) -> tuple[str, ...]:
        return (self.structure.blame,) if law == "monotone" and self.structure.blame else ()

    def _change(self, variable: Variable, before: Symbol, after: Symbol) -> str:
        """A change in words."""
        one = (before,) if variable.plain else before[: len(variable.slots)]
        other = (after,) if variable.plain else after[: len(variable.slots)]
        place = next(number for number, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        slot, scale = variable.slots[place], variable.slots[place].item.scale
        assert scale is not None
        was = scale.grades[one[place]].label
        now = {NA: "not applicable", OUT: "out of scope"}.get(other[place], "unanswered") if other[place] < 0 else scale.grades[other[place]].label
        return f"change {slot.name} from {was} to {now}"

    # S1, S9, S11: by construction

    def _order_independent(self) -> Verdict:
        if self.machine.black_boxes:
            why = f"'{self.machine.black_boxes[0]}' uses an operator that cannot be taken apart"
            return self._verdict("order_independent", "undecided", tried=why)
        why = "answers are found by their references, and every fold merges them in a way that does not depend on order"
        return self._verdict("order_independent", "proven", how="structural", reasons=(why,))

    def _exact(self) -> Verdict:
        foreign = next((step.id for step in self.machine.steps if type(step.step.op) not in BUILT_IN.values()), None)
        if foreign is not None:
            return self._verdict("exact", "undecided", tried=f"nothing: '{foreign}' uses an operator that is not the library's own")
        why = "every number is a fraction from the file to the result, and no operator leaves the fractions"
        return self._verdict("exact", "proven", how="structural", reasons=(why,))

    def _range_exact(self) -> Verdict:
        if not self.machine.ranges:
            return self._verdict("range_exact", "does not apply", reasons=("the rule reports no ranges: it says otherwise what becomes of blanks",))
        why = "the range is taken over all ways to fill the blanks in, not from its end points"
        return self._verdict("range_exact", "proven", how="structural", reasons=(why,))

    # S3, S10: what can come out

    def _results(self) -> Iterator[tuple[Circle, Space, Any, list[Any]]]:
        for circle, space in self.spaces:
            for packed in space.root.reach:
                yield circle, space, packed, space.root.values(packed)

    def _bounded(self) -> Verdict:
        kind, limits = self.rule.kind, self.structure.limits
        if kind != "number" or limits is not None:
            why = "the result is a grade of its scale" if isinstance(kind, Scale) else "the result is true or false"
            if kind == "number" and limits is not None:
                why = f"the result lies between {label(self.rule, limits[0])} and {label(self.rule, limits[1])}"
            return self._verdict("bounded", "proven", how="structural", reasons=(why,))
        if self.across:
            return self._verdict("bounded", "undecided", tried="how many organisations there are is not limited")
        found = [values[-1] for _, _, _, values in self._results() if not isinstance(values[-1], Absent)]
        states = sum(len(space) for _, space in self.spaces)
        if not found:
            return self._verdict("bounded", "proven", how="exhaustive", states=states, reasons=("there is never a result",))
        why = f"the result lies between {label(self.rule, min(found))} and {label(self.rule, max(found))}"
        return self._verdict("bounded", "proven", how="exhaustive", states=states, reasons=(why,))

    def _sharp_edges(self) -> Verdict:
        law = "sharp_edges"
        judging = [step for step in self.machine.steps if isinstance(step.step.op, (Bands, Table, Ladder, Lookup))]
        if not judging:
            return self._verdict(law, "does not apply", reasons=("the rule puts nothing into bands or tables",))
        declared = {step.index: {value for word, value in step.terms if word == "value" and not isinstance(value, Absent)} for step in judging}
        below: set[str] = set()
        states, safe = 0, self._bands_cover(judging)
        for _, space in self.spaces:
            for node in self.machine.root.walk():
                table = space.table(node, None)
                states += len(table.reach)
                steps = [step for step in judging if step.level == node.level]
                if not steps:
                    continue
                for packed in table.reach:
                    if safe and not any(declared[step.index] for step in steps):
                        break
                    values = table.values(packed)
                    for step in steps:
                        value = values[step.index]
                        if isinstance(value, Absent):
                            if isinstance(step.step.op, Bands) and value.kind == "refused" and value.step == step.id:
                                below.add(step.id)
                        else:
                            declared[step.index].discard(value)
        dead = [(step, value) for step in judging for value in sorted(declared[step.index], key=repr)]
        if not dead and not below:
            return self._verdict(
                law, "proven", how="exhaustive", states=states, reasons=("bands meet at their edges, and every outcome can be reached",)
            )
        reasons = [f"step '{step.id}': nothing ever comes to {label_of(self.rule, step, value)}" for step, value in dead]
        reasons += [f"step '{id}': some results lie below its lowest band" for id in sorted(below)]
        return self._verdict(law, "refuted", states=states, reasons=tuple(reasons))

    def _bands_cover(self, judging: list[Any]) -> bool:
        """Whether looking at the rule tells that nothing lies below the lowest bands."""
        limits = self.structure.steps
        bands = [step for step in judging if isinstance(step.step.op, Bands)]
        found = [limits[step.inputs[0]] for step in bands]
        return all(each is not None and each[0] >= step.step.op.edges[0] for step, each in zip(bands, found, strict=True))

    # S4: all answers alike

    def _unanimous(self) -> Verdict:
        law, kind = "unanimous", self.rule.kind
        scales = {slot.item.scale for variable in self.machine.variables for slot in variable.slots}
        folds = [step for step in self.machine.steps if step.register is not None]
        if self.across and len(self.machine.levels) < 2:
            return self._verdict(law, "does not apply", reasons=("the rule looks at organisations",))
        if len(scales) != 1 or not (kind in scales or (kind == "number" and self._averages(folds))):
            return self._verdict(law, "does not apply", reasons=("the result is no grade of the scale that statements are answered on",))
        scale = scales.pop()
        assert scale is not None
        states = 0
        for circle, space in self.spaces:
            for rank in reversed(range(len(scale.grades))):
                symbols = {v: self._all(v, rank, v in circle.out) for v in self.machine.variables}
                assessment = assessment_of(circle, space, symbols)
                result = self._score(assessment)
                states += 1
                wanted = rank if isinstance(kind, Scale) else self._value_of(folds, rank)
                if result.least != wanted or result.greatest != wanted:
                    words = f"all answers are {scale.grades[rank].label}"
                    witness = Witness(before=assessment, result=result, change=words, size=(0, 0, len(scale.grades) - 1 - rank, 0))
                    return self._verdict(law, "refuted", states=states, witness=witness)
        return self._verdict(law, "proven", how="exhaustive", states=states, reasons=self._for_whom())

    @staticmethod
    def _all(variable: Variable, rank: int, out: bool) -> Symbol:
        if variable.plain:
            return OUT if out else rank
        return (*[OUT if out else rank] * len(variable.slots), *[False] * len(variable.plans))

    def _averages(self, folds: list[Any]) -> bool:
        """Whether the rule is made of averages of the same numbers, so that the number of a grade can be its result."""
        values = {reading.values for step in folds for reading in step.register.readings.values()}
        return len(values) == 1 and all(step.step.op.name in (*_INTERNAL, "round") for step in self.machine.steps)

    @staticmethod
    def _value_of(folds: list[Any], rank: int) -> Any:
        return next(reading.values[rank] for step in folds for reading in step.register.readings.values())

    # S5: exchanging answers

    def _anonymous(self) -> Verdict:
        law, states = "anonymous", 0
        if self.across or any(not variable.plain for variable in self.machine.variables):
            return self._verdict(law, "undecided", tried="nothing: answers hang together, or belong to several organisations")
        doubt = ""
        for circle, space in self.spaces:
            for one, other in self._alike(circle, space):
                broken, found, looked = swapped(space, one, other)
                states += looked
                if not broken:
                    continue
                names = f"{one.slots[0].name} and {other.slots[0].name}"
                if found is None:
                    if not circle.free and not space.mixed:
                        reasons = (f"exchanging the answers to {names} changes the result, though nowhere near to a uniform assessment",)
                        return self._verdict(law, "refuted", states=states, reasons=reasons)
                    doubt = names
                    continue
                before = assessment_of(circle, space, found)
                after = assessment_of(circle, space, {**found, one: found[other], other: found[one]})
                result, exchanged = self._score(before), self._score(after)
                change = f"exchange the answers to {names}"
                if result.least == exchanged.least and result.greatest == exchanged.greatest:
                    doubt = names
                    continue
                witness = Witness(before=before, after=after, result=result, other=exchanged, change=change)
                return self._verdict(law, "refuted", states=states, witness=witness)
        if doubt:
            tried = f"exchanging the answers to {doubt} changes a summary, but no assessment was found that shows it"
            return self._verdict(law, "undecided", states=states, tried=tried)
        return self._verdict(law, "proven", how="exhaustive" if states else "structural", states=states, reasons=self._for_whom())

    def _alike(self, circle: Circle, space: Space) -> Iterator[tuple[Variable, Variable]]:
        """Pairs of answers that have the same scale and weight, and yet may play different parts: one pair for every two parts."""
        parts: dict[Any, list[Variable]] = {}
        for variable in self.machine.variables:
            if variable in circle.out:
                continue
            slot = variable.slots[0]
            weights = tuple(
                register.readings[slot].weights
                for level in self.machine.registers
                for register in level
                if register.test is None and slot in register.readings
            )
            folded = tuple(
                register.step.id for level in self.machine.registers for register in level if register.test is None and slot in register.readings
            )
            weight = (slot.item.scale.id if slot.item.scale else "", weights, folded)
            parts.setdefault((weight, id(variable.node), tuple(variable.adds(s) for s in variable.symbols())), []).append(variable)
        seen: dict[Any, list[Variable]] = {}
        for (weight, *_), variables in parts.items():
            seen.setdefault(weight, []).append(variables[0])
        known: set[Any] = set()
        for alike in seen.values():
            for one, other in combinations(alike, 2):
                kinds = [(self._kind(space, each.node), tuple(each.adds(s) for s in each.symbols())) for each in (one, other)]
                key = (*sorted(kinds, key=repr), meeting(one.node, other.node).level, one.node is other.node)
                if key not in known:
                    known.add(key)
                    yield one, other

    # S6: adding what is not applicable

    def _na_neutral(self) -> Verdict:
        law = "na_neutral"
        if not any(variable.slots[0].item.may_not_apply for variable in self.machine.variables):
            return self._verdict(law, "does not apply", reasons=("no statement that the rule looks at may be answered with not applicable",))
        if self.across:
            return self._verdict(law, "undecided", tried="nothing: how many organisations there are is not limited")
        states, scoped = 0, BoundRule(self.rule.rule, self.rule.framework, scoped=True)
        for circle in circles(scoped):
            free = frozenset(v for v in scoped.machine.variables if v not in circle.out)
            absent = Space(scoped, out=circle.out, free=free, budget=self.budget)
            table = absent.table(scoped.machine.root, _absent_or_na)
            key = table.key
            broken = any(_differ(key(before), key(after)) for _, pairs in table.changes_by_family() for before, after in pairs)
            states += len(table.reach)
            if broken:
                found = smallest(absent, _absent_or_na, _differ)
                assert found is not None
                before, after = assessment_of(circle, absent, found.before), assessment_of(circle, absent, found.afterwards)
                values = [scoped.machine.result(state_of(scoped.machine, scoped.machine.root, each)) for each in (found.before, found.afterwards)]
                results = [Result(bound=self.rule, assessments=(after,), least=value, greatest=value) for value in values]
                change = f"add {found.changed.slots[0].name}, answered not applicable"
                witness = Witness(
                    before=before, after=after, result=results[0], other=results[1], change=change, differing=found.cost[0], size=found.cost
                )
                return self._verdict(law, "refuted", states=states, witness=witness)
        return self._verdict(law, "proven", how="exhaustive", states=states, reasons=self._for_whom())

    def _state(self, symbols: dict[Variable, Symbol]) -> Any:
        """The state of the root behind some answers."""
        return state_of(self.machine, self.machine.root, symbols)

    # S12, S14: other rules

    def _decomposable(self) -> Verdict:
        law, rule = "decomposable", self.rule.rule
        if self.across:
            return self._verdict(law, "does not apply", reasons=("the rule scores across organisations",))
        level = self._outermost()
        flat = flattened(rule)
        other = flat if flat is not None else by_sections(rule, level, number=self.rule.kind == "number") if level is not None else None
        if other is None:
            return self._verdict(law, "does not apply", reasons=("the rule is not one chain of steps over sections, or there is one section only",))
        found = self._differing(law, other, "scored by sections" if flat is None else "scored all at once")
        return found

    def _outermost(self) -> str | None:
        """The outermost level of standards, if the rule looks at more than one of them."""
        framework = self.rule.framework
        groups = {variable.slots[0].item.parents[0].ref for variable in self.machine.variables if variable.slots[0].item.parents}
        if len(groups) < 2 or any(not variable.slots[0].item.parents for variable in self.machine.variables):
            return None
        local = framework.labels.get("standard", "standard")
        return local if isinstance(local, str) else local[0]

    def _differing(self, law: str, other: Any, words: str) -> Verdict:
        """Whether another rule ever comes to something else."""
        bound, one, two = joined(self.rule.rule, other, self.rule.framework)
        if any(problem.severity == "error" for problem in bound.problems):
            return self._verdict(law, "does not apply", reasons=("in that form the rule would not fit: results are of another kind than answers",))
        if bound.machine.steps[one].kind != bound.machine.steps[two].kind:
            return self._verdict(law, "does not apply", reasons=("in that form the rule would result in something of another kind",))
        budget = min(self.budget, _TRIES)
        found_circles, states = circles(bound), 0
        for most, ends in (*((most, False) for most in _NEAR), (None, True), (None, False)):
            for circle in found_circles:
                space = Space(bound, out=circle.out, free=circle.free, budget=budget, ends=ends)
                try:
                    if most is None:
                        states += len(space.root.reach)
                        if all(same(values[one], values[two]) for values in map(space.root.values, space.root.reach)):
                            continue
                    found = nearest(space, lambda values: not same(values[one], values[two]), most=most)
                except Exhausted:
                    if most is None and not ends:
                        raise
                    continue
                if found is not None:
                    witness = self._two(assessment_of(circle, space, found.answers), found.values, one, two, words, found.size)
                    return self._verdict(law, "refuted", states=states, witness=witness)
        return self._verdict(law, "proven", how="exhaustive", states=states, reasons=self._for_whom())

    def _two(self, assessment: Any, values: Any, one: int, two: int, words: str, size: tuple[int, int, int]) -> Witness:
        result = Result(bound=self.rule, assessments=(assessment,), least=values[one], greatest=values[one])
        other = Result(bound=self.rule, assessments=(assessment,), least=values[two], greatest=values[two])
        return Witness(before=assessment, result=result, other=other, change=words, differing=size[0], size=(size[0], 0, size[1], size[2]))

    def _ordinal(self) -> Verdict:
        law = "ordinal"
        if self.structure.ordinal:
            why = "no step computes with numbers that stand for grades"
            return self._verdict(law, "proven", how="structural", reasons=(why,))
        if self.across:
            return self._verdict(law, "undecided", tried="nothing: the rule scores across organisations")
        widest = max(len(scale.grades) for scale in self.rule.framework.scales)
        others = [(gap, other) for gap in range(widest - 1) if (other := recoded(self.rule, gap)) is not None]
        made = [(gap, *joined(self.rule.rule, other, self.rule.framework)) for gap, other in others]
        states, limit = 0, 1
        while True:
            for gap, bound, one, two in made:
                for circle in circles(bound):
                    space = Space(bound, out=circle.out, free=circle.free, budget=min(self.budget, _TRIES))
                    try:
                        found = near(space, limit)
                    except Exhausted:
                        return self._verdict(
                            law, "undecided", states=states, tried=f"recodings that widen one gap, near to {limit // 2} differing answers"
                        )
                    states += len(found)
                    turned = self._turned(found, one, two)
                    if turned is not None:
                        words = f"with all grades above the {_ordinal_word(gap + 1)} counting more, in the same order"
                        witness = self._two(assessment_of(circle, space, turned[0].answers), turned[0].values, one, two, words, turned[0].size)
                        if len(turned) > 1:
                            after = assessment_of(circle, space, turned[1].answers)
                            first, second = (label(self.rule, each.values[two]) for each in turned)
                            second_result = Result(bound=self.rule, assessments=(after,), least=turned[1].values[one], greatest=turned[1].values[one])
                            change = f"{words}, the first comes to {first} and the second to {second}"
                            witness = attrs.evolve(witness, after=after, other=second_result, change=change)
                        return self._verdict(law, "refuted", states=states, witness=witness)
            if limit >= len(self.machine.variables):
                return self._verdict(law, "undecided", states=states, tried="recodings that widen one gap between two grades: none changes a result")
            limit *= 2

    def _turned(self, found: list[Near], one: int, two: int) -> tuple[Near, ...] | None:
        """Assessments whose results a recoding changes: one whose grade becomes another, or two whose numbers it puts into another order."""
        if self.rule.kind != "number":
            changed = next((each for each in found if not same(each.values[one], each.values[two])), None)
            return None if changed is None else (changed,)
        there = [each for each in found if not any(isinstance(each.values[place], Absent) for place in (one, two))]
        there.sort(key=lambda each: (each.values[one], each.values[two]))
        for before, after in pairwise(there):
            equal = before.values[one] == after.values[one]
            if (equal and before.values[two] != after.values[two]) or (not equal and after.values[two] <= before.values[two]):
                return before, after
        return None

    # S13: dead statements

    def _responsive(self) -> Verdict:
        law = "responsive"
        alive: set[Variable] = set()
        states = 0
        for circle, space in self.spaces:
            here = [v for v in self.machine.variables if v not in circle.out and v not in alive]
            classes: dict[Any, list[Variable]] = {}
            for variable in here:
                classes.setdefault((self._kind(space, variable.node), tuple(variable.adds(s) for s in variable.symbols())), []).append(variable)
            for members in classes.values():
                moves = _only(members[0])
                table = space.table(self.machine.root, moves)
                key = table.key
                states = max(states, len(table.reach))
                if any(key(before) != key(after) for before, after in table.changes()):
                    alive.update(members)
        dead = [variable.slots[0].name for variable in self.machine.variables if variable not in alive]
        if dead:
            reasons = (f"whatever the other answers are, these change nothing: {', '.join(dead[:12])}{' ...' if len(dead) > 12 else ''}",)
            return self._verdict(law, "refuted", states=states, reasons=reasons)
        return self._verdict(law, "proven", how="exhaustive", states=states, reasons=self._for_whom())

    def _kind(self, space: Space, node: Node, up: bool = True) -> Any:
        """What a group is like: groups that hold the same answers and come to the same are taken for each other."""
        if node.parent is None:
            return "root"
        held = sorted(repr([variable.adds(symbol) for symbol in space.symbols(variable)]) for variable in node.variables)
        inner = sorted(repr(self._kind(space, child, up=False)) for child in node.children)
        return tuple(held), tuple(inner), space.exported(node, None)[0], self._kind(space, node.parent) if up else None

    # S15: obligations

    def _obligations_antitone(self) -> Verdict:
        law, framework, looked = "obligations_antitone", self.rule.framework, 0
        for item in framework.items.values():
            demand = item.requirements.action
            if demand is None or item.scale is None or not item.takes_grade:
                continue
            looked += 1
            levels = [LEVELS.index(level) + 1 if (level := demand.level(grade.id)) is not None else 0 for grade in item.scale.grades]
            for place, (low, high) in enumerate(pairwise(levels)):
                if high > low:
                    one, other = item.scale.grades[place], item.scale.grades[place + 1]
                    words = {0: "nothing", **{number: name for number, name in enumerate(LEVELS, 1)}}
                    better = f"{other.label}, which is better, for {words[high]}"
                    why = f"at {item.ref}, {one.label} asks for {words[low]} of the action plan, and {better}"
                    return self._verdict(law, "refuted", states=looked, reasons=(why,))
        if not looked:
            return self._verdict(law, "does not apply", reasons=("no grade asks for an action",))
        why = "for every statement, what its grades ask of the action plan falls or stays as grades rise"
        return self._verdict(law, "proven", how="exhaustive", states=looked, reasons=(why,))


# helpers


def label(rule: BoundRule, value: Any) -> str:
    """A result of the rule as people read it."""
    return label_of(rule, rule.machine.steps[-1], value)


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same; all kinds of having none are."""
    if isinstance(one, Absent) or isinstance(other, Absent):
        return isinstance(one, Absent) and isinstance(other, Absent)
    return bool(one == other)


def _differ(one: tuple[int, Any], other: tuple[int, Any]) -> bool:
    """Whether two results differ; all kinds of having none are the same, and where nothing applies there is nothing to compare."""
    return one != other and one[0] + other[0] > 0


def _absent_or_na(variable: Variable) -> Iterable[tuple[Symbol, Symbol, int]]:
    """An answer that was not asked for, and one that says not applicable."""
    if not variable.slots[0].item.may_not_apply:
        return
    if variable.plain:
        yield OUT, NA, 0
    else:
        width, flags = len(variable.slots), len(variable.plans)
        yield (*[OUT] * width, *[False] * flags), (*[NA] * width, *[False] * flags), 0


def _only(chosen: Variable) -> Moves:
    """Improvements of one answer alone."""
    return lambda variable: improvements(variable) if variable is chosen else ()


def _ordinal_word(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
