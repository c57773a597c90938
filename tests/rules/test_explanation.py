"""Derivations: the laws G1 to G4, on rules and answers made at random by seed, and the texts people read, written by hand."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from textwrap import dedent
from typing import Any

import attrs
import pytest

from s11kit._frozen import FrozenDict
from s11kit.model import (
    AnswerTest,
    Assessment,
    Comparison,
    Framework,
    Grade,
    Organisation,
    Role,
    Scale,
    Selection,
    Standard,
    Statement,
    StepTest,
)
from s11kit.model.applicability import Both, Not
from s11kit.rules import (
    ALL,
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
    Min,
    NotApplicableRule,
    Order,
    Override,
    Round,
    Row,
    Rule,
    Rung,
    Share,
    Step,
    Sum,
    Table,
    UnansweredRule,
    ValueOf,
)
from s11kit.rules.completing import Search, reached
from s11kit.rules.derivation import Derivation, Leaf, values
from s11kit.rules.evaluation import evaluate, evaluate_across, symbols_of
from s11kit.rules.operator import Absent, Value
from s11kit.rules.result import Result

from .explaining import assessment, rules, within

FOUR = ("inadequate", "requires-improvement", "good", "outstanding")
POINTS = dict(zip(FOUR, range(4), strict=True))
EVERY = range(90)
FEW = range(45)


def same(value: Value) -> Value:
    return value.kind if isinstance(value, Absent) else value


@cache
def results(seed: int, way: str) -> list[Result]:
    bound, random = rules(seed, way)
    if way == "across":
        return [evaluate_across(bound, [assessment(bound.framework, random, name) for name in ("Fenside", "Marsh", "Marsh")])]
    return [evaluate(bound, assessment(bound.framework, random, blanks=0.08 if way == "range" else 0.15)) for _ in range(2)]


@cache
def explained(result: Result) -> Derivation:
    return result.explain()


def both(result: Result) -> list[tuple[Derivation, Value]]:
    found = explained(result)
    assert (found.best is not None) == (result.kind == "range")
    return [(found, result.least), *([(found.best, result.greatest)] if found.best is not None else [])]


CASES = [*product(EVERY, ("one",)), *product(FEW, ("judging", "range", "across"))]
cases = pytest.mark.parametrize(("seed", "way"), CASES)


# the laws


@cases
def test_replaying_from_the_leaves_gives_the_result(seed: int, way: str) -> None:
    """G1, for every step and for the result."""
    for result in results(seed, way):
        for derivation, expected in both(result):
            found = values(derivation.steps)
            assert found[derivation.steps[-1].key][0] == expected
            for step in derivation.steps:
                assert found[step.key][0] == step.exact, step.name
        replayed = explained(result).replay()
        assert (None if isinstance(replayed, Absent) else replayed) == result.least_value


def test_the_cases_are_of_every_kind() -> None:
    kinds = {(way, result.kind) for seed, way in CASES for result in results(seed, way)}
    assert kinds >= {*product(("one", "across", "range"), ("scored", "not scored", "refused")), ("range", "range")}
    operators = {step.step.op.name for seed, way in CASES for result in results(seed, way)[:1] for step in result.bound.machine.steps}
    assert operators == {
        *("count", "share", "sum", "mean", "min", "max", "order", "owa", "trimmed", "mid-median", "all", "any", "none", "some", "mode"),
        *("bands", "cap", "floor", "if", "table", "ladder", "lookup", "value", "round", "override"),
    }


def spoilt(leaf: Leaf) -> Leaf:
    """Another value in a leaf, or a leaf that is no longer counted."""
    if isinstance(leaf.value, bool):
        return attrs.evolve(leaf, value=not leaf.value)
    return attrs.evolve(leaf, value=leaf.value + 1000 if isinstance(leaf.value, Fraction) else int(not leaf.value))


def test_a_leaf_that_is_tampered_with_shows() -> None:
    """A replay that read results instead of leaves would not notice."""
    noticed = tried = 0
    for seed, way in CASES:
        derivation = explained(results(seed, way)[0])
        for place, step in enumerate(derivation.steps):
            if step.fold is None or isinstance(step.exact, Absent) or step.operator not in ("sum", "mean"):
                continue
            for number, leaf in enumerate(step.leaves):
                if not leaf.counted or leaf.source is not None or not leaf.weight:
                    continue
                leaves = (*step.leaves[:number], spoilt(leaf), *step.leaves[number + 1 :])
                changed = attrs.evolve(step, fold=attrs.evolve(step.fold, leaves=leaves))
                steps = (*derivation.steps[:place], changed, *derivation.steps[place + 1 :])
                tried += 1
                assert values(steps)[step.key][0] != step.exact
                noticed += attrs.evolve(derivation, steps=steps).replay() != derivation.replay()
    assert tried > 100
    assert noticed > 30


def test_a_stored_result_that_is_tampered_with_changes_nothing() -> None:
    for seed, way in CASES:
        derivation = explained(results(seed, way)[0])
        steps = tuple(attrs.evolve(step, exact=object(), value="nonsense", shown="?", maximum=Fraction(7)) for step in derivation.steps)
        items = [attrs.evolve(leaf, value=object()) if leaf.source is not None else leaf for step in steps for leaf in step.leaves]
        moved = iter(items)
        steps = tuple(
            step if step.fold is None else attrs.evolve(step, fold=attrs.evolve(step.fold, leaves=tuple(next(moved) for _ in step.leaves)))
            for step in steps
        )
        assert same(attrs.evolve(derivation, steps=steps).replay()) == same(derivation.replay())


@cases
def test_every_selected_statement_is_counted_or_left_out_once(seed: int, way: str) -> None:
    """G2, against the framework itself: what the step selects, in the groups it runs for."""
    for result in results(seed, way):
        for derivation, _ in both(result):
            for step in result.bound.machine.steps:
                if step.register is None or step.step.over is None:
                    continue
                names = [(one.organisation, leaf.name) for one in derivation.steps if one.id == step.id for leaf in one.leaves]
                assert len(names) == len(set(names))
                selected, left_out = {slot.ref for slot in step.register.lifts}, {slot.ref for slot in step.without}
                refs = {leaf.ref for one in derivation.steps if one.id == step.id for leaf in one.leaves}
                assert refs == selected | left_out
                assert len(names) == (len(step.register.lifts) + len(step.without)) * len(result.assessments)
            for leaf in (leaf for step in derivation.steps for leaf in step.leaves):
                assert leaf.left_out or leaf.value is not None
                assert leaf.treatment


@cases
def test_contributions_add_up(seed: int, way: str) -> None:
    """G3."""
    for result in results(seed, way):
        for derivation, _ in both(result):
            for step in derivation.steps:
                if step.operator in ("sum", "mean") and any(leaf.counted for leaf in step.leaves) and not isinstance(step.exact, Absent):
                    assert sum(part for _, part in step.contributions) == step.exact
                    if step.maximum is not None:
                        assert step.maximum >= step.exact
                else:
                    assert not step.contributions


def outcome(result: Result) -> Any:
    return same(result.least)


@pytest.mark.parametrize(("seed", "way"), [*product(range(60), ("one",)), *product(range(60), ("judging",))])
def test_a_step_is_binding_if_and_only_if_leaving_it_out_changes_the_result(seed: int, way: str) -> None:
    """G4, against the rule with the step taken out."""
    bound, random = rules(seed, way)
    answers = [assessment(bound.framework, random) for _ in range(3)]
    for step in bound.rule.steps:
        shorter = within(bound, without=step.id)
        machine = next(one for one in bound.machine.steps if one.id == step.id)
        for one in answers:
            result = evaluate(bound, one)
            derived = [each for each in result.explain().steps if each.id == step.id]
            if shorter is None:
                assert all(each.binding is None for each in derived)
                continue
            without = evaluate(BoundRule(shorter, bound.framework), one)
            if machine.level == bound.machine.root.level:
                assert derived[0].binding == (outcome(without) != outcome(result))
            elif not any(each.binding for each in derived) and len(derived) == 1:
                assert outcome(without) == outcome(result)


def test_both_verdicts_on_binding_are_met() -> None:
    found = [step.binding for seed, way in CASES for result in results(seed, way) for step in explained(result).steps]
    assert min(found.count(True), found.count(False), found.count(None)) > 20


@cases
def test_every_derivation_can_be_told(seed: int, way: str) -> None:
    for result in results(seed, way):
        derivation = explained(result)
        for width in (60, 100):
            lines = derivation.text(width=width).splitlines()
            assert lines[0].startswith("overall = ")
            assert all(len(line) <= width for line in lines[1:])
        plain = derivation.to_dict()
        assert [step["id"] for step in plain["steps"]] == [step.id for step in derivation.steps]


# the ends of a range


@pytest.mark.parametrize("seed", range(50))
def test_the_ends_of_a_range_are_those_of_completions_that_are_named(seed: int) -> None:
    """Grading the blanks as the derivation assumes leads to the end that it derives."""
    for result in results(seed, "range"):
        for derivation, expected in both(result):
            filled: Assessment = result.assessment
            grades = {slot.name: slot for slot in result.blanks}
            if any(slot.role != "self" for slot in result.blanks) or any(step.na is not None for step in result.bound.rule.steps):
                continue
            for name, label in derivation.assumes:
                slot = grades[name]
                assert slot.item.scale is not None
                grade = next(grade.id for grade in slot.item.scale.grades if grade.label == label)
                filled = filled.with_grade(slot.ref, grade, dimension=slot.dimension)
            if not filled.scope.reasons and result.bound.rule.unanswered is not None and result.bound.rule.unanswered.min_answered is None:
                again = evaluate(result.bound, filled)
                assert same(again.least) == same(expected)


@pytest.mark.parametrize("seed", range(12))
def test_the_way_through_all_states_leads_to_both_ends(seed: int) -> None:
    """What is only needed where a better answer can lower a result, tried everywhere."""
    for result in results(seed, "range"):
        answers = [symbols_of(result.bound.machine, result.assessment)]
        for wanted in (result.least, result.greatest):
            found = [dict(one) for one in answers]
            for place, variable, symbol in Search(result, answers).way(wanted):
                found[place][variable] = symbol
            assert result.bound.machine.ranges
            assert same(reached(result, found)) == same(wanted)


def test_a_range_whose_worst_end_is_not_the_worst_completion() -> None:
    """T7 (b): (blank, 3, 3) under a rule that is not monotone."""
    gate = Not(test=AnswerTest(quantifier="all", selection=ALL, comparison=Comparison(operator="at_least", value="good")))
    steps = [
        Step(id="avg", op=Mean(value=POINTS), over=ALL),
        Step(id="band", op=Bands(edges=["0", "1/2", "3/2", "5/2"], edge="inclusive", grades=FOUR), of="avg"),
        Step(id="top", op=Lookup(table=dict(zip(FOUR, ("low", "low", "low", "high"), strict=True))), of="band"),
        Step(id="final", op=Table(rows=[
            Row(when=Both(tests=[StepTest(step="top", comparison=compare("at_least", "high")), gate]), gives="requires-improvement"),
            Row(gives="band"),
        ])),
    ]  # fmt: skip
    standards = [Standard(ref="1", title="?", statements=[Statement(ref=f"1.{n}", text="?") for n in range(1, 5)])]
    result = scored(steps, None, 3, 3, 3, framework=framework(standards=standards), unanswered=UnansweredRule(policy="range"))
    derivation = result.explain()
    assert (result.least_value, result.greatest_value) == ("requires-improvement", "outstanding")
    assert derivation.assumes == (("1.1", "Requires improvement"),)
    assert derivation.replay() == "requires-improvement"
    assert derivation.best is not None
    assert derivation.best.replay() == "outstanding"


def test_an_end_that_no_single_step_leads_to() -> None:
    """Only two Goods together are held against the organisation: neither the uniform completions nor a climb from them finds that."""
    good = AnswerTest(quantifier="all", selection=ALL, comparison=Comparison(operator="is", value="good"))
    steps = [Step(id="odd", op=Table(rows=[Row(when=good, gives="inadequate"), Row(gives="outstanding")]))]
    standards = [Standard(ref="1", title="?", statements=[Statement(ref=f"1.{n}", text="?") for n in (1, 2)])]
    result = scored(steps, None, None, framework=framework(standards=standards), unanswered=UnansweredRule(policy="range"))
    derivation = result.explain()
    assert (result.least_value, result.greatest_value) == ("inadequate", "outstanding")
    assert derivation.assumes == (("1.1", "Good"), ("1.2", "Good"))
    assert derivation.replay() == "inadequate"


# the example of the specification, and its twin


def scale(id: str, *labels: str) -> Scale:
    return Scale(id=id, grades=[Grade(id=label.lower().replace(" ", "-"), label=label) for label in labels])


def framework(**more: Any) -> Framework:
    plain = [Standard(ref=str(n), title="?", statements=[Statement(ref=f"{n}.{m}", text="?") for m in (1, 2)]) for n in (1, 2)]
    limiting = Standard(ref="3", title="?", statements=[Statement(ref="3.1", text="?", tags=["limiting"])])
    scales = [scale("four", "Inadequate", "Requires improvement", "Good", "Outstanding"), scale("level", "Low", "Middle", "High")]
    given: dict[str, Any] = {"default_scale": "four", "scales": scales, "standards": [*plain, limiting]}
    return Framework(id="example", edition="2016", title="Example", **(given | more))


LIMITING = AnswerTest(quantifier="any", selection=Selection(tag="limiting"), comparison=Comparison(operator="at_most", value="inadequate"))
OVERALL = (
    Step(id="avg", op=Mean(value=POINTS), over=ALL),
    Step(id="band", op=Bands(edges=["0", "1/2", "3/2", "5/2"], edge="inclusive", grades=FOUR), of="avg"),
    Step(id="final", op=Cap(at="requires-improvement"), of="band", when=LIMITING),
)


def scored(steps: Any, *answers: int | str | None, framework: Framework = framework(), **more: Any) -> Result:  # noqa: B008 - a frozen value
    policies: dict[str, Any] = {"id": "overall", "na": NotApplicableRule(), "unanswered": UnansweredRule()}
    bound = BoundRule(Rule(steps=steps, **(policies | more)), framework)
    return bound.score(filled(framework, *answers))


def filled(framework: Framework, *answers: int | str | None, name: str = "Fenside") -> Assessment:
    made = Assessment(framework=framework, organisation=Organisation(name=name))
    graded = [item for item in framework.answerable if item.takes_grade]
    for item, answer in zip(graded, answers, strict=False):
        assert item.scale is not None
        if isinstance(answer, int):
            made = made.with_grade(item.ref, item.scale.grades[answer].id)
        elif answer is not None:
            made = made.with_not_applicable(item.ref, reason=answer)
    return made


def told(result: Result, width: int = 100) -> str:
    return result.explain().text(width=width)


def text(written: str) -> str:
    return dedent(written).strip("\n")


def test_the_example() -> None:
    result = scored(OVERALL, 3, 3, 2, 2, 0)
    derivation = result.explain()
    assert told(result) == text("""
        overall = Requires improvement
          final  cap at Requires improvement, binding: 3.1 is Inadequate        Good -> Requires improvement
          band   2 is at or above 3/2 and below 5/2                             Good
          avg    (3 + 3 + 2 + 2 + 0) / 5                                        2
    """)
    assert derivation.replay() == derivation.value == result.value == "requires-improvement"
    final = derivation.step("final")
    assert (final.binding, final.tests[0].held, final.tests[0].refs) == (True, True, ("3.1",))
    parts = {"1.1": Fraction(3, 5), "1.2": Fraction(3, 5), "2.1": Fraction(2, 5), "2.2": Fraction(2, 5), "3.1": Fraction(0)}
    assert dict(derivation.step("avg").contributions) == parts
    assert result.steps() == {"avg": 2, "band": "good", "final": "requires-improvement"}


def test_the_twin() -> None:
    result = scored(OVERALL, 3, 2, 1, 1, 0)
    assert told(result) == text("""
        overall = Requires improvement
          final  cap at Requires improvement, not binding: 3.1 is Inadequate            Requires improvement
          band   7/5 is at or above 1/2 and below 3/2                                   Requires improvement
          avg    (3 + 2 + 1 + 1 + 0) / 5                                                7/5
    """)
    assert result.explain().step("final").binding is False


def test_a_cap_whose_test_does_not_hold() -> None:
    assert told(scored(OVERALL, 3, 2, 1, 1, 1)) == text("""
        overall = Good
          final  cap at Requires improvement does not apply: not so that any statement marked           Good
                 'limiting' is Inadequate
          band   8/5 is at or above 3/2 and below 5/2                                                   Good
          avg    (3 + 2 + 1 + 1 + 1) / 5                                                                8/5
    """)


def test_a_range_has_two_derivations() -> None:
    result = scored(OVERALL, 3, None, "Nothing here", 2, 2, unanswered=UnansweredRule(policy="range"))
    assert told(result) == text("""
        overall = Good to Outstanding, depending on 1 unanswered
          worst: Good, taking 1.2 as Inadequate
          final  cap at Requires improvement does not apply: not so that any statement marked           Good
                 'limiting' is Inadequate
          band   7/4 is at or above 3/2 and below 5/2                                                   Good
          avg    (3 + 0 + 2 + 2) / 4                                                                    7/4
                 left out: 2.1: not applicable
                 1.2: taken for Inadequate
          best: Outstanding, taking 1.2 as Outstanding
          final  cap at Requires improvement does not apply: not so that any statement marked    Outstanding
                 'limiting' is Inadequate
          band   5/2 is at or above 5/2                                                          Outstanding
          avg    (3 + 3 + 2 + 2) / 4                                                             5/2
                 left out: 2.1: not applicable
                 1.2: taken for Outstanding
    """)
    derivation = result.explain()
    assert derivation.best is not None
    assert (derivation.assumes, derivation.best.assumes) == ((("1.2", "Inadequate"),), (("1.2", "Outstanding"),))
    assert (derivation.replay(), derivation.best.replay()) == ("good", "outstanding")
    assert derivation.to_dict()["best"]["assumes"] == {"1.2": "Outstanding"}


def test_blanks_that_make_no_difference_are_still_named() -> None:
    result = scored(OVERALL, 3, None, 1, 1, 0, unanswered=UnansweredRule(policy="range"))
    assert result.kind == "scored"
    assert told(result).splitlines()[:2] == [
        "overall = Requires improvement",
        "  taking 1.2 as Inadequate; whatever they are, the result is the same",
    ]
    assert result.explain().best is None
    assert result.explain().replay() == "requires-improvement"


# how steps are told


def compare(operator: Any, value: Any) -> Comparison:
    return Comparison(operator=operator, value=value)


DEDUCT = {"inadequate": -1, "requires-improvement": -1, "good": 0, "outstanding": 0}
CLAUSE = Exemption(refs=["2.2"], value={**DEDUCT, "inadequate": "-3/5"}, reason="clause 4")
WORKBOOK = Exemption(refs=["1.2"], leave_out=True, reason="left out by the workbook")


def weighted(*points: int) -> Framework:
    found = [Statement(ref=f"1.{n}", text="?", weights={"points": Fraction(weight)}) for n, weight in enumerate(points, 1)]
    return framework(standards=[Standard(ref="1", title="?", statements=found)])


def test_a_sum_beside_its_maximum() -> None:
    exceptions = [attrs.evolve(CLAUSE, refs=["1.4"]), WORKBOOK]
    steps = [Step(id="points", op=Sum(value=DEDUCT, weight="points", start=110, show="maximum"), over=ALL, except_=exceptions)]
    result = scored(steps, 0, 0, 1, 0, "Nothing here", framework=weighted(1, 5, 10, 2, 7))
    assert told(result) == text("""
        overall = 489/5 of 110
          points  110 + (-1) + 10 x (-1) + 2 x (-3/5)                                           489/5 of 110
                  left out: 1.2: exception: left out by the workbook
                  left out: 1.5: not applicable
                  1.4: exception: clause 4
    """)
    points = result.explain().step("points")
    assert (points.start, points.maximum, points.value) == (110, 110, Fraction(489, 5))
    assert dict(points.contributions) == {"start": 110, "1.1": -1, "1.3": -10, "1.4": Fraction(-6, 5)}
    assert [leaf.treatment for leaf in points.leaves] == [
        "counted as -1",
        "left out: exception: left out by the workbook",
        "counted as -1 with weight 10",
        "counted as -0.6 with weight 2: exception: clause 4",
        "left out: not applicable",
    ]


def test_long_sums_are_put_together() -> None:
    avg = [Step(id="avg", op=Mean(value=POINTS), over=ALL)]
    lines = told(scored(avg, *[3] * 12, *[2] * 5, 0, framework=weighted(*[1] * 18))).splitlines()
    assert lines[1].split("  ")[2] == "(12 x 3 + 5 x 2 + 1 x 0) / 18"
    avg = [Step(id="avg", op=Mean(value=POINTS, weight="points"), over=ALL)]
    lines = told(scored(avg, *[3] * 12, 2, None, framework=weighted(2, *[1] * 13))).splitlines()
    assert lines[1].split("  ")[2] == "(1 x 2 x 3 + 11 x 3 + 1 x 2) / 14"
    assert lines[2].strip() == "left out: 1.14: unanswered"


def test_a_prorated_sum() -> None:
    result = scored([Step(id="total", op=Sum(value=POINTS), over=ALL)], 3, None, 2, "n", 1, unanswered=UnansweredRule(prorate=True))
    assert told(result).splitlines()[1].split("  ")[2] == "(3 + 2 + 1) x 4/3, scaled up to what applies"
    assert dict(result.explain().step("total").contributions) == {"1.1": 4, "2.1": Fraction(8, 3), "3.1": Fraction(4, 3)}


def test_groups_and_flags() -> None:
    weak = compare("at_least", Fraction(2))
    rows = [Row(when=StepTest(step="lows", comparison=weak), gives="inadequate", reason="two are weak", flag="weak"), Row(gives="typical")]
    steps = [
        Step(id="bad", op=Any_(compare=compare("at_most", "inadequate")), over=ALL, each="standard", flag="category of concern"),
        Step(id="worst", op=Min(), over=ALL, each="standard"),
        Step(id="typical", op=Order(pick="lower-median"), of="worst"),
        Step(id="lows", op=Count(), of="bad"),
        Step(id="final", op=Table(rows=rows)),
    ]
    result = scored(steps, 0, 3, 0, 2, 2)
    assert told(result) == text("""
        overall = Inadequate
          final               row 1 of 2: two are weak                                            Inadequate
          lows                2 of 3 hold                                                         2
          typical             lower median of 2 x Inadequate, Good                                Inadequate
          worst (standard 1)  worst of 2: 1.1 is Inadequate                                       Inadequate
          worst (standard 2)  worst of 2: 2.1 is Inadequate                                       Inadequate
          worst (standard 3)  worst of 1: 3.1 is Good                                             Good
          bad (standard 1)    1 of 2 are Inadequate or worse: 1.1 is Inadequate                   yes
          bad (standard 2)    1 of 2 are Inadequate or worse: 2.1 is Inadequate                   yes
          bad (standard 3)    0 of 1 are Inadequate or worse                                      no
          flag: category of concern (standard 1)
          flag: category of concern (standard 2)
          flag: weak
    """)
    assert result.flags == ("category of concern (standard 1)", "category of concern (standard 2)", "weak")
    assert result.steps() == {"typical": "inadequate", "lows": 2, "final": "inadequate"}
    assert result.explain().step("bad", "3").value is False
    assert scored(steps, 3, 3, 0, 2, 2).flags == ("category of concern (standard 2)",)


def test_a_ladder_says_which_rung_is_missed() -> None:
    above = AnswerTest(quantifier="all", selection=ALL, comparison=compare("above", "inadequate"))
    rungs = [Rung(when=above, gives="middle"), Rung(when=StepTest(step="share", comparison=compare("at_least", Fraction(4, 5))), gives="high")]
    steps = [Step(id="share", op=Share(compare=compare("at_least", "good")), over=ALL), Step(id="level", op=Ladder(start="low", rungs=rungs))]
    assert told(scored(steps, 2, 2, 1, 1, 3)) == text("""
        overall = Middle
          level  rung 1 of 2: not so that 'share' is at least 0.8 (share is 3/5)                      Middle
          share  3 of 5 are Good or better                                                            3/5
    """)


MODERATED = (Step(id="derived", op=Max(), over=ALL), Step(id="confirmed", op=Override(by=["moderator"], needs="reason"), of="derived"))


def moderated(*overrides: tuple[str, str | None]) -> Result:
    made = framework(roles=[Role(id="moderator", label="Moderator")])
    policies: dict[str, Any] = {"na": NotApplicableRule(policy="worst"), "unanswered": UnansweredRule(policy="worst")}
    answers = filled(made, 1, 2, "No", None, 0)
    for result, reason in overrides:
        answers = answers.with_override("overall", result, by="moderator", reason=reason)
    return BoundRule(Rule(id="overall", steps=MODERATED, **policies), made).score(answers)


def test_derived_and_confirmed_both_remain() -> None:
    result = moderated(("inadequate", "seen on a visit"))
    assert told(result) == text("""
        overall = Inadequate
          confirmed  confirmed by moderator: seen on a visit                              Good -> Inadequate
          derived    best of 5: 1.2 is Good                                               Good
                     2.1: not applicable counts as Inadequate
                     2.2: unanswered counts as Inadequate
    """)
    assert result.confirmed
    assert result.steps() == {"derived": "good", "confirmed": "inadequate"}
    assert result.explain().step("confirmed").binding is True
    assert result.explain().to_dict()["confirmed"] is True
    assert not moderated().confirmed
    assert "nothing else is confirmed" in told(moderated())


def test_an_override_that_does_not_stand_confirms_nothing() -> None:
    result = moderated(("inadequate", None))
    assert (result.kind, result.confirmed, result.explain().confirmed) == ("refused", False, False)
    assert "not accepted: confirmed by moderator" in told(result)


def test_grades_looked_up_counted_and_rounded() -> None:
    levels: dict[str, Any] = dict(zip(FOUR, ("low", "middle", "middle", "high"), strict=True))
    steps = [
        Step(id="derived", op=Max(), over=ALL), Step(id="level", op=Lookup(table=levels), of="derived"),
        Step(id="unit", op=ValueOf(value="unit"), of="level"), Step(id="shown", op=Round(places=0, mode="half-up"), of="unit"),
    ]  # fmt: skip
    result = scored(steps, 1, 2, 1, 1, 1)
    assert told(result) == text("""
        overall = 1
          shown    1/2 rounded to 0 decimal places, half-up                                           1
          unit     Middle counts 1/2                                                                  1/2
          level    Good becomes Middle                                                                Middle
          derived  best of 5: 1.2 is Good                                                             Good
    """)
    assert [step.binding for step in result.explain().steps] == [None, None, None, True]


def test_a_veto() -> None:
    steps = [Step(id="avg", op=Mean(value=POINTS), over=ALL), Step(id="score", op=If(then="not_scored", else_="avg"), when=LIMITING)]
    result = scored(steps, 3, 3, 2, 2, 0)
    assert told(result) == text("""
        overall = not scored: the rule says so
          score  3.1 is Inadequate                                                                not scored
                 not scored: the rule says so
          avg    (3 + 3 + 2 + 2 + 0) / 5                                                          2
    """)
    assert result.explain().step("score").binding is True
    assert isinstance(result.explain().replay(), Absent)
    assert result.explain().to_dict()["why"] == "the rule says so"


def test_what_is_refused_says_because_of_which_answer() -> None:
    exceptions = [Exemption(refs=["2.1"], na=NotApplicableRule(policy="refuse"), reason="it always applies")]
    result = scored([Step(id="avg", op=Mean(value=POINTS), over=ALL, except_=exceptions)], 3, 3, "No", "No", 0)
    assert result.kind == "refused"
    assert told(result) == text("""
        overall = refused: an answer is not applicable, and the rule allows none
          avg  (3 + 3 + 0) / 3                                                                       refused
               refused: an answer is not applicable, and the rule allows none
               left out: 2.1: not applicable, which this rule refuses
               left out: 2.2: not applicable
    """)


def test_a_group_that_exceptions_leave_out_is_still_accounted_for() -> None:
    steps = [Step(id="one", op=Mean(value=POINTS), over=ALL, each="standard", except_=[attrs.evolve(WORKBOOK, refs=["3.1"])])]
    result = scored([*steps, Step(id="all", op=Mean(), of="one")], 1, 2, 3, 3, 0)
    lost = result.explain().step("one", "3")
    assert (lost.value, lost.shown, [leaf.treatment for leaf in lost.leaves]) == (None, "left out", ["left out: exception: left out by the workbook"])
    assert result.value == Fraction(9, 4)
    assert [leaf.name for leaf in result.explain().step("all").leaves] == ["one (standard 1)", "one (standard 2)"]


def test_groups_across_organisations_have_their_names() -> None:
    steps = [Step(id="one", op=Min(), over=ALL, each="organisation"), Step(id="typical", op=Order(pick="lower-median"), of="one")]
    policies: dict[str, Any] = {"na": NotApplicableRule(), "unanswered": UnansweredRule(policy="range")}
    made = framework()
    rule = BoundRule(Rule(id="overall", over="assessments", steps=steps, **policies), made)
    answers = [filled(made, 1, 2, 3, 3, 3), filled(made, 3, 3, 3, None, 2, name="Marsh"), filled(made, 3, 3, 3, 3, 3, name="Marsh")]
    result = evaluate_across(rule, answers)
    assert told(result) == text("""
        overall = Requires improvement to Good, depending on 1 unanswered
          worst: Requires improvement, taking Marsh: 2.2 as Inadequate
          typical          lower median of Inadequate, Requires improvement,            Requires improvement
                           Outstanding
          one (Fenside)    worst of 5: 1.1 is Requires improvement                      Requires improvement
          one (Marsh)      worst of 5: 2.2 is unanswered                                Inadequate
                           2.2: taken for Inadequate
          one (Marsh (2))  worst of 5: 1.1, 1.2, 2.1, 2.2 and 3.1 are Outstanding       Outstanding
          best: Good, taking Marsh: 2.2 as Outstanding
          typical          lower median of Requires improvement, Good, Outstanding      Good
          one (Fenside)    worst of 5: 1.1 is Requires improvement                      Requires improvement
          one (Marsh)      worst of 5: 3.1 is Good                                      Good
                           2.2: taken for Outstanding
          one (Marsh (2))  worst of 5: 1.1, 1.2, 2.1, 2.2 and 3.1 are Outstanding       Outstanding
    """)
    assert result.steps() == {"typical": "requires-improvement"}
    assert result.explain().step("one", "Marsh").value == "inadequate"


def test_items_weigh_as_much_as_they_counted_also_through_a_step_between() -> None:
    bands = Bands(edges=["0", "1"], edge="inclusive", grades=["inadequate", "outstanding"])
    steps = [
        Step(id="one", op=Mean(value=POINTS), over=ALL, each="standard"), Step(id="band", op=bands, of="one", each="standard"),
        Step(id="all", op=Mean(value=POINTS, weight="applicable"), of="band"),
    ]  # fmt: skip
    result = scored(steps, 0, 0, 3, 3, 3)
    assert result.value == Fraction(9, 5)
    assert [leaf.weight for leaf in result.explain().step("all").leaves] == [2, 2, 1]


def test_results_weigh_by_step_and_by_group() -> None:
    sides = [Step(id="one", op=Mean(value=POINTS), over=Selection(standard="1")), Step(id="two", op=Mean(value=POINTS), over=Selection(standard="2"))]
    result = scored([*sides, Step(id="all", op=Mean(weight={"one": 2, "two": "1/2"}), of=["one", "two"])], 3, 3, 1, 1, 0)
    assert told(result).splitlines()[1].split("  ")[2] == "(2 x 3 + 1/2 x 1) / (5/2)"
    assert result.explain().replay() == result.value == Fraction(13, 5)
    groups = Step(id="one", op=Mean(value=POINTS), over=ALL, each="standard")
    result = scored([groups, Step(id="all", op=Sum(weight={"1": 3, "2": 1, "3": 0}), of="one")], 3, 3, 1, 1, 2)
    assert result.explain().replay() == result.value == 10
    assert dict(result.explain().step("all").contributions) == {"one (standard 1)": 9, "one (standard 2)": 1, "one (standard 3)": 0}


def test_groups_compared_with_a_profile() -> None:
    profile = FrozenDict({"1": "good", "2": "outstanding", "3": "inadequate"})
    steps = [Step(id="one", op=Min(), over=ALL, each="standard"), Step(id="met", op=Count(compare=compare("at_least", profile)), of="one")]
    result = scored(steps, 2, 3, 2, 3, 0)
    assert result.explain().replay() == result.value == 2
    assert [leaf.value for leaf in result.explain().step("met").leaves] == [True, False, True]


def test_a_mean_of_what_weighs_nothing_has_no_contributions() -> None:
    steps = [Step(id="avg", op=Mean(value=POINTS, weight="points"), over=ALL, empty="0")]
    result = scored(steps, None, 3, framework=weighted(1, 0))
    assert result.explain().replay() == result.value == 0
    assert not result.explain().step("avg").contributions


def test_a_limit_that_is_not_scored() -> None:
    steps = [
        Step(id="one", op=Mean(value=POINTS), over=Selection(standard="1")), Step(id="two", op=Mean(value=POINTS), over=Selection(standard="2")),
        Step(id="final", op=Cap(at="one"), of="two", when=LIMITING),
    ]  # fmt: skip
    result = scored(steps, "No", "No", 3, 3, 0)
    assert isinstance(result.explain().replay(), Absent)
    assert "cap at not scored" in told(result)
    free = scored(steps, "No", "No", 3, 3, 1)
    assert (free.value, free.explain().replay()) == (3, 3)
    assert "cap at not scored does not apply" in told(free)
    assert scored([*steps[:2], attrs.evolve(steps[2], op=Floor(at="one"))], "No", "No", 3, 3, 1).value == 3


# what is absent


def test_a_grade_that_not_applicable_counts_as_is_still_a_share_of_not_applicable() -> None:
    policy = NotApplicableRule(policy="worst", max_share="1/5")
    result = scored([Step(id="avg", op=Mean(value=POINTS), over=ALL)], 3, 3, "No", "No", 3, na=policy)
    why = "2 of 5 answers are not applicable, and at most 0.2 may be"
    assert (result.kind, result.why, result.explain().replay()) == ("refused", why, Absent("refused", "avg", why))


def test_a_blank_that_counts_as_worst_is_not_answered() -> None:
    policy = UnansweredRule(policy="worst", min_answered="4/5")
    result = scored([Step(id="avg", op=Mean(value=POINTS), over=ALL)], 3, 3, None, None, 3, unanswered=policy)
    why = "3 of 5 are answered, and at least 0.8 must be"
    assert (result.kind, result.why, result.explain().replay()) == ("refused", why, Absent("refused", "avg", why))


def test_not_applicable_without_a_reason_is_a_blank_where_one_is_wanted() -> None:
    steps = [
        Step(id="best", op=Max(), over=ALL, na=NotApplicableRule()),
        Step(id="worst", op=Min(), over=ALL, na=NotApplicableRule(needs_reason=True)),
    ]  # fmt: skip
    made = framework()
    policies: dict[str, Any] = {"report": ["best"], "unanswered": UnansweredRule(policy="range")}
    result = BoundRule(Rule(id="overall", steps=steps, **policies), made).score(filled(made, 2, 2, 2, 2).with_not_applicable("3.1", None))
    assert result.text == "Inadequate to Good, depending on 1 unanswered"
    assert [slot.ref for slot in result.blanks] == ["3.1"]
    assert told(result) == text("""
        overall = Inadequate to Good, depending on 1 unanswered
          worst: Inadequate, taking 3.1 as Inadequate
          worst  worst of 5: 3.1 is not applicable, without a reason                              Inadequate
                 3.1: taken for Inadequate
          best   best of 4: 1.1, 1.2, 2.1 and 2.2 are Good                                        Good
                 left out: 3.1: not applicable
          best: Good, taking 3.1 as Outstanding
          worst  worst of 5: 1.1, 1.2, 2.1 and 2.2 are Good                                             Good
                 3.1: taken for Outstanding
          best   best of 4: 1.1, 1.2, 2.1 and 2.2 are Good                                              Good
                 left out: 3.1: not applicable
    """)


def test_a_step_that_asks_of_nothing_in_scope_is_out_of_scope() -> None:
    only = Statement(
        ref="4.1", text="?", applies_when=AnswerTest(quantifier="any", selection=Selection(refs=["1.1"]), comparison=compare("is", "good"))
    )
    made = framework(
        standards=[Standard(ref="1", title="?", statements=[Statement(ref="1.1", text="?")]), Standard(ref="4", title="?", statements=[only])]
    )
    asks = AnswerTest(quantifier="any", selection=Selection(refs=["4.1"]), comparison=compare("at_least", "good"))
    rows = [Row(when=asks, gives="good", reason="it is there"), Row(gives="inadequate", reason="it is not", flag="missing")]
    result = scored([Step(id="there", op=Table(rows=rows))], 0, 3, framework=made)
    assert (result.kind, result.why, result.flags) == ("not scored", "nothing it looks at applies", ())
    assert result.explain().replay() == result.least
    assert told(result) == text("""
        overall = not scored: nothing it looks at applies
          there  nothing to judge                                                               out of scope
                 out of scope: nothing it looks at applies
    """)
    assert scored([Step(id="there", op=Table(rows=rows))], 2, 1, framework=made).flags == ("missing",)


def test_an_exception_may_say_what_grades_count_where_the_operator_does_not() -> None:
    result = scored([Step(id="best", op=Max(), over=Selection(refs=["2.2"]), except_=[CLAUSE])], 0, 0, 0, 0, 0)
    assert told(result).splitlines()[0] == "overall = -3/5"
    assert [leaf.treatment for leaf in result.explain().step("best").leaves] == ["counted as -0.6: exception: clause 4"]


def test_what_raises_no_flag_is_not_derived_to_find_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    result = scored(OVERALL, 3, 3, 2, 2, 0)
    monkeypatch.setattr(Result, "explain", lambda self: pytest.fail("a derivation is not needed for this"))
    assert (result.flags, result.confirmed) == ((), False)
    assert result.to_dict()["value"] == "requires-improvement"


def test_narrow_text_is_wrapped_in_its_column() -> None:
    assert told(scored(OVERALL, 3, 3, 2, 2, 0), width=60) == text("""
        overall = Requires improvement
          final  cap at Requires improvement,   Good -> Requires
                 binding: 3.1 is Inadequate     improvement
          band   2 is at or above 3/2 and       Good
                 below 5/2
          avg    (3 + 3 + 2 + 2 + 0) / 5        2
    """)


def test_a_step_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        scored(OVERALL, 3, 3, 2, 2, 0).explain().step("nonsense")
