"""Verbs that only read: list, show, check, score, plan, explain, schema, demo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import load_assessment, score
from s11kit.cli import main

Run = Callable[..., Result]

PUBLISHED = {
    "Senior management commitment": "7 4 0 3 0 0",
    "Statement of responsibility, available to staff": "6 1 0 4 0 1",
    "Line of accountability": "5 0 2 2 1 0",
    "Service development, informed by welfare and by the views of children and families": "6 0 0 5 1 0",
    "Staff training": "10 2 1 4 3 0",
    "Recruitment, vetting and allegations": "10 0 0 8 2 0",
    "Information sharing": "2 0 0 1 1 0",
    "Total All Areas": "46 7 3 27 8 1",
}


def rows(output: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines()]


@pytest.mark.parametrize("verb", list(main.commands))
def test_help_of_every_verb_has_an_example(run: Run, verb: str) -> None:
    """The help of every verb says what it does and shows how it is called."""
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert f"\nExamples:\n  s11kit {verb}" in result.output


def test_wrong_use_is_exit_code_2(run: Run) -> None:
    """A verb that does not exist, or an option that does not, is wrong use."""
    assert [run("lst").exit_code, run("list", "--nonsense").exit_code, run("score").exit_code] == [2, 2, 2]


def test_version(run: Run) -> None:
    """The command knows its version."""
    assert run("--version").output.startswith("s11kit, version ")


def test_list(run: Run, framework: str) -> None:
    """The list names each framework, what it holds, what is documented and who ships it."""
    result = run("list", columns=120)
    assert result.exit_code == 0
    assert f"{framework} 8 standards 8 standards s11kit" in rows(result.output)
    assert "Section 11 self-assessment tool 2017/19 52 statements 46 statements" in rows(result.output)


def test_list_as_json(run: Run, framework: str) -> None:
    """As JSON, shipped and documented counts are kept apart."""
    shown = json.loads(run("list", "--json").stdout)
    first = next(row for row in shown["frameworks"] if row["name"] == framework)
    assert first["shipped"] == {"standards": 8, "statements": 52}
    assert first["documented"] == {"standards": 8, "statements": 46}


def test_list_shows_what_cannot_be_read(run: Run, rich: tuple[Path, Path], framework: str) -> None:
    """A broken framework is listed as such, its problems are printed, and the others are listed all the same."""
    folder, _ = rich
    (folder / "rich/1/framework.toml").write_text('format = "s11kit.framework/1"\n', encoding="utf-8")
    result = run("list", "--frameworks", folder)
    assert result.exit_code == 1
    assert "cannot be read, see below" in result.output
    assert framework in result.output


def test_folders_come_from_the_environment(run: Run, rich: tuple[Path, Path]) -> None:
    """S11KIT_FRAMEWORKS names folders as --frameworks does."""
    from click.testing import CliRunner

    result = CliRunner(env={"S11KIT_FRAMEWORKS": str(rich[0])}).invoke(main, ["show", "rich@1"])
    assert (result.exit_code, "one of everything" in result.output) == (0, True)


def test_show_a_framework(run: Run, framework: str) -> None:
    """The framework is shown with boards, scale, conditions in words, and how each item is known."""
    output = run("show", framework, columns=160).output
    assert "Cambridgeshire Local Safeguarding Children Board" in output
    assert "applies when the organisation works in peterborough" in output
    assert "1.3 The governing body receives a written report on safeguarding children at least once a year. reconstructed" in rows(output)
    assert "needs an action with Lead person name/title, Action, Impact and Timescale; welcome: Progress" in output
    assert "Eight standards. The eighth is in scope only where its condition holds" in output


def test_show_an_item(run: Run, framework: str) -> None:
    """One item is shown with its words, its descriptors, and which of them are only the scale's."""
    output = " ".join(run("show", framework, "1.1").output.split())
    assert "documented, words reconstructed" in output
    assert "[the scale's general words," in output
    assert "A model answer Dr Amina Noor" in output
    assert "needs a reason; welcome: what is done instead" in output


