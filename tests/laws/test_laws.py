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
    Grade,
    Graded,
    NotApplicable,
    Organisation,
    Rounding,
    Scale,
    Standard,
    Stated,
    Statement,
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
    Action,
    ActionField,
    ActionStatus,
    AnswerTest,
    Both,
    Comparison,
    Condition,
    Descriptor,
    Either,
    Entry,
    Evidence,
    Not,
    NotApplicablePolicy,
    OrganisationTest,
    PlanPolicy,
    Provenance,
    Requirement,
    Requirements,
    Role,
    Selection,
)

AREAS = ("north", "south", "east")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('"\\\n\t=#[]{}'), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
PLAIN = st.text("abc xyz", min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
EXACT = st.fractions(min_value=0, max_value=20, max_denominator=50)
# what TOML and JSON both can hold under a key that nobody knows
UNKNOWN = st.recursive(
    TEXT | st.booleans() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.sampled_from(("x1", "x2")), inner, max_size=2).map(FrozenDict),
    max_leaves=5,
)


KEPT: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(("zz_top", "quux_9")), UNKNOWN, max_size=1)


@st.composite
def scales(draw: st.DrawFn, name: str) -> Scale:
    """A scale of two to five grades, printed in either order."""
    number = draw(st.integers(2, 5))
    grades = [
        Grade(id=f"{name}-{rank}", label=f"{name.upper()} {rank}", code=str(9 - rank), points=draw(st.none() | EXACT)) for rank in range(number)
    ]
    policy = draw(st.none() | st.just(NotApplicablePolicy(needs=("reason",))))
    return Scale(id=name, grades=grades, order=draw(st.sampled_from(("worst-first", "best-first"))), not_applicable=policy)


@st.composite
def conditions(draw: st.DrawFn, earlier: list[tuple[str, Scale]]) -> Condition:
    """A condition over the organisation's areas or over statements that stand earlier."""
    simple: list[st.SearchStrategy[Condition]] = [st.sets(st.sampled_from(AREAS), min_size=1).map(lambda areas: OrganisationTest(areas=areas))]
    if earlier:
        ref, scale = draw(st.sampled_from(earlier))
        grade = draw(st.sampled_from(scale.grades)).id
        simple.append(
            st.builds(
                AnswerTest,
                quantifier=st.sampled_from(("any", "all", "none")),
                selection=st.just(Selection(refs=(ref,))),
                comparison=st.builds(Comparison, operator=st.sampled_from(("at_least", "above", "at_most", "below", "is")), value=st.just(grade)),
                empty=st.booleans(),
            )
        )
    leaf = st.one_of(simple)
    return draw(
        leaf
        | leaf.map(lambda test: Not(test=test))
        | st.lists(leaf, min_size=1, max_size=2).map(lambda tests: Both(tests=tests))
        | st.lists(leaf, min_size=1, max_size=2).map(lambda tests: Either(tests=tests))
    )


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """A sound framework: one or two scales, nested standards, statements of several kinds, conditions, requirements."""
    found = [draw(scales(name)) for name in ("a", "b")[: draw(st.integers(1, 2))]]
    earlier: list[tuple[str, Scale]] = []
    numbers = iter(range(1, 1000))

    def statement(prefix: str) -> Statement:
        ref = f"{prefix}.{next(numbers)}"
        kind = draw(st.sampled_from(("graded", "graded", "graded", "text", "number", "yes-no", "date", "prompt")))
        scale = draw(st.sampled_from(found))
        made = Statement(
            ref=ref,
            text=f"{ref} {draw(TEXT)}",
            kind=kind,
            scale=scale.id if kind == "graded" else None,
            applies_when=draw(st.none() | conditions(list(earlier))) if draw(st.booleans()) else None,
            descriptors={scale.best.id: Descriptor(text=draw(TEXT), cumulative=draw(st.booleans()))}
            if kind == "graded" and draw(st.booleans())
            else {},
            tags=draw(st.sets(st.sampled_from(("own", "joint")), max_size=2).map(sorted)),
            weights=draw(st.dictionaries(st.just("weight"), EXACT, max_size=1)),
            optional=draw(st.booleans()),
            provenance=Provenance(mark=draw(st.none() | st.sampled_from(("inferred", "reconstructed")))),
        )
        if kind == "graded":
            earlier.append((ref, scale))
        return made

    def standard(ref: str, depth: int) -> Standard:
        applies = draw(st.none() | conditions(list(earlier)))
        statements = tuple(statement(ref) for _ in range(draw(st.integers(0, 3))))
        inner = tuple(standard(f"{ref}.s{place}", depth - 1) for place in range(draw(st.integers(0, 2)))) if depth else ()
        return Standard(ref=ref, title=f"standard {draw(PLAIN)}", statements=statements, standards=inner, applies_when=applies)

    standards = tuple(standard(str(place + 1), draw(st.integers(0, 1))) for place in range(draw(st.integers(1, 3))))
    worst = found[0].worst.id
    return Framework(
        id="made",
        edition="1",
        title=draw(TEXT),
        scales=found,
        default_scale="a",
        areas={area: area.title() for area in AREAS},
        roles=[Role(id="moderated", label="Moderated")],
        requirements=Requirements(
            evidence=Requirement(at={found[0].best.id: "must"}, needs=("narrative",)),
            action=Requirement(at={worst: draw(st.sampled_from(("must", "should", "review")))}, needs=("what",)),
        ),
        action_fields=[
            ActionField(id="what", label="What"),
            ActionField(id="by", label="By", kind="date"),
            ActionField(id="state", label="State", kind="status"),
        ],
        plan=PlanPolicy(status=[ActionStatus(id="open", label="Open"), ActionStatus(id="done", label="Done", closed=True)]),
        provenance=Provenance(mark="reconstructed"),
        standards=standards,
    )


