"""Rules in plain English. The pages are written by hand, as a clerk would want them in the minutes."""

from __future__ import annotations

import datetime
from fractions import Fraction
from textwrap import dedent
from typing import Any

import attrs
import pytest

from s11kit.model import (
    ActionStatus,
    AnswerTest,
    Both,
    Comparison,
    Dimension,
    Either,
    Framework,
    Grade,
    Not,
    PlanPolicy,
    PlanTest,
    Provenance,
    Role,
    Scale,
    Selection,
    Source,
    Standard,
    Statement,
    StepTest,
)
from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import ALL, Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Row, Rung, Table, ValueOf
from s11kit.rules.operators import BUILT_IN
from s11kit.rules.ordering import Max, Min, Mode, Order, Pick
from s11kit.rules.wording import page, sentence
from s11kit.rules.wording import test_sentence as clause  # pytest takes every name that begins with test for a test


def scale(id: str, *grades: str) -> Scale:
    return Scale(id=id, grades=[Grade(id=grade.lower().replace(" ", "-"), label=grade) for grade in grades])


FRAMEWORK = Framework(
    id="our-board",
    edition="2026",
    title="Our section 11 audit",
    default_scale="four",
    scales=[
        scale("four", "Inadequate", "Requires improvement", "Good", "Outstanding"),
        scale("outcome", "Not achieved", "Partly achieved", "Achieved"),
        scale("level", "Level 0", "Level 1", "Level 2", "Level 3"),
        scale("met", "Not met", "Partly met", "Met"),
    ],
    roles=[Role(id="moderator", label="moderator"), Role(id="panel", label="peer panel")],
    dimensions=[Dimension(id="documentation", label="Documentation"), Dimension(id="implementation", label="Implementation")],
    plan=PlanPolicy(status=[ActionStatus(id="signed-off", label="Signed off")]),
    provenance=Provenance(mark="documented", sources=["guide"]),
    sources=[Source(id="guide", title="Guide to the audit", publisher="Our Board", date="2026")],
    standards=[
        Standard(
            ref="1", title="Leadership", statements=[Statement(ref="1.1", text="Somebody leads."), Statement(ref="1.2", text="There is a plan.")]
        ),
        Standard(ref="8", title="Neglect", graded=True),
    ],
)
SOMERSET = attrs.evolve(FRAMEWORK, labels={"standard": "category", "statement": "standard"})


def grade(operator: Any, value: Any) -> Comparison:
    return Comparison(operator=operator, value=value)


def tagged(quantifier: Any, tag: str, operator: Any, value: Any, **more: Any) -> AnswerTest:
    return AnswerTest(quantifier=quantifier, selection=Selection(tag=tag), comparison=grade(operator, value), **more)


FOUR = ["inadequate", "requires-improvement", "good", "outstanding"]
OVERALL = Rule(
    id="overall",
    result="four",
    na=NotApplicableRule(policy="exclude", max_share="1/5", needs_reason=True),
    unanswered=UnansweredRule(policy="range"),
    steps=[
        Step(id="avg", op=Mean(value=dict(zip(FOUR, range(4), strict=True))), over=ALL),
        Step(id="band", op=Bands(edges=["0", "1/2", "3/2", "5/2"], edge="inclusive", grades=FOUR), of="avg"),
        Step(id="final", op=Cap(at="requires-improvement"), of="band", when=tagged("any", "limiting", "at_most", "inadequate")),
    ],
    expect={
        "monotone": Expectation(verdict="proven"),
        "unanswered_never_improves": Expectation(verdict="proven"),
        "na_safe": Expectation(
            verdict="refuted", accepted_by="Board, minute 7.2", date=datetime.date(2016, 5, 12), reason="N/A needs a reason and is limited to 20 %"
        ),
    },
)
OVERALL_PAGE = """
    Overall
    Our section 11 audit (2026)

    The result is a grade: Inadequate, Requires improvement, Good or Outstanding.

    1. 'avg' is the average of all statements, where Inadequate counts 0, Requires improvement 1, Good 2
       and Outstanding 3.
    2. 'band' follows from 'avg': Inadequate from 0 to below 0.5, Requires improvement from 0.5 to below
       1.5, Good from 1.5 to below 2.5 and Outstanding from 2.5 up. A number exactly on an edge belongs
       to the band above it. Below 0 there is no band, and no result is given.
    3. The result is 'band', but no better than Requires improvement when any statement marked
       'limiting' is Inadequate.

    Answers of 'not applicable' are left out. An answer of 'not applicable' without a reason counts as a
    blank. If more than 20 % of the statements that a step looks at are 'not applicable', no result is
    given.
    Blanks (statements without an answer) make the result a range, from the least to the greatest that
    filling them in can give.
    A step with nothing left to score gives no result ('not scored'), neither zero nor full marks.
    A condition that finds no answers to look at is not met, unless it says otherwise.

    What the board expects of the rule:
       Always so (proven): improving an answer never lowers the result.
       Always so (proven): leaving an answer blank never raises the result.
       Not always so (refuted): turning an answer into N/A never raises the result. The board accepted
         this (Board, minute 7.2; 12 May 2016). Reason: N/A needs a reason and is limited to 20 %.

    Where the rule comes from: it is documented in a published source. Source: Guide to the audit (Our
    Board, 2026).
"""

