"""The twenty things that rules must be able to say: what each is expected to keep and to break is what the prover finds, strictly both ways."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from s11kit import Framework, load_framework
from s11kit.proving import prove

FILE = Path(__file__).parents[1] / "rules" / "twenty.toml"
RULES = [f"e{number:02}" for number in range(1, 21) if number != 14]
VERDICTS = {  # of the last step: S2 and S7; of the twelfth S2 and S8
    "e01": "proven, refuted", "e02": "proven, refuted", "e03": "proven, refuted", "e04": "proven, refuted", "e05": "proven, refuted",
    "e06": "proven, refuted", "e07": "refuted, refuted", "e08": "proven, refuted", "e09": "proven, refuted", "e10": "proven, refuted",
    "e11": "proven, refuted", "e12": "proven, refuted", "e13": "proven, refuted", "e15": "refuted, proven", "e16": "proven, refuted",
    "e17": "proven, refuted", "e18": "proven, refuted", "e19": "proven, refuted", "e20": "proven, refuted",
}  # fmt: skip


@pytest.fixture(scope="module")
def twenty() -> Framework:
    """The framework that has something for all of them."""
    return load_framework(FILE)


def test_there_are_nineteen(twenty: Framework) -> None:
    """All are there but the fourteenth, which is no rule: who is asked what is said by the framework."""
    assert list(twenty.rules) == RULES
    assert [item.ref for item in twenty.conditional] == ["14.2"]


@pytest.mark.parametrize("id", RULES)
def test_the_prover_agrees(twenty: Framework, id: str) -> None:
    """Every verdict is as the file expects, and the file expects what the specification says."""
    expected = twenty.rules[id].rule.expect
    report = prove(twenty, id, laws=list(expected))
    assert [(verdict.law.name, verdict.kind) for verdict in report.verdicts if not verdict.as_expected] == []
    assert report.unexpected == ()
    second = "unanswered_never_improves" if id == "e12" else "na_safe"
    assert list(expected) == ["monotone", second]
    assert f"{expected['monotone'].verdict}, {expected[second].verdict}" == VERDICTS[id]


@pytest.mark.parametrize("id", RULES)
def test_a_counterexample_can_be_scored_again(twenty: Framework, id: str) -> None:
    """Each counterexample is a pair of assessments; scoring them gives the results that are printed, and the second is on the wrong side."""
    for verdict in prove(twenty, id, laws=["S2", "S7", "S8"]).verdicts:
        witness = verdict.witness
        if verdict.kind != "refuted":
            assert witness is None
            continue
        assert witness is not None and witness.after is not None and witness.other is not None
        rule = twenty.rules[id]
        if rule.rule.over == "statements":
            assert rule.score(witness.before).value == witness.result.value
            assert rule.score(witness.after).value == witness.other.value
        before, after = rule.key(witness.result.least), rule.key(witness.other.least)
        assert after < before if verdict.law.number == "S2" else after > before


@pytest.mark.parametrize("id", ["e03", "e07"])
def test_what_is_reported_beside_the_result_is_no_part_of_the_verdict(twenty: Framework, id: str) -> None:
    """Only the last step is judged: of those that are shown beside it, the counts are safe against "not applicable", and four ways are monotone."""
    rule = twenty.rules[id].rule
    law = "na_safe" if id == "e03" else "monotone"
    for place, step in enumerate(rule.steps, 1):
        alone = attrs.evolve(rule, id="alone", steps=rule.steps[:place], report=(), expect={}, result=None)
        verdict = prove(twenty.with_rule(alone), "alone", laws=[law]).verdicts[0]
        assert (step.id, verdict.kind) == (step.id, "refuted" if step.id in ("absolute", "common") else "proven")
