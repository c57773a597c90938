"""Scoring: what was answered, counted. Counts and shares come for free; a judgement is declared as a rule, and `score["rule"]` is its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit._numbers import Rounding, number_text, percent
from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Assessment, Framework, Graded, Item, NotApplicable, Standard, Stated
from s11kit.model.assessment import SELF, UNANSWERED
from s11kit.model.fit import answers_it, undeclared, unusable
from s11kit.model.head import BASES, Base
from s11kit.rules.result import Result

__all__ = ["Change", "Comparison", "NotScorable", "Score", "Tally", "compare", "score", "score_across"]


class NotScorable(S11Error):
    """An assessment cannot be counted, because any count would be a guess; `problems` says what would settle it."""


@final
@attrs.frozen(kw_only=True, slots=False)
class Tally:
    """Counts of the answers under one standard, or in total. Every graded item in scope is in exactly one of the counts.

    `statements` is their number: the grades, `not_applicable` and `unanswered` add up to it. Statements of other kinds (text, dates ...) are counted
    apart, in `other_answered` and `other_unanswered`.
    """

    ref: str | None
    title: str
    statements: int
    grades: FrozenDict[str, int]
    not_applicable: int
    unanswered: int
    other_answered: int = 0
    other_unanswered: int = 0
    standards: tuple[Tally, ...] = ()

    @property
    def graded(self) -> int:
        """How many have a grade."""
        return sum(self.grades.values())

    def base(self, base: Base) -> int:
        """How many a share is taken of: `all` in scope, `applicable` (all less not applicable) or `graded` (applicable less unanswered)."""
        return {"all": self.statements, "applicable": self.statements - self.not_applicable, "graded": self.graded}[_base(base)]

    def share(self, grade: str, *, base: Base) -> Fraction | None:
        """The exact share of a grade, 0 to 1, or of `not_applicable` or `unanswered` where the base holds them; `None` for a share of nothing.

        `S11Error` if there is no such grade here.
        """
        of = self.base(base)
        if (grade == "unanswered" and base == "graded") or (grade == "not_applicable" and base != "all"):
            raise S11Error([Problem(code="K004", message=f"{grade.replace('_', ' ')} answers are not among those that base '{base}' counts")])
        if grade in ("unanswered", "not_applicable"):
            count = self.unanswered if grade == "unanswered" else self.not_applicable
        elif grade in self.grades:
            count = self.grades[grade]
        else:
            raise S11Error(
                [Problem(code="R004", message=f"there is no grade '{grade}' here", hint=nearest(grade, self.grades, listing="grades"), about=grade)]
            )
        return Fraction(count, of) if of else None

    @property
    def completeness(self) -> Fraction | None:
        """The share of what has been answered, 0 to 1, not applicable and statements of other kinds included; `None` where nothing is asked."""
        asked = self.statements + self.other_answered + self.other_unanswered
        return Fraction(asked - self.unanswered - self.other_unanswered, asked) if asked else None

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"ref": self.ref, "title": self.title} if self.ref is not None else {}
        out |= {"statements": self.statements, "grades": dict(self.grades), "not_applicable": self.not_applicable, "unanswered": self.unanswered}
        if self.other_answered or self.other_unanswered:
            out["other"] = {"answered": self.other_answered, "unanswered": self.other_unanswered}
        if self.standards:
            out["standards"] = [standard.to_dict() for standard in self.standards]
        return out


def _base(base: str) -> Base:
    if base not in BASES:
        raise S11Error([Problem(code="K004", message=f"'{base}' is not a base of shares", hint="one of: all, applicable, graded")])
    return base


_NOT_APPLICABLE, _UNANSWERED, _OTHER, _OTHER_UNANSWERED = range(4)
_FIRST_GRADE = 4
_Row: TypeAlias = tuple[str, int, dict[str, int] | None, bool]


class _Plan:
    """How the answers to one framework are counted: one row of counters per standard. Made once per framework."""

    def __init__(self, framework: Framework) -> None:
        self.grades: tuple[str, ...] = tuple(grade.id for scale in framework.scales for grade in scale.grades)
        self.column = {grade: number for number, grade in enumerate(self.grades, _FIRST_GRADE)}
        self.width = len(self.grades) + _FIRST_GRADE
        standards = [item for item in framework.items.values() if not item.is_statement]
        self.row_of = {item.ref: number for number, item in enumerate(standards)}
        self.items: list[_Row] = []
        self.groups = tuple(item.ref for item in framework.items.values() if not item.takes_answer)
        self.below: dict[str, list[str]] = {item.ref: [] for item in standards}
        used: dict[str, set[str]] = {item.ref: set() for item in standards}
        for item in framework.answerable:
            above = [parent.ref for parent in item.parents] + ([] if item.is_statement else [item.ref])
            columns = {grade.id: self.column[grade.id] for grade in item.scale.grades} if item.takes_grade and item.scale is not None else {}
            self.items.append((item.ref, self.row_of[above[-1]], columns if item.takes_grade else None, item.takes_grade))
            for ref in above:
                self.below[ref].append(item.ref)
                used[ref] |= columns.keys()
        self.columns_of = {ref: tuple((grade, self.column[grade]) for grade in self.grades if grade in grades) for ref, grades in used.items()}
        self.all_columns = tuple(self.column.items())


def _plan(framework: Framework) -> _Plan:
    found = framework.__dict__.get("_scoring_plan")
    if found is None:
        found = framework.__dict__["_scoring_plan"] = _Plan(framework)
    return found


@final
@attrs.frozen(kw_only=True, slots=False, eq=False)
class Score:
    """What an assessment comes to: a tally, the shares in it, and the results of the framework's rules. Exact throughout.

    `score["overall"]` is the result of the rule `overall`; rules are worked out when they are asked for.

    >>> from s11kit import Catalogue, load_assessment, score
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> result = score(example)
    >>> result.total.grades["fully-met"], result.share("fully-met", base="graded")
    (27, Fraction(27, 37))
    """

    assessment: Assessment
    role: str = SELF
    dimension: str | None = None
    _counts: tuple[list[int], ...] = attrs.field(repr=False, alias="counts")

    @cached_property
    def tally(self) -> tuple[Tally, ...]:
        """A tally per outermost standard in scope; nested standards stand inside theirs, which counts them in."""
        framework = self.assessment.framework
        plan, out = _plan(framework), self.assessment.scope.out
        made = [self._made(standard, plan, out) for standard in framework.standards]
        return tuple([tally for tally, _ in filter(None, made)])

    @cached_property
    def total(self) -> Tally:
        """The tally of everything in scope."""
        plan = _plan(self.assessment.framework)
        sums = [sum(column) for column in zip(*self._counts, strict=True)] if self._counts else [0] * plan.width
        return _tally(None, "Total", sums, plan.all_columns, ())

    @cached_property
    def rules(self) -> FrozenDict[str, Result]:
        """The results of the framework's rules by id, in order; without those that score across organisations."""
        rules = self.assessment.framework.rules
        return FrozenDict({id: rule.score(self.assessment) for id, rule in rules.items() if rule.rule.over == "statements"})

    def __getitem__(self, rule: str) -> Result:
        """The result of a rule; `S11Error` with the nearest one if there is none."""
        found = self.assessment.framework.rule(rule)
        known_results = self.__dict__.get("rules")
        result: Result = known_results[rule] if known_results and rule in known_results else found.score(self.assessment)
        return result

    @property
    def out_of_scope(self) -> tuple[str, ...]:
        """The references that a condition excludes, outermost only: a standard speaks for what it holds."""
        return self.assessment.scope.outermost

    def standard(self, ref: str) -> Tally:
        """The tally of one standard, nested ones included. `S11Error` if there is none in scope."""
        todo = list(self.tally)
        while todo:
            tally = todo.pop()
            if tally.ref == ref:
                return tally
            todo += tally.standards
        raise S11Error([Problem(code="R005", message=f"no standard '{ref}' is in scope")])

    def share(self, grade: str, *, base: Base | None = None) -> Fraction | None:
        """The exact share of a grade in total; see `Tally.share`. The base is the framework's own unless another is given."""
        return self.total.share(grade, base=base or self.assessment.framework.shares.base)

    def share_text(self, grade: str, *, base: Base | None = None, rounding: Rounding | None = None) -> str:
        """A share as people read it, with its base and its rounding: `71.1 % (27 of 38 applicable), to the nearest 0.1, half-up`."""
        policy = self.assessment.framework.shares
        base, rounding = base or policy.base, rounding or policy.rounding
        share, of = self.total.share(grade, base=base), self.total.base(base)
        words = {"all": "in scope", "applicable": "applicable", "graded": "graded"}[base]
        if share is None:
            return f"not scored: nothing is {words}"
        return f"{percent(share, rounding)} ({share * of} of {of} {words}), {rounding.sentence}"

    @property
    def completeness(self) -> Fraction | None:
        """The share of what applies that has been answered, 0 to 1."""
        return self.total.completeness

    def to_dict(self, *, base: Base | None = None, rounding: Rounding | None = None) -> dict[str, Any]:
        """For `--json`: exact numbers as text, never floats."""
        policy = self.assessment.framework.shares
        base, rounding = base or policy.base, rounding or policy.rounding
        _base(base)

        def shares(tally: Tally) -> dict[str, Any]:
            names = [*tally.grades, *(["not_applicable"] if base == "all" else []), *(["unanswered"] if base != "graded" else [])]
            found = {name: tally.share(name, base=base) for name in names}
            return {"of": tally.base(base), "grades": {name: None if share is None else str(share) for name, share in found.items()}}

        def flat(tallies: tuple[Tally, ...]) -> Iterator[Tally]:
            for tally in tallies:
                yield tally
                yield from flat(tally.standards)

        return {
            "framework": self.assessment.framework.name,
            "organisation": self.assessment.organisation.name,
            "role": self.role,
            **({"dimension": self.dimension} if self.dimension else {}),
            "tally": {
                "standards": [tally.to_dict() for tally in self.tally],
                "total": self.total.to_dict(),
                "out_of_scope": list(self.out_of_scope),
            },
            "completeness": None if self.completeness is None else str(self.completeness),
            "shares": {
                "base": base,
                "rounding": {"nearest": None if rounding.nearest is None else number_text(rounding.nearest), "mode": rounding.mode},
                "standards": {str(tally.ref): shares(tally) for tally in flat(self.tally)},
                "total": shares(self.total),
            },
            "rules": {id: result.to_dict() for id, result in self.rules.items()},
        }

    def _made(self, standard: Standard, plan: _Plan, out: frozenset[str]) -> tuple[Tally, list[int]] | None:
        """The tally of a standard and the counters behind it; nothing if all of it is out of scope."""
        ref = standard.ref
        if out and (ref in out or (plan.below[ref] and out.issuperset(plan.below[ref]))):
            return None
        sums = self._counts[plan.row_of[ref]]
        if not standard.standards:
            return _tally(ref, standard.title, sums, plan.columns_of[ref], ()), sums
        inner = [made for below in standard.standards if (made := self._made(below, plan, out)) is not None]
        for _, more in inner:
            sums = [a + b for a, b in zip(sums, more, strict=True)]
        return _tally(ref, standard.title, sums, plan.columns_of[ref], tuple([tally for tally, _ in inner])), sums


