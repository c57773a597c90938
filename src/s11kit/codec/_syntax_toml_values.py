"""What is wrong with a value in a TOML file: text in quotes, values without them, lists and braces."""

from __future__ import annotations

import re

from s11kit.codec._guards import DOTTED_KEY, SHORT_BASIC, SHORT_LITERAL, STRING_KINDS, TOML_STRINGS, open_brackets
from s11kit.codec._syntax import CURLY, Scene, SyntaxFault, curly, short
from s11kit.codec._syntax_values import GROUPED, advice

__all__ = ["KEY_START", "NOTHING_AFTER", "after_value", "backslash", "bad_value", "brackets", "closes_nothing", "key_start", "open_text"]

# How reasons of `tomllib` begin.
NOTHING_AFTER = "Expected newline"
KEY_START = "Invalid initial character for a key part"


# --- text in quotes --------------------------------------------------------------------------------------------

_CLOSED = re.compile("|".join(kind.removesuffix("?") for kind in STRING_KINDS), re.DOTALL)
_STRING_TOKEN = re.compile(rf"({TOML_STRINGS})|#[^\n]*+", re.DOTALL)
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


def open_text(scene: Scene) -> SyntaxFault | None:
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
    if content and content[-1] in CURLY:
        return curly(scene, start + len(content))
    if content.endswith('\\"') and "'" not in content:
        hint = f"use single quotes: '{short(content[:-1])}'"
        return scene.fault(_LONE_BACKSLASH, hint, at=start + len(content) - 1, length=2)
    return scene.fault(
        "this text has no closing quote on its line",
        f"put {quote} at its end; a text of several lines needs three quotes before it and three after it",
        at=start,
        length=len(content) + 1,
    )


def backslash(scene: Scene) -> SyntaxFault | None:
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


# --- values ----------------------------------------------------------------------------------------------------

_VALUE_REASONS = ("Invalid value", "Invalid date", NOTHING_AFTER, "Unclosed array", "Unclosed inline table")
_DELIMITER = re.compile(rf"{SHORT_BASIC}|{SHORT_LITERAL}|([=,\[{{])")
_NOTE_OR_END = re.compile(r"[\r\n]|(?:^|\s)(?:#|//)|;\s*$")
_ITEM_END = re.compile(r"[,\]}\r\n]|(?:^|\s)#")
_PAIR = re.compile(r"""["'A-Za-z0-9_.-]+\s*=""")


def bad_value(scene: Scene) -> SyntaxFault | None:
    """Recognise what stands behind `=` or in a list and is no value."""
    if not scene.reason.startswith(_VALUE_REASONS):
        return None
    opened = open_brackets(scene.text, scene.offset)
    if unclosed := _unclosed_above(scene, opened):
        return unclosed
    start = _value_start(scene)
    end_pattern = _ITEM_END if opened else _NOTE_OR_END
    rest = scene.text[start : max(scene.line_end, start)]
    end = end_pattern.search(rest)
    raw = rest[: end.start() if end else len(rest)].strip()
    if not raw:
        return None if opened and scene.reason != "Invalid value" else _no_value(scene)
    if raw[0] in CURLY:
        return curly(scene, start)
    if raw.startswith("=") and scene.reason == "Invalid value":
        return scene.fault("there is one = too many here", "write key = value with one =")
    if raw[0] in "\"'" or _value_is_sound(scene, start):
        return None
    message, hint = advice(raw)
    return scene.fault(message, hint, at=start, length=len(raw))


def _value_start(scene: Scene) -> int:
    """Where the value begins that the parser was reading when it stopped."""
    marks = [found for found in _DELIMITER.finditer(scene.before) if found.group(1)]
    if scene.reason.startswith(NOTHING_AFTER):
        marks = [found for found in marks if found.group(1) == "="][:1]
    cut = marks[-1].end() if marks else 0
    rest = scene.before[cut:]
    return scene.line_start + cut + len(rest) - len(rest.lstrip())


def _value_is_sound(scene: Scene, start: int) -> bool:
    """Whether the value before the fault was read to its end, so that what follows it is the fault."""
    if scene.reason.startswith("Invalid"):
        return False
    value = scene.text[start : scene.offset]
    if not value.strip() or value.lstrip()[0] in "[{":
        return True
    if scene.char in ("", ";", "]", "}", "\r", "\n", "#") or scene.after.startswith(("//", "/*", "--")):
        return True
    if scene.char == ",":
        return not GROUPED.match(value + scene.after)
    return value[-1].isspace() and (bool(_PAIR.match(scene.after)) or scene.reason.startswith("Unclosed"))


def _no_value(scene: Scene) -> SyntaxFault | None:
    opened = open_brackets(scene.text, scene.offset)
    if scene.reason != "Invalid value" or (opened and scene.text[opened[-1]] == "["):
        return None
    start = key_start(scene)
    return scene.fault(
        "this key has no value",
        'write the value after =, such as key = "text", or delete the key',
        at=start,
        length=len(scene.text[start : scene.offset].rstrip()),
    )


_KEY_CUT = re.compile(r"[{,]")


def key_start(scene: Scene) -> int:
    """Where the key before the fault begins: at its line, or behind the last comma or brace."""
    before = scene.before
    cut = max((m.end() for m in _KEY_CUT.finditer(before)), default=0) if "=" in before else 0
    rest = before[cut:]
    return scene.line_start + cut + len(rest) - len(rest.lstrip())


def after_value(scene: Scene) -> SyntaxFault | None:
    """Recognise what may not follow a value on its line."""
    if not scene.reason.startswith(NOTHING_AFTER):
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
        return closes_nothing(scene)
    return scene.fault("this stands after the end of the value", "put # before it if it is a note", length=len(rest))


def _stray_quote(scene: Scene) -> SyntaxFault | None:
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


def closes_nothing(scene: Scene) -> SyntaxFault:
    """The fault for a closing bracket without an opening one."""
    return scene.fault(f"this {scene.char} closes nothing", "delete it, or open the bracket before it")


# --- lists and braces ------------------------------------------------------------------------------------------

_NEXT_KEY = re.compile(rf"{DOTTED_KEY}[ \t]*+=")
_NEXT_HEADER = re.compile(r"\s*\[{1,2}[A-Za-z][^\]\n,]*\]{1,2}\s*(?:#.*)?")


def _unclosed_above(scene: Scene, opened: list[int]) -> SyntaxFault | None:
    """Recognise a list that is still open when the next key, the next heading or the end of the file comes."""
    if not opened:
        return None
    at = opened[-1]
    if scene.before.strip() and not scene.before.strip(" \t[") and _NEXT_HEADER.fullmatch(scene.line):
        above = open_brackets(scene.text, scene.line_start)
        if not above:
            return None
        at = above[-1]
    elif scene.char and (scene.before.strip() or scene.text[at] == "{" or not _NEXT_KEY.match(scene.text, scene.offset)):
        return None
    name, closing = ("list", "]") if scene.text[at] == "[" else ("table", "}")
    return scene.fault(f"the {name} that opens here is never closed", f"put {closing} after its last item", at=at)


def brackets(scene: Scene) -> SyntaxFault | None:
    """Recognise a missing comma or bracket, and a line end or last comma inside braces."""
    opened = open_brackets(scene.text, scene.offset)
    if not opened or not scene.reason.startswith(("Unclosed", KEY_START, "Invalid value", "Expected '='")):
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
    if scene.char == "}" and scene.reason.startswith(KEY_START):
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
