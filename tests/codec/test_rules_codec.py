"""Rules in files: what is written is what is read, and every fault of a rule is said where it stands."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, final

import attrs
import pytest

from s11kit import Catalogue, Framework, InvalidFile, dump_framework, load_framework
from s11kit.codec import framework_from
from s11kit.codec.converter import structure
from s11kit.codec.document import parse
from s11kit.codec.framework import of_a_faulty_step
from s11kit.codec.plain import unstructure
from s11kit.codec.rules import plain_step, read_rule, read_step
from s11kit.errors import Problem, dotted
from s11kit.model import AnswerTest, Both, Comparison, PlanTest, Selection, StepTest
from s11kit.rules.definition import Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.operator import NUMBER, Kind, Merge, Reads, Value, Variance
from s11kit.rules.operators import operators
from s11kit.rules.ordering import Order, Pick

HERE = Path(__file__).parent
TWENTY = HERE.parent / "rules" / "twenty.toml"
HEAD = """
format = "s11kit.framework/1"
id = "our-board"
edition = "2026"
title = "Our board"
provenance = "reconstructed"

[[dimension]]
id = "paper"
label = "On paper"

[[dimension]]
id = "practice"
label = "In practice"

[[scale]]
id = "rag"
order = "worst-first"
grades = [{ id = "red", label = "Red" }, { id = "amber", label = "Amber" }, { id = "green", label = "Green" }]

[[standard]]
ref = "1"
title = "Leadership"

[[standard.statement]]
ref = "1.1"
text = "Somebody leads."
tags = ["key"]
weights = { weight = 1 }
target = "green"

[[standard.statement]]
ref = "1.2"
text = "The board knows who."
weights = { weight = 2 }
target = "amber"
"""


def read(text: str) -> Framework:
    """What a text says, whether or not its rules fit: that is for `check`, and has tests of its own."""
    data = parse(text, name="framework.toml", kind="toml").data
    made, problems, _ = structure({key: value for key, value in data.items() if key != "format"}, Framework)
    if problems:
        raise InvalidFile(problems)
    framework: Framework = made
    return framework


def rules_of(rules: str) -> tuple[Any, ...]:
    """The rules that a text makes, as far as the text alone says."""
    return tuple(read(HEAD + rules).rule_definitions)


def step_of(step: str) -> Step:
    """One step, as the last of a rule."""
    [rule] = rules_of(f'[[rule]]\nid = "r"\nna = "exclude"\nunanswered = "exclude"\nsteps = [\n{step}\n]')
    found: Step = rule.steps[-1]
    return found


def faults(rules: str) -> list[Problem]:
    with pytest.raises(InvalidFile) as caught:
        framework_from(parse(HEAD + rules, name="framework.toml", kind="toml"))
    return list(caught.value.problems)


def said(rules: str) -> list[tuple[str, str]]:
    """The code and the place of everything that is wrong."""
    return [(problem.code, dotted(problem.path)) for problem in faults(rules)]


def wrong(step: str) -> list[tuple[str, str]]:
    """The code and the place, from the step on, of everything that is wrong with one step."""
    start = "rule[1].steps[1]"
    found = said(f'[[rule]]\nid = "r"\nna = "exclude"\nunanswered = "exclude"\nsteps = [{step}]')
    assert all(place.startswith(start) for _, place in found), found
    return [(code, place.removeprefix(start)) for code, place in found]


# there and back


def test_the_twenty_things_come_back_as_they_were(repository: Path) -> None:
    """Twenty rules of all kinds are written as they were read, and reading what was written changes nothing any more."""
    framework = load_framework(TWENTY)
    assert [f"e{n:02}" for n in range(1, 21) if n != 14] == [rule.id for rule in framework.rule_definitions]
    text = dump_framework(framework)
    again = framework_from(parse(text, name="framework.toml", kind="toml"))
    assert framework == again
    assert text == dump_framework(again)


def test_every_operator_is_read_and_written() -> None:
    """Each operator of the library stands in one rule, with every key that it has, and comes back."""
    framework = read(HEAD + (HERE / "every_operator.toml").read_text(encoding="utf-8"))
    again = read(dump_framework(framework))
    assert framework == again
    used = {step.op.name for rule in again.rule_definitions for step in rule.steps}  # type: ignore[attr-defined]
    assert sorted(operators()) == sorted(used)


def test_a_rule_is_written_as_a_person_would() -> None:
    """What is as usual is left out, a word stands for a table, every step has a line, and the rows of a long one as well."""
    text = """
