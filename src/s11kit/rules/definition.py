"""A scoring rule as a board writes it: named steps, what happens to absent answers, and what the board expects of it. Nothing here computes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit._numbers import exact
from s11kit.errors import FieldError
from s11kit.model import Framework, Selection, Test
from s11kit.model._guards import an_id, one_of, some_text
from s11kit.model.source import UNMARKED, Provenance

if TYPE_CHECKING:
    from s11kit.rules.binding import BoundRule

__all__ = [
    "ALL", "Empty", "Exemption", "Expectation", "NotApplicableRule", "Rule", "Step", "UnansweredRule", "Verdict",
]  # fmt: skip

NotApplicableWay = Literal["exclude", "worst", "as", "refuse"]
UnansweredWay = Literal["exclude", "worst", "refuse", "range"]
Verdict = Literal["proven", "refuted", "undecided", "not_refuted"]
Better = Literal["higher", "lower"]
Empty: TypeAlias = str | bool | Fraction
"""What a step gives when nothing is left to score: `"not_scored"`, `"not_applicable"`, or a declared result."""
ALL = Selection(over_all=True)
"""All statements that take a grade."""


def texts(value: Any) -> tuple[str, ...]:
    """An attrs converter: one name, or a list of names."""
    return (value,) if isinstance(value, str) else as_tuple(value)


def exact_table(value: Any) -> Any:
    """An attrs converter: a table of exact numbers; a word stays a word."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise FieldError((), "a table of numbers is needed", code="K003", hint="such as { red = 0, amber = 1, green = 2 }")
    return FrozenDict({key: exact(number) for key, number in value.items()})


def _share(_: Any, field: Any, value: Fraction | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise FieldError(field.name, "a share is a number from 0 to 1", code="K009", hint='write a fifth as "1/5"')


@final
@attrs.frozen(kw_only=True)
class NotApplicableRule:
    """What a rule does with answers that say "not applicable".

    `exclude` leaves them out, `worst` counts them as the worst grade, `as` counts them as `grade` (a grade id, or `"target"`), `refuse` stops the
    rule. More than `max_share` (0 to 1) of the statements that a step looks at: refused. With `needs_reason`, one without a reason counts as
    unanswered. `coupled` names dimensions: not applicable along one of them is not applicable along all.
    """

    policy: NotApplicableWay = attrs.field(default="exclude", validator=one_of(NotApplicableWay))
    grade: str | None = None
    max_share: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact), validator=_share)
    needs_reason: bool = False
    coupled: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if (self.policy == "as") != (self.grade is not None):
            message = "not applicable counts as which grade?" if self.grade is None else f"policy '{self.policy}' uses no grade"
            hint = 'write { policy = "as", grade = "..." }' if self.grade is None else 'write policy = "as", or leave grade out'
            raise FieldError("grade" if self.grade is not None else (), message, code="K011", hint=hint)
        if len(self.coupled) == 1:
            raise FieldError("coupled", "one dimension alone cannot be coupled", code="K011", hint="name two or more")


@final
@attrs.frozen(kw_only=True)
class UnansweredRule:
    """What a rule does with blanks.

    `exclude` leaves them out, `worst` counts them as the worst grade, `refuse` stops the rule, `range` gives the least and greatest result over all
    ways to fill them in. Fewer answered than `min_answered` (0 to 1, of what applies): refused. With `prorate`, a sum is scaled up from what was
    answered to what applies.
    """

    policy: UnansweredWay = attrs.field(default="exclude", validator=one_of(UnansweredWay))
    min_answered: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact), validator=_share)
    prorate: bool = False

    def __attrs_post_init__(self) -> None:
        if self.prorate and self.policy != "exclude":
            raise FieldError("prorate", f"a sum is prorated where blanks are left out, not under '{self.policy}'", code="K011")