OUTCOME = Rule(
    id="outcome",
    title="Outcome of the assessment framework",
    result="outcome",
    na=NotApplicableRule(policy="refuse"),
    unanswered=UnansweredRule(policy="refuse"),
    provenance=Provenance(mark="reconstructed", sources=[], note="the wording of the rows is ours"),
    steps=[
        Step(
            id="outcome",
            op=Table(
                rows=[
                    Row(
                        when=tagged("any", "warning-sign", "at_most", "not-met"),
                        gives="not-achieved",
                        reason="a sign of failure is present",
                        flag="category of concern",
                    ),
                    Row(when=tagged("all", "full", "at_least", "met"), gives="achieved", reason="every full statement is met"),
                    Row(when=tagged("all", "part", "at_least", "partly-met", empty=True), gives="partly-achieved"),
                    Row(gives="not-achieved", reason="some partial statement is not met"),
                ]
            ),
        )
    ],
)
OUTCOME_PAGE = """
    Outcome of the assessment framework
    Our section 11 audit (2026)

    The result is a grade: Not achieved, Partly achieved or Achieved.

    1. The result is what the first of these rows that holds gives:
       Row 1: Not achieved when any statement marked 'warning sign' is Not met. Reason: A sign of
         failure is present. It is then flagged: Category of concern.
       Row 2: Achieved when every statement marked 'full' is Met. Reason: Every full statement is met.
       Row 3: Partly achieved when every statement marked 'part' is Partly met or better (or there is
         none).
       Row 4: Not achieved otherwise. Reason: Some partial statement is not met.

    If any answer is 'not applicable', no result is given.
    If there are any blanks (statements without an answer), no result is given.
    A step with nothing left to score gives no result ('not scored'), neither zero nor full marks.
    A condition that finds no answers to look at is not met, unless it says otherwise.

    Where the rule comes from: it is reconstructed; nothing is published. The wording of the rows is
    ours.
"""

