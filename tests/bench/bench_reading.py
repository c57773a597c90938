"""Importing and reading: against the import of what it needs, and against the bare readers of the standard library."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s11kit import Assessment, Catalogue, check, dump_assessment, parse_assessment, score

FRAMEWORKS = Path(__file__).parents[2] / "frameworks"
NAME = "cambridgeshire-peterborough@2017-19"


@pytest.mark.parametrize(("part", "code"), [("bare", "pass"), ("floor", "import attrs, tomllib"), ("ours", "import s11kit")])
def test_import(bench: Any, part: str, code: str) -> None:
    """A fresh interpreter that imports s11kit, and one that imports attrs and tomllib; a bare start is taken off both."""
    bench("import s11kit", part, lambda: subprocess.run([sys.executable, "-c", code], check=True), rounds=30)


@pytest.mark.parametrize("row", ["load a framework", "load a framework, plug-ins looked for", "load it again through the same catalogue"])
def test_framework_floor(bench: Any, row: str) -> None:
    """`tomllib.loads` of the text of the shipped framework."""
    text = (FRAMEWORKS / NAME.replace("@", "/") / "framework.toml").read_text(encoding="utf-8")
    bench(row, "floor", lambda: tomllib.loads(text))


def test_framework(bench: Any) -> None:
    """Finding, reading and checking the framework through a new catalogue each time."""
    bench("load a framework", "ours", lambda: Catalogue.of(FRAMEWORKS).framework(NAME))


def test_framework_by_default(bench: Any) -> None:
    """The same through the default catalogue, which looks for installed plug-ins first: the more packages are installed, the longer that takes."""
    bench("load a framework, plug-ins looked for", "ours", lambda: Catalogue.default().framework(NAME))


def test_framework_again(bench: Any, catalogue: Catalogue) -> None:
    """Asking a catalogue for what it has read already."""
    bench("load it again through the same catalogue", "ours", lambda: catalogue.framework(NAME), repeat=1_000)


def used(raw: bytes, catalogue: Catalogue) -> Callable[[], object]:
    def act() -> object:
        assessment = parse_assessment(raw, catalogue=catalogue)
        return check(assessment), score(assessment).total

    return act


def test_short_texts_floor(bench: Any, short_texts: bytes) -> None:
    """`json.loads` of an assessment with a few words under each of the 46 statements."""
    bench("read, check and score: short texts", "floor", lambda: json.loads(short_texts), rounds=200, repeat=20)


def test_short_texts(bench: Any, short_texts: bytes, catalogue: Catalogue) -> None:
    """Reading, checking and scoring the same bytes."""
    bench("read, check and score: short texts", "ours", used(short_texts, catalogue), rounds=200, repeat=5)


def test_example_floor(bench: Any, example: Assessment) -> None:
    """`json.loads` of the shipped example, with its texts, documents and actions."""
    raw = dump_assessment(example, kind="json").encode()
    bench("read, check and score: the example", "floor", lambda: json.loads(raw), rounds=200, repeat=20)


def test_example(bench: Any, example: Assessment, catalogue: Catalogue) -> None:
    """Reading, checking and scoring the same bytes."""
    bench("read, check and score: the example", "ours", used(dump_assessment(example, kind="json").encode(), catalogue), rounds=200, repeat=5)


def test_once(bench: Any, short_texts: bytes, catalogue: Catalogue) -> None:
    """46 statements, as the floor of ten times as many."""
    bench("read, check and score: ten times the statements", "floor", used(short_texts, catalogue), rounds=200, repeat=5)


def test_tenfold(bench: Any, short_texts_tenfold: bytes, tenfold: Catalogue) -> None:
    """460 statements."""
    bench("read, check and score: ten times the statements", "ours", used(short_texts_tenfold, tenfold), rounds=200)
