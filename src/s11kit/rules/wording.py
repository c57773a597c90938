"""A scoring rule in plain English, for a board's minutes: what every step does, what happens to absent answers, and what the board has accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple

import attrs

from s11kit._dates import long
from s11kit._frozen import is_list, is_table
from s11kit._numbers import exact, number_text
from s11kit.errors import listed
from s11kit.model import AnswerTest, Both, Comparison, Either, Framework, Not, PlanTest, Selection, Source, StepTest, Test
from s11kit.model.applicability import AnyTest
from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import ALL, Empty, Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Table, ValueOf, number
from s11kit.rules.laws import LAWS
from s11kit.rules.ordering import Max, Min, Mode, Order

__all__ = ["page", "sentence", "test_sentence"]

ORDINALS = ("", "", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ", "ninth ", "tenth ")
MODES = {"half-up": "a half goes up", "half-even": "a half goes to the even digit", "down": "always down", "up": "always up"}
PLACES = {"at_least": "at or above", "above": "above", "at_most": "at or below", "below": "below", "is": "exactly at"}
NUMBERS = {"at_least": "at least ", "above": "more than ", "at_most": "at most ", "below": "less than ", "is": ""}
VALUES = {
    "unit": "each counted by its place on its own scale, from 0 for the worst grade to 1 for the best",
    "points": "each counted by the points of its grade",
}
MARKS = {
    None: "it is not said.", "documented": "it is documented in a published source.", "inferred": "it follows from published facts.",
    "reconstructed": "it is reconstructed; nothing is published.",
}  # fmt: skip
VERDICTS = {
    "proven": "Always so (proven)", "refuted": "Not always so (refuted)", "undecided": "Not settled (undecided)",
    "not_refuted": "No exception found, and not proven (not refuted)",
}  # fmt: skip


def _flat(text: str) -> str:
    return " ".join(text.split())


def _words(id: str) -> str:
    return _flat(id.replace("-", " ").replace("_", " "))


def _plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"


def _sentence(text: str) -> str:
    first, line, rest = text.strip().partition("\n")
    return first[:1].upper() + first[1:] + ("" if first.endswith((".", "!", "?", ":")) else ".") + line + rest


def _percent(share: Fraction) -> str:
    text = number_text(share * 100)
    return number_text(share) if "/" in text else f"{text} %"


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _because(reason: str | None) -> str:
    return f" Reason: {_sentence(_flat(reason))}" if reason else ""


class _Items(NamedTuple):
    """What is looked at: all of it; the plural; the singular, unless it is a fixed list; and whether it is only one."""

    whole: str
    many: str
    one: str = ""
    single: bool = False

    def each(self, free: str, fixed: str) -> str:
        """`any statement`, `any of statements 1.1 and 1.2`, `statement 1.1`."""
        return self.many if self.single else f"{free} {self.one}" if self.one else f"{fixed} of {self.many}"


@attrs.frozen
class _Here:
    """Where something is said: the framework, and the rule and step if there are any."""

    framework: Framework
    rule: Rule | None = None
    step: Step | None = None

    @property
    def its(self) -> str:
        return "its " if self.step is not None and self.step.each is not None else ""

    def name(self, id: str) -> str:
        return "the result" if self.rule is not None and id == self.rule.steps[-1].id else f"'{_words(id)}'"

    def is_grade(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.framework.scale_of_grade

    def term(self, value: Any) -> str:
        """A grade, a yes or no, an earlier step, or a number."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.rule is not None and isinstance(value, str) and self.rule.step(value) is not None:
            return self.name(value)
        if self.is_grade(value):
            return _flat(self.framework.scale_of_grade[value].grade(value).label)
        found = number(value)
        return _words(str(value)) if found is None else number_text(found)

    def level(self, level: str) -> str:
        return _words(self.framework.label(level) if level in ("standard", "statement", "criterion") else level)  # type: ignore[arg-type]

    def labelled(self, id: str, known: Iterable[Any]) -> str:
        return next((_flat(one.label) for one in known if one.id == id), _words(id))

    def sides(self, ids: Iterable[str]) -> str:
        return listed(self.labelled(id, self.framework.dimensions) for id in ids)

    def role(self, id: str) -> str:
        return "the organisation itself" if id == "self" else f"the {self.labelled(id, self.framework.roles)}"

    def refs(self, refs: Iterable[str]) -> str:
        """Statements by reference, standards by title."""
        items = self.framework.items
        titles = {ref: f"'{_flat(items[ref].title)}'" for ref in refs if ref in items and not items[ref].is_statement}
        others, label = [ref for ref in refs if ref not in titles], self.level("statement")
        return listed([f"{label if len(others) == 1 else _plural(label)} {listed(others)}"] * bool(others) + list(titles.values()))

    def table(self, table: Mapping[str, Any], verb: str) -> str:
        """`Red counts 0 and Green 1`."""
        plain = {key: self.refs((key,)) if key in self.framework.items and not self.is_grade(key) else self.term(key) for key in table}
        return listed(f"{plain[key]}{'' if place else ' ' + verb} {self.term(value)}" for place, (key, value) in enumerate(table.items()))

    def results(self, steps: tuple[str, ...], grouped: bool = False) -> _Items:
        """The results of earlier steps; those of inner groups are many."""
        known = {one.id: one.each for one in self.rule.steps} if self.rule is not None else {}
        inner = [id for id in steps if grouped or known.get(id) not in (None, self.step.each if self.step is not None else None)]
        if len(steps) == 1 and inner:
            bare = f"results of {self.name(steps[0])}"
            return _Items(f"all {self.its or 'the '}{bare}", self.its + bare, "" if self.its else f"result of {self.name(steps[0])}")
        named = self.its + listed(f"all results of {self.name(id)}" if id in inner else self.name(id) for id in steps)
        return _Items(named, named, single=len(steps) == 1)

    def selected(self, selection: Selection, its: str = "") -> _Items:
        """The statements that are picked; `its` are those of one group."""
        if selection.step is not None:
            return self.results((selection.step,), grouped=True)
        graded = f" for {self.sides(selection.dimension)}" if selection.dimension else ""
        graded += f" by {listed(map(self.role, selection.role))}" if selection.role else ""
        seen = f", as graded{graded}," if graded else ""
        if selection.refs and selection.tag is None and selection.standard is None:
            return _Items(self.refs(selection.refs) + seen, self.refs(selection.refs) + seen, single=len(selection.refs) == 1)
        beside = f" marked '{_words(selection.tag)}'" if selection.tag is not None else ""
        beside += f" under {self.refs((selection.standard,))}" if selection.standard is not None else ""
        beside += (f" among {self.refs(selection.refs)}" if selection.refs else "") + seen
        one = self.level("statement")
        return _Items(f"all {its}{_plural(one)}{beside}", f"{its}{_plural(one)}{beside}", "" if its else one + beside)

    def items(self) -> _Items:
        """What the step looks at."""
        assert self.step is not None
        return self.results(self.step.of) if self.step.of else self.selected(self.step.over or ALL, self.its)

    def judged(self) -> str:
        """The earlier result that the step judges."""
        return self.its + listed(map(self.name, self.step.of if self.step is not None else ()))

    def when(self) -> str:
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

    def quantified(self, word: str, items: _Items, comparison: Comparison | None, k: int | None = 1, share: Fraction | None = None) -> str:
        """`every statement is Good or better`."""
        compared = self.compared(comparison)
        if word == "some" and (share is not None or (k or 1) > 1):
            few = f"{k} {items.many}" if items.one else f"{k} of {items.many}"
            return f"at least {few if share is None else f'{_percent(share)} of {items.whole}'} are {compared}"
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
        return f"({self.test(test)})" if isinstance(test, (Both, Either)) else self.test(test)


