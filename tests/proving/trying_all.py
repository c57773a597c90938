"""The laws of rules, decided by trying every assessment of a small framework, and the smallest counterexample by its definition."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Any, TypeAlias

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import Organisation, Scale
from s11kit.model.requirement import LEVELS
from s11kit.proving.joining import by_sections, flattened
from s11kit.rules import Bands, BoundRule, Ladder, Lookup, Rule, Table

from .brute import BLANK, NA, NAME, NOT_ASKED, OUT, Gone, Interpreter, assessment

Profile: TypeAlias = tuple[Any, ...]
Size: TypeAlias = tuple[int, int, int, int]
AVERAGES = ("mean", "owa", "trimmed", "mid-median", "min", "max", "order", "mode", "round")


@attrs.frozen
class Found:
    """Whether a law is broken, and the size of the smallest assessment that breaks it, where its size is defined."""

    broken: bool
    size: Size | None = None


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same; all kinds of none are."""
    return isinstance(one, Gone) and isinstance(other, Gone) if isinstance(one, Gone) or isinstance(other, Gone) else bool(one == other)


class Everything:
    """All assessments by one kind of organisation. An answer of a statement whose actions count is a pair: the answer, and whether it is covered."""

    def __init__(self, bound: BoundRule, organisation: Organisation) -> None:
        self.bound, self.organisation = bound, organisation
        self.rule, self.framework = bound.rule, bound.framework
        self.plain = Interpreter(bound.framework, bound.rule)
        self.items = self.plain.looked_at
        empty = assessment(bound.framework, {}, organisation=organisation)
        self.out = [place for place, item in enumerate(self.items) if item.ref in empty.scope.out]
        self.planned = [item.ref in self.plain.planned for item in self.items]
        policies = {self.plain.blank(step).policy for step in self.rule.steps}
        self.all_range, self.mixed = policies == {"range"}, "range" in policies and len(policies) > 1
        self.points: dict[Any, Any] = {}
        self.known: dict[Profile, tuple[Any, Any]] = {}

    # answers and results

    def answer(self, symbol: Any, place: int) -> Any:
        return symbol[0] if self.planned[place] else symbol

    def grades(self, place: int) -> int:
        scale = self.items[place].scale
        assert scale is not None
        return len(scale.grades)

    def symbols(self, place: int, *, blank: bool = True, out: bool = False, fills: bool = False) -> list[Any]:
        if place in self.out:
            return [(OUT, False) if self.planned[place] else OUT]
        found: list[Any] = [*range(self.grades(place)), *([NA] if self.items[place].may_not_apply else []), *([BLANK] if blank else [])]
        found += [(BLANK, rank) for rank in range(self.grades(place))] if fills else []
        if self.planned[place]:
            found = [(one, flag) for one in found for flag in (False, True)]
        return found + ([(OUT, False) if self.planned[place] else OUT] if out else [])

    def profiles(self, **which: bool) -> Iterator[Profile]:
        return product(*(self.symbols(place, **which) for place in range(len(self.items))))

    @cached_property
    def whole(self) -> list[Profile]:
        """What the results of a rule are decided by: with ranges, only what is answered."""
        return list(self.profiles(blank=not self.plain.ranges, fills=self.mixed))

    def point(self, profile: Profile, using: Interpreter | None = None) -> Any:
        """The result for answers in which blanks do not need filling in, or say what they are filled with."""
        key = (profile, using)
        if key not in self.points:
            answers = {item.ref: self.answer(profile[place], place) for place, item in enumerate(self.items)}
            plans = frozenset(item.ref for place, item in enumerate(self.items) if self.planned[place] and profile[place][1])
            self.points[key] = (using or self.plain).point(answers, plans)
        return self.points[key]

    def filled(self, place: int, symbol: Any) -> list[Any]:
        answer = self.answer(symbol, place)
        if answer != BLANK or not self.plain.ranges:
            return [symbol]
        fills: list[Any] = list(range(self.grades(place))) if self.all_range else [(BLANK, rank) for rank in range(self.grades(place))]
        return [(one, symbol[1]) for one in fills] if self.planned[place] else fills

    def least(self, profile: Profile) -> tuple[int, Any]:
        """The lower end of the result, as laws compare it."""
        return self.ends(profile)[0]

    def ends(self, profile: Profile) -> tuple[Any, Any]:
        """Both ends of the result."""
        if profile not in self.known:
            found = [self.plain.key(self.point(one)) for one in product(*(self.filled(place, symbol) for place, symbol in enumerate(profile)))]
            self.known[profile] = min(found), max(found)
        return self.known[profile]

    # sizes

    def goodness(self, place: int, symbol: Any) -> int:
        answer = self.answer(symbol, place)
        beyond = {NA: 0, BLANK: 2, OUT: 3}
        known = int(answer) if isinstance(answer, int) else self.grades(place) + beyond.get(answer, 4)
        return known + (not symbol[1] if self.planned[place] else 0)

    def size(self, profile: Profile, steps: int) -> Size:
        """The least over all backgrounds: differing answers, steps, the background's place from the best, and how good the differing answers are."""
        inside = [place for place in range(len(self.items)) if place not in self.out]
        sizes = []
        for depth in range(max(self.grades(place) for place in inside)):
            background = {place: max(0, self.grades(place) - 1 - depth) for place in inside}
            other = [place for place in inside if profile[place] != ((background[place], False) if self.planned[place] else background[place])]
            sizes.append((len(other), steps, depth, sum(self.goodness(place, profile[place]) for place in other)))
        return min(sizes)

    def with_(self, profile: Profile, place: int, answer: Any) -> Profile:
        changed = (answer, profile[place][1]) if self.planned[place] else answer
        return (*profile[:place], changed, *profile[place + 1 :])

    # S2, S7, S8

    def changes(self, law: str, profile: Profile) -> Iterator[Profile]:
        for place, symbol in enumerate(profile):
            answer = self.answer(symbol, place)
            if not isinstance(answer, int):
                continue
            if law == "monotone" and answer + 1 < self.grades(place):
                yield self.with_(profile, place, answer + 1)
            if law == "na_safe" and self.items[place].may_not_apply:
                yield self.with_(profile, place, NA)
            if law == "unanswered_never_improves":
                yield self.with_(profile, place, BLANK)

    def breaks(self, law: str, before: Profile, after: Profile) -> bool:
        one, other = self.least(before), self.least(after)
        return other < one if law == "monotone" else other > one

    def by_changes(self, law: str) -> Found:
        steps = int(law == "monotone")
        sizes = [
            self.size(profile, steps) for profile in self.profiles() if any(self.breaks(law, profile, after) for after in self.changes(law, profile))
        ]
        return Found(bool(sizes), min(sizes, default=None))

    # S3, S4, S5, S6

    def bounded(self, limits: Any) -> Found:
        """Whether any result lies outside the limits it is said to have."""
        values = [value for value in map(self.point, self.whole) if not isinstance(value, Gone)]
        return Found(limits is not None and any(not limits[0] <= value <= limits[1] for value in values))

    def unanimous(self) -> Found | None:
        """Where all answers are one grade, so is the result: for a result on the scale of the answers, or an average of the same numbers."""
        scales, kind = {item.scale for item in self.items}, self.plain.kind(self.rule.steps[-1])
        if len(scales) != 1:
            return None
        scale = scales.pop()
        assert scale is not None
        wanted: list[Any] = list(range(len(scale.grades)))
        if kind != scale:
            tables = self.tables(scale)
            if kind != "number" or tables is None:
                return None
            wanted = list(tables)
        broken = []
        for rank, value in enumerate(wanted):
            profile = tuple(
                self.symbols(place)[0] if place in self.out else (rank, False) if self.planned[place] else rank for place in range(len(self.items))
            )
            if not same(self.point(profile), value):
                broken.append((0, 0, len(wanted) - 1 - rank, 0))
        return Found(bool(broken), min(broken, default=None))

    def tables(self, scale: Scale) -> tuple[Fraction, ...] | None:
        """What every grade counts, if all steps are averages and nothing but the same numbers are averaged."""
        if not all(step.op.name in AVERAGES for step in self.rule.steps):
            return None
        found = set()
        for step in self.rule.steps:
            if step.over is not None:
                for item in self.plain.selected(step.over):
                    if not self.plain.left_out(step, item):
                        found.add(tuple(self.plain.value(step, item, rank) for rank in range(len(scale.grades))))
        return found.pop() if len(found) == 1 else None

    def part(self, item: Any) -> Any:
        """What makes statements comparable: their scale, and the weight each of their grades has in every step that folds statements."""
        weights = []
        for step in self.rule.steps:
            if step.over is not None and item in self.plain.selected(step.over) and not self.plain.left_out(step, item):
                weights.append((step.id, tuple(self.plain.weight(step, item, rank) for rank in range(len(item.scale.grades)))))
        return item.scale.id, tuple(weights)

    def anonymous(self) -> Found:
        inside = [place for place in range(len(self.items)) if place not in self.out]
        for one, other in combinations(inside, 2):
            if self.part(self.items[one]) != self.part(self.items[other]):
                continue
            for profile in self.profiles():
                if (
                    profile[one] == profile[other]
                    or {profile[one], profile[other]} - set(self.symbols(one))
                    or {profile[one], profile[other]} - set(self.symbols(other))
                ):
                    continue
                swapped = list(profile)
                swapped[one], swapped[other] = profile[other], profile[one]
                if self.ends(profile) != self.ends(tuple(swapped)):
                    return Found(True)
        return Found(False)

    def na_neutral(self) -> Found | None:
        if not any(item.may_not_apply for item in self.items):
            return None
        scoped = Interpreter(self.framework, self.rule, scoped=True)
        sizes = []
        for profile in self.profiles(blank=not self.plain.ranges, out=True, fills=self.mixed):
            inside = [place for place in range(len(profile)) if self.answer(profile[place], place) != OUT]
            for place, item in enumerate(self.items):
                if place in inside or place in self.out or not item.may_not_apply or not inside:
                    continue
                after = self.with_(profile, place, NA)
                if self.point(profile, scoped) == NOT_ASKED:
                    continue
                if self.plain.key(self.point(profile, scoped)) != self.plain.key(self.point(after, scoped)):
                    sizes.append(self.size(profile, 0))
        return Found(bool(sizes), min(sizes, default=None))

    # S10, S12, S13, S14

    def sharp_edges(self) -> Found | None:
        """Every grade or number that a judgement names is its result somewhere, and nothing lies below the lowest band."""
        judging = [step for step in self.rule.steps if isinstance(step.op, (Bands, Table, Ladder, Lookup))]
        if not judging:
            return None
        found: dict[str, set[Any]] = {step.id: set() for step in judging}
        below = False
        for profile in self.whole:
            answers = {item.ref: self.answer(profile[place], place) for place, item in enumerate(self.items)}
            plans = frozenset(item.ref for place, item in enumerate(self.items) if self.planned[place] and profile[place][1])
            results = self.plain.run(answers, plans)
            for step in judging:
                for (id, group), value in results.items():
                    if id == step.id:
                        found[id].add(value)
                        if isinstance(step.op, Bands):
                            number = results[step.of[0], group]
                            below = below or (not isinstance(number, Gone) and number < step.op.edges[0])
        dead = any(value not in found[step.id] for step in judging for value in self.constants(step))
        return Found(dead or below)

    def constants(self, step: Any) -> Iterator[Any]:
        op = step.op
        raws = op.grades if isinstance(op, Bands) else list(op.table.values()) if isinstance(op, Lookup) else []
        raws = [*raws, *(part.gives for part in (*getattr(op, "rows", ()), *getattr(op, "rungs", ())))]
        raws += [op.start] if isinstance(op, Ladder) else []
        for raw in raws:
            if isinstance(raw, bool):
                yield raw
            elif raw in self.framework.scale_of_grade:
                yield self.framework.scale_of_grade[raw].rank(raw)
            elif raw not in ("not_scored", "not_applicable") and raw not in self.plain.steps:
                yield Fraction(raw)

    def differing(self, other: Rule) -> Found:
        using = Interpreter(self.framework, other)
        sizes = [self.size(profile, 0) for profile in self.whole if not same(self.point(profile), self.point(profile, using))]
        return Found(bool(sizes), min(sizes, default=None))

    def dead(self) -> set[str]:
        """Statements that change the result nowhere."""
        alive = set()
        for profile in self.whole:
            for place, symbol in enumerate(profile):
                answer = self.answer(symbol, place)
                if place in alive or not isinstance(answer, int) or answer + 1 == self.grades(place):
                    continue
                if self.plain.key(self.point(profile)) != self.plain.key(self.point(self.with_(profile, place, answer + 1))):
                    alive.add(place)
        return {self.items[place].ref for place in range(len(self.items)) if place not in alive}

    def ordinal(self) -> Found:
        """Whether other numbers, in the same order, change a grade, or the order of two numbers."""
        widest = max(len(scale.grades) for scale in self.framework.scales)
        number = self.plain.kind(self.rule.steps[-1]) == "number"
        for gap in range(widest - 1):
            using = Interpreter(self.framework, self.widened(gap))
            pairs = {(self.point(profile), self.point(profile, using)) for profile in self.whole}
            if not number:
                if any(not same(one, other) for one, other in pairs):
                    return Found(True)
                continue
            there = [pair for pair in pairs if not any(isinstance(value, Gone) for value in pair)]
            if any((a[0] < b[0]) != (a[1] < b[1]) or (a[0] == b[0]) != (a[1] == b[1]) for a, b in combinations(there, 2)):
                return Found(True)
        return Found(False)

    def widened(self, gap: int) -> Rule:
        """The rule with more added to the number of every grade above a gap."""
        grades = self.framework.scale_of_grade

        def table(value: Any) -> Any:
            if value is None:
                return None
            numbers = {}
            for grade, scale in grades.items():
                rank = scale.rank(grade)
                if value == "unit":
                    numbers[grade] = Fraction(rank, len(scale.grades) - 1)
                elif grade in value:
                    numbers[grade] = value[grade]
            span = max(numbers.values()) - min(numbers.values())
            return FrozenDict({grade: value + (span if grades[grade].rank(grade) > gap else 0) for grade, value in numbers.items()})

        steps = []
        for step in self.rule.steps:
            made = attrs.evolve(step, op=attrs.evolve(step.op, value=table(step.op.value))) if getattr(step.op, "value", None) is not None else step
            exceptions = tuple(attrs.evolve(each, value=table(each.value)) if each.value is not None else each for each in step.except_)
            steps.append(attrs.evolve(made, except_=exceptions))
        return attrs.evolve(self.rule, steps=steps)


