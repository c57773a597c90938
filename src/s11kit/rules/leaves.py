"""What a derivation stands on: leaves, each an answer (or the result of an earlier step) with what became of it, and how they are folded again.

Every answer that a step selects is a leaf, whether it counts or not, so that nothing is passed over in silence. A `Fold` comes to its result from its
leaves alone: it applies the policies for what is absent once more, apart from the engine, and so shows that what is said of each leaf is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias, final

import attrs

from s11kit._numbers import number_text
from s11kit.model import Comparison, Scale
from s11kit.rules.lifting import _INNER_NOT_SCORED, _INNER_REFUSED, _NA_REFUSED, _WHY, _parts
from s11kit.rules.operator import Absent, Value
from s11kit.rules.result import Given, given, plain
from s11kit.rules.states import merged

__all__ = ["Against", "Conversion", "Fold", "Key", "Known", "Leaf"]

Key: TypeAlias = tuple[str, str | None, str | None]
"""Which step: its id, the organisation (in rules across organisations) and the group it ran for."""
Known: TypeAlias = Mapping[Key, tuple[Value, int]]
"""The results found so far, each with how many answers it counted."""
Basis = Literal["grade", "not applicable", "unanswered", "out of scope", "exception", "not asked", "result"]
_ONE = Fraction(1)


@final
@attrs.frozen
class Against:
    """A comparison with a known grade (by rank), number or truth; without one, whether something is true."""

    comparison: Comparison | None = None
    other: Value = None

    def __call__(self, value: Value) -> bool:
        """Whether a value compares so."""
        return bool(value) if self.comparison is None else self.comparison.accepts(value, self.other)


@final
@attrs.frozen(kw_only=True)
class Conversion:
    """How the result of a step becomes an item of a later one."""

    numbers: tuple[Fraction, ...] | None = None
    """What each grade counts, worst first."""
    compare: Against | None = None
    counted_as: int | None = None
    """The grade that "not applicable" counts as, if it does."""
    refuses: bool = False
    by_count: bool = False
    """Whether it weighs as much as it counted answers."""

    def read(self, value: Value) -> Value:
        """The item that a result makes."""
        if self.compare is not None:
            return self.compare(value)
        return value if self.numbers is None else self.numbers[int(value)]


@final
@attrs.frozen(kw_only=True)
class Leaf:
    """One statement (or one result of an earlier step) that a step looks at, and what became of it."""

    name: str
    """The place in words: `2.1`, `2.1 along practice`, or the step: `avg (standard 2)`."""
    ref: str | None
    """The reference of the statement, or the group of the step."""
    answer: str
    """The answer in words: a grade, `not applicable`, `unanswered`, `out of scope`; for a step its result."""
    basis: Basis
    left_out: str | None = None
    """Why it is left out; `None` if it is counted."""
    note: str | None = None
    """Why it counts as it does, if that is not plain: a policy, an exception, an assumption."""
    value: Value = None
    """What it counts: a number, the rank of a grade, or whether it is a hit. For a step's result, only for show."""
    weight: Fraction = _ONE
    contribution: Fraction | None = None
    """Its exact part in the sum or the mean."""
    most: Fraction | None = None
    """Weight times the greatest value that it could have had."""
    stop: int | None = attrs.field(default=None, repr=False)
    """Not to be scored because of it: which policy stops the step."""
    scale: Scale | None = attrs.field(default=None, repr=False)
    source: Key | None = None
    conversion: Conversion | None = attrs.field(default=None, repr=False)

    @property
    def counted(self) -> bool:
        """Whether it is counted (else it is left out)."""
        return self.left_out is None

    @property
    def shown(self) -> Given:
        """What it counts, as users meet it."""
        return None if self.value is None else given(self.scale or "number", self.value)

    @property
    def treatment(self) -> str:
        """What became of it, in words."""
        if self.left_out is not None:
            return f"left out: {self.left_out}"
        weight = "" if self.weight == 1 else f" with weight {number_text(self.weight)}"
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else plain(self.shown)
        return f"counted as {value}{weight}" + (f": {self.note}" if self.note else "")

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"name": self.name, "answer": self.answer, "counted": self.counted}
        if self.left_out is not None:
            return out | {"why": self.left_out}
        out |= {"value": plain(self.shown), "weight": number_text(self.weight)}
        out |= {"contribution": number_text(self.contribution)} if self.contribution is not None else {}
        return out | ({"note": self.note} if self.note else {})


