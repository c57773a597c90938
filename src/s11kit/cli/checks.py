"""`s11kit check`: what is wrong with files, folders of frameworks, or frameworks by name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from rich.progress import track
from rich.text import Text

from s11kit.catalogue import Catalogue, Listed
from s11kit.checking import check
from s11kit.cli.common import frameworks_option, json_option, on_option, verb
from s11kit.cli.printing import HEADING, SEVERITIES, advised, count_of, err, json_out, out, problems_out, summary
from s11kit.codec.assessment import assessment_from
from s11kit.codec.document import Document, Source, read
from s11kit.codec.framework import framework_from, scale_from
from s11kit.errors import Place, Problem, S11Error, counted, in_order

Job = tuple[str, Callable[[], tuple[Problem, ...]]]
"""A name for people, and what finds the problems."""
ASSESSED = {"framework", "answer", "organisation"}
"""Keys that only an assessment has."""
SHOWN = 12
"""The most unanswered statements that are named in one finding."""


@verb(
    "check",
    "s11kit check our-assessment.toml",
    "s11kit check our-assessment.toml --on 31/03/2026 --strict",
    "s11kit check frameworks/",
    "s11kit check returns/",
)
@click.argument("names", nargs=-1, required=True, metavar="PATH_OR_NAME...")
@on_option
@click.option("--strict", is_flag=True, help="Warnings, too, end with exit code 1.")
@click.option("--all", "everything", is_flag=True, help="A finding for each unanswered statement, rather than one for all of them in a file.")
@frameworks_option
@json_option
@click.pass_context
def check_(
    ctx: click.Context,
    names: tuple[str, ...],
    on: datetime.date | None,
    strict: bool,
    everything: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Check files, and print what is wrong, incomplete or doubtful: errors first, then warnings, then hints.

    Takes assessments, frameworks and shared scales as files, folders of frameworks (everything in them is checked, the
    examples too), folders of assessments, and names (id@edition). An error makes a file unusable or a number untrue; a warning
    should be looked at; a hint may be ignored.
    """
    catalogue = Catalogue.default(*folders)
    jobs: list[Job] = []
    problems: list[Problem] = list(catalogue.problems)
    for name in names:
        if Path(name).is_dir():
            jobs += _folder(Path(name), catalogue, on, problems)
        elif "@" in name and not Path(name).exists():
            jobs.append(_framework(name, catalogue))
        else:
            jobs.append((name, _file(name, catalogue, on)))
    for _, job in track(jobs, "Checking", console=err(), transient=True, disable=len(jobs) < 10 or not err().is_terminal):
        problems += job()
    found = advised(in_order(problems))
    bad = {"error", "warning"} if strict else {"error"}
    sound = not any(problem.severity in bad for problem in found)
    if as_json:
        checked = [name for name, _ in jobs]
        json_out({"checked": checked, "sound": sound, "counts": count_of(found), "problems": [problem.to_dict() for problem in found]})
    else:
        print_found(found, everything=everything)
        out().print(Text(f"{counted(len(jobs), 'file')} checked: {summary(found)}", style=HEADING))
    if not sound:
        ctx.exit(1)


def print_found(problems: Iterable[Problem], *, everything: bool = False) -> None:
    """Print problems, errors first. What is only unanswered is one finding for each file, unless `everything` is asked for."""
    found = sorted(problems, key=lambda problem: list(SEVERITIES).index(problem.severity))
    blank: dict[str | None, list[Problem]] = {}
    for problem in found:
        if problem.code == "A001" and not everything:
            blank.setdefault(problem.place.file if problem.place else None, []).append(problem)
    shown: list[Problem] = []
    for problem in found:
        same = blank.get(problem.place.file if problem.place else None, []) if problem.code == "A001" else []
        if len(same) < 2:
            shown.append(problem)
        elif problem is same[0]:
            shown.append(_together(same))
    problems_out(shown, to_stderr=False)


