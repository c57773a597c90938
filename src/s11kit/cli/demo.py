"""`s11kit demo`: what a newcomer sees first, on an example that ships with the library."""

from __future__ import annotations

from pathlib import PurePath

import attrs
from rich.console import Console
from rich.text import Text

from s11kit.catalogue import Catalogue
from s11kit.checking import check
from s11kit.cli.common import json_option, verb
from s11kit.cli.plans import print_short
from s11kit.cli.printing import ASIDE, HEADING, grade_style, json_out, out, pairs, problems_out, summary, words
from s11kit.cli.score_table import BASES, score_table, shared
from s11kit.cli.wording import out_of_scope
from s11kit.errors import Problem
from s11kit.model import Assessment, Graded
from s11kit.model.head import BASES as ALL_BASES
from s11kit.planning import plan
from s11kit.scoring import Score, score

FRAMEWORK, EXAMPLE = "cambridgeshire-peterborough@2017-19", "published-summary"


@verb("demo", "s11kit demo", "s11kit demo --json")
@json_option
def demo(as_json: bool) -> None:
    """Show what s11kit does, on an example that ships with it.

    Scores it, checks it, and shows its gaps and its action plan. The organisation is invented; the counts are those of the
    score summary that two boards published with their tool.
    """
    catalogue = Catalogue.default()
    assessment = catalogue.example(FRAMEWORK, EXAMPLE)
    problems, found, made = check(assessment), score(assessment), plan(assessment)
    if as_json:
        told = {"problems": [problem.to_dict() for problem in problems], "score": found.to_dict(), "plan": made.to_dict()}
        json_out({"framework": FRAMEWORK, "example": EXAMPLE, **told})
        return
    console = out()
    _opening(console, assessment)
    _step(console, 1, "Score: the summary as the board prints it")
    console.print(score_table(found, console.width))
    for ref in found.out_of_scope:
        console.print(words(f"\n{out_of_scope(assessment.framework, ref)}"))
    _step(console, 2, "Shares: every percentage says of what, and how it was rounded")
    _shares(console, found)
    _step(console, 3, "Check: is everything there that the grades demand?")
    problems_out((_nearby(problem) for problem in problems), to_stderr=False)
    console.print(words(f"{summary(problems)}. Nothing is guessed: what is blank stays unanswered."))
    _step(console, 4, "Gaps: what to work on first")
    _gaps(console, assessment)
    _step(console, 5, "Plan: who closes which gap, and by when")
    print_short(console, made)
    _closing(console)


def _nearby(problem: Problem) -> Problem:
    """The same problem with the name of its file, without the folders that the example happens to stand in."""
    place = problem.place
    return problem if place is None else attrs.evolve(problem, place=attrs.evolve(place, file=PurePath(place.file).name))


def _opening(console: Console, assessment: Assessment) -> None:
    console.print(words(f"{assessment.organisation.name}, an invented organisation", HEADING))
    framework = assessment.framework
    console.print(words(f"{framework.title} ({framework.name}); its statements are worded by s11kit, not by the boards", ASIDE))


def _step(console: Console, number: int, title: str) -> None:
    console.print(Text(f"\n{number}. {title}\n", style="bold underline"))


def _shares(console: Console, found: Score) -> None:
    policy = found.assessment.framework.shares
    for grade in found.assessment.framework.scales[0].printed:
        console.print(words(grade.label, grade_style(grade.colour)))
        console.print(pairs((f"of all {BASES[base]}", shared(found.total, grade.id, base, policy.rounding)) for base in ALL_BASES))
    console.print(Text(f"Rounded {policy.rounding.sentence}. Three bases, three answers: a share without its base says little.", style=ASIDE))


def _gaps(console: Console, assessment: Assessment) -> None:
    for grade in assessment.framework.scales[0].grades[:-1]:
        answers = [(item, assessment.answer(item.ref)) for item in assessment.in_scope]
        console.print(words(grade.label, grade_style(grade.colour)))
        console.print(pairs((item.ref, item.title) for item, answer in answers if isinstance(answer, Graded) and answer.grade == grade.id))


def _closing(console: Console) -> None:
    _step(console, 6, "Your turn")
    console.print(
        pairs(
            [
                ("see the framework", f"s11kit show {FRAMEWORK}"),
                ("begin your own", f"s11kit new assessment {FRAMEWORK} --area cambridgeshire --out ours.toml"),
                ("fill it in", "s11kit answer ours.toml"),
            ]
        )
    )
