"""What is wrong with a file that is not TOML, JSON or UTF-8 at all, told to people who never heard of them.

`tomllib` and `json` stop at the first character they cannot read and say little about it.  Here the text around
that character is looked at again, and the usual slips (Word's quotes, `Yes`, `31/03/2026`, a folder of
Windows, the same table twice) are named together with what to type instead.

The guards `depth_and_size` and `dotted_depth` look at a text before it is parsed, so that an absurd one never
reaches a parser.  Every function here takes any text whatever and runs in linear time.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import accumulate
from typing import Final

from s11kit.codec._positions import Path, json_duplicates, layout, line_and_column

__all__ = [
    "MAX_DEPTH",
    "SLUGS",
    "SyntaxFault",
    "decode_fault",
    "depth_and_size",
    "depth_fault",
    "dotted_depth",
    "json_duplicate",
    "json_fault",
    "toml_fault",
]

MAX_DEPTH: Final = 64
SLUGS: Final = frozenset({"toml-syntax", "json-syntax", "duplicate", "encoding", "too-deep", "number-too-long"})


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One thing that stops a file from being read: where, what, and what to do about it."""

    offset: int
    length: int
    slug: str
    message: str
    hint: str | None


# --- guards before parsing -------------------------------------------------------------------------------------

# Every alternative accepts an unfinished string, so that no character is looked at twice.
_LONG_BASIC = r'"""[^"\\]*+(?:(?:\\.?|"{1,2}+(?!"))[^"\\]*+)*+(?:"{3,5})?'
_LONG_LITERAL = r"'''[^']*+(?:'{1,2}+(?!')[^']*+)*+(?:'{3,5})?"
_SHORT_BASIC = r'"[^"\\\n]*+(?:\\[^\n]?[^"\\\n]*+)*+"?'
_SHORT_LITERAL = r"'[^'\n]*+'?"
_STRING_KINDS = (_LONG_BASIC, _LONG_LITERAL, _SHORT_BASIC, _SHORT_LITERAL)
_TOML_STRINGS = "|".join(_STRING_KINDS)
_JSON_STRING = r'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?'

_TOML_BRACKETS = re.compile(rf"[\[{{]|[\]}}]|{_TOML_STRINGS}|#[^\n]*+", re.DOTALL)
_JSON_BRACKETS = re.compile(rf"[\[{{]|[\]}}]|{_JSON_STRING}", re.DOTALL)
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
_DOTTED_KEY = rf"{_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART})*+"
_DOTTED = re.compile(rf"{_LONG_BASIC}|{_LONG_LITERAL}|#[^\n]*+|[\n=\[{{\]}}]|{_DOTTED_KEY}", re.DOTALL)
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


def depth_fault(offset: int) -> SyntaxFault:
    """The fault to report at the offset a guard has found."""
    return SyntaxFault(
        offset,
        1,
        "too-deep",
        f"brackets or keys are nested more than {MAX_DEPTH} deep here",
        "look for a bracket that is never closed",
    )


# --- the place of a fault --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scene:
    """The text around the character where reading stopped, and the parser's own reason."""

    text: str
    offset: int
    reason: str

    @property
    def char(self) -> str:
        """The character that could not be read; nothing at the end of the text."""
        return self.text[self.offset : self.offset + 1]

    @property
    def line_start(self) -> int:
        """Where the line begins."""
        return self.text.rfind("\n", 0, self.offset) + 1

    @property
    def line_end(self) -> int:
        """Where the line ends, before its line end."""
        end = _end_of_line(self.text, self.offset)
        return max(end - 1, self.offset) if self.text[end - 1 : end] == "\r" else end

    @property
    def before(self) -> str:
        """The line up to the fault."""
        return self.text[self.line_start : self.offset]

    @property
    def after(self) -> str:
        """The line from the fault on."""
        return self.text[self.offset : self.line_end]

    @property
    def line(self) -> str:
        """The whole line."""
        return self.text[self.line_start : self.line_end]

    def fault(self, message: str, hint: str | None, *, at: int | None = None, length: int = 1, slug: str = "toml-syntax") -> SyntaxFault:
        """A fault here or at another offset, not longer than its line."""
        start = min(self.offset if at is None else at, len(self.text))
        room = _end_of_line(self.text, start) - start
        length = min(max(length, 1), max(room, 1), len(self.text) - start)
        return SyntaxFault(start, length, slug, message, hint)


