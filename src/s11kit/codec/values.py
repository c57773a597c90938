"""Single values and collections of them: strict readers, which never turn one kind of value into another."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from s11kit._dates import DateFault, read_date
from s11kit._frozen import FrozenDict, is_list, is_table
from s11kit._numbers import exact
from s11kit.codec.faults import MISSING, Faults, Faulty, expected, shown
from s11kit.errors import FieldError, nearest
from s11kit.model.assessment import Value

Hook: TypeAlias = Callable[[Any, Any], Any]
"""Structures one value; the second argument is its type, for readers that need it."""


def read_text(value: Any, _: Any) -> str:
    """Text, and nothing that only looks like it."""
    if value.__class__ is str:
        return str(value)
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    raise expected("text", value, f'put it in quotes: "{value}"' if number else None)


def read_whole(value: Any, _: Any) -> int:
    """A whole number below a million billion."""
    if type(value) is int and abs(value) < 10**15:
        return value
    raise expected("a whole number", value)


def read_truth(value: Any, _: Any) -> bool:
    """True or false, never a word for it."""
    if value is True or value is False:
        return bool(value)
    raise expected("true or false", value, "write true or false, without quotes")


def read_number(value: Any, _: Any) -> Fraction:
    """An exact number, as a number or as text."""
    if isinstance(value, (int, Decimal, str)) and not isinstance(value, bool) and not (isinstance(value, int) and abs(value) >= 10**30):
        try:
            return exact(value)
        except ValueError:
            pass
    raise FieldError((), f"expected a number, got {shown(value)}", code="K009", hint='write 2, 0.5 or "1/3", with at most 30 digits')


def read_day(value: Any, _: Any) -> datetime.date:
    """A date, as such or as people in the United Kingdom write it."""
    if isinstance(value, datetime.datetime):
        raise expected("a date", value, "leave out the time")
    if isinstance(value, datetime.date):
        return value
    try:
        found = read_date(value) if isinstance(value, str) else None
    except DateFault as fault:
        raise FieldError((), fault.message, code="K008", hint=fault.hint) from None
    if found is None:
        raise FieldError((), f"expected a date, got {shown(value)}", code="K008", hint="write a date as 2026-03-31 or 31/03/2026")
    return found


def read_value(value: Any, _: Any) -> Value:
    """Any answer to a statement that takes no grade; whether it fits, the framework says."""
    if is_list(value):
        options: tuple[str, ...] = tuple_of(read_text, str)(value, tuple)
        return options
    if isinstance(value, (str, bool, int, Decimal, datetime.date)):
        return value
    raise expected("text, a number, a date, true or false, or a list of options", value)


def read_word(words: tuple[str, ...]) -> Hook:
    """One of some words."""

    def hook(value: Any, _: Any) -> Any:
        if isinstance(value, str) and value in words:
            return value
        said = f"'{value[:40]}'" if isinstance(value, str) else shown(value)
        raise FieldError((), f"{said} is not one of the words that can stand here", hint=nearest(str(value), list(words), listing="one of"))

    return hook


def at(key: str, hook: Hook, value: Any) -> Any:
    """Structure one value, with its faults seen from the table around; a faulty part makes the whole fail."""
    try:
        return hook(value, None)
    except FieldError as error:
        raise Faulty(Faulty.of(error).under(key)) from None
    except Faulty as fault:
        raise Faulty(fault.under(key)) from None


# collections


def tuple_of(inner: Hook, of: Any) -> Hook:
    """A list of one kind of thing."""

    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        if not is_list(value):
            hint = "write two brackets around the heading, such as [[standard]]" if is_table(value) else "write it in square brackets"
            raise expected("a list", value, hint)
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


def read_names(value: Any, _: Any) -> tuple[str, ...]:
    """One name, or a list of names."""
    names: tuple[str, ...] = (value,) if isinstance(value, str) else tuple_of(read_text, str)(value, _)
    return names


def frozenset_of(inner: Hook, of: Any) -> Hook:
    """A list in which order means nothing."""
    as_tuple = tuple_of(inner, of)

    def hook(value: Any, _: Any) -> frozenset[Any]:
        try:
            return frozenset(as_tuple(value, _))
        except Faulty as fault:
            raise Faulty(fault.problems, frozenset(fault.partial)) from None

    return hook


def table_of(inner: Hook, of: Any) -> Hook:
    """A table of one kind of thing, by name."""

    def hook(value: Any, _: Any) -> FrozenDict[str, Any]:
        if not is_table(value):
            raise expected("a table", value)
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