def _tally(ref: str | None, title: str, sums: list[int], columns: tuple[tuple[str, int], ...], inner: tuple[Tally, ...]) -> Tally:
    return Tally(
        ref=ref,
        title=title,
        grades=FrozenDict({grade: sums[column] for grade, column in columns}),
        statements=sum(sums) - sums[_OTHER] - sums[_OTHER_UNANSWERED],
        not_applicable=sums[_NOT_APPLICABLE],
        unanswered=sums[_UNANSWERED],
        other_answered=sums[_OTHER],
        other_unanswered=sums[_OTHER_UNANSWERED],
        standards=inner,
    )


def score(assessment: Assessment, *, role: str = SELF, dimension: str | None = None) -> Score:
    """Count an assessment, as the organisation (`self`) or another role graded it.

    `NotScorable` if any count would be a guess: a grade that is not on its scale, an answer to a statement that does not exist, a condition that
    the organisation's own entry does not settle. What is merely missing is counted as unanswered.
    """
    framework, answers, scope = assessment.framework, assessment.answers, assessment.scope
    plan = _plan(framework)
    items = framework.items
    if scope.unsettled or not answers.keys() <= items.keys() or any(undeclared(assessment)):
        raise _not_scorable(assessment)
    plain = role == SELF and dimension is None
    if not plain:
        framework.check_role(role)
        framework.check_dimension(dimension)
    if any([answers[ref].answer.__class__ in (Graded, Stated) for ref in plan.groups if ref in answers]):
        raise _not_scorable(assessment)
    counts = tuple([0] * plan.width for _ in plan.row_of)
    out = scope.out
    for ref, row, columns, graded in plan.items:
        if out and ref in out:
            continue
        entry = answers.get(ref)
        if entry is None:
            answer: Any = UNANSWERED
        else:
            answer = entry.answer if plain else entry.view(role, dimension).answer
        kind = answer.__class__
        if kind is Graded and columns is not None:
            column = columns.get(answer.grade)
            if column is None or (answer.value is not None and not _sound(items[ref], answer)):
                raise _not_scorable(assessment)
            counts[row][column] += 1
        elif kind is NotApplicable:
            counts[row][_NOT_APPLICABLE if graded else _OTHER] += 1
        elif kind is Stated and not graded:
            if not answers_it(items[ref], answer):
                raise _not_scorable(assessment)
            counts[row][_OTHER] += 1
        elif kind is Graded or (kind is Stated and items[ref].plain):
            raise _not_scorable(assessment)
        elif items[ref].parents and isinstance(assessment.inherited(items[ref], role), NotApplicable):
            counts[row][_NOT_APPLICABLE if graded else _OTHER] += 1
        elif not graded and items[ref].optional:
            continue
        else:
            counts[row][_UNANSWERED if graded else _OTHER_UNANSWERED] += 1
    return Score(assessment=assessment, role=role, dimension=dimension, counts=counts)


