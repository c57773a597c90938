"""Every standard and statement with what the levels above it decide: its scale, conditions, requirements and marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import attrs

from s11kit.errors import Path
from s11kit.model.applicability import Condition
from s11kit.model.requirement import Requirements
from s11kit.model.scale import NotApplicablePolicy, Scale
from s11kit.model.source import Provenance
from s11kit.model.tree import Descriptor, Standard, Statement

__all__ = ["Item", "Level", "walk_items"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Item:
    """A standard or statement with everything that the levels above it decide: its scale, conditions, requirements, marks."""

    ref: str
    node: Standard | Statement
    parents: tuple[Standard, ...]
    path: Path
    order: int
    scale: Scale | None
    conditions: tuple[Condition, ...]
    binding: tuple[Condition, ...]
    requirements: Requirements
    not_applicable: NotApplicablePolicy | None
    provenance: Provenance
    tags: frozenset[str]
    optional: bool
    may_not_apply: bool
    """Whether it may be not applicable at all, by its own answer or by that of a standard above it."""
    plain: bool
    """Answered by a grade and nothing else, as most items are."""
    words_demanded: dict[str, bool]
    """For each grade of its scale that demands nothing, or nothing but words of evidence: whether it demands those. Others are left out."""

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement (else a standard)."""
        return isinstance(self.node, Statement)

    @property
    def takes_grade(self) -> bool:
        """Whether it is answered with a grade."""
        return self.node.takes_grade

    @property
    def takes_answer(self) -> bool:
        """Whether it is answered at all."""
        return self.node.takes_grade or (isinstance(self.node, Statement) and self.node.takes_value)

    @property
    def title(self) -> str:
        """Its heading or its text."""
        return self.node.text if isinstance(self.node, Statement) else self.node.title

    def descriptor(self, grade: str) -> Descriptor | None:
        """What a grade looks like here: the item's own descriptor, else the scale's generic one."""
        own = self.node.descriptors.get(grade)
        if own is not None or self.scale is None or grade not in self.scale:
            return own
        found = self.scale.grade(grade)
        return Descriptor(text=found.descriptor, provenance=found.provenance) if found.descriptor else None


@attrs.frozen
class Level:
    """What the levels above an item have decided so far."""

    parents: tuple[Standard, ...]
    scale: str | None
    not_applicable: bool | None
    conditions: tuple[Condition, ...]
    binding: tuple[Condition, ...]
    requirements: Requirements
    provenance: Provenance
    tags: frozenset[str]
    optional: bool


def _words_demanded(scale: Scale | None, requirements: Requirements) -> dict[str, bool]:
    demanded: dict[str, bool] = {}
    for grade in scale.grades if scale is not None else ():
        needs = requirements.evidence.needs if requirements.evidence is not None and grade.id in requirements.evidence.at else ()
        acted = requirements.action is not None and grade.id in requirements.action.at
        expected = requirements.evidence is not None and requirements.evidence.attachments == "expected"
        if not acted and not expected and set(needs) <= {"narrative"}:
            demanded[grade.id] = bool(needs)
    return demanded


def walk_items(standards: tuple[Standard, ...], all_scales: tuple[Scale, ...], level: Level) -> Iterator[Item]:
    """Every item in framework order; `level` is what the framework itself decides."""
    scales = {scale.id: scale for scale in reversed(all_scales)}
    orders = iter(range(10**9))

    def item(node: Standard | Statement, level: Level, path: Path) -> tuple[Item, Level]:
        below = Level(
            level.parents,
            node.scale or level.scale,
            level.not_applicable if node.not_applicable is None else node.not_applicable,
            (*level.conditions, node.applies_when) if node.applies_when else level.conditions,
            (*level.binding, node.binding_when) if node.binding_when else level.binding,
            node.requirements.within(level.requirements),
            node.provenance.within(level.provenance),
            level.tags | set(node.tags),
            level.optional or node.optional,
        )
        scale = scales.get(below.scale or "")
        policy = scale.not_applicable if scale else None
        if policy is None and below.not_applicable:
            policy = NotApplicablePolicy()
        plain = node.takes_grade and not (isinstance(node, Statement) and node.takes_value)
        made = Item(
            ref=node.ref,
            node=node,
            parents=level.parents,
            path=path,
            order=next(orders),
            scale=scale,
            conditions=below.conditions,
            binding=below.binding,
            requirements=below.requirements,
            not_applicable=None if below.not_applicable is False else policy,
            provenance=below.provenance,
            tags=below.tags,
            optional=below.optional,
            may_not_apply=below.not_applicable is not False and (policy is not None or not node.takes_grade),
            plain=plain,
            words_demanded=_words_demanded(scale, below.requirements) if plain and not getattr(node, "spotlight", False) else {},
        )
        return made, below

    def walk(standards: tuple[Standard, ...], level: Level, path: Path) -> Iterator[Item]:
        for place, standard in enumerate(standards):
            here = (*path, "standard", place)
            made, below = item(standard, level, here)
            yield made
            inside = attrs.evolve(below, parents=(*level.parents, standard))
            for number, statement in enumerate(standard.statements):
                yield item(statement, inside, (*here, "statement", number))[0]
            yield from walk(standard.standards, inside, here)

    yield from walk(standards, level, ())
