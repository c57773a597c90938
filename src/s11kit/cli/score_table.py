"""The score summary as a board prints it, the shares, and what changed between two scores."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from s11kit._numbers import Rounding, percent
from s11kit.cli.printing import ASIDE, HEADING, grade_style, pairs, plain_table, words
from s11kit.cli.wording import condition, title_of
from s11kit.model import Framework, Grade
from s11kit.model.assessment import SELF
from s11kit.model.framework import Base
from s11kit.scoring import Comparison, Score, Tally

WIDEST = 8
"""The most grades that get a column each."""
BASES: dict[Base, str] = {"all": "in scope", "applicable": "applicable", "graded": "graded"}


def print_score(console: Console, score: Score, base: Base, rounding: Rounding) -> None:
    """Print the table, what is out of scope, the shares and the completeness."""
    assessment = score.assessment
    seen = "" if score.role == SELF else f", as seen by {score.role}"
    seen += f", {score.dimension}" if score.dimension else ""
    console.print(words(f"{assessment.organisation.name}{seen}", HEADING))
    console.print(words(f"{assessment.framework.title} ({assessment.framework.name})\n", ASIDE))
    console.print(score_table(score, console.width))
    for ref in score.out_of_scope:
        console.print(words(f"\n{title_of(assessment.framework, ref)} is out of scope: it {condition(assessment.framework.items[ref].conditions)}."))
    print_shares(console, score, base, rounding)
    done = score.completeness
    if done is not None:
        console.print(words(f"\nAnswered: {percent(done, rounding)} of what applies ({rounding.sentence}; exactly {done})"))


def score_table(score: Score, width: int = 80) -> Table:
    """The counts: a row for each standard, a column for each grade."""
    framework, total = score.assessment.framework, score.total
    grades = _columns(framework, total)
    narrow = len(grades) > WIDEST
    other = bool(total.other_answered or total.other_unanswered)
    table = plain_table(show_footer=True)

    def column(head: str, foot: str, style: str = "") -> None:
        shown = words("\n".join(head.split()) if width < 100 and len(head) < 24 else head, style)
        table.add_column(shown, words(foot), justify="right", overflow="fold")

    table.add_column("", no_wrap=True)
    table.add_column(words(framework.label("standard").capitalize()), "Total All Areas", overflow="fold", footer_style=HEADING)
    column("No of questions", str(total.statements))
    if narrow:
        table.add_column("Grades given", words(_spelled(framework, total)), overflow="fold")
    else:
        several = len({framework.scale_of_grade[grade.id].id for grade in grades}) > 1
        for grade in grades:
            scale = framework.scale_of_grade[grade.id]
            column(f"{scale.id}: {grade.label}" if several else grade.label, str(total.grades[grade.id]), grade_style(grade.colour))
    column(_not_applicable(framework), str(total.not_applicable))
    column("Unanswered", str(total.unanswered))
    if other:
        column("Other answered", str(total.other_answered))
        column("Other open", str(total.other_unanswered))
    for depth, tally in _flat(score.tally):
        cells = [_spelled(framework, tally)] if narrow else [str(tally.grades.get(grade.id, "-")) for grade in grades]
        rest = [str(tally.other_answered), str(tally.other_unanswered)] if other else []
        name = (words(f"{'  ' * depth}{tally.ref}"), words(tally.title))
        table.add_row(*name, str(tally.statements), *map(words, cells), str(tally.not_applicable), str(tally.unanswered), *rest)
    return table


def _columns(framework: Framework, total: Tally) -> list[Grade]:
    return [grade for scale in framework.scales for grade in scale.printed if grade.id in total.grades]


def _spelled(framework: Framework, tally: Tally) -> str:
    given = [f"{grade.label}: {tally.grades[grade.id]}" for grade in _columns(framework, tally) if tally.grades[grade.id]]
    return ", ".join(given) or "none"


def _not_applicable(framework: Framework) -> str:
    codes = {scale.not_applicable.code or "N/A" for scale in framework.scales if scale.not_applicable}
    return codes.pop() if len(codes) == 1 else "N/A"


def _flat(tallies: tuple[Tally, ...], depth: int = 0) -> Iterator[tuple[int, Tally]]:
    for tally in tallies:
        yield depth, tally
        yield from _flat(tally.standards, depth + 1)


def print_shares(console: Console, score: Score, base: Base, rounding: Rounding) -> None:
    """Print the share of each grade, with its base and its rounding."""
    total = score.total
    of = total.base(base)
    if not of:
        console.print(Text(f"\nShares: nothing is {BASES[base]}, so there is nothing to share"))
        return
    console.print(Text(f"\nShares of the {of} {BASES[base]} (base: {base}), {rounding.sentence}", style=HEADING))
    names = [(grade.id, grade.label) for grade in _columns(score.assessment.framework, total)]
    if len(names) > WIDEST:
        names = [(id, label) for id, label in names if total.grades[id]]
    names += [("not_applicable", _not_applicable(score.assessment.framework))] if base == "all" else []
    names += [("unanswered", "Unanswered")] if base != "graded" else []
    console.print(pairs((label, shared(total, name, base, rounding)) for name, label in names))


def shared(tally: Tally, name: str, base: Base, rounding: Rounding) -> str:
    """A share with the count it comes from: `71.1 % (27 of 38; exactly 27/38)`."""
    share, of = tally.share(name, base=base), tally.base(base)
    if share is None:
        return "nothing to share"
    return f"{percent(share, rounding)} ({share * of} of {of}; exactly {share})"


def print_comparison(console: Console, comparison: Comparison, file: str | None) -> None:
    """Print what differs between two scores, item by item."""
    before, after = ("Before", "Now") if file else (_seen(comparison.before), _seen(comparison.after))
    counts = ", ".join(f"{comparison.count(direction)} {direction}" for direction in ("better", "worse", "same", "other"))
    console.print(words(f"\nCompared with {file or after}: {counts}", HEADING))
    if not comparison.differing:
        console.print(Text("  No answer differs."))
        return
    table = plain_table()
    table.add_column("Ref", no_wrap=True)
    table.add_column(words(framework_label(comparison.after)), ratio=1, overflow="fold")
    table.add_column(words(before), overflow="fold")
    table.add_column(words(after), overflow="fold")
    table.add_column("Direction", no_wrap=True)
    for change in comparison.differing:
        table.add_row(words(change.ref), words(change.title), words(change.before), words(change.after), words(change.direction))
    console.print(table)
    console.print(words("other: the two cannot be ordered (blank, not applicable, out of scope)", ASIDE))


def framework_label(score: Score) -> str:
    """What the framework calls a statement."""
    return score.assessment.framework.label("statement").capitalize()


def _seen(score: Score) -> str:
    roles = {role.id: role.label for role in score.assessment.framework.roles}
    return "own answers" if score.role == SELF else roles.get(score.role, score.role)
