"""Reading and writing assessments, as TOML or JSON. What nobody knows is kept; what looks like a slip is refused."""

from __future__ import annotations

import datetime
import re
from typing import Any

import attrs

from s11kit import model
from s11kit._frozen import FrozenDict, is_list, is_table
from s11kit._numbers import parse_decimal
from s11kit.codec.converter import structure
from s11kit.codec.document import Document, Kind, Source, parse, read
from s11kit.codec.faults import MISSING
from s11kit.codec.framework import elsewhere, finish, found_in, head_problems
from s11kit.codec.plain import unstructure
from s11kit.codec.tables import fields_of
from s11kit.codec.writing import json_text, toml_text
from s11kit.errors import InvalidFile, Problem, S11Error

__all__ = ["dump_assessment", "load_assessment", "parse_assessment"]

ASSESSMENT_FORMAT = "s11kit.assessment/1"
_ENTRY_KEYS = frozenset({"grade", "value", "not_applicable", *(field.key for field in fields_of(model.Entry))})
_ANSWERS = frozenset({"grade", "value", "not_applicable"})
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,29})(\.\d{1,30})?").fullmatch


@attrs.frozen(kw_only=True)
class AssessmentFile:
    """An assessment as it stands in a file: the framework is only named."""

    format: str | None = None
    framework: str
    organisation: model.Organisation
    cycle: str | None = None
    front_sheet: model.FrontSheet = model.FrontSheet()
    answer: FrozenDict[str, model.Entry] = FrozenDict()
    action: tuple[model.Action, ...] = ()
    override: tuple[model.Override, ...] = ()
    extra: FrozenDict[str, Any] = FrozenDict()


def load_assessment(source: Source, *, catalogue: model.Frameworks) -> model.Assessment:
    """Read an assessment from a `.toml` or `.json` file; its framework comes from the catalogue.

    `InvalidFile` holds everything that keeps the file from being read. Whether the answers are complete and fit the framework is for `check` to say.
    """
    return assessment_from(read(source), catalogue=catalogue)


def parse_assessment(text: str | bytes, *, catalogue: model.Frameworks, kind: Kind = "json", name: str = "assessment") -> model.Assessment:
    """Read an assessment from a text in memory, as JSON or TOML; `name` is what problems call it. See `load_assessment`."""
    if kind not in ("json", "toml"):
        raise ValueError(f"'{kind}' is no kind of file; write json or toml")
    return assessment_from(parse(text, name=name, kind=kind), catalogue=catalogue)


def assessment_from(document: Document, *, catalogue: model.Frameworks) -> model.Assessment:
    """An assessment from a parsed file; see `load_assessment`."""
    problems: list[Problem] = []
    if "format" in document.data:
        problems += head_problems(document.data, ASSESSMENT_FORMAT)
        if any(problem.code in ("F008", "F009") for problem in problems):
            raise InvalidFile(problem.located(document) for problem in problems)
    framework: Any = None
    name = document.data.get("framework")
    if isinstance(name, str):
        try:
            framework = found_in(catalogue, name).framework(name)
            problems += _fallen_apart(document.data.get("answer"), framework)
            _give_types(document.data, framework)
        except S11Error as error:
            problems += [elsewhere(problem, ("framework",)) for problem in error.problems]
    made, faults, _ = structure(document.data, AssessmentFile)
    if problems or faults or made is MISSING:
        finish(problems + faults, document)
    return model.Assessment(
        framework=framework,
        organisation=made.organisation,
        cycle=made.cycle,
        front_sheet=made.front_sheet,
        answers=made.answer,
        actions=made.action,
        overrides=made.override,
        extra=made.extra,
        origin=document,
    )


def _fallen_apart(answers: Any, framework: model.Framework) -> list[Problem]:
    """References written without quotes fall apart at their dots: `[answer.1.1]` is a table 1 in a table 1. They are taken out and reported.

    So is a role or dimension without its `by` or `dimension`, whose grades would be read by nobody.
    """
    problems: list[Problem] = []
    sides = {each.id: "dimension" for each in framework.dimensions} | {each.id: "by" for each in framework.roles}

    def look(table: dict[str, Any], names: tuple[str, ...]) -> None:
        for key in [key for key in table if key not in _ENTRY_KEYS]:
            value, here = table[key], (*names, key)
            ref = ".".join(here)
            if key in sides and is_table(value):
                path = (*names, sides[key], key)
                place = f'[answer."{names[0]}".{".".join(path[1:])}]'
                problems.append(Problem(code="K001", message=f"unknown key '{key}'", hint=f"write {place}", path=("answer", *here), on_key=True))
                del table[key]
            elif ref in framework.items or (is_table(value) and _ANSWERS & value.keys()):
                message = f"the reference {ref} was written without quotes, so it fell apart at its dots"
                problems.append(Problem(code="K013", message=message, hint=f'write [answer."{ref}"]', path=("answer", *here), on_key=True))
                del table[key]
            elif is_table(value) and len(here) < 8:
                look(value, here)

    if is_table(answers):
        for ref, entry in list(answers.items()):
            if entry.__class__ is dict and not _ENTRY_KEYS.issuperset(entry):
                look(entry, (ref,))
                if not entry and problems:
                    del answers[ref]
    return problems


def _give_types(data: dict[str, Any], framework: model.Framework) -> None:
    """What only looks like text becomes what the framework asks for: a date written year first, a number in digits.

    JSON has no dates, and some systems write numbers as text. Any other text stays as it was typed.
    """
    answers = data.get("answer")
    if is_table(answers):
        for ref, entry in answers.items():
            item = framework.items.get(ref)
            kind = "" if item is None or item.plain or not isinstance(item.node, model.Statement) else item.node.kind
            _give_types_to_entry(entry, kind, framework.date_fields)
    _give_types_to_actions(data.get("action"), framework.date_fields)


def _give_types_to_entry(entry: Any, kind: str, dated: frozenset[str]) -> None:
    if entry.__class__ is not dict:
        return
    if "action" in entry:
        _give_types_to_actions(entry["action"], dated)
    if kind and isinstance(entry.get("value"), str):
        entry["value"] = _typed(entry["value"], kind)
    for key in ("by", "dimension"):
        if key in entry and is_table(entry[key]):
            for seen in entry[key].values():
                _give_types_to_entry(seen, kind, dated)


def _give_types_to_actions(actions: Any, dated: frozenset[str]) -> None:
    if not is_list(actions):
        return
    for action in actions:
        if is_table(action):
            for name in dated:
                if action.get(name).__class__ is str:
                    action[name] = _typed(action[name], "date")


def _typed(value: str, kind: str) -> Any:
    try:
        if kind == "date" and _ISO_DATE(value):
            return datetime.date.fromisoformat(value)
        if kind in ("number", "percentage") and _PLAIN_NUMBER(value):
            return int(value) if value.lstrip("-").isdecimal() else parse_decimal(value)
    except ValueError:
        pass
    return value


def dump_assessment(assessment: model.Assessment, *, kind: Kind = "toml") -> str:
    """An assessment as TOML or JSON text that loads to an equal value, unknown keys included."""
    file = AssessmentFile(
        format=ASSESSMENT_FORMAT, framework=assessment.framework.name, organisation=assessment.organisation, cycle=assessment.cycle,
        front_sheet=assessment.front_sheet, answer=assessment.answers, action=assessment.actions,
        override=assessment.overrides, extra=assessment.extra,
    )  # fmt: skip
    plain = unstructure(file)
    return json_text(plain) if kind == "json" else toml_text(plain)
