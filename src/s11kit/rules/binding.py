"""A rule at work in one framework: which answers every step looks at, what each answer adds to it, and how the result is read off.

**Variables** are the answers the rule looks at, each with what every possible answer to it adds. **Nodes** are the groups in which steps run
(`each`), nested as the standards are, with the whole framework at the root. **Registers** are the folds that a level keeps at each of its nodes; what
a finished group comes to is an item of the registers further out. Scoring adds up the answers that are there; proving adds up all that could be.
`s11kit.rules.binder` makes these values of a rule and a framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias, final

import attrs

from s11kit.errors import Path, Problem, S11Error
from s11kit.model import Framework, Item
from s11kit.rules.definition import NotApplicableRule, Rule, Step
from s11kit.rules.operator import Absent, Kind, Merge, Value
from s11kit.rules.states import Packing, State, merged

if TYPE_CHECKING:
    from s11kit.rules.result import Result

__all__ = [
    "BARE", "BLANK", "NA", "OUT", "STRENGTH", "BoundRule", "BoundStep", "Machine", "Node", "Reading", "Register", "Slot", "Symbol", "Variable",
    "filled",
]  # fmt: skip

Symbol: TypeAlias = Any
"""One possible answer: the rank of a grade (0 is worst) or one of the four below; where answers hang together, a tuple of these."""
NA, BARE, BLANK, OUT = -1, -2, -3, -4
"""Not applicable; not applicable without a reason; unanswered; out of scope."""
FILLED, BARE_FILLED = -10, -1_000_000
NOTHING_CONFIRMED: Mapping[int, Value] = {}


def filled(rank: int, *, bare: bool = False) -> int:
    """The symbol of a blank that stands for a grade, for the steps that give the range over all ways to fill blanks in.

    With `bare`, of one that says not applicable without a reason, and stands for a grade only for the steps that need a reason.
    """
    return (BARE_FILLED if bare else FILLED) - rank


@final
@attrs.frozen
class Slot:
    """One place for a grade: an item, as graded by a role, along a dimension (or as a whole)."""

    ref: str
    role: str
    dimension: str | None
    item: Item = attrs.field(eq=False, repr=False)

    @property
    def name(self) -> str:
        """The place in words: `2.1`, `2.1 along practice`, `2.1 by moderator`."""
        return self.ref + (f" along {self.dimension}" if self.dimension else "") + (f" by {self.role}" if self.role != "self" else "")

    @property
    def grades(self) -> int:
        """How many grades can stand there."""
        return len(self.item.scale.grades) if self.item.scale is not None else 0


@final
@attrs.frozen
class Reading:
    """What the answers in one slot count for a fold: a value and a weight per grade (worst first), and how not applicable is treated."""

    values: tuple[Any, ...]
    weights: tuple[Fraction, ...]
    na: NotApplicableRule
    treated: int | None
    """The rank of the grade that not applicable counts as, if it counts as one."""
    reasons: tuple[str, ...] = ()
    """Why the slot is an exception, if it is."""


@final
@attrs.define(eq=False)
class Register:
    """One fold, of a step or of a test, kept at every node of its level."""

    step: Step
    op: Any
    level: int
    place: int
    """Where its state stands within the state of its level."""
    merges: tuple[Merge, ...]
    unit: State
    finish: Callable[[State], Value]
    lifts: dict[Slot, Callable[[int], State | None]] = attrs.field(factory=dict)
    """What the answer in a slot adds; `None` for nothing."""
    readings: dict[Slot, Reading] = attrs.field(factory=dict)
    items: dict[int, Callable[[str | None, Value, int], State | None]] = attrs.field(factory=dict)
    """What the result of a group's step (by its place in the rule) adds: given the group, the result, and how many answers it counted."""
    counted: int | None = None
    """Where in its state it keeps how many answers it counted, if a later step weighs by that."""
    test: Any = None
    """The test it serves, if it is not the fold of a step."""


@final
@attrs.define(eq=False)
class BoundStep:
    """One step at work: of which level, what it results in, and what it reads."""

    step: Step
    index: int
    level: int
    path: Path
    kind: Kind = "number"
    register: Register | None = None
    inputs: tuple[int, ...] = ()
    """Earlier steps of the same level that it reads."""
    groups: tuple[int, ...] = ()
    """Steps of inner levels whose results it folds."""
    terms: tuple[tuple[str, Any], ...] = ()
    """What it names: `("value", value)`, or `("step", place)`."""
    tests: tuple[BoundTest, ...] = ()
    scalars: Callable[[int, Value, int], State | None] | None = None
    """For a fold: what the result of a step of the same level adds, given how many answers it counted."""
    without: dict[Slot, str] = attrs.field(factory=dict)
    """Statements that an exception leaves out, and its reason."""

    @property
    def id(self) -> str:
        """Its name."""
        return self.step.id


