"""Explaining a result: its derivation, made from the rule and the answers when somebody asks for it, and told in words.

Scoring only adds up; it keeps nothing of how a result came about. Here the same answers are gone through once more, statement by statement, and what
became of each is written down in values that can be recomputed without the rule (see `s11kit.rules.derivation`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from textwrap import wrap
from typing import Any, TypeAlias

import attrs

from s11kit._frozen import FrozenDict
from s11kit.errors import listed
from s11kit.model import Assessment, Comparison, Scale
from s11kit.model.applicability import AnswerTest, PlanTest
from s11kit.rules import wording
from s11kit.rules.averaging import Mean, Sum
from s11kit.rules.binding import BARE, BLANK, FILLED, NA, OUT, BoundStep, BoundTest, Node, Register, Slot, Symbol, Variable, filled
from s11kit.rules.counting import Count, Share
from s11kit.rules.derivation import Against, Conversion, Derivation, DerivedStep, DerivedTest, Fold, Key, Leaf, Term, parts_of, values, without
from s11kit.rules.evaluation import _confirmed, override_of, slot_symbol, symbols_of
from s11kit.rules.judging import Bands, If, Ladder, Lookup, Override, Round, Table, ValueOf, number
from s11kit.rules.lifting import _BLANK_REFUSED, _NA_REFUSED
from s11kit.rules.operator import Absent, Kind, Value
from s11kit.rules.ordering import Max, Min
from s11kit.rules.result import Result, display, given, label_of
from s11kit.rules.states import State, merged

__all__ = ["Derivation", "DerivedStep", "DerivedTest", "Leaf", "derive", "told"]

Completion: TypeAlias = list[dict[Variable, Symbol]]
"""An answer to every variable, for each assessment."""
Chain: TypeAlias = Any
"""Choices for blanks: nothing, one `(assessment, variable, symbol)`, or a list of two chains."""
_ONE = Fraction(1)


def derive(result: Result) -> Derivation:
    """How a result came about; for a range, how the worst and the best result that are still possible would come about."""
    machine = result.bound.machine
    answers: Completion = [symbols_of(machine, one) for one in result.assessments]
    if not (machine.ranges and result.blanks):
        return _Deriver(result, answers).derivation()
    worst = _Deriver(result, _completion(result, answers, result.least, 0)).derivation()
    if result.kind != "range":
        return worst
    return attrs.evolve(worst, best=_Deriver(result, _completion(result, answers, result.greatest, -1)).derivation())


# which way to fill the blanks in leads to an end of a range


def _completion(result: Result, answers: Completion, wanted: Value, last: int) -> Completion:
    """A way to fill the blanks in that leads to a result: all worst or all best, else one found step by step, else by going through all."""
    found = [{variable: _open(variable, symbol)[last] for variable, symbol in one.items()} for one in answers]
    reached = _Deriver(result, found).last
    if reached == wanted:
        return found
    key = result.bound.key
    for place, one in enumerate(answers):
        for variable, symbol in one.items():
            for choice in _open(variable, symbol):
                tried = [*found[:place], {**found[place], variable: choice}, *found[place + 1 :]]
                value = _Deriver(result, tried).last if choice != found[place][variable] else reached
                if key(value) > key(reached) if last else key(value) < key(reached):
                    found, reached = tried, value
                if reached == wanted:
                    return found
    found = [dict(one) for one in answers]
    for place, variable, symbol in _Search(result, answers).way(wanted):
        found[place][variable] = symbol
    return found


def _open(variable: Variable, symbol: Symbol) -> list[Symbol]:
    """The answer that is there, or every grade (worst first) where there is none."""
    bases = (symbol,) if variable.plain else symbol[: len(variable.slots)]
    every: list[tuple[Symbol, ...]] = [()]
    for slot, base in zip(variable.slots, bases, strict=True):
        every = [(*done, one) for done in every for one in ([filled(rank) for rank in range(slot.grades)] if base == BLANK else [base])]
    return [one[0] for one in every] if variable.plain else [(*one, *symbol[len(variable.slots) :]) for one in every]


class _Search:
    """All states that some way to fill blanks in leads to, each with one such way."""

    def __init__(self, result: Result, answers: Completion) -> None:
        self.machine, self.answers, self.confirmed = result.bound.machine, answers, _confirmations(result)

    def way(self, wanted: Value) -> Iterator[tuple[int, Variable, Symbol]]:
        """The choices that lead to a result."""
        machine = self.machine
        states: dict[State, Chain] = {machine.units[-1]: None}
        for place in range(len(self.answers)):
            states = self.joined(machine.root.level, states, self.states(place, machine.root))
        todo: list[Chain] = [next(way for state, way in states.items() if machine.values(machine.root, state, self.confirmed)[-1] == wanted)]
        while todo:
            way = todo.pop()
            if isinstance(way, list):
                todo += way
            elif way is not None:
                yield way

    def states(self, place: int, node: Node) -> dict[State, Chain]:
        machine = self.machine
        found: dict[State, Chain] = {machine.units[node.level]: None}
        for variable in node.variables:
            choices = _open(variable, self.answers[place][variable])
            found = self.joined(
                node.level, found, {variable.adds(one): (place, variable, one) if len(choices) > 1 else None for one in reversed(choices)}
            )
        for child in node.children:
            ways = self.states(place, child).items()
            exported = {machine.exports(child, machine.values(child, state), state): way for state, way in ways}
            found = self.joined(node.level, found, exported)
        return found

    def joined(self, level: int, one: dict[State, Chain], other: dict[State, Chain]) -> dict[State, Chain]:
        merges = self.machine.merges[level]
        out: dict[State, Chain] = {}
        for state, way in one.items():
            for more, choice in other.items():
                out.setdefault(merged(merges, state, more), way if choice is None else choice if way is None else [way, choice])
        return out


def _confirmations(result: Result) -> dict[int, Value]:
    return _confirmed(result.bound, result.assessment) if result.bound.rule.over == "statements" else {}


# the derivation of one completion


class _Deriver:
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
        self.confirmed = _confirmations(result)
        machine, root = self.machine, self.machine.root
        state = machine.units[root.level]
        for place in range(len(self.assessments)):
            state = merged(machine.merges[root.level], state, self.state(place, root))
        self.found[-1, id(root)] = machine.values(root, state, self.confirmed)
        self.made: dict[Key, DerivedStep] = {}
        self.known: dict[Key, tuple[Value, int]] = {}
        self.flags: dict[str, None] = {}

    @property
    def last(self) -> Value:
        """What the rule comes to."""
        return self.found[-1, id(self.machine.root)][-1]

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

    # steps

    def derivation(self) -> Derivation:
        """All steps, in the order of the rule."""
        for step in self.machine.steps:
            for place, node in self.runs(step.level, -1, self.machine.root):
                made = self.step(step, place, node)
                self.made[made.key] = made
            self.made |= {made.key: made for made in self.unheard(step)}
            self.known |= {key: made.outcome(self.known) for key, made in self.made.items() if key not in self.known}
        steps = tuple(self.made.values())
        replayed = values(steps)
        steps = tuple(attrs.evolve(step, binding=self.binding(steps, replayed, step)) for step in steps)
        confirmed = any(step.confirmed is not None and not isinstance(step.confirmed, Absent) for step in steps)
        return Derivation(result=self.result, steps=steps, assumes=tuple(self.assumed()), flags=tuple(self.flags), confirmed=confirmed)

    def step(self, step: BoundStep, place: int, node: Node) -> DerivedStep:
        """One step at one node."""
        results = self.found[place, id(node)]
        value, op = results[step.index], step.step.op
        made = DerivedStep(
            id=step.id,
            organisation=self.key(step, place, node)[1],
            group=self.key(step, place, node)[2],
            each=step.step.each,
            operator=op.name,
            op=op,
            value=given(step.kind, value),
            exact=value,
            shown=self.said(step, value),
            kind=step.kind,
        )
        register = step.register
        if register is not None:
            made, fold = parts_of(made, self.fold(step, register, place, node, step.inputs))
            made = attrs.evolve(made, fold=fold, note=self.compared(getattr(op, "compare", None)))
        else:
            terms = tuple(Term(value=term) if word == "value" else Term(source=self.at(term, place, node)) for word, term in step.terms)
            tests = tuple(self.test(step, test, place, node) for test in step.tests)
            inputs = tuple(self.at(index, place, node) for index in step.inputs)
            made = attrs.evolve(made, inputs=inputs, terms=terms, tests=tests, confirmed=self.override(step, node), note=self.note(step, tests))
        for flag in self.raised(step, made):
            self.flags.setdefault(flag + (f" ({made.place})" if made.place else ""))
        return made

    def unheard(self, step: BoundStep) -> Iterator[DerivedStep]:
        """Groups in which an exception leaves out every statement, so that the step does not run there."""
        refs = [node.ref for node in self.machine.root.walk() if node.level == step.level and node.ref is not None]
        if step.register is None or not step.without or not refs:
            return
        depth, op = len(self.machine.framework.items[refs[0]].parents), step.step.op
        lost = Absent("out", step.id, "every statement in it is left out")
        groups: dict[str, list[Slot]] = {}
        for slot in step.without:
            chain = [*(parent.ref for parent in slot.item.parents), slot.ref]
            if depth < len(chain) and chain[depth] not in refs:
                groups.setdefault(chain[depth], []).append(slot)
        for place, name in enumerate(self.names):
            for ref, slots in groups.items():
                leaves = tuple(self.leaf(step.register, place, slot, step.without[slot]) for slot in slots)
                fold = Fold(step=step.id, op=op, leaves=leaves, empty=lost)
                given: Any = {"group": ref, "organisation": name, "each": step.step.each, "value": None, "exact": lost, "shown": "left out"}
                yield DerivedStep(id=step.id, operator=op.name, op=op, kind=step.kind, fold=fold, **given)

    def at(self, index: int, place: int, node: Node) -> Key:
        """Another step at the same node."""
        return self.key(self.machine.steps[index], place, node)

    def said(self, step: BoundStep, value: Value) -> str:
        """A result as people read it, exactly."""
        return exactly(value) if isinstance(value, Fraction) else label_of(self.bound, step, value)

    def override(self, step: BoundStep, node: Node) -> Value:
        """What somebody confirmed in place of this step's result."""
        return self.confirmed.get(step.index) if node is self.machine.root else None

    def note(self, step: BoundStep, tests: tuple[DerivedTest, ...]) -> str | None:
        """Who confirmed it and why; or why the row says so that decided."""
        op = step.step.op
        if isinstance(op, Override) and step.index in self.confirmed:
            found = override_of(self.bound, self.result.assessment)
            assert found is not None
            stands = not isinstance(self.confirmed[step.index], Absent)
            return f"{'' if stands else 'not accepted: '}confirmed by {found[1].by}" + (f": {found[1].reason}" if found[1].reason else "")
        holds = [test.held is True for test in tests]
        if isinstance(op, Table):
            return op.rows[op.row(holds)].reason
        if isinstance(op, Ladder) and op.height(holds):
            return op.rungs[op.height(holds) - 1].reason
        return None

    def compared(self, comparison: Comparison | None) -> str | None:
        """What a counting step asks of its items, in words."""
        if comparison is None or not isinstance(comparison.value, str) or comparison.value == "target":
            return comparison.sentence if comparison is not None else None
        label = self.machine.framework.scale_of_grade[comparison.value].grade(comparison.value).label
        words = {"at_least": "{} or better", "above": "better than {}", "at_most": "{} or worse", "below": "worse than {}", "is": "{}"}
        return words[comparison.operator].format(label)

    def raised(self, step: BoundStep, made: DerivedStep) -> Iterator[str]:
        """The flags that a step raises."""
        op, holds = step.step.op, [test.held is True for test in made.tests]
        if step.step.flag is not None and (holds[0] if step.step.when is not None else made.exact is True):
            yield step.step.flag
        if isinstance(op, Table) and not any(test.held is None for test in made.tests):
            flag = op.rows[op.row(holds)].flag
            if flag is not None:
                yield flag

    def binding(self, steps: tuple[DerivedStep, ...], known: dict[Key, tuple[Value, int]], step: DerivedStep) -> bool | None:
        """Whether leaving a step out would change the result: whether its first input in its place would."""
        instead = step.inputs[0] if len(step.inputs) == 1 else None
        if isinstance(step.op, If):
            instead = step.terms[1].source or step.terms[0].source
        if instead is None or self.made[instead].kind != step.kind:
            return None
        return bool(_ranked(without(steps, known, step.key, instead)) != _ranked(known[steps[-1].key][0]))

    def assumed(self) -> Iterator[tuple[str, str]]:
        """Which blanks are taken for which grade."""
        for place in range(len(self.assessments)):
            for variable in self.machine.variables:
                for slot in variable.slots:
                    base = self.base(place, slot)
                    if base <= FILLED:
                        yield self.slot_name(place, slot), _grade(slot, FILLED - base)

    # tests

    def test(self, step: BoundStep, test: BoundTest, place: int, node: Node) -> DerivedTest:
        """One test, with what decided it."""
        machine, sentence = self.machine, wording.test_sentence(test.test, self.machine.framework)
        if test.register is not None:
            fold = self.fold(step, test.register, place, node, ())
            held = fold.outcome(self.known)[0]
            return DerivedTest(sentence=sentence, held=_told(held), fold=fold, witnesses=_witnesses(test.test, fold, held))
        if test.step is not None:
            source, key = machine.steps[test.step], self.at(test.step, place, node)
            value = self.known[key][0]
            made = DerivedTest(sentence=sentence, held=None, source=key, compare=self.against(test.test.comparison, source.kind))
            witness = Leaf(name=self.made[key].name, ref=None, answer=self.made[key].shown, basis="result", value=value)
            return attrs.evolve(made, held=_told(made.holds(self.known)), witnesses=() if isinstance(value, Absent) else (witness,))
        inner = tuple(self.test(step, each, place, node) for each in test.inner)
        made = DerivedTest(sentence=sentence, held=None, word=test.word, inner=inner)
        held = _told(made.holds(self.known))
        decided = [each for each in inner if test.word == "not" or each.held is held]
        return attrs.evolve(made, held=held, witnesses=tuple(leaf for each in decided for leaf in each.witnesses))

    def against(self, comparison: Comparison | None, kind: Kind, ref: str | None = None) -> Against:
        """A comparison with something of a kind, with what it is compared with."""
        if comparison is None:
            return Against()
        value: Any = comparison.value
        if value == "target":
            value = self.machine.framework.items[ref].node.target if ref is not None else None
        elif isinstance(value, FrozenDict):
            value = value.get(str(ref))
        if isinstance(kind, Scale):
            return Against(comparison, kind.rank(value) if value in kind else None)
        return Against(comparison, number(value) if kind == "number" else value)

    # folds

    def fold(self, step: BoundStep, register: Register, place: int, node: Node, inputs: tuple[int, ...]) -> Fold:
        """What a register comes to at a node, leaf by leaf."""
        finish: Any = register.finish
        leaves = list(self.answers(step, register, place, node))
        for index in register.items:
            source = self.machine.steps[index]
            for inner_place, inner in self.runs(source.level, place, node):
                leaves.append(self.item(register, source, self.key(source, inner_place, inner), inner.ref, outside=True))
        leaves += [self.item(register, self.machine.steps[index], self.at(index, place, node), None, outside=False) for index in inputs]
        kept = finish.places
        return Fold(
            step=step.id,
            op=register.op,
            leaves=tuple(leaves),
            empty=finish.empty,
            max_share=finish.na.max_share if "na" in kept else None,
            min_answered=finish.unanswered.min_answered if "answered" in kept else None,
            prorate="of" in kept,
            scoped=not finish.truth and ("there" in kept or (not leaves and _is_out(self.found[place, id(node)][step.index]))),
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
        assumed = base <= FILLED
        words = {NA: "not applicable", BARE: "not applicable, without a reason", BLANK: "unanswered", OUT: "out of scope"}
        answer = "unanswered" if assumed else words[base] if base < 0 else _grade(slot, base)
        leaf = Leaf(name=slot.name, ref=slot.ref, answer=answer, basis="exception", left_out=f"exception: {left_out}")
        if left_out is not None:
            return leaf
        reading, finish = register.readings[slot], register.finish
        blanks = finish.unanswered  # type: ignore[attr-defined]
        said = [f"exception: {reason}" for reason in reading.reasons]
        if base == OUT:
            return attrs.evolve(leaf, basis="out of scope", left_out="out of scope")
        if assumed:
            base = FILLED - base if blanks.policy == "range" else BLANK
            said += [f"taken for {_grade(slot, base)}"] if base >= 0 else []
        no_reason = base == BARE and reading.na.needs_reason
        if base in (NA, BARE) and not no_reason:
            if reading.treated is None:
                refused = reading.na.policy == "refuse" and "stop" in finish.places  # type: ignore[attr-defined]
                why = "not applicable, which this rule refuses" if refused else "not applicable"
                return attrs.evolve(leaf, basis="not applicable", left_out=why, stop=_NA_REFUSED if refused else None)
            leaf, base = attrs.evolve(leaf, basis="not applicable"), reading.treated
            said.append(f"not applicable counts as {_grade(slot, base)}")
        elif base < 0:
            leaf = attrs.evolve(leaf, basis="unanswered")
            bare = "not applicable without a reason, which counts as unanswered" if no_reason else "unanswered"
            if blanks.policy != "worst":
                stop = _BLANK_REFUSED if blanks.policy == "refuse" else None
                why = bare + (", which this rule refuses" if stop else "")
                return attrs.evolve(leaf, left_out=why, weight=reading.weights[0], stop=stop)
            base = 0
            said.append(f"{bare} counts as {_grade(slot, base)}")
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
        scale = slot.item.scale if ordered else None
        return attrs.evolve(leaf, left_out=None, value=value, weight=weight, most=most, scale=scale, note="; ".join(said) or None)

    def item(self, register: Register, source: BoundStep, key: Key, ref: str | None, *, outside: bool) -> Leaf:
        """What became of the result of another step."""
        op, finish, kind = register.op, register.finish, source.kind
        na, tested = finish.na, register.test is not None  # type: ignore[attr-defined]
        table, comparison = getattr(op, "value", None), register.test.comparison if tested else getattr(op, "compare", None)
        hit = getattr(op, "reads", "number") == "hit"
        numbers = _numbers(table, kind) if isinstance(kind, Scale) and not hit else None
        counted_as = None
        if isinstance(kind, Scale):
            counted_as = 0 if na.policy == "worst" else kind.rank(na.grade) if na.policy == "as" and na.grade in kind else None
        weigh = None if tested else getattr(op, "weight", None)
        conversion = Conversion(
            numbers=numbers,
            compare=self.against(comparison, kind, ref) if hit else None,
            counted_as=counted_as,
            refuses=na.policy == "refuse",
            by_count=weigh == "applicable",
            outside=outside,
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


def _names(assessments: tuple[Assessment, ...]) -> list[str | None]:
    """The organisations by name; of several with one name, each with a number."""
    out: list[str | None] = []
    seen: Counter[str] = Counter()
    for one in assessments:
        seen[one.organisation.name] += 1
        out.append(one.organisation.name + (f" ({seen[one.organisation.name]})" if seen[one.organisation.name] > 1 else ""))
    return out


def _stands_in(slot: Slot, node: Node) -> bool:
    return node.ref is None or node.ref in (slot.ref, *(parent.ref for parent in slot.item.parents))


def _grade(slot: Slot, rank: int) -> str:
    assert slot.item.scale is not None
    return slot.item.scale.grades[rank].label


def _numbers(table: Any, scale: Scale) -> tuple[Fraction, ...] | None:
    """What the grades of a scale count, worst first."""
    if table is None:
        return None
    if table == "unit":
        return tuple(Fraction(rank, len(scale.grades) - 1) for rank in range(len(scale.grades)))
    return tuple((grade.points or Fraction(0)) if table == "points" else table[grade.id] for grade in scale.grades)


def _ranked(value: Value) -> Value:
    """A result to be compared: what is absent by its kind alone."""
    return value.kind if isinstance(value, Absent) else value


def _is_out(value: Value) -> bool:
    return isinstance(value, Absent) and value.kind == "out"


def _told(held: Any) -> bool | None:
    return None if isinstance(held, Absent) else bool(held)


def _witnesses(test: Any, fold: Fold, held: Any) -> tuple[Leaf, ...]:
    """The leaves that decided a test: what made it hold, or kept it from holding; what stops it, if a policy does."""
    if isinstance(held, Absent):
        return tuple(leaf for leaf in fold.leaves if leaf.stop is not None)
    counted = [leaf for leaf in fold.leaves if leaf.counted]
    hits, misses = [leaf for leaf in counted if leaf.value], [leaf for leaf in counted if not leaf.value]
    word = test.quantifier if isinstance(test, AnswerTest) else "all"
    if word in ("any", "some"):
        return tuple(hits)
    return tuple(counted if held else misses if word == "all" else hits)


# in words


def exactly(value: Fraction) -> str:
    """An exact number as the text shows it: a whole number or a fraction, a long one with a short decimal beside it.

    >>> exactly(Fraction(7, 5)), exactly(Fraction(1583, 2520))
    ('7/5', '1583/2520 (about 0.63)')
    """
    return str(value) if value.denominator <= 100 else f"{value} (about {display(value, places=2)})"


def told(derivation: Derivation, width: int) -> str:
    """A derivation in words: the result, then a line per step from the last to the first, each with its result on the right."""
    result, best = derivation.result, derivation.best
    shown = _shown(derivation.steps[-1])
    lines = [f"{result.rule} = {result.text if best is not None or derivation.why is not None else shown}"]
    for word, one in (("worst", derivation), ("best", best)):
        if one is None:
            continue
        taking = "taking " + listed([f"{name} as {grade}" for name, grade in one.assumes])
        if best is not None:
            lines += wrap(f"{word}: {_shown(one.steps[-1])}, {taking}", width, initial_indent="  ", subsequent_indent="    ")
        elif one.assumes:
            lines += wrap(f"{taking}; whatever they are, the result is the same", width, initial_indent="  ", subsequent_indent="    ")
        lines += _steps(one, width)
        lines += [line for flag in one.flags for line in wrap(f"flag: {flag}", width, initial_indent="  ", subsequent_indent="    ")]
    return "\n".join(lines)


def _steps(derivation: Derivation, width: int) -> list[str]:
    rows: list[tuple[str, str, str, Iterator[str]]] = []
    steps = {step.key: step for step in derivation.steps}
    by_step: dict[str, list[DerivedStep]] = {}
    for step in derivation.steps:
        by_step.setdefault(step.id, []).append(step)
    for step in [step for group in reversed(by_step.values()) for step in group]:
        before = steps.get(step.inputs[0]) if step.inputs else None
        result = _shown(step)
        if before is not None and step.operator in ("cap", "floor", "override") and before.shown != step.shown:
            result = f"{before.shown} -> {step.shown}"
        rows.append((step.name, _how(step, steps), result, _asides(step)))
    first = min(max(len(name) for name, *_ in rows), width // 4)
    third = min(max(len(result) for _, _, result, _ in rows), width // 3)
    second = max(width - first - third - 6, 10)
    out: list[str] = []
    for name, how, result, asides in rows:
        names, hows, results = wrap(name, first), wrap(how, second) or [""], wrap(result, third) or [""]
        for place in range(max(len(names), len(hows), len(results))):
            cells = [cell[place] if place < len(cell) else "" for cell in (names, hows, results)]
            out.append(f"  {cells[0]:{first}}  {cells[1]:{second}}  {cells[2]}".rstrip())
        indent = " " * (first + 4)
        out += [line for aside in asides for line in wrap(aside, width, initial_indent=indent, subsequent_indent=indent + "  ")]
    return out


def _shown(step: DerivedStep) -> str:
    """The result of a step: a sum beside the most it could have been."""
    return step.shown if step.maximum is None else f"{step.shown} of {exactly(step.maximum)}"


def _asides(step: DerivedStep) -> Iterator[str]:
    """Why there is no result, what is left out and why, and what does not count as it stands."""
    if isinstance(step.exact, Absent) and step.exact.step == step.id and step.why:
        yield f"{step.shown}: {step.why}"
    for why, names in _grouped((leaf.left_out, leaf) for leaf in step.leaves):
        yield f"left out: {names}: {why}"
    for why, names in _grouped((leaf.note, leaf) for leaf in step.leaves if leaf.counted):
        yield f"{names}: {why}"


def _grouped(pairs: Iterable[tuple[str | None, Leaf]]) -> Iterator[tuple[str, str]]:
    """Leaves for which the same is said, together."""
    found: dict[str, list[str]] = {}
    for said, leaf in pairs:
        if said is not None:
            found.setdefault(said, []).append(leaf.name)
    for said, names in found.items():
        yield said, _some(names)


def _some(names: list[str], most: int = 12) -> str:
    return listed(names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"])


def _answers(leaves: Iterable[Leaf]) -> str:
    """`3.1 is Inadequate`, `3.1 and 3.2 are Inadequate and 4.1 is Good`."""
    found: dict[str, list[str]] = {}
    for leaf in leaves:
        found.setdefault(leaf.answer, []).append(leaf.name)
    return listed([f"{_some(names, 6)} {'is' if len(names) == 1 else 'are'} {answer}" for answer, names in found.items()])


def _how(step: DerivedStep, steps: dict[Key, DerivedStep]) -> str:
    if step.fold is not None:
        return _folded(step)
    op, before = step.op, steps.get(step.inputs[0]) if step.inputs else None
    said = before.shown if before is not None else ""
    if before is not None and isinstance(before.exact, Absent):
        return f"nothing to judge: {before.name} is {before.shown}"
    if isinstance(op, Bands):
        return _band(op, before.exact) if before is not None else ""
    if isinstance(op, Round):
        return f"{said} rounded to {op.places} decimal place{'' if op.places == 1 else 's'}, {op.mode}"
    if isinstance(op, Lookup | ValueOf):
        return f"{said} {'becomes' if isinstance(op, Lookup) else 'counts'} {step.shown}"
    if isinstance(op, Override):
        return step.note or "nothing else is confirmed"
    if isinstance(op, Table | Ladder):
        return _rows(step)
    term = step.terms[0]
    limit = steps[term.source].shown if term.source is not None else _term(step, term.value)
    if isinstance(op, If):
        return _asked(step.tests[0])
    binding = "" if step.binding is None else ", binding" if step.binding else ", not binding"
    if step.tests[0].held is not True:
        return f"{op.name} at {limit} does not apply: {_asked(step.tests[0])}"
    return f"{op.name} at {limit}{binding}: {_asked(step.tests[0])}"


def _term(step: DerivedStep, value: Value) -> str:
    if isinstance(value, Absent):
        return value.kind
    return step.kind.grades[value].label if isinstance(step.kind, Scale) else exactly(value) if isinstance(value, Fraction) else str(value)


def _asked(test: DerivedTest) -> str:
    """A test, by the answers that decided it."""
    if test.held is None:
        return f"cannot be settled whether {test.sentence}" + (f" ({_answers(test.witnesses)})" if test.witnesses else "")
    if test.held and test.witnesses and not (test.fold is not None and len(test.witnesses) > 6):
        return _answers(test.witnesses)
    return test.sentence if test.held else f"not so that {test.sentence}" + (f" ({_answers(test.witnesses)})" if test.witnesses else "")


def _rows(step: DerivedStep) -> str:
    op, holds = step.op, [test.held is True for test in step.tests]
    if isinstance(op, Table):
        place = op.row(holds)
        why = step.note or (_asked(step.tests[place]) if place < len(step.tests) else "no row before it holds")
        return f"row {place + 1} of {len(op.rows)}: {why}"
    height = op.height(holds)
    reached = f"rung {height} of {len(op.rungs)}" if height else "below the first rung"
    return reached + (f": {_asked(step.tests[height])}" if height < len(holds) else "")


def _band(op: Bands, value: Fraction) -> str:
    place = op.band(value)
    if place is None:
        return f"{exactly(value)} is below {op.edges[0]}"
    low, high = op.edges[place], op.edges[place + 1] if place + 1 < len(op.edges) else None
    inclusive = op.edge == "inclusive"
    above = f"{exactly(value)} is {'at or above' if inclusive or not place else 'above'} {low}"
    return above if high is None else f"{above} and {'below' if inclusive else 'at or below'} {high}"


def _folded(step: DerivedStep) -> str:
    """What a fold did with what it counted."""
    op, fold = step.op, step.fold
    counted = [leaf for leaf in step.leaves if leaf.counted]
    if not counted or fold is None:
        return "nothing is counted"
    if isinstance(op, Mean):
        weight = sum((leaf.weight for leaf in counted), Fraction(0))
        return f"({_terms(counted)}) / {weight if weight.denominator == 1 else f'({weight})'}"
    if isinstance(op, Sum):
        start = f"{op.start} + " if op.start else ""
        return f"{start}({_terms(counted)}) x {fold.factor}, scaled up to what applies" if fold.factor != 1 else start + _terms(counted)
    if getattr(op, "reads", "number") == "hit":
        return _hits(step, counted)
    if isinstance(op, Min | Max):
        ends = [leaf for leaf in counted if leaf.value == (min if isinstance(op, Min) else max)(one.value for one in counted)]
        return f"{'worst' if isinstance(op, Min) else 'best'} of {len(counted)}: {_answers(ends)}"
    bag = Counter(_value(leaf) for leaf in sorted(counted, key=lambda leaf: leaf.value))
    return f"{_name(op)} of {', '.join(word if count == 1 else f'{count} x {word}' for word, count in bag.items())}"


def _name(op: Any) -> str:
    pick = getattr(op, "pick", None)
    if pick is None:
        return str(op.name)
    if isinstance(pick, str):
        return pick.replace("-", " ")
    return f"place {pick.k} from the {pick.from_}" if pick.k is not None else f"the {pick.quantile} quantile"


def _hits(step: DerivedStep, counted: list[Leaf]) -> str:
    op = step.op
    hits = [leaf for leaf in counted if leaf.value]
    said = f"are {step.note}" if step.note else "hold"
    if isinstance(op, Share) and any(leaf.weight != 1 for leaf in counted):
        return f"{sum(leaf.weight for leaf in hits)} of {sum(leaf.weight for leaf in counted)} by weight {said}"
    few = [leaf for leaf in counted if bool(leaf.value) is (len(hits) * 2 <= len(counted))]
    beside = f": {_answers(few)}" if few and len(few) <= 6 and not isinstance(op, Count | Share) else ""
    return f"{len(hits)} of {len(counted)} {said}{beside}"


def _value(leaf: Leaf) -> str:
    if leaf.scale is not None:
        return leaf.scale.grades[leaf.value].label
    return exactly(leaf.value) if isinstance(leaf.value, Fraction) else str(leaf.value)


def _terms(counted: list[Leaf], most: int = 12) -> str:
    """A sum written out; a long one with equal terms put together."""
    if len(counted) <= most:
        return _signed([_product(leaf.weight, leaf.value) for leaf in counted])
    found = Counter((leaf.value, leaf.weight) for leaf in counted)
    ordered = sorted(found.items(), key=lambda each: (each[0][0], each[0][1]), reverse=True)
    return _signed([f"{count} x {_product(weight, value)}" for (value, weight), count in ordered])


def _product(weight: Fraction, value: Fraction) -> str:
    shown = str(value) if value >= 0 else f"({value})"
    return shown if weight == 1 else f"{weight} x {shown}"


def _signed(terms: list[str]) -> str:
    return " + ".join(terms)
