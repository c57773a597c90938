"""How the model's classes are spelt in files: which attribute stands under which key. Structuring, writing and the JSON Schemas all read from here.

A key is the attribute's own name, but that arrays of tables are named in the singular (`[[standard]]`), that Python keywords lose their
underscore, and that the parts of a `Provenance` (and of a `Rounding`) stand directly in the table they belong to.
"""

from __future__ import annotations

from functools import cache
from keyword import iskeyword
from typing import Any

import attrs

from s11kit import model
from s11kit._numbers import Rounding
from s11kit.model.source import Provenance

KEYS: dict[type, dict[str, str]] = {
    model.Framework: {
        "sources": "source",
        "boards": "board",
        "roles": "role",
        "dimensions": "dimension",
        "sign_offs": "sign_off",
        "definitions": "definition",
        "reference_sets": "reference_set",
        "decisions": "decision",
        "scales": "scale",
        "action_fields": "action_field",
        "standards": "standard",
        "rule_definitions": "rule",
    },
    model.Standard: {"statements": "statement", "standards": "standard"},
    model.Statement: {"criteria": "criterion"},
    model.Entry: {"actions": "action", "dimensions": "dimension", "criteria": "criterion"},
    model.Assessment: {"actions": "action", "answers": "answer", "overrides": "override"},
    Provenance: {"mark": "provenance", "sources": "source"},
}
FLAT: tuple[type, ...] = (Provenance, Rounding)
"""Classes whose keys stand in the table around them."""
NOT_IN_FILES: dict[type, frozenset[str]] = {
    model.Framework: frozenset({"layers", "origin"}),
    model.Assessment: frozenset({"origin", "framework", "extra"}),
    model.Scale: frozenset({"_ranks", "used_from"}),
}


@attrs.frozen
class Field:
    """One attribute of a class and how it is spelt."""

    name: str
    init: str
    """What the constructor calls it."""
    key: str
    type: Any
    required: bool
    default: Any


@cache
def fields_of(cls: type) -> tuple[Field, ...]:
    """The attributes of a class that stand in files, in order; `extra` (unknown keys) is not among them."""
    attrs.resolve_types(cls)
    names, left_out = KEYS.get(cls, {}), NOT_IN_FILES.get(cls, frozenset())
    return tuple(
        Field(
            field.name,
            field.alias or field.name,
            str(names.get(field.name, field.name.removesuffix("_") if iskeyword(field.name.removesuffix("_")) else field.name)),
            field.type,
            field.default is attrs.NOTHING,
            field.default if not isinstance(field.default, attrs.Factory) else field.default.factory(),  # type: ignore[arg-type]
        )
        for field in attrs.fields(cls)
        if field.init and field.name not in left_out and field.name != "extra"
    )


def keeps_unknown_keys(cls: type) -> bool:
    """Whether a table keeps keys that nobody knows (all tables of an assessment do)."""
    return "extra" in attrs.fields_dict(cls)