[[rule]]
id = "overall"
result = "rag"
na = { max_share = "0.2", needs_reason = true }
unanswered = "range"
steps = [
  { id = "average", op = "mean", over = "all", value = { red = 0, amber = 1, green = 2 } },
  { id = "band", op = "bands", of = "average", edges = [0, "0.5", "4/3"], edge = "inclusive", grades = ["red", "amber", "green"] },
  { id = "final", op = "table", rows = [
    { when = { any = { tag = "key", at_most = "red" } }, gives = "red", reason = "one of the statements that matter most is red" },
    { gives = "band" },
  ] },
]

[rule.expect]
monotone = "proven"
na_safe = { verdict = "refuted", accepted_by = "Board, minute 7.2", date = 2016-05-12 }
"""
    written = dump_framework(read(HEAD + text))
    assert text == written[written.index("\n[[rule]]") :]


def test_a_rule_made_in_python_comes_back() -> None:
    """Whatever a rule holds, its file holds the same."""
    test = Both(
        tests=[
            AnswerTest(
                quantifier="some",
                selection=Selection(over_all=True, dimension=["paper"], role=["self"]),
                comparison=Comparison(operator="at_least", value="green"),
                share=Fraction(2, 3),
                empty=True,
            ),
            StepTest(step="first", comparison=Comparison(operator="above", value=Fraction(1, 3))),
            StepTest(step="second"),
            PlanTest(plan="approved", selection=Selection(refs=["1.1"]), comparison=Comparison(operator="below", value="green"), empty=True),
        ]
    )
    step = Step(
        id="pick",
        op=Order(pick=Pick(quantile="4/5")),
        over=Selection(over_all=True, dimension=["paper", "practice"]),
        each="standard",
        when=test,
        na=NotApplicableRule(policy="as", grade="target"),
        unanswered=UnansweredRule(policy="range"),
        empty="not_applicable",
        flag="look here",
        note="A note.",
    )
    rule = Rule(
        id="overall",
        better="lower",
        na=NotApplicableRule(),
        unanswered=UnansweredRule(),
        empty=Fraction(1, 2),
        steps=[step],
        report=["pick"],
        expect={"monotone": Expectation(verdict="undecided")},
    )
    plain = unstructure(read(HEAD).with_rule(rule))["rule"]
    assert {key: value for key, value in plain[0].items() if key != "steps"} == {
        "id": "overall",
        "better": "lower",
        "na": "exclude",
        "unanswered": "exclude",
        "empty": "0.5",
        "report": ["pick"],
        "expect": {"monotone": "undecided"},
    }
    assert plain[0]["steps"][0]["when"] == {
        "both": [
            {"some": {"over": "all", "dimension": "paper", "role": "self", "at_least": "green", "empty": True}, "share": "2/3"},
            {"step": "first", "above": "1/3"},
            {"step": "second"},
            {"plan": "approved", "covers": {"refs": ["1.1"], "below": "green", "empty": True}},
        ]
    }
    assert rule == read_rule(plain[0], None)


def test_numbers_and_grades_are_told_apart() -> None:
    """A number is a number; so is a text that could not be an id. A text that could be one stays what it is."""
    step = step_of('{ id = "a", op = "if", when = { step = "b" }, then = "5/2", else = "3" }')
    assert (Fraction(5, 2), "3") == (step.op.then, step.op.else_)
    step = step_of('{ id = "a", op = "if", when = { step = "b", at_least = 0.1 }, then = -1, else = "-1" }')
    assert (Fraction(-1), Fraction(-1)) == (step.op.then, step.op.else_)
    assert StepTest(step="b", comparison=Comparison(operator="at_least", value=Fraction(1, 10))) == step.when


def test_a_profile_is_a_grade_for_each_reference() -> None:
    """A comparison may be with a table from references to grades."""
    step = step_of('{ id = "a", op = "all", over = "all", at_least = { "1.1" = "green", "1.2" = "amber" } }')
    assert step.op.compare.value == {"1.1": "green", "1.2": "amber"}


def test_words_stand_for_tables() -> None:
    """One step, dimension or role needs no list, and one word no table."""
    step = step_of('{ id = "a", op = "min", over = { dimension = "paper", role = ["self"] }, na = "worst", unanswered = "refuse" }')
    assert Selection(dimension=["paper"], role=["self"]) == step.over
    assert (NotApplicableRule(policy="worst"), UnansweredRule(policy="refuse")) == (step.na, step.unanswered)
    assert step_of('{ id = "a", op = "min", of = ["b", "c"] }').of == ("b", "c")
    assert step_of('{ id = "a", op = "min", of = "b" }').of == ("b",)


def test_a_framework_without_rules_needs_none() -> None:
    """Rules are imported when the first rule is met."""
    code = (
        "import sys, s11kit.codec\n"
        f"s11kit.codec.load_framework({str(HERE.parents[1] / 'tests/fuzz/seeds/frameworks/everything/2026/framework.toml')!r},"
        f" catalogue=s11kit.Catalogue.default({str(HERE.parents[1] / 'tests/fuzz/seeds/frameworks')!r}))\n"
        "assert 's11kit.codec.rules' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# faults


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("3", [("K003", "")]),
        ('{ id = "a", over = "all" }', [("K002", "")]),
        ('{ id = "a", op = "meen", over = "all" }', [("J001", ".op")]),
        ('{ id = "a", op = 3, over = "all" }', [("K003", ".op")]),
        ('{ op = "min", over = "all" }', [("K002", "")]),
        ('{ idd = "a", op = "min", over = "all" }', [("K001", ".idd")]),
        ('{ id = "A step", op = "min", over = "all" }', [("K005", ".id")]),
        ('{ id = "a", op = "min", over = "all", of = "b" }', [("K011", ".of")]),
        ('{ id = "a", op = "min", over = "everything" }', [("K003", ".over")]),
        ('{ id = "a", op = "min", over = {} }', [("K011", ".over")]),
        ('{ id = "a", op = "min", over = { over = "some", tags = "x" } }', [("K001", ".over.tags")]),
        ('{ id = "a", op = "min", over = { over = "some", refs = "x" } }', [("K011", ".over.over"), ("K003", ".over.refs")]),
        ('{ id = "a", op = "min", over = { step = "b" } }', [("K001", ".over.step")]),
        ('{ id = "a", op = "min", of = 3 }', [("K003", ".of")]),
        ('{ id = "a", op = "min", over = "all", na = "zero" }', [("K004", ".na")]),
        ('{ id = "a", op = "min", over = "all", na = "as" }', [("K011", ".na")]),
        ('{ id = "a", op = "min", over = "all", na = { policy = "worst", grade = "red" } }', [("K011", ".na.grade")]),
        ('{ id = "a", op = "min", over = "all", unanswered = { policy = "range", prorate = true } }', [("K011", ".unanswered.prorate")]),
        ('{ id = "a", op = "min", over = "all", empty = [] }', [("K003", ".empty")]),
        ('{ id = "a", op = "min", over = "all", flag = " " }', [("K010", ".flag")]),
        ('{ id = "a", op = "count", over = "all" }', [("K011", "")]),
        ('{ id = "a", op = "count", over = "all", at_leest = "red" }', [("K001", ".at_leest")]),
        ('{ id = "a", op = "count", over = "all", at_least = "red", is = "red" }', [("K011", "")]),
        ('{ id = "a", op = "count", over = "all", at_least = true }', [("K011", ".at_least")]),
        ('{ id = "a", op = "count", over = "all", at_least = [] }', [("K003", ".at_least")]),
        ('{ id = "a", op = "count", over = "all", at_least = { "1.1" = 3 } }', [("K003", '.at_least."1.1"')]),
        ('{ id = "a", op = "count", over = "all", compare = "red" }', [("K011", ""), ("K001", ".compare")]),
        ('{ id = "a", op = "some", over = "all", is = "red" }', [("K011", "")]),
        ('{ id = "a", op = "some", over = "all", is = "red", k = 0 }', [("K009", ".k")]),
        ('{ id = "a", op = "mean", over = "all", value = "units" }', [("K004", ".value")]),
        ('{ id = "a", op = "mean", over = "all", value = 1 }', [("K003", ".value")]),
        ('{ id = "a", op = "mean", over = "all", value = { red = "x", green = true } }', [("K009", ".value.red"), ("K009", ".value.green")]),
        ('{ id = "a", op = "mean", over = "all", value = "unit", weight = 3 }', [("K003", ".weight")]),
        ('{ id = "a", op = "owa", over = "all", value = "unit", weights = ["1/2"] }', [("J005", ".weights")]),
        ('{ id = "a", op = "owa", over = "all", value = "unit", weights = ["half"] }', [("K009", ".weights[1]")]),
        ('{ id = "a", op = "trimmed", over = "all", value = "unit", trim = "1/2" }', [("K009", ".trim")]),
        ('{ id = "a", op = "order", over = "all" }', [("K002", "")]),
        ('{ id = "a", op = "order", over = "all", pick = "median" }', [("K004", ".pick")]),
        ('{ id = "a", op = "order", over = "all", pick = { k = 2 } }', [("K011", ".pick")]),
        ('{ id = "a", op = "order", over = "all", pick = { k = 2, from = "bottom" } }', [("K004", ".pick.from")]),
        ('{ id = "a", op = "mode", over = "all", ties = "both" }', [("K004", ".ties")]),
        ('{ id = "a", op = "bands", of = "b", edges = [0, 2, 1], edge = "inclusive", grades = ["red", "amber", "green"] }', [("J006", ".edges[3]")]),
        ('{ id = "a", op = "bands", of = "b", edges = [0, 1], edge = "inclusive", grades = ["red"] }', [("J006", ".grades")]),
        ('{ id = "a", op = "bands", of = "b", edges = [0], edge = "in", grades = [[]] }', [("K004", ".edge"), ("K003", ".grades[1]")]),
        ('{ id = "a", op = "round", of = "b", places = 99, mode = "up" }', [("K009", ".places")]),
        ('{ id = "a", op = "table", rows = [] }', [("J007", ".rows")]),
        ('{ id = "a", op = "table", rows = [{ gives = "red" }, { gives = "green" }] }', [("J007", ".rows[1]")]),
        ('{ id = "a", op = "table", rows = [{ give = "red" }] }', [("K001", ".rows[1].give")]),
        ('{ id = "a", op = "ladder", start = "red", rungs = [{ gives = "green" }] }', [("K002", ".rungs[1]")]),
        ('{ id = "a", op = "lookup", of = "b", table = { red = [] } }', [("K003", ".table.red")]),
        ('{ id = "a", op = "cap", of = "b", at = {}, when = 3 }', [("K003", ".at"), ("K003", ".when")]),
        ('{ id = "a", op = "min", over = "all", except = [{ refs = ["1.1"] }] }', [("K002", ".except[1]")]),
        ('{ id = "a", op = "min", over = "all", except = [{ tag = "key", reason = "x" }] }', [("K011", ".except[1]")]),
        ('{ id = "a", op = "min", over = "all", except = [{ tag = "key", na = "nil", reason = "x" }] }', [("K004", ".except[1].na")]),
    ],
)  # fmt: skip
def test_a_fault_of_a_step_is_said_where_it_stands(step: str, expected: list[tuple[str, str]]) -> None:
    """Whatever is wrong with a step, in its shape, is found at its key."""
    assert sorted(expected) == sorted(wrong(step))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("{}", [("K011", "")]),
        ('{ kind = ["school"] }', [("K011", ".kind")]),
        ('{ anny = { over = "all", is = "red" } }', [("K001", ".anny")]),
        ('{ any = { over = "all" } }', [("K011", ".any")]),
        ('{ any = { is = "red" } }', [("K011", ".any")]),
        ('{ any = { over = "all", iss = "red", emty = true } }', [("K001", ".any.iss"), ("K001", ".any.emty")]),
        ('{ any = { dimension = 3, role = [3], is = "red" } }', [("K003", ".any.dimension"), ("K003", ".any.role[1]")]),
        ('{ any = { step = "b", tag = "key", is = "red" } }', [("K011", ".any.step")]),
        ('{ any = { over = "all", is = "red" }, k = 2 }', [("K011", ".k")]),
        ('{ some = { over = "all", is = "red" } }', [("K011", "")]),
        ('{ some = { over = "all", is = "red" }, k = 2, share = "1/2" }', [("K011", ".share")]),
        ('{ some = { over = "all", is = "red" }, k = "2" }', [("K003", ".k")]),
        ('{ some = { over = "all", is = "red" }, share = 2 }', [("K009", ".share")]),
        ('{ step = "b", at_least = [] }', [("K003", ".at_least")]),
        ('{ step = "b", at_least = 1, below = 2 }', [("K011", "")]),
        ('{ step = "b", any = { over = "all", is = "red" } }', [("K011", "")]),
        ('{ step = "b", plan = "approved" }', [("K011", "")]),
        ('{ step = "b", covers = {} }', [("K011", ".covers")]),
        ('{ step = "b", empty = true }', [("K011", ".empty")]),
        ('{ at_least = "red" }', [("K011", "")]),
        ('{ plan = "approved" }', [("K002", "")]),
        ('{ plan = "approved", at_least = "red" }', [("K011", ".at_least")]),
        ('{ plan = "approved", covers = { over = "all" } }', [("K011", ".covers")]),
        ("{ both = [] }", [("K011", ".both")]),
        ('{ both = [{ step = 3 }, { either = [{ not = { step = [] } }] }] }', [("K003", ".both[1].step"), ("K003", ".both[2].either[1].not.step")]),
    ],
)  # fmt: skip
def test_a_fault_of_a_test_is_said_where_it_stands(test: str, expected: list[tuple[str, str]]) -> None:
    """Whatever is wrong with a test is found at its key, however deep."""
    found = wrong(f'{{ id = "a", op = "if", when = {test}, then = "red", else = "green" }}')
    assert sorted((code, ".when" + place) for code, place in expected) == sorted(found)


def test_tests_are_not_nested_without_end() -> None:
    """Tests in tests in tests are refused beyond 32 levels."""
    test = '{ step = "b" }'
    for _ in range(40):
        test = f"{{ not = {test} }}"
    [(code, _)] = wrong(f'{{ id = "a", op = "if", when = {test}, then = "red", else = "green" }}')
    assert code == "F010"


def test_everything_wrong_with_a_rule_is_said_at_once() -> None:
    """Faults in several rules and steps, and beside them, are all found."""
    rules = """
