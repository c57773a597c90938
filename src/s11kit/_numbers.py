"""Exact numbers: reading them, and the one place where anything is divided for show or rounded."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, final

import attrs

from s11kit.errors import FieldError

__all__ = ["Mode", "Rounding", "exact", "number_text", "percent", "read_number"]

Mode = Literal["half-up", "half-even", "down", "up"]
MODES: tuple[Mode, ...] = ("half-up", "half-even", "down", "up")
_TEXT = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{1,30})?|\d{1,30}/\d{1,30})")
_DIGITS = 30


def read_number(text: str) -> Fraction | None:
    """The number in a text such as `"2"`, `"0.5"` or `"1/3"`; `None` if there is none, or it has more than 30 digits on a side."""
    if _TEXT.fullmatch(text.strip()) is None:
        return None
    try:
        return Fraction(text.strip())
    except ZeroDivisionError:
        return None


def exact(value: int | str | Decimal | Fraction) -> Fraction:
    """`value` as an exact fraction. A float is refused (`TypeError`), because it is already rounded; so is what is no number (`ValueError`).

    >>> exact("0.1") + exact("0.2") == exact("3/10")
    True
    """
    if isinstance(value, (bool, float)):
        raise TypeError("an exact number is needed: an int, a Decimal, a Fraction or a text, never a float")
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    found = read_number(format(value, "f") if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _DIGITS else str(value))
    if found is None:
        raise ValueError(f"'{str(value)[:40]}' is not an exact number of at most 30 digits")
    return found


def parse_integer(text: str) -> int:
    """For the reader of JSON: a whole number of at most 30 digits; `NumberFault` beyond."""
    if len(text.lstrip("-")) > _DIGITS:
        raise NumberFault(text)
    return int(text)


class NumberFault(ValueError):
    """A number in a file that is too long, too large, or none: `text` is how it is written there."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= 40 else text[:37] + "..."
        self.text, self.message = text, f"{shown} is too long, too large or no number at all"
        super().__init__(self.message)


def parse_decimal(text: str) -> Decimal:
    """For the readers of TOML and JSON: numbers with a point stay exact; absurdly long or large ones are refused (`NumberFault`)."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise NumberFault(text) from None
    if not value.is_finite() or len(text) > 2 * _DIGITS or abs(value.adjusted()) >= _DIGITS or len(format(value, "f")) > 2 * _DIGITS:
        raise NumberFault(text)
    return value


def number_text(value: Fraction) -> str:
    """An exact number as text: an integer, a decimal if that is exact and short, else a fraction: `2`, `0.25`, `1/3`."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, _DIGITS + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled.numerator)).rjust(places + 1, "0")
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    return f"{value.numerator}/{value.denominator}"


def _divided(value: Fraction, mode: Mode) -> int:
    """`value` as a whole number, in that mode; exact halves are what the modes differ on."""
    whole, rest = divmod(value.numerator, value.denominator)
    twice = 2 * rest
    if mode == "down" or rest == 0:
        return whole
    if mode == "up" or twice > value.denominator:
        return whole + 1
    if twice < value.denominator:
        return whole
    return whole + (1 if mode == "half-up" else whole % 2)


@final
@attrs.frozen(kw_only=True)
class Rounding:
    """How a number is shown: to the `nearest` multiple of a step, in a declared mode.

    `nearest` is in the unit of what is shown (percentage points, for shares); `None` shows the exact fraction. `down` and `up` go towards minus and
    plus infinity. The default, one decimal and half up, is a choice of this library: boards rarely state theirs.

    >>> Rounding(nearest=exact(10)).text(exact("300/7"))
    '40'
    >>> Rounding().text(exact("300/7"))
    '42.9'
    """

    nearest: Fraction | None = attrs.field(default=Fraction(1, 10), converter=attrs.converters.optional(exact))
    mode: Mode = "half-up"

    def __attrs_post_init__(self) -> None:
        if self.nearest is not None and self.nearest <= 0:
            raise FieldError("nearest", "the step to round to must be above zero", code="K009")
        if self.mode not in MODES:
            raise FieldError("mode", f"'{self.mode}' is not a way of rounding", hint="one of: " + ", ".join(MODES))

    def apply(self, value: Fraction) -> Fraction:
        """The rounded number, exact again."""
        return value if self.nearest is None else _divided(value / self.nearest, self.mode) * self.nearest

    def text(self, value: Fraction) -> str:
        """The rounded number with as many decimals as the step has."""
        if self.nearest is None:
            return number_text(value)
        rounded = self.apply(value)
        places = 0
        while places < 12 and (self.nearest * 10**places).denominator != 1:
            places += 1
        if (self.nearest * 10**places).denominator != 1:
            return number_text(rounded)
        scaled = rounded * 10**places
        digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
        sign = "-" if scaled < 0 else ""
        return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)

    @property
    def sentence(self) -> str:
        """What every table with rounded numbers says beneath it."""
        return "exact" if self.nearest is None else f"to the nearest {number_text(self.nearest)}, {self.mode}"


def percent(share: Fraction, rounding: Rounding) -> str:
    """A share from 0 to 1 as a percentage: `71.1 %`."""
    return f"{rounding.text(share * 100)} %"
