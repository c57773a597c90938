"""The laws of folds, for every operator of the library: what scoring, the fewest changes and proofs all rely on.

States are merged in any order and grouping, packed into numbers and kept as bits. If one of these laws were broken, a score would depend on how a
framework is nested, and a proof would speak of states that no assessment has.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from statistics import mean, median, median_high, median_low
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11kit.model import Comparison
from s11kit.rules import All, Any_, Count, Max, Mean, MidMedian, Min, Mode, None_, Order, Owa, Pick, Share, Some, Sum, Trimmed, states
from s11kit.rules.operator import ADD, BAG, GREATEST, LEAST
from s11kit.rules.operators import AGGREGATING
from s11kit.rules.states import Exhausted, Packing, Reach, State, merged, reached, reached_without

GOOD = Comparison(operator="at_least", value="good")
FOLDS: dict[str, Any] = {
    "count": Count(compare=GOOD),
    "share": Share(compare=GOOD),
    "sum": Sum(start=Fraction(5)),
    "mean": Mean(),
    "min": Min(),
    "max": Max(),
    "lower median": Order(pick="lower-median"),
    "upper median": Order(pick="upper-median"),
    "second best": Order(pick=Pick(k=2, from_="best")),
    "quantile": Order(pick=Pick(quantile=Fraction(4, 5))),
    "owa": Owa(weights=["1/2", "1/3", "1/6"]),
    "trimmed": Trimmed(trim=Fraction(1, 4)),
    "mid-median": MidMedian(),
    "all": All(compare=GOOD),
    "any": Any_(compare=GOOD),
    "none": None_(compare=GOOD),
    "some": Some(compare=GOOD, k=2),
    "some by share": Some(compare=GOOD, share=Fraction(1, 2)),
    "mode": Mode(ties="worst"),
    "mode, best": Mode(ties="best"),
}
NUMBERS = st.fractions(min_value=-3, max_value=3, max_denominator=6)
WEIGHTS = st.fractions(min_value=0, max_value=3, max_denominator=4)
every_fold = pytest.mark.parametrize("name", FOLDS)
Items = list[tuple[Any, Fraction]]


def items_of(op: Any, *, least: int = 0, most: int = 6) -> st.SearchStrategy[Items]:
    """Values that the operator reads, with weights."""
    values: Any = {"hit": st.booleans(), "ordered": st.integers(0, 3), "number": NUMBERS}[op.reads]
    return st.lists(st.tuples(values, WEIGHTS), min_size=least, max_size=most)


def folded(op: Any, items: Items) -> State:
    state: State = op.unit
    for value, weight in items:
        state = merged(op.merges, state, op.lift(value, weight))
    return state


def test_every_fold_is_here() -> None:
    """Catches a new operator that nobody tests."""
    assert {type(op) for op in FOLDS.values()} == set(AGGREGATING)


@every_fold
@given(data=st.data())
def test_grouping_does_not_matter(name: str, data: st.DataObject) -> None:
    """(a b) c is a (b c). Catches a mean that keeps averages instead of sums, and bags that lose counts when both sides hold a value."""
    op = FOLDS[name]
    a, b, c = (folded(op, data.draw(items_of(op, most=3))) for _ in range(3))
    assert merged(op.merges, merged(op.merges, a, b), c) == merged(op.merges, a, merged(op.merges, b, c))


@every_fold
@given(data=st.data())
def test_order_does_not_matter(name: str, data: st.DataObject) -> None:
    """Any order of the items gives the same state. Catches a fold that keeps the first or the last, and bags that are not sorted."""
    op = FOLDS[name]
    items = data.draw(items_of(op))
    assert folded(op, items) == folded(op, data.draw(st.permutations(items)))


@every_fold
@given(data=st.data())
def test_no_items_change_nothing(name: str, data: st.DataObject) -> None:
    """The unit is neutral on both sides. Catches a least that begins at 0, or an `all` of nothing that is true and is merged as an item."""
    op = FOLDS[name]
    state = folded(op, data.draw(items_of(op)))
    assert merged(op.merges, op.unit, state) == state == merged(op.merges, state, op.unit)


@every_fold
def test_nothing_comes_to_nothing(name: str) -> None:
    """A fold of no items has no result: never 0, never true. Catches the empty set that passes."""
    op = FOLDS[name]
    assert op.finish(op.unit) is None


@every_fold
@given(data=st.data())
def test_one_item(name: str, data: st.DataObject) -> None:
    """One item comes to itself, by whatever it weighs. Catches a mean that forgets to divide, and a share that counts from 1."""
    op = FOLDS[name]
    [(value, weight)] = data.draw(items_of(op, least=1, most=1).filter(lambda items: items[0][1] > 0))
    expected: Any = {
        "count": int(value),
        "share": int(value),
        "sum": 5 + weight * value,
        "none": not value,
        "some": False,
        "second best": None,
    }
    assert op.finish(op.lift(value, weight)) == expected.get(name, value)


BY_DEFINITION: dict[str, Callable[[list[Any], list[Fraction]], Any]] = {
    "count": lambda values, weights: sum(values),
    "share": lambda values, weights: sum(w for v, w in zip(values, weights, strict=True) if v) / sum(weights) if sum(weights) else None,
    "sum": lambda values, weights: 5 + sum(v * w for v, w in zip(values, weights, strict=True)),
    "mean": lambda values, weights: sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights) if sum(weights) else None,
    "min": lambda values, weights: min(values),
    "max": lambda values, weights: max(values),
    "lower median": lambda values, weights: median_low(values),
    "upper median": lambda values, weights: median_high(values),
    "second best": lambda values, weights: sorted(values)[-2] if len(values) > 1 else None,
    "quantile": lambda values, weights: next(v for v in sorted(values) if 5 * sum(other <= v for other in values) >= 4 * len(values)),
    "owa": lambda values, weights: (
        # every value cut into three, every weight into as many parts as there are values
        sum((v * w / len(values) for v, w in zip([v for v in sorted(values) for _ in range(3)], _spread(len(values)), strict=True)), Fraction(0))
    ),
    "trimmed": lambda values, weights: mean(sorted(values)[len(values) // 4 : len(values) - len(values) // 4]),
    "mid-median": lambda values, weights: median(values),
    "all": lambda values, weights: all(values),
    "any": lambda values, weights: any(values),
    "none": lambda values, weights: not any(values),
    "some": lambda values, weights: sum(values) >= 2,
    "some by share": lambda values, weights: 2 * sum(values) >= len(values),
    "mode": lambda values, weights: min(v for v in values if values.count(v) == max(map(values.count, values))),
    "mode, best": lambda values, weights: max(v for v in values if values.count(v) == max(map(values.count, values))),
}


def _spread(answers: int) -> list[Fraction]:
    return [weight for weight in (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)) for _ in range(answers)]


@every_fold
@given(data=st.data())
def test_the_result_is_what_the_word_means(name: str, data: st.DataObject) -> None:
    """The fold agrees with the definition of the word over the whole list. Catches the upper median for the lower, and ties that go the wrong way."""
    op = FOLDS[name]
    items = data.draw(items_of(op, least=1))
    assert op.finish(folded(op, items)) == BY_DEFINITION[name]([value for value, _ in items], [weight for _, weight in items])


@every_fold
@given(data=st.data())
def test_better_items_and_the_declared_variance(name: str, data: st.DataObject) -> None:
    """Up: a better item never lowers the result; down: it never raises it. Catches a declaration on which a proof by looking would rest in vain."""
    op = FOLDS[name]
    items = data.draw(items_of(op, least=1))
    place = data.draw(st.integers(0, len(items) - 1))
    value, weight = items[place]
    better = {"hit": True, "ordered": min(value + 1, 3), "number": value + Fraction(1, 2)}[op.reads]
    before, after = op.finish(folded(op, items)), op.finish(folded(op, [*items[:place], (better, weight), *items[place + 1 :]]))
    assert (before is None) == (after is None)
    if before is not None and op.variance != "unknown":
        assert before <= after if op.variance == "up" else after <= before


# packed states


def _sorted_pair(one: Any, other: Any) -> Any:
    """A merge of an installed operator: the two least."""
    return tuple(sorted((*one, *other))[:2])


PARTS: dict[Any, tuple[Any, st.SearchStrategy[Any]]] = {
    ADD: (0, st.fractions(min_value=-3, max_value=3, max_denominator=4)),
    LEAST: (None, st.none() | st.integers(-2, 3)),
    GREATEST: (None, st.none() | st.integers(-2, 3)),
    BAG: ((), st.lists(st.tuples(st.integers(-1, 2), st.integers(1, 2)), max_size=3).map(states.bag)),
    _sorted_pair: ((), st.lists(st.integers(0, 3), max_size=2).map(lambda values: tuple(sorted(values)))),
}


@st.composite
def families(draw: st.DrawFn, most: int = 4) -> tuple[tuple[Any, ...], State, list[list[State]]]:
    """How states are merged, the state of no items, and some families of alternatives."""
    merges = tuple(draw(st.lists(st.sampled_from(list(PARTS)), min_size=1, max_size=4)))
    state = st.tuples(*(PARTS[merge][1] for merge in merges))
    alternatives = st.lists(state, min_size=1, max_size=4, unique=True)
    return merges, tuple(PARTS[merge][0] for merge in merges), draw(st.lists(alternatives, min_size=1, max_size=most))


Families = tuple[tuple[Any, ...], State, list[list[State]]]


def all_of(merges: tuple[Any, ...], units: State, chosen: Any) -> State:
    state = units
    for one in chosen:
        state = merged(merges, state, one)
    return state


@given(made=families())
def test_what_is_packed_unpacks_to_what_is_merged(made: Families) -> None:
    """Whatever is chosen of every family: adding up packed states and unpacking gives the merged states.

    Catches digits that run over into the next one, sums that forget their least value, and marks of two parts that overlap.
    """
    merges, units, alternatives = made
    packing = Packing(merges, alternatives)
    for chosen in product(*alternatives):
        mark, number = packing.nothing(units)
        for place, one in enumerate(chosen):
            bits, more = packing.pack(place, one)
            mark, number = packing.join(mark, bits), number + more
        assert packing.unpack((mark, number)) == all_of(merges, units, chosen)
        assert 0 <= number < packing.span


@pytest.mark.parametrize("dense", [True, False])
@given(made=families())
def test_what_is_reached_is_what_there_is(dense: bool, made: Families) -> None:
    """The states that are reached are exactly the merged states of all choices, as bits and as sets.

    Catches a shift by the wrong amount, states that nobody can reach, and a representation that loses some of them.
    """
    merges, units, alternatives = made
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "_DENSE", states._DENSE if dense else -1)
        packing = Packing(merges, alternatives)
        found = Reach.start(packing, units)
        for place, family in enumerate(alternatives):
            found = found.extended([packing.pack(place, state) for state in family])
        packed = list(found)
        assert packing.dense() is (dense and packing.span <= states._DENSE)
    assert len(found) == len(packed) == len(set(packed))
    assert {packing.unpack(one) for one in packed} == {all_of(merges, units, chosen) for chosen in product(*alternatives)}


@given(made=families(most=3), times=st.lists(st.integers(1, 2), min_size=3, max_size=3))
def test_families_that_are_there_several_times(made: Families, times: list[int]) -> None:
    """`reached` takes each family as often as it is there, and `reached_without` leaves out one of its members. Catches one too many or too few."""
    merges, units, alternatives = made
    every = [(place, family) for place, family in enumerate(alternatives) for _ in range(times[place])]
    packing = Packing(merges, [family for _, family in every])
    first = {place: next(at for at, (other, _) in enumerate(every) if other == place) for place in range(len(alternatives))}
    packed = [([packing.pack(first[place], state) for state in family], times[place]) for place, family in enumerate(alternatives)]
    start = Reach.start(packing, units)
    whole = reached(start, packed, 10**6)
    assert {packing.unpack(one) for one in whole} == {all_of(merges, units, chosen) for chosen in product(*(family for _, family in every))}
    for place, without in enumerate(reached_without(start, packed, 10**6)):
        last = {(packing.join(mark, bits), number + more) for mark, number in without for bits, more in packed[place][0]}
        assert last == set(whole)


def test_the_budget_is_kept() -> None:
    """More states than the budget allows are an exception that says so. Catches a search that goes on for ever, or stops in silence."""
    family: list[State] = [(value,) for value in range(10)]
    packing = Packing((ADD,), [family] * 3)
    packed = [([packing.pack(0, state) for state in family], 3)]
    assert len(reached(Reach.start(packing, (0,)), packed, 28)) == 28
    with pytest.raises(Exhausted, match="more than 27 states") as caught:
        reached(Reach.start(packing, (0,)), packed, 27)
    assert caught.value.states == 27
