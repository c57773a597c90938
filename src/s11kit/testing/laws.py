"""Laws as values: what a rule can be held to, put together in sets, and brought to bear on one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, final

import attrs

from s11kit._frozen import as_tuple
from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Assessment
from s11kit.proving import Prover, Verdict
from s11kit.proving.enumerating import Enumerator
from s11kit.proving.proof import law_name
from s11kit.proving.trying import Subject
from s11kit.rules import BoundRule, laws
from s11kit.rules.definition import Expectation
from s11kit.rules.laws import LAWS, LawText
from s11kit.rules.reaching import BUDGET
from s11kit.testing.black_box import BlackBoxRule
from s11kit.testing.words import failure

__all__ = ["BOARD_SAFE", "EVERY_LAW", "FAIR", "ORDINAL", "BoundLaw", "Expected", "Law", "LawSet", "Laws", "Ruling", "laws_of"]

Ruling: TypeAlias = BoundRule | BlackBoxRule
"""What laws are held against: a rule of a framework, or a function."""
Expected: TypeAlias = str | Expectation


def _always(rule: Any) -> bool:
    return True


@final
@attrs.frozen(kw_only=True)
class Law:
    """A law that rules can be held to: one of the library's, or one of your own.

    Your own law says how it is decided (`decide`, which gets a rule and a budget and gives a `Verdict`), or what holds for every assessment
    (`property`, which gets a rule and an assessment and gives true, or false, or a text that says what is wrong). With `property`, all assessments
    are tried as long as they fit into the budget. `applies` gets a rule and gives true, or a text that says why the law has no meaning for it.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> red = Share(compare=Comparison(operator="at_most", value="not-met"))
    >>> rule = framework.with_rule(Rule(id="red", better="lower", steps=[Step(id="red", over=ALL, op=red)])).rules["red"]
    >>> def scored_by_half(rule, assessment):
    ...     return rule.score(assessment).kind == "scored" or "nothing is scored"
    >>> law = Law(id="scored", title="there is always a result", property=scored_by_half)
    >>> law.on(rule).decide(budget=500).sentence
    'red: there is always a result: refuted'
    """

    id: str
    """Such as `S2-monotone`, or a word of your own."""
    title: str
    """What it says, as half a sentence: `improving an answer never lowers the result`."""
    number: str = ""
    name: str = attrs.field(default=attrs.Factory(lambda self: self.id, takes_self=True))
    means: str = ""
    """What it means to a board."""
    applies: Callable[[Any], bool | str] = attrs.field(default=_always, repr=False)
    decide: Callable[[Any, int | None], Verdict] | None = attrs.field(default=None, repr=False)
    property: Callable[[Any, Assessment], bool | str | None] | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.number == "" and (self.decide is None) == (self.property is None):
            raise TypeError(f"law '{self.id}' needs either decide or property")

    def on(self, rule: Ruling, expect: Expected | None = None) -> BoundLaw:
        """The law held against a rule. What is expected of it is what the rule's `expect` says, unless `expect` is given."""
        return BoundLaw(law=self, rule=rule, expected=_expectation(expect) if expect is not None else None, deciders={})

    def text(self) -> LawText:
        """The law in words, as a verdict holds it."""
        return LAWS[self.name] if self.number else LawText(self.number, self.name, self.title, self.means)


@final
@attrs.frozen(kw_only=True, eq=False)
class BoundLaw:
    """One law held against one rule: it can be decided, and checked against what is expected."""

    law: Law
    rule: Ruling = attrs.field(repr=False)
    expected: Expectation | None = None
    """What is expected of it beside what the rule itself says."""
    deciders: dict[Any, Any] = attrs.field(repr=False)
    """What is found out about the rule, shared by the laws that were bound together."""

    @property
    def id(self) -> str:
        """Such as `S2-monotone`."""
        return self.law.id

    @property
    def number(self) -> str:
        """Such as `S2`; empty for a law of one's own."""
        return self.law.number

    @property
    def name(self) -> str:
        """Such as `monotone`."""
        return self.law.name

    @property
    def title(self) -> str:
        """What the law says."""
        return self.law.title

    @property
    def applies(self) -> bool:
        """Whether the law has a meaning for this rule, as far as the law itself can tell; a verdict may still be `does not apply`."""
        return self.law.applies(self.rule) is True

    @property
    def expectation(self) -> Expectation | None:
        """What is expected: as given, or as the rule says it; `None` if nothing is."""
        if self.expected is not None:
            return self.expected
        found = self.rule.expect if isinstance(self.rule, BlackBoxRule) else self.rule.rule.expect
        return found.get(self.name)

    def __str__(self) -> str:
        return f"{self.rule.id}[{self.id}]"

    def decide(self, budget: int | None = None) -> Verdict:
        """The verdict on the law. `budget` bounds the states (of a function: the assessments) that are looked at."""
        applies = self.law.applies(self.rule)
        if applies is not True:
            why = applies or "it was said not to apply to this rule"
            made = Verdict(rule=self.rule.id, law=self.law.text(), kind="does not apply", reasons=(str(why),))
        elif self.law.decide is not None:
            made = self.law.decide(self.rule, budget)
        elif self.law.property is not None:
            rule, holds = self.rule, self.law.property
            made = self._enumerator(budget).held(self.law.text(), lambda assessment: holds(rule, assessment))
        else:
            made = self._known(budget)
        expected = self.expectation
        if expected is None:
            return made
        said = ", ".join(str(each) for each in (expected.accepted_by, expected.date, expected.reason) if each)
        return attrs.evolve(made, expected=expected.verdict, accepted=said if made.kind == "refuted" and said else None)

    def _known(self, budget: int | None) -> Verdict:
        """One of the library's laws."""
        if isinstance(self.rule, BlackBoxRule):
            return self.rule.decide(self.name, self._enumerator(budget))
        key = "prover", budget
        if key not in self.deciders:
            self.deciders[key] = Prover(self.rule, budget=BUDGET if budget is None else budget)
        made: Verdict = self.deciders[key].decide(self.name)
        return made

    def _enumerator(self, budget: int | None) -> Enumerator:
        key = "enumerator", budget
        if key not in self.deciders:
            subject = self.rule.subject if isinstance(self.rule, BlackBoxRule) else Subject(rule=self.rule, score=self.rule.score)
            self.deciders[key] = Enumerator(subject, budget=budget)
        found: Enumerator = self.deciders[key]
        return found

    def fault(self, budget: int | None = None) -> str | None:
        """What is wrong, in words; `None` if the verdict is as expected, or (where nothing is expected) the law is proven or does not apply."""
        made = self.decide(budget)
        right = made.kind in ("proven", "does not apply") if made.expected is None else made.kind == made.expected
        return None if right else failure(made)

    def check(self, budget: int | None = None) -> None:
        """Decide the law. `AssertionError` with the verdict and the counterexample in words, unless it is proven, or what is expected.

        Expectations are strict both ways: an accepted refutation that can be proved fails as well. A law that does not apply passes, unless something
        else is expected of it.
        """
        __tracebackhide__ = True
        fault = self.fault(budget)
        if fault is not None:
            raise AssertionError(fault)