ACTIONS = st.builds(
    lambda what, by, state: Action({key: value for key, value in (("what", what), ("by", by), ("state", state)) if value is not None}),
    TEXT,
    st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    st.sampled_from((None, "open", "done")),
)


@st.composite
def assessments(draw: st.DrawFn, framework: Framework | None = None) -> Assessment:
    """An assessment of a generated framework: every kind of answer, evidence, actions, a second role, keys that nobody knows."""
    framework = framework or draw(frameworks())
    answers: dict[str, Entry] = {}
    for item in framework.answerable:
        kind = item.node.kind if isinstance(item.node, Statement) else "graded"
        given_values: dict[str, st.SearchStrategy[Any]] = {
            "text": TEXT,
            "number": st.integers(0, 99) | st.decimals(0, 99, places=2),
            "yes-no": st.booleans(),
            "date": st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
        }
        if item.takes_grade:
            assert item.scale is not None
            said: st.SearchStrategy[Any] = st.sampled_from([Graded(grade.id) for grade in item.scale.grades])
        else:
            said = given_values[kind].map(Stated)
        answer = draw(st.just(Unanswered()) | said | st.builds(NotApplicable, st.none() | TEXT, alternative=st.none() | TEXT))
        if draw(st.booleans()) or not isinstance(answer, Unanswered):
            answers[item.ref] = Entry(
                answer=answer,
                evidence=draw(st.none() | TEXT.map(lambda text: Evidence(narrative=text))),
                impact=draw(st.none() | TEXT),
                actions=tuple(draw(st.lists(ACTIONS, max_size=2))),
                by={"moderated": Entry(answer=draw(said))} if draw(st.integers(0, 4)) == 0 else FrozenDict(),
                extra=draw(KEPT),
            )
    answers = {ref: attrs.evolve(entry, by=FrozenDict(entry.by)) for ref, entry in answers.items()}
    return Assessment(
        framework=framework,
        organisation=Organisation(name=draw(TEXT), areas=draw(st.sets(st.sampled_from(AREAS)))),
        cycle=draw(st.none() | st.just("2026")),
        answers=answers,
        actions=draw(st.lists(ACTIONS, max_size=1)),
        extra=draw(KEPT),
    )


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
