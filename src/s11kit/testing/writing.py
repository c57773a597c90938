"""Test files for boards: the laws of a framework's rules as source that anybody may edit."""

from __future__ import annotations

from collections.abc import Iterator

from s11kit.errors import Problem, S11Error
from s11kit.model import Framework
from s11kit.proving import Verdict
from s11kit.rules import BoundRule
from s11kit.testing.laws import BOARD_SAFE, BoundLaw, laws_of
from s11kit.testing.words import account

__all__ = ["law_tests"]


def law_tests(framework: Framework, *, loading: tuple[str, ...], budget: int | None = None) -> str:
    r"""The source of a test file: one test for each rule and board-safe law, and the counterexamples to laws that are refuted.

    `loading` are lines of Python that make `FRAMEWORK`, imports first. A refutation that the rule's own `expect` does not mention is written down as
    expected, with its counterexample, so that the file passes, and somebody can decide. `S11Error` if the framework declares no rules.

    >>> from s11kit import Catalogue
    >>> from s11kit.model import Comparison
    >>> from s11kit.rules import ALL, Count, Rule, Step
    >>> framework = Catalogue.default().framework("cambridgeshire-peterborough@2017-19")
    >>> met = Count(compare=Comparison(operator="at_least", value="fully-met"))
    >>> made = law_tests(framework.with_rule(Rule(id="met", steps=[Step(id="met", over=ALL, op=met)])), loading=("FRAMEWORK = ...",))
    >>> print("\n".join(made.splitlines()[-3:]))
    def test_met_exact() -> None:
        # S11, every number is exact: proven (structural)
        assert_laws(RULES["met"], "S11")
    """
    if not framework.rules:
        hint = "counts and shares need no tests; a rule is declared as [[rule]]"
        raise S11Error([Problem(code="R013", message=f"{framework.name} declares no rules", hint=hint)])
    lines = [
        f'"""The laws of the scoring rules of {framework.name}. Run it with pytest; it is yours to edit."""',
        "",
        *loading[:-1],
        "from s11kit.testing import assert_laws",
        "",
        loading[-1],
        "RULES = FRAMEWORK.rules",
    ]
    for rule in framework.rules.values():
        lines += ["", "", f"# {_flat(rule.title)}"]
        for law in laws_of(rule, BOARD_SAFE):
            lines += ["", "", *_test(rule, law, law.decide(budget), budget)]
    return "\n".join(lines) + "\n"


def _test(rule: BoundRule, law: BoundLaw, verdict: Verdict, budget: int | None) -> Iterator[str]:
    yield f"def test_{rule.id.replace('-', '_').replace('.', '_')}_{law.name}() -> None:"
    yield f"    # {law.number}, {law.title}: {verdict.words}"
    more = ""
    if verdict.kind in ("refuted", "undecided", "not_refuted"):
        for line in account(verdict).splitlines()[1:]:
            yield f"    # {_flat(line, keep=True)}"
        if verdict.expected is None:
            yield f"    # The framework says nothing about this. If it is accepted, say so there: [rule.expect] {law.name} = {{ ... }}"
            more = f', expect={{"{law.number}": "{verdict.kind}"}}'
        elif verdict.accepted:
            yield f"    # Accepted: {_flat(verdict.accepted)}"
    if not verdict.as_expected:
        yield f"    # The framework expects '{verdict.expected}': this test fails until one of the two is mended."
    if budget is not None:
        more += f", budget={budget}"
    yield f'    assert_laws(RULES["{rule.id}"], "{law.number}"{more})'


def _flat(text: str, *, keep: bool = False) -> str:
    """A text on one line; with `keep`, the spaces it begins with stay."""
    indent = text[: len(text) - len(text.lstrip(" "))][2:] if keep else ""
    return indent + " ".join(text.split())
