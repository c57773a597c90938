"""Conditions: tests over an organisation and over earlier answers. Standards, statements and boards apply by them, and rules ask by them.

A condition either holds, or does not, or **cannot be settled** because the organisation has not said what it asks for (`None`). Answers that
are missing or not applicable are left out of a selection; a test over an empty selection does not hold, unless it says `empty=True`.

A framework asks by `Condition`. A scoring rule asks by `Test`, which knows nothing of the organisation, but of earlier steps and of the action plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, Protocol, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict, as_frozenset, as_tuple, is_table
from s11kit._numbers import exact, number_text
from s11kit.errors import FieldError, listed
from s11kit.model._guards import one_of

__all__ = [
    "AnswerTest", "Both", "Comparison", "Condition", "Either", "Facts", "Not", "OrganisationTest", "PlanTest", "Selection", "StepTest", "Test",
]  # fmt: skip

Operator = Literal["at_least", "above", "at_most", "below", "is"]
Quantifier = Literal["any", "all", "none", "some"]
ORGANISATION_FIELDS = ("kind", "areas", "settings", "size")


class Facts(Protocol):
    """What a condition may look at."""

    def organisation_fact(self, field: str) -> frozenset[str] | bool | None:
        """What the organisation says of itself under `kind`, `areas`, `settings`, `size` or `statutory`; `None` if it has not said."""
        ...

    def selected(self, selection: Selection) -> Iterator[str]:
        """The references a selection picks, in framework order, those in scope only."""
        ...

    def compares(self, ref: str, comparison: Comparison) -> bool | None:
        """Whether the answer under `ref` compares so; `None` if it is missing or not applicable, and therefore left out."""
        ...


@final
@attrs.frozen(kw_only=True)
class OrganisationTest:
    """Holds when the organisation matches everything that is asked: it has one of the kinds, one of the areas, and so on.

    >>> OrganisationTest(areas=["peterborough"]).sentence
    'the organisation works in peterborough'
    """

    kind: frozenset[str] = attrs.field(default=frozenset(), converter=as_frozenset)
    areas: frozenset[str] = attrs.field(default=frozenset(), converter=as_frozenset)
    settings: frozenset[str] = attrs.field(default=frozenset(), converter=as_frozenset)
    size: frozenset[str] = attrs.field(default=frozenset(), converter=as_frozenset)
    statutory: bool | None = None

    def __attrs_post_init__(self) -> None:
        if self.statutory is None and not any(getattr(self, name) for name in ORGANISATION_FIELDS):
            raise FieldError((), "this condition asks for nothing", code="K011", hint="name a kind, areas, settings, a size or statutory")

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds; `None` if the organisation has not said what is asked and nothing else settles it."""
        result: bool | None = True
        for name in (*ORGANISATION_FIELDS, "statutory"):
            wanted = getattr(self, name)
            if wanted is None or wanted == frozenset():
                continue
            said = facts.organisation_fact(name)
            if said is None:
                result = None
            elif isinstance(said, bool):
                if said is not wanted:
                    return False
            elif not said & wanted:
                return False
        return result

    def missing(self, facts: Facts) -> frozenset[str]:
        """The fields the organisation would have to fill in for this to be settled."""
        asked = [name for name in ORGANISATION_FIELDS if getattr(self, name)] + (["statutory"] if self.statutory is not None else [])
        return frozenset(name for name in asked if facts.organisation_fact(name) is None)

    @property
    def sentence(self) -> str:
        """The condition in words."""
        words = {"kind": "is of kind", "areas": "works in", "settings": "runs", "size": "is of size"}
        parts = [f"{words[name]} {' or '.join(sorted(getattr(self, name)))}" for name in ORGANISATION_FIELDS if getattr(self, name)]
        if self.statutory is not None:
            parts.append("is bound by the duty" if self.statutory else "is not bound by the duty")
        return "the organisation " + listed(parts)


