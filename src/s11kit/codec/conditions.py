"""Conditions and tests: one grammar for what a framework asks (of organisations and grades) and what a rule asks (of grades, steps and plans)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import attrs

from s11kit._frozen import is_table
from s11kit.codec.faults import Faults, Faulty, expected, shown, unknown_key
from s11kit.codec.values import Hook, at, read_names, read_number, read_text, read_truth, read_whole, tuple_of
from s11kit.errors import FieldError
from s11kit.model import applicability

__all__ = ["COMPARISONS", "CONDITION_KEYS", "ORGANISATION_KEYS", "QUANTIFIERS", "SELECTION_KEYS", "Grammar", "condition", "read_comparison"]

QUANTIFIERS: tuple[str, ...] = get_args(applicability.Quantifier)
COMPARISONS: tuple[str, ...] = get_args(applicability.Operator)
SELECTION_KEYS = ("over", "refs", "tag", "standard")
ORGANISATION_KEYS = (*applicability.ORGANISATION_FIELDS, "statutory")
CONDITION_KEYS = (*ORGANISATION_KEYS, *QUANTIFIERS, "both", "either", "not")
DEEPEST = 32

_SELECTORS: Mapping[str, Hook] = {
    "refs": tuple_of(read_text, str),
    "tag": read_text,
    "standard": read_text,
    "dimension": read_names,
    "role": read_names,
    "step": read_text,
}


def read_selection(data: dict[str, Any], keys: tuple[str, ...]) -> applicability.Selection:
    """What a table selects by some keys; other keys in it are not looked at."""
    faults = Faults()
    given: dict[str, Any] = {}
    if "over" in data and data["over"] != "all":
        faults.take(FieldError((), 'only over = "all" is known here', code="K011", hint="or give " + _or(keys[1:])), "over")
    for key in keys:
        if key in data and key != "over":
            try:
                given[key] = _SELECTORS[key](data[key], str)
            except (FieldError, Faulty) as error:
                faults.take(error, key)
    if faults.problems:
        raise Faulty(faults.problems)
    return applicability.Selection(over_all="over" in data, **given)


def _or(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"


def read_comparison(data: dict[str, Any], value: Hook, *, what: str = "this test", needed: bool = True) -> applicability.Comparison | None:
    """The one comparison in a table (at most one, if it is not `needed`); other keys in it are not looked at."""
    compared = [key for key in COMPARISONS if key in data]
    if len(compared) > 1 or (needed and not compared):
        hint = "give exactly one of: " + ", ".join(COMPARISONS)
        raise FieldError((), f"{what} compares with nothing" if not compared else f"{what} compares twice", code="K011", hint=hint)
    if not compared:
        return None
    return applicability.Comparison(operator=compared[0], value=at(compared[0], value, data[compared[0]]))  # type: ignore[arg-type]


@attrs.frozen
class Grammar:
    """What can be asked in one kind of place, and what a thing that is asked there is called."""

    noun: str
    example: str
    classes: tuple[type, ...]
    own_keys: tuple[str, ...]
    """The keys of what is asked there and nowhere else."""
    own: Callable[[dict[str, Any]], Any]
    selection_keys: tuple[str, ...]
    value: Hook
    """What answers are compared with there."""
    unknown: Callable[[str], Faulty | None] | None = None
    """Says what is wrong with a key that is known elsewhere, if that is worth saying."""

    def __call__(self, data: Any, kind: Any, depth: int = 0) -> Any:
        """The condition or test in a table. Of what is wrong with it as a whole, the first; of what it holds, everything."""
        if isinstance(data, self.classes):
            return data
        if not is_table(data):
            raise expected(f"a {self.noun} in braces", data, f"such as {self.example}")
        if depth > DEEPEST:
            raise FieldError((), f"{self.noun}s are nested too deep", code="F010", hint=f"at most {DEEPEST} levels")
        combined = self._combined(data)
        if combined is None:
            return self.own(data)
        if combined in QUANTIFIERS:
            return self._quantified(data, combined)
        if combined == "not":
            return applicability.Not(test=at(combined, lambda value, _: self(value, kind, depth + 1), data[combined]))
        tests = at(combined, tuple_of(lambda value, _: self(value, kind, depth + 1), kind), data[combined])
        if not tests:
            raise FieldError(combined, "an empty list of tests settles nothing", code="K011")
        return applicability.Both(tests=tests) if combined == "both" else applicability.Either(tests=tests)

    def _combined(self, data: dict[str, Any]) -> str | None:
        """The word by which it combines answers or tests, after everything that can be wrong about its keys."""
        known = (*self.own_keys, *QUANTIFIERS, "both", "either", "not")
        for key in data:
            if key not in (*known, "k", "share", "empty"):
                raise (self.unknown(key) if self.unknown else None) or Faulty([unknown_key(key, known)])
        combined = [key for key in data if key in (*QUANTIFIERS, "both", "either", "not")]
        if combined and (len(combined) > 1 or any(key in self.own_keys for key in data)):
            hint = "join them: { both = [ { ... }, { ... } ] }, or either"
            raise FieldError((), f"this {self.noun} asks two things at once", code="K011", hint=hint)
        word = combined[0] if combined else None
        for key in ("k", "share", "empty"):
            if key in data and word is None:
                raise FieldError(key, f"'{key}' belongs to a test over answers", code="K011")
            if key in data and word not in (QUANTIFIERS if key == "empty" else ("some",)):
                raise FieldError(key, f"'{key}' does not belong to '{word}'", code="K011", hint="leave it out")
        if word == "some" and ("k" in data) == ("share" in data):
            if "k" in data:
                raise FieldError("share", "some of how many? k and share say it twice", code="K011", hint="keep one of them")
            hint = 'add k, such as { some = { ... }, k = 3 }, or share, such as share = "4/5"'
            raise FieldError((), "some of how many?", code="K011", hint=hint)
        return word

    def _quantified(self, data: dict[str, Any], word: str) -> applicability.AnswerTest:
        selection, comparison, empty = at(word, lambda value, _: self.over_answers(value), data[word])
        return applicability.AnswerTest(
            quantifier=word,  # type: ignore[arg-type]
            selection=selection,
            comparison=comparison,
            k=at("k", read_whole, data.get("k", 1)),
            share=at("share", read_number, data["share"]) if "share" in data else None,
            empty=at("empty", read_truth, data["empty"]) if "empty" in data and empty is None else bool(empty),
        )

    def over_answers(self, data: Any) -> tuple[applicability.Selection, applicability.Comparison, bool | None]:
        """A selection and a comparison in one table, and what it says of an empty selection."""
        if not is_table(data):
            raise expected("a table", data)
        known = (*self.selection_keys, *COMPARISONS, "empty")
        strange = [unknown_key(key, known) for key in data if key not in known]
        if strange:
            raise Faulty(strange)
        comparison = read_comparison(data, self.value)
        assert comparison is not None
        selection = read_selection(data, self.selection_keys)
        return selection, comparison, at("empty", read_truth, data["empty"]) if "empty" in data else None


def _grade(value: Any, _: Any) -> str | bool:
    if isinstance(value, (str, bool)):
        return value
    raise FieldError((), f"expected a grade, got {shown(value)}", code="K003")


def condition(organisation: Hook) -> Grammar:
    """The grammar of conditions; `organisation` structures a test of what an organisation is."""

    def own(data: dict[str, Any]) -> Any:
        given = {key: [value] if key in ("kind", "size") and isinstance(value, str) else value for key, value in data.items()}
        return organisation(given, applicability.OrganisationTest)

    return Grammar(
        noun="condition",
        example='{ areas = ["north"] }',
        classes=get_args(applicability.Condition),
        own_keys=ORGANISATION_KEYS,
        own=own,
        selection_keys=SELECTION_KEYS,
        value=_grade,
    )
