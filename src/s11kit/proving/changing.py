"""Laws about one change: an answer that is improved, not applicable, unanswered, or asked for at all (S2, S6, S7, S8, S13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from s11kit.proving.scopes import circles
from s11kit.proving.space import Moves, Space, improvements, into_blank, into_na
from s11kit.proving.verdict import Verdict, Witness
from s11kit.proving.witness import assessment_of, smallest
from s11kit.rules.binding import NA, OUT, BoundRule, Symbol, Variable
from s11kit.rules.reaching import state_of
from s11kit.rules.result import Result
from s11kit.rules.states import Exhausted

if TYPE_CHECKING:
    from s11kit.proving.deciding import Prover

__all__ = ["MOVES", "monotone", "na_neutral", "na_safe", "responsive", "unanswered_never_improves"]

MOVES: dict[str, Moves] = {"monotone": improvements, "na_safe": into_na, "unanswered_never_improves": into_blank}


def monotone(prover: Prover) -> Verdict:
    """S2: improving an answer never lowers the result."""
    if prover.structure.direction in ("up", "const"):
        return prover.verdict("monotone", "proven", how="structural", reasons=prover.structure.sentences)
    return by_changes(prover, "monotone", lambda before, after: after < before)


def na_safe(prover: Prover) -> Verdict:
    """S7: turning a grade into not applicable never raises the result."""
    if not any(slot.item.may_not_apply for variable in prover.machine.variables for slot in variable.slots):
        why = "no statement that the rule looks at may be answered with not applicable"
        return prover.verdict("na_safe", "proven", how="structural", reasons=(why,))
    worst = all(reading.na.policy == "worst" for reading in readings(prover))
    if worst and not couples(prover) and prover.structure.direction in ("up", "const"):
        why = "not applicable counts as the worst grade everywhere, and improving an answer never lowers the result"
        return prover.verdict("na_safe", "proven", how="structural", reasons=(why, *prover.structure.sentences))
    return by_changes(prover, "na_safe", lambda before, after: after > before)


def unanswered_never_improves(prover: Prover) -> Verdict:
    """S8: leaving an answer blank never raises the result."""
    policies = {policy(prover, step) for step in prover.machine.steps}
    if policies == {"range"}:
        why = "with a blank, the lower end of the range is the least result over all grades, so it is at most the result with any one of them"
        return prover.verdict("unanswered_never_improves", "proven", how="structural", reasons=(why,))
    if policies == {"worst"} and prover.structure.direction in ("up", "const"):
        why = "a blank counts as the worst grade everywhere, and improving an answer never lowers the result"
        return prover.verdict("unanswered_never_improves", "proven", how="structural", reasons=(why, *prover.structure.sentences))
    if "range" in policies:
        tried = "nothing: some steps give a range for blanks and others do not"
        return prover.verdict("unanswered_never_improves", "undecided", tried=tried)
    return by_changes(prover, "unanswered_never_improves", lambda before, after: after > before)


def policy(prover: Prover, step: Any) -> str:
    found = step.step.unanswered or prover.rule.rule.unanswered
    return found.policy if found is not None else "exclude"


def readings(prover: Prover) -> Iterator[Any]:
    for level in prover.machine.registers:
        for register in level:
            yield from register.readings.values()


def couples(prover: Prover) -> bool:
    return any(variable.coupled for variable in prover.machine.variables)


def by_changes(prover: Prover, law: str, violates: Callable[[Any, Any], bool]) -> Verdict:
    """Every change of one answer, whatever the others are."""
    moves, states = MOVES[law], 0
    for circle, space in prover.spaces:
        try:
            broken = False
            table = space.table(prover.machine.root, moves)
            key = table.key
            for _, pairs in table.changes_by_family():
                broken = broken or any(violates(key(before), key(after)) for before, after in pairs)
                if broken:
                    break
            states += len(table.reach)
        except Exhausted:
            found = prover.refutation(law, circle, space, moves, violates, most=3)
            if found is None:
                raise
            return found
        if broken:
            found = prover.refutation(law, circle, space, moves, violates)
            if found is not None:
                return found
            tried = "a counterexample exists among summaries, but no assessment was found that has it"
            return prover.verdict(law, "undecided", states=states, tried=tried)
    if prover.across:
        tried = "one organisation alone: there the law holds; with more organisations nothing is known"
        return prover.verdict(law, "undecided", states=states, tried=tried)
    return prover.verdict(law, "proven", how="exhaustive", states=states, reasons=prover.for_whom())


def na_neutral(prover: Prover) -> Verdict:
    """S6: an answer that is not applicable counts as if it had not been asked."""
    law = "na_neutral"
    if not any(variable.slots[0].item.may_not_apply for variable in prover.machine.variables):
        return prover.verdict(law, "does not apply", reasons=("no statement that the rule looks at may be answered with not applicable",))
    if prover.across:
        return prover.verdict(law, "undecided", tried="nothing: how many organisations there are is not limited")
    states, scoped = 0, BoundRule(prover.rule.rule, prover.rule.framework, scoped=True)
    for circle in circles(scoped):
        free = frozenset(v for v in scoped.machine.variables if v not in circle.out)
        absent = Space(scoped, out=circle.out, free=free, budget=prover.budget)
        table = absent.table(scoped.machine.root, _absent_or_na)
        key = table.key
        broken = any(_differ(key(before), key(after)) for _, pairs in table.changes_by_family() for before, after in pairs)
        states += len(table.reach)
        if broken:
            found = smallest(absent, _absent_or_na, _differ)
            assert found is not None
            before, after = assessment_of(circle, absent, found.before), assessment_of(circle, absent, found.afterwards)
            values = [scoped.machine.result(state_of(scoped.machine, scoped.machine.root, each)) for each in (found.before, found.afterwards)]
            results = [Result(bound=prover.rule, assessments=(after,), least=value, greatest=value) for value in values]
            change = f"add {found.changed.slots[0].name}, answered not applicable"
            witness = Witness(
                before=before, after=after, result=results[0], other=results[1], change=change, differing=found.cost[0], size=found.cost
            )
            return prover.verdict(law, "refuted", states=states, witness=witness)
    return prover.verdict(law, "proven", how="exhaustive", states=states, reasons=prover.for_whom())


def state(prover: Prover, symbols: dict[Variable, Symbol]) -> Any:
    """The state of the root behind some answers."""
    return state_of(prover.machine, prover.machine.root, symbols)


def responsive(prover: Prover) -> Verdict:
    """S13: every statement can change the result."""
    law = "responsive"
    if prover.across:
        return prover.verdict(law, "undecided", tried="nothing: how many organisations there are is not limited")
    alive: set[Variable] = set()
    states = 0
    for circle, space in prover.spaces:
        here = [v for v in prover.machine.variables if v not in circle.out and v not in alive]
        classes: dict[Any, list[Variable]] = {}
        for variable in here:
            classes.setdefault((prover.kind_of(space, variable.node), tuple(variable.adds(s) for s in variable.symbols())), []).append(variable)
        for members in classes.values():
            moves = _only(members[0])
            table = space.table(prover.machine.root, moves)
            key = table.key
            states = max(states, len(table.reach))
            if any(key(before) != key(after) for before, after in table.changes()):
                alive.update(members)
    dead = [variable.slots[0].name for variable in prover.machine.variables if variable not in alive]
    if dead:
        reasons = (f"whatever the other answers are, these change nothing: {', '.join(dead[:12])}{' ...' if len(dead) > 12 else ''}",)
        return prover.verdict(law, "refuted", states=states, reasons=reasons)
    return prover.verdict(law, "proven", how="exhaustive", states=states, reasons=prover.for_whom())


def _differ(one: tuple[int, Any], other: tuple[int, Any]) -> bool:
    """Whether two results differ; all kinds of having none are the same, and where nothing applies there is nothing to compare."""
    return one != other and one[0] + other[0] > 0


def _absent_or_na(variable: Variable) -> Iterable[tuple[Symbol, Symbol, int]]:
    """An answer that was not asked for, and one that says not applicable."""
    if not variable.slots[0].item.may_not_apply:
        return
    if variable.plain:
        yield OUT, NA, 0
    else:
        width, flags = len(variable.slots), len(variable.plans)
        yield (*[OUT] * width, *[False] * flags), (*[NA] * width, *[False] * flags), 0


def _only(chosen: Variable) -> Moves:
    """Improvements of one answer alone."""
    return lambda variable: improvements(variable) if variable is chosen else ()
