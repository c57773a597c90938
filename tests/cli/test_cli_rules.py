"""Rules on the command line: what they say, what they come to, how that came about, and what would change it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from s11kit import load_assessment, load_framework, score
from s11kit.rules.states import Exhausted
from s11kit.rules.wording import page

Run = Callable[..., Result]

HERE = Path(__file__).parent / "rules"
OVERALL, GATED = HERE / "overall.toml", HERE / "gated.toml"
TWENTY = HERE.parents[1] / "rules" / "twenty.toml"
GRADES = ("outstanding", "outstanding", "good", "good", "inadequate")
REFS = ("1.1", "1.2", "2.1", "2.2", "3.1")


def flat(output: str) -> str:
    return " ".join(output.split())


def written(file: Path, answers: dict[str, str], framework: str = "limiting@2026", name: str = "Fenside Youth Trust") -> Path:
    lines = [f'"{ref}" = {{ {answer} }}' for ref, answer in answers.items()]
    text = "\n".join([f'framework = "{framework}"', "", "[organisation]", f'name = "{name}"', 'kind = "school"', "", "[answer]", *lines, ""])
    file.write_text(text, encoding="utf-8")
    return file


def graded(*grades: str) -> dict[str, str]:
    return {ref: f'grade = "{grade}"' for ref, grade in zip(REFS, grades, strict=True)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The frameworks with rules, where --frameworks finds them."""
    for source, name in ((OVERALL, "limiting/2026"), (GATED, "gated/2026"), (TWENTY, "twenty/2026")):
        (tmp_path / "frameworks" / name).mkdir(parents=True)
        shutil.copy(source, tmp_path / "frameworks" / name / "framework.toml")
    return tmp_path / "frameworks"


@pytest.fixture
def fenside(tmp_path: Path) -> Path:
    """The worked example: good on average, and a limiting judgement that is inadequate."""
    return written(tmp_path / "fenside.toml", graded(*GRADES))


# show


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_show_a_rule(run: Run, columns: int) -> None:
    """A rule is shown in plain words, line by line as they are, however wide the window is."""
    framework = load_framework(OVERALL)
    output = run("show", OVERALL, "--rule", "overall", columns=columns).stdout
    assert output == page(framework.rules["overall"].rule, framework) + "\n"


def test_show_a_rule_as_json(run: Run) -> None:
    """As JSON, the page is one text."""
    shown = json.loads(run("show", OVERALL, "--rule", "overall", "--json").stdout)
    assert list(shown) == ["rule", "page"]
    assert shown["page"].startswith("Overall judgement\n")


def test_show_lists_the_rules(run: Run, framework: str) -> None:
    """The overview of a framework names its rules and how to see one; without rules it says nothing of them."""
    output = run("show", GATED).stdout
    assert "Scoring rules overall Overall judgement capped Capped judgement count How many are good" in flat(output)
    assert "One rule in words: s11kit show gated@2026 --rule overall" in output
    assert json.loads(run("show", GATED, "--json").stdout)["rules"][1] == {"id": "capped", "title": "Capped judgement"}
    assert "Scoring rules" not in run("show", framework).stdout


def test_show_a_rule_that_is_not_there(run: Run, framework: str) -> None:
    """An unknown rule is a problem with the nearest, or with the word that there are none."""
    result = run("show", OVERALL, "--rule", "overal")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "R013 unknown-rule" in result.stderr
    assert "did you mean 'overall'?" in result.stderr
    assert "it declares none" in run("show", framework, "--rule", "overall").stderr
    assert run("show", OVERALL, "1.1", "--rule", "overall").exit_code == 2


# score


