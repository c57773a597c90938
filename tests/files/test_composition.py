"""Changing a framework or an assessment in Python: every change is a changed copy, and what cannot be is refused at once."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from s11kit import Catalogue, Framework, Grade, Graded, NotApplicable, S11Error, Scale, Standard, Statement, Unanswered, check, score
from s11kit.model import Board, Evidence, Requirement, Requirements

NAME = "cambridgeshire-peterborough@2017-19"


@pytest.fixture(scope="module")
def framework() -> Framework:
    """The shipped framework."""
    return Catalogue.default().framework(NAME)


def test_parts_are_put_in_and_taken_out(framework: Framework) -> None:
    """The copy has them where they were put; the original has not moved."""
    before = list(framework.items)
    more = framework.with_standard(Standard(ref="9", title="Inter-agency"), after="3").with_statement(
        Statement(ref="9.1", text="We attend."), standard="9"
    )
    assert list(more.items)[list(more.items).index("9") - 1] == "3.5" and more.statement("9.1").text == "We attend."
    less = more.without("9").without("8")
    assert list(less.items) == [ref for ref in before if not ref.startswith("8")]
    assert list(framework.items) == before


def test_boards_scales_and_requirements_are_replaced_by_id(framework: Framework) -> None:
    """A new id is added, a known one takes the place of the old."""
    renamed = framework.with_board(Board(id="peterborough", name="Peterborough Safeguarding Partnership"))
    assert [board.id for board in renamed.boards] == [board.id for board in framework.boards]
    assert "Peterborough Safeguarding Partnership" in [board.name for board in renamed.boards]
    two = framework.with_scale(Scale(id="yes-no", grades=[Grade(id="no", label="No"), Grade(id="yes", label="Yes")]))
    assert [scale.id for scale in two.scales] == ["rag", "yes-no"]
    bare = framework.with_requirements(Requirements(action=Requirement(at={"not-met": "must"})))
    assert bare.item("1.1").requirements.evidence is None


def test_what_still_needs_a_removed_part_is_found(framework: Framework) -> None:
    """Taking out a scale that the framework names leaves findings, not a crash."""
    without = attrs.evolve(framework, scales=(), origin=None)
    assert {"R003", "S003"} <= {problem.code for problem in check(without)}


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.without("9"),
        lambda f: f.with_statement(Statement(ref="1.9", text="x"), standard="1.1"),
        lambda f: f.with_statement(Statement(ref="1.9", text="x"), standard="1", after="2.1"),
        lambda f: f.with_standard(Standard(ref="9", title="x"), within="77"),
        lambda f: f.with_item(Statement(ref="77", text="x")),
        lambda f: f.scale("raag"),
        lambda f: f.item("1.l"),
    ],
)
def test_places_that_do_not_exist_are_refused(framework: Framework, change: object) -> None:
    """With a problem that says what there is, never a KeyError."""
    with pytest.raises(S11Error):
        change(framework)  # type: ignore[operator]


def test_answers_change_by_copies() -> None:
    """Grade, reason, value and blank replace each other; evidence, actions and unknown keys stay."""
    example = Catalogue.default().example(NAME, "published-summary")
    changed = example.with_grade("2.5", "partly-met", evidence="Half of the staff have read it")
    assert (changed.answer("2.5"), changed.entry("2.5").evidence) == (Graded("partly-met"), Evidence(narrative="Half of the staff have read it"))
    assert changed.with_not_applicable("2.5", "no staff").answer("2.5") == NotApplicable("no staff")
    assert changed.without_answer("2.5").entry("2.5").evidence == Evidence(narrative="Half of the staff have read it")
    assert isinstance(example.answer("2.5"), Unanswered)
    assert score(changed).total.unanswered == 0


@pytest.mark.parametrize("ref, grade", [("1.1", "good"), ("9.9", "fully-met"), ("1", "fully-met")])
def test_impossible_answers_are_refused_at_once(ref: str, grade: str) -> None:
    """An unknown grade or reference never gets into an assessment by way of Python."""
    with pytest.raises(S11Error):
        Catalogue.default().example(NAME, "published-summary").with_grade(ref, grade)


def test_values_are_copied_pickled_and_compared() -> None:
    """A value sent to another process is the same value."""
    example = Catalogue.default().example(NAME, "both-areas")
    assert copy.deepcopy(example) == example
    assert pickle.loads(pickle.dumps(example)) == example
    assert score(pickle.loads(pickle.dumps(example))).to_dict() == score(example).to_dict()
