"""Change single values in a TOML text and leave every other byte as it was.

Notes, blank lines, the order of keys and the way the author writes stay: only the span of a value changes, or a
line is added or taken away.  What comes out is parsed again and compared with what was asked for, so that a text
this module returns is never wrong; where it does not know how, it raises `CannotSplice`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol, cast

from s11kit.codec._positions import Layout, Path, Span, Statement, layout

__all__ = ["REMOVE", "CannotSplice", "append_table", "splice_toml"]


class CannotSplice(Exception):
    """The text cannot be changed in place; it has to be written anew."""


class _Remove(Enum):
    REMOVE = "remove"


REMOVE: Final = _Remove.REMOVE
"""In place of a value: take the key or the table away."""


class _Sortable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Order = Callable[[Path], _Sortable]
_FAILURES = (ValueError, ArithmeticError, RecursionError, LookupError, TypeError)


def splice_toml(text: str, edits: Iterable[tuple[Path, object]], *, order: Order | None = None) -> str:
    """Make edits in a TOML text, one after the other: each sets the value at a path, or takes it away with `REMOVE`.

    A value may be text, a number, true or false, a date or time, or a list or mapping of these (written inline).
    A new key goes below the last key of its table.  A new table goes to the end of the file or, with `order`,
    behind the last of its sisters that `order` puts before it.  Taking away what is not there does nothing; a table
    without a header that nothing but the removed value made goes with it.
    Raises `CannotSplice` where the text is not TOML, or an edit cannot be made in place.
    """
    try:
        work = _Work(text, order)
        for (parent, removing), group in groupby(edits, key=lambda edit: (edit[0][:-1], edit[1] is REMOVE)):
            if removing:
                for path, _ in group:
                    work.remove(path)
            else:
                work.set(parent, [(path[-1], _plain(value)) for path, value in group])
        return work.finish()
    except _FAILURES as error:
        raise CannotSplice(str(error)) from error


def append_table(text: str, path: Path, table: Mapping[str, object]) -> str:
    """Add a row to the list of tables at `path`: a new `[[path]]`, or an item if the list stands in brackets.

    Raises `CannotSplice` like `splice_toml`.
    """
    try:
        work = _Work(text, None)
        work.append(path, _plain_table(table))
        return work.finish()
    except _FAILURES as error:
        raise CannotSplice(str(error)) from error


# --- the text under change -------------------------------------------------------------------------------------


class _Patch(NamedTuple):
    """A span of the text and what is to stand in its place; for a new table also which, and if above its sister."""

    start: int
    end: int
    lines: str
    table: Path = ()
    above: bool = False


_Item = tuple[str, object]


class _Work:
    """A text, what it has to mean when all is done, and the patches that are waiting.

    Patches wait as long as they do not touch; then the text is changed and scanned once for all of them.
    """

    def __init__(self, text: str, order: Order | None) -> None:
        self.text = text
        self.order = order
        self.newline = "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"
        self.data = _parse(text)
        self._start_over()

    def _start_over(self) -> None:
        self.layout: Layout = layout(self.text)
        self.waiting: list[_Patch] = []
        self.touched: set[Path] = set()
        self.touched_above: set[Path] = set()

    def set(self, parent: Path, items: Sequence[tuple[str | int, object]]) -> None:
        """Set some values that belong to one table."""
        names = [name for name, _ in items]
        if len(set(names)) < len(names):
            for item in items:
                self.set(parent, [item])
            return
        self._settle(*((*parent, name) for name in names))
        if parent not in self.layout.places:
            if parent in self.touched_above:
                self.flush()
            self._end_line()
        wanted = [(name, value) for name, value in items if not self._is_set(parent, name, value)]
        self._plan(lambda: self._patches_to_set(parent, wanted))
        for name, value in wanted:
            _put(self.data, (*parent, name), value)
        self._touch(*((*parent, name) for name, _ in wanted))

    def remove(self, path: Path) -> None:
        """Take a key, a table or a row away."""
        if not path:
            raise CannotSplice("the whole text cannot be removed")
        self._settle(path)
        if not _look_up(self.data, path)[0]:
            return
        self._plan(lambda: self._patches_to_remove(path))
        self._drop(path)
        self._touch(path)

    def append(self, path: Path, table: dict[str, object]) -> None:
        """Add a row to a list of tables."""
        self._settle(path)
        found, rows = _look_up(self.data, path)
        if not path or not isinstance(path[-1], str) or (found and not isinstance(rows, list)):
            raise CannotSplice("there is no list of tables here")
        place = self.layout.places.get(path)
        if place and place.value:
            self._plan(lambda: self._patches_to_append(path, cast(list[object], rows), table))
        elif not found and self._home(path[:-1]) is not None:
            return self.set(path[:-1], [(path[-1], [table])])
        else:
            self._end_line()
            self._plan(lambda: [self._new_row(path, table)])
        _put(self.data, path, [*cast(list[object], rows or []), table])
        return None

    def finish(self) -> str:
        """Make the patches that wait, and see that the text means what it has to."""
        self.flush()
        if not _same(_parse(self.text), self.data):
            raise CannotSplice("the file would not say what it should")
        return self.text

    # --- patches

    def _settle(self, *paths: Path) -> None:
        """Flush first if a path, one above it or one below it has been changed since the last scan."""
        for path in paths:
            if path in self.touched_above or any(path[:n] in self.touched for n in range(1, len(path) + 1)):
                return self.flush()
        return None

    def _touch(self, *paths: Path) -> None:
        for path in paths:
            self.touched.add(path)
            self.touched_above.update(path[:n] for n in range(1, len(path) + 1))

    def _plan(self, make: Callable[[], list[_Patch]]) -> None:
        """Let patches wait; if one touches another that waits already, make that one first and look again."""
        patches = make()
        if any(self._clashes(patch) for patch in patches):
            self.flush()
            patches = make()
        for patch in patches:
            self.waiting.insert(self._turn(patch), patch)

    def _turn(self, patch: _Patch) -> int:
        """Where a patch stands among those that wait: by its place and, among new tables at one place, by `order`."""
        turn = bisect_right(self.waiting, (patch.start, patch.end), key=lambda each: each[:2])
        while self.order and patch.table and turn:
            before = self.waiting[turn - 1]
            if before[:2] != patch[:2] or not self.order(patch.table) < self.order(before.table):
                break
            turn -= 1
        return turn

    def _clashes(self, patch: _Patch) -> bool:
        at = bisect_left(self.waiting, (patch.start, patch.end), key=lambda each: each[:2])
        return any(self._clash(patch, each) for each in self.waiting[max(at - 1, 0) : at + 2])

    def _clash(self, one: _Patch, other: _Patch) -> bool:
        if one.start < one.end and other.start < other.end:
            return one.start < other.end and other.start < one.end
        sisters = (one.table[:-1], one.above) == (other.table[:-1], other.above)
        if self.text and one.table and other.table and (sisters or self.order is None):
            return False
        return one.start <= other.end and other.start <= one.end

    def flush(self) -> None:
        """Make all patches and scan the text again."""
        if not self.waiting:
            return
        done: list[str] = []
        position = 0
        for patch in self.waiting:
            done += (self.text[position : patch.start], patch.lines)
            position = patch.end
        self.text = "".join((*done, self.text[position:]))
        self._start_over()

    def _end_line(self) -> None:
        """End the last line, so that a table can follow it."""
        if self.text and not self.text.endswith("\n"):
            self._plan(lambda: [_Patch(len(self.text), len(self.text), self.newline)])
            self.flush()

    # --- setting

    def _is_set(self, parent: Path, name: str | int, value: object) -> bool:
        found, old = _look_up(self.data, (*parent, name))
        return found and _same(old, value)

    def _patches_to_set(self, parent: Path, items: Sequence[tuple[str | int, object]]) -> list[_Patch]:
        patches: list[_Patch] = []
        new: list[_Item] = []
        for name, value in items:
            path = (*parent, name)
            place = self.layout.places.get(path)
            if place and place.value:
                statement = self.layout.statements.get(path)
                long = statement is not None and not statement.inline
                patches.append(_Patch(place.value.start, place.value.end, self._value(value, long=long)))
            elif place or not isinstance(name, str):
                raise CannotSplice("a heading stands where a value would have to go")
            else:
                new.append((name, value))
        return patches + self._patches_to_add(parent, new) if new else patches

    def _patches_to_add(self, parent: Path, items: list[_Item]) -> list[_Patch]:
        found, table = _look_up(self.data, parent)
        if found and not isinstance(table, dict):
            raise CannotSplice("something else stands where a table is needed")
        if parent in self.layout.tables:
            return [self._new_lines(parent, items)]
        home = self._home(parent)
        if isinstance(home, Statement):
            return [self._beside(home, parent, items)]
        if home is not None:
            return [self._inside(home, parent, items)]
        return [self._new_table(parent, items)]

    def _home(self, path: Path) -> Path | Statement | None:
        """What a new key of a table without lines of its own has to go into.

        The path of an inline table, a statement such as `a.b = 1` that makes the table by its dotted key, or
        None if the table can have a header.
        """
        near = next(path[:n] for n in range(len(path), -1, -1) if path[:n] in self.layout.places)
        if near in self.layout.tables:
            return None
        if self.layout.places[near].value:
            return near
        size = len(near)
        dotted = [statement for made, statement in self.layout.statements.items() if made[:size] == near and len(statement.base) < size]
        return dotted[-1] if dotted else None

    def _new_lines(self, table: Path, items: list[_Item]) -> _Patch:
        """New lines below the last key of a table that has lines of its own."""
        body = self.layout.tables[table]
        if body.last_key_end is None:
            at = body.body.start if body.header else self._top()
            indent = ""
        else:
            at = self._line_end(body.last_key_end)
            indent = _FIRST_KEY.sub(r"\1", self._match(_FIRST_KEY, body.body.start))
        lines = [f"{indent}{key_text(name)} = {self._value(value, long=True)}" for name, value in items]
        if body.last_key_end is None and not body.header and self.layout.tables.keys() > {()}:
            lines.append("")
        return self._lines_at(at, lines)

    def _lines_at(self, at: int, lines: list[str]) -> _Patch:
        if at and self.text[at - 1] != "\n":
            return _Patch(at, at, "".join(self.newline + line for line in lines))
        return _Patch(at, at, "".join(line + self.newline for line in lines))

    def _top(self) -> int:
        """Where the first key of a document goes: below the notes about the file, above those of a header."""
        end = self.layout.tables[()].body.end
        notes_end = self._above(end)
        return notes_end if notes_end else len(self._match(_FIRST_NOTES, 0)) if end < len(self.text) else end

    def _above(self, at: int) -> int:
        """The start of the notes that stand directly above a line."""
        while at and self.text.startswith("#", start := self._indented(at)):
            at = self._line_start(start)
        return at

    def _indented(self, at: int) -> int:
        start = self._line_start(at - 1)
        return start + len(self._match(_INDENT, start))

    def _beside(self, statement: Statement, parent: Path, items: list[_Item]) -> _Patch:
        """New dotted keys behind a statement with a dotted key."""
        base = len(statement.base)
        keys = [(_keys((*parent, name)[base:]), value) for name, value in items]
        if statement.inline:
            added = "".join(f", {key} = {self._value(value)}" for key, value in keys)
            return _Patch(statement.span.end, statement.span.end, added)
        start = self._line_start(statement.span.start)
        indent = self._match(_INDENT, start)
        lines = [f"{indent}{key} = {self._value(value, long=True)}" for key, value in keys]
        return self._lines_at(self._line_end(statement.span.end), lines)

    def _inside(self, home: Path, parent: Path, items: list[_Item]) -> _Patch:
        """New keys inside the braces of an inline table."""
        span = self._value_span(home)
        if self.text[span.start] != "{":
            raise CannotSplice("something else stands where a table is needed")
        added = ", ".join(f"{_keys((*parent, name)[len(home) :])} = {self._value(value)}" for name, value in items)
        content = self.text[span.start + 1 : span.end - 1].rstrip()
        if not content:
            return _Patch(span.start + 1, span.end - 1, f" {added} ")
        end = span.start + 1 + len(content)
        return _Patch(end, end, f", {added}")

    def _value_span(self, path: Path) -> Span:
        value = self.layout.places[path].value
        if value is None:
            raise CannotSplice("there is nothing there to change")
        return value

    def _new_table(self, table: Path, items: list[_Item]) -> _Patch:
        lines = [f"[{_keys(table)}]"]
        lines += [f"{key_text(name)} = {self._value(value, long=True)}" for name, value in items]
        row = next((table[:n] for n in range(len(table), 0, -1) if isinstance(table[n - 1], int)), None)
        if row is not None:
            return self._table_at(self._end_of(row), lines, table)
        at, above = self._sister(table) if self.order else (len(self.text), False)
        return self._table_at(at, lines, table, above=above)

    def _sister(self, table: Path) -> tuple[int, bool]:
        """Where a new table goes among its sisters, and whether it stands above one instead of below."""
        size, order = len(table), self.order
        sisters = {path[:size] for path in self.layout.tables if len(path) >= size and path[: size - 1] == table[:-1]}
        if not sisters or order is None:
            return len(self.text), False
        before = [sister for sister in sisters if order(sister) < order(table)]
        if before:
            return self._end_of(max(before, key=order)), False
        first = next(path for path in self.layout.tables if path[:size] in sisters)
        header = self.layout.tables[first].header
        return self._above(self._line_start(header.start if header else 0)), True

    def _end_of(self, table: Path) -> int:
        """Where the lines of a table and its sub-tables end."""
        ends = [
            body.last_key_end or (body.header.end if body.header else 0) for path, body in self.layout.tables.items() if path[: len(table)] == table
        ]
        return self._line_end(max(ends)) if ends else len(self.text)

    def _table_at(self, at: int, lines: list[str], table: Path, *, above: bool = False) -> _Patch:
        blank = self.newline if self.text else ""
        added = "".join(line + self.newline for line in lines)
        return _Patch(at, at, added + blank if above else blank + added, table, above)

    # --- rows of lists

    def _new_row(self, path: Path, table: dict[str, object]) -> _Patch:
        lines = [f"[[{_keys(path)}]]"]
        lines += [f"{key_text(name)} = {self._value(value, long=True)}" for name, value in table.items()]
        sisters = path if any(each[: len(path)] == path for each in self.layout.tables) else path[:-1]
        return self._table_at(self._end_of(sisters) if sisters else len(self.text), lines, path)

    def _patches_to_append(self, path: Path, rows: list[object], table: dict[str, object]) -> list[_Patch]:
        span = self._value_span(path)
        added = self._value(table)
        if not rows:
            return [_Patch(span.start + 1, span.start + 1, added)]
        last = self._value_span((*path, len(rows) - 1))
        start = self._line_start(last.start)
        indent = self.text[start : last.start]
        tail = _REST_OF_ITEM.match(self.text, last.end)
        if indent.strip() or tail is None:
            return [_Patch(last.end, last.end, f", {added}")]
        comma = tail.group(1)
        line = _Patch(tail.end(), tail.end(), f"{indent}{added}{comma}{self.newline}")
        return [line] if comma else [_Patch(last.end, last.end, ","), line]

    # --- removing

    def _patches_to_remove(self, path: Path) -> list[_Patch]:
        statement = self.layout.statements.get(path)
        if statement:
            return [self._without(statement)]
        size = len(path)
        if self.layout.places[path].value:
            raise CannotSplice("an item of a list in brackets cannot be removed")
        patches = [
            self._without(statement) for made, statement in self.layout.statements.items() if made[:size] == path and len(statement.base) < size
        ]
        for table, body in self.layout.tables.items():
            if table[:size] == path and body.header:
                patches.append(self._without_table(body.header.start, body.last_key_end or body.header.end))
        return _merged(patches)

    def _without(self, statement: Statement) -> _Patch:
        start, end = statement.span.start, statement.span.end
        if not statement.inline:
            return _Patch(self._line_start(start), self._line_end(end), "")
        if comma := _COMMA_AFTER.match(self.text, end):
            return _Patch(start, comma.end(), "")
        before = self.text[:start].rstrip()
        return _Patch(len(before) - 1 if before.endswith(",") else start, end, "")

    def _without_table(self, start: int, end: int) -> _Patch:
        """A table without one of the blank lines around it, as if it had never been added."""
        start, end = self._line_start(start), self._line_end(end)
        above = self._line_start(start - 1) if start else 0
        if start:
            return _Patch(start if self.text[above:start].strip() else above, end, "")
        below = self._line_end(end)
        return _Patch(start, end if self.text[end:below].strip() else below, "")

    def _drop(self, path: Path) -> None:
        """Forget a value, and the tables around it that nothing but this value made."""
        while path:
            _, holder = _look_up(self.data, path[:-1])
            del cast(Any, holder)[path[-1]]
            path = path[:-1]
            place = self.layout.places.get(path)
            if holder or path in self.layout.tables or (place and place.value):
                return

    # --- lines and values

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, max(offset, 0)) + 1

    def _line_end(self, offset: int) -> int:
        """Where the line ends, with its line end."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def _match(self, pattern: re.Pattern[str], at: int) -> str:
        found = pattern.match(self.text, at)
        return found.group() if found else ""

    def _value(self, value: object, *, long: bool = False) -> str:
        if long and isinstance(value, str) and "\n" in value:
            return _long_text(value).replace("\n", self.newline)
        return inline(value)


