"""`prove` and `rule`: verdicts as a board reads them, counterexamples in files, differences between rules, and exit codes."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console

from s11kit import Catalogue, load_assessment, load_framework, score
from s11kit.proving import prove
from s11kit.rules.laws import LAWS

Run = Callable[..., Result]

HERE = Path(__file__).parent / "rules"
OVERALL, GATED = HERE / "overall.toml", HERE / "gated.toml"
TWENTY = HERE.parents[1] / "rules" / "twenty.toml"


def flat(output: str) -> str:
    return " ".join(output.split())


def changed(tmp_path: Path, source: Path, *changes: tuple[str, str], name: str = "framework.toml") -> Path:
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


# prove


def test_prove_as_expected(run: Run) -> None:
    """Everything that is expected of the worked example is so: exit code 0, and the accepted refutation says who accepted it."""
    result = run("prove", OVERALL, columns=80)
    output = flat(result.stdout)
    assert result.exit_code == 0
    assert "S2 improving an answer never lowers the result PROVEN (structural)" in output
    assert "S7 turning an answer into N/A never raises the result REFUTED, as accepted" in output
    assert "5 answers: 4 Outstanding, 1 Inadequate. Change 1.1 from Inadequate to not applicable:" in output
    assert "before: avg 2.4 -> band Good -> Good after: avg 3 -> band Outstanding -> Outstanding" in output
    assert "Accepted by the board, minute 7.2, 12 May 2016: N/A needs a reason and is limited to 20 %" in output
    assert "Without meaning for this rule: S15 obligations_antitone" in output
    assert "the framework says nothing of it under [rule.expect]: overall S5 anonymous, S6 na_neutral, S12 decomposable, S14 ordinal" in output
    assert "1 rule, 15 verdicts:" in output
    assert "UNEXPECTED" not in output


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_verdicts_fit_the_window(run: Run, columns: int) -> None:
    """The verdict stands at the right edge, and no line of a proof is longer than the window, or than can be read."""
    lines = run("prove", OVERALL, columns=columns).stdout.splitlines()
    widest = min(columns, 100)
    laws = [line for line in lines if re.match(r"  S\d+ +[a-z]", line)]
    assert len(laws) == 14
    if columns >= 60:
        assert {len(line) for line in laws} == {widest}
        assert all(len(line) <= widest for line in lines if not line.startswith("1 rule"))


def test_prove_what_is_not_as_expected(run: Run) -> None:
    """An unexpected verdict is marked, listed again with what would settle it, and exit code 1; in either direction."""
    result = run("prove", GATED, columns=100)
    output = flat(result.stdout)
    assert result.exit_code == 1
    assert "REFUTED, UNEXPECTED 4 answers: 3 Outstanding, 1 Inadequate. Change 1.1 from Inadequate to Requires improvement:" in output
    assert "before: average 2.25 -> band Good -> fails yes -> Good" in output
    assert "after: average 2.5 -> band Outstanding -> fails yes -> Requires improvement" in output
    assert "Cause: step 'gate'" in output
    assert "overall: improving an answer never lowers the result: refuted; the framework expects it to be proven." in output
    assert 'monotone = { verdict = "refuted", accepted_by = "Board, minute ...", date = YYYY-MM-DD, reason = "..." }' in result.stdout
    assert "what was accepted is out of date" in output
    assert '      na_safe = "proven"\n' in result.stdout
    assert "2 verdicts not as expected" in output


def test_an_honest_acceptance_settles_it(run: Run, tmp_path: Path) -> None:
    """Who writes what the command says gets exit code 0: the verdict stays, and is as expected."""
    accepted = 'expect     = { monotone = { verdict = "refuted", accepted_by = "Board, minute 9", date = 2026-02-01, reason = "known" } }\nsteps = ['
    text = GATED.read_text(encoding="utf-8").replace('expect     = { monotone = "proven" }\nsteps = [', accepted, 1)
    (tmp_path / "framework.toml").write_text(text, encoding="utf-8")
    result = run("prove", tmp_path, "--rule", "overall")
    assert (result.exit_code, "REFUTED, as accepted" in result.stdout) == (0, True)


def test_prove_some_laws(run: Run) -> None:
    """Laws are named by number or by name; one that does not apply says why when it is asked for."""
    result = run("prove", GATED, "--rule", "capped", "--law", "s2", "--law", "range_exact")
    assert result.exit_code == 0
    assert "DOES NOT APPLY The rule reports no ranges" in flat(result.stdout)
    assert "1 rule, 2 verdicts: 1 proven, 0 refuted, 0 undecided, 1 without meaning" in result.stdout


def test_prove_within_a_budget(run: Run, tmp_path: Path) -> None:
    """What the budget does not suffice for is undecided: exit code 3, or 1 where the board expects more."""
    result = run("prove", OVERALL, "--law", "S13", "--budget", "5")
    assert (result.exit_code, "UNDECIDED" in result.stdout) == (3, True)
    assert "so nothing is known; a higher --budget may settle: overall S13" in flat(result.stdout)
    result = run("prove", OVERALL, "--law", "S7", "--budget", "5")
    assert (result.exit_code, "UNDECIDED, UNEXPECTED" in result.stdout) == (1, True)
    known = changed(tmp_path, OVERALL, ("[rule.expect]\n", '[rule.expect]\nresponsive = "undecided"\n'))
    assert run("prove", known, "--law", "S13", "--budget", "5").exit_code == 0
    assert run("prove", OVERALL, "--budget", "0").exit_code == 2


def test_prove_as_json(run: Run, tmp_path: Path) -> None:
    """As JSON, it is what the library says, and the exit codes are the same."""
    result = run("prove", GATED, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == prove(load_framework(GATED)).to_dict()
    result = run("prove", GATED, "--rule", "nothing", "--json")
    assert (result.exit_code, json.loads(result.stdout)["problems"][0]["code"]) == (1, "R013")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([GATED, "--rule", "overal"], 1, "R013 unknown-rule"),
        ([GATED, "--law", "monotonous"], 1, "did you mean 'monotone'?"),
        ([HERE / "nothing.toml"], 1, "F001"),
        (["nothing@2026"], 1, "R006"),
        ([], 2, "Missing argument"),
        ([GATED, "--budget", "many"], 2, "--budget"),
        ([GATED, "--nonsense"], 2, "--nonsense"),
    ],
)
def test_bad_input_is_no_traceback(run: Run, args: list[str | Path], code: int, said: str) -> None:
    """What cannot be proved is a problem or wrong use."""
    result = run("prove", *args)
    assert (result.exit_code, result.stdout, said in result.stderr) == (code, "", True), result.stderr


def test_a_framework_without_rules(run: Run, framework: str) -> None:
    """There is nothing to prove, and nothing wrong with that."""
    result = run("prove", framework)
    assert (result.exit_code, "nothing to prove" in result.stdout) == (0, True)
    assert "It declares no scoring rules." in run("rule", "list", framework).stdout


def test_all_twenty_are_as_they_say(run: Run) -> None:
    """The twenty example rules are as they expect; what cannot be decided for any number of organisations is undecided."""
    result = run("prove", TWENTY, "--law", "S2", "--law", "S7")
    assert "UNEXPECTED" not in result.stdout
    assert result.exit_code in (0, 3)
    assert "Undecided, and no budget settles: e20 S6" in flat(run("prove", TWENTY, "--rule", "e20", "--law", "S6").stdout)


def test_two_assessments_side_by_side(run: Run) -> None:
    """Where a counterexample is about two assessments, both are shown."""
    output = flat(run("prove", TWENTY, "--rule", "e01", "--law", "S14").stdout)
    assert "The first has 5 answers: 4 Not met, 1 Met: 0.1 The second has 5 answers: 4 Not met, 1 Partly met: 0.1" in output
    assert "the first comes to 0.2 and the second to 0.3" in output


def test_progress_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a line says which law is being decided; it is not part of what is printed."""
    told = io.StringIO()
    monkeypatch.setattr("s11kit.cli.proofs.err", lambda: Console(file=told, force_terminal=True))
    result = run("prove", OVERALL, "--law", "S2", "--law", "S13")
    assert (result.exit_code, "2 proven" in result.stdout) == (0, True)
    assert "\x1b" in told.getvalue()


