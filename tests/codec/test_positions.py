"""Where values stand in TOML and JSON texts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from s11kit.codec._positions import Path, Span, index_json, index_toml, json_duplicates, line_and_column, toml_tables

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', "'", '""', "'''", '"""', "\\", "\n", "\r\n", "]", "}", "#", "=", ",", "[a]", "a = 1\n"]
)
SCALARS = (
    WORDS
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.dates(min_value=date(1, 1, 1))
    | st.times()
    | st.datetimes(min_value=datetime(1, 1, 1))
    | st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC))
)
TABLES = st.recursive(
    st.dictionaries(WORDS, SCALARS, max_size=4),
    lambda inner: st.dictionaries(WORDS, SCALARS | inner | st.lists(SCALARS | inner, max_size=3) | st.lists(inner, max_size=3), max_size=4),
    max_leaves=12,
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def paths_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths_of(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from paths_of(item, (*path, number))


def written(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("long_texts", [False, True])
@given(table=TABLES)
def test_every_path_of_a_toml_text_has_a_place(table: dict[str, Any], long_texts: bool, line_end: str) -> None:
    """The index knows exactly the paths that the parsed text has, and each span holds the value of its path."""
    text = tomli_w.dumps(table, multiline_strings=long_texts).replace("\n", line_end)
    parsed = dict(paths_of(tomllib.loads(text)))
    places = index_toml(text)
    assert set(parsed) == set(places)
    for path, place in places.items():
        value = written(text, place.value)
        if value is not None:
            assert tomllib.loads(f"v={value}")["v"] == parsed[path]
        else:
            assert isinstance(parsed[path], (dict, list))
        if place.key is not None and text[place.key.start] != "[":
            assert list(tomllib.loads(f"{written(text, place.key)}=1")) == [path[-1]]


@pytest.mark.parametrize("indent", [None, 0, 2, "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@given(value=JSON_VALUES, plain=st.booleans())
def test_every_path_of_a_json_text_has_a_place(value: object, plain: bool, indent: int | str | None, line_end: str) -> None:
    """The index knows exactly the paths that the parsed text has, and each span holds the value of its path."""
    text = json.dumps(value, indent=indent, ensure_ascii=plain).replace("\n", line_end)
    places = index_json(text)
    assert dict(paths_of(value)) == {path: json.loads(written(text, place.value) or "") for path, place in places.items()}
    for path, place in places.items():
        if path and isinstance(path[-1], str):
            assert json.loads(written(text, place.key) or "") == path[-1]


AWKWARD: list[tuple[str, dict[Path, tuple[str | None, str | None]]]] = [
    (
        'a = "]" # ] not the end\nb = [ "[", # [\n  1 ]\r\nc = {}\r\n',
        {("a",): ("a", '"]"'), ("b",): ("b", '[ "[", # [\n  1 ]'), ("b", 1): (None, "1"), ("c",): ("c", "{}")},
    ),
    (
        "a = ''''x'''''\nb = \"\"\"\"\"x\\\"\"\"\"\"\"\nc = ''\n",
        {("a",): ("a", "''''x'''''"), ("b",): ("b", '"""""x\\""""""'), ("c",): ("c", "''")},
    ),
    (
        "[[x]]\n[[x.y]]\nk=1\n[[x.y]]\nk=2\n[[x]]\n[[x.y]]\n[x.y.z]\nk=3\n",
        {
            ("x",): ("[[x]]", None),
            ("x", 0, "y", 1, "k"): ("k", "2"),
            ("x", 1, "y"): ("[[x.y]]", None),
            ("x", 1, "y", 0, "z"): ("[x.y.z]", None),
            ("x", 1, "y", 0, "z", "k"): ("k", "3"),
        },
    ),
    (
        "when = 2026-03-31 09:30:00 # a blank\nall = [2026-03-31 ,2026-04-01 10:00:00Z]\nday = 2026-03-31 ",
        {
            ("when",): ("when", "2026-03-31 09:30:00"),
            ("all", 0): (None, "2026-03-31"),
            ("all", 1): (None, "2026-04-01 10:00:00Z"),
            ("day",): ("day", "2026-03-31"),
        },
    ),
    (
        "a . 'b.c' . \"d\\u0065\" = true\na.f=1\n",
        {
            ("a",): ("a", None),
            ("a", "b.c"): ("'b.c'", None),
            ("a", "b.c", "de"): ('"d\\u0065"', "true"),
            ("a", "f"): ("f", "1"),
        },
    ),
    (
        "[a.b]\nk=1\n[a]\nk=2\n[a.b.c]\n",
        {
            ("a",): ("[a]", None),
            ("a", "b"): ("[a.b]", None),
            ("a", "k"): ("k", "2"),
            ("a", "b", "c"): ("[a.b.c]", None),
        },
    ),
    (
        'a = [[], [{ }, {b.c = ["x,y}", {d=1}], e = 2}],]',
        {
            ("a", 0): (None, "[]"),
            ("a", 1, 0): (None, "{ }"),
            ("a", 1, 1, "b"): ("b", None),
            ("a", 1, 1, "b", "c"): ("c", '["x,y}", {d=1}]'),
            ("a", 1, 1, "b", "c", 1, "d"): ("d", "1"),
            ("a", 1, 1, "e"): ("e", "2"),
        },
    ),
    (
        '  [ answer . "1.1" ] # note\r\n\tgrade\t=\t"x"\r\n',
        {("answer",): ('[ answer . "1.1" ]', None), ("answer", "1.1", "grade"): ("grade", '"x"')},
    ),
    (
        'a = """\r\none\\\r\n  two # no note\r\n[b]\r\n"""\r\n[b]\r\nc=-inf\r\n',
        {
            ("a",): ("a", '"""\r\none\\\r\n  two # no note\r\n[b]\r\n"""'),
            ("b",): ("[b]", None),
            ("b", "c"): ("c", "-inf"),
        },
    ),
    ("", {(): (None, None)}),
    ("# only a note", {(): (None, None)}),
]


@pytest.mark.parametrize(("text", "expected"), AWKWARD)
def test_awkward_documents(text: str, expected: dict[Path, tuple[str | None, str | None]]) -> None:
    """Brackets in text, rows in rows, quotes beside quotes, blanks in dates and CRLF do not mislead the index."""
    places = index_toml(text)
    assert set(dict(paths_of(tomllib.loads(text)))) == set(places)
    assert expected == {path: (written(text, places[path].key), written(text, places[path].value)) for path in expected}


def test_places_are_in_the_order_of_the_text() -> None:
    """Whoever walks the index walks the file from top to bottom."""
    assert list(index_toml("b = 1\na = [2]\n[t]\nk = 3\n")) == [(), ("b",), ("a",), ("a", 0), ("t",), ("t", "k")]


def test_tables_have_bodies() -> None:
    """The body of a table begins below its header, ends at the next header, and knows where its last key ends."""
    text = "a = 1\n# one\n[b] # two\n\n[[c]]\nk = [\n1]\n# three\n"
    bodies = {
        path: (written(text, table.header), written(text, table.body), table.last_key_end and text[: table.last_key_end][-3:])
        for path, table in toml_tables(text).items()
    }
    assert bodies == {
        (): (None, "a = 1\n# one\n", "= 1"),
        ("b",): ("[b]", "\n", None),
        ("c", 0): ("[[c]]", "k = [\n1]\n# three\n", "\n1]"),
    }


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (1, 1)),
        ("ab\ncd", 0, (1, 1)),
        ("ab\ncd", 2, (1, 3)),
        ("ab\ncd", 3, (2, 1)),
        ("ab\r\ncd", 2, (1, 3)),
        ("ab\r\ncd", 3, (1, 3)),
        ("ab\r\ncd", 5, (2, 2)),
        ("ab\n", 99, (2, 1)),
    ],
)
def test_line_and_column(text: str, offset: int, expected: tuple[int, int]) -> None:
    """Lines and columns count from 1, and a CRLF is one line end."""
    assert expected == line_and_column(text, offset)


def test_json_duplicates_are_listed() -> None:
    """A key given twice in one object is listed with both places; the same key in two objects is not."""
    text = '{"a": 1, "b": [{"a": 2}, {"a": 3, "a": 4}], "a": 5}'
    found = [(path, text[first.start :][:6], second.start) for path, first, second in json_duplicates(text)]
    assert found == [(("b", 1, "a"), '"a": 3', 34), (("a",), '"a": 1', 44)]