def _together(problems: list[Problem]) -> Problem:
    refs = [str(problem.path[1]) for problem in problems if len(problem.path) > 1]
    named = ", ".join(refs[:SHOWN]) + (", ..." if len(refs) > SHOWN else "")
    place = problems[0].place
    where = Place(file=place.file) if place else None
    return Problem(
        code="A001",
        message=f"{len(problems)} statements are unanswered: {named}",
        hint="'s11kit answer' goes through them; --all lists each with its words",
        place=where,
    )


def _safely(job: Callable[[], tuple[Problem, ...]]) -> Callable[[], tuple[Problem, ...]]:
    def done() -> tuple[Problem, ...]:
        try:
            return job()
        except S11Error as error:
            return error.problems

    return done


def _framework(name: str, catalogue: Catalogue) -> Job:
    return name, _safely(lambda: check(catalogue.framework(name)))


def _file(source: Source, catalogue: Catalogue, on: datetime.date | None) -> Callable[[], tuple[Problem, ...]]:
    """Check one file, of whatever kind it says it is; without a word, answers make an assessment and the rest is a framework."""

    def job() -> tuple[Problem, ...]:
        document = read(source)
        kind = str(document.data.get("format", ""))
        if _assessed(document):
            return check(assessment_from(document, catalogue=catalogue), on=on)
        if kind.startswith("s11kit.scale/"):
            scale_from(document)
            return ()
        return check(framework_from(document, catalogue=catalogue))

    return _safely(job)


def _assessed(document: Document) -> bool:
    kind = str(document.data.get("format", ""))
    return kind.startswith("s11kit.assessment/") or (not kind and not ASSESSED.isdisjoint(document.data))


def _returns(folder: Path) -> Iterator[Path]:
    """The assessments that stand in a folder, and the files that cannot be read, as they might be one."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".toml", ".json") and path.is_file():
            try:
                mine = _assessed(read(str(path)))
            except S11Error:
                mine = True
            if mine:
                yield path


def _folder(folder: Path, catalogue: Catalogue, on: datetime.date | None, problems: list[Problem]) -> Iterator[Job]:
    """Every framework, shared scale and example in a folder of frameworks; or the framework whose folder it is; and the assessments in it."""
    if (folder / "framework.toml").is_file():
        for file in (folder / "framework.toml", *_examples(folder)):
            yield str(file), _file(str(file), catalogue, on)
        return
    own = Catalogue.of(folder)
    known = {listed.name: _path(listed) for listed in catalogue.listed}
    if any(known.get(listed.name, _path(listed)) != _path(listed) for listed in own.listed):
        catalogue = own  # it defines anew what is known already, as a copy of the shipped folder does: it is judged by itself
    elif any(listed.name not in known for listed in own.listed):
        catalogue = catalogue.with_folders(folder)
    problems += own.problems
    for listed in own.listed:
        yield str(listed.file), _framework(listed.name, catalogue)[1]
        for name in own.examples(listed.name):
            example = own.example_file(listed.name, name)
            yield str(example), _file(example, catalogue, on)
    for name in own.scale_names:
        yield name, _safely(_scale(name, own))
    returns = list(_returns(folder))
    for path in returns:
        yield str(path), _file(str(path), catalogue, on)
    if not own.listed and not own.scale_names and not returns:
        hint = "a folder of frameworks holds id/edition/framework.toml; assessments stand in a folder as .toml or .json files"
        problems.append(Problem(code="F001", message=f"there is no framework and no assessment in the folder '{folder}'", hint=hint))


def _examples(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("examples/*") if path.suffix in (".toml", ".json"))


def _path(listed: Listed) -> Path:
    return Path(str(listed.file)).resolve()


def _scale(name: str, own: Catalogue) -> Callable[[], tuple[Problem, ...]]:
    def job() -> tuple[Problem, ...]:
        own.shared_scale(name)
        return ()

    return job