@final
@attrs.frozen(kw_only=True)
class Selection:
    """Which answers a test or a step of a rule looks at. Everything given must match; `over_all` picks all.

    Rules also select sides (`dimension`) and whose grades (`role`, `self` unless said otherwise), or the results of an earlier `step`.
    """

    over_all: bool = False
    refs: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    tag: str | None = None
    standard: str | None = None
    dimension: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    role: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    step: str | None = None

    def __attrs_post_init__(self) -> None:
        narrowed = bool(self.refs or self.dimension or self.role) or self.tag is not None or self.standard is not None or self.step is not None
        if not narrowed and not self.over_all:
            raise FieldError((), "this test does not say which answers it looks at", code="K011", hint='give refs, tag, standard, or over = "all"')
        if self.step is not None and (self.over_all or self.refs or self.dimension or self.role or self.tag or self.standard):
            raise FieldError("step", "this test looks at a step and at statements", code="K011", hint="keep step, or the other keys")

    @property
    def sentence(self) -> str:
        """The selection in words."""
        if self.step is not None:
            return f"the results of {self.step}"
        seen = ([f"seen as {' or '.join(self.dimension)}"] if self.dimension else []) + ([f"graded by {listed(self.role)}"] if self.role else [])
        beside = f", {', '.join(seen)}" if seen else ""
        if self.refs and not (self.tag or self.standard):
            return listed(self.refs) + beside
        parts = ([f"under {self.standard}"] if self.standard else []) + ([f"tagged {self.tag}"] if self.tag else [])
        parts += [f"among {listed(self.refs)}"] if self.refs else []
        return ("the statements " + " and ".join(parts) if parts else "all statements") + beside


def _profile(value: Any) -> Any:
    """An attrs converter: a table of grades becomes a frozen one."""
    return FrozenDict(value) if is_table(value) else value


@final
@attrs.frozen(kw_only=True)
class Comparison:
    """A comparison with a grade, or (`is` only) with yes or no.

    In rules it may also be with a number, with `"target"` (the statement's own target grade), or with a profile: a grade for each reference.
    """

    operator: Operator = attrs.field(validator=one_of(Operator))
    value: str | bool | Fraction | FrozenDict[str, str] = attrs.field(converter=_profile)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.value, bool) and self.operator != "is":
            raise FieldError(self.operator, "yes and no have no order", code="K011", hint="write is = true or is = false")

    def accepts(self, rank: int | Fraction, other: int | Fraction) -> bool:
        """Whether a grade at `rank` compares so with one at `other` on the same scale (0 is worst); or one number with another."""
        return {
            "at_least": rank >= other,
            "above": rank > other,
            "at_most": rank <= other,
            "below": rank < other,
            "is": rank == other,
        }[self.operator]

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        words = {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below", "is": ""}[self.operator]
        return f"{words} {self._value}".strip()

    @property
    def _value(self) -> str:
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        if isinstance(self.value, Fraction):
            return number_text(self.value)
        if isinstance(self.value, FrozenDict):
            return "the profile " + listed([f"{ref} {grade}" for ref, grade in self.value.items()])
        return "its target" if self.value == "target" else self.value


@final
@attrs.frozen(kw_only=True)
class AnswerTest:
    """A quantified test over earlier answers: any, all, none of them, or some of them (at least `k`, or at least a `share` of 0 to 1) compare so."""

    quantifier: Quantifier = attrs.field(validator=one_of(Quantifier))
    selection: Selection
    comparison: Comparison
    k: int = 1
    share: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact))
    empty: bool = False

    def __attrs_post_init__(self) -> None:
        if self.k < 1:
            raise FieldError("k", "k is how many answers must compare so: one or more", code="K009")
        if self.share is not None and not 0 < self.share <= 1:
            raise FieldError("share", "a share is a number above 0 and at most 1", code="K009", hint='write four fifths as "4/5"')

    def holds(self, facts: Facts) -> bool:
        """Whether it holds over the answers that are there."""
        found = [x for x in (facts.compares(ref, self.comparison) for ref in facts.selected(self.selection)) if x is not None]
        if not found:
            return self.empty
        if self.quantifier == "any":
            return any(found)
        if self.quantifier == "all":
            return all(found)
        if self.quantifier == "none":
            return not any(found)
        return sum(found) >= self.k if self.share is None else Fraction(sum(found), len(found)) >= self.share

    def missing(self, facts: Facts) -> frozenset[str]:
        """Nothing: a test over answers is always settled."""
        return frozenset()

    @property
    def sentence(self) -> str:
        """The test in words."""
        some = f"at least {self.k} of" if self.share is None else f"at least {number_text(self.share)} of"
        quantity = {"any": "any of", "all": "all of", "none": "none of", "some": some}[self.quantifier]
        one = len(self.selection.refs) == 1 and self.quantifier in ("any", "all")
        return f"{'' if one else quantity + ' '}{self.selection.sentence} {'is' if one else 'are'} {self.comparison.sentence}"


