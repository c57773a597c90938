"""Laws about other forms of a rule: answers exchanged, sections scored first, other numbers behind the grades (S5, S12, S14)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import attrs

from s11kit.errors import listed
from s11kit.proving.joining import by_sections, flattened, joined, recoded
from s11kit.proving.outcomes import label
from s11kit.proving.scopes import Circle, circles
from s11kit.proving.space import Space
from s11kit.proving.swapping import meeting, swapped
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import Near, assessment_of, near, nearest
from s11kit.rules.binding import Variable
from s11kit.rules.operator import Absent
from s11kit.rules.result import Result
from s11kit.rules.states import Exhausted

if TYPE_CHECKING:
    from s11kit.proving.deciding import Prover

__all__ = ["anonymous", "decomposable", "ordinal"]

_NEAR = (2, 8)
"""How many differing answers are tried before everything is."""
_TRIES = 300_000
"""How many states a search looks at that can only refute."""


def anonymous(prover: Prover) -> Verdict:
    """S5: statements of equal weight are interchangeable."""
    law, states = "anonymous", 0
    if prover.across or any(not variable.plain for variable in prover.machine.variables):
        return prover.verdict(law, "undecided", tried="nothing: answers hang together, or belong to several organisations")
    doubt = ""
    for circle, space in prover.spaces:
        for one, other in alike(prover, circle, space):
            broken, found, looked = swapped(space, one, other)
            states += looked
            if not broken:
                continue
            names = f"{one.slots[0].name} and {other.slots[0].name}"
            if found is None:
                if not circle.free and not space.mixed:
                    reasons = (f"exchanging the answers to {names} changes the result, though nowhere near to a uniform assessment",)
                    return prover.verdict(law, "refuted", states=states, reasons=reasons)
                doubt = names
                continue
            before = assessment_of(circle, space, found)
            after = assessment_of(circle, space, {**found, one: found[other], other: found[one]})
            result, exchanged = prover.score(before), prover.score(after)
            change = f"exchange the answers to {names}"
            if result.least == exchanged.least and result.greatest == exchanged.greatest:
                doubt = names
                continue
            witness = Witness(before=before, after=after, result=result, other=exchanged, change=change)
            return prover.verdict(law, "refuted", states=states, witness=witness)
    if doubt:
        tried = f"exchanging the answers to {doubt} changes a summary, but no assessment was found that shows it"
        return prover.verdict(law, "undecided", states=states, tried=tried)
    return prover.verdict(law, "proven", how="exhaustive" if states else "structural", states=states, reasons=prover.for_whom())


def alike(prover: Prover, circle: Circle, space: Space) -> Iterator[tuple[Variable, Variable]]:
    """Pairs of answers that have the same scale and weight, and yet may play different parts: one pair for every two parts."""
    parts: dict[Any, list[Variable]] = {}
    for variable in prover.machine.variables:
        if variable in circle.out:
            continue
        slot = variable.slots[0]
        weights = tuple(
            register.readings[slot].weights
            for level in prover.machine.registers
            for register in level
            if register.test is None and slot in register.readings
        )
        folded = tuple(
            register.step.id for level in prover.machine.registers for register in level if register.test is None and slot in register.readings
        )
        weight = (slot.item.scale.id if slot.item.scale else "", weights, folded)
        parts.setdefault((weight, id(variable.node), tuple(variable.adds(s) for s in variable.symbols())), []).append(variable)
    seen: dict[Any, list[Variable]] = {}
    for (weight, *_), variables in parts.items():
        seen.setdefault(weight, []).append(variables[0])
    known: set[Any] = set()
    for alike in seen.values():
        for one, other in combinations(alike, 2):
            kinds = [(prover.kind_of(space, each.node), tuple(each.adds(s) for s in each.symbols())) for each in (one, other)]
            key = (*sorted(kinds, key=repr), meeting(one.node, other.node).level, one.node is other.node)
            if key not in known:
                known.add(key)
                yield one, other


def decomposable(prover: Prover) -> Verdict:
    """S12: scoring sections first, and then their scores, changes nothing."""
    law, rule = "decomposable", prover.rule.rule
    if prover.across:
        return prover.verdict(law, "does not apply", reasons=("the rule scores across organisations",))
    level = outermost(prover)
    flat = flattened(rule)
    other = flat if flat is not None else by_sections(rule, level, number=prover.rule.kind == "number") if level is not None else None
    if other is None:
        return prover.verdict(law, "does not apply", reasons=("the rule is not one chain of steps over sections, or there is one section only",))
    found = differing(prover, law, other, "scored by sections" if flat is None else "scored all at once")
    return found


def outermost(prover: Prover) -> str | None:
    """The outermost level of standards, if the rule looks at more than one of them."""
    framework = prover.rule.framework
    groups = {variable.slots[0].item.parents[0].ref for variable in prover.machine.variables if variable.slots[0].item.parents}
    if len(groups) < 2 or any(not variable.slots[0].item.parents for variable in prover.machine.variables):
        return None
    local = framework.labels.get("standard", "standard")
    return local if isinstance(local, str) else local[0]


def differing(prover: Prover, law: str, other: Any, words: str) -> Verdict:
    """Whether another rule ever comes to something else."""
    bound, one, two = joined(prover.rule.rule, other, prover.rule.framework)
    if any(problem.severity == "error" for problem in bound.problems):
        return prover.verdict(law, "does not apply", reasons=("in that form the rule would not fit: results are of another kind than answers",))
    if bound.machine.steps[one].kind != bound.machine.steps[two].kind:
        return prover.verdict(law, "does not apply", reasons=("in that form the rule would result in something of another kind",))
    budget = min(prover.budget, _TRIES)
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
                witness = pair_of(prover, assessment_of(circle, space, found.answers), found.values, one, two, words, found.size)
                if not feasible(prover, witness):
                    return infeasible(prover, law, states)
                return prover.verdict(law, "refuted", states=states, witness=witness)
    return prover.verdict(law, "proven", how="exhaustive", states=states, reasons=prover.for_whom())


def feasible(prover: Prover, witness: Witness) -> bool:
    """Whether the assessment of a witness comes to the result it is said to, where what applies depends on other answers."""
    return not prover.dependent or prover.rule.score(witness.before).least == witness.result.least


def infeasible(prover: Prover, law: str, states: int) -> Verdict:
    """What is said where a counterexample cannot be."""
    tried = f"the nearest counterexample, which cannot be: whether {listed(list(prover.dependent[:5]))} applies depends on other answers"
    return prover.verdict(law, "undecided", states=states, tried=tried)


def pair_of(prover: Prover, assessment: Any, values: Any, one: int, two: int, words: str, size: tuple[int, int, int]) -> Witness:
    result = Result(bound=prover.rule, assessments=(assessment,), least=values[one], greatest=values[one])
    other = Result(bound=prover.rule, assessments=(assessment,), least=values[two], greatest=values[two])
    return Witness(before=assessment, result=result, other=other, change=words, differing=size[0], size=(size[0], 0, size[1], size[2]))


def ordinal(prover: Prover) -> Verdict:
    """S14: the numbers behind the grades do not matter, only their order."""
    law = "ordinal"
    if prover.structure.ordinal:
        why = "no step computes with numbers that stand for grades"
        return prover.verdict(law, "proven", how="structural", reasons=(why,))
    if prover.across:
        return prover.verdict(law, "undecided", tried="nothing: the rule scores across organisations")
    widest = max(len(scale.grades) for scale in prover.rule.framework.scales)
    others = [(gap, other) for gap in range(widest - 1) if (other := recoded(prover.rule, gap)) is not None]
    made = [(gap, *joined(prover.rule.rule, other, prover.rule.framework)) for gap, other in others]
    states, limit = 0, 1
    while True:
        for gap, bound, one, two in made:
            for circle in circles(bound):
                space = Space(bound, out=circle.out, free=circle.free, budget=min(prover.budget, _TRIES))
                try:
                    found = near(space, limit)
                except Exhausted:
                    return prover.verdict(
                        law, "undecided", states=states, tried=f"recodings that widen one gap, near to {limit // 2} differing answers"
                    )
                states += len(found)
                turned = turned_by(prover, found, one, two)
                if turned is not None:
                    words = f"with all grades above the {_ordinal_word(gap + 1)} counting more, in the same order"
                    witness = pair_of(prover, assessment_of(circle, space, turned[0].answers), turned[0].values, one, two, words, turned[0].size)
                    if not feasible(prover, witness):
                        return infeasible(prover, law, states)
                    if len(turned) > 1:
                        after = assessment_of(circle, space, turned[1].answers)
                        first, second = (label(prover.rule, each.values[two]) for each in turned)
                        second_result = Result(bound=prover.rule, assessments=(after,), least=turned[1].values[one], greatest=turned[1].values[one])
                        change = f"{words}, the first comes to {first} and the second to {second}"
                        witness = attrs.evolve(witness, after=after, other=second_result, change=change)
                    return prover.verdict(law, "refuted", states=states, witness=witness)
        if limit >= len(prover.machine.variables):
            return prover.verdict(law, "undecided", states=states, tried="recodings that widen one gap between two grades: none changes a result")
        limit *= 2


def turned_by(prover: Prover, found: list[Near], one: int, two: int) -> tuple[Near, ...] | None:
    """Assessments whose results a recoding changes: one whose grade becomes another, or two whose numbers it puts into another order."""
    if prover.rule.kind != "number":
        changed = next((each for each in found if not same(each.values[one], each.values[two])), None)
        return None if changed is None else (changed,)
    there = [each for each in found if not any(isinstance(each.values[place], Absent) for place in (one, two))]
    there.sort(key=lambda each: (each.values[one], each.values[two]))
    for before, after in pairwise(there):
        equal = before.values[one] == after.values[one]
        if (equal and before.values[two] != after.values[two]) or (not equal and after.values[two] <= before.values[two]):
            return before, after
    return None


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same; all kinds of having none are."""
    if isinstance(one, Absent) or isinstance(other, Absent):
        return isinstance(one, Absent) and isinstance(other, Absent)
    return bool(one == other)


def _ordinal_word(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