@final
@attrs.frozen(kw_only=True)
class Exemption:
    """An exception for single statements (`except` in a file): left out, or with a value, weight or treatment of its own. The reason is required."""

    refs: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    tag: str | None = None
    leave_out: bool = False
    value: FrozenDict[str, Fraction] | None = attrs.field(default=None, converter=exact_table)
    weight: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact))
    na: NotApplicableRule | None = None
    reason: str = attrs.field(validator=some_text)

    def __attrs_post_init__(self) -> None:
        if bool(self.refs) == (self.tag is not None):
            raise FieldError((), "an exception is for some refs or for a tag", code="K011", hint="give one of them")
        given = [self.leave_out, self.value is not None, self.weight is not None, self.na is not None]
        if not any(given):
            raise FieldError((), "this exception changes nothing", code="K011", hint="give leave_out, value, weight or na")
        if self.leave_out and sum(given) > 1:
            raise FieldError("leave_out", "what is left out has no value, weight or treatment", code="K011")


@final
@attrs.frozen(kw_only=True)
class Expectation:
    """What a board expects of a law, strict both ways: `proven`, or a refutation it has accepted (by whom, when and why)."""

    verdict: Verdict = attrs.field(validator=one_of(Verdict))
    accepted_by: str | None = None
    date: datetime.date | None = None
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.verdict == "proven" and (self.accepted_by or self.reason):
            raise FieldError("verdict", "what is proven needs no acceptance", code="K011", hint="leave accepted_by and reason out")


@final
@attrs.frozen(kw_only=True)
class Step:
    """One named step of a rule: an operator, and what it works on.

    It looks at statements (`over`) or at the results of earlier steps (`of`). With `each` it runs once per group at that level of the framework, and
    the results of the groups are what later steps look at.
    """

    id: str = attrs.field(validator=an_id)
    op: Any
    """An operator: one of those in `s11kit.rules`, or one that is installed."""
    over: Selection | None = None
    of: tuple[str, ...] = attrs.field(default=(), converter=texts)
    each: str | None = None
    except_: tuple[Exemption, ...] = attrs.field(default=(), converter=as_tuple)
    when: Test | None = None
    na: NotApplicableRule | None = None
    unanswered: UnansweredRule | None = None
    empty: Empty | None = None
    flag: str | None = attrs.field(default=None, validator=some_text)
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.over is not None and self.of:
            hint = "a step looks at statements (over) or at steps (of)"
            raise FieldError("of", f"step '{self.id}' looks at statements and at steps", code="K011", hint=hint)


@final
@attrs.frozen(kw_only=True)
class Rule:
    """A scoring rule: named steps, the last of which is the result.

    `result` is the id of a scale, `"number"` or `"truth"`; `better = "lower"` says that a lower number is the better one. `report` lists steps that
    are shown beside the result. `over = "assessments"` scores across organisations.
    """

    id: str = attrs.field(validator=an_id)
    title: str | None = None
    result: str | None = None
    better: Better = attrs.field(default="higher", validator=one_of(Better))
    over: Literal["statements", "assessments"] = attrs.field(default="statements", validator=one_of(Literal["statements", "assessments"]))
    na: NotApplicableRule | None = None
    """For all steps that say nothing else; `None` if the board has not said, and then they are left out."""
    unanswered: UnansweredRule | None = None
    """The same for blanks."""
    empty: Empty = "not_scored"
    steps: tuple[Step, ...] = attrs.field(converter=as_tuple)
    report: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    expect: FrozenDict[str, Expectation] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    provenance: Provenance = UNMARKED

    def __attrs_post_init__(self) -> None:
        if not self.steps:
            raise FieldError("steps", f"rule '{self.id}' has no steps", code="K010", hint="the last step is the result")

    def within(self, framework: Framework) -> BoundRule:
        """The rule at work in a framework. Binding happens when the rule is first used; see `BoundRule`."""
        from s11kit.rules.binding import BoundRule  # a bound rule is made of definitions

        return BoundRule(self, framework)

    def step(self, id: str) -> Step | None:
        """The step with that id, if there is one."""
        return next((step for step in self.steps if step.id == id), None)
