"""What people stumbled over: narrow windows, long lists of findings, names that are not known, options that were not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import Catalogue, load_assessment, load_framework

Run = Callable[..., Result]

LONG = """\
format = "s11kit.framework/1"
id = "long"
edition = "1"
title = "Long grades"

[settings]
school = "School or college"

[sizes]
small = "Fewer than ten people"

[[board]]
id = "board"
name = "The board"
receives_when = { settings = ["school"] }

[[scale]]
id = "four"
order = "worst-first"
grades = [
  { id = "no", code = "D", label = "We have not yet started to do this", meaning = "Nothing is there" },
  { id = "begun", code = "C", label = "We are beginning to do this in some places" },
  { id = "most", code = "B", label = "We do this in most places and can show it" },
  { id = "all", code = "A", label = "We do this everywhere, and review it" },
]
not_applicable = { code = "N" }

[plan]
status = [{ id = "open", label = "Not started" }, { id = "done", label = "All done", closed = true }]

[[standard]]
ref = "1"
title = "Commissioning, representation and accountability arrangements"

[[standard.statement]]
ref = "1.1"
text = "Graded"

[[standard.statement]]
ref = "1.2"
text = "Is there a policy?"
kind = "yes-no"

[requirements]
action = { at = ["no"], needs = ["action"] }
"""


@pytest.fixture
def long(tmp_path: Path, run: Run) -> tuple[Path, Path]:
    """A folder with that framework, and a new assessment of it."""
    folder = tmp_path / "long"
    (folder / "long/1").mkdir(parents=True)
    (folder / "long/1/framework.toml").write_text(LONG, encoding="utf-8")
    target = tmp_path / "long.toml"
    assert run("new", "assessment", "long@1", "--frameworks", folder, "--out", target).exit_code == 0
    return folder, target


def rows(output: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines()]


def test_four_long_grades_in_a_narrow_window(run: Run, long: tuple[Path, Path]) -> None:
    """Where headings do not fit, the table shows the codes, and a line below says what they mean."""
    folder, file = long
    run("set", file, "1.1", "C", "--frameworks", folder)
    output = run("score", file, "--frameworks", folder, columns=80).output
    assert "Standard No D C B A N Open Other open" in rows(output)
    assert "Total All Areas 1 0 1 0 0 0 0 0 1" in rows(output)
    assert "C: We are beginning to do this in some places; B:" in " ".join(output.split())
    assert "N: not applicable; No: number of questions; Open: unanswered" in " ".join(output.split())
    assert "Other: statements that take no grade, answered or still open" in output
    assert max(map(len, output.splitlines())) <= 80


def test_two_scales_in_a_narrow_window(run: Run, rich: tuple[Path, Path]) -> None:
    """Two scales fit into 80 columns, and shares say that they are of all of them; narrower than that, standards stand below each other."""
    folder, file = rich
    output = run("score", file, "--frameworks", folder, columns=80).output
    assert "Category No G A R 1 2 NA Open Other open" in rows(output)
    assert "G: rag: Green" in output
    assert "These are shares of the statements of all scales together." in output
    narrow = run("score", file, "--frameworks", folder, columns=45).output
    assert "maturity: Emerging 0" in rows(narrow)
    assert max(map(len, narrow.splitlines())) <= 45


def test_the_shipped_framework_in_a_narrow_window(run: Run, example: Path) -> None:
    """At 80 columns, no word of the shipped framework's table is cut."""
    output = run("score", example, columns=80).output
    for word in ("responsibility,", "accountability", "Recruitment,", "Unanswered", "questions", "Partly"):
        assert word in output.split("Shares")[0].split()
    assert max(map(len, output.splitlines())) <= 80


def test_yes_and_no_are_compared_as_words(run: Run, rich: tuple[Path, Path], tmp_path: Path) -> None:
    """A comparison says yes and no, writes dates in words, and counts one answer as one."""
    folder, file = rich
    later = tmp_path / "later.toml"
    for ref, said in (("2.1", "yes"), ("2.2", "2026-04-03")):
        run("set", file, ref, said, "--frameworks", folder)
    later.write_bytes(file.read_bytes())
    run("set", later, "2.2", "2026-03-04", "--frameworks", folder)
    output = run("score", later, "--compare", file, "--frameworks", folder, columns=200).output
    assert "1 answer differs (0 better, 0 worse" in output
    assert "3 April 2026 4 March 2026 other" in " ".join(output.split())
    run("set", later, "2.1", "no", "--frameworks", folder)
    output = run("score", later, "--compare", file, "--frameworks", folder, columns=200).output
    assert "2.1 Is there a policy? yes no other" in rows(output)
    assert "3 answers differ" in output and "True" not in output
    assert "no answer differs" in run("score", later, "--compare", later, "--frameworks", folder, columns=200).output


def test_unanswered_statements_are_one_finding(run: Run, blank: Path) -> None:
    """What is only unanswered is one finding, after the errors; all of it is there with --all and as JSON."""
    run("set", blank, "1.1", "not-met")
    output = run("check", blank).output
    assert output.count("A001") == 1
    assert "45 statements are unanswered: 1.2, 1.3, 1.4" in output
    assert output.index("A006") < output.index("A001")
    assert run("check", blank, "--all").output.count("A001") == 45
    shown = json.loads(run("check", blank, "--json").stdout)
    assert [problem["code"] for problem in shown["problems"]].count("A001") == 45
    assert shown["problems"][1]["path"].startswith('answer."1.2"') or shown["problems"][0]["path"]


