"""The one converter between plain data (what TOML and JSON parse to) and the model.

Structuring never stops at the first fault: a hook that meets one raises `Faulty`, which carries every fault below it with its path, and whatever
could be made of the rest, so that the loader can go on checking and report a whole file at once.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Callable, Mapping, Set
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter

from s11kit import model
from s11kit._frozen import FrozenDict, freeze, is_list, is_table
from s11kit.codec import conditions
from s11kit.codec.faults import MISSING, Faults, Faulty, closest, expected, shown, unknown_key
from s11kit.codec.tables import FLAT, Field, fields_of, keeps_unknown_keys
from s11kit.codec.values import (
    Hook,
    at,
    frozenset_of,
    read_day,
    read_names,
    read_number,
    read_text,
    read_truth,
    read_value,
    read_whole,
    read_word,
    table_of,
    tuple_of,
)
from s11kit.errors import FieldError, Path, Problem
from s11kit.model import applicability
from s11kit.model.assessment import UNANSWERED, Answer
from s11kit.model.framework import RuleDefinition

__all__ = ["TableHook", "converter", "short", "structure"]

MOST_UNKNOWN = 100
"""Unknown keys of one table that are compared with the known ones; comparing is slow, and nobody reads more."""
_NOTHING: frozenset[str | int] = frozenset()


class TableHook:
    """Structures one attrs class from a table: every key by its own hook, every fault collected, unknown keys refused or kept."""

    def __init__(
        self, conv: Converter, cls: type, *, also: tuple[str, ...] = (), hidden: tuple[str, ...] = (), own: Mapping[str, Hook] | None = None
    ) -> None:
        self.conv, self.cls, self._also, self._hidden, self._own = conv, cls, also, hidden, own or {}
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
                    f.key: (f.name, read_names if f.key == "source" else _nearest if f.key == "nearest" else self._hook(f), f.type)
                    for f in fields_of(field.type)
                }
                if self.cls is model.Framework and "source" in inner:
                    inner["default_source"] = inner.pop("source")
                for key in inner:
                    self._flat[key] = (field.name, field.type, inner)
            else:
                known[field.key] = (field.init, self._hook(field), field.type)
                if field.required:
                    self._required[field.key] = field.init
        self._known = known
        return known

    def _hook(self, field: Field) -> Hook:
        return self._own[field.key] if field.key in self._own else self.conv.get_structure_hook(field.type)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys this table knows."""
        known = self._known or self._prepare()
        return (*self._also, *(key for key in known if key not in self._hidden), *self._flat)

    def __call__(self, data: Any, _: Any) -> Any:
        """The value that a table holds; `Faulty`, with what could be made of it, if anything in it is wrong."""
        if data.__class__ is self.cls:
            return data
        if data.__class__ is not dict:
            raise expected("a table", data)
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

    def _build(self, given: dict[str, Any], faults: Faults, faulted: Set[str | int], *, again: bool = False) -> Any:
        if any(name not in given for name in self._required.values()):
            raise Faulty(faults.problems)
        try:
            return faults.outcome(self.cls(**given))
        except FieldError as error:
            keys: dict[str, str] = {f.name: f.key for f in fields_of(self.cls)}
            first = error.field[0] if error.field else None
            path = (keys.get(str(first), first), *error.field[1:]) if first is not None else ()
            echo = path[0] in faulted if path else bool(faulted)
            if not echo and not (again and first not in given):
                faults.problems.append(Problem(code=error.code, message=error.message, hint=error.hint, path=path))
            if first in given and first not in self._required.values():
                return self._build({key: value for key, value in given.items() if key != first}, faults, faulted, again=True)
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


def short(name: str) -> Callable[[TableHook], Hook]:
    """A table that may be written as a bare text, which then stands under `name`."""

    def make(table: TableHook) -> Hook:
        def hook(data: Any, kind: Any) -> Any:
            if data.__class__ is not str:
                if not (is_table(data) or isinstance(data, table.cls)):
                    raise expected("text, or a table", data, 'write the reason, such as "No services are commissioned"' if name == "reason" else None)
                return table(data, kind)
            try:
                return table.cls(**{name: data})
            except FieldError as error:
                raise FieldError((), error.message, code=error.code, hint=error.hint) from None

        return hook

    return make


def _labels(value: Any, _: Any) -> Any:
    if not is_table(value):
        raise expected("a table", value)
    out: dict[str, Any] = {}
    for key, name in value.items():
        if key not in ("standard", "statement", "criterion"):
            raise Faulty([unknown_key(key, ("standard", "statement", "criterion"))])
        out[key] = name if isinstance(name, str) else at(key, tuple_of(read_text, str), name)
        if out[key] == ():
            raise FieldError(key, "this list of names is empty", code="K010")
    return FrozenDict(out)


def _nearest(value: Any, _: Any) -> Fraction | None:
    """The step of a rounding; `"exact"` for none."""
    return None if value == "exact" else read_number(value, Fraction)


def _rule(value: Any, kind: Any) -> Any:
    from s11kit.codec.rules import read_rule  # only a framework with rules needs them

    return read_rule(value, kind)


def _kept(value: Any, _: Any) -> Any:
    return freeze(value)


def _action(value: Any, _: Any) -> model.Action:
    if not is_table(value):
        raise expected("a table", value)
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
        self._not_applicable = short("reason")(TableHook(conv, model.NotApplicable))
        self._evidence = conv.get_structure_hook(model.Evidence)

    def __call__(self, data: Any, kind: Any) -> Any:
        """Most answers are a grade or a reason with texts and actions. They are taken as they are; all others key by key."""
        if data.__class__ is not dict:
            raise expected("a table", data)
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
        for key, hook in (("grade", read_text), ("value", read_value), ("not_applicable", self._not_applicable)):
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


# the converter


def _make() -> Converter:
    conv = Converter(detailed_validation=True, forbid_extra_keys=True)
    condition = conditions.condition(TableHook(conv, applicability.OrganisationTest))

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
            model.Descriptor: short("text"),
            model.Evidence: short("narrative"),
        }
        return special[cls](made) if cls in special else made

    conv.register_structure_hook_factory(attrs.has, table)
    for kind, hook in ((str, read_text), (int, read_whole), (bool, read_truth), (Fraction, read_number), (datetime.date, read_day)):
        conv.register_structure_hook(kind, hook)
    factories: tuple[tuple[Any, Callable[[Any], Hook]], ...] = (
        (Literal, lambda kind: read_word(get_args(kind))),
        (tuple, lambda kind: collection(get_args(kind)[0], tuple_of)),
        (frozenset, lambda kind: collection(get_args(kind)[0], frozenset_of)),
        (FrozenDict, lambda kind: collection(get_args(kind)[1], table_of)),
    )
    for origin, factory in factories:
        conv.register_structure_hook_factory(_made_of(origin), factory)
    register(lambda t: t == applicability.Condition, condition)
    register(lambda t: t == FrozenDict[str, str | tuple[str, ...]], _labels)
    register(lambda t: t == Answer, lambda value, _: value)
    register(lambda t: t is RuleDefinition, _rule)

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
