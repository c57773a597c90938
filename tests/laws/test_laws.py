"""Laws that hold for every framework and every assessment, generated ones included. Each test names a law and would catch whoever breaks it."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11kit import (
    Assessment,
    Catalogue,
    Framework,
    Graded,
    NotApplicable,
    Rounding,
    Scale,
    Unanswered,
    carry_forward,
    check,
    compare,
    dump_assessment,
    dump_framework,
    load_framework,
    parse_assessment,
    plan,
    score,
)
from s11kit._dates import DateFault, long, read_date
from s11kit._frozen import FrozenDict
from s11kit.codec import REMOVE, edit_answers
from s11kit.model import (
    Both,
    Comparison,
    Either,
    Not,
    Selection,
)
from s11kit.testing.strategies import assessments, conditions, frameworks


class Shelf:
    """A catalogue of one framework."""

    def __init__(self, framework: Framework) -> None:
        self._framework = framework

    def framework(self, name: str) -> Framework:
        assert name == self._framework.name
        return self._framework

    def shared_scale(self, name: str) -> Scale:
        raise AssertionError(name)


def recount(assessment: Assessment, refs: list[str]) -> Counter[str]:
    """The tally of some items, counted the plain way."""
    counts: Counter[str] = Counter()
    for ref in refs:
        item = assessment.framework.item(ref)
        if ref in assessment.scope.out or not item.takes_grade:
            continue
        answer = assessment.answer(ref)
        counts[answer.grade if isinstance(answer, Graded) else "na" if isinstance(answer, NotApplicable) else "blank"] += 1
    return counts


# files


@given(frameworks())
def test_a_framework_written_and_read_is_the_same(tmp_path_factory: pytest.TempPathFactory, framework: Framework) -> None:
    """load(dump(framework)) == framework, and a framework made sound is found sound."""
    file = tmp_path_factory.mktemp("law") / "framework.toml"
    file.write_text(dump_framework(framework), encoding="utf-8", newline="")
    assert [problem for problem in check(framework) if problem.severity == "error"] == []
    assert load_framework(file, catalogue=Catalogue.of()) == framework


@pytest.mark.parametrize("kind", ["toml", "json"])
@given(data=st.data())
def test_an_assessment_written_and_read_is_the_same(kind: Any, data: st.DataObject) -> None:
    """load(dump(assessment)) == assessment as TOML and as JSON, unknown keys and odd characters included."""
    assessment = data.draw(assessments())
    text = dump_assessment(assessment, kind=kind)
    assert parse_assessment(text, catalogue=Shelf(assessment.framework), kind=kind) == assessment


@given(assessments(), st.data())
def test_editing_in_place_says_what_the_changed_copy_says(
    tmp_path_factory: pytest.TempPathFactory, assessment: Assessment, data: st.DataObject
) -> None:
    """A grade set in the file equals a grade set in the value, and the lines of other answers stay byte for byte."""
    graded = [item for item in assessment.framework.answerable if item.takes_grade and item.scale is not None]
    if not graded:
        return
    item = data.draw(st.sampled_from(graded))
    assert item.scale is not None
    grade = data.draw(st.sampled_from(item.scale.grades)).id
    kind = data.draw(st.sampled_from(("toml", "json")))
    file = tmp_path_factory.mktemp("law") / f"answers.{kind}"
    file.write_text(dump_assessment(assessment, kind=kind), encoding="utf-8", newline="")
    text = edit_answers(file, {item.ref: {"grade": grade, "not_applicable": REMOVE}}, order=list(assessment.framework.items))
    assert parse_assessment(text, catalogue=Shelf(assessment.framework), kind=kind) == assessment.with_answer(item.ref, Graded(grade))


# counting


@given(assessments())
def test_every_item_in_scope_is_counted_once(assessment: Assessment) -> None:
    """The total agrees with counting the plain way, and grades, not applicable and unanswered add up to it."""
    total, counts = score(assessment).total, recount(assessment, list(assessment.framework.items))
    assert {grade: number for grade, number in total.grades.items() if number} == {key: n for key, n in counts.items() if key not in ("na", "blank")}
    assert (total.not_applicable, total.unanswered) == (counts["na"], counts["blank"])
    assert total.statements == sum(total.grades.values()) + total.not_applicable + total.unanswered == counts.total()


@given(assessments())
def test_a_standard_counts_what_it_holds(assessment: Assessment) -> None:
    """A standard's tally is that of its own statements and of the standards in it; the outermost ones add up to the total."""
    found = score(assessment)
    assert sum(tally.statements for tally in found.tally) == found.total.statements
    for item in assessment.framework.items.values():
        if not item.is_statement and any(tally.ref == item.ref for tally in found.tally):
            refs = [other.ref for other in assessment.framework.items.values() if any(parent.ref == item.ref for parent in other.parents)]
            assert found.standard(item.ref).statements == recount(assessment, refs).total()


