"""Frameworks that are not like the shipped one: numeric scales, statements that ask for two things, statuses, everything a statement may have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import Catalogue, Graded, load_assessment

Run = Callable[..., Result]

NUMERIC = """\
format = "s11kit.framework/1"
id = "numeric"
edition = "1"
title = "Percentages"
provenance = "documented"
voluntary = true

[[source]]
id = "page"
title = "The board's page"
url = "https://board.example"

[[reference_set]]
id = "health-audit"
title = "The health audit"

[[scale]]
id = "percent"
order = "worst-first"
steps = { from = 0, to = 100, step = 5, unit = "%" }

[requirements]
evidence = { at = { "0" = "should", "50" = "must" }, needs = ["narrative"], invites = ["outcome"] }
action = { at = { "0" = "review", "50" = "should" }, needs = ["action"] }

[[action_field]]
id = "action"
label = "What"

[[action_field]]
id = "due"
label = "When"
kind = "date"

[[action_field]]
id = "state"
label = "State"
kind = "status"

[plan]
status = [{ id = "open", label = "Open" }, { id = "done", label = "Done", closed = true }]

[[standard]]
ref = "1"
title = "Supervision"
text = "An introduction."
graded = true

[[standard.statement]]
ref = "1.1"
text = "How many are supervised?"
kind = "number"
graded = true
unit = "people"
minimum = 1
source = "page"
note = "A remark."
time_limit = { number = 2, unit = "year" }
target = "100"
spotlight = true
optional = true
weights = { weight = 3 }
references = [{ set = "health-audit", ref = "18.1" }]
tags = ["key"]
links = [{ title = "A guide", url = "https://guide.example" }]
descriptors = { "100" = { text = "All of them", notes = { school = "Teachers too" } } }

[[standard.statement.criterion]]
ref = "a"
text = "Staff"
weight = 60

[[standard.statement.criterion]]
ref = "b"
text = "Volunteers"
weight = 40

