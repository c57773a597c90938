"""Deciding laws by trying every assessment, where a rule cannot be taken apart; beyond the budget by trying many, which proves nothing.

As long as all assessments fit into the budget, each is scored, and a law is proven or refuted by the smallest counterexample. Beyond it, those near
to a uniform assessment (and those without any grade) are scored first, and then as many by chance (always the same ones); if none of them breaks the
law, it is `not refuted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from math import factorial
from random import Random
from typing import Any, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import Scale
from s11kit.proving.searching import BUDGET, SEED, TRIES, Breaks, Change, Search
from s11kit.proving.space import Moves, improvements, into_blank, into_na
from s11kit.proving.trying import Field, Profile
from s11kit.proving.verdict import Verdict, Witness
from s11kit.rules.binding import BLANK, NA, Variable
from s11kit.rules.laws import LAWS
from s11kit.rules.operator import Absent

__all__ = ["BUDGET", "TRIES", "Enumerator"]

_MOVES: dict[str, tuple[Moves, int]] = {"monotone": (improvements, -1), "na_safe": (into_na, 1), "unanswered_never_improves": (into_blank, 1)}
"""The changes that a law speaks of, and what becomes of the result if they break it: it falls (-1) or rises (1)."""


@final
class Enumerator(Search):
    """Decides laws of one subject by trying. What is scored for one law is not scored again for the next."""

    def decide(self, law: str) -> Verdict | None:
        """The verdict on a law by its name in `expect`; `None` if trying says nothing about it."""
        if law in _MOVES:
            moves, sign = _MOVES[law]
            return self._by_changes(law, self._moved(moves), lambda a, b: a.out == b.out and (b.key < a.key if sign < 0 else b.key > a.key))
        decide = getattr(self, f"_{law}", None)
        found: Verdict | None = decide() if decide is not None else None
        return found

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
        found = self.pair(changes, breaks)
        if found is None:
            return self.found_none(LAWS[law])
        _, field, profile, (_, place, steps) = found
        before, after, place = self._settled(field, profile, found[3], breaks)
        change = _words(field.variables[place], before[place], after[place])
        witness = Witness(
            before=field.assessment(before),
            after=field.assessment(after),
            result=self.result(field, before),
            other=self.result(field, after),
            change=change,
            **self.far(field, before, steps),
        )
        return self.refuted(LAWS[law], witness)

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
        random, states = Random(SEED), 0
        whole = sum(field.size(symmetric=False) * factorial(len(field.variables)) for field in self.fields) <= self.budget
        for field in self.fields:
            source = field.profiles(symmetric=False) if whole else self.profiles(field)
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
                        first = self.result(field, profile, seen)
                        witness = Witness(before=assessment, after=turned, result=first, other=result, change=change, **self.far(field, profile))
                        return self.refuted(law, witness)
                orders += 1
        kind: Any = "proven" if whole else "not_refuted"
        return self.made(
            law, kind, how="exhaustive" if whole else "", states=states, tried="" if whole else f"{orders:,} assessments, each in two orders"
        )

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
            for profile in self.profiles(field):
                seen = field.seen(profile)
                ends += [] if seen is None else [value for value in (seen.least, seen.greatest) if not isinstance(value, Absent)]
                ends = [min(ends), max(ends)] if len(ends) > 2 else ends
        made = self.found_none(law)
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
            return self.made(law, "does not apply", reasons=("the result is no grade of the scale that statements are answered on",))
        looked = 0
        for field in self.fields:
            for place in field.backgrounds:
                profile = next(iter(field.near(0))) if len(field.backgrounds) == 1 else self._uniform(field, place)
                seen, rank = field.seen(profile), len(kind.grades) - 1 - place
                looked += 1
                if seen is not None and (seen.least != rank or seen.greatest != rank):
                    witness = Witness(
                        before=field.assessment(profile),
                        result=self.result(field, profile),
                        change=f"all answers are {kind.grades[rank].label}",
                        size=(0, 0, place, 0),
                    )
                    return self.made(law, "refuted", states=looked, witness=witness)
        return self.made(law, "proven", how="exhaustive", states=looked)

    @staticmethod
    def _uniform(field: Field, place: int) -> Profile:
        return next(profile for number, profile in enumerate(field.near(0)) if number == place)

    # S5: the declared symmetry

    def _anonymous(self) -> Verdict:
        law = LAWS["anonymous"]
        fields = self.fields
        if self.subject.alike is None or not any(len(places) > 1 for field in fields for places in field.alike):
            return self.made(law, "does not apply", reasons=("no statements are declared to be interchangeable",))
        found = self.asymmetry(fields, Random(SEED))
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
                **self.far(field, profile),
            )
            return self.made(law, "refuted", states=self._exchanges(fields), witness=witness)
        if sum(field.size(symmetric=False) for field in fields) <= self.budget:
            return self.made(law, "proven", how="exhaustive", states=sum(field.size(symmetric=False) for field in fields))
        return self.made(law, "not_refuted", states=self._exchanges(fields), tried="exchanges of two answers, by chance")

    def _exchanges(self, fields: list[Field]) -> int:
        return min(sum(field.size(symmetric=False) for field in fields), self.tries)

    # S13: dead statements

    def _responsive(self) -> Verdict:
        law = LAWS["responsive"]
        alive: set[Variable] = set()
        changes = self._moved(improvements)
        for field in self.fields:
            for profile in self.profiles(field):
                before = field.seen(profile)
                for after, place, _ in changes(field, profile) if before is not None else ():
                    variable = field.variables[place]
                    if variable not in alive:
                        then = field.seen(after)
                        if then is not None and before is not None and then.key != before.key:
                            alive.update(field.variables[at] for places in field.classes if place in places for at in places)
        dead = [variable.slots[0].name for variable in self.rule.machine.variables if variable not in alive]
        if not dead:
            return self.made(law, "proven", how="exhaustive", states=self.size if self.whole else self.tried())
        if not self.whole:
            return self.made(law, "undecided", states=self.tried(), tried=f"nothing was found that {', '.join(dead[:12])} could change")
        reasons = (f"whatever the other answers are, these change nothing: {', '.join(dead[:12])}{' ...' if len(dead) > 12 else ''}",)
        return self.made(law, "refuted", states=self.size, reasons=reasons)


def _words(variable: Variable, before: Any, after: Any) -> str:
    """A change in words."""
    one = (before,) if variable.plain else before[: len(variable.slots)]
    other = (after,) if variable.plain else after[: len(variable.slots)]
    place = next(number for number, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    slot, scale = variable.slots[place], variable.slots[place].item.scale
    assert scale is not None
    said = [{NA: "not applicable", BLANK: "unanswered"}[each[place]] if each[place] < 0 else scale.grades[each[place]].label for each in (one, other)]
    return f"change {slot.name} from {said[0]} to {said[1]}"