def test_score_gives_the_results(run: Run, folder: Path, fenside: Path) -> None:
    """Below the counts stand the results of the rules, with flags, with the policies for absent answers, and how to see more."""
    output = run("score", fenside, "--frameworks", folder, columns=120).stdout
    told = flat(output[output.index("\nRules") :])
    assert told.startswith("Rules Overall judgement (overall) Requires improvement flag: a limiting judgement is Inadequate")
    assert "none not applicable (else left out, up to 20 % of all), none unanswered (else taken as every grade in turn)" in told
    assert f"s11kit score {fenside} --explain overall" in output


def test_score_with_absent_answers(run: Run, folder: Path, tmp_path: Path) -> None:
    """A range says what it depends on; what is not applicable is counted, and without a reason it counts as unanswered."""
    answers = graded("outstanding", "outstanding", "good", "good", "good")
    answers |= {"1.1": 'not_applicable = "No board"'}
    del answers["2.2"]
    output = flat(run("score", written(tmp_path / "a.toml", answers), "--frameworks", folder).stdout)
    assert "1 not applicable left out, up to 20 % of all, 1 unanswered taken as every grade in turn" in output
    answers |= {"1.1": "not_applicable = {}", "2.2": 'grade = "good"'}
    output = flat(run("score", written(tmp_path / "b.toml", answers), "--frameworks", folder).stdout)
    assert "1 unanswered (1 of them not applicable without a reason) taken as every grade in turn" in output


def test_score_refused_and_not_scored(run: Run, folder: Path, tmp_path: Path) -> None:
    """Where a policy stops a rule, or nothing is left to score, that stands in place of a result, with the reason."""
    away: dict[str, str] = dict.fromkeys(REFS, 'not_applicable = "Not us"')
    output = flat(run("score", written(tmp_path / "a.toml", away), "--frameworks", folder).stdout)
    assert "refused: 5 of 5 answers are not applicable, and at most 0.2 may be" in output
    blank = written(tmp_path / "b.toml", {}, "twenty@2026")
    output = flat(run("score", blank, "--frameworks", folder).stdout)
    assert "Weighted mean (e01) not scored: nothing was left to score none not applicable (else left out), 5 unanswered left out" in output
    assert "Points, tests passed, all passed (e03) not scored: nothing was left to score beside it: points not scored" in output
    assert "step score in its own way" in output
    assert "looks at several organisations together: s11kit score FILE FILE ... --across e20" in output


def test_score_shows_a_sum_beside_the_most_it_could_be(run: Run, folder: Path, tmp_path: Path) -> None:
    """What a rule reports beside its result is shown, a sum with its maximum."""
    framework = load_framework(TWENTY)
    refs = {slot.ref: slot.item for variable in framework.rules["e03"].machine.variables for slot in variable.slots}
    file = written(tmp_path / "a.toml", {ref: f'grade = "{item.scale.best.id}"' for ref, item in refs.items() if item.scale}, "twenty@2026")
    assert "beside it: points 4 of 4, passed 2" in flat(run("score", file, "--frameworks", folder).stdout)


def test_a_framework_without_rules_says_nothing_of_them(run: Run, example: Path) -> None:
    """There is no block of rules where there are none, and nothing to explain."""
    assert "\nRules" not in run("score", example).stdout
    result = run("score", example, "--explain")
    assert (result.exit_code, "nothing to explain" in result.stderr) == (2, True)


# score --explain


def test_explain_a_rule(run: Run, folder: Path, fenside: Path) -> None:
    """The derivation, and the fewest changes that reach the next grade."""
    output = run("score", fenside, "--explain", "overall", "--frameworks", folder, columns=120).stdout
    assert "cap at Requires improvement, binding: 3.1 is Inadequate" in output
    assert "(3 + 3 + 2 + 2 + 0) / 5" in output
    assert "To reach Good: raise 3.1 by one grade." in output
    assert "Total All Areas" not in output


@pytest.mark.parametrize("goal", ["outstanding", "Outstanding"])
def test_explain_with_a_goal(run: Run, folder: Path, fenside: Path, goal: str) -> None:
    """A goal is named by id or label; without the name of a rule, all are explained."""
    output = run("score", fenside, "--explain", "--goal", goal, "--frameworks", folder).stdout
    assert "To reach Outstanding: raise 3.1 by three grades." in output