@attrs.define
class _Tally:
    """How many answers there are, of which kind: what a policy allows is a share of these."""

    all: int = 0
    na: int = 0
    """Not applicable, whether left out or counted as a grade."""
    answered: int = 0
    """Counted, and not for want of an answer."""
    applicable: int = 0
    """Counted, or unanswered."""

    def add(self, leaf: Leaf) -> None:
        """One more answer."""
        self.all += 1
        self.na += leaf.basis == "not applicable"
        self.answered += leaf.counted and leaf.basis != "unanswered"
        self.applicable += leaf.counted or leaf.basis == "unanswered"


@final
@attrs.frozen(kw_only=True)
class Fold:
    """Many leaves folded into one result by an operator, under the policies for what is absent."""

    step: str
    op: Any
    leaves: tuple[Leaf, ...]
    empty: Value
    """What a fold of nothing gives."""
    max_share: Fraction | None = None
    min_answered: Fraction | None = None
    prorate: bool = False
    scoped: str | None = None
    """Why it is out of scope where all that it looks at is; `None` if it is not."""

    def items(self, known: Known) -> Iterator[tuple[Leaf, int | None, Value, Fraction, int]]:
        """Every leaf that is in scope, with what stops the step, its value (`None` if left out), its weight, and how many answers it stands for."""
        for leaf in self.leaves:
            conversion = leaf.conversion
            if leaf.source is None or conversion is None:
                if leaf.basis not in ("out of scope", "exception"):
                    yield leaf, leaf.stop, leaf.value if leaf.counted else None, leaf.weight, int(leaf.counted)
                continue
            found, count = known[leaf.source]
            if isinstance(found, Absent):
                if found.kind == "out":
                    continue
                if found.kind != "not applicable" or conversion.refuses:
                    yield leaf, {"not scored": _INNER_NOT_SCORED, "refused": _INNER_REFUSED}.get(found.kind, _NA_REFUSED), None, leaf.weight, 0
                    continue
                found = conversion.counted_as
            if found is None:
                yield leaf, None, None, leaf.weight, 0
            else:
                weight = Fraction(count) if conversion.by_count else leaf.weight
                yield leaf, None, conversion.read(found), weight, count

    def outcome(self, known: Known) -> tuple[Value, int]:
        """What it comes to, and how many answers that counts."""
        merges, state, lift, finish = _parts(self.op)
        stop, there, count = 0, False, 0
        tally = _Tally()
        weight = missing = Fraction(0)
        for leaf, stops, value, weighs, counts in self.items(known):
            there, stop, count = True, max(stop, stops or 0), count + counts
            if leaf.source is None:
                tally.add(leaf)
            if value is None:
                missing += weighs if leaf.basis == "unanswered" else 0
                continue
            weight += weighs
            state = merged(merges, state, lift(value, weighs))
        absent = self._absent(stop, there, tally)
        if absent is not None:
            return absent, count
        found = finish(state)
        if found is None:
            return self.empty, count
        if self.prorate and missing:
            start = getattr(self.op, "start", Fraction(0))
            return (start + (found - start) * (weight + missing) / weight if weight else self.empty), count
        return found, count

    def _absent(self, stop: int, there: bool, tally: _Tally) -> Absent | None:
        if stop > _INNER_NOT_SCORED:
            return Absent("refused", self.step, _WHY[stop])
        if self.max_share is not None and tally.na > self.max_share * tally.all:
            why = f"{tally.na} of {tally.all} answers are not applicable, and at most {number_text(self.max_share)} may be"
            return Absent("refused", self.step, why)
        if self.min_answered is not None and tally.answered < self.min_answered * tally.applicable:
            why = f"{tally.answered} of {tally.applicable} are answered, and at least {number_text(self.min_answered)} must be"
            return Absent("refused", self.step, why)
        if stop:
            return Absent("not scored", self.step, _WHY[stop])
        return Absent("out", self.step, self.scoped) if self.scoped is not None and not there else None

    @property
    def sources(self) -> Iterator[Key]:
        """The steps whose results it folds."""
        return (leaf.source for leaf in self.leaves if leaf.source is not None)

    @property
    def factor(self) -> Fraction:
        """By how much a prorated sum is scaled up."""
        weight = sum((leaf.weight for leaf in self.leaves if leaf.counted), Fraction(0))
        missing = sum((leaf.weight for leaf in self.leaves if leaf.basis == "unanswered" and not leaf.counted), Fraction(0))
        return (weight + missing) / weight if self.prorate and weight else _ONE
