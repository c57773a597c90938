"""`s11kit score`: counts and shares, as a board prints them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from s11kit._numbers import MODES, Mode, Rounding, read_number
from s11kit.cli.common import FILE, assessment_of, frameworks_option, give, json_option, out_options, role_option, verb
from s11kit.cli.score_table import print_comparison, print_score
from s11kit.model.head import BASES, Base
from s11kit.scoring import compare, score


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
)
@click.argument("file", type=FILE)
@click.option("--base", type=click.Choice(BASES), help="What shares are taken of: all in scope, those applicable, or those graded.")
@click.option("--round", "step", callback=_step, metavar="STEP", help="Round percentages to this many points (10: the nearest ten), or none.")
@click.option("--mode", type=click.Choice(MODES), help="How exact halves, or all numbers, are rounded.")
@role_option
@click.option("--dimension", metavar="NAME", help="The answers along this dimension, such as in practice.")
@click.option("--compare", "other", type=FILE, metavar="FILE", help="Show what changed since this earlier assessment.")
@click.option("--compare-role", "other_role", metavar="ROLE", help="Show what this role sees differently (or, with --compare, saw).")
@out_options
@frameworks_option
@json_option
def score_(
    file: Path,
    base: Base | None,
    step: Fraction | Literal["none"] | None,
    mode: Mode | None,
    role: str,
    dimension: str | None,
    other: Path | None,
    other_role: str | None,
    target: Path | None,
    force: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Count the answers, for each standard and in total.

    A grade is not a number here, not applicable is not unanswered, and unanswered is not zero. Every share says what it is a
    share of and how it was rounded.
    """
    assessment = assessment_of(file, folders)
    found = score(assessment, role=role, dimension=dimension)
    policy = assessment.framework.shares
    nearest = policy.rounding.nearest if step is None else None if step == "none" else step
    rounding = Rounding(nearest=nearest, mode=mode or policy.rounding.mode)
    comparison = None
    if other is not None:
        comparison = compare(score(assessment_of(other, folders), role=other_role or role, dimension=dimension), found)
    elif other_role is not None:
        comparison = compare(found, score(assessment, role=other_role, dimension=dimension))

    def shown(console: Console) -> None:
        print_score(console, found, base or policy.base, rounding)
        if comparison is not None:
            print_comparison(console, comparison, str(other) if other is not None else None)

    told = found.to_dict(base=base, rounding=rounding) | ({} if comparison is None else {"comparison": comparison.to_dict()})
    give(told, shown, target, as_json=as_json, force=force)