# --witness


def test_save_a_counterexample(run: Run, tmp_path: Path) -> None:
    """The counterexample is an assessment that loads and scores to the result before the change; its head says what it shows."""
    target = tmp_path / "seen" / "gaming.toml"
    result = run("prove", GATED, "--rule", "overall", "--law", "S2", "--witness", target)
    assert (result.exit_code, "written: " in result.stderr) == (1, True)
    text = target.read_text(encoding="utf-8")
    assert "# A counterexample, made by s11kit prove: rule 'overall', law S2 monotone\n" in text
    assert "# These answers: Good\n# What is changed: change 1.1 from Inadequate to Requires improvement\n# Then: Requires improvement\n" in text
    (tmp_path / "gated/2026").mkdir(parents=True)
    (tmp_path / "gated/2026/framework.toml").write_bytes(GATED.read_bytes())
    assessment = load_assessment(target, catalogue=Catalogue.default(tmp_path))
    assert score(assessment)["overall"].value == "good"
    assert score(assessment.with_grade("1.1", "requires-improvement"))["overall"].value == "requires-improvement"
    assert "Overall judgement (overall) Good" in flat(run("score", target, "--frameworks", tmp_path).stdout)


def test_a_counterexample_never_overwrites(run: Run, tmp_path: Path) -> None:
    """A file that is there stays, unless --force is given."""
    target = tmp_path / "kept.toml"
    target.write_text("mine", encoding="utf-8")
    args = ("prove", GATED, "--rule", "overall", "--law", "S2", "--witness", target)
    result = run(*args)
    assert (result.exit_code, "F014 file-exists" in result.stderr, target.read_text(encoding="utf-8")) == (1, True, "mine")
    run(*args, "--force")
    assert tomllib.loads(target.read_text(encoding="utf-8"))["framework"] == "gated@2026"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--law", "S7"], "name the rule with --rule: overall, capped"),
        (["--rule", "overall"], "name the law with --law: S2 monotone, S7 na_safe, S8 unanswered_never_improves and S14 ordinal"),
        (["--rule", "capped", "--law", "S2"], "nothing is refuted"),
    ],
)
def test_which_counterexample(run: Run, tmp_path: Path, args: list[str], said: str) -> None:
    """Only one counterexample can be saved; if it is not clear which, the command says what to name, and writes nothing."""
    result = run("prove", GATED, *args, "--witness", tmp_path / "a.toml")
    assert (result.exit_code, said in flat(result.stderr), (tmp_path / "a.toml").exists()) == (2, True, False), result.stderr