@final
@attrs.define(eq=False)
class BoundTest:
    """A test at work: a register of its own, a step that it reads, or tests that it joins."""

    test: Any
    register: Register | None = None
    step: int | None = None
    compare: Callable[[Value], bool] | None = None
    inner: tuple[BoundTest, ...] = ()
    word: str = ""

    def holds(self, values: list[Value], state: State) -> Any:
        """Whether it holds at a node; `Absent` if a policy refuses what it reads."""
        if self.register is not None:
            place = self.register.place
            return self.register.finish(state[place : place + len(self.register.unit)])
        if self.step is not None and self.compare is not None:
            value = values[self.step]
            if isinstance(value, Absent):
                return value if value.kind == "refused" else False
            return self.compare(value)
        found = [test.holds(values, state) for test in self.inner]
        refused = [each for each in found if isinstance(each, Absent)]
        if refused:
            return min(refused, key=lambda each: STRENGTH[each.kind])
        if self.word == "not":
            return not found[0]
        return all(found) if self.word == "both" else any(found)

    def walk(self) -> Iterator[BoundTest]:
        """This test and all inside it."""
        yield self
        for test in self.inner:
            yield from test.walk()


@final
@attrs.define(eq=False)
class Node:
    """One group in which steps run: a standard, a statement, an organisation, or the whole."""

    level: int
    ref: str | None
    parent: Node | None = None
    children: list[Node] = attrs.field(factory=list)
    variables: list[Variable] = attrs.field(factory=list)
    idle: set[int] = attrs.field(factory=set)
    """Steps of its level that look at nothing in this group."""

    def walk(self) -> Iterator[Node]:
        """This node and all below it, innermost first."""
        for child in self.children:
            yield from child.walk()
        yield self


@final
@attrs.define(eq=False)
class Variable:
    """One or more slots whose answers are taken together, with what every answer adds to the registers of its node and of the nodes around."""

    slots: tuple[Slot, ...]
    plans: tuple[str, ...]
    """States of an action that tests ask for here: the last part of its symbols says which of them the statement's actions are in."""
    node: Node = attrs.field(repr=False)
    registers: tuple[tuple[Register, int], ...] = attrs.field(repr=False)
    """The registers it adds to, and where each stands in the state of its node."""
    coupled: bool = False
    unit: State = ()
    _known: dict[Symbol, State] = attrs.field(factory=dict, repr=False)

    @property
    def plain(self) -> bool:
        """Whether its symbols are answers of one slot."""
        return len(self.slots) == 1 and not self.plans

    @property
    def may_not_apply(self) -> bool:
        """Whether "not applicable" is an answer here."""
        return self.slots[0].item.may_not_apply

    @property
    def conditional(self) -> bool:
        """Whether it may be out of scope."""
        return bool(self.slots[0].item.conditions)

    def adds(self, symbol: Symbol) -> State:
        """What an answer adds, as a state of its node and the nodes around."""
        found = self._known.get(symbol)
        if found is None:
            found = self._known[symbol] = self._add(symbol)
        return found

    def _add(self, symbol: Symbol) -> State:
        bases, plans = ((symbol,), ()) if self.plain else (symbol[: len(self.slots)], symbol[len(self.slots) :])
        if self.coupled and any(base in (NA, BARE) for base in bases):
            bases = tuple([NA if NA in bases else BARE] * len(bases))
        state = list(self.unit)
        for register, offset in self.registers:
            for slot, base in zip(self.slots, bases, strict=True):
                lift = register.lifts.get(slot)
                if lift is None:
                    continue
                more = lift(base) if not self.plans else lift((base, dict(zip(self.plans, plans, strict=True))))  # type: ignore[arg-type]
                if more is not None:
                    end = offset + len(register.unit)
                    state[offset:end] = merged(register.merges, tuple(state[offset:end]), more)
        return tuple(state)

    def symbols(self, *, na: bool = True, blank: bool = True, out: bool = False) -> Iterator[Symbol]:
        """Every possible answer: grades worst first, then not applicable where that may be said, then unanswered, then out of scope."""
        every: list[tuple[Symbol, ...]] = [()]
        for slot in self.slots:
            own = [*range(slot.grades), *([NA] if na and slot.item.may_not_apply else []), *([BLANK] if blank else [])]
            every = [(*done, one) for done in every for one in own]
        for _ in self.plans:
            every = [(*done, flag) for done in every for flag in (False, True)]
        yield from [symbol[0] for symbol in every] if self.plain else every
        if out and self.conditional:
            yield OUT if self.plain else (*[OUT] * len(self.slots), *[False] * len(self.plans))


