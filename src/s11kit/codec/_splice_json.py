"""Change single values in a JSON text and leave the rest as it was; the counterpart of `_splice` for files that other systems write."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from s11kit._frozen import is_table
from s11kit.codec._positions import Path, Span, index_json
from s11kit.codec._splice import REMOVE, CannotSplice

__all__ = ["splice_json"]


def splice_json(text: str, edits: Iterable[tuple[Path, object]]) -> str:
    """Make edits in a JSON text, one after the other: each sets the value at a path of keys, or takes it away with `REMOVE`.

    Raises `CannotSplice` if a path leads through something that is not a table. What comes out is parsed again and compared with what was asked for.
    """
    for path, value in edits:
        wanted = _edited(json.loads(text, parse_float=Decimal), path, value)
        text = _removed(text, path) if value is REMOVE else _set(text, path, value)
        if json.loads(text, parse_float=Decimal) != wanted:
            raise CannotSplice("the text would not say what was asked for")
    return text


def _edited(data: Any, path: Path, value: object) -> Any:
    table: Any = data
    for step in path[:-1]:
        if not is_table(table):
            break
        table = table.get(str(step), {}) if value is REMOVE else table.setdefault(str(step), {})
    if not is_table(table):
        raise CannotSplice(f"'{path[-1]}' does not stand in a table")
    if value is REMOVE:
        table.pop(str(path[-1]), None)
    else:
        table[str(path[-1])] = json.loads(_spelt(value), parse_float=Decimal)
    return data


def _spelt(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False, default=_date)


def _date(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise CannotSplice(f"no way to write {type(value).__name__} in JSON")


def _set(text: str, path: Path, value: object) -> str:
    index = index_json(text)
    found = index.get(path)
    if found is not None and found.value is not None:
        return text[: found.value.start] + _spelt(value) + text[found.value.end :]
    depth = len(path) - 1
    while depth and path[:depth] not in index:
        depth -= 1
    inner: object = value
    for step in reversed(path[depth + 1 :]):
        inner = {step: inner}
    outer = index[path[:depth]].value
    assert outer is not None  # a table has a span
    return _inserted(text, outer, str(path[depth]), _spelt(inner))


def _inserted(text: str, table: Span, key: str, value: str) -> str:
    """A new last key of a table, set out as its sisters are."""
    body = text[table.start + 1 : table.end - 1]
    line = f"{json.dumps(key, ensure_ascii=False)}: {value}"
    if not body.strip():
        return text[: table.start + 1] + line + text[table.end - 1 :]
    lead = re.match(r"\s*", body)
    end = table.start + 1 + len(body.rstrip())
    return text[:end] + "," + (lead.group() if lead and lead.group() else " ") + line + text[end:]


def _removed(text: str, path: Path) -> str:
    found = index_json(text).get(path)
    if found is None or found.key is None or found.value is None:
        return text
    start, end = found.key.start, found.value.end
    after = re.compile(r"\s*,\s*").match(text, end)
    if after:
        return text[:start] + text[after.end() :]
    before = re.compile(r"\s*,\s*\Z").search(text[:start])
    return text[: before.start() if before else start] + text[end:]