def test_explain_before_the_file(run: Run, folder: Path, fenside: Path) -> None:
    """`--explain FILE` explains all rules of the file: no rule is called like a file."""
    assert "To reach Good" in run("score", "--frameworks", folder, "--explain", fenside).stdout


def test_explain_the_best_result(run: Run, folder: Path, tmp_path: Path) -> None:
    """Where there is no better result, nothing is proposed; a goal below it is reached already."""
    file = written(tmp_path / "a.toml", graded(*["outstanding"] * 5))
    assert "To reach" not in run("score", file, "--explain", "overall", "--frameworks", folder).stdout
    assert "Good is reached already" in run("score", file, "--explain", "overall", "--goal", "good", "--frameworks", folder).stdout


def test_explain_a_number(run: Run, folder: Path, tmp_path: Path) -> None:
    """A number has no next grade; a goal says which number is meant."""
    file = written(tmp_path / "a.toml", {f"1.{n}": 'grade = "inadequate"' for n in range(1, 5)}, "gated@2026")
    assert "add --goal NUMBER" in run("score", file, "--explain", "count", "--frameworks", folder).stdout
    assert (
        "To reach at least 2: raise 1.1 and 1.2 by two grades each."
        in run("score", file, "--explain", "count", "--goal", "2", "--frameworks", folder).stdout
    )


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--explain", "overal"], 1, "did you mean 'overall'?"),
        (["--explain", "overall", "--goal", "splendid"], 1, "'splendid' is no grade of 'four'"),
        (["--goal", "good"], 2, "--goal belongs to a rule"),
        (["--across", "overall"], 1, "scores one assessment at a time"),
        (["--across", "overal"], 1, "R013 unknown-rule"),
        (["--across", "overall", "--role", "moderator"], 2, "--across gives one result for all files"),
        (["--across", "overall", "--explain", "other"], 2, "write --explain without a name"),
    ],
)
def test_bad_use_of_rules(run: Run, folder: Path, fenside: Path, args: list[str], code: int, said: str) -> None:
    """What cannot be explained is a problem, and options that do not go together are wrong use; neither is a traceback."""
    result = run("score", fenside, "--frameworks", folder, *args)
    assert (result.exit_code, result.stdout, said in result.stderr) == (code, "", True), result.stderr


def test_a_goal_for_one_of_many_rules(run: Run, folder: Path, tmp_path: Path) -> None:
    """With several rules a goal needs the name of one."""
    file = written(tmp_path / "a.toml", {}, "gated@2026")
    result = run("score", file, "--explain", "--goal", "good", "--frameworks", folder)
    assert (result.exit_code, "overall, capped, count" in result.stderr) == (2, True)


def test_explain_as_json(run: Run, folder: Path, fenside: Path, tmp_path: Path) -> None:
    """As JSON, the derivation and the next grade stand beside the score."""
    shown = json.loads(run("score", fenside, "--explain", "overall", "--frameworks", folder, "--json").stdout)
    assert shown["rules"]["overall"]["value"] == "requires-improvement"
    assert [step["id"] for step in shown["explained"]["overall"]["derivation"]["steps"]] == ["avg", "band", "final"]
    assert shown["explained"]["overall"]["next_grade"]["text"] == "To reach Good: raise 3.1 by one grade."
    assert "explained" not in json.loads(run("score", fenside, "--frameworks", folder, "--json").stdout)
    target = tmp_path / "why.txt"
    assert run("score", fenside, "--explain", "--frameworks", folder, "--out", target).exit_code == 0
    assert "To reach Good" in target.read_text(encoding="utf-8")


