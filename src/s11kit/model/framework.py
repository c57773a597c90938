"""A framework: one edition of one audit, with its standards, scales, requirements and the boards that own it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, Protocol, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit.errors import Locator, Problem, S11Error, nearest
from s11kit.model._guards import an_id, ids, one_of, some_text
from s11kit.model.applicability import Condition
from s11kit.model.head import Board, Cycle, Decision, Definition, Dimension, DocumentedCount, Layer, ReferenceSet, Role, SharePolicy, SignOff
from s11kit.model.items import Item, Level, walk_items
from s11kit.model.requirement import DEFAULT_ACTION_FIELDS, ActionField, PlanPolicy, Requirements
from s11kit.model.scale import Scale
from s11kit.model.source import UNMARKED, Provenance, Source
from s11kit.model.tree import Standard, Statement

__all__ = ["Framework", "Frameworks"]

NO_NAMES: FrozenDict[str, str] = FrozenDict()
NO_RULES: FrozenDict[str, Any] = FrozenDict()
Status = Literal["draft", "live", "closed", "superseded"]
Grading = Literal["holistic", "worst-part"]


class RuleDefinition(Protocol):
    """A scoring rule, as a framework knows it."""

    @property
    def id(self) -> str:
        """Its name within the framework."""
        ...

    def within(self, framework: Framework) -> Any:
        """The rule, bound to a framework."""
        ...


@final
@attrs.frozen(kw_only=True, slots=False)
class Framework:
    """One edition of one audit.

    >>> from s11kit.model.scale import Grade
    >>> framework = Framework(
    ...     id="our-board", edition="2026", title="Our audit",
    ...     scales=[Scale(id="yes-no", grades=[Grade(id="no", label="No"), Grade(id="yes", label="Yes")])],
    ...     standards=[Standard(ref="1", title="Commitment", statements=[Statement(ref="1.1", text="Somebody leads.")])],
    ... )
    >>> framework.name, framework.item("1.1").scale.id
    ('our-board@2026', 'yes-no')
    """

    id: str = attrs.field(validator=an_id)
    edition: str = attrs.field(validator=an_id)
    title: str = attrs.field(validator=some_text)
    description: str | None = None
    status: Status = attrs.field(default="live", validator=one_of(Status))
    duties: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=ids)
    guidance: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    voluntary: bool = False
    grading: Grading = attrs.field(default="holistic", validator=one_of(Grading))
    default_scale: str | None = None
    documented_count: DocumentedCount = DocumentedCount()
    binding_when: Condition | None = None
    labels: FrozenDict[str, str | tuple[str, ...]] = attrs.field(default=FrozenDict(), converter=frozen_dict)
    areas: FrozenDict[str, str] = attrs.field(default=NO_NAMES, converter=frozen_dict, validator=ids)
    kinds: FrozenDict[str, str] = attrs.field(default=NO_NAMES, converter=frozen_dict, validator=ids)
    settings: FrozenDict[str, str] = attrs.field(default=NO_NAMES, converter=frozen_dict, validator=ids)
    sizes: FrozenDict[str, str] = attrs.field(default=NO_NAMES, converter=frozen_dict, validator=ids)
    cycle: Cycle = Cycle()
    shares: SharePolicy = SharePolicy()
    provenance: Provenance = UNMARKED
    sources: tuple[Source, ...] = attrs.field(default=(), converter=as_tuple)
    boards: tuple[Board, ...] = attrs.field(default=(), converter=as_tuple)
    roles: tuple[Role, ...] = attrs.field(default=(), converter=as_tuple)
    dimensions: tuple[Dimension, ...] = attrs.field(default=(), converter=as_tuple)
    sign_offs: tuple[SignOff, ...] = attrs.field(default=(), converter=as_tuple)
    definitions: tuple[Definition, ...] = attrs.field(default=(), converter=as_tuple)
    reference_sets: tuple[ReferenceSet, ...] = attrs.field(default=(), converter=as_tuple)
    decisions: tuple[Decision, ...] = attrs.field(default=(), converter=as_tuple)
    scales: tuple[Scale, ...] = attrs.field(default=(), converter=as_tuple)
    requirements: Requirements = Requirements()
    action_fields: tuple[ActionField, ...] = attrs.field(default=(), converter=as_tuple)
    plan: PlanPolicy = PlanPolicy()
    standards: tuple[Standard, ...] = attrs.field(default=(), converter=as_tuple)
    rule_definitions: tuple[RuleDefinition, ...] = attrs.field(default=(), converter=as_tuple, alias="rules")
    """The scoring rules as the board wrote them; `rules` holds them at work in this framework."""
    layers: tuple[Layer, ...] = attrs.field(default=(), converter=as_tuple)
    """The overlays this framework went through, base first; empty for one that extends nothing."""
    origin: Locator | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def name(self) -> str:
        """`id@edition`, by which assessments and mappings name it."""
        return f"{self.id}@{self.edition}"

    @property
    def extends(self) -> str | None:
        """The framework this one is an overlay of, if any."""
        return self.layers[-1].base if self.layers else None

    # what is where

    @property
    def _level(self) -> Level:
        """What the framework itself decides for all its items."""
        only = self.scales[0].id if len(self.scales) == 1 else None
        return Level(
            parents=(),
            scale=self.default_scale or only,
            not_applicable=None,
            conditions=(),
            binding=(self.binding_when,) if self.binding_when else (),
            requirements=self.requirements,
            provenance=self.provenance,
            tags=frozenset(),
            optional=False,
        )

    @cached_property
    def items(self) -> FrozenDict[str, Item]:
        """Every standard and statement by reference, in framework order, with what the levels above decide."""
        return FrozenDict(_first_wins(walk_items(self.standards, self.scales, self._level)))

    @cached_property
    def rules(self) -> FrozenDict[str, Any]:
        """The scoring rules by id, in order, each bound to this framework."""
        return FrozenDict({rule.id: rule.within(self) for rule in self.rule_definitions}) if self.rule_definitions else NO_RULES

    @cached_property
    def answerable(self) -> tuple[Item, ...]:
        """The items that take an answer, in order."""
        return tuple(item for item in self.items.values() if item.takes_answer)

    @cached_property
    def conditional(self) -> tuple[Item, ...]:
        """The items that apply only under a condition, of their own or of a standard above them."""
        return tuple(item for item in self.items.values() if item.conditions)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in order, whatever standard they stand under."""
        return tuple(item.node for item in self.items.values() if isinstance(item.node, Statement))

    @property
    def shipped_count(self) -> DocumentedCount:
        """How many outermost standards and how many statements this definition really holds."""
        return DocumentedCount(standards=len(self.standards), statements=len(self.statements))

    def item(self, ref: str) -> Item:
        """The standard or statement with that reference; `S11Error` with the nearest one if there is none."""
        found = self.items.get(ref)
        if found is None:
            message = f"{self.name} has no standard or statement '{ref}'"
            raise S11Error([Problem(code="R005", message=message, hint=nearest(ref, self.items))])
        return found

    def statement(self, ref: str) -> Statement:
        """The statement with that reference; `S11Error` if there is none."""
        node = self.item(ref).node
        if not isinstance(node, Statement):
            raise S11Error([Problem(code="R005", message=f"{ref} is a standard of {self.name}, not a statement")])
        return node

    def scale(self, id: str) -> Scale:
        """The scale with that id; `S11Error` if there is none."""
        for scale in self.scales:
            if scale.id == id:
                return scale
        known = [scale.id for scale in self.scales]
        raise S11Error([Problem(code="R003", message=f"{self.name} has no scale '{id}'", hint=nearest(id, known, listing="defined scales"))])

    def rule(self, id: str) -> Any:
        """The scoring rule with that id, bound to this framework; `S11Error` with the nearest one if there is none."""
        found = self.rules.get(id)
        if found is None:
            hint = nearest(id, self.rules, listing="rules") or "it declares none"
            raise S11Error([Problem(code="R013", message=f"{self.name} has no rule '{id}'", hint=hint, about=id)])
        return found

    @cached_property
    def tags(self) -> frozenset[str]:
        """Every tag that something has."""
        return frozenset(tag for item in self.items.values() for tag in item.tags)

    @cached_property
    def scale_of_grade(self) -> FrozenDict[str, Scale]:
        """For every grade id its scale: grade ids are unique in a framework."""
        return FrozenDict({grade.id: scale for scale in reversed(self.scales) for grade in scale.grades})

    @cached_property
    def plan_fields(self) -> tuple[ActionField, ...]:
        """The columns of the action plan: the board's own, or action, lead, due and status if it declares none."""
        return self.action_fields or DEFAULT_ACTION_FIELDS

    @cached_property
    def plan_field(self) -> FrozenDict[str, ActionField]:
        """The columns of the action plan by id."""
        return FrozenDict({field.id: field for field in self.plan_fields})

    @cached_property
    def due_field(self) -> ActionField | None:
        """The column that says by when an action is to be done; `None` if there is none, or (which `check` reports) it is not clear which."""
        dated = [field for field in self.plan_fields if field.kind in ("date", "timescale")]
        said = [field for field in dated if field.due]
        return said[0] if len(said) == 1 else dated[0] if len(dated) == 1 else None

    @cached_property
    def date_fields(self) -> frozenset[str]:
        """The ids of the action fields that hold a date (or, for a timescale, words)."""
        return frozenset(field.id for field in self.plan_fields if field.kind in ("date", "timescale"))

    def label(self, level: Literal["standard", "statement", "criterion"], depth: int = 0) -> str:
        """What this board calls a level: `category` for a standard in Somerset. `depth` counts nested standards from 0."""
        local = self.labels.get(level, level)
        return local if isinstance(local, str) else local[min(depth, len(local) - 1)] if local else level

    def check_role(self, role: str) -> None:
        """`S11Error` with the nearest one, unless `role` is `self` or a role of this framework."""
        known = ["self", *(each.id for each in self.roles)]
        if role not in known:
            hint = nearest(role, known, listing="roles")
            raise S11Error([Problem(code="A013", message=f"{self.name} has no role '{role}'", hint=hint, about=role)])

    def check_dimension(self, dimension: str | None) -> None:
        """`S11Error` with the nearest one, unless `dimension` is `None` or a dimension of this framework."""
        known = [each.id for each in self.dimensions]
        if dimension is not None and dimension not in known:
            hint = nearest(dimension, known, listing="dimensions") or "this framework has no dimensions"
            raise S11Error([Problem(code="A013", message=f"{self.name} has no dimension '{dimension}'", hint=hint, about=dimension)])

    def layer_of(self, ref: str, key: str | None = None) -> str:
        """Which framework set an item, or one key of it: the last layer that added or changed it."""
        for layer in reversed(self.layers):
            changes = [change for change in layer.changed if change.ref == ref]
            if ref in layer.added or any(key is None or key in change.keys for change in changes):
                return layer.framework
        return self.layers[0].base if self.layers else self.name

    # changed copies

    def _with(self, **changes: Any) -> Framework:
        return attrs.evolve(self, origin=None, **changes)

    def with_id(self, id: str, edition: str, *, title: str | None = None) -> Framework:
        """A copy under another name."""
        return self._with(id=id, edition=edition, title=title or self.title)

    def with_scale(self, scale: Scale) -> Framework:
        """A copy with that scale: added, or in place of the one with the same id."""
        return self._with(scales=_put(self.scales, scale))

    def with_rule(self, rule: RuleDefinition) -> Framework:
        """A copy with that scoring rule: added, or in place of the one with the same id."""
        return self._with(rules=_put(self.rule_definitions, rule))

    def with_board(self, board: Board) -> Framework:
        """A copy with that board: added, or in place of the one with the same id."""
        return self._with(boards=_put(self.boards, board))

    def with_requirements(self, requirements: Requirements) -> Framework:
        """A copy with other requirements for the whole framework."""
        return self._with(requirements=requirements)

    def with_standard(self, standard: Standard, *, after: str | None = None, within: str | None = None) -> Framework:
        """A copy with one more standard: behind the standard `after`, or last; at the top, or `within` another. `S11Error` if either is unknown."""
        if within is None:
            return self._with(standards=_insert(self.standards, standard, after, self.name))
        parent = self._standard(within)
        return self._replace(within, attrs.evolve(parent, standards=_insert(parent.standards, standard, after, within)))

    def with_statement(self, statement: Statement, *, standard: str, after: str | None = None) -> Framework:
        """A copy with one more statement in a standard: behind the statement `after`, or last. `S11Error` if either is unknown."""
        parent = self._standard(standard)
        return self._replace(standard, attrs.evolve(parent, statements=_insert(parent.statements, statement, after, standard)))

    def with_item(self, node: Standard | Statement) -> Framework:
        """A copy in which `node` stands in place of the item with the same reference. `S11Error` if there is none."""
        there = self.item(node.ref).node
        if type(there) is not type(node):
            kind = "statement" if isinstance(there, Statement) else "standard"
            raise S11Error([Problem(code="R005", message=f"{node.ref} is a {kind} of {self.name}, and can only be replaced by one")])
        return self._with(standards=tuple(_replaced(self.standards, {node.ref: node})))

    def with_items(self, nodes: Mapping[str, Standard | Statement]) -> Framework:
        """A copy in which many items are replaced at once; see `with_item`."""
        return self._with(standards=tuple(_replaced(self.standards, nodes)))

    def without(self, ref: str) -> Framework:
        """A copy without that standard (and all it holds) or statement. What still needs it is found by `check`. `S11Error` if there is none."""
        self.item(ref)
        return self._replace(ref, None)

    def _standard(self, ref: str) -> Standard:
        node = self.item(ref).node
        if isinstance(node, Statement):
            raise S11Error([Problem(code="R005", message=f"{ref} is a statement of {self.name}, not a standard")])
        return node

    def _replace(self, ref: str, node: Standard | Statement | None) -> Framework:
        return self._with(standards=tuple(_replaced(self.standards, {ref: node})))


