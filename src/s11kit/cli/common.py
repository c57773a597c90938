"""What every verb shares: its help with examples, its options, how problems end it, how files are found and written."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console

from s11kit._dates import DateFault, read_date
from s11kit.catalogue import Catalogue, load_assessment, load_framework
from s11kit.cli.printing import advised, err, json_out, out, problems_out, to_text, words
from s11kit.codec import json_text, write_text
from s11kit.errors import FieldError, InvalidFile, Place, Problem, S11Error, nearest
from s11kit.model import Assessment, Framework
from s11kit.rules.binding import BoundRule
from s11kit.rules.states import Exhausted

UNDECIDED = 3
"""The exit code where nothing is known within the budget."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def reader_gone() -> NoReturn:
    """End quietly when nobody reads standard output any more, as `head` does; 141 is what shells call that."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(141)


class _WithExamples(click.Command):
    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, one to a line."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{' ' * formatter.current_indent}{example}\n")


class Verbs(_WithExamples, click.Group):
    """Verbs in the order of the work, rather than of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were added."""
        return list(self.commands)


class Verb(_WithExamples):
    """A verb of the command line: shows examples in its help, and turns what the library refuses into printed problems and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except S11Error as error:
            found = advised(error.problems)
        except Exhausted as error:
            return self._given_up(ctx, error.states)
        except BrokenPipeError:
            reader_gone()
        except FieldError as error:
            raise click.UsageError(f"{error.message}" + (f" ({error.hint})" if error.hint else ""), ctx) from None
        if ctx.params.get("as_json"):
            json_out({"problems": [problem.to_dict() for problem in found]})
        else:
            problems_out(found)
        return ctx.exit(1)

    def _given_up(self, ctx: click.Context, states: int) -> NoReturn:
        """Where more situations would have to be gone through than is allowed, nothing is known."""
        said = f"undecided: a rule here can come to more than {states:,} states, because many answers are open and weigh differently"
        if ctx.params.get("as_json"):
            json_out({"undecided": said})
        else:
            click.echo(f"s11kit: {said}", err=True)
        ctx.exit(UNDECIDED)


def verb(name: str, *examples: str) -> Callable[[Callable[..., Any]], Verb]:
    """Make a function a verb. Its docstring is the help; the examples follow the options."""

    def decorated(function: Callable[..., Any]) -> Verb:
        return click.command(name, cls=Verb, examples=examples)(function)

    return decorated


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | None:
    """The day that an option names; a usage error says what to write instead."""
    if value is None:
        return None
    try:
        found = read_date(value)
    except DateFault as fault:
        raise click.BadParameter(f"{fault.message}; {fault.hint}", ctx, param) from None
    if found is None:
        raise click.BadParameter(f"'{value}' is not a date; write it as '3 April 2026', 2026-04-03 or 31/03/2026", ctx, param)
    return found


FILE = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
role_option = click.option("--role", default="self", metavar="ROLE", help="The answers as seen by this role, such as a moderator.")
on_option = click.option("--on", callback=_day, metavar="DATE", help="The day to judge dates by, such as 2026-03-31 or '31 March 2026'.")


def frameworks_option(function: Decorated) -> Decorated:
    """The option for folders of frameworks beside the shipped ones."""
    return click.option(
        "--frameworks",
        "folders",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        envvar="S11KIT_FRAMEWORKS",
        metavar="DIR",
        help="A folder with more frameworks (id/edition/framework.toml); may be repeated. Also: S11KIT_FRAMEWORKS.",
    )(function)


def out_options(function: Decorated) -> Decorated:
    """The options for writing into a file."""
    function = click.option("--force", is_flag=True, help="Replace the file if there is one.")(function)
    return click.option("--out", "target", type=FILE, metavar="FILE", help="Write into this file instead of printing.")(function)


def framework_of(name: str, catalogue: Catalogue) -> Framework:
    """A framework by name, or from a file or folder."""
    path = Path(name)
    if path.is_dir():
        path = path / "framework.toml"
    elif path.suffix.lower() not in (".toml", ".json"):
        return catalogue.framework(name)
    return load_framework(path, catalogue=catalogue)


def rule_of(framework: Framework, id: str) -> BoundRule:
    """A rule of a framework; `S11Error` with the nearest one if there is none."""
    rule: BoundRule = framework.rule(id)
    return rule


def assessment_of(path: Path, folders: tuple[Path, ...]) -> Assessment:
    """An assessment from a file."""
    return load_assessment(path, catalogue=Catalogue.default(*folders))


def save(target: Path, text: str, *, force: bool) -> None:
    """Write a new file, with the folders it stands in, and say so."""
    if target.exists() and not force:
        hint = "choose another name, or add --force to replace it"
        raise InvalidFile([Problem(code="F014", message="there is a file of this name already", hint=hint, place=Place(file=str(target)))])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"this file cannot be written: {(error.strerror or str(error)).lower()}"
        raise InvalidFile([Problem(code="F015", message=message, place=Place(file=str(target)))]) from None
    write_text(target, text, overwrite=force)
    err().print(words(f"written: {target}"), soft_wrap=True)


def give(value: Any, print_it: Callable[[Console], None], target: Path | None, *, as_json: bool, force: bool) -> None:
    """A result, as text or JSON, printed or in a file."""
    if target is not None:
        save(target, json_text(value) if as_json else to_text(print_it), force=force)
    elif as_json:
        json_out(value)
    else:
        print_it(out())


def one_of(value: str, known: tuple[str, ...], what: str) -> str:
    """`value`, if it is known; else a usage error with the nearest."""
    if known and value not in known:
        close = nearest(value, known)
        told = f"{close} " if close else ""
        raise click.UsageError(f"the framework declares no {what} '{value}'; {told}declared: {', '.join(known)}")
    return value