def test_sentence(test: Test, framework: Framework) -> str:
    """A test of a rule in words, without a full stop: `any statement marked 'limiting' is Inadequate`."""
    return _Here(framework).test(test)


# operators, a function per family: what follows "the result ..."


def _counting(op: Any, here: _Here) -> str:
    if isinstance(op, (Count, Share)):
        what, weight = ("number", "") if isinstance(op, Count) else ("share", _weight(op.weight, here))
        return f"is the {what} of {here.items().many} that are {here.compared(op.compare)}{weight}"
    k, share = (op.k, op.share) if isinstance(op, Some) else (1, None)
    return f"is yes if {here.quantified(op.name, here.items(), op.compare, k, share)}, and no otherwise"


def _value(value: Any, here: _Here) -> str:
    if is_table(value):
        return f", where {here.table(value, 'counts')}"
    return "" if value is None else f", {VALUES.get(value, f'each counted by its {_words(str(value))}')}"


def _weight(weight: Any, here: _Here) -> str:
    if is_table(weight):
        return f", where {here.table({key: exact(each) for key, each in weight.items()}, 'weighs')}"
    if weight is None or number(weight) is not None:
        return "" if weight is None else f", each with weight {here.term(weight)}"
    if weight == "applicable":
        return ", each weighted by how many answers it counted"
    found = sorted({statement.weights[weight] for statement in here.framework.statements if weight in statement.weights})
    span = f" ({' to '.join(map(number_text, dict.fromkeys((found[0], found[-1]))))})" if found else ""
    return (", each with its own weight" if weight == "weight" else f", each weighted by its own '{_words(str(weight))}'") + span


