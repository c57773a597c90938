"""What is wrong with a file that is not TOML, JSON or UTF-8 at all, told to people who never heard of them.

`tomllib` and `json` stop at the first character they cannot read and say little about it.  The text around that
character is looked at again, and the usual slips (Word's quotes, `Yes`, `31/03/2026`, a folder of Windows, the
same table twice) are named together with what to type instead: those of TOML in `_syntax_toml`, those of JSON in
`_syntax_json`, bytes that are no UTF-8 in `_encoding`.  Here is what these share.

Every function takes any text whatever and runs in linear time.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from s11kit.codec._guards import MAX_DEPTH
from s11kit.codec._positions import Path

__all__ = [
    "CURLY",
    "DASHES",
    "SLUGS",
    "UTF_16",
    "WRONG_FILE",
    "Recogniser",
    "Scene",
    "SyntaxFault",
    "curly",
    "curly_quote",
    "depth_fault",
    "dotted",
    "first_fault",
    "merge_mark",
    "number_too_long",
    "short",
    "unseen",
    "unseen_char",
    "wrong_kind",
]

SLUGS: Final = frozenset({"toml-syntax", "json-syntax", "duplicate", "encoding", "too-deep", "number-too-long"})


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One thing that stops a file from being read: where, what, and what to do about it."""

    offset: int
    length: int
    slug: str
    message: str
    hint: str | None


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
class Scene:
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


Recogniser = Callable[[Scene], SyntaxFault | None]


def first_fault(scene: Scene, recognisers: tuple[Recogniser, ...]) -> SyntaxFault | None:
    """What the first recogniser says that knows the slip."""
    return next((fault for recognise in recognisers if (fault := recognise(scene))), None)


# --- words of the author ---------------------------------------------------------------------------------------

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dotted(path: Path) -> str:
    """A path as the author would write it, without the numbers of rows."""
    names = [part for part in path if isinstance(part, str)]
    return ".".join(name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False) for name in names)


def short(words: str) -> str:
    """Words to say back to the author, cut off if there are many."""
    return words if len(words) <= 60 else words[:57] + "..."


# --- numbers too long ------------------------------------------------------------------------------------------

_EXPONENT = re.compile(r"[eE][+-]?[0-9_]{7,}")


def number_too_long(text: str, pattern: re.Pattern[str]) -> SyntaxFault:
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

WRONG_FILE = "choose the right file; this one has to be plain text"
_STARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"PK\x03\x04"), "an Excel or Word file"),
    (re.compile(r"\s*%PDF-"), "a PDF file"),
    (re.compile(r"\s*\{\\rtf"), "a Word file (RTF)"),
    (re.compile(r"\s*<(?:!doctype html|html|head|body)", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(r"\s*<[?!A-Za-z]"), "an XML file"),
)


def wrong_kind(text: str, wanted: str) -> tuple[str, str] | None:
    """What a file is by how it begins, and what to do; None if it may be text as wanted."""
    start = text[:2000].removeprefix("\ufeff")
    for pattern, name in _STARTS:
        if pattern.match(start):
            return f"this is {name}, not a {wanted} file", WRONG_FILE
    return None


_MERGE = re.compile(r"<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|")


def merge_mark(scene: Scene) -> SyntaxFault | None:
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
CURLY = _CURLY_DOUBLE + _CURLY_SINGLE
DASHES = "‐‑‒–—―−"  # noqa: RUF001
UTF_16 = (
    "the file is saved as Unicode (UTF-16), not as UTF-8",
    'save it again as UTF-8: in Notepad choose Save as, and the encoding "UTF-8"',
)


def unseen(char: str) -> str:
    """Name a character that nobody sees."""
    name = unicodedata.name(char, "control character").lower()
    return f"there is a character here that cannot be seen ({name}, U+{ord(char):04X})"


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") and char not in " \t\r\n"


def unseen_char(scene: Scene) -> SyntaxFault | None:
    """Recognise characters nobody sees: no-break and zero-width spaces, byte order and direction marks."""
    char = scene.char
    if char == "\x00":
        return scene.fault(*UTF_16, at=0, slug="encoding")
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
    return scene.fault(unseen(char), "delete it and type an ordinary space" if space else "delete it")


def curly_quote(scene: Scene) -> SyntaxFault | None:
    """Recognise the quotes of Word where straight ones are needed."""
    return curly(scene, scene.offset) if scene.char and scene.char in CURLY else None


def curly(scene: Scene, at: int) -> SyntaxFault:
    """The fault for a quote of Word at an offset."""
    char = scene.text[at]
    straight = '"' if char in _CURLY_DOUBLE else "'"
    return scene.fault(
        f"the quote {char} cannot be used here",
        f"type the straight quote {straight} instead; Word and Outlook change it to a curly one",
        at=at,
    )
