"""Random frameworks' worth of rules and answers, by seed: what the laws of derivations are tried on."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import attrs

from s11kit.model import (
    ActionStatus,
    AnswerTest,
    Assessment,
    Both,
    Comparison,
    Dimension,
    Either,
    Framework,
    Grade,
    Not,
    Organisation,
    PlanPolicy,
    PlanTest,
    Role,
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
)
from s11kit.rules.binding import BoundRule

FOUR = ("inadequate", "requires-improvement", "good", "outstanding")
LEVELS = ("low", "middle", "high")
RANK = {"statement": 0, "stream": 1, "practice": 2, "organisation": 3, None: 4}


CONDITION = AnswerTest(quantifier="any", selection=Selection(refs=["1.1.1"]), comparison=Comparison(operator="at_least", value="good"))


def scale(id: str, grades: tuple[str, ...]) -> Scale:
    return Scale(
        id=id, grades=[Grade(id=grade, label=grade.replace("-", " ").capitalize(), points=Fraction(7 * place)) for place, grade in enumerate(grades)]
    )


def statement(ref: str, random: Random, **more: Any) -> Statement:
    tags = [tag for tag in ("limiting", "key") if random.random() < 0.4]
    weights = {"weight": random.choice((Fraction(1), Fraction(2), Fraction(1, 3), Fraction(5, 2)))}
    return Statement(ref=ref, text=f"Statement {ref}.", tags=tags, weights=weights, target=random.choice(FOUR), **more)


def framework(random: Random) -> Framework:
    practices = []
    for p in range(1, 3):
        streams = []
        for s in range(1, random.randint(2, 3)):
            inner = []
            for n in range(1, random.randint(2, 4)):
                later = p > 1 or s > 1 or n > 1
                only = {"applies_when": CONDITION} if later and random.random() < 0.1 else {}
                inner.append(statement(f"{p}.{s}.{n}", random, **only))
            streams.append(Standard(ref=f"{p}.{s}", title="Stream", statements=inner))
        practices.append(Standard(ref=str(p), title="Practice", standards=streams))
    return Framework(
        id="random",
        edition="2026",
        title="Random",
        labels={"standard": ("practice", "stream")},
        default_scale="four",
        scales=[scale("four", FOUR), scale("levels", LEVELS)],
        dimensions=[Dimension(id="paper", label="Paper"), Dimension(id="practice", label="Practice")],
        roles=[Role(id="moderator", label="Moderator")],
        plan=PlanPolicy(status=[ActionStatus(id="open", label="Open"), ActionStatus(id="approved", label="Approved")]),
        standards=practices,
    )


def assessment(framework: Framework, random: Random, name: str = "Fenside", *, blanks: float = 0.15, na: float = 0.15) -> Assessment:
    made = Assessment(framework=framework, organisation=Organisation(name=name))
    for item in framework.answerable:
        for dimension in (None, "paper", "practice"):
            dice = random.random()
            if dice < blanks:
                continue
            if dice < blanks + na:
                made = made.with_not_applicable(item.ref, random.choice((None, "Nothing of the kind")), dimension=dimension)
            else:
                made = made.with_grade(item.ref, random.choice(FOUR), dimension=dimension)
        if random.random() < 0.3:
            made = made.with_action(item.ref, {"status": random.choice(("open", "approved"))})
    return made


class Maker:
    """Rules put together at random; those that do not fit are thrown away by whoever asks."""

    def __init__(self, random: Random, framework: Framework, *, across: bool = False, unanswered: str | None = None, judging: bool = False) -> None:
        self.random, self.framework, self.across, self.ways, self.judging = random, framework, across, unanswered, judging
        self.steps: list[Step] = []
        self.kinds: dict[str, str] = {}

    def rule(self) -> Rule:
        random = self.random
        for place in range(0 if self.judging else random.randint(1, 6)):
            self.add(place, last=False)
        self.add(len(self.steps), last=True)
        for _ in range(random.choice((3, 4, 5)) if self.judging else random.choice((0, 1, 2, 3))):
            self.judge(len(self.steps), None)
        empty = random.choice(("not_scored", "not_scored", "not_applicable"))
        over: Any = "assessments" if self.across else "statements"
        return Rule(id="overall", na=self.na(), unanswered=self.unanswered(), empty=empty, steps=self.steps, over=over)

    def na(self) -> NotApplicableRule:
        if self.judging:
            return NotApplicableRule()
        random, policy = self.random, self.random.choice(("exclude", "exclude", "exclude", "worst", "worst", "as", "refuse"))
        grade = random.choice(("target", "good")) if policy == "as" else None
        share = random.choice((None, None, None, "1/3"))
        coupled = ("paper", "practice") if random.random() < 0.15 else ()
        return NotApplicableRule(policy=policy, grade=grade, max_share=share, needs_reason=random.random() < 0.3, coupled=coupled)

    def unanswered(self) -> UnansweredRule:
        if self.judging:
            return UnansweredRule(policy="worst")
        random = self.random
        policy: Any = self.ways or random.choice(("exclude", "exclude", "exclude", "worst", "worst", "refuse"))
        least = random.choice((None, None, "1/2", "3/4")) if policy in ("exclude", "range") else None
        return UnansweredRule(policy=policy, min_answered=least, prorate=policy == "exclude" and random.random() < 0.3)

    def level(self, last: bool) -> str | None:
        return None if last else self.random.choice((None, None, "stream", "practice", "statement", *(["organisation"] if self.across else [])))

    def selection(self) -> Selection:
        random = self.random
        return random.choice((
            ALL, ALL, Selection(tag="limiting"), Selection(tag="key"), Selection(standard="1"), Selection(refs=["1.1.1", "2.1.1"]),
            Selection(dimension=["paper"]), Selection(dimension=["paper", "practice"]), Selection(role=["self", "moderator"]),
        ))  # fmt: skip

    def compare(self, kind: str) -> Comparison | None:
        random = self.random
        if kind == "truth":
            return None
        operator: Any = random.choice(("at_least", "above", "at_most", "below", "is"))
        if kind == "number":
            return Comparison(operator=operator, value=Fraction(random.randint(0, 12), 4))
        return Comparison(operator=operator, value=random.choice((*FOUR, "target")) if kind == "four" else random.choice(LEVELS))

    def value(self, kind: str) -> Any:
        table = {grade: self.random.choice((place, place, place * place, -place)) for place, grade in enumerate(FOUR)}
        return self.random.choice(("unit", "points", table)) if kind == "four" else "unit" if kind == "levels" else None

    def fold(self, kind: str, of: tuple[str, ...] = ()) -> Any:
        random, value = self.random, self.value(kind)
        by_grade = {grade: place + 1 for place, grade in enumerate(FOUR)}
        weight = random.choice((None, "applicable")) if of else random.choice((None, "weight", by_grade))
        compare = self.compare(kind)
        some: dict[str, Any] = random.choice(({"k": 2}, {"share": "2/3"}))
        hits = [Count(compare=compare), Share(compare=compare, weight=weight), All(compare=compare), Any_(compare=compare), None_(compare=compare)]
        hits.append(Some(compare=compare, **some))
        if kind == "truth":
            return random.choice(hits)
        show = random.choice((None, "maximum"))
        numbers = [
            Sum(value=value, weight=weight, start=random.choice((0, 0, 110)), show=show),
            Mean(value=value, weight=weight), Mean(value=value, weight=weight),
            Owa(value=value, weights=["1/2", "1/3", "1/6"]), Trimmed(value=value, trim="1/4"), MidMedian(value=value),
        ]  # fmt: skip
        picks = random.choice(("lower-median", "upper-median", Pick(k=2, from_="best"), Pick(quantile="4/5")))
        own = random.choice((None, value))
        orders = [Min(value=own), Max(value=own), Order(value=own, pick=picks), Mode(value=own, ties=random.choice(("worst", "best")))]
        return random.choice((random.choice(hits), random.choice(numbers), random.choice(numbers), random.choice(orders)))

    def exceptions(self) -> tuple[Exemption, ...]:
        if self.random.random() < 0.7:
            return ()
        table = {grade: 10 + place for place, grade in enumerate(FOUR)}
        na = NotApplicableRule(policy=self.random.choice(("worst", "refuse")))
        how: dict[str, Any] = self.random.choice(({"leave_out": True}, {"leave_out": True}, {"value": table}, {"weight": 3}, {"na": na}))
        return (Exemption(**self.random.choice(({"refs": ["1.1.1"]}, {"tag": "key"})), reason="the published workbook does", **how),)

    def add(self, place: int, *, last: bool) -> None:
        random, level = self.random, self.level(last)
        inner = [step for step in self.steps if RANK[step.each] < RANK[level]]
        beside = [step for step in self.steps if step.each == level]
        if beside and not last and random.random() < 0.4:
            self.judge(place, level)
            return
        fixed: dict[str, Any] = {"id": f"s{place}", "each": level, "empty": random.choice((None, None, None, "not_applicable"))}
        fixed["flag"] = random.choice((None, "concern"))
        if self.judging:
            op = random.choice((Max(), Order(pick="lower-median"), Mean(value=dict(zip(FOUR, range(4), strict=True)))))
            self.keep(Step(op=op, over=ALL, na=NotApplicableRule(), unanswered=UnansweredRule(), **fixed), "four")
            return
        if inner and random.random() < 0.8:
            of = random.choice(inner)
            self.keep(Step(op=self.fold(self.kinds[of.id], (of.id,)), of=of.id, **fixed), self.kinds[of.id])
        elif len(beside) > 1 and random.random() < 0.4:
            one, two = random.sample(beside, 2)
            self.keep(Step(op=self.fold(self.kinds[one.id], (one.id,)), of=[one.id, two.id], **fixed), self.kinds[one.id])
        else:
            fixed["na"] = random.choice((None, None, self.na()))
            self.keep(Step(op=self.fold("four"), over=self.selection(), except_=self.exceptions(), **fixed), "four")

    def keep(self, step: Step, items: str) -> None:
        self.steps.append(step)
        name, value = step.op.name, getattr(step.op, "value", None)
        truths, ordered = ("all", "any", "none", "some"), ("min", "max", "order", "mode")
        self.kinds[step.id] = "truth" if name in truths else items if name in ordered and value is None else "number"

    def test(self, level: str | None, depth: int = 0) -> Any:
        random = self.random
        if depth < 2 and random.random() < 0.3:
            inner = [self.test(level, depth + 1), self.test(level, depth + 1)]
            return random.choice((Both(tests=inner), Either(tests=inner), Not(test=inner[0])))
        beside = [step for step in self.steps if step.each == level]
        groups = [step for step in self.steps if RANK[step.each] < RANK[level]]
        dice = random.random()
        if dice < 0.25 and beside:
            step = random.choice(beside)
            return StepTest(step=step.id, comparison=self.compare(self.kinds[step.id]))
        if dice < 0.4 and groups:
            step = random.choice(groups)
            found = self.compare(self.kinds[step.id]) or Comparison(operator="is", value=True)
            return AnswerTest(quantifier=random.choice(("any", "all", "none", "some")), selection=Selection(step=step.id), comparison=found)
        compare = self.compare("four")
        assert compare is not None
        if dice < 0.5:
            return PlanTest(plan="approved", selection=self.selection(), comparison=compare)
        quantifier: Any = random.choice(("any", "all", "none", "some"))
        return AnswerTest(quantifier=quantifier, selection=self.selection(), comparison=compare, empty=random.random() < 0.3)

    def judge(self, place: int, level: str | None) -> None:
        random = self.random
        beside = [step for step in self.steps if step.each == level]
        of = beside[-1] if random.random() < 0.6 else random.choice(beside)
        kind = self.kinds[of.id]
        fixed: dict[str, Any] = {"id": f"s{place}", "each": level}
        choices: list[tuple[Any, dict[str, Any], str]] = []
        when = {"when": self.test(level), "flag": random.choice((None, "concern"))}
        if kind == "number":
            at = random.choice((1, "3/2", random.choice([step.id for step in beside if self.kinds[step.id] == "number"])))
            edges = random.choice((("-99", "1/3", "3/2", "50"), ("0", "1", "2", "3")))
            choices += [(Bands(edges=edges, edge=random.choice(("inclusive", "exclusive")), grades=FOUR), {"of": of.id}, "four")] * 3
            choices += [(Cap(at=at), {"of": of.id, **when}, "number"), (Floor(at=at), {"of": of.id, **when}, "number")]
            choices += [(Round(places=random.randint(0, 1), mode=random.choice(("half-up", "down"))), {"of": of.id}, "number")]
        elif kind != "truth":
            grades = FOUR if kind == "four" else LEVELS
            at = random.choice(grades)
            choices += [(Cap(at=at), {"of": of.id, **when}, kind), (Floor(at=at), {"of": of.id, **when}, kind)] * 3
            choices += [(Lookup(table={grade: random.choice(LEVELS) for grade in grades}), {"of": of.id}, "levels")] * 3
            choices += [(ValueOf(value="unit"), {"of": of.id}, "number")] * 3
            rungs = [Rung(when=self.test(level), gives=grade) for grade in grades[1:]]
            first = Row(when=self.test(level), gives=random.choice(grades), flag=random.choice((None, "a row")))
            rows = [first, Row(gives=random.choice((of.id, grades[0])))]
            choices += [(Ladder(start=grades[0], rungs=rungs), {}, kind), (Table(rows=rows), {}, kind)] * 3
        choices += [(If(then=random.choice(("not_scored", of.id)), else_=of.id), dict(when), kind)]
        choices += [(Override(by=["moderator"], needs=random.choice((None, "reason"))), {"of": of.id}, kind)]
        op, more, kind = random.choice(choices)
        self.steps.append(Step(op=op, **fixed, **more))
        self.kinds[self.steps[-1].id] = kind


def rules(seed: int, way: str = "one") -> tuple[BoundRule, Random]:
    """The first rule of a seed that fits its framework, and what is random about the rest.

    Ways: `one` (anything for one assessment), `judging` (mostly steps that judge), `across` organisations, `range` for blanks.
    """
    random = Random(seed)
    made = framework(random)
    while True:
        try:
            maker = Maker(random, made, across=way == "across", unanswered="range" if way == "range" else None, judging=way == "judging")
            rule = maker.rule()
        except IndexError:
            continue
        bound = BoundRule(rule, made)
        if not any(problem.severity == "error" for problem in bound.problems):
            return bound, random


def within(bound: BoundRule, *, without: str) -> Rule | None:
    """The rule without one of its steps: what looked at it looks at its first input. `None` if the step has no input, or another kind of result."""
    rule, machine = bound.rule, bound.machine
    step = next(step for step in machine.steps if step.id == without)
    instead = machine.steps[step.inputs[0]].id if len(step.inputs) == 1 and step.register is None else None
    if step.step.op.name == "if":
        named = [machine.steps[place].id for word, place in reversed(step.terms) if word == "step"]
        instead = named[0] if named else None
    if instead is None or next(one for one in machine.steps if one.id == instead).kind != step.kind:
        return None
    kept = [_renamed(one, without, instead) for one in rule.steps if one.id != without]
    if rule.steps[-1].id == without:  # the input was never meant to stand last: a step after all others gives it again
        least: Any = None if step.kind == "truth" else Fraction(0) if step.kind == "number" else step.kind.worst.id
        compare = None if least is None else Comparison(operator="at_least", value=least)
        kept.append(Step(id="end", op=If(then=instead, else_=instead), when=StepTest(step=instead, comparison=compare)))
    return attrs.evolve(rule, steps=kept)


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return new if value == old else value
    if isinstance(value, tuple):
        return tuple(_renamed(one, old, new) for one in value)
    if isinstance(value, (Step, Cap, Floor, If, Table, Row, Ladder, Rung, AnswerTest, StepTest, Both, Either, Not, Selection)):
        changed = {field.name: _renamed(getattr(value, field.name), old, new) for field in attrs.fields(type(value)) if field.init}
        return type(value)(**{("else_" if name == "else_" else name): one for name, one in changed.items()})
    return value


__all__ = ["assessment", "framework", "rules", "within"]
