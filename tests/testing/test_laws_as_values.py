"""Laws are values: they can be listed, decided, checked, put into sets, and written by anybody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from s11kit import Assessment, Framework, Graded, S11Error
from s11kit.model import Comparison
from s11kit.proving import Verdict
from s11kit.rules import ALL, BoundRule, Count, Expectation, Max, Mean, Rule, Share, Step
from s11kit.testing import BOARD_SAFE, EVERY_LAW, FAIR, ORDINAL, BlackBoxRule, Law, LawSet, assert_laws, laws_of

Make = Callable[..., Framework]
GREEN = Comparison(operator="at_least", value="green")
RAG = ("Red", "Amber", "Green")


def share(make: Make, **expect: str | Expectation) -> BoundRule:
    said = {law: Expectation(verdict=each) if isinstance(each, str) else each for law, each in expect.items()}  # type: ignore[arg-type]
    rule = Rule(id="green", steps=[Step(id="share", op=Share(compare=GREEN), over=ALL)], expect=said)
    return make(3, grades=RAG, rules=(rule,)).rules["green"]


def test_every_rule_has_fifteen_laws(make: Make) -> None:
    """`laws_of` gives S1 to S15 in order, with ids, words and a meaning, and decides none of them."""
    laws = laws_of(share(make))
    assert [law.number for law in laws] == [f"S{number}" for number in range(1, 16)]
    assert str(laws[1]) == "green[S2-monotone]"
    assert (laws[1].id, laws[1].name, laws[1].title) == ("S2-monotone", "monotone", "improving an answer never lowers the result")
    assert all(law.applies for law in laws)


def test_the_sets_are_those_of_the_rules() -> None:
    """Board-safe, fair and ordinal hold the laws that the library says; they can be asked by law, id, name or number."""
    assert [law.number for law in BOARD_SAFE] == ["S1", "S2", "S3", "S7", "S8", "S10", "S11"]
    assert [law.number for law in FAIR] == ["S4", "S5", "S12", "S13"]
    assert [law.number for law in ORDINAL] == ["S14"]
    assert len(EVERY_LAW) == 15
    assert "S7" in BOARD_SAFE and "na_safe" in BOARD_SAFE and "S6" not in BOARD_SAFE
    assert len(LawSet("ours", parents=[BOARD_SAFE, FAIR, BOARD_SAFE])) == 11


def test_a_refutation_fails_a_check_until_somebody_accepts_it(make: Make) -> None:
    """Unaccepted it fails with the counterexample; accepted in the rule, or where it is checked, it passes."""
    with pytest.raises(AssertionError) as caught:
        laws_of(share(make), "S7")[0].check()
    assert str(caught.value).splitlines()[:4] == [
        "green: turning an answer into N/A never raises the result: refuted",
        "  1.1 Red, 1.2 Green, 1.3 Green",
        "  Change 1.1 from Red to not applicable:",
        "      2/3  ->  1",
    ]
    laws_of(share(make, na_safe="refuted"), "S7")[0].check()
    laws_of(share(make), "S7", expect={"na_safe": "refuted"})[0].check()
    accepted = Expectation(verdict="refuted", accepted_by="Board, minute 7.2")
    assert laws_of(share(make), "S7", expect={"S7-na_safe": accepted})[0].decide().accepted == "Board, minute 7.2"


def test_an_acceptance_that_is_not_needed_any_more_fails(make: Make) -> None:
    """Strict both ways: what was accepted as refuted and can be proved fails as well."""
    with pytest.raises(AssertionError, match="accepted once and is true no longer"):
        laws_of(share(make, monotone="refuted"), "S2")[0].check()


def test_undecided_is_never_proven(make: Make) -> None:
    """A law that the budget did not suffice for fails, whatever is expected beside `undecided`."""
    weights = tuple(range(1, 8))
    mean = Mean(value={"red": 0, "amber": 1, "green": 5}, weight="weight")
    framework = make(7, grades=RAG, weights=weights, rules=(Rule(id="mean", steps=[Step(id="mean", op=mean, over=ALL)]),))
    law = laws_of(framework.rules["mean"], "S13")[0]
    assert law.decide(budget=5).kind == "undecided"
    with pytest.raises(AssertionError, match="Undecided is never as good as proven"):
        law.check(budget=5)
    expecting = laws_of(framework.rules["mean"], "S13", expect={"S13": "proven"})[0]
    with pytest.raises(AssertionError, match="Expected: proven"):
        expecting.check(budget=5)
    laws_of(framework.rules["mean"], "S13", expect={"S13": "undecided"})[0].check(budget=5)


def test_a_law_that_does_not_apply_passes_unless_something_else_is_expected(make: Make) -> None:
    """There are no bands in a share, so nothing can be said of their edges."""
    laws_of(share(make), "S10")[0].check()
    with pytest.raises(AssertionError, match="does not apply"):
        laws_of(share(make), "S10", expect={"S10": "proven"})[0].check()


def test_a_law_that_does_not_exist_is_refused(make: Make) -> None:
    """With the nearest one as a hint, both where laws are named and where something is expected."""
    with pytest.raises(S11Error, match="there is no law 'monoton'"):
        laws_of(share(make), "monoton")
    with pytest.raises(S11Error, match="not among those that are checked"):
        laws_of(share(make), BOARD_SAFE, expect={"S6": "proven"})


def test_a_law_of_ones_own_by_a_property(make: Make) -> None:
    """What must hold for every assessment is tried on all of them, and refuted by the smallest."""

    def reds_show(rule: BoundRule, assessment: Assessment) -> bool | str:
        reds = any(isinstance(answer := assessment.answer(item.ref), Graded) and answer.grade == "red" for item in assessment.framework.answerable)
        result = rule.score(assessment)
        return not reds or result.value != "green" or f"the result is {result.text} although something is Red"

    law = Law(id="reds-show", title="nothing Red is hidden by a Green result", property=reds_show)
    best = Rule(id="best", steps=[Step(id="best", op=Max(), over=ALL)])
    rule = make(2, grades=RAG, rules=(best,)).rules["best"]
    verdict = law.on(rule).decide()
    assert verdict.sentence == "best: nothing Red is hidden by a Green result: refuted"
    assert verdict.witness is not None
    assert verdict.witness.summary == "2 answers: 1 Red, 1 Green"
    with pytest.raises(AssertionError, match="although something is Red"):
        assert_laws(rule, LawSet("ours", laws=[law], parents=[BOARD_SAFE]))
    assert_laws(rule, [law, "S2"], expect={"reds-show": "refuted"})


def test_a_law_of_ones_own_that_decides_itself(make: Make) -> None:
    """It gives a verdict, and says for which rules it has a meaning."""
    text = Law(id="short", title="", property=lambda rule, assessment: True).text()

    def decide(rule: BoundRule, budget: int | None) -> Verdict:
        return Verdict(rule=rule.id, law=text, kind="proven" if len(rule.rule.steps) < 3 else "refuted")

    def applies(rule: BoundRule) -> bool | str:
        return not isinstance(rule, BlackBoxRule) or "a function has no steps"

    law = Law(id="short", title="a rule has at most two steps", decide=decide, applies=applies)
    assert law.on(share(make)).decide().kind == "proven"
    function = BlackBoxRule(lambda assessment: None, framework=make(1), result="number", id="none")
    assert not law.on(function).applies
    assert law.on(function).decide().reasons == ("a function has no steps",)
    law.on(function).check()
    with pytest.raises(TypeError, match="either decide or property"):
        Law(id="empty", title="says nothing")


ITEMS = """
from s11kit import Framework, Grade, Scale, Standard, Statement
from s11kit.model import Comparison
from s11kit.rules import ALL, Count, Expectation, Rule, Step
from s11kit.testing import law_cases

