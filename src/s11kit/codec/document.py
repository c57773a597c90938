"""A file that has been read: its text, what it parses to, and where everything stands in it."""

from __future__ import annotations

import json
import os
import re
import tomllib
from bisect import bisect_right
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Any, Literal, TypeAlias

import attrs

from s11kit._frozen import is_list, is_table
from s11kit._numbers import NumberFault, parse_decimal, parse_integer
from s11kit.codec import _encoding, _guards, _positions, _syntax, _syntax_json, _syntax_toml
from s11kit.errors import InvalidFile, Path, Place, Problem

__all__ = ["LARGEST", "MOST_TABLES", "Document", "Source", "read", "within"]

LARGEST = 8 * 1024 * 1024
"""The most bytes a file may have."""
DEEPEST = 64
"""The most tables and lists that may stand inside each other."""
MOST_TABLES = 250_000
"""The most brackets that may be opened in a file."""

Source: TypeAlias = str | os.PathLike[str] | Traversable
Kind = Literal["toml", "json"]


@attrs.frozen(eq=False)
class _Raw:
    name: str
    raw: bytes


@attrs.define(eq=False, slots=False)
class Document:
    """A parsed file. Positions are worked out only when a problem needs one."""

    name: str
    text: str
    kind: Kind
    data: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False)

    @property
    def notices(self) -> tuple[Problem, ...]:
        """A plain file has none."""
        return ()

    @cached_property
    def _index(self) -> dict[Path, _positions.Place]:
        return _positions.index_json(self.text) if self.kind == "json" else _positions.index_toml(self.text)

    def has(self, path: Path) -> bool:
        """Whether something stands at `path`."""
        return path in self._index

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """The place of the value at `path`, or of its key; if there is no such value, of the nearest table around it."""
        path = self._named(path)
        exact = path
        while (found := self._index.get(exact)) is None or not self._stands(exact, found, path):
            if not exact:
                return Place(file=self.name)
            exact = exact[:-1]
        whole = exact == path
        span = (found.key if key and whole else found.value if whole else found.key) or found.key or found.value
        return Place(file=self.name) if span is None else self.place(span.start, span.end)

    def _named(self, path: Path) -> Path:
        """A path in which an item of a list is named by its text, with its number instead."""
        out: Path = ()
        for step in path:
            there = within(self.data, out)
            if is_list(there) and isinstance(step, str) and step in there:
                step = there.index(step)
            out = (*out, step)
        return out

    def _stands(self, path: Path, found: _positions.Place, wanted: Path) -> bool:
        """Whether something really stands at `path`: a table that is only implied by the headers of others has no line of its own."""
        if found.value is not None:
            return bool(path)
        return found.key is not None and (path == wanted or path in self._headers)

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _headers(self) -> frozenset[Path]:
        return (
            frozenset(path for path, table in _positions.toml_tables(self.text).items() if table.header is not None)
            if self.kind == "toml"
            else frozenset()
        )

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text; carets stay on its first line."""
        line = bisect_right(self._lines, start)
        left = self._lines[line - 1]
        column = start - left + 1
        right = self.text.find("\n", start)
        excerpt = self.text[left : len(self.text) if right < 0 else right].rstrip("\r")
        column = min(column, len(excerpt) + 1)
        return Place(file=self.name, line=line, column=column, excerpt=excerpt, length=max(1, min(end - start, len(excerpt) - column + 1)))


def within(data: Any, path: Path) -> Any:
    """What stands at a path of plain data; `None` if nothing does."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def read(source: Source) -> Document:
    """Read and parse a file. `InvalidFile` says what is wrong with it as a whole; what its keys mean is not looked at."""
    found = _read_bytes(source)
    kind = _kind(found.name)
    return parse(found.raw, name=found.name, kind=kind)


def parse(raw: bytes | str, *, name: str, kind: Kind) -> Document:
    """Parse a text that is already in memory; see `read`."""
    if len(raw) > LARGEST:
        raise InvalidFile(
            [
                _whole(
                    name,
                    "F002",
                    f"this file is larger than {LARGEST // 2**20} MB ({LARGEST:,} bytes), the most that is read",
                    "is it the right file?",
                )
            ]
        )
    text = _decoded(raw, name) if isinstance(raw, bytes) else raw
    if isinstance(raw, str) and not raw.isascii():
        try:
            raw.encode()
        except UnicodeEncodeError:
            raise InvalidFile([_whole(name, "F003", "this text holds half of a character (a lone surrogate such as \\ud83d)")]) from None
    document = Document(name, text, kind)
    document.data = _json(document) if kind == "json" else _toml(document)
    return document


def _whole(name: str, code: str, message: str, hint: str | None = None) -> Problem:
    return Problem(code=code, message=message, hint=hint, place=Place(file=name))


