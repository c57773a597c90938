"""Verdicts in words, for whoever reads why a test failed."""

from __future__ import annotations

from fractions import Fraction

from s11kit._numbers import number_text
from s11kit.proving import Verdict, Witness
from s11kit.proving.verdict import answers_of
from s11kit.rules.result import Result

__all__ = ["account", "failure"]

_MOST = 12


def failure(verdict: Verdict) -> str:
    """Why a verdict is not what it should be, and what can be done."""
    lines = [account(verdict)]
    if verdict.expected is not None:
        lines.append(f"  Expected: {verdict.expected}.")
        if verdict.kind == "proven":
            lines.append("  That was accepted once and is true no longer: take the expectation away, or expect 'proven'.")
    elif verdict.kind == "refuted":
        lines.append(
            f'  Mend the rule, or say who accepts it: expect {verdict.law.name} = {{ verdict = "refuted", accepted_by = ..., reason = ... }}.'
        )
    elif verdict.kind == "not_refuted":
        lines.append("  That is no proof. Declare which statements are interchangeable, raise the budget, or expect 'not_refuted'.")
    if verdict.kind == "undecided":
        lines.append("  Undecided is never as good as proven. Raise the budget, or expect 'undecided'.")
    return "\n".join(lines)


def account(verdict: Verdict) -> str:
    """The verdict with its reasons and its counterexample, one thing to a line."""
    lines = [verdict.sentence]
    lines += [f"  {reason}" for reason in verdict.reasons]
    if verdict.tried:
        lines.append(f"  Tried: {verdict.tried}.")
    if verdict.witness is not None:
        lines += [f"  {line}" for line in example(verdict.witness)]
    return "\n".join(lines)


def example(witness: Witness) -> list[str]:
    """A counterexample: the answers, what is changed, and both results."""
    pairs = answers_of(witness.before, witness.result)
    answers = ", ".join(f"{name} {words}" for name, words in pairs) if len(pairs) <= _MOST else witness.summary
    change = witness.change[:1].upper() + witness.change[1:]
    lines = [answers, change + ":"]
    if witness.other is None:
        return [answers, f"{change}: the result is {exactly(witness.result)}"]
    return [*lines, f"    {exactly(witness.result)}  ->  {exactly(witness.other)}"]


def exactly(result: Result) -> str:
    """A result in words; a number in full."""
    return number_text(result.value) if isinstance(result.value, Fraction) else result.text
