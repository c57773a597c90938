"""Reading and writing assessments, as TOML or JSON. What nobody knows is kept; what looks like a slip is refused."""

from __future__ import annotations

from typing import Any

import attrs

from s11kit import model
from s11kit._frozen import FrozenDict
from s11kit.codec.converter import MISSING, structure, unstructure
from s11kit.codec.document import Document, Kind, Source, parse, read
from s11kit.codec.framework import elsewhere, finish, found_in, head_problems
from s11kit.codec.writing import json_text, toml_text
from s11kit.errors import InvalidFile, Problem, S11Error

__all__ = ["dump_assessment", "load_assessment", "parse_assessment"]

ASSESSMENT_FORMAT = "s11kit.assessment/1"


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
    extra: FrozenDict[str, Any] = FrozenDict()


def load_assessment(source: Source, *, catalogue: model.Frameworks) -> model.Assessment:
    """Read an assessment from a `.toml` or `.json` file; its framework comes from the catalogue.

    `InvalidFile` holds everything that keeps the file from being read. Whether the answers are complete and fit the framework is for `check` to say.
    """
    return assessment_from(read(source), catalogue=catalogue)


def parse_assessment(text: str | bytes, *, catalogue: model.Frameworks, kind: Kind = "json", name: str = "assessment") -> model.Assessment:
    """Read an assessment from a text in memory, as JSON or TOML; `name` is what problems call it. See `load_assessment`."""
    return assessment_from(parse(text, name=name, kind=kind), catalogue=catalogue)


def assessment_from(document: Document, *, catalogue: model.Frameworks) -> model.Assessment:
    """An assessment from a parsed file; see `load_assessment`."""
    problems: list[Problem] = []
    if "format" in document.data:
        problems += head_problems(document.data, ASSESSMENT_FORMAT)
        if any(problem.code in ("F008", "F009") for problem in problems):
            raise InvalidFile(problem.located(document) for problem in problems)
    made, faults = structure(document.data, AssessmentFile)
    problems += faults
    framework: Any = None
    name = document.data.get("framework")
    if isinstance(name, str):
        try:
            framework = found_in(catalogue, name).framework(name)
        except S11Error as error:
            problems += [elsewhere(problem, ("framework",)) for problem in error.problems]
    if problems or made is MISSING:
        finish(problems, document)
    return model.Assessment(
        framework=framework, organisation=made.organisation, cycle=made.cycle, front_sheet=made.front_sheet, answers=made.answer, actions=made.action,
        extra=made.extra, origin=document,
    )  # fmt: skip


def dump_assessment(assessment: model.Assessment, *, kind: Kind = "toml") -> str:
    """An assessment as TOML or JSON text that loads to an equal value, unknown keys included."""
    file = AssessmentFile(
        format=ASSESSMENT_FORMAT, framework=assessment.framework.name, organisation=assessment.organisation, cycle=assessment.cycle,
        front_sheet=assessment.front_sheet, answer=assessment.answers, action=assessment.actions, extra=assessment.extra,
    )  # fmt: skip
    plain = unstructure(file)
    return json_text(plain) if kind == "json" else toml_text(plain)
