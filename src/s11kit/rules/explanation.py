"""Explaining a result: its derivation, made from the rule and the answers when somebody asks for it.

Scoring only adds up; it keeps nothing of how a result came about. Here the same answers are gone through once more, step by step, and what became of
each is written down in values that can be recomputed without the rule (see `s11kit.rules.derivation`). What became of single answers,
`s11kit.rules.treating` says; which answers lead to the ends of a range, `s11kit.rules.completing`; and `s11kit.rules.telling` puts it all into words.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from s11kit.model import Comparison
from s11kit.model.applicability import AnswerTest
from s11kit.rules import wording
from s11kit.rules.binding import BARE_FILLED, BoundStep, BoundTest, Node, Slot
from s11kit.rules.completing import Completion, completion
from s11kit.rules.derivation import Derivation, DerivedStep, DerivedTest, Term, parts_of, values, without
from s11kit.rules.evaluation import _blank, override_of, symbols_of
from s11kit.rules.judging import If, Ladder, Override, Table
from s11kit.rules.leaves import Fold, Key, Leaf
from s11kit.rules.operator import Absent, Value
from s11kit.rules.result import Result, given, label_of, needing_reasons
from s11kit.rules.telling import exactly
from s11kit.rules.treating import Treatments, grade_label, stood_for

__all__ = ["derive"]


def derive(result: Result) -> Derivation:
    """How a result came about; for a range, how the worst and the best result that are still possible would come about."""
    machine = result.bound.machine
    answers = [symbols_of(machine, one) for one in result.assessments]
    if not (machine.ranges and any(_blank(one) for one in answers)):
        return _Deriver(result, answers).derivation()
    worst = _Deriver(result, completion(result, answers, result.least, 0)).derivation()
    if result.kind != "range":
        return worst
    return attrs.evolve(worst, best=_Deriver(result, completion(result, answers, result.greatest, -1)).derivation())


class _Deriver(Treatments):
    """All steps of a rule at one answer to everything."""

    def __init__(self, result: Result, symbols: Completion) -> None:
        super().__init__(result, symbols)
        self.flags: dict[str, None] = {}

    # steps

    def derivation(self) -> Derivation:
        """All steps, in the order of the rule."""
        for step in self.machine.steps:
            for place, node in self.runs(step.level, -1, self.machine.root):
                made = self.step(step, place, node)
                self.made[made.key] = made
            self.made |= {made.key: made for made in self.unheard(step)}
            self.known |= {key: made.outcome(self.known) for key, made in self.made.items() if key not in self.known}
        steps = tuple(self.made.values())
        replayed = values(steps)
        steps = tuple(attrs.evolve(step, binding=self.binding(steps, replayed, step)) for step in steps)
        confirmed = any(step.confirmed is not None and not isinstance(step.confirmed, Absent) for step in steps)
        return Derivation(result=self.result, steps=steps, assumes=tuple(self.assumed()), flags=tuple(self.flags), confirmed=confirmed)

    def step(self, step: BoundStep, place: int, node: Node) -> DerivedStep:
        """One step at one node."""
        results = self.found[place, id(node)]
        value, op = results[step.index], step.step.op
        made = DerivedStep(
            id=step.id,
            organisation=self.key(step, place, node)[1],
            group=self.key(step, place, node)[2],
            each=step.step.each,
            operator=op.name,
            op=op,
            value=given(step.kind, value),
            exact=value,
            shown=self.said(step, value),
            kind=step.kind,
        )
        register = step.register
        if register is not None:
            made, fold = parts_of(made, self.fold(step, register, place, node, step.inputs))
            made = attrs.evolve(made, fold=fold, note=self.compared(getattr(op, "compare", None)))
        else:
            terms = tuple(Term(value=term) if word == "value" else Term(source=self.at(term, place, node)) for word, term in step.terms)
            tests = tuple(self.test(step, test, place, node) for test in step.tests)
            inputs = tuple(self.at(index, place, node) for index in step.inputs)
            made = attrs.evolve(made, inputs=inputs, terms=terms, tests=tests, confirmed=self.override(step, node))
            may_be_out = step.index in node.idle or (self.machine.scoped and not step.inputs)
            made = attrs.evolve(made, scoped=self.scoped(step, node) if may_be_out else None, note=None if _is_out(value) else self.note(step, tests))
        for flag in self.raised(step, made):
            self.flags.setdefault(flag + (f" ({made.place})" if made.place else ""))
        return made

    def unheard(self, step: BoundStep) -> Iterator[DerivedStep]:
        """Groups in which an exception leaves out every statement, so that the step does not run there."""
        refs = [node.ref for node in self.machine.root.walk() if node.level == step.level and node.ref is not None]
        if step.register is None or not step.without or not refs:
            return
        depth, op = len(self.machine.framework.items[refs[0]].parents), step.step.op
        lost = Absent("out", step.id, "every statement in it is left out")
        groups: dict[str, list[Slot]] = {}
        for slot in step.without:
            chain = [*(parent.ref for parent in slot.item.parents), slot.ref]
            if depth < len(chain) and chain[depth] not in refs:
                groups.setdefault(chain[depth], []).append(slot)
        for place, name in enumerate(self.names):
            for ref, slots in groups.items():
                leaves = tuple(self.leaf(step.register, place, slot, step.without[slot]) for slot in slots)
                fold = Fold(step=step.id, op=op, leaves=leaves, empty=lost)
                given: Any = {"group": ref, "organisation": name, "each": step.step.each, "value": None, "exact": lost, "shown": "left out"}
                yield DerivedStep(id=step.id, operator=op.name, op=op, kind=step.kind, fold=fold, **given)

    def said(self, step: BoundStep, value: Value) -> str:
        """A result as people read it, exactly."""
        if _is_out(value):
            return "out of scope"
        return exactly(value) if isinstance(value, Fraction) else label_of(self.bound, step, value)

    def override(self, step: BoundStep, node: Node) -> Value:
        """What somebody confirmed in place of this step's result."""
        return self.confirmed.get(step.index) if node is self.machine.root else None

    def note(self, step: BoundStep, tests: tuple[DerivedTest, ...]) -> str | None:
        """Who confirmed it and why; or why the row says so that decided."""
        op = step.step.op
        if isinstance(op, Override) and step.index in self.confirmed:
            found = override_of(self.bound, self.result.assessment)
            assert found is not None
            stands = not isinstance(self.confirmed[step.index], Absent)
            return f"{'' if stands else 'not accepted: '}confirmed by {found[1].by}" + (f": {found[1].reason}" if found[1].reason else "")
        holds = [test.held is True for test in tests]
        if isinstance(op, Table):
            return op.rows[op.row(holds)].reason
        if isinstance(op, Ladder) and op.height(holds):
            return op.rungs[op.height(holds) - 1].reason
        return None

    def compared(self, comparison: Comparison | None) -> str | None:
        """What a counting step asks of its items, in words."""
        if comparison is None or not isinstance(comparison.value, str) or comparison.value == "target":
            return comparison.sentence if comparison is not None else None
        label = self.machine.framework.scale_of_grade[comparison.value].grade(comparison.value).label
        words = {"at_least": "{} or better", "above": "better than {}", "at_most": "{} or worse", "below": "worse than {}", "is": "{}"}
        return words[comparison.operator].format(label)

    def raised(self, step: BoundStep, made: DerivedStep) -> Iterator[str]:
        """The flags that a step raises."""
        if made.scoped is not None and _is_out(made.exact):
            return
        op, holds = step.step.op, [test.held is True for test in made.tests]
        if step.step.flag is not None and (holds[0] if step.step.when is not None else made.exact is True):
            yield step.step.flag
        if isinstance(op, Table) and not any(test.held is None for test in made.tests):
            flag = op.rows[op.row(holds)].flag
            if flag is not None:
                yield flag

    def binding(self, steps: tuple[DerivedStep, ...], known: dict[Key, tuple[Value, int]], step: DerivedStep) -> bool | None:
        """Whether leaving a step out would change the result: whether its first input in its place would."""
        instead = step.inputs[0] if len(step.inputs) == 1 else None
        if isinstance(step.op, If):
            instead = step.terms[1].source or step.terms[0].source
        if instead is None or self.made[instead].kind != step.kind:
            return None
        return bool(_ranked(without(steps, known, step.key, instead)) != _ranked(known[steps[-1].key][0]))

    def assumed(self) -> Iterator[tuple[str, str]]:
        """Which blanks are taken for which grade."""
        needing = needing_reasons(self.machine)
        for place in range(len(self.assessments)):
            for slot in (slot for variable in self.machine.variables for slot in variable.slots):
                base = self.base(place, slot)
                rank = stood_for(base)
                if rank is not None and (base > BARE_FILLED or slot in needing):
                    yield self.slot_name(place, slot), grade_label(slot, rank)

    # tests

    def test(self, step: BoundStep, test: BoundTest, place: int, node: Node) -> DerivedTest:
        """One test, with what decided it."""
        machine, sentence = self.machine, wording.test_sentence(test.test, self.machine.framework)
        if test.register is not None:
            fold = self.fold(step, test.register, place, node, ())
            held = fold.outcome(self.known)[0]
            return DerivedTest(sentence=sentence, held=_told(held), fold=fold, witnesses=_witnesses(test.test, fold, held))
        if test.step is not None:
            source, key = machine.steps[test.step], self.at(test.step, place, node)
            value = self.known[key][0]
            made = DerivedTest(sentence=sentence, held=None, source=key, compare=self.against(test.test.comparison, source.kind))
            witness = Leaf(name=self.made[key].name, ref=None, answer=self.made[key].shown, basis="result", value=value)
            return attrs.evolve(made, held=_told(made.holds(self.known)), witnesses=() if isinstance(value, Absent) else (witness,))
        inner = tuple(self.test(step, each, place, node) for each in test.inner)
        made = DerivedTest(sentence=sentence, held=None, word=test.word, inner=inner)
        held = _told(made.holds(self.known))
        decided = [each for each in inner if test.word == "not" or each.held is held]
        return attrs.evolve(made, held=held, witnesses=tuple(leaf for each in decided for leaf in each.witnesses))


def _ranked(value: Value) -> Value:
    """A result to be compared: what is absent by its kind alone."""
    return value.kind if isinstance(value, Absent) else value


def _is_out(value: Value) -> bool:
    return isinstance(value, Absent) and value.kind == "out"


def _told(held: Any) -> bool | None:
    return None if isinstance(held, Absent) else bool(held)


def _witnesses(test: Any, fold: Fold, held: Any) -> tuple[Leaf, ...]:
    """The leaves that decided a test: what made it hold, or kept it from holding; what stops it, if a policy does."""
    if isinstance(held, Absent):
        return tuple(leaf for leaf in fold.leaves if leaf.stop is not None)
    counted = [leaf for leaf in fold.leaves if leaf.counted]
    hits, misses = [leaf for leaf in counted if leaf.value], [leaf for leaf in counted if not leaf.value]
    word = test.quantifier if isinstance(test, AnswerTest) else "all"
    if word in ("any", "some"):
        return tuple(hits)
    return tuple(counted if held else misses if word == "all" else hits)
