"""Wrong scoring rules, each with the law that must refute it: if one of them survives, the laws have a hole."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest

from s11kit import Assessment, Framework, Graded, NotApplicable, Unanswered
from s11kit.model import AnswerTest, Both, Comparison, Selection, StepTest
from s11kit.rules import (
    ALL,
    Bands,
    Cap,
    If,
    Lookup,
    Max,
    Mean,
    Min,
    Mode,
    NotApplicableRule,
    Order,
    Pick,
    Rule,
    Share,
    Step,
    Table,
    UnansweredRule,
)  # fmt: skip
from s11kit.rules.judging import Row
from s11kit.testing import BlackBoxRule, laws_of

Make = Callable[..., Framework]
IDS = ("inadequate", "requires-improvement", "good", "outstanding")
VALUE = {grade: place for place, grade in enumerate(IDS)}
WORST = {"na": NotApplicableRule(policy="worst"), "unanswered": UnansweredRule(policy="worst")}


def answers(assessment: Assessment) -> list[Any]:
    return [assessment.answer(item.ref) for item in assessment.framework.answerable]


def mean(values: list[int]) -> str | None:
    """What all of these functions would be without their mutation, with what is absent left to them."""
    return IDS[int(Fraction(sum(values), len(values)) + Fraction(1, 2))] if values else None


def ranks(assessment: Assessment, *, na: int | None = 0, blank: int | None = 0) -> list[int]:
    found = [VALUE[each.grade] if isinstance(each, Graded) else na if isinstance(each, NotApplicable) else blank for each in answers(assessment)]
    return [rank for rank in found if rank is not None]


def sound(assessment: Assessment) -> str | None:
    return mean(ranks(assessment))


def na_is_the_best(assessment: Assessment) -> str | None:
    return mean(ranks(assessment, na=3))


def na_is_left_out(assessment: Assessment) -> str | None:
    return mean(ranks(assessment, na=None))


def a_blank_is_good(assessment: Assessment) -> str | None:
    return mean(ranks(assessment, blank=2))


def the_last_answer_wins(assessment: Assessment) -> str | None:
    given = [entry.answer.grade for entry in assessment.answers.values() if isinstance(entry.answer, Graded)]
    return given[-1] if given else None


def one_statement_is_forgotten(assessment: Assessment) -> str | None:
    return mean(ranks(assessment)[1:])


def one_statement_counts_twice(assessment: Assessment) -> str | None:
    found = ranks(assessment)
    return mean([*found, found[0]])


def good_is_punished(assessment: Assessment) -> str | None:
    found = ranks(assessment)
    return IDS[0] if found.count(2) == len(found) else mean(found)


def all_best_is_only_good(assessment: Assessment) -> str | None:
    return mean([min(rank, 2) for rank in ranks(assessment)])


def exactly_one_bad_is_noticed(assessment: Assessment) -> str | None:
    found = ranks(assessment)
    return IDS[min(1, int(Fraction(sum(found), len(found))))] if found.count(0) == 1 else mean(found)


def a_wrong_word(assessment: Assessment) -> str | None:
    return "excellent" if all(isinstance(each, Graded) and each.grade == "outstanding" for each in answers(assessment)) else sound(assessment)


def a_float(assessment: Assessment) -> Any:
    return sum(ranks(assessment)) / 3


def blanks_stop_the_cap(assessment: Assessment) -> str | None:
    found = ranks(assessment, na=0, blank=None)
    return None if not found else IDS[3] if any(isinstance(each, Unanswered) for each in answers(assessment)) else mean(found)


FUNCTIONS: list[tuple[Any, str]] = [
    (na_is_the_best, "S7"),
    (na_is_left_out, "S7"),
    (a_blank_is_good, "S8"),
    (the_last_answer_wins, "S1"),
    (one_statement_is_forgotten, "S13"),
    (one_statement_counts_twice, "S5"),
    (good_is_punished, "S2"),
    (good_is_punished, "S4"),
    (all_best_is_only_good, "S4"),
    (exactly_one_bad_is_noticed, "S2"),
    (a_wrong_word, "S3"),
    (a_float, "S3"),
    (blanks_stop_the_cap, "S8"),
    (sound, "S6"),
]


@pytest.mark.parametrize(("function", "law"), [pytest.param(*each, id=f"{each[0].__name__}-{each[1]}") for each in FUNCTIONS])
def test_a_wrong_function_is_killed(make: Make, function: Any, law: str) -> None:
    """Each wrong function breaks its law, on four statements; the example is an assessment that shows it when it is scored."""
    result = "number" if function is a_float else "scale"
    statements = 3 if law == "S1" else 4
    rule = BlackBoxRule(function, framework=make(statements), result=result, symmetric_within="weight")
    verdict = laws_of(rule, law)[0].decide()
    assert verdict.kind == "refuted"
    if law != "S13":
        assert verdict.witness is not None


def test_the_sound_function_survives(make: Make) -> None:
    """The same function without a mutation keeps every law that the mutants break, but for S6, which it gives up."""
    rule = BlackBoxRule(sound, framework=make(4), result="scale", symmetric_within="weight")
    kinds = {law.number: law.decide().kind for law in laws_of(rule, ["S2", "S3", "S4", "S5", "S7", "S8", "S13"])}
    assert set(kinds.values()) == {"proven"}


@pytest.mark.parametrize("seed", range(20))
def test_one_wrong_result_is_enough(make: Make, seed: int) -> None:
    """A sound function that is wrong for one assessment alone, chosen by chance: S2 or S5 finds it among all of them."""
    framework = make(2)
    chance = random.Random(seed)
    graded = [(one, two) for one in range(4) for two in range(4)]
    wrong = chance.choice(graded)
    other = chance.choice([rank for rank in range(4) if IDS[rank] != mean(list(wrong))])

    def nearly_sound(assessment: Assessment) -> str | None:
        found = ranks(assessment, na=None, blank=None)
        return IDS[other] if tuple(found) == wrong else mean(ranks(assessment))

    rule = BlackBoxRule(nearly_sound, framework=framework, result="scale", symmetric_within="weight", id="nearly")
    kinds = [law.decide().kind for law in laws_of(rule, ["S2", "S4", "S5", "S7", "S8"])]
    assert "refuted" in kinds


# the same for rules of steps


def steps(*made: Step, **more: Any) -> Rule:
    return Rule(id="mutant", steps=made, **more)


AVERAGE = Step(id="avg", op=Mean(value=VALUE), over=ALL)
BAND = Step(id="band", op=Bands(edges=("0", "1/2", "3/2", "5/2"), edge="inclusive", grades=IDS), of="avg")
BELOW_GOOD = AnswerTest(quantifier="any", selection=ALL, comparison=Comparison(operator="below", value="good"))
ALL_BEST = AnswerTest(quantifier="all", selection=ALL, comparison=Comparison(operator="at_least", value="outstanding"))
TOP = StepTest(step="band", comparison=Comparison(operator="is", value="outstanding"))
SENT_BACK = Step(id="g", op=If(then=IDS[1], else_="band"), when=Both(tests=[TOP, BELOW_GOOD]))
LEAST = Step(id="m", op=Min(), over=ALL)
MOST = Step(id="m", op=Max(), over=ALL)
SOME = Step(id="m", op=Min(), over=Selection(refs=["1.1", "1.2"]))
SHARE = Step(id="s", op=Share(compare=Comparison(operator="at_least", value="good")), over=ALL)
UPSIDE_DOWN = Lookup(table=dict(zip(IDS, IDS[::-1], strict=True)))
SWAPPED = attrs.evolve(BAND, op=attrs.evolve(BAND.op, grades=(IDS[0], IDS[2], IDS[1], IDS[3])))
TOO_HIGH = attrs.evolve(BAND, op=attrs.evolve(BAND.op, edges=("0", "1/2", "3/2", "4")))
HEAVY = Mean(value=VALUE, weight={**dict.fromkeys(IDS, 1), "good": 20})
RULES: list[tuple[str, Rule, str]] = [
    ("values out of order", steps(attrs.evolve(AVERAGE, op=Mean(value={**VALUE, "good": 4})), **WORST), "S2"),
    ("weights by grade", steps(attrs.evolve(AVERAGE, op=HEAVY), **WORST), "S2"),
    ("bands out of order", steps(AVERAGE, SWAPPED, **WORST), "S2"),
    ("mode", steps(Step(id="m", op=Mode(ties="worst"), over=ALL), **WORST), "S2"),
    ("upside down", steps(LEAST, Step(id="l", op=UPSIDE_DOWN, of="m"), **WORST), "S2"),
    (
        "a gate that sends back",
        steps(AVERAGE, BAND, SENT_BACK, **WORST),
        "S2",
    ),
    ("a table upside down", steps(Step(id="t", op=Table(rows=[Row(when=BELOW_GOOD, gives=IDS[3]), Row(gives=IDS[0])])), **WORST), "S2"),
    ("a cap by what is better", steps(MOST, Step(id="c", op=Cap(at="good"), of="m", when=ALL_BEST), **WORST), "S4"),
    ("a share without N/A", steps(SHARE), "S7"),
    ("the worst without blanks", steps(LEAST), "S8"),
    ("N/A worth Good", steps(AVERAGE, na=NotApplicableRule(policy="as", grade="good"), unanswered=UnansweredRule(policy="worst")), "S7"),
    ("a median from the worst side", steps(Step(id="o", op=Order(pick=Pick(k=2, from_="worst")), over=ALL)), "S7"),
    ("a grade nobody can get", steps(AVERAGE, TOO_HIGH, **WORST), "S10"),
    ("a forgotten result", steps(SOME, Step(id="t", op=Table(rows=[Row(gives="good")])), **WORST), "S13"),
    ("a mean of numbers", steps(AVERAGE, BAND, **WORST), "S14"),
]


@pytest.mark.parametrize(("rule", "law"), [pytest.param(rule, law, id=f"{name}-{law}") for name, rule, law in RULES])
def test_a_wrong_rule_is_killed(make: Make, rule: Rule, law: str) -> None:
    """Each wrong rule breaks its law, on four statements."""
    bound = make(4, rules=(rule,)).rules["mutant"]
    assert laws_of(bound, law)[0].decide().kind == "refuted"