LEVELS = Rule(
    id="level",
    result="level",
    na=NotApplicableRule(),
    unanswered=UnansweredRule(),
    steps=[
        Step(id="share3", op=Share(compare=grade("at_least", "met")), over=Selection(tag="level-3"), empty=Fraction(0), note="published as 80 %"),
        Step(
            id="level",
            op=Ladder(
                start="level-0",
                rungs=[
                    Rung(when=tagged("all", "level-1", "at_least", "met"), gives="level-1"),
                    Rung(when=tagged("some", "level-2", "at_least", "met", k=2), gives="level-2", reason="two of them show practice"),
                    Rung(when=StepTest(step="share3", comparison=grade("at_least", Fraction(4, 5))), gives="level-3"),
                ],
            ),
        ),
    ],
    report=["share3"],
)
LEVELS_PAGE = """
    Level
    Our section 11 audit (2026)

    The result is a grade: Level 0, Level 1, Level 2 or Level 3.

    1. 'share3' is the share of statements marked 'level 3' that are Met.
       In this step: if nothing is left to score, it gives 0.
       Note: Published as 80 %.
    2. The result is Level 0, or the highest of these rungs that holds together with all rungs before
       it:
       Rung 1: Level 1 when every statement marked 'level 1' is Met.
       Rung 2: Level 2 when at least 2 statements marked 'level 2' are Met. Reason: Two of them show
         practice.
       Rung 3: Level 3 when 'share3' is at least 0.8.
    Shown beside the result: 'share3'.

    Answers of 'not applicable' are left out.
    Blanks (statements without an answer) are left out.
    A step with nothing left to score gives no result ('not scored'), neither zero nor full marks.
    A condition that finds no answers to look at is not met, unless it says otherwise.

    Where the rule comes from: it is documented in a published source. Source: Guide to the audit (Our
    Board, 2026).
"""

WORKBOOK = Rule(
    id="workbook-score",
    result="number",
    na=NotApplicableRule(policy="as", grade="target", coupled=["documentation", "implementation"]),
    unanswered=UnansweredRule(policy="exclude", min_answered="4/5", prorate=True),
    empty="not_applicable",
    steps=[
        Step(
            id="score",
            op=Sum(value="unit", weight={"1.1": "1/2", "1.2": 2}),
            over=ALL,
            except_=[
                Exemption(refs=["8"], leave_out=True, reason="left out by the published workbook"),
                Exemption(refs=["1.1", "1.2"], na=NotApplicableRule(policy="worst"), weight=3, reason="the workbook has no N/A here."),
                Exemption(tag="reversed", value={"not-met": 1, "partly-met": "1/3", "met": 0}, reason="reverse-keyed"),
            ],
        )
    ],
)
WORKBOOK_PAGE = """
    Workbook score
    Our section 11 audit (2026)

    The result is a number; the higher, the better.

    1. The result is the sum of all standards, each counted by its place on its own scale, from 0 for
       the worst grade to 1 for the best, where standard 1.1 weighs 0.5 and standard 1.2 2.
       Exception for 'Neglect': left out. Reason: Left out by the published workbook.
       Exception for standards 1.1 and 1.2: the weight is 3; an answer of 'not applicable' counts as the
         worst grade. Reason: The workbook has no N/A here.
       Exception for standards marked 'reversed': Not met counts 1, Partly met 1/3 and Met 0. Reason:
         Reverse-keyed.

    An answer of 'not applicable' counts as its target grade. Documentation and Implementation go
    together: what is 'not applicable' for one of them is so for all.
    Blanks (standards without an answer) are left out. If fewer than 80 % of the standards that apply
    are answered, no result is given. A sum is scaled up from the standards that are answered to those
    that apply.
    A step with nothing left to score counts as 'not applicable'.

    Where the rule comes from: it is documented in a published source. Source: Guide to the audit (Our
    Board, 2026).
"""

QUALITY = Rule(
    id="quality",
    result="number",
    na=NotApplicableRule(policy="worst"),
    unanswered=UnansweredRule(policy="worst"),
    steps=[
        Step(
            id="points",
            op=Sum(start=110, value={"not-met": -1, "partly-met": -1, "met": 0}, weight="points", show="maximum"),
            over=ALL,
            except_=[Exemption(refs=["1.2"], value={"not-met": -1, "partly-met": "-3/5", "met": 0}, reason="partial credit, scheme clause 4")],
        ),
        Step(
            id="score",
            op=If(then="not_scored", else_="points"),
            when=AnswerTest(quantifier="any", selection=Selection(refs=["1.1"]), comparison=grade("at_most", "not-met")),
            flag="service to be closed",
        ),
    ],
    report=["points", "score"],
)
QUALITY_PAGE = """
    Quality
    Our section 11 audit (2026)

    The result is a number; the higher, the better.

    1. 'points' is the sum of all statements, where Not met counts -1, Partly met -1 and Met 0, each
       weighted by its own 'points', starting from 110; it is shown beside the most it could have been.
       Exception for statement 1.2: Not met counts -1, Partly met -0.6 and Met 0. Reason: Partial
         credit, scheme clause 4.
    2. The result is not scored when statement 1.1 is Not met, and 'points' otherwise.
       If so, it is flagged: Service to be closed.
    Shown beside the result: 'points'.

    An answer of 'not applicable' counts as the worst grade.
    Blanks (statements without an answer) count as the worst grade.
    A step with nothing left to score gives no result ('not scored'), neither zero nor full marks.
    A condition that finds no answers to look at is not met, unless it says otherwise.

    Where the rule comes from: it is documented in a published source. Source: Guide to the audit (Our
    Board, 2026).
"""