def _end_of_line(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


_Recogniser = Callable[[_Scene], SyntaxFault | None]
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _scene(text: str, error: ValueError) -> _Scene:
    """Find the offset in the text as it was handed in: the parser has seen it without its carriage returns."""
    found = _AT.search(str(error))
    reason = str(error)[: found.start()] if found else str(error)
    line: object = getattr(error, "lineno", None)
    column: object = getattr(error, "colno", None)
    if found and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    if not (isinstance(line, int) and isinstance(column, int)):
        return _Scene(text, len(text), reason)
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return _Scene(text, min(start + column - 1, len(text)), reason)


def _first(scene: _Scene, recognisers: tuple[_Recogniser, ...]) -> SyntaxFault | None:
    return next((fault for recognise in recognisers if (fault := recognise(scene))), None)


_A_LINE = 'a line is a [table], a key = "text", or a note that begins with #'


def toml_fault(text: str, error: tomllib.TOMLDecodeError | ValueError | ArithmeticError | RecursionError) -> SyntaxFault:
    """Explain why `tomllib` did not accept a text.

    An `ArithmeticError` is what `parse_float=Decimal` raises for an exponent beyond all bounds.
    """
    if isinstance(error, RecursionError):
        return depth_fault(max(depth_and_size(text)[1], 0))
    if not isinstance(error, tomllib.TOMLDecodeError):
        return _number_too_long(text, _TOML_NUMBERS)
    scene = _scene(text, error)
    return _first(scene, _TOML_RECOGNISERS) or scene.fault("this cannot be read here", _A_LINE)


# --- numbers too long ------------------------------------------------------------------------------------------

_TOML_NUMBERS = re.compile(rf"{_TOML_STRINGS}|#[^\n]*+|([0-9][0-9_.eE+-]*+)", re.DOTALL)
_JSON_NUMBERS = re.compile(rf"{_JSON_STRING}|([0-9][0-9.eE+-]*+)", re.DOTALL)
_EXPONENT = re.compile(r"[eE][+-]?[0-9_]{7,}")


def _number_too_long(text: str, pattern: re.Pattern[str]) -> SyntaxFault:
    """Point at the first number with more digits than Python agrees to read, or with an absurd exponent."""
    limit = sys.get_int_max_str_digits() or sys.maxsize
    start, length = 0, min(1, len(text))
    for found in pattern.finditer(text):
        number: str | None = found.group(1)
        if number and (len(number) > limit or _EXPONENT.search(number)):
            start, length = found.start(), len(number)
            break
    return SyntaxFault(start, length, "number-too-long", "this number is too long to be read", "put it in quotes if it is a code")


# --- files of another kind -------------------------------------------------------------------------------------

_WRONG_FILE = "choose the right file; this one has to be plain text"
_STARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"PK\x03\x04"), "an Excel or Word file"),
    (re.compile(r"\s*%PDF-"), "a PDF file"),
    (re.compile(r"\s*\{\\rtf"), "a Word file (RTF)"),
    (re.compile(r"\s*<(?:!doctype html|html|head|body)", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(r"\s*<[?!A-Za-z]"), "an XML file"),
)
_JSON_START = re.compile(r"\s*(?:\{|\[\s*\{|\[\s*\[\s*[\[{\]])")
_TOML_START = re.compile(r"\s*(?:#|\[{1,2}[A-Za-z]|[A-Za-z0-9_-]+[ \t]*=)")


def _wrong_kind(text: str, wanted: str) -> tuple[str, str] | None:
    start = text[:2000].removeprefix("\ufeff")
    for pattern, name in _STARTS:
        if pattern.match(start):
            return f"this is {name}, not a {wanted} file", _WRONG_FILE
    return None


def _other_file(scene: _Scene) -> SyntaxFault | None:
    """Recognise a file that was never TOML by how it begins."""
    wrong = _wrong_kind(scene.text, "TOML")
    if wrong is None and _JSON_START.match(scene.text[:2000].removeprefix("\ufeff")):
        wrong = ("this is a JSON file, not a TOML file", "give its name the ending .json")
    return scene.fault(*wrong, at=0, length=len(scene.text)) if wrong else None


_MERGE = re.compile(r"<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|")


def _merge_mark(scene: _Scene) -> SyntaxFault | None:
    """Recognise the marks git leaves where two versions of a file disagree."""
    if not _MERGE.match(scene.text, scene.line_start):
        return None
    return scene.fault(
        "this line is the mark of an unfinished merge of two versions of the file",
        "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>",
        at=scene.line_start,
        length=len(scene.line),
    )


# --- characters ------------------------------------------------------------------------------------------------

_CURLY_DOUBLE = "“”„‟«»″"
_CURLY_SINGLE = "‘’‚‛′`´"  # noqa: RUF001 - these very signs
_CURLY = _CURLY_DOUBLE + _CURLY_SINGLE
_DASHES = "‐‑‒–—―−"  # noqa: RUF001
_UTF_16 = (
    "the file is saved as Unicode (UTF-16), not as UTF-8",
    'save it again as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"',
)


def _unseen(char: str) -> str:
    name = unicodedata.name(char, "control character").lower()
    return f"there is a character here that cannot be seen ({name}, U+{ord(char):04X})"


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") and char not in " \t\r\n"


def _unseen_char(scene: _Scene) -> SyntaxFault | None:
    """Recognise characters nobody sees: no-break and zero-width spaces, byte order and direction marks."""
    char = scene.char
    if char == "\x00":
        return scene.fault(*_UTF_16, at=0, slug="encoding")
    if char == "\r" and not scene.text.startswith("\r\n", scene.offset):
        return scene.fault(
            "a line ends in a bare carriage return",
            "save the file again with Windows (CRLF) or Unix (LF) line ends",
        )
    if char == "\ufeff" and scene.offset == 0:
        return scene.fault("the file begins with a byte order mark", "save it as UTF-8 without a byte order mark", slug="encoding")
    if not char or not _is_unseen(char):
        return None
    space = unicodedata.category(char) == "Zs"
    return scene.fault(_unseen(char), "delete it and type an ordinary space" if space else "delete it")


