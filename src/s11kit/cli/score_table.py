"""The score summary as a board prints it, the shares, and what changed between two scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import attrs
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from s11kit._numbers import Rounding, percent
from s11kit.cli.printing import ASIDE, HEADING, grade_style, headed, pairs, plain_table, words
from s11kit.cli.replies import value_in_words
from s11kit.cli.wording import out_of_scope
from s11kit.errors import counted
from s11kit.model import Framework, Grade, Stated
from s11kit.model.assessment import SELF
from s11kit.model.head import Base
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
        console.print(words(f"\n{out_of_scope(assessment.framework, ref)}"))
    print_shares(console, score, base, rounding)
    done = score.completeness
    if done is not None:
        console.print(words(f"\nAnswered: {percent(done, rounding)} of what applies ({rounding.sentence}; exactly {done})"))


def score_table(score: Score, width: int = 80) -> RenderableType:
    """The counts: a row for each standard, a column for each grade; in the widest form in which no word is cut at that width."""
    columns = _made(score)
    for form in (_whole, _split, _short):
        heads, legend, padding = form(columns)
        if heads is not None and _fits(score, columns, heads, padding, width, 30 if form is _whole else 20):
            return Group(_table(score, columns, heads, padding), *_explained(score, legend))
    return Group(_blocks(score, columns), *_explained(score, ()))


@attrs.frozen
class _Column:
    """One column of the table: its heading, a short one, and what stands in it."""

    head: str
    code: str
    cell: Callable[[Tally], str]
    style: str = ""
    grade: str | None = None
    words: bool = False
    declined: bool = False


def _made(score: Score) -> list[_Column]:
    framework, total = score.assessment.framework, score.total
    grades = _columns(framework, total)
    columns = [_Column("No of questions", "No", lambda tally: str(tally.statements))]
    if len(grades) > WIDEST:
        columns.append(_Column("Grades given", "Grades given", lambda tally: _spelled(framework, tally), words=True))
    else:
        several = len({framework.scale_of_grade[grade.id].id for grade in grades}) > 1
        codes = [grade.code or "" for grade in grades]
        if not all(codes) or len(set(codes)) < len(codes) or max(map(len, codes), default=0) > 4:
            codes = list("abcdefgh")
        for grade, code in zip(grades, codes, strict=False):
            head = f"{framework.scale_of_grade[grade.id].id}: {grade.label}" if several else grade.label
            columns.append(_Column(head, code, _given(grade.id), grade_style(grade.colour), grade.id))
    declined = _not_applicable(framework)
    columns.append(_Column(declined, declined if len(declined) < 5 else "N/A", lambda tally: str(tally.not_applicable), declined=True))
    columns.append(_Column("Unanswered", "Open", lambda tally: str(tally.unanswered)))
    if total.other_answered or total.other_unanswered:
        columns.append(_Column("Other answered", "Other", lambda tally: str(tally.other_answered)))
        columns.append(_Column("Other open", "Other open", lambda tally: str(tally.other_unanswered)))
    return columns


def _given(grade: str) -> Callable[[Tally], str]:
    return lambda tally: str(tally.grades.get(grade, "-"))


Form = tuple[list[str] | None, tuple[str, ...], int]
"""Headings, lines below the table, and the blanks on either side of a cell; no headings where the form is unfit."""


def _whole(columns: list[_Column]) -> Form:
    return [column.head for column in columns], (), 1


def _split(columns: list[_Column]) -> Form:
    heads = [column.head if column.words else "\n".join(column.head.split()) for column in columns]
    return heads if all(head.count("\n") < 4 for head in heads) else None, (), 1


def _short(columns: list[_Column]) -> Form:
    told = [f"{column.code}: {column.head}" for column in columns if column.grade is not None and column.code != column.head]
    told += [f"{column.code}: not applicable" for column in columns if column.declined and column.code.casefold() not in ("na", "n/a")]
    told += ["No: number of questions", "Open: unanswered"]
    return ["\n".join(column.code.split()) for column in columns], ("; ".join(told),), 0


def _fits(score: Score, columns: list[_Column], heads: list[str], padding: int, width: int, least: int) -> bool:
    """Whether the table fits, with room for the titles: at least for their longest word."""
    tallies = [tally for _, tally in _flat(score.tally)]
    longest = max((len(word) for tally in tallies for word in tally.title.split()), default=0)
    title = max(least, min(longest, 40), len(score.assessment.framework.label("standard")))
    refs = max((len(f"{'  ' * depth}{tally.ref}") for depth, tally in _flat(score.tally)), default=0)
    cells = 0
    for column, head in zip(columns, heads, strict=True):
        lines = [*head.split("\n"), *([] if column.words else [column.cell(tally) for tally in (*tallies, score.total)])]
        cells += max(20 if column.words else 0, *map(len, lines))
    return refs + title + cells + (1 + 2 * padding if padding else 2) * (len(columns) + 1) <= width


def _table(score: Score, columns: list[_Column], heads: list[str], padding: int) -> Table:
    total = score.total
    table = plain_table(show_footer=True, padding=(0, 1) if padding else (0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column(words(score.assessment.framework.label("standard").capitalize()), "Total All Areas", overflow="fold", footer_style=HEADING)
    for column, head in zip(columns, heads, strict=True):
        justify: Literal["left", "right"] = "left" if column.words else "right"
        table.add_column(words(head, column.style), words(column.cell(total)), justify=justify, overflow="fold", no_wrap=not column.words)
    for depth, tally in _flat(score.tally):
        cells = [words(column.cell(tally)) for column in columns]
        table.add_row(words(f"{'  ' * depth}{tally.ref}"), words(tally.title), *cells)
    return table


def _blocks(score: Score, columns: list[_Column]) -> Group:
    """For a narrow window, or many grades: one standard below the other."""
    parts: list[RenderableType] = []
    for ref, title, tally in [*((tally.ref, tally.title, tally) for _, tally in _flat(score.tally)), ("", "Total All Areas", score.total)]:
        parts.append(headed(ref, title) if ref else words(title, HEADING))
        shown = [column for column in columns if column.grade is None or column.grade in tally.grades]
        parts.append(pairs((column.head, column.cell(tally)) for column in shown))
    return Group(*parts)


def _explained(score: Score, legend: tuple[str, ...]) -> list[RenderableType]:
    told = list(legend)
    if score.total.other_answered or score.total.other_unanswered:
        told.append("Other: statements that take no grade, answered or still open")
    return [words(("\n" if not place else "") + line, ASIDE) for place, line in enumerate(told)]


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
    framework = score.assessment.framework
    if len({framework.scale_of_grade[grade.id].id for grade in _columns(framework, total)}) > 1:
        console.print(words("  These are shares of the statements of all scales together.", ASIDE))


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
    differing = len(comparison.differing)
    differ = f"{counted(differing, 'answer')} {'differs' if differing == 1 else 'differ'}" if differing else "no answer differs"
    console.print(words(f"\nCompared with {file or after}: {differ} ({counts})", HEADING))
    if not differing:
        return
    table = plain_table()
    table.add_column("Ref", no_wrap=True)
    table.add_column(words(framework_label(comparison.after)), ratio=1, overflow="fold")
    table.add_column(words(before), overflow="fold")
    table.add_column(words(after), overflow="fold")
    table.add_column("Direction", no_wrap=True)
    for change in comparison.differing:
        was, now = _value(comparison.before, change.ref, change.before), _value(comparison.after, change.ref, change.after)
        table.add_row(words(change.ref), words(change.title), words(was), words(now), words(change.direction))
    console.print(table)
    console.print(words("other: the two cannot be ordered (blank, not applicable, out of scope, no grade)", ASIDE))


def _value(score: Score, ref: str, said: str) -> str:
    """What was said, in words; an answer that is no grade as people say it."""
    if ref in score.assessment.scope.out:
        return said
    answer = score.assessment.answer(ref, role=score.role, dimension=score.dimension)
    return value_in_words(answer.value) if isinstance(answer, Stated) else said


def framework_label(score: Score) -> str:
    """What the framework calls a statement."""
    return score.assessment.framework.label("statement").capitalize()


def _seen(score: Score) -> str:
    roles = {role.id: role.label for role in score.assessment.framework.roles}
    return "own answers" if score.role == SELF else roles.get(score.role, score.role)
