"""Strategies for Hypothesis: sound frameworks, assessments, rules, and files that must be refused.

They shrink towards the simplest: a framework of one statement, a uniform assessment, a rule of one step. With Hypothesis installed,
`hypothesis.strategies.from_type` knows `Scale`, `Framework` and `Assessment` without an import of this module.
"""

from s11kit.testing.strategies.answers import answers, assessments, partial, step
from s11kit.testing.strategies.broken import Broken, invalid_toml
from s11kit.testing.strategies.frameworks import AREAS, conditions, frameworks, scales, texts
from s11kit.testing.strategies.rules import rules

__all__ = ["AREAS", "Broken", "answers", "assessments", "conditions", "frameworks", "invalid_toml", "partial", "rules", "scales", "step", "texts"]
