"""`s11kit explain`: the manual page of a problem. `s11kit schema`: the JSON Schema of a kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click
from rich.markdown import Markdown

from s11kit.cli.common import json_option, out_options, save, verb
from s11kit.cli.printing import SEVERITIES, data, is_terminal, json_out, out, plain_table, words
from s11kit.codec import json_schema, json_text
from s11kit.errors import CODES, manual, nearest
from s11kit.rules.laws import LAWS

Kind = Literal["framework", "scale", "assessment", "overlay"]


@verb("explain", "s11kit explain R003", "s11kit explain evidence-missing", "s11kit explain")
@click.argument("code", required=False, metavar="[CODE_OR_SLUG]")
@json_option
def explain(code: str | None, as_json: bool) -> None:
    """Explain a problem by its code.

    Prints what it means, why it matters and how to mend it. Without a code, lists them all.
    """
    if code is None:
        rows = [{"code": known, "slug": slug, "severity": severity} for known, (slug, severity) in CODES.items()]
        if as_json:
            json_out({"codes": rows})
        else:
            _print_codes()
        return
    slugs = {slug: known for known, (slug, _) in CODES.items()}
    found = slugs.get(code.lower(), code.upper())
    if found not in CODES:
        hint = nearest(code.upper() if code[:1].upper() + code[1:] in CODES or code[1:].isdigit() else code.lower(), [*CODES, *slugs])
        law = next((law for law in LAWS.values() if code.lower() in (law.number.lower(), law.name)), None)
        if law is not None:
            told = f"{law.number} {law.name} is a law of scoring rules, not a problem: {law.says}"
            raise click.UsageError(f"{told}; 's11kit prove' says whether a rule keeps it")
        raise click.UsageError(f"there is no problem '{code}'" + (f"; {hint}" if hint else "; 's11kit explain' lists them all"))
    text = manual(found)
    if as_json:
        slug, severity = CODES[found]
        json_out({"code": found, "slug": slug, "severity": severity, "manual": text})
    elif is_terminal() and out().encoding.startswith("utf"):
        out().print(Markdown(text))
    else:
        click.echo(text.rstrip())


def _print_codes() -> None:
    table = plain_table()
    for head in ("Code", "Slug", "Severity"):
        table.add_column(head, no_wrap=True)
    for known, (slug, severity) in CODES.items():
        table.add_row(known, slug, words(severity, SEVERITIES[severity]))
    out().print(table)


@verb("schema", "s11kit schema framework --out framework.schema.json", "s11kit schema assessment")
@click.argument("kind", type=click.Choice(get_args(Kind)))
@out_options
def schema(kind: Kind, target: Path | None, force: bool) -> None:
    """Print the JSON Schema of a kind of file.

    Editors complete keys by it, and underline slips. An overlay has the schema of a framework.
    """
    text = json_text(json_schema("framework" if kind == "overlay" else kind))
    if target is None:
        data(text)
    else:
        save(target, text, force=force)