def score_across(assessments: Iterable[Assessment], rule: str) -> Result:
    """The result of a rule `over = "assessments"` for several organisations' answers to one framework.

    `NotScorable` if any of the assessments cannot be counted; `S11Error` if there is no such rule, it scores one assessment at a time, or the
    assessments answer different frameworks.
    """
    from s11kit.rules.evaluation import evaluate_across

    counted = [score(assessment) for assessment in assessments]
    if not counted:
        raise S11Error([Problem(code="K004", message="there are no assessments to score")])
    return evaluate_across(counted[0].assessment.framework.rule(rule), [each.assessment for each in counted])


def _sound(item: Item, answer: Graded) -> bool:
    """Whether a value that stands beside a grade belongs there."""
    return answer.value is not None and not item.plain and answers_it(item, Stated(answer.value))


def _not_scorable(assessment: Assessment) -> NotScorable:
    return NotScorable(problem.located(assessment.origin) for problem in unusable(assessment))


# comparing

Direction = Literal["better", "worse", "same", "other"]


@final
@attrs.frozen(kw_only=True)
class Change:
    """One item as answered twice. `direction` is `other` where the two cannot be ordered: a blank, not applicable, another kind of answer."""

    ref: str
    title: str
    before: str
    after: str
    direction: Direction


