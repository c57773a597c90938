"""The command, run in this process, and the files it is given."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s11kit import Catalogue
from s11kit.cli import main

FRAMEWORK = "cambridgeshire-peterborough@2017-19"

RICH_FRAMEWORK = """\
format = "s11kit.framework/1"
id = "rich"
edition = "1"
title = "A framework with one of everything"
default_scale = "rag"
labels = { standard = ["category", "part"], statement = "question" }

[areas]
north = "North"

[[role]]
id = "moderated"
label = "Moderator"

[[scale]]
id = "rag"
order = "best-first"
grades = [
  { id = "green", code = "G", label = "Green", descriptor = "All is there" },
  { id = "amber", code = "A", label = "Amber" },
  { id = "red", code = "R", label = "Red" },
]
not_applicable = { code = "NA", needs = ["reason"] }

[[scale]]
id = "maturity"
order = "worst-first"
grades = [{ id = "emerging", code = "1", label = "Emerging" }, { id = "mature", code = "2", label = "Mature" }]

[requirements]
evidence = { at = ["green"], needs = ["narrative", "documents"] }
action = { at = ["red"], needs = ["action", "due"] }

[[standard]]
ref = "1"
title = "Outer"

[[standard.statement]]
ref = "1.1"
text = "A graded statement"
descriptors = { amber = { text = "More than red", cumulative = true } }

[[standard.standard]]
ref = "1a"
title = "Inner"

[[standard.standard.statement]]
ref = "1a.1"
text = "How mature is it?"
scale = "maturity"

[[standard]]
ref = "2"
title = "Other kinds"

[[standard.statement]]
ref = "2.1"
text = "Is there a policy?"
kind = "yes-no"

[[standard.statement]]
ref = "2.2"
text = "When was it reviewed?"
kind = "date"

[[standard.statement]]
ref = "2.3"
text = "How many staff?"
kind = "number"
maximum = 100

[[standard.statement]]
ref = "2.4"
text = "Which checks are made?"
kind = "checklist"
options = [{ id = "dbs", label = "DBS" }, { id = "references", label = "References" }]

[[standard.statement]]
ref = "2.5"
text = "Why not?"
kind = "text"
applies_when = { any = { refs = ["2.1"], is = false } }
"""


@pytest.fixture
def framework() -> str:
    """The name of the shipped framework."""
    return FRAMEWORK


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command with arguments, and with what a person types."""

    def runs(*args: str | Path, typed: str | None = None, columns: int = 100) -> Result:
        runner = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1", "S11KIT_FRAMEWORKS": ""})
        return runner.invoke(main, [str(arg) for arg in args], input=typed, catch_exceptions=False)

    return runs


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the shipped example that the boards' published summary comes from."""
    source = Catalogue.default().example_file(FRAMEWORK, "published-summary")
    target = tmp_path / "example.toml"
    target.write_bytes(source.read_bytes())
    return target


@pytest.fixture
def blank(tmp_path: Path, run: Callable[..., Result]) -> Path:
    """A new assessment of the shipped framework, with nothing answered."""
    target = tmp_path / "blank.toml"
    assert run("new", "assessment", FRAMEWORK, "--area", "cambridgeshire", "--out", target).exit_code == 0
    return target


@pytest.fixture
def rich(tmp_path: Path, run: Callable[..., Result]) -> tuple[Path, Path]:
    """A folder with a framework that has one of everything, and a new assessment of it."""
    folder = tmp_path / "frameworks"
    (folder / "rich/1").mkdir(parents=True)
    (folder / "rich/1/framework.toml").write_text(RICH_FRAMEWORK, encoding="utf-8")
    target = tmp_path / "rich.toml"
    assert run("new", "assessment", "rich@1", "--frameworks", folder, "--out", target).exit_code == 0
    return folder, target


@pytest.fixture
def frameworks(tmp_path: Path, repository: Path) -> Path:
    """A copy of the folder of frameworks that ships with the library."""
    return Path(shutil.copytree(repository / "frameworks", tmp_path / "copy"))
