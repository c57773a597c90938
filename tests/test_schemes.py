"""Published scoring schemes, written as rules in `frameworks/schemes/`, against their publications.

No expectation here comes from s11kit: it is cited, worked out by hand in the scheme's README, or computed by a short program of the published
algorithm that knows neither the library nor its files.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from s11kit import Assessment, Framework, Organisation, Score, Statement, load_framework, score

SCHEMES = Path(__file__).parents[1] / "frameworks" / "schemes"
NOT_APPLICABLE = "not applicable"
SEEDS = range(50)
Answers = Mapping[str, str | None]
"""Reference to grade, to `NOT_APPLICABLE`, or to nothing: unanswered."""


@cache
def framework(scheme: str) -> Framework:
    return load_framework(SCHEMES / scheme / "framework.toml")


def scored(scheme: str, answers: Answers) -> Score:
    assessment = Assessment(framework=framework(scheme), organisation=Organisation(name="Reedbank"))
    for ref, answer in answers.items():
        if answer == NOT_APPLICABLE:
            assessment = assessment.with_not_applicable(ref, "There is none")
        elif answer is not None:
            assessment = assessment.with_grade(ref, answer)
    return score(assessment)


def example(scheme: str, name: str) -> dict[str, str | None]:
    """The answers of a shipped example."""
    file = tomllib.loads((SCHEMES / scheme / "examples" / f"{name}.toml").read_text(encoding="utf-8"))
    return {ref: answer.get("grade", NOT_APPLICABLE) for ref, answer in file["answer"].items()}


def statements(scheme: str) -> set[str]:
    return {item.ref for item in framework(scheme).items.values() if item.is_statement}


# XCCDF 1.2: NISTIR 7275 revision 4, tables 40 (default model) and 41 (flat model)

XCCDF = "xccdf/1-2"
Node = tuple[str, Fraction, list[Any]]
"""A reference, a weight, and children: none for a rule."""


def rule(ref: str, weight: str) -> Node:
    return ref, Fraction(weight), []


def group(ref: str, weight: str, *children: Node) -> Node:
    return ref, Fraction(weight), list(children)


BENCHMARK = group(
    "benchmark",
    "1",
    group(
        "1",
        "2",
        group("1.1", "1", rule("1.1.1", "10"), rule("1.1.2", "5"), rule("1.1.3", "1")),
        group("1.2", "3", rule("1.2.1", "1"), rule("1.2.2", "1")),
    ),
    group("2", "1", group("2.1", "1", rule("2.1.1", "3"), rule("2.1.2", "1.5")), rule("2.2.1", "0.5")),  # 2.2: one rule in a group of its weight
    group(
        "3",
        "0.5",
        group("3.1", "1", rule("3.1.1", "1"), rule("3.1.2", "2"), rule("3.1.3", "1")),
        group("3.2", "2", rule("3.2.1", "4"), rule("3.2.2", "1")),
    ),
)
PASSED = ("pass", "fixed")
RESULTS = ("fail", "error", "unknown", "fixed", "pass", NOT_APPLICABLE)


def xccdf_rules(node: Node) -> list[tuple[str, Fraction]]:
    ref, weight, children = node
    return [leaf for child in children for leaf in xccdf_rules(child)] if children else [(ref, weight)]


def xccdf_default(node: Node, results: Answers) -> tuple[int, Fraction]:
    """Count and score of a node (table 40)."""
    ref, _, children = node
    if not children:
        if results[ref] == NOT_APPLICABLE:
            return 0, Fraction(0)
        return 1, Fraction(100 if results[ref] in PASSED else 0)
    count, total, accumulator = 0, Fraction(0), Fraction(0)
    for child in children:
        child_count, child_score = xccdf_default(child, results)
        if child_count:
            count += 1
            total += child_score * child[1]
            accumulator += child[1]
    return count, total / accumulator if accumulator else Fraction(0)


def xccdf_flat(results: Answers, *, unweighted: bool = False) -> tuple[Fraction, Fraction]:
    """Score and maximum (table 41)."""
    got = most = Fraction(0)
    for ref, weight in xccdf_rules(BENCHMARK):
        if results[ref] != NOT_APPLICABLE:
            weight = Fraction(1) if unweighted else weight
            most += weight
            got += weight if results[ref] in PASSED else 0
    return got, most


XCCDF_REFS = [ref for ref, _ in xccdf_rules(BENCHMARK)]


def xccdf_all(result: str) -> dict[str, str]:
    return dict.fromkeys(XCCDF_REFS, result)


def test_xccdf_is_the_tree_of_the_test() -> None:
    assert statements(XCCDF) == set(XCCDF_REFS)


def test_xccdf_example() -> None:
    """Worked out by hand in the README of the scheme."""
    result = scored(XCCDF, example(XCCDF, "small-office"))
    assert result["default"].value == Fraction(5125, 84)
    assert (result["flat"].value, result["flat-maximum"].value) == (Fraction(33, 2), 24)
    assert (result["flat-unweighted"].value, result["flat-unweighted-maximum"].value) == (6, 10)
    assert result["absolute"].value is False


@pytest.mark.parametrize(
    ("results", "default", "flat", "unweighted", "absolute"),
    [
        pytest.param(xccdf_all("pass"), 100, 32, 13, True, id="all pass"),
        pytest.param(xccdf_all("fixed"), 100, 32, 13, True, id="fixed is scored as pass"),
        pytest.param(xccdf_all("fail"), 0, 0, 0, False, id="all fail"),
        pytest.param(xccdf_all("unknown"), 0, 0, 0, False, id="unknown does not pass"),
        pytest.param(xccdf_all("pass") | {"1.1.3": "error"}, Fraction(2775, 28), 31, 12, False, id="one error"),
        pytest.param(xccdf_all(NOT_APPLICABLE) | {"3.2.2": "pass"}, 100, 1, 1, True, id="only one counts"),
        pytest.param(xccdf_all("pass") | {"2.2.1": NOT_APPLICABLE}, 100, Fraction(63, 2), 12, True, id="one is not counted"),
    ],
)
def test_xccdf_cases(results: Answers, default: Fraction, flat: Fraction, unweighted: int, absolute: bool) -> None:
    """Worked out by hand: all weights together are 32."""
    result = scored(XCCDF, results)
    assert result["default"].value == default
    assert (result["flat"].value, result["flat-unweighted"].value, result["absolute"].value) == (flat, unweighted, absolute)


@pytest.mark.parametrize("seed", SEEDS)
def test_xccdf_random(seed: int) -> None:
    pick = random.Random(seed)
    results = {ref: pick.choice(RESULTS) for ref in XCCDF_REFS}
    if seed % 5 == 0:  # whole groups that do not count
        gone = pick.choice(("1.1", "1.2", "2", "3"))
        results |= {ref: NOT_APPLICABLE for ref in XCCDF_REFS if ref.startswith(gone)}
    result = scored(XCCDF, results)
    count, expected = xccdf_default(BENCHMARK, results)
    assert count > 0
    assert result["default"].value == expected
    assert (result["flat"].value, result["flat-maximum"].value) == xccdf_flat(results)
    got, most = xccdf_flat(results, unweighted=True)
    assert (result["flat-unweighted"].value, result["flat-unweighted-maximum"].value) == (got, most)
    assert result["absolute"].value is (got == most)


def test_xccdf_nothing_counted() -> None:
    """0 divided by 0 is no score; the absolute model compares 0 with 0."""
    result = scored(XCCDF, xccdf_all(NOT_APPLICABLE))
    assert result["default"].kind == result["flat"].kind == result["flat-unweighted"].kind == "not scored"
    assert result["absolute"].value is True


def test_xccdf_unanswered() -> None:
    result = scored(XCCDF, xccdf_all("pass") | {"1.1.1": None})
    assert {result[name].kind for name in ("default", "flat", "flat-unweighted", "absolute")} == {"refused"}


# OWASP SAMM 2: a level scores the mean of its two streams, a practice the sum of its levels, a function and the whole are means

SAMM = "owasp-samm/2"
SAMM_PRACTICES = {
    "governance": ("G-SM", "G-PC", "G-EG"),
    "design": ("D-TA", "D-SR", "D-SA"),
    "implementation": ("I-SB", "I-SD", "I-DM"),
    "verification": ("V-AA", "V-RT", "V-ST"),
    "operations": ("O-IM", "O-EM", "O-OM"),
}
# Values: https://github.com/owaspsamm/core, model/answer_sets/A.yml
SAMM_VALUES = {"not-done": Fraction(0), "done-for-some": Fraction(1, 4), "done-for-half": Fraction(1, 2), "done-for-most": Fraction(1)}
SAMM_REFS = [f"{practice}-{stream}-{level}" for three in SAMM_PRACTICES.values() for practice in three for stream in "AB" for level in (1, 2, 3)]


def samm_practice(practice: str, answers: Answers) -> Fraction:
    def value(stream: str, level: int) -> Fraction:
        return SAMM_VALUES[answers[f"{practice}-{stream}-{level}"] or ""]

    return sum(((value("A", level) + value("B", level)) / 2 for level in (1, 2, 3)), Fraction(0))


def samm(answers: Answers) -> dict[str, Fraction]:
    functions = {name: sum((samm_practice(one, answers) for one in three), Fraction(0)) / 3 for name, three in SAMM_PRACTICES.items()}
    return {**functions, "overall": sum(functions.values(), Fraction(0)) / 5}


def test_samm_has_ninety_questions() -> None:
    assert statements(SAMM) == set(SAMM_REFS)
    assert len(SAMM_REFS) == 90


def test_samm_example() -> None:
    """Worked out by hand in the README of the scheme."""
    result = scored(SAMM, example(SAMM, "reed-software"))
    expected = {
        "overall": Fraction(73, 60),
        "governance": Fraction(4, 3),
        "design": Fraction(3, 4),
        "implementation": Fraction(9, 4),
        "verification": Fraction(1, 4),
        "operations": Fraction(3, 2),
    }
    assert {name: result[name].value for name in expected} == expected


@pytest.mark.parametrize(
    ("answer", "expected"), [("not-done", 0), ("done-for-some", Fraction(3, 4)), ("done-for-half", Fraction(3, 2)), ("done-for-most", 3)]
)
def test_samm_all_alike(answer: str, expected: Fraction) -> None:
    result = scored(SAMM, dict.fromkeys(SAMM_REFS, answer))
    assert {result[name].value for name in (*SAMM_PRACTICES, "overall")} == {expected}


def test_samm_levels_are_rated_alike() -> None:
    """One answer of 1 counts the same on each level: https://github.com/owaspsamm/core/issues/30."""
    for level in (1, 2, 3):
        answers = dict.fromkeys(SAMM_REFS, "not-done") | {f"D-SA-B-{level}": "done-for-most"}
        result = scored(SAMM, answers)
        assert (result["design"].value, result["overall"].value) == (Fraction(1, 6), Fraction(1, 30))


