"""The table of combinators and their laws: the prover and a second opinion against it, every cell."""

from __future__ import annotations

import attrs
import pytest

from s11kit.proving import Prover
from s11kit.rules import BoundRule, Rule

from .table import LAWS, ROWS, Row, framework
from .trying_all import Everything, Found, everything, other_form

SIGNS = {"proven": "+", "refuted": "-", "does not apply": ".", "undecided": "?"}


def second(law: str, bound: BoundRule, prover: Prover, whole: Everything) -> str:
    """What trying all assessments says."""
    if law in ("monotone", "na_safe", "unanswered_never_improves"):
        found: Found | None = whole.by_changes(law)
    elif law == "bounded":
        found = whole.bounded(prover.structure.limits)
    elif law == "decomposable":
        form = other_form(bound)[0]
        found = whole.differing(form) if form is not None and fits(form, bound) else None
    else:
        found = getattr(whole, law)()
    return "." if found is None else "-" if found.broken else "+"


def fits(form: Rule, bound: BoundRule) -> bool:
    """Whether another form of a rule gives something that can be compared with its result."""
    made = attrs.evolve(form, better="higher").within(bound.framework)
    return not any(problem.severity == "error" for problem in made.problems) and made.kind == bound.kind


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_cell(row: Row) -> None:
    """The prover and the second opinion say what the table says; a law that only recodings can refute may stay undecided."""
    bound = framework(*row.shape, weights=row.weights, tags=row.tags).with_rule(row.rule).rules["row"]
    prover, [whole] = Prover(bound), everything(bound)
    for law in LAWS.values():
        proved, tried = SIGNS[prover.decide(law).kind], second(law, bound, prover, whole)
        assert proved == tried or (law == "ordinal" and (proved, tried) == ("?", "+")), law
        assert tried == row.expected.get(law, tried), law


def test_both_verdicts_are_met() -> None:
    """Every law of the table is both proven and refuted in it (S3 cannot be refuted: the library states the range itself)."""
    for law in LAWS.values():
        signs = {row.expected.get(law) for row in ROWS}
        assert "+" in signs and ("-" in signs or law == "bounded"), law
