"""`s11kit show`: a framework, or one item of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from s11kit.catalogue import Catalogue
from s11kit.cli.common import framework_of, frameworks_option, json_option, rule_of, verb
from s11kit.cli.printing import ASIDE, HEADING, grade_style, indented, json_out, out, pairs, plain_table, words
from s11kit.cli.show_item import item_data, print_item
from s11kit.cli.wording import asks, condition, counts, cycle, demand, mark, named, scale_head, spelled
from s11kit.model import DocumentedCount, Framework, Item, Requirement, Requirements, Statement
from s11kit.rules.wording import page


@verb(
    "show",
    "s11kit show cambridgeshire-peterborough@2017-19",
    "s11kit show cambridgeshire-peterborough@2017-19 1.1",
    "s11kit show our-board/2026/framework.toml --rule overall",
)
@click.argument("framework")
@click.argument("ref", required=False)
@click.option("--rule", metavar="RULE", help="Show this scoring rule in plain words, fit for the minutes.")
@frameworks_option
@json_option
def show(framework: str, ref: str | None, rule: str | None, folders: tuple[Path, ...], as_json: bool) -> None:
    """Show a framework, or one standard, statement or scoring rule of it.

    FRAMEWORK is a name (id@edition) or a file. With REF, everything about that item: its words, what each grade looks like and
    asks for, help and examples. Every item says how it is known: documented by a published source, inferred from one, or
    reconstructed, which means that the words are not the board's.
    """
    if ref is not None and rule is not None:
        raise click.UsageError("REF shows an item and --rule shows a rule; give one of them")
    found = framework_of(framework, Catalogue.default(*folders))
    if rule is not None:
        text = page(rule_of(found, rule).rule, found)
        if as_json:
            json_out({"rule": rule, "page": text})
        else:
            out().print(words(text), soft_wrap=True)
    elif ref is not None:
        item = found.item(ref)
        if as_json:
            json_out(item_data(found, item))
        else:
            print_item(out(), found, item)
    elif as_json:
        json_out(_data(found))
    else:
        _print(out(), found)


def _head(framework: Framework) -> Iterator[tuple[str, str]]:
    yield "name", framework.name + ("" if framework.status == "live" else f" ({framework.status})")
    if framework.extends:
        yield "on top of", framework.extends
    for place, board in enumerate(framework.boards):
        receives = f", receives it when {spelled(board.receives_when, framework)}" if board.receives_when else ""
        yield "" if place else "boards", board.name + receives
    if framework.duties:
        yield "duties", ", ".join(framework.duties)
    if framework.guidance:
        yield "guidance", ", ".join(framework.guidance)
    if framework.voluntary:
        yield "voluntary", "nobody is obliged to answer"
    if framework.binding_when:
        yield "binding when", spelled(framework.binding_when, framework)
    if when := cycle(framework.cycle):
        yield "cycle", when
    for place, sign_off in enumerate(framework.sign_offs):
        said = f': "{sign_off.statement}"' if sign_off.statement else ""
        yield "" if place else "sign-off", f"{sign_off.role}, before {sign_off.before}{said}"
    for name, known in (("areas", framework.areas), ("kinds", framework.kinds), ("settings", framework.settings), ("sizes", framework.sizes)):
        told = [id if named(id, known) == id else f"{id}: {label}" for id, label in known.items()]
        lines = [", ".join(told)] if told == list(known) else told
        for place, line in enumerate(lines if known else ()):
            yield "" if place else name, line
    for name, seconds in (("roles", framework.roles), ("dimensions", framework.dimensions)):
        if seconds:
            yield name, ", ".join(f"{one.label} ({one.id})" for one in seconds)
    yield "in this file", counts(framework.shipped_count)
    if framework.documented_count != DocumentedCount():
        yield "the board's own", counts(framework.documented_count) + " are documented"
    yield "shares", f"of the statements that are {_BASES[framework.shares.base]}, {framework.shares.rounding.sentence}"
    yield "how known", mark(framework.provenance)


_BASES = {"all": "in scope", "applicable": "applicable", "graded": "graded"}


def _print(console: Console, framework: Framework) -> None:
    console.print(words(framework.title, HEADING))
    if framework.description:
        console.print(words(framework.description))
    console.print()
    console.print(pairs(_head(framework)))
    for scale in framework.scales:
        console.print(words(f"\n{scale_head(scale)} ({mark(scale.provenance.within(framework.provenance))})", HEADING))
        console.print(_scale_table(scale.printed, scale.minimum))
        if scale.not_applicable:
            asked = ", ".join(
                [*(f"{word} needed" for word in scale.not_applicable.needs), *(f"{word} welcome" for word in scale.not_applicable.invites)]
            )
            code = f"{scale.not_applicable.code}  " if scale.not_applicable.code else ""
            console.print(words(f"  {code}{scale.not_applicable.label}" + (f": {asked}" if asked else "")))
    demanded = list(_demanded(framework.requirements, framework))
    if demanded:
        console.print(Text("\nWhat a grade asks for", style=HEADING))
        console.print(pairs(demanded))
        console.print(indented("fields of an action: " + ", ".join(f"{field.label} ({field.id})" for field in framework.plan_fields)))
    if framework.plan.status:
        states = [f"{state.label} ({state.id}{', closed' if state.closed else ''})" for state in framework.plan.status]
        console.print(indented("states of an action: " + ", ".join(states)))
    console.print(words(f"\n{framework.label('standard').capitalize()}s and {framework.label('statement')}s", HEADING))
    console.print(_tree(framework))
    if framework.rules:
        console.print(Text("\nScoring rules", style=HEADING))
        console.print(pairs((rule.id, rule.title) for rule in framework.rules.values()))
    if framework.decisions:
        console.print(Text("\nDecisions: slips and gaps of the source, and what this file does about them", style=HEADING))
        for decision in framework.decisions:
            console.print(words(f"  {decision.about or 'In general'}"))
            console.print(pairs([("found", decision.found), ("decided", decision.decided)], indent=4))
    console.print(words(f"\nOne item in full: s11kit show {framework.name} REF", ASIDE))
    if framework.rules:
        console.print(words(f"One rule in words: s11kit show {framework.name} --rule {next(iter(framework.rules))}", ASIDE))


def _scale_table(grades: tuple[Any, ...], minimum: str | None) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    for grade in grades[:12]:
        meaning = (grade.meaning or "") + (" (the board's minimum)" if grade.id == minimum else "")
        table.add_row(
            "", words(grade.code or ""), words(grade.label, grade_style(grade.colour)), words(grade.colour or "", ASIDE), words(meaning.strip())
        )
    if len(grades) > 12:
        table.add_row("", "", words(f"and {len(grades) - 12} more"), "", "")
    return table


def _demanded(requirements: Requirements, framework: Framework) -> Iterator[tuple[str, str]]:
    asked: tuple[tuple[Any, Requirement | None], ...] = (("evidence", requirements.evidence), ("action", requirements.action))
    for scale in framework.scales:
        for grade in scale.printed:
            sentences = [demand(kind, one, level, framework) for kind, one in asked if one is not None and (level := one.level(grade.id)) is not None]
            for place, sentence in enumerate(sentences):
                yield "" if place else grade.label, sentence


def _tree(framework: Framework) -> Table:
    table = plain_table()
    table.add_column("Ref", no_wrap=True)
    table.add_column("Text", ratio=1, overflow="fold")
    table.add_column("How known", width=19, overflow="fold")
    for item in framework.items.values():
        depth = "  " * len(item.parents)
        text = words(item.title, "" if item.is_statement else HEADING)
        for line in _remarks(framework, item):
            text.append("\n").append_text(words(line, ASIDE + " not bold"))
        table.add_row(words(depth + item.ref), text, words(mark(item.provenance)))
    return table


def _remarks(framework: Framework, item: Item) -> Iterator[str]:
    node = item.node
    if node.applies_when is not None:
        yield condition((node.applies_when,), framework) or ""
    if node.binding_when is not None:
        yield f"binding when {spelled(node.binding_when, framework)}"
    if isinstance(node, Statement) and (asked := asks(node)):
        yield f"asks for {asked}" if node.takes_value else asked
    if not item.is_statement and node.takes_grade:
        yield "graded as a whole"
    if node.scale is not None and node.scale != framework.default_scale:
        yield f"on scale '{node.scale}'"
    if node.requirements != Requirements():
        yield "asks for evidence or actions in its own way"
    if item.optional:
        yield "optional"


def _data(framework: Framework) -> dict[str, Any]:
    return {
        "name": framework.name,
        "title": framework.title,
        "description": framework.description,
        "status": framework.status,
        "extends": framework.extends,
        "duties": list(framework.duties),
        "guidance": list(framework.guidance),
        "boards": [{"id": b.id, "name": b.name, "receives_when": b.receives_when.sentence if b.receives_when else None} for b in framework.boards],
        "cycle": cycle(framework.cycle) or None,
        "sign_offs": [{"role": one.role, "statement": one.statement, "before": one.before} for one in framework.sign_offs],
        "shipped": attrs.asdict(framework.shipped_count),
        "documented": attrs.asdict(framework.documented_count),
        "shares": {"base": framework.shares.base, "rounding": framework.shares.rounding.sentence},
        "scales": [
            {
                "id": scale.id,
                "title": scale.title,
                "order": scale.order,
                "minimum": scale.minimum,
                "grades": [{"id": g.id, "code": g.code, "label": g.label, "colour": g.colour, "meaning": g.meaning} for g in scale.grades],
            }
            for scale in framework.scales
        ],
        "action_statuses": [{"id": state.id, "label": state.label, "closed": state.closed} for state in framework.plan.status],
        "action_fields": [{"id": field.id, "label": field.label, "kind": field.kind} for field in framework.plan_fields],
        "items": [item_data(framework, item) for item in framework.items.values()],
        "rules": [{"id": rule.id, "title": rule.title} for rule in framework.rules.values()],
        "decisions": [{"about": one.about, "found": one.found, "decided": one.decided} for one in framework.decisions],
    }
