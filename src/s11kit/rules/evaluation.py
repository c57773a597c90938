"""Scoring one assessment by a rule, or many assessments together: the answers that are there are added up and the result is read off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Assessment, Graded, NotApplicable
from s11kit.model.assessment import SELF, Override
from s11kit.rules.binding import BARE, BLANK, NA, OUT, STRENGTH, BoundRule, BoundStep, Machine, Node, Slot, Symbol, Variable, filled
from s11kit.rules.judging import number
from s11kit.rules.operator import Absent, Value
from s11kit.rules.reaching import states_of
from s11kit.rules.result import Result
from s11kit.rules.states import Exhausted, Packed, Packing, State, merged

__all__ = ["evaluate", "evaluate_across", "root_state", "symbol_of", "symbols_of"]

_Row: TypeAlias = tuple[str, dict[str, tuple[Any, int]], dict[int, tuple[Any, int]], Variable]


def evaluate(rule: BoundRule, assessment: Assessment) -> Result:
    """The result of a rule for one assessment. `S11Error` if the rule is broken, or scores across organisations."""
    machine = rule.machine
    if rule.rule.over == "assessments":
        message = f"rule '{rule.id}' scores across organisations"
        raise S11Error([Problem(code="K004", message=message, hint="give it several assessments: score_across(assessments, rule)")])
    confirmed = _confirmed(rule, assessment)
    symbols = symbols_of(machine, assessment) if machine.ranges else {}
    if _blank(symbols):
        choices = partial(_open, symbols)
        try:
            values = [machine.values(machine.root, state, confirmed)[-1] for state in states_of(machine, machine.root, choices)]
        except Exhausted as error:
            why = f"the range over all ways to fill the blanks in is too large to work out (more than {error.states:,} sums)"
            values = [Absent("refused", machine.steps[-1].id, why)]
    else:
        values = [machine.values(machine.root, root_state(machine, assessment), confirmed)[-1]]
    return _result(rule, (assessment,), values)


def evaluate_across(rule: BoundRule, assessments: Sequence[Assessment]) -> Result:
    """The result of a rule `over = "assessments"`. `S11Error` if it is not one, there are no assessments, or they answer different frameworks."""
    if rule.rule.over != "assessments":
        message = f"rule '{rule.id}' scores one assessment at a time"
        raise S11Error([Problem(code="K004", message=message, hint='write over = "assessments" in the rule, if it is meant to look at many')])
    if not assessments:
        raise S11Error([Problem(code="K004", message="there are no assessments to score")])
    other = next((each for each in assessments if each.framework != rule.framework), None)
    if other is not None:
        message = f"{other.organisation.name} answers {other.framework.name}, and the rule belongs to {rule.framework.name}"
        raise S11Error([Problem(code="R006", message=message, hint="score assessments of one framework together")])
    machine = rule.machine
    level, state = machine.root.level, machine.units[-1]
    states = [state]
    for each in assessments:
        symbols = symbols_of(machine, each)
        open_ = machine.ranges and _blank(symbols)
        more = states_of(machine, machine.root, partial(_open, symbols)) if open_ else [root_state(machine, each)]
        states = list(dict.fromkeys(merged(machine.merges[level], one, add) for one in states for add in more))
    return _result(rule, tuple(assessments), [machine.result(one) for one in states])


def _blank(symbols: dict[Variable, Symbol]) -> bool:
    """Whether any answer is missing, or counts as missing for want of a reason."""
    return any(symbol in (BLANK, BARE) or (isinstance(symbol, tuple) and (BLANK in symbol or BARE in symbol)) for symbol in symbols.values())


def _fills(slot: Slot, symbol: int) -> list[int]:
    """The grades that a blank may stand for; any other answer stands for itself."""
    return [filled(rank, bare=symbol == BARE) for rank in range(slot.grades)] if symbol in (BLANK, BARE) else [symbol]


def _open(symbols: dict[Variable, Symbol], variable: Variable) -> list[Symbol]:
    """The one answer that is there, or every grade where there is none."""
    symbol = symbols[variable]
    if variable.plain:
        return _fills(variable.slots[0], symbol)
    every: list[tuple[Symbol, ...]] = [()]
    for slot, one in zip(variable.slots, symbol, strict=False):
        every = [(*done, each) for done in every for each in ([one] if one == BARE and variable.coupled else _fills(slot, one))]
    return [(*one, *symbol[len(variable.slots) :]) for one in every]


def _result(rule: BoundRule, assessments: tuple[Assessment, ...], values: list[Value]) -> Result:
    least, greatest = min(values, key=rule.key), max(values, key=rule.key)
    if isinstance(least, Absent):
        least = min((value for value in values if isinstance(value, Absent)), key=lambda each: (STRENGTH[each.kind], each.step, each.why))
        greatest = least if isinstance(greatest, Absent) else greatest
    return Result(bound=rule, assessments=assessments, least=least, greatest=greatest)


# the answers that are there


def root_state(machine: Machine, assessment: Assessment) -> State:
    """The state of the whole, from the answers of an assessment."""
    return node_state(machine, machine.root, assessment)


def node_state(machine: Machine, node: Node, assessment: Assessment) -> State:
    """The state of a node, from the answers below it."""
    state = _own(machine, node, assessment) if node.variables else machine.units[node.level]
    for child in node.children:
        inner = node_state(machine, child, assessment)
        state = merged(machine.merges[node.level], state, machine.exports(child, machine.values(child, inner), inner))
    return state


def _own(machine: Machine, node: Node, assessment: Assessment) -> State:
    packing, (mark, total), rows = _tables(machine, node, assessment.scope.out)
    answers, join = assessment.answers, packing.join if packing.custom else None
    for ref, grades, others, variable in rows:
        entry = answers.get(ref)
        found = None
        if entry is not None and grades:
            answer = entry.answer
            kind = answer.__class__
            if kind is Graded:
                found = grades.get(answer.grade)  # type: ignore[union-attr]
            elif kind is NotApplicable and (answer.reason or "").strip():  # type: ignore[union-attr]
                found = others[NA]
        if found is None:
            found = others[symbol_of(variable, assessment)]
        total += found[1]
        mark = mark | found[0] if join is None else join(mark, found[0])
    return packing.unpack((mark, total))


_MOST_SCOPES = 64
"""For how many sets of statements that do not apply the tables of a rule are kept."""


def _tables(machine: Machine, node: Node, out: frozenset[str]) -> tuple[Packing, Packed, list[_Row]]:
    """What every answer of a node's own variables adds, packed, after what is out of scope has had its turn. Made once for every scope."""
    known: dict[Any, tuple[Packing, Packed, list[_Row]]] = machine.tables
    key = (id(node), out)
    found = known.get(key)
    if found is not None:
        return found
    packing = machine.packings[id(node)]
    mark, total = packing.nothing(machine.units[node.level])
    rows: list[_Row] = []
    for place, variable in enumerate(node.variables):
        slot = variable.slots[0]
        if slot.ref in out:
            gone = packing.pack(place, variable.adds(OUT if variable.plain else (*[OUT] * len(variable.slots), *[False] * len(variable.plans))))
            mark, total = packing.join(mark, gone[0]), total + gone[1]
            continue
        others = {symbol: packing.pack(place, variable.adds(symbol)) for symbol in machine.every(variable)}
        grades = {}
        if variable.plain and slot.role == SELF and slot.dimension is None and slot.item.scale is not None:
            grades = {grade.id: others[rank] for rank, grade in enumerate(slot.item.scale.grades)}
        rows.append((slot.ref, grades, others, variable))
    found = (packing, (mark, total), rows)
    if len(known) < _MOST_SCOPES:
        known[key] = found
    return found


