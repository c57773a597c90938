"""What became of every answer, and of every result of a group, that a step looks at: counted as what and with what weight, or left out and why.

The engine has one function for this in which nothing is kept; here the same is written down leaf by leaf, in the words of the policies. It is apart
from the steps themselves (`s11kit.rules.explanation`) because the two are read, and go wrong, separately.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import Assessment, Comparison, Scale
from s11kit.model.applicability import PlanTest
from s11kit.rules.averaging import Sum
from s11kit.rules.binding import BARE, BARE_FILLED, BLANK, FILLED, NA, OUT, BoundStep, Node, Register, Slot
from s11kit.rules.completing import Completion, confirmations
from s11kit.rules.derivation import DerivedStep
from s11kit.rules.evaluation import slot_symbol
from s11kit.rules.judging import number
from s11kit.rules.leaves import Against, Conversion, Fold, Key, Leaf
from s11kit.rules.lifting import _BLANK_REFUSED, _NA_REFUSED
from s11kit.rules.operator import Absent, Kind, Value
from s11kit.rules.result import Result
from s11kit.rules.states import State, merged

__all__ = ["Treatments", "grade_label", "stood_for"]

_ONE = Fraction(1)
_WORDS = {NA: "not applicable", BARE: "not applicable, without a reason", BLANK: "unanswered", OUT: "out of scope"}


class Treatments:
    """One answer to everything a rule looks at, with the results at all groups, and what became of each answer."""

    def __init__(self, result: Result, symbols: Completion) -> None:
        self.result, self.bound, self.machine, self.symbols = result, result.bound, result.bound.machine, symbols
        self.assessments = result.assessments
        self.names = _names(self.assessments) if self.bound.rule.over == "assessments" else [None]
        self.variables = {slot: variable for variable in self.machine.variables for slot in variable.slots}
        self.under: dict[int, list[Slot]] = {id(node): [] for node in self.machine.root.walk()}
        for variable in self.machine.variables:
            node: Node | None = variable.node
            while node is not None:
                self.under[id(node)] += variable.slots
                node = node.parent
        self.found: dict[tuple[int, int], list[Value]] = {}
        self.confirmed = confirmations(result)
        machine, root = self.machine, self.machine.root
        state = machine.units[root.level]
        for place in range(len(self.assessments)):
            state = merged(machine.merges[root.level], state, self.state(place, root))
        self.found[-1, id(root)] = machine.values(root, state, self.confirmed)
        self.made: dict[Key, DerivedStep] = {}
        self.known: dict[Key, tuple[Value, int]] = {}

    def state(self, place: int, node: Node) -> State:
        """The state of a node, and by the way the results at all nodes below it."""
        machine = self.machine
        state = machine.units[node.level]
        for variable in node.variables:
            state = merged(machine.merges[node.level], state, variable.adds(self.symbols[place][variable]))
        for child in node.children:
            inner = self.state(place, child)
            self.found[place, id(child)] = machine.values(child, inner)
            state = merged(machine.merges[node.level], state, machine.exports(child, self.found[place, id(child)], inner))
        return state

    def runs(self, level: int, place: int, node: Node) -> Iterator[tuple[int, Node]]:
        """The nodes of a level within a node, assessment by assessment; the root is there once for all of them."""
        if level == self.machine.root.level:
            yield -1, self.machine.root
            return
        for one in range(len(self.assessments)) if place < 0 else (place,):
            for inner in node.walk():
                if inner.level == level:
                    yield one, inner

    def key(self, step: BoundStep, place: int, node: Node) -> Key:
        """Which step this is."""
        name = self.names[place] if place >= 0 else None
        return step.id, name, node.ref if node.ref is not None else name

    def at(self, index: int, place: int, node: Node) -> Key:
        """Another step at the same node."""
        return self.key(self.machine.steps[index], place, node)

    def scoped(self, step: BoundStep, node: Node) -> str:
        """Why a step is out of scope at a node where nothing it looks at is in scope."""
        return "it looks at nothing here" if step.index in node.idle else "nothing it looks at applies"

    # leaves

    def fold(self, step: BoundStep, register: Register, place: int, node: Node, inputs: tuple[int, ...]) -> Fold:
        """What a register comes to at a node, leaf by leaf."""
        finish: Any = register.finish
        leaves = list(self.answers(step, register, place, node))
        for index in register.items:
            source = self.machine.steps[index]
            for inner_place, inner in self.runs(source.level, place, node):
                leaves.append(self.item(register, source, self.key(source, inner_place, inner), inner.ref))
        leaves += [self.item(register, self.machine.steps[index], self.at(index, place, node), None) for index in inputs]
        kept = finish.places
        return Fold(
            step=step.id,
            op=register.op,
            leaves=tuple(leaves),
            empty=finish.empty,
            max_share=finish.na.max_share if "na" in kept else None,
            min_answered=finish.unanswered.min_answered if "answered" in kept else None,
            prorate="of" in kept,
            scoped=self.scoped(step, node) if not finish.truth and "there" in kept else None,
        )

    def answers(self, step: BoundStep, register: Register, place: int, node: Node) -> Iterator[Leaf]:
        """The statements that a register looks at, in framework order."""
        slots = [slot for slot in self.under[id(node)] if slot in register.lifts]
        left_out = {} if register.test is not None else {slot: why for slot, why in step.without.items() if _stands_in(slot, node)}
        slots = sorted([*slots, *left_out], key=lambda slot: (slot.item.order, slot.role, slot.dimension or ""))
        for one in range(len(self.assessments)) if place < 0 else (place,):
            for slot in slots:
                leaf = self.leaf(register, one, slot, left_out.get(slot))
                yield attrs.evolve(leaf, name=self.slot_name(one, slot)) if place < 0 else leaf

    def slot_name(self, place: int, slot: Slot) -> str:
        """A slot in words; across organisations with whose it is."""
        return f"{self.names[place]}: {slot.name}" if self.names[place] is not None else slot.name

    def base(self, place: int, slot: Slot) -> int:
        """The answer in one slot, as the rule takes it."""
        variable = self.variables.get(slot)
        if variable is None:
            return slot_symbol(slot, self.assessments[place])
        symbol = self.symbols[place][variable]
        if variable.plain:
            return int(symbol)
        bases: list[int] = list(symbol[: len(variable.slots)])
        if variable.coupled and (NA in bases or BARE in bases):
            return NA if NA in bases else BARE
        return bases[variable.slots.index(slot)]

    def leaf(self, register: Register, place: int, slot: Slot, left_out: str | None) -> Leaf:
        """What became of the answer in one slot."""
        base = self.base(place, slot)
        assumed = stood_for(base)
        if assumed is not None:
            base = BARE if base <= BARE_FILLED else BLANK
        answer = _WORDS[base] if base < 0 else grade_label(slot, base)
        leaf = Leaf(name=slot.name, ref=slot.ref, answer=answer, basis="exception", left_out=f"exception: {left_out}")
        if left_out is not None:
            return leaf
        reading, finish = register.readings[slot], register.finish
        blanks = finish.unanswered  # type: ignore[attr-defined]
        said = [f"exception: {reason}" for reason in reading.reasons]
        if base == OUT:
            return attrs.evolve(leaf, basis="out of scope", left_out="out of scope")
        no_reason = base == BARE and reading.na.needs_reason
        if assumed is not None and blanks.policy == "range" and (base == BLANK or no_reason):
            base = assumed
            said.append(f"taken for {grade_label(slot, base)}")
        if base in (NA, BARE) and not no_reason:
            if reading.treated is None:
                refused = reading.na.policy == "refuse" and "stop" in finish.places  # type: ignore[attr-defined]
                why = "not applicable, which this rule refuses" if refused else "not applicable"
                return attrs.evolve(leaf, basis="not applicable", left_out=why, stop=_NA_REFUSED if refused else None)
            leaf, base = attrs.evolve(leaf, basis="not applicable"), reading.treated
            said.append(f"not applicable counts as {grade_label(slot, base)}")
        elif base < 0:
            leaf = attrs.evolve(leaf, basis="unanswered")
            bare = "not applicable without a reason, which counts as unanswered" if no_reason else "unanswered"
            if blanks.policy != "worst":
                stop = _BLANK_REFUSED if blanks.policy == "refuse" else None
                why = bare + (", which this rule refuses" if stop else "")
                return attrs.evolve(leaf, left_out=why, weight=reading.weights[0], stop=stop)
            base = 0
            said.append(f"{bare} counts as {grade_label(slot, base)}")
        else:
            leaf = attrs.evolve(leaf, basis="grade")
        value, weight = reading.values[base], reading.weights[base]
        if isinstance(register.test, PlanTest):
            if not value:
                return attrs.evolve(leaf, basis="not asked", left_out="no action is asked for")
            variable = self.variables[slot]
            value, weight = self.symbols[place][variable][len(variable.slots) + variable.plans.index(register.test.plan)], _ONE
        ordered = getattr(register.op, "reads", "number") == "ordered" and getattr(register.op, "value", None) is None
        most = max(v * w for v, w in zip(reading.values, reading.weights, strict=True)) if isinstance(register.op, Sum) else None
        scale = slot.item.scale if ordered and not isinstance(value, Fraction) else None  # an exception may say what grades count
        return attrs.evolve(leaf, left_out=None, value=value, weight=weight, most=most, scale=scale, note="; ".join(said) or None)

    def item(self, register: Register, source: BoundStep, key: Key, ref: str | None) -> Leaf:
        """What became of the result of another step."""
        op, finish, kind = register.op, register.finish, source.kind
        na, tested = finish.na, register.test is not None  # type: ignore[attr-defined]
        table, comparison = getattr(op, "value", None), register.test.comparison if tested else getattr(op, "compare", None)
        hit = getattr(op, "reads", "number") == "hit"
        numbers = _numbers(table, kind) if isinstance(kind, Scale) and not hit else None
        counted_as = None
        if isinstance(kind, Scale):
            counted_as = 0 if na.policy == "worst" else kind.rank(na.grade) if na.policy == "as" and na.grade in kind else None
        weigh: Mapping[str, Any] | str | None = None if tested else getattr(op, "weight", None)
        conversion = Conversion(
            numbers=numbers,
            compare=self.against(comparison, kind, ref) if hit else None,
            counted_as=counted_as,
            refuses=na.policy == "refuse",
            by_count=weigh == "applicable",
        )
        weight = _ONE
        if isinstance(weigh, Mapping):
            weight = number(weigh.get(source.id if source.step.each is None else str(ref), 1)) or Fraction(0)
        made = self.made[key]
        leaf = Leaf(name=made.name, ref=ref, answer=made.shown, basis="result", weight=weight, source=key, conversion=conversion)
        fold = Fold(step="", op=op, leaves=(leaf,), empty=None)
        _, stop, value, weight, _ = next(iter(fold.items(self.known)), (leaf, None, None, weight, 0))
        if value is None:
            return attrs.evolve(leaf, left_out=made.shown if stop is None else f"{made.shown}, and so is this step", stop=stop)
        note = None
        if isinstance(made.exact, Absent) and isinstance(kind, Scale) and counted_as is not None:
            note = f"not applicable counts as {kind.grades[counted_as].label}"
        most = made.maximum if numbers is None else max(numbers)
        scale = kind if isinstance(kind, Scale) and numbers is None and not hit else None
        return attrs.evolve(leaf, value=value, weight=weight, note=note, scale=scale, most=None if most is None else most * weight)

    def against(self, comparison: Comparison | None, kind: Kind, ref: str | None = None) -> Against:
        """A comparison with something of a kind, with what it is compared with."""
        if comparison is None:
            return Against()
        given = comparison.value
        value: Any = given.get(str(ref)) if isinstance(given, FrozenDict) else given
        if given == "target":
            value = self.machine.framework.items[ref].node.target if ref is not None else None
        if isinstance(kind, Scale):
            return Against(comparison, kind.rank(value) if value in kind else None)
        return Against(comparison, number(value) if kind == "number" else value)


def _names(assessments: tuple[Assessment, ...]) -> list[str | None]:
    """The organisations by name; of several with one name, each with a number."""
    out: list[str | None] = []
    seen: Counter[str] = Counter()
    for one in assessments:
        seen[one.organisation.name] += 1
        out.append(one.organisation.name + (f" ({seen[one.organisation.name]})" if seen[one.organisation.name] > 1 else ""))
    return out


def stood_for(base: int) -> int | None:
    """The rank of the grade that a blank is taken for, if the answer in a slot is such a blank.

    >>> from s11kit.rules.binding import filled
    >>> stood_for(filled(2)), stood_for(filled(2, bare=True)), stood_for(BLANK), stood_for(2)
    (2, 2, None, None)
    """
    return BARE_FILLED - base if base <= BARE_FILLED else FILLED - base if base <= FILLED else None


def _stands_in(slot: Slot, node: Node) -> bool:
    return node.ref is None or node.ref in (slot.ref, *(parent.ref for parent in slot.item.parents))


def grade_label(slot: Slot, rank: int) -> str:
    """The label of a grade that can stand in a slot."""
    assert slot.item.scale is not None
    return slot.item.scale.grades[rank].label


def _numbers(table: Any, scale: Scale) -> tuple[Fraction, ...] | None:
    """What the grades of a scale count, worst first."""
    if table is None:
        return None
    if table == "unit":
        return tuple(Fraction(rank, len(scale.grades) - 1) for rank in range(len(scale.grades)))
    return tuple((grade.points or Fraction(0)) if table == "points" else table[grade.id] for grade in scale.grades)