REGION = Rule(
    id="region",
    title="The typical organisation of the region",
    over="assessments",
    better="lower",
    steps=[
        Step(id="one", op=Count(compare=grade("below", "good")), over=ALL, each="organisation"),
        Step(id="typical", op=Order(pick="lower-median"), of="one"),
    ],
    provenance=Provenance(mark="inferred", wording="reconstructed", sources=[]),
)
REGION_PAGE = """
    The typical organisation of the region
    Our section 11 audit (2026)

    The result is a number; the lower, the better.
    The rule looks at the assessments of several organisations together.

    1. For each organisation, 'one' is the number of its statements that are below Good.
    2. The result is the one in the middle of all the results of 'one', put in order; of two in the
       middle, the lower.

    The rule does not say what becomes of answers of 'not applicable', so they are left out.
    The rule does not say what becomes of blanks (statements without an answer), so they are left out.
    A step with nothing left to score gives no result ('not scored'), neither zero nor full marks.

    Where the rule comes from: it follows from published facts. Its words are reconstructed.
"""


@pytest.mark.parametrize(
    ("rule", "framework", "expected"),
    [
        (OVERALL, FRAMEWORK, OVERALL_PAGE),
        (OUTCOME, FRAMEWORK, OUTCOME_PAGE),
        (LEVELS, FRAMEWORK, LEVELS_PAGE),
        (WORKBOOK, SOMERSET, WORKBOOK_PAGE),
        (QUALITY, FRAMEWORK, QUALITY_PAGE),
        (REGION, FRAMEWORK, REGION_PAGE),
    ],
    ids=["overall", "decision table", "ladder", "exceptions", "subtractive with a veto", "across organisations"],
)
def test_a_page_reads_like_minutes(rule: Rule, framework: Framework, expected: str) -> None:
    """A rule fits on one page of plain text, in the board's own words, with nothing left unsaid."""
    found = page(rule, framework)
    assert found == dedent(expected).strip()
    assert max(map(len, found.splitlines())) <= 100
    assert found.isascii()


EARLIER = [
    Step(id="stream", op=Mean(value="unit"), over=ALL, each="category"),
    Step(id="avg", op=Mean(value="unit"), over=ALL),
    Step(id="done", op=All(compare=grade("at_least", "good")), over=ALL),
]


def said(op: Any, **keys: Any) -> str:
    """The operator as the last step of a rule."""
    looks: dict[str, Any] = keys if "of" in keys else {"over": ALL} | keys
    step = Step(id="last", op=op, **looks)
    return sentence(step, Rule(id="r", steps=[*EARLIER, step]), FRAMEWORK)