_INDENT = re.compile(r"[ \t]*")
_FIRST_KEY = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*+([ \t]*+)")
_FIRST_NOTES = re.compile(r"(?:#:[^\n]*\n)*")
_REST_OF_ITEM = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*|\r)?\n")
_COMMA_AFTER = re.compile(r"[ \t]*,[ \t]*")


def _merged(patches: list[_Patch]) -> list[_Patch]:
    """Removals without overlaps."""
    merged: list[_Patch] = []
    for patch in sorted(patches):
        if merged and patch.start < merged[-1].end:
            merged[-1] = _Patch(merged[-1].start, max(patch.end, merged[-1].end), "")
        else:
            merged.append(patch)
    return merged


# --- data ------------------------------------------------------------------------------------------------------


def _parse(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _look_up(data: object, path: Path) -> tuple[bool, object]:
    """Whether there is a value at a path, and which."""
    for step in path:
        if isinstance(data, dict) and step in data:
            data = cast(dict[str | int, object], data)[step]
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(cast(list[object], data)):
            data = cast(list[object], data)[step]
        else:
            return False, None
    return True, data


def _put(data: Any, path: Path, value: object) -> None:
    for step in path[:-1]:
        if isinstance(step, str):
            data.setdefault(step, {})
        data = data[step]
    data[path[-1]] = value


def _same(one: object, other: object) -> bool:
    """Whether two values are written alike in TOML: true is not 1, and 1 is not 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast(dict[str, object], one), cast(dict[str, object], other)
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(one, list) and isinstance(other, list):
        items, others = cast(list[object], one), cast(list[object], other)
        return len(items) == len(others) and all(map(_same, items, others))
    if isinstance(one, Decimal) and isinstance(other, Decimal) and one.is_nan():
        return other.is_nan()
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one == other and one.utcoffset() == other.utcoffset()
    return one == other


def _plain(value: object) -> object:
    """A value as `tomllib` would give it back."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return value if isinstance(value, bool) else int(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, (Decimal, date, time)):
        return value
    if isinstance(value, Mapping):
        return _plain_table(cast(Mapping[str, object], value))
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast(Iterable[object], value)]
    raise CannotSplice(f"TOML has no way to write {value!r}")


