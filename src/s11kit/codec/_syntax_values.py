"""What is wrong with a value that has no quotes around it: answers, dates, times and numbers as people write them."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, time
from typing import Final

from s11kit.codec._syntax import DASHES

__all__ = ["GROUPED", "NO_QUOTES", "about_numbers", "advice"]

_Advice = tuple[str, str]
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_HINT = "write dates as year-month-day without quotes, such as 2026-03-31"
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_PART_OF_DATE = re.compile(r"\d{1,2}/\d{4}|\d{4}[/-]\d{1,2}")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})", re.IGNORECASE)
_DATE_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt]|\s+)(\S.*)")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)
_ZEROES = re.compile(r"[+-]?0[0-9][0-9 _]*(?:\.[0-9]+)?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9,])")
_UNIT = re.compile(r"(?:[£$€]\s*)?([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*[%£$€]?")
_HALF = re.compile(r"([+-]?)([0-9]*)\.([0-9]*)")
_DOTS = re.compile(r"[0-9]+(?:\.[0-9]+){2,}\.?")
_ANSWERS: Final = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_NOTHING: Final = frozenset({"null", "none", "nil", "n/a", "na", "-", "--", "?", "tbc", "nan"})
NO_QUOTES = "this text has no quotes around it"


def _quoted(words: str) -> str:
    quote = "'" if '"' in words or "\\" in words else '"'
    return f"{quote}{words}{quote}"


def advice(raw: str) -> _Advice:
    """Say what is wrong with a value that is neither text in quotes nor a number, date, true or false."""
    for look in (_about_words, _about_dates, _about_times, about_numbers):
        found = look(raw) if len(raw) <= 60 else None
        if found:
            return found
    if len(raw) > 60 or ("'" in raw and ('"' in raw or "\\" in raw)):
        return NO_QUOTES, 'put a straight quote " before it and another after it'
    return NO_QUOTES, f"write {_quoted(raw)}"


def _about_words(raw: str) -> _Advice | None:
    word, message = raw.lower(), f"the word {raw} needs quotes"
    if word in ("true", "false"):
        return f"the word {raw} has to be written in small letters", f"write {word}"
    if word in _ANSWERS:
        return message, f"write {_ANSWERS[word]}, or {_quoted(raw)} if it is meant as text"
    if word in _NOTHING:
        return message, f"delete the line if there is nothing to say, or write {_quoted(raw)}"
    return None


def _about_dates(raw: str) -> _Advice | None:
    if found := _DAY_FIRST.fullmatch(raw):
        day, month, year = found.groups()
        one, two = _day(year, month, day), _day(year, day, month)
        if one and two and one != two:
            return f"the date {raw} could be two days", f"write {_or_day(one)}, {_or_day(two)}"
        return _date_advice(raw, _iso(year, month, day))
    if _TWO_DIGIT_YEAR.fullmatch(raw):
        number = f", or {_quoted(raw)} if it is no date" if "." in raw else ""
        return f"the date {raw} has a year of two digits", f"write the year in full, as year-month-day, such as 2026-03-31{number}"
    if found := _YEAR_FIRST.fullmatch(raw):
        iso = _iso(*found.groups())
        if iso in (None, raw):
            return f"there is no date {raw}", "check the day and the month; dates are written year-month-day"
        return _date_advice(raw, iso)
    if (found := _DATE_AND_TIME.fullmatch(raw)) and (clock := _clock(found.group(2))):
        return "the time after this date is not written as it has to be", f"write {found.group(1)}T{clock}"
    if (found := _DAY_IN_WORDS.fullmatch(raw)) and found.group(2).lower() in _MONTHS:
        day, name, year = found.groups()
        return _date_advice(raw, _iso(year, str(_MONTHS.index(name.lower()) + 1), day))
    return _date_advice(raw, None) if _PART_OF_DATE.fullmatch(raw) else None


def _date_advice(raw: str, iso: str | None) -> _Advice:
    return f"the date {raw} is not written as it has to be", f"write {iso}" if iso else _DATE_HINT


def _iso(year: str, month: str, day: str) -> str | None:
    found = _day(year, month, day)
    return found.isoformat() if found else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _or_day(day: date) -> str:
    """One of two readings: `2026-04-03 for 3 April`."""
    return f"{day.isoformat()} for {day.day} {month_name[day.month]}"


def _about_times(raw: str) -> _Advice | None:
    if clock := _clock(raw):
        return f"the time {raw} is not written as it has to be", f"write {clock} (hours, minutes and seconds)"
    if ":" in raw and _TIME.fullmatch(raw):
        return f"there is no time {raw}", "write hours, minutes and seconds, such as 09:30:00"
    return None


def _clock(raw: str) -> str | None:
    """A time of day as TOML reads it, or None if this is none."""
    if found := _TIME.fullmatch(raw):
        hour, minute, second, half = found.groups()
    elif found := _HOUR.fullmatch(raw):
        hour, minute, second, half = found.group(1), "0", "0", found.group(2)
    else:
        return None
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        return time(hours, int(minute), int(second or 0)).isoformat()
    except ValueError:
        return None


def about_numbers(raw: str) -> _Advice | None:
    """Say what is wrong with a number, or a code made of digits; None if it is neither."""
    if _ZEROES.fullmatch(raw):
        return (
            "a number cannot begin with 0",
            f"write {_without_zeroes(raw)}, or {_quoted(raw)} if it is a code or a telephone number",
        )
    if GROUPED.fullmatch(raw):
        return "a number has no commas in it", f"write {raw.replace(',', '')}"
    if _DOTS.fullmatch(raw):
        return f"{raw} is not a number", f"write {_quoted(raw)}"
    if (found := _HALF.fullmatch(raw)) and raw.strip("+-."):
        sign, whole, rest = found.groups()
        return "a number needs a digit on both sides of its point", f"write {sign}{whole or '0'}.{rest or '0'}"
    if (found := _UNIT.fullmatch(raw)) and raw != found.group(1):
        number = found.group(1).replace(",", "")
        return "a number stands alone, without £ or %", f"write {number}, or {_quoted(raw)} if it is meant as text"
    if raw[0] in DASHES and _UNIT.fullmatch(raw[1:]):
        return f"the long dash {raw[0]} cannot be used here", f"write -{raw[1:]}"
    return None


def _without_zeroes(raw: str) -> str:
    sign = "-" if raw[0] == "-" else ""
    digits = raw.strip("+-").replace(" ", "").replace("_", "").lstrip("0")
    return sign + (digits if digits and digits[0] != "." else f"0{digits}")
