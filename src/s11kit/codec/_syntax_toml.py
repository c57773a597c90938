"""Why `tomllib` did not accept a text: headings, keys and what is there twice; values are looked at in `_syntax_toml_values`."""

from __future__ import annotations

import re
import tomllib

from s11kit.codec._guards import MAX_DEPTH, TOML_STRINGS, depth_and_size, dotted_depth, open_brackets
from s11kit.codec._positions import Path, layout, line_and_column
from s11kit.codec._syntax import (
    DASHES,
    Recogniser,
    Scene,
    SyntaxFault,
    curly_quote,
    depth_fault,
    dotted,
    first_fault,
    merge_mark,
    number_too_long,
    short,
    unseen_char,
    wrong_kind,
)
from s11kit.codec._syntax_toml_values import (
    KEY_START,
    NOTHING_AFTER,
    after_value,
    backslash,
    bad_value,
    brackets,
    closes_nothing,
    key_start,
    open_text,
)

__all__ = ["toml_fault"]

_A_LINE = 'a line is a [table], a key = "text", or a note that begins with #'
_NUMBERS = re.compile(rf"{TOML_STRINGS}|#[^\n]*+|([0-9][0-9_.eE+-]*+)", re.DOTALL)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def toml_fault(text: str, error: tomllib.TOMLDecodeError | ValueError | ArithmeticError | RecursionError) -> SyntaxFault:
    """Explain why `tomllib` did not accept a text.

    An `ArithmeticError` is what `parse_float=Decimal` raises for an exponent beyond all bounds.
    """
    if isinstance(error, RecursionError):
        return depth_fault(max(depth_and_size(text)[1], 0))
    if not isinstance(error, tomllib.TOMLDecodeError):
        return number_too_long(text, _NUMBERS)
    scene = _scene(text, error)
    return first_fault(scene, _RECOGNISERS) or scene.fault("this cannot be read here", _A_LINE)


def _scene(text: str, error: ValueError) -> Scene:
    """Find the offset in the text as it was handed in: the parser has seen it without its carriage returns."""
    found = _AT.search(str(error))
    reason = str(error)[: found.start()] if found else str(error)
    line: object = getattr(error, "lineno", None)
    column: object = getattr(error, "colno", None)
    if found and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    if not (isinstance(line, int) and isinstance(column, int)):
        return Scene(text, len(text), reason)
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return Scene(text, min(start + column - 1, len(text)), reason)


_JSON_START = re.compile(r"\s*(?:\{|\[\s*\{|\[\s*\[\s*[\[{\]])")


def _other_file(scene: Scene) -> SyntaxFault | None:
    """Recognise a file that was never TOML by how it begins."""
    wrong = wrong_kind(scene.text, "TOML")
    if wrong is None and _JSON_START.match(scene.text[:2000].removeprefix("\ufeff")):
        wrong = ("this is a JSON file, not a TOML file", "give its name the ending .json")
    return scene.fault(*wrong, at=0, length=len(scene.text)) if wrong else None


def _long_dash(scene: Scene) -> SyntaxFault | None:
    """Recognise the dashes Word makes of a hyphen."""
    if not scene.char or scene.char not in DASHES:
        return None
    return scene.fault(f"the long dash {scene.char} cannot be used here", "type the hyphen - of the keyboard, or put quotes around it")


# --- the same thing twice --------------------------------------------------------------------------------------

# The names under which a file holds a list of tables.
_ROWS = frozenset(
    {
        "action",
        "action_field",
        "board",
        "change",
        "criterion",
        "decision",
        "definition",
        "dimension",
        "override",
        "reference_set",
        "remove",
        "role",
        "rule",
        "scale",
        "sign_off",
        "source",
        "standard",
        "statement",
    }
)
_TWICE = (
    "Cannot declare",
    "Cannot overwrite",
    "Cannot mutate immutable",
    "Cannot redefine namespace",
    "Duplicate inline table key",
)


def _twice(scene: Scene) -> SyntaxFault | None:
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
        message = f"the name {dotted(taken)} is in use already on line {line}, so nothing can be put into it here"
        hint = "give one of the two another name, or write this where the first one stands"
        if taken == path[:-1] and isinstance(path[-1], int) and _is_list_of_tables(taken) and first and scene.text[first.start] == "[":
            hint = f"write two brackets, [[{dotted(taken)}]], on line {line} too"
    elif is_header:
        message = f"the table {written} is there twice; the first is on line {line}"
        hint = "put all keys under one of the two, or correct the name of the other"
        if _is_list_of_tables(path):
            hint = f"write two brackets, [[{dotted(path)}]], for each of them"
        elif isinstance(path[-1], int):
            hint = f"write [[{dotted(path)}]] for another row of the list"
    else:
        message = f"the key {dotted(path[-1:])} is there twice; the first is on line {line}"
        hint = "keep one of the two"
    return scene.fault(message, hint, at=key.start, length=len(written), slug="duplicate")


