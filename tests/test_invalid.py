"""Every problem has a failing file with its message word for word, and a manual page.

`S11KIT_UPDATE=1 python -m pytest tests/test_invalid.py` writes what comes out into the `expected.txt` files, for a person to read and judge.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from s11kit import Catalogue, InvalidFile, Problem, S11Error, check, load_assessment, load_framework
from s11kit.codec import load_scale, write_text
from s11kit.codec.editing import edit_answers
from s11kit.errors import CODES, manual, render
from s11kit.proving import prove

HERE = Path(__file__).parent
INVALID = HERE / "invalid"
FOLDERS = sorted(folder for folder in INVALID.iterdir() if folder.is_dir())
TODAY = datetime.date(2026, 9, 1)


def catalogue() -> Catalogue:
    """Only the frameworks beside the failing file, where there are any."""
    return Catalogue.of("frameworks") if Path("frameworks").is_dir() else Catalogue.default()


def found_in(folder: Path) -> tuple[Problem, ...]:
    """Everything that is found in the one failing file of a folder, which is the current one."""
    [file] = (entry.name for entry in folder.iterdir() if entry.is_file() and entry.name != "expected.txt")
    try:
        if file.startswith("assessment."):
            return check(load_assessment(file, catalogue=catalogue()), on=TODAY)
        if file == "scale.toml":
            load_scale(file)
            return ()
        return check(load_framework(file, catalogue=catalogue()))
    except InvalidFile as error:
        return error.problems


# What no file alone can show. These work in an empty folder; those of the catalogue, of editing and of rules, further down, beside their files.


def _refused(act: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(S11Error) as caught:
        act()
    return caught.value.problems


def no_such_file() -> tuple[Problem, ...]:
    return _refused(lambda: load_assessment("assessment.toml"))


def too_large() -> tuple[Problem, ...]:
    with Path("assessment.toml").open("wb") as file:
        file.truncate(9_000_000)
    return _refused(lambda: load_assessment("assessment.toml"))


def too_many() -> tuple[Problem, ...]:
    head = 'format = "s11kit.framework/1"\nid = "our-board"\nedition = "2026"\ntitle = "Our board\'s self-assessment"\n'
    Path("framework.toml").write_text(head + "[[standard]]\n" * 20_001, encoding="utf-8")
    return _refused(lambda: load_framework("framework.toml"))


def file_exists() -> tuple[Problem, ...]:
    write_text("assessment.toml", 'framework = "our-board@2026"\n', overwrite=False)
    return _refused(lambda: write_text("assessment.toml", "", overwrite=False))


def cannot_write() -> tuple[Problem, ...]:
    return _refused(lambda: write_text("2026/assessment.toml", "", overwrite=False))


def misplaced() -> tuple[Problem, ...]:
    """A folder whose name can be no id is found at once; one that does not belong to its framework when that is asked for."""
    known = Catalogue.of("frameworks")
    return (*known.problems, *_refused(lambda: known.framework("our-board@2026-27")))


SITUATIONS: dict[str, Callable[[], tuple[Problem, ...]]] = {
    "F001": no_such_file,
    "F002": too_large,
    "F011": too_many,
    "F014": file_exists,
    "F015": cannot_write,
}
CATALOGUES: dict[str, Callable[[], tuple[Problem, ...]]] = {
    "C001": lambda: Catalogue.of("frameworks", "more-frameworks").problems,
    "C002": lambda: Catalogue.default().problems,
    "C003": misplaced,
}
EDITS: dict[str, Callable[[], object]] = {
    "F016": lambda: edit_answers("assessment.toml", {"1.1": {"grade": "not-met"}}),
    "R013": lambda: prove(load_framework("framework.toml"), "overal"),
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_message(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in a failing file reads exactly as `expected.txt` says, and nothing else is found in it."""
    code = folder.name[:4]
    monkeypatch.chdir(tmp_path if code in SITUATIONS else folder)
    if code in SITUATIONS:
        problems = SITUATIONS[code]()
    elif code in CATALOGUES:
        monkeypatch.syspath_prepend(folder / "site-packages")
        problems = CATALOGUES[code]()
    elif code in EDITS:
        problems = _refused(EDITS[code])
    else:
        problems = found_in(folder)
    text = "\n\n".join(map(render, problems)) + "\n"
    if os.environ.get("S11KIT_UPDATE"):
        (folder / "expected.txt").write_text(text, encoding="utf-8", newline="\n")
    assert {code} == {problem.code for problem in problems}
    assert (folder / "expected.txt").read_text(encoding="utf-8") == text


def test_every_code_is_shown() -> None:
    """Every code has a failing file and a manual page, and there is neither without a code. A code may have more files, for other ways to fail."""
    names = {f"{code}-{slug}" for code, (slug, _) in CODES.items()}
    shown = {folder.name for folder in FOLDERS}
    assert sorted(names - shown) == []
    assert [name for name in shown if not any(name == own or name.startswith(f"{own}-") for own in names)] == []
    pages = sorted(entry.name for entry in (files("s11kit.errors") / "manual").iterdir())
    assert sorted(f"{code}.md" for code in CODES) == pages


@pytest.mark.parametrize("code", sorted(CODES))
def test_manual(code: str) -> None:
    """A manual page says what the problem means, why it matters and how to mend it, and its files can be read as they stand."""
    slug, severity = CODES[code]
    title, blank, first, *rest = manual(code).splitlines()
    assert f"# {code} {slug} ({severity})" == title
    assert not blank
    assert first.strip()
    text = "\n".join(rest)
    matters, mend = text.index("**Why it matters.** "), text.index("**How to mend it.** ")
    assert matters < mend
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    assert 2 * len(blocks) == text.count("```")
    assert {kind for kind, _ in blocks} <= {"toml", "json", "text"}
    for kind, block in blocks:
        if kind != "text":
            (tomllib if kind == "toml" else json).loads(block)


def test_reference_names_every_code(repository: Path) -> None:
    """The page of the documentation about problems has a row for every code, with its slug and severity."""
    page = (repository / "docs" / "reference" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]\d{3}) \| `([a-z-]+)` \| (\w+) \| .+ \|$", page, flags=re.MULTILINE)
    assert [(code, *CODES[code]) for code in CODES] == rows
