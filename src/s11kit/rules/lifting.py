"""From answers to states: what every answer in a slot, and every result of a group, adds to a fold; and what the fold comes to in the end.

Here the policies live: what is left out, what counts as another grade, what stops the rule, and what a fold of nothing gives.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from s11kit._frozen import FrozenDict
from s11kit._numbers import number_text
from s11kit.errors import Path, Problem, S11Error, listed, nearest
from s11kit.model import Comparison, Scale
from s11kit.rules.binding import BARE, BARE_FILLED, BLANK, FILLED, NA, OUT, BoundStep, Reading, Register, Slot
from s11kit.rules.definition import Exemption, NotApplicableRule, Step, UnansweredRule
from s11kit.rules.judging import number
from s11kit.rules.operator import ADD, GREATEST, Absent, Kind, Merge, Value
from s11kit.rules.states import State

if TYPE_CHECKING:
    from s11kit.rules.binder import _Binder

__all__ = ["Folding", "fold", "lift_of"]

_INNER_NOT_SCORED, _NA_REFUSED, _BLANK_REFUSED, _INNER_REFUSED = 1, 2, 3, 4
_WHY = {
    _INNER_NOT_SCORED: "part of what it looks at is not scored",
    _NA_REFUSED: "an answer is not applicable, and the rule allows none",
    _BLANK_REFUSED: "an answer is missing, and the rule allows none",
    _INNER_REFUSED: "part of what it looks at is refused",
}
_ONE = Fraction(1)
Weigh: TypeAlias = Callable[[Slot, int], Fraction]


@attrs.define
class Folding:
    """What is asked of one fold: its operator, policies, and what its items are compared with."""

    binder: _Binder
    bound: BoundStep
    op: Any
    path: Path
    na: NotApplicableRule
    unanswered: UnansweredRule
    compare: Comparison | None = None
    test: Any = None
    empty: bool | None = None
    plan: str | None = None
    count: bool = False
    groups: tuple[int, ...] = ()

    @property
    def step(self) -> Step:
        """The step it belongs to."""
        return self.bound.step


def fold(folding: Folding, slots: list[Slot], exemptions: tuple[Exemption, ...]) -> tuple[Register, Kind]:
    """A register for a fold, and the kind of what comes out."""
    binder, op, bound = folding.binder, folding.op, folding.bound
    if folding.test is None:
        folding.compare, folding.groups = getattr(op, "compare", None), bound.groups
    merges, unit, lift, finish = _parts(op)
    if hasattr(op, "compute") and not hasattr(op, "merge"):
        binder.machine.black_boxes = (*binder.machine.black_boxes, folding.step.id)
    extra = _Extra(folding, slots, len(unit))
    register = Register(folding.step, op, bound.level, 0, (*merges, *extra.merges), (*unit, *extra.unit), _Finish(folding, extra, len(unit), finish))
    register.test = folding.test
    kinds: list[Kind] = []
    weigh = _weights(folding, slots)
    for slot in slots:
        mine = list(binder.exempt(slot, exemptions))
        left_out = next((each.reason for each in mine if each.leave_out), None)
        if left_out is not None:
            bound.without[slot] = left_out
            continue
        reading, kind = _read(folding, slot, mine, weigh)
        if reading is None:
            continue
        kinds.append(kind)
        register.readings[slot] = reading
        register.lifts[slot] = _lift(folding, slot, reading, lift, extra)
    for place in (*folding.groups, *(bound.inputs if folding.test is None else ())):
        item, kind = _item(folding, place, lift, extra)
        kinds.append(kind)
        if place in folding.groups:
            register.items[place] = item
        else:
            bound.scalars = _scalars(bound.scalars, place, item)
    register.counted = extra.places.get("counted")
    kind = _one_kind(folding, kinds)
    given: Kind = op.gives(kind) if hasattr(op, "merges") else _promised(folding, kind)
    if not hasattr(op, "merges"):
        register.finish.of = lambda state: _exactly(op, given, finish(state))  # type: ignore[attr-defined]
    register.finish.close(_empty(folding, given))  # type: ignore[attr-defined]
    return register, given


def _parts(op: Any) -> tuple[tuple[Merge, ...], State, Callable[[Any, Fraction], State], Callable[[State], Value]]:
    """The fold of an operator. An installed one keeps a state of its own, or (a black box) all its items, and what it does wrong is said."""
    if hasattr(op, "merges"):
        return op.merges, op.unit, op.lift, op.finish
    if hasattr(op, "merge"):
        merge = partial(_told, op, "merge")
        return (merge,), (op.unit,), lambda value, weight: (_kept(op, value, weight),), lambda state: _told(op, "finish", state[0])
    return (_joined,), ((),), lambda value, weight: (((value, weight),),), lambda state: _told(op, "compute", list(state[0])) if state[0] else None


def _joined(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return one + other


# installed operators


def _failed(op: Any, why: str, hint: str | None = None) -> S11Error:
    """An installed operator that breaks its promises, to be raised."""
    return S11Error([Problem(code="J001", message=f"the operator '{op.name}' cannot be used: {why}", hint=hint, about=op.name)])


def _told(op: Any, does: str, *given: Any) -> Any:
    """What a function of an installed operator returns."""
    try:
        return getattr(op, does)(*given)
    except S11Error:
        raise
    except Exception as error:  # it may fail in any way
        said = str(error).strip().partition("\n")[0]
        raise _failed(op, f"{does} fails with {type(error).__name__}{': ' if said else ''}{said}", "tell its author") from error


def _promised(folding: Folding, items: Kind) -> Kind:
    """The kind of result that an installed operator gives."""
    op = folding.op
    given: Any = "number"
    try:
        _hashed(op, "unit is", getattr(op, "unit", ()))
        given = _told(op, "gives", items) if hasattr(op, "gives") else given
        if given not in ("number", "truth") and not isinstance(given, Scale):
            raise _failed(op, f"gives returns {given!r}, which is no kind of result"[:300], 'it is "number", "truth" or a scale')
    except S11Error as error:
        for problem in error.problems:
            folding.binder.fault(problem.code, problem.message, (*folding.path, "op"), hint=problem.hint, about=problem.about)
        return "number"
    kind: Kind = given
    return kind


def _kept(op: Any, value: Any, weight: Fraction) -> Any:
    """The state of one item, which is compared with others like it."""
    state = _told(op, "lift", value, weight)
    return _hashed(op, "lift makes", state)


def _hashed(op: Any, what: str, state: Any) -> Any:
    try:
        hash(state)
    except TypeError:
        raise _failed(op, f"{what} a {type(state).__name__}, which has no hash", "tell its author: states are numbers, texts and tuples") from None
    return state


def _exactly(op: Any, kind: Kind, found: Any) -> Value:
    """A result of an installed operator: exact, and of the kind it promised."""
    if found is None or (kind == "truth" and isinstance(found, bool)):
        return found
    whole = isinstance(found, int) and not isinstance(found, bool)
    if kind == "number" and (whole or isinstance(found, Fraction)):
        return Fraction(found)
    if isinstance(kind, Scale) and whole and 0 <= found < len(kind.grades):
        return found
    wanted = {"number": "an exact number", "truth": "true or false"}[kind] if isinstance(kind, str) else f"the rank of a grade of '{kind.id}'"
    hint = "tell its author: numbers are int or Fraction, never float" if isinstance(found, float) else "tell its author"
    raise _failed(op, f"it should give {wanted}, and gives {found!r}"[:300], hint)


def _scalars(before: Any, place: int, item: Callable[[str | None, Value, int], State | None]) -> Callable[[int, Value, int], State | None]:
    def add(at: int, value: Value, counted: int) -> State | None:
        if at == place:
            return item(None, value, counted)
        found: State | None = before(at, value, counted) if before is not None else None
        return found

    return add


class _Extra:
    """What a register keeps beside the fold itself, for its policies."""

    def __init__(self, folding: Folding, slots: list[Slot], offset: int) -> None:
        na, blank = folding.na, folding.unanswered
        of_steps = bool(folding.groups or (folding.test is None and folding.bound.inputs))
        names: list[tuple[str, Merge]] = []
        refusing = any(each.na is not None and each.na.policy == "refuse" for each in folding.step.except_)
        if na.policy == "refuse" or refusing or blank.policy == "refuse" or of_steps:
            names.append(("stop", GREATEST))
        if folding.test is None and slots:
            kept = ["na", "all"] if na.max_share is not None else []
            kept += ["answered", "applicable"] if blank.min_answered is not None else []
            kept += ["weight", "of"] if blank.prorate and folding.op.name == "sum" else []
            names.extend((name, ADD) for name in kept)
        if folding.binder.scoped or folding.bound.step.each is not None:
            names.append(("there", GREATEST))
        if folding.count:
            names.append(("counted", ADD))
        self.places = {name: offset + place for place, (name, _) in enumerate(names)}
        self.merges: tuple[Merge, ...] = tuple([merge for _, merge in names])
        self.unit: State = tuple(0 if merge == ADD else None for merge in self.merges)
        self._names = [name for name, _ in names]

    def state(self, **given: Any) -> State:
        """What one item adds."""
        return tuple([given.get(name, unit) for name, unit in zip(self._names, self.unit, strict=True)])


# answers


def _read(folding: Folding, slot: Slot, mine: list[Exemption], weigh: Weigh) -> tuple[Reading | None, Kind]:
    """What every grade in a slot counts, and its weight."""
    op, scale, path, binder = folding.op, slot.item.scale, folding.path, folding.binder
    assert scale is not None
    value = next((each.value for each in mine if each.value is not None), getattr(op, "value", None))
    reads = getattr(op, "reads", "number")
    values: tuple[Any, ...] | None
    kind: Kind = "number"
    if reads == "hit":
        values = _hits(folding, slot, scale)
    elif value is not None:
        values = lift_of(binder, value, scale, (*path, "value"), folding.step)
    elif reads == "ordered":
        values, kind = tuple(range(len(scale.grades))), scale
    else:
        values = None
        hint = f'add value = {{ {scale.worst.id} = 0, ... }}, or value = "unit" (worst 0, best 1)'
        binder.fault("J003", f"{binder.name(folding.step)} computes with grades, and does not say what each of them counts", path, hint=hint)
    if values is None:
        return None, kind
    fixed = next((each.weight for each in mine if each.weight is not None), None)
    weights = tuple(fixed if fixed is not None else weigh(slot, rank) for rank in range(len(scale.grades)))
    own = next((each.na for each in mine if each.na is not None), None)
    na = own or folding.na
    treated = _grade_for(folding, slot, na, scale)
    reasons = tuple(each.reason for each in mine)
    return Reading(values, weights, na, treated, reasons), kind


def _grade_for(folding: Folding, slot: Slot, na: NotApplicableRule, scale: Scale) -> int | None:
    """The grade that not applicable counts as in a slot, if it does."""
    if na.policy == "worst":
        return 0
    if na.policy != "as" or na.grade is None:
        return None
    grade = slot.item.node.target if na.grade == "target" else na.grade
    if grade is None or grade not in scale:
        binder, path = folding.binder, (*folding.bound.path, "na", "grade") if folding.step.na is not None else ("na", "grade")
        if grade is None:
            binder.fault("J004", f"{slot.ref} has no target for 'not applicable' to count as", path)
        else:
            known = [each.id for each in scale.grades]
            message = f"{slot.ref} has no grade '{grade}' for 'not applicable' to count as"
            binder.fault("R004", message, path, hint=nearest(grade, known, listing="grades"), about=grade)
        return None
    return scale.rank(grade)


def lift_of(binder: _Binder, value: Any, scale: Scale, path: Path, step: Step) -> tuple[Fraction, ...] | None:
    """The number of every grade of a scale, worst first: its place, its published points, or a table."""
    if value == "unit":
        steps = len(scale.grades) - 1
        return tuple(Fraction(rank, steps) for rank in range(steps + 1))
    if value == "points":
        points = tuple(grade.points for grade in scale.grades if grade.points is not None)
        if len(points) < len(scale.grades):
            without = [grade.id for grade in scale.grades if grade.points is None]
            binder.fault("J004", f"{binder.name(step)} counts points, and {listed(without)} of '{scale.id}' {have(without)} none", path)
            return None
        return points
    if not isinstance(value, FrozenDict):
        hint: str | None = 'write "unit", "points" or a table such as { red = 0, amber = 1, green = 2 }'
        binder.fault("J003", f"{binder.name(step)}: '{value}' says nothing about what grades count", path, hint=hint)
        return None
    missing = [grade.id for grade in scale.grades if grade.id not in value]
    if missing:
        message = f"{binder.name(step)} does not say what {listed(missing)} of '{scale.id}' {'counts' if len(missing) == 1 else 'count'}"
        labels = {grade.label for grade in scale.grades} & value.keys()
        ids = ", ".join(grade.id for grade in scale.grades)
        hint = f"write the ids of the grades, not their labels: {ids}" if labels else "every grade needs a number"
        binder.fault("J004", message, path, hint=hint, about=missing[0])
        return None
    for grade in value:
        if grade not in binder.framework.scale_of_grade:
            hint = nearest(grade, binder.framework.scale_of_grade, listing="grades")
            binder.fault("R004", f"'{grade}' is no grade of {binder.framework.name}", (*path, grade), hint=hint, about=grade)
    return tuple(value[grade.id] for grade in scale.grades)


def _hits(folding: Folding, slot: Slot, scale: Scale) -> tuple[bool, ...] | None:
    """For every grade of a slot whether it compares so."""
    binder, comparison = folding.binder, folding.compare
    if comparison is None:
        binder.fault(
            "J003", f"{binder.name(folding.step)} compares answers with nothing", folding.path, hint='add a comparison, such as at_least = "good"'
        )
        return None
    path = (*folding.path, comparison.operator)
    grade: Any = comparison.value
    if grade == "target":
        grade = slot.item.node.target
        if grade is None:
            binder.fault("J004", f"{slot.ref} has no target to be compared with", path, hint='give it one: target = "..."')
            return None
    elif isinstance(grade, FrozenDict):
        grade = grade.get(slot.ref)
        if grade is None:
            binder.fault("J004", f"the profile that {binder.name(folding.step)} compares with has no grade for {slot.ref}", path)
            return None
    if isinstance(grade, (bool, Fraction)) or grade not in scale:
        known = [each.id for each in scale.grades]
        text = number_text(grade) if isinstance(grade, Fraction) else str(grade).lower() if isinstance(grade, bool) else str(grade)
        on = f"{slot.ref} is graded on '{scale.id}'"
        code = "J003" if isinstance(grade, (bool, Fraction)) or grade in binder.framework.scale_of_grade else "R004"
        binder.fault(code, f"{on} and cannot be compared with '{text}'", path, hint=nearest(text, known, listing="grades"), about=text)
        return None
    rank = scale.rank(grade)
    return tuple(comparison.accepts(each, rank) for each in range(len(scale.grades)))


def _weights(folding: Folding, slots: list[Slot]) -> Weigh:
    """The weight of an answer: 1, a weight of its statement, or from a table by reference or by grade."""
    weight, binder, path = getattr(folding.op, "weight", None), folding.binder, (*folding.path, "weight")
    if weight is None or folding.test is not None or not slots:
        return lambda slot, rank: _ONE
    if isinstance(weight, str):
        found = {slot: binder.weight_name(slot.item, weight) for slot in slots}
        without = [slot.ref for slot, given in found.items() if given is None]
        if without:
            names = sorted({name for slot in slots for name in getattr(slot.item.node, "weights", ())})
            own = f"give each of them weights = {{ {weight} = ... }}"
            hint = own if weight in names else nearest(weight, names, listing="weights") or own
            message = f"{binder.name(folding.step)} weighs by '{weight}', and {listed(without[:5])} {have(without)} no such weight"
            binder.fault("J004", message, path, hint=hint, about=weight)
        _not_negative(folding, {slot.ref: given for slot, given in found.items() if given is not None}, path)
        return lambda slot, rank: found[slot] or Fraction(0)
    table: FrozenDict[str, Fraction] = FrozenDict({key: number(given) or Fraction(0) for key, given in weight.items()})
    grades = {grade.id for slot in slots for grade in (slot.item.scale.grades if slot.item.scale else ())}
    refs = {slot.ref for slot in slots}
    _not_negative(folding, table, path)
    by_grade, by_ref = table.keys() >= grades, table.keys() >= refs
    if by_grade and by_ref:
        binder.fault("J008", f"{binder.name(folding.step)} weighs by a table whose keys are references and grades", path, hint="rename the grades")
    elif not by_grade and not by_ref:
        missing = sorted((refs if len(refs & table.keys()) >= len(grades & table.keys()) else grades) - table.keys())
        binder.fault("J004", f"{binder.name(folding.step)} has no weight for {listed(missing[:5])}", path)
    stray = table.keys() - (grades if by_grade else refs)
    if by_grade != by_ref and stray:
        binder.fault("R005", f"{binder.name(folding.step)} weighs '{sorted(stray)[0]}', which it does not look at", (*path, sorted(stray)[0]))
    if by_grade:
        return lambda slot, rank: table[slot.item.scale.grades[rank].id] if slot.item.scale else _ONE
    return lambda slot, rank: table.get(slot.ref, _ONE)


def have(names: list[str]) -> str:
    """The verb that goes with so many names."""
    return "has" if len(names) == 1 else "have"


def _not_negative(folding: Folding, weights: Any, path: Path) -> None:
    below = [f"{name} ({number_text(weight)})" for name, weight in weights.items() if weight < 0]
    if below:
        folding.binder.fault("J005", f"a weight is never below zero: {listed(below[:5])}", path, hint="turn the values round instead")
    elif weights and not any(weights.values()):
        folding.binder.fault("J005", f"all weights of {folding.binder.name(folding.step)} are zero", path)


def _lift(folding: Folding, slot: Slot, reading: Reading, lift: Callable[[Any, Fraction], State], extra: _Extra) -> Callable[[Any], State | None]:
    """What an answer in a slot adds."""
    blank = folding.unanswered
    unit = _parts(folding.op)[1]
    plan = folding.plan

    def graded(rank: int, *, na: int = 0, answered: int = 1) -> State:
        value, weight = reading.values[rank], reading.weights[rank]
        given = extra.state(na=na, all=1, answered=answered, applicable=1, weight=weight, of=weight, there=1, counted=1)
        return (*lift(value, weight), *given)

    def planned(rank: int, covered: bool) -> State | None:
        return (*lift(covered, _ONE), *extra.state(there=1)) if reading.values[rank] else (*unit, *extra.state(there=1))

    def add(symbol: Any) -> State | None:
        covered = False
        if isinstance(symbol, tuple):
            symbol, plans = symbol
            covered = bool(plan is not None and plans.get(plan))
        if symbol == OUT:
            return None
        if symbol <= BARE_FILLED:
            symbol = symbol - BARE_FILLED + FILLED if reading.na.needs_reason else NA
        if symbol <= FILLED:
            symbol = FILLED - symbol if blank.policy == "range" else BLANK
        if symbol == BARE:
            symbol = BLANK if reading.na.needs_reason else NA
        if symbol == NA:
            if reading.treated is not None:
                return graded(reading.treated, na=1) if plan is None else planned(reading.treated, covered)
            stop = _NA_REFUSED if reading.na.policy == "refuse" else None
            return (*unit, *extra.state(na=1, all=1, there=1, stop=stop))
        if symbol == BLANK:
            if blank.policy == "worst":
                return graded(0, answered=0) if plan is None else planned(0, covered)
            stop = _BLANK_REFUSED if blank.policy == "refuse" else None
            weight = reading.weights[0]
            return (*unit, *extra.state(all=1, applicable=1, of=weight, there=1, stop=stop))
        return graded(symbol) if plan is None else planned(symbol, covered)

    return add


# results of other steps


def _item(
    folding: Folding, place: int, lift: Callable[[Any, Fraction], State], extra: _Extra
) -> tuple[Callable[[str | None, Value, int], State | None], Kind]:
    """What the result of another step adds."""
    source, op, binder, path = folding.binder.machine.steps[place], folding.op, folding.binder, folding.path
    reads, value = getattr(op, "reads", "number"), getattr(op, "value", None)
    read: Callable[[str | None, Value], Any] = lambda ref, found: found  # noqa: E731 - one of several
    kind: Kind = source.kind
    if reads == "hit":
        read = _hit_of(folding, source)
    elif value is not None and isinstance(source.kind, Scale):
        numbers = lift_of(binder, value, source.kind, (*path, "value"), folding.step)
        read, kind = (lambda ref, found: numbers[found] if numbers else found), "number"
    elif value is not None:
        binder.fault("J003", f"'{source.id}' is no grade, so 'value' has nothing to count", (*path, "value"), hint="leave it out")
    elif reads == "number" and source.kind != "number":
        hint = "count the results that hold" if source.kind == "truth" else 'add value = { ... }, or value = "unit"'
        binder.fault("J003", f"{binder.name(folding.step)} computes with '{source.id}', which is no number", (*path, "of"), hint=hint)
    elif reads == "ordered" and source.kind == "truth":
        binder.fault("J003", f"'{source.id}' is true or false, which has no order", (*path, "of"), hint='use "all" or "any"')
    weigh = _item_weight(folding, source)
    unit = _parts(op)[1]
    na = folding.na
    treated = 0 if na.policy == "worst" and isinstance(source.kind, Scale) else None
    if na.policy == "as" and isinstance(source.kind, Scale) and na.grade in source.kind:
        treated = source.kind.rank(str(na.grade))

    def add(ref: str | None, found: Value, counted: int) -> State | None:
        if isinstance(found, Absent):
            if found.kind == "out":
                return None
            if found.kind == "not applicable" and na.policy != "refuse":
                if treated is None:
                    return (*unit, *extra.state(there=1))
                found = treated
            else:
                stop = {"not scored": _INNER_NOT_SCORED, "refused": _INNER_REFUSED}.get(found.kind, _NA_REFUSED)
                return (*unit, *extra.state(stop=stop, there=1))
        return (*lift(read(ref, found), weigh(ref, counted)), *extra.state(there=1, counted=counted))

    return add, kind


def _hit_of(folding: Folding, source: BoundStep) -> Callable[[str | None, Value], bool]:
    """Whether the result of another step compares so; with its own target or a profile, by group."""
    binder, comparison = folding.binder, folding.compare
    if comparison is None or not (comparison.value == "target" or isinstance(comparison.value, FrozenDict)):
        compare = binder.compared(comparison, source.kind, folding.path, f"'{source.id}'")
        return lambda ref, found: bool(compare(found))
    path, scale = (*folding.path, comparison.operator), source.kind
    if not isinstance(scale, Scale) or source.step.each in (None, "organisation") or source.level == folding.bound.level:
        binder.fault("J003", f"'{source.id}' has no grade per group to compare with a target", path)
        return lambda ref, found: False
    binder.machine.by_group = True
    ranks: dict[str | None, int] = {}
    depth = binder.each[source.step.each]
    for item in binder.framework.items.values():
        group = binder.group(item, depth) if depth is not None else None
        if group != item.ref:
            continue
        grade = item.node.target if comparison.value == "target" else comparison.value.get(item.ref)  # type: ignore[union-attr]
        if grade is not None and grade in scale:
            ranks[item.ref] = scale.rank(grade)
        elif item.ref in _groups_of(binder, source):
            what = "target" if comparison.value == "target" else "grade in the profile"
            binder.fault("J004", f"{item.ref} has no {what} on '{scale.id}' to be compared with", path, about=item.ref)
    return lambda ref, found: comparison.accepts(found, ranks[ref])


def _groups_of(binder: _Binder, source: BoundStep) -> set[str | None]:
    """The groups in which a step has statements to look at."""
    while source.register is None and source.inputs:
        source = binder.machine.steps[source.inputs[0]]
    depth = binder.each.get(source.step.each or "")
    registers = [source.register] if source.register is not None else [test.register for each in source.tests for test in each.walk()]
    if depth is None:
        return set()
    return {binder.group(slot.item, depth) for register in registers if register is not None for slot in register.lifts}


def _item_weight(folding: Folding, source: BoundStep) -> Callable[[str | None, int], Fraction]:
    """The weight of the result of another step: 1, how many answers it counted, or from a table by group or step."""
    weight, binder, path = getattr(folding.op, "weight", None), folding.binder, (*folding.path, "weight")
    if weight is None or folding.test is not None:
        return lambda ref, counted: _ONE
    if weight == "applicable":
        inner = source
        while inner.register is None and len(inner.inputs) == 1:
            inner = binder.machine.steps[inner.inputs[0]]
        if inner.register is None:
            hint = "give the weights in a table, or weigh by a step that counts answers"
            binder.fault("J004", f"'{source.id}' does not say how many answers it counts", path, hint=hint, about=source.id)
        return lambda ref, counted: Fraction(counted)
    if isinstance(weight, str):
        hint = 'write "applicable" (how many answers the group counted), or a table by group'
        binder.fault("J004", f"results of '{source.id}' have no weight '{weight}'", path, hint=hint)
        return lambda ref, counted: _ONE
    table = {key: number(given) or Fraction(0) for key, given in weight.items()}
    _not_negative(folding, table, path)
    if source.level == folding.bound.level:
        if source.id not in table:
            binder.fault("J004", f"{binder.name(folding.step)} has no weight for '{source.id}'", path, about=source.id)
        return lambda ref, counted: table.get(source.id, _ONE)
    binder.machine.by_group = True
    missing = sorted(str(ref) for ref in _groups_of(binder, source) if ref not in table)
    if missing:
        binder.fault("J004", f"{binder.name(folding.step)} has no weight for {listed(missing[:5])}", path, about=missing[0])
    return lambda ref, counted: table.get(str(ref), _ONE)


def _one_kind(folding: Folding, kinds: list[Kind]) -> Kind:
    """The kind of all items together."""
    binder = folding.binder
    if not kinds:
        return "number"
    other = next((kind for kind in kinds if kind != kinds[0]), None)
    if other is not None and getattr(folding.op, "reads", "number") == "ordered":
        names = listed([f"'{kind.id}'" if isinstance(kind, Scale) else str(kind) for kind in (kinds[0], other)])
        hint = 'say what each grade counts (value = "unit"), or look at statements of one scale'
        binder.fault("J003", f"{binder.name(folding.step)} puts into one order what is graded on {names}", folding.path, hint=hint)
    return kinds[0]


# what it comes to


class _Finish:
    """What a register comes to: its policies first, then the operator, then what a fold of nothing gives."""

    def __init__(self, folding: Folding, extra: _Extra, width: int, finish: Callable[[State], Value]) -> None:
        self.step, self.places, self.width, self.of = folding.step.id, extra.places, width, finish
        self.na, self.unanswered = folding.na, folding.unanswered
        self.start = getattr(folding.op, "start", Fraction(0))
        self.truth = folding.test is not None
        self.empty: Value = None
        self.simple = not set(self.places) - {"counted"}

    def close(self, empty: Value) -> None:
        """What a fold of nothing gives."""
        self.empty = empty

    def __call__(self, state: State) -> Value:
        if not self.simple:
            absent = self.absent(state)
            if absent is not None:
                return absent
        found = self.of(state[: self.width])
        if found is None:
            return self.empty
        if "of" in self.places and state[self.places["of"]] != state[self.places["weight"]]:
            part = state[self.places["weight"]]
            return self.start + (found - self.start) * Fraction(state[self.places["of"]]) / part if part else self.empty
        return found

    def absent(self, state: State) -> Absent | None:
        """What the policies stop."""
        places = self.places
        stop = state[places["stop"]] if "stop" in places else None
        if stop is not None and stop != _INNER_NOT_SCORED:
            return Absent("refused", self.step, _WHY[stop])
        if "na" in places and self.na.max_share is not None and state[places["na"]] > self.na.max_share * state[places["all"]]:
            why = f"{state[places['na']]} of {state[places['all']]} answers are not applicable, and at most {number_text(self.na.max_share)} may be"
            return Absent("refused", self.step, why)
        least = self.unanswered.min_answered
        if "applicable" in places and least is not None and state[places["answered"]] < least * state[places["applicable"]]:
            why = f"{state[places['answered']]} of {state[places['applicable']]} are answered, and at least {number_text(least)} must be"
            return Absent("refused", self.step, why)
        if stop is not None:
            return Absent("not scored", self.step, _WHY[stop])
        if "there" in places and state[places["there"]] is None and not self.truth:
            return Absent("out", self.step, "nothing it looks at applies")
        return None


def _empty(folding: Folding, kind: Kind) -> Value:
    """What a fold of nothing gives, as the step or the rule declares it."""
    binder, step = folding.binder, folding.step
    if folding.test is not None:
        return bool(folding.empty)
    own = step.empty is not None
    given = step.empty if own else binder.rule.empty
    path: Path = (*folding.bound.path, "empty") if own else ("empty",)
    why = "nothing was left to score"
    if given == "not_scored":
        return Absent("not scored", step.id, why)
    if given == "not_applicable":
        return Absent("not applicable", step.id, why)
    fits: Value = None
    if kind == "truth":
        fits = given if isinstance(given, bool) else None
    elif kind == "number":
        fits = number(given)
    elif isinstance(kind, Scale):
        fits = kind.rank(given) if isinstance(given, str) and given in kind else None
    if fits is None:
        text = number_text(given) if isinstance(given, Fraction) else str(given).lower()
        hint = 'write "not_scored", "not_applicable", or a result of the same kind'
        binder.fault("J010", f"{binder.name(step)} cannot give '{text}' when nothing is left to score", path, hint=hint)
    return fits
