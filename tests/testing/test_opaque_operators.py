"""Rules in which an operator is a function of all its items: they cannot be taken apart, so their laws are decided by trying."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar, final

import attrs
import pytest

from s11kit import Framework
from s11kit._frozen import FrozenDict
from s11kit.proving import Prover
from s11kit.proving.opaque import enumerated
from s11kit.rules import ALL, BoundRule, Mean, NotApplicableRule, Rule, Step, UnansweredRule

Make = Callable[..., Framework]
VALUE = {"red": 0, "amber": 1, "green": 2}
WORST: dict[str, Any] = {"na": NotApplicableRule(policy="worst"), "unanswered": UnansweredRule(policy="worst")}


@final
@attrs.frozen(kw_only=True)
class Own:
    """An operator as a package might install it, without a fold."""

    name: ClassVar[str] = "own"
    reads: ClassVar[str] = "number"
    value: Any = attrs.field(default=FrozenDict({grade: Fraction(value) for grade, value in VALUE.items()}))
    how: Callable[[list[Any]], Any]

    def compute(self, items: list[Any]) -> Any:
        return self.how([value for value, _ in items])

    def gives(self, items: Any) -> Any:
        return "number"


def bound(make: Make, op: Any, statements: int = 3, **policies: Any) -> BoundRule:
    rule = Rule(id="own", steps=[Step(id="result", op=op, over=ALL)], **policies)
    return make(statements, grades=("Red", "Amber", "Green"), rules=(rule,)).rules["own"]


def mean(values: list[Any]) -> Fraction:
    return Fraction(sum(values), len(values))


@pytest.mark.parametrize("policies", [{}, WORST], ids=["excluded", "worst"])
def test_a_mean_that_cannot_be_taken_apart_gets_the_verdicts_of_one_that_can(make: Make, policies: Any) -> None:
    """The same mean, as a fold and as a function: the same verdicts, the same smallest counterexamples."""
    opaque, fold = bound(make, Own(how=mean), **policies), Prover(bound(make, Mean(value=VALUE), **policies))
    for law in ("order_independent", "monotone", "na_safe", "unanswered_never_improves", "bounded", "responsive"):
        tried, proved = enumerated(opaque, law), fold.decide(law)
        assert tried is not None
        assert (law, tried.kind) == (law, proved.kind)
        if proved.witness is not None and tried.witness is not None:
            assert (tried.witness.change, tried.witness.size) == (proved.witness.change, proved.witness.size)


def test_an_operator_that_cares_for_order_is_found(make: Make) -> None:
    """The last item alone is no result of a set of answers."""
    verdict = enumerated(bound(make, Own(how=lambda values: Fraction(values[-1]))), "order_independent")
    assert verdict is not None and verdict.kind == "refuted"
    assert verdict.witness is not None and "'result' cares for the order of its items" in verdict.witness.change


def test_a_hidden_dip_is_found(make: Make) -> None:
    """Improving one answer of three makes it fall: only trying finds that."""
    verdict = enumerated(bound(make, Own(how=lambda values: Fraction(0 if sum(values) == 5 else sum(values))), **WORST), "monotone")
    assert verdict is not None and verdict.kind == "refuted"
    assert verdict.witness is not None and verdict.witness.other is not None
    assert (verdict.witness.result.value, verdict.witness.other.value) == (4, 0)


def test_what_trying_cannot_tell_stays_undecided(make: Make) -> None:
    """Recodings and sections need a rule that can be taken apart; laws about anything else are left to the prover."""
    rule = bound(make, Own(how=mean))
    found = {law: enumerated(rule, law) for law in ("ordinal", "decomposable", "anonymous", "na_neutral", "sharp_edges")}
    assert {verdict.kind for verdict in found.values() if verdict is not None} == {"undecided"}
    assert enumerated(rule, "exact") is None
    assert enumerated(bound(make, Own(how=mean), unanswered=UnansweredRule(policy="range")), "unanswered_never_improves") is None


def test_beyond_the_budget_it_is_not_refuted(make: Make) -> None:
    """With more assessments than the budget allows, there is no proof."""
    verdict = enumerated(bound(make, Own(how=mean), 8, **WORST), "monotone", budget=100)
    assert verdict is not None and verdict.kind == "not_refuted"
