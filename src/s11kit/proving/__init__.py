"""Proving scoring rules: for every law a proof, or the smallest counterexample; and where two rules differ."""

from s11kit.proving.deciding import Prover
from s11kit.proving.differing import Difference, rule_diff
from s11kit.proving.proof import Report, prove
from s11kit.proving.verdict import Verdict, Witness

__all__ = ["Difference", "Prover", "Report", "Verdict", "Witness", "prove", "rule_diff"]
