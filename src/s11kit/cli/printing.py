"""How things are printed: what comes from a file is shown as it is, never obeyed; colour only ever repeats what words say."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from s11kit.codec import json_text
from s11kit.errors import Problem, counted, render

COLOURS = {"red": "red", "amber": "yellow", "yellow": "yellow", "green": "green", "grey": "bright_black", "blue": "blue", "purple": "magenta"}
SEVERITIES = {"error": "bold red", "warning": "yellow", "hint": "cyan"}
HEADING = "bold"
ASIDE = "dim"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def out() -> Console:
    """Standard output, as it is now."""
    return _Console(markup=False, emoji=False, highlight=False)


def err() -> Console:
    """Standard error, as it is now."""
    return _Console(stderr=True, markup=False, emoji=False, highlight=False)


def to_text(print_it: Callable[[Console], None]) -> str:
    """What is printed, as text for a file."""
    console = _Console(file=io.StringIO(), width=100, color_system=None, force_terminal=False, markup=False, emoji=False, highlight=False)
    with console.capture() as captured:
        print_it(console)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def is_terminal() -> bool:
    """Whether somebody reads standard output as it is printed."""
    return sys.stdout.isatty()


def safe(text: str) -> str:
    """Text from a file as it may be printed: control characters as escapes, so that none reaches a terminal."""
    shown = text.replace("\r\n", "\n").replace("\t", "    ")
    return "".join(c if c.isprintable() or c == "\n" or unicodedata.category(c) == "Zs" else c.encode("unicode_escape").decode() for c in shown)


def words(text: str, style: str = "") -> Text:
    """Text from a file for rich: nothing in it is markup."""
    return Text(safe(text), style=style)


def grade_style(colour: str | None) -> str:
    """The style that repeats the colour a board gives a grade; none where a terminal has no such colour."""
    return COLOURS.get(colour or "", "")


def indented(text: str, width: int = 2, style: str = "") -> Padding:
    """A paragraph that stays indented where it wraps."""
    return Padding(words(text, style), (0, 0, 0, width))


def headed(ref: str, title: str) -> Table:
    """A reference and its words, which stay beside it where they wrap."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=3)
    table.add_column(overflow="fold")
    table.add_row(words(ref, HEADING), words(title, HEADING))
    return table


def pairs(rows: Iterable[tuple[str, str | Text]], indent: int = 2) -> Table:
    """Names and what they hold, side by side. An empty name continues the row above."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=indent - 2 if indent > 2 else 0)
    table.add_column(style=ASIDE, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row("", words(name), value if isinstance(value, Text) else words(value))
    return table


def plain_table(**options: Any) -> Table:
    """A table with a line under its head, and one above its foot if it has one."""
    return Table(box=box.SIMPLE, pad_edge=False, show_edge=False, **options)


def data(text: str) -> None:
    """Print what another program may read (JSON, TOML): on a terminal as text, anywhere else as UTF-8, whatever the system prefers."""
    if is_terminal():
        click.echo(text, nl=False)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()


def json_out(value: Any) -> None:
    """Print a value as JSON."""
    data(json_text(value))


def problems_out(problems: Iterable[Problem], *, to_stderr: bool = True) -> None:
    """Print problems, each with an empty line behind it. Lines are never wrapped: an editor may read them."""
    console = err() if to_stderr else out()
    for problem in problems:
        first, _, rest = render(problem).partition("\n")
        console.print(Text(first, style=SEVERITIES[problem.severity]), soft_wrap=True)
        console.print(Text(rest + "\n"), soft_wrap=True)


def advised(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems; where a framework is not known, with a word on how the command is told of one."""
    return tuple(_advised(problem) for problem in problems)


def _advised(problem: Problem) -> Problem:
    if problem.code != "R006" or not problem.message.startswith("there is no framework '"):
        return problem
    more = "if it is yours, give its folder with --frameworks DIR, in which it stands as DIR/id/edition/framework.toml"
    return attrs.evolve(problem, hint=f"{problem.hint}; {more}" if problem.hint else more)


def count_of(problems: Iterable[Problem]) -> dict[str, int]:
    """How many there are of each severity."""
    found = [problem.severity for problem in problems]
    return {"errors": found.count("error"), "warnings": found.count("warning"), "hints": found.count("hint")}


def summary(problems: Iterable[Problem]) -> str:
    """`1 error, 2 warnings, 3 hints`, or `no problems`."""
    parts = [counted(number, word[:-1]) for word, number in count_of(problems).items() if number]
    return ", ".join(parts) or "no problems"
