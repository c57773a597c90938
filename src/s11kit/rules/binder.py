"""Putting a rule together with a framework, and finding everything that does not fit. What is made here is described in `s11kit.rules.binding`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Literal

from s11kit._frozen import FrozenDict
from s11kit._numbers import number_text
from s11kit.errors import Path, Problem, listed, nearest
from s11kit.model import Comparison, Framework, Item, Scale, Selection, Statement
from s11kit.model.applicability import AnswerTest, Both, Either, Not, PlanTest, StepTest
from s11kit.model.assessment import picks
from s11kit.rules.binding import BoundStep, BoundTest, Machine, Node, Register, Slot, Variable
from s11kit.rules.counting import All, Any_, None_, Some
from s11kit.rules.definition import Exemption, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Bands, Lookup, ValueOf, number
from s11kit.rules.laws import LAWS
from s11kit.rules.lifting import Folding, fold, have, lift_of
from s11kit.rules.operator import Absent, Kind
from s11kit.rules.operators import aggregates

__all__ = ["bind"]

WHOLE, ORGANISATION, STATEMENT = -2, -1, 10**6
"""Depths beside those of standards, which count from 0 (outermost)."""
_ABSENT = {"not_scored": Absent("not scored"), "not_applicable": Absent("not applicable")}
_QUANTIFIERS: dict[str, Any] = {"all": All(), "any": Any_(), "none": None_()}


def bind(rule: Rule, framework: Framework, *, scoped: bool = False) -> Machine:
    """The rule put together. Where something does not fit, the machine says so in its `problems` and must not be run.

    With `scoped`, any statement may be out of scope, not only those that the framework has conditions for.
    """
    return _Binder(rule, framework, scoped=scoped).bind()


class _Binder:
    def __init__(self, rule: Rule, framework: Framework, *, scoped: bool = False) -> None:
        self.rule, self.framework = rule, framework
        self.scoped = scoped or bool(framework.conditional)
        self.machine = Machine(rule, framework, scoped=self.scoped)
        self.depths: list[int] = []
        self.places: dict[str, int] = {}
        self.weighs_by_count = {weight_of for step in rule.steps if getattr(step.op, "weight", None) == "applicable" for weight_of in step.of}
        for step in reversed(rule.steps):
            self.weighs_by_count |= set(step.of) if step.id in self.weighs_by_count else set()

    # saying what is wrong

    def fault(self, code: str, message: str, path: Path, *, hint: str | None = None, about: str | None = None) -> None:
        """Note a problem at a place in the rule's table."""
        self.machine.problems.append(Problem(code=code, message=message, path=path, hint=hint, about=about))

    def name(self, step: Step) -> str:
        """A step, as messages call it."""
        return f"step '{step.id}' of rule '{self.rule.id}'"

    # the whole

    def bind(self) -> Machine:
        """Levels, then steps, then the answers they look at."""
        machine, rule = self.machine, self.rule
        each = {step.each: self.depth(step.each, ("steps", place, "each")) for place, step in enumerate(rule.steps) if step.each is not None}
        self.depths = [*sorted({depth for depth in each.values() if depth is not None}, reverse=True), WHOLE]
        machine.levels += [str(next((name for name, at in each.items() if at == depth), "")) for depth in self.depths]
        machine.registers += [[] for _ in self.depths]
        self.each = each
        if machine.problems:
            return machine
        for place, step in enumerate(rule.steps):
            self.step(step, place)
        self.whole_rule()
        self.absences()
        machine.ranges = any(self.unanswered(step).policy == "range" for step in rule.steps)
        if not any(problem.severity == "error" for problem in machine.problems):
            self.nodes()
        return machine

    def depth(self, name: str, path: Path) -> int | None:
        """The level a word names: a depth of standards (0 outermost), statements, or organisations."""
        framework = self.framework
        if name == "organisation":
            if self.rule.over != "assessments":
                hint: str | None = 'write over = "assessments" in the rule, if it scores across organisations'
                self.fault("J014", f"rule '{self.rule.id}' looks at one assessment, so no step runs per organisation", path, hint=hint, about=name)
                return None
            return ORGANISATION
        if name in ("statement", framework.label("statement")) and name != "standard":
            return STATEMENT
        deepest = max((len(item.parents) for item in framework.items.values() if item.is_statement), default=1)
        local = framework.labels.get("standard", "standard")
        names = list(local) if isinstance(local, tuple) else [local] * deepest
        names += names[-1:] * (deepest - len(names))
        found = [depth for depth in range(deepest) if names[depth] == name or name == "standard"]
        known = [*dict.fromkeys(names), "statement"]
        if not found:
            hint = nearest(name, known, listing="levels")
            self.fault("J014", f"{framework.name} has no level '{name}'", path, hint=hint, about=name)
            return None
        if len(found) > 1:
            hint = 'name the levels, outermost first, such as labels = { standard = ["practice", "stream"] }, and use one of the names'
            self.fault("J008", f"standards nest in {framework.name}, and '{name}' could be any of {len(found)} levels", path, hint=hint, about=name)
            return None
        return found[0]

    def level(self, step: Step) -> int:
        """The place of a step's level among the levels, innermost first."""
        depth = self.each.get(step.each) if step.each is not None else WHOLE
        return self.depths.index(WHOLE if depth is None else depth)

    def na(self, step: Step) -> NotApplicableRule:
        """What a step does with not applicable."""
        return step.na or self.rule.na or NotApplicableRule()

    @property
    def coupled(self) -> tuple[str, ...]:
        """The dimensions that are coupled, in the whole rule."""
        return self.rule.na.coupled if self.rule.na is not None else ()

    def unanswered(self, step: Step) -> UnansweredRule:
        """What a step does with blanks."""
        return step.unanswered or self.rule.unanswered or UnansweredRule()

    # steps

    def step(self, step: Step, place: int) -> None:
        """Bind one step; what it refers to stands before it."""
        path: Path = ("steps", place)
        if step.na is not None and step.na.coupled:
            message = f"dimensions are coupled for the whole rule, not for step '{step.id}' alone"
            self.fault("K011", message, (*path, "na", "coupled"), hint="write coupled in the rule's own na")
        bound = BoundStep(step, place, self.level(step), path)
        if step.id in self.places:
            self.fault("R001", f"two steps of rule '{self.rule.id}' are called '{step.id}'", (*path, "id"), about=step.id)
        if step.id in self.framework.scale_of_grade:
            hint = "call the step something else"
            self.fault("J008", f"'{step.id}' is a step of rule '{self.rule.id}' and a grade of {self.framework.name}", (*path, "id"), hint=hint)
        self.inputs(bound)
        if aggregates(step.op):
            self.folding(bound)
        else:
            self.judging(bound)
        self.machine.steps.append(bound)
        self.places.setdefault(step.id, place)

    def inputs(self, bound: BoundStep) -> None:
        """Sort the steps it looks at into those of its own level and those of inner groups."""
        step = bound.step
        for number_, name in enumerate(step.of):
            found = self.earlier(name, bound, (*bound.path, "of") if len(step.of) == 1 else (*bound.path, "of", number_))
            if found is None:
                continue
            if found.level == bound.level:
                bound.inputs = (*bound.inputs, found.index)
            elif found.level < bound.level:
                bound.groups = (*bound.groups, found.index)

    def earlier(self, name: str, bound: BoundStep, path: Path) -> BoundStep | None:
        """An earlier step by name, if a step may look at it."""
        place = self.places.get(name)
        if place is None:
            later = any(step.id == name for step in self.rule.steps)
            message = f"{self.name(bound.step)} looks at '{name}', which " + ("does not stand before it" if later else "is no step")
            self.fault("J002", message, path, hint=nearest(name, self.places, listing="earlier steps"), about=name)
            return None
        found = self.machine.steps[place]
        if found.level > bound.level:
            message = f"{self.name(bound.step)} runs per {bound.step.each}, and '{name}' is a result further out"
            self.fault("J002", message, path, hint="a step of a group sees the group only; combine them in a step further out", about=name)
            return None
        return found

    def folding(self, bound: BoundStep) -> None:
        """A step that folds items: statements, groups, or several steps."""
        step = bound.step
        if step.over is None and not step.of:
            self.fault("J009", f"{self.name(step)} looks at nothing", bound.path, hint='give over = "all", or of = a step')
            return
        if step.over is None and len(step.of) == 1 and bound.inputs:
            hint = "give the steps as a list, or run the earlier step per group (each)"
            self.fault("J003", f"{self.name(step)} folds many results, and '{step.of[0]}' has one", (*bound.path, "of"), hint=hint)
            return
        if step.when is not None:
            self.fault("K001", f"'{step.op.name}' has no test", (*bound.path, "when"), hint="a cap, floor or if has one")
        slots = self.slots(step, step.over, (*bound.path, "over")) if step.over is not None else []
        if step.over is not None and slots is None:
            return
        self.exemptions(step, bound.path)
        folding = Folding(self, bound, step.op, bound.path, na=self.na(step), unanswered=self.unanswered(step), count=step.id in self.weighs_by_count)
        bound.register, bound.kind = fold(folding, slots or [], step.except_)
        self.keep(bound.register)
        if bound.kind == "truth" and isinstance(step.op, tuple):  # pragma: no cover - no operator is a tuple
            return

    def exemptions(self, step: Step, path: Path) -> None:
        """Exceptions change only what the operator reads."""
        reads = getattr(step.op, "reads", "number")
        for place, each in enumerate(step.except_):
            if each.weight is not None and not hasattr(step.op, "weight"):
                hint = "leave the weight out, or leave the statements out of the step"
                self.fault("J003", f"'{step.op.name}' weighs nothing, so an exception has no weight", (*path, "except", place, "weight"), hint=hint)
            if each.value is not None and reads == "hit":
                hint = "leave the value out"
                self.fault("J003", f"'{step.op.name}' counts no values, so an exception has none", (*path, "except", place, "value"), hint=hint)

    def keep(self, register: Register) -> None:
        """Give a register its place in the state of its level."""
        level = self.machine.registers[register.level]
        register.place = sum(len(other.unit) for other in level)
        level.append(register)

    def judging(self, bound: BoundStep) -> None:
        """A step that reads earlier results, tests and constants."""
        step, op = bound.step, bound.step.op
        for key in ("na", "unanswered", "empty"):
            if getattr(step, key) is not None and (key == "empty" or not (op.tests() or step.when is not None)):
                message = f"{self.name(step)} folds no answers, so '{key}' says nothing here"
                self.fault("K001", message, (*bound.path, key), hint="put it on the step that looks at the statements")
        if step.over is not None:
            self.fault(
                "J003", f"'{op.name}' looks at steps, not at statements", (*bound.path, "over"), hint="fold the statements in a step before it"
            )
        if step.except_:
            self.fault("K001", f"'{op.name}' looks at no statements, so it has no exceptions", (*bound.path, "except"))
        if bound.groups:
            inner = listed([self.machine.steps[place].id for place in bound.groups])
            hint = f'write each = "{self.machine.steps[bound.groups[0]].step.each}", or fold them first'
            self.fault("J003", f"'{op.name}' judges one result at a time, and {inner} has one per group", (*bound.path, "of"), hint=hint)
        wants = 0 if op.name in ("if", "table", "ladder") else 1
        if len(step.of) != wants and not (len(step.of) > 1 and bound.groups):
            message = f"'{op.name}' looks at exactly one step" if wants else f"'{op.name}' looks at no step by 'of': its tests and results name them"
            self.fault("J003", message, (*bound.path, "of") if step.of else bound.path, hint='such as of = "avg"' if wants else "leave it out")
        asks = op.name in ("cap", "floor", "if")
        if asks and step.when is None:
            self.fault("K002", "'when' is missing", bound.path, hint='such as when = { any = { tag = "limiting", at_most = "inadequate" } }')
        if not asks and step.when is not None:
            self.fault("K001", f"'{op.name}' has no 'when' of its own", (*bound.path, "when"), hint="its rows have; or use cap, floor or if")
        tests = ([(("when",), step.when)] if step.when is not None and asks else []) + list(op.tests())
        bound.tests = tuple([self.test(test, bound, (*bound.path, *inner)) for inner, test in tests])
        of = self.machine.steps[bound.inputs[0]].kind if bound.inputs else None
        self.results(bound, of)

    def results(self, bound: BoundStep, of: Kind | None) -> None:
        """What a judging step results in, and the constants it names."""
        step, op, path = bound.step, bound.step.op, bound.path
        if isinstance(op, Lookup | ValueOf):
            if not isinstance(of, Scale):
                if of is not None:
                    self.fault("J003", f"'{op.name}' looks a grade up, and '{step.of[0]}' is {said(of)}", (*path, "of"))
                return
            self.by_rank(bound, of)
            return
        if (isinstance(op, Bands) or op.name == "round") and of is not None and of != "number":
            self.fault("J003", f"'{op.name}' takes a number, and '{step.of[0]}' is {said(of)}", (*path, "of"))
        if op.name == "override" and bound.level != len(self.depths) - 1:
            hint = "put it behind the step that folds the groups"
            self.fault("J003", f"an override is for the whole, and {self.name(step)} runs per {step.each}", (*path, "each"), hint=hint)
        if op.name in ("round", "override"):
            bound.kind = of or "number"
            return
        expected = of if op.name in ("cap", "floor") else None
        kind, bound.terms = self.terms(op.terms(), bound, expected)
        bound.kind = kind or of or "number"
        if op.name in ("cap", "floor") and bound.kind == "truth":
            self.fault("J003", f"'{op.name}' limits a grade or a number, not true and false", (*path, "of"))
        if isinstance(op, Bands) and kind == "number":
            self.fault("J003", "bands give grades", (*path, "grades"), hint="use the grade ids of a scale")

    def by_rank(self, bound: BoundStep, scale: Scale) -> None:
        """Tables by grade: every grade of the scale has an entry, and no other has."""
        op, path = bound.step.op, bound.path
        if isinstance(op, ValueOf):
            found = lift_of(self, op.value, scale, (*path, "value"), bound.step)
            bound.terms = tuple(("value", value) for value in found or ())
            bound.kind = "number"
            return
        self.every_grade(op.table, scale, (*path, "table"), bound.step)
        kind, terms = self.terms(op.terms(), bound, None)
        given = dict(zip(op.table, terms, strict=True))
        bound.terms = tuple(given[grade.id] for grade in scale.grades if grade.id in given)
        bound.kind = kind or "number"

    def every_grade(self, table: Any, scale: Scale, path: Path, step: Step) -> None:
        """A table by grade fits a scale."""
        missing = [grade.id for grade in scale.grades if grade.id not in table]
        if missing:
            hint: str | None = f"every grade of '{scale.id}' needs one"
            self.fault("J004", f"{self.name(step)} has nothing for {listed(missing)}", path, hint=hint, about=missing[0])
        for grade in table:
            if grade not in scale:
                hint = nearest(grade, [g.id for g in scale.grades], listing="grades")
                self.fault("R004", f"'{grade}' is no grade of '{scale.id}'", (*path, grade), hint=hint, about=grade)

    def terms(self, named: Iterable[tuple[Path, Any]], bound: BoundStep, expected: Kind | None) -> tuple[Kind | None, tuple[tuple[str, Any], ...]]:
        """Constants and steps by name; all of one kind."""
        kind, first, out = expected, None, []
        for path, raw in named:
            found, term = self.term(raw, bound, (*bound.path, *path), kind)
            out.append(term)
            if found is None:
                continue
            if kind is None:
                kind, first = found, raw
            elif found != kind:
                other = f"'{first}'" if first is not None else f"'{bound.step.of[0]}'" if bound.step.of else "the rest"
                message = f"{self.name(bound.step)} gives {said(found)} here, and {other} is {said(kind)}"
                self.fault("J003", message, (*bound.path, *path), hint="all results of a step are of one kind")
        return kind, tuple(out)

    def term(self, raw: Any, bound: BoundStep, path: Path, expected: Kind | None) -> tuple[Kind | None, tuple[str, Any]]:
        """One constant or step by name."""
        if isinstance(raw, bool):
            return "truth", ("value", raw)
        if isinstance(raw, str):
            if raw in _ABSENT:
                return None, ("value", Absent(_ABSENT[raw].kind, bound.step.id, "the rule says so"))
            if raw in self.places:
                found = self.earlier(raw, bound, path)
                if found is not None and found.level < bound.level:
                    self.fault("J003", f"'{raw}' has one result per group", path, hint="fold them in a step first", about=raw)
                return (found.kind, ("step", found.index)) if found is not None else (None, ("value", None))
            scale = self.framework.scale_of_grade.get(raw)
            if scale is not None and not (expected == "number" and number(raw) is not None):
                if number(raw) is not None and expected is None and self.rule.result == "number":
                    return "number", ("value", number(raw))
                return scale, ("value", scale.rank(raw))
        found_number = number(raw)
        if found_number is not None:
            return "number", ("value", found_number)
        later = any(step.id == raw for step in self.rule.steps)
        known = [*self.places, *self.framework.scale_of_grade]
        message = f"'{raw}' is a step that does not stand before '{bound.step.id}'" if later else f"'{raw}' is no grade, number or earlier step"
        self.fault("J002" if later else "R004", message, path, hint=nearest(str(raw), known, listing="steps and grades"), about=str(raw))
        return None, ("value", None)

    # tests

    def test(self, test: Any, bound: BoundStep, path: Path) -> BoundTest:
        """Bind a test of a step."""
        if isinstance(test, (Both, Either)):
            word = "both" if isinstance(test, Both) else "either"
            inner = tuple([self.test(each, bound, (*path, word, place)) for place, each in enumerate(test.tests)])
            return BoundTest(test, inner=inner, word=word)
        if isinstance(test, Not):
            return BoundTest(test, inner=(self.test(test.test, bound, (*path, "not")),), word="not")
        if isinstance(test, StepTest):
            return self.step_test(test, bound, path)
        if isinstance(test, AnswerTest):
            return self.answer_test(test, bound, path)
        if isinstance(test, PlanTest):
            return self.plan_test(test, bound, path)
        self.fault("K011", "a rule knows nothing of the organisation", path, hint="which statements apply to whom, the framework says (applies_when)")
        return BoundTest(test)

    def step_test(self, test: StepTest, bound: BoundStep, path: Path) -> BoundTest:
        """A test of one earlier result."""
        found = self.earlier(test.step, bound, (*path, "step"))
        if found is None:
            return BoundTest(test)
        if found.level != bound.level:
            hint = f'say of how many: {{ any = {{ step = "{test.step}", ... }} }}'
            self.fault("J003", f"'{test.step}' has one result per group", (*path, "step"), hint=hint)
            return BoundTest(test)
        compare = self.compared(test.comparison, found.kind, path, f"'{test.step}'")
        return BoundTest(test, step=found.index, compare=compare)

    def compared(self, comparison: Comparison | None, kind: Kind, path: Path, who: str) -> Any:
        """A comparison with something of a kind, as a function of one value."""
        if comparison is None:
            if kind != "truth":
                self.fault("J003", f"{who} is {said(kind)}, and is compared with nothing", path, hint='add a comparison, such as at_least = "good"')
            return bool
        value, key = comparison.value, comparison.operator
        path = (*path, key)
        if kind == "truth":
            if not isinstance(value, bool) or key != "is":
                self.fault("J003", f"{who} is true or false", path, hint="write is = true, or is = false")
            return lambda found: found is value
        if kind == "number":
            other = number(value) if not isinstance(value, FrozenDict) else None
            if other is None:
                self.fault("J003", f"{who} is a number, and '{comparison.sentence}' is not", path, hint='compare it with a number, such as "5/2"')
                return bool
            return lambda found: comparison.accepts(found, other)
        if not isinstance(value, str) or value not in kind:
            known = [grade.id for grade in kind.grades]
            text = value if isinstance(value, str) else number_text(value) if isinstance(value, Fraction) else str(value)
            on = self.framework.scale_of_grade.get(text)
            message = f"{who} is graded on '{kind.id}'" + (f", and '{text}' is a grade of '{on.id}'" if on else f", which has no grade '{text}'")
            self.fault("J003" if on else "R004", message, path, hint=nearest(text, known, listing="grades"), about=text)
            return bool
        rank = kind.rank(value)
        return lambda found: comparison.accepts(found, rank)

    def answer_test(self, test: AnswerTest, bound: BoundStep, path: Path) -> BoundTest:
        """A quantified test over statements, or over the results of groups."""
        path = (*path, test.quantifier)
        op: Any = Some(k=None if test.share is not None else test.k, share=test.share) if test.quantifier == "some" else _QUANTIFIERS[test.quantifier]
        step = Step(id=bound.step.id, op=op, over=test.selection, empty=test.empty)
        folding = Folding(
            self,
            bound,
            op,
            path,
            na=self.na(bound.step),
            unanswered=self.unanswered(bound.step),
            compare=test.comparison,
            test=test,
            empty=test.empty,
        )
        if test.selection.step is not None:
            found = self.earlier(test.selection.step, bound, (*path, "step"))
            if found is None:
                return BoundTest(test)
            if found.level == bound.level:
                hint = f'leave "{test.quantifier}" out: {{ step = "{found.id}", ... }}'
                self.fault("J003", f"'{found.id}' has one result, not many", (*path, "step"), hint=hint)
                return BoundTest(test)
            folding.groups = (found.index,)
            slots: list[Slot] | None = []
        else:
            slots = self.slots(bound.step, test.selection, path)
        if slots is None:
            return BoundTest(test)
        register, _ = fold(folding, slots, ())
        register.step = step
        self.keep(register)
        return BoundTest(test, register=register)

    def plan_test(self, test: PlanTest, bound: BoundStep, path: Path) -> BoundTest:
        """A test of the action plan: every statement that the comparison picks is covered by an action in that state."""
        states = [state.id for state in self.framework.plan.status]
        if test.plan not in states:
            hint = nearest(test.plan, states, listing="states of an action") or "declare them: plan = { status = [ { id = ..., label = ... } ] }"
            self.fault("A015", f"{self.framework.name} has no action state '{test.plan}'", (*path, "plan"), hint=hint, about=test.plan)
        slots = self.slots(bound.step, test.selection, (*path, "covers"))
        if slots is None:
            return BoundTest(test)
        folding = Folding(
            self, bound, All(), (*path, "covers"), na=self.na(bound.step), unanswered=self.unanswered(bound.step), compare=test.comparison, test=test,
            empty=test.empty, plan=test.plan,
        )  # fmt: skip
        register, _ = fold(folding, slots, ())
        self.keep(register)
        return BoundTest(test, register=register)

    # statements

    def slots(self, step: Step, selection: Selection, path: Path) -> list[Slot] | None:
        """The slots a selection picks, in framework order; `None` if it names what does not exist."""
        framework, before = self.framework, len(self.machine.problems)
        for place, ref in enumerate(selection.refs):
            if ref not in framework.items:
                message = f"{self.name(step)} looks at '{ref}', which does not exist"
                self.fault("R005", message, (*path, "refs", place), hint=nearest(ref, framework.items), about=ref)
        if selection.tag is not None and selection.tag not in framework.tags:
            hint = nearest(selection.tag, framework.tags, listing="tags")
            self.fault("R011", f"nothing is tagged '{selection.tag}'", (*path, "tag"), hint=hint, about=selection.tag)
        if selection.standard is not None and (selection.standard not in framework.items or framework.items[selection.standard].is_statement):
            message = f"{self.name(step)} looks at standard '{selection.standard}', which does not exist"
            hint = nearest(selection.standard, [ref for ref, item in framework.items.items() if not item.is_statement])
            self.fault("R005", message, (*path, "standard"), hint=hint, about=selection.standard)
        coupled = self.coupled
        sides = selection.dimension or coupled
        self.known(sides, [each.id for each in framework.dimensions], "dimension", (*path, "dimension") if selection.dimension else ("na", "coupled"))
        self.known(selection.role, ["self", *(each.id for each in framework.roles)], "role", (*path, "role"))
        if len(self.machine.problems) > before:
            return None
        graded = [item for item in framework.answerable if item.takes_grade and picks(selection, item)]
        unscaled = [item.ref for item in graded if item.scale is None]
        if unscaled:
            self.fault("J009", f"{self.name(step)} looks at {listed(unscaled[:5])}, which {have(unscaled)} no scale", path)
            return None
        wrong = [ref for ref in selection.refs if not framework.items[ref].takes_grade]
        if wrong:
            takes = "takes" if len(wrong) == 1 else "take"
            self.fault("J009", f"{self.name(step)} looks at {listed(wrong)}, which {takes} no grade", (*path, "refs"))
            return None
        found = [Slot(item.ref, role, side, item) for item in graded for role in selection.role or ("self",) for side in sides or (None,)]
        if not found:
            self.fault("J009", f"{self.name(step)} looks at no statement that takes a grade", path, hint="nothing matches all that is asked for")
            return None
        if self.level(step) != len(self.depths) - 1:
            outside = [slot.ref for slot in found if self.group(slot.item, self.depths[self.level(step)]) is None]
            if outside:
                names = list(dict.fromkeys(outside))
                message = f"{self.name(step)} runs per {step.each}, and {listed(names[:5])} {'stands' if len(names) == 1 else 'stand'} in none"
                self.fault("J012", message, path, hint="narrow what it looks at, or put these statements into a group")
                return None
        return found

    def known(self, words: Iterable[str], known: list[str], what: str, path: Path) -> None:
        """Dimensions or roles exist."""
        for word in words:
            if word not in known:
                hint = nearest(word, known, listing=f"{what}s") or f"this framework has no {what}s"
                self.fault("J015", f"{self.framework.name} has no {what} '{word}'", path, hint=hint, about=word)

    def group(self, item: Item, depth: int) -> str | None:
        """The group of an item at a depth: a standard, itself, or nothing."""
        if depth == STATEMENT:
            return item.ref
        if depth == ORGANISATION:
            return ""
        chain = [parent.ref for parent in item.parents] + ([] if item.is_statement else [item.ref])
        return chain[depth] if depth < len(chain) else None

    # the rule as a whole

    def whole_rule(self) -> None:
        """What concerns all steps together: the kind of the result, steps reported, laws expected, steps nobody uses."""
        rule, machine = self.rule, self.machine
        last = machine.steps[-1]
        if last.level != len(self.depths) - 1:
            hint: str | None = "fold the groups in a last step"
            self.fault("J003", f"the last step of rule '{rule.id}' has one result per {last.step.each}", (*last.path, "each"), hint=hint)
        if rule.result is not None and rule.result not in ("number", "truth") and rule.result not in {scale.id for scale in self.framework.scales}:
            known = ["number", "truth", *(scale.id for scale in self.framework.scales)]
            hint = nearest(rule.result, known, listing="results")
            self.fault("R003", f"rule '{rule.id}' results in '{rule.result}', which is no scale here", ("result",), hint=hint, about=rule.result)
        elif rule.result is not None and rule.result != (last.kind.id if isinstance(last.kind, Scale) else last.kind):
            self.fault("J003", f"rule '{rule.id}' says that it results in {rule.result}, and its last step gives {said(last.kind)}", ("result",))
        for place, name in enumerate(rule.report):
            if name not in self.places:
                message = f"rule '{rule.id}' reports '{name}', which is no step"
                self.fault("J002", message, ("report", place), hint=nearest(name, self.places, listing="steps"), about=name)
        for law in rule.expect:
            if law not in LAWS:
                meant = next((text.name for text in LAWS.values() if text.number == law.upper()), None)
                hint = f"write {meant}" if meant else nearest(law, LAWS, listing="laws")
                self.fault("J013", f"there is no law '{law}'", ("expect", law), hint=hint, about=law)
        if rule.better == "lower" and last.kind != "number":
            self.fault("J003", f"'{last.id}' is {said(last.kind)}: which end is better, its scale says", ("better",))
        used = {place for step in machine.steps for place in (*step.inputs, *step.groups, *(p for word, p in step.terms if word == "step"))}
        for step in machine.steps:
            for test in step.tests:
                used |= {each.step for each in test.walk() if each.step is not None}
                used |= {place for each in test.walk() if each.register is not None for place in each.register.items}
        for step in machine.steps[:-1]:
            if step.index not in used and step.id not in rule.report and not step.step.flag:
                message = f"nothing uses step '{step.id}' of rule '{rule.id}'"
                self.fault("J017", message, (*step.path, "id"), hint="list it in report, or leave it out", about=step.id)

    def absences(self) -> None:
        """Whether the rule says what becomes of answers that are not there."""
        rule = self.rule
        if rule.na is None and not all(step.na is not None for step in rule.steps if step.over is not None):
            message = f"rule '{rule.id}' does not say what becomes of answers that are not applicable: they are left out"
            self.fault("J011", message, (), hint='write na = "exclude" if that is meant, or "worst", "refuse"')
        if rule.unanswered is None and not all(step.unanswered is not None for step in rule.steps if step.over is not None):
            message = f"rule '{rule.id}' does not say what becomes of blanks: they are left out"
            self.fault("J011", message, (), hint='write unanswered = "exclude" if that is meant, or "worst", "refuse", "range"')
        machine = self.machine
        for step in machine.steps:
            for place in step.groups:
                inner = machine.steps[place]
                while inner.register is None and len(inner.inputs) == 1:
                    inner = machine.steps[inner.inputs[0]]
                open_ = inner.register is not None and inner.step.empty is None and rule.empty == "not_scored" and self.can_be_empty(inner)
                if open_:
                    message = f"when nothing is left to score in one {inner.step.each}, '{inner.id}' is not scored there, and so is '{step.id}'"
                    hint = 'write empty = "not_applicable" to leave such groups out, or empty = "not_scored" if that is meant'
                    self.fault("J016", message, inner.path, hint=hint, about=inner.id)

    def can_be_empty(self, step: BoundStep) -> bool:
        """Whether all the answers a step looks at may be left out at once."""
        register = step.register
        if register is None or not register.lifts:
            return False
        out = self.na(step.step).policy == "exclude" and all(slot.item.may_not_apply for slot in register.lifts)
        return out or self.unanswered(step.step).policy == "exclude"

    # nodes and variables

    def nodes(self) -> None:
        """The groups that steps run in, and the answers in each."""
        machine, depths = self.machine, self.depths
        slots = list(dict.fromkeys(slot for level in machine.registers for register in level for slot in register.lifts))
        slots.sort(key=lambda slot: (slot.item.order, slot.role, slot.dimension or ""))
        root = machine.root = Node(len(depths) - 1, None)
        known: dict[tuple[int, str], Node] = {}
        coupled = set(self.coupled)
        together: dict[tuple[Any, ...], list[Slot]] = {}
        for slot in slots:
            key = (slot.ref, slot.role, None) if slot.dimension in coupled else (slot.ref, slot.role, slot.dimension, "own")
            together.setdefault(key, []).append(slot)
        for family in together.values():
            node = root
            for level in range(len(depths) - 2, -1, -1):
                ref = self.group(family[0].item, depths[level])
                if ref is None:
                    continue
                if (level, ref) not in known:
                    known[level, ref] = Node(level, ref or None, node)
                    node.children.append(known[level, ref])
                node = known[level, ref]
            variable = self.variable(tuple(family), node)
            node.variables.append(variable)
            machine.variables.append(variable)
        for node in root.walk():
            self.idle(node)

    def idle(self, node: Node) -> None:
        """Which steps look at nothing in a group: no statement, no inner group and no earlier step that does."""
        machine = self.machine
        here = {slot for inner in node.walk() for variable in inner.variables for slot in variable.slots}
        for step in machine.steps:
            if step.level != node.level or node.parent is None:
                continue
            registers = [step.register] if step.register is not None else [test.register for each in step.tests for test in each.walk()]
            looks = any(register is not None and not here.isdisjoint(register.lifts) for register in registers)
            looks = looks or any(place not in node.idle for place in step.inputs)
            sources = {place for register in registers if register is not None for place in register.items}
            levels = {machine.steps[place].level for place in sources}
            inner_nodes = [inner for inner in node.walk() if inner is not node and inner.level in levels]
            looks = looks or any(place not in inner.idle for inner in inner_nodes for place in sources if machine.steps[place].level == inner.level)
            reads = {test.step for each in step.tests for test in each.walk() if test.step is not None}
            reads |= {place for word, place in step.terms if word == "step"}
            looks = looks or any(place not in node.idle for place in reads)
            if not looks:
                node.idle.add(step.index)

    def variable(self, slots: tuple[Slot, ...], node: Node) -> Variable:
        """The answers in some slots, with the registers of the node and around it that they add to."""
        machine, offset, found = self.machine, 0, []
        plans: dict[str, None] = {}
        for level in range(node.level, len(self.depths)):
            for register in machine.registers[level]:
                if any(slot in register.lifts for slot in slots):
                    found.append((register, offset))
                    if isinstance(register.test, PlanTest):
                        plans[register.test.plan] = None
                offset += len(register.unit)
        unit = tuple(part for level in range(node.level, len(self.depths)) for r in machine.registers[level] for part in r.unit)
        return Variable(slots, tuple(plans), node, tuple(found), coupled=len(slots) > 1, unit=unit)

    def exempt(self, slot: Slot, exemptions: tuple[Exemption, ...]) -> Iterator[Exemption]:
        """The exceptions that concern a slot."""
        for each in exemptions:
            if slot.ref in each.refs or (each.tag is not None and each.tag in slot.item.tags):
                yield each

    def weight_name(self, item: Item, name: str) -> Fraction | None:
        """A weight that a statement carries under a name."""
        return item.node.weights.get(name) if isinstance(item.node, Statement) else None


def said(kind: Kind) -> str:
    """A kind of result, as messages call it."""
    words: dict[Literal["number", "truth"], str] = {"number": "a number", "truth": "true or false"}
    return f"a grade of '{kind.id}'" if isinstance(kind, Scale) else words[kind]
