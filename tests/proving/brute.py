"""A second opinion: rules interpreted straight from their definitions, answer by answer, and laws checked by trying every assessment.

Nothing here packs, merges or binds. What a rule means is written a second time, as plainly as possible, so that the two can be compared. An answer
is the rank of a grade (0 is worst) or one of the words below; an assessment is one answer per statement that the rule looks at, and which statements
have an approved action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import ceil, floor
from typing import Any

import attrs

from s11kit._frozen import FrozenDict
from s11kit.model import (
    Action,
    AnswerTest,
    Assessment,
    Both,
    Comparison,
    Either,
    Entry,
    Framework,
    Graded,
    Item,
    Not,
    NotApplicable,
    Organisation,
    PlanTest,
    Scale,
    Selection,
    StepTest,
)
from s11kit.rules import (
    All,
    Any_,
    Bands,
    Cap,
    Count,
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
    Round,
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
from s11kit.rules.operator import Absent
from s11kit.rules.result import Result

NA, BARE, BLANK, OUT = "n/a", "n/a without a reason", "blank", "out"
NAME = "Fenside Youth Trust"
STATE = "approved"


@attrs.frozen
class Gone:
    """No result, and which kind of none."""

    kind: str


REFUSED, NOT_SCORED, NOT_APPLICABLE, NOT_ASKED = Gone("refused"), Gone("not scored"), Gone("not applicable"), Gone("out")
STRONGEST = (REFUSED, NOT_SCORED, NOT_APPLICABLE, NOT_ASKED)


def strongest(gone: list[Gone]) -> Gone:
    return min(gone, key=STRONGEST.index)


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """By the definition of each mode; "down" and "up" go towards minus and plus infinity."""
    scaled = value * 10**places
    below = floor(scaled)
    if mode == "down":
        chosen = below
    elif mode == "up":
        chosen = ceil(scaled)
    elif scaled - below == Fraction(1, 2):
        chosen = below + 1 if mode == "half-up" or below % 2 else below
    else:
        chosen = below + 1 if scaled - below > Fraction(1, 2) else below
    return Fraction(chosen, 10**places)


def compares(word: str, one: Any, other: Any) -> bool:
    return {"at_least": one >= other, "above": one > other, "at_most": one <= other, "below": one < other, "is": one == other}[word]


def owa(values: list[Fraction], weights: tuple[Fraction, ...]) -> Fraction:
    """Every answer is cut into as many equal pieces as there are weights, and every weight into as many as there are answers."""
    pieces = [value for value in sorted(values) for _ in weights]
    shares = [weight / len(values) for weight in weights for _ in values]
    return sum((value * share for value, share in zip(pieces, shares, strict=True)), Fraction(0))


def folded(op: Any, items: list[tuple[Any, Fraction]]) -> Any:
    """What an operator comes to, given values with weights; `None` for nothing."""
    if not items:
        return None
    values = [value for value, _ in items]
    weighed = sum((weight for _, weight in items), Fraction(0))
    if isinstance(op, Count):
        return Fraction(values.count(True))
    if isinstance(op, Share):
        return sum((weight for hit, weight in items if hit), Fraction(0)) / weighed if weighed else None
    if isinstance(op, All):
        return all(values)
    if isinstance(op, Any_):
        return any(values)
    if isinstance(op, None_):
        return not any(values)
    if isinstance(op, Some):
        return values.count(True) >= op.k if op.k is not None else Fraction(values.count(True), len(values)) >= op.share  # pyright: ignore
    if isinstance(op, Sum):
        return op.start + sum((value * weight for value, weight in items), Fraction(0))
    if isinstance(op, Mean):
        return sum((value * weight for value, weight in items), Fraction(0)) / weighed if weighed else None
    if isinstance(op, Owa):
        return owa(values, op.weights)
    values.sort()
    many = len(values)
    if isinstance(op, Trimmed):
        drop = floor(many * op.trim)
        kept = values[drop : many - drop]
        return sum(kept, Fraction(0)) / len(kept)
    if isinstance(op, MidMedian):
        return Fraction(values[(many - 1) // 2] + values[many // 2]) / 2
    if isinstance(op, Min):
        return values[0]
    if isinstance(op, Max):
        return values[-1]
    if isinstance(op, Order):
        return ordered(op, values)
    assert isinstance(op, Mode)
    most = max(values.count(value) for value in values)
    tied = [value for value in values if values.count(value) == most]
    return tied[0] if op.ties == "worst" else tied[-1]


def ordered(op: Order, values: list[Any]) -> Any:
    many, pick = len(values), op.pick
    if pick == "lower-median":
        return values[(many - 1) // 2]
    if pick == "upper-median":
        return values[many // 2]
    assert not isinstance(pick, str)
    if pick.quantile is not None:
        return values[max(ceil(pick.quantile * many), 1) - 1]
    assert pick.k is not None
    if pick.k > many:
        return None
    return values[pick.k - 1] if pick.from_ == "worst" else values[-pick.k]


class Interpreter:
    """One rule in one framework."""

    def __init__(self, framework: Framework, rule: Rule, *, scoped: bool = False) -> None:
        self.framework, self.rule = framework, rule
        self.scoped = scoped or bool(framework.conditional)
        self.steps = {step.id: step for step in rule.steps}
        self.items = [item for item in framework.answerable if item.takes_grade]
        self.ranges = any(self.blank(step).policy == "range" for step in rule.steps)
        self.reasons = any(na.needs_reason for na in self.every_na())
        self.known: dict[Any, Any] = {}

    def every_na(self) -> Iterator[NotApplicableRule]:
        for step in self.rule.steps:
            yield self.na(step)
            yield from (each.na for each in step.except_ if each.na is not None)

    def na(self, step: Step) -> NotApplicableRule:
        return step.na or self.rule.na or NotApplicableRule()

    def blank(self, step: Step) -> UnansweredRule:
        return step.unanswered or self.rule.unanswered or UnansweredRule()

    # what is looked at

    def selected(self, selection: Selection) -> list[Item]:
        key = ("selected", selection)
        if key not in self.known:
            self.known[key] = [
                item
                for item in self.items
                if (not selection.refs or item.ref in selection.refs)
                and (selection.tag is None or selection.tag in item.tags)
                and (selection.standard is None or selection.standard in [parent.ref for parent in item.parents])
            ]
        found: list[Item] = self.known[key]
        return found

    @cached_property
    def looked_at(self) -> list[Item]:
        """What some step or test looks at."""
        found = {item.ref for step in self.rule.steps if step.over is not None for item in self.selected(step.over) if not self.left_out(step, item)}
        for test in self.tests():
            if isinstance(test, (AnswerTest, PlanTest)) and test.selection.step is None:
                found |= {item.ref for item in self.selected(test.selection)}
        return [item for item in self.items if item.ref in found]

    @cached_property
    def planned(self) -> frozenset[str]:
        """Statements whose actions a test asks for."""
        return frozenset(item.ref for test in self.tests() if isinstance(test, PlanTest) for item in self.selected(test.selection))

    def tests(self, *steps: Step) -> Iterator[Any]:
        """All tests of some steps (or of all), with those inside them."""

        def walk(test: Any) -> Iterator[Any]:
            yield test
            for inner in getattr(test, "tests", ()):
                yield from walk(inner)
            if isinstance(test, Not):
                yield from walk(test.test)

        for step in steps or self.rule.steps:
            if step.when is not None:
                yield from walk(step.when)
            for part in (*getattr(step.op, "rows", ()), *getattr(step.op, "rungs", ())):
                if part.when is not None:
                    yield from walk(part.when)

    def left_out(self, step: Step, item: Item) -> bool:
        return any(each.leave_out for each in self.exceptions(step, item))

    def exceptions(self, step: Step, item: Item) -> list[Any]:
        return [each for each in step.except_ if item.ref in each.refs or (each.tag is not None and each.tag in item.tags)]

    def group_of(self, item: Item, each: str | None) -> str | None:
        if each is None:
            return None
        return item.ref if each == "statement" else item.parents[0].ref

    def groups(self, each: str | None, within: str | None, outer: str | None) -> list[str | None]:
        """The groups of a level inside a group of another level."""
        if each is None:
            return [None]
        found = [self.group_of(item, each) for item in self.looked_at if self.group_of(item, outer) == within]
        return list(dict.fromkeys(found))

    def kind(self, step: Step) -> Any:
        op = step.op
        if isinstance(op, (Count, Share, Sum, Mean, Owa, Trimmed, MidMedian, ValueOf, Round)):
            return "number"
        if isinstance(op, (All, Any_, None_, Some)):
            return "truth"
        if isinstance(op, (Min, Max, Order, Mode)):
            if op.value is not None:
                return "number"
            return self.selected(step.over)[0].scale if step.over is not None else self.kind(self.steps[step.of[0]])
        if isinstance(op, (Cap, Floor)):
            return self.kind(self.steps[step.of[0]])
        constants = {
            Bands: lambda: op.grades,
            If: lambda: (op.then, op.else_),
            Table: lambda: [row.gives for row in op.rows],
            Ladder: lambda: (op.start, *(rung.gives for rung in op.rungs)),
            Lookup: lambda: list(op.table.values()),
        }[type(op)]()
        for raw in constants:
            if isinstance(raw, bool):
                return "truth"
            if raw in self.steps:
                return self.kind(self.steps[raw])
            if raw in self.framework.scale_of_grade:
                return self.framework.scale_of_grade[raw]
            if raw not in ("not_scored", "not_applicable"):
                return "number"
        return "number"

    # evaluation

    def run(self, answers: Mapping[str, Any], plans: frozenset[str] = frozenset()) -> dict[tuple[str, str | None], Any]:
        """The result of every step, in every group. Blanks that stand for a grade are written `(BLANK, rank)`, or `(BARE, rank)`."""
        results: dict[tuple[str, str | None], Any] = {}
        for step in self.rule.steps:
            for group in self.groups(step.each, None, None):
                fold = step.over is not None or isinstance(step.op, FOLDS)
                results[step.id, group] = (self.fold if fold else self.judge)(step, group, answers, plans, results)
        return results

    def point(self, answers: Mapping[str, Any], plans: frozenset[str] = frozenset()) -> Any:
        """The result of the rule, where no blank needs filling in."""
        return self.run(answers, plans)[self.rule.steps[-1].id, None]

    def treated(self, answer: Any, na: NotApplicableRule, blank: UnansweredRule, item: Item) -> tuple[Any, bool, bool]:
        """The rank an answer counts as (`None`: left out, `REFUSED`), whether it is not applicable, and whether it is unanswered."""
        if isinstance(answer, tuple):
            word, rank = answer
            if word == BLANK or na.needs_reason:
                return (rank, False, False) if blank.policy == "range" else self.treated(BLANK, na, blank, item)
            answer = NA
        if answer == BARE:
            answer = BLANK if na.needs_reason else NA
        if answer == NA:
            if na.policy == "refuse":
                return REFUSED, True, False
            if na.policy == "exclude":
                return None, True, False
            assert item.scale is not None
            grade = item.scale.worst.id if na.policy == "worst" else item.node.target if na.grade == "target" else na.grade
            return item.scale.rank(str(grade)), True, False
        if answer == BLANK:
            return {"worst": 0, "refuse": REFUSED}.get(blank.policy), False, True
        return answer, False, False

    def number(self, value: Any, scale: Scale, rank: int) -> Fraction:
        if value == "unit":
            return Fraction(rank, len(scale.grades) - 1)
        if value == "points":
            points = scale.grades[rank].points
            assert points is not None
            return points
        found: Fraction = value[scale.grades[rank].id]
        return found

    def value(self, step: Step, item: Item, rank: int) -> Any:
        """What a grade counts for a step."""
        key = ("value", step.id, item.ref, rank)
        if key not in self.known:
            op, scale = step.op, item.scale
            assert scale is not None
            own = [each.value for each in self.exceptions(step, item) if each.value is not None]
            value = own[0] if own else getattr(op, "value", None)
            if isinstance(op, (Count, Share, All, Any_, None_, Some)):
                self.known[key] = self.hit(op.compare, item, rank)  # pyright: ignore
            else:
                self.known[key] = rank if value is None else self.number(value, scale, rank)
        return self.known[key]

    def hit(self, comparison: Comparison, item: Item, rank: int) -> bool:
        wanted = comparison.value
        if wanted == "target":
            wanted = item.node.target  # type: ignore[assignment]
        elif isinstance(wanted, FrozenDict):
            wanted = wanted[item.ref]
        assert item.scale is not None
        return compares(comparison.operator, rank, item.scale.rank(str(wanted)))

    def weight(self, step: Step, item: Item, rank: int) -> Fraction:
        own = [each.weight for each in self.exceptions(step, item) if each.weight is not None]
        if own:
            return Fraction(own[0])
        weight = getattr(step.op, "weight", None)
        if weight is None:
            return Fraction(1)
        if isinstance(weight, str):
            return Fraction(item.node.weights[weight])  # type: ignore[union-attr]
        assert item.scale is not None
        return Fraction(weight[item.ref] if item.ref in weight else weight[item.scale.grades[rank].id])

    def fold(self, step: Step, group: str | None, answers: Mapping[str, Any], plans: frozenset[str], results: dict[Any, Any]) -> Any:
        """Statements, or results of groups and of steps, as one."""
        na, blank = self.na(step), self.blank(step)
        items: list[tuple[Any, Fraction]] = []
        gone: list[Gone] = []
        asked = there = not_applicable = answered = applicable = 0
        full = given = Fraction(0)
        for item in self.selected(step.over) if step.over is not None else ():
            if self.group_of(item, step.each) != group or self.left_out(step, item) or answers[item.ref] == OUT:
                continue
            there += 1
            asked += 1
            own = next((each.na for each in self.exceptions(step, item) if each.na is not None), na)
            rank, is_na, is_blank = self.treated(answers[item.ref], own, blank, item)
            not_applicable += is_na
            if rank is REFUSED:
                gone.append(REFUSED)
            elif rank is not None:
                items.append((self.value(step, item, rank), self.weight(step, item, rank)))
            if not is_na or rank not in (None, REFUSED):
                applicable += 1
                answered += not is_blank
                full += self.weight(step, item, 0 if is_blank else rank)  # pyright: ignore
                given += 0 if is_blank and rank is None else self.weight(step, item, 0 if is_blank else rank)  # pyright: ignore
        for name in step.of:
            source = self.steps[name]
            for inner in self.groups(source.each, group, step.each):
                found = results[name, inner]
                if found == NOT_ASKED:
                    continue
                there += 1
                if isinstance(found, Gone):
                    found = self.instead(found, na, self.kind(source))
                if isinstance(found, Gone):
                    gone.append(found)
                elif found is not None:
                    items.append((self.item_value(step, source, found), self.item_weight(step, source, inner, answers)))
        if step.over is not None:
            if na.max_share is not None and not_applicable > na.max_share * asked:
                gone.append(REFUSED)
            if blank.min_answered is not None and answered < blank.min_answered * applicable:
                gone.append(REFUSED)
        if gone:
            return strongest(gone)
        if not there and (self.scoped or step.each is not None):
            return NOT_ASKED
        total = folded(step.op, items)
        if total is None:
            return self.nothing(step)
        if blank.prorate and isinstance(step.op, Sum) and step.over is not None and full != given:
            return step.op.start + (total - step.op.start) * full / given if given else self.nothing(step)
        return total

    def instead(self, found: Gone, na: NotApplicableRule, kind: Any) -> Any:
        """What a result that is not there counts as."""
        if found != NOT_APPLICABLE:
            return found
        if na.policy == "refuse":
            return REFUSED
        if isinstance(kind, Scale) and na.policy == "worst":
            return 0
        if isinstance(kind, Scale) and na.policy == "as" and na.grade in kind:
            return kind.rank(str(na.grade))
        return None

    def item_value(self, step: Step, source: Step, found: Any) -> Any:
        op, kind = step.op, self.kind(source)
        if isinstance(op, (Count, Share, All, Any_, None_, Some)):
            return self.accepts(op.compare, kind, found)
        value = getattr(op, "value", None)
        return found if value is None else self.number(value, kind, found)

    def accepts(self, comparison: Comparison | None, kind: Any, found: Any) -> bool:
        if comparison is None:
            return bool(found)
        wanted = comparison.value
        if isinstance(kind, Scale):
            return compares(comparison.operator, found, kind.rank(str(wanted)))
        return compares(comparison.operator, found, wanted if isinstance(wanted, bool) else Fraction(wanted))  # type: ignore[arg-type]

    def item_weight(self, step: Step, source: Step, group: str | None, answers: Mapping[str, Any]) -> Fraction:
        weight = getattr(step.op, "weight", None)
        if weight is None:
            return Fraction(1)
        if weight == "applicable":
            return Fraction(self.counted(source, group, answers))
        return Fraction(weight[group if source.each is not None else source.id])

    def counted(self, source: Step, group: str | None, answers: Mapping[str, Any]) -> int:
        """How many answers a group counted."""
        while not isinstance(source.op, FOLDS):
            source = self.steps[source.of[0]]
        if source.over is None:
            return sum(
                self.counted(self.steps[name], inner, answers)
                for name in source.of
                for inner in self.groups(self.steps[name].each, group, source.each)
            )
        many = 0
        for item in self.selected(source.over):
            if self.group_of(item, source.each) == group and not self.left_out(source, item) and answers[item.ref] != OUT:
                own = next((each.na for each in self.exceptions(source, item) if each.na is not None), self.na(source))
                rank, _, _ = self.treated(answers[item.ref], own, self.blank(source), item)
                many += rank is not None and rank is not REFUSED
        return many

    def nothing(self, step: Step) -> Any:
        """What a fold of nothing gives."""
        given = step.empty if step.empty is not None else self.rule.empty
        if given == "not_scored":
            return NOT_SCORED
        if given == "not_applicable":
            return NOT_APPLICABLE
        kind = self.kind(step)
        if isinstance(kind, Scale):
            return kind.rank(str(given))
        return given if isinstance(given, bool) else Fraction(given)

    # tests

    def holds(self, test: Any, step: Step, group: str | None, answers: Mapping[str, Any], plans: frozenset[str], results: dict[Any, Any]) -> Any:
        """Whether a test holds, or why it cannot be asked."""
        if isinstance(test, (Both, Either, Not)):
            inner = [self.holds(each, step, group, answers, plans, results) for each in ([test.test] if isinstance(test, Not) else test.tests)]
            gone = [each for each in inner if isinstance(each, Gone)]
            if gone:
                return strongest(gone)
            return not inner[0] if isinstance(test, Not) else all(inner) if isinstance(test, Both) else any(inner)
        if isinstance(test, StepTest):
            found = results[test.step, group]
            if isinstance(found, Gone):
                return REFUSED if found == REFUSED else False
            return self.accepts(test.comparison, self.kind(self.steps[test.step]), found)
        return self.quantified(test, step, group, answers, plans, results)

    def quantified(self, test: Any, step: Step, group: str | None, answers: Mapping[str, Any], plans: frozenset[str], results: dict[Any, Any]) -> Any:
        na, blank = self.na(step), self.blank(step)
        hits: list[bool] = []
        gone: list[Gone] = []
        if test.selection.step is not None:
            source = self.steps[test.selection.step]
            for inner in self.groups(source.each, group, step.each):
                found = results[source.id, inner]
                if found == NOT_ASKED:
                    continue
                if isinstance(found, Gone):
                    found = self.instead(found, na, self.kind(source))
                if isinstance(found, Gone):
                    gone.append(found)
                elif found is not None:
                    hits.append(self.accepts(test.comparison, self.kind(source), found))
        else:
            for item in self.selected(test.selection):
                if self.group_of(item, step.each) != group or answers[item.ref] == OUT:
                    continue
                rank, _, _ = self.treated(answers[item.ref], na, blank, item)
                if rank is REFUSED:
                    gone.append(REFUSED)
                elif rank is not None:
                    hit = self.hit(test.comparison, item, rank)
                    if not isinstance(test, PlanTest):
                        hits.append(hit)
                    elif hit:
                        hits.append(item.ref in plans)
        if gone:
            return strongest(gone)
        if not hits:
            return bool(test.empty)
        word = "all" if isinstance(test, PlanTest) else test.quantifier
        if word == "some":
            return hits.count(True) >= test.k if test.share is None else Fraction(hits.count(True), len(hits)) >= test.share  # pyright: ignore
        return {"all": all(hits), "any": any(hits), "none": not any(hits)}[word]

    # judgements

    def judge(self, step: Step, group: str | None, answers: Mapping[str, Any], plans: frozenset[str], results: dict[Any, Any]) -> Any:
        op = step.op
        if not step.of and (self.scoped or step.each is not None) and not self.asks(step, group, answers, results):
            return NOT_ASKED
        of = [results[name, group] for name in step.of]
        asked = [step.when] if step.when is not None else [part.when for part in (*getattr(op, "rows", ()), *getattr(op, "rungs", ())) if part.when]
        held = [self.holds(test, step, group, answers, plans, results) for test in asked]
        gone = [each for each in (*of, *held) if isinstance(each, Gone)]
        if gone:
            return strongest(gone)

        def term(raw: Any) -> Any:
            if isinstance(raw, bool):
                return raw
            if raw in ("not_scored", "not_applicable"):
                return NOT_SCORED if raw == "not_scored" else NOT_APPLICABLE
            if raw in self.steps:
                return results[raw, group]
            if raw in self.framework.scale_of_grade:
                return self.framework.scale_of_grade[raw].rank(raw)
            return Fraction(raw)

        if isinstance(op, (Cap, Floor)):
            at = term(op.at) if held[0] else of[0]
            return at if isinstance(at, Gone) else min(of[0], at) if isinstance(op, Cap) else max(of[0], at)
        if isinstance(op, If):
            return term(op.then if held[0] else op.else_)
        if isinstance(op, Table):
            return term(next((row.gives for row, there in zip(op.rows, held, strict=False) if there), op.rows[-1].gives))
        if isinstance(op, Ladder):
            height = held.index(False) if False in held else len(held)
            return term(op.start if not height else op.rungs[height - 1].gives)
        if isinstance(op, Bands):
            if of[0] < op.edges[0]:
                return REFUSED
            reached = [place for place, edge in enumerate(op.edges) if of[0] > edge or (of[0] == edge and (op.edge == "inclusive" or not place))]
            return term(op.grades[reached[-1]])
        if isinstance(op, Round):
            return rounded(of[0], op.places, op.mode)
        kind = self.kind(self.steps[step.of[0]])
        if isinstance(op, Lookup):
            return term(op.table[kind.grades[of[0]].id])
        assert isinstance(op, ValueOf)
        return self.number(op.value, kind, of[0])

    def asks(self, step: Step, group: str | None, answers: Mapping[str, Any], results: dict[Any, Any]) -> bool:
        """Whether anything that a step's tests look at, or a step that it names, is in scope in a group."""
        reads = [results[raw, group] for raw in self.named(step)]
        for test in self.tests(step):
            if isinstance(test, StepTest):
                reads.append(results[test.step, group])
            elif isinstance(test, (AnswerTest, PlanTest)) and test.selection.step is not None:
                source = self.steps[test.selection.step]
                reads += [results[source.id, inner] for inner in self.groups(source.each, group, step.each)]
            elif isinstance(test, (AnswerTest, PlanTest)):
                reads += [item.ref for item in self.selected(test.selection) if self.group_of(item, step.each) == group and answers[item.ref] != OUT]
        return any(found != NOT_ASKED for found in reads)

    def named(self, step: Step) -> list[str]:
        """The steps that a judgement names as results."""
        op = step.op
        raws = [getattr(op, key) for key in ("then", "else_", "start") if hasattr(op, key)]
        raws += [part.gives for part in (*getattr(op, "rows", ()), *getattr(op, "rungs", ()))]
        return [raw for raw in raws if isinstance(raw, str) and raw in self.steps]

    # ranges

    def fills(self, item: Item, answer: Any) -> list[Any]:
        """What a blank may stand for; any other answer stands for itself."""
        assert item.scale is not None
        if not self.ranges or not (answer == BLANK or (answer == BARE and self.reasons)):
            return [answer]
        return [(answer, rank) for rank in range(len(item.scale.grades))]

    def key(self, value: Any) -> tuple[int, Any]:
        """As laws compare results: none below all others, and numbers turned round where lower is better."""
        if isinstance(value, Gone):
            return 0, 0
        return 1, -value if self.rule.better == "lower" and self.kind(self.rule.steps[-1]) == "number" else value

    def score(self, answers: Mapping[str, Any], plans: frozenset[str] = frozenset()) -> tuple[Any, Any]:
        """The least and the greatest result."""
        found = []
        for chosen in product(*(self.fills(item, answers[item.ref]) for item in self.looked_at)):
            found.append(self.point(dict(zip([item.ref for item in self.looked_at], chosen, strict=True)), plans))
        return min(found, key=self.key), max(found, key=self.key)


