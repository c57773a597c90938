"""Values of the model as plain data, the shortest way to write them: what equals its default is left out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from s11kit import model
from s11kit._frozen import is_list, is_table, thaw
from s11kit._numbers import number_text
from s11kit.codec.tables import FLAT, fields_of, keeps_unknown_keys
from s11kit.model import applicability
from s11kit.model.assessment import UNANSWERED


def unstructure(value: Any) -> Any:
    """A value of the model as plain data, the shortest way to write it: what equals its default is left out."""
    return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, datetime.date, Decimal)):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else number_text(value)
    if is_table(value):
        return {key: _plain(item) for key, item in value.items()}
    if value.__class__ is frozenset:
        return sorted(map(_plain, value))
    if is_list(value):
        return [_plain(item) for item in value]
    special = _PLAIN.get(value.__class__)
    return special(value) if special else plain_table(value)


def plain_table(value: Any) -> dict[str, Any]:
    """A value of the model as the table that it is, even where one of its parts alone could stand for it."""
    cls: Any = value.__class__
    out: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for field in fields_of(cls):
        item = getattr(value, field.name)
        if field.type in FLAT:
            inner = plain_table(item)
            if cls is model.Framework and "source" in inner:
                inner["default_source"] = inner.pop("source")
            out.update(inner)
        elif item is None and field.key == "nearest":
            out[field.key] = "exact"
        elif item is not None and (field.required or item != field.default):
            plain = _plain(item)
            (tables if is_table(plain) or (is_list(plain) and plain and is_table(plain[0])) else out)[field.key] = plain
    out.update(tables)
    if keeps_unknown_keys(cls):
        out.update(thaw(value.extra))
    return out


def _plain_scale(scale: model.Scale) -> dict[str, Any]:
    if scale.used_from is not None:
        return {"use": scale.used_from}
    out = plain_table(scale)
    out["order"] = scale.order
    if scale.steps is not None:
        del out["grades"]
    else:
        out["grades"] = [_plain(grade) for grade in scale.printed]
    return out


def _plain_requirement(requirement: model.Requirement) -> dict[str, Any]:
    out = plain_table(requirement)
    if set(requirement.at.values()) <= {"must"}:
        out["at"] = list(requirement.at)
    return out


def _plain_short(name: str) -> Callable[[Any], Any]:
    def plain(value: Any) -> Any:
        out = plain_table(value)
        return out[name] if set(out) == {name} else out

    return plain


def _plain_framework(framework: model.Framework) -> dict[str, Any]:
    out = plain_table(attrs.evolve(framework, rules=()))
    if framework.rule_definitions:
        from s11kit.codec.rules import plain_rule  # only a framework with rules needs them

        out["rule"] = [plain_rule(rule) for rule in framework.rule_definitions]
    return out


def plain_selection(selection: applicability.Selection) -> dict[str, Any]:
    """A selection as keys of the table around it; one dimension or role alone is no list."""
    out: dict[str, Any] = {"over": "all"} if selection.over_all else {}
    for key in ("refs", "tag", "standard", "dimension", "role", "step"):
        value = getattr(selection, key)
        if value not in (None, ()):
            out[key] = value[0] if key in ("dimension", "role") and len(value) == 1 else _plain(value)
    return out


def _plain_tested(test: applicability.AnswerTest | applicability.PlanTest) -> dict[str, Any]:
    compared = {test.comparison.operator: _plain(test.comparison.value)}
    return plain_selection(test.selection) | compared | ({"empty": True} if test.empty else {})


def _plain_test(test: applicability.AnswerTest) -> dict[str, Any]:
    number = {} if test.quantifier != "some" else {"k": test.k} if test.share is None else {"share": _plain(test.share)}
    return {test.quantifier: _plain_tested(test)} | number


def _plain_step_test(test: applicability.StepTest) -> dict[str, Any]:
    return {"step": test.step} | ({test.comparison.operator: _plain(test.comparison.value)} if test.comparison is not None else {})


def _plain_not_applicable(answer: model.NotApplicable) -> Any:
    if answer.reason is not None and answer.alternative is None and not answer.extra:
        return answer.reason
    return plain_table(answer)


def _plain_entry(entry: model.Entry) -> dict[str, Any]:
    answer = entry.answer
    out: dict[str, Any] = {}
    if isinstance(answer, model.Graded):
        out["grade"] = answer.grade
        if answer.value is not None:
            out["value"] = _plain(answer.value)
    elif isinstance(answer, model.Stated):
        out["value"] = _plain(answer.value)
    elif isinstance(answer, model.NotApplicable):
        out["not_applicable"] = _plain_not_applicable(answer)
    rest = plain_table(attrs.evolve(entry, answer=UNANSWERED))
    return out | rest


_PLAIN: dict[type, Callable[[Any], Any]] = {
    model.Framework: _plain_framework,
    model.Scale: _plain_scale,
    model.Requirement: _plain_requirement,
    model.Descriptor: _plain_short("text"),
    model.Evidence: _plain_short("narrative"),
    model.AnswerTest: _plain_test,
    model.StepTest: _plain_step_test,
    model.PlanTest: lambda value: {"plan": value.plan, "covers": _plain_tested(value)},
    model.Both: lambda value: {"both": [_plain(test) for test in value.tests]},
    model.Either: lambda value: {"either": [_plain(test) for test in value.tests]},
    model.Not: lambda value: {"not": _plain(value.test)},
    model.Entry: _plain_entry,
    model.NotApplicable: _plain_not_applicable,
    model.Action: lambda value: thaw(value.fields),
}
