"""Measures taken of a text before it is parsed, so that an absurd one never reaches a parser.

Here too are the patterns of text in quotes, in TOML and in JSON.  Every function takes any text whatever and runs in linear time.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

__all__ = [
    "DOTTED_KEY",
    "JSON_STRING",
    "MAX_DEPTH",
    "SHORT_BASIC",
    "SHORT_LITERAL",
    "STRING_KINDS",
    "TOML_STRINGS",
    "depth_and_size",
    "dotted_depth",
    "open_brackets",
]

MAX_DEPTH: Final = 64

# Every alternative accepts an unfinished string, so that no character is looked at twice.
_LONG_BASIC = r'"""[^"\\]*+(?:(?:\\.?|"{1,2}+(?!"))[^"\\]*+)*+(?:"{3,5})?'
_LONG_LITERAL = r"'''[^']*+(?:'{1,2}+(?!')[^']*+)*+(?:'{3,5})?"
SHORT_BASIC = r'"[^"\\\n]*+(?:\\[^\n]?[^"\\\n]*+)*+"?'
SHORT_LITERAL = r"'[^'\n]*+'?"
STRING_KINDS = (_LONG_BASIC, _LONG_LITERAL, SHORT_BASIC, SHORT_LITERAL)
TOML_STRINGS = "|".join(STRING_KINDS)
JSON_STRING = r'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?'

_TOML_BRACKETS = re.compile(rf"[\[{{]|[\]}}]|{TOML_STRINGS}|#[^\n]*+", re.DOTALL)
_JSON_BRACKETS = re.compile(rf"[\[{{]|[\]}}]|{JSON_STRING}", re.DOTALL)
_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def depth_and_size(text: str, *, is_json: bool = False) -> tuple[int, int, int]:
    """Measure the brackets of a text outside strings and notes, before anything parses it.

    Returns the deepest nesting, the offset of the bracket that first goes deeper than 64 (or -1), and how many
    brackets are opened.  A header counts as a bracket too; a closing bracket without an opening one makes the
    count of depth too low, but the parser stops there anyway.
    """
    pattern = _JSON_BRACKETS if is_json else _TOML_BRACKETS
    steps = [_STEP.get(token, 0) for token in pattern.findall(text)]
    deepest = max(accumulate(steps), default=0)
    too_deep = _first_too_deep(pattern, text) if deepest > MAX_DEPTH else -1
    return max(deepest, 0), too_deep, steps.count(1)


def _first_too_deep(pattern: re.Pattern[str], text: str) -> int:
    depth = 0
    for token in pattern.finditer(text):
        depth += _STEP.get(token.group(), 0)
        if depth > MAX_DEPTH:
            return token.start()
    return -1


_KEY_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\\\n]*+(?:\\[^\n]?[^"\\\n]*+)*+"?|'[^'\n]*+'?)"""
DOTTED_KEY = rf"{_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART})*+"
_DOTTED = re.compile(rf"{_LONG_BASIC}|{_LONG_LITERAL}|#[^\n]*+|[\n=\[{{\]}}]|{DOTTED_KEY}", re.DOTALL)
_ONE_PART = re.compile(_KEY_PART)
_NOT_A_KEY = ('"""', "'''", "#")


def dotted_depth(text: str) -> tuple[int, int]:
    """Measure the longest path a TOML text makes by headers, dotted keys, braces and lists, before it is parsed.

    `a.b.c = 1` nests tables without a bracket, so `depth_and_size` does not see it; `tomllib` sets no limit to
    it and takes quadratic time over it.  Returns the length of the longest path, and the offset of what first
    makes one longer than 64 (or -1).  The numbers of the rows of a `[[list]]` do not count.  A plain value may
    count as a key, so the result can be a little too high, never too low.
    """
    deepest, too_deep = 0, -1
    header = current = 0
    bases: list[int] = []  # length of the path inside each open bracket
    in_header = in_value = False
    for found in _DOTTED.finditer(text):
        token = found.group()
        mark = token[0]
        if mark == "\n":
            in_value = in_value and bool(bases)
            in_header = False
        elif mark == "=":
            in_value = True
        elif mark in "[{":
            in_header = in_header or not (in_value or bases)
            if not in_header:
                current += mark == "["
                bases.append(current)
        elif mark in "]}":
            if bases and not in_header:
                bases.pop()
                current = bases[-1] if bases else header
        elif not token.startswith(_NOT_A_KEY):
            parts = len(_ONE_PART.findall(token)) if "." in token else 1
            if in_header:
                header = current = parts
            elif bases or not in_value:
                current = parts + (bases[-1] if bases else header)
        deepest = max(deepest, current)
        if too_deep < 0 and current > MAX_DEPTH:
            too_deep = found.start()
    return deepest, too_deep


def open_brackets(text: str, offset: int) -> list[int]:
    """Where the brackets stand that are open at the offset; those of headers are closed again."""
    opened: list[int] = []
    for token in _TOML_BRACKETS.finditer(text, 0, offset):
        step = _STEP.get(token.group(), 0)
        if step > 0:
            opened.append(token.start())
        elif step < 0 and opened:
            opened.pop()
    return opened
