"""`s11kit new`: the beginning of a framework or an assessment, to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from s11kit._ids import check_name, split_name
from s11kit.catalogue import Catalogue
from s11kit.cli.common import FILE, Verbs, assessment_of, framework_of, frameworks_option, one_of, out_options, save, verb
from s11kit.cli.printing import data, err, words
from s11kit.cli.skeleton import framework_text, overlay_text
from s11kit.cli.skeleton_assessment import assessment_text
from s11kit.errors import listed
from s11kit.model import Assessment, Framework, Organisation
from s11kit.planning import carry_forward

PLACEHOLDER = "The name of your organisation"


@click.group(
    "new",
    cls=Verbs,
    examples=(
        "s11kit new assessment cambridgeshire-peterborough@2017-19 --area cambridgeshire --out ours.toml",
        "s11kit new framework our-board@2026 --out our-frameworks/our-board/2026/framework.toml",
    ),
)
def new() -> None:
    """Begin a framework or an assessment."""


@verb(
    "framework",
    "s11kit new framework our-board@2026 --out our-frameworks/our-board/2026/framework.toml",
    "s11kit new framework our-board@2026 --extends cambridgeshire-peterborough@2017-19",
)
@click.argument("name", metavar="ID@EDITION")
@click.option("--title", metavar="TEXT", help="What the audit is called.")
@click.option("--extends", metavar="NAME", help="Begin an overlay: a short list of changes to this framework.")
@out_options
@frameworks_option
def new_framework(name: str, title: str | None, extends: str | None, target: Path | None, force: bool, folders: tuple[Path, ...]) -> None:
    """Begin a framework of your own, or (with --extends) an overlay on another.

    The file is valid as it is: one scale, one standard, one statement, and notes on everything else.
    """
    id, edition = split_name(check_name("name", name)) or ("", "")
    if extends is not None:
        base = Catalogue.default(*folders).framework(extends).name
        text = overlay_text(id, edition, title, base)
    else:
        text = framework_text(id, edition, title or f"Section 11 self-assessment {edition}")
    _print_or_save(text, target, force)


@verb(
    "assessment",
    "s11kit new assessment cambridgeshire-peterborough@2017-19 --area cambridgeshire --out ours.toml",
    's11kit new assessment cambridgeshire-peterborough@2017-19 --organisation "Fenside Youth Trust" --kind voluntary',
    "s11kit new assessment cambridgeshire-peterborough@2017-19 --from ours.toml --cycle 2019-21 --out next.toml",
)
@click.argument("framework")
@click.option("--organisation", metavar="NAME", help="The name of the organisation.")
@click.option("--kind", metavar="KIND", help="What kind of organisation it is, as an id of the framework.")
@click.option("--area", "areas", multiple=True, metavar="AREA", help="An area it works in; may be repeated.")
@click.option("--setting", "settings", multiple=True, metavar="SETTING", help="A setting it works in, such as a school; may be repeated.")
@click.option("--size", metavar="SIZE", help="Its size, as an id of the framework.")
@click.option("--cycle", metavar="CYCLE", help="The round that the assessment belongs to.")
@click.option("--from", "earlier", type=FILE, metavar="FILE", help="Begin the next round of this assessment: open actions are carried over.")
@out_options
@frameworks_option
def new_assessment(
    framework: str,
    organisation: str | None,
    kind: str | None,
    areas: tuple[str, ...],
    settings: tuple[str, ...],
    size: str | None,
    cycle: str | None,
    earlier: Path | None,
    target: Path | None,
    force: bool,
    folders: tuple[Path, ...],
) -> None:
    """Begin an assessment: every statement with its grades, what they look like and what they ask for, ready to be filled in.

    Statements that cannot concern the organisation are left out, as far as --kind, --area, --setting and --size settle it.
    """
    found = framework_of(framework, Catalogue.default(*folders))
    for area in areas:
        one_of(area, tuple(found.areas), "area")
    for setting in settings:
        one_of(setting, tuple(found.settings), "setting")
    if kind is not None:
        one_of(kind, tuple(found.kinds), "kind")
    if size is not None:
        one_of(size, tuple(found.sizes), "size")
    known: dict[str, Any] = {
        "name": organisation,
        "kind": kind,
        "areas": frozenset(areas) if areas else None,
        "settings": frozenset(settings) if settings else None,
        "size": size,
    }
    said = {key: value for key, value in known.items() if value is not None}
    if earlier is None:
        begun = Assessment(framework=found, organisation=attrs.evolve(Organisation(name=PLACEHOLDER), **said), cycle=cycle)
    elif cycle is None:
        raise click.UsageError("--from needs --cycle: say which round this is")
    else:
        begun = carry_forward(assessment_of(earlier, folders), cycle=cycle, framework=found).with_organisation(**said)
    _print_or_save(assessment_text(begun), target, force)
    _what_is_missing(begun, found)


def _what_is_missing(begun: Assessment, framework: Framework) -> None:
    facts = sorted({fact for waiting in begun.scope.unsettled.values() for fact in waiting})
    if facts:
        declared = {"areas": framework.areas, "settings": framework.settings, "kind": framework.kinds, "size": framework.sizes}
        known = [f"{fact}: {', '.join(declared[fact])}" for fact in facts if declared.get(fact)]
        told = f"say the organisation's {listed(facts)} in the file, because scope depends on it" + (f" ({'; '.join(known)})" if known else "")
        err().print(words(f"note: {told}"), soft_wrap=True)


def _print_or_save(text: str, target: Path | None, force: bool) -> None:
    if target is None:
        data(text)
    else:
        save(target, text, force=force)


new.add_command(new_framework)
new.add_command(new_assessment)
