"""`s11kit score`: counts and shares as a board prints them, and the results of its rules."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console

from s11kit._numbers import MODES, Mode, Rounding, read_number
from s11kit.cli.common import FILE, assessment_of, frameworks_option, give, json_option, out_options, role_option, rule_of, verb
from s11kit.cli.printing import ASIDE, HEADING, words
from s11kit.cli.results import explained, goal_of, heading, print_explained, print_results
from s11kit.cli.score_table import print_comparison, print_score
from s11kit.model import Assessment
from s11kit.model.assessment import SELF
from s11kit.model.head import BASES, Base
from s11kit.rules.result import Result
from s11kit.scoring import Comparison, Score, compare, score, score_across

EVERY = "*"


def _step(ctx: click.Context, param: click.Parameter, value: str | None) -> Fraction | Literal["none"] | None:
    """What percentages are rounded to: an exact number above zero, or `none`."""
    if value is None:
        return None
    if value == "none":
        return "none"
    found = read_number(value)
    if found is None or found <= 0:
        raise click.BadParameter(f"'{value}' is no step; write percentage points such as 0.1, 1 or 10, or none for exact numbers", ctx, param)
    return found


@verb(
    "score",
    "s11kit score our-assessment.toml",
    "s11kit score our-assessment.toml --base graded --round 1",
    "s11kit score this-round.toml --compare last-round.toml",
    "s11kit score our-assessment.toml --explain overall --goal good",
    "s11kit score north.toml south.toml --across typical",
)
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1)
@click.option("--base", type=click.Choice(BASES), help="What shares are taken of: all in scope, those applicable, or those graded.")
@click.option("--round", "step", callback=_step, metavar="STEP", help="Round percentages to this many points (10: the nearest ten), or none.")
@click.option("--mode", type=click.Choice(MODES), help="How exact halves, or all numbers, are rounded.")
@role_option
@click.option("--dimension", metavar="NAME", help="The answers along this dimension, such as in practice.")
@click.option("--compare", "other", type=FILE, metavar="FILE", help="Show what changed since this earlier assessment.")
@click.option("--compare-role", "other_role", metavar="ROLE", help="Show what this role sees differently (or, with --compare, saw).")
@click.option(
    "--explain",
    "explain",
    is_flag=False,
    flag_value=EVERY,
    metavar="[RULE]",
    help="Show how the result of a rule (or of all) came about, step by step.",
)
@click.option("--goal", metavar="GRADE", help="With --explain: the fewest changes that reach this grade or number, rather than the next grade.")
@click.option("--across", metavar="RULE", help="The result of a rule that looks at several organisations; FILE is given for each.")
@out_options
@frameworks_option
@json_option
def score_(
    files: tuple[Path, ...],
    base: Base | None,
    step: Fraction | Literal["none"] | None,
    mode: Mode | None,
    role: str,
    dimension: str | None,
    other: Path | None,
    other_role: str | None,
    explain: str | None,
    goal: str | None,
    across: str | None,
    target: Path | None,
    force: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Count the answers, for each standard and in total, and give the results of the framework's rules.

    A grade is not a number here, not applicable is not unanswered, and unanswered is not zero. Every share says what it is a
    share of and how it was rounded. Every result says what became of answers that are not applicable and of unanswered ones.
    """
    if explain is not None and "." in explain:  # no rule has a full stop in its name: this is `--explain FILE`
        files, explain = (*files, Path(explain)), EVERY
    _sensible(files, explain, goal, across, seen=role != SELF or dimension is not None, compared=other is not None or other_role is not None)
    assessments = tuple(assessment_of(file, folders) for file in files)
    if across is not None:
        result = score_across(assessments, across)
        give(_told_across(result, explain), lambda console: _shown_across(console, result, explain), target, as_json=as_json, force=force)
        return
    [assessment] = assessments
    found = score(assessment, role=role, dimension=dimension)
    policy = assessment.framework.shares
    nearest = policy.rounding.nearest if step is None else None if step == "none" else step
    rounding = Rounding(nearest=nearest, mode=mode or policy.rounding.mode)
    comparison = _compared(found, other, other_role, folders)
    asked = _asked(found, explain, goal)
    goals = {result.rule: goal_of(result, goal) for result in asked}

    def shown(console: Console) -> None:
        if explain is not None:
            console.print(words(assessment.organisation.name, HEADING))
            console.print(words(f"{assessment.framework.title} ({assessment.framework.name})", ASIDE))
            print_explained(console, asked, goals)
        else:
            print_score(console, found, base or policy.base, rounding)
            _print_rules(console, found, files[0])
        if comparison is not None:
            print_comparison(console, comparison, str(other) if other is not None else None)

    told = found.to_dict(base=base, rounding=rounding) | ({} if comparison is None else {"comparison": comparison.to_dict()})
    told |= {"explained": explained(asked, goals)} if explain is not None else {}
    give(told, shown, target, as_json=as_json, force=force)


