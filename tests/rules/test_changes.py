"""The fewest changes: the example of the specification and its twin, then brute force over small assessments and random rules (laws G5 and G6)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, ClassVar, final

import attrs
import pytest

from s11kit.errors import S11Error
from s11kit.model import (
    Action,
    ActionStatus,
    AnswerTest,
    Assessment,
    Both,
    Comparison,
    Dimension,
    Either,
    Framework,
    Grade,
    Graded,
    Not,
    NotApplicable,
    NotApplicablePolicy,
    Organisation,
    PlanPolicy,
    PlanTest,
    Role,
    Scale,
    Selection,
    Standard,
    Statement,
    StepTest,
    Unanswered,
)
from s11kit.rules import (
    ALL,
    All,
    Any_,
    Bands,
    BoundRule,
    Cap,
    Count,
    Exemption,
    Floor,
    If,
    Ladder,
    Lookup,
    Max,
    Mean,
    MidMedian,
    Min,
    Mode,
    None_,
    NotApplicableRule,
    Order,
    Override,
    Owa,
    Pick,
    Round,
    Row,
    Rule,
    Rung,
    Share,
    Some,
    Step,
    Sum,
    Table,
    Trimmed,
    UnansweredRule,
    ValueOf,
    changes,
)
from s11kit.rules.changes import Changes, fewest_changes
from s11kit.rules.operator import Absent

LABELS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
GRADES = tuple(label.lower().replace(" ", "-") for label in LABELS)
VALUES = {grade: place for place, grade in enumerate(GRADES)}
EDGES = {"edges": ["0", "1/2", "3/2", "5/2"], "edge": "inclusive", "grades": GRADES}
WEAK = AnswerTest(quantifier="any", selection=Selection(tag="limiting"), comparison=Comparison(operator="at_most", value="inadequate"))
AVERAGE = (Step(id="avg", over=ALL, op=Mean(value=VALUES)), Step(id="band", of="avg", op=Bands(**EDGES)))
OVERALL = Rule(id="overall", steps=[*AVERAGE, Step(id="final", of="band", op=Cap(at="requires-improvement"), when=WEAK)])


def framework(*shape: int, limiting: tuple[str, ...] = (), grades: int = 4, weights: dict[str, Any] | None = None, **more: Any) -> Framework:
    """Standards with so many statements each."""
    may_not = NotApplicablePolicy() if more.pop("na", True) else None
    four = Scale(id="four", not_applicable=may_not, grades=[Grade(id=id, label=label) for id, label in zip(GRADES[:grades], LABELS, strict=False)])
    applies: dict[str, Any] = more.pop("applies", {})

    def statement(ref: str) -> Statement:
        tags = ["limiting"] if ref in limiting else []
        return Statement(ref=ref, text="A statement", tags=tags, weights={"w": Fraction((weights or {}).get(ref, 1))}, applies_when=applies.get(ref))

    standards = [
        Standard(ref=str(place), title="A standard", statements=[statement(f"{place}.{number}") for number in range(1, many + 1)])
        for place, many in enumerate(shape, 1)
    ]
    return Framework(id="our-board", edition="2026", title="Our audit", default_scale="four", scales=[four], standards=standards, **more)


def assessed(framework: Framework, *grades: int | None) -> Assessment:
    found = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust"))
    for item, rank in zip(framework.answerable, grades, strict=True):
        found = found if rank is None else found.with_grade(item.ref, GRADES[rank])
    return found


def bound(framework: Framework, rule: Rule = OVERALL) -> BoundRule:
    return framework.with_rule(rule).rules[rule.id]


def said(found: Changes) -> list[tuple[str, int]]:
    return [(each.slot, each.steps) for each in found.changes]


# the example and its twin

EXAMPLE = framework(2, 2, 1, limiting=("3.1",))


@pytest.mark.parametrize(
    ("grades", "goal", "expected", "average", "text"),
    [
        ((3, 3, 2, 2, 0), None, [("3.1", 1)], "11/5", "To reach Good: raise 3.1 by one grade."),
        ((3, 3, 2, 2, 0), "good", [("3.1", 1)], "11/5", "To reach Good: raise 3.1 by one grade."),
        ((3, 3, 2, 2, 0), "outstanding", [("3.1", 3)], "13/5", "To reach Outstanding: raise 3.1 by three grades."),
        ((3, 2, 1, 1, 0), "good", [("3.1", 1)], "8/5", "To reach Good: raise 3.1 by one grade."),
        (
            (3, 2, 1, 1, 0), "outstanding", [("1.2", 1), ("2.1", 2), ("3.1", 3)], "13/5",
            "To reach Outstanding: raise 1.2 by one grade, 2.1 by two grades and 3.1 by three grades.",
        ),
    ],
)  # fmt: skip
def test_the_example_and_its_twin(grades: tuple[int, ...], goal: str | None, expected: list[Any], average: str, text: str) -> None:
    assessment = assessed(EXAMPLE, *grades)
    found = bound(EXAMPLE).score(assessment).next_grade(goal)
    assert said(found) == expected
    assert found.text == text
    assert found.possible and not found.reached_already
    assert found.result is not None and found.result.text == found.goal_text
    after = found.result.assessment
    mean = bound(EXAMPLE, Rule(id="mean", steps=AVERAGE[:1])).score(attrs.evolve(after, framework=EXAMPLE))
    assert mean.value == Fraction(average)


def test_no_other_single_statement_will_do() -> None:
    assessment = assessed(EXAMPLE, 3, 3, 2, 2, 0)
    assert fewest_changes(assessment, bound(EXAMPLE), "outstanding").others == 0
    best = bound(EXAMPLE, Rule(id="best", steps=[Step(id="best", over=ALL, op=Max())]))
    found = fewest_changes(assessed(EXAMPLE, 0, 0, 1, 0, 0), best)
    assert (said(found), found.others) == ([("2.1", 1)], 4)
    assert fewest_changes(assessed(EXAMPLE, 0, 0, 0, 0, 0), bound(EXAMPLE), "good").others is None


# goals


def test_a_goal_that_is_reached_needs_nothing() -> None:
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 3, 3, 3), bound(EXAMPLE))
    assert found.reached_already and found.possible and found.changes == ()
    assert found.goal == "outstanding"
    assert found.text == "Outstanding is reached already."
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 3, 3, 3), bound(EXAMPLE), "good")
    assert found.text == "Good is reached already: the result is Outstanding."


@pytest.mark.parametrize("goal", ["at_least", 2, "2", Decimal(2), Fraction(2)])
def test_numbers(goal: Any) -> None:
    mean = bound(EXAMPLE, Rule(id="mean", steps=AVERAGE[:1]))
    assessment = assessed(EXAMPLE, 1, 1, 1, 1, 3)
    if goal == "at_least":
        with pytest.raises(S11Error, match="which one is to be reached"):
            fewest_changes(assessment, mean)
        return
    found = fewest_changes(assessment, mean, goal)
    assert said(found) == [("1.1", 1), ("1.2", 2)]
    assert found.text == "To reach at least 2: raise 1.1 by one grade and 1.2 by two grades."
    assert found.goal == 2


def test_where_lower_is_better() -> None:
    short = Count(compare=Comparison(operator="below", value="good"))
    rule = bound(EXAMPLE, Rule(id="short", better="lower", steps=[Step(id="short", over=ALL, op=short)]))
    found = fewest_changes(assessed(EXAMPLE, 0, 1, 1, 2, 3), rule, 1)
    assert said(found) == [("1.2", 1), ("2.1", 1)]
    assert found.text == "To reach at most 1: raise 1.2 and 2.1 by one grade each."
    assert found.to_dict()["goal"] == "1"


def test_truth() -> None:
    rule = bound(EXAMPLE, Rule(id="met", steps=[Step(id="met", over=ALL, op=All(compare=Comparison(operator="at_least", value="good")))]))
    for goal in (None, True, "true"):
        found = fewest_changes(assessed(EXAMPLE, 3, 3, 1, 2, 0), rule, goal)
        assert (found.goal, said(found)) == (True, [("2.1", 1), ("3.1", 2)])
        assert found.text == "To reach yes: raise 2.1 by one grade and 3.1 by two grades."


@pytest.mark.parametrize(
    ("rule", "goal", "message"),
    [
        (OVERALL, "goood", "did you mean 'good'"),
        (OVERALL, 2, "'2' is no grade of 'four'"),
        (OVERALL, True, "'True' is no grade"),
        (Rule(id="mean", steps=AVERAGE[:1]), "good", "which gives a number"),
        (Rule(id="mean", steps=AVERAGE[:1]), 2.5, "exact number"),
        (Rule(id="met", steps=[Step(id="met", over=ALL, op=All(compare=Comparison(operator="at_least", value="good")))]), False, "the goal is true"),
    ],
)
def test_a_goal_that_is_no_result(rule: Rule, goal: Any, message: str) -> None:
    with pytest.raises(S11Error, match=message) as caught:
        fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, 0), bound(EXAMPLE, rule), goal)
    assert [problem.code for problem in caught.value.problems] == ["R004"]


def test_rules_across_organisations_are_refused() -> None:
    steps = [Step(id="one", over=ALL, each="organisation", op=Min()), Step(id="typical", of="one", op=Order(pick="lower-median"))]
    with pytest.raises(S11Error, match="K004"):
        fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, 0), bound(EXAMPLE, Rule(id="all", over="assessments", steps=steps)))


def test_different_scales_side_by_side() -> None:
    short = Scale(id="met", grades=[Grade(id="no", label="No"), Grade(id="yes", label="Yes")])
    whole = framework(2, 2)
    second = attrs.evolve(whole.standards[1], scale="met")
    whole = attrs.evolve(whole, scales=[*whole.scales, short], standards=[whole.standards[0], second])
    rule = bound(whole, Rule(id="mean", steps=[Step(id="mean", over=ALL, op=Mean(value="unit"))]))
    assessment = assessed(whole, 1, 1, None, None).with_grade("2.1", "no").with_grade("2.2", "no")
    assert fewest_changes(assessment, rule, "2/3").text == "To reach at least 2/3: raise 2.1 and 2.2 by one grade each."
    found = fewest_changes(assessment, rule, "11/12")
    assert said(found) == [("1.1", 1), ("1.2", 2), ("2.1", 1), ("2.2", 1)]


# absent answers


def test_out_of_reach_and_what_answering_would_do() -> None:
    rule = bound(EXAMPLE, attrs.evolve(OVERALL, unanswered=UnansweredRule(policy="worst")))
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, None), rule)
    assert found.possible is False and found.result is None and not found.reached_already
    assert found.text == "No improvement of graded answers reaches Good; answering 1 unanswered statement would."
    assert found.to_dict()["why"] + "." == found.text
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, None), rule, blanks=True)
    assert said(found) == [("3.1", 2)]
    assert found.text == "To reach Good: answer 3.1 with Requires improvement."
    assert found.changes[0].before is None
    assert found.to_dict()["changes"] == [
        {"slot": "3.1", "ref": "3.1", "role": "self", "dimension": None, "before": None, "after": "Requires improvement",
         "grade": "requires-improvement", "steps": 2}
    ]  # fmt: skip


def test_out_of_reach_whatever_is_answered() -> None:
    counted = Rule(id="count", steps=[Step(id="count", over=ALL, op=Count(compare=Comparison(operator="at_least", value="good")))])
    assessment = assessed(EXAMPLE, 3, 3, 2, 2, None)
    found = fewest_changes(assessment, bound(EXAMPLE, counted), 6)
    assert found.text == "No improvement of graded answers reaches at least 6; answering what is unanswered as well would not either."
    found = fewest_changes(assessment, bound(EXAMPLE, counted), 6, blanks=True)
    assert found.text == "No improvement of graded answers, and no answer to what is unanswered, reaches at least 6."
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 2, 0, None), bound(EXAMPLE, counted), 5)
    assert found.text == "No improvement of graded answers reaches at least 5; answering 1 unanswered statement as well would."


def test_raised_and_answered() -> None:
    met = bound(EXAMPLE, Rule(id="met", steps=[Step(id="met", over=ALL, op=Count(compare=Comparison(operator="at_least", value="good")))]))
    found = fewest_changes(assessed(EXAMPLE, 0, 0, 1, None, None), met, 5, blanks=True)
    assert found.text == "To reach at least 5: raise 1.1 and 1.2 by two grades each; 2.1 by one grade; answer 2.2 and 3.1 with Good."


def test_not_applicable_is_neither_proposed_nor_changed() -> None:
    assessment = assessed(EXAMPLE, 3, 3, 2, 2, 0).with_not_applicable("3.1", "No services")
    rule = bound(EXAMPLE, Rule(id="worst", steps=[Step(id="worst", over=ALL, op=Min())], na=NotApplicableRule(policy="worst")))
    assert fewest_changes(assessment, rule, blanks=True).possible is False
    assessment = assessed(EXAMPLE, 3, 3, 2, 2, 0).with_not_applicable("3.1", None)
    needs = bound(EXAMPLE, attrs.evolve(rule.rule, na=NotApplicableRule(needs_reason=True), unanswered=UnansweredRule(policy="worst")))
    assert fewest_changes(assessment, needs, blanks=True).possible is False


def test_ranges_count_by_their_lower_end() -> None:
    rule = bound(EXAMPLE, attrs.evolve(OVERALL, unanswered=UnansweredRule(policy="range")))
    found = fewest_changes(assessed(EXAMPLE, 2, None, 1, 1, 1), rule)
    assert (found.present.kind, found.goal) == ("range", "good")
    assert found.text == "To be sure of Good: raise 1.1 by one grade and 2.1 by two grades."
    assert found.result is not None and found.result.least_value == "good" and found.result.blanks
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, None), rule)
    assert found.text == "No improvement of graded answers reaches Good; answering 1 unanswered statement would."
    found = fewest_changes(assessed(EXAMPLE, 3, 3, 2, 2, None), rule, blanks=True)
    assert found.text == "To reach Good: answer 3.1 with Requires improvement."


def test_coupled_sides_with_a_blank() -> None:
    """One side blank, the other graded: the blank stands for every grade; not applicable on one side is so on both."""
    sides = [Dimension(id="written", label="Written"), Dimension(id="done", label="Done")]
    worst = Step(id="worst", over=Selection(dimension=["written", "done"]), op=Min())
    na, blank = NotApplicableRule(coupled=["written", "done"]), UnansweredRule(policy="range")
    rule = bound(framework(1, 1, dimensions=sides), Rule(id="worst", steps=[worst], na=na, unanswered=blank))
    assessment = assessed(rule.framework, None, None)
    for ref, dimension, grade in (("1.1", "written", "good"), ("2.1", "written", "good"), ("2.1", "done", "good")):
        assessment = assessment.with_grade(ref, grade, dimension=dimension)
    assert rule.score(assessment).text == "Inadequate to Good, depending on 1 unanswered"
    assert fewest_changes(assessment, rule).possible is False
    assert fewest_changes(assessment, rule, "good", blanks=True).text == "To reach Good: answer 1.1 along done with Good."
    assessment = assessment.with_not_applicable("1.1", "No services", dimension="written")
    assert rule.score(assessment).value == "good"
    found = fewest_changes(assessment, rule, blanks=True)
    assert said(found) == [("2.1 along written", 1), ("2.1 along done", 1)]


def test_an_override_plays_no_part() -> None:
    steps = [*OVERALL.steps, Step(id="confirmed", of="final", op=Override(by=["moderator"]))]
    whole = framework(2, 2, 1, limiting=("3.1",), roles=[Role(id="moderator", label="Moderator")])
    rule = bound(whole, attrs.evolve(OVERALL, steps=steps))
    assessment = assessed(rule.framework, 3, 3, 2, 2, 0).with_override("overall", "outstanding", by="moderator")
    assert rule.score(assessment).value == "outstanding"
    found = fewest_changes(assessment, rule)
    assert found.overridden and found.to_dict()["overridden"]
    expected = "This is about the derived result, Requires improvement; an override stands in its place."
    assert found.text == f"To reach Good: raise 3.1 by one grade. {expected}"


# not settled


def test_beyond_the_budget_nothing_is_claimed() -> None:
    assessment = assessed(EXAMPLE, 0, 0, 0, 0, 0)
    found = fewest_changes(assessment, bound(EXAMPLE), "outstanding", budget=20)
    assert found.possible is None and not found.reached_already
    assert found.text == "Whether Outstanding can be reached is not settled: that would take more than 20 states."
    worst = bound(EXAMPLE, attrs.evolve(OVERALL, unanswered=UnansweredRule(policy="worst")))
    found = fewest_changes(assessed(EXAMPLE, 0, 3, 3, 3, None), worst, "outstanding", budget=20)
    assert found.possible is False
    assert "whether answering what is unanswered would is not settled" in found.text


def test_too_many_answers_that_decide_what_applies() -> None:
    ask = AnswerTest(quantifier="all", selection=Selection(standard="1"), comparison=Comparison(operator="at_least", value="good"))
    wide = framework(7, 1, applies={"2.1": ask})
    found = fewest_changes(assessed(wide, *[0] * 8), bound(wide, Rule(id="worst", steps=[Step(id="worst", over=ALL, op=Min())])))
    assert found.possible is None
    assert "7 answers may decide what applies, in more than 4,096 ways" in found.text


def test_an_operator_that_depends_on_the_order_of_its_items_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = bound(EXAMPLE)
    monkeypatch.setattr(changes.Search, "found", lambda self: [(self.slots[0], 3)])
    found = fewest_changes(assessed(EXAMPLE, 0, 0, 0, 0, 0), rule, "good")
    assert found.possible is None and "depends on more than the answers" in found.text


# brute force


def brute(assessment: Assessment, rule: BoundRule, goal: Any, blanks: bool, sides: list[tuple[str, str | None]]) -> list[tuple[str, int]] | None:
    """Every way to change answers, cheapest first, until one reaches the goal."""
    ways: list[list[tuple[int, int | None]]] = []
    slots: list[tuple[str, str, str | None]] = []
    for item in assessment.framework.answerable:
        for role, dimension in sides:
            answer = assessment.entry(item.ref, role=role, dimension=dimension).answer
            inherited = isinstance(assessment.inherited(item, role), NotApplicable)
            now = GRADES.index(answer.grade) if isinstance(answer, Graded) else -1
            free = now >= 0 or (blanks and isinstance(answer, Unanswered) and not inherited)
            slots.append((item.ref, role, dimension))
            assert item.scale is not None
            ways.append([(0, None), *((rank - now, rank) for rank in range(now + 1, len(item.scale.grades)) if free)])

    def price(chosen: tuple[tuple[int, int | None], ...]) -> Any:
        changed = [(place, steps) for place, (steps, _) in enumerate(chosen) if steps]
        return len(changed), sum(steps for _, steps in changed), [place for place, _ in changed], [steps for _, steps in changed]

    for chosen in sorted(product(*ways), key=price):
        changed = assessment
        for (ref, role, dimension), (_, rank) in zip(slots, chosen, strict=True):
            if rank is not None:
                changed = changed.with_grade(ref, GRADES[rank], role=role, dimension=dimension)
        least = rule.score(changed).least
        if not isinstance(least, Absent) and rule.key(least) >= rule.key(goal):
            return [(slot_name(*slot), steps) for slot, (steps, _) in zip(slots, chosen, strict=True) if steps]
    return None


def slot_name(ref: str, role: str, dimension: str | None) -> str:
    return ref + (f" along {dimension}" if dimension else "") + (f" by {role}" if role != "self" else "")


class Draw:
    """A random framework, rule and assessment."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        pick = self.random
        self.grades = pick.choice([2, 3, 3, 4])
        most = 6 if self.grades < 4 or pick.random() < 0.1 else 4
        self.sides: list[tuple[str, str | None]] = [("self", None)]
        style = pick.choice(["plain", "plain", "plain", "dimensions", "roles"])
        if style != "plain":
            most = 2
            self.sides = [("self", "written"), ("self", "done")] if style == "dimensions" else [("self", None), ("moderator", None)]
        self.style = style
        self.many = pick.randint(2, most)
        first = pick.randint(1, self.many - 1)
        self.shape = (first, self.many - first)
        self.refs = [f"{place}.{number}" for place, many in enumerate(self.shape, 1) for number in range(1, many + 1)]
        self.tagged = tuple(pick.sample(self.refs, pick.randint(1, self.many)))
        self.steps: list[Step] = []
        self.kinds: dict[str, tuple[str, bool]] = {}

    def grade(self) -> str:
        return self.random.choice(GRADES[: self.grades])

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def framework(self) -> Framework:
        applies = {}
        if self.chance(0.3) and self.style == "plain":
            for ref in self.random.sample(self.refs[1:], self.random.randint(1, len(self.refs) - 1)):
                before = self.refs[: self.refs.index(ref)]
                looks = Selection(refs=self.random.sample(before, self.random.randint(1, len(before))))
                ask = AnswerTest(quantifier=self.random.choice(["any", "all", "none"]), selection=looks, comparison=self.comparison())
                applies[ref] = Not(test=ask) if self.chance(0.2) else Either(tests=[ask, ask]) if self.chance(0.2) else ask
        return framework(
            *self.shape, limiting=self.tagged, grades=self.grades, applies=applies, na=self.chance(0.8),
            weights={ref: self.random.choice([0, 1, 1, 2, "1/2", "3"]) for ref in self.refs},
            dimensions=[Dimension(id="written", label="Written"), Dimension(id="done", label="Done")],
            roles=[Role(id="moderator", label="Moderator")],
            plan=PlanPolicy(status=[ActionStatus(id="approved", label="Approved")]),
        )  # fmt: skip

    def comparison(self) -> Comparison:
        return Comparison(operator=self.random.choice(["at_least", "above", "at_most", "below", "is"]), value=self.grade())

    def selection(self) -> Selection:
        sides: dict[str, Any] = {}
        if self.style == "dimensions":
            sides["dimension"] = self.random.choice([["written"], ["done"], ["written", "done"]])
        if self.style == "roles":
            sides["role"] = self.random.choice([["self"], ["moderator"], ["self", "moderator"]])
        narrow = self.random.choice([{}, {}, {"tag": "limiting"}, {"refs": tuple(self.random.sample(self.refs, self.random.randint(1, self.many)))}])
        return Selection(**narrow, **sides) if narrow or sides else ALL

    def test(self, deep: int = 2, each: bool = False) -> Any:
        if deep and self.chance(0.25):
            word = self.random.choice([Both, Either, Not])
            inner = [self.test(deep - 1, each) for _ in range(2)]
            return Not(test=inner[0]) if word is Not else word(tests=inner)
        known = [(id, kind) for id, (kind, inner) in self.kinds.items() if inner == each]
        if known and self.chance(0.3):
            id, kind = self.random.choice(known)
            if kind == "truth":
                return StepTest(step=id)
            value = self.grade() if kind == "grade" else Fraction(self.random.randint(0, 6), 2)
            return StepTest(step=id, comparison=attrs.evolve(self.comparison(), value=value))
        if self.chance(0.1) and self.style == "plain":
            return PlanTest(plan="approved", selection=self.selection(), comparison=self.comparison())
        quantifier: Any = self.random.choice(["any", "all", "none", "some"])
        more: dict[str, Any] = {}
        if quantifier == "some":
            more = self.random.choice([{"k": 1}, {"k": 2}, {"share": Fraction(1, 2)}])
        elif quantifier != "some" and self.chance(0.4):
            more = {"empty": self.chance(0.5)}
        return AnswerTest(quantifier=quantifier, selection=self.selection(), comparison=self.comparison(), **more)

    def values(self) -> dict[str, Any]:
        values = [self.random.randint(0, 4) for _ in range(self.grades)]
        return dict(zip(GRADES, values if self.chance(0.4) else sorted(values), strict=False))

    def fold(self, items: str) -> tuple[Any, str]:
        """An operator that folds answers ("answer"), or results of groups."""
        pick, numbers = self.random, items in ("answer", "grade")
        choices = ["mean", "mean", "sum", "min", "max", "order", "mode", "owa", "trimmed", "middle", "count", "share", "all", "any", "none", "some"]
        name = pick.choice(["all", "any", "none"] if items == "truth" else choices)
        value: dict[str, Any] = {"value": self.values() if self.chance(0.8) else "unit"} if numbers else {}
        weight = pick.choice([None, None, "w", {grade: pick.randint(0, 3) + 1 for grade in GRADES[: self.grades]}]) if items == "answer" else None
        if items == "truth":
            compare = Comparison(operator="is", value=True)
        elif items == "number":
            compare = attrs.evolve(self.comparison(), value=Fraction(pick.randint(0, 6), 2))
        else:
            compare = self.comparison()
        ordered = "number" if items == "number" else "grade"
        orders: list[Any] = ["lower-median", "upper-median", Pick(k=2, from_="best"), Pick(k=1, from_="worst"), Pick(quantile=Fraction(4, 5))]
        made: dict[str, tuple[Any, str]] = {
            "mean": (Mean(**value, weight=weight), "number"),
            "sum": (Sum(**value, weight=weight, start=pick.choice([0, 2])), "number"),
            "min": (Min(), ordered),
            "max": (Max(), ordered),
            "order": (Order(pick=pick.choice(orders)), ordered),
            "mode": (Mode(ties=pick.choice(["worst", "best"])), ordered),
            "owa": (Owa(**value, weights=["1/2", "1/3", "1/6"]), "number"),
            "trimmed": (Trimmed(**value, trim="1/4"), "number"),
            "middle": (MidMedian(**value), "number"),
            "count": (Count(compare=compare), "number"),
            "share": (Share(compare=compare), "number"),
            "all": (All(compare=compare), "truth"),
            "any": (Any_(compare=compare), "truth"),
            "none": (None_(compare=compare), "truth"),
            "some": (Some(compare=compare, k=pick.randint(1, 2)), "truth"),
        }
        return made[name]

    def judge(self, of: str, kind: str, each: bool) -> tuple[dict[str, Any], str]:
        """A step that judges an earlier result, by its keys."""
        pick = self.random
        if kind == "number":
            if self.chance(0.2):
                return {"of": of, "op": Round(places=0, mode=pick.choice(["half-up", "half-even", "down", "up"]))}, "number"
            if self.chance(0.8):
                edges = sorted(pick.sample([Fraction(place, 4) for place in range(1, 12)], self.grades - 1))
                grades = list(GRADES[: self.grades])
                if self.chance(0.3):
                    pick.shuffle(grades)
                return {"of": of, "op": Bands(edges=[0, *edges], edge=pick.choice(["inclusive", "exclusive"]), grades=grades)}, "grade"
        way = pick.choice(["cap", "floor", "if", "table", "ladder", "lookup", "value"] if kind == "grade" else ["if", "table", "ladder"])
        constant = of if self.chance(0.5) else {"number": Fraction(pick.randint(0, 4)), "truth": self.chance(0.5), "grade": self.grade()}[kind]
        other = {"number": Fraction(pick.randint(0, 4)), "truth": self.chance(0.5), "grade": self.grade()}[kind]
        test = self.test(each=each)
        if way in ("cap", "floor"):
            return {"of": of, "op": (Cap if way == "cap" else Floor)(at=self.grade()), "when": test}, "grade"
        if way == "if":
            return {"op": If(then=constant, else_="not_scored" if self.chance(0.1) else other), "when": test}, kind
        if way == "table":
            return {"op": Table(rows=[Row(when=test, gives=other), Row(when=self.test(each=each), gives=of), Row(gives=constant)])}, kind
        if way == "ladder":
            return {"op": Ladder(start=other, rungs=[Rung(when=test, gives=constant), Rung(when=self.test(each=each), gives=of)])}, kind
        if way == "lookup":
            return {"of": of, "op": Lookup(table={grade: self.grade() for grade in GRADES[: self.grades]})}, "grade"
        return {"of": of, "op": ValueOf(value=self.values())}, "number"

    def rule(self) -> Rule:
        pick = self.random
        each = "standard" if self.chance(0.4) else None
        op, kind = self.fold("answer")
        exceptions = []
        if self.chance(0.3):
            ways = [{"leave_out": True}, {"weight": 2}, {"value": self.values()}, {"na": NotApplicableRule(policy="worst")}]
            exceptions = [Exemption(refs=[pick.choice(self.refs)], reason="As published", **pick.choice(ways))]
        self.add(Step(id="one", over=self.selection(), each=each, op=op, except_=exceptions), kind, each)
        for place in range(pick.randint(0, 2)):
            keys, kind = self.judge(self.steps[-1].id, kind, each is not None)
            self.add(Step(id=f"judged-{place}", each=each, **keys), kind, each)
        if each is not None:
            op, folded = self.fold(kind)
            self.add(Step(id="together", of=self.steps[-1].id, op=op), folded, None)
            kind = folded
        elif self.chance(0.4):
            op, second = self.fold("answer")
            self.add(Step(id="two", over=self.selection(), op=op), second, None)
            kind = second
        for place in range(pick.randint(0, 2)):
            keys, kind = self.judge(self.steps[-1].id, kind, False)
            self.add(Step(id=f"final-{place}", **keys), kind, None)
        na: Any = pick.choice([None, {"policy": "worst"}, {"policy": "as", "grade": self.grade()}, {"policy": "refuse"}, {"max_share": "1/3"}])
        if self.style == "dimensions" and self.chance(0.4):
            na = {"coupled": ("written", "done")}
        blank: Any = pick.choice([None, {"policy": "worst"}, {"policy": "refuse"}, {"policy": "range"}, {"policy": "range"}, {"min_answered": "1/2"}])
        return Rule(
            id="drawn", steps=self.steps, empty=pick.choice(["not_scored", "not_scored", "not_applicable"]),
            better=pick.choice(["higher", "lower"]) if kind == "number" else "higher",
            na=NotApplicableRule(**na, needs_reason=self.chance(0.3)) if na is not None else None,
            unanswered=UnansweredRule(**blank) if blank is not None else None,
        )  # fmt: skip

    def add(self, step: Step, kind: str, each: str | None) -> None:
        self.steps.append(step)
        self.kinds[step.id] = kind, each is not None

    def assessment(self, framework: Framework) -> Assessment:
        found = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust"))
        absent = self.random.choice([0, 0, 0.2, 0.5])
        for ref, (role, dimension) in product(self.refs, self.sides):
            if self.chance(absent):
                if self.chance(0.4):
                    found = found.with_not_applicable(ref, self.random.choice(["No services", None]), role=role, dimension=dimension)
            else:
                low = self.grade() if self.chance(0.6) else GRADES[0]
                found = found.with_grade(ref, low, role=role, dimension=dimension)
            if self.chance(0.2):
                field = next((each.id for each in framework.plan_fields if each.kind == "status"), "progress")
                found = found.with_entry(ref, attrs.evolve(found.entry(ref), actions=[Action({field: "approved"})]))
        return found

    def goal(self, rule: BoundRule, assessment: Assessment) -> Any:
        if rule.kind == "number":
            now = rule.score(assessment).least
            more = Fraction(self.random.randint(1, 8), self.random.choice([2, 3, 4]))
            return more if isinstance(now, Absent) else now - more if rule.rule.better == "lower" else now + more
        return None if self.chance(0.7) or rule.kind == "truth" else self.random.randint(0, self.grades - 1)


