"""The smallest counterexample: two assessments that differ in one answer, as near to a uniform assessment as there are.

Least are, in this order: how many statements of the first assessment differ from one background grade, how many grade steps the change is, the best
background, the worst differing grades, and framework order. The search keeps the least cost of every state, for one background after the other, and
looks at few differing statements before it looks at many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, final

import attrs

from s11kit.model import Assessment
from s11kit.proving.scopes import Circle
from s11kit.proving.space import Moves, Space
from s11kit.rules.binding import BARE, BLANK, FILLED, NA, OUT, Node, Slot, Symbol, Variable
from s11kit.rules.operator import Value
from s11kit.rules.states import Exhausted, Packed, Packing, State

__all__ = ["Found", "Near", "assessment_of", "background", "cost_of", "near", "nearest", "smallest"]

Cost: TypeAlias = tuple[int, int, int]
"""Statements that differ from the background; grade steps of the change; how good the differing answers are."""
_WORK = 8
"""How many merges are made for every state that a budget allows."""
Violates: TypeAlias = Callable[[list[Value], list[Value]], bool]


@final
@attrs.frozen
class Found:
    """What a search found: the answers before, the variable that changes, and its answer after."""

    before: dict[Variable, Symbol]
    changed: Variable
    after: Symbol
    cost: tuple[int, int, int, int]
    """Differing statements, steps, place of the background from the best, and how good the differing answers are."""

    @property
    def afterwards(self) -> dict[Variable, Symbol]:
        """The answers after the change."""
        return {**self.before, self.changed: self.after}


@final
@attrs.define(eq=False)
class _Option:
    """One thing an item can be: what it adds, what it costs, and how it is made."""

    state: State
    differing: int
    goodness: int
    symbol: Any
    """The answer, or the packed state of a group."""


@final
@attrs.define(eq=False)
class _Change:
    """One change of an item: what it adds before and after, its cost, and how it is made."""

    before: State
    after: State
    cost: Cost
    made: Any


def background(variable: Variable, place: int) -> Symbol:
    """The answer to a variable in the uniform assessment whose grade stands at that place from the best (0)."""
    grades = tuple(max(0, slot.grades - 1 - place) for slot in variable.slots)
    return grades[0] if variable.plain else (*grades, *[False] * len(variable.plans))


def goodness(variable: Variable, symbol: Symbol) -> int:
    """How good a differing answer is: its rank; not applicable, blank and out of scope come after all grades."""
    bases = (symbol,) if variable.plain else symbol[: len(variable.slots)]
    beyond = {NA: 0, BARE: 1, BLANK: 2, OUT: 3}
    known = [slot.grades + beyond.get(base, 4) if base < 0 else base for slot, base in zip(variable.slots, bases, strict=True)]
    return sum(known) + sum(not flag for flag in (() if variable.plain else symbol[len(variable.slots) :]))


def cost_of(before: dict[Variable, Symbol], steps: int, place: int) -> tuple[int, int, int, int]:
    """The cost of an assessment before a change of so many steps, against one background."""
    differing = [(v, s) for v, s in before.items() if s != background(v, place) and not _is_out(v, s)]
    return len(differing), steps, place, sum(goodness(v, s) for v, s in differing)


def _is_out(variable: Variable, symbol: Symbol) -> bool:
    return bool((symbol if variable.plain else symbol[0]) == OUT)


def smallest(space: Space, moves: Moves, violates: Callable[[Any, Any], bool], *, most: int | None = None) -> Found | None:
    """The smallest pair of assessments that breaks a law, given which pairs of results break it; `None` if there is none.

    `most` bounds how many statements may differ from the background. `Exhausted` beyond the budget of the space.
    """
    variables = [variable for variable in space.machine.variables if variable not in space.out]
    places = range(max((slot.grades for v in variables for slot in v.slots), default=0))
    limit, last = 1, min(most, len(variables)) if most is not None else len(variables)
    while True:
        best: tuple[tuple[int, int, int, int], _Search, Any] | None = None
        for place in places:
            search = _Search(space, moves, place, min(limit, last))
            found = search.best(violates)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], search, found[1])
        if best is not None:
            cost, search, key = best
            before, changed, after = search.trace(key)
            return Found({v: before[v] for v in space.machine.variables if v in before}, changed, after, cost)
        if limit >= last:
            return None
        limit *= 2


@final
class _Search:
    """One background, and at most so many differing statements."""

    def __init__(self, space: Space, moves: Moves, place: int, limit: int) -> None:
        self.space, self.moves, self.place, self.limit = space, moves, place, limit
        self._nodes: dict[int, _Tables] = {}
        self._same: dict[Any, _Tables] = {}
        self.states = 0

    def tables(self, node: Node) -> _Tables:
        """The least costs of a node's states."""
        found = self._nodes.get(id(node))
        if found is None:
            found = self._nodes[id(node)] = _Tables(self, node)
        return found

    def alike(self, tables: _Tables) -> _Tables | None:
        """Tables of a group that holds the same, if there are any; else these are kept for such groups."""
        key = (tables.node.level, frozenset(tables.node.idle), *((block.key, len(block.members)) for block in tables.blocks))
        found: _Tables = self._same.setdefault(key, tables)
        return None if found is tables else found

    def best(self, violates: Callable[[Any, Any], bool]) -> tuple[tuple[int, int, int, int], Any] | None:
        """The least cost of a pair that breaks the law, and the pair."""
        root = self.tables(self.space.machine.root)
        table = self.space.table(self.space.machine.root, self.moves)
        keys: dict[Packed, Any] = {}

        def key(packed: Packed) -> Any:
            if packed not in keys:
                keys[packed] = self.space.rule.key(self.space.machine.values(table.node, root.packing.unpack(packed))[-1])
            return keys[packed]

        found: tuple[Cost, Any] | None = None
        for pair, (cost, _) in root.moved.items():
            if (found is None or cost < found[0]) and violates(key(pair[0]), key(pair[1])):
                found = (cost, pair)
        if found is None:
            return None
        differing, steps, good = found[0]
        return (differing, steps, self.place, good), found[1]

    def trace(self, pair: Any) -> tuple[dict[Variable, Symbol], Variable, Symbol]:
        """The answers behind a pair of root states."""
        before: dict[Variable, Symbol] = {}
        changed = self.tables(self.space.machine.root).trace_moved(pair, before)
        return before, changed[0], changed[1]


