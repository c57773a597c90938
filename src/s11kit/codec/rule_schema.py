"""The part of the JSON Schema of frameworks that describes rules: which keys a step has depends on its operator."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, get_args

from s11kit.codec.conditions import COMPARISONS, QUANTIFIERS
from s11kit.codec.rules import COMMON, OVER, keys_of_operator
from s11kit.codec.schema import NUMBER, TEXT
from s11kit.codec.tables import fields_of
from s11kit.model import Selection
from s11kit.rules import definition
from s11kit.rules.definition import Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Row, Rung
from s11kit.rules.operators import BUILT_IN
from s11kit.rules.ordering import PICKS, Pick

__all__ = ["RuleSchema"]

Schema = dict[str, Any]


def _named(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_NAMES: Schema = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
_TEXTS: Schema = {"type": "array", "items": TEXT}
_PROFILE: Schema = {"type": "object", "additionalProperties": TEXT}
_NUMBERS: Schema = {"type": "object", "additionalProperties": NUMBER}
_DEFS: dict[str, Schema] = {
    "Constant": {"type": ["string", "number", "boolean"]},
    "Compared": {"oneOf": [{"type": ["string", "number"]}, _PROFILE]},
    "ComparedExactly": {"oneOf": [{"type": ["string", "number", "boolean"]}, _PROFILE]},
    "Value": {"oneOf": [{"enum": ["unit", "points"]}, _NUMBERS]},
    "Weight": {"oneOf": [TEXT, _NUMBERS]},
}
_COMPARE: dict[str, Schema] = {key: _named("ComparedExactly" if key == "is" else "Compared") for key in COMPARISONS}
_TEST, _CONSTANT = _named("Test"), _named("Constant")
_OWN: dict[str, Schema] = {
    "at": _CONSTANT,
    "then": _CONSTANT,
    "else": _CONSTANT,
    "start": _CONSTANT,
    "grades": {"type": "array", "items": _CONSTANT},
    "table": {"type": "object", "additionalProperties": _CONSTANT},
    "value": _named("Value"),
    "weight": _named("Weight"),
}


class RuleSchema:
    """What the maker of schemas has to know of rules: how it makes those classes that are written in a way of their own."""

    cls = Rule

    def __init__(self, of: Callable[[Any, str, type], Schema], table: Callable[[type], Schema], defs: dict[str, Schema]) -> None:
        self._of, self._table, self._defs = of, table, defs
        self.special: dict[type, Callable[[], Schema]] = {
            Rule: self._rule,
            Step: self._step,
            Exemption: lambda: self._with(Exemption, na=self._of(NotApplicableRule, "na", Exemption)),
            Expectation: lambda: self._short(Expectation, definition.Verdict),
            NotApplicableRule: lambda: self._short(NotApplicableRule, definition.NotApplicableWay),
            UnansweredRule: lambda: self._short(UnansweredRule, definition.UnansweredWay),
            Selection: self._over,
            Row: lambda: self._with(Row, when=_TEST, gives=_CONSTANT),
            Rung: lambda: self._with(Rung, when=_TEST, gives=_CONSTANT),
        }

    def _with(self, cls: type, **properties: Schema) -> Schema:
        table = self._table(cls)
        table["properties"] |= {key.removesuffix("_"): schema for key, schema in properties.items()}
        return table

    def _short(self, cls: type, words: Any) -> Schema:
        """A table that may be written as the one word it holds."""
        return {"oneOf": [{"enum": list(get_args(words))}, self._table(cls)]}

    def _over(self) -> Schema:
        properties: Schema = {"over": {"const": "all"}, "refs": _TEXTS, "tag": TEXT, "standard": TEXT, "dimension": _NAMES, "role": _NAMES}
        table = {"type": "object", "minProperties": 1, "properties": {key: properties[key] for key in OVER}, "additionalProperties": False}
        return {"oneOf": [{"const": "all"}, table]}

    def define(self) -> None:
        """Everything that several tables have in common: tests, and what they compare with."""
        selection: Schema = {**self._over()["oneOf"][1]["properties"], "step": TEXT}
        self._defs["Answers"] = {
            "type": "object",
            "properties": {**selection, **_COMPARE, "empty": {"type": "boolean"}},
            "additionalProperties": False,
        }
        self._defs |= _DEFS
        answers = _named("Answers")
        self._defs["Test"] = {
            "type": "object",
            "description": "a test of a rule: how answers, the result of an earlier step, or the action plan compare",
            "minProperties": 1,
            "properties": {
                **dict.fromkeys(QUANTIFIERS, answers),
                "k": {"type": "integer", "minimum": 1},
                "share": NUMBER,
                "empty": {"type": "boolean"},
                "step": TEXT,
                **_COMPARE,
                "plan": TEXT,
                "covers": answers,
                **{key: {"type": "array", "items": _TEST, "minItems": 1} for key in ("both", "either")},
                "not": _TEST,
            },
            "dependentRequired": {"plan": ["covers"], "covers": ["plan"]},
            "additionalProperties": False,
        }

    def _rule(self) -> Schema:
        table = self._with(Rule, empty=_CONSTANT)
        table["properties"]["steps"]["minItems"] = 1
        return table

    def _step(self) -> Schema:
        table = self._with(Step, op={"anyOf": [{"enum": list(BUILT_IN)}, TEXT]}, of=_NAMES, when=_TEST, empty=_CONSTANT)
        del table["additionalProperties"]
        return {**table, "allOf": [self._operator(name, cls) for name, cls in BUILT_IN.items()]}

    def _operator(self, name: str, cls: type) -> Schema:
        """What holds if a step has that operator. Those of installed packages are not known here."""
        fields = [field for field in fields_of(cls) if field.name != "compare"]
        properties = {field.key: self._key(field.key, field.type, cls) for field in fields}
        if len(fields) < len(fields_of(cls)):
            properties |= _COMPARE
        then: Schema = {"properties": properties} if properties else {}
        required = [field.key for field in fields if field.required]
        if required:
            then["required"] = required
        then["propertyNames"] = {"enum": [*COMMON, *keys_of_operator(cls)]}
        return {"if": {"properties": {"op": {"const": name}}, "required": ["op"]}, "then": then}

    def _key(self, key: str, kind: Any, cls: type) -> Schema:
        if key == "pick":
            return {"oneOf": [{"enum": list(PICKS)}, self._of(Pick, key, cls)]}
        return _OWN[key] if key in _OWN and kind is not Fraction else self._of(kind, key, cls)
