"""Deciding laws by trying every assessment, where a rule cannot be taken apart; beyond the budget by trying many, which proves nothing.

As long as all assessments fit into the budget, each is scored, and a law is proven or refuted by the smallest counterexample. Beyond it, those near to
a uniform assessment (and those without any grade) are scored first and then as many by chance (always the same ones); if none of them breaks the law, it is `not refuted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import combinations, permutations
from math import factorial
from random import Random
from typing import Any, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import Assessment, Scale
from s11kit.proving.scopes import circles
from s11kit.proving.space import Moves, improvements, into_blank, into_na
from s11kit.proving.trying import Cost, Field, Profile, Seen, Subject
from s11kit.proving.verdict import Verdict, Witness
from s11kit.rules.binding import BLANK, NA, BoundRule, Variable
from s11kit.rules.evaluation import evaluate
from s11kit.rules.laws import LAWS, LawText
from s11kit.rules.operator import Absent
from s11kit.rules.result import Result

__all__ = ["BUDGET", "TRIES", "Enumerator", "enumerated"]

BUDGET = 20_000
"""How many assessments are scored at most to decide a law, unless the caller says otherwise."""
TRIES = 2_000
"""How many are tried by chance where there are more."""
_SEED = 11
_MOVES: dict[str, tuple[Moves, int]] = {"monotone": (improvements, -1), "na_safe": (into_na, 1), "unanswered_never_improves": (into_blank, 1)}
"""The changes that a law speaks of, and what becomes of the result if they break it: it falls (-1) or rises (1)."""

Change: TypeAlias = tuple[Profile, int, int]
"""The answers after a change, the place that changes, and how many grade steps it is."""
Breaks: TypeAlias = Callable[[Seen, Seen], bool]
Broken: TypeAlias = tuple[Cost, Field, Profile, Change]


@final
class Enumerator:
    """Decides laws of one subject by trying. What is scored for one law is not scored again for the next."""

    def __init__(self, subject: Subject, *, budget: int | None = None, tries: int = TRIES) -> None:
        self.subject, self.rule, self.tries = subject, subject.rule, tries
        self.budget = BUDGET if budget is None else budget
        self._random = Random(_SEED)

    @cached_property
    def fields(self) -> list[Field]:
        """The assessments, by kind of organisation."""
        found = [Field(self.subject, circle) for circle in circles(self.rule)]
        if self.subject.alike is not None and self._asymmetry(found, Random(_SEED)) is not None:
            for field in found:
                field.symmetric = False
        return found

    @property
    def size(self) -> int:
        """How many assessments there are to score."""
        return sum(field.size() for field in self.fields)

    @property
    def whole(self) -> bool:
        """Whether all of them fit into the budget."""
        return self.size <= self.budget

    def decide(self, law: str) -> Verdict | None:
        """The verdict on a law by its name in `expect`; `None` if trying says nothing about it."""
        if law in _MOVES:
            moves, sign = _MOVES[law]
            return self._by_changes(law, self._moved(moves), lambda a, b: a.out == b.out and (b.key < a.key if sign < 0 else b.key > a.key))
        decide = getattr(self, f"_{law}", None)
        found: Verdict | None = decide() if decide is not None else None
        return found

    def held(self, law: LawText, holds: Callable[[Assessment], bool | str | None]) -> Verdict:
        """The verdict on a law of one's own: whether it holds for every assessment. A text says why not."""
        whys: dict[Profile, str] = {}

        def breaks(field: Field, profile: Profile) -> bool:
            said = holds(field.assessment(profile))
            if said is False or (isinstance(said, str) and said):
                whys[profile] = said if isinstance(said, str) else "here it does not hold"
                return True
            return False

        found = self._single(breaks)
        if found is None:
            return self._held(law)
        _, field, profile = found
        why = whys[profile]
        return self._refuted(law, Witness(before=field.assessment(profile), result=self._result(field, profile), change=why, **self._far(field, profile)))

    # verdicts

    def _text(self, law: str) -> LawText:
        return LAWS[law]

    def _held(self, law: LawText, states: int | None = None) -> Verdict:
        """What is known where no counterexample was found."""
        if self.whole:
            return self._made(law, "proven", how="exhaustive", states=self.size if states is None else states, reasons=self._given())
        tried = f"{sum(self._near_most(field)[1] for field in self.fields):,} near to a uniform assessment and {self.tries:,} by chance, of {self.size:,}"
        return self._made(law, "not_refuted", states=states or self._tried(), reasons=self._given(), tried=tried)

    def _tried(self) -> int:
        return self.tries + sum(self._near_most(field)[1] for field in self.fields)

    def _made(self, law: LawText, kind: Any, **more: Any) -> Verdict:
        return Verdict(rule=self.rule.id, law=law, kind=kind, **more)

    def _refuted(self, law: LawText, witness: Witness, reasons: tuple[str, ...] = ()) -> Verdict:
        return self._made(law, "refuted", states=self.size if self.whole else self._tried(), witness=witness, reasons=reasons)

    def _given(self) -> tuple[str, ...]:
        """What a verdict rests on beside the trying."""
        used = [field for field in self.fields if field.symmetric and any(len(places) > 1 for places in field.classes)]
        if not used or not self.whole:
            return ()
        return (f"{self.subject.alike_words} were taken to be interchangeable: that is declared, and the trying has not refuted it",)

    def _result(self, field: Field, profile: Profile, seen: Seen | None = None) -> Result:
        found = seen or field.scored(profile)
        assert found is not None
        return Result(bound=self.rule, assessments=(field.assessment(profile),), least=found.least, greatest=found.greatest)

    @staticmethod
    def _far(field: Field, profile: Profile, steps: int = 0) -> dict[str, Any]:
        cost = field.cost(profile, steps)
        return {"differing": cost[0], "size": cost[:4]}

    # searching

    def _near_most(self, field: Field) -> tuple[int, int]:
        """Up to how many differing answers everything is scored, and how many assessments that is."""
        most = done = 0
        while most <= len(field.variables) and done + field.near_size(most) <= self.budget // (2 * len(self.fields)):
            done += field.near_size(most)
            most += 1
        return most, done

    def _profiles(self, field: Field) -> Iterator[Profile]:
        """What is scored of a field: all, or those near to a uniform assessment and some by chance."""
        if self.whole:
            yield from field.profiles()
            return
        yield from field.bare()
        for differing in range(self._near_most(field)[0]):
            yield from field.near(differing)
        random = Random(_SEED)
        for _ in range(self.tries // len(self.fields)):
            yield field.random(random)

    def _single(self, breaks: Callable[[Field, Profile], bool]) -> tuple[Cost, Field, Profile] | None:
        """The smallest assessment that breaks a law about one."""
        best: tuple[Cost, Field, Profile] | None = None
        for field in self.fields:
            for profile in self._profiles(field):
                if field.seen(profile) is not None and breaks(field, profile):
                    cost = field.cost(profile)
                    best = (cost, field, profile) if best is None or cost < best[0] else best
        if best is not None and not self.whole:
            cost, field, profile = best
            return next(iter(self._smaller(field, profile, lambda other: (field.cost(other),) if _there(field, other) and breaks(field, other) else None)))
        return best

    def _smaller(self, field: Field, profile: Profile, size: Callable[[Profile], tuple[Any, ...] | None]) -> Iterable[tuple[Cost, Field, Profile]]:
        """Go from one assessment to smaller ones, answer by answer, as long as that is possible."""
        best = size(profile)
        assert best is not None
        again = True
        while again:
            again = False
            for other in _beside(field, profile):
                found = size(other)
                if found is not None and found < best:
                    best, profile, again = found, other, True
                    break
        yield best[0], field, profile

    def _pair(self, changes: Callable[[Field, Profile], Iterable[Change]], breaks: Breaks) -> Broken | None:
        """The smallest pair of assessments that breaks a law about a change."""
        best: Broken | None = None
        for field in self.fields:
            for profile in self._profiles(field):
                found = self._smallest(field, profile, changes, breaks)
                if found is not None and (best is None or found[0] < best[0]):
                    best = found
        if best is None or self.whole:
            return best
        _, field, profile, _ = best

        def size(other: Profile) -> tuple[Any, ...] | None:
            made = self._smallest(field, other, changes, breaks)
            return None if made is None else made[:1]

        for _, _, smaller in self._smaller(field, profile, size):
            best = self._smallest(field, smaller, changes, breaks)
        return best

    @staticmethod
    def _smallest(field: Field, profile: Profile, changes: Callable[[Field, Profile], Iterable[Change]], breaks: Breaks) -> Broken | None:
        before = field.seen(profile)
        if before is None:
            return None
        best: Broken | None = None
        for change in changes(field, profile):
            after = field.seen(change[0])
            if after is not None and breaks(before, after):
                cost = field.cost(profile, change[2], change[1])
                if best is None or cost < best[0]:
                    best = (cost, field, profile, change)
        return best

    # S2, S7, S8

    @staticmethod
    def _moved(moves: Moves) -> Callable[[Field, Profile], Iterable[Change]]:
        known: dict[Variable, dict[Any, list[tuple[Any, int]]]] = {}

        def table(variable: Variable) -> dict[Any, list[tuple[Any, int]]]:
            found: dict[Any, list[tuple[Any, int]]] = {}
            for before, after, steps in moves(variable):
                found.setdefault(before, []).append((after, steps))
            return found

        def changes(field: Field, profile: Profile) -> Iterator[Change]:
            for places in field.classes:
                done = set()
                for place in places:
                    variable, symbol = field.variables[place], profile[place]
                    if symbol in done:
                        continue
                    done.add(symbol)
                    if variable not in known:
                        known[variable] = table(variable)
                    for after, steps in known[variable].get(symbol, ()):
                        yield (*profile[:place], after, *profile[place + 1 :]), place, steps

        return changes

    def _by_changes(self, law: str, changes: Callable[[Field, Profile], Iterable[Change]], breaks: Breaks) -> Verdict:
        found = self._pair(changes, breaks)
        if found is None:
            return self._held(LAWS[law])
        _, field, profile, (_, place, steps) = found
        before, after, place = self._settled(field, profile, found[3], breaks)
        change = _words(field.variables[place], before[place], after[place])
        witness = Witness(
            before=field.assessment(before),
            after=field.assessment(after),
            result=self._result(field, before),
            other=self._result(field, after),
            change=change,
            **self._far(field, before, steps),
        )
        return self._refuted(LAWS[law], witness)

    @staticmethod
    def _settled(field: Field, profile: Profile, change: Change, breaks: Breaks) -> tuple[Profile, Profile, int]:
        """The pair that is shown: in framework order, if it breaks the law there as well."""
        after, place, _ = change
        if field.symmetric:
            before, first = field.arranged(profile, place)
            moved = (*before[:first], after[place], *before[first + 1 :])
            one, other = field.scored(before), field.scored(moved)
            if one is not None and other is not None and breaks(one, other):
                return before, moved, first
            one, other = field.scored(profile), field.scored(after)
            if one is None or other is None or not breaks(one, other):
                before = field.canonical(profile)
                return before, field.canonical(after), place
        return profile, after, place

    # S1: the order of answers

    def _order_independent(self) -> Verdict:
        law, orders = LAWS["order_independent"], 0
        random, states = Random(_SEED), 0
        whole = sum(field.size(symmetric=False) * factorial(len(field.variables)) for field in self.fields) <= self.budget
        for field in self.fields:
            source = field.profiles(symmetric=False) if whole else self._profiles(field)
            for profile in source:
                seen = field.scored(profile)
                if seen is None:
                    continue
                assessment = field.assessment(profile)
                for order in self._orders(list(assessment.answers), whole, random):
                    states += 1
                    turned = attrs.evolve(assessment, answers=FrozenDict({ref: assessment.answers[ref] for ref in order}))
                    result = self.subject.score(turned)
                    if self.rule.key(result.least) != seen.key:
                        change = "give the same answers in another order: " + ", ".join(order)
                        first = self._result(field, profile, seen)
                        witness = Witness(before=assessment, after=turned, result=first, other=result, change=change, **self._far(field, profile))
                        return self._refuted(law, witness)
                orders += 1
        kind: Any = "proven" if whole else "not_refuted"
        return self._made(law, kind, how="exhaustive" if whole else "", states=states, tried="" if whole else f"{orders:,} assessments, each in two orders")

    @staticmethod
    def _orders(refs: list[str], whole: bool, random: Random) -> Iterator[list[str]]:
        if whole:
            yield from (list(order) for order in permutations(refs))
            return
        yield refs[::-1]
        yield random.sample(refs, len(refs))

    # S3, S4

    def _bounded(self) -> Verdict:
        law, ends = LAWS["bounded"], []
        kind = self.rule.kind
        for field in self.fields:
            for profile in self._profiles(field):
                seen = field.seen(profile)
                ends += [] if seen is None else [value for value in (seen.least, seen.greatest) if not isinstance(value, Absent)]
                ends = [min(ends), max(ends)] if len(ends) > 2 else ends
        made = self._held(law)
        if isinstance(kind, Scale) or kind == "truth":
            why = "the result is a grade of its scale" if isinstance(kind, Scale) else "the result is true or false"
        elif ends:
            why = f"the results lie between {min(ends)} and {max(ends)}"
        else:
            why = "there is never a result"
        return attrs.evolve(made, reasons=(why, *made.reasons))

    def _unanimous(self) -> Verdict:
        law, kind = LAWS["unanimous"], self.rule.kind
        scales = {slot.item.scale for variable in self.rule.machine.variables for slot in variable.slots}
        if len(scales) != 1 or kind not in scales or not isinstance(kind, Scale):
            return self._made(law, "does not apply", reasons=("the result is no grade of the scale that statements are answered on",))
        looked = 0
        for field in self.fields:
            for place in field.backgrounds:
                profile = next(iter(field.near(0))) if len(field.backgrounds) == 1 else self._uniform(field, place)
                seen, rank = field.seen(profile), len(kind.grades) - 1 - place
                looked += 1
                if seen is not None and (seen.least != rank or seen.greatest != rank):
                    witness = Witness(
                        before=field.assessment(profile),
                        result=self._result(field, profile),
                        change=f"all answers are {kind.grades[rank].label}",
                        size=(0, 0, place, 0),
                    )
                    return self._made(law, "refuted", states=looked, witness=witness)
        return self._made(law, "proven", how="exhaustive", states=looked)

    @staticmethod
    def _uniform(field: Field, place: int) -> Profile:
        return next(profile for number, profile in enumerate(field.near(0)) if number == place)

    # S5: the declared symmetry

    def _anonymous(self) -> Verdict:
        law = LAWS["anonymous"]
        fields = self.fields
        if self.subject.alike is None or not any(len(places) > 1 for field in fields for places in field.alike):
            return self._made(law, "does not apply", reasons=("no statements are declared to be interchangeable",))
        found = self._asymmetry(fields, Random(_SEED))
        if found is not None:
            _, field, profile, (after, place, other) = found
            one, two = (field.variables[at].slots[0].name for at in (place, other))
            before, exchanged = field.assessment(profile), field.assessment(after)
            witness = Witness(
                before=before,
                after=exchanged,
                result=self.subject.score(before),
                other=self.subject.score(exchanged),
                change=f"exchange the answers to {one} and {two}",
                **self._far(field, profile),
            )
            return self._made(law, "refuted", states=self._exchanges(fields), witness=witness)
        if sum(field.size(symmetric=False) for field in fields) <= self.budget:
            return self._made(law, "proven", how="exhaustive", states=sum(field.size(symmetric=False) for field in fields))
        return self._made(law, "not_refuted", states=self._exchanges(fields), tried="exchanges of two answers, by chance")

    def _exchanges(self, fields: list[Field]) -> int:
        return min(sum(field.size(symmetric=False) for field in fields), self.tries)

    def _asymmetry(self, fields: list[Field], random: Random) -> Broken | None:
        """Two answers that are declared to be interchangeable and are not: tried on all assessments, or on some by chance."""
        whole = sum(field.size(symmetric=False) for field in fields) <= self.budget
        best: Broken | None = None
        for field in fields:
            pairs = [pair for places in field.alike for pair in combinations(places, 2)]
            if not pairs:
                continue
            scored: dict[Profile, Seen | None] = {}

            def seen(profile: Profile, field: Field = field, scored: dict[Profile, Seen | None] = scored) -> Seen | None:
                if profile not in scored:
                    scored[profile] = field.scored(profile)
                return scored[profile]

            for profile in field.profiles(symmetric=False) if whole else (field.random(random) for _ in range(self.tries)):
                for one, two in pairs if whole else [random.choice(pairs)]:
                    if profile[one] == profile[two]:
                        continue
                    after = list(profile)
                    after[one], after[two] = profile[two], profile[one]
                    before, then = seen(profile), seen(tuple(after))
                    if before is not None and then is not None and before.key != then.key:
                        cost = field.cost(profile, 0, one)
                        if best is None or cost < best[0]:
                            best = (cost, field, profile, (tuple(after), one, two))
        return best

    # S13: dead statements

    def _responsive(self) -> Verdict:
        law = LAWS["responsive"]
        alive: set[Variable] = set()
        changes = self._moved(improvements)
        for field in self.fields:
            for profile in self._profiles(field):
                before = field.seen(profile)
                for after, place, _ in changes(field, profile) if before is not None else ():
                    variable = field.variables[place]
                    if variable not in alive:
                        then = field.seen(after)
                        if then is not None and before is not None and then.key != before.key:
                            alive.update(field.variables[at] for places in field.classes if place in places for at in places)
        dead = [variable.slots[0].name for variable in self.rule.machine.variables if variable not in alive]
        if not dead:
            return self._made(law, "proven", how="exhaustive", states=self.size if self.whole else self._tried())
        if not self.whole:
            return self._made(law, "undecided", states=self._tried(), tried=f"nothing was found that {', '.join(dead[:12])} could change")
        reasons = (f"whatever the other answers are, these change nothing: {', '.join(dead[:12])}{' ...' if len(dead) > 12 else ''}",)
        return self._made(law, "refuted", states=self.size, reasons=reasons)


def _there(field: Field, profile: Profile) -> bool:
    return field.seen(profile) is not None


def _beside(field: Field, profile: Profile) -> Iterator[Profile]:
    """Profiles that differ in one answer."""
    for place, symbols in enumerate(field.symbols):
        for symbol in symbols:
            if symbol != profile[place]:
                yield (*profile[:place], symbol, *profile[place + 1 :])


def _words(variable: Variable, before: Any, after: Any) -> str:
    """A change in words."""
    one = (before,) if variable.plain else before[: len(variable.slots)]
    other = (after,) if variable.plain else after[: len(variable.slots)]
    place = next(number for number, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    slot, scale = variable.slots[place], variable.slots[place].item.scale
    assert scale is not None
    said = [{NA: "not applicable", BLANK: "unanswered"}[each[place]] if each[place] < 0 else scale.grades[each[place]].label for each in (one, other)]
    return f"change {slot.name} from {said[0]} to {said[1]}"


# rules with a part that cannot be taken apart


@final
class _Turned:
    """An operator that gets its items in another order."""

    def __init__(self, op: Any, swap: bool) -> None:
        self._op, self._swap = op, swap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._op, name)

    def compute(self, items: list[Any]) -> Any:
        """The result of the operator, from its items in another order."""
        first = [*items[1:2], *items[:1], *items[2:]] if self._swap else [*items[1:], *items[:1]]
        return self._op.compute(first)


def enumerated(rule: BoundRule, law: str, *, budget: int = BUDGET) -> Verdict | None:
    """The verdict on a law of a rule in which some operator is a function; `None` if the law can be decided all the same, by looking at the rule."""
    text = LAWS[law]
    if law in ("exact", "range_exact", "obligations_antitone"):
        return None
    ranges = [step.step.unanswered or rule.rule.unanswered for step in rule.machine.steps]
    if law == "unanswered_never_improves" and all(each is not None and each.policy == "range" for each in ranges):
        return None
    black = rule.machine.black_boxes[0] if rule.machine.black_boxes else ""
    if rule.rule.over == "assessments" or (law == "unanswered_never_improves" and rule.machine.ranges):
        return Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    if law == "order_independent":
        return _computed_in_order(rule, text, budget)
    places = {variable: number for number, variable in enumerate(rule.machine.variables)}
    adds: dict[Variable, Any] = {}

    def alike(variable: Variable) -> Any:
        if not variable.plain:
            return places[variable]
        return adds.setdefault(variable, (id(variable.node), tuple(variable.adds(symbol) for symbol in variable.symbols())))

    words = "statements that count the same"
    made = Enumerator(Subject(rule=rule, score=rule.score, alike=alike, alike_words=words), budget=budget)
    if law == "anonymous":
        return Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    found = made.decide(law)
    if found is None:
        found = Verdict(rule=rule.id, law=text, kind="undecided", tried=f"nothing: '{black}' uses an operator that cannot be taken apart")
    return found


def _computed_in_order(rule: BoundRule, law: LawText, budget: int) -> Verdict:
    """Whether the operators that are functions care for the order of their items."""
    turned = []
    for swap in (True, False):
        steps = [attrs.evolve(step, op=_Turned(step.op, swap)) if hasattr(step.op, "compute") else step for step in rule.rule.steps]
        turned.append(attrs.evolve(rule.rule, steps=tuple(steps)).within(rule.framework))
    maker = Enumerator(Subject(rule=rule, score=rule.score), budget=budget)

    def holds(assessment: Assessment) -> bool | str:
        first = evaluate(rule, assessment)
        for other in turned:
            second = evaluate(other, assessment)
            if (second.least, second.greatest) != (first.least, first.greatest):
                return f"'{rule.machine.black_boxes[0]}' cares for the order of its items: {first.text} becomes {second.text}"
        return True

    return maker.held(law, holds)
