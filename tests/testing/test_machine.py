"""Somebody who answers, hesitates and takes back: rules must stay true to themselves all the way."""

from __future__ import annotations

from hypothesis import settings

from s11kit import Framework, Grade, Scale, Standard, Statement
from s11kit.model import AnswerTest, Comparison, NotApplicablePolicy, Selection
from s11kit.rules import ALL, Bands, Cap, Mean, NotApplicableRule, Order, Rule, Step, UnansweredRule
from s11kit.testing.machine import rule_machine

IDS = ("inadequate", "requires-improvement", "good", "outstanding")
SCALE = Scale(id="scale", grades=[Grade(id=id, label=id) for id in IDS], not_applicable=NotApplicablePolicy(needs=("reason",)))
LIMITING = AnswerTest(quantifier="any", selection=Selection(tag="limiting"), comparison=Comparison(operator="at_most", value="inadequate"))
CAPPED = (
    Step(id="avg", op=Mean(value={id: place for place, id in enumerate(IDS)}), over=ALL),
    Step(id="band", op=Bands(edges=("0", "1/2", "3/2", "5/2"), edge="inclusive", grades=IDS), of="avg"),
    Step(id="final", op=Cap(at="requires-improvement"), of="band", when=LIMITING),
)
LIMITED = NotApplicableRule(policy="exclude", max_share="1/2", needs_reason=True)
RULES = (
    Rule(
        id="ranges",
        steps=CAPPED,
        na=LIMITED,
        unanswered=UnansweredRule(policy="range"),
    ),
    Rule(id="worst", steps=CAPPED, na=NotApplicableRule(policy="worst"), unanswered=UnansweredRule(policy="worst")),
    Rule(id="left-out", steps=[Step(id="middle", op=Order(pick="lower-median"), over=ALL)]),
)
STANDARDS = [
    Standard(ref="1", title="One", statements=[Statement(ref=f"1.{place}", text="One.") for place in (1, 2, 3)]),
    Standard(ref="2", title="Two", statements=[Statement(ref="2.1", text="Two.", tags=["limiting"])]),
]
FRAMEWORK = Framework(id="machine", edition="1", title="M", scales=[SCALE], standards=STANDARDS, rules=RULES)

TestRanges = rule_machine(FRAMEWORK.rules["ranges"]).TestCase
TestWorst = rule_machine(FRAMEWORK.rules["worst"]).TestCase
TestLeftOut = rule_machine(FRAMEWORK.rules["left-out"]).TestCase
for test in (TestRanges, TestWorst, TestLeftOut):
    test.settings = settings(max_examples=15, stateful_step_count=25)