GOOD = grade("at_least", "good")
LEADS = StepTest(step="done")
SAID: list[tuple[Any, dict[str, Any], str]] = [
    (Count(compare=GOOD), {}, "The result is the number of statements that are Good or better."),
    (Count(), {"of": ["done"]}, "The result is the number of 'done' that are yes."),
    (Share(compare=GOOD), {}, "The result is the share of statements that are Good or better."),
    (Share(compare=GOOD, weight="weight"), {}, "The result is the share of statements that are Good or better, each with its own weight."),
    (All(compare=GOOD), {}, "The result is yes if every statement is Good or better, and no otherwise."),
    (Any_(compare=GOOD), {}, "The result is yes if any statement is Good or better, and no otherwise."),
    (None_(compare=GOOD), {}, "The result is yes if no statement is Good or better, and no otherwise."),
    (Some(compare=GOOD, k=3), {}, "The result is yes if at least 3 statements are Good or better, and no otherwise."),
    (Some(compare=GOOD, k=1), {}, "The result is yes if any statement is Good or better, and no otherwise."),
    (Some(compare=GOOD, share="2/3"), {}, "The result is yes if at least 2/3 of all statements are Good or better, and no otherwise."),
    (Sum(value="points"), {}, "The result is the sum of all statements, each counted by the points of its grade."),
    (Sum(value="unit", weight="weight", start=1), {},
     "The result is the sum of all statements, each counted by its place on its own scale, from 0 for the worst grade to 1 for the best, each with "
     "its own weight, starting from 1."),
    (Sum(show="maximum"), {"of": "stream"}, "The result is the sum of all the results of 'stream'; it is shown beside the most it could have been."),
    (Mean(weight={"stream": 2, "avg": 1}), {"of": ["stream", "avg"]},
     "The result is the weighted average of all results of 'stream' and 'avg', where 'stream' weighs 2 and 'avg' 1."),
    (Mean(weight="applicable"), {"of": "stream"},
     "The result is the weighted average of all the results of 'stream', each weighted by how many answers it counted."),
    (Mean(value={"good": 1}, weight={"good": 20}), {},
     "The result is the weighted average of all statements, where Good counts 1, where Good weighs 20."),
    (Mean(weight={"1": 2, "8": 1}), {"of": "stream"},
     "The result is the weighted average of all the results of 'stream', where 'Leadership' weighs 2 and 'Neglect' 1."),
    (Owa(weights=["1/2", "1/3", "1/6"]), {"of": "stream"},
     "The result is the average by rank of all the results of 'stream'; put in order from the worst to the best and cut into 3 equal parts, "
     "they weigh "
     "0.5, 1/3 and 1/6."),
    (Trimmed(trim="1/4"), {"of": "stream"},
     "The result is the average of all the results of 'stream'; the lowest 25 % and the highest 25 % of them are dropped, rounded down to "
     "whole answers."),
    (MidMedian(), {"of": "stream"},
     "The result is the one in the middle of all the results of 'stream', put in order; of two in the middle, half way between them."),
    (Min(), {"of": ["avg", "done"]}, "The result is the worst of 'avg' and 'done'."),
    (Max(), {"over": Selection(refs=["1.1", "8"])}, "The result is the best of statement 1.1 and 'Neglect'."),
    (Min(value={"good": 1}), {}, "The result is the worst of all statements, where Good counts 1."),
    (Order(pick="upper-median"), {}, "The result is the one in the middle of all statements, put in order; of two in the middle, the higher."),
    (Order(pick=Pick(k=1, from_="best")), {}, "The result is the best of all statements."),
    (Order(pick=Pick(k=3, from_="worst")), {},
     "The result is the third worst of all statements; if there are fewer than 3, nothing is left to score."),
    (Order(pick=Pick(k=12, from_="best")), {},
     "The result is the 12th best of all statements; if there are fewer than 12, nothing is left to score."),
    (Order(pick=Pick(quantile="4/5")), {},
     "The result is the one at the 80 % mark of all statements, put in order from the worst to the best (by nearest rank)."),
    (Mode(ties="worst"), {}, "The result is the most frequent of all statements; of several equally frequent, the worst."),
    (Bands(edges=["0", "1/2"], edge="exclusive", grades=["inadequate", "good"], labels=["1", "2+"]), {"of": "avg"},
     "The result follows from 'avg': Inadequate (printed '1') from 0 up to and including 0.5 and Good (printed '2+') above 0.5. A number "
     "exactly on an "
     "edge belongs to the band below it. Below 0 there is no band, and no result is given."),
    (Bands(edges=["1"], edge="inclusive", grades=["good"]), {"of": "avg"},
     "The result follows from 'avg': Good from 1 up. Below 1 there is no band, and no result is given."),
    (Cap(at="good"), {"of": "band", "when": LEADS}, "The result is 'band', but no better than Good when 'done' is yes."),
    (Cap(at="avg"), {"of": "score", "when": LEADS}, "The result is 'score', but no more than 'avg' when 'done' is yes."),
    (Floor(at="good"), {"of": "band", "when": Not(test=LEADS)}, "The result is 'band', but no worse than Good when it is not so that 'done' is yes."),
    (Floor(at="1/2"), {"of": "avg", "when": LEADS}, "The result is 'avg', but no less than 0.5 when 'done' is yes."),
    (If(then="good", else_=True), {"of": (), "when": LEADS}, "The result is Good when 'done' is yes, and yes otherwise."),
    (Table(rows=[Row(gives="not_applicable")]), {"of": ()},
     "The result is what the first of these rows that holds gives:\nRow 1: not applicable otherwise."),
    (Ladder(start=0, rungs=[Rung(when=LEADS, gives=1)]), {"of": ()},
     "The result is 0, or the highest of these rungs that holds together with all rungs before it:\nRung 1: 1 when 'done' is yes."),
    (Lookup(table={"inadequate": "not-met", "good": "met"}), {"of": "band"},
     "The result is read off from 'band': Inadequate becomes Not met and Good Met."),
    (ValueOf(value={"inadequate": 0, "good": 1}), {"of": "band"}, "The result is 'band' as a number, where Inadequate counts 0 and Good 1."),
    (ValueOf(value="points"), {"of": "band"}, "The result is 'band' as a number, counted by the points of its grade."),
    (Round(places=0, mode="half-up"), {"of": "avg"}, "The result is 'avg' rounded to a whole number; a half goes up."),
    (Round(places=1, mode="half-even"), {"of": "avg"}, "The result is 'avg' rounded to 1 decimal place; a half goes to the even digit."),
    (Round(places=2, mode="down"), {"of": "avg"}, "The result is 'avg' rounded to 2 decimal places; always down."),
    (Override(by=["moderator"]), {"of": "band"}, "The result is 'band', unless the moderator has confirmed another; both remain on record."),
    (Override(by=["moderator", "panel", "self"], needs="reason"), {"of": "band"},
     "The result is 'band', unless the moderator, the peer panel or the organisation itself has confirmed another and given a reason; both remain on "
     "record."),
]  # fmt: skip


