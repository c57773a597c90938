"""Operators of installed packages: they score, explain, propose and prove like the library's own, and a broken one hides nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from s11kit import Assessment, Catalogue, Framework, InvalidFile, Organisation, S11Error, check, dump_framework, load_framework
from s11kit.cli import main
from s11kit.proving import prove
from s11kit.rules import operator, operators
from s11kit.rules.operator import Absent
from s11kit.rules.operators import BUILT_IN, broken

from .conftest import forget

HEAD = """
format = "s11kit.framework/1"
id = "quayside"
edition = "2026"
title = "Quayside Section 11 audit"
provenance = "reconstructed"
[[scale]]
id = "rag"
order = "worst-first"
grades = [{ id = "red", label = "Red" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]
not_applicable = { code = "N/A" }
"""
RULE = """
[[rule]]
id = "{op}"
na = "exclude"
unanswered = "exclude"
steps = [{{ id = "found", op = "{op}", over = "all"{more} }}]
"""
POINTS = ", value = { red = 0, amber = 1, green = 3 }"
ALTERNATING = (2, 0) * 4
MORE = {"spread": POINTS, "second-worst": ", spare = 1", "first": "", "middle": POINTS}
GRADES, VALUES = ("red", "amber", "green"), (0, 1, 3)
NA, BLANK = -1, -2


def text_of(op: str, statements: int = 3, *, more: str | None = None) -> str:
    rows = ", ".join(f'{{ ref = "1.{n}", text = "As good as can be, number {n}." }}' for n in range(1, statements + 1))
    return f'{HEAD}[[standard]]\nref = "1"\ntitle = "One"\nstatement = [{rows}]\n{RULE.format(op=op, more=MORE[op] if more is None else more)}'


def framework_of(folder: Path, text: str) -> Framework:
    file = folder / "framework.toml"
    file.write_text(text, encoding="utf-8")
    return load_framework(file)


# what the four operators come to, written a second time


def spread(ranks: list[int]) -> Any:
    values = [VALUES[rank] for rank in ranks]
    return Fraction(max(values) - min(values)) if values else None


def second_worst(ranks: list[int]) -> Any:
    return sorted(ranks)[1] if len(ranks) > 1 else None


def first(ranks: list[int]) -> Any:
    return None if not ranks else 2 if ranks[0] == 0 and 2 in ranks else ranks[0]


def middle(ranks: list[int]) -> Any:
    values = [VALUES[rank] for rank in ranks]
    return Fraction(max(values) + min(values), 2) if values else None


BY_HAND: dict[str, Callable[[list[int]], Any]] = {"spread": spread, "second-worst": second_worst, "first": first, "middle": middle}
Symbols = tuple[int, ...]


def result_by_hand(op: str, symbols: Symbols) -> tuple[int, Any]:
    """A result as laws compare it: nothing to score lies below everything."""
    found = BY_HAND[op]([symbol for symbol in symbols if symbol >= 0])
    return (0, 0) if found is None else (1, found)


def answered(framework: Framework, symbols: Symbols) -> Assessment:
    made = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust"))
    for place, symbol in enumerate(symbols, 1):
        if symbol >= 0:
            made = made.with_grade(f"1.{place}", GRADES[symbol])
        elif symbol == NA:
            made = made.with_not_applicable(f"1.{place}", "Nothing of the kind")
    return made


def every(statements: int = 3) -> Iterator[Symbols]:
    yield from product((0, 1, 2, NA, BLANK), repeat=statements)


def moved(symbols: Symbols, law: str) -> Iterator[Symbols]:
    for place, symbol in enumerate(symbols):
        if symbol >= 0:
            after = {"monotone": symbol + 1, "na_safe": NA, "unanswered_never_improves": BLANK}[law]
            if after < 3:
                yield (*symbols[:place], after, *symbols[place + 1 :])


def holds_by_hand(op: str, law: str) -> bool:
    if law == "anonymous":
        return all(result_by_hand(op, one) == result_by_hand(op, tuple(sorted(one))) for one in every())
    worse = (lambda a, b: b < a) if law == "monotone" else (lambda a, b: b > a)
    return not any(worse(result_by_hand(op, one), result_by_hand(op, other)) for one in every() for other in moved(one, law))


# the operators at work


@pytest.mark.parametrize("op", MORE)
def test_a_rule_with_an_installed_operator(installed: Path, tmp_path: Path, op: str) -> None:
    """It loads, has nothing wrong with it, and is written as it was read."""
    framework = framework_of(tmp_path, text_of(op))
    assert check(framework) == ()
    written = dump_framework(framework)
    assert f'op = "{op}"' in written
    assert framework_of(tmp_path, written).rule_definitions == framework.rule_definitions


@pytest.mark.parametrize("op", MORE)
def test_scores_and_replays(installed: Path, tmp_path: Path, op: str) -> None:
    """Every assessment comes to what the operator says, and so does the explanation of it. Catches a fold that loses or doubles items."""
    framework = framework_of(tmp_path, text_of(op))
    rule = framework.rules[op]
    for symbols in every():
        result = rule.score(answered(framework, symbols))
        assert rule.key(result.least) == result_by_hand(op, symbols), symbols
        replayed = result.explain().replay()
        assert isinstance(replayed, Absent) or replayed == result.value, symbols


@pytest.mark.parametrize("op", MORE)
def test_the_fewest_changes(installed: Path, tmp_path: Path, op: str) -> None:
    """As few answers are changed as trying everything finds, and the result is reached. Catches a search that takes a black box for a fold."""
    framework = framework_of(tmp_path, text_of(op))
    rule = framework.rules[op]
    goal: Any = "green" if op in ("second-worst", "first") else Fraction(3)
    wanted = (1, 2 if goal == "green" else goal)
    for symbols in product((0, 1, 2, NA), repeat=3):
        others = list(product(*(range(one, 3) if one >= 0 else [one] for one in symbols)))
        ways = [sum(a != b for a, b in zip(symbols, other, strict=True)) for other in others if result_by_hand(op, other) >= wanted]
        found = rule.score(answered(framework, symbols)).next_grade(goal)
        assert found.possible is bool(ways), symbols
        if ways:
            assert found.result is not None
            assert (len(found.changes), rule.key(found.result.least) >= wanted) == (min(ways), True), symbols


LAWS = ("monotone", "na_safe", "unanswered_never_improves", "anonymous")


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("op", ["spread", "second-worst"])
def test_what_can_be_merged_is_decided_exactly(installed: Path, tmp_path: Path, op: str, law: str) -> None:
    """The verdict is what trying every assessment finds. Catches states that are merged wrongly, and counterexamples that are none."""
    verdict = prove(framework_of(tmp_path, text_of(op)), laws=[law]).verdicts[0]
    assert verdict.kind == ("proven" if holds_by_hand(op, law) else "refuted")
    assert verdict.kind == "proven" or verdict.witness is not None


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("op", ["first", "middle"])
def test_a_black_box_is_tried(installed: Path, tmp_path: Path, op: str, law: str) -> None:
    """`first` cares for the order of its items. Catches a prover that takes statements for each other because they add the same."""
    verdict = prove(framework_of(tmp_path, text_of(op)), laws=[law]).verdicts[0]
    holds = holds_by_hand(op, law)
    if verdict.kind == "undecided":
        assert law == "anonymous"
    else:
        assert (verdict.kind, verdict.how) == (("proven", "exhaustive") if holds else ("refuted", verdict.how))


@pytest.mark.parametrize("op", ["first", "middle"])
def test_a_black_box_that_is_too_large_is_never_proven(installed: Path, tmp_path: Path, op: str) -> None:
    """Beyond the budget nobody tries everything: `not_refuted` at best, and what is refuted has its counterexample."""
    framework = framework_of(tmp_path, text_of(op, 5))
    for verdict in prove(framework, laws=LAWS, budget=300).verdicts:
        assert verdict.kind in ("not_refuted", "undecided", "refuted"), verdict.law.name
        assert verdict.kind != "refuted" or verdict.witness is not None


def test_a_black_box_with_one_odd_assessment_is_not_proven(installed: Path, tmp_path: Path) -> None:
    """One of 390,625 assessments breaks the law, and only in this order. Catches a proof that tried one order of the answers for all of them."""
    framework = framework_of(tmp_path, text_of("rare", 8, more=""))
    rule = framework.rules["rare"]
    assert rule.score(answered(framework, ALTERNATING)).value == "red"
    assert rule.score(answered(framework, (1, *ALTERNATING[1:]))).value == "green"
    assert prove(framework, laws=["S2"]).verdicts[0].kind in ("refuted", "not_refuted", "undecided")


def test_whether_a_black_box_cares_for_the_order(installed: Path, tmp_path: Path) -> None:
    """S1 is refuted for the one that does, and proven for the one that does not."""
    kinds = {op: prove(framework_of(tmp_path, text_of(op)), laws=["S1"]).verdicts[0].kind for op in ("first", "middle")}
    assert kinds == {"first": "refuted", "middle": "proven"}


def test_in_words(installed: Path, tmp_path: Path) -> None:
    """`show --rule` knows no sentence for it, and falls back on the first line of its docstring."""
    framework_of(tmp_path, text_of("spread"))
    done = CliRunner().invoke(main, ["show", str(tmp_path / "framework.toml"), "--rule", "spread"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "is found by 'spread'. How far the best answer lies above the worst one. It looks at all statements." in " ".join(done.output.split())


def test_in_a_fresh_interpreter(plugin_path: Path, tmp_path: Path) -> None:
    """The command line finds the operators of what is installed; a rule that uses none does not import their package."""
    framework_of_text = {"ours": text_of("spread"), "plain": text_of("spread").replace('op = "spread"', 'op = "mean"')}
    for name, text in framework_of_text.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    environment = {"PYTHONPATH": os.pathsep.join([str(plugin_path), *filter(None, sys.path)]), "COLUMNS": "100"}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)

    proved = run("-m", "s11kit", "prove", "ours.toml", "--law", "S2")
    assert "REFUTED" in proved.stdout and proved.stderr == ""
    program = "import sys, s11kit; s11kit.check(s11kit.load_framework('plain.toml')); print('s11kit_example_operators' in sys.modules)"
    assert run("-c", program).stdout == "False\n"


# broken ones


BROKEN = {
    "mean": ("s11kit_example_operators:Spread", "the library has an operator of that name"),
    "Bad Name": ("s11kit_example_operators:Spread", "a name is lower-case letters and digits"),
    "function": ("s11kit_example_operators:function", "'function' is no class"),
    "plain": ("s11kit_example_operators:Plain", "Plain is no attrs class"),
    "changing": ("s11kit_example_operators:Changing", "Changing can be changed"),
    "endless": ("s11kit_example_operators:Endless", "Endless has no finish"),
    "other": ("s11kit_example_operators:Other", "Other has no name 'other', but 'another'"),
    "taking": ("s11kit_example_operators:Taking", "over of Taking is a key of every step"),
    "hitless": ("s11kit_example_operators:Hitless", "Hitless reads hits, and has no field compare"),
    "odd": ("s11kit_example_operators:Odd", "Odd has reads 'colours'"),
    "lost": ("s11kit_example_operators:Lost", "NameError: name 'Nowhere' is not defined"),
    "leaving": ("s11kit_example_operators.leaving:Gone", "SystemExit: no licence"),
    "nowhere": ("s11kit_no_such_package:Spread", "ModuleNotFoundError"),
    "missing": ("s11kit_example_operators:Missing", "AttributeError"),
    "malformed": ("no such:thing", "AttributeError"),
    "spread": ("s11kit_example_operators:Spread", "s11kit-example-board 1.0.0 brings one of the same name"),
}


@pytest.fixture
def beside(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A second package, all of whose operators are broken."""
    info = tmp_path / "site" / "zz_broken-2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-broken\nVersion: 2\n", encoding="utf-8")
    lines = "".join(f"{name} = {value}\n" for name, (value, _) in BROKEN.items())
    (info / "entry_points.txt").write_text(f"[s11kit.operators]\n{lines}", encoding="utf-8")
    with monkeypatch.context() as patch:  # undone before that of `installed`, or the path that it saved would come back
        patch.syspath_prepend(str(tmp_path / "site"))
        forget()
        yield tmp_path
    forget()


