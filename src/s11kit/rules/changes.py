"""The fewest changes that reach a result: what an organisation would have to improve, and no more than that.

A search through assessments would be hopeless, and stepping upwards would be wrong, because a rule need not be monotone. So the states of a rule are
searched instead: answers go into it one after another, and of all ways to come to one state only the cheapest is kept. A price is one whole number,
which adds up, compares in the declared order, and in its last digits holds the changes themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias, final

import attrs

from s11kit._numbers import number_text
from s11kit.errors import Problem, S11Error, counted, listed, nearest
from s11kit.model import Assessment, Framework, Graded, NotApplicable, Scale
from s11kit.model.applicability import AnswerTest, AnyTest, Both, Either, Not
from s11kit.model.assessment import SELF, picks
from s11kit.rules.binding import BARE, BLANK, NA, OUT, BoundRule, Machine, Node, Register, Slot, Symbol, Variable, filled
from s11kit.rules.evaluation import evaluate, symbols_of
from s11kit.rules.judging import number
from s11kit.rules.operator import Absent, Value
from s11kit.rules.result import Given, Result, given, label_of, plain
from s11kit.rules.states import Exhausted, Packing, State

__all__ = ["Changes", "ProposedChange", "fewest_changes"]

BUDGET = 10_000_000
"""How many states are tried at most, unless the caller says otherwise: a few seconds."""
WORLDS = 4_096
"""How many ways to answer what conditions of the framework look at are tried at most."""
_WORDS = ("no grade", "one grade", "two grades", "three grades", "four grades", "five grades", "six grades", "seven grades")

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


@final
@attrs.frozen(kw_only=True, slots=False, eq=False)
class Changes:
    """The fewest changes that reach a goal, or why there are none.

    `possible` is `None` where that could not be settled. `present` is the derived result now, `result` the one after the changes. What somebody has
    put in place of the derived result (`overridden`) plays no part.
    """

    present: Result = attrs.field(repr=False)
    goal: Given
    goal_text: str
    possible: bool | None
    changes: tuple[ProposedChange, ...] = ()
    result: Result | None = attrs.field(default=None, repr=False)
    why: str | None = None
    """Why it is not possible, or not settled."""
    blanks: bool = False
    """Whether answers to what is unanswered count."""
    overridden: bool = False

    @property
    def reached_already(self) -> bool:
        """Whether the present result is at least as good as the goal."""
        return bool(self.possible) and not self.changes

    @cached_property
    def others(self) -> int | None:
        """Where one change does: how many other answers would do as well, each alone. `None` otherwise: that is not counted."""
        if len(self.changes) != 1:
            return None
        bound, assessment = self.present.bound, self.present.assessment
        reaches = _reaching(bound, _goal(bound, self.goal, self.present))
        search = _Search(bound, assessment, reaches, self.blanks, BUDGET)
        found = 0
        for slot in search.slots:
            ranks = [rank for rank, _ in search.ways(slot, search.said(slot)) if rank >= 0 and rank != search.said(slot)]
            if slot.name != self.changes[0].slot and slot.ref not in assessment.scope.out:
                found += any(reaches(evaluate(bound, _with(assessment, [(slot, rank)])).least) for rank in ranks)
        return found

    @property
    def text(self) -> str:
        """One or two sentences."""
        goal = self.goal_text
        if self.reached_already:
            same = self.present.text == goal
            text = f"{goal[:1].upper()}{goal[1:]} is reached already" + ("." if same else f": the result is {self.present.text}.")
        elif self.possible:
            open_ = self.result is not None and self.present.bound.machine.ranges and self.result.blanks
            text = f"To {'be sure of' if open_ else 'reach'} {goal}: {self._said()}."
        else:
            text = f"{self.why}."
        if self.overridden:
            text += f" This is about the derived result, {self.present.text}; an override stands in its place."
        return text

    def _said(self) -> str:
        """What to do, the same steps together."""
        raised: dict[int, list[str]] = {}
        answered: dict[str, list[str]] = {}
        for each in self.changes:
            if each.before is None:
                answered.setdefault(each.after, []).append(each.slot)
            else:
                raised.setdefault(each.steps, []).append(each.slot)
        parts = [f"{listed(names)} by {_grades(steps)}{' each' if len(names) > 1 else ''}" for steps, names in raised.items()]
        more = [f"{listed(names)} with {label}" for label, names in answered.items()]
        together = "; ".join if any(" and " in part for part in (*parts, *more)) else listed
        said = ([f"raise {together(parts)}"] if parts else []) + ([f"answer {together(more)}"] if more else [])
        return "; ".join(said)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: exact numbers as text."""
        out: dict[str, Any] = {
            "rule": self.present.rule,
            "goal": plain(self.goal),
            "goal_text": self.goal_text,
            "blanks": self.blanks,
            "reached_already": self.reached_already,
            "possible": self.possible,
            "changes": [each.to_dict() for each in self.changes],
            "text": self.text,
        }
        for name, result in (("present", self.present), ("result", self.result)):
            if result is not None:
                out[name] = {"kind": result.kind, "value": plain(result.value), "text": result.text}
        if self.why is not None:
            out["why"] = self.why
        if self.overridden:
            out["overridden"] = True
        return out


