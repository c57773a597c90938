"""The phrases that scoring rules are put into words with: what a step looks at, grades, comparisons and tests, as the framework names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from s11kit._numbers import number_text
from s11kit.errors import listed
from s11kit.model import AnswerTest, Both, Comparison, Either, Framework, Not, PlanTest, Selection, StepTest
from s11kit.model.applicability import AnyTest
from s11kit.rules.definition import ALL, Rule, Step
from s11kit.rules.judging import number

__all__ = ["Here", "Items", "as_sentence", "as_words", "because", "flat", "or_listed", "plural", "share_text"]

PLACES = {"at_least": "at or above", "above": "above", "at_most": "at or below", "below": "below", "is": "exactly at"}
NUMBERS = {"at_least": "at least ", "above": "more than ", "at_most": "at most ", "below": "less than ", "is": ""}


def flat(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())


def as_words(id: str) -> str:
    """An id as words: `requires-improvement` as `requires improvement`."""
    return flat(id.replace("-", " ").replace("_", " "))


def plural(noun: str) -> str:
    """The plural of a noun."""
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"


def as_sentence(text: str) -> str:
    """Text with a capital and, on its first line, a full stop."""
    first, line, rest = text.strip().partition("\n")
    return first[:1].upper() + first[1:] + ("" if first.endswith((".", "!", "?", ":")) else ".") + line + rest


def share_text(share: Fraction) -> str:
    """A share as a percentage, or as a fraction where that has no end."""
    text = number_text(share * 100)
    return number_text(share) if "/" in text else f"{text} %"


def or_listed(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def because(reason: str | None) -> str:
    """A reason as a sentence of its own, if there is one."""
    return f" Reason: {as_sentence(flat(reason))}" if reason else ""


class Items(NamedTuple):
    """What is looked at: all of it; the plural; the singular, unless it is a fixed list; and whether it is only one."""

    whole: str
    many: str
    one: str = ""
    single: bool = False

    def each(self, free: str, fixed: str) -> str:
        """`any statement`, `any of statements 1.1 and 1.2`, `statement 1.1`."""
        return self.many if self.single else f"{free} {self.one}" if self.one else f"{fixed} of {self.many}"


@attrs.frozen
class Here:
    """Where something is said: the framework, and the rule and step if there are any."""

    framework: Framework
    rule: Rule | None = None
    step: Step | None = None

    @property
    def its(self) -> str:
        """`its `, where the step runs once per group."""
        return "its " if self.step is not None and self.step.each is not None else ""

    def name(self, id: str) -> str:
        """A step by name; the last is the result."""
        return "the result" if self.rule is not None and id == self.rule.steps[-1].id else f"'{as_words(id)}'"

    def is_grade(self, value: Any) -> bool:
        """Whether it is a grade of one of the scales."""
        return isinstance(value, str) and value in self.framework.scale_of_grade

    def term(self, value: Any) -> str:
        """A grade, a yes or no, an earlier step, or a number."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.rule is not None and isinstance(value, str) and self.rule.step(value) is not None:
            return self.name(value)
        if self.is_grade(value):
            return flat(self.framework.scale_of_grade[value].grade(value).label)
        found = number(value)
        return as_words(str(value)) if found is None else number_text(found)

    def level(self, level: str) -> str:
        """What the framework calls a level, such as a statement."""
        return as_words(self.framework.label(level) if level in ("standard", "statement", "criterion") else level)  # type: ignore[arg-type]

    def labelled(self, id: str, known: Iterable[Any]) -> str:
        """The label of one of several things with an id and a label."""
        return next((flat(one.label) for one in known if one.id == id), as_words(id))

    def sides(self, ids: Iterable[str]) -> str:
        """Dimensions by label."""
        return listed(self.labelled(id, self.framework.dimensions) for id in ids)

    def role(self, id: str) -> str:
        """A role by label."""
        return "the organisation itself" if id == "self" else f"the {self.labelled(id, self.framework.roles)}"

    def refs(self, refs: Iterable[str]) -> str:
        """Statements by reference, standards by title."""
        items = self.framework.items
        titles = {ref: f"'{flat(items[ref].title)}'" for ref in refs if ref in items and not items[ref].is_statement}
        others, label = [ref for ref in refs if ref not in titles], self.level("statement")
        return listed([f"{label if len(others) == 1 else plural(label)} {listed(others)}"] * bool(others) + list(titles.values()))

    def table(self, table: Mapping[str, Any], verb: str) -> str:
        """`Red counts 0 and Green 1`."""
        plain = {key: self.refs((key,)) if key in self.framework.items and not self.is_grade(key) else self.term(key) for key in table}
        return listed(f"{plain[key]}{'' if place else ' ' + verb} {self.term(value)}" for place, (key, value) in enumerate(table.items()))

    def results(self, steps: tuple[str, ...], grouped: bool = False) -> Items:
        """The results of earlier steps; those of inner groups are many."""
        known = {one.id: one.each for one in self.rule.steps} if self.rule is not None else {}
        inner = [id for id in steps if grouped or known.get(id) not in (None, self.step.each if self.step is not None else None)]
        if len(steps) == 1 and inner:
            bare = f"results of {self.name(steps[0])}"
            return Items(f"all {self.its or 'the '}{bare}", self.its + bare, "" if self.its else f"result of {self.name(steps[0])}")
        named = self.its + listed(f"all results of {self.name(id)}" if id in inner else self.name(id) for id in steps)
        return Items(named, named, single=len(steps) == 1)

    def selected(self, selection: Selection, its: str = "") -> Items:
        """The statements that are picked; `its` are those of one group."""
        if selection.step is not None:
            return self.results((selection.step,), grouped=True)
        graded = f" for {self.sides(selection.dimension)}" if selection.dimension else ""
        graded += f" by {listed(map(self.role, selection.role))}" if selection.role else ""
        seen = f", as graded{graded}," if graded else ""
        if selection.refs and selection.tag is None and selection.standard is None:
            return Items(self.refs(selection.refs) + seen, self.refs(selection.refs) + seen, single=len(selection.refs) == 1)
        beside = f" marked '{as_words(selection.tag)}'" if selection.tag is not None else ""
        beside += f" under {self.refs((selection.standard,))}" if selection.standard is not None else ""
        beside += (f" among {self.refs(selection.refs)}" if selection.refs else "") + seen
        one = self.level("statement")
        return Items(f"all {its}{plural(one)}{beside}", f"{its}{plural(one)}{beside}", "" if its else one + beside)

    def items(self) -> Items:
        """What the step looks at."""
        assert self.step is not None
        return self.results(self.step.of) if self.step.of else self.selected(self.step.over or ALL, self.its)

    def judged(self) -> str:
        """The earlier result that the step judges."""
        return self.its + listed(map(self.name, self.step.of if self.step is not None else ()))

    def when(self) -> str:
        """The condition of the step, if it has one."""
        return f" when {self.test(self.step.when)}" if self.step is not None and self.step.when is not None else ""

    def compared(self, comparison: Comparison | None) -> str:
        """What follows "is"."""
        if comparison is None:
            return "yes"
        value, operator = comparison.value, comparison.operator
        if isinstance(value, Mapping):
            each = listed(f"{self.term(grade)} for {self.refs((ref,))}" for ref, grade in value.items())
            return f"{PLACES[operator]} the grade set for it ({each})"
        said = self.term(value)
        if not self.is_grade(value):
            return f"{PLACES[operator]} its target grade" if value == "target" else NUMBERS[operator] + said
        scale = self.framework.scale_of_grade[str(value)]
        if operator == "is" or (operator, value) in (("at_least", scale.best.id), ("at_most", scale.worst.id)):
            return said
        return {"at_least": f"{said} or better", "above": f"better than {said}", "at_most": f"{said} or worse", "below": f"below {said}"}[operator]

    def quantified(self, word: str, items: Items, comparison: Comparison | None, k: int | None = 1, share: Fraction | None = None) -> str:
        """`every statement is Good or better`."""
        compared = self.compared(comparison)
        if word == "some" and (share is not None or (k or 1) > 1):
            few = f"{k} {items.many}" if items.one else f"{k} of {items.many}"
            return f"at least {few if share is None else f'{share_text(share)} of {items.whole}'} are {compared}"
        if word == "none":
            return f"{items.many} is not {compared}" if items.single else f"{items.each('no', 'none')} is {compared}"
        return f"{items.each('every', 'each') if word == 'all' else items.each('any', 'any')} is {compared}"

    def test(self, test: AnyTest) -> str:
        """A test, without a full stop."""
        if isinstance(test, AnswerTest):
            said = self.quantified(test.quantifier, self.selected(test.selection, self.its), test.comparison, test.k, test.share)
            return said + (" (or there is none)" if test.empty else "")
        if isinstance(test, StepTest):
            return f"{self.name(test.step)} is {self.compared(test.comparison)}"
        if isinstance(test, PlanTest):
            state = self.labelled(test.plan, self.framework.plan.status)
            covered = f"{self.selected(test.selection, self.its).each('every', 'each')} that is {self.compared(test.comparison)}"
            return f"an action whose status is '{state}' covers {covered}" + (" (or there is none)" if test.empty else "")
        if isinstance(test, (Both, Either)):
            return (" and " if isinstance(test, Both) else " or ").join(map(self.bracketed, test.tests))
        return f"it is not so that {self.bracketed(test.test)}" if isinstance(test, Not) else test.sentence

    def bracketed(self, test: AnyTest) -> str:
        """A test, in brackets where it is made of several."""
        return f"({self.test(test)})" if isinstance(test, (Both, Either)) else self.test(test)
