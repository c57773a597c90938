"""Proof by looking: whether every step of a rule can only rise as answers improve. Instant and sound; where it cannot tell, it names the step.

Every step and test gets a direction: constant, up, down, or unknown; and the limits between which its results lie. A direction of a step follows from
those of what it reads, as in disciplined convex programming (Grant, Boyd and Ye 2006). What is not proved here may still be true.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias, final

import attrs

from s11kit.model import Scale
from s11kit.rules.binding import BoundRule, BoundStep, BoundTest, Node, Register, Slot
from s11kit.rules.judging import Bands
from s11kit.rules.operator import Absent, Variance
from s11kit.rules.operators import BUILT_IN

__all__ = ["Structure", "band_limits", "structure"]

Limits: TypeAlias = tuple[Any, Any] | None
"""The least and the greatest result a step can have; `None` if that is not known."""
_BOTTOM = object()
_CALLED = {
    "mean": "average", "owa": "average by rank", "trimmed": "average without the ends", "mid-median": "middle", "min": "worst", "max": "best",
    "order": "one in a fixed place of the order", "mode": "most frequent one", "count": "number", "share": "share", "sum": "sum",
    "all": "test whether all hold", "any": "test whether any holds", "none": "test whether none holds", "some": "test whether enough hold",
}  # fmt: skip


@final
@attrs.frozen
class Structure:
    """What looking at a rule tells: its direction, the limits of its results, and a sentence per step."""

    direction: Variance
    limits: Limits
    sentences: tuple[str, ...]
    blame: str | None
    """The innermost step whose direction is unknown, with the reason."""
    ordinal: bool
    """Whether no step computes with numbers that stand for grades."""
    steps: tuple[Limits, ...]
    """The limits of the results of every step."""


def structure(rule: BoundRule) -> Structure:
    """The directions of all steps, and of the result."""
    typing = _Typing(rule)
    for step in rule.machine.steps:
        typing.step(step)
    last = rule.machine.steps[-1]
    direction = typing.directions[last.index]
    if typing.shaky is not None:
        why = f"step '{typing.shaky}': whether there is a result may depend on grades"
        return Structure("unknown", None, tuple(typing.sentences), typing.blame or why, not typing.computed, tuple([None] * len(typing.limits)))
    if rule.rule.better == "lower" and last.kind == "number":
        direction = _flipped(direction) if typing.steady[last.index] else "unknown"
    return Structure(direction, typing.limits[last.index], tuple(typing.sentences), typing.blame, not typing.computed, tuple(typing.limits))


def band_limits(rule: BoundRule) -> list[tuple[BoundStep, Fraction, Fraction]]:
    """The steps with bands, and between what the numbers lie that they get; only where that can be told by looking."""
    typing = _Typing(rule)
    found: list[tuple[BoundStep, Fraction, Fraction]] = []
    for step in rule.machine.steps:
        typing.step(step)
        limits = typing.limits[step.inputs[0]] if isinstance(step.step.op, Bands) and step.inputs else None
        if limits is not None:
            found.append((step, Fraction(limits[0]), Fraction(limits[1])))
    return found


class _Typing:
    def __init__(self, rule: BoundRule) -> None:
        self.rule, self.steps = rule, rule.machine.steps
        self.directions: list[Variance] = []
        self.limits: list[Limits] = []
        self.steady: list[bool] = []
        """Whether there being a result does not depend on grades."""
        self.certain: list[bool] = []
        """Whether there is always a result."""
        self.sentences: list[str] = []
        self.nodes: dict[Slot, Node] = {}
        self.blame: str | None = None
        self.shaky: str | None = None
        """The first step whose having a result may depend on grades. Then nothing is proved by looking: the exact search decides."""
        self.computed = False
        self.now = 0

    def step(self, step: BoundStep) -> None:
        """One step, after those it reads."""
        self.now = step.index
        tests = [each for outer in step.tests for each in outer.walk()]
        asked = [test.step for test in tests if test.step is not None]
        asked += [place for test in tests if test.register is not None for place in test.register.items]
        named = [value for word, value in step.terms if word == "step"]
        self.steady.append(all(self.steady[place] for place in (*step.inputs, *step.groups, *asked, *named)))
        direction, limits, why = self.fold(step) if step.register is not None else self.judgement(step)
        if self.shaky is None and self.may_vanish(step):
            self.shaky = step.id
        self.certain.append(self.surely(step, limits))
        self.directions.append(direction)
        self.limits.append(limits)
        self.sentences.append(f"{step.id} {why}" if direction != "unknown" else f"{step.id}: not settled by looking, {why}")
        if direction == "unknown" and self.blame is None:
            self.blame = f"step '{step.id}': {why}"

    def may_vanish(self, step: BoundStep) -> bool:
        """Whether the grades alone may decide if a step has a result."""
        if any(isinstance(value, Absent) or (word == "step" and not self.certain[value]) for word, value in step.terms):
            return True
        if not isinstance(step.step.op, Bands):
            return False
        limits = self.limits[step.inputs[0]] if step.inputs else None
        return limits is None or limits[0] < step.step.op.edges[0]

    # folds

    def fold(self, step: BoundStep) -> tuple[Variance, Limits, str]:
        """A fold rises with its items, if its operator does."""
        register = step.register
        assert register is not None
        direction, limits, why = self.items(register, step)
        if not self.steady[step.index] and register.finish.na.policy != "refuse":  # type: ignore[attr-defined]
            shown = [place for place in (*step.groups, *step.inputs) if not self.steady[place]]
            if any(self.absent_kinds(place) - {"not scored", "refused"} for place in shown):
                return "unknown", None, "whether an item is there depends on grades"
        if not self.steady[step.index] and getattr(register.op, "variance", "unknown") == "down":
            return "unknown", limits, "whether there is a result depends on grades"
        empty = register.finish.empty  # type: ignore[attr-defined]
        if limits is not None and empty is not None and not isinstance(empty, Absent):
            limits = min(limits[0], empty), max(limits[1], empty)
        return direction, limits, why

    def surely(self, step: BoundStep, limits: Limits) -> bool:
        """Whether a step always has a result, whatever is not applicable or blank."""
        if step.level != len(self.rule.machine.levels) - 1 or self.rule.machine.scoped:
            return False
        if not all(self.certain[place] for place in (*step.inputs, *step.groups)):
            return False
        register = step.register
        if register is not None:
            finish, op = register.finish, register.op
            if getattr(op, "weight", None) is not None and (step.inputs or step.groups):
                return False
            stops = finish.na.max_share is not None or finish.unanswered.min_answered is not None  # type: ignore[attr-defined]
            stops = stops or finish.unanswered.policy == "refuse" or any(r.na.policy == "refuse" for r in register.readings.values())  # type: ignore[attr-defined]
            if stops or finish.na.policy == "refuse":  # type: ignore[attr-defined]
                return False
            if not isinstance(finish.empty, Absent):  # type: ignore[attr-defined]
                return True
            weighed = all(min(reading.weights) > 0 for reading in register.readings.values())
            if (op.name == "order" and not isinstance(op.pick, str)) or not weighed or step.groups:
                return False
            stays = [slot for slot, r in register.readings.items() if r.treated is not None or not slot.item.may_not_apply]
            return bool(step.inputs) or (bool(stays) and finish.unanswered.policy in ("worst", "range"))  # type: ignore[attr-defined]
        for test in (each for outer in step.tests for each in outer.walk()):
            if (test.step is not None and not self.certain[test.step]) or (test.register is not None and "stop" in test.register.finish.places):  # type: ignore[attr-defined]
                return False
        if any(isinstance(value, Absent) or (word == "step" and not self.certain[value]) for word, value in step.terms):
            return False
        op = step.step.op
        source = self.limits[step.inputs[0]] if step.inputs else None
        return not isinstance(op, Bands) or (source is not None and source[0] >= op.edges[0])

    def items(self, register: Register, step: BoundStep | None) -> tuple[Variance, Limits, str]:
        """The direction of a fold over statements and over results of steps."""
        op, variance = register.op, getattr(register.op, "variance", "unknown")
        name = op.name if hasattr(op, "name") else type(op).__name__
        found: list[Variance] = []
        lows: list[Any] = []
        highs: list[Any] = []
        reads = getattr(op, "reads", "number")
        uneven = False
        for reading in register.readings.values():
            values, weights = reading.values, reading.weights
            constant = len(set(weights)) == 1
            if reads != "hit" and (reads == "number" or not all(isinstance(value, int) for value in values)):
                self.computed = True
            terms = values if constant else tuple(v * w for v, w in zip(values, weights, strict=True))
            if not constant and (name != "sum" or "of" in register.finish.places):  # type: ignore[attr-defined]
                uneven = True
            found.append("const" if constant and weights[0] == 0 and hasattr(op, "weight") else _direction(terms))
            lows.append(min(terms if name == "sum" and not constant else values))
            highs.append(max(terms if name == "sum" and not constant else values))
        for place in (*register.items, *(step.inputs if step is not None else ())):
            source = self.steps[place]
            inner = self.directions[place]
            if reads == "hit":
                inner = self.compared(inner, register.test.comparison if register.test is not None else op.compare, place)
            elif getattr(op, "value", None) is not None and isinstance(source.kind, Scale):
                self.computed = True
                inner = self.by_table(inner, op.value, source.kind, self.steady[place])
            found.append(inner)
            limits = self.limits[place]
            counted_as = isinstance(source.kind, Scale) and register.finish.na.policy in ("worst", "as")  # type: ignore[attr-defined]
            lows.append(None if limits is None or reads == "hit" or counted_as else limits[0])
            highs.append(None if limits is None or reads == "hit" or counted_as else limits[1])
        if uneven:
            return "unknown", None, "the weight of an answer depends on its grade"
        joined = _joined(found)
        if variance == "down":
            joined = _flipped(joined)
        elif variance not in ("up", "const"):
            return "unknown", None, f"'{name}' can fall when an answer improves"
        called = _CALLED.get(name, f"'{name}'")
        words = {"up": "rises with every answer", "down": "falls with every answer", "const": "does not change"}
        why = f"is the {called} of what {words.get(joined, '')}"
        if type(op) not in BUILT_IN.values() and joined != "const":
            why += ", as its package declares"
        if joined == "unknown":
            why = "some answers count more when they are worse"
        return joined, self.fold_limits(name, op, register, lows, highs), why

    def fold_limits(self, name: str, op: Any, register: Register, lows: list[Any], highs: list[Any]) -> Limits:
        """Between what a fold lies."""
        if name in ("all", "any", "none", "some"):
            return False, True
        if name == "share":
            return Fraction(0), Fraction(1)
        if name in ("count", "sum") and self.rule.rule.over == "assessments":
            return None
        if name == "count":
            return (Fraction(0), Fraction(len(lows))) if not register.items else None
        if any(low is None for low in lows) or not lows:
            return None
        if name == "sum":
            if register.items or len(lows) != len(register.readings) or "of" in register.finish.places:  # type: ignore[attr-defined]
                return None
            weights = [max(reading.weights) if len(set(reading.weights)) == 1 else Fraction(1) for reading in register.readings.values()]
            sums: dict[int, tuple[Fraction, Fraction]] = {}
            for slot, weight, low, high in zip(register.readings, weights, lows, highs, strict=True):
                group = self.group_of(slot, register.level)
                least, most = sums.get(group, (op.start, op.start))
                sums[group] = least + min(weight * low, Fraction(0)), most + max(weight * high, Fraction(0))
            return min(least for least, _ in sums.values()), max(most for _, most in sums.values())
        if name in ("mean", "min", "max", "order", "owa", "trimmed", "mid-median", "mode"):
            values = getattr(op, "value", None)
            if values is not None and len(lows) != len(register.readings):
                return None
            return min(lows), max(highs)
        return None

    def group_of(self, slot: Slot, level: int) -> int:
        """The group of a level in which a slot stands."""
        if not self.nodes:
            for variable in self.rule.machine.variables:
                for each in variable.slots:
                    self.nodes[each] = variable.node
        node: Node | None = self.nodes[slot]
        while node is not None and node.level < level:
            node = node.parent
        return id(node)

    # judgements

    def judgement(self, step: BoundStep) -> tuple[Variance, Limits, str]:
        """By the side conditions of each operator."""
        op, name = step.step.op, step.step.op.name
        of = self.directions[step.inputs[0]] if step.inputs else "const"
        limits = self.limits[step.inputs[0]] if step.inputs else None
        terms = [value if word == "value" else ("step", value) for word, value in step.terms]
        if name in ("bands", "lookup") and any(word == "step" or isinstance(value, Absent) for word, value in step.terms):
            return "unknown", None, "it gives results of steps, or none"
        if isinstance(op, Bands):
            if limits is None or limits[0] < op.edges[0]:
                self.steady[step.index] = False
            ranks = [value for _, value in step.terms]
            rising = ranks == sorted(ranks)
            return (
                (of if rising else "unknown"),
                (min(ranks), max(ranks)),
                "puts it into bands in increasing order" if rising else "its bands are not in order",
            )
        if name == "round":
            rounded = None if limits is None else (op.rounding.apply(limits[0]), op.rounding.apply(limits[1]))
            return of, rounded, "rounds it, which keeps its order"
        if name == "override":
            return of, limits, "passes it on, unless somebody confirmed another"
        if name in ("lookup", "value"):
            self.computed = self.computed or name == "value"
            ranks = [value for _, value in step.terms]
            direction = _through(of, _direction(tuple(ranks)), self.steady[step.index])
            return (
                direction,
                (min(ranks), max(ranks)),
                "looks it up in a table that keeps the order" if direction == "up" else "looks it up in a table",
            )
        tests: list[Variance] = [self.test(test) for test in step.tests]
        if name in ("cap", "floor"):
            return self.limited(name, of, limits, tests[0], terms[0])
        if name == "if":
            return self.choice([tests[0]], terms, step)
        if name == "table":
            return self.choice(tests, terms, step)
        return self.climb(tests, terms, step)

    def limited(self, name: str, of: Variance, limits: Limits, test: Variance, term: Any) -> tuple[Variance, Limits, str]:
        """A cap rises if it applies less as answers improve; a floor if it applies more."""
        sure = not isinstance(term, Absent) and (not isinstance(term, tuple) or self.certain[term[1]])
        if not sure and test != "const":
            self.steady[self.now] = False
        at = self.together([term])
        joined = None if limits is None or at is None else (min(limits[0], at[0]), max(limits[1], at[1]))
        joined = limits if isinstance(term, Absent) else joined
        wanted = "down" if name == "cap" or isinstance(term, Absent) else "up"
        if not sure and name == "floor" and wanted == "up" and test != "const":
            return "unknown", joined, "what it limits it to may not be there"
        if of not in ("up", "const") or self.term_direction(term) not in ("up", "const"):
            return "unknown", joined, "what it limits is not settled"
        if test not in (wanted, "const"):
            return "unknown", joined, f"its test does not only {'stop' if name == 'cap' else 'begin'} to hold as answers improve"
        return "up", joined, f"limits what rises, and its test can only {'stop' if name == 'cap' else 'begin'} to hold as answers improve"

    def choice(self, tests: list[Variance], terms: list[Any], step: BoundStep) -> tuple[Variance, Limits, str]:
        """Rows from the last to the first: each is better than all that follow and begins to hold, or worse and stops to hold."""
        if any(isinstance(term, Absent) or (isinstance(term, tuple) and not self.certain[term[1]]) for term in terms) and any(
            t != "const" for t in tests
        ):
            self.steady[step.index] = False
        limits = self.term_limits(terms[-1])
        direction = self.term_direction(terms[-1])
        for test, term in zip(reversed(tests), reversed(terms[: len(tests)]), strict=True):
            own, mine = self.term_limits(term), self.term_direction(term)
            if limits is None or own is None or direction not in ("up", "const") or mine not in ("up", "const"):
                return "unknown", None, "its results are not settled"
            if own[0] == own[1] == limits[0] == limits[1]:
                continue
            below, above = _at_most(own[1], limits[0]), _at_most(limits[1], own[0])
            if test == "const" or (test == "down" and below) or (test == "up" and above):
                limits = (own[0] if _at_most(own[0], limits[0]) else limits[0], own[1] if _at_most(limits[1], own[1]) else limits[1])
                direction = "up"
            else:
                return "unknown", None, "a row gives way to a worse one as answers improve, or may do so"
        return direction, self.together(terms), "changes from worse to better results as answers improve"

    def together(self, terms: list[Any]) -> Limits:
        """Between what all these results lie, where there are any."""
        found = [self.limits[term[1]] if isinstance(term, tuple) else (term, term) for term in terms if not isinstance(term, Absent)]
        ends = [each for each in found if each is not None]
        return (min(low for low, _ in ends), max(high for _, high in ends)) if ends and len(ends) == len(found) else None

    def climb(self, tests: list[Variance], terms: list[Any], step: BoundStep) -> tuple[Variance, Limits, str]:
        """A ladder rises if its rungs do and their tests only begin to hold."""
        found = [self.term_limits(term) for term in terms]
        if any(each is None for each in found):
            return "unknown", None, "its results are not settled"
        ends = [each for each in found if each is not None]
        limits = self.together(terms)
        rising = all(_at_most(one[1], other[0]) for one, other in pairwise(ends))
        if any(isinstance(term, Absent) or (isinstance(term, tuple) and not self.certain[term[1]]) for term in terms):
            self.steady[step.index] = False
        if not rising:
            return "unknown", None, "its rungs are not in increasing order"
        if not all(test in ("up", "const") for test in tests) or not all(self.term_direction(term) in ("up", "const") for term in terms):
            return "unknown", limits, "a rung may stop to hold as answers improve"
        return "up", limits, "climbs rungs that only begin to hold as answers improve"

    def absent_kinds(self, place: int) -> set[str]:
        """Which kinds of absence a step can come to by grades alone."""
        step = self.steps[place]
        found: set[str] = set()
        for word, value in step.terms:
            if word == "value" and isinstance(value, Absent):
                found.add(value.kind)
            elif word == "step":
                found |= self.absent_kinds(value)
        if isinstance(step.step.op, Bands):
            found.add("refused")
        register = step.register
        if register is not None:
            empty = register.finish.empty  # type: ignore[attr-defined]
            found |= ({empty.kind} if isinstance(empty, Absent) else set()) | ({"out"} if "there" in register.finish.places else set())  # type: ignore[attr-defined]
        for inner in (*step.inputs, *step.groups):
            found |= self.absent_kinds(inner)
        return found

    def term_limits(self, term: Any) -> Limits:
        """Between what a constant, or a step that is named, lies."""
        if isinstance(term, Absent):
            return _BOTTOM, _BOTTOM
        if isinstance(term, tuple):
            limits = self.limits[term[1]]
            return limits if limits is None or self.certain[term[1]] else (_BOTTOM, limits[1])
        return term, term

    def term_direction(self, term: Any) -> Variance:
        """The direction of a constant, or of a step that is named."""
        return self.directions[term[1]] if isinstance(term, tuple) else "const"

    # tests

    def test(self, test: BoundTest) -> Variance:
        """Whether a test can only begin to hold (up) or stop to hold (down) as answers improve."""
        if test.register is not None:
            if getattr(test.test, "plan", None) is not None:
                return "unknown"
            return self.items(test.register, None)[0]
        if test.step is not None:
            return self.compared(self.directions[test.step], test.test.comparison, test.step)
        found = _joined([self.test(inner) for inner in test.inner])
        if test.word != "not":
            return found
        steady = all(each.step is None or self.steady[each.step] for each in test.walk())
        steady = steady and all(self.steady[place] for each in test.walk() if each.register is not None for place in each.register.items)
        return _flipped(found) if steady else "unknown"

    def compared(self, direction: Variance, comparison: Any, place: int) -> Variance:
        """A comparison turns a direction, or loses it. A result that is not there compares with nothing, so only `at_least` is sure then."""
        if not self.steady[place]:
            sure = direction in ("up", "const") and (comparison is None or comparison.operator in ("at_least", "above"))
            return direction if sure else "unknown"
        if comparison is None or comparison.operator in ("at_least", "above"):
            return direction
        if comparison.operator in ("at_most", "below"):
            return _flipped(direction)
        if isinstance(comparison.value, bool):
            return direction if comparison.value else _flipped(direction)
        return "const" if direction == "const" else "unknown"

    def by_table(self, direction: Variance, value: Any, scale: Scale, steady: bool) -> Variance:
        """The direction of a grade that is looked up in a table of numbers."""
        if value == "unit":
            return direction
        numbers = (
            tuple(grade.points or Fraction(0) for grade in scale.grades) if value == "points" else tuple(value[grade.id] for grade in scale.grades)
        )
        return _through(direction, _direction(numbers), steady)


def _at_most(one: Any, other: Any) -> bool:
    if one is _BOTTOM or other is _BOTTOM:
        return one is _BOTTOM
    return bool(one <= other)


def _direction(values: tuple[Any, ...]) -> Variance:
    """How a table goes along its scale."""
    if len(set(values)) <= 1:
        return "const"
    pairs = list(pairwise(values))
    if all(one <= other for one, other in pairs):
        return "up"
    return "down" if all(one >= other for one, other in pairs) else "unknown"


def _flipped(direction: Variance) -> Variance:
    flipped: dict[Variance, Variance] = {"up": "down", "down": "up"}
    return flipped.get(direction, direction)


def _through(direction: Variance, table: Variance, steady: bool) -> Variance:
    """A direction, seen through a table. Where there being a result depends on grades, that follows the direction and not the table."""
    if direction in ("const", "unknown") or (table == "unknown" and direction != "const"):
        return direction if direction == "const" else "unknown"
    if table == "const":
        return "const" if steady else direction
    if table == "up":
        return direction
    return _flipped(direction) if steady else "unknown"


def _joined(directions: Iterable[Variance]) -> Variance:
    """The direction of what depends on all of these."""
    moving: set[Variance] = {direction for direction in directions if direction != "const"}
    if not moving:
        return "const"
    return moving.pop() if len(moving) == 1 else "unknown"
