"""Change single values in a TOML text and leave every other byte as it was.

Notes, blank lines, the order of keys and the way the author writes stay: only the span of the value changes, or
a line is added or taken away.  What comes out is parsed again and compared with what was asked for, so that a
text this module returns is never wrong; where it does not know how, it raises `CannotSplice`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Protocol, TypeGuard

from s11kit.codec._positions import Layout, Path, layout

__all__ = ["REMOVE", "CannotSplice", "append_table", "splice_toml"]


class CannotSplice(Exception):
    """The text cannot be changed in place; it has to be written anew."""


class _Remove(Enum):
    REMOVE = "remove"


REMOVE: Final = _Remove.REMOVE
"""In place of a value: take the key or table away."""

_FAILURES = (ValueError, ArithmeticError, RecursionError, LookupError, TypeError)


class _Comparable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Order = Callable[[Path], _Comparable]


def splice_toml(text: str, edits: Iterable[tuple[Path, object]], *, order: Order | None = None) -> str:
    """Make edits in a TOML text: each sets the value at a path of tables, or removes it with `REMOVE`.

    A value may be text, a whole number, a `Decimal`, true or false, a date or time, or a list or mapping of these
    (written inline).  A new key goes below the last key of its table; a new table goes to the end of the file, or,
    with `order`, behind the last of its sisters that `order` puts before it.  Removing what is not there does
    nothing.  Raises `CannotSplice` where the text is not TOML or an edit cannot be made in place.
    """
    try:
        work = _Work(text, order)
        for path, value in edits:
            work.edit(path, value)
        return work.finish()
    except _FAILURES as error:
        raise CannotSplice(str(error)) from error


def append_table(text: str, path: Path, table: Mapping[str, object]) -> str:
    """Add a row to a list of tables, as a new `[[path]]` or, where the list stands in brackets, inside them."""
    try:
        work = _Work(text, None)
        work.append(path, table)
        return work.finish()
    except _FAILURES as error:
        raise CannotSplice(str(error)) from error


# --- the text under change -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Patch:
    """A replacement of one span of the text."""

    start: int
    end: int
    lines: str


@dataclass(slots=True)
class _NewTable:
    """A header that is going to be added, and where."""

    at: int
    header: str
    lines: list[str] = field(default_factory=list[str])


class _Work:
    """A text, what it has to mean when all is done, and the patches not yet made.

    Patches are collected as long as they do not touch each other; one that does is made after the text has been
    changed and scanned again.
    """

    def __init__(self, text: str, order: Order | None) -> None:
        self.text = text
        self.order = order
        self.newline = "\r\n" if text[: text.find("\n")].endswith("\r") else "\n"
        self.data = _parse(text)
        self._start_over()

    def _start_over(self) -> None:
        self.layout: Layout = layout(self.text)
        self.patches: list[_Patch] = []
        self.starts: list[int] = []
        self.new_tables: dict[Path, _NewTable] = {}
        self.touched: set[Path] = set()

    def edit(self, path: Path, value: object) -> None:
        """Plan one edit."""
        if not path or not isinstance(path[-1], str) and value is REMOVE and not self._is_row(path):
            raise CannotSplice("only a key or a table can be set or removed")
        if any(path[:n] in self.touched for n in range(1, len(path) + 1)):
            self.flush()
        if value is REMOVE:
            self._remove(path)
        else:
            plain = _plain(value)
            self._set(path, plain)
        self.touched.add(path)

    def finish(self) -> str:
        """Make the patches that are left, and see that the text means what it has to."""
        self.flush()
        if not _same(_parse(self.text), self.data):
            raise CannotSplice("the changed text does not mean what it should")
        return self.text

    def flush(self) -> None:
        """Make all patches, last one first, and scan the text again."""
        if not self.patches and not self.new_tables:
            return
        pieces: list[tuple[int, int, str]] = [(p.start, p.end, p.lines) for p in self.patches]
        pieces += [(new.at, new.at, self._new_table_text(new)) for new in self.new_tables.values()]
        done: list[str] = []
        position = 0
        for start, end, lines in sorted(pieces, key=lambda piece: piece[:2]):
            done += (self.text[position:start], lines)
            position = end
        self.text = "".join((*done, self.text[position:]))
        self._start_over()

    def _new_table_text(self, new: _NewTable) -> str:
        lines = (new.header, *new.lines)
        before = "" if not self.text else self.newline if self._at_line_start(new.at) else self.newline * 2
        return before + "".join(line + self.newline for line in lines)

    def _at_line_start(self, offset: int) -> bool:
        return offset == 0 or self.text[offset - 1] == "\n"

    def _plan(self, start: int, end: int, lines: str) -> bool:
        """Keep a patch for later; false if it touches one that is kept already."""
        at = bisect_left(self.starts, start)
        before = self.patches[at - 1] if at else None
        after = self.patches[at] if at < len(self.patches) else None
        if (before and before.end >= start) or (after and after.start <= end):
            return False
        if any(start <= new.at <= end for new in self.new_tables.values()):
            return False
        self.patches.insert(at, _Patch(start, end, lines))
        self.starts.insert(at, start)
        return True

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """Where the line ends, its line end included."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    # --- setting

    def _set(self, path: Path, value: object) -> None:
        found, old = _look_up(self.data, path)
        if found and _same(old, value):
            return
        place = self.layout.places.get(path)
        if found and (place is None or place.value is None):
            if path not in self.new_lines_of(path[:-1]):
                raise CannotSplice(f"{path} is a table and cannot become a value")
            self.flush()
            return self._set(path, value)
        if place and place.value:
            statement = self.layout.statements.get(path)
            direct = statement is not None and not statement.inline
            if not self._plan(place.value.start, place.value.end, self._value(value, direct=direct)):
                self.flush()
                return self._set(path, value)
            _put(self.data, path, value)
            return None
        if not isinstance(path[-1], str):
            raise CannotSplice(f"there is no item {path}")
        return None
