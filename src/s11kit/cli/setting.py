"""`s11kit set`: change one answer in a file, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from s11kit.catalogue import Catalogue, load_assessment
from s11kit.checking import check
from s11kit.cli.common import FILE, frameworks_option, json_option, role_option, verb
from s11kit.cli.printing import headed, indented, json_out, out, problems_out, words
from s11kit.cli.replies import Keys, in_words, keys_of, may_not_apply, read_answer, rewrite
from s11kit.cli.wording import demands, title_of
from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Answer, Assessment, Graded, Item, NotApplicable, Unanswered
from s11kit.model.assessment import SELF


@verb(
    "set",
    's11kit set our-assessment.toml 1.1 "Fully met" --evidence "Minutes of the board, May 2026"',
    's11kit set our-assessment.toml 3.5 na --reason "No services are commissioned"',
    's11kit set our-assessment.toml 1.1 --evidence "Minutes of the board, June 2026"',
    "s11kit set our-assessment.toml 1.2 --clear",
)
@click.argument("file", type=FILE)
@click.argument("ref")
@click.argument("grade", required=False)
@click.option("--evidence", metavar="TEXT", help="The evidence, in words.")
@click.option("--impact", metavar="TEXT", help="What difference it makes.")
@click.option("--reason", metavar="TEXT", help="Why it is not applicable.")
@click.option("--alternative", metavar="TEXT", help="What is done instead, where it is not applicable.")
@click.option("--clear", is_flag=True, help="Make it unanswered again; evidence and actions stay.")
@role_option
@frameworks_option
@json_option
def set_(
    file: Path,
    ref: str,
    grade: str | None,
    evidence: str | None,
    impact: str | None,
    reason: str | None,
    alternative: str | None,
    clear: bool,
    role: str,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Change one answer in an assessment file. Every other byte of the file stays as it is, notes included.

    GRADE is the id of a grade, its label or its code; "na" (or the board's own code for it) means not applicable. Statements that
    take no grade take their answer in its place: words, a date, a number, yes or no. Without GRADE, --evidence and --impact change
    only what stands beside the answer.
    """
    if clear and grade is not None:
        raise click.UsageError("--clear takes no GRADE")
    if not clear and grade is None and evidence is None and impact is None:
        raise click.UsageError("say which GRADE, or --clear, or what else is to change: --evidence, --impact")
    before = load_assessment(file, catalogue=Catalogue.default(*folders))
    item = before.framework.item(ref)
    _known_role(before, role)
    old = before.entry(ref, role=role).answer
    answer = Unanswered() if clear else old if grade is None else read_answer(item, grade)
    if grade is None and not clear and not item.takes_answer:
        raise S11Error([Problem(code="A014", message=f"{ref} takes no answer", hint="its statements do")])
    if isinstance(answer, NotApplicable) and grade is not None:
        answer = NotApplicable(reason, alternative=alternative)
        _permitted(item, answer, old)
    elif reason is not None or alternative is not None:
        raise click.UsageError("--reason and --alternative belong to not applicable")
    keys: Keys = keys_of(answer, old) if clear or grade is not None else {}
    keys |= {name: text for name, text in (("evidence", evidence), ("impact", impact)) if text is not None}
    after = rewrite(file, before, ref, keys, role=role, folders=folders)
    below = ("answer", ref) if role == SELF else ("answer", ref, "by", role)
    problems = [problem for problem in check(after) if problem.path[: len(below)] == below]
    now = after.entry(ref, role=role).answer
    if as_json:
        told = {"file": str(file), "ref": ref, "role": role, "before": in_words(item, old), "after": in_words(item, now)}
        json_out({**told, "problems": [problem.to_dict() for problem in problems]})
    else:
        _tell(after, item, old, now, problems, role)


def _known_role(assessment: Assessment, role: str) -> None:
    known = [SELF, *(one.id for one in assessment.framework.roles)]
    if role not in known:
        message = f"{assessment.framework.name} has no role '{role}'"
        raise S11Error([Problem(code="A013", message=message, hint=nearest(role, known, listing="roles"))])


def _permitted(item: Item, answer: NotApplicable, old: Answer) -> None:
    policy = item.not_applicable
    may_not_apply(item)
    kept = old.reason if isinstance(old, NotApplicable) else None
    if policy is not None and "reason" in policy.needs and not (answer.reason or kept or "").strip():
        raise S11Error([Problem(code="A004", message=f"{item.ref} cannot be not applicable without a reason", hint='add --reason "..."')])


def _tell(assessment: Assessment, item: Item, old: Answer, now: Answer, problems: list[Problem], role: str) -> None:
    console = out()
    seen = "" if role == SELF else f" as seen by {role}"
    console.print(headed(item.ref, item.title))
    was, is_now = in_words(item, old), in_words(item, now)
    changed = f"{was}, now {is_now}" if was != is_now else f"{is_now}, as before" if old == now else f"{is_now}, in other words"
    console.print(words(f"  {changed}{seen}"))
    if isinstance(now, Graded) and role == SELF:
        for sentence in demands(item, now.grade, assessment.framework):
            console.print(indented(f"{is_now} {sentence}"))
    if item.ref in assessment.scope.out:
        console.print(words(f"  {title_of(assessment.framework, item.ref)} does not apply to {assessment.organisation.name}: it counts for nothing"))
    if problems:
        console.print(Text("\nStill to do:"))
        problems_out(problems, to_stderr=False)