def fewest_changes(
    assessment: Assessment, rule: BoundRule, goal: str | int | Decimal | Fraction | None = None, *, blanks: bool = False, budget: int = BUDGET
) -> Changes:
    """The fewest changes that give a result at least as good as `goal`: a grade id, a number, or `True`; without one, the next better result.

    The number of answers changed is least, then the number of grades they are raised by (a blank stands one below the worst grade), then the earliest
    in framework order are taken, and of these the earlier ones are raised less. Graded answers are improved and, with `blanks`, unanswered ones
    answered; "not applicable" is neither proposed nor changed. It is exact for every rule, monotone or not, and where an answer decides whether other
    statements apply. Where a rule gives ranges, what stays unanswered stands for every grade, and the goal is reached in every case.

    `S11Error` if the goal is no result of the rule, or the rule scores across organisations. Beyond `budget` states, `possible` is `None`.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> rule = example.framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])).rules["met"]
    >>> found = fewest_changes(example, rule, "3/4")
    >>> len(found.changes), found.result.value
    (1, Fraction(28, 37))
    """
    if rule.rule.over == "assessments":
        message = f"rule '{rule.id}' scores across organisations, so no one assessment reaches its result"
        raise S11Error([Problem(code="K004", message=message, hint="ask for a rule over statements")])
    kept = tuple(each for each in assessment.overrides if each.rule != rule.id)
    overridden = len(kept) < len(assessment.overrides) and any(step.step.op.name == "override" for step in rule.machine.steps)
    derived = attrs.evolve(assessment, overrides=kept, origin=None) if overridden else assessment
    present = evaluate(rule, derived)
    target = _goal(rule, goal, present)
    reaches = _reaching(rule, target)
    known: dict[str, Any] = {"goal": given(rule.kind, target), "goal_text": _goal_text(rule, target), "blanks": blanks, "overridden": overridden}
    if reaches(present.least):
        return Changes(present=present, possible=True, result=present, **known)
    to_reach = known["goal_text"]
    search = _Search(rule, derived, reaches, blanks, budget)
    try:
        found = search.found()
        if found is None:
            why = f"No improvement of graded answers{', and no answer to what is unanswered,' if blanks else ''} reaches {to_reach}"
            if not blanks and search.has_blanks:
                why += f"; {_of_blanks(_Search(rule, derived, reaches, True, budget))}"
            return Changes(present=present, possible=False, why=why, **known)
        result = evaluate(rule, _with(derived, found))
        if not reaches(result.least):
            raise _Unsettled("the result depends on more than the answers the rule says it looks at")
    except _Unsettled as reason:
        return Changes(present=present, possible=None, why=f"Whether {to_reach} can be reached is not settled: {reason}", **known)
    return Changes(present=present, possible=True, changes=tuple(search.proposed(found)), result=result, **known)


class _Unsettled(Exception):
    """The search came to no end."""