def _curly_quote(scene: _Scene) -> SyntaxFault | None:
    """Recognise the quotes of Word where straight ones are needed."""
    return _curly(scene, scene.offset) if scene.char and scene.char in _CURLY else None


def _curly(scene: _Scene, at: int) -> SyntaxFault:
    char = scene.text[at]
    straight = '"' if char in _CURLY_DOUBLE else "'"
    return scene.fault(
        f"the quote {char} cannot be used here",
        f"type the straight quote {straight} instead; Word and Outlook change it to a curly one",
        at=at,
    )


def _long_dash(scene: _Scene) -> SyntaxFault | None:
    """Recognise the dashes Word makes of a hyphen."""
    if not scene.char or scene.char not in _DASHES:
        return None
    return scene.fault(f"the long dash {scene.char} cannot be used here", "type the hyphen - of the keyboard, or put quotes around it")


# --- text in quotes --------------------------------------------------------------------------------------------

_CLOSED = re.compile("|".join(kind.removesuffix("?") for kind in _STRING_KINDS), re.DOTALL)
_STRING_TOKEN = re.compile(rf"({_TOML_STRINGS})|#[^\n]*+", re.DOTALL)
_ENDLESS = ("Unterminated string", 'Expected "\'"', "Expected \"'''\"")
_ESCAPES = ("Unescaped '\\' in a string", "Invalid hex value", "Escaped character is not")
_LONE_BACKSLASH = "a backslash in double quotes does not stand for itself"
_STRAY_LINE_END = ("Illegal character '\\n'", "Found invalid character '\\n'")


def _string_before(text: str, offset: int) -> tuple[int, int]:
    """The string that reaches the offset: its start and its end; empty if there is none."""
    for found in _STRING_TOKEN.finditer(text):
        if found.end() >= offset:
            return (found.start(), found.end()) if found.group(1) and found.start() < offset else (offset, offset)
    return offset, offset


def _first_open_string(text: str) -> tuple[int, int]:
    """The first string without a closing quote: its start and its end; empty if there is none."""
    for found in _STRING_TOKEN.finditer(text):
        if found.group(1) and not _CLOSED.fullmatch(found.group()):
            return found.span()
    return len(text), len(text)


def _open_text(scene: _Scene) -> SyntaxFault | None:
    """Recognise text that does not end on its line, or a long text that never ends."""
    if not scene.reason.startswith((*_STRAY_LINE_END, *_ENDLESS)):
        return None
    start, end = _first_open_string(scene.text)
    if start == end:
        return None
    quote = scene.text[start]
    if scene.text.startswith(quote * 3, start):
        return scene.fault(
            f"the text that opens with {quote * 3} here is never closed",
            f"put {quote * 3} where the text ends",
            at=start,
            length=3,
        )
    content = scene.text[start + 1 : end].rstrip()
    if content and content[-1] in _CURLY:
        return _curly(scene, start + len(content))
    if content.endswith('\\"') and "'" not in content:
        hint = f"use single quotes: '{_short(content[:-1])}'"
        return scene.fault(_LONE_BACKSLASH, hint, at=start + len(content) - 1, length=2)
    return scene.fault(
        "this text has no closing quote on its line",
        f"put {quote} at its end; a text of several lines needs three quotes before it and three after it",
        at=start,
        length=len(content) + 1,
    )


def _backslash(scene: _Scene) -> SyntaxFault | None:
    """Recognise a folder of Windows in double quotes."""
    if not scene.reason.startswith(_ESCAPES):
        return None
    start, end = _string_before(scene.text, scene.offset)
    content = scene.text[start:end].strip('"')
    if scene.text.startswith('"""', start):
        hint = "put three single quotes (''') before and after the text in place of the double ones"
    elif "'" in content or len(content) > 60:
        hint = "write each backslash twice: \\\\"
    else:
        hint = f"use single quotes: '{content}'"
    at = scene.text.rfind("\\", start, scene.offset)
    return scene.fault(_LONE_BACKSLASH, hint, at=max(at, start), length=2)


# --- the same thing twice --------------------------------------------------------------------------------------

_TWICE = (
    "Cannot declare",
    "Cannot overwrite",
    "Cannot mutate immutable",
    "Cannot redefine namespace",
    "Duplicate inline table key",
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _twice(scene: _Scene) -> SyntaxFault | None:
    """Recognise a table or key that is there already, and say where the first one stands."""
    if not scene.reason.startswith(_TWICE) or _is_too_deep_to_index(scene.text):
        return None
    try:
        # The parser stops behind the second one, so the text up to there ends with it.
        seen = layout(scene.text[: scene.offset])
        path, key, is_header = seen.latest
        start = key.start if is_header else seen.statements[path].span.start
        earlier = layout(scene.text[:start]).places
    except (ValueError, LookupError):
        return None  # a later Python may stop elsewhere
    if not path:
        return None
    taken: Path = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in earlier), ())
    first = earlier[taken].key or earlier[taken].value
    line = line_and_column(scene.text, first.start if first else 0)[0]
    written = _header_text(scene, key.start) if is_header else scene.text[key.start : key.end]
    if taken != path or (is_header and earlier[taken].value):
        message = f"the name {_dotted(taken)} is in use already on line {line}, so nothing can be put into it here"
        hint = "give one of the two another name, or write this where the first one stands"
    elif is_header:
        message = f"the table {written} is there twice; the first is on line {line}"
        hint = "put all keys under one of the two, or correct the name of the other"
        if isinstance(path[-1], int):
            hint = f"write [[{_dotted(path)}]] for another row of the list"
    else:
        message = f"the key {_dotted(path[-1:])} is there twice; the first is on line {line}"
        hint = "keep one of the two"
    return scene.fault(message, hint, at=key.start, length=len(written), slug="duplicate")


