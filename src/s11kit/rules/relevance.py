"""What bears on a result: the folds that it depends on, and the answers that decide which statements apply.

A search for improvements can leave everything else alone; only what is found here makes it larger. See `s11kit.rules.improving`.
"""

from __future__ import annotations

from collections.abc import Iterator

from s11kit.model import Framework
from s11kit.model.applicability import AnswerTest, AnyTest, Both, Either, Not
from s11kit.model.assessment import SELF, picks
from s11kit.rules.binding import Machine, Register, Slot

__all__ = ["boxes", "deciding", "spare"]


def spare(machine: Machine) -> list[frozenset[int]]:
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


def deciding(framework: Framework, refs: set[str]) -> tuple[Slot, ...]:
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


def boxes(combinations: list[tuple[int, ...]]) -> Iterator[tuple[frozenset[int], ...]]:
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
        yield from boxes([each for each in combinations if each[place] == one])
