"""Where each value stands in a TOML or JSON text.

The text has already been accepted by `tomllib` or `json`, so the scanners here need not judge it: they only
walk it once and note spans.  All offsets count characters of the text handed in, whichever line ends it has.
Nesting is followed with a list, not by recursion, so that a deep text cannot exhaust the stack.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import NamedTuple

__all__ = [
    "Layout",
    "Path",
    "Place",
    "Span",
    "Statement",
    "TableBody",
    "index_json",
    "index_toml",
    "json_duplicates",
    "layout",
    "line_and_column",
    "toml_tables",
]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value stand; a header such as `[a.b]` counts as the key of its table."""

    key: Span | None
    value: Span | None


@dataclass(frozen=True, slots=True)
class TableBody:
    """The lines that belong to one header: from below it to the line of the next header.

    `last_key_end` is the end of the last value in the body, or None when the body has no key.
    The root of the document is the table without a header.
    """

    header: Span | None
    body: Span
    last_key_end: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One `key = value`, from the first part of its key to the end of its value.

    `base` is the table the key is written in; `inline` says that this table stands in braces.
    """

    span: Span
    base: Path
    inline: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the scanner knows of a TOML text.

    `latest` is what was completed last (its path, its key or header, and whether it is a header): in a text
    cut off where `tomllib` complained, that is what it complained about.
    """

    places: dict[Path, Place]
    tables: dict[Path, TableBody]
    statements: dict[Path, Statement]
    latest: tuple[Path, Span, bool]


def index_toml(text: str) -> dict[Path, Place]:
    """Tell where each path of a valid TOML text stands; the path `()`, the document, has neither key nor span."""
    return layout(text).places


def toml_tables(text: str) -> dict[Path, TableBody]:
    """Tell where each table with a header, and the root, has its own lines."""
    return layout(text).tables


def layout(text: str) -> Layout:
    """Scan a valid TOML text once; one that breaks off in the middle is scanned as far as it goes."""
    return _TomlScanner(text).scan()


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Turn an offset into a line and a column, both from 1; a line ends in LF or CRLF."""
    offset = min(max(offset, 0), len(text))
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# --- TOML ------------------------------------------------------------------------------------------------------

_BASIC = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_LITERAL = r"'[^'\n]*+'"
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BETWEEN = re.compile(r"(?:[ \t\r\n,]++|#[^\n]*+)*+")
_EQUALS = re.compile(r"[ \t]*+=?[ \t]*+")
_PART = re.compile(rf"[ \t]*+({_BASIC}|{_LITERAL}|[A-Za-z0-9_-]++)[ \t]*+", re.DOTALL)
# After closing triple quotes, up to two more quotes belong to the text.  A date and a time may have one blank
# between them; any other plain value ends at the first blank.
_PLAIN = re.compile(
    rf"""
      \"""[^"\\]*+(?:(?:\\.|"{{1,2}}+(?!"))[^"\\]*+)*+"{{3,5}}
    | '''[^']*+(?:'{{1,2}}+(?!')[^']*+)*+'{{3,5}}
    | {_BASIC}
    | {_LITERAL}
    | (?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ ](?=[0-9]{{2}}:))?[^ \t\r\n,\]}}#]++
    """,
    re.VERBOSE | re.DOTALL,
)


class _Open(NamedTuple):
    """A bracket that is not closed yet, and the key it is the value of."""

    path: Path
    key: Span | None
    start: int
    statement: int
    base: Path
    inline: bool
    is_list: bool


