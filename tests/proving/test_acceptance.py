"""What the prover must find and must not find: traps with their smallest counterexamples, each beside a twin of opposite verdict.

Most are data, in `acceptance.toml`; what is about numbers, files and blanks is below.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from s11kit import Assessment, Framework, InvalidFile, Organisation, check, load_framework, plan
from s11kit._numbers import exact
from s11kit.proving import Verdict, Witness, prove
from s11kit.rules.result import display, label_of

DATA = tomllib.loads((Path(__file__).parent / "acceptance.toml").read_text(encoding="utf-8"), parse_float=str)
CASES = {case["name"]: case for case in DATA["case"]}
SCALES = {
    "four": ("inadequate", "requires-improvement", "good", "outstanding"),
    "rag": ("red", "amber", "green"),
    "test": ("fail", "pass"),
}


def built(case: dict[str, Any], folder: Path) -> Framework:
    """The framework of a case, with its one rule."""
    rule = dict(case["rule"])
    shared = rule.pop("use", None)
    if shared is not None:
        gate = rule.pop("gate", "requires-improvement")
        rule |= json.loads(json.dumps(DATA["rules"][shared]).replace('"?"', json.dumps(gate)))
    grades = [{"id": id, "label": id.replace("-", " ").capitalize(), "points": points} for points, id in enumerate(SCALES[case["scale"]])]
    more = case.get("statement", {})
    data = {
        "format": "s11kit.framework/1",
        "id": "acceptance",
        "edition": "2026",
        "title": "Acceptance",
        "scale": [{"id": "scale", "order": "worst-first", "grades": grades, "not_applicable": {"needs": ["reason"]}}],
        "standard": [
            {
                "ref": f"{place}",
                "title": f"Standard {place}",
                "statement": [{"ref": f"{place}.{n}", "text": "As good as can be.", **more.get(f"{place}.{n}", {})} for n in range(1, number + 1)],
            }
            for place, number in enumerate(case["sections"], 1)
        ],
        "rule": [{"id": "rule", **rule}],
    }
    if "requirements" in case:
        data["requirements"] = case["requirements"]
    file = folder / "framework.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return load_framework(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are written."""
    return tmp_path


def answered(framework: Framework, answers: list[str]) -> Assessment:
    """An assessment with these answers, in framework order."""
    made = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust"))
    for item, answer in zip(framework.answerable, answers, strict=True):
        if answer == "na":
            made = made.with_not_applicable(item.ref, "Nothing of the kind")
        elif answer != "blank":
            made = made.with_grade(item.ref, answer)
    return made


def answers_of(assessment: Assessment) -> list[str]:
    """The answers of an assessment, in framework order."""
    return [word(assessment, item.ref) for item in assessment.framework.answerable]


def word(assessment: Assessment, ref: str) -> str:
    """One answer: a grade, `na` or `blank`."""
    answer = assessment.answer(ref)
    kind = type(answer).__name__
    return {"NotApplicable": "na", "Unanswered": "blank"}.get(kind) or str(answer.grade)  # type: ignore[union-attr]


def as_results(given: list[Any]) -> list[Any]:
    """Results in the file, as the library gives them: fractions are written as text."""
    return [Fraction(each) if isinstance(each, str) and each[0].isdigit() else each for each in given]


def rows() -> Iterator[Any]:
    """Every case with each of its laws."""
    for name, case in CASES.items():
        for law, verdict in case["verdicts"].items():
            yield pytest.param(name, law, verdict, id=f"{name}, {law}")


@pytest.mark.parametrize(("name", "law", "wanted"), list(rows()))
def test_a_trap_and_its_twin(name: str, law: str, wanted: str, folder: Path) -> None:
    """Every verdict is what was worked out by hand, and a counterexample is the smallest."""
    case = CASES[name]
    found = prove(built(case, folder), laws=[law]).verdicts[0]
    kind, _, how = wanted.partition(" (")
    assert (found.kind, found.how if how else "") == (kind, how.rstrip(")"))
    assert ("witness" in case and law in case["witness"]) <= (found.witness is not None)
    if law in case.get("witness", {}):
        shown(case["witness"][law], found)


