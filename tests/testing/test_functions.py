"""Scoring functions held to laws: exact as long as every assessment can be tried, and honest beyond that."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from s11kit import Assessment, Framework, Graded, NotApplicable
from s11kit.proving import Prover
from s11kit.rules import ALL, Bands, Mean, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.testing import BOARD_SAFE, BlackBoxRule, FunctionFailed, assert_laws, laws_of

Make = Callable[..., Framework]
RED_GREEN = ("Red", "Amber", "Green")


def ranks(assessment: Assessment) -> list[int]:
    """The grades that are there, by place on their scale."""
    scale = assessment.framework.scales[0]
    return [scale.rank(answer.grade) for item in assessment.framework.answerable if isinstance(answer := assessment.answer(item.ref), Graded)]


def grade(assessment: Assessment, rank: int) -> str:
    return assessment.framework.scales[0].grades[rank].id


def gated(assessment: Assessment) -> str | None:
    """A mean, rounded half up; Outstanding only if nothing is below Good, and Requires improvement instead."""
    found = ranks(assessment)
    if not found:
        return None
    rounded = int(Fraction(sum(found), len(found)) + Fraction(1, 2))
    return grade(assessment, 1 if rounded == 3 and min(found) < 2 else rounded)


def worst(assessment: Assessment) -> str | None:
    """The worst answer, with everything that is no grade counted as the worst there is."""
    found = [answer for item in assessment.framework.answerable if isinstance(answer := assessment.answer(item.ref), Graded)]
    if len(found) < len(assessment.framework.answerable):
        return grade(assessment, 0)
    return grade(assessment, min(ranks(assessment)))


def share_of_green(assessment: Assessment) -> Fraction | None:
    found = ranks(assessment)
    return Fraction(sum(rank == 2 for rank in found), len(found)) if found else None


def kinds(rule: Any, laws: Any = None, budget: int | None = None) -> dict[str, str]:
    return {law.number: law.decide(budget).kind for law in laws_of(rule, laws)}


def test_a_gate_that_sends_some_back_is_found_at_four_statements_and_not_at_three(make: Make) -> None:
    """With three statements improving never hurts; with four it does, and the smallest example is one answer away from all-best."""
    three, four = (BlackBoxRule(gated, framework=make(number), result="scale") for number in (3, 4))
    assert laws_of(three, "S2")[0].decide().words == "proven (exhaustive: 216 summaries)"
    verdict = laws_of(four, "S2")[0].decide()
    assert verdict.witness is not None and verdict.witness.other is not None
    assert verdict.witness.summary == "4 answers: 3 Outstanding, 1 Inadequate"
    assert verdict.witness.change == "change 1.1 from Inadequate to Requires improvement"
    assert (verdict.witness.result.text, verdict.witness.other.text) == ("Good", "Requires improvement")


def test_beyond_the_budget_the_smallest_example_is_found_by_shrinking(make: Make) -> None:
    """With forty statements not everything can be tried; the example that is found by chance shrinks to the smallest there is."""
    rule = BlackBoxRule(gated, framework=make(40), result="scale", symmetric_within="weight")
    verdict = laws_of(rule, "S2")[0].decide()
    assert verdict.witness is not None
    assert verdict.witness.summary == "40 answers: 33 Outstanding, 7 Inadequate"
    assert verdict.witness.size == (7, 1, 0, 0)


def test_none_found_is_never_called_proof(make: Make) -> None:
    """A sound function with too many assessments is not refuted in so many tries, and that does not satisfy a check."""
    rule = BlackBoxRule(worst, framework=make(7), result="scale")
    law = laws_of(rule, "S2")[0]
    assert law.decide().kind == "not_refuted"
    assert law.decide().words.startswith("not refuted in ")
    with pytest.raises(AssertionError, match="That is no proof"):
        law.check()
    laws_of(rule, "S2", expect={"S2": "not_refuted"})[0].check()


def test_declared_symmetry_makes_the_same_rule_provable(make: Make) -> None:
    """With interchangeable statements there are few assessments that really differ; the verdict says what it rests on."""
    rule = BlackBoxRule(worst, framework=make(12), result="scale", symmetric_within="weight")
    verdict = laws_of(rule, "monotone")[0].decide()
    assert verdict.kind == "proven"
    assert verdict.states == 6188  # ways to give 12 statements one of 4 grades, not applicable, or nothing
    assert "statements of the same weight were taken to be interchangeable" in verdict.reasons[0]


def test_a_false_declaration_is_found_and_not_used(make: Make) -> None:
    """A function with a secret favourite is refuted by exchanging two answers, and its other laws are decided without the declaration."""

    def favours_the_first(assessment: Assessment) -> str | None:
        first = assessment.answer("1.1")
        return first.grade if isinstance(first, Graded) else None

    rule = BlackBoxRule(favours_the_first, framework=make(3), result="scale", symmetric_within="all")
    laws = {law.number: law.decide() for law in laws_of(rule, ["S2", "S5", "S13"])}
    assert laws["S5"].kind == "refuted"
    assert laws["S5"].witness is not None and "exchange the answers to 1.1 and" in laws["S5"].witness.change
    assert laws["S2"].words == "proven (exhaustive: 216 summaries)"
    assert laws["S13"].reasons == ("whatever the other answers are, these change nothing: 1.2, 1.3",)


def test_na_gaming_and_its_opposite(make: Make) -> None:
    """A share that leaves N/A out can be gamed with it; one that counts it as the worst cannot, and is not neutral."""
    framework = make(2, grades=RED_GREEN)
    assert kinds(BlackBoxRule(share_of_green, framework=framework, result="number"), ["S2", "S6", "S7", "S8"]) == {
        "S2": "proven", "S6": "proven", "S7": "refuted", "S8": "refuted",
    }  # fmt: skip
    assert kinds(BlackBoxRule(worst, framework=framework, result="scale"), ["S2", "S6", "S7", "S8"]) == {
        "S2": "proven", "S6": "refuted", "S7": "proven", "S8": "proven",
    }  # fmt: skip


def test_the_order_of_answers_is_tried(make: Make) -> None:
    """A function that lets the last answer win depends on the order of the sheet."""

    def last(assessment: Assessment) -> str | None:
        given = [entry.answer.grade for entry in assessment.answers.values() if isinstance(entry.answer, Graded)]
        return given[-1] if given else None

    verdict = laws_of(BlackBoxRule(last, framework=make(3), result="scale"), "S1")[0].decide()
    assert verdict.kind == "refuted"
    assert verdict.witness is not None and verdict.witness.change.startswith("give the same answers in another order")


def test_an_exception_comes_with_the_assessment_that_raised_it(make: Make) -> None:
    """What the function raises is not swallowed: it arrives as the cause, with the answers in words."""

    def divides(assessment: Assessment) -> Fraction:
        found = ranks(assessment)
        return Fraction(sum(found), len(found))

    rule = BlackBoxRule(divides, framework=make(2), result="number")
    with pytest.raises(
        FunctionFailed, match=r"divides raised ZeroDivisionError: Fraction\(0, 0\)\n  for 1.1 not applicable, 1.2 not applicable"
    ) as caught:
        laws_of(rule, "S2")[0].check()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert isinstance(caught.value.assessment.answer("1.1"), NotApplicable)


@pytest.mark.parametrize(
    ("given", "result", "why"),
    [
        ("splendid", "scale", "no grade of 'scale'"),
        (0.5, "number", "not exact"),
        ("1/2", "number", "no number"),
        (1, "truth", "neither True nor False"),
    ],
)
def test_what_is_no_result_is_refused(make: Make, given: Any, result: str, why: str) -> None:
    """A grade that does not exist and a float are counterexamples to S3, and stop every other law."""
    rule = BlackBoxRule(lambda assessment: given, framework=make(2), result=result, id="odd")
    verdict = laws_of(rule, "bounded")[0].decide()
    assert verdict.kind == "refuted"
    assert verdict.witness is not None and why in verdict.witness.result.text
    with pytest.raises(FunctionFailed, match=why):
        laws_of(rule, "monotone")[0].check()


def test_lower_may_be_better(make: Make) -> None:
    """A function that counts what is missing is monotone if lower is declared to be better, and not otherwise."""

    def short(assessment: Assessment) -> int:
        return sum(rank < 2 for rank in ranks(assessment))

    framework = make(2, grades=RED_GREEN)
    assert kinds(BlackBoxRule(short, framework=framework, result="number", better="lower"), "S2") == {"S2": "proven"}
    assert kinds(BlackBoxRule(short, framework=framework, result="number"), "S2") == {"S2": "refuted"}


@pytest.mark.parametrize("statements", [1, 2, 3])
@pytest.mark.parametrize("policy", ["exclude", "worst"])
def test_a_function_gets_the_verdicts_of_the_same_rule(make: Make, statements: int, policy: Any) -> None:
    """Trying and proving agree, verdict by verdict, and on the size of the counterexample."""
    edges, ids = ("0", "1/2", "3/2", "5/2"), tuple(grade.id for grade in make(1).scales[0].grades)
    values = {grade: place for place, grade in enumerate(ids)}
    steps = [
        Step(id="avg", op=Mean(value=values), over=ALL),
        Step(id="band", op=Bands(edges=edges, edge="inclusive", grades=ids), of="avg"),
    ]
    rule = Rule(id="overall", na=NotApplicableRule(policy=policy), unanswered=UnansweredRule(policy=policy), steps=steps)
    bound = make(statements, rules=(rule,)).rules["overall"]

    def same(assessment: Assessment) -> Any:
        return rule.within(assessment.framework).score(assessment).value

    function = BlackBoxRule(same, framework=bound.framework, result="scale", symmetric_within="scale")
    prover = Prover(bound)
    for law in ("monotone", "na_safe", "unanswered_never_improves", "unanimous", "na_neutral", "responsive", "bounded"):
        proved, tried = prover.decide(law), laws_of(function, law)[0].decide()
        expected = "proven" if law == "na_neutral" and statements == 1 else proved.kind
        assert (law, tried.kind) == (law, expected)
        if proved.witness is not None and tried.witness is not None and law != "na_neutral":
            assert tried.witness.size == proved.witness.size
            assert tried.witness.change == proved.witness.change


def test_one_line_reports_everything_at_once(make: Make) -> None:
    """`assert_laws` names every law that fails, with its counterexample."""
    rule = BlackBoxRule(share_of_green, framework=make(2, grades=RED_GREEN), result="number", symmetric_within="weight")
    with pytest.raises(AssertionError) as caught:
        assert_laws(rule, BOARD_SAFE)
    text = str(caught.value)
    assert "turning an answer into N/A never raises the result: refuted" in text
    assert "leaving an answer blank never raises the result: refuted" in text
    assert "1.1 Red, 1.2 Green" in text
    assert "1/2  ->  1" in text.replace("0.5", "1/2")
    assert_laws(rule, BOARD_SAFE, expect={"S7": "refuted", "unanswered_never_improves": "refuted"})
