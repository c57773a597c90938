"""All assessments that a rule can meet, one by one: what is left where a rule cannot be taken apart, because part of it is a function.

A *profile* is one answer for every place that a rule looks at. A `Field` holds the profiles of one kind of organisation, scores each of them once,
and can leave out those that differ only by exchanging places which are declared to be alike.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product
from math import comb, prod
from random import Random
from typing import Any, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import Assessment
from s11kit.model.assessment import SELF, Entry, Graded, NotApplicable
from s11kit.proving.scopes import Circle
from s11kit.proving.space import Space
from s11kit.proving.witness import assessment_of, background, cost_of
from s11kit.rules.binding import BLANK, NA, OUT, BoundRule, Symbol, Variable
from s11kit.rules.operator import Value
from s11kit.rules.result import Result

__all__ = ["Cost", "Field", "Profile", "Seen", "Subject"]

Profile: TypeAlias = tuple[Symbol, ...]
"""An answer for every variable of a field, in framework order."""
Cost: TypeAlias = tuple[Any, ...]
"""What smallest is measured by: differing statements, grade steps, place of the background, goodness; then framework order."""
REASON = "Not applicable in this example"


@final
@attrs.frozen(kw_only=True, eq=False)
class Subject:
    """What is tried: which answers there are, and a function that scores."""

    rule: BoundRule
    """The answers it looks at, the kind of its results, and their order."""
    score: Callable[[Assessment], Result]
    alike: Callable[[Variable], Hashable] | None = None
    """What is the same for answers that are declared to be interchangeable."""
    alike_words: str = ""
    """The same in words, such as `statements of the same weight`."""


@final
@attrs.frozen(eq=False)
class Seen:
    """What came of one profile: its result, as what it is compared by, and what was out of scope."""

    key: tuple[int, Any]
    least: Value
    greatest: Value
    out: frozenset[str]


@final
class Field:
    """The profiles of one kind of organisation."""

    def __init__(self, subject: Subject, circle: Circle) -> None:
        self.subject, self.circle, self.rule = subject, circle, subject.rule
        machine = subject.rule.machine
        self.variables = [variable for variable in machine.variables if variable not in circle.out]
        self.symbols = [tuple(variable.symbols(blank=not machine.ranges)) for variable in self.variables]
        self.symmetric = subject.alike is not None
        self._space = Space(subject.rule, out=circle.out, free=circle.free, budget=0)
        self._seen: dict[Profile, Seen | None] = {}

    # classes

    @cached_property
    def alike(self) -> list[list[int]]:
        """The places that are declared to be alike, class by class, in framework order; each alone if nothing is declared."""
        found: dict[Any, list[int]] = {}
        for place, variable in enumerate(self.variables):
            same = (self.subject.alike(variable), self.symbols[place]) if self.subject.alike is not None else place
            found.setdefault(same, []).append(place)
        return list(found.values())

    @property
    def classes(self) -> list[list[int]]:
        """The places that are taken together: as declared, unless the declaration was found wrong."""
        return self.alike if self.symmetric else [[place] for place in range(len(self.variables))]

    def size(self, *, symmetric: bool | None = None) -> int:
        """How many profiles there are."""
        if self.symmetric if symmetric is None else symmetric:
            return prod(comb(len(each) + len(self.symbols[each[0]]) - 1, len(each)) for each in self.alike)
        return prod(len(symbols) for symbols in self.symbols)

    def profiles(self, *, symmetric: bool | None = None) -> Iterator[Profile]:
        """Every profile; of those that only exchange places which are alike, one."""
        if not (self.symmetric if symmetric is None else symmetric):
            yield from product(*self.symbols)
            return
        for chosen in product(*(combinations_with_replacement(self.symbols[each[0]], len(each)) for each in self.alike)):
            yield self._placed(chosen)

    def _placed(self, chosen: tuple[tuple[Symbol, ...], ...]) -> Profile:
        out: list[Symbol] = [None] * len(self.variables)
        for places, symbols in zip(self.alike, chosen, strict=True):
            for place, symbol in zip(places, symbols, strict=True):
                out[place] = symbol
        return tuple(out)

    def canonical(self, profile: Profile) -> Profile:
        """The one of the profiles that only exchange places which are alike."""
        if not self.symmetric:
            return profile
        out = list(profile)
        for places in self.alike:
            if len(places) > 1:
                order = self.symbols[places[0]]
                for place, symbol in zip(places, sorted((profile[place] for place in places), key=order.index), strict=True):
                    out[place] = symbol
        return tuple(out)

    def near(self, differing: int) -> Iterator[Profile]:
        """Profiles in which so many answers differ from one background."""
        for place in self.backgrounds:
            uniform = [background(variable, place) for variable in self.variables]
            for places in combinations(range(len(self.variables)), differing):
                for chosen in product(*([s for s in self.symbols[at] if s != uniform[at]] for at in places)):
                    profile = list(uniform)
                    for at, symbol in zip(places, chosen, strict=True):
                        profile[at] = symbol
                    yield tuple(profile)

    def near_size(self, differing: int) -> int:
        """About how many of these there are."""
        most = max((len(symbols) for symbols in self.symbols), default=1) - 1
        return len(self.backgrounds) * comb(len(self.variables), differing) * int(most**differing)

    def bare(self) -> Iterator[Profile]:
        """The profiles in which nothing is graded: all not applicable, as far as that may be said, and all unanswered."""
        for wanted in ((NA, BLANK), (BLANK,)):
            yield tuple([next((s for w in wanted for s in symbols if _is(s, w)), symbols[0]) for symbols in self.symbols])

    def random(self, random: Random) -> Profile:
        """One profile by chance: half of the time near to a uniform one."""
        if random.random() < 0.5:
            return tuple([random.choice(symbols) for symbols in self.symbols])
        place = random.choice(self.backgrounds)
        share = random.choice((0.1, 0.3))
        return tuple(
            [random.choice(s) if random.random() < share else background(v, place) for v, s in zip(self.variables, self.symbols, strict=True)]
        )

    # scoring

    def seen(self, profile: Profile) -> Seen | None:
        """What comes of a profile; `None` if there is no such assessment, because an answer in it makes another one out of scope."""
        profile = self.canonical(profile)
        if profile not in self._seen:
            self._seen[profile] = self.scored(profile)
        return self._seen[profile]

    def scored(self, profile: Profile) -> Seen | None:
        """The same, exactly as the answers stand there, and without remembering it."""
        assessment = self.assessment(profile)
        out = assessment.scope.out if self.rule.framework.conditional else frozenset[str]()
        if out and any(variable.slots[0].ref in out and not _nothing(variable, s) for variable, s in zip(self.variables, profile, strict=True)):
            return None
        result = self.subject.score(assessment)
        return Seen(self.rule.key(result.least), result.least, result.greatest, out)

    def assessment(self, profile: Profile) -> Assessment:
        """A profile as an assessment that loads and scores."""
        if self._plain:
            answers = {v.slots[0].ref: entry for v, s in zip(self.variables, profile, strict=True) if (entry := self._entries[v][s]) is not None}
            return Assessment(framework=self.rule.framework, organisation=self.circle.organisation, answers=FrozenDict(answers))
        return assessment_of(self.circle, self._space, dict(zip(self.variables, profile, strict=True)))

    @cached_property
    def _plain(self) -> bool:
        return all(v.plain and v.slots[0].role == SELF and v.slots[0].dimension is None for v in self.variables)

    @cached_property
    def _entries(self) -> dict[Variable, dict[Symbol, Entry | None]]:
        found: dict[Variable, dict[Symbol, Entry | None]] = {}
        for variable in self.variables:
            scale = variable.slots[0].item.scale
            assert scale is not None
            found[variable] = {rank: Entry(answer=Graded(grade.id)) for rank, grade in enumerate(scale.grades)}
            found[variable] |= {NA: Entry(answer=NotApplicable(REASON)), BLANK: None}
        return found

    # sizes

    @cached_property
    def backgrounds(self) -> range:
        """The places of the uniform assessments, from the best."""
        return range(max((slot.grades for variable in self.variables for slot in variable.slots), default=0))

    def cost(self, profile: Profile, steps: int = 0, changed: int = 0) -> Cost:
        """How far a profile is from a uniform one, with what follows when two are as far."""
        before = dict(zip(self.variables, profile, strict=True))
        size = min(cost_of(before, steps, place) for place in self.backgrounds)
        uniform = [background(variable, size[2]) for variable in self.variables]
        order = tuple([(1, 0) if s == u else (0, at[s]) for s, u, at in zip(profile, uniform, self._order, strict=True)])
        return (*size, changed, order)

    @cached_property
    def _order(self) -> list[dict[Symbol, int]]:
        return [{symbol: place for place, symbol in enumerate(symbols)} for symbols in self.symbols]

    def arranged(self, profile: Profile, changed: int) -> tuple[Profile, int]:
        """The profile among those that are alike which stands first: the changed answer, then the differing ones, the worst first."""
        if not self.symmetric:
            return profile, changed
        uniform = [background(variable, self.cost(profile)[2]) for variable in self.variables]
        out = list(profile)
        for places in self.alike:
            symbols = [profile[place] for place in places if place != changed]
            rest = sorted(symbols, key=lambda symbol: (symbol == uniform[places[0]], self._order[places[0]][symbol]))
            first = [profile[changed]] if changed in places else []
            for place, symbol in zip(places, [*first, *rest], strict=True):
                out[place] = symbol
        return tuple(out), next(places[0] for places in self.alike if changed in places)


def _is(symbol: Symbol, base: int) -> bool:
    """Whether an answer is that one, in all of its places."""
    return bool(symbol == base) if not isinstance(symbol, tuple) else all(each == base for each in symbol if not isinstance(each, bool))


def _nothing(variable: Variable, symbol: Symbol) -> bool:
    bases = (symbol,) if variable.plain else symbol[: len(variable.slots)]
    return all(base in (BLANK, OUT) for base in bases)
