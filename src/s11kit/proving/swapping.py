"""What happens when two answers change places: whether statements of equal weight are really interchangeable."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any, TypeAlias

from s11kit.proving.space import Space
from s11kit.proving.witness import background, goodness
from s11kit.rules.binding import Node, Symbol, Variable
from s11kit.rules.reaching import state_of
from s11kit.rules.states import Exhausted, Packing, Reach, State, merged, reached

__all__ = ["meeting", "swapped"]

Labelled: TypeAlias = dict[Any, set[tuple[State, State]]]
"""For every pair of answers the states before and after they change places."""
_PAIRS = 300_000
"""How many pairs of states are looked at for one pair of answers."""
_DEEPEST = 3
"""How many further answers may differ in the example that is shown."""


def swapped(space: Space, one: Variable, other: Variable) -> tuple[bool, dict[Variable, Symbol] | None, int]:
    """Whether exchanging two answers ever changes the result, an example, and how many pairs of states were looked at.

    There is no example if none stands near to a uniform assessment.
    """
    symbols = [symbol for symbol in space.symbols(one) if symbol in set(space.symbols(other))]
    found_near = _example(space, one, other, symbols, 0)
    if found_near is not None:
        return True, found_near, 0
    meet = meeting(one.node, other.node)
    looked = 0
    if one.node is other.node:
        merges = space.machine.merges[meet.level]
        pairs = {(merged(merges, one.adds(a), other.adds(b)), merged(merges, one.adds(b), other.adds(a))) for a, b in combinations(symbols, 2)}
        found: Labelled = {None: pairs | {(after, before) for before, after in pairs}}
        found = _around(space, meet, found, [one, other])
    else:
        first = _upto(space, one, symbols, meet)
        second = _upto(space, other, symbols, meet)
        merges = space.machine.merges[meet.level]
        both = {(merged(merges, a0, b0), merged(merges, a1, b1)) for (a, b), moved in first.items() for a0, a1 in moved for b0, b1 in second[b, a]}
        both = {(before, after) for before, after in both if before != after}
        found = _around(space, meet, {None: both}, [_below(one.node, meet) or one, _below(other.node, meet) or other])
    node = meet
    while node.parent is not None:
        exported = {label: {(before, after) for before, after in pairs if before != after} for label, pairs in _exported(space, node, found).items()}
        found = _around(space, node.parent, exported, [node])
        node = node.parent
    for before, after in found[None]:
        looked += 1
        if space.rule.key(space.machine.result(before)) != space.rule.key(space.machine.result(after)):
            return True, _example(space, one, other, symbols, _DEEPEST), looked
    return False, None, looked


def meeting(one: Node, other: Node) -> Node:
    """The innermost node that holds both."""
    above = []
    node: Node | None = one
    while node is not None:
        above.append(node)
        node = node.parent
    node = other
    while node not in above:
        node = node.parent if node is not None else None
    assert node is not None
    return node


def _below(node: Node, outer: Node) -> Node | None:
    """The child of `outer` that holds `node`; `None` if they are the same."""
    while node is not outer and node.parent is not outer:
        assert node.parent is not None
        node = node.parent
    return None if node is outer else node


def _upto(space: Space, variable: Variable, symbols: list[Symbol], meet: Node) -> Labelled:
    """What the groups around an answer come to, before and after it changes from one answer to another, up to a node."""
    found: Labelled = {(a, b): {(variable.adds(a), variable.adds(b))} for a, b in product(symbols, symbols) if a != b}
    node: Node | None = variable.node
    without: Any = variable
    while node is not None and node is not meet:
        found = _exported(space, node, _around(space, node, found, [without]))
        without, node = node, node.parent
    return found


def _exported(space: Space, node: Node, found: Labelled) -> Labelled:
    def export(state: State) -> State:
        return space.machine.exports(node, space.machine.values(node, state), state)

    return {label: {(export(before), export(after)) for before, after in pairs} for label, pairs in found.items()}


def _around(space: Space, node: Node, found: Labelled, without: list[Any]) -> Labelled:
    """These states with everything that the other items of the node can add."""
    families = []
    for family in space.families(node, None):  # of this group: a table may be that of another group like it
        left = [member for member in family.members if not any(member is gone for gone in without)]
        if left:
            families.append((family.states, len(left)))
    packing = Packing(space.machine.merges[node.level], [states for states, times in families for _ in range(times)])
    packed, place = [], 0
    for states, times in families:
        packed.append(([packing.pack(place, state) for state in states], times))
        place += times
    others = [packing.unpack(one) for one in reached(Reach.start(packing, space.machine.units[node.level]), packed, space.budget)]
    merges = space.machine.merges[node.level]
    _within(space, len(others) * sum(map(len, found.values())))
    return {
        label: {(merged(merges, rest, before), merged(merges, rest, after)) for rest in others for before, after in pairs}
        for label, pairs in found.items()
    }


def _within(space: Space, merges: int) -> None:
    """`Exhausted` if so many pairs of states are more than should be looked at."""
    if merges > min(space.budget, _PAIRS):
        raise Exhausted(min(space.budget, _PAIRS))


def _example(space: Space, one: Variable, other: Variable, symbols: list[Symbol], deepest: int) -> dict[Variable, Symbol] | None:
    """Answers that show it, with as few others as possible that differ from a uniform background."""
    machine = space.machine
    variables = [variable for variable in machine.variables if variable not in space.out]
    rest = [variable for variable in variables if variable is not one and variable is not other]
    fixed = {variable: space.symbols(variable)[0] for variable in space.out}

    def differs(answers: dict[Variable, Symbol]) -> bool:
        exchanged = {**answers, one: answers[other], other: answers[one]}
        results = [machine.result(state_of(machine, machine.root, each)) for each in (answers, exchanged)]
        return space.rule.key(results[0]) != space.rule.key(results[1])

    places = range(max(slot.grades for variable in variables for slot in variable.slots))
    for differing in range(1, deepest + 3):
        for place in places:
            uniform = {variable: background(variable, place) for variable in rest}
            own = [(background(variable, place)) for variable in (one, other)]
            pairs = sorted(combinations(symbols, 2), key=lambda pair: goodness(one, pair[0]) + goodness(other, pair[1]))
            for a, b in (each for pair in pairs for each in (pair, pair[::-1])):
                others = differing - (a != own[0]) - (b != own[1])
                if not 0 <= others <= deepest:
                    continue
                for changed in combinations(rest, others):
                    for chosen in product(*(_other_than(space, variable, uniform[variable]) for variable in changed)):
                        answers = {**fixed, **uniform, **dict(zip(changed, chosen, strict=True)), one: a, other: b}
                        answers = {variable: answers[variable] for variable in machine.variables}
                        if differs(answers):
                            return answers
            if differing > 3 and len(rest) > 12:
                return None
    return None


def _other_than(space: Space, variable: Variable, uniform: Symbol) -> list[Symbol]:
    """The answers to a variable that differ from the background."""
    return [symbol for symbol in space.symbols(variable) if symbol != uniform]