class Frameworks(Protocol):
    """Where frameworks and shared scales are found by name: a catalogue, as the loaders know it."""

    def framework(self, name: str) -> Framework:
        """The framework `id@edition`; `S11Error` if there is none or it is broken."""
        ...

    def shared_scale(self, name: str) -> Scale:
        """The shared scale `id@edition`; `S11Error` if there is none or it is broken."""
        ...


def _first_wins(items: Iterator[Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.ref, item)
    return found


def _put(existing: tuple[Any, ...], new: Any) -> tuple[Any, ...]:
    if any(old.id == new.id for old in existing):
        return tuple(new if old.id == new.id else old for old in existing)
    return (*existing, new)


def _insert(siblings: tuple[Any, ...], new: Any, after: str | None, where: str) -> tuple[Any, ...]:
    if after is None:
        return (*siblings, new)
    for place, sibling in enumerate(siblings, 1):
        if sibling.ref == after:
            return (*siblings[:place], new, *siblings[place:])
    known = [sibling.ref for sibling in siblings]
    raise S11Error(
        [Problem(code="R005", message=f"there is no '{after}' in {where} to stand behind", hint=nearest(after, known, listing="there are"))]
    )


def _replaced(standards: tuple[Standard, ...], nodes: Mapping[str, Standard | Statement | None]) -> Iterator[Standard]:
    """The standards with some items replaced, or left out where there is `None` in their place. A standard replaces all it held, too."""
    for standard in standards:
        if standard.ref in nodes:
            node = nodes[standard.ref]
            if not isinstance(node, Standard):
                continue
            standard = node
        inner = tuple(_replaced(standard.standards, nodes))
        own = tuple(new for statement in standard.statements if isinstance(new := nodes.get(statement.ref, statement), Statement))
        unchanged = inner == standard.standards and own == standard.statements
        yield standard if unchanged else attrs.evolve(standard, standards=inner, statements=own)
