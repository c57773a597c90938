"""Why `json` did not accept a text, and the key it would have let pass twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final

from s11kit.codec._guards import JSON_STRING, depth_and_size
from s11kit.codec._positions import json_duplicates, line_and_column
from s11kit.codec._syntax import (
    UTF_16,
    Recogniser,
    Scene,
    SyntaxFault,
    curly_quote,
    depth_fault,
    dotted,
    first_fault,
    merge_mark,
    number_too_long,
    unseen,
    unseen_char,
    wrong_kind,
)
from s11kit.codec._syntax_values import NO_QUOTES, about_numbers

__all__ = ["json_duplicate", "json_fault"]

_NUMBERS = re.compile(rf"{JSON_STRING}|([0-9][0-9.eE+-]*+)", re.DOTALL)


def json_fault(text: str, error: ValueError | RecursionError) -> SyntaxFault:
    """Explain why `json` did not accept a text."""
    if isinstance(error, RecursionError):
        return depth_fault(max(depth_and_size(text, is_json=True)[1], 0))
    if not isinstance(error, json.JSONDecodeError):
        return number_too_long(text, _NUMBERS)
    scene = Scene(text, min(error.pos, len(text)), error.msg)
    fault = first_fault(scene, _RECOGNISERS) or scene.fault("this cannot be read here", None)
    return replace(fault, slug="json-syntax") if fault.slug == "toml-syntax" else fault


def json_duplicate(text: str) -> SyntaxFault | None:
    """Find the first key that a valid JSON text gives twice in one object; `json` itself keeps the last."""
    for path, first, second in json_duplicates(text)[:1]:
        return SyntaxFault(
            second.start,
            second.end - second.start,
            "duplicate",
            f"the key {dotted(path[-1:])} is there twice; the first is on line {line_and_column(text, first.start)[0]}",
            "keep one of the two",
        )
    return None


_TOML_START = re.compile(r"\s*(?:#|\[{1,2}[A-Za-z]|[A-Za-z0-9_-]+[ \t]*=)")


def _other_file(scene: Scene) -> SyntaxFault | None:
    """Recognise a file that was never JSON by how it begins."""
    wrong = wrong_kind(scene.text, "JSON")
    if wrong is None and not scene.text.strip():
        wrong = ("the file is empty", "a JSON file holds at least {}")
    if wrong is None and scene.char and _TOML_START.match(scene.text[:2000]):
        wrong = ("this is a TOML file, not a JSON file", "give its name the ending .toml")
    return scene.fault(*wrong, at=0, length=len(scene.text)) if wrong else None


def _text(scene: Scene) -> SyntaxFault | None:
    """Recognise text that is not closed, goes over the line end or has a backslash of its own."""
    if scene.reason.startswith("Unterminated string"):
        return scene.fault("the text that opens here is never closed", 'put " where it ends')
    if scene.reason.startswith("Invalid \\"):
        at = scene.text.rfind("\\", 0, scene.offset + 1)
        return scene.fault("a backslash in a text does not stand for itself", "write it twice: \\\\", at=max(at, 0), length=2)
    if not scene.reason.startswith("Invalid control character"):
        return None
    if scene.char == "\x00":
        return scene.fault(*UTF_16, at=0, slug="encoding")
    if scene.char not in "\r\n":
        return scene.fault(unseen(scene.char), "delete it")
    start = max(scene.before.rfind('"'), 0)
    return scene.fault(
        "this text has no closing quote on its line",
        'put " at its end; a new line inside a text is written \\n',
        at=scene.line_start + start,
        length=len(scene.before) - start,
    )


def _signs(scene: Scene) -> SyntaxFault | None:
    """Recognise a comma, a colon or a bracket that is missing or too many, and notes."""
    reason, char = scene.reason, scene.char
    before = scene.text[: scene.offset].rstrip()
    if scene.after.startswith(("//", "/*", "#")):
        return scene.fault("a JSON file cannot hold notes", "delete the note", length=len(scene.after))
    if char == "'":
        return scene.fault("single quotes cannot be used in JSON", 'use the straight double quote "')
    if reason.startswith("Illegal trailing comma"):
        return _last_comma(scene, scene.offset)
    if char and char in ",]}" and before.endswith(","):
        return _last_comma(scene, len(before) - 1)
    if char and char in ",]}" and before.endswith(":"):
        return scene.fault("this key has no value", "write the value after the colon", at=len(before) - 1)
    if not char:
        return scene.fault("the file ends too early: something is not closed", "put the missing ] or } at its end")
    if reason.startswith("Extra data"):
        return scene.fault("this stands after the end of the JSON value", "delete it", length=len(scene.after))
    if reason.startswith("Expecting ':'"):
        return scene.fault("there is no colon after this key", 'write "key": value')
    return None


def _last_comma(scene: Scene, at: int) -> SyntaxFault:
    return scene.fault("there is a comma too many here", "delete the comma", at=at)


_RAW = re.compile(r"[^\s,:\[\]{}\"]+(?: [^\s,:\[\]{}\"]+)*")
_DELIMITER = re.compile(r"[\s,:\[\]{}\"]")
_WORDS: Final = {"true": "true", "false": "false", "null": "null", "none": "null"}


def _value(scene: Scene) -> SyntaxFault | None:
    """Recognise a word, a date or a number that JSON does not know."""
    if scene.reason.startswith("Expecting property name"):
        return scene.fault("a key must stand in double quotes", 'write "key": value')
    if not scene.reason.startswith(("Expecting value", "Expecting ','")):
        return None
    start = scene.offset - len(_DELIMITER.split(scene.before)[-1])
    found = _RAW.match(scene.text, start)
    raw = found.group().rstrip(";") if found else ""
    if scene.reason.startswith("Expecting ','") and (start == scene.offset or not raw or scene.char == ";"):
        return _comma(scene)
    if not raw:
        return scene.fault("a value is missing here", "write a value, or delete the comma")
    if raw.lower() in _WORDS:
        return scene.fault(f"the word {raw} is not known in JSON", f"write {_WORDS[raw.lower()]}", at=start, length=len(raw))
    number = about_numbers(raw) if len(raw) <= 60 else None
    is_odd = len(raw) > 60 or "\\" in raw or scene.text.startswith(":", start + len(raw))
    hint = 'put a straight quote " before it and another after it' if is_odd else f'write "{raw}"'
    message, hint = number if number and "'" not in number[1] else (NO_QUOTES, hint)
    return scene.fault(message, hint, at=start, length=len(raw))


def _comma(scene: Scene) -> SyntaxFault:
    if scene.char == ";":
        return scene.fault("a semicolon stands where a comma is needed", "write a comma")
    before = scene.text[: scene.offset].rstrip()
    if before.endswith('"') and scene.char.isalnum():
        return scene.fault(
            'the text ends here, because of a " inside it',
            'write \\" for each double quote inside it',
            at=len(before) - 1,
        )
    return scene.fault("a comma is missing before this", "put a comma between two items")


_RECOGNISERS: tuple[Recogniser, ...] = (
    _other_file,
    merge_mark,
    _text,
    unseen_char,
    curly_quote,
    _signs,
    _value,
)
