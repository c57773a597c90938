"""Everything that can happen to a rule: which states its nodes can reach, and what one change of one answer can do to them.

A rule is `finish` after a fold, so whether a law holds for all assessments is a question about the states of the fold, of which there are few.
Answers that add the same are one class; of every class one representative is changed, while all other answers range over whatever they can be.
Groups are taken from the inside out: a finished group is one answer more for the node around it, and what one change can do inside becomes a pair of
such answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeAlias, final

import attrs

from s11kit.rules.binding import BLANK, NA, OUT, BoundRule, Machine, Node, Symbol, Variable, filled
from s11kit.rules.operator import Value
from s11kit.rules.states import Packed, Packing, Reach, State, reached, reached_without

__all__ = ["Family", "Move", "Moves", "Space", "improvements", "into_blank", "into_na"]

Move: TypeAlias = tuple[Symbol, Symbol, int]
"""One change of one answer: before, after, and how many grade steps it is."""
Moves: TypeAlias = Callable[[Variable], Iterable[Move]]


def _slotwise(variable: Variable, change: Callable[[int, Any], Iterable[tuple[int, int, int]]]) -> Iterator[Move]:
    """Changes of one slot of a variable, whatever stands in its other slots."""
    if variable.plain:
        yield from change(0, variable)
        return
    for symbol in variable.symbols():
        for place in range(len(variable.slots)):
            for before, after, steps in change(place, variable):
                if symbol[place] == before:
                    yield symbol, (*symbol[:place], after, *symbol[place + 1 :]), steps


def improvements(variable: Variable) -> Iterator[Move]:
    """Every grade to the next better one."""
    yield from _slotwise(variable, lambda place, v: ((rank, rank + 1, 1) for rank in range(v.slots[place].grades - 1)))


def into_na(variable: Variable) -> Iterator[Move]:
    """Every grade to not applicable, where that may be said."""
    yield from _slotwise(variable, lambda place, v: ((rank, NA, 0) for rank in range(v.slots[place].grades) if v.slots[place].item.may_not_apply))


def into_blank(variable: Variable) -> Iterator[Move]:
    """Every grade to unanswered."""
    yield from _slotwise(variable, lambda place, v: ((rank, BLANK, 0) for rank in range(v.slots[place].grades)))


@final
@attrs.define(eq=False)
class Family:
    """Items of a node that can stand for each other: answers that add the same, or groups that come to the same."""

    states: tuple[State, ...]
    """What one item can add."""
    pairs: tuple[tuple[State, State], ...]
    """What one change in one item can turn into what."""
    members: list[Variable | Node]
    place: int = 0
    """The place of the first member among the families that were packed."""

    @property
    def times(self) -> int:
        """How many items there are."""
        return len(self.members)


@final
class Space:
    """The states of one rule for one kind of organisation. `Exhausted` from any of its parts, if there are more than `budget` states.

    `out` holds the variables that are out of scope, `free` those that may or may not be, depending on other answers. With
    `ends`, only the worst and the best grades are looked at, which is enough to refute, and never to prove. Blanks are among the answers unless the
    rule gives ranges: then a blank is any grade.
    """

    def __init__(
        self,
        rule: BoundRule,
        *,
        out: frozenset[Variable] = frozenset(),
        free: frozenset[Variable] = frozenset(),
        budget: int,
        copies: int = 1,
        ends: bool = False,
    ) -> None:
        self.ends = ends
        self.rule, self.machine, self.out, self.free, self.budget, self.copies = rule, rule.machine, out, free, budget, copies
        self.mixed = self.machine.ranges and not _all_range(self.machine)
        self._tables: dict[tuple[int, Any], _Table] = {}
        self._alike: dict[Any, _Table] = {}
        """Groups that hold the same are looked at once."""
        self._exported: dict[int, tuple[tuple[State, ...], tuple[tuple[State, State], ...]]] = {}

    def symbols(self, variable: Variable) -> list[Symbol]:
        """The answers that are possible to a variable here."""
        if variable in self.out:
            return [OUT if variable.plain else (*[OUT] * len(variable.slots), *[False] * len(variable.plans))]
        if self.ends:
            return [symbol for symbol in variable.symbols(na=False, blank=False) if _at_an_end(variable, symbol)]
        every = list(variable.symbols(blank=not self.machine.ranges))
        if self.mixed and variable.plain:
            every += [filled(rank) for rank in range(variable.slots[0].grades)]
        if variable in self.free:
            every.append(OUT if variable.plain else (*[OUT] * len(variable.slots), *[False] * len(variable.plans)))
        return every

    def table(self, node: Node, moves: Moves | None) -> _Table:
        """The families of a node, packed."""
        key = (id(node), moves)
        found = self._tables.get(key)
        if found is None:
            families = self.families(node, moves)
            alike: tuple[Any, ...] = (node.level, frozenset(node.idle), tuple((f.states, f.pairs, f.times) for f in families))
            if node.parent is None or self.machine.by_group:
                alike = (id(node), *alike)
            found = self._alike.get(alike)
            if found is None:
                found = self._alike[alike] = _Table(self, node, families)
            self._tables[key] = found
        return found

    def families(self, node: Node, moves: Moves | None) -> list[Family]:
        """The items of a node, those that can stand for each other together."""
        found: dict[Any, Family] = {}
        for variable in node.variables:
            states = tuple([variable.adds(symbol) for symbol in self.symbols(variable)])
            pairs = self._pairs(variable, moves)
            found.setdefault((states, pairs), Family(states, pairs, [])).members.append(variable)
        for child in node.children:
            states, pairs = self.exported(child, moves)
            key = (states, pairs)
            family = found.setdefault(key, Family(states, pairs, []))
            family.members += [child] * (self.copies if node is self.machine.root and self.rule.rule.over == "assessments" else 1)
        return list(found.values())

    def _pairs(self, variable: Variable, moves: Moves | None) -> tuple[tuple[State, State], ...]:
        if moves is None or variable in self.out:
            return ()
        here = set(self.symbols(variable))
        pairs = ((before, after) for before, after, _ in moves(variable) if before in here and after in here)
        return tuple(dict.fromkeys((variable.adds(before), variable.adds(after)) for before, after in pairs))

    def exported(self, node: Node, moves: Moves | None) -> tuple[tuple[State, ...], tuple[tuple[State, State], ...]]:
        """What a finished group can add to the nodes around it, and what one change in it can turn into what."""
        table = self.table(node, moves)
        found = self._exported.get(id(table))
        if found is None:
            states = sorted({table.export(one) for one in table.reach}, key=repr)
            pairs = {(table.export(one), table.export(other)) for one, other in table.changes()}
            found = self._exported[id(table)] = tuple(states), tuple(sorted(pairs, key=repr))
        return found

    @cached_property
    def root(self) -> _Table:
        """The root without changes."""
        return self.table(self.machine.root, None)

    def __len__(self) -> int:
        """How many states the root can reach."""
        return len(self.root.reach)


def _at_an_end(variable: Variable, symbol: Symbol) -> bool:
    """Whether an answer is the worst or the best grade."""
    bases = (symbol,) if variable.plain else symbol[: len(variable.slots)]
    return all(base in (0, slot.grades - 1) for slot, base in zip(variable.slots, bases, strict=True))


def _all_range(machine: Machine) -> bool:
    found = [step.unanswered or machine.rule.unanswered for step in machine.rule.steps]
    return all(each is not None and each.policy == "range" for each in found)


class _Table:
    """A node with its families packed, and what it comes to."""

    def __init__(self, space: Space, node: Node, families: list[Family]) -> None:
        self.space, self.node, self.families = space, node, families
        machine = space.machine
        spread: list[Sequence[State]] = []
        for family in families:
            family.place = len(spread)
            spread += [family.states] * family.times
        self.packing = Packing(machine.merges[node.level], spread)
        self.start = Reach.start(self.packing, machine.units[node.level])
        self.packed = [([self.packing.pack(family.place, state) for state in family.states], family.times) for family in families]
        self._values: dict[Packed, list[Value]] = {}
        self._keys: dict[Packed, tuple[int, Any]] = {}
        self._exports: dict[Packed, State] = {}

    @cached_property
    def reach(self) -> Reach:
        """All states of the node."""
        return reached(self.start, self.packed, self.space.budget)

    def values(self, packed: Packed) -> list[Value]:
        """The results of the steps of the node in a state."""
        return self.space.machine.values(self.node, self.packing.unpack(packed))

    def key(self, packed: Packed) -> tuple[int, Any]:
        """The rule's result in a state of the root, as what it is compared by."""
        found = self._keys.get(packed)
        if found is None:
            found = self._keys[packed] = self.space.rule.key(self.values(packed)[-1])
        return found

    def export(self, packed: Packed) -> State:
        """What the finished group adds to the nodes around it."""
        found = self._exports.get(packed)
        if found is None:
            state = self.packing.unpack(packed)
            found = self._exports[packed] = self.space.machine.exports(self.node, self.space.machine.values(self.node, state), state)
        return found

    def changes(self) -> Iterator[tuple[Packed, Packed]]:
        """Every pair of states that one change of one item can turn one into the other."""
        for _, pairs in self.changes_by_family():
            yield from pairs

    def changes_by_family(self) -> Iterator[tuple[Family, Iterator[tuple[Packed, Packed]]]]:
        """The same, by family of the item that is changed."""
        if not any(family.pairs for family in self.families):
            return
        for family, others in zip(self.families, reached_without(self.start, self.packed, self.space.budget), strict=True):
            yield family, self._changed(family, others)

    def _changed(self, family: Family, others: Reach) -> Iterator[tuple[Packed, Packed]]:
        join = self.packing.join
        pairs = [(self.packing.pack(family.place, before), self.packing.pack(family.place, after)) for before, after in family.pairs]
        for mark, numbers in others.by_mark():
            for before, after in pairs:
                if before == after:
                    continue
                one, other = join(mark, before[0]), join(mark, after[0])
                if one == other and before[1] == after[1]:
                    continue
                for number in numbers:
                    yield (one, number + before[1]), (other, number + after[1])