@final
class BoundRule:
    """A rule at work in a framework: `framework.rules["overall"]`. It is put together when it is first used.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])).rules["met"].kind
    'number'
    """

    def __init__(self, rule: Rule, framework: Framework, *, scoped: bool = False) -> None:
        self.rule, self.framework, self._scoped = rule, framework, scoped

    @property
    def id(self) -> str:
        """The rule's name."""
        return self.rule.id

    @property
    def title(self) -> str:
        """The rule's title, or its name as words."""
        return self.rule.title or self.rule.id.replace("-", " ").capitalize()

    def __repr__(self) -> str:
        return f"BoundRule({self.framework.name}, {self.rule.id})"

    @cached_property
    def _made(self) -> Machine:
        from s11kit.rules.binder import bind  # which makes what this module defines

        return bind(self.rule, self.framework, scoped=self._scoped)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the rule in this framework, with paths that begin at the rule's own table."""
        return tuple(self._made.problems)

    @property
    def scales(self) -> frozenset[str]:
        """The ids of the scales that results of its steps are on."""
        return frozenset(step.kind.id for step in self._made.steps if not isinstance(step.kind, str))

    @cached_property
    def machine(self) -> Machine:
        """The rule put together. `S11Error` with everything that is wrong with it, if it does not fit the framework."""
        wrong = [problem for problem in self._made.problems if problem.severity == "error"]
        if wrong:
            raise S11Error(wrong)
        return self._made

    @property
    def kind(self) -> Kind:
        """What the result is: `number`, `truth`, or a scale. `S11Error` if the rule does not fit the framework."""
        return self.machine.steps[-1].kind

    def key(self, value: Value) -> tuple[int, Any]:
        """A result as what it is compared by: absent ones below all others, and numbers turned round where lower is better.

        Where anything may be out of scope, no result because nothing applies is told from the others.
        """
        if isinstance(value, Absent):
            return -1 if self._scoped and value.kind == "out" else 0, 0
        return 1, -value if self.rule.better == "lower" and self.kind == "number" else value

    def score(self, assessment: Any) -> Result:
        """The result for one assessment. `S11Error` if the rule does not fit the framework; see `s11kit.score` for what cannot be scored."""
        from s11kit.rules.evaluation import evaluate  # which works on bound rules

        return evaluate(self, assessment)