def _is_too_deep_to_index(text: str) -> bool:
    """Whether an index would take long: it holds every prefix of a path, so it grows with the square of the longest."""
    return max(dotted_depth(text)[0], depth_and_size(text)[0]) > 4 * MAX_DEPTH


def _header_text(scene: _Scene, start: int) -> str:
    """The heading as it is written, with its closing brackets; the parser has stopped before them."""
    return scene.text[start : scene.offset] + ("]]" if scene.text.startswith("[[", start) else "]")


def _dotted(path: Path) -> str:
    """A path as the author would write it, without the numbers of rows."""
    names = [part for part in path if isinstance(part, str)]
    return ".".join(name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False) for name in names)


# --- headers ---------------------------------------------------------------------------------------------------

_NOTHING_AFTER = "Expected newline"
_KEY_START = "Invalid initial character for a key part"


def _broken_header(scene: _Scene) -> SyntaxFault | None:
    """Recognise what is wrong with a line such as `[answer."1.1"]`."""
    heading = scene.before.lstrip()
    if not scene.reason.startswith(("Expected ']", _KEY_START, _NOTHING_AFTER)) or not heading.startswith("["):
        return None
    if "=" in scene.before or _open_brackets(scene.text, scene.line_start):
        return None
    start = scene.offset - len(heading)
    closing = "]]" if heading.startswith("[[") else "]"
    rest = scene.after.split("#")[0].strip()
    length = scene.line_end - start
    if scene.reason.startswith(_NOTHING_AFTER):
        if rest.startswith("]"):
            return scene.fault("this heading closes with more brackets than it opens", "write [table], or [[table]] for a row of a list")
        return scene.fault("nothing may follow a heading on its line", "put it on a line of its own", length=len(rest))
    if scene.reason.startswith(_KEY_START) and (not rest or rest[0] in "]."):
        return scene.fault("a name is missing in this heading", 'write [table] or [table."1.1"]', at=start, length=length)
    if not rest.rstrip("]"):
        return scene.fault(f"this heading has no closing {closing}", f"put {closing} at its end", at=start, length=length)
    return scene.fault(
        "this heading has a blank or a sign in a name without quotes",
        'put the name in quotes, such as [answer."1.1"]',
        at=start,
        length=length,
    )


# --- keys ------------------------------------------------------------------------------------------------------

_KEY_CUT = re.compile(r"[{,]")


def _key_start(scene: _Scene) -> int:
    """Where the key before the fault begins: at its line, or behind the last comma or brace."""
    before = scene.before
    cut = max((m.end() for m in _KEY_CUT.finditer(before)), default=0) if "=" in before else 0
    rest = before[cut:]
    return scene.line_start + cut + len(rest) - len(rest.lstrip())


def _no_equals(scene: _Scene) -> SyntaxFault | None:
    """Recognise a line whose key is not followed by `=`."""
    if not scene.reason.startswith("Expected '='"):
        return None
    start = _key_start(scene)
    key = scene.text[start : scene.offset].strip()
    if scene.char == ":":
        return scene.fault("a colon stands where = is needed", f"write {_short(key)} = and then the value")
    name, equals, _ = scene.text[start : scene.line_end].partition("=")
    name = name.strip()
    if equals and not set(name) & set("\"'[]{},"):
        return scene.fault(
            f"the key {_short(name)} needs quotes, because of a blank or a sign in it",
            f'write "{_short(name)}" = and then the value',
            at=start,
            length=len(name),
        )
    if not equals and name.split("#")[0].rstrip().endswith("]") and name[0] != "[":
        return scene.fault("this heading has no opening [", "put [ before it", at=start, length=len(name))
    return scene.fault(
        "there is no = after this key" if equals else "there is no = on this line",
        'write key = "text", or put # before the line if it is a note',
        at=start,
        length=scene.line_end - start,
    )


def _no_name(scene: _Scene) -> SyntaxFault | None:
    """Recognise a dotted key with nothing behind a dot, or a comma with no key behind it."""
    if scene.reason != _KEY_START:
        return None
    return scene.fault("the name of a key is missing here", 'write key = "text"')


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57] + "..."


_NOTES = ("//", "/*", ";", "%", "*", "•", "!", "·")