def _averaging(op: Any, here: _Here) -> str:
    whole = here.items().whole + _value(op.value, here)
    if isinstance(op, Sum):
        most = "; it is shown beside the most it could have been" if op.show else ""
        return f"is the sum of {whole}{_weight(op.weight, here)}" + (f", starting from {number_text(op.start)}" if op.start else "") + most
    if isinstance(op, Mean):
        return f"is the {'' if op.weight is None else 'weighted '}average of {whole}{_weight(op.weight, here)}"
    if isinstance(op, Trimmed):
        trim = _percent(op.trim)
        return f"is the average of {whole}; the lowest {trim} and the highest {trim} of them are dropped, rounded down to whole answers"
    cut = f"put in order from the worst to the best and cut into {len(op.weights)} equal parts"
    return f"is the average by rank of {whole}; {cut}, they weigh {listed(map(number_text, op.weights))}"


def _ordering(op: Any, here: _Here) -> str:
    whole = here.items().whole + _value(op.value, here)
    if isinstance(op, (Min, Max)):
        return f"is the {'worst' if isinstance(op, Min) else 'best'} of {whole}"
    if isinstance(op, Mode):
        return f"is the most frequent of {whole}; of several equally frequent, the {op.ties}"
    if isinstance(op, MidMedian) or isinstance(op.pick, str):
        two = "half way between them" if isinstance(op, MidMedian) else "the lower" if op.pick == "lower-median" else "the higher"
        return f"is the one in the middle of {whole}, put in order; of two in the middle, {two}"
    if op.pick.k is None:
        return f"is the one at the {_percent(op.pick.quantile)} mark of {whole}, put in order from the worst to the best (by nearest rank)"
    k = op.pick.k
    few = f"; if there are fewer than {k}, nothing is left to score" if k > 1 else ""
    return f"is the {ORDINALS[k] if k < len(ORDINALS) else f'{k}th '}{op.pick.from_} of {whole}{few}"