def test_broken_operators_are_warnings_and_hide_nothing(beside: Path) -> None:
    """Each is found once, with the package and the reason; all others, and those of the library, are there."""
    found = {problem.about: problem for problem in Catalogue.default().problems if problem.about in BROKEN}
    assert found == dict(broken()) and set(found) == set(BROKEN)
    for name, (_, why) in BROKEN.items():
        assert found[name].code == "C002" and found[name].severity == "warning"
        assert found[name].message.startswith(f"the operator '{name}' of zz-broken 2 cannot be used: {why}"), found[name].message
    assert set(operators()) == {*BUILT_IN, "spread", "second-worst", "first", "middle", "rare", "careless"}
    assert operator("mean") is BUILT_IN["mean"]


def test_a_catalogue_without_plug_ins_asks_nobody(beside: Path) -> None:
    """`Catalogue.of` holds folders and nothing else."""
    assert Catalogue.of().problems == ()


@pytest.mark.parametrize("op", [name for name in BROKEN if name not in ("mean", "spread")])
def test_using_a_broken_operator(beside: Path, op: str) -> None:
    """It is an error at the place where the rule names it, with the reason, and never a traceback."""
    text = text_of("spread").replace('op = "spread"', f'op = "{op}"')
    with pytest.raises(InvalidFile) as caught:
        framework_of(beside, text)
    [problem] = [problem for problem in caught.value.problems if problem.code == "J001"]
    assert BROKEN[op][1] in problem.message and problem.hint == "mend or update the package that brings it"
    assert problem.place is not None and problem.place.line == text[: text.index("steps = ")].count("\n") + 1