def _of_blanks(search: _Search) -> str:
    """What answering blanks would do where improving is not enough."""
    try:
        found = search.found()
    except _Unsettled:
        return "whether answering what is unanswered would is not settled"
    if found is None:
        return "answering what is unanswered as well would not either"
    answered = sum(search.said(slot) == BLANK for slot, _ in found)
    return f"answering {counted(answered, 'unanswered statement')}{' as well' if answered < len(found) else ''} would"


# goals


def _goal(rule: BoundRule, goal: Any, present: Result) -> Value:
    """The goal as the rule computes it; `S11Error` if the rule has no such result."""
    kind = rule.kind
    if isinstance(kind, Scale):
        if goal is None:
            now = -1 if isinstance(present.least, Absent) else present.least
            return min(now + 1, len(kind.grades) - 1)
        if isinstance(goal, str) and goal in kind:
            return kind.rank(goal)
        hint = nearest(str(goal), [grade.id for grade in kind.grades], listing="grades")
        raise _no_result(rule, "R004", f"'{goal}' is no grade of '{kind.id}', on which '{rule.id}' is graded", hint, str(goal))
    if kind == "truth":
        if goal is None or goal is True or goal == "true":
            return True
        raise _no_result(rule, "R004", f"'{str(goal).lower()}' is no goal for '{rule.id}', which is true or false", "the goal is true", str(goal))
    if goal is None:
        raise _no_result(rule, "K002", f"'{rule.id}' gives a number: which one is to be reached?", 'give a goal, such as "5/2"', None)
    found = number(goal)
    if found is None:
        hint = 'give an exact number, such as 2, "2.5" or "5/2"'
        raise _no_result(rule, "R004", f"'{str(goal)[:60]}' is no goal for '{rule.id}', which gives a number", hint, str(goal))
    return found


def _no_result(rule: BoundRule, code: str, message: str, hint: str | None, about: str | None) -> S11Error:
    return S11Error([Problem(code=code, message=message, hint=hint, about=about)])


def _goal_text(rule: BoundRule, target: Value) -> str:
    if rule.kind == "number":
        return f"{'at most' if rule.rule.better == 'lower' else 'at least'} {number_text(target)}"
    return label_of(rule, rule.machine.steps[-1], target)


def _reaching(rule: BoundRule, target: Value) -> Callable[[Value], bool]:
    least = rule.key(target)
    return lambda value: not isinstance(value, Absent) and rule.key(value) >= least


def _grades(steps: int) -> str:
    return _WORDS[steps] if steps < len(_WORDS) else f"{steps} grades"


def _with(assessment: Assessment, changes: Iterable[tuple[Slot, int]]) -> Assessment:
    """A copy with these grades."""
    for slot, rank in changes:
        assert slot.item.scale is not None
        assessment = assessment.with_grade(slot.ref, slot.item.scale.grades[rank].id, role=slot.role, dimension=slot.dimension)
    return assessment


# the search


@final
@attrs.frozen(eq=False)
class _World:
    """One way in which the conditions of a framework come out, the answers that bring it about, and what those cost that the rule does not see."""

    symbols: dict[Variable, Symbol]
    allowed: dict[Slot, frozenset[int]]
    start: int


