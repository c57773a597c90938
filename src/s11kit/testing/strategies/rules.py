"""Strategies for scoring rules that fit a framework. They shrink towards a rule of one step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

from hypothesis import strategies as st

from s11kit.model import AnswerTest, Both, Comparison, Either, Framework, Item, Not, Scale, Selection, StepTest, Test
from s11kit.model.assessment import picks
from s11kit.rules import (
    ALL,
    All,
    Any_,
    Bands,
    BoundRule,
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
    None_,
    NotApplicableRule,
    Order,
    Pick,
    Round,
    Row,
    Rule,
    Share,
    Some,
    Step,
    Sum,
    Table,
    Trimmed,
    UnansweredRule,
    ValueOf,
)
from s11kit.testing.strategies.frameworks import Held

__all__ = ["rules"]

Kind: TypeAlias = Any
"""What a step gives: a scale, `number` or `truth`."""
_OPERATORS = ("at_least", "above", "at_most", "below", "is")
_EDGES = (("0", "1/3", "2/3", "1", "3/2"), ("-99", "1/2", "1", "3/2", "2"))


class _Maker:
    """Draws one rule, step by step."""

    def __init__(self, draw: st.DrawFn, framework: Framework) -> None:
        self.draw, self.framework = draw, framework
        self.graded = [item for item in framework.answerable if item.takes_grade and item.scale is not None]
        self.level = _level(framework, self.graded)
        self.steps: list[Step] = []
        self.kinds: list[Kind] = []

    def pick(self, *choices: Any) -> Any:
        """One of some things; shrinks to the first."""
        return self.draw(st.sampled_from(choices))

    def selection(self, *, one_scale: bool) -> tuple[Selection, Scale]:
        """Some statements, and the scale of the first of them."""
        refs = [item.ref for item in self.graded]
        standards = [item.parents[-1].ref for item in self.graded if item.parents]
        tags = sorted({tag for item in self.graded for tag in item.tags})
        known = [ALL, *(Selection(standard=ref) for ref in dict.fromkeys(standards)), *(Selection(tag=tag) for tag in tags)]
        known += [Selection(refs=(ref,)) for ref in refs]
        fit = [selection for selection in known if not one_scale or len(self.scales(selection)) == 1]
        chosen: Selection = self.pick(*fit)
        return chosen, self.scales(chosen)[0]

    def scales(self, selection: Selection) -> list[Scale]:
        """The scales of the statements that are selected."""
        found = [item.scale for item in self.graded if selection.over_all or picks(selection, item)]
        return list({scale.id: scale for scale in found if scale is not None}.values())

    def compare(self, kind: Kind) -> Comparison | None:
        """A comparison with something of the same kind."""
        if kind == "truth":
            return None
        value = Fraction(self.draw(st.integers(0, 8)), 4) if kind == "number" else self.pick(*(grade.id for grade in kind.grades))
        return Comparison(operator=self.pick(*_OPERATORS), value=value)

    def hit(self, kind: Kind) -> tuple[Any, Kind]:
        """An operator that counts what compares so."""
        compare = self.compare(kind)
        made = (Count(compare=compare), Share(compare=compare), All(compare=compare), Any_(compare=compare), None_(compare=compare))
        op = self.pick(*made, Some(compare=compare, k=2), Some(compare=compare, share="1/2"))
        return op, "number" if op.name in ("count", "share") else "truth"

    def number(self, value: Any) -> tuple[Any, Kind]:
        """An operator that computes."""
        return self.pick(Mean(value=value), Sum(value=value), Trimmed(value=value, trim="1/4"), MidMedian(value=value)), "number"

    def ordered(self, kind: Kind, value: Any = None) -> tuple[Any, Kind]:
        """An operator that puts into an order."""
        pick = self.pick("lower-median", "upper-median", Pick(k=2, from_="best"), Pick(quantile="4/5"))
        op = self.pick(Min(value=value), Max(value=value), Order(value=value, pick=pick), Mode(value=value, ties="worst"))
        return op, "number" if value is not None else kind

    def fold(self, each: str | None) -> None:
        """A step that folds statements."""
        one_scale = self.draw(st.booleans())
        over, scale = self.selection(one_scale=one_scale)
        choices = [lambda: self.number("unit"), lambda: self.ordered(scale, "unit")]
        choices += [lambda: self.ordered(scale), lambda: self.hit(scale)] if one_scale else []
        op, kind = self.pick(*choices)()
        self.keep(Step(id=f"s{len(self.steps)}", op=op, over=over, each=each), kind)

    def outer(self) -> None:
        """A step that folds the results of groups."""
        inner = self.kinds[-1]
        choices = [lambda: self.hit(inner)]
        choices += [lambda: self.ordered(inner)] if inner != "truth" else []
        choices += [lambda: self.number(None)] if inner == "number" else [lambda: self.number("unit")] if inner != "truth" else []
        op, kind = self.pick(*choices)()
        self.keep(Step(id=f"s{len(self.steps)}", op=op, of=self.steps[-1].id), kind)

    def keep(self, step: Step, kind: Kind) -> None:
        """One more step."""
        self.steps.append(step)
        self.kinds.append(kind)

    def test(self, depth: int = 1) -> Test:
        """A test of answers, or of an earlier step that runs once."""
        known = [(step, kind) for step, kind in zip(self.steps, self.kinds, strict=True) if step.each is None]
        word = self.pick("answers", "step", *(("not", "both", "either") if depth else ()))
        if word == "not":
            return Not(test=self.test(0))
        if word in ("both", "either"):
            tests = [self.test(0), self.test(0)]
            return Both(tests=tests) if word == "both" else Either(tests=tests)
        if word == "step" and known:
            step, kind = self.pick(*known)
            return StepTest(step=step.id, comparison=self.compare(kind))
        over, scale = self.selection(one_scale=True)
        compare = self.compare(scale)
        assert compare is not None
        return AnswerTest(quantifier=self.pick("any", "all", "none"), selection=over, comparison=compare, empty=self.draw(st.booleans()))

    def judge(self) -> None:
        """A step that judges the last one."""
        of, kind, id = self.steps[-1].id, self.kinds[-1], f"s{len(self.steps)}"
        scale = self.framework.scales[0]
        if kind == "truth":
            op = self.pick(If(then=scale.best.id, else_=scale.worst.id), If(then=scale.worst.id, else_=scale.best.id))
            self.keep(Step(id=id, op=op, when=StepTest(step=of, comparison=None)), scale)
        elif kind == "number":
            edges = self.pick(*_EDGES)[: len(scale.grades)]
            ids = [grade.id for grade in scale.grades]
            bands = Bands(edges=edges, edge=self.pick("inclusive", "exclusive"), grades=ids)
            op, after = self.pick(
                (bands, scale), (Round(places=1, mode=self.pick("half-up", "half-even", "down", "up")), "number"), (Cap(at=1), "number")
            )
            self.keep(Step(id=id, op=op, of=of, when=self.test() if op.name == "cap" else None), after)
        else:
            grades = [grade.id for grade in kind.grades]
            rows = [Row(when=self.test(), gives=self.pick(*grades)), Row(gives=of)]
            table = Lookup(table={grade: self.pick(*(grade.id for grade in scale.grades)) for grade in grades})
            op = self.pick(
                Cap(at=self.pick(*grades)),
                Floor(at=self.pick(*grades)),
                If(then=self.pick(*grades), else_=of),
                Table(rows=rows),
                table,
                ValueOf(value="unit"),
            )
            asks = op.name in ("cap", "floor", "if")
            plain = op.name in ("if", "table")
            after = scale if op is table else "number" if op.name == "value" else kind
            self.keep(Step(id=id, op=op, of=() if plain else of, when=self.test() if asks else None), after)


def _level(framework: Framework, graded: list[Item]) -> str | None:
    """The word for the outermost standards, if a rule may use it: all graded statements stand in one, and the word is not ambiguous."""
    if not all(item.parents for item in graded):
        return None
    local = framework.labels.get("standard", "standard")
    deepest = max(len(item.parents) for item in framework.items.values() if item.is_statement)
    if isinstance(local, tuple):
        return local[0]
    return local if deepest == 1 else None


def rules(framework: Framework, *, depth: int = 2) -> st.SearchStrategy[BoundRule]:
    """A rule bound to a framework with at least one graded statement: it folds statements, or groups of them, and judges up to `depth` times.

    Nearly all rules fit the framework; `assume(not errors)` for those that must. They hold every policy for what is absent, and need not be fair.
    """
    return _rules(Held(framework), depth=depth)


@st.composite
def _rules(draw: st.DrawFn, held: Held, *, depth: int) -> BoundRule:
    framework = held.framework
    maker = _Maker(draw, framework)
    each = maker.pick(None, None, maker.level) if maker.level is not None else None
    maker.fold(each)
    if each is not None:
        maker.outer()
    for _ in range(draw(st.integers(0, depth))):
        maker.judge()
    share = maker.pick(None, None, "1/2")
    na = NotApplicableRule(policy=maker.pick("exclude", "worst", "refuse"), max_share=share, needs_reason=draw(st.booleans()))
    blank = UnansweredRule(policy=maker.pick("exclude", "worst", "refuse", "range"))
    return Rule(id="overall", na=na, unanswered=blank, steps=maker.steps).within(framework)
