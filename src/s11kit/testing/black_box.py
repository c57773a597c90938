"""Scoring rules that are functions: your own Python, another program, a spreadsheet; decided by trying, because they cannot be taken apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal, final

import attrs

from s11kit._frozen import FrozenDict
from s11kit._numbers import exact
from s11kit.model import Assessment, Framework, Item, NotApplicable, Scale
from s11kit.model.assessment import Graded
from s11kit.proving import Verdict, Witness
from s11kit.proving.enumerating import Enumerator
from s11kit.proving.trying import Subject
from s11kit.rules.binding import BoundRule, Variable
from s11kit.rules.definition import ALL, Expectation, Rule, Step
from s11kit.rules.laws import LAWS
from s11kit.rules.operator import Absent, Kind, Reads, Value, Variance
from s11kit.rules.result import Result

__all__ = ["BlackBoxRule", "FunctionFailed"]

_SYMMETRIES = ("all", "scale", "standard")


class FunctionFailed(Exception):
    """A scoring function raised an exception, or gave something that is no result; `assessment` is what it was given."""

    def __init__(self, message: str, assessment: Assessment) -> None:
        super().__init__(message)
        self.assessment = assessment


@final
@attrs.frozen(kw_only=True)
class _Function:
    """The operator that stands for a function in the rule that says which answers there are. It is never run."""

    name: ClassVar[str] = "function"
    reads: ClassVar[Reads] = "number"
    variance: ClassVar[Variance] = "unknown"
    value: str = "unit"
    kind: Any

    def gives(self, items: Kind) -> Kind:
        """The kind of result that the function has."""
        found: Kind = self.kind
        return found

    def compute(self, items: list[Any]) -> Any:
        """Nothing: the function sees whole assessments."""
        raise NotImplementedError("the function is given whole assessments")


@final
class BlackBoxRule:
    """A function from an assessment to a result, to be held to the laws of scoring rules.

    `result` says what it gives: a scale (or its id in the framework), on which it gives grade ids; `"number"`, exact and never a float; or `"truth"`.
    `None` means not scored. `symmetric_within` declares which statements may exchange their answers without any effect: those with the same value of
    a weight (by its name), all on one `"scale"`, all in one `"standard"`, `"all"`, or those for which a function of the item gives the same. The
    declaration is tested itself (S5), and makes many more statements possible to try.

    >>> from s11kit import Catalogue
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19").without("8")
    >>> small = framework.without("1").without("2").without("3").without("4").without("5").without("6")
    >>> def worst(assessment):
    ...     said = {answer.grade for ref in ("7.1", "7.2") if hasattr(answer := assessment.answer(ref), "grade")}
    ...     return next((grade for grade in ("not-met", "partly-met", "fully-met") if grade in said), None)
    >>> rule = BlackBoxRule(worst, framework=small, result=small.scales[0])
    >>> from s11kit.testing import laws_of
    >>> [law.decide().words for law in laws_of(rule, ["S2", "S7"])]
    ['proven (exhaustive: 25 summaries)', 'refuted']
    """

    def __init__(
        self,
        score: Callable[[Assessment], Any],
        *,
        framework: Framework,
        result: Scale | str,
        symmetric_within: str | Callable[[Item], Hashable] | None = None,
        id: str | None = None,
        title: str | None = None,
        better: Literal["higher", "lower"] = "higher",
        expect: Mapping[str, str | Expectation] | None = None,
    ) -> None:
        self.function, self.framework, self.symmetric_within = score, framework, symmetric_within
        kind: Kind = result if isinstance(result, Scale) else result if result in ("number", "truth") else framework.scale(result)  # type: ignore[assignment]
        name = id or _id(getattr(score, "__name__", "") or "function")
        step = Step(id="function", over=ALL, op=_Function(kind=kind))
        self.stub = BoundRule(Rule(id=name, title=title, better=better, steps=(step,)), framework)
        given = {law: each if isinstance(each, Expectation) else Expectation(verdict=each) for law, each in (expect or {}).items()}  # type: ignore[arg-type]
        self.expect: FrozenDict[str, Expectation] = FrozenDict({_name_of(law): each for law, each in given.items()})
        self._alike()

    def __repr__(self) -> str:
        return f"BlackBoxRule({self.id}, {self.framework.name})"

    @property
    def id(self) -> str:
        """Its name."""
        return self.stub.id

    @property
    def kind(self) -> Kind:
        """What it gives: a scale, `number` or `truth`."""
        return self.stub.kind

    def score(self, assessment: Assessment) -> Result:
        """Its result for an assessment. `FunctionFailed` with the assessment if it raises an exception, or gives what is no result."""
        value = self.value(assessment)
        return Result(bound=self.stub, assessments=(assessment,), least=value, greatest=value)

    def value(self, assessment: Assessment) -> Value:
        """The same, as rules compute it: a number, the rank of a grade, true or false, or absent."""
        try:
            given = self.function(assessment)
        except Exception as error:
            raise FunctionFailed(f"{self.id} raised {type(error).__name__}: {error}\n  for {_answers(assessment)}", assessment) from error
        value = _read(given, self.kind)
        if value is _STRAY:
            raise FunctionFailed(f"{self.id} gave {given!r}, {_why(given, self.kind)}\n  for {_answers(assessment)}", assessment)
        return Absent("not scored", self.id, "the function gives no result") if value is None else value

    # deciding

    @property
    def subject(self) -> Subject:
        """What is tried."""
        alike, words = self._alike()
        return Subject(rule=self.stub, score=self.score, alike=alike, alike_words=words)

    def decide(self, law: str, by: Enumerator) -> Verdict:
        """The verdict on a law, by its name in `expect`."""
        if law == "bounded":
            return self._bounded(by)
        if law == "na_neutral":
            return self._na_neutral(by)
        found = by.decide(law)
        if found is None:
            why = _NOT_OURS.get(law, "a function has no steps of which this could be said")
            return Verdict(rule=self.id, law=LAWS[law], kind="does not apply", reasons=(why,))
        return found

    def _bounded(self, by: Enumerator) -> Verdict:
        """What comes out is a result at all: the one law for which a wrong result is a counterexample, and no failure."""
        strays: list[str] = []

        def score(assessment: Assessment) -> Result:
            try:
                return self.score(assessment)
            except FunctionFailed as error:
                if error.__cause__ is not None:
                    raise
                strays.append(str(error).partition("\n")[0])
                value = Absent("refused", self.id, strays[-1])
                return Result(bound=self.stub, assessments=(assessment,), least=value, greatest=value)

        trying = Enumerator(attrs.evolve(self.subject, score=score), budget=by.budget, tries=by.tries)

        def holds(assessment: Assessment) -> bool | str:
            found = score(assessment)
            return not (isinstance(found.least, Absent) and found.least.kind == "refused") or "look at what it gives"

        made = trying.held(LAWS["bounded"], holds)
        if made.kind == "refuted":
            return made
        ends = trying.decide("bounded")
        return made if ends is None else ends

    def _na_neutral(self, by: Enumerator) -> Verdict:
        """Whether not applicable counts as if the framework did not have the statement."""
        law, refs = LAWS["na_neutral"], [v.slots[0].ref for v in self.stub.machine.variables if v.may_not_apply]
        if not refs:
            return Verdict(rule=self.id, law=law, kind="does not apply", reasons=("no statement may be answered with not applicable",))
        if self.framework.conditional:
            return Verdict(rule=self.id, law=law, kind="undecided", tried="nothing: some statements apply only under conditions")
        without = {ref: self.framework.without(ref) for ref in refs}
        witness: list[Result] = []

        def holds(assessment: Assessment) -> bool | str:
            here = self.value(assessment)
            for ref in refs:
                if len(refs) > 1 and isinstance(assessment.answer(ref), NotApplicable):
                    rest = FrozenDict({other: entry for other, entry in assessment.answers.items() if other != ref})
                    there = self.value(attrs.evolve(assessment, framework=without[ref], answers=rest, origin=None))
                    if self.stub.key(here) != self.stub.key(there):
                        witness[:] = [Result(bound=self.stub, assessments=(assessment,), least=there, greatest=there)]
                        return f"add {ref}, answered not applicable"
            return True

        try:
            made = by.held(law, holds)
        except FunctionFailed as error:
            tried = f"a framework without some statement, for which the function fails ({str(error).partition(chr(10))[0]})"
            return Verdict(rule=self.id, law=law, kind="undecided", tried=tried)
        if made.witness is not None:
            holds(made.witness.before)
            shown = Witness(
                before=made.witness.before, result=witness[0], other=made.witness.result, change=made.witness.change, size=made.witness.size,
                differing=made.witness.differing,
            )  # fmt: skip
            made = attrs.evolve(made, witness=shown)
        return made

    def _alike(self) -> tuple[Callable[[Variable], Hashable] | None, str]:
        """Which statements are declared to be interchangeable, and in words."""
        said = self.symmetric_within
        if said is None:
            return None, ""
        if callable(said):
            chosen: Callable[[Item], Hashable] = said
            return lambda variable: chosen(variable.slots[0].item), "statements declared to be alike"
        if said == "all":
            return lambda variable: _scale(variable.slots[0].item), "all statements"
        if said == "scale":
            return lambda variable: _scale(variable.slots[0].item), "statements on the same scale"
        if said == "standard":
            return lambda variable: (_scale(variable.slots[0].item), variable.slots[0].item.parents[-1:]), "statements of the same standard"
        names = {name for statement in self.framework.statements for name in statement.weights}
        if said not in names:
            known = ", ".join([*sorted(names), *_SYMMETRIES])
            raise ValueError(f"no statement has a weight '{said}'; symmetric_within may be {known}, or a function of an item")
        word = str(said)
        words = f"statements of the same {word}"
        return lambda variable: (_scale(variable.slots[0].item), getattr(variable.slots[0].item.node, "weights", {}).get(word)), words


_NOT_OURS = {
    "exact": "a float is refused wherever it comes out; what a function computes with inside cannot be seen",
    "sharp_edges": "a function declares no bands and no tables",
    "range_exact": "a function gives no ranges",
    "ordinal": "the numbers that a function gives to grades cannot be seen",
    "decomposable": "a function cannot be applied to sections alone",
}
_STRAY: Any = object()


def _name_of(law: str) -> str:
    from s11kit.proving.proof import law_name

    return law_name(law)


def _id(name: str) -> str:
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return "-".join(filter(None, words.split("-"))) or "function"


def _scale(item: Item) -> Hashable:
    return item.scale.id if item.scale is not None else None


def _read(given: Any, kind: Kind) -> Value:
    """A result as rules compute it; `None` for not scored, `_STRAY` for what is no result."""
    if given is None:
        return None
    if isinstance(kind, Scale):
        return kind.rank(given) if isinstance(given, str) and given in kind else _STRAY
    if kind == "truth":
        return given if isinstance(given, bool) else _STRAY
    if isinstance(given, (bool, float, str)):
        return _STRAY
    try:
        return Fraction(exact(given))
    except (TypeError, ValueError):
        return _STRAY


def _why(given: Any, kind: Kind) -> str:
    if isinstance(kind, Scale):
        return f"which is no grade of '{kind.id}'"
    if kind == "truth":
        return "which is neither True nor False"
    return "which is not exact: give an int, a Decimal or a Fraction" if isinstance(given, float) else "which is no number"


def _answers(assessment: Assessment) -> str:
    """The answers of an assessment in words."""
    return ", ".join(_said(assessment, assessment.framework.answerable)) or "an empty assessment"


def _said(assessment: Assessment, items: Iterable[Item]) -> Iterable[str]:
    for item in items:
        answer = assessment.answer(item.ref)
        if isinstance(answer, Graded):
            yield f"{item.ref} {item.scale.grade(answer.grade).label if item.scale is not None and answer.grade in item.scale else answer.grade}"
        elif isinstance(answer, NotApplicable):
            yield f"{item.ref} not applicable"
        elif item.takes_grade:
            yield f"{item.ref} unanswered"