class _Search:
    """The search for the cheapest way to a state whose result reaches the goal."""

    def __init__(self, rule: BoundRule, assessment: Assessment, reaches: Callable[[Value], bool], blanks: bool, budget: int) -> None:
        self.machine, self.assessment, self.reaches, self.blanks, self.budget = rule.machine, assessment, reaches, blanks, budget
        seen = {slot for variable in self.machine.variables for slot in variable.slots}
        self.deciding = _deciding(rule.framework, {slot.ref for slot in seen})
        slots = seen | set(self.deciding)
        roles, sides = [SELF, *(each.id for each in rule.framework.roles)], [None, *(each.id for each in rule.framework.dimensions)]
        self.slots = sorted(slots, key=lambda slot: (slot.item.order, roles.index(slot.role), sides.index(slot.dimension)))
        self.place = {slot: len(self.slots) - 1 - place for place, slot in enumerate(self.slots)}
        self.digit = max((slot.grades for slot in self.slots), default=1).bit_length()
        self.spare = _spare(self.machine)
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
            raise _Unsettled(f"{counted(len(free), 'answer')} may decide what applies, in more than {WORLDS:,} ways")
        slots = list(free)
        own = tuple(self.said(slot) for slot in slots)
        refs = frozenset(slot.ref for slot in self.slots)
        alike: dict[frozenset[str], list[tuple[int, ...]]] = {}
        for combination in product(*free.values()):
            changed = [(slot, rank) for slot, rank, before in zip(slots, combination, own, strict=True) if rank != before]
            out = _with(self.assessment, changed).scope.out
            if not any(slot.ref in out for slot, _ in changed):
                alike.setdefault(out & refs, []).append(combination)
        found: list[_World] = []
        seen = {slot for variable in self.machine.variables for slot in variable.slots}
        for combinations in alike.values():
            for box in _boxes(combinations):
                allowed = dict(zip(slots, box, strict=True))
                one = [(slot, min(ranks)) for slot, ranks in allowed.items() if self.said(slot) not in ranks]
                prices = {slot: dict(self.ways(slot, self.said(slot))) for slot in slots if slot not in seen}
                start = sum(min(ways[rank] for rank in allowed[slot]) for slot, ways in prices.items())
                found.append(_World(symbols_of(self.machine, _with(self.assessment, one)), allowed, start))
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
                raise _Unsettled(f"that would take more than {self.budget:,} states") from None
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


def _spare(machine: Machine) -> list[frozenset[int]]:
    """For a node of every level, the places in its state that the result of the rule does not depend on: folds that are only reported."""
    registers: set[int] = set()
    steps: set[int] = set()
    todo = [len(machine.steps) - 1]

    def note(register: Register | None) -> None:
        if register is not None:
            registers.add(id(register))
            todo.extend(register.items)

    while todo:
        place = todo.pop()
        if place in steps:
            continue
        steps.add(place)
        step = machine.steps[place]
        note(step.register)
        todo += [*step.inputs, *step.groups, *(found for word, found in step.terms if word == "step")]
        for test in step.tests:
            for each in test.walk():
                note(each.register)
                todo += [each.step] if each.step is not None else []
    found: list[frozenset[int]] = []
    for level in range(len(machine.levels)):
        kept = [id(register) in registers for outer in machine.registers[level:] for register in outer for _ in register.unit]
        found.append(frozenset(place for place, keep in enumerate(kept) if not keep))
    return found


def _deciding(framework: Framework, refs: set[str]) -> tuple[Slot, ...]:
    """The answers that decide which of these items apply: those that their conditions look at, and so on backwards."""
    found: dict[str, Slot] = {}
    for item in reversed(framework.conditional):
        if item.ref not in refs and item.ref not in found:
            continue
        for test in (test for condition in item.conditions for test in _answer_tests(condition)):
            for other in framework.answerable:
                if other.ref not in found and other.order < item.order and other.takes_grade and picks(test.selection, other):
                    found[other.ref] = Slot(other.ref, SELF, None, other)
    return tuple(found.values())


def _answer_tests(test: AnyTest) -> Iterator[AnswerTest]:
    if isinstance(test, AnswerTest):
        yield test
    elif isinstance(test, Both | Either):
        for each in test.tests:
            yield from _answer_tests(each)
    elif isinstance(test, Not):
        yield from _answer_tests(test.test)


def _boxes(combinations: list[tuple[int, ...]]) -> Iterator[tuple[frozenset[int], ...]]:
    """Combinations as few sets of independent choices that together hold exactly them."""
    sides = tuple(frozenset(column) for column in zip(*combinations, strict=True))
    size = 1
    for side in sides:
        size *= len(side)
    if size == len(combinations):
        yield sides
        return
    place = next(place for place, side in enumerate(sides) if len(side) > 1)
    for one in sorted(sides[place]):
        yield from _boxes([each for each in combinations if each[place] == one])