@pytest.mark.parametrize(("op", "keys", "expected"), SAID)
def test_a_step_is_one_sentence(op: Any, keys: dict[str, Any], expected: str) -> None:
    """Every operator has a sentence, with every key that it was given."""
    assert said(op, **keys) == expected


def test_every_built_in_operator_has_wording_of_its_own() -> None:
    """No operator of the library falls back on its docstring, and every key of each is in the sentences above."""
    assert {type(op) for op, _, _ in SAID} == set(BUILT_IN.values())
    assert not [expected for _, _, expected in SAID if "is found by" in expected]
    given: dict[type, set[str]] = {cls: set() for cls in BUILT_IN.values()}
    for op, _, _ in SAID:
        given[type(op)] |= {field.name for field in attrs.fields(type(op)) if getattr(op, field.name) not in (None, (), 0) or field.name == "start"}
    aggregate_of_numbers = {Sum, Mean, Owa, Trimmed, MidMedian, Min, Max, Order, Mode}
    for cls, keys in given.items():
        wanted = {field.name for field in attrs.fields(cls)} - ({"value"} if cls in aggregate_of_numbers else {"ranges"} if cls is Bands else set())
        assert wanted <= keys, cls


@attrs.frozen(kw_only=True)
class Geometric:
    """The geometric mean of the values, which is worst where one is worst.

    More words that are not for the minutes.
    """

    name = "geometric-mean"
    compare: Comparison = GOOD
    bases: tuple[int, ...] = (1, 2)
    table: Any = attrs.field(factory=lambda: {"good": 2})
    unused: str | None = None


