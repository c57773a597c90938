"""A derivation told in words: what a board reads when it asks why an organisation has this result.

The values that are told stand in `s11kit.rules.derivation`; this module adds nothing to them. It is apart so that wording can change without anybody
having to look at how results are found again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from textwrap import wrap
from typing import Any

from s11kit.errors import listed
from s11kit.model import Scale
from s11kit.rules.averaging import Mean, Sum
from s11kit.rules.counting import Count, Share
from s11kit.rules.derivation import Derivation, DerivedStep, DerivedTest
from s11kit.rules.judging import Bands, If, Ladder, Lookup, Override, Round, Table, ValueOf
from s11kit.rules.leaves import Key, Leaf
from s11kit.rules.operator import Absent, Value
from s11kit.rules.ordering import Max, Min
from s11kit.rules.result import display

__all__ = ["exactly", "told"]


def exactly(value: Fraction) -> str:
    """An exact number as the text shows it: a whole number or a fraction, a long one with a short decimal beside it.

    >>> exactly(Fraction(7, 5)), exactly(Fraction(1583, 2520))
    ('7/5', '1583/2520 (about 0.63)')
    """
    return str(value) if value.denominator <= 100 else f"{value} (about {display(value, places=2)})"


def told(derivation: Derivation, width: int) -> str:
    """A derivation in words: the result, then a line per step from the last to the first, each with its result on the right."""
    result, best = derivation.result, derivation.best
    shown = _shown(derivation.steps[-1])
    lines = [f"{result.rule} = {result.text if best is not None or derivation.why is not None else shown}"]
    for word, one in (("worst", derivation), ("best", best)):
        if one is None:
            continue
        taking = "taking " + listed([f"{name} as {grade}" for name, grade in one.assumes])
        if best is not None:
            lines += wrap(f"{word}: {_shown(one.steps[-1])}, {taking}", width, initial_indent="  ", subsequent_indent="    ")
        elif one.assumes:
            lines += wrap(f"{taking}; whatever they are, the result is the same", width, initial_indent="  ", subsequent_indent="    ")
        lines += _steps(one, width)
        lines += [line for flag in one.flags for line in wrap(f"flag: {flag}", width, initial_indent="  ", subsequent_indent="    ")]
    return "\n".join(lines)


def _steps(derivation: Derivation, width: int) -> list[str]:
    rows: list[tuple[str, str, str, Iterator[str]]] = []
    steps = {step.key: step for step in derivation.steps}
    by_step: dict[str, list[DerivedStep]] = {}
    for step in derivation.steps:
        by_step.setdefault(step.id, []).append(step)
    for step in [step for group in reversed(by_step.values()) for step in group]:
        before = steps.get(step.inputs[0]) if step.inputs else None
        result = _shown(step)
        if before is not None and step.operator in ("cap", "floor", "override") and before.shown != step.shown:
            result = f"{before.shown} -> {step.shown}"
        rows.append((step.name, _how(step, steps), result, _asides(step)))
    first = min(max(len(name) for name, *_ in rows), width // 4)
    third = min(max(len(result) for _, _, result, _ in rows), width // 3)
    second = max(width - first - third - 6, 10)
    out: list[str] = []
    for name, how, result, asides in rows:
        names, hows, results = wrap(name, first), wrap(how, second) or [""], wrap(result, third) or [""]
        for place in range(max(len(names), len(hows), len(results))):
            cells = [cell[place] if place < len(cell) else "" for cell in (names, hows, results)]
            out.append(f"  {cells[0]:{first}}  {cells[1]:{second}}  {cells[2]}".rstrip())
        indent = " " * (first + 4)
        out += [line for aside in asides for line in wrap(aside, width, initial_indent=indent, subsequent_indent=indent + "  ")]
    return out


def _shown(step: DerivedStep) -> str:
    """The result of a step: a sum beside the most it could have been."""
    return step.shown if step.maximum is None else f"{step.shown} of {exactly(step.maximum)}"


def _asides(step: DerivedStep) -> Iterator[str]:
    """Why there is no result, what is left out and why, and what does not count as it stands."""
    if isinstance(step.exact, Absent) and step.exact.step == step.id and step.why:
        yield f"{step.shown}: {step.why}"
    for why, names in _grouped((leaf.left_out, leaf) for leaf in step.leaves):
        yield f"left out: {names}: {why}"
    for why, names in _grouped((leaf.note, leaf) for leaf in step.leaves if leaf.counted):
        yield f"{names}: {why}"


def _grouped(pairs: Iterable[tuple[str | None, Leaf]]) -> Iterator[tuple[str, str]]:
    """Leaves for which the same is said, together."""
    found: dict[str, list[str]] = {}
    for said, leaf in pairs:
        if said is not None:
            found.setdefault(said, []).append(leaf.name)
    for said, names in found.items():
        yield said, _some(names)


def _some(names: list[str], most: int = 12) -> str:
    return listed(names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"])


def _answers(leaves: Iterable[Leaf]) -> str:
    """`3.1 is Inadequate`, `3.1 and 3.2 are Inadequate and 4.1 is Good`."""
    found: dict[str, list[str]] = {}
    for leaf in leaves:
        found.setdefault(leaf.answer, []).append(leaf.name)
    return listed([f"{_some(names, 6)} {'is' if len(names) == 1 else 'are'} {answer}" for answer, names in found.items()])


def _how(step: DerivedStep, steps: dict[Key, DerivedStep]) -> str:
    if step.fold is not None:
        return _folded(step)
    op, before = step.op, steps.get(step.inputs[0]) if step.inputs else None
    said = before.shown if before is not None else ""
    if before is not None and isinstance(before.exact, Absent):
        return f"nothing to judge: {before.name} is {before.shown}"
    if isinstance(step.exact, Absent) and step.exact.kind == "out":
        return "nothing to judge"
    if isinstance(op, Bands):
        return _band(op, before.exact) if before is not None else ""
    if isinstance(op, Round):
        return f"{said} rounded to {op.places} decimal place{'' if op.places == 1 else 's'}, {op.mode}"
    if isinstance(op, Lookup | ValueOf):
        return f"{said} {'becomes' if isinstance(op, Lookup) else 'counts'} {step.shown}"
    if isinstance(op, Override):
        return step.note or "nothing else is confirmed"
    if isinstance(op, Table | Ladder):
        return _rows(step)
    term = step.terms[0]
    limit = steps[term.source].shown if term.source is not None else _term(step, term.value)
    if isinstance(op, If):
        return _asked(step.tests[0])
    binding = "" if step.binding is None else ", binding" if step.binding else ", not binding"
    if step.tests[0].held is not True:
        return f"{op.name} at {limit} does not apply: {_asked(step.tests[0])}"
    return f"{op.name} at {limit}{binding}: {_asked(step.tests[0])}"


def _term(step: DerivedStep, value: Value) -> str:
    if isinstance(value, Absent):
        return value.kind
    return step.kind.grades[int(value)].label if isinstance(step.kind, Scale) else exactly(value) if isinstance(value, Fraction) else str(value)


def _asked(test: DerivedTest) -> str:
    """A test, by the answers that decided it."""
    if test.held is None:
        return f"cannot be settled whether {test.sentence}" + (f" ({_answers(test.witnesses)})" if test.witnesses else "")
    if test.held and test.witnesses and not (test.fold is not None and len(test.witnesses) > 6):
        return _answers(test.witnesses)
    return test.sentence if test.held else f"not so that {test.sentence}" + (f" ({_answers(test.witnesses)})" if test.witnesses else "")


def _rows(step: DerivedStep) -> str:
    op, holds = step.op, [test.held is True for test in step.tests]
    if isinstance(op, Table):
        place = op.row(holds)
        why = step.note or (_asked(step.tests[place]) if place < len(step.tests) else "no row before it holds")
        return f"row {place + 1} of {len(op.rows)}: {why}"
    height: int = op.height(holds)
    reached = f"rung {height} of {len(op.rungs)}" if height else "below the first rung"
    return reached + (f": {_asked(step.tests[height])}" if height < len(holds) else "")


def _band(op: Bands, value: Fraction) -> str:
    place = op.band(value)
    if place is None:
        return f"{exactly(value)} is below {op.edges[0]}"
    low, high = op.edges[place], op.edges[place + 1] if place + 1 < len(op.edges) else None
    inclusive = op.edge == "inclusive"
    above = f"{exactly(value)} is {'at or above' if inclusive or not place else 'above'} {low}"
    return above if high is None else f"{above} and {'below' if inclusive else 'at or below'} {high}"


def _folded(step: DerivedStep) -> str:
    """What a fold did with what it counted."""
    op, fold = step.op, step.fold
    counted = [leaf for leaf in step.leaves if leaf.counted]
    if not counted or fold is None:
        return "nothing is counted"
    if isinstance(op, Mean):
        weight = sum((leaf.weight for leaf in counted), Fraction(0))
        return f"({_terms(counted)}) / {weight if weight.denominator == 1 else f'({weight})'}"
    if isinstance(op, Sum):
        start = f"{op.start} + " if op.start else ""
        return f"{start}({_terms(counted)}) x {fold.factor}, scaled up to what applies" if fold.factor != 1 else start + _terms(counted)
    if getattr(op, "reads", "number") == "hit":
        return _hits(step, counted)
    if isinstance(op, Min | Max):
        ends = [leaf for leaf in counted if leaf.value == (min if isinstance(op, Min) else max)(one.value for one in counted)]
        return f"{'worst' if isinstance(op, Min) else 'best'} of {len(counted)}: {_answers(ends)}"
    bag = Counter(_value(leaf) for leaf in sorted(counted, key=lambda leaf: leaf.value))
    return f"{_name(op)} of {', '.join(word if count == 1 else f'{count} x {word}' for word, count in bag.items())}"


def _name(op: Any) -> str:
    pick = getattr(op, "pick", None)
    if pick is None:
        return str(op.name)
    if isinstance(pick, str):
        return pick.replace("-", " ")
    return f"place {pick.k} from the {pick.from_}" if pick.k is not None else f"the {pick.quantile} quantile"


def _hits(step: DerivedStep, counted: list[Leaf]) -> str:
    op = step.op
    hits = [leaf for leaf in counted if leaf.value]
    said = f"are {step.note}" if step.note else "hold"
    if isinstance(op, Share) and any(leaf.weight != 1 for leaf in counted):
        return f"{sum(leaf.weight for leaf in hits)} of {sum(leaf.weight for leaf in counted)} by weight {said}"
    few = [leaf for leaf in counted if bool(leaf.value) is (len(hits) * 2 <= len(counted))]
    beside = f": {_answers(few)}" if few and len(few) <= 6 and not isinstance(op, Count | Share) else ""
    return f"{len(hits)} of {len(counted)} {said}{beside}"


def _value(leaf: Leaf) -> str:
    if leaf.scale is not None:
        return leaf.scale.grades[int(leaf.value)].label
    return exactly(leaf.value) if isinstance(leaf.value, Fraction) else str(leaf.value)


def _terms(counted: list[Leaf], most: int = 12) -> str:
    """A sum written out; a long one with equal terms put together."""
    if len(counted) <= most:
        return _signed([_product(leaf.weight, leaf.value) for leaf in counted])
    found = Counter((leaf.value, leaf.weight) for leaf in counted)
    ordered = sorted(found.items(), key=lambda each: (each[0][0], each[0][1]), reverse=True)
    return _signed([f"{count} x {_product(weight, value)}" for (value, weight), count in ordered])


def _product(weight: Fraction, value: Fraction) -> str:
    shown = str(value) if value >= 0 else f"({value})"
    return shown if weight == 1 else f"{weight} x {shown}"


def _signed(terms: list[str]) -> str:
    return " + ".join(terms)