def test_an_operator_that_nobody_brings(beside: Path) -> None:
    """The nearest one is offered, of those that can be used."""
    with pytest.raises(InvalidFile) as caught:
        framework_of(beside, text_of("spread").replace('op = "spread"', 'op = "spreads"'))
    [problem] = [problem for problem in caught.value.problems if problem.code == "J001"]
    assert problem.message == "there is no operator 'spreads'"
    assert str(problem.hint).startswith("did you mean 'spread'?") and "endless" not in str(problem.hint)


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("float", "it should give an exact number, and gives 0.5"),
        ("text", "it should give an exact number, and gives 'red'"),
        ("nothing", "compute fails with KeyError: 'nothing'"),
    ],
)
def test_an_operator_that_breaks_its_promise(installed: Path, tmp_path: Path, does: str, why: str) -> None:
    """A float, a wrong kind of result or an exception is a problem with the operator's name. Catches a float that gets into a result."""
    framework = framework_of(tmp_path, text_of("first", more="").replace('op = "first"', f'op = "careless", does = "{does}"'))
    with pytest.raises(S11Error) as caught:
        framework.rules["first"].score(answered(framework, (0, 1, 2)))
    [problem] = caught.value.problems
    assert (problem.code, problem.message) == ("J001", f"the operator 'careless' cannot be used: {why}")


def test_a_key_that_the_operator_does_not_have(installed: Path, tmp_path: Path) -> None:
    """Keys of installed operators are checked like those of the library's own: misspelt ones, and values of another type."""
    with pytest.raises(InvalidFile) as caught:
        framework_of(tmp_path, text_of("second-worst", more=", spares = 1"))
    assert [(problem.code, str(problem.hint).partition("?")[0]) for problem in caught.value.problems] == [("K001", "did you mean 'spare'")]
    with pytest.raises(InvalidFile) as caught:
        framework_of(tmp_path, text_of("second-worst", more=', spare = "one"'))
    assert [problem.code for problem in caught.value.problems] == ["K003"]