def _is_list_of_tables(path: Path) -> bool:
    """Whether a heading ends in the name of a list; but an id may be any of these names, and requirements are single tables."""
    names = [part for part in path if isinstance(part, str)]
    if path[-1] not in _ROWS or "requirements" in names:
        return False
    return names[0] != "answer" or (len(names) == 3 and names[2] == "action")


def _is_too_deep_to_index(text: str) -> bool:
    """Whether an index would take long: it holds every prefix of a path, so it grows with the square of the longest."""
    return max(dotted_depth(text)[0], depth_and_size(text)[0]) > 4 * MAX_DEPTH


def _header_text(scene: Scene, start: int) -> str:
    """The heading as it is written, with its closing brackets; the parser has stopped before them."""
    return scene.text[start : scene.offset] + ("]]" if scene.text.startswith("[[", start) else "]")


# --- headings --------------------------------------------------------------------------------------------------


def _broken_header(scene: Scene) -> SyntaxFault | None:
    """Recognise what is wrong with a line such as `[answer."1.1"]`."""
    heading = scene.before.lstrip()
    if not scene.reason.startswith(("Expected ']", KEY_START, NOTHING_AFTER)) or not heading.startswith("["):
        return None
    if "=" in scene.before or open_brackets(scene.text, scene.line_start):
        return None
    start = scene.offset - len(heading)
    closing = "]]" if heading.startswith("[[") else "]"
    rest = scene.after.split("#")[0].strip()
    length = scene.line_end - start
    if scene.reason.startswith(NOTHING_AFTER):
        if rest.startswith("]"):
            return scene.fault("this heading closes with more brackets than it opens", "write [table], or [[table]] for a row of a list")
        return scene.fault("nothing may follow a heading on its line", "put it on a line of its own", length=len(rest))
    if scene.reason.startswith(KEY_START) and (not rest or rest[0] in "]."):
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


def _no_equals(scene: Scene) -> SyntaxFault | None:
    """Recognise a line whose key is not followed by `=`."""
    if not scene.reason.startswith("Expected '='"):
        return None
    start = key_start(scene)
    key = scene.text[start : scene.offset].strip()
    if scene.char == ":":
        return scene.fault("a colon stands where = is needed", f"write {short(key)} = and then the value")
    name, equals, _ = scene.text[start : scene.line_end].partition("=")
    name = name.strip()
    if equals and not set(name) & set("\"'[]{},"):
        return scene.fault(
            f"the key {short(name)} needs quotes, because of a blank or a sign in it",
            f'write "{short(name)}" = and then the value',
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


def _no_name(scene: Scene) -> SyntaxFault | None:
    """Recognise a dotted key with nothing behind a dot, or a comma with no key behind it."""
    if scene.reason != KEY_START:
        return None
    return scene.fault("the name of a key is missing here", 'write key = "text"')


_NOTES = ("//", "/*", ";", "%", "*", "•", "!", "·")


def _odd_start(scene: Scene) -> SyntaxFault | None:
    """Recognise a line that begins with something no line can begin with."""
    if scene.reason != "Invalid statement":
        return None
    name, equals, _ = scene.after.partition("=")
    name = name.strip()
    if scene.char == "=":
        return scene.fault("there is no key before =", 'write key = "text"')
    if scene.char in "]})":
        return closes_nothing(scene)
    if scene.char.isalpha() and equals:
        return scene.fault(
            f"the key {short(name)} needs quotes, because of the letter {scene.char}",
            f'write "{short(name)}" = and then the value',
            length=len(name),
        )
    hint = "put # before the line if it is a note" if scene.after.startswith(_NOTES) else _A_LINE
    return scene.fault(f"the sign {scene.char} cannot begin a line", hint)


_RECOGNISERS: tuple[Recogniser, ...] = (
    _other_file,
    merge_mark,
    unseen_char,
    open_text,
    backslash,
    _twice,
    curly_quote,
    _broken_header,
    bad_value,
    _long_dash,
    after_value,
    brackets,
    _no_equals,
    _no_name,
    _odd_start,
)
