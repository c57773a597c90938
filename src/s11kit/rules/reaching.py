"""Which states a node can come to when answers are free within limits: the basis of ranges, of the fewest changes, and of proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from s11kit.rules.binding import Machine, Node, Symbol, Variable
from s11kit.rules.states import Packing, Reach, State, merged, reached

__all__ = ["BUDGET", "Choices", "exports_of", "state_of", "states_of"]

Choices = Callable[[Variable], Iterable[Symbol]]
"""The answers that are open for a variable."""
BUDGET = 500_000
"""How many states are kept at most, unless the caller says otherwise."""


def states_of(machine: Machine, node: Node, choices: Choices, budget: int = BUDGET) -> list[State]:
    """All states of a node that the open answers below it lead to. `Exhausted` beyond the budget."""
    families: list[list[State]] = [list(dict.fromkeys(variable.adds(symbol) for symbol in choices(variable))) for variable in node.variables]
    families += [exports_of(machine, child, choices, budget) for child in node.children]
    packing = Packing(machine.merges[node.level], families)
    packed = [([packing.pack(place, state) for state in family], 1) for place, family in enumerate(families)]
    found = reached(Reach.start(packing, machine.units[node.level]), packed, budget)
    return [packing.unpack(one) for one in found]


def state_of(machine: Machine, node: Node, symbols: Mapping[Variable, Symbol]) -> State:
    """The state of a node for one answer to every variable."""
    state, merges = machine.units[node.level], machine.merges[node.level]
    for variable in node.variables:
        state = merged(merges, state, variable.adds(symbols[variable]))
    for child in node.children:
        inner = state_of(machine, child, symbols)
        state = merged(merges, state, machine.exports(child, machine.values(child, inner), inner))
    return state


def exports_of(machine: Machine, node: Node, choices: Choices, budget: int = BUDGET) -> list[State]:
    """All that a finished node can add to the nodes around it."""
    found = (machine.exports(node, machine.values(node, state), state) for state in states_of(machine, node, choices, budget))
    return list(dict.fromkeys(found))
