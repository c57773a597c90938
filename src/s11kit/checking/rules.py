"""Whether the scoring rules of a framework fit it, and whether the overrides in an assessment may stand."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from s11kit._numbers import number_text
from s11kit.errors import Problem, nearest
from s11kit.model import Assessment, Framework
from s11kit.proving.structural import band_limits
from s11kit.rules.binding import BoundRule
from s11kit.rules.evaluation import override_fault, override_step

__all__ = ["check_overrides", "check_rules"]


def check_rules(framework: Framework) -> Iterator[Problem]:
    """Every rule, put together with the framework."""
    seen: set[str] = set()
    for place, definition in enumerate(framework.rule_definitions):
        if definition.id in seen:
            message = f"two rules are called '{definition.id}'"
            yield Problem(code="R001", message=message, path=("rule", place, "id"), hint="every rule has an id of its own", about=definition.id)
            continue
        seen.add(definition.id)
        rule: BoundRule = framework.rules[definition.id]
        for problem in dict.fromkeys(rule.problems):
            yield attrs.evolve(problem, path=("rule", place, *problem.path))
        if not any(problem.severity == "error" for problem in rule.problems):
            yield from _bands(rule, place)


def _bands(rule: BoundRule, place: int) -> Iterator[Problem]:
    """A number that falls below the lowest band would come to nothing, and a band that no number reaches is dead."""
    for step, least, most in band_limits(rule):
        op, edge = step.step.op, step.step.op.edges[0]
        for number, high in enumerate(op.edges[1:], 1):
            if most < high or (most == high and op.edge == "exclusive"):
                numbers = f"the numbers go from {number_text(least)} to {number_text(most)}"
                message = f"nothing ever reaches the band '{op.grades[number]}' of rule '{rule.id}': {numbers}"
                hint = 'put the edges on the same footing as the values: with value = "unit" they lie between 0 and 1'
                yield Problem(code="J018", message=message, path=("rule", place, *step.path, "edges", number), hint=hint, about=step.id)
                break
        if least >= edge:
            continue
        message = f"step '{step.id}' of rule '{rule.id}' has no band below {number_text(edge)}, and there are results down to {number_text(least)}"
        hint = f"let the lowest band begin at {number_text(least)}"
        yield Problem(code="J006", message=message, path=("rule", place, *step.path, "edges"), hint=hint, about=step.id)


def check_overrides(assessment: Assessment) -> Iterator[Problem]:
    """Every override names a rule that allows one, by somebody who may, with what it needs."""
    rules = assessment.framework.rules
    seen: set[str] = set()
    for place, override in enumerate(assessment.overrides):
        path = ("override", place)
        rule = rules.get(override.rule)
        if rule is None:
            hint = nearest(override.rule, rules, listing="rules") or "the framework declares no rules"
            message = f"{assessment.framework.name} has no rule '{override.rule}'"
            yield Problem(code="A024", message=message, path=(*path, "rule"), hint=hint, about=override.rule)
            continue
        step = override_step(rule)
        if step is None:
            message = f"rule '{rule.id}' cannot be overridden"
            yield Problem(code="A024", message=message, path=(*path, "rule"), hint='a rule that can be has a step op = "override"', about=rule.id)
            continue
        if rule.id in seen:
            yield Problem(code="A024", message=f"rule '{rule.id}' is overridden twice", path=(*path, "rule"), hint="keep one of them", about=rule.id)
        seen.add(rule.id)
        fault = override_fault(rule, step, override)
        if fault is not None:
            yield Problem(code="A024", message=fault[0], path=path, hint=fault[1], about=rule.id)
