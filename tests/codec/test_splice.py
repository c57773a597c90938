"""Changing single values of a TOML text in place."""

from __future__ import annotations

import copy
import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import tomli_w
from hypothesis import assume, given
from hypothesis import strategies as st

from s11kit.codec._positions import Path, index_toml, toml_tables
from s11kit.codec._splice import REMOVE, CannotSplice, append_table, splice_toml

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', '""', '"""', '""""', "'''", "\\", "a\nb", "\r\n", "\n", 'x\n"', "#", "]", "}", "\x7f", "\t"]
)
SCALARS = (
    WORDS
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.decimals(allow_nan=False)
    | st.dates(min_value=date(1, 1, 1))
    | st.times()
    | st.datetimes(timezones=st.just(UTC) | st.none())
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5)
ANSWERS = st.dictionaries(
    st.sampled_from(["1.1", "1.2", "1.3", "2.1"]),
    st.fixed_dictionaries(
        {},
        optional={
            "grade": st.sampled_from(["met", "not-met"]),
            "evidence": WORDS,
            "detail": st.dictionaries(WORDS, SCALARS, max_size=2),
            "areas": st.lists(WORDS, max_size=3),
            "action": st.lists(st.fixed_dictionaries({"lead": WORDS}, optional={"when": st.dates(min_value=date(1, 1, 1))}), max_size=2),
        },
    ),
    max_size=3,
)
DOCUMENTS = st.fixed_dictionaries({"framework": WORDS}, optional={"organisation": st.dictionaries(WORDS, SCALARS, max_size=3), "answer": ANSWERS})
LINE_ENDS = st.sampled_from(["\n", "\r\n"])
NAMES = st.sampled_from(["grade", "evidence", "new", "a b", "detail"])
REFS = st.sampled_from(["1.1", "1.2", "1.3", "9.9"])
EDITS = st.lists(
    st.tuples(st.tuples(st.just("answer"), REFS, NAMES), VALUES | st.just(REMOVE))
    | st.tuples(st.tuples(st.just("answer"), REFS), st.just(REMOVE))
    | st.tuples(st.tuples(st.sampled_from(["framework", "title"])), VALUES | st.just(REMOVE))
    | st.tuples(st.tuples(st.just("organisation"), WORDS), VALUES),
    max_size=6,
)


def write(data: dict[str, Any], line_end: str, long: bool = False) -> str:
    return tomli_w.dumps(data, multiline_strings=long).replace("\n", line_end)


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def edited(data: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The data with one edit."""
    data = copy.deepcopy(data)
    holder: Any = data
    for step in path[:-1]:
        if value is REMOVE and step not in holder:
            return data
        holder = holder.setdefault(step, {})
    if value is REMOVE:
        holder.pop(path[-1], None)
    else:
        holder[path[-1]] = value
    return data


def without_empty_answers(data: dict[str, Any]) -> dict[str, Any]:
    """The data without what is there or not, depending on whether it has a header of its own."""
    answers = {ref: answer for ref, answer in data.pop("answer", {}).items() if answer}
    return {**data, "answer": answers} if answers else data


@given(data=DOCUMENTS, edits=EDITS, line_end=LINE_ENDS, long=st.booleans(), in_order=st.booleans())
def test_what_was_set_is_what_is_read(data: dict[str, Any], edits: list[tuple[Path, object]], line_end: str, long: bool, in_order: bool) -> None:
    """Any run of edits to an assessment gives the text of the edited data, or is refused; and no line end changes."""
    text = write(data, line_end, long)
    expected = read(text)
    for path, value in edits:
        expected = edited(expected, path, value)
    try:
        changed = splice_toml(text, edits, order=(lambda path: path) if in_order else None)
    except CannotSplice:
        assume(False)
        return
    got = read(changed)
    assert without_empty_answers(expected) == without_empty_answers(got)
    assert changed.count("\n") == changed.count(line_end)


@given(data=DOCUMENTS, value=VALUES, line_end=LINE_ENDS, pick=st.randoms(use_true_random=False))
def test_only_the_value_changes(data: dict[str, Any], value: object, line_end: str, pick: Any) -> None:
    """Setting a value that is there leaves all bytes before and behind it, and setting it back gives the first text."""
    text = write(data, line_end)
    places = {path: place.value for path, place in index_toml(text).items() if place.value and path and isinstance(path[-1], str)}
    path, span = pick.choice(sorted(places.items(), key=lambda item: item[1].start))
    changed = splice_toml(text, [(path, value)])
    assert text[: span.start] == changed[: span.start]
    assert changed.endswith(text[span.end :])
    old: Any = read(text)
    for step in path:
        old = old[step]
    if isinstance(old, (str, bool, int, date)) and not isinstance(old, datetime):
        assume(not (isinstance(old, str) and "\n" in old))
        assert text == splice_toml(changed, [(path, old)])


@given(data=DOCUMENTS, value=VALUES, ref=REFS, line_end=LINE_ENDS)
def test_what_was_added_can_be_removed(data: dict[str, Any], value: object, ref: str, line_end: str) -> None:
    """A new key or a new table, taken away again, leaves the first text."""
    text = write(data, line_end)
    assume(not (ref in data.get("answer", {}) and "new" in data["answer"][ref]))
    path = ("answer", ref, "new")
    is_new = ref not in data.get("answer", {})
    assume(is_new or path[:-1] in toml_tables(text))
    changed = splice_toml(text, [(path, value)])
    assert text == splice_toml(changed, [(path[:-1] if is_new else path, REMOVE)])


@given(data=DOCUMENTS, row=st.dictionaries(WORDS, VALUES, max_size=3), ref=REFS, line_end=LINE_ENDS)
def test_rows_are_appended(data: dict[str, Any], row: dict[str, Any], ref: str, line_end: str) -> None:
    """A row is added behind the rows that are there, whether they have headers or stand in brackets."""
    text = write(data, line_end)
    expected = read(text)
    expected.setdefault("answer", {}).setdefault(ref, {}).setdefault("action", []).append(row)
    assert expected == read(append_table(text, ("answer", ref, "action"), row))


TEXT = """\
#:schema assessment.json
framework = "x@1"   # the tool

[organisation]
name = 'Fenside'
tags = { a = 1 }
address.town = "Ely"

# the trustee
[answer."1.1"]
  grade = "met"   # why

# the policy
[answer."1.3"]
grade = "met"
areas = [
  "a",  # first
]

[[answer."1.3".action]]
lead = "HS"

# the end
"""


def change(edits: list[tuple[Path, object]], text: str = TEXT, **options: Any) -> list[str]:
    """The lines that differ: taken away with `-`, added with `+`."""
    before, after = text.splitlines(), splice_toml(text, edits, **options).splitlines()
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    end = next(
        (n for n, (a, b) in enumerate(zip(before[: start - len(before) - 1 : -1], after[: start - len(after) - 1 : -1], strict=False)) if a != b),
        None,
    )
    if end is None:
        end = min(len(before), len(after)) - start
    return [f"-{line}" for line in before[start : len(before) - end]] + [f"+{line}" for line in after[start : len(after) - end]]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(("answer", "1.1", "grade"), "not-met")], ['-  grade = "met"   # why', '+  grade = "not-met"   # why']),
        ([(("answer", "1.1", "evidence"), 'a "b"')], ['+  evidence = "a \\"b\\""']),
        ([(("answer", "1.1", "evidence"), "a\nb")], ['+  evidence = """', "+a", '+b"""']),
        ([(("answer", "1.1", "grade"), REMOVE)], ['-  grade = "met"   # why']),
        ([(("organisation", "tags", "b c"), [True, Decimal("1.50")])], ["-tags = { a = 1 }", '+tags = { a = 1, "b c" = [true, 1.50] }']),
        ([(("organisation", "tags", "a"), REMOVE)], ["-tags = { a = 1 }", "+tags = {  }"]),
        ([(("organisation", "address", "county"), "C")], ['+address.county = "C"']),
        ([(("organisation", "address", "post", "code"), "C")], ['+address.post.code = "C"']),
        ([(("organisation", "since"), date(2026, 3, 31))], ["+since = 2026-03-31"]),
        ([(("title",), "T")], ['+title = "T"']),
        ([(("organisation", "more", "x"), 1)], ["+", "+[organisation.more]", "+x = 1"]),
        ([(("answer", "1.3", "areas", 0), "b")], ['-  "a",  # first', '+  "b",  # first']),
        ([(("answer", "1.3", "action", 0, "by"), 1)], ["+by = 1"]),
        ([(("answer", "1.3", "action", 0), REMOVE)], ['-[[answer."1.3".action]]', '-lead = "HS"', "-"]),
        ([(("answer", "1.1"), REMOVE)], ['-[answer."1.1"]', '-  grade = "met"   # why']),
        ([(("answer", "9.9"), REMOVE), (("nothing",), REMOVE)], []),
        ([(("answer", "1.1", "grade"), "met")], []),
    ],
)
def test_each_kind_of_edit(edits: list[tuple[Path, object]], expected: list[str]) -> None:
    """An edit takes away and adds the lines it has to, and keeps notes and the indent."""
    assert expected == change(edits)


def test_a_new_table_goes_to_the_end() -> None:
    """Without an order, a new table stands at the end of the file, one blank line below what was there."""
    assert (
        splice_toml(TEXT, [(("answer", "1.2", "grade"), "met"), (("answer", "1.2", "note"), "n")])
        == TEXT + '\n[answer."1.2"]\ngrade = "met"\nnote = "n"\n'
    )


@pytest.mark.parametrize(
    ("ref", "before"),
    [("1.0", "# the trustee\n"), ("1.2", "# the policy\n"), ("1.4", "# the end\n")],
)
def test_a_new_table_goes_beside_its_sisters(ref: str, before: str) -> None:
    """With an order, a new table stands among its sisters, above the notes of the next one."""
    added = f'[answer."{ref}"]\ngrade = "met"\n\n'
    assert TEXT.replace(before, added + before) == splice_toml(TEXT, [(("answer", ref, "grade"), "met")], order=lambda path: path)


def test_new_tables_stand_in_their_order() -> None:
    """Several new tables of one call stand in the order asked for, not in that of the edits."""
    edits: list[tuple[Path, object]] = [(("answer", ref, "x"), 1) for ref in ("3", "2", "4")]
    text = splice_toml("", edits, order=lambda path: path)
    assert text == "[answer.2]\nx = 1\n\n[answer.3]\nx = 1\n\n[answer.4]\nx = 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a = 1\n"),
        ("# note", "# note\na = 1"),
        ("[t]\n", "a = 1\n\n[t]\n"),
        ("# file\n\n# about t\n[t]\n", "# file\n\na = 1\n\n# about t\n[t]\n"),
        ("#:schema x\n[t]\n", "#:schema x\na = 1\n\n[t]\n"),
        ("b = 1", "b = 1\na = 1"),
        ("b = 1\r\n[t]\r\n", "b = 1\r\na = 1\r\n[t]\r\n"),
    ],
)
def test_a_key_of_the_document_stands_above_all_headers(text: str, expected: str) -> None:
    """A new key that belongs to no table goes above the first header, but below the notes about the file."""
    assert expected == splice_toml(text, [(("a",), 1)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "[[a.action]]\nx = 1\n"),
        ("[a]\ny = 1", "[a]\ny = 1\n\n[[a.action]]\nx = 1\n"),
        ("a = {}", "a = { action = [{ x = 1 }] }"),
        ("[a]\naction = []\n", "[a]\naction = [{ x = 1 }]\n"),
        ("[a]\naction = [{y = 1}]\n", "[a]\naction = [{y = 1}, { x = 1 }]\n"),
        ("[a]\naction = [\n  {y = 1}, # one\n]\n", "[a]\naction = [\n  {y = 1}, # one\n  { x = 1 },\n]\n"),
        ("[a]\r\naction = [\r\n  {y = 1}\r\n]\r\n", "[a]\r\naction = [\r\n  {y = 1},\r\n  { x = 1 }\r\n]\r\n"),
        ("[[a.action]]\ny = 1\n\n[b]\n", "[[a.action]]\ny = 1\n\n[[a.action]]\nx = 1\n\n[b]\n"),
    ],
)
def test_a_row_goes_behind_its_sisters(text: str, expected: str) -> None:
    """A new row is written as the rows that are there are written."""
    assert expected == append_table(text, ("a", "action"), {"x": 1})


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a = ", ("a",), 1),
        ("a = 1", (), 1),
        ("a = 1", (), REMOVE),
        ("a = 1", ("a", "b"), 1),
        ("a = 1", ("a",), None),
        ("a = 1", ("a",), "\ud800"),
        ("a = 1", ("a",), {1: 2}),
        pytest.param("a = 1", ("a",), 10**5000, id="endless"),
        ("a = 1", ("a",), time(1, 2, tzinfo=UTC)),
        ("a = 1", ("a",), datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=1)))),
        ("a = [1]", ("a", 0), REMOVE),
        ("a = [1]", ("a", 1), 1),
        ("a = [1]", ("a", "b"), 1),
        ("[a]", ("a",), 1),
        ("[[a]]", ("a", "b"), 1),
        ("[[a]]", ("a", 1, "b"), 1),
    ],
)
def test_what_cannot_be_spliced_is_refused(text: str, path: Path, value: object) -> None:
    """A broken text, a table in place of a value, or a value TOML does not know raises `CannotSplice`."""
    with pytest.raises(CannotSplice):
        splice_toml(text, [(path, value)])


@pytest.mark.parametrize(("text", "path"), [("a = 1", ("a",)), ("[a]", ("a",)), ("", ()), ("[[a]]", ("a", 0))])
def test_rows_are_refused_where_there_is_no_list(text: str, path: Path) -> None:
    """A row cannot be added to something that is not a list of tables."""
    with pytest.raises(CannotSplice):
        append_table(text, path, {"x": 1})