def test_show_says_cumulative(run: Run, rich: tuple[Path, Path]) -> None:
    """A descriptor that comes on top of the grade below says so."""
    assert "on top of the grade below" in run("show", "rich@1", "1.1", "--frameworks", rich[0]).output


def test_show_a_file_or_folder(run: Run, rich: tuple[Path, Path]) -> None:
    """A framework may be named by its file or its folder."""
    named = run("show", "rich@1", "--frameworks", rich[0]).output
    assert named == run("show", rich[0] / "rich/1/framework.toml").output == run("show", rich[0] / "rich/1").output


def test_show_as_json(run: Run, framework: str) -> None:
    """As JSON, every grade says whether its descriptor is generic."""
    shown = json.loads(run("show", framework, "1.1", "--json").stdout)
    assert [(grade["id"], grade["generic"]) for grade in shown["grades"]] == [("not-met", False), ("partly-met", True), ("fully-met", False)]
    whole = json.loads(run("show", framework, "--json").stdout)
    assert len(whole["items"]) == 60


def test_unknown_names_offer_the_nearest(run: Run, framework: str) -> None:
    """A slip in the name of a framework or an item is answered with the nearest there is."""
    result = run("show", framework.replace("bridge", "brigde"))
    assert (result.exit_code, f"did you mean '{framework}'?" in result.output) == (1, True)
    assert "did you mean '8.6'?" in run("show", framework, "8.7").output


def test_problems_as_json(run: Run) -> None:
    """With --json, what cannot be done is JSON on standard output as well."""
    result = run("score", "nosuch.toml", "--json")
    assert result.exit_code == 1
    assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == ["F001"]


def test_check_exit_codes(run: Run, example: Path, blank: Path) -> None:
    """Warnings are printed and let pass, unless --strict; errors are exit code 1."""
    assert run("check", example).exit_code == 0
    assert run("check", example, "--strict").exit_code == 1
    blank.write_text(blank.read_text(encoding="utf-8").replace('[answer."1.1"]', '[answer."1.1"]\ngrade = "fuly-met"'), encoding="utf-8")
    result = run("check", blank)
    assert result.exit_code == 1
    assert "A002 wrong-grade" in result.output
    assert "1 file checked: 1 error, 45 warnings" in result.output


def test_check_folder(run: Run, repository: Path) -> None:
    """Everything in a folder of frameworks is checked, examples too."""
    shown = json.loads(run("check", repository / "frameworks", "--json").stdout)
    assert shown["counts"]["errors"] == 0
    assert [Path(name).name for name in shown["checked"] if "cambridgeshire" in name] == [
        "framework.toml",
        "both-areas.toml",
        "published-summary.toml",
    ]


def test_check_tells_kinds_apart(run: Run, rich: tuple[Path, Path], tmp_path: Path, framework: str) -> None:
    """Frameworks, scales and assessments are told apart by what they say of themselves; names are looked up."""
    scale = tmp_path / "scale.toml"
    grades = '[{ id = "no", label = "No" }, { id = "yes", label = "Yes" }]'
    scale.write_text(f'format = "s11kit.scale/1"\nid = "two"\nedition = "1"\norder = "worst-first"\ngrades = {grades}\n', encoding="utf-8")
    result = run("check", rich[0] / "rich/1/framework.toml", scale, rich[1], framework, rich[0] / "rich/1", "--frameworks", rich[0])
    assert result.exit_code == 0
    assert "5 files checked" in result.output


def test_check_an_empty_folder(run: Run, tmp_path: Path) -> None:
    """A folder without any framework is a problem, not a success."""
    result = run("check", tmp_path)
    assert (result.exit_code, "there is no framework and no assessment in the folder" in result.output) == (1, True)