def _odd_start(scene: _Scene) -> SyntaxFault | None:
    """Recognise a line that begins with something no line can begin with."""
    if scene.reason != "Invalid statement":
        return None
    name, equals, _ = scene.after.partition("=")
    name = name.strip()
    if scene.char == "=":
        return scene.fault("there is no key before =", 'write key = "text"')
    if scene.char in "]})":
        return _closes_nothing(scene)
    if scene.char.isalpha() and equals:
        return scene.fault(
            f"the key {_short(name)} needs quotes, because of the letter {scene.char}",
            f'write "{_short(name)}" = and then the value',
            length=len(name),
        )
    hint = "put # before the line if it is a note" if scene.after.startswith(_NOTES) else _A_LINE
    return scene.fault(f"the sign {scene.char} cannot begin a line", hint)


def _closes_nothing(scene: _Scene) -> SyntaxFault:
    return scene.fault(f"this {scene.char} closes nothing", "delete it, or open the bracket before it")


# --- values ----------------------------------------------------------------------------------------------------

_Advice = tuple[str, str]
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_HINT = "write dates as year-month-day without quotes, such as 2026-03-31"
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_PART_OF_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}|\d{1,2}/\d{4}|\d{4}[/-]\d{1,2}")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})", re.IGNORECASE)
_DATE_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt]|\s+)(\S.*)")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)
_ZEROES = re.compile(r"[+-]?0[0-9][0-9 _]*(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9,])")
_UNIT = re.compile(r"(?:[£$€]\s*)?([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*[%£$€]?")
_HALF = re.compile(r"([+-]?)([0-9]*)\.([0-9]*)")
_DOTS = re.compile(r"[0-9]+(?:\.[0-9]+){2,}\.?")
_ANSWERS: Final = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_NOTHING: Final = frozenset({"null", "none", "nil", "n/a", "na", "-", "--", "?", "tbc", "nan"})
_NO_QUOTES = "this text has no quotes around it"


def _quoted(words: str) -> str:
    quote = "'" if '"' in words or "\\" in words else '"'
    return f"{quote}{words}{quote}"


def _advice(raw: str) -> _Advice:
    """Say what is wrong with a value that is neither text in quotes nor a number, date, true or false."""
    for look in (_about_words, _about_dates, _about_times, _about_numbers):
        found = look(raw) if len(raw) <= 60 else None
        if found:
            return found
    if len(raw) > 60 or ("'" in raw and ('"' in raw or "\\" in raw)):
        return _NO_QUOTES, 'put a straight quote " before it and another after it'
    return _NO_QUOTES, f"write {_quoted(raw)}"


def _about_words(raw: str) -> _Advice | None:
    word, message = raw.lower(), f"the word {raw} needs quotes"
    if word in ("true", "false"):
        return f"the word {raw} has to be written in small letters", f"write {word}"
    if word in _ANSWERS:
        return message, f"write {_ANSWERS[word]}, or {_quoted(raw)} if it is meant as text"
    if word in _NOTHING:
        return message, f"delete the line if there is nothing to say, or write {_quoted(raw)}"
    return None


def _about_dates(raw: str) -> _Advice | None:
    if found := _DAY_FIRST.fullmatch(raw):
        day, month, year = found.groups()
        return _date_advice(raw, _iso(year, month, day))
    if found := _YEAR_FIRST.fullmatch(raw):
        iso = _iso(*found.groups())
        if iso in (None, raw):
            return f"there is no date {raw}", "check the day and the month; dates are written year-month-day"
        return _date_advice(raw, iso)
    if (found := _DATE_AND_TIME.fullmatch(raw)) and (clock := _clock(found.group(2))):
        return "the time after this date is not written as it has to be", f"write {found.group(1)}T{clock}"
    if (found := _DAY_IN_WORDS.fullmatch(raw)) and found.group(2).lower() in _MONTHS:
        day, name, year = found.groups()
        return _date_advice(raw, _iso(year, str(_MONTHS.index(name.lower()) + 1), day))
    return _date_advice(raw, None) if _PART_OF_DATE.fullmatch(raw) else None


def _date_advice(raw: str, iso: str | None) -> _Advice:
    return f"the date {raw} is not written as it has to be", f"write {iso}" if iso else _DATE_HINT


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _about_times(raw: str) -> _Advice | None:
    if clock := _clock(raw):
        return f"the time {raw} is not written as it has to be", f"write {clock} (hours, minutes and seconds)"
    if ":" in raw and _TIME.fullmatch(raw):
        return f"there is no time {raw}", "write hours, minutes and seconds, such as 09:30:00"
    return None


def _clock(raw: str) -> str | None:
    """A time of day as TOML reads it, or None if this is none."""
    if found := _TIME.fullmatch(raw):
        hour, minute, second, half = found.groups()
    elif found := _HOUR.fullmatch(raw):
        hour, minute, second, half = found.group(1), "0", "0", found.group(2)
    else:
        return None
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        return time(hours, int(minute), int(second or 0)).isoformat()
    except ValueError:
        return None


