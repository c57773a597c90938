"""Which answers to blanks lead to the ends of a range: a derivation says what it takes them for, and can so be checked like any other.

Scoring finds the ends by going through states, and forgets by which answers it came there. Mostly all worst or all best answers, or a climb from
these, lead there; where a better answer can lower a result, all states are gone through again, each with one way to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from s11kit.rules.binding import Node, Symbol, Variable
from s11kit.rules.evaluation import _confirmed, _open
from s11kit.rules.operator import Value
from s11kit.rules.reaching import state_of
from s11kit.rules.result import Result
from s11kit.rules.states import State, merged

__all__ = ["Completion", "Search", "completion", "confirmations", "reached"]

Completion: TypeAlias = list[dict[Variable, Symbol]]
"""An answer to every variable, for each assessment."""
Chain: TypeAlias = Any
"""Choices for blanks: nothing, one `(assessment, variable, symbol)`, or a list of two chains."""


def completion(result: Result, answers: Completion, wanted: Value, last: int) -> Completion:
    """A way to fill the blanks in that leads to a result: all worst or all best, else one found step by step, else by going through all."""
    found = [{variable: _open(one, variable)[last] for variable in one} for one in answers]
    value = reached(result, found)
    if value == wanted:
        return found
    key = result.bound.key
    for place, one in enumerate(answers):
        for variable in one:
            for choice in _open(one, variable):
                if choice == found[place][variable]:
                    continue
                tried = [*found[:place], {**found[place], variable: choice}, *found[place + 1 :]]
                other = reached(result, tried)
                if key(other) > key(value) if last else key(other) < key(value):
                    found, value = tried, other
                if other == wanted:
                    return tried
    found = [dict(one) for one in answers]
    for place, variable, symbol in Search(result, answers).way(wanted):
        found[place][variable] = symbol
    return found


def reached(result: Result, symbols: Completion) -> Value:
    """What the rule comes to for one answer to everything."""
    machine, root = result.bound.machine, result.bound.machine.root
    state = machine.units[root.level]
    for one in symbols:
        state = merged(machine.merges[root.level], state, state_of(machine, root, one))
    return machine.values(root, state, confirmations(result))[-1]


def confirmations(result: Result) -> dict[int, Value]:
    """What somebody has put in place of the results of steps, by their place in the rule."""
    return _confirmed(result.bound, result.assessment) if result.bound.rule.over == "statements" else {}


class Search:
    """All states that some way to fill blanks in leads to, each with one such way."""

    def __init__(self, result: Result, answers: Completion) -> None:
        self.machine, self.answers, self.confirmed = result.bound.machine, answers, confirmations(result)

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
        """The states of a node for one assessment."""
        machine = self.machine
        found: dict[State, Chain] = {machine.units[node.level]: None}
        for variable in node.variables:
            choices = _open(self.answers[place], variable)
            found = self.joined(
                node.level, found, {variable.adds(one): (place, variable, one) if len(choices) > 1 else None for one in reversed(choices)}
            )
        for child in node.children:
            ways = self.states(place, child).items()
            exported = {machine.exports(child, machine.values(child, state), state): way for state, way in ways}
            found = self.joined(node.level, found, exported)
        return found

    def joined(self, level: int, one: dict[State, Chain], other: dict[State, Chain]) -> dict[State, Chain]:
        """The states of two parts together."""
        merges = self.machine.merges[level]
        out: dict[State, Chain] = {}
        for state, way in one.items():
            for more, choice in other.items():
                out.setdefault(merged(merges, state, more), way if choice is None else choice if way is None else [way, choice])
        return out