SCALE = Scale(id="rag", grades=[Grade(id="red", label="Red"), Grade(id="green", label="Green")])
COUNT = Count(compare=Comparison(operator="at_least", value="green"))
RULES = [
    Rule(id="overall", steps=[Step(id="count", op=COUNT, over=ALL)], expect={"na_neutral": Expectation(verdict="proven")}),
    Rule(id="other", steps=[Step(id="count", op=COUNT, over=ALL)]),
]
FRAMEWORK = Framework(
    id="f", edition="1", title="F", scales=[SCALE], rules=RULES,
    standards=[Standard(ref="1", title="One", statements=[Statement(ref="1.1", text="One.")])],
)

@law_cases(*FRAMEWORK.rules.values())
def test_rules(law):
    if law.id != "S6-na_neutral":
        law.check()
"""


def test_pytest_gets_one_item_for_each_law(tmp_path: Path) -> None:
    """Items are called by rule and law, in the same order every time: the board-safe ones, and those of which the rule expects something."""
    (tmp_path / "test_items.py").write_text(ITEMS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", f"--rootdir={tmp_path}", str(tmp_path / "test_items.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    names = [line.partition("::test_rules[")[2].partition("] ")[0] for line in done.stdout.splitlines() if "::test_rules[" in line]
    safe = ["S1-order_independent", "S2-monotone", "S3-bounded", "S7-na_safe", "S8-unanswered_never_improves", "S10-sharp_edges", "S11-exact"]
    assert names[:8] == [f"overall[{law}]" for law in [*safe[:3], "S6-na_neutral", *safe[3:]]]
    assert names[8:] == [f"other[{law}]" for law in safe]


def test_counting_is_safe_in_every_way(make: Make) -> None:
    """A twin that passes: a count of Green keeps all board-safe laws."""
    rule = Rule(id="count", steps=[Step(id="count", op=Count(compare=GREEN), over=ALL)])
    assert_laws(make(4, grades=RAG, rules=(rule,)).rules["count"])
