"""Evaluation and proofs against a second opinion: every assessment of many small random rules.

The normal suite draws few rules; with `S11KIT_THOROUGH=1` in the environment the same tests draw thousands.
"""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import attrs
import pytest

from s11kit.model import AnswerTest, Both, Comparison, Organisation, Requirement, Requirements, Selection, StepTest
from s11kit.proving import Prover, Verdict
from s11kit.rules import ALL, BoundRule, Count, If, Max, Rule, Share, Step
from s11kit.rules.laws import LAWS

from . import brute
from .generating import cases
from .table import framework as of_four
from .trying_all import Everything, Found, everything, obligations, other_form

THOROUGH = bool(os.environ.get("S11KIT_THOROUGH"))
CHUNKS = [range(start, start + 100) for start in range(0, 4_000, 100)] if THOROUGH else [range(start, start + 40) for start in range(0, 320, 40)]
SCORED = [range(start, start + 250) for start in range(10_000, 13_000, 250)] if THOROUGH else [range(10_000, 10_200), range(10_200, 10_400)]
EACH = 10_000 if THOROUGH else 40
"""How many assessments of every rule are scored."""
BY_CHANGES = ("monotone", "na_safe", "unanswered_never_improves")
BOTH_WAYS = (*BY_CHANGES, "unanimous", "anonymous", "na_neutral", "decomposable", "responsive", "sharp_edges", "ordinal")
WITHOUT_WITNESS = ("responsive", "sharp_edges", "obligations_antitone")


# scoring


@pytest.mark.parametrize("seeds", SCORED, ids=str)
def test_scores_are_what_the_rule_says(seeds: range) -> None:
    """Every result, and both ends of every range, is what a plain reading of the rule comes to."""
    for seed, draw, bound in cases(seeds):
        interpreter, random = brute.Interpreter(bound.framework, bound.rule), Random(seed)
        assert [variable.slots[0].ref for variable in bound.machine.variables] == [item.ref for item in interpreter.looked_at]
        items, ways = interpreter.items, []
        for item in interpreter.items:
            assert item.scale is not None
            ways.append([*range(len(item.scale.grades)), brute.BLANK, *([brute.NA, brute.BARE] if item.may_not_apply else [])])
        every = list(product(*ways))
        for chosen in every if len(every) <= EACH else random.sample(every, EACH):
            plans = frozenset(item.ref for item in items if draw.style == "plan" and random.random() < 0.5)
            organisation = Organisation(name=brute.NAME, kind=random.choice(["health", "school"]))
            given = dict(zip([item.ref for item in items], chosen, strict=True))
            assessment = brute.assessment(bound.framework, given, plans, organisation)
            answers, covered = brute.read(assessment, items)
            least, greatest = interpreter.score(answers, covered)
            result = bound.score(assessment)
            assert brute.agrees(result, least, greatest, interpreter.key, interpreter.ranges), (seed, answers, least, greatest, result)


def test_the_order_of_statements_changes_nothing() -> None:
    """S1, with the statements of every standard, and the standards, the other way round."""
    for seed, _, bound in cases(range(20_000, 20_060)):
        if bound.framework.conditional:
            continue  # a condition looks at what stands earlier
        turned = [attrs.evolve(standard, statements=standard.statements[::-1]) for standard in bound.framework.standards[::-1]]
        other = attrs.evolve(bound.framework, standards=turned, rules=()).with_rule(bound.rule).rules[bound.id]
        random, items = Random(seed), [item for item in bound.framework.answerable if item.takes_grade]
        for _ in range(20):
            given = {item.ref: random.choice([0, 1, brute.BLANK, brute.NA]) for item in items}
            results = [rule.score(brute.assessment(rule.framework, given)) for rule in (bound, other)]
            assert [brute.plain(results[0].least), brute.plain(results[0].greatest)] == [
                brute.plain(results[1].least),
                brute.plain(results[1].greatest),
            ], seed