@final
@attrs.frozen
class LawSet:
    """Some laws under a name, with all laws of its parents before its own.

    >>> ours = LawSet("ours", laws=[Law(id="calm", title="nothing happens", property=lambda rule, assessment: True)], parents=[FAIR])
    >>> [law.id for law in ours]
    ['S4-unanimous', 'S5-anonymous', 'S12-decomposable', 'S13-responsive', 'calm']
    """

    name: str
    laws: tuple[Law, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)
    parents: tuple[LawSet, ...] = attrs.field(default=(), converter=as_tuple, kw_only=True)

    def __iter__(self) -> Iterator[Law]:
        found: dict[str, Law] = {}
        for parent in self.parents:
            found.update({law.id: law for law in parent})
        yield from (found | {law.id: law for law in self.laws}).values()

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, law: object) -> bool:
        return any(law in (each, each.id, each.name, each.number) for each in self)


Laws: TypeAlias = LawSet | Law | str | Iterable["Law | LawSet | str"]
"""Laws, as they may be given: a set, a law, its name or number, or several of these."""


def _library(names: Iterable[str]) -> tuple[Law, ...]:
    texts = [LAWS[name] for name in names]
    return tuple(Law(id=f"{text.number}-{text.name}", number=text.number, name=text.name, title=text.says, means=text.means) for text in texts)


EVERY_LAW = LawSet("every law", laws=_library(LAWS))
"""All laws of the library, S1 to S15. No rule keeps them all."""
BOARD_SAFE = LawSet("board-safe", laws=_library(laws.BOARD_SAFE))
"""What every board should be able to say of its rule."""
FAIR = LawSet("fair", laws=_library(laws.FAIR))
"""What boards may have good reasons to give up."""
ORDINAL = LawSet("ordinal", laws=_library(laws.ORDINAL))
"""That only the order of the grades counts."""


def chosen(given: Laws) -> tuple[Law, ...]:
    """The laws that are meant, each once. `S11Error` with the nearest if there is no such law."""
    if isinstance(given, Law):
        return (given,)
    if isinstance(given, str):
        name = law_name(given)
        return tuple(law for law in EVERY_LAW if law.name == name)
    found: dict[str, Law] = {}
    for each in given:
        found.update({law.id: law for law in (chosen(each) if not isinstance(each, Law) else (each,))})
    return tuple(found.values())


def _expectation(given: Expected) -> Expectation:
    return given if isinstance(given, Expectation) else Expectation(verdict=given)  # type: ignore[arg-type]


def expectations(given: Mapping[str, Expected] | None, among: Iterable[Law]) -> dict[str, Expectation]:
    """What is expected, by the id of the law; a law may be named by number, name or id. `S11Error` if there is no such law among these."""
    every, out = list(among), dict[str, Expectation]()
    for name, expected in (given or {}).items():
        found = next((law for law in every if name.lower() in {law.id.lower(), law.name.lower(), law.number.lower()} - {""}), None)
        if found is None:
            known = [known for law in every for known in (law.name, law.number) if known]
            message = f"something is expected of law '{name[:60]}', which is not among those that are checked"
            raise S11Error([Problem(code="J013", message=message, hint=nearest(name, known, listing="laws here"), about=name)])
        out[found.id] = _expectation(expected)
    return out


def laws_of(rule: Ruling, laws: Laws | None = None, *, expect: Mapping[str, Expected] | None = None) -> tuple[BoundLaw, ...]:
    """Laws held against a rule: all of the library's, or those given. `expect` says what is expected of some of them, by name or number.

    `S11Error` if there is no such law. Nothing is decided before it is asked for, and what one law finds out the next ones use.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> rule = framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])).rules["met"]
    >>> for law in laws_of(rule, ["S2", "na_safe"], expect={"S7": "refuted"}):
    ...     print(law, law.decide().words)
    ...     law.check()
    met[S2-monotone] proven (structural)
    met[S7-na_safe] refuted
    """
    found = chosen(EVERY_LAW if laws is None else laws)
    wanted = expectations(expect, found)
    deciders: dict[Any, Any] = {}
    return tuple(BoundLaw(law=law, rule=rule, expected=wanted.get(law.id), deciders=deciders) for law in found)