@pytest.mark.parametrize("seed", SEEDS)
def test_samm_random(seed: int) -> None:
    pick = random.Random(seed)
    answers = {ref: pick.choice(list(SAMM_VALUES)) for ref in SAMM_REFS}
    result = scored(SAMM, answers)
    assert {name: result[name].value for name in (*SAMM_PRACTICES, "overall")} == samm(answers)


def test_samm_unanswered() -> None:
    result = scored(SAMM, dict.fromkeys(SAMM_REFS, "done-for-most") | {"G-SM-A-1": None})
    assert (result["overall"].kind, result["governance"].kind) == ("refused", "refused")
    assert result["design"].value == 3


# NCSC CAF 4.0: at least one of "not achieved", all of "achieved", all of "partially achieved"

CAF = "ncsc-caf/4-0"
# How many indicators each list has, and the minima of the two profiles.
# https://github.com/co-cddo/domains-webcaf, frameworks/cyber-assessment-framework-v4.0.md and tests/test_v4_min_profile_requirements.py
CAF_OUTCOMES = {
    "A1.a": ((4, 0, 6), "achieved", "achieved"),
    "A2.a": ((8, 5, 9), "partially-achieved", "achieved"),
    "A4.b": ((4, 10, 5), "partially-achieved", "partially-achieved"),
    "B1.a": ((7, 2, 7), "partially-achieved", "achieved"),
}
CAF_RANK = {"not-achieved": 0, "partially-achieved": 1, "achieved": 2}
TRUE, FALSE = True, False
Lists = tuple[Sequence[bool | None], Sequence[bool | None], Sequence[bool | None]]
"""What is true in the three lists of one outcome; `None` is not applicable."""