def _about_numbers(raw: str) -> _Advice | None:
    if _ZEROES.fullmatch(raw):
        return (
            "a number cannot begin with 0",
            f"write {_without_zeroes(raw)}, or {_quoted(raw)} if it is a code or a telephone number",
        )
    if _GROUPED.fullmatch(raw):
        return "a number has no commas in it", f"write {raw.replace(',', '')}"
    if _DOTS.fullmatch(raw):
        return f"{raw} is not a number", f"write {_quoted(raw)}"
    if (found := _HALF.fullmatch(raw)) and raw.strip("+-."):
        sign, whole, rest = found.groups()
        return "a number needs a digit on both sides of its point", f"write {sign}{whole or '0'}.{rest or '0'}"
    if (found := _UNIT.fullmatch(raw)) and raw != found.group(1):
        number = found.group(1).replace(",", "")
        return "a number stands alone, without £ or %", f"write {number}, or {_quoted(raw)} if it is meant as text"
    if raw[0] in _DASHES and _UNIT.fullmatch(raw[1:]):
        return f"the long dash {raw[0]} cannot be used here", f"write -{raw[1:]}"
    return None


def _without_zeroes(raw: str) -> str:
    sign = "-" if raw[0] == "-" else ""
    digits = raw.strip("+-").replace(" ", "").replace("_", "").lstrip("0")
    return sign + (digits if digits and digits[0] != "." else f"0{digits}")


_VALUE_REASONS = ("Invalid value", "Invalid date", _NOTHING_AFTER, "Unclosed array", "Unclosed inline table")
_DELIMITER = re.compile(rf"{_SHORT_BASIC}|{_SHORT_LITERAL}|([=,\[{{])")
_NOTE_OR_END = re.compile(r"[\r\n]|(?:^|\s)(?:#|//)|;\s*$")
_ITEM_END = re.compile(r"[,\]}\r\n]|(?:^|\s)#")
_PAIR = re.compile(r"""["'A-Za-z0-9_.-]+\s*=""")


def _bad_value(scene: _Scene) -> SyntaxFault | None:
    """Recognise what stands behind `=` or in a list and is no value."""
    if not scene.reason.startswith(_VALUE_REASONS):
        return None
    opened = _open_brackets(scene.text, scene.offset)
    if unclosed := _unclosed_above(scene, opened):
        return unclosed
    start = _value_start(scene)
    end_pattern = _ITEM_END if opened else _NOTE_OR_END
    rest = scene.text[start : max(scene.line_end, start)]
    end = end_pattern.search(rest)
    raw = rest[: end.start() if end else len(rest)].strip()
    if not raw:
        return None if opened and scene.reason != "Invalid value" else _no_value(scene)
    if raw[0] in _CURLY:
        return _curly(scene, start)
    if raw.startswith("=") and scene.reason == "Invalid value":
        return scene.fault("there is one = too many here", "write key = value with one =")
    if raw[0] in "\"'" or _value_is_sound(scene, start):
        return None
    message, hint = _advice(raw)
    return scene.fault(message, hint, at=start, length=len(raw))


def _value_start(scene: _Scene) -> int:
    """Where the value begins that the parser was reading when it stopped."""
    marks = [found for found in _DELIMITER.finditer(scene.before) if found.group(1)]
    if scene.reason.startswith(_NOTHING_AFTER):
        marks = [found for found in marks if found.group(1) == "="][:1]
    cut = marks[-1].end() if marks else 0
    rest = scene.before[cut:]
    return scene.line_start + cut + len(rest) - len(rest.lstrip())


def _value_is_sound(scene: _Scene, start: int) -> bool:
    """Whether the value before the fault was read to its end, so that what follows it is the fault."""
    if scene.reason.startswith("Invalid"):
        return False
    value = scene.text[start : scene.offset]
    if not value.strip() or value.lstrip()[0] in "[{":
        return True
    if scene.char in ("", ";", "]", "}", "\r", "\n", "#") or scene.after.startswith(("//", "/*", "--")):
        return True
    if scene.char == ",":
        return not _GROUPED.match(value + scene.after)
    return value[-1].isspace() and (bool(_PAIR.match(scene.after)) or scene.reason.startswith("Unclosed"))


def _no_value(scene: _Scene) -> SyntaxFault | None:
    opened = _open_brackets(scene.text, scene.offset)
    if scene.reason != "Invalid value" or (opened and scene.text[opened[-1]] == "["):
        return None
    start = _key_start(scene)
    return scene.fault(
        "this key has no value",
        'write the value after =, such as key = "text", or delete the key',
        at=start,
        length=len(scene.text[start : scene.offset].rstrip()),
    )


def _after_value(scene: _Scene) -> SyntaxFault | None:
    """Recognise what may not follow a value on its line."""
    if not scene.reason.startswith(_NOTHING_AFTER):
        return None
    rest = scene.after.split(" #")[0].rstrip()
    if rest in (";", ","):
        name = "semicolon" if rest == ";" else "comma"
        return scene.fault(f"there is a {name} at the end of the line", "delete it; a line needs no sign at its end")
    if rest.startswith(("//", "--", "/*")):
        return scene.fault("this is not how a note begins", "put # before the note", length=len(rest))
    if stray := _stray_quote(scene):
        return stray
    if rest.startswith((",", '"', "'", "[", "{")):
        return scene.fault(
            "there is more than one value here",
            "put [ before a list and ] after it, and a comma between its items",
            length=len(rest),
        )
    if _PAIR.match(rest):
        return scene.fault("there are two keys on this line", "put each key on a line of its own", length=len(rest))
    if scene.char in ("]", "}", ")"):
        return _closes_nothing(scene)
    return scene.fault("this stands after the end of the value", "put # before it if it is a note", length=len(rest))