def obligations(bound: BoundRule) -> Found | None:
    """S15: of every statement, a better grade never asks for a firmer action."""
    looked = broken = False
    for item in bound.framework.items.values():
        demand = item.requirements.action
        if demand is None or item.scale is None or not item.takes_grade:
            continue
        looked = True
        firm = [-1 if (level := demand.level(grade.id)) is None else LEVELS.index(level) for grade in item.scale.grades]
        broken = broken or any(low < high for low, high in combinations(firm, 2))
    return Found(broken) if looked else None


def other_form(rule: BoundRule) -> tuple[Rule | None, bool]:
    """The rule by sections, or all at once, as the library puts it; and whether it is scored all at once."""
    flat = flattened(rule.rule)
    if flat is not None:
        return flat, True
    refs = {variable.slots[0].item.parents[0].ref for variable in rule.machine.variables}
    return (by_sections(rule.rule, "standard", number=rule.kind == "number") if len(refs) > 1 else None), False


def everything(bound: BoundRule) -> list[Everything]:
    """For every kind of organisation to whom other statements apply: those to whom most apply first."""
    kinds = ["health", "school"] if bound.framework.conditional else [None]
    found = [Everything(bound, Organisation(name=NAME, kind=kind)) for kind in kinds]
    unique = {tuple(each.out): each for each in found if len(each.out) < len(each.items)}
    return sorted(unique.values(), key=lambda each: len(each.out))
