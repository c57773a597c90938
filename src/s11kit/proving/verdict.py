"""What was found out about a law: a verdict with its proof, or with the smallest counterexample. "None found" is never called proof."""

from __future__ import annotations

from typing import Any, Literal, final

import attrs

from s11kit.model import Assessment
from s11kit.rules.laws import LawText
from s11kit.rules.result import Result

__all__ = ["Kind", "Verdict", "Witness"]

Kind = Literal["proven", "refuted", "undecided", "not_refuted", "does not apply"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Witness:
    """A counterexample: an assessment that breaks a law, mostly together with what it becomes by one change.

    `before` loads and scores like any other assessment; `after` is `None` where the law is about one assessment alone. For `na_neutral` only,
    statements that are taken as not asked are left blank in them, so that `result` is not what `before` scores to.
    """

    before: Assessment
    after: Assessment | None = None
    result: Result
    other: Result | None = None
    """The result that should stand in another relation to `result`: after the change, or by the other rule."""
    change: str
    """What is changed, or what is wrong, as a sentence."""
    differing: int = 0
    """How many statements of `before` differ from its most frequent background grade."""
    size: tuple[int, ...] = ()
    """What smallest is measured by: differing statements, grade steps, place of the background from the best, goodness of the differing answers."""

    @property
    def summary(self) -> str:
        """The answers before the change, by grade: `4 statements: 33 Outstanding, 7 Inadequate`."""
        counts: dict[str, int] = {}
        for slot, words in answers_of(self.before, self.result):
            counts[words] = counts.get(words, 0) + 1
            del slot
        parts = [f"{count} {words}" for words, count in sorted(counts.items(), key=lambda pair: -pair[1])]
        total = sum(counts.values())
        return f"{total} answer{'' if total == 1 else 's'}: " + ", ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"change": self.change, "before": {name: words for name, words in answers_of(self.before, self.result)}}
        out["result"] = self.result.text
        if self.other is not None:
            out["other"] = self.other.text
        return out


def answers_of(assessment: Assessment, result: Result) -> list[tuple[str, str]]:
    """The answers that a rule looks at, in words, in framework order."""
    from s11kit.rules.binding import BARE, BLANK, NA, OUT
    from s11kit.rules.evaluation import slot_symbol

    words = {NA: "not applicable", BARE: "not applicable", BLANK: "unanswered", OUT: "out of scope"}
    out: list[tuple[str, str]] = []
    for variable in result.bound.machine.variables:
        for slot in variable.slots:
            symbol = slot_symbol(slot, assessment)
            scale = slot.item.scale
            out.append((slot.name, words[symbol] if symbol < 0 or scale is None else scale.grades[symbol].label))
    return out


@final
@attrs.frozen(kw_only=True, eq=False)
class Verdict:
    """What is known of one law for one rule.

    `proven`: it holds for every assessment. `refuted`: `witness` breaks it. `undecided`: the budget ended first; `tried` says what was done.
    `not_refuted`: nothing was found in so many tries, which proves nothing. `does not apply`: the law has no meaning for this rule.
    """

    rule: str
    law: LawText
    kind: Kind
    how: Literal["structural", "exhaustive", ""] = ""
    states: int = 0
    """How many summaries of assessments were looked at."""
    reasons: tuple[str, ...] = ()
    """The proof, the cause of a refutation, or why the law does not apply, in sentences."""
    witness: Witness | None = None
    tried: str = ""
    budget_ended: bool = False
    """Whether it is undecided only because the budget ended: more of it may decide it."""
    expected: str | None = None
    """What the board expects of this law, if it says."""
    accepted: str | None = None
    """Who accepted a refutation, when and why, in words."""

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is what the board expects; true where it expects nothing."""
        return self.expected is None or self.kind == self.expected

    @property
    def words(self) -> str:
        """The verdict with what it rests on: `proven (structural)`, `proven (exhaustive: 820 summaries)`, `undecided`."""
        if self.kind == "proven":
            return "proven (structural)" if self.how == "structural" else f"proven (exhaustive: {self.states:,} summaries)"
        if self.kind == "not_refuted":
            return f"not refuted in {self.states:,} tries"
        return self.kind

    @property
    def sentence(self) -> str:
        """One line: the rule, the law in words, and the verdict."""
        return f"{self.rule}: {self.law.says}: {self.words}"

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        out: dict[str, Any] = {"rule": self.rule, "law": self.law.name, "number": self.law.number, "says": self.law.says, "verdict": self.kind}
        out |= {"how": self.how} if self.how else {}
        out |= {"summaries": self.states} if self.states else {}
        out |= {"reasons": list(self.reasons)} if self.reasons else {}
        out |= {"witness": self.witness.to_dict()} if self.witness is not None else {}
        out |= {"tried": self.tried} if self.tried else {}
        out |= {"expected": self.expected, "as_expected": self.as_expected} if self.expected is not None else {}
        out |= {"accepted": self.accepted} if self.accepted else {}
        return out