@given(assessments())
def test_shares_of_a_base_add_up_to_one(assessment: Assessment) -> None:
    """For each base, the shares of everything that is in it add up to exactly one; of nothing there is no share."""
    total = score(assessment).total
    for base, more in (("all", ["not_applicable", "unanswered"]), ("applicable", ["unanswered"]), ("graded", [])):
        shares = [total.share(name, base=base) for name in [*total.grades, *more]]  # type: ignore[arg-type]
        if total.base(base):  # type: ignore[arg-type]
            assert sum(share for share in shares if share is not None) == 1
        else:
            assert shares == [None] * len(shares)


@given(assessments(), st.randoms(use_true_random=False))
def test_the_order_of_answers_means_nothing(assessment: Assessment, randomness: random.Random) -> None:
    """The same answers in another order give the same score, plan and findings."""
    pairs = list(assessment.answers.items())
    randomness.shuffle(pairs)
    shuffled = attrs.evolve(assessment, answers=FrozenDict(pairs))
    assert score(shuffled).to_dict() == score(assessment).to_dict()
    assert plan(shuffled).to_dict() == plan(assessment).to_dict()
    assert Counter(check(shuffled)) == Counter(check(assessment))


@given(assessments(), st.data())
def test_taking_an_answer_back_leaves_a_blank(assessment: Assessment, data: st.DataObject) -> None:
    """Grading an item moves one count and nothing else; clearing it again moves it to unanswered."""
    graded = [item for item in assessment.framework.answerable if item.takes_grade and not item.conditions and not assessment.framework.conditional]
    if not graded:
        return
    item = data.draw(st.sampled_from(graded))
    assert item.scale is not None
    one = score(assessment.with_grade(item.ref, item.scale.best.id)).total
    none = score(assessment.with_grade(item.ref, item.scale.best.id).without_answer(item.ref)).total
    assert none.unanswered == one.unanswered + 1
    assert none.grades[item.scale.best.id] == one.grades[item.scale.best.id] - 1
    assert none.statements == one.statements


@given(assessments())
def test_a_comparison_reads_both_ways(assessment: Assessment) -> None:
    """Compared with itself everything is the same; what is better one way is worse the other."""
    own, moderated = score(assessment), score(assessment, role="moderated")
    assert compare(own, own).differing == ()
    there, back = compare(own, moderated), compare(moderated, own)
    assert (there.count("better"), there.count("other")) == (back.count("worse"), back.count("other"))


# scope


@given(assessments(), st.data())
def test_conditions_follow_logic(assessment: Assessment, data: st.DataObject) -> None:
    """Twice not is as before; not both is either not: also where the organisation has not said enough to settle it."""
    unsaid = data.draw(st.sampled_from((assessment, assessment.with_organisation(areas=None))))
    one, two = data.draw(conditions([])), data.draw(conditions([]))
    facts = _facts(unsaid)
    assert Not(test=Not(test=one)).holds(facts) == one.holds(facts)
    assert Not(test=Both(tests=(one, two))).holds(facts) == Either(tests=(Not(test=one), Not(test=two))).holds(facts)


