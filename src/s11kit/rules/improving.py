"""The search for the cheapest improvements that bring a rule to a result.

A search through assessments would be hopeless, and stepping upwards would be wrong, because a rule need not be monotone. So the states of a rule are
searched instead: answers go into it one after another, and of all ways to come to one state only the cheapest is kept. A price is one whole number,
which adds up, compares in the declared order, and in its last digits holds the changes themselves. `s11kit.rules.changes` says what is asked for, and
puts what is found into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, TypeAlias, final

import attrs

from s11kit.errors import counted
from s11kit.model import Assessment, Graded, NotApplicable
from s11kit.model.assessment import SELF
from s11kit.rules.binding import BARE, BLANK, NA, OUT, BoundRule, Node, Slot, Symbol, Variable, filled
from s11kit.rules.evaluation import symbols_of
from s11kit.rules.operator import Value
from s11kit.rules.relevance import boxes, deciding, spare
from s11kit.rules.states import Exhausted, Packing, State

__all__ = ["BUDGET", "WORLDS", "ProposedChange", "Search", "Unsettled", "with_grades"]

BUDGET = 10_000_000
"""How many states are tried at most, unless the caller says otherwise: a few seconds."""
WORLDS = 4_096
"""How many ways to answer what conditions of the framework look at are tried at most."""

Payload: TypeAlias = State | frozenset[State]
"""What an answer, or a group, adds: a state; or all that are possible, where a blank stands for every grade."""
Front: TypeAlias = dict[tuple[frozenset[Any] | None, Any], dict[int, int]]
"""The cheapest price of every packed state, under what open blanks may add to it and its mark."""


@final
@attrs.frozen(kw_only=True)
class ProposedChange:
    """One answer to change: which, from what to what (labels; `before` is `None` for a blank), and by how many grades."""

    slot: str
    """The place in words, such as `2.1 by moderator`."""
    ref: str
    role: str
    dimension: str | None
    before: str | None
    after: str
    grade: str
    """The id of the grade after the change."""
    steps: int
    """How many grades better; a blank counts as one below the worst."""

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return attrs.asdict(self)


class Unsettled(Exception):
    """The search came to no end."""


def with_grades(assessment: Assessment, changes: Iterable[tuple[Slot, int]]) -> Assessment:
    """A copy with these grades."""
    for slot, rank in changes:
        assert slot.item.scale is not None
        assessment = assessment.with_grade(slot.ref, slot.item.scale.grades[rank].id, role=slot.role, dimension=slot.dimension)
    return assessment


@final
@attrs.frozen(eq=False)
class _World:
    """One way in which the conditions of a framework come out, the answers that bring it about, and what those cost that the rule does not see."""

    symbols: dict[Variable, Symbol]
    allowed: dict[Slot, frozenset[int]]
    start: int


class Search:
    """The search for the cheapest way to a state whose result reaches the goal."""

    def __init__(self, rule: BoundRule, assessment: Assessment, reaches: Callable[[Value], bool], blanks: bool, budget: int) -> None:
        self.machine, self.assessment, self.reaches, self.blanks, self.budget = rule.machine, assessment, reaches, blanks, budget
        seen = {slot for variable in self.machine.variables for slot in variable.slots}
        self.deciding = deciding(rule.framework, {slot.ref for slot in seen})
        slots = seen | set(self.deciding)
        roles, sides = [SELF, *(each.id for each in rule.framework.roles)], [None, *(each.id for each in rule.framework.dimensions)]
        self.slots = sorted(slots, key=lambda slot: (slot.item.order, roles.index(slot.role), sides.index(slot.dimension)))
        self.place = {slot: len(self.slots) - 1 - place for place, slot in enumerate(self.slots)}
        self.digit = max((slot.grades for slot in self.slots), default=1).bit_length()
        self.spare = spare(self.machine)
        self.limit = self.tried = 0
        self.cut = False

    # prices

    def price(self, slot: Slot, steps: int) -> int:
        """What raising one answer by so many grades costs.

        From the highest digits down: how many answers are changed; by how many grades; which, the earliest being cheapest; by how many grades each.
        Prices of changes to different answers add up.
        """
        count, place = len(self.slots), self.place[slot]
        return (((self._most + steps << count) - (1 << place)) << self.digit * count) + (steps << self.digit * place)

    @property
    def _most(self) -> int:
        """More grades than all changes together can come to."""
        return len(self.slots) << self.digit

    def above(self, changes: int) -> int:
        """A price that everything with more changes than that has, and nothing else."""
        return (changes + 1) * self._most << (self.digit + 1) * len(self.slots)

    def read(self, price: int) -> list[tuple[Slot, int]]:
        """The changes in a price, with the rank of each answer after it."""
        found: list[tuple[Slot, int]] = []
        for slot in self.slots:
            steps = price >> self.digit * self.place[slot] & (1 << self.digit) - 1
            if steps:
                found.append((slot, max(self.said(slot), -1) + steps))
        return found

    # answers

    def said(self, slot: Slot) -> int:
        """The answer in a slot, whether it is in scope or not: the rank of a grade, or what there is instead."""
        entry = self.assessment.answers.get(slot.ref)
        answer = entry.view(slot.role, slot.dimension).answer if entry is not None else None
        if isinstance(answer, Graded) and slot.item.scale is not None and answer.grade in slot.item.scale:
            return slot.item.scale.rank(answer.grade)
        if not isinstance(answer, NotApplicable):
            answer = self.assessment.inherited(slot.item, slot.role)
        return NA if isinstance(answer, NotApplicable) else BLANK

    def ways(self, slot: Slot, symbol: int) -> list[tuple[int, int]]:
        """The answers that a slot may have instead of its own, which comes first and costs nothing."""
        if symbol in (NA, BARE, OUT) or (symbol == BLANK and not self.blanks):
            return [(symbol, 0)]
        now = max(symbol, -1)
        return [(symbol, 0), *((rank, self.price(slot, rank - now)) for rank in range(now + 1, slot.grades))]

    @property
    def has_blanks(self) -> bool:
        """Whether anything is unanswered that could be answered."""
        out = self.assessment.scope.out
        return any(slot.ref not in out and self.said(slot) == BLANK for slot in self.slots)

    def proposed(self, found: list[tuple[Slot, int]]) -> Iterator[ProposedChange]:
        """Changes in words."""
        for slot, rank in found:
            assert slot.item.scale is not None
            grades, now = slot.item.scale.grades, self.said(slot)
            yield ProposedChange(
                slot=slot.name,
                ref=slot.ref,
                role=slot.role,
                dimension=slot.dimension,
                before=grades[now].label if now >= 0 else None,
                after=grades[rank].label,
                grade=grades[rank].id,
                steps=rank - max(now, -1),
            )

    # worlds

    def worlds(self) -> list[_World]:
        """One world where no answer decides what applies; else one or more for every way in which the conditions can come out."""
        free = {slot: [symbol for symbol, _ in self.ways(slot, self.said(slot))] for slot in self.deciding}
        free = {slot: symbols for slot, symbols in free.items() if len(symbols) > 1}
        if not free:
            return [_World(symbols_of(self.machine, self.assessment), {}, 0)]
        count = 1
        for symbols in free.values():
            count *= len(symbols)
        if count > WORLDS:
            raise Unsettled(f"{counted(len(free), 'answer')} may decide what applies, in more than {WORLDS:,} ways")
        slots = list(free)
        own = tuple(self.said(slot) for slot in slots)
        refs = frozenset(slot.ref for slot in self.slots)
        alike: dict[frozenset[str], list[tuple[int, ...]]] = {}
        for combination in product(*free.values()):
            changed = [(slot, rank) for slot, rank, before in zip(slots, combination, own, strict=True) if rank != before]
            out = with_grades(self.assessment, changed).scope.out
            if not any(slot.ref in out for slot, _ in changed):
                alike.setdefault(out & refs, []).append(combination)
        found: list[_World] = []
        seen = {slot for variable in self.machine.variables for slot in variable.slots}
        for combinations in alike.values():
            for box in boxes(combinations):
                allowed = dict(zip(slots, box, strict=True))
                one = [(slot, min(ranks)) for slot, ranks in allowed.items() if self.said(slot) not in ranks]
                prices = {slot: dict(self.ways(slot, self.said(slot))) for slot in slots if slot not in seen}
                start = sum(min(ways[rank] for rank in allowed[slot]) for slot, ways in prices.items())
                found.append(_World(symbols_of(self.machine, with_grades(self.assessment, one)), allowed, start))
        return found

    # the program

    def found(self) -> list[tuple[Slot, int]] | None:
        """The cheapest changes that reach the goal; `None` if none do. Few changes are tried before many."""
        worlds = self.worlds()
        changes, before = 1, 0
        while True:
            self.limit, self.cut, best = self.above(changes), False, None
            try:
                for world in worlds:
                    price = self.cheapest(world, before, best)
                    best = price if price is not None else best
            except Exhausted:
                raise Unsettled(f"that would take more than {self.budget:,} states") from None
            if best is not None:
                return self.read(best)
            if not self.cut:
                return None
            before, changes = self.limit, changes * 2

    def cheapest(self, world: _World, before: int, best: int | None) -> int | None:
        """The price of the cheapest state of the whole that reaches the goal; those below `before` are known not to."""
        packing, front = self.front(self.machine.root, world, world.start)
        known: dict[Any, bool] = {}

        def good(packed: Any) -> bool:
            if packed not in known:
                self.spend(1)
                known[packed] = self.reaches(self.machine.result(packing.unpack(packed)))
            return known[packed]

        limit = self.limit if best is None else best
        open_ = [
            (price, spread, mark, number_) for (spread, mark), prices in front.items() for number_, price in prices.items() if before <= price < limit
        ]
        open_.sort(key=lambda each: each[0])
        for price, spread, mark, number_ in open_:
            if good((mark, number_)) if spread is None else all(good((packing.join(mark, more), number_ + add)) for more, add in spread):
                return price
        return None

    def exports(self, node: Node, world: _World) -> list[tuple[Payload, int]]:
        """All that a finished group can add to the groups around it, each at its cheapest."""
        packing, front = self.front(node, world)
        known: dict[Any, State] = {}
        outer = node.parent.level if node.parent is not None else 0

        def add(packed: Any) -> State:
            found = known.get(packed)
            if found is None:
                self.spend(1)
                state = packing.unpack(packed)
                found = known[packed] = self.needed(self.machine.exports(node, self.machine.values(node, state), state), outer)
            return found

        cheapest: dict[Payload, int] = {}
        for (spread, mark), prices in front.items():
            for number_, price in prices.items():
                payload: Payload
                if spread is None:
                    payload = add((mark, number_))
                else:
                    payload = _payload({add((packing.join(mark, more), number_ + plus)) for more, plus in spread})
                if price < cheapest.get(payload, price + 1):
                    cheapest[payload] = price
        return list(cheapest.items())

    def front(self, node: Node, world: _World, start: int = 0) -> tuple[Packing, Front]:
        """Every state of a node that the open answers below it lead to, at its cheapest."""
        items = [self.options(variable, world) for variable in node.variables] + [self.exports(child, world) for child in node.children]
        families = [[state for payload, _ in item for state in (payload if isinstance(payload, frozenset) else (payload,))] for item in items]
        if not all(families):
            return Packing(self.machine.merges[node.level], []), {}
        packing = Packing(self.machine.merges[node.level], families)
        mark, number_ = packing.nothing(self.machine.units[node.level])
        front: Front = {(None, mark): {number_: start}}
        places = list(range(len(items)))
        if not packing.custom:
            places.sort(key=lambda place: len(items[place]))
        for place in places:
            single: list[tuple[Any, int, int]] = []
            open_: list[tuple[frozenset[Any], int]] = []
            for payload, price in items[place]:
                if isinstance(payload, frozenset):
                    open_.append((frozenset(packing.pack(place, state) for state in payload), price))
                else:
                    single.append((*packing.pack(place, payload), price))
            front = self.extended(packing, front, single, open_)
        return packing, front

    def extended(self, packing: Packing, front: Front, single: list[tuple[Any, int, int]], open_: list[tuple[frozenset[Any], int]]) -> Front:
        """A front with one more item."""
        out: Front = {}
        limit, join, cut = self.limit, packing.join, self.cut
        spreads: dict[tuple[frozenset[Any] | None, int], frozenset[Any]] = {}
        for (spread, mark), prices in front.items():
            self.spend(len(prices) * (len(single) + len(open_)))
            for more, add, cost in single:
                into = out.setdefault((spread, join(mark, more)), {})
                for number_, price in prices.items():
                    price += cost
                    if price >= limit:
                        cut = True
                        continue
                    number_ += add
                    old = into.get(number_)
                    if old is None or price < old:
                        into[number_] = price
            for place, (states, cost) in enumerate(open_):
                wider = spreads.get((spread, place))
                if wider is None:
                    wider = states if spread is None else frozenset((join(a, b), m + n) for a, m in spread for b, n in states)
                    self.spend(len(states) * (len(spread) if spread else 1))
                    spreads[spread, place] = wider
                into = out.setdefault((wider, mark), {})
                for number_, price in prices.items():
                    price += cost
                    if price >= limit:
                        cut = True
                    elif price < into.get(number_, price + 1):
                        into[number_] = price
        self.cut = cut
        return out

    def options(self, variable: Variable, world: _World) -> list[tuple[Payload, int]]:
        """What the answers open to a variable add, each at its cheapest."""
        symbol = world.symbols[variable]
        own, flags = ((symbol,), ()) if variable.plain else (symbol[: len(variable.slots)], symbol[len(variable.slots) :])
        ways: list[list[tuple[int, int]]] = []
        for slot, now in zip(variable.slots, own, strict=True):
            allowed = world.allowed.get(slot)
            if allowed is None or now == OUT:
                ways.append(self.ways(slot, now))
            else:
                ways.append([(rank, price) for rank, price in self.ways(slot, self.said(slot)) if rank in allowed])
        cheapest: dict[Payload, int] = {}
        for chosen in product(*ways):
            fills: list[Any] = [[one] for one, _ in chosen]
            if self.machine.ranges:
                fills = [
                    [filled(rank) for rank in range(slot.grades)] if one == [BLANK] else one for slot, one in zip(variable.slots, fills, strict=True)
                ]
            states = {self.adds(variable, bases, flags) for bases in product(*fills)}
            payload, price = _payload(states), sum(price for _, price in chosen)
            if price < cheapest.get(payload, price + 1):
                cheapest[payload] = price
        return list(cheapest.items())

    def adds(self, variable: Variable, bases: tuple[Symbol, ...], flags: tuple[bool, ...]) -> State:
        """What one answer adds, as far as the result depends on it."""
        return self.needed(variable.adds(bases[0] if variable.plain else (*bases, *flags)), variable.node.level)

    def needed(self, state: State, level: int) -> State:
        """A state without what the result does not depend on."""
        spare = self.spare[level]
        if not spare:
            return state
        unit = self.machine.units[level]
        return tuple([unit[place] if place in spare else part for place, part in enumerate(state)])

    def spend(self, states: int) -> None:
        """Count states against the budget."""
        self.tried += states
        if self.tried > self.budget:
            raise Exhausted(self.budget)


def _payload(states: set[State]) -> Payload:
    return frozenset(states) if len(states) > 1 else next(iter(states))