# proofs


def fits(form: Rule, bound: BoundRule) -> bool:
    """Whether another form of a rule gives something that can be compared with its result."""
    made = attrs.evolve(form, better="higher").within(bound.framework)
    return not any(problem.severity == "error" for problem in made.problems) and made.kind == bound.kind


def opinions(law: str, bound: BoundRule, prover: Prover, every: list[Everything]) -> list[Found | None] | None:
    """What trying everything says of a law, for every kind of organisation; `None` if it says nothing."""
    if law in BY_CHANGES:
        return [each.by_changes(law) for each in every]
    if law == "bounded":
        return [each.bounded(prover.structure.limits) for each in every]
    if law == "decomposable":
        form, _ = other_form(bound)
        return [each.differing(form) if form is not None and fits(form, bound) else None for each in every]
    if law == "responsive":
        return [Found(bool(set.intersection(*(each.dead() for each in every))))]
    if law == "sharp_edges":
        return [each.sharp_edges() for each in every] if len(every) == 1 else None
    if law in ("unanimous", "anonymous", "na_neutral", "ordinal"):
        return [getattr(each, law)() for each in every]
    return None


def fault(law: str, verdict: Verdict, found: list[Found | None], every: list[Everything]) -> str | None:
    """Where a verdict and the second opinion part."""
    known = [each for each in found if each is not None]
    if not known:
        return None if verdict.kind == "does not apply" or (law == "na_safe" and verdict.kind == "proven") else "it does not apply"
    broken, mixed = any(each.broken for each in known), every[0].mixed
    if verdict.kind == "undecided":
        documented = mixed or (law == "ordinal" and not broken) or (law == "anonymous" and any(every[0].planned))
        return None if documented else f"undecided, though it is {'broken' if broken else 'kept'}"
    if verdict.kind != ("refuted" if broken else "proven"):
        return f"it is {'broken' if broken else 'kept'}"
    if verdict.kind == "proven" or law in WITHOUT_WITNESS:
        return None
    witness = verdict.witness
    if witness is None:
        return "there is no witness"
    if len(every) == 1 and not mixed and known[0].size is not None and tuple(witness.size) != known[0].size:
        return f"the smallest is {known[0].size}, not {witness.size}"
    if law in BY_CHANGES:
        assert witness.after is not None
        whole = next(each for each in every if len(every) == 1 or each.organisation.kind == witness.before.organisation.kind)
        before, after = (profile(whole, assessment) for assessment in (witness.before, witness.after))
        if after not in whole.changes(law, before) or not whole.breaks(law, before, after):
            return "the witness breaks nothing"
        if not mixed and whole.size(before, int(law == "monotone")) != tuple(witness.size):
            return "the witness is not of the size it has"
    return None


def profile(whole: Everything, assessment: Any) -> tuple[Any, ...]:
    """An assessment as the answers to what the rule looks at."""
    answers, plans = brute.read(assessment, whole.items)
    return tuple(
        (answers[item.ref], item.ref in plans) if planned else answers[item.ref] for item, planned in zip(whole.items, whole.planned, strict=True)
    )


def compared(seeds: range) -> tuple[int, Counter[tuple[str, str]]]:
    """Compare all laws of all rules; how many rules there were, and how often every verdict."""
    counts: Counter[tuple[str, str]] = Counter()
    rules = 0
    for seed, draw, bound in cases(seeds):
        every = everything(bound)
        if draw.style == "answers" or not every:
            continue  # where answers decide what applies, no assessment is like another
        rules, prover = rules + 1, Prover(bound)
        for law in LAWS:
            verdict = prover.decide(law)
            counts[law, verdict.kind] += 1
            found = opinions(law, bound, prover, every)
            said = None if found is None else fault(law, verdict, found, every)
            assert said is None, (seed, law, verdict.words, said)
    return rules, counts


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_verdicts_are_what_trying_everything_says(seeds: range) -> None:
    """Proven means never broken, refuted means broken, and the counterexample is the smallest."""
    rules, counts = compared(seeds)
    assert rules > len(seeds) // 2
    assert counts["monotone", "proven"] and counts["monotone", "refuted"]