def _bands(op: Bands, here: _Here) -> str:
    edges, inclusive = [number_text(edge) for edge in op.edges], op.edge == "inclusive"
    said = list[str]()
    for place, (low, high) in enumerate(zip(edges, [*edges[1:], None], strict=True)):
        printed = f" (printed '{_flat(op.labels[place])}')" if op.labels else ""
        start = f"{'from' if inclusive or not place else 'above'} {low}"
        to = (" up" if start.startswith("from") else "") if high is None else f" {'to below' if inclusive else 'up to and including'} {high}"
        said.append(f"{here.term(op.grades[place])}{printed} {start}{to}")
    side = f" A number exactly on an edge belongs to the band {'above' if inclusive else 'below'} it." if len(edges) > 1 else ""
    return f"follows from {here.judged()}: {listed(said)}.{side} Below {edges[0]} there is no band, and no result is given"


def _choosing(op: Any, here: _Here) -> str:
    if isinstance(op, If):
        return f"is {here.term(op.then)}{here.when()}, and {here.term(op.else_)} otherwise"
    grade, figure = ("better", "more") if isinstance(op, Cap) else ("worse", "less")
    return f"is {here.judged()}, but no {grade if here.is_grade(op.at) else figure} than {here.term(op.at)}{here.when()}"


def _row_by_row(op: Any, here: _Here) -> str:
    rungs, lines = isinstance(op, Ladder), list[str]()
    for place, row in enumerate(op.rungs if rungs else op.rows, 1):
        when = f"when {here.test(row.when)}" if row.when is not None else "otherwise"
        flag = "" if rungs or not row.flag else f" It is then flagged: {_sentence(_flat(row.flag))}"
        lines.append(f"{'Rung' if rungs else 'Row'} {place}: {here.term(row.gives)} {when}.{_because(row.reason)}{flag}")
    climb = f"is {here.term(op.start)}, or the highest of these rungs that holds together with all rungs before it:" if rungs else ""
    return "\n".join([climb or "is what the first of these rows that holds gives:", *lines])


def _converting(op: Any, here: _Here) -> str:
    if isinstance(op, Lookup):
        return f"is read off from {here.judged()}: {here.table(op.table, 'becomes')}"
    if isinstance(op, ValueOf):
        return f"is {here.judged()} as a number{_value(op.value, here).replace('each counted', 'counted')}"
    if isinstance(op, Round):
        places = f"{op.places} decimal place{'' if op.places == 1 else 's'}" if op.places else "a whole number"
        return f"is {here.judged()} rounded to {places}; {MODES[op.mode]}"
    who = f"{_or(map(here.role, op.by))} has confirmed another{' and given a reason' if op.needs else ''}"
    return f"is {here.judged()}, unless {who}; both remain on record"


def _class_of(op: object) -> type[Any]:
    return type(op)


def _installed(op: Any, here: _Here) -> str:
    kind = _class_of(op)
    keys: list[str] = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else sorted(getattr(op, "__dict__", ()))
    given = [f"{_words(key)} {_spelled(getattr(op, key), here)}" for key in keys if not key.startswith("_") and getattr(op, key) is not None]
    what = (kind.__doc__ or "").strip().partition("\n")[0]
    said = [_sentence(what) if what else "", f"It looks at {here.items().whole}.", f"With {listed(given)}." if given else ""]
    return _flat(f"is found by '{_words(getattr(op, 'name', kind.__name__))}'. {' '.join(said)}")


def _spelled(value: Any, here: _Here) -> str:
    if is_table(value):
        return here.table(value, "is")
    if is_list(value):
        return listed(_spelled(one, here) for one in value)
    return here.compared(value) if isinstance(value, Comparison) else here.term(value)


WORDING: dict[type, Callable[[Any, _Here], str]] = {
    **dict.fromkeys((Count, Share, All, Any_, None_, Some), _counting),
    **dict.fromkeys((Sum, Mean, Owa, Trimmed), _averaging),
    **dict.fromkeys((Min, Max, Order, Mode, MidMedian), _ordering),
    **dict.fromkeys((Cap, Floor, If), _choosing),
    **dict.fromkeys((Table, Ladder), _row_by_row),
    **dict.fromkeys((Lookup, ValueOf, Round, Override), _converting),
    Bands: _bands,
}  # fmt: skip


