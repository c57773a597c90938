"""`s11kit rule`: the rules of a framework, and where those of two frameworks differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click
from rich.console import Console

from s11kit.catalogue import Catalogue
from s11kit.cli.common import UNDECIDED, Verbs, framework_of, frameworks_option, json_option, rule_of, verb
from s11kit.cli.printing import ASIDE, HEADING, indented, json_out, out, plain_table, words
from s11kit.cli.proofs import budget_option
from s11kit.cli.verdicts import way
from s11kit.errors import S11Error, listed
from s11kit.model import Framework, Scale
from s11kit.rules.binding import BoundRule
from s11kit.rules.laws import LAWS
from s11kit.rules.states import Exhausted

if TYPE_CHECKING:
    from s11kit.proving import Difference, Witness

SENTENCES = {
    "same": "The results are the same, whatever is answered.",
    "never lower": "The new rule never gives a lower result, and sometimes a higher one.",
    "never higher": "The new rule never gives a higher result, and sometimes a lower one.",
    "mixed": "The new rule gives a higher result for some answers and a lower one for others.",
}


@click.group("rule", cls=Verbs, examples=("s11kit rule list our-board@2026", "s11kit rule diff our-board@2025 our-board@2026"))
def rule_() -> None:
    """List the scoring rules of a framework, or compare those of two."""


@verb("list", "s11kit rule list our-board@2026", "s11kit rule list our-board/2026/framework.toml --json")
@click.argument("framework")
@frameworks_option
@json_option
def rule_list(framework: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """List the scoring rules of a framework: what each gives, and what the board expects of it."""
    found = framework_of(framework, Catalogue.default(*folders))
    rules = list(found.rules.values())
    if as_json:
        told = [{"id": rule.id, "title": rule.title, "gives": gives(rule), "expect": _expected(rule)} for rule in rules]
        json_out({"framework": found.name, "rules": told})
        return
    console = out()
    console.print(words(f"{found.title} ({found.name})\n", ASIDE))
    if not rules:
        console.print(words("It declares no scoring rules."))
        return
    table = plain_table()
    table.add_column("Rule", no_wrap=True)
    for head in ("Title", "Gives", "Expected"):
        table.add_column(head, overflow="fold")
    for rule in rules:
        expected = ", ".join(f"{LAWS[law].number if law in LAWS else law} {verdict}" for law, verdict in _expected(rule).items())
        table.add_row(words(rule.id), words(rule.title), words(gives(rule)), words(expected))
    console.print(table)
    console.print(words(f"\nOne rule in words: s11kit show {framework} --rule {rules[0].id}", ASIDE))


@verb(
    "diff",
    "s11kit rule diff our-board@2025 our-board@2026",
    "s11kit rule diff our-board@2026 draft/framework.toml --rule overall",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--rule", metavar="RULE", help="Only this rule, which both must have.")
@budget_option
@frameworks_option
@json_option
@click.pass_context
def rule_diff_(ctx: click.Context, old: str, new: str, rule: str | None, budget: int, folders: tuple[Path, ...], as_json: bool) -> None:
    """Compare the scoring rules of two frameworks: the same, never lower, never higher, or mixed.

    OLD and NEW are names (id@edition) or files. Rules with the same id are compared, over everything that can be answered in the
    new framework. For each direction in which they differ, the smallest set of answers shows it.

    Exit codes: 0 compared, whether they differ or not, 1 an invalid file, 2 wrong use, 3 undecided within the budget.
    """
    catalogue = Catalogue.default(*folders)
    before, after = framework_of(old, catalogue), framework_of(new, catalogue)
    names = [rule] if rule is not None else [id for id in before.rules if id in after.rules and not _across(before, after, id)]
    pairs = [(rule_of(before, id), rule_of(after, id)) for id in names]
    found = {two.id: _compared(one, two, budget) for one, two in pairs}
    if as_json:
        json_out(_told(before, after, found, rule))
    else:
        _print(out(), before, after, found, rule)
    ctx.exit(UNDECIDED if None in found.values() else 0)


def _compared(one: BoundRule, two: BoundRule, budget: int) -> Difference | None:
    """How two rules differ; `None` if the budget does not suffice to say. `S11Error` if they cannot be compared."""
    from s11kit.proving import rule_diff  # proving is loaded when it is asked for

    try:
        return rule_diff(one, two, budget=budget)
    except Exhausted:
        return None
    except S11Error as error:
        lead = f"rule '{one.id}' of {one.framework.name} cannot be compared in {two.framework.name}"
        raise S11Error(attrs.evolve(problem, message=f"{lead}: {problem.message}") for problem in error.problems) from None


def _alone(before: Framework, after: Framework) -> tuple[list[str], list[str]]:
    return [id for id in before.rules if id not in after.rules], [id for id in after.rules if id not in before.rules]


def _across(before: Framework, after: Framework, id: str) -> bool:
    """Whether a rule that stands in both scores across organisations."""
    return id in after.rules and "assessments" in (before.rules[id].rule.over, after.rules[id].rule.over)


def _told(before: Framework, after: Framework, found: dict[str, Difference | None], rule: str | None) -> dict[str, Any]:
    out: dict[str, Any] = {"old": before.name, "new": after.name}
    out["rules"] = [{"rule": id, **(made.to_dict() if made is not None else {"direction": "undecided"})} for id, made in found.items()]
    if rule is None:
        out["only_old"], out["only_new"] = _alone(before, after)
        out["not_compared"] = [id for id in before.rules if _across(before, after, id)]
    return out


def _print(console: Console, before: Framework, after: Framework, found: dict[str, Difference | None], rule: str | None) -> None:
    console.print(words(f"old: {before.title} ({before.name})", ASIDE))
    console.print(words(f"new: {after.title} ({after.name})", ASIDE))
    refs = [{statement.ref for statement in framework.statements} for framework in (before, after)]
    if found and refs[0] != refs[1]:
        console.print(words("Their statements differ: both rules are applied to those of the new framework.", ASIDE))
    for id, made in found.items():
        told = made.direction if made is not None else "undecided"
        console.print(words(f"\n{after.rules[id].title} ({id}): {told.upper()}", HEADING), soft_wrap=True)
        sentence = "Nothing is known: the budget was used up first. A higher --budget may settle it." if made is None else SENTENCES[made.direction]
        console.print(indented(sentence))
        for word, witness in (("Higher", made.higher), ("Lower", made.lower)) if made is not None else ():
            for depth, line in _shown(word, witness):
                console.print(indented(line, depth))
    if not found:
        console.print(words("\nNo rule stands in both, so there is nothing to compare."))
    across = [id for id in before.rules if rule is None and _across(before, after, id)]
    if across:
        console.print(words(f"\nNot compared, because they score across organisations: {listed(across)}"))
    for where, ids in zip(("old", "new"), _alone(before, after) if rule is None else ([], []), strict=True):
        if ids:
            console.print(words(f"\nOnly in the {where} framework: {listed(ids)}"))


def _shown(word: str, witness: Witness | None) -> Iterator[tuple[int, str]]:
    """The smallest assessment for a direction, with both results."""
    if witness is not None and witness.other is not None:
        yield 2, f"{word}: {witness.summary}"
        yield 4, f"old: {way(witness.result)}"
        yield 4, f"new: {way(witness.other)}"


def gives(rule: BoundRule) -> str:
    """What a rule comes to, in words."""
    kind = rule.kind
    told = f"a grade of '{kind.id}'" if isinstance(kind, Scale) else "yes or no" if kind == "truth" else "a number"
    return told + (" across organisations" if rule.rule.over == "assessments" else "")


def _expected(rule: BoundRule) -> dict[str, str]:
    return {law: str(expectation.verdict) for law, expectation in rule.rule.expect.items()}


rule_.add_command(rule_list)
rule_.add_command(rule_diff_)