@final
class _Block:
    """Items that can stand for each other: their options (the background first) and changes."""

    def __init__(self, key: Any, options: list[_Option], changes: list[_Change]) -> None:
        self.key, self.options, self.changes = key, options, changes
        self.members: list[Any] = []


@final
class _Tables:
    """The least cost of every state of one node, without and with the change."""

    def __init__(self, search: _Search, node: Node) -> None:
        self.search, self.node, self.space = search, node, search.space
        self.blocks = self._blocks()
        self.packing: Packing
        self.steps: list[tuple[dict[Any, Any], dict[Any, Any]]]
        self.plain: dict[Packed, tuple[Cost, Any]]
        self.moved: dict[tuple[Packed, Packed], tuple[Cost, Any]]
        self._exports: dict[Packed, State] = {}
        alike = search.alike(self)
        if alike is not None:
            self.packing, self.plain, self.moved, self.steps = alike.packing, alike.plain, alike.moved, alike.steps
            if not self.space.machine.by_group:
                self._exports = alike._exports
            return
        families = [family for block in self.blocks for family in [self._states(block)] * len(block.members)]
        self.packing = Packing(self.space.machine.merges[node.level], families)
        self.steps = []
        self.plain = {self.packing.nothing(self.space.machine.units[node.level]): ((0, 0, 0), None)}
        self.moved = {}
        place = 0
        for block in self.blocks:
            self._add(block, place)
            place += len(block.members)

    @staticmethod
    def _states(block: _Block) -> list[State]:
        found = [option.state for option in block.options]
        return found + [state for change in block.changes for state in (change.before, change.after)]

    # options of items

    def _blocks(self) -> list[_Block]:
        found: dict[Any, _Block] = {}
        key: Any
        for variable in self.node.variables:
            options, changes = self._of_variable(variable)
            key = (
                tuple((o.state, o.differing, o.goodness, o.symbol) for o in options),
                tuple((c.before, c.after, c.cost, c.made) for c in changes),
            )
            found.setdefault(key, _Block(key, options, changes)).members.append(variable)
        for child in self.node.children:
            options, changes = self._of_node(child)
            key = (tuple((o.state, o.differing, o.goodness) for o in options), tuple((c.before, c.after, c.cost) for c in changes))
            block = found.setdefault(key, _Block(key, options, changes))
            block.members += [child] * (
                self.space.copies if self.node is self.space.machine.root and self.space.rule.rule.over == "assessments" else 1
            )
        return list(found.values())

    def _of_variable(self, variable: Variable) -> tuple[list[_Option], list[_Change]]:
        if variable in self.space.out:
            symbol = self.space.symbols(variable)[0]
            return [_Option(variable.adds(symbol), 0, 0, symbol)], []
        uniform = background(variable, self.search.place)
        symbols = [uniform, *(symbol for symbol in self.space.symbols(variable) if symbol != uniform)]
        cost = {symbol: (0, 0) if symbol == uniform else (1, goodness(variable, symbol)) for symbol in symbols}
        options: dict[State, _Option] = {}
        for symbol in sorted(symbols, key=lambda symbol: (cost[symbol], repr(symbol))):
            options.setdefault(variable.adds(symbol), _Option(variable.adds(symbol), *cost[symbol], symbol))
        changes: dict[tuple[State, State], _Change] = {}
        for before, after, steps in self.search.moves(variable):
            if before not in cost or after not in cost:
                continue
            one, other = variable.adds(before), variable.adds(after)
            change = _Change(one, other, (cost[before][0], steps, cost[before][1]), (before, after))
            if one != other and ((one, other) not in changes or change.cost < changes[one, other].cost):
                changes[one, other] = change
        return list(options.values()), list(changes.values())

    def _of_node(self, child: Node) -> tuple[list[_Option], list[_Change]]:
        inner = self.search.tables(child)
        options: dict[State, _Option] = {}
        for packed, (cost, _) in inner.plain.items():
            state = inner.export(packed)
            option = _Option(state, cost[0], cost[2], packed)
            if state not in options or (cost[0], cost[2]) < (options[state].differing, options[state].goodness):
                options[state] = option
        changes: dict[tuple[State, State], _Change] = {}
        for pair, (cost, _) in inner.moved.items():
            one, other = inner.export(pair[0]), inner.export(pair[1])
            if one != other and ((one, other) not in changes or cost < changes[one, other].cost):
                changes[one, other] = _Change(one, other, cost, pair)
        ordered = sorted(options.values(), key=lambda option: (option.differing, option.goodness, repr(option.state)))
        return ordered, sorted(changes.values(), key=lambda change: (change.cost, repr(change.before), repr(change.after)))

    def export(self, packed: Packed) -> State:
        """What the finished group adds to the nodes around it."""
        found = self._exports.get(packed)
        if found is None:
            state, machine = self.packing.unpack(packed), self.space.machine
            found = self._exports[packed] = machine.exports(self.node, machine.values(self.node, state), state)
        return found

    # adding blocks

    def _combined(self, block: _Block, place: int, times: int) -> dict[Packed, tuple[int, int, tuple[tuple[int, int], ...]]]:
        """All that some members of a block can add together: how many differ, how good they are, and how often each option is taken."""
        start = self.packing.nothing(self.space.machine.units[self.node.level])
        found: dict[tuple[Packed, int], tuple[int, int, tuple[tuple[int, int], ...]]] = {(start, 0): (0, 0, ())}
        packed = [self.packing.pack(place, option.state) for option in block.options]
        for number, option in enumerate(block.options[1:], 1):
            more = dict(found)
            for (state, used), (differing, good, chosen) in found.items():
                now = state
                for count in range(1, times - used + 1):
                    if differing + count * option.differing > self.search.limit:
                        break
                    now = (self.packing.join(now[0], packed[number][0]), now[1] + packed[number][1])
                    cost = (differing + count * option.differing, good + count * option.goodness, (*chosen, (number, count)))
                    key = (now, used + count)
                    if key not in more or cost[:2] < more[key][:2]:
                        more[key] = cost
            found = more
            self._spend(len(found))
        out: dict[Packed, tuple[int, int, tuple[tuple[int, int], ...]]] = {}
        for (state, used), cost in found.items():
            for _ in range(times - used if self.packing.custom else min(1, times - used)):
                state = (self.packing.join(state[0], packed[0][0]), state[1])
            state = (state[0], state[1] + packed[0][1] * (times - used))
            if state not in out or cost[:2] < out[state][:2]:
                out[state] = cost
        return out

    def _spend(self, states: int) -> None:
        self.search.states += states
        if self.search.states > self.space.budget:
            raise Exhausted(self.space.budget)

    def _add(self, block: _Block, place: int) -> None:
        times, join = len(block.members), self.packing.join
        together = self._combined(block, place, times)
        if (len(self.plain) + len(self.moved)) * len(together) > _WORK * self.space.budget:
            raise Exhausted(self.space.budget)
        plain: dict[Packed, tuple[Cost, Any]] = {}
        moved: dict[tuple[Packed, Packed], tuple[Cost, Any]] = {}
        limit = self.search.limit
        for before, (cost, _) in self.plain.items():
            for extra, (differing, good, chosen) in together.items():
                if cost[0] + differing <= limit:
                    state = (join(before[0], extra[0]), before[1] + extra[1])
                    total = (cost[0] + differing, 0, cost[2] + good)
                    if state not in plain or total < plain[state][0]:
                        plain[state] = (total, (before, chosen))
        for pair, (cost, _) in self.moved.items():
            for extra, (differing, good, chosen) in together.items():
                if cost[0] + differing <= limit:
                    both = ((join(pair[0][0], extra[0]), pair[0][1] + extra[1]), (join(pair[1][0], extra[0]), pair[1][1] + extra[1]))
                    total = (cost[0] + differing, cost[1], cost[2] + good)
                    if both not in moved or total < moved[both][0]:
                        moved[both] = (total, (pair, chosen, None))
        if block.changes:
            others = self._combined(block, place, times - 1)
            base: dict[Packed, tuple[Cost, Any]] = {}
            for before, (cost, _) in self.plain.items():
                for extra, (differing, good, chosen) in others.items():
                    if cost[0] + differing <= limit:
                        state = (join(before[0], extra[0]), before[1] + extra[1])
                        total = (cost[0] + differing, 0, cost[2] + good)
                        if state not in base or total < base[state][0]:
                            base[state] = (total, (before, chosen))
            for number, change in enumerate(block.changes):
                one, other = self.packing.pack(place, change.before), self.packing.pack(place, change.after)
                for state, (cost, (before, chosen)) in base.items():
                    if cost[0] + change.cost[0] <= limit:
                        both = ((join(state[0], one[0]), state[1] + one[1]), (join(state[0], other[0]), state[1] + other[1]))
                        total = (cost[0] + change.cost[0], change.cost[1], cost[2] + change.cost[2])
                        if both not in moved or total < moved[both][0]:
                            moved[both] = (total, (before, chosen, number))
        self.plain, self.moved = plain, moved
        self.steps.append((plain, moved))
        self._spend(len(plain) + len(moved))

    # back to answers

    def trace_plain(self, packed: Packed, into: dict[Variable, Symbol], upto: int | None = None) -> None:
        """The answers behind a state without a change."""
        place = len(self.steps) if upto is None else upto
        while place:
            block, (plain, _) = self.blocks[place - 1], self.steps[place - 1]
            _, (packed, chosen) = plain[packed]
            self._assign(block, list(block.members), chosen, into)
            place -= 1

    def trace_moved(self, pair: tuple[Packed, Packed], into: dict[Variable, Symbol]) -> tuple[Variable, Symbol]:
        """The answers behind a pair of states, and the change between them."""
        for place in range(len(self.steps), 0, -1):
            block, (_, moved) = self.blocks[place - 1], self.steps[place - 1]
            _, (before, chosen, number) = moved[pair]
            if number is None:
                self._assign(block, list(block.members), chosen, into)
                pair = before
                continue
            change, mover = block.changes[number], block.members[0]
            self._assign(block, list(block.members[1:]), chosen, into)
            self.trace_plain(before, into, place - 1)
            if isinstance(mover, Variable):
                into[mover] = change.made[0]
                return mover, change.made[1]
            inner = self.search.tables(mover)
            wanted = (change.before, change.after, change.cost)
            made = next(p for p, (cost, _) in inner.moved.items() if (inner.export(p[0]), inner.export(p[1]), cost) == wanted)
            return inner.trace_moved(made, into)
        raise AssertionError("a pair of states holds a change")  # pragma: no cover

    def _assign(self, block: _Block, members: list[Any], chosen: tuple[tuple[int, int], ...], into: dict[Variable, Symbol]) -> None:
        """Give the chosen options to the first members, the worst first, and the background to the rest."""
        taken = sorted((block.options[number].goodness, number) for number, count in chosen for _ in range(count))
        numbers = [number for _, number in taken] + [0] * (len(members) - len(taken))
        for member, number in zip(members, numbers, strict=True):
            option = block.options[number]
            if isinstance(member, Variable):
                into[member] = option.symbol
            else:
                inner = self.search.tables(member)
                cost = (option.differing, 0, option.goodness)
                packed = next(p for p, (c, _) in inner.plain.items() if c == cost and inner.export(p) == option.state)
                inner.trace_plain(packed, into)