def test_a_range_is_explained_at_both_ends(run: Run, folder: Path, tmp_path: Path) -> None:
    """For a range, the derivation tells how its worst and its best end come about."""
    answers = graded(*GRADES)
    del answers["3.1"]
    output = run("score", written(tmp_path / "a.toml", answers), "--explain", "--frameworks", folder, columns=120).stdout
    assert "overall = Requires improvement to Outstanding, depending on 1 unanswered" in output
    assert "worst: Requires improvement, taking 3.1 as Inadequate" in output
    assert "best: Outstanding, taking 3.1 as Outstanding" in output


def test_roles_do_not_change_rules(run: Run, folder: Path, tmp_path: Path) -> None:
    """A rule names the answers that it looks at; the command says so where another role is asked for."""
    file = written(tmp_path / "a.toml", {}, "twenty@2026")
    assert "whatever --role and --dimension say" in run("score", file, "--role", "moderator", "--frameworks", folder).stdout


# score --across


def test_score_across_organisations(run: Run, folder: Path, tmp_path: Path) -> None:
    """Several files together come to one result."""
    files = [
        written(tmp_path / f"{name}.toml", {ref: f'grade = "{grade}"' for ref in ("7.1", "7.2", "7.3")}, "twenty@2026", name)
        for name, grade in (("North", "compliant"), ("South", "partly-compliant"), ("West", "partly-compliant"))
    ]
    output = run("score", *files, "--across", "e20", "--frameworks", folder).stdout
    assert output.startswith("3 organisations: North, South, West\n")
    assert "The typical organisation (e20) Partly compliant none not applicable (else left out), none unanswered (else left out)" in flat(output)
    assert "organisations (North)" in flat(run("score", *files, "--across", "e20", "--explain", "--frameworks", folder).stdout)
    shown = json.loads(run("score", *files, "--across", "e20", "--explain", "--json", "--frameworks", folder).stdout)
    assert (shown["organisations"], shown["rules"]["e20"]["value"]) == (["North", "South", "West"], "partly-compliant")
    assert shown["explained"]["e20"]["derivation"]["steps"]


def test_several_files_need_a_rule(run: Run, folder: Path, fenside: Path, tmp_path: Path) -> None:
    """Several files without --across are wrong use, and so is none; files of different frameworks are a problem."""
    result = run("score", fenside, fenside, "--frameworks", folder)
    assert (result.exit_code, "--across RULE" in result.stderr) == (2, True)
    assert run("score").exit_code == 2
    result = run("score", fenside, "--explain", "e20", "--frameworks", folder)
    assert result.exit_code == 1
    other = written(tmp_path / "a.toml", {}, "twenty@2026")
    result = run("score", other, "--explain", "e20", "--frameworks", folder)
    assert (result.exit_code, "add --across e20" in result.stderr) == (2, True)
    result = run("score", other, fenside, "--across", "e20", "--frameworks", folder)
    assert (result.exit_code, "R006" in result.stderr) == (1, True)


def test_schemes_print_their_results(run: Run, repository: Path) -> None:
    """Every example of every scheme is scored, at any width, and explained; what is printed is what the library says."""
    for file in sorted((repository / "frameworks/schemes").rglob("examples/*.toml")):
        results = score(load_assessment(file)).rules
        output = flat(run("score", file, columns=80).stdout)
        for result in results.values():
            assert f"{flat(result.bound.title)} ({result.rule}) {flat(result.text)}" in output


def test_a_rule_with_too_many_states(run: Run, folder: Path, fenside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a rule would take more states than are allowed, that is said, with exit code 3 and without a traceback."""

    def exhausted(*args: object, **options: object) -> None:
        raise Exhausted(2_000_000)

    monkeypatch.setattr("s11kit.cli.scores.score", exhausted)
    result = run("score", fenside, "--frameworks", folder)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "s11kit: undecided: a rule here can come to more than 2,000,000 states" in result.stderr
    assert list(json.loads(run("score", fenside, "--frameworks", folder, "--json").stdout)) == ["undecided"]