# absent answers, exceptions, expectations


def _not_applicable(na: NotApplicableRule, here: _Here) -> Iterator[str]:
    grade = "the worst grade" if na.policy == "worst" else "its target grade" if na.grade == "target" else here.term(na.grade)
    counts = {"exclude": "answers of 'not applicable' are left out", "refuse": "if any answer is 'not applicable', no result is given"}
    yield counts.get(na.policy, f"an answer of 'not applicable' counts as {grade}")
    if na.needs_reason:
        yield "an answer of 'not applicable' without a reason counts as a blank"
    if na.max_share is not None:
        them = _plural(here.level("statement"))
        yield f"if more than {_percent(na.max_share)} of the {them} that a step looks at are 'not applicable', no result is given"
    if na.coupled:
        yield f"{here.sides(na.coupled)} go together: what is 'not applicable' for one of them is so for all"


def _unanswered(unanswered: UnansweredRule, here: _Here) -> Iterator[str]:
    them = _plural(here.level("statement"))
    blanks = f"blanks ({them} without an answer)"
    yield {
        "exclude": f"{blanks} are left out",
        "worst": f"{blanks} count as the worst grade",
        "refuse": f"if there are any {blanks}, no result is given",
        "range": f"{blanks} make the result a range, from the least to the greatest that filling them in can give",
    }[unanswered.policy]
    if unanswered.min_answered is not None:
        yield f"if fewer than {_percent(unanswered.min_answered)} of the {them} that apply are answered, no result is given"
    if unanswered.prorate:
        yield f"a sum is scaled up from the {them} that are answered to those that apply"


def _empty(empty: Empty, here: _Here) -> str:
    given = {"not_scored": "gives no result ('not scored'), neither zero nor full marks", "not_applicable": "counts as 'not applicable'"}
    return given.get(str(empty), f"gives {here.term(empty)}")


def _exception(one: Exemption, here: _Here) -> str:
    said = ["left out"] if one.leave_out else []
    said += [here.table(one.value, "counts")] if one.value is not None else []
    said += [f"the weight is {number_text(one.weight)}"] if one.weight is not None else []
    said += list(_not_applicable(one.na, here)) if one.na is not None else []
    about = here.refs(one.refs) if one.refs else f"{_plural(here.level('statement'))} marked '{_words(one.tag or '')}'"
    return f"Exception for {about}: {'; '.join(said)}.{_because(one.reason)}"


def _expected(law: str, one: Expectation) -> str:
    minuted = "; ".join(([_flat(one.accepted_by)] if one.accepted_by else []) + ([long(one.date)] if one.date else []))
    accepted = f" The board accepted this ({minuted})." if minuted else ""
    return f"{VERDICTS[one.verdict]}: {LAWS[law].says if law in LAWS else _words(law)}.{accepted}{_because(one.reason)}"


def _cited(source: Source) -> str:
    beside = ", ".join(_flat(text) for text in (source.publisher, source.date) if text)
    return _flat(source.title) + (f" ({beside})" if beside else "")


def _origin(rule: Rule, framework: Framework) -> str:
    known = rule.provenance.within(framework.provenance)
    wording = f" Its words are {known.wording}." if known.wording not in (None, known.mark) else ""
    sources = {source.id: source for source in framework.sources}
    named = [_cited(sources[id]) if id in sources else _words(id) for id in known.sources or ()]
    note = f" {_sentence(_flat(known.note))}" if known.note else ""
    return f"Where the rule comes from: {MARKS[known.mark]}{wording}" + (f" Source: {'; '.join(named)}." if named else "") + note