def _sensible(files: tuple[Path, ...], explain: str | None, goal: str | None, across: str | None, *, seen: bool, compared: bool) -> None:
    """A usage error where options do not go together."""
    if not files:
        raise click.UsageError("Missing argument 'FILE...'.")
    if across is None and len(files) > 1:
        raise click.UsageError("one FILE is scored at a time; several are scored together only by a rule for that, with --across RULE")
    if across is not None and (seen or compared or goal is not None):
        raise click.UsageError("--across gives one result for all files; it does not go with --role, --dimension, --compare or --goal")
    if across is not None and explain not in (None, EVERY, across):
        raise click.UsageError(f"--across {across} gives the result of that rule alone; write --explain without a name")
    if goal is not None and explain is None:
        raise click.UsageError("--goal belongs to a rule: add --explain RULE")


def _compared(found: Score, other: Path | None, role: str | None, folders: tuple[Path, ...]) -> Comparison | None:
    if other is not None:
        return compare(score(assessment_of(other, folders), role=role or found.role, dimension=found.dimension), found)
    return compare(found, score(found.assessment, role=role, dimension=found.dimension)) if role is not None else None


def _asked(found: Score, explain: str | None, goal: str | None) -> list[Result]:
    """The results that are to be explained."""
    if explain is None:
        return []
    if explain != EVERY:
        rule = rule_of(found.assessment.framework, explain)
        if rule.rule.over == "assessments":
            raise click.UsageError(f"rule '{explain}' looks at several organisations: add --across {explain}")
        return [found[explain]]
    if not found.rules:
        raise click.UsageError(f"{found.assessment.framework.name} has no rule that scores one assessment, so there is nothing to explain")
    if goal is not None and len(found.rules) > 1:
        raise click.UsageError(f"--goal belongs to one rule: write --explain with one of {', '.join(found.rules)}")
    return list(found.rules.values())


def _print_rules(console: Console, found: Score, file: Path) -> None:
    results = list(found.rules.values())
    others = [rule for rule in found.assessment.framework.rules.values() if rule.rule.over == "assessments"]
    if results or others:
        more = f"s11kit score {file} --explain" + (f" {results[0].rule}" if results else "")
        print_results(console, results, others=others, more=more if results else None)
    if results and (found.role != SELF or found.dimension is not None):
        console.print(words("Rules look at the answers that they name, whatever --role and --dimension say.", ASIDE))


def _shown_across(console: Console, result: Result, explain: str | None) -> None:
    framework = result.bound.framework
    console.print(words(heading(result.assessments), HEADING))
    console.print(words(f"{framework.title} ({framework.name})", ASIDE))
    if explain is None:
        print_results(console, [result])
    else:
        print_explained(console, [result], {})


def _told_across(result: Result, explain: str | None) -> dict[str, Any]:
    assessments: tuple[Assessment, ...] = result.assessments
    out: dict[str, Any] = {
        "framework": result.bound.framework.name,
        "organisations": [one.organisation.name for one in assessments],
        "rules": {result.rule: result.to_dict()},
    }
    return out | ({"explained": explained([result], {})} if explain is not None else {})