def test_score_table(run: Run, example: Path) -> None:
    """The table is the one that the boards published, and shares say their base, their rounding and their exact value."""
    output = run("score", example, columns=200).output
    for title, numbers in PUBLISHED.items():
        assert any(row.endswith(f"{title} {numbers}") for row in rows(output)), (title, output)
    assert "Shares of the 38 applicable (base: applicable), to the nearest 0.1, half-up" in output
    assert "Fully met 71.1 % (27 of 38; exactly 27/38)" in rows(output)
    assert "Standard 8 (Neglect) is out of scope: it applies when the organisation works in peterborough." in output


def test_score_as_json_is_the_score(run: Run, example: Path) -> None:
    """`score --json` is exactly `Score.to_dict`."""
    expected = score(load_assessment(example)).to_dict(base="graded")
    assert json.loads(run("score", example, "--base", "graded", "--json").stdout) == expected
    assert list(expected) == ["framework", "organisation", "role", "tally", "completeness", "shares", "rules"]


def test_score_rounding(run: Run, example: Path) -> None:
    """Percentages are rounded to the step and in the mode that are asked for, and say so."""
    assert "70 % (27 of 38; exactly 27/38)" in run("score", example, "--round", "10").output
    assert "80 % (27 of 38; exactly 27/38)" in run("score", example, "--round", "10", "--mode", "up").output
    assert "1350/19 % (27 of 38; exactly 27/38)" in run("score", example, "--round", "none").output
    assert run("score", example, "--round", "0").exit_code == 2


def test_score_refuses_to_guess_scope(run: Run, framework: str, tmp_path: Path) -> None:
    """An assessment whose scope cannot be settled has no score, only problems."""
    target = tmp_path / "unsettled.toml"
    made = run("new", "assessment", framework, "--out", target)
    assert "say the organisation's areas in the file" in made.output
    result = run("score", target)
    assert (result.exit_code, "A011 scope-unsettled" in result.output) == (1, True)


def test_score_compares_files(run: Run, example: Path, tmp_path: Path) -> None:
    """Compared with an earlier file, each answer that differs is named with its direction."""
    later = tmp_path / "later.toml"
    later.write_bytes(example.read_bytes())
    assert run("set", later, "1.3", "partly-met").exit_code == 0
    output = run("score", later, "--compare", example, columns=120).output
    assert "1 better, 0 worse, 45 same, 0 other" in " ".join(output.split())
    comparison = json.loads(run("score", later, "--compare", example, "--json").stdout)["comparison"]
    assert [(change["ref"], change["direction"]) for change in comparison["changes"]] == [("1.3", "better")]


def test_score_of_nested_standards_and_several_scales(run: Run, rich: tuple[Path, Path]) -> None:
    """Nested standards are indented, each scale has its columns, other kinds of answer are counted apart, and local names are used."""
    output = run("score", rich[1], "--frameworks", rich[0], columns=200).output
    assert "Category" in output
    assert "rag: Green rag: Amber rag: Red maturity: Emerging maturity: Mature" in " ".join(output.split())
    assert "1a Inner 1 - - - 0 0 0 1 0 0" in rows(output)
    assert "  1a" in output


def test_score_of_roles(run: Run, rich: tuple[Path, Path]) -> None:
    """A role has a score of its own, and can be compared with the organisation's."""
    folder, file = rich
    run("set", file, "1.1", "amber", "--frameworks", folder)
    run("set", file, "1.1", "red", "--role", "moderated", "--frameworks", folder)
    output = run("score", file, "--compare-role", "moderated", "--frameworks", folder, columns=120).output
    assert "1.1 A graded statement Amber Red worse" in rows(output)
    assert run("score", file, "--role", "nobody", "--frameworks", folder).exit_code == 1


def test_plan(run: Run, example: Path) -> None:
    """Each action is printed under the board's own labels, dates in words that no one can mistake, and overdue in words."""
    output = run("plan", example, "--on", "31/12/2017").output
    assert "Lead person name/title Hannah Oyelaran, project manager" in rows(output)
    assert "Timescale 12 September 2017" in rows(output)
    assert "OVERDUE: due 12 September 2017, not closed on 31 December 2017" in output
    assert "10 statements must have an action; all of them have one; 10 actions in all; 10 overdue on 31 December 2017." in " ".join(output.split())
    assert "OVERDUE" not in run("plan", example).output


