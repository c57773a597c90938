"""Random frameworks and rules by seed: small enough that every assessment can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import (
    ActionStatus,
    AnswerTest,
    Both,
    Comparison,
    Either,
    Framework,
    Grade,
    Not,
    NotApplicablePolicy,
    OrganisationTest,
    PlanPolicy,
    PlanTest,
    Scale,
    Selection,
    Standard,
    Statement,
    StepTest,
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
)

from .brute import STATE

WORDS = ("at_least", "above", "at_most", "below", "is")
SHAPES = [(1,), (2,), (3,), (4,), (1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 1, 1), (2, 1, 1)]
NUMBERS = [Fraction(0), Fraction(1), Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(5, 3)]


class Draw:
    """One random framework and rule."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.style = self.pick(["plain"] * 6 + ["plan", "kinds", "answers", "scales"])
        self.shape = self.pick([shape for shape in SHAPES if self.style != "plan" or sum(shape) <= 2])
        self.many = self.pick([2, 3, 3, 4] if sum(self.shape) < 4 else [2, 2, 3])
        self.refs = [f"{place}.{number}" for place, many in enumerate(self.shape, 1) for number in range(1, many + 1)]
        self.grades = [f"g{rank}" for rank in range(self.many)]
        self.steps: list[Step] = []
        self.kinds: dict[str, tuple[str, str | None]] = {}

    def pick(self, among: Any) -> Any:
        return self.random.choice(list(among))

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def some(self, among: Any) -> tuple[Any, ...]:
        chosen = [one for one in among if self.chance(0.6)]
        return tuple(chosen or [self.pick(among)])

    # the framework

    def framework(self) -> Framework:
        may = NotApplicablePolicy() if self.chance(0.85) else None
        main = Scale(id="main", not_applicable=may, grades=[Grade(id=id, label=id.upper()) for id in self.grades])
        extra = Scale(id="extra", not_applicable=may, grades=[Grade(id="no", label="No"), Grade(id="yes", label="Yes")])
        other = {ref for ref in self.refs[1:] if self.style == "scales" and self.chance(0.5)}

        def statement(ref: str) -> Statement:
            applies: Any = None
            if self.style == "kinds" and ref != self.refs[0] and self.chance(0.5):
                applies = OrganisationTest(kind=["health"])
            if self.style == "answers" and ref != self.refs[0] and self.chance(0.5):
                before = self.refs[: self.refs.index(ref)]
                applies = AnswerTest(
                    quantifier=self.pick(["any", "all", "none"]), selection=Selection(refs=self.some(before)), comparison=self.comparison()
                )
            return Statement(
                ref=ref, text="A statement", tags=[tag for tag in ("x", "y") if self.chance(0.5)], applies_when=applies,
                weights={"w": self.pick([0, 1, 1, 2, Fraction(1, 2)]), "v": self.pick([1, 1, 2])}, scale="extra" if ref in other else None,
                target=self.pick(["no", "yes"] if ref in other else self.grades), not_applicable=False if self.chance(0.15) else None,
            )  # fmt: skip

        standards = [
            Standard(ref=str(place), title="A standard", statements=[statement(f"{place}.{number}") for number in range(1, many + 1)])
            for place, many in enumerate(self.shape, 1)
        ]
        return Framework(
            id="our-board", edition="2026", title="Our audit", default_scale="main", scales=[main, extra], standards=standards,
            plan=PlanPolicy(status=[ActionStatus(id=STATE, label="Approved")]), kinds={"health": "Health", "school": "School"},
        )  # fmt: skip

    # parts of rules

    def comparison(self, kind: str = "answer") -> Comparison:
        if kind == "truth":
            return Comparison(operator="is", value=self.chance(0.7))
        if kind == "number":
            return Comparison(operator=self.pick(WORDS), value=Fraction(self.random.randint(0, 6), 2))
        value: Any = self.pick(self.grades)
        if kind == "answer" and self.steps is not None and self.chance(0.15):
            value = "target"
        elif kind == "answer" and self.chance(0.08):
            value = FrozenDict({ref: self.pick(self.grades) for ref in self.refs})
        return Comparison(operator=self.pick(["at_least", "at_least", "at_most", *WORDS]), value=value)

    def selection(self) -> Selection:
        way = self.pick(["all", "all", "tag", "refs", "standard"])
        if way == "tag":
            return Selection(tag=self.pick(["x", "y"]))
        if way == "refs":
            return Selection(refs=self.some(self.refs))
        return Selection(standard=str(self.random.randint(1, len(self.shape)))) if way == "standard" else ALL

    def test(self, each: str | None, deep: int = 2) -> Any:
        if deep and self.chance(0.25):
            way = self.pick([Both, Either, Not])
            return Not(test=self.test(each, deep - 1)) if way is Not else way(tests=[self.test(each, deep - 1) for _ in range(2)])
        here = [(id, kind) for id, (kind, level) in self.kinds.items() if level == each]
        inner = [(id, kind) for id, (kind, level) in self.kinds.items() if level is not None and each is None]
        if here and self.chance(0.35):
            id, kind = self.pick(here)
            return StepTest(step=id, comparison=None if kind == "truth" and self.chance(0.5) else self.comparison(kind))
        if self.style == "plan" and self.chance(0.4):
            return PlanTest(plan=STATE, selection=self.selection(), comparison=self.comparison(), empty=self.chance(0.3))
        quantifier = self.pick(["any", "all", "none", "some"])
        more: dict[str, Any] = {"empty": self.chance(0.3)}
        if quantifier == "some":
            more |= self.pick([{"k": 1}, {"k": 2}, {"share": Fraction(1, 2)}, {"share": Fraction(2, 3)}])
        if inner and self.chance(0.4):
            id, kind = self.pick(inner)
            return AnswerTest(quantifier=quantifier, selection=Selection(step=id), comparison=self.comparison(kind), **more)
        return AnswerTest(quantifier=quantifier, selection=self.selection(), comparison=self.comparison(), **more)

    def values(self) -> Any:
        if self.chance(0.15) or self.style == "scales":
            return "unit"
        values = [self.pick([-1, 0, 0, 1, 1, 2, 3, Fraction(1, 2)]) for _ in self.grades]
        way = self.random.random()
        return dict(zip(self.grades, sorted(values) if way < 0.6 else sorted(values, reverse=True) if way < 0.75 else values, strict=True))

    def weight(self) -> Any:
        way = self.pick(["", "", "", "w", "v", "refs", "grades"])
        if way == "refs":
            return {ref: self.pick(NUMBERS) for ref in self.refs}
        if way == "grades":
            return {grade: self.pick(NUMBERS[1:]) for grade in self.grades}
        return way or None

    def fold(self, items: str, weight: Any) -> tuple[Any, str]:
        """An operator for answers, or for results of a kind, and what it gives."""
        pick = self.pick
        hits = ["count", "share", "all", "any", "none", "some"]
        orders = ["min", "max", "order", "mode"]
        name = pick(hits if items == "truth" else [*hits, *orders, *orders, "sum", "sum", "mean", "mean", "mean", "owa", "trimmed", "mid-median"])
        compare = self.comparison(items)
        if items == "truth" and self.chance(0.3):
            compare = None  # type: ignore[assignment]
        if name in hits:
            return {
                "count": lambda: (Count(compare=compare), "number"),
                "share": lambda: (Share(compare=compare, weight=weight), "number"),
                "all": lambda: (All(compare=compare), "truth"),
                "any": lambda: (Any_(compare=compare), "truth"),
                "none": lambda: (None_(compare=compare), "truth"),
                "some": lambda: (Some(compare=compare, **pick([{"k": 1}, {"k": 2}, {"share": "1/2"}, {"share": "2/3"}])), "truth"),
            }[name]()  # type: ignore[no-any-return, no-untyped-call]
        graded = items in ("answer", "grade")
        if name in orders:
            value = {"value": self.values()} if graded and self.chance(0.2) else {}
            kind = "number" if value or items == "number" else "grade"
            picks = [
                "lower-median", "upper-median", Pick(k=1, from_="best"), Pick(k=2, from_="best"), Pick(k=2, from_="worst"), Pick(k=3, from_="worst"),
                Pick(quantile=Fraction(4, 5)), Pick(quantile=Fraction(1, 3)), Pick(quantile=Fraction(0)),
            ]  # fmt: skip
            ops = {"min": lambda: Min(**value), "max": lambda: Max(**value), "order": lambda: Order(pick=pick(picks), **value)}
            return (ops[name]() if name in ops else Mode(ties=pick(["worst", "best"]), **value)), kind  # type: ignore[no-untyped-call]
        value = {"value": self.values()} if graded else {}
        made: dict[str, Any] = {
            "sum": lambda: Sum(**value, weight=None if weight == "applicable" else weight, start=pick([0, 0, 0, 2, -1])),
            "mean": lambda: Mean(**value, weight=weight),
            "owa": lambda: Owa(**value, weights=pick([["1/2", "1/3", "1/6"], ["1/4", "3/4"], ["0", "1/2", "1/2"]])),
            "trimmed": lambda: Trimmed(**value, trim=pick(["1/4", "1/3", "2/5"])),
            "mid-median": lambda: MidMedian(**value),
        }
        return made[name](), "number"

    def constant(self, kind: str) -> Any:
        if self.chance(0.07):
            return self.pick(["not_scored", "not_applicable"])
        same = [id for id, (own, level) in self.kinds.items() if own == kind and level == self.level]
        if same and self.chance(0.35):
            return self.pick(same)
        return {"number": self.pick(NUMBERS), "truth": self.chance(0.5), "grade": self.pick(self.grades)}[kind]

    def judge(self, of: str, kind: str) -> tuple[dict[str, Any], str]:
        """A step that judges an earlier result, by its keys, and what it gives."""
        level, pick = self.level, self.pick
        ways = {"number": ["round", "bands", "bands", "bands", "cap", "floor"], "grade": ["cap", "cap", "floor", "lookup", "value"], "truth": []}[
            kind
        ]
        way = pick([*ways, "if", "if", "table", "ladder"])
        if way == "round":
            return {"of": of, "op": Round(places=pick([0, 0, 1]), mode=pick(["half-up", "half-even", "down", "up"]))}, "number"
        if way == "bands":
            edges = sorted(self.random.sample([Fraction(place, 4) for place in range(1, 12)], self.many - 1))
            grades = list(self.grades)
            if self.chance(0.2):
                self.random.shuffle(grades)
            least = pick([Fraction(-9), Fraction(0), Fraction(0), Fraction(1, 4)])
            return {
                "of": of,
                "op": Bands(edges=[min(least, edges[0] - Fraction(1, 8)), *edges], edge=pick(["inclusive", "exclusive"]), grades=grades),
            }, "grade"
        if way in ("cap", "floor"):
            return {"of": of, "op": (Cap if way == "cap" else Floor)(at=self.constant(kind)), "when": self.test(level)}, kind
        if way == "lookup":
            ranks = [pick(self.grades) for _ in self.grades]
            ordered = sorted(ranks) if self.chance(0.5) else ranks
            return {"of": of, "op": Lookup(table=dict(zip(self.grades, ordered, strict=True)))}, "grade"
        if way == "value":
            values = self.values()
            exact = values if isinstance(values, str) else FrozenDict({grade: Fraction(number) for grade, number in values.items()})
            return {"of": of, "op": ValueOf(value=exact)}, "number"
        gives = pick(["grade", "number", "truth", kind, kind])
        if way == "if":
            return {"op": If(then=self.constant(gives), else_=self.last(of, kind, gives)), "when": self.test(level)}, gives
        tests = [self.test(level) for _ in range(pick([1, 2]))]
        if way == "table":
            rows = [Row(when=test, gives=self.constant(gives)) for test in tests]
            return {"op": Table(rows=[*rows, Row(gives=self.last(of, kind, gives))])}, gives
        return {"op": Ladder(start=self.last(of, kind, gives), rungs=[Rung(when=test, gives=self.constant(gives)) for test in tests])}, gives

    def last(self, of: str, kind: str, gives: str) -> Any:
        """The step before, where it is of that kind, or a constant that is certainly there."""
        if kind == gives and self.chance(0.6):
            return of
        return {"number": self.pick(NUMBERS), "truth": self.chance(0.5), "grade": self.pick(self.grades)}[gives]

    # policies

    def na(self) -> NotApplicableRule | None:
        way: Any = self.pick(
            [None, None, {"policy": "exclude"}, {"policy": "worst"}, {"policy": "as", "grade": "target"}, {"policy": "refuse"},
             {"max_share": self.pick(["1/5", "1/3", "1/2"])}, {"policy": "as", "grade": self.pick(self.grades)},
             {"policy": "worst", "max_share": "1/2"}]
        )  # fmt: skip
        return None if way is None else NotApplicableRule(**way, needs_reason=self.chance(0.3))

    def unanswered(self) -> UnansweredRule | None:
        way: Any = self.pick(
            [None, None, {"policy": "exclude"}, {"policy": "worst"}, {"policy": "worst"}, {"policy": "refuse"}, {"policy": "range"},
             {"policy": "range"},
             {"min_answered": self.pick(["1/2", "2/3"])}, {"prorate": True}, {"prorate": True, "min_answered": "1/2"},
             {"policy": "worst", "min_answered": "1/2"}]
        )  # fmt: skip
        return None if way is None else UnansweredRule(**way)

    def empty(self, kind: str) -> Any:
        if self.chance(0.7):
            return None
        fixed = {"number": self.pick(NUMBERS), "truth": self.chance(0.5), "grade": self.pick(self.grades)}[kind]
        return self.pick(["not_scored", "not_applicable", fixed])

    def policies(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self.chance(0.12):
            out["na"] = self.na()
        if self.chance(0.08):
            out["unanswered"] = self.unanswered()
        return out

    # rules

    def add(self, id: str, kind: str, **keys: Any) -> None:
        self.steps.append(Step(id=id, each=self.level, **keys))
        self.kinds[id] = kind, self.level

    def answers(self, id: str) -> None:
        """A step that folds answers."""
        op, kind = self.fold("answer", self.weight())
        exceptions = []
        if self.chance(0.2):
            ways = [{"leave_out": True}, {"weight": 2}, {"weight": 0}, {"value": self.values()}, {"na": NotApplicableRule(policy="worst")}]
            way: Any = self.pick([*ways, {"na": NotApplicableRule(policy="refuse")}, {"na": NotApplicableRule(needs_reason=True)}])
            if way.get("value") != "unit":
                where: Any = {"refs": [self.pick(self.refs)]} if self.chance(0.7) else {"tag": "x"}
                exceptions = [Exemption(reason="As published", **where, **way)]
        self.add(id, kind, over=self.selection(), op=op, except_=exceptions, empty=self.empty(kind), **self.policies())

    def judged(self, id: str) -> None:
        before = self.steps[-1].id
        keys, kind = self.judge(before, self.kinds[before][0])
        self.add(id, kind, **keys, **(self.policies() if "when" in keys or hasattr(keys["op"], "rows") else {}))

    def rule(self) -> Rule:
        self.level: str | None = "standard" if self.chance(0.4) else "statement" if self.chance(0.05) else None
        grouped = self.level is not None
        self.answers("one")
        if not grouped and self.chance(0.25):
            self.answers("two")
        if grouped and self.chance(0.15):
            self.answers("other")
        for place in range(self.pick([0, 0, 1, 1, 2])):
            self.judged(f"judged-{place}")
        if grouped:
            last = self.steps[-1].id
            kind, level = self.kinds[last]
            self.level = None
            chain = all(isinstance(step.op, FOLDS) or step.of for step in self.steps)
            weight: Any = self.pick(
                [None, None, "applicable" if chain else None, {str(place): self.pick(NUMBERS) for place in range(1, len(self.shape) + 1)}]
            )
            if level == "statement":
                weight = None
            op, folded = self.fold(kind, weight)
            self.add("together", folded, of=last, op=op, empty=self.empty(folded), **self.policies())
        elif len(self.steps) > 1 and self.chance(0.3):
            first, second = self.pick(self.steps), self.steps[-1]
            kinds = {self.kinds[step.id][0] for step in (first, second)}
            if first is not second and len(kinds) == 1:
                op, folded = self.fold(kinds.pop(), None)
                self.add("both", folded, of=[first.id, second.id], op=op, empty=self.empty(folded), **self.policies())
        for place in range(self.pick([0, 0, 1, 1, 2])):
            self.judged(f"final-{place}")
        kind = self.kinds[self.steps[-1].id][0]
        return Rule(
            id="drawn", steps=self.steps, na=self.na(), unanswered=self.unanswered(), empty=self.pick(["not_scored", "not_scored", "not_applicable"]),
            better=self.pick(["higher", "higher", "lower"]) if kind == "number" else "higher",
        )  # fmt: skip


FOLDS = (Count, Share, Sum, Mean, Min, Max, Order, Owa, Trimmed, MidMedian, All, Any_, None_, Some, Mode)


def case(seed: int) -> tuple[Draw, BoundRule] | None:
    """The framework and rule of a seed; `None` if the two do not fit."""
    draw = Draw(seed)
    framework = draw.framework()
    rule = attrs.evolve(draw.rule())
    bound = framework.with_rule(rule).rules[rule.id]
    return None if any(problem.severity == "error" for problem in bound.problems) else (draw, bound)


def cases(seeds: range) -> Iterator[tuple[int, Draw, BoundRule]]:
    """What can be drawn from some seeds."""
    for seed in seeds:
        found = case(seed)
        if found is not None:
            yield seed, *found