class _TomlScanner:
    """One walk over a TOML text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[Path, Place] = {(): Place(None, None)}
        self.tables: dict[Path, TableBody] = {}
        self.statements: dict[Path, Statement] = {}
        self.latest: tuple[Path, Span, bool] = ((), Span(0, 0), True)
        self._rows: dict[Path, int] = {}
        self._base: Path = ()
        self._header: Span | None = None
        self._body_start = 0
        self._last_key_end: int | None = None

    def scan(self) -> Layout:
        """Walk from the first line to the last."""
        text, position = self.text, 0
        while True:
            position = _skip(_BLANK, text, position)
            if position >= len(text):
                break
            position = self._read_header(position) if text[position] == "[" else self._read_statement(position)
        self._end_table(len(text))
        return Layout(self.places, self.tables, self.statements, self.latest)

    def _end_table(self, end: int) -> None:
        start = min(self._body_start, end)
        self.tables[self._base] = TableBody(self._header, Span(start, end), self._last_key_end)

    def _read_header(self, start: int) -> int:
        text = self.text
        self._end_table(text.rfind("\n", 0, start) + 1)
        brackets = 2 if text.startswith("[[", start) else 1
        parts, position = self._read_key(start + brackets)
        position = min(position + brackets, len(text))
        span = Span(start, position)
        self._base = self._resolve([name for name, _ in parts], span, is_row=brackets == 2)
        self._header = span
        self._last_key_end = None
        newline = text.find("\n", position)
        self._body_start = len(text) if newline < 0 else newline + 1
        self.latest = (self._base, span, True)
        return self._body_start

    def _resolve(self, names: list[str], span: Span, *, is_row: bool) -> Path:
        """Turn the names of a header into a path with the numbers of the rows it goes through."""
        path: Path = ()
        for number, name in enumerate(names, start=1):
            path = (*path, name)
            last = number == len(names)
            self.places.setdefault(path, Place(span, None))
            if last and is_row:
                self._rows[path] = self._rows.get(path, 0) + 1
            if path in self._rows:
                path = (*path, self._rows[path] - 1)
        # A header of its own tells more than one that only passes through.
        if self.places.get(path, Place(None, None)).value is None:
            self.places[path] = Place(span, None)
        return path

    def _read_key(self, position: int) -> tuple[list[tuple[str, Span]], int]:
        """Read a dotted key; give its parts and the offset after it and any blanks."""
        parts: list[tuple[str, Span]] = []
        while part := _PART.match(self.text, position):
            parts.append((_name(part.group(1)), Span(*part.span(1))))
            position = part.end()
            if not self.text.startswith(".", position):
                break
            position += 1
        return parts, position

    def _read_pair(self, base: Path, position: int) -> tuple[Path, Span, int]:
        """Read `key =`; give the path, the last part of the key and the offset of the value."""
        start = position
        parts, position = self._read_key(position)
        path = base
        for name, span in parts:
            path = (*path, name)
            self.places.setdefault(path, Place(span, None))
        key = parts[-1][1] if parts else Span(start, start)
        return path, key, max(_skip(_EQUALS, self.text, position), start + 1)

    def _read_statement(self, start: int) -> int:
        path, key, position = self._read_pair(self._base, start)
        item = _Open(path, key, position, start, self._base, inline=False, is_list=False)
        end = self._read_value(item)
        self._last_key_end = end
        return end

    def _read_value(self, item: _Open) -> int:
        """Read a value with all it holds; give the offset after it."""
        text, position = self.text, item.start
        opened: list[_Open] = []
        counts: list[int] = []
        while True:
            bracket = text[position : position + 1]
            if bracket in ("[", "{"):
                self.places[item.path] = Place(item.key, None)
                opened.append(item)
                counts.append(0)
                position += 1
            else:
                position = _skip(_PLAIN, text, position)
                self._finish(item, position)
            while opened:
                holder = opened[-1]
                position = _skip(_BETWEEN, text, position)
                if position >= len(text):
                    return len(text)
                if text[position] not in "]}":
                    item = self._next_item(holder, counts[-1], position)
                    counts[-1] += 1
                    position = item.start
                    break
                opened.pop()
                counts.pop()
                position += 1
                self._finish(holder, position)
            else:
                return position

    def _next_item(self, holder: _Open, count: int, position: int) -> _Open:
        if self.text[holder.start] == "[":
            path = (*holder.path, count)
            return _Open(path, None, position, position, holder.path, inline=True, is_list=True)
        path, key, start = self._read_pair(holder.path, position)
        return _Open(path, key, start, position, holder.path, inline=True, is_list=False)

    def _finish(self, item: _Open, end: int) -> None:
        self.places[item.path] = Place(item.key, Span(item.start, end))
        if not item.is_list:
            self.statements[item.path] = Statement(Span(item.statement, end), item.base, item.inline)
            self.latest = (item.path, item.key or Span(item.start, end), False)


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else min(position + 1, len(text))


def _name(part: str) -> str:
    """Decode one part of a key."""
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    if "\\" not in part:
        return part[1:-1]
    return str(tomllib.loads(f"k={part}")["k"])


# --- JSON ------------------------------------------------------------------------------------------------------

_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|[^\s"\[\]{},:]++', re.DOTALL)


def index_json(text: str) -> dict[Path, Place]:
    """Tell where each path of a valid JSON text stands; the path `()` is the whole value.

    Of a key given twice the last one counts, as in `json.loads`; see `json_duplicates`.
    """
    return _scan_json(text)[0]


def json_duplicates(text: str) -> list[tuple[Path, Span, Span]]:
    """List the keys a valid JSON text gives twice in one object: path, first key, repeated key."""
    return _scan_json(text)[1]


def _scan_json(text: str) -> tuple[dict[Path, Place], list[tuple[Path, Span, Span]]]:
    places: dict[Path, Place] = {}
    duplicates: list[tuple[Path, Span, Span]] = []
    opened: list[tuple[Path, Span | None, int, bool]] = []
    counts: list[int] = []
    path: Path = ()
    key: Span | None = None
    for token in _JSON_TOKEN.finditer(text):
        span = Span(*token.span())
        mark = text[span.start]
        if mark in "]}":
            holder, holder_key, start, _ = opened.pop()
            counts.pop()
            places[holder] = Place(holder_key, Span(start, span.end))
            key = None
            continue
        if opened and key is None:
            base, _, _, is_object = opened[-1]
            if is_object:
                path, key = (*base, str(json.loads(token.group(), strict=False))), span
                first = places.get(path)
                if first is not None and first.key is not None:
                    duplicates.append((path, first.key, span))
                continue
            path = (*base, counts[-1])
            counts[-1] += 1
        places[path] = Place(key, span)
        if mark in "[{":
            opened.append((path, key, span.start, mark == "{"))
            counts.append(0)
        key = None
    return places, duplicates
