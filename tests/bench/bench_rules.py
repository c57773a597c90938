"""Rules: scoring against a bare loop over the same answers, proofs against a bare loop of ten million steps."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from s11kit import Assessment, Framework, Scale, Standard, Statement, prove, score
from s11kit.model import AnswerTest, Comparison, Grade, NotApplicablePolicy, Selection
from s11kit.rules import ALL, Bands, Cap, Mean, NotApplicableRule, Order, Rule, Step, UnansweredRule

GRADES = ("inadequate", "requires-improvement", "good", "outstanding")
EDGES = ("0", "1/2", "3/2", "5/2")
LIMITING = AnswerTest(quantifier="any", selection=Selection(tag="limiting"), comparison=Comparison(operator="at_most", value="inadequate"))
EXCLUDE: dict[str, Any] = {"na": NotApplicableRule(), "unanswered": UnansweredRule()}


def a_framework(sections: int, statements: int, rule: Rule) -> Framework:
    """Statements on a scale of four grades, every twentieth (or the first of a section) limiting, with weights from 1 to 3."""
    scale = Scale(id="four", grades=[Grade(id=grade, label=grade) for grade in GRADES], not_applicable=NotApplicablePolicy())
    standards = [
        Standard(
            ref=f"{section}",
            title="A section",
            statements=[
                Statement(ref=f"{section}.{n}", text="A statement", tags=["limiting"] if n % 20 == 0 else [], weights={"weight": n % 3 + 1})
                for n in range(statements)
            ],
        )
        for section in range(sections)
    ]
    return Framework(id="a-framework", edition="1", title="A framework", scales=[scale], standards=standards).with_rule(rule)


def flat() -> Framework:
    """60 statements: a weighted mean, bands, a limiting cap, N/A and blanks left out."""
    value = dict(zip(GRADES, range(4), strict=True))
    steps = [
        Step(id="average", over=ALL, op=Mean(value=value, weight="weight")),
        Step(id="band", of="average", op=Bands(edges=EDGES, edge="inclusive", grades=GRADES)),
        Step(id="final", of="band", op=Cap(at="requires-improvement"), when=LIMITING),
    ]
    return a_framework(1, 60, Rule(id="overall", steps=steps, **EXCLUDE))


def sections() -> Framework:
    """6 sections of 12 statements: banded and capped sections, their lower median, and a cap over all."""
    value = dict(zip(GRADES, range(4), strict=True))
    steps = [
        Step(id="average", over=ALL, each="standard", op=Mean(value=value)),
        Step(id="band", of="average", each="standard", op=Bands(edges=EDGES, edge="inclusive", grades=GRADES)),
        Step(id="section", of="band", each="standard", op=Cap(at="requires-improvement"), when=LIMITING),
        Step(id="middle", of="section", op=Order(pick="lower-median")),
        Step(id="final", of="middle", op=Cap(at="requires-improvement"), when=LIMITING),
    ]
    return a_framework(6, 12, Rule(id="overall", steps=steps, **EXCLUDE))


def count() -> int:
    """Ten million steps of the interpreter."""
    total = 0
    for number in range(10_000_000):
        total += number
    return total


def ruled(example: Assessment) -> Assessment:
    value = {"not-met": 0, "partly-met": 1, "fully-met": 2}
    steps = [
        Step(id="average", over=ALL, op=Mean(value=value)),
        Step(id="band", of="average", op=Bands(edges=["0", "1/2", "3/2"], edge="inclusive", grades=list(value))),
    ]
    return attrs.evolve(example, framework=example.framework.with_rule(Rule(id="overall", steps=steps, **EXCLUDE)))


def scored(assessment: Assessment) -> object:
    made = score(assessment)
    return made.tally, made["overall"].value


def test_loop(bench: Any, example: Assessment) -> None:
    """The loop of `bench_scoring`."""
    from bench_scoring import counted, fresh

    bench.fresh("score with one rule", "floor", counted, fresh(example))


def test_score(bench: Any, example: Assessment) -> None:
    """`score`, the tally of every standard, and the result of a mean in bands."""
    from bench_scoring import fresh

    assessment = ruled(example)
    scored(assessment)
    bench.fresh("score with one rule", "ours", scored, fresh(assessment))


@pytest.mark.parametrize("row", ["prove 60 statements, all laws", "prove 6 x 12 statements, all laws"])
def test_ten_million_steps(bench: Any, row: str) -> None:
    """What the interpreter does in a second or less."""
    bench(row, "floor", count, rounds=3)


@pytest.mark.parametrize(("row", "make"), [("prove 60 statements, all laws", flat), ("prove 6 x 12 statements, all laws", sections)])
def test_proofs(bench: Any, row: str, make: Any) -> None:
    """All fifteen laws, witnesses included, of a framework that nobody has asked anything yet."""
    bench(row, "ours", lambda: prove(make()), rounds=5)