def _plain_table(table: Mapping[str, object]) -> dict[str, object]:
    return {str.__str__(name): _plain(value) for name, value in table.items()}


# --- writing ---------------------------------------------------------------------------------------------------

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED: Final = {"\b": "\\b", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]')
_TO_ESCAPE_LONG = re.compile(r'"{2,}|"\Z|[\\\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]')


def _keys(path: Path) -> str:
    """A dotted key; the numbers of rows are not written."""
    return ".".join(key_text(name) for name in path if isinstance(name, str))


def key_text(name: str) -> str:
    """A key, in quotes if it needs them."""
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(words: str) -> str:
    return f'"{_TO_ESCAPE.sub(_escape, words)}"'


def _long_text(words: str) -> str:
    return f'"""\n{_TO_ESCAPE_LONG.sub(_escape, words)}"""'


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if char[0] == '"':
        return '\\"' * len(char)
    if "\ud800" <= char <= "\udfff":
        raise CannotSplice("TOML has no way to write half a character")
    return _ESCAPED.get(char, f"\\u{ord(char):04x}")


def inline(value: object) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{key_text(name)} = {inline(item)}" for name, item in cast(dict[str, object], value).items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, cast(list[object], value)))}]"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        return str(value).lower().replace("infinity", "inf")
    written = str(value)
    return written if set(written) & set(".E") else f"{written}.0"
