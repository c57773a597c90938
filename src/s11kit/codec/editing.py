"""Editing an assessment file in place: one answer changes, every other byte stays as its author left it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from s11kit._frozen import is_list, is_table
from s11kit.codec._splice import REMOVE, CannotSplice, append_table, splice_toml
from s11kit.codec._splice_json import splice_json
from s11kit.codec.document import read
from s11kit.errors import InvalidFile, Path, Place, Problem
from s11kit.model.assessment import SELF

__all__ = ["REMOVE", "edit_answers"]

_BOM = b"\xef\xbb\xbf"


def edit_answers(
    path: str | os.PathLike[str],
    edits: Mapping[str, Mapping[str, object]],
    *,
    role: str = SELF,
    dimension: str | None = None,
    actions: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    order: Sequence[str] = (),
) -> str:
    """The text of an assessment file with some keys of some answers set (or taken away: `REMOVE`), and `actions` added. Nothing is written.

    `edits` maps references to keys of an answer and their new values, as plain data. A new answer goes behind the last one that stands before it
    in `order` (references in framework order), else to the end. `InvalidFile` if the file is broken, or cannot be edited in place.
    """
    document = read(os.fspath(path))
    below: Path = () if role == SELF else ("by", role)
    if dimension is not None:
        below = (*below, "dimension", dimension)
    changes = [
        change
        for ref, keys in edits.items()
        for key, value in sorted(keys.items(), key=lambda pair: pair[1] is not REMOVE)
        for change in _change(document.data, ("answer", ref, *below, key), value)
    ]
    try:
        if document.kind == "json":
            text = splice_json(document.text, [*changes, *_json_actions(document.data, actions or {})])
        else:
            places = {ref: place for place, ref in enumerate(order)}
            text = splice_toml(document.text, changes, order=_order(places) if places else None)
            for ref, rows in (actions or {}).items():
                for row in rows:
                    text = append_table(text, ("answer", ref, "action"), row)
    except CannotSplice as reason:
        message = f"this answer is written in a way that cannot be changed without touching the rest: {reason}"
        hint = "change it in a text editor; the file is as it was"
        raise InvalidFile([Problem(code="F016", message=message, hint=hint, place=Place(file=document.name))]) from None
    with FilePath(path).open("rb") as file:
        marked = file.read(3) == _BOM
    return "\ufeff" + text if marked else text


_SHORT_FOR = {"evidence": "narrative", "not_applicable": "reason"}


def _change(data: Any, path: Path, value: object) -> Iterator[tuple[Path, object]]:
    """One change, or several: a text that stands for a table, where there is a table already, changes the text in it and leaves the rest."""
    there: Any = data
    for step in path:
        there = there.get(str(step)) if is_table(there) else None
    if is_table(there) and value is not REMOVE:
        parts = value if is_table(value) else {_SHORT_FOR.get(str(path[-1]), str(path[-1])): value}
        for key, part in parts.items():
            yield (*path, key), part
    else:
        yield path, value


def _order(places: Mapping[str, int]) -> Any:
    def key(path: Path) -> tuple[int, int]:
        kind, ref = str(path[0]), str(path[1]) if len(path) > 1 else ""
        return (1, places.get(ref, len(places))) if kind == "answer" else (0, 0)

    return key


def _json_actions(data: dict[str, Any], actions: Mapping[str, Sequence[Mapping[str, object]]]) -> list[tuple[Path, object]]:
    """JSON has no way to append: the whole list is set anew, with what it held before."""
    changes: list[tuple[Path, object]] = []
    for ref, rows in actions.items():
        there: Any = data
        for step in ("answer", ref, "action"):
            there = there.get(step) if is_table(there) else None
        if rows:
            changes.append((("answer", ref, "action"), [*(there if is_list(there) else []), *rows]))
    return changes
