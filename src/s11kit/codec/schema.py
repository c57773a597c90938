"""JSON Schemas of the files, generated from the model, so that an editor says what the loader would say. `nox -s schemas` writes them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import attrs

from s11kit import model
from s11kit._frozen import FrozenDict
from s11kit.codec.assessment import ASSESSMENT_FORMAT, AssessmentFile
from s11kit.codec.framework import FRAMEWORK_FORMAT, SCALE_FORMAT
from s11kit.codec.overlay import REMOVABLE
from s11kit.codec.tables import FLAT, fields_of, keeps_unknown_keys
from s11kit.model import applicability

__all__ = ["KINDS", "NUMBER", "TEXT", "generate", "json_schema"]

Kind = Literal["framework", "scale", "assessment"]
KINDS: tuple[Kind, ...] = ("framework", "scale", "assessment")
Schema = dict[str, Any]

_ID = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80}
_REF = {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", "maxLength": 80}
_NAME = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*@[a-z0-9]+(-[a-z0-9]+)*$"}
TEXT = {"type": "string"}
NUMBER = {"oneOf": [{"type": "number"}, {"type": "string", "pattern": "^[+-]?[0-9]+(\\.[0-9]+|/[0-9]+)?$"}]}
_DATE = {"type": "string", "description": "a date: 2026-03-31, or as text 31/03/2026"}
_VALUE = {"type": ["string", "boolean", "number", "array"], "items": TEXT}


def json_schema(kind: Kind) -> Schema:
    """The shipped JSON Schema (draft 2020-12) of a kind of file: `framework` (overlays too), `scale` or `assessment`. `KeyError` for another kind.

    >>> json_schema("scale")["title"]
    's11kit scale file'
    """
    if kind not in KINDS:
        raise KeyError(kind)
    found: Schema = json.loads((files("s11kit") / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return found


def generate(kind: Kind) -> Schema:
    """The schema, made from the model as it is now."""
    maker = _Maker()
    top = {"framework": maker.framework, "scale": maker.scale_file, "assessment": maker.assessment}[kind]()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"s11kit {kind} file",
        **top,
        "$defs": {name: maker.defs[name] for name in sorted(maker.defs)},
    }


class _Maker:
    """Collects the definition of every class that is met."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}
        self._special: dict[type, Callable[[], Schema]] = {
            model.Scale: self._scale,
            model.Requirement: self._requirement,
            model.Descriptor: lambda: {"oneOf": [TEXT, self._object(model.Descriptor)]},
            model.Evidence: lambda: {"oneOf": [TEXT, self._object(model.Evidence)]},
            model.Entry: self._entry,
            model.Action: lambda: {"type": "object"},
        }

    # whole files

    def framework(self) -> Schema:
        head = self._object(model.Framework)
        head["properties"] = {"format": {"const": FRAMEWORK_FORMAT}, **head["properties"]}
        for cls in (model.Standard, model.Statement):
            self._ref(cls)
        reason = {"reason": TEXT, **{key: TEXT for key in ("ref", *REMOVABLE)}}
        removal = {"type": "object", "properties": reason, "required": ["reason"], "additionalProperties": False}
        overlay = {
            "extends": _NAME,
            "remove": {"type": "array", "items": removal},
            "change": {"type": "array", "items": self._change()},
            "statement": {"type": "array", "items": self._placed(model.Statement, ("standard", "after"), ["standard"])},
            "standard": {"type": "array", "items": self._placed(model.Standard, ("after", "within"), [])},
        }
        head["properties"] |= overlay | {"rule": {"type": "array", "items": self._rule()}}
        head["required"] = ["format", "id", "edition"]
        head["anyOf"] = [{"required": ["title"]}, {"required": ["extends"]}]
        return head

    def scale_file(self) -> Schema:
        whole = self._scale_table()
        whole["properties"] = {"format": {"const": SCALE_FORMAT}, "edition": _ID, **whole["properties"]}
        whole["required"] = ["format", *whole["required"]]
        return whole

    def assessment(self) -> Schema:
        whole = self._object(AssessmentFile)
        whole["properties"]["format"] = {"const": ASSESSMENT_FORMAT}
        whole["properties"]["framework"] = _NAME
        whole["properties"]["answer"]["anyOf"][0]["propertyNames"] = _REF
        return whole

    # tables

    def _ref(self, cls: type) -> Schema:
        name = cls.__name__
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = self._special[cls]() if cls in self._special else self._object(cls)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, cls: type) -> Schema:
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for field in fields_of(cls):
            if field.type in FLAT:
                inner = self._object(field.type)["properties"]
                if cls is model.Framework and "source" in inner:
                    inner["default_source"] = inner.pop("source")
                properties |= {key: schema for key, schema in inner.items() if key not in properties}
            else:
                properties[field.key] = self._of(field.type, field.key, cls)
                if field.required:
                    required.append(field.key)
        out: Schema = {"type": "object"}
        described = (cls.__doc__ or "").strip().split("\n")[0]
        if described and cls is not AssessmentFile:
            out["description"] = described
        out["properties"] = properties
        if required:
            out["required"] = required
        if keeps_unknown_keys(cls):
            _allow_null(properties, required)
        else:
            out["additionalProperties"] = False
        return out

    def _placed(self, cls: type, places: tuple[str, ...], required: list[str]) -> Schema:
        """A table of an overlay: the thing itself, and where it goes."""
        inside = self._object(cls)
        inside["properties"] |= {place: _REF for place in places if place not in inside["properties"]}
        if "standard" in places:
            inside["properties"]["standard"] = _REF
        inside["required"] = [*inside.get("required", []), *required]
        return inside

    def _change(self) -> Schema:
        properties = {**self._object(model.Standard)["properties"], **self._object(model.Statement)["properties"]}
        properties = {key: schema for key, schema in properties.items() if key not in ("standard", "statement")}
        properties |= {"ref": _REF, "meaning": {"enum": ["same", "changed"]}}
        return {"type": "object", "properties": properties, "required": ["ref", "meaning"], "additionalProperties": False}

    def _scale(self) -> Schema:
        use = {"type": "object", "properties": {"use": _NAME}, "required": ["use"], "additionalProperties": False}
        return {"oneOf": [self._scale_table(), use]}

    def _scale_table(self) -> Schema:
        table = self._object(model.Scale)
        table["required"] = ["id", "order"]
        table["properties"]["grades"]["minItems"] = 2
        table["oneOf"] = [{"required": ["grades"]}, {"required": ["steps"]}]
        return table

    def _requirement(self) -> Schema:
        table = self._object(model.Requirement)
        table["properties"]["at"] = {"oneOf": [{"type": "array", "items": _ID}, table["properties"]["at"]]}
        return table

    def _entry(self) -> Schema:
        table = self._object(model.Entry)
        del table["properties"]["answer"]
        not_applicable = {"oneOf": [TEXT, self._object(model.NotApplicable)]}
        answers: dict[str, Schema] = {"grade": _ID, "value": _VALUE, "not_applicable": not_applicable}
        _allow_null(answers, [])
        table["properties"] = answers | table["properties"]
        return table

    def _condition(self) -> Schema:
        if "Condition" not in self.defs:
            self.defs["Condition"] = {}
            again = {"$ref": "#/$defs/Condition"}
            words = {"oneOf": [_ID, {"type": "array", "items": _ID}]}
            test = {
                "type": "object",
                "properties": {
                    "over": {"const": "all"},
                    "refs": {"type": "array", "items": _REF},
                    "tag": _ID,
                    "standard": _REF,
                    **dict.fromkeys(("at_least", "above", "at_most", "below"), _ID),
                    "is": {"oneOf": [_ID, {"type": "boolean"}]},
                    "empty": {"type": "boolean"},
                },
                "additionalProperties": False,
            }
            organisation = {"kind": words, "areas": {"type": "array", "items": _ID}, "settings": {"type": "array", "items": _ID}, "size": words}
            self.defs["Condition"] = {
                "type": "object",
                "description": "a condition: what an organisation is, or how earlier answers compare",
                "minProperties": 1,
                "properties": {
                    **organisation,
                    "statutory": {"type": "boolean"},
                    **dict.fromkeys(("any", "all", "none", "some"), test),
                    "k": {"type": "integer", "minimum": 1},
                    "share": NUMBER,
                    "empty": {"type": "boolean"},
                    **{key: {"type": "array", "items": again, "minItems": 1} for key in ("both", "either")},
                    "not": again,
                },
                "additionalProperties": False,
            }
        return {"$ref": "#/$defs/Condition"}

    def _rule(self) -> Schema:
        from s11kit.codec.rule_schema import RuleSchema  # no other schema needs rules

        ours = RuleSchema(self._of, self._object, self.defs)
        self._special |= ours.special
        ours.define()
        return self._ref(ours.cls)

    # types

    def _of(self, kind: Any, key: str, cls: type) -> Schema:
        if kind == applicability.Condition or (type(None) in get_args(kind) and applicability.Not in get_args(kind)):
            return self._condition()
        if type(None) in get_args(kind):
            inner = next(part for part in get_args(kind) if part is not type(None))
            schema = self._of(inner, key, cls)
            return schema
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (tuple, frozenset):
            items = self._of(arguments[0], key, cls)
            return (
                {"oneOf": [TEXT, {"type": "array", "items": items}]} if key == "source" and arguments[0] is str else {"type": "array", "items": items}
            )
        if origin is FrozenDict:
            if key == "labels":
                name = {"oneOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}
                levels = {level: name for level in ("standard", "statement", "criterion")}
                return {"type": "object", "properties": levels, "additionalProperties": False}
            values = self._of(arguments[1], key, cls)
            return {"type": "object", "additionalProperties": values}
        if attrs.has(kind):
            return self._ref(kind)
        if kind is str:
            return _ID if key in ("id", "edition") else _REF if key == "ref" and cls is not model.Reference else TEXT
        simple: dict[Any, Schema] = {int: {"type": "integer"}, bool: {"type": "boolean"}, Fraction: NUMBER, datetime.date: _DATE}
        return simple.get(kind, {})


def _allow_null(properties: dict[str, Schema], required: list[str]) -> None:
    """In an assessment, a key with nothing in it is the same as no key: other systems write `null`."""
    for key, schema in properties.items():
        if key not in required and {"type": "null"} not in schema.get("anyOf", []):
            properties[key] = {"anyOf": [schema, {"type": "null"}]}


def main(folder: str) -> None:
    """Write the schemas into a folder."""
    for kind in KINDS:
        text = json.dumps(generate(kind), indent=2, ensure_ascii=False) + "\n"
        (Path(folder) / f"{kind}.schema.json").write_text(text, encoding="utf-8")
