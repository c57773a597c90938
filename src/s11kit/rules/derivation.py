"""The derivation of a result: a tree of plain values that anybody can read, and that comes to the same result again without the rule.

A board that is asked why an organisation has this result must be able to show every answer that counted, every answer that did not, and the reason.
So that the reasons cannot part from the result, a derivation is a record that can be recomputed: `replay` begins at the answers and knows nothing of
rules, frameworks or of how results are found. `s11kit.rules.explanation` makes derivations, `s11kit.rules.telling` puts them into words.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, final

import attrs

from s11kit._numbers import number_text
from s11kit.rules.averaging import Mean, Sum
from s11kit.rules.binding import STRENGTH
from s11kit.rules.leaves import Against, Conversion, Fold, Key, Known, Leaf
from s11kit.rules.operator import Absent, Kind, Value
from s11kit.rules.result import Given, Result, given, plain

__all__ = ["Against", "Conversion", "Derivation", "DerivedStep", "DerivedTest", "Fold", "Key", "Leaf", "Term"]


@final
@attrs.frozen(kw_only=True)
class DerivedTest:
    """One test of a step: whether it held, and which answers decided that."""

    sentence: str
    held: bool | None
    """`None` if a policy refused what it reads."""
    witnesses: tuple[Leaf, ...] = ()
    """The answers (or results of groups) that made it hold, or kept it from holding."""
    word: str = ""
    inner: tuple[DerivedTest, ...] = ()
    fold: Fold | None = None
    source: Key | None = None
    compare: Against | None = attrs.field(default=None, repr=False)

    def walk(self) -> Iterator[DerivedTest]:
        """This test and all inside it."""
        yield self
        for test in self.inner:
            yield from test.walk()

    def holds(self, known: Known) -> Any:
        """Whether it holds, from the leaves; `Absent` if a policy refuses what it reads."""
        if self.fold is not None:
            return self.fold.outcome(known)[0]
        if self.source is not None and self.compare is not None:
            value = known[self.source][0]
            if isinstance(value, Absent):
                return value if value.kind == "refused" else False
            return self.compare(value)
        found = [test.holds(known) for test in self.inner]
        refused = [each for each in found if isinstance(each, Absent)]
        if refused:
            return min(refused, key=lambda each: STRENGTH[each.kind])
        return not found[0] if self.word == "not" else all(found) if self.word == "both" else any(found)

    @property
    def refs(self) -> tuple[str, ...]:
        """The references of the witnesses, once each."""
        return tuple(dict.fromkeys(leaf.name for leaf in self.witnesses))

    @property
    def sources(self) -> Iterator[Key]:
        """The steps whose results it reads."""
        if self.source is not None:
            yield self.source
        if self.fold is not None:
            yield from self.fold.sources
        for test in self.inner:
            yield from test.sources

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"test": self.sentence, "held": self.held, "witnesses": list(self.refs)}


@final
@attrs.frozen(kw_only=True)
class Term:
    """What a judging step names: a constant, or the result of a step."""

    value: Value = None
    source: Key | None = None


@final
@attrs.frozen(kw_only=True)
class DerivedStep:
    """One step, for the whole or for one group: what it looked at, and what it came to."""

    id: str
    group: str | None = None
    """The standard or statement it ran for (for a step per organisation its name); `None` for the whole."""
    organisation: str | None = None
    each: str | None = None
    operator: str
    op: Any = attrs.field(repr=False)
    value: Given
    exact: Value = attrs.field(repr=False)
    """The result as the rule computes it: grades by rank, and `Absent` where there is none."""
    shown: str
    """The result as people read it."""
    kind: Kind = attrs.field(repr=False)
    fold: Fold | None = attrs.field(default=None, repr=False)
    inputs: tuple[Key, ...] = attrs.field(default=(), repr=False)
    terms: tuple[Term, ...] = attrs.field(default=(), repr=False)
    tests: tuple[DerivedTest, ...] = attrs.field(default=(), repr=False)
    start: Fraction | None = None
    """What a sum begins with, if that is not nothing."""
    maximum: Fraction | None = None
    """The most that a sum could have been, if the rule shows it."""
    binding: bool | None = None
    """Whether leaving the step out would change the result; `None` where it cannot simply be left out."""
    scoped: str | None = attrs.field(default=None, repr=False)
    """For a step that folds nothing: why it is out of scope where all that its tests look at is, and all that it names; `None` if it is not."""
    confirmed: Value = attrs.field(default=None, repr=False)
    """What somebody has confirmed in place of the derived result."""
    note: str | None = None
    """Who confirmed it and why; the reason of the row that decided; what a counting step asks of its items."""

    @property
    def key(self) -> Key:
        """Which step this is."""
        return self.id, self.organisation, self.group

    @property
    def name(self) -> str:
        """The step and its group: `avg`, `avg (standard 2)`."""
        return self.id + (f" ({self.place})" if self.place else "")

    @property
    def place(self) -> str:
        """The group in words: `standard 2`; nothing for the whole."""
        if self.group is None:
            return ""
        if self.group == self.organisation:
            return self.group
        return f"{self.each} {self.group}" + (f", {self.organisation}" if self.organisation else "")

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The statements (or results of groups) that it folds."""
        return self.fold.leaves if self.fold is not None else ()

    @property
    def contributions(self) -> tuple[tuple[str, Fraction], ...]:
        """For sums and means the exact part of each leaf, and of the start; they add up to the value."""
        start = (("start", self.start),) if self.start is not None and not isinstance(self.exact, Absent) else ()
        return start + tuple((leaf.name, leaf.contribution) for leaf in self.leaves if leaf.contribution is not None)

    @property
    def why(self) -> str | None:
        """Why there is no result; `None` if there is one."""
        return self.exact.why or None if isinstance(self.exact, Absent) else None

    @property
    def sources(self) -> frozenset[Key]:
        """The steps whose results it reads."""
        found = {*self.inputs, *(term.source for term in self.terms if term.source is not None)}
        found |= set(self.fold.sources) if self.fold is not None else set()
        return frozenset(found.union(*(test.sources for test in self.tests)))

    def outcome(self, known: Known) -> tuple[Value, int]:
        """What it comes to, given the steps before it, and how many answers that counts."""
        value, count = self.fold.outcome(known) if self.fold is not None else self._judged(known)
        return (value if self.confirmed is None else self.confirmed), count

    def _judged(self, known: Known) -> tuple[Value, int]:
        count = known[self.inputs[0]][1] if len(self.inputs) == 1 else 0
        of = [known[key][0] for key in self.inputs]
        if self.scoped is not None and self._unasked(known):
            return Absent("out", self.id, self.scoped), count
        holds = [test.holds(known) for test in self.tests]
        absent = [value for value in (*of, *holds) if isinstance(value, Absent)]
        if absent:
            return min(absent, key=lambda each: STRENGTH[each.kind]), count
        terms = [term.value if term.source is None else known[term.source][0] for term in self.terms]
        if self.operator in ("cap", "floor") and holds[0] and isinstance(terms[0], Absent):
            return terms[0], count
        value = self.op.apply(of, holds, terms)
        return (Absent("refused", self.id, "below the lowest band") if value is None else value), count

    def _unasked(self, known: Known) -> bool:
        """Whether nothing that its tests look at, and no step that it names, is in scope."""
        every = [each for test in self.tests for each in test.walk()]
        if any(True for test in every if test.fold is not None for _ in test.fold.items(known)):
            return False
        reads = [*(term.source for term in self.terms), *(test.source for test in every)]
        found = [known[key][0] for key in reads if key is not None]
        return all(isinstance(value, Absent) and value.kind == "out" for value in found)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"id": self.id, "group": self.group, "operator": self.operator, "value": plain(self.value), "text": self.shown}
        out |= {"organisation": self.organisation} if self.organisation is not None else {}
        out |= {"result": self.exact.kind, "why": self.why} if isinstance(self.exact, Absent) else {}
        out |= {"binding": self.binding} if self.binding is not None else {}
        out |= {"note": self.note} if self.note else {}
        out |= {"start": number_text(self.start)} if self.start is not None else {}
        out |= {"maximum": number_text(self.maximum)} if self.maximum is not None else {}
        out |= {"of": [name_of(key) for key in self.inputs]} if self.inputs else {}
        out |= {"leaves": [leaf.to_dict() for leaf in self.leaves]} if self.fold is not None else {}
        return out | ({"tests": [test.to_dict() for test in self.tests]} if self.tests else {})


