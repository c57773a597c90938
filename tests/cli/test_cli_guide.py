"""`s11kit answer` where grades, commands and texts could be taken for each other, and where answers are only half there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import Assessment, Catalogue, Graded, NotApplicable, Stated, Unanswered, load_assessment

Run = Callable[..., Result]

LETTERS = """\
format = "s11kit.framework/1"
id = "letters"
edition = "1"
title = "Grades that look like commands"
default_scale = "letters"

[[scale]]
id = "letters"
order = "best-first"
grades = [
  { id = "secure", code = "S", label = "Secure" },
  { id = "building", code = "B", label = "Building" },
  { id = "none", code = "N", label = "Nothing yet", meaning = "Nobody has begun" },
]

[[scale]]
id = "numbers"
order = "best-first"
grades = [
  { id = "sustained", label = "Sustained" },
  { id = "begun", code = "1", label = "Begun" },
  { id = "unknown", code = "q", label = "Unknown" },
]
not_applicable = { code = "X", needs = ["reason"] }

[requirements]
evidence = { at = ["secure"], needs = ["narrative"] }
action = { at = ["none"], needs = ["what"] }

[[action_field]]
id = "what"
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
status = [
  { id = "open", label = "Not started" },
  { id = "going", label = "Going on" },
  { id = "done", label = "All done", closed = true },
]

[[standard]]
ref = "1"
title = "All"

[[standard.statement]]
ref = "1.1"
text = "On letters"

[[standard.statement]]
ref = "1.2"
text = "On numbers"
scale = "numbers"

[[standard.statement]]
ref = "1.3"
text = "Is there a policy?"
kind = "yes-no"
scale = "numbers"