def drawn(seeds: range) -> Iterator[tuple[int, Draw, BoundRule, Assessment]]:
    """What can be drawn from some seeds; a rule that does not fit its framework is left out."""
    for seed in seeds:
        draw = Draw(seed)
        whole = draw.framework()
        rule = bound(whole, draw.rule())
        if not any(problem.severity == "error" for problem in rule.problems):
            yield seed, draw, rule, draw.assessment(rule.framework)


def reaches_without(found: Changes, spare: int, rule: BoundRule, assessment: Assessment, target: Any) -> bool:
    """Whether all changes but one would do."""
    for each in found.changes[:spare] + found.changes[spare + 1 :]:
        assessment = assessment.with_grade(each.ref, each.grade, role=each.role, dimension=each.dimension)
    least = rule.score(assessment).least
    return not isinstance(least, Absent) and rule.key(least) >= rule.key(target)


def compared(seeds: range) -> dict[str, int]:
    """Compare with brute force, and say how often what came out."""
    counts = {"already": 0, "reached": 0, "many": 0, "never": 0}
    for seed, draw, rule, assessment in drawn(seeds):
        blanks, goal = draw.chance(0.4), draw.goal(rule, assessment)
        asked = GRADES[goal] if isinstance(goal, int) else goal
        found = fewest_changes(assessment, rule, asked, blanks=blanks)
        target: Any = found.goal if not isinstance(found.goal, str) else GRADES.index(found.goal)
        expected = brute(assessment, rule, target, blanks, draw.sides)
        assert found.possible is (expected is not None), seed
        assert said(found) == (expected or []), seed
        counts["never" if expected is None else "already" if not expected else "reached" if len(expected) == 1 else "many"] += 1
        assert not any(reaches_without(found, spare, rule, assessment, target) for spare in range(len(found.changes))), seed
    return counts