def sentence(step: Step, rule: Rule, framework: Framework) -> str:
    """One step in words. Rows of a table, rungs, exceptions and remarks stand on lines of their own."""
    here = _Here(framework, rule, step)
    each, kind = f"for each {here.level(step.each)}, " if step.each is not None else "", _class_of(step.op)
    lines = [_sentence(f"{each}{here.name(step.id)} {WORDING.get(kind, _installed)(step.op, here)}")]
    lines += [_exception(one, here) for one in step.except_]
    own = [*(_not_applicable(step.na, here) if step.na else ()), *(_unanswered(step.unanswered, here) if step.unanswered else ())]
    own += [f"if nothing is left to score, it {_empty(step.empty, here)}"] if step.empty is not None else []
    lines += [f"In this step: {'; '.join(own)}."] if own else []
    lines += [f"If so, it is flagged: {_sentence(_flat(step.flag))}"] if step.flag else []
    return "\n".join([*lines, *([f"Note: {_sentence(_flat(step.note))}"] if step.note else [])])


def _about(rule: Rule, framework: Framework) -> Iterator[str]:
    scale = next((scale for scale in framework.scales if scale.id == rule.result), None)
    if scale is not None:
        yield f"The result is a grade: {_or(_flat(grade.label) for grade in scale.grades)}."
    elif rule.result == "truth":
        yield "The result is yes or no."
    elif rule.result == "number" or rule.better == "lower":
        yield f"The result is a number; the {rule.better}, the better."
    if rule.over == "assessments":
        yield "The rule looks at the assessments of several organisations together."


def _absent(rule: Rule, here: _Here) -> Iterator[str]:
    unsaid = "The rule does not say what becomes of {}, so they are left out."
    na, blanks = rule.na, rule.unanswered
    yield " ".join(map(_sentence, _not_applicable(na, here))) if na else unsaid.format("answers of 'not applicable'")
    them = f"blanks ({_plural(here.level('statement'))} without an answer)"
    yield " ".join(map(_sentence, _unanswered(blanks, here))) if blanks else unsaid.format(them)
    asks = any(step.when is not None or (hasattr(step.op, "tests") and step.op.tests()) for step in rule.steps)
    yield f"A step with nothing left to score {_empty(rule.empty, here)}."
    if asks:
        yield "A condition that finds no answers to look at is not met, unless it says otherwise."


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    lines = wrap(text.replace(" %", "\u00a0%"), 100, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return "\n".join(lines).replace("\u00a0", " ")


def page(rule: Rule, framework: Framework) -> str:
    """The rule on one page, as plain text of at most 100 columns.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> rule = Rule(id="share-met", result="number", unanswered=UnansweredRule(policy="worst"), steps=[Step(id="met", over=ALL, op=met)])
    >>> for line in page(rule, framework).splitlines()[3:6:2]:
    ...     print(line)
    The result is a number; the higher, the better.
    1. The result is the share of statements that are Fully met.
    """
    here, steps = _Here(framework, rule), list[str]()
    for place, step in enumerate(rule.steps, 1):
        first, *more = sentence(step, rule, framework).split("\n")
        indent = " " * len(f"{place}. ")
        steps += [_wrapped(first, f"{place}. ", indent), *(_wrapped(line, indent, indent + "  ") for line in more)]
    expected = [_wrapped(_expected(law, one), "   ", "     ") for law, one in rule.expect.items()]
    reported = [here.name(id) for id in rule.report if id != rule.steps[-1].id]
    shown = [_wrapped(f"Shown beside the result: {listed(reported)}.")] if reported else []
    blocks: list[list[str]] = [
        [_wrapped(_flat(rule.title or _words(rule.id).capitalize())), _wrapped(f"{_flat(framework.title)} ({framework.edition})")],
        list(map(_wrapped, _about(rule, framework))),
        steps + shown,
        list(map(_wrapped, _absent(rule, here))),
        ["What the board expects of the rule:", *expected] if expected else [],
        [_wrapped(_origin(rule, framework))],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)