@final
@attrs.frozen(kw_only=True)
class StepTest:
    """In a rule: the result of an earlier step compares so. Without a comparison, a step that is itself a test holds. Outside a rule, unsettled."""

    step: str
    comparison: Comparison | None = None

    def holds(self, facts: Facts) -> bool | None:
        """Unsettled: only a rule knows its steps."""
        return None

    def missing(self, facts: Facts) -> frozenset[str]:
        """Nothing that an organisation could say."""
        return frozenset()

    @property
    def sentence(self) -> str:
        """The test in words."""
        return f"{self.step} is {self.comparison.sentence}" if self.comparison is not None else f"{self.step} holds"


@final
@attrs.frozen(kw_only=True)
class PlanTest:
    """In a rule: every statement that `covers` picks has an action whose status is `plan`. Outside a rule, unsettled."""

    plan: str
    selection: Selection
    comparison: Comparison
    empty: bool = False

    def holds(self, facts: Facts) -> bool | None:
        """Unsettled: only a rule reads the action plan."""
        return None

    def missing(self, facts: Facts) -> frozenset[str]:
        """Nothing that an organisation could say of itself."""
        return frozenset()

    @property
    def sentence(self) -> str:
        """The test in words."""
        return f"an action that is '{self.plan}' covers each of {self.selection.sentence} that is {self.comparison.sentence}"


@final
@attrs.frozen(kw_only=True)
class Both:
    """Holds when all of its tests do."""

    tests: tuple[AnyTest, ...] = attrs.field(converter=as_tuple)

    def holds(self, facts: Facts) -> bool | None:
        """False if any test fails, else unsettled if any is, else true."""
        results = [test.holds(facts) for test in self.tests]
        return False if False in results else None if None in results else True

    def missing(self, facts: Facts) -> frozenset[str]:
        """What the organisation would have to say."""
        return _missing(self.tests, facts)

    @property
    def sentence(self) -> str:
        """The condition in words."""
        return " and ".join(_bracketed(test) for test in self.tests)


@final
@attrs.frozen(kw_only=True)
class Either:
    """Holds when at least one of its tests does."""

    tests: tuple[AnyTest, ...] = attrs.field(converter=as_tuple)

    def holds(self, facts: Facts) -> bool | None:
        """True if any test holds, else unsettled if any is, else false."""
        results = [test.holds(facts) for test in self.tests]
        return True if True in results else None if None in results else False

    def missing(self, facts: Facts) -> frozenset[str]:
        """What the organisation would have to say."""
        return _missing(self.tests, facts)

    @property
    def sentence(self) -> str:
        """The condition in words."""
        return " or ".join(_bracketed(test) for test in self.tests)


@final
@attrs.frozen(kw_only=True)
class Not:
    """Holds when its test does not; unsettled when its test is."""

    test: AnyTest

    def holds(self, facts: Facts) -> bool | None:
        """The opposite of the test."""
        result = self.test.holds(facts)
        return None if result is None else not result

    def missing(self, facts: Facts) -> frozenset[str]:
        """What the organisation would have to say."""
        return self.test.missing(facts)

    @property
    def sentence(self) -> str:
        """The condition in words."""
        return f"not ({self.test.sentence})"


Condition: TypeAlias = OrganisationTest | AnswerTest | Both | Either | Not
Test: TypeAlias = AnswerTest | StepTest | PlanTest | Both | Either | Not
AnyTest: TypeAlias = OrganisationTest | AnswerTest | StepTest | PlanTest | Both | Either | Not


def _missing(tests: tuple[AnyTest, ...], facts: Facts) -> frozenset[str]:
    return frozenset(name for test in tests if test.holds(facts) is None for name in test.missing(facts))


def _bracketed(test: AnyTest) -> str:
    return f"({test.sentence})" if isinstance(test, (Both, Either)) else test.sentence


def parts(
    condition: AnyTest | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], OrganisationTest | AnswerTest | StepTest | PlanTest]]:
    """Every simple test inside a condition, with its path in a file."""
    if isinstance(condition, (OrganisationTest, AnswerTest, StepTest, PlanTest)):
        yield path, condition
    elif isinstance(condition, Not):
        yield from parts(condition.test, (*path, "not"))
    elif condition is not None:
        word = "both" if isinstance(condition, Both) else "either"
        for place, test in enumerate(condition.tests):
            yield from parts(test, (*path, word, place))
