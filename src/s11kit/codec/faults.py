"""What goes wrong while plain data is structured, collected part by part, with whatever could be made of the rest."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from s11kit._frozen import is_list
from s11kit.errors import FieldError, Path, Problem, nearest

MISSING: Any = object()
"""What stands for a part of which nothing could be made."""


class Faulty(Exception):
    """Faults found while structuring, and what could be made of the rest (`MISSING` if nothing could)."""

    def __init__(self, problems: list[Problem], partial: Any = MISSING, dropped: list[Path] | None = None) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems, self.partial, self.dropped = problems, partial, dropped or []

    @classmethod
    def of(cls, error: FieldError, partial: Any = MISSING) -> Faulty:
        """One fault, from what a hook or constructor raised."""
        return cls([Problem(code=error.code, message=error.message, hint=error.hint, path=error.field)], partial)

    def under(self, step: str | int) -> list[Problem]:
        """The faults as seen from the table around."""
        return [attrs.evolve(problem, path=(step, *problem.path)) for problem in self.problems]


class Faults:
    """Collects what goes wrong in the parts of one table or list, and which items of lists had to be dropped for it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.dropped: list[Path] = []

    def take(self, error: FieldError | Faulty, step: str | int) -> Any:
        """What could be made of the part under `step` in spite of `error`."""
        fault = error if isinstance(error, Faulty) else Faulty.of(error)
        self.problems += fault.under(step)
        self.dropped += [(step, *path) for path in fault.dropped]
        return fault.partial

    def outcome(self, made: Any) -> Any:
        """`made`, if nothing went wrong; else everything that did, with `made` as what is left."""
        if self.problems:
            raise Faulty(self.problems, made, self.dropped)
        return made


def shown(value: object) -> str:
    """A value in the author's words."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (yes or no)"
    if isinstance(value, str):
        return f"the text '{value[:40]}{'...' if len(value) > 40 else ''}'" if value else "an empty text"
    if isinstance(value, (int, Decimal, float)):
        return f"the number {str(value)[:40]}"
    if isinstance(value, (datetime.date, datetime.time)):
        return f"the date or time {value.isoformat()}"
    return "a list" if is_list(value) else "nothing" if value is None else "a table"


def expected(what: str, value: object, hint: str | None = None) -> FieldError:
    """The fault of a value of the wrong kind."""
    return FieldError((), f"expected {what}, got {shown(value)}", code="K003", hint=hint)


def unknown_key(key: str, known: Iterable[str], *, path: Path = ()) -> Problem:
    """The problem of a key that nobody knows, with the nearest one that is."""
    message = f"unknown key '{key[:60]}'"
    return Problem(code="K001", message=message, hint=nearest(key, known, listing="keys here"), path=(*path, key), on_key=True)


def closest(key: str, known: Iterable[str]) -> list[str]:
    """The known key that an unknown one was probably meant to be, if there is one."""
    return difflib.get_close_matches(key[:80].lower(), list(known), n=1, cutoff=0.75)
