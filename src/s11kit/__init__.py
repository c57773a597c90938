"""Safeguarding self-assessments (Section 11 of the Children Act 2004) as values that refuse to guess, lose nothing and explain every number."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s11kit._numbers import Rounding
    from s11kit.catalogue import Catalogue, load_assessment, load_framework
    from s11kit.checking import check
    from s11kit.codec import dump_assessment, dump_framework, parse_assessment
    from s11kit.errors import InvalidFile, Problem, S11Error
    from s11kit.model import (
        Action,
        Assessment,
        Evidence,
        Framework,
        Grade,
        Graded,
        NotApplicable,
        Organisation,
        Scale,
        Standard,
        Stated,
        Statement,
        Unanswered,
    )
    from s11kit.planning import ActionPlan, carry_forward, plan
    from s11kit.proving import prove, rule_diff
    from s11kit.scoring import NotScorable, Score, compare, score, score_across

__all__ = [
    "Action",
    "ActionPlan",
    "Assessment",
    "Catalogue",
    "Evidence",
    "Framework",
    "Grade",
    "Graded",
    "InvalidFile",
    "NotApplicable",
    "NotScorable",
    "Organisation",
    "Problem",
    "Rounding",
    "S11Error",
    "Scale",
    "Score",
    "Standard",
    "Stated",
    "Statement",
    "Unanswered",
    "carry_forward",
    "check",
    "compare",
    "dump_assessment",
    "dump_framework",
    "load_assessment",
    "load_framework",
    "parse_assessment",
    "plan",
    "prove",
    "rule_diff",
    "score",
    "score_across",
]

_HOMES = {
    "_numbers": ("Rounding",),
    "catalogue": ("Catalogue", "load_assessment", "load_framework"),
    "checking": ("check",),
    "codec": ("dump_assessment", "dump_framework", "parse_assessment"),
    "errors": ("InvalidFile", "Problem", "S11Error"),
    "planning": ("ActionPlan", "carry_forward", "plan"),
    "proving": ("prove", "rule_diff"),
    "scoring": ("NotScorable", "Score", "compare", "score", "score_across"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Names are looked up when they are first used, so that importing the library costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module 's11kit' has no attribute '{name}'")
    value = getattr(import_module(f"s11kit.{_HOME_OF.get(name, 'model')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