# assessments


def assessment_of(circle: Circle, space: Space, symbols: dict[Variable, Symbol]) -> Assessment:
    """The answers of a counterexample as an assessment that loads and scores."""
    found = Assessment(framework=space.rule.framework, organisation=circle.organisation)
    for variable, symbol in symbols.items():
        bases = (symbol,) if variable.plain else symbol[: len(variable.slots)]
        for slot, base in zip(variable.slots, bases, strict=True):
            found = _answered(found, slot, base)
        plans: Iterable[bool] = () if variable.plain else symbol[len(variable.slots) :]
        for state, there in zip(variable.plans, plans, strict=True):
            if there:
                field = next(field.id for field in found.framework.plan_fields if field.kind == "status")
                found = found.with_action(variable.slots[0].ref, {field: state})
    return found


def _answered(assessment: Assessment, slot: Slot, base: int) -> Assessment:
    if base in (NA, BARE):
        reason = "Not applicable in this example" if base == NA else None
        return assessment.with_not_applicable(slot.ref, reason, role=slot.role, dimension=slot.dimension)
    if base in (BLANK, OUT) or base <= FILLED or slot.item.scale is None:
        return assessment
    return assessment.with_grade(slot.ref, slot.item.scale.grades[base].id, role=slot.role, dimension=slot.dimension)