def test_every_law_that_can_be_refuted_is_met_both_ways() -> None:
    """What is drawn is not all of one kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for _, draw, bound in cases(range(120)):
        if draw.style != "answers" and everything(bound):
            prover = Prover(bound)
            counts.update((law, prover.decide(law).kind) for law in BOTH_WAYS)
    assert {law for law in BOTH_WAYS if not (counts[law, "proven"] and counts[law, "refuted"])} == set()


@pytest.mark.parametrize("seed", range(60))
def test_obligations(seed: int) -> None:
    """S15: the second opinion looks at all pairs of grades."""
    random, whole = Random(seed), of_four(2)
    levels = [random.choice([None, "review", "should", "must"]) for _ in range(4)]
    demand = Requirement(at={f"g{rank}": level for rank, level in enumerate(sorted(levels, key=str) if seed % 2 else levels) if level is not None})
    first = attrs.evolve(whole.standards[0].statements[0], requirements=Requirements(action=demand))
    standard = attrs.evolve(whole.standards[0], statements=[first, whole.standards[0].statements[1]])
    bound = attrs.evolve(whole, standards=[standard]).with_rule(Rule(id="best", steps=[Step(id="best", over=ALL, op=Max())])).rules["best"]
    found, verdict = obligations(bound), Prover(bound).decide("obligations_antitone")
    assert verdict.kind == ("does not apply" if found is None else "refuted" if found.broken else "proven")


# what trying everything cannot reach


def test_exchanging_answers_far_from_a_uniform_assessment() -> None:
    """A difference that shows only where half of the answers are good is not taken for none."""
    half = StepTest(step="good", comparison=Comparison(operator="is", value=Fraction(8)))
    first = AnswerTest(quantifier="any", selection=Selection(tag="limiting"), comparison=Comparison(operator="at_least", value="g2"))
    steps = [
        Step(id="good", over=ALL, op=Count(compare=Comparison(operator="at_least", value="g2"))),
        Step(id="special", op=If(then="g1", else_="g0"), when=Both(tests=[half, first])),
    ]
    bound = of_four(16, tags=("1.1",)).with_rule(Rule(id="special", steps=steps)).rules["special"]
    assert Prover(bound).decide("anonymous").kind == "refuted"


def test_a_result_that_is_not_there_is_below_all_others() -> None:
    """A row that begins to hold, and gives a step with nothing to score, lowers the result."""
    test = AnswerTest(quantifier="any", selection=Selection(refs=["1.2"]), comparison=Comparison(operator="at_least", value="g2"))
    steps = [Step(id="best", over=Selection(refs=["1.1"]), op=Max()), Step(id="final", op=If(then="best", else_="g0"), when=test)]
    bound = of_four(2).with_rule(Rule(id="final", steps=steps)).rules["final"]
    verdict = Prover(bound).decide("monotone")
    assert verdict.kind == "refuted" and verdict.witness is not None
    assert verdict.witness.to_dict()["other"].startswith("not scored")


def test_a_group_that_does_not_apply_is_not_one_that_is_not_scored() -> None:
    """S6: a standard whose only answer is not applicable is not scored, and so is the whole; without the standard, it is."""
    met = Share(compare=Comparison(operator="at_least", value="g2"))
    steps = [Step(id="part", over=ALL, each="standard", op=met), Step(id="whole", of="part", op=Max())]
    for empty, expected in (("not_scored", "refuted"), ("not_applicable", "proven")):
        bound = of_four(1, 1).with_rule(Rule(id="whole", steps=steps, empty=empty)).rules["whole"]
        assert Prover(bound).decide("na_neutral").kind == expected
