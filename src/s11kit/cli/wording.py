"""Facts of a framework in words, for people: marks, conditions, what a grade demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from s11kit._dates import long
from s11kit._numbers import number_text
from s11kit.errors import counted, listed
from s11kit.model import Cycle, DocumentedCount, Framework, Grade, Item, Provenance, Requirement, Scale, Statement
from s11kit.model.applicability import AnyTest, Both, Condition, Either, Not, OrganisationTest
from s11kit.model.requirement import Level

FIRM: dict[Level, str] = {"must": "needs", "should": "should have", "review": "may deserve"}
EVIDENCE = {"narrative": "evidence in words", "impact": "its impact", "documents": "documents", "outcome": "the four-part outcome story"}


def mark(provenance: Provenance) -> str:
    """How an item is known: `documented`, or `documented, words reconstructed`."""
    known = provenance.mark or "not marked"
    return known if provenance.wording in (None, provenance.mark) else f"{known}, words {provenance.wording}"


def condition(conditions: tuple[Condition, ...], framework: Framework) -> str | None:
    """Conditions that must all hold, in words."""
    return "applies when " + " and ".join(spelled(test, framework) for test in conditions) if conditions else None


def spelled(test: Condition, framework: Framework) -> str:
    """A condition in words, with the names that the framework gives to areas, kinds, settings and sizes."""
    return _named(test, framework).sentence


def _named(test: AnyTest, framework: Framework) -> AnyTest:
    if isinstance(test, OrganisationTest):
        return attrs.evolve(
            test,
            kind=[named(id, framework.kinds) for id in test.kind],
            areas=[named(id, framework.areas) for id in test.areas],
            settings=[named(id, framework.settings) for id in test.settings],
            size=[named(id, framework.sizes) for id in test.size],
        )
    if isinstance(test, (Both, Either)):
        return attrs.evolve(test, tests=tuple(_named(one, framework) for one in test.tests))
    return attrs.evolve(test, test=_named(test.test, framework)) if isinstance(test, Not) else test


def named(id: str, names: Mapping[str, str]) -> str:
    """An id with the name that it has, unless that says the same: `nhs-trust (NHS trust or foundation trust)`."""
    name = names.get(id, id)
    return id if name.casefold().replace(" ", "-") == id else f"{id} ({name})"


def title_of(framework: Framework, ref: str) -> str:
    """A reference with its words: `Standard 8 (Neglect)`."""
    item = framework.items[ref]
    label = framework.label("statement") if item.is_statement else framework.label("standard", len(item.parents))
    return f"{label.capitalize()} {ref} ({item.title})"


def out_of_scope(framework: Framework, ref: str) -> str:
    """Why something does not concern the organisation, in a sentence."""
    return f"{title_of(framework, ref)} is out of scope: it {condition(framework.items[ref].conditions, framework)}."


def counts(count: DocumentedCount) -> str:
    """`8 standards, 52 statements`; what is not known is left out."""
    parts = [] if count.standards is None else [counted(count.standards, "standard")]
    parts += [] if count.statements is None else [counted(count.statements, "statement")]
    return ", ".join(parts)


def cycle(cycle: Cycle) -> str:
    """When the audit comes round, in one line."""
    parts: list[str] = [cycle.pattern] if cycle.pattern else []
    parts += [f"round {cycle.period}"] if cycle.period else []
    parts += [f"opens {long(cycle.opens)}"] if cycle.opens else []
    parts += [f"due {long(cycle.due)}"] if cycle.due else []
    parts += [f"sent in: {cycle.submission}"] if cycle.submission else []
    return ", ".join(parts)


def _parts(kind: Literal["evidence", "action"], names: tuple[str, ...], framework: Framework) -> list[str]:
    labels = EVIDENCE if kind == "evidence" else {field.id: field.label for field in framework.plan_fields}
    return [labels.get(name, name) for name in names]


def demand(kind: Literal["evidence", "action"], requirement: Requirement, level: Level, framework: Framework) -> str:
    """What one requirement asks at one grade: `needs an action with Lead, Action and Timescale; welcome: Progress`."""
    needs, invites = _parts(kind, requirement.needs, framework), _parts(kind, requirement.invites, framework)
    if kind == "evidence":
        asked = f"{FIRM[level]} {listed(needs) or 'evidence'}"
    else:
        asked = f"{FIRM[level]} an action" + (f" with {listed(needs)}" if needs else "")
    return asked + (f"; welcome: {listed(invites)}" if invites else "")


def demands(item: Item, grade: str, framework: Framework) -> Iterator[str]:
    """Everything an item asks for at a grade."""
    if (evidence := item.requirements.evidence) is not None and (level := evidence.level(grade)) is not None:
        yield demand("evidence", evidence, level, framework)
    if (action := item.requirements.action) is not None and (level := action.level(grade)) is not None:
        yield demand("action", action, level, framework)


def looks_like(item: Item, grade: Grade) -> str | None:
    """What a grade looks like at an item; where nothing is said of that, what the grade means anywhere."""
    found = item.descriptor(grade.id)
    if found is None:
        return f"{grade.meaning} (in general)" if grade.meaning else None
    general = " (in general)" if grade.id not in item.node.descriptors else ""
    return ("On top of the grade below: " if found.cumulative else "") + found.text + general


def not_applicable(item: Item) -> str:
    """How not applicable is answered here, in words."""
    policy = item.not_applicable
    if policy is None:
        return "may not be answered here"
    asked = {"reason": "a reason", "alternative": "what is done instead"}
    needs, invites = listed(asked[word] for word in policy.needs), listed(asked[word] for word in policy.invites)
    return f"needs {needs or 'nothing more'}" + (f"; welcome: {invites}" if invites else "")


def scale_head(scale: Scale) -> str:
    """The name of a scale."""
    return f"Scale '{scale.id}'" + (f": {scale.title}" if scale.title else "")


def asks(node: Statement) -> str | None:
    """What a statement that takes something else than a grade asks for."""
    if not node.takes_value:
        return "nothing to answer" if node.kind == "prompt" else None
    words = {"text": "words", "person": "a person", "number": "a number", "date": "a date", "yes-no": "yes or no", "percentage": "a percentage"}
    asked = words.get(node.kind) or "options: " + ", ".join(f"{option.label} ({option.id})" for option in node.options)
    limits = [f"at least {number_text(node.minimum)}"] if node.minimum is not None else []
    limits += [f"at most {number_text(node.maximum)}"] if node.maximum is not None else []
    return asked + (f" in {node.unit}" if node.unit else "") + (f", {' and '.join(limits)}" if limits else "")
