"""Conditions: tests over an organisation and over earlier answers. Standards, statements and boards apply by them, and rules ask by them.

A condition either holds, or does not, or **cannot be settled** because the organisation has not said what it asks for (`None`). Answers that
are missing or not applicable are left out of a selection; a test over an empty selection does not hold, unless it says `empty=True`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol, TypeAlias, final

import attrs

from s11kit._frozen import as_frozenset, as_tuple
from s11kit.errors import FieldError, listed
from s11kit.model._guards import one_of

__all__ = ["AnswerTest", "Both", "Comparison", "Condition", "Either", "Facts", "Not", "OrganisationTest", "Selection"]

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
    """Which answers a test looks at. Everything given must match; `over_all` picks all."""

    over_all: bool = False
    refs: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    tag: str | None = None
    standard: str | None = None

    def __attrs_post_init__(self) -> None:
        narrowed = bool(self.refs) or self.tag is not None or self.standard is not None
        if not narrowed and not self.over_all:
            raise FieldError((), "this test does not say which answers it looks at", code="K011", hint='give refs, tag, standard, or over = "all"')

    @property
    def sentence(self) -> str:
        """The selection in words."""
        if self.refs:
            return listed(self.refs)
        parts = ([f"under {self.standard}"] if self.standard else []) + ([f"tagged {self.tag}"] if self.tag else [])
        return "the statements " + " and ".join(parts) if parts else "all statements"


@final
@attrs.frozen(kw_only=True)
class Comparison:
    """A comparison with a grade, or (`is` only) with a yes/no answer."""

    operator: Operator = attrs.field(validator=one_of(Operator))
    value: str | bool

    def __attrs_post_init__(self) -> None:
        if isinstance(self.value, bool) and self.operator != "is":
            raise FieldError(self.operator, "yes and no have no order", code="K011", hint="write is = true or is = false")

    def accepts(self, rank: int, other: int) -> bool:
        """Whether a grade at `rank` compares so with one at `other` on the same scale (0 is worst)."""
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
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else self.value
        return f"{words} {value}".strip()


@final
@attrs.frozen(kw_only=True)
class AnswerTest:
    """A quantified test over earlier answers: any, all, none of them, or some `k` of them compare so."""

    quantifier: Quantifier = attrs.field(validator=one_of(Quantifier))
    selection: Selection
    comparison: Comparison
    k: int = 1
    empty: bool = False

    def __attrs_post_init__(self) -> None:
        if self.k < 1:
            raise FieldError("k", "k is how many answers must compare so: one or more", code="K009")

    def holds(self, facts: Facts) -> bool:
        """Whether it holds over the answers that are there."""
        found = [x for x in (facts.compares(ref, self.comparison) for ref in facts.selected(self.selection)) if x is not None]
        if not found:
            return self.empty
        if self.quantifier == "any":
            return any(found)
        if self.quantifier == "all":
            return all(found)
        return not any(found) if self.quantifier == "none" else sum(found) >= self.k

    def missing(self, facts: Facts) -> frozenset[str]:
        """Nothing: a test over answers is always settled."""
        return frozenset()

    @property
    def sentence(self) -> str:
        """The test in words."""
        quantity = {"any": "any of", "all": "all of", "none": "none of", "some": f"at least {self.k} of"}[self.quantifier]
        one = len(self.selection.refs) == 1 and self.quantifier in ("any", "all")
        return f"{'' if one else quantity + ' '}{self.selection.sentence} {'is' if one else 'are'} {self.comparison.sentence}"


@final
@attrs.frozen(kw_only=True)
class Both:
    """Holds when all of its tests do."""

    tests: tuple[Condition, ...] = attrs.field(converter=as_tuple)

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

    tests: tuple[Condition, ...] = attrs.field(converter=as_tuple)

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

    test: Condition

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


def _missing(tests: tuple[Condition, ...], facts: Facts) -> frozenset[str]:
    return frozenset(name for test in tests if test.holds(facts) is None for name in test.missing(facts))


def _bracketed(test: Condition) -> str:
    return f"({test.sentence})" if isinstance(test, (Both, Either)) else test.sentence


def parts(condition: Condition | None, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], OrganisationTest | AnswerTest]]:
    """Every simple test inside a condition, with its path in a file."""
    if isinstance(condition, (OrganisationTest, AnswerTest)):
        yield path, condition
    elif isinstance(condition, Not):
        yield from parts(condition.test, (*path, "not"))
    elif condition is not None:
        word = "both" if isinstance(condition, Both) else "either"
        for place, test in enumerate(condition.tests):
            yield from parts(test, (*path, word, place))
