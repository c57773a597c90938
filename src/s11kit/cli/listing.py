"""`s11kit list`: the frameworks there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from s11kit.catalogue import Catalogue, Listed
from s11kit.cli.common import frameworks_option, json_option, verb
from s11kit.cli.printing import ASIDE, HEADING, indented, json_out, out, plain_table, problems_out, words
from s11kit.cli.wording import counts
from s11kit.errors import S11Error
from s11kit.model import DocumentedCount, Framework


@verb("list", "s11kit list", "s11kit list --frameworks our-frameworks/", "s11kit list --json")
@frameworks_option
@json_option
@click.pass_context
def list_(ctx: click.Context, folders: tuple[Path, ...], as_json: bool) -> None:
    """List the frameworks and scoring schemes there are, and who ships them.

    Beside the number of standards and statements in the file stands the number that the board is known to have, where it has
    been published.
    """
    catalogue = Catalogue.default(*folders)
    problems = list(catalogue.problems)
    found: list[tuple[Listed, Framework | None]] = []
    for listed in catalogue.listed:
        try:
            found.append((listed, catalogue.framework(listed.name)))
        except S11Error as error:
            problems += error.problems
            found.append((listed, None))
    if as_json:
        rows = [_plain(listed, framework) for listed, framework in found if not listed.scheme]
        schemes = [_plain(listed, framework) for listed, framework in found if listed.scheme]
        scales = list(catalogue.scale_names)
        json_out({"frameworks": rows, "schemes": schemes, "shared_scales": scales, "problems": [problem.to_dict() for problem in problems]})
    else:
        _print(found, catalogue.scale_names)
        problems_out(problems)
    if any(problem.severity == "error" for problem in problems):
        ctx.exit(1)


def _plain(listed: Listed, framework: Framework | None) -> dict[str, Any]:
    return {
        "name": listed.name,
        "title": framework.title if framework else None,
        "status": framework.status if framework else None,
        "extends": framework.extends if framework else None,
        "shipped": attrs.asdict(framework.shipped_count) if framework else None,
        "documented": attrs.asdict(framework.documented_count) if framework else None,
        "shipped_by": listed.shipped_by,
        "file": str(listed.file),
    }


def _stacked(count: DocumentedCount) -> Text:
    return words(counts(count).replace(", ", "\n") or "not known")


def _print(found: list[tuple[Listed, Framework | None]], scales: tuple[str, ...]) -> None:
    table = plain_table()
    table.add_column("Framework", overflow="fold", min_width=36)
    table.add_column("In the file", no_wrap=True)
    table.add_column("Documented", no_wrap=True)
    table.add_column("From", overflow="fold")
    for listed, framework in found:
        if listed.scheme:
            continue
        name = words(listed.name, HEADING)
        if framework is None:
            table.add_row(name.append("\n  cannot be read, see below", style="not bold"), "", "", words(listed.shipped_by))
            continue
        counted = (framework.shipped_count, framework.documented_count)
        state = "" if framework.status == "live" else f" ({framework.status})"
        base = f"\non top of {framework.extends}" if framework.extends else ""
        table.add_row(Group(name, indented(f"{framework.title}{state}{base}")), *map(_stacked, counted), words(listed.shipped_by))
    console = out()
    console.print(table)
    schemes = [(listed, framework) for listed, framework in found if listed.scheme]
    if schemes:
        console.print(Text("\nScoring schemes published elsewhere, as examples of rules:", style=ASIDE))
        for listed, framework in schemes:
            told = words(listed.name, HEADING).append(f"  {framework.title if framework else 'cannot be read, see below'}", style="not bold")
            console.print(Padding(told, (0, 0, 0, 2)))
    console.print(Text("\nDocumented: what the board is known to have, as far as that is published.", style=ASIDE))
    if scales:
        console.print(words(f"Shared scales: {', '.join(scales)}"))
    console.print(Text("Look into one: s11kit show NAME", style=ASIDE))