@final
@attrs.define(eq=False, slots=False)
class Machine:
    """A rule put together: its steps, levels, nodes and variables, and how states of nodes turn into results."""

    rule: Rule
    framework: Framework
    problems: list[Problem] = attrs.field(factory=list)
    levels: list[str] = attrs.field(factory=list)
    """The levels at which steps run, innermost first; the last is the whole."""
    steps: list[BoundStep] = attrs.field(factory=list)
    registers: list[list[Register]] = attrs.field(factory=list)
    """The registers of every level, in the order in which they stand in its state."""
    root: Node = attrs.field(factory=lambda: Node(0, None))
    variables: list[Variable] = attrs.field(factory=list)
    """All answers the rule looks at, in framework order."""
    scoped: bool = False
    """Whether anything can be out of scope, so that every fold keeps whether anything was there."""
    ranges: bool = False
    """Whether some step gives the range of results over all ways to fill blanks in."""
    by_group: bool = False
    """Whether what the result of a group adds depends on which group it is: by its weight, its target, its place in a profile."""
    black_boxes: tuple[str, ...] = ()
    """Steps whose operator cannot be taken apart."""
    tables: dict[int, Any] = attrs.field(factory=dict, repr=False)
    """Kept by scoring: what every answer adds, by node."""

    @cached_property
    def widths(self) -> list[int]:
        """How many parts the state of each level has."""
        return [sum(len(register.unit) for register in registers) for registers in self.registers]

    @cached_property
    def merges(self) -> list[tuple[Merge, ...]]:
        """For a node of each level, how its state is merged: its own registers, then those of the levels around."""
        return [tuple(m for registers in self.registers[level:] for r in registers for m in r.merges) for level in range(len(self.levels))]

    @cached_property
    def units(self) -> list[State]:
        """The state of no items, per level."""
        return [tuple(part for registers in self.registers[level:] for r in registers for part in r.unit) for level in range(len(self.levels))]

    def unasked(self, step: BoundStep, values: list[Value], state: State) -> bool:
        """Whether nothing that the tests of a step look at, and no step that it names, is in scope at a node."""
        reads = [given for word, given in step.terms if word == "step"]
        for test in (each for outer in step.tests for each in outer.walk()):
            reads += [test.step] if test.step is not None else []
            register = test.register
            if register is not None and state[register.place + register.finish.places["there"]] is not None:  # type: ignore[attr-defined]
                return False
        found = [values[place] for place in reads]
        return all(isinstance(value, Absent) and value.kind == "out" for value in found)

    @cached_property
    def by_level(self) -> list[list[BoundStep]]:
        """The steps of each level, in order."""
        return [[step for step in self.steps if step.level == level] for level in range(len(self.levels))]

    def values(self, node: Node, state: State, confirmed: Mapping[int, Value] = NOTHING_CONFIRMED) -> list[Value]:
        """The results of the steps of a node's level, given its state; `None` stands for steps of other levels.

        `confirmed` holds results that somebody has put in place of derived ones.
        """
        values: list[Value] = [None] * len(self.steps)
        for step in self.by_level[node.level]:
            if step.index in node.idle:
                value: Value = Absent("out", step.id, "it looks at nothing here")
            else:
                value = self.value(step, values, state)
            values[step.index] = confirmed.get(step.index, value) if confirmed else value
        return values

    def result(self, state: State) -> Value:
        """The rule's result, given the state of the root."""
        return self.values(self.root, state)[-1]

    def value(self, step: BoundStep, values: list[Value], state: State) -> Value:
        """The result of one step at a node, given the results before it and the node's state."""
        register = step.register
        if register is not None:
            found = state[register.place : register.place + len(register.unit)]
            for place in step.inputs:
                counted = self.counted(self.steps[place], state, values)
                more = step.scalars(place, values[place], counted) if step.scalars is not None else None
                if more is not None:
                    found = merged(register.merges, found, more)
            return register.finish(found)
        if not step.inputs and self.scoped and self.unasked(step, values, state):
            return Absent("out", step.id, "nothing it looks at applies")
        of = [values[place] for place in step.inputs]
        holds = [test.holds(values, state) for test in step.tests]
        absent = [value for value in (*of, *holds) if isinstance(value, Absent)]
        if absent:
            return min(absent, key=lambda each: STRENGTH[each.kind])
        terms = [given if word == "value" else values[given] for word, given in step.terms]
        if step.step.op.name in ("cap", "floor") and holds[0] and isinstance(terms[0], Absent):
            return terms[0]
        value = step.step.op.apply(of, holds, terms)
        return Absent("refused", step.id, "below the lowest band") if value is None else value

    def exports(self, node: Node, values: list[Value], state: State) -> State:
        """What a finished node adds to the nodes around it, as a state of its parent's level."""
        if node.parent is None:
            return ()
        outer = node.parent.level
        out = list(state[sum(self.widths[node.level : outer]) :])
        offset = 0
        for level in range(outer, len(self.levels)):
            for register in self.registers[level]:
                end = offset + len(register.unit)
                for source, item in register.items.items():
                    if self.steps[source].level == node.level:
                        more = item(node.ref, values[source], self.counted(self.steps[source], state, values))
                        if more is not None:
                            out[offset:end] = merged(register.merges, tuple(out[offset:end]), more)
                offset = end
        return tuple(out)

    def counted(self, step: BoundStep, state: State, values: list[Value]) -> int:
        """How many answers a step of a group counted, as far as a later step weighs by it."""
        while step.register is None and len(step.inputs) == 1:
            step = self.steps[step.inputs[0]]
        register = step.register
        if register is None:
            return 0
        own: int = 0 if register.counted is None else state[register.place + register.counted]
        return own + sum(self.counted(self.steps[place], state, values) for place in step.inputs if not isinstance(values[place], Absent))

    @cached_property
    def packings(self) -> Mapping[int, Packing]:
        """For every node with variables of its own (by its `id`), how what their answers add is packed."""
        return {
            id(node): Packing(self.merges[node.level], [[v.adds(symbol) for symbol in self.every(v)] for v in node.variables])
            for node in self.root.walk()
            if node.variables
        }

    def every(self, variable: Variable) -> list[Symbol]:
        """All symbols that can be met in an assessment: also not applicable without a reason, and blanks that stand for a grade."""
        found = list(variable.symbols(out=True))
        if not variable.plain:
            every = [[*range(slot.grades), NA, BARE, BLANK] for slot in variable.slots] + [[False, True]] * len(variable.plans)
            return list(dict.fromkeys([*found, *product(*every)]))
        fills = [filled(rank, bare=bare) for bare in (False, True) for rank in range(variable.slots[0].grades)] if self.ranges else []
        return [*found, *([BARE, NA] if NA not in found else [BARE]), *fills]


STRENGTH = {"refused": 0, "not scored": 1, "not applicable": 2, "out": 3}