@final
@attrs.frozen
class Near:
    """A state of the root near to a uniform assessment: the results of the steps there, what it costs, and how to get at its answers."""

    size: tuple[int, int, int]
    """Differing statements, place of the background from the best, and how good the differing answers are."""
    values: tuple[Value, ...]
    _search: _Search = attrs.field(repr=False)
    _packed: Packed = attrs.field(repr=False)

    @property
    def answers(self) -> dict[Variable, Symbol]:
        """The answers behind it, in framework order."""
        into: dict[Variable, Symbol] = {}
        search = self._search
        search.tables(search.space.machine.root).trace_plain(self._packed, into)
        return {variable: into[variable] for variable in search.space.machine.variables if variable in into}


def near(space: Space, limit: int) -> list[Near]:
    """Every state of the root that at most `limit` differing statements lead to, the nearest first."""
    places = range(max((slot.grades for v in space.machine.variables for slot in v.slots), default=0))
    found: dict[State, Near] = {}
    for place in places:
        search = _Search(space, lambda variable: (), place, limit)
        root = search.tables(space.machine.root)
        for packed, (cost, _) in root.plain.items():
            state = root.packing.unpack(packed)
            size = (cost[0], place, cost[2])
            if state not in found or size < found[state].size:
                found[state] = Near(size, tuple(space.machine.values(root.node, state)), search, packed)
    return sorted(found.values(), key=lambda each: each.size)


def nearest(space: Space, wanted: Callable[[tuple[Value, ...]], bool], *, most: int | None = None) -> Near | None:
    """The state nearest to a uniform assessment whose results are as wanted; `None` if there is none within `most` differing statements."""
    last = len(space.machine.variables) if most is None else min(most, len(space.machine.variables))
    limit = 1
    while True:
        for each in near(space, min(limit, last)):
            if wanted(each.values):
                return each
        if limit >= last:
            return None
        limit *= 2
