"""Laws about what comes out: limits, bands, uniform answers, obligations, and what holds by construction (S1, S3, S4, S9, S10, S11, S15)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from s11kit.model import Scale
from s11kit.model.requirement import LEVELS
from s11kit.proving.scopes import Circle
from s11kit.proving.space import Space
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import assessment_of
from s11kit.rules.binding import OUT, BoundRule, Symbol, Variable
from s11kit.rules.judging import Bands, Ladder, Lookup, Table
from s11kit.rules.operator import Absent
from s11kit.rules.operators import BUILT_IN
from s11kit.rules.result import label_of

if TYPE_CHECKING:
    from s11kit.proving.deciding import Prover

__all__ = ["bounded", "exact", "label", "obligations_antitone", "order_independent", "range_exact", "sharp_edges", "unanimous"]

_INTERNAL = ("mean", "owa", "trimmed", "mid-median", "min", "max", "order", "mode")
"""Folds whose result lies between the least and the greatest of what they fold."""


def order_independent(prover: Prover) -> Verdict:
    """S1: the order in which statements stand changes nothing."""
    if prover.machine.black_boxes:
        why = f"'{prover.machine.black_boxes[0]}' uses an operator that cannot be taken apart"
        return prover.verdict("order_independent", "undecided", tried=why)
    why = "answers are found by their references, and every fold merges them in a way that does not depend on order"
    return prover.verdict("order_independent", "proven", how="structural", reasons=(why,))


def exact(prover: Prover) -> Verdict:
    """S11: every number is exact."""
    foreign = next((step.id for step in prover.machine.steps if type(step.step.op) not in BUILT_IN.values()), None)
    if foreign is not None:
        return prover.verdict("exact", "undecided", tried=f"nothing: '{foreign}' uses an operator that is not the library's own")
    why = "every number is a fraction from the file to the result, and no operator leaves the fractions"
    return prover.verdict("exact", "proven", how="structural", reasons=(why,))


def range_exact(prover: Prover) -> Verdict:
    """S9: the range reported with blanks is the least and the greatest result."""
    if not prover.machine.ranges:
        return prover.verdict("range_exact", "does not apply", reasons=("the rule reports no ranges: it says otherwise what becomes of blanks",))
    why = "the range is taken over all ways to fill the blanks in, not from its end points"
    return prover.verdict("range_exact", "proven", how="structural", reasons=(why,))


def results(prover: Prover) -> Iterator[tuple[Circle, Space, Any, list[Any]]]:
    for circle, space in prover.spaces:
        for packed in space.root.reach:
            yield circle, space, packed, space.root.values(packed)


def bounded(prover: Prover) -> Verdict:
    """S3: the result lies within its range."""
    kind, limits = prover.rule.kind, prover.structure.limits
    if kind != "number" or limits is not None:
        why = "the result is a grade of its scale" if isinstance(kind, Scale) else "the result is true or false"
        if kind == "number" and limits is not None:
            why = f"the result lies between {label(prover.rule, limits[0])} and {label(prover.rule, limits[1])}"
        return prover.verdict("bounded", "proven", how="structural", reasons=(why,))
    if prover.across:
        return prover.verdict("bounded", "undecided", tried="how many organisations there are is not limited")
    found = [values[-1] for _, _, _, values in results(prover) if not isinstance(values[-1], Absent)]
    states = sum(len(space) for _, space in prover.spaces)
    if not found:
        return prover.verdict("bounded", "proven", how="exhaustive", states=states, reasons=("there is never a result",))
    why = f"the result lies between {label(prover.rule, min(found))} and {label(prover.rule, max(found))}"
    return prover.verdict("bounded", "proven", how="exhaustive", states=states, reasons=(why,))


def sharp_edges(prover: Prover) -> Verdict:
    """S10: bands leave no gap, and every outcome can be reached."""
    law = "sharp_edges"
    judging = [step for step in prover.machine.steps if isinstance(step.step.op, (Bands, Table, Ladder, Lookup))]
    if not judging:
        return prover.verdict(law, "does not apply", reasons=("the rule puts nothing into bands or tables",))
    if prover.across:
        return prover.verdict(law, "undecided", tried="nothing: how many organisations there are is not limited")
    declared = {step.index: {value for word, value in step.terms if word == "value" and not isinstance(value, Absent)} for step in judging}
    below: set[str] = set()
    states, safe = 0, bands_cover(prover, judging)
    for _, space in prover.spaces:
        for node in prover.machine.root.walk():
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
        return prover.verdict(
            law, "proven", how="exhaustive", states=states, reasons=("bands meet at their edges, and every outcome can be reached",)
        )
    reasons = [f"step '{step.id}': nothing ever comes to {label_of(prover.rule, step, value)}" for step, value in dead]
    reasons += [f"step '{id}': some results lie below its lowest band" for id in sorted(below)]
    return prover.verdict(law, "refuted", states=states, reasons=tuple(reasons))


def bands_cover(prover: Prover, judging: list[Any]) -> bool:
    """Whether looking at the rule tells that nothing lies below the lowest bands."""
    limits = prover.structure.steps
    bands = [step for step in judging if isinstance(step.step.op, Bands)]
    found = [limits[step.inputs[0]] for step in bands]
    return all(each is not None and each[0] >= step.step.op.edges[0] for step, each in zip(bands, found, strict=True))


def unanimous(prover: Prover) -> Verdict:
    """S4: where all answers are one grade, so is the result."""
    law, kind = "unanimous", prover.rule.kind
    scales = {slot.item.scale for variable in prover.machine.variables for slot in variable.slots}
    folds = [step for step in prover.machine.steps if step.register is not None]
    if prover.across and len(prover.machine.levels) < 2:
        return prover.verdict(law, "does not apply", reasons=("the rule looks at organisations",))
    if len(scales) != 1 or not (kind in scales or (kind == "number" and averages(prover, folds))):
        return prover.verdict(law, "does not apply", reasons=("the result is no grade of the scale that statements are answered on",))
    scale = scales.pop()
    assert scale is not None
    states = 0
    for circle, space in prover.spaces:
        for rank in reversed(range(len(scale.grades))):
            symbols = {v: uniform(v, rank, v in circle.out) for v in prover.machine.variables}
            assessment = assessment_of(circle, space, symbols)
            result = prover.score(assessment)
            states += 1
            wanted = rank if isinstance(kind, Scale) else value_of(folds, rank)
            if result.least != wanted or result.greatest != wanted:
                words = f"all answers are {scale.grades[rank].label}"
                witness = Witness(before=assessment, result=result, change=words, size=(0, 0, len(scale.grades) - 1 - rank, 0))
                return prover.verdict(law, "refuted", states=states, witness=witness)
    if prover.across:
        return prover.verdict(law, "undecided", states=states, tried="one organisation alone: there the law holds")
    return prover.verdict(law, "proven", how="exhaustive", states=states, reasons=prover.for_whom())


def uniform(variable: Variable, rank: int, out: bool) -> Symbol:
    if variable.plain:
        return OUT if out else rank
    return (*[OUT if out else rank] * len(variable.slots), *[False] * len(variable.plans))


def averages(prover: Prover, folds: list[Any]) -> bool:
    """Whether the rule is made of averages of the same numbers, so that the number of a grade can be its result."""
    values = {reading.values for step in folds for reading in step.register.readings.values()}
    return len(values) == 1 and all(step.step.op.name in (*_INTERNAL, "round") for step in prover.machine.steps)


def value_of(folds: list[Any], rank: int) -> Any:
    return next(reading.values[rank] for step in folds for reading in step.register.readings.values())


def obligations_antitone(prover: Prover) -> Verdict:
    """S15: a better grade never adds an obligation."""
    law, framework, looked = "obligations_antitone", prover.rule.framework, 0
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
                return prover.verdict(law, "refuted", states=looked, reasons=(why,))
    if not looked:
        return prover.verdict(law, "does not apply", reasons=("no grade asks for an action",))
    why = "for every statement, what its grades ask of the action plan falls or stays as grades rise"
    return prover.verdict(law, "proven", how="exhaustive", states=looked, reasons=(why,))


def label(rule: BoundRule, value: Any) -> str:
    """A result of the rule as people read it."""
    return label_of(rule, rule.machine.steps[-1], value)
