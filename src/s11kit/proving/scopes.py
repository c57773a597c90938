"""For whom a law is decided: the kinds of organisation to whom different statements apply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, final

import attrs

from s11kit.model import AnswerTest, Assessment, Framework, Organisation, OrganisationTest
from s11kit.model.applicability import ORGANISATION_FIELDS, parts
from s11kit.rules.binding import BoundRule, Variable
from s11kit.rules.states import Exhausted

__all__ = ["Circle", "circles"]

EXAMPLE = "An example"
_MOST = 4096
"""How many organisations are looked at; with more, nothing is decided."""
_WORDS = 8
"""How many areas (or settings) conditions may ask for, so that all their combinations are looked at."""


@final
@attrs.frozen(eq=False)
class Circle:
    """Organisations to whom the same statements apply: one of them, and the answers of a rule that are out of scope (or may be) for it."""

    organisation: Organisation
    out: frozenset[Variable]
    free: frozenset[Variable]

    @property
    def words(self) -> str:
        """Who they are, where that matters."""
        organisation, said = self.organisation, []
        for field in ("kind", "size"):
            said += [str(getattr(organisation, field))] if getattr(organisation, field) else []
        for field in ("areas", "settings"):
            said += sorted(getattr(organisation, field) or ())
        said += [] if organisation.statutory is None else ["bound by the duty" if organisation.statutory else "not bound by the duty"]
        return ", ".join(said)


def circles(rule: BoundRule) -> list[Circle]:
    """One circle for every set of statements that can apply to an organisation. Answers that depend on other answers are free in all of them.

    `Exhausted` if there are too many kinds of organisation to look at them all.
    """
    framework, machine = rule.framework, rule.machine
    dependent = {item.ref for item in framework.conditional if any(isinstance(t, AnswerTest) for c in item.conditions for _, t in parts(c))}
    free = frozenset(variable for variable in machine.variables if variable.slots[0].ref in dependent)
    found: dict[frozenset[Variable], Circle] = {}
    for number, organisation in enumerate(_organisations(framework)):
        if number == _MOST:
            raise Exhausted(_MOST)
        scope = Assessment(framework=framework, organisation=organisation).scope
        out = frozenset(v for v in machine.variables if v.slots[0].ref in scope.out and v not in free)
        if len(out) < len(machine.variables):
            found.setdefault(out, Circle(organisation, out, free))
    return sorted(found.values(), key=lambda circle: len(circle.out))


def _organisations(framework: Framework) -> Iterator[Organisation]:
    """Organisations that differ in what the conditions of a framework ask for; those to whom most applies come first."""
    asked: dict[str, dict[str, None]] = {field: {} for field in ORGANISATION_FIELDS}
    statutory = False
    for item in framework.conditional:
        for condition in item.conditions:
            for _, test in parts(condition):
                if isinstance(test, OrganisationTest):
                    statutory = statutory or test.statutory is not None
                    for field in ORGANISATION_FIELDS:
                        asked[field].update(dict.fromkeys(sorted(getattr(test, field))))
    declared = {"kind": framework.kinds, "areas": framework.areas, "settings": framework.settings, "size": framework.sizes}
    choices: list[list[tuple[str, Any]]] = []
    for field in ORGANISATION_FIELDS:
        words = list(asked[field])
        if not words:
            continue
        others = [word for word in declared[field] if word not in words][:1] or ([] if declared[field] else ["other"])
        if field in ("kind", "size"):
            choices.append([(field, word) for word in [*words, *others]])
        else:
            if len(words) > _WORDS:
                raise Exhausted(2**_WORDS)
            sets = [frozenset(chosen) for size in range(len(words), 0, -1) for chosen in combinations(words, size)]
            choices.append([(field, chosen) for chosen in (*sets, frozenset(others))])
    if statutory:
        choices.append([("statutory", True), ("statutory", False)])
    for given in product(*choices):
        yield Organisation(name=EXAMPLE, **dict(given))
