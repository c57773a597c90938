"""`s11kit prove`: for every law of every rule a verdict, with its proof or the smallest counterexample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from s11kit.catalogue import Catalogue
from s11kit.cli.common import FILE, UNDECIDED, framework_of, frameworks_option, json_option, rule_of, save, verb
from s11kit.cli.printing import err, json_out, out, safe, words
from s11kit.cli.verdicts import print_report, replays, unasked
from s11kit.codec import dump_assessment
from s11kit.errors import InvalidFile, Place, Problem, listed
from s11kit.model import Framework
from s11kit.rules.reaching import BUDGET

if TYPE_CHECKING:
    from s11kit.proving import Report, Verdict

UNEXPECTED = 1

budget_option = click.option(
    "--budget", type=click.IntRange(min=1), default=BUDGET, metavar="N", help=f"How many situations are gone through at most ({BUDGET:,})."
)


@verb(
    "prove",
    "s11kit prove our-board@2026",
    "s11kit prove our-board/2026/framework.toml --rule overall",
    "s11kit prove our-board@2026 --rule overall --law S7 --witness gaming.toml",
)
@click.argument("framework")
@click.option("--rule", metavar="RULE", help="Only this rule.")
@click.option("--law", "laws", multiple=True, metavar="LAW", help="Only this law, by number or name (S7 or na_safe); may be repeated.")
@budget_option
@click.option("--witness", type=FILE, metavar="FILE", help="Save the counterexample as an assessment; needs one rule and one refuted law.")
@click.option("--force", is_flag=True, help="Replace that file if there is one.")
@frameworks_option
@json_option
@click.pass_context
def prove_(
    ctx: click.Context,
    framework: str,
    rule: str | None,
    laws: tuple[str, ...],
    budget: int,
    witness: Path | None,
    force: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Prove what can be said of a framework's scoring rules, whatever is answered.

    FRAMEWORK is a name (id@edition) or a file. Every law of every rule is proven or refuted; what is refuted comes with the
    smallest set of answers that breaks it. "Undecided" means that nothing is known.

    Exit codes: 0 as the framework expects, 1 an unexpected verdict or an invalid file, 2 wrong use, 3 undecided within the
    budget.
    """
    from s11kit.proving.proof import law_name  # proving is loaded when it is asked for

    found = framework_of(framework, Catalogue.default(*folders))
    if rule is not None:
        rule_of(found, rule)
    names = [law_name(law) for law in laws]
    if witness is not None and witness.exists() and not force:
        hint = "choose another name, or add --force to replace it"
        raise InvalidFile([Problem(code="F014", message="there is a file of this name already", hint=hint, place=Place(file=str(witness)))])
    report = _proved(found, rule, names or None, budget)
    kept = _broken(report) if witness is not None else None
    if as_json:
        json_out(report.to_dict())
    else:
        print_report(out(), report, asked=frozenset(names))
    if witness is not None and kept is not None:
        save(witness, witness_text(kept), force=force)
    undecided = any(verdict.budget_ended and verdict.expected != "undecided" for verdict in report.undecided)
    ctx.exit(UNEXPECTED if report.unexpected else UNDECIDED if undecided else 0)


def _proved(framework: Framework, rule: str | None, laws: list[str] | None, budget: int) -> Report:
    """The verdicts; on a terminal, with a line that says what is being decided."""
    from s11kit.proving import prove

    console: Console = err()
    if not console.is_terminal:
        return prove(framework, rule, laws=laws, budget=budget)
    with console.status("") as status:
        return prove(framework, rule, laws=laws, budget=budget, progress=lambda said: status.update(words(said)))


def _broken(report: Report) -> Verdict:
    """The one refuted law whose counterexample is saved; a usage error says which to name."""
    refuted = [verdict for verdict in report.verdicts if verdict.kind == "refuted"]
    shown = [verdict for verdict in refuted if verdict.witness is not None]
    rules = list(dict.fromkeys(verdict.rule for verdict in shown))
    if not refuted:
        raise click.UsageError("--witness: nothing is refuted, so there is no counterexample to save")
    if not shown:
        raise click.UsageError("--witness: what is refuted here is refuted without an example of answers")
    if len(rules) > 1:
        raise click.UsageError(f"--witness saves one counterexample; name the rule with --rule: {', '.join(rules)}")
    if len(shown) > 1:
        told = listed(f"{verdict.law.number} {verdict.law.name}" for verdict in shown)
        raise click.UsageError(f"--witness saves one counterexample; name the law with --law: {told}")
    return shown[0]


def witness_text(verdict: Verdict) -> str:
    """A counterexample as an assessment, headed by what it shows."""
    witness = verdict.witness
    assert witness is not None
    lines = [
        f"A counterexample, made by s11kit prove: rule '{verdict.rule}', law {verdict.law.number} {verdict.law.name}",
        f"({verdict.law.says}) is refuted.",
        f"These answers: {witness.result.text}",
    ]
    if witness.other is not None:
        lines += [f"What is changed: {witness.change}", f"Then: {witness.other.text}"]
    else:
        lines.append(f"What is wrong: {witness.change}")
    if unasked(witness) or not replays(witness.result):
        lines.append("Statements without an answer are meant as not asked at all: scored as they stand here, the result may be another.")
    comment = "".join(f"# {line}\n" for text in lines for line in safe(text).splitlines())
    return f"{comment}\n{dump_assessment(witness.before)}"