def caf_outcome(lists: Lists) -> str:
    not_achieved, partially, achieved = ([one for one in each if one is not None] for each in lists)
    if any(not_achieved):
        return "not-achieved"
    if achieved and all(achieved):
        return "achieved"
    if partially and all(partially):
        return "partially-achieved"
    return "not-achieved"


def caf_answers(ref: str, lists: Lists) -> dict[str, str]:
    grades = {"N": ("absent", "present"), "P": ("missing", "in-place"), "A": ("missing", "in-place")}
    return {
        f"{ref}.{letter}{number}": NOT_APPLICABLE if true is None else grades[letter][true]
        for letter, each in zip("NPA", lists, strict=True)
        for number, true in enumerate(each, 1)
    }


def caf_lists(ref: str, not_achieved: bool, partially: bool, achieved: bool) -> Lists:
    n, p, a = CAF_OUTCOMES[ref][0]
    return [not_achieved] * n, [partially] * p, [achieved] * a


def caf_rule(ref: str) -> str:
    return ref.lower().replace(".", "-")


def caf(all_lists: Mapping[str, Lists]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rules give, and what is expected."""
    result = scored(CAF, {ref: answer for outcome, lists in all_lists.items() for ref, answer in caf_answers(outcome, lists).items()})
    judged = {ref: caf_outcome(lists) for ref, lists in all_lists.items()}
    expected: dict[str, Any] = {caf_rule(ref): grade for ref, grade in judged.items()}
    for place, profile in ((1, "baseline"), (2, "enhanced")):
        expected[profile] = all(CAF_RANK[grade] >= CAF_RANK[str(CAF_OUTCOMES[ref][place])] for ref, grade in judged.items())
    return {name: result[name].value for name in expected}, expected


def caf_with(**changed: Lists) -> dict[str, Lists]:
    """All achieved, but for one outcome."""
    return {ref: changed.get(caf_rule(ref).replace("-", "_"), caf_lists(ref, FALSE, TRUE, TRUE)) for ref in CAF_OUTCOMES}


def test_caf_has_the_published_numbers_of_indicators() -> None:
    assert statements(CAF) == {ref for outcome in CAF_OUTCOMES for ref in caf_answers(outcome, caf_lists(outcome, FALSE, TRUE, TRUE))}


def test_caf_example() -> None:
    """The expectations stand in the README of the scheme."""
    result = scored(CAF, example(CAF, "water-works"))
    assert {name: result[name].value for name in ("a1-a", "a2-a", "a4-b", "b1-a")} == {
        "a1-a": "achieved",
        "a2-a": "partially-achieved",
        "a4-b": "partially-achieved",
        "b1-a": "achieved",
    }
    assert (result["baseline"].value, result["enhanced"].value) == (True, False)


@pytest.mark.parametrize(
    ("ref", "lists", "expected"),
    [
        # the shapes of https://github.com/co-cddo/domains-webcaf, tests/test_indicator_status_calculation.py
        pytest.param("A2.a", caf_lists("A2.a", FALSE, TRUE, TRUE), "achieved", id="achieved and partially achieved"),
        pytest.param("A1.a", ([FALSE] * 4, [], [FALSE] + [TRUE] * 5), "not-achieved", id="one missing and no middle list"),
        pytest.param("A2.a", ([FALSE] * 8, [TRUE] * 5, [FALSE] + [TRUE] * 8), "partially-achieved", id="one missing and a middle list"),
        pytest.param("B1.a", ([FALSE] * 7, [FALSE, TRUE], [FALSE] * 7), "not-achieved", id="one of the middle list missing"),
        pytest.param("A1.a", ([FALSE, TRUE, FALSE, FALSE], [], [FALSE] + [TRUE] * 5), "not-achieved", id="a sign, and one missing"),
        pytest.param("A4.b", caf_lists("A4.b", TRUE, FALSE, FALSE), "not-achieved", id="every sign"),
        pytest.param("A4.b", caf_lists("A4.b", FALSE, FALSE, FALSE), "not-achieved", id="nothing is true"),
        # GovAssure, CAF Indicators of Good Practice: even one indicator of "not achieved" makes it so
        pytest.param("A4.b", ([TRUE] + [FALSE] * 3, [TRUE] * 10, [TRUE] * 5), "not-achieved", id="one sign outweighs all the rest"),
        # CAF 4.0, Using IGPs: an indicator may not be applicable
        pytest.param("A4.b", ([FALSE] * 4, [TRUE] * 10, [None] + [TRUE] * 4), "achieved", id="one does not apply"),
        pytest.param("A1.a", ([FALSE] * 4, [], [None] * 6), "not-achieved", id="none applies"),
    ],
)
def test_caf_outcomes(ref: str, lists: Lists, expected: str) -> None:
    assert caf_outcome(lists) == expected, "the program of this test"
    assert scored(CAF, caf_answers(ref, lists) | caf_others(ref))[caf_rule(ref)].value == expected


def caf_others(ref: str) -> dict[str, str]:
    return {key: grade for other in CAF_OUTCOMES if other != ref for key, grade in caf_answers(other, caf_lists(other, FALSE, TRUE, TRUE)).items()}


@pytest.mark.parametrize(
    ("all_lists", "baseline", "enhanced"),
    [
        pytest.param(caf_with(), True, True, id="all achieved"),
        pytest.param(caf_with(a4_b=caf_lists("A4.b", FALSE, TRUE, FALSE)), True, True, id="A4.b in part is enough for both"),
        pytest.param(caf_with(b1_a=caf_lists("B1.a", FALSE, TRUE, FALSE)), True, False, id="B1.a in part is enough for the baseline"),
        pytest.param(caf_with(b1_a=caf_lists("B1.a", FALSE, FALSE, FALSE)), False, False, id="B1.a not achieved"),
        pytest.param(caf_with(a1_a=caf_lists("A1.a", FALSE, FALSE, FALSE)), False, False, id="A1.a not achieved"),
    ],
)
def test_caf_profiles(all_lists: dict[str, Lists], baseline: bool, enhanced: bool) -> None:
    got, expected = caf(all_lists)
    assert (expected["baseline"], expected["enhanced"]) == (baseline, enhanced), "the program of this test"
    assert got == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_caf_random(seed: int) -> None:
    pick = random.Random(seed)

    def some(count: int, chance: float) -> list[bool | None]:
        """A list in which each indicator is true by chance; some lists are all true, some hold what does not apply."""
        chance = pick.choice((chance, 1.0 if chance > 0.5 else 0.0))
        return [None if pick.random() < 0.05 else pick.random() < chance for _ in range(count)]

    all_lists: dict[str, Lists] = {
        ref: (some(counts[0], 0.1), some(counts[1], 0.9), some(counts[2], 0.9)) for ref, (counts, *_) in CAF_OUTCOMES.items()
    }
    got, expected = caf(all_lists)
    assert got == expected


def test_caf_unanswered() -> None:
    """A blank among the signs is not the absence of a sign."""
    answers = {ref: grade for outcome, lists in caf_with().items() for ref, grade in caf_answers(outcome, lists).items()}
    result = scored(CAF, {ref: grade for ref, grade in answers.items() if ref != "A1.a.N2"})
    assert {result[name].kind for name in ("a1-a", "baseline", "enhanced")} == {"refused"}
    assert result["a2-a"].value == "achieved"


# NIST SP 800-171 DoD Assessment Methodology 1.2.1, 24 June 2020
# Section 5 d, as lists; the framework has the values of Annex A, row by row. Text: https://github.com/MacTechSolutionsLLC/mactech,
# compliance/cmmc/NIST_Methodology.md

DOD = "nist-sp-800-171-dod/1-2-1"


def refs(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BASIC_FIVE = refs("""
    3.1.1 3.1.2 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.6.1 3.6.2 3.7.2 3.8.3 3.9.2 3.10.1 3.10.2 3.12.1 3.12.3 3.13.1 3.13.2 3.14.1 3.14.2
    3.14.3
""")
DERIVED_FIVE = refs("""
    3.1.12 3.1.13 3.1.16 3.1.17 3.1.18 3.3.5 3.4.5 3.4.6 3.4.7 3.4.8 3.5.10 3.7.5 3.8.7 3.11.2 3.13.5 3.13.6 3.13.15 3.14.4 3.14.6
""")
BASIC_THREE = refs("3.3.2 3.7.1 3.8.1 3.8.2 3.9.1 3.11.1 3.12.2")
DERIVED_THREE = refs("3.1.5 3.1.19 3.7.4 3.8.8 3.13.8 3.14.5 3.14.7")
PARTIAL = ("3.5.3", "3.13.11")
PLAN = "3.12.4"
FAMILIES = (22, 3, 9, 9, 11, 3, 6, 9, 2, 6, 3, 4, 16, 7)
"""How many requirements SP 800-171 has in 3.1, 3.2 ... 3.14."""
DOD_REFS = [f"3.{family}.{number}" for family, count in enumerate(FAMILIES, 1) for number in range(1, count + 1)]


def dod_points() -> dict[str, int]:
    points = dict.fromkeys(DOD_REFS, 1)
    points |= dict.fromkeys([*BASIC_FIVE, *DERIVED_FIVE, *PARTIAL], 5)
    points |= dict.fromkeys([*BASIC_THREE, *DERIVED_THREE], 3)
    points[PLAN] = 0
    return points


DOD_POINTS = dod_points()
IMPLEMENTED = dict.fromkeys(DOD_REFS, "implemented")


def dod_score(answers: Answers) -> int | None:
    """The summary level score; nothing without a system security plan."""
    if answers[PLAN] != "implemented":
        return None
    lost = 0
    for ref, answer in answers.items():
        if answer == "partly-implemented" and ref in PARTIAL:
            lost += 3
        elif answer in ("not-implemented", "partly-implemented"):
            lost += DOD_POINTS[ref]
    return 110 - lost


def test_dod_table_of_values() -> None:
    """110 requirements worth 313 points, so that the least score is the published -203."""
    assert len(DOD_REFS) == 110
    assert [len(each) for each in (BASIC_FIVE, DERIVED_FIVE, BASIC_THREE, DERIVED_THREE)] == [23, 19, 7, 7]
    assert 110 - sum(DOD_POINTS.values()) == -203
    declared = {item.ref: item.node for item in framework(DOD).items.values() if isinstance(item.node, Statement)}
    assert {ref: node.weights["points"] for ref, node in declared.items()} == DOD_POINTS
    basic = {ref for ref, node in declared.items() if "basic" in node.tags}
    assert basic == {*BASIC_FIVE, *BASIC_THREE, PLAN}


def test_dod_example() -> None:
    """Worked out by hand in the README of the scheme."""
    assert scored(DOD, example(DOD, "brook-castings"))["score"].value == 92


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, 110, id="all implemented"),
        pytest.param({ref: "not-implemented" for ref in DOD_REFS if ref != PLAN}, -203, id="nothing but the plan"),
        pytest.param({"3.5.3": "not-implemented"}, 105, id="nobody is asked for several factors"),
        pytest.param({"3.5.3": "partly-implemented"}, 107, id="only remote and privileged users are"),
        pytest.param({"3.13.11": "not-implemented"}, 105, id="no encryption"),
        pytest.param({"3.13.11": "partly-implemented"}, 107, id="encryption that is not validated"),
        pytest.param({"3.1.1": "partly-implemented"}, 105, id="no credit for parts elsewhere"),
        pytest.param({"3.1.5": "not-implemented", "3.5.5": "not-implemented"}, 106, id="three and one"),
        pytest.param(dict.fromkeys(("3.1.12", "3.1.13", "3.1.16", "3.1.17", "3.1.18"), NOT_APPLICABLE), 110, id="access not permitted"),
    ],
)
def test_dod_cases(changed: dict[str, str], expected: int) -> None:
    answers = IMPLEMENTED | changed
    assert dod_score(answers) == expected, "the program of this test"
    assert scored(DOD, answers)["score"].value == expected


@pytest.mark.parametrize("ref", [ref for ref in DOD_REFS if ref != PLAN])
def test_dod_each_requirement(ref: str) -> None:
    assert scored(DOD, IMPLEMENTED | {ref: "not-implemented"})["score"].value == 110 - DOD_POINTS[ref]


@pytest.mark.parametrize("answer", ["not-implemented", "partly-implemented"])
def test_dod_without_a_plan(answer: str) -> None:
    """Section 5 g: an assessment could not be completed."""
    result = scored(DOD, IMPLEMENTED | {PLAN: answer})["score"]
    assert (result.kind, result.value) == ("not scored", None)


@pytest.mark.parametrize("seed", SEEDS)
def test_dod_random(seed: int) -> None:
    pick = random.Random(seed)
    grades = ("implemented", "implemented", "partly-implemented", "not-implemented", NOT_APPLICABLE)
    answers = {ref: pick.choice(grades) for ref in DOD_REFS} | {PLAN: "implemented" if seed % 10 else "not-implemented"}
    result = scored(DOD, answers)["score"]
    assert (result.kind, result.value) == (("scored", dod_score(answers)) if seed % 10 else ("not scored", None))


@pytest.mark.parametrize("ref", ["3.1.3", PLAN])
def test_dod_unanswered(ref: str) -> None:
    assert scored(DOD, IMPLEMENTED | {ref: None})["score"].kind == "refused"


# PHQ-9: Kroenke, Spitzer, Williams 2001, https://doi.org/10.1046/j.1525-1497.2001.016009606.x (abstract: 5, 10, 15, 20)

PHQ = "phq-9/2001"


def phq_answers(points: Iterable[int | None]) -> dict[str, str | None]:
    return {str(item): None if one is None else f"score-{one}" for item, one in enumerate(points, 1)}


def phq_band(total: int) -> str:
    names = ("minimal", "mild", "moderate", "moderately-severe", "severe")
    return names[sum(total >= edge for edge in (5, 10, 15, 20))]


def phq_points(total: int, shuffle: Callable[[list[int]], None]) -> list[int]:
    """Nine answers with this total, spread in some way."""
    points = [0] * 9
    for _ in range(total):
        free = [place for place, one in enumerate(points) if one < 3]
        shuffle(free)
        points[free[0]] += 1
    return points


def test_phq_example() -> None:
    result = scored(PHQ, example(PHQ, "ten"))
    assert (result["total"].value, result["severity"].value) == (10, "moderate")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"), (15, "moderately-severe"),
        (19, "moderately-severe"), (20, "severe"), (27, "severe"),
    ],
)  # fmt: skip
def test_phq_band_edges(total: int, band: str) -> None:
    assert phq_band(total) == band, "the program of this test"
    result = scored(PHQ, phq_answers(phq_points(total, random.Random(total).shuffle)))
    assert (result["total"].value, result["severity"].value) == (total, band)


@pytest.mark.parametrize("seed", SEEDS)
def test_phq_random(seed: int) -> None:
    pick = random.Random(seed)
    points = [pick.randrange(4) for _ in range(9)]
    result = scored(PHQ, phq_answers(points))
    assert (result["total"].value, result["severity"].value) == (sum(points), phq_band(sum(points)))
    assert result["prorated-total"].value == sum(points)


@pytest.mark.parametrize("seed", SEEDS)
def test_phq_blanks(seed: int) -> None:
    """Blanks are refused, or up to two count as the mean of the rest: https://nrkoehler.github.io/qscorer/reference/scoring_phq9.html."""
    pick = random.Random(seed)
    blanks = set(pick.sample(range(9), seed % 4 + 1))
    points = [None if place in blanks else pick.randrange(4) for place in range(9)]
    result = scored(PHQ, phq_answers(points))
    assert (result["total"].kind, result["severity"].kind) == ("refused", "refused")
    if len(blanks) > 2:
        assert result["prorated-total"].kind == "refused"
    else:
        given = [one for one in points if one is not None]
        assert result["prorated-total"].value == sum(given) + len(blanks) * Fraction(sum(given), len(given))


def test_phq_low_is_good() -> None:
    scales = {scale.id: [grade.id for grade in scale.grades] for scale in framework(PHQ).scales}
    assert scales["frequency"] == ["score-3", "score-2", "score-1", "score-0"], "worst first, whatever the file begins with"
    assert scales["depression-severity"][0] == "severe"
