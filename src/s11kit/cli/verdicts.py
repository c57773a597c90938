"""Verdicts as a board reads them: the law in words, what is known of it, the proof or the counterexample, and what would settle the rest."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

import attrs
from rich.console import Console
from rich.text import Text

from s11kit._dates import long
from s11kit.cli.printing import ASIDE, HEADING, safe, words
from s11kit.cli.results import shown
from s11kit.errors import counted
from s11kit.model import Assessment, Framework
from s11kit.rules.binding import BoundRule
from s11kit.rules.definition import Expectation
from s11kit.rules.evaluation import evaluate_across
from s11kit.rules.result import Result

if TYPE_CHECKING:
    from s11kit.proving import Report, Verdict, Witness

WIDEST = 100
"""Lines longer than this are hard to read."""
STYLES = {"proven": "green", "refuted": "red", "undecided": "yellow", "not_refuted": "yellow"}
BOUNDED = ("the states of", "recodings that widen one gap, near")
"""How tries begin that the budget ended."""
MOVES = ("change ", "exchange ", "add ")
"""How changes begin that make one assessment of another."""


def print_report(console: Console, report: Report, *, asked: frozenset[str] = frozenset()) -> None:
    """Print the verdicts rule by rule, then what is unexpected or undecided, and how many there are of each."""
    width = max(min(console.width, WIDEST), 40)
    framework = report.framework
    console.print(words(f"{framework.title} ({framework.name})", ASIDE))
    if not report.verdicts:
        console.print(words("It declares no scoring rules, so there is nothing to prove."))
        return
    by_rule: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        by_rule.setdefault(verdict.rule, []).append(verdict)
    for id, verdicts in by_rule.items():
        console.print(words(f"\n{framework.rules[id].title} ({id})", HEADING), soft_wrap=True)
        idle = [verdict for verdict in verdicts if verdict.kind == "does not apply" and verdict.law.name not in asked and verdict.as_expected]
        for verdict in verdicts:
            if verdict not in idle:
                _print(console, verdict, framework, width)
        if idle:
            told = ", ".join(f"{verdict.law.number} {verdict.law.name}" for verdict in idle)
            _lines(console, f"Without meaning for this rule: {told}", width, 2, ASIDE)
    _settle(console, report, width)
    console.print(words(f"\n{summed_up(report)}"), soft_wrap=True)


def _print(console: Console, verdict: Verdict, framework: Framework, width: int) -> None:
    """One law: its words with the verdict on the right, and below them what it rests on."""
    capitals = stamp(verdict)
    head = f"{verdict.law.number:<4}{verdict.law.says}"
    room = width - 2 - len(capitals) - 2
    first, *rest = wrap(head, max(room, 24), subsequent_indent="    ")
    line = Text(f"  {first:<{max(room, 24)}}  ", style=HEADING)
    line.append(capitals, style=STYLES.get(verdict.kind, ""))
    console.print(line, soft_wrap=True)
    for more in rest:
        console.print(Text(f"  {more}", style=HEADING), soft_wrap=True)
    for said in beneath(verdict, framework):
        _lines(console, said, width, 8)


def stamp(verdict: Verdict) -> str:
    """The verdict in capitals, marked where it is accepted or not what the board expects."""
    kind, _, basis = verdict.words.partition(" (")
    said = kind.upper() + (f" ({basis}" if basis else "")
    if not verdict.as_expected:
        return f"{said}, UNEXPECTED"
    return f"{said}, as accepted" if verdict.accepted else f"{said}, as expected" if verdict.expected == "refuted" else said


def beneath(verdict: Verdict, framework: Framework) -> Iterator[str]:
    """What a verdict rests on, paragraph by paragraph."""
    if verdict.witness is not None:
        yield from _shown(verdict.witness)
    if verdict.reasons:
        told = "; ".join(verdict.reasons) + "."
        steps = framework.rules[verdict.rule].rule.steps
        yield f"Cause: {told}" if verdict.witness is not None else told if any(told.startswith(f"{step.id} ") for step in steps) else _capital(told)
    if verdict.tried:
        yield f"Tried: {verdict.tried}."
    expectation = _expectation(verdict, framework)
    if verdict.accepted and expectation is not None:
        yield _accepted(expectation)


def _shown(witness: Witness) -> Iterator[str]:
    """A counterexample: the answers, the change, and both results with the steps that lead to them."""
    change, after = _capital(witness.change), witness.after
    summary = summary_of(witness)
    if witness.other is None:
        yield f"{summary}. {change}, and the result is:"
        yield f"  {way(witness.result)}"
    elif after is None or witness.change.startswith(MOVES):
        yield f"{summary}."
        yield f"{change}:"
        beside = witness if after is None else attrs.evolve(witness, before=after)
        told = witness.result.text if unasked(witness) else way(witness.result)
        yield f"  {'as it is' if after is None else 'before'}: {told}"
        told = witness.other.text if unasked(witness) and "unanswered" in beside.summary else way(witness.other)
        yield f"  {'then' if after is None else 'after'}: {told}"
    else:
        beside = attrs.evolve(witness, before=after)
        yield f"The first has {summary}: {way(witness.result)}"
        yield f"The second has {beside.summary}: {way(witness.other)}"
        yield f"{change}."


def unasked(witness: Witness) -> bool:
    """Whether an answer is added: blanks are then statements that are not asked, so steps with blanks in them would not be those that count."""
    return witness.change.startswith("add ")


def summary_of(witness: Witness) -> str:
    """The answers before the change; where one is added, the blanks are statements that are not asked."""
    return witness.summary.replace("unanswered", "not asked") if unasked(witness) else witness.summary


def scored(rule: BoundRule, assessments: tuple[Assessment, ...]) -> Result:
    """The result of a rule for one assessment, or across many."""
    return evaluate_across(rule, assessments) if rule.rule.over == "assessments" else rule.score(assessments[0])


def replays(result: Result) -> bool:
    """Whether scoring the assessment again comes to this result: not so where statements are meant as not asked, or a changed rule is spoken of."""
    again = scored(result.bound, result.assessments)
    return (again.least, again.greatest) == (result.least, result.greatest)


def way(result: Result) -> str:
    """A result with the steps before it: `average 2.475 -> band Good -> Requires improvement`."""
    steps = result.bound.rule.steps
    if len(steps) not in range(2, 6) or any(step.each is not None for step in steps) or result.kind == "range" or not replays(result):
        return result.text
    return " -> ".join([*(f"{step.id} {shown(step)}" for step in result.explain().steps[:-1]), result.text])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _expectation(verdict: Verdict, framework: Framework) -> Expectation | None:
    rule = framework.rules.get(verdict.rule)
    found: Expectation | None = rule.rule.expect.get(verdict.law.name) if rule is not None else None
    return found


def _accepted(expectation: Expectation) -> str:
    by = f" by {expectation.accepted_by}" if expectation.accepted_by else ""
    on = f", {long(expectation.date)}" if expectation.date else ""
    return f"Accepted{by}{on}" + (f": {expectation.reason}" if expectation.reason else "")


def _settle(console: Console, report: Report, width: int) -> None:
    """What is unexpected, once more, and what would settle it; and what nobody has said anything about."""
    if report.unexpected:
        console.print(words("\nNot as the framework expects", HEADING))
    for verdict in report.unexpected:
        _lines(console, f"{verdict.rule}: {verdict.law.says}: {verdict.words}; the framework expects it to be {verdict.expected}.", width, 2)
        for line in settling(verdict):
            copied = " = " in line
            _lines(console, line, width, 6 if copied else 4, wrapped=not copied)
    open_ = [verdict for verdict in report.undecided if verdict.as_expected and verdict.expected is None]
    for budget, told in (
        (True, "Undecided within the budget, so nothing is known; a higher --budget may settle"),
        (False, "Undecided, and no budget settles"),
    ):
        found = [verdict for verdict in open_ if verdict.tried.startswith(BOUNDED) == budget]
        if found:
            _lines(console, f"{told}: {_named(found)}", width, 0, ASIDE, gap=True)
    silent = [verdict for verdict in report.verdicts if verdict.kind == "refuted" and verdict.expected is None]
    if silent:
        _lines(console, f"Refuted, and the framework says nothing of it under [rule.expect]: {_named(silent, named=True)}", width, 0, ASIDE, gap=True)


def _named(verdicts: list[Verdict], *, named: bool = False) -> str:
    """`overall S5, S7; capped S7`; with the names by which a framework file speaks of the laws, `overall S5 anonymous, S7 na_safe; ...`."""
    by_rule: dict[str, list[str]] = {}
    for verdict in verdicts:
        by_rule.setdefault(verdict.rule, []).append(f"{verdict.law.number} {verdict.law.name}" if named else verdict.law.number)
    return "; ".join(f"{rule} {', '.join(numbers)}" for rule, numbers in by_rule.items())


def settling(verdict: Verdict) -> Iterator[str]:
    """What would settle an unexpected verdict, with the line to write for an honest acceptance."""
    name = verdict.law.name
    if verdict.kind == "refuted":
        yield "Change the rule; or, if the board accepts this, write under [rule.expect] of that rule, in place of what stands there:"
        yield f'{name} = {{ verdict = "refuted", accepted_by = "Board, minute ...", date = YYYY-MM-DD, reason = "..." }}'
    elif verdict.kind == "proven":
        yield "The law holds now, so what was accepted is out of date. Write under [rule.expect] of that rule, in place of what stands there:"
        yield f'{name} = "proven"'
    elif verdict.kind == "undecided":
        more = "Give a higher --budget, or make" if verdict.tried.startswith(BOUNDED) else "Make"
        yield f"Nothing is known, which is no proof. {more} the rule simpler."
    else:
        yield f"Take {name} out of [rule.expect] of that rule."


def summed_up(report: Report) -> str:
    """How many verdicts there are of each kind."""
    kinds = [verdict.kind for verdict in report.verdicts]
    accepted = sum(verdict.kind == "refuted" and verdict.accepted is not None and verdict.as_expected for verdict in report.verdicts)
    parts = [
        f"{kinds.count('proven')} proven",
        f"{kinds.count('refuted')} refuted" + (f" ({accepted} accepted)" if accepted else ""),
        f"{kinds.count('undecided') + kinds.count('not_refuted')} undecided",
        f"{kinds.count('does not apply')} without meaning",
    ]
    unexpected = f"; {counted(len(report.unexpected), 'verdict')} not as expected" if report.unexpected else ""
    rules = len({verdict.rule for verdict in report.verdicts})
    return f"{counted(rules, 'rule')}, {counted(len(kinds), 'verdict')}: {', '.join(parts)}{unexpected}"


def _lines(console: Console, text: str, width: int, indent: int, style: str = "", *, wrapped: bool = True, gap: bool = False) -> None:
    """A paragraph, wrapped and indented; what is to be copied stays in one line."""
    lead = " " * (indent + len(text) - len(text.lstrip()))
    plain = safe(text.strip())
    lines = wrap(plain, width, initial_indent=lead, subsequent_indent=lead + "  ", break_on_hyphens=False) if wrapped else [lead + plain]
    console.print(Text(("\n" if gap else "") + "\n".join(lines), style=style), soft_wrap=True)
