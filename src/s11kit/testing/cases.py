"""Holding a rule to laws in a test: in one line with any runner, or as one pytest item for each law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from s11kit.testing.black_box import BlackBoxRule
from s11kit.testing.laws import BOARD_SAFE, EVERY_LAW, BoundLaw, Expected, Laws, Ruling, laws_of

__all__ = ["assert_laws", "law_cases"]

Test = TypeVar("Test", bound=Callable[..., Any])


def assert_laws(rule: Ruling, laws: Laws = BOARD_SAFE, *, expect: Mapping[str, Expected] | None = None, budget: int | None = None) -> None:
    """Hold a rule to laws, with any test runner. `AssertionError` with all that is not as expected; see `BoundLaw.check`.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Count, Rule, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Count(compare=Comparison(operator="at_least", value="fully-met"))
    >>> assert_laws(framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])).rules["met"])
    """
    __tracebackhide__ = True
    faults = [fault for law in laws_of(rule, laws, expect=expect) if (fault := law.fault(budget)) is not None]
    if faults:
        raise AssertionError("\n\n".join(faults))


def law_cases(*rules: Ruling, laws: Laws | None = None, expect: Mapping[str, Expected] | None = None) -> Callable[[Test], Test]:
    """A decorator for pytest: the test runs once for each law of each rule, which it gets as `law`.

    Without `laws`, these are the board-safe ones and those of which the rule (or `expect`) expects something. The items are called such as
    `overall[S2-monotone]`, always in the same order, and nothing is decided before a test runs::

        @law_cases(framework.rules["overall"])
        def test_overall(law):
            law.check()
    """
    import pytest

    bound = [law for rule in rules for law in _bound(rule, laws, expect)]
    return pytest.mark.parametrize("law", [pytest.param(law, id=str(law)) for law in bound])


def _bound(rule: Ruling, laws: Laws | None, expect: Mapping[str, Expected] | None) -> tuple[BoundLaw, ...]:
    if laws is not None:
        return laws_of(rule, laws, expect=expect)
    said = {*(rule.expect if isinstance(rule, BlackBoxRule) else rule.rule.expect), *(expect or {})}
    wanted = [law for law in EVERY_LAW if law in BOARD_SAFE or said & {law.id, law.name, law.number}]
    return laws_of(rule, wanted, expect=expect)
