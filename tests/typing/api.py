"""How the public names are typed. Checked by mypy and pyright, never run."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_type

from s11kit import (
    ActionPlan,
    Assessment,
    Catalogue,
    Framework,
    Grade,
    Organisation,
    Problem,
    Scale,
    Score,
    Standard,
    Statement,
    check,
    compare,
    load_assessment,
    load_framework,
    plan,
    score,
)
from s11kit.model import Action, Answer, Entry, Item
from s11kit.scoring import Comparison, Tally

catalogue = Catalogue.default()
framework = catalogue.framework("cambridgeshire-peterborough@2017-19")
assert_type(framework, Framework)
assert_type(load_framework("framework.toml"), Framework)
assert_type(framework.item("1.1"), Item)
assert_type(framework.scale("rag"), Scale)
assert_type(framework.with_standard(Standard(ref="9", title="New")), Framework)
assert_type(framework.with_statement(Statement(ref="9.1", text="New."), standard="9", after=None), Framework)
Scale(id="rag", grades=[Grade(id="red", label="Red"), Grade(id="green", label="Green")])

assessment = load_assessment("answers.toml", catalogue=catalogue)
assert_type(assessment, Assessment)
assert_type(assessment.answer("1.1"), Answer)
assert_type(assessment.entry("1.1"), Entry)
assert_type(assessment.with_grade("1.1", "fully-met", evidence="Minutes"), Assessment)
Assessment(framework=framework, organisation=Organisation(name="Fenside", areas={"cambridgeshire"}))
Entry(actions=[Action({"lead": "Head of services"})])

assert_type(check(framework), tuple[Problem, ...])
result = score(assessment, role="self")
assert_type(result, Score)
assert_type(result.total, Tally)
assert_type(result.share("fully-met", base="graded"), Fraction | None)
assert_type(compare(result, result), Comparison)
assert_type(plan(assessment), ActionPlan)

result.share("fully-met", base="everything")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
framework.title = "Changed"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
