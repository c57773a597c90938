"""Overlays: a short list of changes to another framework, with every value knowing which file set it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from s11kit import Catalogue, Framework, InvalidFile, check, dump_framework, load_framework

BASE = """
format = "s11kit.framework/1"
id = "base"
edition = "1"
title = "The base"
provenance = "documented"
wording = "reconstructed"
default_source = "tool"

[[source]]
id = "tool"
title = "The board's tool"

[[scale]]
id = "rag"
order = "worst-first"
grades = [{ id = "red", label = "Red" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]

[[standard]]
ref = "1"
title = "Leadership"
[[standard.statement]]
ref = "1.1"
text = "Somebody leads."
[[standard.statement]]
ref = "1.2"
text = "The board knows who."
applies_when = { any = { refs = ["1.1"], at_least = "amber" } }

[[standard]]
ref = "2"
title = "Training"
[[standard.statement]]
ref = "2.1"
text = "Staff are trained."
"""
HEAD = """
format = "s11kit.framework/1"
id = "over"
edition = "2"
extends = "base@1"
provenance = "inferred"
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Catalogue:
    """A catalogue folder with the base in it; overlays are written beside."""
    write(tmp_path, "base/1", BASE)
    return Catalogue.of(tmp_path)


def write(folder: Path, place: str, text: str) -> Path:
    file = folder / place / "framework.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
    return file


def overlaid(shelf: Catalogue, folder: Path, text: str) -> Framework:
    return load_framework(write(folder, "over/2", HEAD + dedent(text)), catalogue=shelf)


def refused(shelf: Catalogue, folder: Path, text: str) -> list[tuple[str, str, int | None, str]]:
    """What is wrong: code, file, line and the text of that line."""
    with pytest.raises(InvalidFile) as caught:
        overlaid(shelf, folder, text)
    found = []
    for problem in caught.value.problems:
        assert problem.place is not None
        found.append((problem.code, Path(problem.place.file).parent.parent.name, problem.place.line, (problem.place.excerpt or "").strip()))
    return found


def test_an_overlay_that_changes_nothing_is_its_base(shelf: Catalogue, tmp_path: Path) -> None:
    """Only the name differs."""
    over, base = overlaid(shelf, tmp_path, ""), shelf.framework("base@1")
    assert (over.name, over.extends) == ("over@2", "base@1")
    assert over.standards == base.standards and over.scales == base.scales and over.provenance == base.provenance


def test_things_stand_where_the_overlay_puts_them(shelf: Catalogue, tmp_path: Path) -> None:
    """`after` means behind, without it last; `within` nests."""
    over = overlaid(
        shelf,
        tmp_path,
        """
        [[standard]]
        ref = "0"
        title = "New, last"
        [[standard]]
        after = "1"
        ref = "1a"
        title = "New, behind 1"
        statement = [{ ref = "1a.1", text = "Something new." }]
        [[standard]]
        within = "2"
        ref = "2x"
        title = "Inside 2"
        [[statement]]
        standard = "1"
        after = "1.1"
        ref = "1.1a"
        text = "Between the two."
        [[statement]]
        standard = "2"
        ref = "2.2"
        text = "At the end."
        """,
    )
    assert list(over.items) == ["1", "1.1", "1.1a", "1.2", "1a", "1a.1", "2", "2.1", "2.2", "2x", "0"]


def test_every_value_knows_its_file(shelf: Catalogue, tmp_path: Path) -> None:
    """The record says what was added, changed and removed, and by which layer each key was set."""
    over = overlaid(
        shelf,
        tmp_path,
        """
        title = "Over"
        [[remove]]
        ref = "2"
        reason = "Trained elsewhere"
        [[change]]
        ref = "1.1"
        meaning = "same"
        text = "One person leads."
        [[statement]]
        standard = "1"
        ref = "1.3"
        text = "Added."
        """,
    )
    assert (over.layer_of("1.1", "text"), over.layer_of("1.1", "kind"), over.layer_of("1.2"), over.layer_of("1.3")) == (
        "over@2",
        "base@1",
        "base@1",
        "over@2",
    )
    [layer] = over.layers
    assert (layer.added, layer.removed, [(c.ref, c.keys, c.meaning) for c in layer.changed]) == (
        ("1.3",),
        {"2": "Trained elsewhere"},
        [("1.1", ("text",), "same")],
    )


def test_marks_of_the_base_stay_and_new_words_are_the_overlays(shelf: Catalogue, tmp_path: Path) -> None:
    """A reworded item is still documented, its words never better known than before; an added one has the overlay's mark; the rest is untouched."""
    over = overlaid(
        shelf,
        tmp_path,
        """
        [[change]]
        ref = "1.1"
        meaning = "same"
        text = "One person leads."
        [[statement]]
        standard = "1"
        ref = "1.3"
        text = "Added."
        """,
    )
    marks = {ref: (item.provenance.mark, item.provenance.wording) for ref, item in over.items.items()}
    assert marks["1.1"] == ("documented", "reconstructed")
    assert marks["1.2"] == ("documented", "reconstructed")
    assert marks["1.3"] == ("inferred", "inferred")


def test_the_head_replaces_whole_keys_and_tables_with_ids_join(shelf: Catalogue, tmp_path: Path) -> None:
    """A scale with a new id is added, one with an old id takes its place."""
    over = overlaid(
        shelf,
        tmp_path,
        """
        default_scale = "rag"
        [[scale]]
        id = "yes-no"
        order = "best-first"
        grades = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]
        [[scale]]
        id = "rag"
        order = "worst-first"
        grades = [{ id = "red", label = "Rot" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]
        """,
    )
    assert [scale.id for scale in over.scales] == ["rag", "yes-no"]
    assert over.scale("rag").worst.label == "Rot" and over.scale("yes-no").worst.id == "no"


def test_an_overlay_of_an_overlay(shelf: Catalogue, tmp_path: Path) -> None:
    """Layers pile up, base first, and each keeps its own changes."""
    overlaid(shelf, tmp_path, '[[statement]]\nstandard = "1"\nref = "1.3"\ntext = "Added."')
    head = HEAD.replace('"over"', '"top"').replace('"base@1"', '"over@2"')
    file = write(tmp_path, "top/2", head + '[[change]]\nref = "1.3"\nmeaning = "changed"\ntext = "Changed again."')
    top = load_framework(file, catalogue=Catalogue.of(tmp_path))
    assert [layer.framework for layer in top.layers] == ["over@2", "top@2"]
    assert (top.layer_of("1.3", "text"), top.layer_of("1.3", "kind"), top.layer_of("1.1")) == ("top@2", "over@2", "base@1")


def test_written_out_whole_it_needs_no_base(shelf: Catalogue, tmp_path: Path) -> None:
    """A dumped overlay loads without a catalogue, to the same framework less the record of its layers."""
    over = overlaid(shelf, tmp_path, '[[statement]]\nstandard = "1"\nref = "1.3"\ntext = "Added."')
    whole = load_framework(write(tmp_path, "whole/1", dump_framework(over)), catalogue=Catalogue.of())
    assert whole.layers == () and whole.standards == over.standards and whole.name == over.name


def test_removing_what_is_needed_is_blamed_on_the_removal(shelf: Catalogue, tmp_path: Path) -> None:
    """A condition looks at 1.1, a statement uses a scale: the [[remove]] is where it has to be mended."""
    assert refused(shelf, tmp_path, '[[remove]]\nref = "1.1"\nreason = "gone"') == [("O001", "over", 8, 'ref = "1.1"')]
    [first, *_] = refused(shelf, tmp_path, '[[remove]]\nscale = "rag"\nreason = "gone"\n[requirements]\naction = { at = ["red"] }')
    assert first == ("O001", "over", 8, 'scale = "rag"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[remove]]\nref = "9"\nreason = "x"', ("R005", "over", 8, 'ref = "9"')),
        ('[[remove]]\nref = "2"', ("K002", "over", 7, "[[remove]]")),
        ('[[change]]\nref = "1.1"\ntext = "x"', ("K002", "over", 7, "[[change]]")),
        ('[[change]]\nref = "1.1"\nmeaning = "same"\ntxt = "x"', ("K001", "over", 10, 'txt = "x"')),
        ('[[change]]\nref = "1.1"\nmeaning = "same"\ntext = 3', ("K003", "over", 10, "text = 3")),
        ('[[change]]\nref = "1.1"\nmeaning = "same"\ntarget = "blue"', ("R004", "over", 10, 'target = "blue"')),
        ('[[statement]]\nstandard = "7"\nref = "7.1"\ntext = "x"', ("R005", "over", 8, 'standard = "7"')),
        ('[[statement]]\nstandard = "1"\nafter = "1.9"\nref = "1.10"\ntext = "x"', ("R005", "over", 9, 'after = "1.9"')),
        ('[[statement]]\nref = "7.1"\ntext = "x"', ("K002", "over", 7, "[[statement]]")),
        ('[[statement]]\nstandard = "1"\nref = "1.1"\ntext = "x"', ("R002", "over", 9, 'ref = "1.1"')),
        ('[[statement]]\nstandard = "1"\nref = "1.9"\ntext = "x"\nscale = "raag"', ("R003", "over", 11, 'scale = "raag"')),
        ('[[remove]]\nref = "2"\nreason = "x"\n[[change]]\nref = "2.1"\nmeaning = "same"\ntext = "y"', ("O004", "over", 11, 'ref = "2.1"')),
    ],
)
def test_mistakes_point_at_the_overlay(shelf: Catalogue, tmp_path: Path, text: str, expected: tuple[str, str, int, str]) -> None:
    """Each slip is found in the overlay's own file, at the line that has to be mended."""
    assert refused(shelf, tmp_path, text) == [expected]


def test_without_its_own_mark_an_overlay_may_not_add(shelf: Catalogue, tmp_path: Path) -> None:
    """Nobody could tell whose words they are."""
    file = write(tmp_path, "over/2", HEAD.replace('provenance = "inferred"\n', "") + '[[statement]]\nstandard = "1"\nref = "1.3"\ntext = "x"')
    with pytest.raises(InvalidFile, match="'provenance' is missing"):
        load_framework(file, catalogue=shelf)


def test_a_change_without_effect_is_only_mentioned(shelf: Catalogue, tmp_path: Path) -> None:
    """It loads, and `check` says that the line could go."""
    over = overlaid(shelf, tmp_path, '[[change]]\nref = "1.1"\nmeaning = "same"\nkind = "graded"')
    assert "O003" in [problem.code for problem in check(over)]


def test_overlay_tables_need_a_base(tmp_path: Path) -> None:
    """[[remove]] in a file that extends nothing is a mistake, and says so."""
    file = write(tmp_path, "base/1", BASE + '\n[[remove]]\nref = "2"\nreason = "x"')
    with pytest.raises(InvalidFile, match="belongs to an overlay"):
        load_framework(file)
