"""The combinators and their laws, as a table: for every operator, with every side condition both ways, what the laws come to."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs

from s11kit.model import AnswerTest, Both, Comparison, Framework, Grade, Not, NotApplicablePolicy, Scale, Selection, Standard, Statement, StepTest
from s11kit.rules import (
    ALL,
    All,
    Any_,
    Bands,
    Cap,
    Count,
    Floor,
    If,
    Lookup,
    Max,
    Mean,
    MidMedian,
    Min,
    Mode,
    NotApplicableRule,
    Order,
    Owa,
    Pick,
    Round,
    Rule,
    Share,
    Some,
    Step,
    Sum,
    Trimmed,
    UnansweredRule,
    ValueOf,
)

GRADES = ("g0", "g1", "g2", "g3")
LAWS = {
    "S2": "monotone", "S3": "bounded", "S4": "unanimous", "S5": "anonymous", "S6": "na_neutral", "S7": "na_safe", "S8": "unanswered_never_improves",
    "S12": "decomposable", "S14": "ordinal",
}  # fmt: skip
RANKS = {grade: Fraction(rank) for rank, grade in enumerate(GRADES)}
FALLING = {grade: Fraction(3 - rank) for rank, grade in enumerate(GRADES)}
SHIFTED = {grade: Fraction(rank - 1) for rank, grade in enumerate(GRADES)}
BY_GRADE = {"g0": Fraction(1), "g1": Fraction(1), "g2": Fraction(20), "g3": Fraction(1)}
MET = Comparison(operator="at_least", value="g2")
EDGES: dict[str, Any] = {"edges": ["0", "1/2", "3/2", "5/2"], "edge": "inclusive", "grades": GRADES}


def framework(*shape: int, weights: tuple[int, ...] = (), tags: tuple[str, ...] = ()) -> Framework:
    """Standards with so many statements each, on four grades and not applicable."""
    scale = Scale(id="main", not_applicable=NotApplicablePolicy(), grades=[Grade(id=id, label=id.upper()) for id in GRADES])
    refs = [f"{place}.{number}" for place, many in enumerate(shape, 1) for number in range(1, many + 1)]

    def statement(ref: str) -> Statement:
        weight = weights[refs.index(ref)] if weights else 1
        return Statement(ref=ref, text="A statement", weights={"w": Fraction(weight)}, tags=["limiting"] if ref in tags else [])

    standards = [
        Standard(ref=str(place), title="A standard", statements=[statement(ref) for ref in refs if ref.startswith(f"{place}.")])
        for place in range(1, len(shape) + 1)
    ]
    return Framework(id="our-board", edition="2026", title="Our audit", default_scale="main", scales=[scale], standards=standards)


@attrs.frozen
class Row:
    """One rule, and what its laws come to: `+` proven, `-` refuted, `.` does not apply, `?` undecided, by law."""

    name: str
    steps: tuple[Step, ...]
    expected: dict[str, str]
    shape: tuple[int, ...] = (2, 2)
    weights: tuple[int, ...] = ()
    tags: tuple[str, ...] = ("1.1",)
    more: dict[str, Any] = attrs.field(factory=dict)

    @property
    def rule(self) -> Rule:
        return Rule(id="row", steps=self.steps, **self.more)


def row(name: str, expected: str, *steps: Any, **more: Any) -> Row:
    """`expected` holds a sign for every law, in their order; a blank says nothing."""
    shape, weights, tags = more.pop("shape", (2, 2)), more.pop("weights", ()), more.pop("tags", ("1.1",))
    made = [Step(id="one", over=ALL, op=steps[0]) if not isinstance(steps[0], Step) else steps[0], *steps[1:]]
    signs = {law: sign for law, sign in zip(LAWS.values(), expected, strict=True) if sign != " "}
    return Row(name, tuple(made), signs, shape, weights, tags, more)


def limiting(word: str, operator: Any = "at_most", value: str = "g0") -> AnswerTest:
    return AnswerTest(quantifier=word, selection=Selection(tag="limiting"), comparison=Comparison(operator=operator, value=value))  # type: ignore[arg-type]


LOWER = Order(pick="lower-median")
ZIGZAG = {"g0": 0, "g1": 2, "g2": 1, "g3": 1}


def whole(quantifier: Any, operator: Any = "at_most", value: str = "g0", **more: Any) -> AnswerTest:
    """A test over all statements."""
    return AnswerTest(quantifier=quantifier, selection=ALL, comparison=Comparison(operator=operator, value=value), **more)


GATE = Both(tests=[StepTest(step="band", comparison=Comparison(operator="is", value="g3")), whole("any", "below", "g2")])
ONE = Both(tests=[whole("any"), Not(test=whole("some", k=2))])
WORST, RANGE, REFUSE = UnansweredRule(policy="worst"), UnansweredRule(policy="range"), UnansweredRule(policy="refuse")
SUM_BAND = {"edges": ["-9", "3", "6", "9"], "edge": "inclusive", "grades": GRADES}


def band(of: str = "one", **keys: Any) -> Step:
    return Step(id="band", of=of, op=Bands(**(keys or EDGES)))


ROWS = [
    #            S2 3 4 5 6 7 8 12 14
    row("C2 count", "++.++++++", Count(compare=MET)),
    row("C3 share", "++.++--  ", Share(compare=MET)),
    row("C3 share, sections unweighted (c)", "       -+", Share(compare=MET), shape=(1, 3)),
    row(
        "C3 share, sections by what applies (c)",
        "++.++--++",
        Step(id="part", over=ALL, each="standard", op=Share(compare=MET), empty="not_applicable"),
        Step(id="all", of="part", op=Mean(weight="applicable")),
        shape=(1, 3),
    ),
    row("C4 sum", "++.+++++-", Sum(value=RANKS)),
    row("C4 sum, falling (a)", "-+.+++++-", Sum(value=FALLING)),
    row("C4 sum, below zero (e)", "++.++--+-", Sum(value=SHIFTED)),
    row("C4 sum, grade-dependent weights (a)", "++.++++  ", Sum(value=RANKS, weight={"g0": 1, "g1": 1, "g2": 1, "g3": 1})),
    row("C5 mean", "+++++---" + "-", Mean(value=RANKS), shape=(1, 3)),
    row("C5 mean, falling (a)", "-++++-- -", Mean(value=FALLING)),
    row("C5 mean, grade-dependent weights (a)", "-++++-- -", Mean(value=RANKS, weight=BY_GRADE)),
    row("C5 mean, unequal weights (d)", "+++++-- -", Mean(value=RANKS, weight="w"), weights=(1, 2, 1, 3)),
    row(
        "C5 mean, sections by what applies (c)",
        "+++++--+-",
        Step(id="part", over=ALL, each="standard", op=Mean(value=RANKS), empty="not_applicable"),
        Step(id="all", of="part", op=Mean(weight="applicable")),
        shape=(1, 3),
    ),
    row("C6 min", "+++++--++", Min()),
    row("C7 max", "+++++++++", Max()),
    row("C8 order, lower median", "+++++--" + "-+", LOWER, shape=(1, 3)),
    row("C8 order, upper median", "+++++--" + "-+", Order(pick="upper-median"), shape=(1, 3)),
    row("C8 order, quantile", "+++++--  ", Order(pick=Pick(quantile=Fraction(4, 5))), shape=(5,)),
    row("C8 order, second from the worst", "+++++--" + "-+", Order(pick=Pick(k=2, from_="worst"))),
    row("C8 order, second from the best", "+++++++-+", Order(pick=Pick(k=2, from_="best"))),
    row("C9 owa", "+++++---" + "-", Owa(value=RANKS, weights=["1/2", "1/3", "1/6"])),
    row("C9 trimmed", "+++++---" + "-", Trimmed(value=RANKS, trim="1/4"), shape=(1, 3)),
    row("C9 mid-median", "+++++---" + "-", MidMedian(value=RANKS), shape=(1, 3)),
    row("C10 bands of a mean", "+++++---" + "-", Mean(value=RANKS), band()),
    row("C10 bands that fall (f)", "-+-++   -", Mean(value=RANKS), band(**{**EDGES, "grades": GRADES[::-1]})),
    row("C10 bands of a falling mean (f)", "-+-++   -", Mean(value=FALLING), band()),
    row("C10 bands of a sum: as the argument", "+++++++--", Sum(value=RANKS), band(**SUM_BAND)),
    row(
        "C10 bands of a count: ordinal as the argument",
        "++-++++.+",
        Count(compare=MET),
        band(edges=["0", "1", "2", "3"], edge="inclusive", grades=GRADES),
    ),
    row("C11 all", "++.++--++", All(compare=MET)),
    row("C12 any", "++.++++++", Any_(compare=MET)),
    row("C12 some k", "++.++++-+", Some(compare=MET, k=2)),
    row("C13 cap, the test antitone (g)", "+++-+--  ", LOWER, Step(id="cap", of="one", op=Cap(at="g1"), when=limiting("any"))),
    row("C13 cap, the test monotone (g)", "-+- +--  ", LOWER, Step(id="cap", of="one", op=Cap(at="g1"), when=limiting("any", "at_least", "g2"))),
    row("C13 cap of a safe argument, N/A hides the trigger (m)", "+++ +--  ", Max(), Step(id="cap", of="one", op=Cap(at="g1"), when=limiting("any"))),
    row(
        "C13 cap of a safe argument, N/A triggers it (m)",
        "+++ -+   ",
        Max(),
        Step(id="cap", of="one", op=Cap(at="g1"), when=limiting("any"), na=NotApplicableRule(policy="worst"), unanswered=WORST),
    ),
    row(
        "C13 floor, the test monotone (g)", "+++ +--  ", LOWER, Step(id="floor", of="one", op=Floor(at="g1"), when=limiting("all", "at_least", "g2"))
    ),
    row("C13 floor, the test antitone (g)", "-+- +--  ", LOWER, Step(id="floor", of="one", op=Floor(at="g1"), when=limiting("any"))),
    row("C13 cap, sections", "       -+", LOWER, Step(id="cap", of="one", op=Cap(at="g1"), when=limiting("any")), shape=(1, 3)),
    row(
        "C14 if, antitone and worse first (i)",
        "++-  -- +",
        LOWER,
        Step(id="if", op=If(then="g0", else_="one"), when=limiting("any", "at_most", "g1")),
    ),
    row(
        "C14 if, antitone and better first (i)",
        "-+-  --  ",
        LOWER,
        Step(id="if", op=If(then="g3", else_="one"), when=limiting("any", "at_most", "g1")),
    ),
    row(
        "C15 lookup that rises (E)",
        "++-++--  ",
        LOWER,
        Step(id="look", of="one", op=Lookup(table=dict(zip(GRADES, ("g0", "g0", "g2", "g2"), strict=True)))),
    ),
    row("C15 lookup that falls (E)", "-+-++    ", LOWER, Step(id="look", of="one", op=Lookup(table=dict(zip(GRADES, GRADES[::-1], strict=True))))),
    row("C15 lookup that keeps (E)", "+++++--  ", LOWER, Step(id="look", of="one", op=Lookup(table=dict(zip(GRADES, GRADES, strict=True))))),
    row("C1 value of a grade, rising (a)", "++ ++--  ", LOWER, Step(id="value", of="one", op=ValueOf(value="unit"))),
    *(
        row(f"C16 round {mode}", "+++++---" + "-", Mean(value=RANKS), Step(id="round", of="one", op=Round(places=0, mode=mode)))  # type: ignore[arg-type]
        for mode in ("half-up", "half-even", "down", "up")
    ),
    row("C16 round, values that rounding moves (k)", "++-++-- -", Mean(value="unit"), Step(id="round", of="one", op=Round(places=0, mode="half-up"))),
    row("C16 round of a sum: as the argument", "++.+++++-", Sum(value=RANKS), Step(id="round", of="one", op=Round(places=0, mode="half-up"))),
    row("mode (note 3)", "-+ ++--  ", Mode(ties="worst")),
    row("C17 unanswered worst, monotone (n)", "+++++-+  ", Mean(value=RANKS), unanswered=WORST),
    row("C17 unanswered worst, not monotone (n)", "-++++--  ", Mean(value=FALLING), unanswered=WORST),
    row("C17 unanswered range", "+++++-+  ", Mean(value=RANKS), unanswered=RANGE),
    row("C17 unanswered refuse", "+++++-+  ", Mean(value=RANKS), unanswered=REFUSE),
    row("C18 N/A worst", "++++-+   ", Mean(value=RANKS), na=NotApplicableRule(policy="worst")),
    row("C18 N/A worst, not monotone (n)", "-+++--   ", Mean(value=FALLING), na=NotApplicableRule(policy="worst")),
    row("C18 N/A as a grade above the worst", "++++--   ", Mean(value=RANKS), na=NotApplicableRule(policy="as", grade="g1")),
    row("C18 N/A refuse", "++++-+   ", Mean(value=RANKS), na=NotApplicableRule(policy="refuse")),
    row("C18 N/A at most half", "++++--   ", Mean(value=RANKS), na=NotApplicableRule(max_share="1/2")),
    # notes and acceptance tests
    row("results 0, 2, 1: S8 under worst without S2 (n)", "-     +  ", Mean(value=ZIGZAG), unanswered=WORST, shape=(1,)),
    row("an average, rounded, then gated (T2)", "-        ", Mean(value=RANKS), band(), Step(id="gate", op=If(then="g1", else_="band"), when=GATE)),
    row(
        "the same at three statements (T2)",
        "+        ",
        Mean(value=RANKS),
        band(),
        Step(id="gate", op=If(then="g1", else_="band"), when=GATE),
        shape=(3,),
    ),
    row("the gate caps instead (T2)", "+        ", Mean(value=RANKS), band(), Step(id="gate", of="band", op=Cap(at="g2"), when=GATE)),
    row("any Inadequate caps (T2)", "++       ", Mean(value=RANKS), band(), Step(id="cap", of="band", op=Cap(at="g1"), when=whole("any"))),
    row("exactly one Inadequate caps (T2)", "-        ", Mean(value=RANKS), band(), Step(id="cap", of="band", op=Cap(at="g1"), when=ONE)),
    row(
        "exactly one Inadequate caps, three statements (T2)",
        "+        ",
        Mean(value=RANKS),
        band(),
        Step(id="cap", of="band", op=Cap(at="g1"), when=ONE),
        shape=(3,),
    ),
]
