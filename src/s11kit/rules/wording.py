"""A scoring rule in plain English, for a board's minutes: what every step does, what happens to absent answers, and what the board has accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap
from typing import Any

import attrs

from s11kit._dates import long
from s11kit._frozen import is_list, is_table
from s11kit._numbers import exact, number_text
from s11kit.errors import listed
from s11kit.model import Comparison, Framework, Source, Test
from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import Empty, Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Table, ValueOf, number
from s11kit.rules.laws import LAWS
from s11kit.rules.ordering import Max, Min, Mode, Order
from s11kit.rules.phrases import Here, as_sentence, as_words, because, flat, or_listed, plural, share_text

__all__ = ["page", "sentence", "test_sentence"]

ORDINALS = ("", "", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ", "ninth ", "tenth ")
MODES = {"half-up": "a half goes up", "half-even": "a half goes to the even digit", "down": "always down", "up": "always up"}
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


def test_sentence(test: Test, framework: Framework) -> str:
    """A test of a rule in words, without a full stop: `any statement marked 'limiting' is Inadequate`."""
    return Here(framework).test(test)


# operators, a function per family: what follows "the result ..."


def _counting(op: Any, here: Here) -> str:
    if isinstance(op, (Count, Share)):
        what, weight = ("number", "") if isinstance(op, Count) else ("share", _weight(op.weight, here))
        return f"is the {what} of {here.items().many} that are {here.compared(op.compare)}{weight}"
    k, share = (op.k, op.share) if isinstance(op, Some) else (1, None)
    return f"is yes if {here.quantified(op.name, here.items(), op.compare, k, share)}, and no otherwise"


def _value(value: Any, here: Here) -> str:
    if is_table(value):
        return f", where {here.table(value, 'counts')}"
    return "" if value is None else f", {VALUES.get(value, f'each counted by its {as_words(str(value))}')}"


def _weight(weight: Any, here: Here) -> str:
    if is_table(weight):
        return f", where {here.table({key: exact(each) for key, each in weight.items()}, 'weighs')}"
    if weight is None or number(weight) is not None:
        return "" if weight is None else f", each with weight {here.term(weight)}"
    if weight == "applicable":
        return ", each weighted by how many answers it counted"
    found = sorted({statement.weights[weight] for statement in here.framework.statements if weight in statement.weights})
    span = f" ({' to '.join(map(number_text, dict.fromkeys((found[0], found[-1]))))})" if found else ""
    return (", each with its own weight" if weight == "weight" else f", each weighted by its own '{as_words(str(weight))}'") + span


def _averaging(op: Any, here: Here) -> str:
    whole = here.items().whole + _value(op.value, here)
    if isinstance(op, Sum):
        most = "; it is shown beside the most it could have been" if op.show else ""
        return f"is the sum of {whole}{_weight(op.weight, here)}" + (f", starting from {number_text(op.start)}" if op.start else "") + most
    if isinstance(op, Mean):
        return f"is the {'' if op.weight is None else 'weighted '}average of {whole}{_weight(op.weight, here)}"
    if isinstance(op, Trimmed):
        trim = share_text(op.trim)
        return f"is the average of {whole}; the lowest {trim} and the highest {trim} of them are dropped, rounded down to whole answers"
    cut = f"put in order from the worst to the best and cut into {len(op.weights)} equal parts"
    return f"is the average by rank of {whole}; {cut}, they weigh {listed(map(number_text, op.weights))}"


def _ordering(op: Any, here: Here) -> str:
    whole = here.items().whole + _value(op.value, here)
    if isinstance(op, (Min, Max)):
        return f"is the {'worst' if isinstance(op, Min) else 'best'} of {whole}"
    if isinstance(op, Mode):
        return f"is the most frequent of {whole}; of several equally frequent, the {op.ties}"
    if isinstance(op, MidMedian) or isinstance(op.pick, str):
        two = "half way between them" if isinstance(op, MidMedian) else "the lower" if op.pick == "lower-median" else "the higher"
        return f"is the one in the middle of {whole}, put in order; of two in the middle, {two}"
    if op.pick.k is None:
        return f"is the one at the {share_text(op.pick.quantile)} mark of {whole}, put in order from the worst to the best (by nearest rank)"
    k = op.pick.k
    few = f"; if there are fewer than {k}, nothing is left to score" if k > 1 else ""
    return f"is the {ORDINALS[k] if k < len(ORDINALS) else f'{k}th '}{op.pick.from_} of {whole}{few}"


def _bands(op: Bands, here: Here) -> str:
    edges, inclusive = [number_text(edge) for edge in op.edges], op.edge == "inclusive"
    said = list[str]()
    for place, (low, high) in enumerate(zip(edges, [*edges[1:], None], strict=True)):
        printed = f" (printed '{flat(op.labels[place])}')" if op.labels else ""
        start = f"{'from' if inclusive or not place else 'above'} {low}"
        to = (" up" if start.startswith("from") else "") if high is None else f" {'to below' if inclusive else 'up to and including'} {high}"
        said.append(f"{here.term(op.grades[place])}{printed} {start}{to}")
    side = f" A number exactly on an edge belongs to the band {'above' if inclusive else 'below'} it." if len(edges) > 1 else ""
    return f"follows from {here.judged()}: {listed(said)}.{side} Below {edges[0]} there is no band, and no result is given"


def _choosing(op: Any, here: Here) -> str:
    if isinstance(op, If):
        return f"is {here.term(op.then)}{here.when()}, and {here.term(op.else_)} otherwise"
    grade, figure = ("better", "more") if isinstance(op, Cap) else ("worse", "less")
    return f"is {here.judged()}, but no {grade if here.is_grade(op.at) else figure} than {here.term(op.at)}{here.when()}"


def _row_by_row(op: Any, here: Here) -> str:
    rungs, lines = isinstance(op, Ladder), list[str]()
    for place, row in enumerate(op.rungs if rungs else op.rows, 1):
        when = f"when {here.test(row.when)}" if row.when is not None else "otherwise"
        flag = "" if rungs or not row.flag else f" It is then flagged: {as_sentence(flat(row.flag))}"
        lines.append(f"{'Rung' if rungs else 'Row'} {place}: {here.term(row.gives)} {when}.{because(row.reason)}{flag}")
    climb = f"is {here.term(op.start)}, or the highest of these rungs that holds together with all rungs before it:" if rungs else ""
    return "\n".join([climb or "is what the first of these rows that holds gives:", *lines])


def _converting(op: Any, here: Here) -> str:
    if isinstance(op, Lookup):
        return f"is read off from {here.judged()}: {here.table(op.table, 'becomes')}"
    if isinstance(op, ValueOf):
        return f"is {here.judged()} as a number{_value(op.value, here).replace('each counted', 'counted')}"
    if isinstance(op, Round):
        places = f"{op.places} decimal place{'' if op.places == 1 else 's'}" if op.places else "a whole number"
        return f"is {here.judged()} rounded to {places}; {MODES[op.mode]}"
    who = f"{or_listed(map(here.role, op.by))} has confirmed another{' and given a reason' if op.needs else ''}"
    return f"is {here.judged()}, unless {who}; both remain on record"


def _class_of(op: object) -> type[Any]:
    return type(op)


def _installed(op: Any, here: Here) -> str:
    kind = _class_of(op)
    keys: list[str] = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else sorted(getattr(op, "__dict__", ()))
    given = [f"{as_words(key)} {_spelled(getattr(op, key), here)}" for key in keys if not key.startswith("_") and getattr(op, key) is not None]
    what = (kind.__doc__ or "").strip().partition("\n")[0]
    said = [as_sentence(what) if what else "", f"It looks at {here.items().whole}.", f"With {listed(given)}." if given else ""]
    return flat(f"is found by '{as_words(getattr(op, 'name', kind.__name__))}'. {' '.join(said)}")


def _spelled(value: Any, here: Here) -> str:
    if is_table(value):
        return here.table(value, "is")
    if is_list(value):
        return listed(_spelled(one, here) for one in value)
    return here.compared(value) if isinstance(value, Comparison) else here.term(value)


WORDING: dict[type, Callable[[Any, Here], str]] = {
    **dict.fromkeys((Count, Share, All, Any_, None_, Some), _counting),
    **dict.fromkeys((Sum, Mean, Owa, Trimmed), _averaging),
    **dict.fromkeys((Min, Max, Order, Mode, MidMedian), _ordering),
    **dict.fromkeys((Cap, Floor, If), _choosing),
    **dict.fromkeys((Table, Ladder), _row_by_row),
    **dict.fromkeys((Lookup, ValueOf, Round, Override), _converting),
    Bands: _bands,
}  # fmt: skip


# absent answers, exceptions, expectations


def _not_applicable(na: NotApplicableRule, here: Here) -> Iterator[str]:
    grade = "the worst grade" if na.policy == "worst" else "its target grade" if na.grade == "target" else here.term(na.grade)
    counts = {"exclude": "answers of 'not applicable' are left out", "refuse": "if any answer is 'not applicable', no result is given"}
    yield counts.get(na.policy, f"an answer of 'not applicable' counts as {grade}")
    if na.needs_reason:
        yield "an answer of 'not applicable' without a reason counts as a blank"
    if na.max_share is not None:
        them = plural(here.level("statement"))
        yield f"if more than {share_text(na.max_share)} of the {them} that a step looks at are 'not applicable', no result is given"
    if na.coupled:
        yield f"{here.sides(na.coupled)} go together: what is 'not applicable' for one of them is so for all"


def _unanswered(unanswered: UnansweredRule, here: Here) -> Iterator[str]:
    them = plural(here.level("statement"))
    blanks = f"blanks ({them} without an answer)"
    yield {
        "exclude": f"{blanks} are left out",
        "worst": f"{blanks} count as the worst grade",
        "refuse": f"if there are any {blanks}, no result is given",
        "range": f"{blanks} make the result a range, from the least to the greatest that filling them in can give",
    }[unanswered.policy]
    if unanswered.min_answered is not None:
        yield f"if fewer than {share_text(unanswered.min_answered)} of the {them} that apply are answered, no result is given"
    if unanswered.prorate:
        yield f"a sum is scaled up from the {them} that are answered to those that apply"


def _empty(empty: Empty, here: Here) -> str:
    given = {"not_scored": "gives no result ('not scored'), neither zero nor full marks", "not_applicable": "counts as 'not applicable'"}
    return given.get(str(empty), f"gives {here.term(empty)}")


def _exception(one: Exemption, here: Here) -> str:
    said = ["left out"] if one.leave_out else []
    said += [here.table(one.value, "counts")] if one.value is not None else []
    said += [f"the weight is {number_text(one.weight)}"] if one.weight is not None else []
    said += list(_not_applicable(one.na, here)) if one.na is not None else []
    about = here.refs(one.refs) if one.refs else f"{plural(here.level('statement'))} marked '{as_words(one.tag or '')}'"
    return f"Exception for {about}: {'; '.join(said)}.{because(one.reason)}"


def _expected(law: str, one: Expectation) -> str:
    minuted = "; ".join(([flat(one.accepted_by)] if one.accepted_by else []) + ([long(one.date)] if one.date else []))
    accepted = f" The board accepted this ({minuted})." if minuted else ""
    return f"{VERDICTS[one.verdict]}: {LAWS[law].says if law in LAWS else as_words(law)}.{accepted}{because(one.reason)}"


def _cited(source: Source) -> str:
    beside = ", ".join(flat(text) for text in (source.publisher, source.date) if text)
    return flat(source.title) + (f" ({beside})" if beside else "")


def _origin(rule: Rule, framework: Framework) -> str:
    known = rule.provenance.within(framework.provenance)
    wording = f" Its words are {known.wording}." if known.wording not in (None, known.mark) else ""
    sources = {source.id: source for source in framework.sources}
    named = [_cited(sources[id]) if id in sources else as_words(id) for id in known.sources or ()]
    note = f" {as_sentence(flat(known.note))}" if known.note else ""
    return f"Where the rule comes from: {MARKS[known.mark]}{wording}" + (f" Source: {'; '.join(named)}." if named else "") + note


def sentence(step: Step, rule: Rule, framework: Framework) -> str:
    """One step in words. Rows of a table, rungs, exceptions and remarks stand on lines of their own."""
    here = Here(framework, rule, step)
    each, kind = f"for each {here.level(step.each)}, " if step.each is not None else "", _class_of(step.op)
    lines = [as_sentence(f"{each}{here.name(step.id)} {WORDING.get(kind, _installed)(step.op, here)}")]
    lines += [_exception(one, here) for one in step.except_]
    own = [*(_not_applicable(step.na, here) if step.na else ()), *(_unanswered(step.unanswered, here) if step.unanswered else ())]
    own += [f"if nothing is left to score, it {_empty(step.empty, here)}"] if step.empty is not None else []
    lines += [f"In this step: {'; '.join(own)}."] if own else []
    lines += [f"If so, it is flagged: {as_sentence(flat(step.flag))}"] if step.flag else []
    return "\n".join([*lines, *([f"Note: {as_sentence(flat(step.note))}"] if step.note else [])])


def _about(rule: Rule, framework: Framework) -> Iterator[str]:
    scale = next((scale for scale in framework.scales if scale.id == rule.result), None)
    if scale is not None:
        yield f"The result is a grade: {or_listed(flat(grade.label) for grade in scale.grades)}."
    elif rule.result == "truth":
        yield "The result is yes or no."
    elif rule.result == "number" or rule.better == "lower":
        yield f"The result is a number; the {rule.better}, the better."
    if rule.over == "assessments":
        yield "The rule looks at the assessments of several organisations together."


def _absent(rule: Rule, here: Here) -> Iterator[str]:
    unsaid = "The rule does not say what becomes of {}, so they are left out."
    na, blanks = rule.na, rule.unanswered
    yield " ".join(map(as_sentence, _not_applicable(na, here))) if na else unsaid.format("answers of 'not applicable'")
    them = f"blanks ({plural(here.level('statement'))} without an answer)"
    yield " ".join(map(as_sentence, _unanswered(blanks, here))) if blanks else unsaid.format(them)
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
    >>> from s11kit.rules import ALL
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> rule = Rule(id="share-met", result="number", unanswered=UnansweredRule(policy="worst"), steps=[Step(id="met", over=ALL, op=met)])
    >>> for line in page(rule, framework).splitlines()[3:6:2]:
    ...     print(line)
    The result is a number; the higher, the better.
    1. The result is the share of statements that are Fully met.
    """
    here, steps = Here(framework, rule), list[str]()
    for place, step in enumerate(rule.steps, 1):
        first, *more = sentence(step, rule, framework).split("\n")
        indent = " " * len(f"{place}. ")
        steps += [_wrapped(first, f"{place}. ", indent), *(_wrapped(line, indent, indent + "  ") for line in more)]
    expected = [_wrapped(_expected(law, one), "   ", "     ") for law, one in rule.expect.items()]
    reported = [here.name(id) for id in rule.report if id != rule.steps[-1].id]
    shown = [_wrapped(f"Shown beside the result: {listed(reported)}.")] if reported else []
    blocks: list[list[str]] = [
        [_wrapped(flat(rule.title or as_words(rule.id).capitalize())), _wrapped(f"{flat(framework.title)} ({framework.edition})")],
        list(map(_wrapped, _about(rule, framework))),
        steps + shown,
        list(map(_wrapped, _absent(rule, here))),
        ["What the board expects of the rule:", *expected] if expected else [],
        [_wrapped(_origin(rule, framework))],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)
