"""The results of scoring rules: each with what became of absent answers, and how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.padding import Padding

from s11kit._numbers import number_text
from s11kit.cli.printing import ASIDE, HEADING, grade_style, indented, words
from s11kit.errors import counted
from s11kit.model import Assessment, Scale
from s11kit.rules.binding import BARE, BLANK, NA, BoundRule
from s11kit.rules.changes import Changes
from s11kit.rules.definition import NotApplicableRule, UnansweredRule
from s11kit.rules.derivation import DerivedStep
from s11kit.rules.evaluation import slot_symbol
from s11kit.rules.phrases import share_text
from s11kit.rules.result import Result, display

NOT_APPLICABLE = {"exclude": "left out", "worst": "counted as the worst grade", "refuse": "so no result"}
UNANSWERED = {
    "exclude": "left out",
    "worst": "counted as the worst grade",
    "refuse": "so no result",
    "range": "taken as every grade in turn",
}


def print_results(console: Console, results: Iterable[Result], *, others: Iterable[BoundRule] = (), more: str | None = None) -> None:
    """Print what each rule comes to, with its policies; which `others` wait for more organisations; and the command that tells `more`."""
    console.print(words("\nRules", HEADING))
    for result in results:
        last = result.explain().steps[-1]
        console.print(indented(f"{result.bound.title} ({result.rule})", 2, HEADING))
        console.print(indented(result.text if last.maximum is None else shown(last), 4, _style(result)))
        for said in _beside(result):
            console.print(indented(said, 4, ASIDE))
    for rule in others:
        console.print(indented(f"{rule.title} ({rule.id})", 2, HEADING))
        console.print(indented(f"looks at several organisations together: s11kit score FILE FILE ... --across {rule.id}", 4, ASIDE))
    if more is not None:
        console.print(words("\nHow a result comes about, and what would change it:", ASIDE))
        console.print(words(f"  {more}", ASIDE), soft_wrap=True)


def print_explained(console: Console, results: Iterable[Result], goals: Mapping[str, Changes | None]) -> None:
    """Print how results came about, and the fewest changes that reach a better one."""
    for result in results:
        console.print(words(f"\n{result.bound.title} ({result.rule})", HEADING))
        console.print(words(result.explain().text(width=max(min(console.width, 100), 40))), soft_wrap=True)
        console.print(Padding(words(absent(result), ASIDE), (0, 0, 0, 2)))
        changes = goals.get(result.rule)
        if changes is not None:
            console.print(words(changes.text))
        elif result.bound.kind == "number" and len(result.assessments) == 1:
            console.print(words("What would reach a given number: add --goal NUMBER", ASIDE))


def goal_of(result: Result, goal: str | None) -> Changes | None:
    """The fewest changes that reach a goal, or the next better result; `None` where no goal is given and there is none to be had.

    A grade may be named by its label. `S11Error` if the goal is no result of the rule.
    """
    kind = result.bound.kind
    if goal is None:
        if kind == "number" or len(result.assessments) > 1:
            return None
        changes = result.next_grade()
        return None if changes.reached_already else changes
    if isinstance(kind, Scale):
        labels = {grade.label.casefold(): grade.id for grade in kind.grades}
        goal = labels.get(goal.casefold(), goal)
    elif kind == "truth" and goal.casefold() in ("yes", "true"):
        goal = "true"
    return result.next_grade(goal)


def explained(results: Iterable[Result], goals: Mapping[str, Changes | None]) -> dict[str, Any]:
    """For `--json`: how results came about."""
    out: dict[str, Any] = {}
    for result in results:
        changes = goals.get(result.rule)
        out[result.rule] = {"derivation": result.explain().to_dict(), "next_grade": changes.to_dict() if changes is not None else None}
    return out


def absent(result: Result) -> str:
    """What became of absent answers: `2 not applicable left out, none unanswered (else left out)`."""
    found = [slot_symbol(slot, one) for variable in result.bound.machine.variables for slot in variable.slots for one in result.assessments]
    away, open_ = sum(symbol in (NA, BARE) for symbol in found), found.count(BLANK)
    rule = result.bound.rule
    without_reason = found.count(BARE) if rule.na is not None and rule.na.needs_reason else 0
    what = f"unanswered ({without_reason} of them not applicable without a reason)" if without_reason else "unanswered"
    parts = [
        _counted(away - without_reason, "not applicable", _declined(rule.na, result)),
        _counted(open_ + without_reason, what, _open(rule.unanswered)),
    ]
    own = [step.id for step in rule.steps if step.na is not None or step.unanswered is not None or any(one.na is not None for one in step.except_)]
    if own:
        parts.append(f"{'steps' if len(own) > 1 else 'step'} {', '.join(own)} in {'their' if len(own) > 1 else 'its'} own way")
    return ", ".join(parts)


def _counted(number: int, what: str, treated: str) -> str:
    if not number:
        return f"none {what} (else {treated.removeprefix('so ')})"
    return f"{number} {what}{', ' if treated.startswith('so ') else ' '}{treated}"


def _declined(na: NotApplicableRule | None, result: Result) -> str:
    if na is None:
        return "left out: the rule does not say"
    limit = f", up to {share_text(na.max_share)} of all" if na.max_share is not None else ""
    if na.policy != "as":
        return NOT_APPLICABLE[na.policy] + limit
    grade = str(na.grade)
    known = result.bound.framework.scale_of_grade
    return f"counted as {known[grade].grade(grade).label if grade in known else 'the target grade'}{limit}"


def _open(unanswered: UnansweredRule | None) -> str:
    if unanswered is None:
        return "left out: the rule does not say"
    said = UNANSWERED[unanswered.policy] + (" and the sum scaled up" if unanswered.prorate else "")
    return said + (f", where at least {share_text(unanswered.min_answered)} of all are answered" if unanswered.min_answered is not None else "")


def shown(step: DerivedStep) -> str:
    """The result of a step, a number as a decimal where that is exact; a sum beside the most it could have been."""
    exact = _decimal(step.exact) if isinstance(step.exact, Fraction) else step.shown
    return exact if step.maximum is None else f"{exact} of {_decimal(step.maximum)}"


def _decimal(number: Fraction) -> str:
    text = number_text(number)
    return f"{text} (about {display(number, places=2)})" if "/" in text and number.denominator > 100 else text


def _style(result: Result) -> str:
    kind = result.bound.kind
    return grade_style(kind.grade(str(result.value)).colour) if isinstance(kind, Scale) and result.value is not None else ""


def _beside(result: Result) -> Iterator[str]:
    """What stands beside a result: reported steps, flags, whether somebody confirmed it, and what became of absent answers."""
    derivation = result.explain()
    reported = [step for id in result.bound.rule.report for step in derivation.steps if step.id == id and step.group is None]
    if reported:
        yield "beside it: " + ", ".join(f"{step.id} {shown(step)}" for step in reported)
    for flag in result.flags:
        yield f"flag: {flag}"
    if result.confirmed:
        yield "confirmed by somebody in place of the derived result"
    yield absent(result)


def heading(assessments: tuple[Assessment, ...]) -> str:
    """Whose results these are."""
    if len(assessments) == 1:
        return assessments[0].organisation.name
    return f"{counted(len(assessments), 'organisation')}: " + ", ".join(one.organisation.name for one in assessments)
