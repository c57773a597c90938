"""The one converter between plain data (what TOML and JSON parse to) and the model.

Structuring never stops at the first fault: a hook that meets one raises `Faulty`, which carries every fault below it with its path, and whatever
could be made of the rest, so that the loader can go on checking and report a whole file at once.
"""

from __future__ import annotations

import datetime
import difflib
import types
from collections.abc import Callable, Iterable, Set
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs
from cattrs import Converter

from s11kit import model
from s11kit._dates import DateFault, read_date
from s11kit._frozen import FrozenDict, freeze, is_list, is_table, thaw
from s11kit._numbers import exact, number_text
from s11kit.codec.tables import FLAT, Field, fields_of, keeps_unknown_keys
from s11kit.errors import FieldError, Path, Problem, nearest
from s11kit.model import applicability
from s11kit.model.assessment import UNANSWERED, Answer, Value

__all__ = ["MISSING", "Faulty", "converter", "shown", "structure", "unstructure"]

MISSING: Any = object()
Hook: TypeAlias = Callable[[Any, Any], Any]


class Faulty(Exception):
    """Faults found while structuring, and what could be made of the rest (`MISSING` if nothing could)."""

    def __init__(self, problems: list[Problem], partial: Any = MISSING, dropped: list[Path] | None = None) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems, self.partial, self.dropped = problems, partial, dropped or []

    @classmethod
    def of(cls, error: FieldError, partial: Any = MISSING) -> Faulty:
        """One fault, from what a hook or constructor raised."""
        return cls([Problem(code=error.code, message=error.message, hint=error.hint, path=error.field)], partial)

    def under(self, step: str | int) -> list[Problem]:
        """The faults as seen from the table around."""
        return [attrs.evolve(problem, path=(step, *problem.path)) for problem in self.problems]


class Faults:
    """Collects what goes wrong in the parts of one table or list, and which items of lists had to be dropped for it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.dropped: list[Path] = []

    def take(self, error: FieldError | Faulty, step: str | int) -> Any:
        """What could be made of the part under `step` in spite of `error`."""
        fault = error if isinstance(error, Faulty) else Faulty.of(error)
        self.problems += fault.under(step)
        self.dropped += [(step, *path) for path in fault.dropped]
        return fault.partial

    def outcome(self, made: Any) -> Any:
        """`made`, if nothing went wrong; else everything that did, with `made` as what is left."""
        if self.problems:
            raise Faulty(self.problems, made, self.dropped)
        return made


def shown(value: object) -> str:
    """A value in the author's words."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (yes or no)"
    if isinstance(value, str):
        return f"the text '{value[:40]}{'...' if len(value) > 40 else ''}'" if value else "an empty text"
    if isinstance(value, (int, Decimal, float)):
        return f"the number {str(value)[:40]}"
    if isinstance(value, (datetime.date, datetime.time)):
        return f"the date or time {value.isoformat()}"
    return "a list" if is_list(value) else "nothing" if value is None else "a table"


def _expected(what: str, value: object, hint: str | None = None) -> FieldError:
    return FieldError((), f"expected {what}, got {shown(value)}", code="K003", hint=hint)


# single values


def _text(value: Any, _: Any) -> str:
    if value.__class__ is str:
        return str(value)
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    raise _expected("text", value, f'put it in quotes: "{value}"' if number else None)


def _whole(value: Any, _: Any) -> int:
    if type(value) is int and abs(value) < 10**15:
        return value
    raise _expected("a whole number", value)