def test_every_counterexample_can_be_saved(run: Run, tmp_path: Path) -> None:
    """Whatever law it is about, a counterexample is a file that loads; and if it does not score to what is said, it says so."""
    (tmp_path / "limiting/2026").mkdir(parents=True)
    (tmp_path / "limiting/2026/framework.toml").write_bytes(OVERALL.read_bytes())
    catalogue = Catalogue.default(tmp_path)
    for verdict in prove(catalogue.framework("limiting@2026")).verdicts:
        if verdict.witness is not None:
            target = tmp_path / f"{verdict.law.name}.toml"
            assert run("prove", "limiting@2026", "--frameworks", tmp_path, "--law", verdict.law.number, "--witness", target).exit_code == 0
            same = score(load_assessment(target, catalogue=catalogue))["overall"].text == verdict.witness.result.text
            assert same or "are meant as not asked at all" in target.read_text(encoding="utf-8")


# rule


def test_rule_list(run: Run) -> None:
    """The rules with what they give and what is expected of them."""
    output = flat(run("rule", "list", GATED, columns=120).stdout)
    assert "overall Overall judgement a grade of 'four' S2 proven" in output
    assert "count How many are good a number S7 refuted" in output
    shown = json.loads(run("rule", "list", GATED, "--json").stdout)
    assert shown["rules"][2] == {"id": "count", "title": "How many are good", "gives": "a number", "expect": {"na_safe": "refuted"}}


def test_rule_diff_the_same(run: Run) -> None:
    """A framework compared with itself: the same, and exit code 0."""
    result = run("rule", "diff", GATED, GATED)
    assert result.exit_code == 0
    assert result.stdout.count("SAME") == 3
    assert "Not compared, because they score across organisations: e20" in flat(run("rule", "diff", TWENTY, TWENTY).stdout)