def test_plan_names_what_is_missing(run: Run, blank: Path) -> None:
    """A grade that must have an action and has none is shown as missing."""
    run("set", blank, "1.1", "not-met")
    assert "MISSING: this grade must have an action, and there is none" in run("plan", blank).output
    assert json.loads(run("plan", blank, "--json").stdout)["wanting"] == ["1.1"]


def test_dates_that_could_be_two_days_are_wrong_use(run: Run, example: Path) -> None:
    """A date that could be two days is refused, with what to write instead."""
    result = run("plan", example, "--on", "3/4/2018")
    assert result.exit_code == 2
    assert "write 2018-04-03 or '3 April 2018' if the day comes first" in " ".join(result.output.split())
    assert run("plan", example, "--on", "soon").exit_code == 2


def test_explain(run: Run) -> None:
    """A code and its slug give the same page; without either, all codes are listed; a slip offers the nearest."""
    assert run("explain", "R003").output == run("explain", "unknown-scale").output
    assert run("explain", "R003").output.startswith("# R003 unknown-scale (error)")
    assert "A003 evidence-missing error" in rows(run("explain").output)
    result = run("explain", "unknwn-scale")
    assert (result.exit_code, "did you mean 'unknown-scale'?" in result.output) == (2, True)
    assert json.loads(run("explain", "R003", "--json").stdout)["slug"] == "unknown-scale"
    assert {"code": "R003", "slug": "unknown-scale", "severity": "error"} in json.loads(run("explain", "--json").stdout)["codes"]


@pytest.mark.parametrize("kind", ["framework", "scale", "assessment", "overlay"])
def test_schema(run: Run, kind: str) -> None:
    """There is a JSON Schema of each kind of file."""
    assert json.loads(run("schema", kind).stdout)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("columns", [80, 120])
def test_demo(run: Run, columns: int) -> None:
    """The demo shows the published table, three bases, the gaps and the plan, and nothing wider than the window but the findings."""
    result = run("demo", columns=columns)
    assert result.exit_code == 0
    table = " ".join(result.output.split())
    assert "Total All Areas 46 7 3 27 8 1" in table
    for numbers in ("10 2 1 4 3 0", "2 0 0 1 1 0", "5 0 2 2 1 0"):
        assert numbers in table
    assert "of all graded 73.0 % (27 of 37; exactly 27/37)" in table
    assert "1.3 The governing body receives" in table
    assert "10 statements must have an action; all of them have one" in table
    before, _, found = result.output.partition("3. Check")
    assert max(len(line) for line in (before + found.partition("4. Gaps")[2]).splitlines()) <= columns
    assert result.output.index("Total All Areas") < result.output.index("A001 unanswered")
    assert "\npublished-summary.toml:334:18: A005" in result.output


def test_demo_as_json(run: Run) -> None:
    """The demo as JSON holds what the verbs give."""
    shown = json.loads(run("demo", "--json").stdout)
    assert shown["score"]["tally"]["total"]["grades"] == {"not-met": 7, "partly-met": 3, "fully-met": 27}
    assert len(shown["plan"]["rows"]) == 10


def test_hostile_markup_prints_literally(run: Run, example: Path) -> None:
    """Text that looks like markup is printed as it is, and control characters never reach the terminal."""
    run("set", example, "1.3", "not-met")
    text = example.read_text(encoding="utf-8")
    hostile = text.replace('lead = "Hannah Oyelaran, project manager"', 'lead = "[red]x[/red] :boom: \\u001b[31m \\u0007"')
    example.write_text(hostile.replace("Reedbank Youth Project", "[bold]Us[/nothing]"), encoding="utf-8")
    output = run("plan", example).output
    assert "[red]x[/red] :boom: \\x1b[31m \\x07" in output
    assert "[bold]Us[/nothing]" in output
    assert "\x1b" not in output + run("score", example).output + run("check", example).output