@final
@attrs.frozen(kw_only=True)
class Distinct:
    """An installed operator with a merge of its own: how many different grades there are."""

    name: ClassVar[str] = "distinct"
    reads: ClassVar[str] = "ordered"
    unit: ClassVar[frozenset[int]] = frozenset()

    def lift(self, value: int, weight: Fraction) -> frozenset[int]:
        return frozenset({value})

    def merge(self, one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
        return one | other

    def finish(self, state: frozenset[int]) -> Fraction | None:
        return Fraction(len(state)) if state else None

    def gives(self, items: Any) -> str:
        return "number"


@final
@attrs.frozen(kw_only=True)
class Product:
    """An installed operator that cannot be taken apart."""

    name: ClassVar[str] = "product"
    reads: ClassVar[str] = "ordered"

    def compute(self, items: list[tuple[int, Fraction]]) -> Fraction:
        return Fraction(prod(value for value, _ in items))

    def gives(self, items: Any) -> str:
        return "number"


@pytest.mark.parametrize("op", [Distinct(), Product()])
@pytest.mark.parametrize("policy", ["exclude", "range"])
def test_installed_operators(op: Any, policy: Any) -> None:
    pick = random.Random(7)
    rule = bound(EXAMPLE, Rule(id="own", unanswered=UnansweredRule(policy=policy), steps=[Step(id="own", over=ALL, op=op)]))
    many = 0
    for _ in range(15):
        assessment = assessed(EXAMPLE, *[pick.choice([None, 0, 0, 1, 2, 3]) for _ in range(5)])
        for blanks, goal in ((False, 2), (True, 3)):
            found = fewest_changes(assessment, rule, goal, blanks=blanks)
            expected = brute(assessment, rule, Fraction(goal), blanks, [("self", None)])
            assert (found.possible, said(found)) == (expected is not None, expected or [])
            many += bool(expected)
    assert many > 5


@pytest.mark.parametrize("start", range(0, 1_000, 100))
def test_equal_to_brute_force(start: int) -> None:
    counts = compared(range(start, start + 100))
    assert sum(counts.values()) > 50
    assert min(counts.values()) > 3


# at full size


@pytest.mark.parametrize("seed", range(5))
def test_sixty_statements(seed: int) -> None:
    """Without the cap, the fewest are found greedily: those that gain most."""
    pick = random.Random(seed)
    refs = [f"{place}.{number}" for place in range(1, 6) for number in range(1, 13)]
    weights = {ref: pick.randint(1, 3) for ref in refs}
    whole = framework(*[12] * 5, limiting=("1.1", "2.1", "3.1"), weights=weights)
    average = Step(id="avg", over=ALL, op=Mean(value=VALUES, weight="w"))
    ranks = [pick.choice([0, 0, 1, 1, 2, 3]) for _ in refs]
    gains = [weights[ref] * (3 - rank) for ref, rank in zip(refs, ranks, strict=True)]
    mean = bound(whole, Rule(id="mean", steps=[average]))
    least = sum(weights[ref] * rank for ref, rank in zip(refs, ranks, strict=True))
    wanted = Fraction(5, 2) * sum(weights.values()) - least
    fewest = next(many for many in range(61) if sum(sorted(gains)[60 - many :]) >= wanted)
    assert len(fewest_changes(assessed(whole, *ranks), mean, "5/2").changes) == fewest
    rule = bound(whole, attrs.evolve(OVERALL, steps=[average, *OVERALL.steps[1:]]))
    found = fewest_changes(assessed(whole, *ranks), rule, "outstanding")
    assert fewest <= len(found.changes) <= fewest + 3
    assert found.possible and not any(reaches_without(found, spare, rule, assessed(whole, *ranks), 3) for spare in range(len(found.changes)))


def test_six_sections_of_twelve() -> None:
    limiting = tuple(f"{place}.1" for place in range(1, 7))
    steps = [
        Step(id="avg", over=ALL, each="standard", op=Mean(value=VALUES)),
        Step(id="band", of="avg", each="standard", op=Bands(**EDGES)),
        Step(id="section", of="band", each="standard", op=Cap(at="requires-improvement"), when=WEAK),
        Step(id="middle", of="section", op=Order(pick="lower-median")),
        Step(id="final", of="middle", op=Cap(at="requires-improvement"), when=WEAK),
    ]
    rule = bound(framework(*[12] * 6, limiting=limiting), Rule(id="overall", steps=steps))
    found = fewest_changes(assessed(rule.framework, *([0] + [1] * 11) * 6), rule, "good")
    # three sections stay as they are, but for their limiting statement; 18 in sum make 3/2, and 11 are there
    expected = [("1.1", 3), ("1.2", 2), ("1.3", 2)]
    assert len(found.changes) == 4 * 3 + 2
    assert said(found)[:3] == expected