def _read_bytes(source: Source) -> _Raw:
    if isinstance(source, (str, os.PathLike)):
        name = os.fspath(source)
        source = FilePath(name)
    else:
        name = str(source)
    try:
        with source.open("rb") as file:
            return _Raw(name, file.read(LARGEST + 1))
    except IsADirectoryError:
        raise InvalidFile([_whole(name, "F001", "this is a folder, not a file")]) from None
    except FileNotFoundError:
        raise InvalidFile([_whole(name, "F001", "there is no such file", "check the name and the folder you are in")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFile([_whole(name, "F001", f"this file cannot be read: {reason.lower()}")]) from None


def _kind(name: str) -> Kind:
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".toml":
        return "toml"
    if suffix == ".json":
        return "json"
    message = f"files end in .toml or .json, this one in '{suffix}'" if suffix else "files end in .toml or .json, this one in nothing"
    raise InvalidFile([_whole(name, "F012", message, "rename the file, if it is what it should be")])


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        fault = _encoding.decode_fault(raw, error)
        raise InvalidFile([_fault(Document(name, raw.decode("utf-8", errors="replace"), "toml"), fault)]) from None


_CODES = {"toml-syntax": "F004", "json-syntax": "F005", "duplicate": "F006", "encoding": "F003", "too-deep": "F010", "number-too-long": "F013"}


def _fault(document: Document, fault: _syntax.SyntaxFault) -> Problem:
    place = document.place(fault.offset, fault.offset + fault.length)
    return Problem(code=_CODES[fault.slug], message=fault.message, hint=fault.hint, place=place)


def _number(document: Document, fault: NumberFault) -> Problem:
    start = document.text.find(fault.text)
    place = document.place(start, start + len(fault.text)) if start >= 0 else Place(file=document.name)
    hint = 'write at most 30 digits, or a fraction such as "1/3"; put it in quotes if it is a code'
    return Problem(code="F013", message=fault.message, hint=hint, place=place)


_FEW = 7


def _has_long_keys(line: str) -> bool:
    """Whether a line may hold a key of more than seven parts; seven brackets of such keys stay well below the limit of depth."""
    return line.count(".") >= _FEW and ("{" in line or line.partition("=")[0].count(".") >= _FEW)


def _guard(document: Document) -> None:
    """Refuse absurd nesting and absurd numbers of tables before a parser meets them."""
    text = document.text
    if text.count("[") + text.count("{") + text.count(".") <= DEEPEST:
        return
    deepest, offset, opened = _guards.depth_and_size(text, is_json=document.kind == "json")
    if offset < 0 and document.kind == "toml" and (deepest > _FEW or any(map(_has_long_keys, text.splitlines()))):
        offset = _guards.dotted_depth(text)[1]
    if offset >= 0:
        raise InvalidFile([_fault(document, _syntax.depth_fault(offset))])
    if opened > MOST_TABLES:
        raise InvalidFile([_whole(document.name, "F011", f"this file opens {opened:,} tables and lists; at most {MOST_TABLES:,} are read")])


_LONG_NUMBER = re.compile(r"[0-9][0-9a-fA-Fxob_]{24,}")


def _refuse_long_numbers(data: Any, text: str) -> None:
    """Whole numbers have at most 30 digits, however they are written."""
    heap = [data]
    while heap:
        value = heap.pop()
        if is_table(value):
            heap += value.values()
        elif is_list(value):
            heap += value
        elif isinstance(value, int) and abs(value) >= 10**30:
            raise NumberFault(text)


def _toml(document: Document) -> dict[str, Any]:
    _guard(document)
    try:
        if long := _LONG_NUMBER.search(document.text):
            _refuse_long_numbers(tomllib.loads(document.text, parse_float=parse_decimal), long.group())
        return tomllib.loads(document.text, parse_float=parse_decimal)
    except NumberFault as fault:
        raise InvalidFile([_number(document, fault)]) from None
    except (ValueError, RecursionError) as error:
        raise InvalidFile([_fault(document, _syntax_toml.toml_fault(document.text, error))]) from None


class _Twice(ValueError):
    """The same key twice in a JSON table."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _Twice
    return table


def _doubled(document: Document) -> Problem:
    """The key that stands twice; or what else is wrong with the text, if that comes behind it, for only a sound text can be searched."""
    try:
        json.loads(document.text)
    except (ValueError, RecursionError) as error:
        return _fault(document, _syntax_json.json_fault(document.text, error))
    fault = _syntax_json.json_duplicate(document.text)
    return _fault(document, fault) if fault is not None else _whole(document.name, "F006", "a key stands twice in one table", "keep one of them")


def _constant(text: str) -> Any:
    raise NumberFault(text)


def _json(document: Document) -> dict[str, Any]:
    try:
        if len(document.text) > MOST_TABLES and document.text.count("{") + document.text.count("[") > MOST_TABLES:
            _guard(document)
        data = json.loads(document.text, parse_float=parse_decimal, parse_int=parse_integer, parse_constant=_constant, object_pairs_hook=_pairs)
    except _Twice:
        raise InvalidFile([_doubled(document)]) from None
    except NumberFault as number:
        raise InvalidFile([_number(document, number)]) from None
    except (ValueError, RecursionError) as error:
        raise InvalidFile([_fault(document, _syntax_json.json_fault(document.text, error))]) from None
    if not is_table(data):
        message, hint = (
            "a file holds one table at the top; this one holds " + ("a list" if is_list(data) else "a single value"),
            "write it in braces { }",
        )
        raise InvalidFile([Problem(code="K003", message=message, hint=hint, place=document.place(0, 1))])
    if "\\u" in document.text:
        _no_half_characters(document, data)
    return data


def _no_half_characters(document: Document, data: dict[str, Any]) -> None:
    """JSON can spell half of a character (a lone surrogate), which no file could hold again."""
    try:
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except RecursionError:
        raise InvalidFile([_whole(document.name, "F010", f"tables and lists are nested deeper than {DEEPEST} levels")]) from None
    except UnicodeEncodeError:
        raise InvalidFile([_whole(document.name, "F003", "a text holds half of a character (a lone surrogate such as \\ud83d)")]) from None
