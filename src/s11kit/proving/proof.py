"""`prove`: all laws of the rules of a framework, with what the board expects of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, final

import attrs

from s11kit.errors import Problem, S11Error, nearest
from s11kit.model import Framework
from s11kit.proving.deciding import Progress, Prover
from s11kit.proving.verdict import Verdict
from s11kit.rules.laws import LAWS
from s11kit.rules.reaching import BUDGET

__all__ = ["Report", "prove"]


@final
@attrs.frozen(kw_only=True, eq=False)
class Report:
    """The verdicts on a framework's rules, rule by rule and law by law."""

    framework: Framework
    verdicts: tuple[Verdict, ...]

    @property
    def unexpected(self) -> tuple[Verdict, ...]:
        """Verdicts that are not what the board expects, in either direction."""
        return tuple(verdict for verdict in self.verdicts if not verdict.as_expected)

    @property
    def undecided(self) -> tuple[Verdict, ...]:
        """Laws that the budget did not suffice to decide."""
        return tuple(verdict for verdict in self.verdicts if verdict.kind == "undecided")

    def verdict(self, rule: str, law: str) -> Verdict:
        """The verdict on one law of one rule. `KeyError` if it was not asked for."""
        return next_or_raise(verdict for verdict in self.verdicts if verdict.rule == rule and verdict.law.name == law)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"framework": self.framework.name, "verdicts": [verdict.to_dict() for verdict in self.verdicts]}


def next_or_raise(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of some verdicts; `KeyError` if there is none."""
    for verdict in verdicts:
        return verdict
    raise KeyError("no such rule or law was decided")


def prove(
    framework: Framework, rule: str | None = None, *, laws: Iterable[str] | None = None, budget: int = BUDGET, progress: Progress | None = None
) -> Report:
    """Decide laws of a framework's rules: all of both, unless a rule or some laws are named (by number or by name, such as `S2` or `monotone`).

    `budget` is how many states are looked at before a law is left undecided; `progress` is called with a sentence now and then. `S11Error` if
    there is no such rule or law, or a rule does not fit the framework.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Rule, Share, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Share(compare=Comparison(operator="at_least", value="fully-met"))
    >>> report = prove(framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])), laws=["S2", "S7"])
    >>> [verdict.kind for verdict in report.verdicts]
    ['proven', 'refuted']
    """
    names = [law_name(law) for law in laws] if laws is not None else list(LAWS)
    verdicts: list[Verdict] = []
    for bound in [framework.rule(rule)] if rule is not None else framework.rules.values():
        prover = Prover(bound, budget=budget, progress=progress)
        verdicts += [prover.decide(name) for name in names]
    return Report(framework=framework, verdicts=tuple(verdicts))


def law_name(law: str) -> str:
    """The name of a law, given its name or number; `S11Error` with the nearest if there is none."""
    found = next((text.name for text in LAWS.values() if law.lower() in (text.name, text.number.lower(), f"{text.number}-{text.name}".lower())), None)
    if found is None:
        known = [*LAWS, *(text.number for text in LAWS.values())]
        raise S11Error([Problem(code="J013", message=f"there is no law '{law[:60]}'", hint=nearest(law, known, listing="laws"), about=law)])
    return found