def _truth(value: Any, _: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise _expected("true or false", value, "write true or false, without quotes")


def _number(value: Any, _: Any) -> Fraction:
    if isinstance(value, (int, Decimal, str)) and not isinstance(value, bool) and not (isinstance(value, int) and abs(value) >= 10**30):
        try:
            return exact(value)
        except ValueError:
            pass
    raise FieldError((), f"expected a number, got {shown(value)}", code="K009", hint='write 2, 0.5 or "1/3", with at most 30 digits')


def _date(value: Any, _: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        raise _expected("a date", value, "leave out the time")
    if isinstance(value, datetime.date):
        return value
    try:
        found = read_date(value) if isinstance(value, str) else None
    except DateFault as fault:
        raise FieldError((), fault.message, code="K008", hint=fault.hint) from None
    if found is None:
        raise FieldError((), f"expected a date, got {shown(value)}", code="K008", hint="write a date as 2026-03-31 or 31/03/2026")
    return found


def _value(value: Any, _: Any) -> Value:
    if is_list(value):
        options: tuple[str, ...] = _tuple_of(_text, str)(value, tuple)
        return options
    if isinstance(value, (str, bool, int, Decimal, datetime.date)):
        return value
    raise _expected("text, a number, a date, true or false, or a list of options", value)


def _word(words: tuple[str, ...]) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if isinstance(value, str) and value in words:
            return value
        said = f"'{value[:40]}'" if isinstance(value, str) else shown(value)
        raise FieldError((), f"{said} is not one of the words that can stand here", hint=nearest(str(value), list(words), listing="one of"))

    return hook


# collections


def _tuple_of(inner: Hook, of: Any) -> Hook:
    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        if not is_list(value):
            hint = "write two brackets around the heading, such as [[standard]]" if is_table(value) else "write it in square brackets"
            raise _expected("a list", value, hint)
        out: list[Any] = []
        faults = Faults()
        for place, item in enumerate(value):
            try:
                out.append(inner(item, of))
            except (FieldError, Faulty) as error:
                partial = faults.take(error, place)
                if partial is MISSING:
                    faults.dropped.append((place,))
                else:
                    out.append(partial)
        made: tuple[Any, ...] = faults.outcome(tuple(out))
        return made

    return hook


def _frozenset_of(inner: Hook, of: Any) -> Hook:
    as_tuple = _tuple_of(inner, of)

    def hook(value: Any, _: Any) -> frozenset[Any]:
        try:
            return frozenset(as_tuple(value, _))
        except Faulty as fault:
            raise Faulty(fault.problems, frozenset(fault.partial)) from None

    return hook


def _table_of(inner: Hook, of: Any) -> Hook:
    def hook(value: Any, _: Any) -> FrozenDict[str, Any]:
        if not is_table(value):
            raise _expected("a table", value)
        out: dict[str, Any] = {}
        faults = Faults()
        for key, item in value.items():
            try:
                out[key] = inner(item, of)
            except (FieldError, Faulty) as error:
                partial = faults.take(error, key)
                if partial is not MISSING:
                    out[key] = partial
        made: FrozenDict[str, Any] = faults.outcome(FrozenDict(out))
        return made

    return hook


# tables of the model


def unknown_key(key: str, known: Iterable[str], *, path: Path = ()) -> Problem:
    """The problem of a key that nobody knows, with the nearest one that is."""
    message = f"unknown key '{key[:60]}'"
    return Problem(code="K001", message=message, hint=nearest(key, known, listing="keys here"), path=(*path, key), on_key=True)


def closest(key: str, known: Iterable[str]) -> list[str]:
    """The known key that an unknown one was probably meant to be, if there is one."""
    return difflib.get_close_matches(key[:80].lower(), list(known), n=1, cutoff=0.75)


def is_close(key: str, known: Iterable[str]) -> bool:
    """Whether an unknown key looks like a slip of a known one, so that keeping it would hide a mistake."""
    return bool(closest(key, known))


MOST_UNKNOWN = 100
"""Unknown keys of one table that are compared with the known ones; comparing is slow, and nobody reads more."""
_NOTHING: frozenset[str | int] = frozenset()


class TableHook:
    """Structures one attrs class from a table: every key by its own hook, every fault collected, unknown keys refused or kept."""

    def __init__(self, conv: Converter, cls: type, *, also: tuple[str, ...] = (), hidden: tuple[str, ...] = ()) -> None:
        self.conv, self.cls, self._also, self._hidden = conv, cls, also, hidden
        self._keep = keeps_unknown_keys(cls)
        self._quick = self._keep and not hidden
        """The tables of an assessment are tried as a whole first. They hold no tables like themselves, so that nothing is tried over and over."""
        self._known: dict[str, tuple[str, Hook, Any]] | None = None
        self._flat: dict[str, tuple[str, type, dict[str, tuple[str, Hook, Any]]]] = {}

    def _prepare(self) -> dict[str, tuple[str, Hook, Any]]:
        known: dict[str, tuple[str, Hook, Any]] = {}
        self._required: dict[str, str] = {}
        for field in fields_of(self.cls):
            if field.type in FLAT:
                inner = {
                    f.key: (f.name, _source_list if f.key == "source" else _nearest if f.key == "nearest" else self._hook(f), f.type)
                    for f in fields_of(field.type)
                }
                if self.cls is model.Framework and "source" in inner:
                    inner["default_source"] = inner.pop("source")
                for key in inner:
                    self._flat[key] = (field.name, field.type, inner)
            else:
                known[field.key] = (field.name, self._hook(field), field.type)
                if field.required:
                    self._required[field.key] = field.name
        self._known = known
        return known

    def _hook(self, field: Field) -> Hook:
        return self.conv.get_structure_hook(field.type)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys this table knows."""
        known = self._known or self._prepare()
        return (*self._also, *(key for key in known if key not in self._hidden), *self._flat)

    def __call__(self, data: Any, _: Any) -> Any:
        if data.__class__ is self.cls:
            return data
        if data.__class__ is not dict:
            raise _expected("a table", data)
        known = self._known or self._prepare()
        if self._quick:
            try:
                given = {}
                for key, value in data.items():
                    name, hook, kind = known[key]
                    given[name] = hook(value, kind)
                return self.cls(**given)
            except (KeyError, TypeError, FieldError, Faulty):
                pass
        return self._carefully(data, known)

    def _carefully(self, data: dict[str, Any], known: dict[str, tuple[str, Hook, Any]]) -> Any:
        """Key by key, with every fault collected."""
        faults = Faults()
        given: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        flat: dict[str, dict[str, Any]] = {}
        meant: set[str] = set()
        unknown = 0
        for key, value in data.items():
            spec = known.get(key)
            into = given
            if spec is None:
                if key in self._flat:
                    name, _, inner = self._flat[key]
                    spec, into = inner[key], flat.setdefault(name, {})
                else:
                    unknown += 1
                    close = closest(key, self.keys) if unknown <= MOST_UNKNOWN else []
                    if self._keep and not close:
                        spec, into = (key, _kept, None), extra
                    else:
                        if unknown <= MOST_UNKNOWN:
                            faults.problems.append(unknown_key(key, self.keys))
                            meant.update(close)
                        continue
            if value is None and self._keep:
                continue
            try:
                into[spec[0]] = spec[1](value, spec[2])
            except (FieldError, Faulty) as error:
                partial = faults.take(error, key)
                if partial is not MISSING:
                    into[spec[0]] = partial
        if unknown > MOST_UNKNOWN:
            message = f"this table has {unknown} keys that nobody knows; only the first {MOST_UNKNOWN} were compared with the known ones"
            faults.problems.append(Problem(code="F011", message=message))
        faulted = {problem.path[0] for problem in faults.problems if problem.path} if faults.problems else _NOTHING
        for key, name in self._required.items():
            if name not in given and key not in faulted and key not in meant:
                faults.problems.append(Problem(code="K002", message=f"'{key}' is missing", hint=_missing_hint(key)))
        for name, values in flat.items():
            kind = next(kind for other, kind, _ in self._flat.values() if other == name)
            try:
                given[name] = kind(**values)
            except FieldError as error:
                faults.problems += Faulty.of(error).problems
        if extra:
            given["extra"] = FrozenDict(extra)
        return self._build(given, faults, faulted)

    def _build(self, given: dict[str, Any], faults: Faults, faulted: Set[str | int]) -> Any:
        if any(name not in given for name in self._required.values()):
            raise Faulty(faults.problems)
        try:
            return faults.outcome(self.cls(**given))
        except FieldError as error:
            keys: dict[str, str] = {f.name: f.key for f in fields_of(self.cls)}
            first = error.field[0] if error.field else None
            path = (keys.get(str(first), first), *error.field[1:]) if first is not None else ()
            if not path or path[0] not in faulted:  # else it only echoes that fault
                faults.problems.append(Problem(code=error.code, message=error.message, hint=error.hint, path=path))
            if first in given and first not in self._required.values():
                return self._build({key: value for key, value in given.items() if key != first}, faults, faulted)
            raise Faulty(faults.problems) from None


def _missing_hint(key: str) -> str | None:
    examples = {
        "ref": 'add a line such as ref = "1.1"',
        "text": 'add a line such as text = "A named senior person is responsible for safeguarding."',
        "title": 'add a line such as title = "..."',
        "id": 'add a line such as id = "our-board"',
        "edition": 'add a line such as edition = "2026"',
        "label": 'add a label, such as label = "Fully met"',
        "name": 'add a line such as name = "Fenside Youth Trust"',
        "framework": 'add a line such as framework = "somerset@2016"',
        "organisation": 'add a table [organisation] with name = "..."',
    }
    return examples.get(key)


# classes with a spelling of their own


def _scale(table: TableHook) -> Hook:
    def hook(data: Any, kind: Any) -> Any:
        if not is_table(data):
            return table(data, kind)
        problems: list[Problem] = []
        data = dict(data)
        if "order" not in data:
            hint = 'write order = "worst-first" or order = "best-first": the order is never guessed from the codes'
            problems.append(Problem(code="K002", message="'order' is missing", hint=hint))
        if ("grades" in data) == ("steps" in data):
            both = "grades" in data
            message = "a scale has grades or steps, not both" if both else "'grades' is missing"
            problems.append(Problem(code="K011" if both else "K002", message=message, path=("steps",) if both else (), on_key=True))
            data.pop("steps", None)
        if "steps" in data:
            try:
                steps = table.conv.structure(data["steps"], model.Steps)
                data["grades"] = list(steps.grades()) if data.get("order") != "best-first" else list(steps.grades())[::-1]
                data["steps"] = steps
            except (FieldError, Faulty) as error:
                fault = error if isinstance(error, Faulty) else Faulty.of(error)
                problems += fault.under("steps")
                del data["steps"]
        elif data.get("order") == "best-first" and is_list(data.get("grades")):
            data["grades"] = data["grades"][::-1]
        try:
            made = table(data, kind)
        except Faulty as fault:
            ours = [x for x in fault.problems if not (x.code == "K002" and x.message == "'grades' is missing" and "grades" not in data)]
            if data.get("order") == "best-first" and "steps" not in data and is_list(data.get("grades")):
                ours = [_counted_from_the_end(x, len(data["grades"])) for x in ours]
            raise Faulty(problems + ours, fault.partial, fault.dropped) from None
        if problems:
            raise Faulty(problems, made)
        return made

    return hook


def _counted_from_the_end(problem: Problem, length: int) -> Problem:
    path = problem.path
    if len(path) > 1 and path[0] == "grades" and isinstance(path[1], int):
        return attrs.evolve(problem, path=("grades", length - 1 - path[1], *path[2:]))
    return problem


def _requirement(table: TableHook) -> Hook:
    def hook(data: Any, kind: Any) -> Any:
        if is_table(data) and is_list(data.get("at")):
            wrong = [place for place, grade in enumerate(data["at"]) if not isinstance(grade, str)]
            problems = [Problem(code="K003", message=f"expected text, got {shown(data['at'][n])}", path=("at", n)) for n in wrong]
            data = {**data, "at": {grade: "must" for grade in data["at"] if isinstance(grade, str)}}
            if problems:
                raise Faulty(problems)
        return table(data, kind)

    return hook


def _short(name: str) -> Callable[[TableHook], Hook]:
    """A table that may be written as a bare text, which then stands under `name`."""

    def make(table: TableHook) -> Hook:
        def hook(data: Any, kind: Any) -> Any:
            if data.__class__ is not str:
                return table(data, kind)
            try:
                return table.cls(**{name: data})
            except FieldError as error:
                raise FieldError((), error.message, code=error.code, hint=error.hint) from None

        return hook

    return make


_QUANTIFIERS = ("any", "all", "none", "some")
_COMPARISONS = ("at_least", "above", "at_most", "below", "is")
_SELECTION_KEYS = ("over", "refs", "tag", "standard")
_ORGANISATION_KEYS = (*applicability.ORGANISATION_FIELDS, "statutory")
CONDITION_KEYS = (*_ORGANISATION_KEYS, *_QUANTIFIERS, "both", "either", "not")


def _condition(conv: Converter) -> Hook:
    def test(data: Any, k: Any, empty: Any, word: str) -> applicability.AnswerTest:
        if not is_table(data):
            raise _expected("a table", data)
        for key in data:
            if key not in (*_SELECTION_KEYS, *_COMPARISONS, "empty"):
                raise Faulty([unknown_key(key, (*_SELECTION_KEYS, *_COMPARISONS, "empty"))])
        compared = [key for key in _COMPARISONS if key in data]
        if len(compared) != 1:
            hint = "give exactly one of: " + ", ".join(_COMPARISONS)
            raise FieldError((), "this test compares with nothing" if not compared else "this test compares twice", code="K011", hint=hint)
        if "over" in data and data["over"] != "all":
            raise FieldError("over", 'only over = "all" is known here', code="K011", hint="or give refs, tag or standard")
        value = data[compared[0]]
        if not isinstance(value, (str, bool)):
            raise FieldError(compared[0], f"expected a grade, got {shown(value)}", code="K003")
        selection = applicability.Selection(
            over_all="over" in data,
            refs=_at("refs", _tuple_of(_text, str), data.get("refs", ())),
            tag=_at("tag", _text, data["tag"]) if "tag" in data else None,
            standard=_at("standard", _text, data["standard"]) if "standard" in data else None,
        )
        return applicability.AnswerTest(
            quantifier=word,  # type: ignore[arg-type]
            selection=selection,
            comparison=applicability.Comparison(operator=compared[0], value=value),  # type: ignore[arg-type]
            k=_whole(k, int),
            empty=_truth(data.get("empty", empty), bool),
        )

    def hook(data: Any, kind: Any, depth: int = 0) -> Any:
        if isinstance(data, get_args(applicability.Condition)):
            return data
        if not is_table(data):
            raise _expected("a condition in braces", data, 'such as { areas = ["north"] }')
        if depth > 32:
            raise FieldError((), "conditions are nested too deep", code="F010", hint="at most 32 levels")
        for key in data:
            if key not in (*CONDITION_KEYS, "k", "empty"):
                raise Faulty([unknown_key(key, CONDITION_KEYS)])
        combined = [key for key in data if key in (*_QUANTIFIERS, "both", "either", "not")]
        if combined and (len(combined) > 1 or any(key in _ORGANISATION_KEYS for key in data)):
            raise FieldError((), "this condition asks two things at once", code="K011", hint="join them: { both = [ { ... }, { ... } ] }, or either")
        if not combined:
            for key in ("k", "empty"):
                if key in data:
                    raise FieldError(key, f"'{key}' belongs to a test over answers", code="K011")
            given = {key: [value] if key in ("kind", "size") and isinstance(value, str) else value for key, value in data.items()}
            return table(given, applicability.OrganisationTest)
        word = combined[0]
        for key in ("k", "empty"):
            if key in data and not (word == "some" if key == "k" else word in _QUANTIFIERS):
                raise FieldError(key, f"'{key}' does not belong to '{word}'", code="K011", hint="leave it out")
        if word in _QUANTIFIERS:
            if word == "some" and "k" not in data:
                raise FieldError((), "some of how many?", code="K011", hint="add k, such as { some = { ... }, k = 3 }")
            return _at(word, lambda value, _: test(value, data.get("k", 1), data.get("empty", False), word), data[word])
        if word == "not":
            return applicability.Not(test=_at(word, lambda value, _: hook(value, kind, depth + 1), data[word]))
        tests = _at(word, _tuple_of(lambda value, _: hook(value, kind, depth + 1), kind), data[word])
        if not tests:
            raise FieldError(word, "an empty list of tests settles nothing", code="K011")
        return applicability.Both(tests=tests) if word == "both" else applicability.Either(tests=tests)

    table = TableHook(conv, applicability.OrganisationTest)
    return hook


def _at(key: str, hook: Hook, value: Any) -> Any:
    """Structure one value, with its faults seen from the table around; a faulty part makes the whole fail."""
    try:
        return hook(value, None)
    except FieldError as error:
        raise Faulty(Faulty.of(error).under(key)) from None
    except Faulty as fault:
        raise Faulty(fault.under(key)) from None


def _labels(value: Any, _: Any) -> Any:
    if not is_table(value):
        raise _expected("a table", value)
    out: dict[str, Any] = {}
    for key, name in value.items():
        if key not in ("standard", "statement", "criterion"):
            raise Faulty([unknown_key(key, ("standard", "statement", "criterion"))])
        out[key] = name if isinstance(name, str) else _at(key, _tuple_of(_text, str), name)
        if out[key] == ():
            raise FieldError(key, "this list of names is empty", code="K010")
    return FrozenDict(out)


def _nearest(value: Any, _: Any) -> Fraction | None:
    """The step of a rounding; `"exact"` for none."""
    return None if value == "exact" else _number(value, Fraction)


def _source_list(value: Any, _: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = (value,) if isinstance(value, str) else _tuple_of(_text, str)(value, _)
    return names


def _kept(value: Any, _: Any) -> Any:
    return freeze(value)


def _action(value: Any, _: Any) -> model.Action:
    if not is_table(value):
        raise _expected("a table", value)
    if all(item.__class__ in (str, datetime.date) for item in value.values()):
        return model.Action(FrozenDict(value))
    return model.Action(freeze({key: item for key, item in value.items() if item is not None}))


_ANSWER_KEYS = ("grade", "value", "not_applicable")
_TEXT_KEYS = frozenset({"grade", "not_applicable", "evidence", "impact", "comment", "strengths", "improvements"})
_REASON_KEYS = frozenset({"reason", "alternative"})


_graded = lru_cache(maxsize=1024)(model.Graded)
"""Grades recur: one value serves for all answers that hold it."""


class EntryHook:
    """Structures what stands under one reference. `grade`, `value` and `not_applicable` become the one typed answer."""

    def __init__(self, table: TableHook, conv: Converter) -> None:
        self._table, self.conv = table, conv
        self._not_applicable = _short("reason")(TableHook(conv, model.NotApplicable))
        self._evidence = conv.get_structure_hook(model.Evidence)

    def __call__(self, data: Any, kind: Any) -> Any:
        """Most answers are a grade or a reason with texts and actions. They are taken as they are; all others key by key."""
        if data.__class__ is not dict:
            raise _expected("a table", data)
        texts: dict[str, Any] = {}
        actions = declined = detailed = None
        for key, value in data.items():
            if value.__class__ is str and key in _TEXT_KEYS:
                texts[key] = value
            elif key == "action" and value.__class__ is list and all(action.__class__ is dict for action in value):
                actions = value
            elif key == "evidence" and value.__class__ is dict:
                try:
                    detailed = self._evidence(value, model.Evidence)
                except (FieldError, Faulty):
                    return self._key_by_key(data, kind)
            elif (
                key == "not_applicable"
                and value.__class__ is dict
                and _REASON_KEYS.issuperset(value)
                and all(x.__class__ is str for x in value.values())
            ):
                declined = model.NotApplicable(**value)
            else:
                return self._key_by_key(data, kind)
        grade, reason, evidence = texts.pop("grade", None), texts.pop("not_applicable", None), texts.pop("evidence", None)
        if reason is not None:
            declined = model.NotApplicable(reason)
        if grade is not None and declined is not None:
            return self._key_by_key(data, kind)
        return model.Entry(
            answer=_graded(grade) if grade is not None else declined or UNANSWERED,
            evidence=detailed if evidence is None else model.Evidence(narrative=evidence),
            actions=tuple([_action(action, None) for action in actions]) if actions else (),
            **texts,
        )

    def _key_by_key(self, data: dict[str, Any], kind: Any) -> Any:
        rest = {key: value for key, value in data.items() if key not in _ANSWER_KEYS}
        problems: list[Problem] = []
        if "answer" in rest:
            del rest["answer"]
            problems.append(unknown_key("answer", self._table.keys))
        rest["answer"] = self._answer(data, problems)
        try:
            entry = self._table(rest, kind)
        except Faulty as fault:
            raise Faulty(problems + fault.problems, fault.partial, fault.dropped) from None
        if problems:
            raise Faulty(problems, entry)
        return entry

    def _answer(self, data: dict[str, Any], problems: list[Problem]) -> Any:
        got: dict[str, Any] = {}
        for key, hook in (("grade", _text), ("value", _value), ("not_applicable", self._not_applicable)):
            if data.get(key) is not None:
                try:
                    got[key] = hook(data[key], model.NotApplicable)
                except (FieldError, Faulty) as error:
                    fault = error if isinstance(error, Faulty) else Faulty.of(error)
                    problems += fault.under(key)
        if "not_applicable" in got and len(got) > 1:
            other = "grade" if "grade" in got else "value"
            message = f"this is said to be not applicable and has a {other} as well"
            problems.append(Problem(code="A012", message=message, hint=f"keep not_applicable or {other}, not both", path=(other,), on_key=True))
            return UNANSWERED
        if "grade" in got:
            return model.Graded(got["grade"], value=got.get("value"))
        if "value" in got:
            return model.Stated(got["value"])
        return got.get("not_applicable", UNANSWERED)


# writing


def unstructure(value: Any) -> Any:
    """A value of the model as plain data, the shortest way to write it: what equals its default is left out."""
    return _plain(value)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, datetime.date, Decimal)):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else number_text(value)
    if is_table(value):
        return {key: _plain(item) for key, item in value.items()}
    if value.__class__ is frozenset:
        return sorted(map(_plain, value))
    if is_list(value):
        return [_plain(item) for item in value]
    special = _PLAIN.get(value.__class__)
    return special(value) if special else _plain_table(value)


def _plain_table(value: Any) -> dict[str, Any]:
    cls: Any = value.__class__
    out: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for field in fields_of(cls):
        item = getattr(value, field.name)
        if field.type in FLAT:
            inner = _plain_table(item)
            if cls is model.Framework and "source" in inner:
                inner["default_source"] = inner.pop("source")
            out.update(inner)
        elif item is None and field.key == "nearest":
            out[field.key] = "exact"
        elif item is not None and (field.required or item != field.default):
            plain = _plain(item)
            (tables if is_table(plain) or (is_list(plain) and plain and is_table(plain[0])) else out)[field.key] = plain
    out.update(tables)
    if keeps_unknown_keys(cls):
        out.update(thaw(value.extra))
    return out


def _plain_scale(scale: model.Scale) -> dict[str, Any]:
    if scale.used_from is not None:
        return {"use": scale.used_from}
    out = _plain_table(scale)
    out["order"] = scale.order
    if scale.steps is not None:
        del out["grades"]
    else:
        out["grades"] = [_plain(grade) for grade in scale.printed]
    return out


def _plain_requirement(requirement: model.Requirement) -> dict[str, Any]:
    out = _plain_table(requirement)
    if set(requirement.at.values()) <= {"must"}:
        out["at"] = list(requirement.at)
    return out


def _plain_short(name: str) -> Callable[[Any], Any]:
    def plain(value: Any) -> Any:
        out = _plain_table(value)
        return out[name] if set(out) == {name} else out

    return plain


def _plain_steps(steps: model.Steps) -> dict[str, Any]:
    return {"from": steps.from_, "to": steps.to, "step": steps.step} | ({"unit": steps.unit} if steps.unit else {})


def _plain_test(test: applicability.AnswerTest) -> dict[str, Any]:
    selection: dict[str, Any] = {"over": "all"} if test.selection.over_all else {}
    selection |= {key: _plain(getattr(test.selection, key)) for key in ("refs", "tag", "standard") if getattr(test.selection, key)}
    selection[test.comparison.operator] = test.comparison.value
    if test.empty:
        selection["empty"] = True
    return {test.quantifier: selection} | ({"k": test.k} if test.quantifier == "some" else {})


def _plain_not_applicable(answer: model.NotApplicable) -> Any:
    if answer.reason is not None and answer.alternative is None and not answer.extra:
        return answer.reason
    return _plain_table(answer)


def _plain_entry(entry: model.Entry) -> dict[str, Any]:
    answer = entry.answer
    out: dict[str, Any] = {}
    if isinstance(answer, model.Graded):
        out["grade"] = answer.grade
        if answer.value is not None:
            out["value"] = _plain(answer.value)
    elif isinstance(answer, model.Stated):
        out["value"] = _plain(answer.value)
    elif isinstance(answer, model.NotApplicable):
        out["not_applicable"] = _plain_not_applicable(answer)
    rest = _plain_table(attrs.evolve(entry, answer=UNANSWERED))
    return out | rest


_PLAIN: dict[type, Callable[[Any], Any]] = {
    model.Scale: _plain_scale,
    model.Steps: _plain_steps,
    model.Requirement: _plain_requirement,
    model.Descriptor: _plain_short("text"),
    model.Evidence: _plain_short("narrative"),
    model.AnswerTest: _plain_test,
    model.Both: lambda value: {"both": [_plain(test) for test in value.tests]},
    model.Either: lambda value: {"either": [_plain(test) for test in value.tests]},
    model.Not: lambda value: {"not": _plain(value.test)},
    model.Entry: _plain_entry,
    model.NotApplicable: _plain_not_applicable,
    model.Action: lambda value: thaw(value.fields),
}


# the converter


def _make() -> Converter:
    conv = Converter(detailed_validation=True, forbid_extra_keys=True)
    condition = _condition(conv)

    def register(match: Callable[[Any], bool], hook: Hook) -> None:
        conv.register_structure_hook_func(match, hook)

    def collection(of: Any, make: Callable[[Hook, Any], Hook]) -> Hook:
        lazy: list[Hook] = []

        def hook(value: Any, kind: Any) -> Any:
            if not lazy:
                lazy.append(make(conv.get_structure_hook(of), of))
            return lazy[0](value, kind)

        return hook

    def table(cls: type) -> Hook:
        if cls is model.Entry:
            return EntryHook(TableHook(conv, cls, also=_ANSWER_KEYS, hidden=("answer",)), conv)
        if cls is model.Action:
            return _action
        made = TableHook(conv, cls)
        special: dict[type, Callable[[TableHook], Hook]] = {
            model.Scale: _scale,
            model.Requirement: _requirement,
            model.Descriptor: _short("text"),
            model.Evidence: _short("narrative"),
        }
        return special[cls](made) if cls in special else made

    conv.register_structure_hook_factory(attrs.has, table)
    for kind, hook in ((str, _text), (int, _whole), (bool, _truth), (Fraction, _number), (datetime.date, _date)):
        conv.register_structure_hook(kind, hook)
    factories: tuple[tuple[Any, Callable[[Any], Hook]], ...] = (
        (Literal, lambda kind: _word(get_args(kind))),
        (tuple, lambda kind: collection(get_args(kind)[0], _tuple_of)),
        (frozenset, lambda kind: collection(get_args(kind)[0], _frozenset_of)),
        (FrozenDict, lambda kind: collection(get_args(kind)[1], _table_of)),
    )
    for origin, factory in factories:
        conv.register_structure_hook_factory(_made_of(origin), factory)
    register(lambda t: t == applicability.Condition, condition)
    register(lambda t: t == FrozenDict[str, str | tuple[str, ...]], _labels)
    register(lambda t: t == Answer, lambda value, _: value)

    def optional(kind: Any) -> Hook:
        return _optional(conv, kind, condition)

    conv.register_structure_hook_factory(_is_optional, optional)
    return conv


def _made_of(origin: Any) -> Callable[[Any], bool]:
    """Whether a type is built on another: `tuple[str, ...]` on `tuple`."""
    return lambda kind: bool(get_origin(kind) == origin)


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def _optional(conv: Converter, kind: Any, condition: Hook) -> Hook:
    """What may be left out is structured as what it is when it is there."""
    rest = [part for part in get_args(kind) if part is not type(None)]
    if len(rest) > 1:
        return condition
    return conv.get_structure_hook(rest[0])


converter = _make()
"""The configured converter. Private to the codec; nothing else in the library knows cattrs."""


def structure(data: Any, cls: Any) -> tuple[Any, list[Problem], list[Path]]:
    """What could be made of `data` (`MISSING` if nothing), every fault in it, and the paths of the list items that had to be dropped."""
    try:
        return converter.structure(data, cls), [], []
    except FieldError as error:
        return MISSING, Faulty.of(error).problems, []
    except Faulty as fault:
        return fault.partial, fault.problems, fault.dropped