[[standard.statement]]
ref = "1.4"
text = "Who says so?"
kind = "text"
"""


@pytest.fixture
def letters(tmp_path: Path, run: Run) -> tuple[Path, Path]:
    """A folder with that framework, and a new assessment of it."""
    folder = tmp_path / "letters"
    (folder / "letters/1").mkdir(parents=True)
    (folder / "letters/1/framework.toml").write_text(LETTERS, encoding="utf-8")
    target = tmp_path / "letters.toml"
    assert run("new", "assessment", "letters@1", "--frameworks", folder, "--out", target).exit_code == 0
    return folder, target


def guide(run: Run, letters: tuple[Path, Path], typed: str, *args: str) -> tuple[str, Assessment]:
    """Answer with what is typed; what is printed, and what is then in the file."""
    folder, file = letters
    result = run("answer", file, "--frameworks", folder, *args, typed=typed)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split()), load_assessment(file, catalogue=Catalogue.default(folder))


def test_the_menu_is_numbered_by_codes(run: Run, letters: tuple[Path, Path]) -> None:
    """Where each grade has a code, the codes are what is typed, and no other number is there; a grade without a descriptor shows its meaning."""
    output, made = guide(run, letters, "1\nb\n:quit\n")
    assert "S Secure B Building N Nothing yet Nobody has begun (in general)" in output
    assert "1.1 has no grade '1'" in output
    assert made.answer("1.1") == Graded("building")


def test_a_number_that_could_be_two_grades_is_refused(run: Run, letters: tuple[Path, Path]) -> None:
    """A code of one grade that is the place of another is refused, and both are named."""
    output, made = guide(run, letters, "1\nbegun\n:quit\n", "--from", "1.2")
    assert "2 Begun (code 1)" in output
    assert "'1' could be grade 'sustained' (the first in the list) or grade 'begun' (its code); type 'sustained' or 'begun'" in output
    assert made.answer("1.2") == Graded("begun")


def test_letters_of_grades_are_no_commands(run: Run, letters: tuple[Path, Path]) -> None:
    """A letter that names a grade is that grade; what commands there are is said, and those with a colon always work."""
    output, made = guide(run, letters, ":skip\n:back\ns\nMinutes\nq\n:next\n:nonsense\n:quit\n")
    assert ":skip, :back, :quit (or q)" in output
    assert ":skip (or s), :back (or b), :quit, :na (or n)" in output
    assert "there is no command ':nonsense'; commands: :skip (or s)" in output
    assert (made.answer("1.1"), made.answer("1.2")) == (Graded("secure"), Graded("unknown"))


def test_not_applicable_only_where_it_is_allowed(run: Run, letters: tuple[Path, Path]) -> None:
    """Not applicable is offered, and taken, only where it may be said."""
    output, made = guide(run, letters, ":na\nna\n:skip\n:na\nNot ours\n:quit\n")
    assert output.count("1.1 may not be answered with not applicable") == 2
    assert "Not applicable: type na or X" in output
    assert (made.answer("1.1"), made.answer("1.2")) == (Unanswered(), NotApplicable("Not ours"))
    folder, file = letters
    result = run("set", file, "1.1", "na", "--reason", "x", "--frameworks", folder)
    assert (result.exit_code, "A008" in result.output) == (1, True)


def test_n_is_no_on_yes_no(run: Run, letters: tuple[Path, Path]) -> None:
    """On a statement of yes or no, `n` is no, and the guide says so; another word is told what is asked."""
    output, made = guide(run, letters, "perhaps\nn\n:quit\n", "--from", "1.3")
    assert "Asks for yes or no (y or n)." in output
    assert ":quit (or q), :na" in output and ":quit (or q), :na (or n) Answer: 1.3" not in output
    assert "1.3 asks for yes or no; type yes or no" in output
    assert made.answer("1.3") == Stated(False)


def test_quit_is_never_stored(run: Run, letters: tuple[Path, Path]) -> None:
    """`q` stops inside further questions as well, what was said before is kept, and a blank in front makes it a text."""
    output, made = guide(run, letters, "N\nWrite it\nq\n")
    assert "This grade needs an action. Enter leaves a field blank, q stops." in output
    assert dict(made.entry("1.1").actions[0].fields) == {"what": "Write it"}
    output, made = guide(run, letters, " q\n", "--from", "1.4")
    assert made.answer("1.4") == Stated("q")
    folder, file = letters
    run("set", file, "1.1", "secure", "--frameworks", folder)
    output, made = guide(run, letters, "\n:nonsense\n :q\n:quit\n")
    evidence = made.entry("1.1").evidence
    assert evidence is not None and evidence.narrative == ":q"
    assert "a text may begin with : if a blank comes before it" in output


@pytest.mark.parametrize("typed", ["S\nq\n", "S\n:quit\n", "S\n"])
def test_half_an_answer_is_resumed(run: Run, letters: tuple[Path, Path], typed: str) -> None:
    """A grade without what it must have is asked again; Enter goes on to what is missing."""
    output, made = guide(run, letters, typed)
    assert "1 of 4 answered; 1 answer still lacks something." in output
    assert (made.answer("1.1"), made.entry("1.1").evidence) == (Graded("secure"), None)
    output, made = guide(run, letters, "\nMinutes\n:quit\n")
    assert "Still missing: evidence in words; Enter goes on to that" in output
    evidence = made.entry("1.1").evidence
    assert evidence is not None and evidence.narrative == "Minutes"
    assert "On letters" not in guide(run, letters, ":quit\n")[0]


def test_statuses_by_label_in_their_order(run: Run, letters: tuple[Path, Path]) -> None:
    """States are listed as they are declared, before they are asked for, and may be named by their label."""
    output, made = guide(run, letters, "N\nWrite it\n3 April 2026\nwhatever\nnot STARTED\n:quit\n")
    told = "one of: open (Not started), going (Going on), done (All done)"
    assert output.index(told) < output.index("State:")
    assert f"there is no 'whatever'; {told}" in output
    assert made.entry("1.1").actions[0].text("state") == "open"


def test_back_and_forth(run: Run, letters: tuple[Path, Path]) -> None:
    """Several steps back, one at a time."""
    output, made = guide(run, letters, ":skip\n:skip\n:back\n:back\nB\n:quit\n")
    assert made.answer("1.1") == Graded("building")
    assert output.count("On letters") == 2 and output.count("On numbers") == 3
