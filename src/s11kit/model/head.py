"""What stands at the head of a framework: its boards, roles, cycle, sign-offs, decisions, and the record of its overlays."""

from __future__ import annotations

import datetime
from typing import Literal, final

import attrs

from s11kit._frozen import FrozenDict, as_tuple, frozen_dict
from s11kit._numbers import Rounding
from s11kit.model._guards import an_id, one_of, some_text
from s11kit.model.applicability import Condition
from s11kit.model.source import UNMARKED, Provenance

__all__ = [
    "BASES", "Base", "Board", "Cycle", "Decision", "Definition", "Dimension", "DocumentedCount", "Layer", "LayerChange", "ReferenceSet", "Role",
    "SharePolicy", "SignOff",
]  # fmt: skip

Base = Literal["all", "applicable", "graded"]
BASES: tuple[Base, ...] = ("all", "applicable", "graded")
CyclePattern = Literal["annual", "two-yearly", "twice-yearly", "alternating", "rolling", "live", "once"]
Meaning = Literal["same", "changed"]


@final
@attrs.frozen(kw_only=True)
class Board:
    """A body that owns the framework and receives assessments, those for which `receives_when` holds."""

    id: str = attrs.field(validator=an_id)
    name: str = attrs.field(validator=some_text)
    receives_when: Condition | None = None
    contact: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Role:
    """A second opinion that stands beside the organisation's own (`self`): a moderator, a panel, a commissioner."""

    id: str = attrs.field(validator=an_id)
    label: str = attrs.field(validator=some_text)
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Dimension:
    """A side from which a statement is graded in parallel, such as on paper and in practice."""

    id: str = attrs.field(validator=an_id)
    label: str = attrs.field(validator=some_text)
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class SignOff:
    """An approval that the board asks for: whose, of what, before what."""

    role: str = attrs.field(validator=some_text)
    statement: str | None = None
    before: Literal["submission"] = attrs.field(default="submission", validator=one_of(Literal["submission"]))
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Definition:
    """A term that the framework explains."""

    term: str
    text: str
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class ReferenceSet:
    """An outside list that statements refer to."""

    id: str = attrs.field(validator=an_id)
    title: str
    url: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Decision:
    """A slip or a gap in the source (`found`), and what this definition does about it (`decided`)."""

    found: str
    decided: str
    about: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class Cycle:
    """When the audit comes round."""

    pattern: CyclePattern | None = attrs.field(default=None, validator=one_of(CyclePattern))
    period: str | None = None
    opens: datetime.date | None = None
    due: datetime.date | None = None
    submission: str | None = None
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class SharePolicy:
    """How percentages are shown unless the reader asks otherwise: of what base, rounded to what (in percentage points), how."""

    base: Base = attrs.field(default="applicable", validator=one_of(Base))
    rounding: Rounding = Rounding()
    provenance: Provenance = UNMARKED


@final
@attrs.frozen(kw_only=True)
class DocumentedCount:
    """How many standards and statements the board is known to have; `None` where that is not published."""

    standards: int | None = None
    statements: int | None = None


@final
@attrs.frozen(kw_only=True)
class LayerChange:
    """What one layer changed in one item: which keys, and whether answers before and after still mean the same."""

    ref: str
    keys: tuple[str, ...]
    meaning: Meaning = attrs.field(validator=one_of(Meaning))


@final
@attrs.frozen(kw_only=True)
class Layer:
    """What one overlay did to its base: the record that says which file set each value."""

    framework: str
    base: str
    head: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    added: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    changed: tuple[LayerChange, ...] = attrs.field(default=(), converter=as_tuple)
    removed: FrozenDict[str, str] = attrs.field(default=FrozenDict(), converter=frozen_dict)