FOLDS = (Count, Share, Sum, Mean, Min, Max, Order, Owa, Trimmed, MidMedian, All, Any_, None_, Some, Mode)


# assessments


def assessment(
    framework: Framework, answers: Mapping[str, Any], plans: frozenset[str] = frozenset(), organisation: Organisation | None = None
) -> Assessment:
    """Plain answers as an assessment of the library."""
    entries: dict[str, Entry] = {}
    field = next((each.id for each in framework.plan_fields if each.kind == "status"), "status")
    for ref, answer in answers.items():
        actions = (Action({field: STATE}),) if ref in plans else ()
        scale = framework.items[ref].scale
        if isinstance(answer, int) and scale is not None:
            entries[ref] = Entry(answer=Graded(scale.grades[answer].id), actions=actions)
        elif answer in (NA, BARE):
            entries[ref] = Entry(answer=NotApplicable("No such service" if answer == NA else None), actions=actions)
        elif actions:
            entries[ref] = Entry(actions=actions)
    return Assessment(framework=framework, organisation=organisation or Organisation(name=NAME), answers=entries)


def read(found: Assessment, items: Iterable[Item]) -> tuple[dict[str, Any], frozenset[str]]:
    """An assessment of the library as plain answers."""
    answers: dict[str, Any] = {}
    plans = set()
    for item in items:
        entry = found.answers.get(item.ref, Entry())
        answer = entry.answer
        assert item.scale is not None
        if item.ref in found.scope.out:
            answers[item.ref] = OUT
        elif isinstance(answer, Graded):
            answers[item.ref] = item.scale.rank(answer.grade)
        elif isinstance(answer, NotApplicable):
            answers[item.ref] = NA if answer.reason else BARE
        else:
            answers[item.ref] = BLANK
        if entry.actions and answers[item.ref] != OUT:
            plans.add(item.ref)
    return answers, frozenset(plans)


def plain(value: Any) -> Any:
    """A result of the library as this module writes it."""
    return Gone(value.kind) if isinstance(value, Absent) else value


def agrees(result: Result, least: Any, greatest: Any, key: Callable[[Any], Any], several: bool = False) -> bool:
    """Whether a result is what it should be: the same value, or the same kind of none; of a range, both ends.

    With `several`, there may be none in several ways, of which any one may be told.
    """
    ends = plain(result.least), plain(result.greatest)
    if isinstance(least, Gone) and isinstance(greatest, Gone):
        return isinstance(ends[0], Gone) and isinstance(ends[1], Gone) and result.kind != "range" and (several or ends[0] == least)
    if key(ends[0]) != key(least) or key(ends[1]) != key(greatest):
        return False
    return result.kind == ("scored" if key(least) == key(greatest) else "range")