def _stray_quote(scene: _Scene) -> SyntaxFault | None:
    """Recognise a quote inside a text that has ended the text too early."""
    start, end = _string_before(scene.text, scene.line_start + len(scene.before.rstrip(" \t")))
    quote = scene.text[start : start + 1]
    if start == end or quote not in scene.after or _PAIR.match(scene.after):
        return None
    if scene.after.startswith((",", ";")) or (end < scene.offset and scene.after.startswith(quote)):
        return None
    if scene.text.startswith('"""', start):
        hint = "put three single quotes (''') before and after the text in place of the double ones"
    elif quote == '"':
        hint = 'put single quotes around the whole text, or write \\" for each double quote inside it'
    else:
        hint = "put double quotes around the whole text"
    return scene.fault(f"the text ends here, because of a {quote} inside it", hint, at=end - 1)


# --- lists and braces ------------------------------------------------------------------------------------------


def _open_brackets(text: str, offset: int) -> list[int]:
    """Where the brackets stand that are open at the offset; those of headers are closed again."""
    opened: list[int] = []
    for token in _TOML_BRACKETS.finditer(text, 0, offset):
        step = _STEP.get(token.group(), 0)
        if step > 0:
            opened.append(token.start())
        elif step < 0 and opened:
            opened.pop()
    return opened


_NEXT_KEY = re.compile(rf"{_DOTTED_KEY}[ \t]*+=")
_NEXT_HEADER = re.compile(r"\s*\[{1,2}[A-Za-z][^\]\n,]*\]{1,2}\s*(?:#.*)?")


def _unclosed_above(scene: _Scene, opened: list[int]) -> SyntaxFault | None:
    """Recognise a list that is still open when the next key, the next heading or the end of the file comes."""
    if not opened:
        return None
    at = opened[-1]
    if scene.before.strip() and not scene.before.strip(" \t[") and _NEXT_HEADER.fullmatch(scene.line):
        above = _open_brackets(scene.text, scene.line_start)
        if not above:
            return None
        at = above[-1]
    elif scene.char and (scene.before.strip() or scene.text[at] == "{" or not _NEXT_KEY.match(scene.text, scene.offset)):
        return None
    name, closing = ("list", "]") if scene.text[at] == "[" else ("table", "}")
    return scene.fault(f"the {name} that opens here is never closed", f"put {closing} after its last item", at=at)


def _brackets(scene: _Scene) -> SyntaxFault | None:
    """Recognise a missing comma or bracket, and a line end or last comma inside braces."""
    opened = _open_brackets(scene.text, scene.offset)
    if not opened or not scene.reason.startswith(("Unclosed", _KEY_START, "Invalid value", "Expected '='")):
        return None
    in_list = scene.text[opened[-1]] == "["
    if not scene.char:
        return _unclosed_above(scene, opened)
    if not in_list and scene.char in "\r\n#":
        return scene.fault(
            "a table in { } must stand on one line",
            "put it all on one line, or write it as a [table] with a line for each key",
            at=opened[-1],
        )
    if scene.char == "}" and scene.reason.startswith(_KEY_START):
        return scene.fault("there is a comma too many before this }", "delete the comma")
    if scene.char == ",":
        return scene.fault("there is a comma too many here", "delete it")
    if scene.char in "]})":
        closing = "]" if in_list else "}"
        return scene.fault(f"this {scene.char} should be a {closing}", f"put {closing} in its place")
    if scene.reason.startswith("Unclosed"):
        name = "items of the list" if in_list else "keys in the braces"
        return _stray_quote(scene) or scene.fault(f"a comma is missing between two {name}", "put a comma before this one")
    return None


_TOML_RECOGNISERS: tuple[_Recogniser, ...] = (
    _other_file,
    _merge_mark,
    _unseen_char,
    _open_text,
    _backslash,
    _twice,
    _curly_quote,
    _broken_header,
    _bad_value,
    _long_dash,
    _after_value,
    _brackets,
    _no_equals,
    _no_name,
    _odd_start,
)


# --- JSON ------------------------------------------------------------------------------------------------------


def json_fault(text: str, error: ValueError | RecursionError) -> SyntaxFault:
    """Explain why `json` did not accept a text."""
    if isinstance(error, RecursionError):
        return depth_fault(max(depth_and_size(text, is_json=True)[1], 0))
    if not isinstance(error, json.JSONDecodeError):
        return _number_too_long(text, _JSON_NUMBERS)
    scene = _Scene(text, min(error.pos, len(text)), error.msg)
    fault = _first(scene, _JSON_RECOGNISERS) or scene.fault("this cannot be read here", None)
    return replace(fault, slug="json-syntax") if fault.slug == "toml-syntax" else fault


def json_duplicate(text: str) -> SyntaxFault | None:
    """Find the first key that a valid JSON text gives twice in one object; `json` itself keeps the last."""
    for path, first, second in json_duplicates(text)[:1]:
        return SyntaxFault(
            second.start,
            second.end - second.start,
            "duplicate",
            f"the key {_dotted(path[-1:])} is there twice; the first is on line {line_and_column(text, first.start)[0]}",
            "keep one of the two",
        )
    return None


