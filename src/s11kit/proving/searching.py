"""Looking for assessments that break a law: through all of them, or through those near to a uniform one and some by chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import combinations
from random import Random
from typing import Any, TypeAlias

from s11kit.model import Assessment
from s11kit.proving.scopes import circles
from s11kit.proving.trying import Cost, Field, Profile, Seen, Subject
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import background
from s11kit.rules.laws import LawText
from s11kit.rules.result import Result

__all__ = ["BUDGET", "SEED", "TRIES", "Breaks", "Broken", "Change", "Search"]

BUDGET = 20_000
"""How many assessments are scored at most to decide a law, unless the caller says otherwise."""
TRIES = 2_000
"""How many are tried by chance where there are more."""
SEED = 11
_PAIRS = 12
"""Up to how many differing answers two are changed at once, to make a counterexample smaller."""

Change: TypeAlias = tuple[Profile, int, int]
"""The answers after a change, the place that changes, and how many grade steps it is."""
Breaks: TypeAlias = Callable[[Seen, Seen], bool]
Broken: TypeAlias = tuple[Cost, Field, Profile, Change]


class Search:
    """Assessments of one subject that break a law, the smallest of them; and what is known if there are none."""

    def __init__(self, subject: Subject, *, budget: int | None = None, tries: int = TRIES) -> None:
        self.subject, self.rule, self.tries = subject, subject.rule, tries
        self.budget = BUDGET if budget is None else budget
        self._random = Random(SEED)

    @cached_property
    def fields(self) -> list[Field]:
        """The assessments, by kind of organisation."""
        found = [Field(self.subject, circle) for circle in circles(self.rule)]
        if self.subject.alike is not None and self.asymmetry(found, Random(SEED)) is not None:
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

    def held(self, law: LawText, holds: Callable[[Assessment], bool | str | None]) -> Verdict:
        """The verdict on a law of one's own: whether it holds for every assessment. A text says why not."""
        whys: dict[Profile, str] = {}

        def breaks(field: Field, profile: Profile) -> bool:
            said = holds(field.assessment(profile))
            if said is False or (isinstance(said, str) and said):
                whys[profile] = said if isinstance(said, str) else "here it does not hold"
                return True
            return False

        found = self.single(breaks)
        if found is None:
            return self.found_none(law)
        _, field, profile = found
        why = whys[profile]
        return self.refuted(
            law, Witness(before=field.assessment(profile), result=self.result(field, profile), change=why, **self.far(field, profile))
        )

    # verdicts

    def found_none(self, law: LawText, states: int | None = None) -> Verdict:
        """What is known where no counterexample was found."""
        if self.whole:
            return self.made(law, "proven", how="exhaustive", states=self.size if states is None else states, reasons=self._given())
        tried = (
            f"{sum(self._near_most(field)[1] for field in self.fields):,} near to a uniform assessment and {self.tries:,} by chance, of {self.size:,}"
        )
        return self.made(law, "not_refuted", states=states or self.tried(), reasons=self._given(), tried=tried)

    def tried(self) -> int:
        """How many assessments are looked at where there are too many for all of them."""
        return self.tries + sum(self._near_most(field)[1] for field in self.fields)

    def made(self, law: LawText, kind: Any, **more: Any) -> Verdict:
        """A verdict on this subject."""
        return Verdict(rule=self.rule.id, law=law, kind=kind, **more)

    def refuted(self, law: LawText, witness: Witness, reasons: tuple[str, ...] = ()) -> Verdict:
        """A verdict with a counterexample."""
        return self.made(law, "refuted", states=self.size if self.whole else self.tried(), witness=witness, reasons=reasons)

    def _given(self) -> tuple[str, ...]:
        """What a verdict rests on beside the trying."""
        used = [field for field in self.fields if field.symmetric and any(len(places) > 1 for places in field.classes)]
        if not used or not self.whole:
            return ()
        return (f"{self.subject.alike_words} were taken to be interchangeable: that is declared, and the trying has not refuted it",)

    def result(self, field: Field, profile: Profile, seen: Seen | None = None) -> Result:
        """The result of a profile, exactly as its answers stand there."""
        found = seen or field.scored(profile)
        assert found is not None
        return Result(bound=self.rule, assessments=(field.assessment(profile),), least=found.least, greatest=found.greatest)

    @staticmethod
    def far(field: Field, profile: Profile, steps: int = 0) -> dict[str, Any]:
        """How far a profile is from a uniform one, as a witness holds it."""
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

    def profiles(self, field: Field) -> Iterator[Profile]:
        """What is scored of a field: all, or those near to a uniform assessment and some by chance."""
        if self.whole:
            yield from field.profiles()
            return
        yield from field.bare()
        for differing in range(self._near_most(field)[0]):
            yield from field.near(differing)
        random = Random(SEED)
        for _ in range(self.tries // len(self.fields)):
            yield field.random(random)

    def single(self, breaks: Callable[[Field, Profile], bool]) -> tuple[Cost, Field, Profile] | None:
        """The smallest assessment that breaks a law about one."""
        best: tuple[Cost, Field, Profile] | None = None
        for field in self.fields:
            for profile in self.profiles(field):
                if field.seen(profile) is not None and breaks(field, profile):
                    cost = field.cost(profile)
                    best = (cost, field, profile) if best is None or cost < best[0] else best
        if best is not None and not self.whole:
            cost, field, profile = best
            return next(
                iter(self._smaller(field, profile, lambda other: (field.cost(other),) if _there(field, other) and breaks(field, other) else None))
            )
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

    def pair(self, changes: Callable[[Field, Profile], Iterable[Change]], breaks: Breaks) -> Broken | None:
        """The smallest pair of assessments that breaks a law about a change."""
        best: Broken | None = None
        for field in self.fields:
            for profile in self.profiles(field):
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

    # whether what is declared to be alike is alike

    def asymmetry(self, fields: list[Field], random: Random) -> Broken | None:
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


def _there(field: Field, profile: Profile) -> bool:
    return field.seen(profile) is not None


def _beside(field: Field, profile: Profile) -> Iterator[Profile]:
    """Profiles that differ in one answer; then those in which one answer becomes uniform and another one changes."""
    yield from _one_off(field, profile)
    uniform = [background(variable, field.cost(profile)[2]) for variable in field.variables]
    differing = [place for place, symbol in enumerate(profile) if symbol != uniform[place]]
    for place in differing if len(differing) <= _PAIRS else ():
        for other in differing:
            if other != place:
                level = (*profile[:place], uniform[place], *profile[place + 1 :])
                yield from ((*level[:other], symbol, *level[other + 1 :]) for symbol in field.symbols[other] if symbol != profile[other])


def _one_off(field: Field, profile: Profile) -> Iterator[Profile]:
    for place, symbols in enumerate(field.symbols):
        for symbol in symbols:
            if symbol != profile[place]:
                yield (*profile[:place], symbol, *profile[place + 1 :])