[[standard.statement]]
ref = "1.2"
text = "Read this before you go on."
kind = "prompt"
"""


@pytest.fixture
def numeric(tmp_path: Path, run: Run) -> tuple[Path, Path]:
    """A folder with that framework, and a new assessment of it."""
    folder = tmp_path / "numbers"
    (folder / "numeric/1").mkdir(parents=True)
    (folder / "numeric/1/framework.toml").write_text(NUMERIC, encoding="utf-8")
    target = tmp_path / "numeric.toml"
    result = run("new", "assessment", "numeric@1", "--frameworks", folder, "--out", target)
    assert result.exit_code == 0, result.output
    return folder, target


def test_everything_about_a_statement_is_shown(run: Run, numeric: tuple[Path, Path]) -> None:
    """Source, note, limit, target, weights, references, criteria, links and notes for a setting are all shown."""
    output = " ".join(run("show", "numeric@1", "1.1", "--frameworks", numeric[0], columns=120).output.split())
    for text in (
        "The board's page, https://board.example",
        "note A remark.",
        "asks for a number in people, at least 1",
        "time limit 2 years",
        "target 100",
        "weight 3",
        "references health-audit 18.1",
        "optional may be left blank",
        "a Staff (weight 60) b Volunteers (weight 40)",
        "- A guide: https://guide.example",
        "school: Teachers too",
        "should have evidence in words; welcome: the four-part outcome story",
        "may deserve an action with What",
        "(no descriptor)",
    ):
        assert text in output, text


def test_a_standard_shows_what_it_holds(run: Run, numeric: tuple[Path, Path]) -> None:
    """A standard is shown with its introduction and the statements in it; the whole framework with what is special about each."""
    output = " ".join(run("show", "numeric@1", "1", "--frameworks", numeric[0]).output.split())
    assert "An introduction." in output
    assert "Holds 1.1 How many are supervised? (documented)" in output
    whole = " ".join(run("show", "numeric@1", "--frameworks", numeric[0], columns=120).output.split())
    assert "nobody is obliged to answer" in whole
    assert "graded as a whole" in whole
    assert "nothing to answer" in whole
    assert "and 9 more" in whole


def test_many_grades_are_spelled_out(run: Run, numeric: tuple[Path, Path]) -> None:
    """A scale with too many grades for a column each is printed as what was given."""
    folder, file = numeric
    run("set", file, "1", "50", "--frameworks", folder)
    output = run("score", file, "--frameworks", folder, "--base", "all", columns=120).output
    assert "50%: 1" in output
    assert "50% 50.0 % (1 of 2; exactly 1/2)" in [" ".join(line.split()) for line in output.splitlines()]
    assert "Unanswered 50.0 % (1 of 2; exactly 1/2)" in [" ".join(line.split()) for line in output.splitlines()]


def test_nothing_to_share(run: Run, numeric: tuple[Path, Path]) -> None:
    """Where nothing is graded, no share of it is printed."""
    folder, file = numeric
    assert "nothing is graded, so there is nothing to share" in run("score", file, "--base", "graded", "--frameworks", folder).output


def test_a_guide_to_two_answers_in_one(run: Run, numeric: tuple[Path, Path]) -> None:
    """A statement that takes a grade and a number is asked for both; statuses and dates are asked again until they fit."""
    folder, file = numeric
    typed = "100\n50\nfew\n12\nTalks\n\n\n\n\nTrain\n3/4/2026\nsoon\n2026-04-03\nopeen\nopen\n"
    result = run("answer", file, "--frameworks", folder, typed=typed)
    made = load_assessment(file, catalogue=Catalogue.default(folder))
    assert (made.answer("1"), made.answer("1.1")) == (Graded("100"), Graded("50", value=12)), result.output
    action = made.entry("1.1").actions[0]
    assert [action.text(name) for name in ("action", "due", "state")] == ["Train", "2026-04-03", "open"]


def test_actions_that_need_not_be_there(run: Run, numeric: tuple[Path, Path]) -> None:
    """A grade that only should have an action says so, and every graded statement is a row with --all."""
    folder, file = numeric
    run("set", file, "1", "50", "--frameworks", folder)
    output = run("plan", file, "--frameworks", folder).output
    assert "no action; this grade should have one" in output
    assert "No statement must have an action; 0 actions in all." in output
    assert "How many are supervised?" in run("plan", file, "--all", "--frameworks", folder).output


def test_actions_of_no_statement(run: Run, numeric: tuple[Path, Path]) -> None:
    """An action that belongs to no statement stands at the end, with keys that are no fields."""
    folder, file = numeric
    with file.open("a", encoding="utf-8") as opened:
        opened.write('\n[[action]]\naction = "Tidy up"\ncarried_from = "9.9"\n')
    output = " ".join(run("plan", file, "--frameworks", folder).output.split())
    assert "An action that belongs to no statement What Tidy up" in output
    assert "carried_from 9.9" in output


def test_a_shared_scale_is_listed_and_checked(run: Run, numeric: tuple[Path, Path]) -> None:
    """Shared scales of a folder are listed, and checked with it."""
    folder, _ = numeric
    (folder / "scales/two/1").mkdir(parents=True)
    grades = '[{ id = "no", label = "No" }, { id = "yes", label = "Yes" }]'
    text = f'format = "s11kit.scale/1"\nid = "two"\nedition = "1"\norder = "worst-first"\ngrades = {grades}\n'
    (folder / "scales/two/1/scale.toml").write_text(text, encoding="utf-8")
    assert "Shared scales: two@1" in run("list", "--frameworks", folder).output
    assert "2 files checked" in run("check", folder).output


def test_a_copy_of_the_shipped_folder_is_judged_by_itself(run: Run, frameworks: Path, framework: str) -> None:
    """A folder that defines a shipped framework again is checked by its own files; asked for both at once, the catalogue says so."""
    assert run("check", frameworks).exit_code == 0
    file = frameworks / "cambridgeshire-peterborough/2017-19/framework.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('ref  = "1.2"', 'ref  = "1.2x"'), encoding="utf-8")
    result = run("check", frameworks)
    assert (result.exit_code, "A009 no-such-statement" in result.output) == (1, True)
    assert "C001 duplicate-framework" in run("check", framework, "--frameworks", frameworks).output