def _facts(assessment: Assessment) -> Any:
    class Facts:
        def organisation_fact(self, field: str) -> Any:
            return getattr(assessment.organisation, field)

        def selected(self, selection: Selection) -> Any:
            return iter(())

        def compares(self, ref: str, comparison: Comparison) -> Any:
            return None

    return Facts()


@given(assessments())
def test_what_is_out_of_scope_asks_for_nothing(assessment: Assessment) -> None:
    """An item that does not apply is not unanswered, demands nothing, and is not in any count."""
    out = assessment.scope.out
    assert not [p for p in check(assessment) if p.code in ("A001", "A003", "A006") and p.path[1] in out]
    assert not [row for row in plan(assessment).rows if row.ref in out and row.level is not None]
    below = [item.ref for item in assessment.framework.items.values() if any(parent.ref in out for parent in item.parents)]
    assert set(below) <= out


# planning


@given(assessments(), st.dates(datetime.date(1950, 1, 1), datetime.date(2050, 1, 1)))
def test_the_plan_keeps_every_action_in_order(assessment: Assessment, on: datetime.date) -> None:
    """Every action is in the plan once, in framework order, whether its item applies or not; overdue is past its date and not done."""
    made = plan(assessment, on=on)
    expected = [action for ref in assessment.framework.items for action in assessment.entry(ref).actions]
    assert [planned.action for _, planned in made.actions] == expected + list(assessment.actions)
    for _, planned in made.actions:
        by = planned.action.fields.get("by")
        assert planned.overdue == (by is not None and by < on and planned.action.fields.get("state") != "done")


@given(assessments())
def test_carrying_forward_loses_no_open_action(assessment: Assessment) -> None:
    """The next cycle holds exactly the actions that are not done, and no answer."""
    following = carry_forward(assessment, cycle="next")
    every = [*assessment.actions, *(action for entry in assessment.answers.values() for action in entry.actions)]
    kept = [*following.actions, *(action for entry in following.answers.values() for action in entry.actions)]
    assert Counter(kept) == Counter(action for action in every if action.fields.get("state") != "done")
    assert all(isinstance(entry.answer, Unanswered) for entry in following.answers.values())


# numbers and dates


@given(
    st.fractions(-1000, 1000), st.fractions(-1000, 1000), st.fractions(Fraction(1, 1000), 50), st.sampled_from(("half-up", "half-even", "down", "up"))
)
def test_rounding_is_near_steady_and_in_order(one: Fraction, two: Fraction, nearest: Fraction, mode: Any) -> None:
    """A rounded number is a multiple of the step, less than a step away, stays itself, and never overtakes another."""
    rounding = Rounding(nearest=nearest, mode=mode)
    rounded = rounding.apply(one)
    assert (rounded / nearest).denominator == 1
    assert abs(rounded - one) < nearest if mode in ("down", "up") else abs(rounded - one) <= nearest / 2
    assert rounding.apply(rounded) == rounded
    assert (rounding.apply(one) <= rounding.apply(two)) == (one <= two) or rounding.apply(one) == rounding.apply(two)


@given(st.decimals(0, 1000, places=3))
def test_shown_numbers_are_the_rounded_ones(value: Decimal) -> None:
    """The text of a rounded number is that number, with as many decimals as the step."""
    text = Rounding(nearest=Fraction(1, 100)).text(Fraction(value))
    assert Fraction(text) == Rounding(nearest=Fraction(1, 100)).apply(Fraction(value))
    assert len(text.split(".")[1]) == 2


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)))
def test_a_date_is_read_back_as_it_is_printed(date: datetime.date) -> None:
    """What the library prints, and every other way of writing the day, is that day; day/month/year only where it cannot be another day."""
    assert read_date(long(date)) == read_date(date.isoformat()) == read_date(f"{date:%A} {long(date)}") == date
    typed = f"{date.day:02}/{date.month:02}/{date.year:04}"
    if date.day > 12 or date.day == date.month:
        assert read_date(typed) == date
    else:
        with pytest.raises(DateFault):
            read_date(typed)