def shown(wanted: dict[str, Any], found: Verdict) -> None:
    """A counterexample is the one in the file, with its results and those of its steps."""
    witness = found.witness
    assert witness is not None
    before = answers_of(witness.before)
    if "cells" in wanted:
        assert Counter(before) == wanted["cells"]
        if "change" in wanted:
            changed = [pair for pair in zip(before, answers_of(after_of(witness)), strict=True) if pair[0] != pair[1]]
            assert changed == [tuple(wanted["change"])]
            assert "1.1" in witness.change
    else:
        assert before == wanted["before"]
        assert "after" not in wanted or answers_of(after_of(witness)) == wanted["after"]
    assert witness.other is not None
    if "results" in wanted:
        assert [witness.result.value, witness.other.value] == as_results(wanted["results"])
    if "cause" in wanted:
        assert found.reasons[0].startswith(f"step '{wanted['cause']}'")
    for result, steps in zip((witness.result, witness.other), wanted.get("steps", []), strict=False):
        there = result.steps()
        assert [there[id] for id in steps] == as_results(list(steps.values()))
    for assessment, result in ((witness.before, witness.result), (witness.after, witness.other)):
        if assessment is not None:
            assert assessment.framework.rules["rule"].score(assessment).value == result.value


def after_of(witness: Witness) -> Assessment:
    """The answers after the change."""
    assert witness.after is not None
    return witness.after


@pytest.mark.parametrize("name", ["mean of the means of sections", "mean of means, weighted by how much applies"])
def test_sections_first_or_all_at_once(name: str, folder: Path) -> None:
    """Sections of one and three statements: the mean of their means is 3/2, the mean of all is 3/4; weighted by what applies it is 3/4 as well."""
    framework = built(CASES[name], folder)
    flat = {"na": "exclude", "unanswered": "exclude", "steps": [{"id": "overall", "op": "mean", "over": "all", "value": "points"}]}
    at_once = built(CASES[name] | {"rule": flat}, folder)
    answers = ["outstanding", "inadequate", "inadequate", "inadequate"]
    both = [each.rules["rule"].score(answered(each, answers)).value for each in (framework, at_once)]
    assert both == [Fraction(3, 4) if "weighted" in name else Fraction(3, 2), Fraction(3, 4)]


BREAKS = [pytest.param(name, each, id=f"{name}, {each['law']}") for name, case in CASES.items() for each in case.get("breaks", [])]


@pytest.mark.parametrize(("name", "wanted"), BREAKS)
def test_an_example_breaks_the_law(name: str, wanted: dict[str, Any], folder: Path) -> None:
    """An example that need not be the smallest comes to the results that were worked out."""
    framework = built(CASES[name], folder)
    results = [framework.rules["rule"].score(answered(framework, wanted[side])).value for side in ("before", "after")]
    assert results == as_results(wanted["results"])


# T6: exact at the edge

WEIGHTED = {"1.1": ("0.1", "good"), "1.2": ("0.2", "requires-improvement"), "1.3": ("0.7", "outstanding")}


def at_the_edge(folder: Path, order: tuple[str, ...], edge: str) -> Assessment:
    """Weights that are no binary fractions, and answers whose mean is exactly on the edge. Numbers are written as decimals, not as text."""
    statements = "".join(
        f"\n[[standard.statement]]\nref = '{place}'\ntext = 'As good as can be.'\nweights = {{ weight = {WEIGHTED[ref][0]} }}\n"
        for place, ref in zip(("1.1", "1.2", "1.3"), order, strict=True)
    )
    grades = ", ".join(f"{{ id = '{id}', label = '{id}', points = {points} }}" for points, id in enumerate(SCALES["four"]))
    file = folder / "framework.toml"
    file.write_text(
        f"""
format  = "s11kit.framework/1"
id      = "edge"
edition = "2026"
title   = "Exact at the edge"

[[scale]]
id     = "four"
order  = "worst-first"
grades = [{grades}]

[[standard]]
ref   = "1"
title = "One"
{statements}
[[rule]]
id         = "overall"
result     = "four"
na         = "exclude"
unanswered = "exclude"
steps      = [
  {{ id = "average", op = "mean", over = "all", value = "points", weight = "weight" }},
  {{ id = "band", op = "bands", of = "average", edges = [0, 0.5, 1.5, 2.5], edge = "{edge}", grades = {json.dumps(SCALES["four"])} }},
]
""",
        encoding="utf-8",
    )
    framework = load_framework(file)
    return answered(framework, [WEIGHTED[ref][1] for ref in order])