[[rule]]
id = "Overall"
better = "smaller"
reslt = "rag"
expect = { monotone = "yes", na_safe = { verdict = "proven", accepted_by = "Board" } }
steps = [
  { id = "a", op = "min", over = "al" },
  { id = "b", op = "cap", of = "a", at = "red", whn = { step = "a" } },
]

[[rule]]
id = "two"
steps = []

[[rule]]
steps = { id = "a", op = "min", over = "all" }
"""
    expected = [
        ("K005", "rule[1].id"), ("K004", "rule[1].better"), ("K001", "rule[1].reslt"), ("K004", "rule[1].expect.monotone"),
        ("K011", "rule[1].expect.na_safe.verdict"), ("K003", "rule[1].steps[1].over"), ("K001", "rule[1].steps[2].whn"),
        ("K010", "rule[2].steps"), ("K002", "rule[3]"), ("K003", "rule[3].steps"),
    ]  # fmt: skip
    assert sorted(expected) == sorted(said(rules))


def test_an_unknown_key_of_a_step_lists_the_keys_of_its_operator() -> None:
    """Who mistypes a key is told which ones the operator has, and which every step."""
    [problem] = faults('[[rule]]\nid = "r"\nsteps = [{ id = "a", op = "sum", over = "all", value = "unit", strat = 3 }]')
    assert problem.hint == (
        "did you mean 'start'? keys of 'sum': value, weight, start, show; "
        "of any step: id, op, over, of, each, except, when, na, unanswered, empty, flag, note"
    )


def test_an_unknown_operator_lists_all_there_are() -> None:
    """Who mistypes an operator is told the nearest one, and all of them."""
    [problem] = faults('[[rule]]\nid = "r"\nsteps = [{ id = "a", op = "meen", over = "all" }]')
    assert problem.place is not None
    assert '[{ id = "a", op = "meen"' in (problem.place.excerpt or "")
    assert problem.hint == "did you mean 'mean'? operators: " + ", ".join(operators())


@pytest.mark.parametrize(
    ("path", "echoes"),
    [
        (("rule", 0, "steps", 1, "of"), True),
        (("rule", 0, "steps", 2, "of"), False),
        (("rule", 0, "na"), False),
        (("rule", 1, "expect", "monotone"), True),
        (("rule", 1, "steps", 0), False),
        (("rule", 2, "steps", 0, "of"), True),
        (("standard", 0), False),
    ],
)
def test_a_finding_that_only_follows_from_a_fault_is_left_out(path: tuple[str | int, ...], echoes: bool) -> None:
    """What is said of a faulty step, or of a rule that lost one, would only repeat the fault."""
    faults = [Problem(code="K001", message="", path=place) for place in (("rule", 0, "steps", 1, "oof"), ("rule", 1, "expect", "monotone"))]
    assert of_a_faulty_step(path, faults, [("rule", 2, "steps", 3)]) is echoes


# conditions of frameworks share the grammar


def test_a_condition_may_ask_for_a_share() -> None:
    """`some` takes a number of answers or a share of them, in a condition as in a rule."""
    condition = 'applies_when = { some = { refs = ["1.1", "1.2"], at_least = "amber" }, share = "1/2" }'
    text = HEAD + f'\n[[standard]]\nref = "2"\ntitle = "Training"\n{condition}\n[[standard.statement]]\nref = "2.1"\ntext = "Staff are trained."\n'
    framework = read(text)
    test = framework.item("2").node.applies_when
    assert isinstance(test, AnswerTest)
    assert Fraction(1, 2) == test.share
    assert framework == read(dump_framework(framework))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('{ step = "a" }', ("K001", ".step")),
        ('{ plan = "approved", covers = {} }', ("K001", ".plan")),
        ('{ any = { dimension = "paper", is = "red" } }', ("K001", ".any.dimension")),
        ('{ any = { role = "self", is = "red" } }', ("K001", ".any.role")),
        ('{ any = { over = "all", at_least = 1 } }', ("K003", ".any.at_least")),
        ('{ some = { over = "all", is = "red" }, k = 1, share = "1/2" }', ("K011", ".share")),
    ],
)
def test_a_condition_asks_for_nothing_that_only_a_rule_knows(condition: str, expected: tuple[str, str]) -> None:
    """Steps, plans, sides and numbers stand in rules alone."""
    text = f'[[standard]]\nref = "2"\ntitle = "Training"\napplies_when = {condition}\n[[standard.statement]]\nref = "2.1"\ntext = "Trained."\n'
    assert [(expected[0], "standard[2].applies_when" + expected[1])] == said(text)


# overlays


OVER = """
format = "s11kit.framework/1"
id = "over"
edition = "1"
extends = "our-board@2026"
provenance = "inferred"
"""
RULE = """
[[rule]]
id = "{id}"
na = "exclude"
unanswered = "range"
steps = [{{ id = "{step}", op = "{step}", over = "all" }}]
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with a framework that has two rules."""
    folder = tmp_path / "our-board" / "2026"
    folder.mkdir(parents=True)
    text = HEAD + RULE.format(id="first", step="min") + RULE.format(id="second", step="max")
    (folder / "framework.toml").write_text(text, encoding="utf-8")
    return tmp_path


def over(shelf: Path, text: str) -> Framework:
    return framework_from(parse(OVER + text, name="overlay.toml", kind="toml"), catalogue=Catalogue.of(shelf))


def test_an_overlay_adds_and_replaces_rules(shelf: Path) -> None:
    """A rule with a new id comes last, one with an old id takes its place; the layer says that the overlay set rules."""
    framework = over(shelf, RULE.format(id="third", step="min") + RULE.format(id="first", step="max"))
    rules: tuple[Any, ...] = framework.rule_definitions
    assert [(rule.id, rule.steps[0].id) for rule in rules] == [("first", "max"), ("second", "max"), ("third", "min")]
    assert [rule.provenance.mark for rule in rules] == ["inferred", None, "inferred"]
    assert "rule" in framework.layers[-1].head
    assert framework.origin is not None
    places = [framework.origin.locate(("rule", number, "id")) for number in range(3)]
    assert [place.excerpt for place in places] == ['id = "first"', 'id = "second"', 'id = "third"']
    assert [place.file == "overlay.toml" for place in places] == [True, False, True]


def test_an_overlay_removes_a_rule(shelf: Path) -> None:
    """A rule can be taken away, with a reason."""
    framework = over(shelf, '[[remove]]\nrule = "first"\nreason = "Our board judges by itself."\n')
    assert [rule.id for rule in framework.rule_definitions] == ["second"]
    assert framework.layers[-1].removed == {"first": "Our board judges by itself."}


def test_a_fault_in_a_rule_of_an_overlay_is_said_there(shelf: Path) -> None:
    """A rule in an overlay is read as any other."""
    with pytest.raises(InvalidFile) as caught:
        over(shelf, '[[rule]]\nid = "third"\nsteps = [{ id = "a", op = "mim", over = "all" }]\n')
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("J001", ("rule", 0, "steps", 0, "op"))]


# operators of others


@final
@attrs.frozen(kw_only=True)
class Odd:
    """An operator as somebody else might write it, with attributes of many types."""

    name: ClassVar[str] = "odd"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "unknown"
    unit: ClassVar[tuple[Any, ...]] = (0,)
    merges: ClassVar[tuple[Merge, ...]] = ("add",)
    value: Any = None
    by: Fraction
    deep: bool = False
    from_: tuple[str, ...] = ()
    either: str | int = "x"
    anything: Any = None

    def lift(self, value: Any, weight: Fraction) -> tuple[Any, ...]:
        """One item."""
        return (value,)

    def finish(self, state: tuple[Any, ...]) -> Value:
        """The result."""
        return state[0]

    def gives(self, items: Kind) -> Kind:
        """A number."""
        return NUMBER


def test_an_installed_operator_has_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attributes of an operator that a package brings are its keys, read by their types."""
    monkeypatch.setattr("s11kit.codec.rules.operator", lambda name: Odd)
    text = (
        'id = "a"\nop = "odd"\nover = "all"\nvalue = { red = 1 }\nby = "1/3"\ndeep = true\nfrom = ["x"]\neither = 3\nanything = { list = [1, 0.5] }'
    )
    data = tomllib.loads(text, parse_float=Decimal)
    step = read_step(data, None)
    assert Odd(value={"red": Fraction(1)}, by=Fraction(1, 3), deep=True, from_=("x",), either=3, anything=step.op.anything) == step.op
    assert {"list": (1, Decimal("0.5"))} == step.op.anything
    assert data == plain_step(step)
