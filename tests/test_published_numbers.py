"""The numbers that boards have published, and what follows from them. The expectations stand as data in `cases/`, with their source."""

from __future__ import annotations

import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from s11kit import Assessment, Catalogue, Graded, NotApplicable, Rounding, Score, Unanswered, check, plan, score
from s11kit.scoring import Tally

CASES = Path(__file__).parent / "cases"
TWO_DECIMALS = Rounding(nearest=Fraction(1, 100))
BASES = ("all", "applicable", "graded")
STANDARDS = ("1", "2", "3", "4", "5", "6", "7")
ROWS = (*STANDARDS, "total")


def case(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


SUMMARY = case("published-score-summary")
SHARES = case("shares-by-base")
CONVENTIONS = case("numeric-conventions")
DUE = case("duties-and-completeness")
COUNTS: dict[str, dict[str, int]] = {**SUMMARY["standard"], "total": SUMMARY["total"]}


def base_of(row: str, base: str) -> int:
    """How many a share is taken of, from the published counts alone."""
    cells = COUNTS[row]
    less = {"all": 0, "applicable": cells["not-applicable"], "graded": cells["not-applicable"] + cells["unanswered"]}
    return cells["questions"] - less[base]


def published_share(row: str, grade: str, base: str) -> Fraction:
    """An exact share, from the published counts alone."""
    return Fraction(COUNTS[row][grade.replace("_", "-")], base_of(row, base))


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return Catalogue.default().example(SUMMARY["framework"], SUMMARY["example"])


@pytest.fixture(scope="module")
def scored(assessment: Assessment) -> Score:
    return score(assessment)


def tally(scored: Score, row: str) -> Tally:
    return scored.total if row == "total" else scored.standard(row)


# the published table


def test_the_published_rows_add_up() -> None:
    """In the published table, the cells of each row add up to its number of questions, and the rows add up to the total."""
    assert {row: cells["questions"] for row, cells in COUNTS.items()} == {
        row: sum(cells.values()) - cells["questions"] for row, cells in COUNTS.items()
    }
    assert COUNTS["total"] == {name: sum(COUNTS[row][name] for row in STANDARDS) for name in COUNTS["total"]}


@pytest.mark.parametrize("row", ROWS)
def test_the_tally_is_the_published_row(scored: Score, row: str) -> None:
    """Every cell of the boards' score summary comes out of the answers."""
    found = tally(scored, row)
    cells = {"questions": found.statements, **found.grades, "not-applicable": found.not_applicable, "unanswered": found.unanswered}
    assert COUNTS[row] == cells


def test_the_table_has_seven_rows(scored: Score) -> None:
    """Standard 8 applies in Peterborough only, and is absent from the tally of an organisation that does not work there."""
    assert (tuple(found.ref for found in scored.tally), scored.out_of_scope) == (STANDARDS, ("8",))


# shares


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("row", ROWS)
def test_the_share_fully_met_by_base(scored: Score, row: str, base: Any) -> None:
    """The share of fully met is exact, whatever it is taken of, and prints as worked out by hand."""
    found = tally(scored, row)
    share = found.share("fully-met", base=base)
    assert share is not None
    assert (published_share(row, "fully-met", base), SHARES["of"][row][base]) == (share, found.base(base))
    assert SHARES["fully-met"][row][base] == TWO_DECIMALS.text(share * 100)


@pytest.mark.parametrize("base", BASES)
def test_all_shares_of_the_total(scored: Score, base: Any) -> None:
    """The shares of the total add up to one on every base, and print as worked out by hand."""
    shares = {name: scored.total.share(name, base=base) or Fraction() for name in SHARES["total"][base]}
    assert {name: published_share("total", name, base) for name in shares} == shares
    assert SHARES["total"][base] == {name: TWO_DECIMALS.text(share * 100) for name, share in shares.items()}
    assert sum(shares.values()) == 1


def test_whole_numbers_of_the_total(scored: Score) -> None:
    """In whole numbers the shares of all 46 are 15, 7, 59, 17 and 2."""
    whole = Rounding(nearest=Fraction(1))
    assert SHARES["whole"]["all"] == {name: whole.text((scored.total.share(name, base="all") or Fraction()) * 100) for name in SHARES["whole"]["all"]}


@pytest.mark.parametrize("base", BASES)
def test_the_mean_of_the_standards_is_not_the_share_of_the_total(scored: Score, base: Any) -> None:
    """Pooling all statements and averaging the seven standards give different numbers, so each must say which it is."""
    shares = [scored.standard(row).share("fully-met", base=base) or Fraction() for row in STANDARDS]
    mean = sum(shares, Fraction()) / len(shares)
    assert SHARES["mean-of-standards"][base] == TWO_DECIMALS.text(mean * 100)
    assert mean != scored.total.share("fully-met", base=base)


@pytest.mark.parametrize("nearest", SHARES["standard-1"])
def test_40_and_60_only_when_tens_are_asked_for(scored: Score, nearest: str) -> None:
    """The boards' sentence on standard 1 says 40 and 60, which 3 and 4 of 7 are only to the nearest ten."""
    rounding = Rounding(nearest=Fraction(nearest))
    found = {grade: rounding.text((scored.standard("1").share(grade, base="applicable") or Fraction()) * 100) for grade in ("fully-met", "not-met")}
    assert SHARES["standard-1"][nearest] == found
    assert ("40" in found.values()) == (nearest == "10")


def test_a_share_says_its_base_and_its_rounding(scored: Score) -> None:
    """Nobody has to guess what a printed percentage is a percentage of."""
    assert scored.share_text("fully-met") == "71.1 % (27 of 38 applicable), to the nearest 0.1, half-up"
    assert (
        scored.share_text("fully-met", base="graded", rounding=Rounding(nearest=Fraction(1))) == "73 % (27 of 37 graded), to the nearest 1, half-up"
    )


# numbers made of grades


def points(found: Tally, codes: dict[str, int]) -> Fraction:
    """The mean of numbers put to the grades, over what is graded."""
    return Fraction(sum(codes[grade] * count for grade, count in found.grades.items()), found.graded)


@pytest.mark.parametrize(("row", "name"), [("total", "total"), ("1", "standard-1"), ("5", "standard-5")])
def test_four_conventions_four_numbers(scored: Score, row: str, name: str) -> None:
    """The same grades come to different numbers by different conventions, all of them worked out here and none of them by the library."""
    found = tally(scored, row)
    codes = {grade.id: int(grade.code or "") for grade in scored.assessment.framework.scale("rag").grades}
    mean, from_0 = points(found, codes), points(found, {grade: code - 1 for grade, code in codes.items()})
    numbers = {
        "mean-of-codes": Rounding(nearest=Fraction(1, 10_000)).text(mean),
        "percent-of-most-from-0": TWO_DECIMALS.text(from_0 / 2 * 100),
        "percent-of-most-from-code": TWO_DECIMALS.text(mean / 3 * 100),
        "fully-met": TWO_DECIMALS.text((found.share("fully-met", base="graded") or Fraction()) * 100),
    }
    assert CONVENTIONS[name] == {key: numbers[key] for key in CONVENTIONS[name]}


def test_no_number_is_made_of_grades_unasked(scored: Score) -> None:
    """Without a declared rule there is no numeric score: the grades have no points, and there are counts and shares only."""
    assert scored.to_dict()["rules"] == {}
    assert [grade.points for grade in scored.assessment.framework.scale("rag").grades] == [None, None, None]


# completeness and duties


def test_completeness(scored: Score) -> None:
    """Not applicable is answered, and not graded: 45 of 46 are answered, 37 graded."""
    answered, graded = DUE["completeness"]["answered"], DUE["completeness"]["graded"]
    share = Fraction(scored.total.graded, scored.total.statements)
    assert (Fraction(answered["number"], answered["of"]), Fraction(graded["number"], graded["of"])) == (scored.completeness, share)
    assert (answered["percent"], graded["percent"]) == tuple(TWO_DECIMALS.text(number * 100) for number in (scored.completeness or Fraction(), share))


def test_the_missing_one_is_in_standard_2(assessment: Assessment, scored: Score) -> None:
    """The one statement without an answer is found where the boards' summary has it, and checking names it."""
    missing = [item for item in assessment.in_scope if isinstance(assessment.answer(item.ref), Unanswered)]
    assert [DUE["completeness"]["missing-in"]] == [item.parents[0].ref for item in missing]
    assert DUE["due"]["unanswered"] == scored.total.unanswered
    assert [("A001", ("answer", item.ref)) for item in missing] == [(found.code, found.path) for found in check(assessment) if found.code == "A001"]


def test_actions_due(assessment: Assessment) -> None:
    """Not met and partly met call for an action: ten in all, by standard 4, 1, 2 and 3."""
    due = Counter(row.standard for row in plan(assessment).rows if row.level == "must")
    assert DUE["due"]["actions"] == {**{row: due[row] for row in STANDARDS}, "total": plan(assessment).due}


def test_reasons_due(assessment: Assessment) -> None:
    """Not applicable calls for a reason: eight in all."""
    answered = [item for item in assessment.in_scope if isinstance(assessment.answer(item.ref), NotApplicable)]
    assert DUE["due"]["reasons"] == sum(item.not_applicable is not None and "reason" in item.not_applicable.needs for item in answered)


def test_evidence_due(assessment: Assessment) -> None:
    """Fully met and partly met call for evidence: thirty in all."""
    due = 0
    for item in assessment.in_scope:
        answer, asked = assessment.answer(item.ref), item.requirements.evidence
        due += isinstance(answer, Graded) and asked is not None and asked.level(answer.grade) == "must"
    assert DUE["due"]["evidence"] == due


def test_everything_due_is_there(assessment: Assessment) -> None:
    """The example fills every box that its grades call for, so that no error is found in it."""
    assert [found.code for found in check(assessment) if found.severity == "error"] == []
