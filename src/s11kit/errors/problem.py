"""Problems: located findings, as values. They are collected and shown all at once, never thrown one by one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal, Protocol, final

import attrs

from s11kit.errors.codes import CODES

__all__ = ["FieldError", "InvalidFile", "Locator", "Path", "Place", "Problem", "S11Error", "dotted", "nearest", "render"]

Path = tuple[str | int, ...]
Severity = Literal["error", "warning", "hint"]


@final
@attrs.frozen(kw_only=True)
class Place:
    """Where in a file something stands: line and column count from 1, `length` is in characters."""

    file: str
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    length: int = 1


class Locator(Protocol):
    """What a loaded value remembers of its file, so that later checks can still point at the line."""

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Warnings about the file itself, which `check` passes on."""
        ...

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` stands (`key=True`: its key), or the nearest table around it."""
        ...


def dotted(path: Path) -> str:
    """A path as people read it: tables by name, places in a list counted from 1.

    >>> dotted(("standard", 1, "statement", 3, "scale"))
    'standard[2].statement[4].scale'
    >>> dotted(("answer", "1.1", "grade"))
    'answer."1.1".grade'
    """
    out: list[str] = []
    for step in path:
        if isinstance(step, int):
            out.append(f"[{step + 1}]")
        else:
            step = step if len(step) <= 80 else f"{step[:77]}..."
            plain = step.replace("_", "").replace("-", "").isalnum() and step.isascii()
            out.append(("." if out else "") + (step if plain else f'"{step}"'))
    return "".join(out)


def nearest(name: str, known: Iterable[str], *, listing: str | None = None) -> str | None:
    """A hint that offers the closest known name, and lists the known ones if there are few; those of a set in alphabetical order.

    >>> nearest("maturty", ["yes-no", "maturity"], listing="defined scales")
    "did you mean 'maturity'? defined scales: yes-no, maturity"
    """
    if len(name) > 200:
        name = name[:200]
    names = sorted(known) if isinstance(known, (set, frozenset)) else list(dict.fromkeys(known))
    close = difflib.get_close_matches(name[:80], names[:2000], n=1, cutoff=0.6)
    parts = [f"did you mean '{close[0][:80]}'?"] if close else []
    if listing and names and (len(names) <= 12 or not close):
        shown = ", ".join(name[:80] for name in names[:12]) + (", ..." if len(names) > 12 else "")
        parts.append(f"{listing}: {shown}")
    return " ".join(parts) or None


@final
@attrs.frozen(kw_only=True, slots=True)
class Problem:
    """One finding: a stable `code`, a sentence in the author's words, a place and, where there is one, a way to mend it.

    The severity belongs to the code: an *error* makes a file unusable or a number untrue, a *warning* should be looked at, a *hint* may be ignored.

    >>> Problem(code="R003", message="statement 2.4 uses scale 'maturty', which this framework does not define").slug
    'unknown-scale'
    """

    code: str
    message: str
    hint: str | None = None
    path: Path = ()
    _where: Place | Locator | None = attrs.field(default=None, alias="place", eq=False)
    on_key: bool = attrs.field(default=False, eq=False)
    """The key itself is wrong (not its value), so that is where the carets go."""
    about: str | None = attrs.field(default=None, eq=False)
    """The id or reference that could not be found, for callers who know where it went."""

    @property
    def place(self) -> Place | None:
        """Where it stands in the file, if it came from one. It is worked out only when somebody asks."""
        where = self._where
        return where if where is None or isinstance(where, Place) else where.locate(self.path, key=self.on_key)

    @property
    def slug(self) -> str:
        """The code as two or three words, such as `unknown-scale`."""
        return CODES[self.code][0]

    @property
    def severity(self) -> Severity:
        """`error`, `warning` or `hint`."""
        return CODES[self.code][1]

    def located(self, locator: Locator | None) -> Problem:
        """The same problem, which now knows where to look itself up; one that has a place keeps it."""
        return self if locator is None or self._where is not None else attrs.evolve(self, place=locator)

    def to_dict(self) -> dict[str, object]:
        """For `--json`: every field under its own name; what is not known is `None`."""
        place = self.place
        return {
            "code": self.code,
            "slug": self.slug,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "path": dotted(self.path),
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
        }

    def __str__(self) -> str:
        return render(self)


def render(problem: Problem) -> str:
    """A problem as text: place, code, sentence, the author's line with carets, path, hint."""
    place = problem.place
    where = ""
    if place is not None:
        where = ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None) + ": "
    mark = "" if problem.severity == "error" else f" ({problem.severity})"
    lines = [f"{_visible(where)}{problem.code} {problem.slug}{mark}", f"  {_visible(problem.message)}"]
    if place is not None and place.excerpt is not None and place.column is not None:
        lines += _excerpt(place.excerpt, place.column, place.length)
    if problem.path:
        lines.append(f"  at   {_visible(dotted(problem.path))}")
    if problem.hint:
        lines.append(f"  hint {_visible(problem.hint)}")
    return "\n".join(lines)


_WIDEST = 110
_LONGEST = 800


def _visible(text: str) -> str:
    """Text from a file as it may be shown: not endless, and control characters as escapes, so that none reaches a terminal."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def _excerpt(line: str, column: int, length: int) -> list[str]:
    """The author's line and the carets under it; a long line is cut around the place."""
    start = column - 1
    cut = max(0, start - _WIDEST // 2) if len(line) > _WIDEST else 0
    lead = len(line) - len(line.lstrip()) if cut == 0 else 0
    lead = min(lead, start)
    shown = line[cut + lead : cut + lead + _WIDEST].expandtabs(1).rstrip()
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    before = "..." if cut else ""
    offset = start - cut - lead + len(before)
    carets = "^" * max(1, min(length, len(before) + len(shown) - offset))
    return [f"      {before}{shown}", f"      {' ' * offset}{carets}"]


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in reading order: by file, line and column, then by path and code; exact repeats once."""

    def key(problem: Problem) -> tuple[object, ...]:
        place = problem.place
        at = (place.file, place.line or 0, place.column or 0) if place else ("", 0, 0)
        return (*at, [str(step).rjust(8, "0") if isinstance(step, int) else step for step in problem.path], problem.code, problem.message)

    return tuple(sorted({(problem, problem.place): problem for problem in problems}.values(), key=key))


class S11Error(Exception):
    """Something cannot be done, and `problems` says why: all reasons at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = in_order(problems)
        super().__init__("\n\n".join(render(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.problems,))


class InvalidFile(S11Error):
    """A file that cannot be used. `problems` holds everything that was found wrong with it, in reading order."""


class FieldError(ValueError):
    """What a constructor raises when one field cannot be so; the loader turns it into a located problem."""

    def __init__(self, field: str | Path, message: str, *, code: str = "K004", hint: str | None = None) -> None:
        self.field: Path = field if isinstance(field, tuple) else (field,)
        self.message, self.code, self.hint = message, code, hint
        super().__init__(f"{dotted(self.field)}: {message}" if self.field else message)


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 statement`, `2 statements`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def listed(names: Iterable[str]) -> str:
    """`a, b and c`."""
    items = list(names)
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""
