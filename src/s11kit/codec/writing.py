"""Writing files: never half of one, never over another without being told to."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli_w

from s11kit._frozen import is_list, is_table
from s11kit.codec._splice import inline, key_text
from s11kit.errors import InvalidFile, Place, Problem

__all__ = ["json_text", "toml_rules", "toml_text", "write_text"]

LONGEST_LINE = 140
"""A step that would be longer than that on one line is written with its rows on lines of their own."""


def toml_text(data: dict[str, Any]) -> str:
    """Plain data as TOML; long texts get a line per line."""
    return tomli_w.dumps(_without_nothing(data), multiline_strings=not _has_returns(data))


def toml_rules(rules: Iterable[dict[str, Any]]) -> str:
    """`[[rule]]` tables as TOML: every step on a line of its own, and every row in it where that line would be long."""
    return "".join(f"\n[[rule]]\n{''.join(_rule_lines(_without_nothing(rule)))}" for rule in rules)


def _rule_lines(rule: dict[str, Any]) -> Iterator[str]:
    for key, value in rule.items():
        if key == "steps":
            yield "steps = [\n"
            yield from (f"  {_step_text(step)},\n" for step in value)
            yield "]\n"
        elif key != "expect":
            yield f"{key_text(key)} = {inline(value)}\n"
    if "expect" in rule:
        yield "\n[rule.expect]\n"
        yield from (f"{key_text(law)} = {inline(value)}\n" for law, value in rule["expect"].items())


def _step_text(step: dict[str, Any]) -> str:
    text = inline(step)
    if len(text) <= LONGEST_LINE:
        return text
    pairs: list[str] = []
    for key, value in step.items():
        many = is_list(value) and len(value) > 0 and is_table(value[0])
        pairs.append(f"{key_text(key)} = " + ("[\n" + "".join(f"    {inline(row)},\n" for row in value) + "  ]" if many else inline(value)))
    return f"{{ {', '.join(pairs)} }}"


def _without_nothing(value: Any) -> Any:
    """TOML has no word for nothing: a key without a value is left out, in a list it is an empty text."""
    if is_table(value):
        return {key: _without_nothing(item) for key, item in value.items() if item is not None}
    return ["" if item is None else _without_nothing(item) for item in value] if is_list(value) else value


def _has_returns(value: Any) -> bool:
    """Whether a text holds a carriage return, which would be lost in a text of several lines."""
    if is_table(value):
        return any(_has_returns(item) for item in value.values())
    return any(map(_has_returns, value)) if is_list(value) else isinstance(value, str) and "\r" in value


def json_text(data: Any) -> str:
    """Plain data as JSON: dates as text, year first; exact numbers digit for digit, never through a float."""
    return "".join(_json(data, "\n")) + "\n"


def _json(value: Any, line: str) -> Iterator[str]:
    if is_table(value):
        yield from _bracketed("{}", ((json.dumps(str(key), ensure_ascii=False) + ": ", item) for key, item in value.items()), line)
    elif is_list(value):
        yield from _bracketed("[]", (("", item) for item in value), line)
    elif isinstance(value, Decimal):
        yield format(value, "f")
    elif isinstance(value, (datetime.date, datetime.time)):
        yield f'"{value.isoformat()}"'
    else:
        yield json.dumps(value, ensure_ascii=False)


def _bracketed(brackets: str, items: Iterable[tuple[str, Any]], line: str) -> Iterator[str]:
    yield brackets[0]
    comma, inner = "", line + "  "
    for key, item in items:
        yield comma + inner + key
        yield from _json(item, inner)
        comma = ","
    yield (line if comma else "") + brackets[1]


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool) -> None:
    """Write a whole file or nothing: into a temporary file beside it, which then takes its place.

    `InvalidFile` if there is a file already and `overwrite` is false, or if it cannot be written.
    """
    target = Path(path)
    try:
        if target.exists() and not overwrite:
            place = Place(file=str(path))
            raise InvalidFile(
                [
                    Problem(
                        code="F014",
                        message="there is a file of this name already",
                        hint="choose another name, or allow it to be replaced",
                        place=place,
                    )
                ]
            )
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            with contextlib.suppress(OSError):
                os.chmod(temporary, target.stat().st_mode if target.exists() else 0o644)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InvalidFile([Problem(code="F015", message=f"this file cannot be written: {reason}", place=Place(file=str(path)))]) from None