@pytest.mark.parametrize("order", list(permutations(WEIGHTED)))
@pytest.mark.parametrize(("edge", "grade"), [("inclusive", "outstanding"), ("exclusive", "good")])
def test_on_the_edge_in_every_order(order: tuple[str, ...], edge: str, grade: str, folder: Path) -> None:
    """5/2 is on the edge, whatever the order of the statements; to which side the edge belongs is said in the rule."""
    assessment = at_the_edge(folder, order, edge)
    result = assessment.framework.rules["overall"].score(assessment)
    assert result.steps()["average"] == Fraction(5, 2)
    assert result.value == grade
    weights = [statement.weights["weight"] for statement in assessment.framework.statements]
    assert sum(weights) == 1
    assert {type(weight) for weight in weights} == {Fraction}


def test_what_floats_would_say() -> None:
    """The same sum in floats misses the edge, and so does exact arithmetic with weights that were floats once."""
    pairs = [(0.1, 2), (0.2, 1), (0.7, 3)]
    assert sum(weight * grade for weight, grade in pairs) == 2.4999999999999996
    once = sum(Fraction(weight) * grade for weight, grade in pairs)
    assert once == Fraction(22517998136852479, 9007199254740992)
    assert once < Fraction(5, 2)


@pytest.mark.parametrize("number", [2.4999999999999996, 0.1, 2.0])
def test_floats_are_refused(number: float) -> None:
    """No number of a rule can be a float, not even one that is whole."""
    with pytest.raises(TypeError, match="never a float"):
        exact(number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "edges", "shown"),
    [("2.475", ["2.5"], "2.48"), ("5/2", ["2.5"], "2.5"), ("27/11", ["2.5"], "2.45"), ("27/11", [], "2.5"), ("249999/100000", ["2.5"], "2.49999")],
)
def test_no_printed_number_crosses_an_edge(number: str, edges: list[str], shown: str) -> None:
    """2.475 is not printed as 2.5 beside Good: there are as many decimals as it takes."""
    assert display(Fraction(number), tuple(map(Fraction, edges))) == shown


def test_no_printed_average_crosses_an_edge(folder: Path) -> None:
    """The same where a whole assessment is scored: 99/40 falls into Good, and is printed on that side."""
    framework = built(CASES["gate after rounding, 40 statements"] | {"rule": BANDED}, folder)
    assessment = answered(framework, ["inadequate"] * 7 + ["outstanding"] * 33)
    result = framework.rules["rule"].score(assessment)
    assert (result.steps()["average"], result.value) == (Fraction(99, 40), "good")
    average = result.bound.machine.steps[0]
    assert label_of(result.bound, average, Fraction(99, 40)) == "2.48"


BANDED = {
    "na": "exclude",
    "unanswered": "exclude",
    "steps": [
        {"id": "average", "op": "mean", "over": "all", "value": "points"},
        {"id": "band", "op": "bands", "of": "average", "edges": ["0", "1/2", "3/2", "5/2"], "edge": "inclusive", "grades": list(SCALES["four"])},
    ],
}