def test_rule_diff_one_way(run: Run, tmp_path: Path) -> None:
    """A stricter rule never gives more; the other way round it never gives less. Each shows the smallest assessment."""
    stricter = changed(tmp_path, GATED, ('op = "cap", of = "band", at = "good"', 'op = "cap", of = "band", at = "requires-improvement"'))
    result = run("rule", "diff", GATED, stricter, "--rule", "capped")
    output = flat(result.stdout)
    assert result.exit_code == 0
    assert "Capped judgement (capped): NEVER HIGHER The new rule never gives a higher result, and sometimes a lower one." in output
    assert "Lower: 4 answers: 3 Outstanding, 1 Inadequate" in output
    assert "Higher: " not in output
    assert "NEVER LOWER" in run("rule", "diff", stricter, GATED, "--rule", "capped").stdout


def test_rule_diff_both_ways(run: Run, tmp_path: Path) -> None:
    """Where a rule gives more here and less there, both are shown."""
    other = changed(
        tmp_path,
        GATED,
        ("value = { inadequate = 0, requires-improvement = 1, good = 2,", "value = { inadequate = 1, requires-improvement = 1, good = 1,"),
    )
    shown = json.loads(run("rule", "diff", GATED, other, "--rule", "capped", "--json").stdout)
    [found] = shown["rules"]
    assert (shown["old"], found["rule"], found["direction"]) == ("gated@2026", "capped", "mixed")
    assert set(found["higher"]) == set(found["lower"]) == {"change", "before", "result", "other"}
    assert "MIXED" in run("rule", "diff", GATED, other, "--rule", "capped").stdout


def test_rule_diff_of_other_rules(run: Run, tmp_path: Path) -> None:
    """Rules that stand in one of the two are named; without any in both there is nothing to compare."""
    other = changed(tmp_path, GATED, ('id         = "capped"', 'id         = "limited"'))
    output = run("rule", "diff", GATED, other).stdout
    assert "Only in the old framework: capped" in output
    assert "Only in the new framework: limited" in output
    shown = json.loads(run("rule", "diff", GATED, other, "--json").stdout)
    assert (shown["only_old"], shown["only_new"], shown["not_compared"]) == (["capped"], ["limited"], [])
    assert "No rule stands in both" in run("rule", "diff", OVERALL, TWENTY).stdout


def test_rule_diff_exit_codes(run: Run, tmp_path: Path) -> None:
    """A rule that is missing or does not fit is a problem, a small budget leaves it undecided, and neither is a traceback."""
    result = run("rule", "diff", GATED, OVERALL, "--rule", "capped")
    assert (result.exit_code, "limiting@2026 has no rule 'capped'" in result.stderr) == (1, True)
    result = run("rule", "diff", OVERALL, GATED)
    assert (result.exit_code, "rule 'overall' of limiting@2026 cannot be compared in gated@2026" in result.stderr) == (1, True)
    result = run("rule", "diff", GATED, GATED, "--budget", "3", "--rule", "capped")
    assert (result.exit_code, "UNDECIDED" in result.stdout) == (3, True)
    result = run("rule", "diff", GATED, GATED, "--budget", "3", "--rule", "capped", "--json")
    assert (result.exit_code, json.loads(result.stdout)["rules"]) == (3, [{"rule": "capped", "direction": "undecided"}])
    assert run("rule", "diff", GATED).exit_code == 2
    assert run("rule", "diff", GATED, "nothing@1").exit_code == 1
    assert run("rule").exit_code == 2


@pytest.mark.parametrize("args", [("rule", "list"), ("rule", "diff")])
def test_help_of_rule_verbs(run: Run, args: tuple[str, str]) -> None:
    """Their help has examples as well."""
    result = run(*args, "--help")
    assert (result.exit_code, f"\nExamples:\n  s11kit {' '.join(args)} " in result.stdout) == (0, True)


def test_every_law_has_room() -> None:
    """The numbers of laws fit the column they stand in."""
    assert max(len(law.number) for law in LAWS.values()) <= 3
