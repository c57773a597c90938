"""`s11kit laws write`: a test file that passes as it is, and says everything that was found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s11kit.cli import main

FRAMEWORK = """
format = "s11kit.framework/1"
id = "our-board"
edition = "2026"
title = "Our audit"
provenance = "reconstructed"

[[scale]]
id = "rag"
order = "worst-first"
grades = [{ id = "red", label = "Red" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]
not_applicable = { needs = ["reason"] }

[[standard]]
ref = "1"
title = "One"
statement = [{ ref = "1.1", text = "A." }, { ref = "1.2", text = "B." }, { ref = "1.3", text = "C." }]
"""
ACCEPTED = 'na_safe = { verdict = "refuted", accepted_by = "Board, minute 7.2", reason = "N/A needs a reason" }'
RULES = """
[[rule]]
id = "green-share"
title = "The share of \\\\ \\"\\"\\" Green"
unanswered = "worst"
steps = [{ id = "share", op = "share", over = "all", at_least = "green" }]

[[rule]]
id = "worst"
steps = [{ id = "worst-answer", op = "min", over = "all" }]
[rule.expect]
"""


@pytest.fixture
def framework(tmp_path: Path) -> Path:
    file = tmp_path / "boards" / "framework.toml"
    file.parent.mkdir()
    file.write_text(FRAMEWORK + RULES + ACCEPTED, encoding="utf-8")
    return file


def s11kit(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="s11kit", env={"COLUMNS": "120", "S11KIT_FRAMEWORKS": None})


def pytest_on(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={file.parent}", "-W", "error", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_written_file_passes(framework: Path) -> None:
    """One test for each rule and board-safe law; refutations come with their counterexample and with what accepts them."""
    target = framework.parent.parent / "tests" / "test_rules.py"
    done = s11kit("laws", "write", str(framework), "--out", str(target))
    assert done.exit_code == 0, done.output
    text = target.read_text(encoding="utf-8")
    assert 'FRAMEWORK = load_framework(Path(__file__).parent / "../boards/framework.toml")' in text
    assert text.count("\ndef test_") == 14
    assert 'assert_laws(RULES["green-share"], "S7", expect={"S7": "refuted"})' in text
    assert "    # 1.1 Red, 1.2 Green, 1.3 Green\n    # Change 1.1 from Red to not applicable:\n    #     2/3 -> 1\n" in text
    assert "    # Accepted: Board, minute 7.2, N/A needs a reason" in text
    assert 'assert_laws(RULES["worst"], "S7")\n' in text
    ran = pytest_on(target)
    assert ran.returncode == 0, ran.stdout
    assert "14 passed" in ran.stdout


def test_a_mended_rule_makes_the_acceptance_fail(framework: Path) -> None:
    """The file is strict both ways: when the rule is mended, the test that accepted the refutation says so."""
    target = framework.parent / "test_rules.py"
    assert s11kit("laws", "write", str(framework), "--out", str(target)).exit_code == 0
    mended = framework.read_text(encoding="utf-8").replace('unanswered = "worst"', 'unanswered = "worst"\nna = "worst"', 1)
    framework.write_text(mended, encoding="utf-8")
    ran = pytest_on(target)
    assert ran.returncode == 1
    assert "accepted once and is true no longer" in ran.stdout
    assert "1 failed, 13 passed" in ran.stdout


def test_it_prints_by_default_and_never_overwrites(framework: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output unless --out is given; an existing file stays, unless --force is given."""
    monkeypatch.chdir(framework.parent)
    printed = s11kit("laws", "write", "framework.toml")
    assert printed.exit_code == 0
    compile(printed.output, "test_rules.py", "exec")
    assert 'load_framework(Path(__file__).parent / "framework.toml")' in printed.output
    kept = Path("kept.py")
    kept.write_text("mine\n", encoding="utf-8")
    refused = s11kit("laws", "write", "framework.toml", "--out", "kept.py")
    assert (refused.exit_code, kept.read_text(encoding="utf-8")) == (1, "mine\n")
    assert "F014" in refused.output
    assert s11kit("laws", "write", "framework.toml", "--out", "kept.py", "--force").exit_code == 0
    assert kept.read_text(encoding="utf-8") == printed.output


def test_a_framework_without_rules_has_nothing_to_write(framework: Path) -> None:
    """It says so, and writes no file."""
    framework.write_text(FRAMEWORK, encoding="utf-8")
    done = s11kit("laws", "write", str(framework.parent), "--out", str(framework.parent / "test_none.py"))
    assert done.exit_code == 1
    assert "our-board@2026 declares no rules" in done.output
    assert not (framework.parent / "test_none.py").exists()


def test_an_expectation_that_is_wrong_stays_wrong(framework: Path) -> None:
    """What the framework expects and is not so is not accepted by writing it down."""
    wrong = framework.read_text(encoding="utf-8").replace(ACCEPTED, 'na_safe = "proven"')
    framework.write_text(wrong, encoding="utf-8")
    printed = s11kit("laws", "write", str(framework)).output
    assert "The framework expects 'proven': this test fails until one of the two is mended." in printed
    assert 'assert_laws(RULES["worst"], "S7")\n' in printed


def test_frameworks_by_name_are_looked_up_in_the_folders_given(framework: Path) -> None:
    """A name stays a name; folders of frameworks are found from where the file stands."""
    folder = framework.parent / "our-board" / "2026"
    folder.mkdir(parents=True)
    framework.rename(folder / "framework.toml")
    target = framework.parent / "test_rules.py"
    done = s11kit("laws", "write", "our-board@2026", "--frameworks", str(framework.parent), "--budget", "50000", "--out", str(target))
    assert done.exit_code == 0, done.output
    text = target.read_text(encoding="utf-8")
    assert 'FRAMEWORK = Catalogue.default(Path(__file__).parent / ".").framework("our-board@2026")' in text
    assert "budget=50000" in text
    assert pytest_on(target).returncode == 0