def test_an_unknown_framework_may_be_ones_own(run: Run, tmp_path: Path) -> None:
    """Whoever names a framework that is not known is told how to give its folder."""
    file = tmp_path / "ours.toml"
    file.write_text('framework = "ours@2026"\n[organisation]\nname = "Us"\n', encoding="utf-8")
    for args in (("show", "ours@2026"), ("check", file), ("score", file)):
        assert "if it is yours, give its folder with --frameworks DIR" in run(*args).output
    assert "--frameworks DIR" in json.loads(run("check", file, "--json").stdout)["problems"][0]["hint"]


@pytest.mark.parametrize("table", ['[organisation]\nname = "Us"\n', '[answer."1.1"]\ngrade = "x"\n'])
def test_a_file_with_answers_is_an_assessment(run: Run, tmp_path: Path, table: str) -> None:
    """A file that does not say what it is, with an organisation or answers in it, is told to name its framework."""
    file = tmp_path / "ours.toml"
    file.write_text(table, encoding="utf-8")
    output = run("check", file).output
    assert "'framework' is missing" in output and 'add a line such as framework = "' in output


def test_setting_and_size_of_a_new_assessment(run: Run, long: tuple[Path, Path], tmp_path: Path) -> None:
    """Settings and size are options; words that the framework does not declare are refused with those it does; meanings are shown."""
    folder, _ = long
    target = tmp_path / "ours.toml"
    args = ("new", "assessment", "long@1", "--frameworks", folder, "--out", target)
    assert run(*args, "--setting", "school", "--size", "small").exit_code == 0
    made = load_assessment(target, catalogue=Catalogue.default(folder)).organisation
    assert (made.settings, made.size) == (frozenset({"school"}), "small")
    assert "no = We have not yet started to do this: Nothing is there (in general)" in target.read_text(encoding="utf-8")
    for option, wrong, told in (("--setting", "shop", "declared: school"), ("--size", "big", "declared: small")):
        result = run(*args, "--force", option, wrong)
        assert (result.exit_code, told in " ".join(result.output.split())) == (2, True), result.output
    assert "(no descriptor; in general: Nothing is there)" in run("show", "long@1", "1.1", "--frameworks", folder).output


def test_show_says_names_and_states(run: Run, long: tuple[Path, Path]) -> None:
    """States of actions, and the boards that receive under a condition, with names beside ids."""
    output = " ".join(run("show", "long@1", "--frameworks", long[0], columns=120).output.split())
    assert "The board, receives it when the organisation runs school (School or college)" in output
    assert "states of an action: Not started (open), All done (done, closed)" in output
    assert "settings school: School or college" in output


def test_uncommented_keys_of_a_new_overlay_load(run: Run, framework: str, tmp_path: Path) -> None:
    """The skeleton of an overlay has its provenance, and its notes on board and cycle are right as they stand."""
    text = run("new", "framework", "our-board@2026", "--extends", framework).stdout
    for block in ("[cycle]", "[[board]]"):
        lines = text.split(f"# {block}\n")[1].split("\n\n")[0].splitlines()
        text = text.replace(f"# {block}\n" + "\n".join(lines), f"{block}\n" + "\n".join(line.removeprefix("# ") for line in lines))
    target = tmp_path / "framework.toml"
    target.write_text(text, encoding="utf-8")
    made = load_framework(target)
    assert 'provenance = "reconstructed"' in text
    assert (made.boards[-1].id, made.cycle.period) == ("our-board", "2026/28")


def test_check_a_folder_of_returns(run: Run, example: Path, blank: Path, tmp_path: Path) -> None:
    """Every assessment in a folder is checked, and what cannot be read; other files are left alone."""
    (tmp_path / "settings.json").write_text('{"theme": "dark"}', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("notes", encoding="utf-8")
    shown = json.loads(run("check", tmp_path, "--json").stdout)
    assert shown["checked"] == [str(blank), str(example)]
    (tmp_path / "broken.toml").write_text("framework = ", encoding="utf-8")
    result = run("check", tmp_path)
    assert (result.exit_code, "3 files checked" in result.output) == (1, True)


def test_set_evidence_alone(run: Run, example: Path) -> None:
    """Evidence is changed without the grade; without anything to change, set is wrong use."""
    before = load_assessment(example)
    assert run("set", example, "1.1", "--evidence", "Other minutes", "--impact", "Much").exit_code == 0
    after = load_assessment(example)
    evidence = after.entry("1.1").evidence
    assert after.answer("1.1") == before.answer("1.1")
    assert (evidence.narrative if evidence else None, after.entry("1.1").impact) == ("Other minutes", "Much")
    assert run("set", example, "1.1").exit_code == 2
    assert run("set", example, "1.1", "--reason", "x").exit_code == 2
    assert run("set", example, "1", "--evidence", "x").exit_code == 1


@pytest.mark.parametrize(("verb", "words"), [("score", "Total All Areas"), ("plan", "10 statements must have an action")])
def test_results_into_a_file(run: Run, example: Path, tmp_path: Path, verb: str, words: str) -> None:
    """Score and plan go into a file as text or JSON, and never over one that is there without --force."""
    target = tmp_path / "result.txt"
    assert run(verb, example, "--out", target).exit_code == 0
    assert words in " ".join(target.read_text(encoding="utf-8").split())
    result = run(verb, example, "--json", "--out", target)
    assert (result.exit_code, json.loads(result.stdout)["problems"][0]["code"]) == (1, "F014")
    assert run(verb, example, "--json", "--out", target, "--force").exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8")) == json.loads(run(verb, example, "--json").stdout)


@pytest.mark.parametrize("day", ["31/12/2017", "2017-12-31", "31 December 2017"])
def test_a_day_is_written_three_ways(run: Run, example: Path, day: str) -> None:
    """The day to judge by may be written in any way that names one day, and is printed so that it could be typed."""
    assert "not closed on 31 December 2017" in run("plan", example, "--on", day).output