class Bare:
    def __init__(self) -> None:
        self.power = Fraction(1, 2)


def test_an_installed_operator_falls_back_on_its_docstring() -> None:
    """An operator that the library does not know is described by its own first line and its parameters."""
    assert said(Geometric()) == (
        "The result is found by 'geometric mean'. The geometric mean of the values, which is worst where one is worst. It looks at all statements. "
        "With compare Good or better, bases 1 and 2 and table Good is 2."
    )
    assert said(Bare()) == "The result is found by 'Bare'. It looks at all statements. With power 0.5."
    assert said(Bare(), of="avg") == "The result is found by 'Bare'. It looks at 'avg'. With power 0.5."


TESTS: list[tuple[Any, str]] = [
    (tagged("any", "limiting", "at_most", "inadequate"), "any statement marked 'limiting' is Inadequate"),
    (tagged("none", "limiting", "at_most", "requires-improvement"), "no statement marked 'limiting' is Requires improvement or worse"),
    (tagged("some", "key", "above", "good", k=1), "any statement marked 'key' is better than Good"),
    (tagged("some", "key", "is", "good", share=Fraction(4, 5)), "at least 80 % of all statements marked 'key' are Good"),
    (tagged("all", "key", "below", "target"), "every statement marked 'key' is below its target grade"),
    (tagged("all", "key", "is", True), "every statement marked 'key' is yes"),
    (AnswerTest(quantifier="none", selection=Selection(refs=["1.1"]), comparison=GOOD), "statement 1.1 is not Good or better"),
    (AnswerTest(quantifier="none", selection=Selection(refs=["1.1", "1.2"]), comparison=GOOD), "none of statements 1.1 and 1.2 is Good or better"),
    (AnswerTest(quantifier="all", selection=Selection(refs=["1.1", "1.2"]), comparison=GOOD), "each of statements 1.1 and 1.2 is Good or better"),
    (AnswerTest(quantifier="some", k=2, selection=Selection(refs=["1.1", "1.2", "8"]), comparison=GOOD),
     "at least 2 of statements 1.1 and 1.2 and 'Neglect' are Good or better"),
    (AnswerTest(quantifier="all", selection=ALL, comparison=grade("at_least", {"1.1": "good", "8": "met"})),
     "every statement is at or above the grade set for it (Good for statement 1.1 and Met for 'Neglect')"),
    (AnswerTest(quantifier="all", selection=Selection(standard="1", tag="key", refs=["1.1", "1.2"]), comparison=GOOD),
     "every statement marked 'key' under 'Leadership' among statements 1.1 and 1.2 is Good or better"),
    (AnswerTest(quantifier="all", selection=Selection(dimension=["implementation"], role=["panel", "self"]), comparison=GOOD),
     "every statement, as graded for Implementation by the peer panel and the organisation itself, is Good or better"),
    (AnswerTest(quantifier="any", selection=Selection(step="stream"), comparison=grade("below", Fraction(1, 3))),
     "any result of 'stream' is less than 1/3"),
    (StepTest(step="done"), "'done' is yes"),
    (StepTest(step="two-words", comparison=grade("above", Fraction(5, 2))), "'two words' is more than 2.5"),
    (StepTest(step="avg", comparison=grade("at_most", Fraction(3))), "'avg' is at most 3"),
    (PlanTest(plan="signed-off", selection=Selection(tag="key"), comparison=grade("below", "met"), empty=True),
     "an action whose status is 'Signed off' covers every statement marked 'key' that is below Met (or there is none)"),
    (Not(test=Both(tests=[StepTest(step="a"), Either(tests=[StepTest(step="b"), StepTest(step="c")])])),
     "it is not so that ('a' is yes and ('b' is yes or 'c' is yes))"),
]  # fmt: skip


@pytest.mark.parametrize(("test", "expected"), TESTS)
def test_a_test_is_a_clause(test: Any, expected: str) -> None:
    """Every kind of test can stand inside a sentence, with labels and titles in place of ids."""
    assert clause(test, FRAMEWORK) == expected


