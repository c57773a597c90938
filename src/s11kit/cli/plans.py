"""`s11kit plan`: what is to be done, by whom, by when."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from s11kit._dates import long
from s11kit.cli.common import FILE, assessment_of, frameworks_option, give, json_option, on_option, out_options, role_option, verb
from s11kit.cli.printing import ASIDE, HEADING, grade_style, headed, pairs, plain_table, words
from s11kit.errors import counted, listed
from s11kit.planning import ActionPlan, PlannedAction, Row, plan


@verb(
    "plan",
    "s11kit plan our-assessment.toml",
    "s11kit plan our-assessment.toml --on 31/03/2026",
    "s11kit plan our-assessment.toml --out our-plan.txt",
    "s11kit plan our-assessment.toml --all --json",
)
@click.argument("file", type=FILE)
@on_option
@click.option("--all", "everything", is_flag=True, help="Every graded statement, also those that need no action.")
@role_option
@out_options
@frameworks_option
@json_option
def plan_(
    file: Path,
    on: datetime.date | None,
    everything: bool,
    role: str,
    target: Path | None,
    force: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Print the action plan.

    It has an action for each statement whose grade asks for one. Actions are in the order of the framework, with the board's
    own field labels. What has not been filled in stays blank. With --on, actions that are past their date on that day and not
    closed are marked as overdue.
    """
    made = plan(assessment_of(file, folders), on=on, include="all" if everything else None, role=role)
    give(made.to_dict(), lambda console: print_plan(console, made), target, as_json=as_json, force=force)


def print_plan(console: Console, made: ActionPlan) -> None:
    """Print a plan, a block for each action."""
    console.print(words(made.title, HEADING))
    console.print(words(made.assessment.organisation.name, ASIDE))
    for row in made.rows:
        console.print()
        console.print(_head(row))
        if row.ref is not None and row.grade is not None:
            console.print(_grade(made, row.ref, row.grade))
        for place, planned in enumerate(row.actions, 1):
            number = f"Action {place} of {len(row.actions)}" if len(row.actions) > 1 else ""
            _print_action(console, made, planned, number)
        if row.wanting:
            console.print(Text("     MISSING: this grade must have an action, and there is none", style="bold red"))
        elif not row.actions and row.level is not None:
            console.print(Text(f"     no action; this grade {'should have one' if row.level == 'should' else 'may deserve one'}"))
    console.print(words("\n" + _summary(made), HEADING))


def _head(row: Row) -> Text | Table:
    if row.ref is None:
        return Text("An action that belongs to no statement", style=HEADING)
    return headed(row.ref, row.title)


def _grade(made: ActionPlan, ref: str, grade: str) -> Text:
    scale = made.assessment.framework.items[ref].scale
    found = scale.grade(grade) if scale is not None and grade in scale else None
    shown = words(found.label, grade_style(found.colour)) if found else words(grade)
    return Text("     Grade: ").append_text(shown)


def print_short(console: Console, made: ActionPlan) -> None:
    """Print a plan in a line or two for each action: who does what by when."""
    kinds = (("text",), ("person",), ("date", "timescale"))
    shown = [next((field for field in made.fields if field.kind in wanted), None) for wanted in kinds]
    fields = [field for field in shown if field is not None]
    table = plain_table()
    table.add_column("Ref", no_wrap=True)
    for field in fields:
        table.add_column(words(field.label), overflow="fold", ratio=5 if field.kind == "text" else 2)
    for row, planned in made.actions:
        table.add_row(words(row.ref or ""), *(words(_shown(planned.action.fields.get(field.id))) for field in fields))
    console.print(table)
    console.print(words("\n" + _summary(made), HEADING))


def _print_action(console: Console, made: ActionPlan, planned: PlannedAction, number: str) -> None:
    if number:
        console.print(Text(f"     {number}"))
    labels = {field.id: field.label for field in made.fields}
    rows = [(field.label, _shown(planned.action.fields.get(field.id))) for field in made.fields]
    rows += [(key, _shown(value)) for key, value in planned.action.fields.items() if key not in labels]
    console.print(pairs(rows, indent=5))
    if planned.overdue and planned.due is not None and made.on is not None:
        console.print(Text(f"     OVERDUE: due {long(planned.due)}, not closed on {long(made.on)}", style="bold red"))
    if planned.missing:
        console.print(words(f"     still to say: {listed(labels.get(name, name) for name in planned.missing)}", "yellow"))


def _shown(value: object) -> str:
    if isinstance(value, datetime.datetime):
        value = value.date()
    return long(value) if isinstance(value, datetime.date) else "" if value is None else str(value)


def _summary(made: ActionPlan) -> str:
    lacking = f"{len(made.wanting)} of them {'has' if len(made.wanting) == 1 else 'have'} none" if made.wanting else "all of them have one"
    parts = [f"{counted(made.due, 'statement')} must have an action", lacking] if made.due else ["No statement must have an action"]
    parts.append(f"{counted(len(made.actions), 'action')} in all")
    if made.on is not None:
        parts.append(f"{len(made.overdue)} overdue on {long(made.on)}")
    return "; ".join(parts) + "."