def name_of(key: Key) -> str:
    """A step and its group, for `--json`."""
    step, organisation, group = key
    inner = ", ".join(dict.fromkeys(word for word in (group, organisation) if word))
    return step + (f" ({inner})" if inner else "")


@final
@attrs.frozen(kw_only=True)
class Derivation:
    """How a result came about: every step with what it looked at, from the answers to the result.

    For a range it is the derivation of the worst result still possible (`assumes` says what it takes the blanks for), and `best` is that of the best.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> framework = example.framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)]))
    >>> derivation = framework.rules["met"].score(example).explain()
    >>> derivation.replay() == derivation.value
    True
    >>> derivation.steps[0].leaves[0].treatment
    'counted as yes'
    """

    result: Result = attrs.field(repr=False, eq=False)
    steps: tuple[DerivedStep, ...]
    """In the order of the rule; a step that runs per group has one for each."""
    assumes: tuple[tuple[str, str], ...] = ()
    """For a range: which blanks are taken for which grade."""
    flags: tuple[str, ...] = ()
    """What is raised beside the result, such as a category of concern."""
    confirmed: bool = False
    """Whether somebody has confirmed another result than the derived one; both are among the steps."""
    best: Derivation | None = None

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self.result.rule

    @property
    def value(self) -> Given:
        """The result that is derived here; `None` where there is none."""
        return self.steps[-1].value

    @property
    def why(self) -> str | None:
        """Why there is no result; `None` if there is one."""
        return self.steps[-1].why

    def step(self, id: str, group: str | None = None, organisation: str | None = None) -> DerivedStep:
        """One step, for the whole or for a group. `KeyError` if there is none."""
        found = next((step for step in self.steps if step.id == id and step.group == group and organisation in (None, step.organisation)), None)
        if found is None:
            raise KeyError(id)
        return found

    def replay(self) -> Given | Absent:
        """The result found again from the leaves alone: not from the rule, and not from any result that stands here."""
        found = values(self.steps)[self.steps[-1].key][0]
        return found if isinstance(found, Absent) else given(self.steps[-1].kind, found)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`: exact numbers as text."""
        out: dict[str, Any] = {"rule": self.rule, "kind": self.result.kind, "value": plain(self.value)}
        out |= {"why": self.why} if self.why else {}
        out |= {"assumes": dict(self.assumes)} if self.assumes else {}
        out |= {"flags": list(self.flags)} if self.flags else {}
        out |= {"confirmed": True} if self.confirmed else {}
        out["steps"] = [step.to_dict() for step in self.steps]
        return out | ({"best": self.best.to_dict()} if self.best is not None else {})

    def text(self, *, width: int = 100) -> str:
        """The derivation for people: the result, then every step from the last to the first, in lines of at most `width`."""
        from s11kit.rules.telling import told  # which tells what is defined here

        return told(self, width)


def values(steps: tuple[DerivedStep, ...]) -> dict[Key, tuple[Value, int]]:
    """What the steps come to, from their leaves."""
    known: dict[Key, tuple[Value, int]] = {}
    for step in steps:
        known[step.key] = step.outcome(known)
    return known


def without(steps: tuple[DerivedStep, ...], known: dict[Key, tuple[Value, int]], left_out: Key, instead: Key) -> Value:
    """What the last step would come to if the result of another step stood in place of one."""
    changed = {left_out}
    again = {**known, left_out: known[instead]}
    for step in steps:
        if step.key != left_out and not step.sources.isdisjoint(changed):
            again[step.key] = step.outcome(again)
            if again[step.key] != known[step.key]:
                changed.add(step.key)
    return again[steps[-1].key][0]


def parts_of(step: DerivedStep, fold: Fold) -> tuple[DerivedStep, Fold]:
    """A step with what each of its leaves contributes, and the most it could have been."""
    op, counted = fold.op, [leaf for leaf in fold.leaves if leaf.counted]
    if isinstance(step.exact, Absent) or not counted or not isinstance(op, Sum | Mean):
        return step, fold
    total = sum((leaf.weight for leaf in counted), Fraction(0))
    factor = fold.factor if isinstance(op, Sum) else 1 / total if total else None
    if factor is None:
        return step, fold
    leaves = [attrs.evolve(leaf, contribution=leaf.weight * leaf.value * factor) if leaf.counted else leaf for leaf in fold.leaves]
    fold = attrs.evolve(fold, leaves=tuple(leaves))
    if isinstance(op, Mean):
        return step, fold
    most = [leaf.most for leaf in counted if leaf.most is not None]
    shown = op.start + sum(most, Fraction(0)) * factor if op.show == "maximum" and len(most) == len(counted) else None
    return attrs.evolve(step, start=op.start or None, maximum=shown), fold
