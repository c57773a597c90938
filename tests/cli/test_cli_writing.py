"""Verbs that write: new, set, answer, schema --out. Nothing is overwritten unasked, and nothing else in a file changes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import Catalogue, Graded, NotApplicable, Stated, Unanswered, check, load_assessment, load_framework

Run = Callable[..., Result]


def changed(before: str, after: str) -> list[str]:
    """The lines that came and went."""
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_a_new_framework_is_valid(run: Run, tmp_path: Path) -> None:
    """The skeleton of a framework loads, and nothing in it is wrong."""
    target = tmp_path / "our-board/2026/framework.toml"
    assert run("new", "framework", "our-board@2026", "--title", 'A "title"', "--out", target).exit_code == 0
    framework = load_framework(target)
    assert (framework.name, framework.title) == ("our-board@2026", 'A "title"')
    assert [problem for problem in check(framework) if problem.severity != "hint"] == []


def test_a_new_overlay_is_valid(run: Run, tmp_path: Path, framework: str) -> None:
    """The skeleton of an overlay holds everything of its base."""
    target = tmp_path / "overlay.toml"
    assert run("new", "framework", "our-board@2026", "--extends", framework, "--out", target).exit_code == 0
    made = load_framework(target)
    assert (made.extends, made.shipped_count.statements) == (framework, 52)


def test_a_name_that_is_none_is_wrong_use(run: Run) -> None:
    """A framework is named id@edition."""
    assert run("new", "framework", "our board").exit_code == 2


def test_uncommented_keys_of_a_new_framework_load(run: Run, tmp_path: Path) -> None:
    """What is commented out in the skeleton is right as it stands."""
    text = run("new", "framework", "our-board@2026").stdout
    for block in ("[areas]", "[cycle]", "[[board]]", "[[sign_off]]"):
        lines = text.split(f"# {block}\n")[1].split("\n\n")[0].splitlines()
        text = text.replace(f"# {block}\n" + "\n".join(lines), f"{block}\n" + "\n".join(line.removeprefix("# ") for line in lines))
    target = tmp_path / "framework.toml"
    target.write_text(text, encoding="utf-8")
    assert load_framework(target).boards[0].id == "our-board"


def test_a_new_assessment_only_lacks_answers(run: Run, blank: Path) -> None:
    """The skeleton of an assessment loads, and all that is found is that nothing is answered."""
    assessment = load_assessment(blank)
    assert {problem.code for problem in check(assessment)} == {"A001"}
    assert len(check(assessment)) == 46
    text = blank.read_text(encoding="utf-8")
    assert "#   fully-met = Fully met: One person on the senior team" in text
    assert '[answer."8.1"]' not in text


def test_a_new_assessment_says_who(run: Run, framework: str, tmp_path: Path) -> None:
    """What is said of the organisation stands in the skeleton; what the framework does not know is wrong use."""
    target = tmp_path / "ours.toml"
    args = ("new", "assessment", framework, "--area", "peterborough", "--kind", "voluntary", "--cycle", "2017-19", "--organisation", 'The "Us"')
    assert run(*args, "--out", target).exit_code == 0
    made = load_assessment(target)
    assert (made.organisation.name, made.organisation.kind, made.organisation.areas, made.cycle) == (
        'The "Us"',
        "voluntary",
        frozenset({"peterborough"}),
        "2017-19",
    )
    result = run("new", "assessment", framework, "--area", "peterboro")
    assert (result.exit_code, "did you mean 'peterborough'?" in result.output) == (2, True)


def test_the_next_cycle_carries_actions_forward(run: Run, framework: str, example: Path, tmp_path: Path) -> None:
    """The next round begins with the same organisation, blank answers and the actions that are still open."""
    target = tmp_path / "next.toml"
    assert run("new", "assessment", framework, "--from", example, "--out", target).exit_code == 2
    assert run("new", "assessment", framework, "--from", example, "--cycle", "2019-21", "--out", target).exit_code == 0
    before, after = load_assessment(example), load_assessment(target)
    assert (after.organisation, after.cycle) == (before.organisation, "2019-21")
    assert isinstance(after.answer("1.3"), Unanswered)
    assert after.entry("1.3").actions == before.entry("1.3").actions


def test_a_new_assessment_of_other_kinds(run: Run, rich: tuple[Path, Path]) -> None:
    """Statements of other kinds have a key for their value, and what may come to apply is there already."""
    text = rich[1].read_text(encoding="utf-8")
    assert "#value = true" in text and '#value = ["..."]' in text
    assert "Answer this only if it applies: it applies when 2.1 is no." in text
    assert '[answer."2.5"]' in text


def test_hostile_text_stays_in_its_comment(run: Run, rich: tuple[Path, Path], tmp_path: Path) -> None:
    """Texts of a framework cannot break out of the notes of a skeleton."""
    file = rich[0] / "rich/1/framework.toml"
    text = file.read_text(encoding="utf-8").replace('"A graded statement"', '"one\\ntwo = 3\\r[bad] \\u0007"')
    file.write_text(text, encoding="utf-8")
    target = tmp_path / "hostile.toml"
    assert run("new", "assessment", "rich@1", "--frameworks", rich[0], "--out", target).exit_code == 0
    assert load_assessment(target, catalogue=Catalogue.default(rich[0])).extra == {}


@pytest.mark.parametrize("args", [("new", "framework", "a@1"), ("new", "assessment", "cambridgeshire-peterborough@2017-19"), ("schema", "scale")])
def test_nothing_is_overwritten_without_force(run: Run, tmp_path: Path, args: tuple[str, ...]) -> None:
    """A file that is there already stays as it is, unless --force is given."""
    target = tmp_path / "there.toml"
    target.write_text("mine", encoding="utf-8")
    result = run(*args, "--out", target)
    assert (result.exit_code, "F014 file-exists" in result.output, target.read_text(encoding="utf-8")) == (1, True, "mine")
    assert run(*args, "--out", target, "--force").exit_code == 0
    assert target.read_text(encoding="utf-8") != "mine"


def test_set_keeps_every_other_byte(run: Run, example: Path) -> None:
    """Setting a grade changes the lines of that answer and no others, notes included."""
    before = example.read_bytes().decode()
    result = run("set", example, "1.3", "Partly Met", "--evidence", "A [draft]")
    assert result.exit_code == 0
    after = example.read_bytes().decode()
    assert changed(before, after) == ['- grade = "not-met"', '+ grade = "partly-met"', '+ evidence = "A [draft]"']
    assert "Not met, now Partly met" in result.output


def test_set_keeps_windows_line_ends(run: Run, example: Path) -> None:
    """A file with other line ends keeps them."""
    example.write_bytes(example.read_bytes().replace(b"\n", b"\r\n"))
    assert run("set", example, "1.3", "2").exit_code == 0
    raw = example.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")


@pytest.mark.parametrize("said", ["fully-met", "Fully met", "FULLY MET", "3"])
def test_set_by_id_label_or_code(run: Run, blank: Path, said: str) -> None:
    """A grade is named by its id, its label in any case, or its code."""
    assert run("set", blank, "1.1", said).exit_code == 0
    assert load_assessment(blank).answer("1.1") == Graded("fully-met")


def test_set_says_what_the_grade_demands(run: Run, blank: Path) -> None:
    """After a change, what the new grade asks for and still lacks is printed."""
    output = run("set", blank, "1.1", "partly-met").output
    assert "Partly met needs an action with Lead person name/title, Action, Impact and Timescale" in output
    assert "A003 evidence-missing" in output and "A006 action-missing" in output
    told = json.loads(run("set", blank, "1.1", "fully-met", "--evidence", "Minutes", "--impact", "Seen", "--json").stdout)
    assert told == {"file": str(blank), "ref": "1.1", "role": "self", "before": "Partly met", "after": "Fully met", "problems": []}


def test_set_not_applicable(run: Run, blank: Path) -> None:
    """Not applicable needs the reason that the scale asks for; without it the file stays as it is."""
    before = blank.read_bytes()
    result = run("set", blank, "1.7", "na")
    assert (result.exit_code, "A004 reason-missing" in result.output, blank.read_bytes()) == (1, True, before)
    assert run("set", blank, "1.7", "N/A", "--reason", "Nothing is bought", "--alternative", "A list").exit_code == 0
    assert load_assessment(blank).answer("1.7") == NotApplicable("Nothing is bought", alternative="A list")
    assert run("set", blank, "1.7", "fully-met", "--reason", "x").exit_code == 2


def test_set_clear(run: Run, example: Path) -> None:
    """Cleared, an answer is unanswered, and its evidence and actions stay."""
    actions = load_assessment(example).entry("1.3").actions
    assert run("set", example, "1.3", "--clear").exit_code == 0
    entry = load_assessment(example).entry("1.3")
    assert (entry.answer, entry.actions) == (Unanswered(), actions)
    assert run("set", example, "1.3").exit_code == 2
    assert run("set", example, "1.3", "2", "--clear").exit_code == 2


def test_set_refuses_what_is_not_there(run: Run, example: Path) -> None:
    """Unknown references, grades and roles are refused with the nearest, and nothing is written."""
    before = example.read_bytes()
    assert "did you mean '1.4'?" in run("set", example, "1.44", "2").output
    assert "did you mean 'fully-met'?" in run("set", example, "1.4", "fuly-met").output
    assert "A013 unknown-role" in run("set", example, "1.4", "2", "--role", "nobody").output
    assert "A014" in run("set", example, "1", "2").output
    assert example.read_bytes() == before


def test_set_other_kinds(run: Run, rich: tuple[Path, Path]) -> None:
    """Statements that take no grade take what they ask for, and refuse what does not fit."""
    folder, file = rich
    for ref, said in (("2.1", "No"), ("2.2", "31/03/2026"), ("2.3", "12.5"), ("2.4", "DBS, references"), ("2.5", "No time")):
        assert run("set", file, ref, said, "--frameworks", folder).exit_code == 0, ref
    made = load_assessment(file, catalogue=Catalogue.default(folder))
    shown = [str(answer.value) for ref in ("2.1", "2.2", "2.3", "2.4", "2.5") if isinstance(answer := made.answer(ref), Stated)]
    assert shown == ["False", "2026-03-31", "12.5", "('dbs', 'references')", "No time"]
    for ref, said in (("2.1", "perhaps"), ("2.2", "3/4/2026"), ("2.3", "101"), ("2.4", "none")):
        assert run("set", file, ref, said, "--frameworks", folder).exit_code == 1, ref


def test_set_in_json(run: Run, framework: str, tmp_path: Path) -> None:
    """A JSON file is edited as well as a TOML file."""
    file = tmp_path / "ours.json"
    file.write_text(json.dumps({"framework": framework, "organisation": {"name": "Us", "areas": ["cambridgeshire"]}, "mine": 1}), encoding="utf-8")
    assert run("set", file, "1.1", "3").exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["answer"] == {"1.1": {"grade": "fully-met"}}


def test_guided_answer(run: Run, blank: Path) -> None:
    """The guide asks for a grade and for what it demands, saves at once, and stops where the input ends."""
    before = blank.read_text(encoding="utf-8")
    typed = "3\nPoster\nKnown to all\n1\nJo\nWrite it\nA list\n31/03/2026\n\nn\nNothing is bought\n\nq\n"
    result = run("answer", blank, typed=typed)
    assert result.exit_code == 0
    assert "3 of 46 answered" in result.output
    made = load_assessment(blank)
    assert (made.answer("1.1"), made.entry("1.1").impact, made.answer("1.2"), made.answer("1.3")) == (
        Graded("fully-met"),
        "Known to all",
        Graded("not-met"),
        NotApplicable("Nothing is bought"),
    )
    assert made.entry("1.2").actions[0].text("timescale") == "2026-03-31"
    assert all(line.startswith("+") for line in changed(before, blank.read_text(encoding="utf-8")))


def test_guided_answer_stopped_in_the_middle(run: Run, blank: Path) -> None:
    """Input that ends in the middle of an answer leaves a whole file, with everything that was said."""
    result = run("answer", blank, "--from", "3.1", typed="2\nHalf a chart\n")
    assert result.exit_code == 0
    made = load_assessment(blank)
    evidence = made.entry("3.1").evidence
    assert (made.answer("3.1"), evidence.narrative if evidence else None) == (Graded("partly-met"), "Half a chart")


def test_guided_answer_moves(run: Run, blank: Path) -> None:
    """The letters move: s skips, b goes back, a slip is asked again, and q stops."""
    result = run("answer", blank, typed="b\ns\nb\nnonsense\n3\nPoster\n\nq\n")
    assert "This is where you began." in result.output
    assert "1.1 has no grade 'nonsense'" in result.output
    assert load_assessment(blank).answer("1.1") == Graded("fully-met")


def test_guided_answer_of_everything(run: Run, example: Path) -> None:
    """With --all, what is answered is shown and can be left as it is."""
    before = example.read_bytes()
    result = run("answer", example, "--all", typed="s\ns\nq\n")
    assert "Answered so far: Fully met (:skip leaves it so)" in result.output
    assert example.read_bytes() == before


def test_guided_answer_of_what_is_left(run: Run, example: Path) -> None:
    """Without --all, only what is unanswered is asked; then the guide is done."""
    result = run("answer", example, typed="3\nA leaflet\n\n")
    assert "45 of 46 answered" in result.output
    assert "46 of 46 answered" in result.output
    assert load_assessment(example).answer("2.5") == Graded("fully-met")


def test_guided_answer_of_other_kinds(run: Run, rich: tuple[Path, Path]) -> None:
    """Statements of other kinds ask for what they are, and one that comes to apply is asked as well."""
    folder, file = rich
    typed = "G\nWords\nPolicy\nShelf\n\n2\nno\n3/4/2026\n3 April 2026\n12\ndbs\nNo time\n"
    result = run("answer", file, "--frameworks", folder, typed=typed)
    assert "could be 3 April 2026 or 4 March 2026" in result.output
    made = load_assessment(file, catalogue=Catalogue.default(folder))
    assert [type(made.answer(item.ref)) for item in made.in_scope] == [Graded, Graded, Stated, Stated, Stated, Stated, Stated]
    evidence = made.entry("1.1").evidence
    assert evidence is not None and [(one.title, one.kept) for one in evidence.documents] == [("Policy", "Shelf")]