def test_bands_with_a_hole_are_rejected(folder: Path) -> None:
    """0-25, 26-75 and over 75 leave a hole, and the message names a number in it."""
    steps = [
        {"id": "share", "op": "mean", "over": "all", "value": {"red": 0, "amber": 50, "green": 100}},
        {
            "id": "band",
            "op": "bands",
            "of": "share",
            "ranges": [[0, 25], [26, 75], [75, 100]],
            "edge": "inclusive",
            "grades": list(SCALES["rag"]),
        },
    ]
    with pytest.raises(InvalidFile) as caught:
        built({"scale": "rag", "sections": [4], "rule": {"na": "exclude", "unanswered": "exclude", "steps": steps}}, folder)
    assert [(problem.code, problem.message) for problem in caught.value.problems] == [("J006", "25.5 falls into no band: between 25 and 26")]


# T7: blanks, ranges, nothing at all


def with_range(name: str) -> dict[str, Any]:
    """A shared rule, with ranges for blanks."""
    return {**DATA["rules"][name], "unanswered": "range"}


def ranged(name: str, folder: Path, sections: int = 4) -> Framework:
    rule = json.loads(json.dumps(with_range(name)).replace('"?"', '"requires-improvement"'))
    return built({"scale": "four", "sections": [sections], "rule": rule}, folder)


def test_a_range_is_not_the_results_of_its_ends(folder: Path) -> None:
    """One blank beside three Outstanding: grading it gives Good, Requires improvement, Outstanding, Outstanding. The worst is in the middle."""
    framework = ranged("gated", folder)
    rule, three = framework.rules["rule"], ["outstanding"] * 3
    assert [rule.score(answered(framework, [grade, *three])).value for grade in SCALES["four"]] == [
        "good",
        "requires-improvement",
        "outstanding",
        "outstanding",
    ]
    result = rule.score(answered(framework, ["blank", *three]))
    assert (result.kind, result.least_value, result.greatest_value) == ("range", "requires-improvement", "outstanding")
    assert prove(framework, laws=["S9"]).verdicts[0].kind == "proven"


@pytest.mark.parametrize("name", ["capped", "limited", "half-even"])
def test_for_a_rule_proven_monotone_the_ends_are_enough(name: str, folder: Path) -> None:
    """Where improving never lowers the result, the range runs from all blanks at their worst to all at their best, and enumerating says the same."""
    framework = ranged(name, folder)
    assert prove(framework, laws=["S2"]).verdicts[0].kind == "proven"
    rule = framework.rules["rule"]
    for given in product(("blank", "inadequate", "good", "outstanding"), repeat=4):
        if "blank" not in given:
            continue
        every = [
            rank(rule.score(answered(framework, list(filled))).value)
            for filled in product(*(SCALES["four"] if answer == "blank" else (answer,) for answer in given))
        ]
        ends = [
            rank(rule.score(answered(framework, [end if answer == "blank" else answer for answer in given])).value)
            for end in ("inadequate", "outstanding")
        ]
        result = rule.score(answered(framework, list(given)))
        assert [rank(result.least_value), rank(result.greatest_value)] == [min(every), max(every)] == ends


def rank(grade: Any) -> int:
    """The place of a grade from the worst."""
    return SCALES["four"].index(grade)


@pytest.mark.parametrize("name", ["gated", "capped", "limited"])
def test_nothing_left_is_not_scored(name: str, folder: Path) -> None:
    """Where nothing applies there is no result: not nought, not full marks, and nothing is added to the action plan or taken from it."""
    rule = json.loads(json.dumps(DATA["rules"][name]).replace('"?"', '"requires-improvement"'))
    duties = {"action": {"at": {"inadequate": "must", "requires-improvement": "should", "good": "review"}}}
    framework = built({"scale": "four", "sections": [4], "rule": rule, "requirements": duties}, folder)
    assessment = answered(framework, ["na"] * 4)
    result = framework.rules["rule"].score(assessment)
    assert (result.kind, result.value, result.text) == ("not scored", None, "not scored: nothing was left to score")
    assert [problem for problem in check(assessment) if problem.severity == "error"] == []
    assert list(plan(assessment).wanting) == []
    one = assessment.with_grade("1.1", "inadequate")
    assert [row.ref for row in plan(one).wanting] == ["1.1"]