def symbols_of(machine: Machine, assessment: Assessment) -> dict[Variable, Symbol]:
    """The answer to every variable of a rule."""
    return {variable: symbol_of(variable, assessment) for variable in machine.variables}


def symbol_of(variable: Variable, assessment: Assessment) -> Symbol:
    """The answer to a variable, as a symbol."""
    if variable.plain:
        return slot_symbol(variable.slots[0], assessment)
    symbols = tuple(slot_symbol(slot, assessment) for slot in variable.slots)
    return (*symbols, *(OUT not in symbols and _acts(variable.slots[0].ref, state, assessment) for state in variable.plans))


def slot_symbol(slot: Slot, assessment: Assessment) -> int:
    """The answer in one slot: the rank of a grade, or what it is instead."""
    if slot.ref in assessment.scope.out:
        return OUT
    entry = assessment.answers.get(slot.ref)
    answer = entry.view(slot.role, slot.dimension).answer if entry is not None else None
    if isinstance(answer, Graded) and slot.item.scale is not None and answer.grade in slot.item.scale:
        return slot.item.scale.rank(answer.grade)
    if not isinstance(answer, NotApplicable):
        answer = assessment.inherited(slot.item, slot.role)
    if isinstance(answer, NotApplicable):
        return NA if (answer.reason or "").strip() else BARE
    return BLANK


def _acts(ref: str, state: str, assessment: Assessment) -> bool:
    """Whether a statement has an action in that state."""
    entry = assessment.answers.get(ref)
    fields = [field.id for field in assessment.framework.plan_fields if field.kind == "status"]
    return entry is not None and any(action.text(field) == state for action in entry.every_action for field in fields)


# what somebody confirmed instead


def override_step(rule: BoundRule) -> BoundStep | None:
    """The step of a rule at which another result may be put in place of the derived one."""
    return next((step for step in rule.machine.steps if step.step.op.name == "override"), None)


def override_of(rule: BoundRule, assessment: Assessment) -> tuple[BoundStep, Override] | None:
    """The override that an assessment holds for a rule, with the step that it concerns."""
    step = override_step(rule)
    found = next((each for each in assessment.overrides if each.rule == rule.id), None)
    return None if step is None or found is None else (step, found)


def override_fault(rule: BoundRule, step: BoundStep, override: Override) -> tuple[str, str | None] | None:
    """What keeps an override from standing: a sentence and a hint."""
    op, kind = step.step.op, step.kind
    if override.by not in op.by:
        return f"'{override.by}' may not override '{rule.id}'", nearest(override.by, op.by, listing="who may")
    if op.needs == "reason" and not (override.reason or "").strip():
        return f"the override of '{rule.id}' gives no reason", 'add reason = "..."'
    if isinstance(kind, str):
        if number(override.result) is None or kind != "number":
            return f"'{override.result}' is no result of '{rule.id}'", f"it results in a {kind}"
        return None
    if override.result not in kind:
        return f"'{override.result}' is no result of '{rule.id}'", nearest(override.result, [g.id for g in kind.grades], listing="grades")
    return None


def _confirmed(rule: BoundRule, assessment: Assessment) -> dict[int, Value]:
    found = override_of(rule, assessment) if assessment.overrides else None
    if found is None:
        return {}
    step, override = found
    fault = override_fault(rule, step, override)
    if fault is not None:
        return {step.index: Absent("refused", step.id, fault[0])}
    kind = step.kind
    return {step.index: number(override.result) if isinstance(kind, str) else kind.rank(override.result)}