@final
@attrs.frozen(kw_only=True)
class Comparison:
    """Two sets of answers to the same framework, item by item: two roles in one assessment, or two assessments."""

    before: Score
    after: Score
    changes: tuple[Change, ...]

    @property
    def differing(self) -> tuple[Change, ...]:
        """The items that are not answered the same."""
        return tuple(change for change in self.changes if change.direction != "same")

    def count(self, direction: Direction) -> int:
        """How many items went that way."""
        return sum(change.direction == direction for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        counts: Mapping[str, int] = {word: self.count(word) for word in ("better", "worse", "same", "other")}
        return {"counts": dict(counts), "changes": [attrs.asdict(change) for change in self.differing]}


def compare(before: Score, after: Score) -> Comparison:
    """Compare two scores of the same framework, item by item, wherever either applies. `S11Error` if the frameworks differ.

    >>> from s11kit import Catalogue, score
    >>> example = Catalogue.default().example("cambridgeshire-peterborough@2017-19", "published-summary")
    >>> compare(score(example), score(example.with_grade("3.1", "fully-met"))).count("same")
    45
    """
    one, two = before.assessment, after.assessment
    if one.framework.name != two.framework.name:
        message = f"{one.framework.name} and {two.framework.name} are different frameworks"
        raise S11Error([Problem(code="R006", message=message, hint="only answers to the same framework can be compared")])
    if one.framework != two.framework:
        message = f"there are two different definitions of {one.framework.name} here"
        raise S11Error([Problem(code="R006", message=message, hint="read both assessments with the same catalogue")])
    changes: list[Change] = []
    for item in two.framework.answerable:
        if item.ref in one.scope.out and item.ref in two.scope.out:
            continue
        words = [_said(s, item) for s in (before, after)]
        changes.append(Change(ref=item.ref, title=item.title, before=words[0][0], after=words[1][0], direction=_direction(*words)))
    return Comparison(before=before, after=after, changes=tuple(changes))


def _said(found: Score, item: Item) -> tuple[str, Any]:
    """An answer in words, and as what it is compared by."""
    if item.ref in found.assessment.scope.out:
        return "out of scope", "out of scope"
    answer = found.assessment.answer(item.ref, role=found.role, dimension=found.dimension)
    if isinstance(answer, Graded) and item.scale is not None:
        beside = "" if answer.value is None else f", {answer.value}"
        return item.scale.grade(answer.grade).label + beside, (item.scale.rank(answer.grade), answer.value)
    if isinstance(answer, Stated):
        said = {True: "yes", False: "no"}[answer.value] if isinstance(answer.value, bool) else str(answer.value)
        return said, answer
    return ("not applicable", NotApplicable()) if isinstance(answer, NotApplicable) else ("unanswered", UNANSWERED)


def _direction(before: tuple[str, Any], after: tuple[str, Any]) -> Direction:
    one, two = before[1], after[1]
    if one == two:
        return "same"
    if isinstance(one, tuple) and isinstance(two, tuple) and one[0] != two[0]:
        return "better" if two[0] > one[0] else "worse"
    return "other"