def _json_other_file(scene: _Scene) -> SyntaxFault | None:
    """Recognise a file that was never JSON by how it begins."""
    wrong = _wrong_kind(scene.text, "JSON")
    if wrong is None and not scene.text.strip():
        wrong = ("the file is empty", "a JSON file holds at least {}")
    if wrong is None and scene.char and _TOML_START.match(scene.text[:2000]):
        wrong = ("this is a TOML file, not a JSON file", "give its name the ending .toml")
    return scene.fault(*wrong, at=0, length=len(scene.text)) if wrong else None


def _json_text(scene: _Scene) -> SyntaxFault | None:
    """Recognise text that is not closed, goes over the line end or has a backslash of its own."""
    if scene.reason.startswith("Unterminated string"):
        return scene.fault("the text that opens here is never closed", 'put " where it ends')
    if scene.reason.startswith("Invalid \\"):
        at = scene.text.rfind("\\", 0, scene.offset + 1)
        return scene.fault("a backslash in a text does not stand for itself", "write it twice: \\\\", at=max(at, 0), length=2)
    if not scene.reason.startswith("Invalid control character"):
        return None
    if scene.char == "\x00":
        return scene.fault(*_UTF_16, at=0, slug="encoding")
    if scene.char not in "\r\n":
        return scene.fault(_unseen(scene.char), "delete it")
    start = max(scene.before.rfind('"'), 0)
    return scene.fault(
        "this text has no closing quote on its line",
        'put " at its end; a new line inside a text is written \\n',
        at=scene.line_start + start,
        length=len(scene.before) - start,
    )


def _json_signs(scene: _Scene) -> SyntaxFault | None:
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


def _last_comma(scene: _Scene, at: int) -> SyntaxFault:
    return scene.fault("there is a comma too many here", "delete the comma", at=at)


_JSON_RAW = re.compile(r"[^\s,:\[\]{}\"]+(?: [^\s,:\[\]{}\"]+)*")
_JSON_DELIMITER = re.compile(r"[\s,:\[\]{}\"]")
_JSON_WORDS: Final = {"true": "true", "false": "false", "null": "null", "none": "null"}


def _json_value(scene: _Scene) -> SyntaxFault | None:
    """Recognise a word, a date or a number that JSON does not know."""
    if scene.reason.startswith("Expecting property name"):
        return scene.fault("a key must stand in double quotes", 'write "key": value')
    if not scene.reason.startswith(("Expecting value", "Expecting ','")):
        return None
    start = scene.offset - len(_JSON_DELIMITER.split(scene.before)[-1])
    found = _JSON_RAW.match(scene.text, start)
    raw = found.group().rstrip(";") if found else ""
    if scene.reason.startswith("Expecting ','") and (start == scene.offset or not raw or scene.char == ";"):
        return _json_comma(scene)
    if not raw:
        return scene.fault("a value is missing here", "write a value, or delete the comma")
    if raw.lower() in _JSON_WORDS:
        return scene.fault(f"the word {raw} is not known in JSON", f"write {_JSON_WORDS[raw.lower()]}", at=start, length=len(raw))
    number = _about_numbers(raw) if len(raw) <= 60 else None
    is_odd = len(raw) > 60 or "\\" in raw or scene.text.startswith(":", start + len(raw))
    hint = 'put a straight quote " before it and another after it' if is_odd else f'write "{raw}"'
    message, hint = number if number and "'" not in number[1] else (_NO_QUOTES, hint)
    return scene.fault(message, hint, at=start, length=len(raw))


def _json_comma(scene: _Scene) -> SyntaxFault:
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


_JSON_RECOGNISERS: tuple[_Recogniser, ...] = (
    _json_other_file,
    _merge_mark,
    _json_text,
    _unseen_char,
    _curly_quote,
    _json_signs,
    _json_value,
)


# --- encoding --------------------------------------------------------------------------------------------------

_BYTE_STARTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"PK\x03\x04",), "an Excel or Word file"),
    ((b"\xd0\xcf\x11\xe0",), "an old Excel or Word file (.xls, .doc)"),
    ((b"%PDF-",), "a PDF file"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture"),
    ((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"), "a compressed file"),
)


def decode_fault(raw: bytes, error: UnicodeDecodeError) -> SyntaxFault:
    """Explain why a file is not UTF-8.

    The offset counts the characters of `raw.decode("utf-8", errors="replace")`, a byte order mark included.
    """
    for starts, name in _BYTE_STARTS:
        if raw.startswith(starts):
            return SyntaxFault(0, 1, "encoding", f"this is {name}, not a text file", _WRONG_FILE)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:1000]:
        return SyntaxFault(0, 1, "encoding", *_UTF_16)
    # The codec utf-8-sig counts from behind the byte order mark.
    start = error.start + max(len(raw) - len(error.object), 0)
    byte = raw[start : start + 1]
    char = byte.decode("cp1252", errors="ignore")
    seen = f", {char} in Windows-1252" if char and char.isprintable() else ""
    return SyntaxFault(
        len(raw[:start].decode("utf-8", errors="replace")),
        1,
        "encoding",
        f"this character is not UTF-8 (byte 0x{byte.hex().upper()}{seen})",
        'save the file as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"; in Excel "CSV UTF-8"',
    )