def test_groups_are_called_what_the_board_calls_them() -> None:
    """`each` names a level in the board's word, and what a group looks at is its own."""
    steps = [
        Step(id="practice", op=Mean(value="unit"), over=Selection(tag="key"), each="standard"),
        Step(id="kept", op=Cap(at="1/2"), of="practice", each="standard", when=tagged("any", "limiting", "at_most", "inadequate")),
        Step(id="best", op=Max(), of=["practice", "kept"], each="standard"),
        Step(id="total", op=Sum(), of="best"),
    ]
    rule = Rule(id="r", steps=steps)
    assert [sentence(step, rule, SOMERSET) for step in steps] == [
        "For each category, 'practice' is the average of all its standards marked 'key', each counted by its place on its own scale, from 0 for the "
        "worst grade to 1 for the best.",
        "For each category, 'kept' is its 'practice', but no more than 0.5 when any of its standards marked 'limiting' is Inadequate.",
        "For each category, 'best' is the best of its 'practice' and 'kept'.",
        "The result is the sum of all the results of 'best'.",
    ]


def test_weights_that_stand_in_the_framework_are_told_by_their_span() -> None:
    """A weight of each statement is in the framework; the page says between what numbers they lie."""
    one, two = FRAMEWORK.statements
    weighed = FRAMEWORK.with_items({
        "1.1": attrs.evolve(one, weights={"points": Fraction(1), "weight": Fraction(2)}),
        "1.2": attrs.evolve(two, weights={"points": Fraction(5), "weight": Fraction(2)}),
    })  # fmt: skip
    steps = [Step(id="last", op=Share(compare=GOOD, weight=weight), over=ALL) for weight in ("points", "weight")]
    assert [sentence(step, Rule(id="r", steps=[step]), weighed) for step in steps] == [
        "The result is the share of statements that are Good or better, each weighted by its own 'points' (1 to 5).",
        "The result is the share of statements that are Good or better, each with its own weight (2).",
    ]


def test_a_step_says_where_it_departs_from_the_rule() -> None:
    """Treatments, a result for nothing, a flag and a note of one step stand under its sentence."""
    step = Step(
        id="met",
        op=All(compare=GOOD),
        over=Selection(tag="commissioned"),
        na=NotApplicableRule(policy="as", grade="good"),
        unanswered=UnansweredRule(policy="worst"),
        empty=False,
        flag="commissioning is safe",
        note="See the guide.\nPage 4.",
    )
    assert sentence(step, Rule(id="r", steps=[step]), FRAMEWORK).splitlines() == [
        "The result is yes if every statement marked 'commissioned' is Good or better, and no otherwise.",
        "In this step: an answer of 'not applicable' counts as Good; blanks (statements without an answer) count as the worst grade; if "
        "nothing is "
        "left to score, it gives no.",
        "If so, it is flagged: Commissioning is safe.",
        "Note: See the guide. Page 4.",
    ]


def test_what_is_expected_and_not_proven_is_said_in_words() -> None:
    """Each verdict has its words, and an acceptance keeps all that was minuted."""
    rule = Rule(
        id="r",
        result="truth",
        steps=[Step(id="met", op=All(compare=GOOD), over=ALL)],
        expect={
            "na_neutral": Expectation(verdict="undecided"),
            "responsive": Expectation(verdict="not_refuted", reason="tried\nonly"),
            "house-law": Expectation(verdict="refuted", date=datetime.date(2026, 1, 2)),
        },
    )
    said = page(rule, FRAMEWORK)
    assert "\nThe result is yes or no.\n" in said
    assert said.split("\n\n")[-2].splitlines() == [
        "What the board expects of the rule:",
        "   Not settled (undecided): an answer that is not applicable counts as if it had not been asked.",
        "   No exception found, and not proven (not refuted): every statement can change the result. Reason:",
        "     Tried only.",
        "   Not always so (refuted): house law. The board accepted this (2 January 2026).",
    ]
