"""Dates as people in the United Kingdom type and read them. A text that could be two days is refused, never guessed."""

from __future__ import annotations

import datetime
import re

__all__ = ["DateFault", "long", "read_date"]

_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MONTHS = {name[:length].lower(): number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_WORDS = re.compile(r"(?:(Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]+)\.?,?\s+(\d{4})")


class DateFault(ValueError):
    """A text that looks like a date and is not one day: `hint` says what would settle it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def _made(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise DateFault(f"'{text}' is not a day of the calendar", "write the date as 2026-03-31 or 31/03/2026") from None


def read_date(text: str) -> datetime.date | None:
    """The day that `text` names, or `None` if it is not written as a date at all.

    Day before month, as in the United Kingdom; but `03/04/2026`, which would be another day to an American spreadsheet, raises `DateFault`,
    as does a year of two digits.

    >>> read_date("31/03/2026"), read_date("31 March 2026"), read_date("2026-03-31")
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), datetime.date(2026, 3, 31))
    >>> read_date("by the end of term") is None
    True
    """
    stripped = text.strip()
    if len(stripped) > 40:
        return None
    if found := _ISO.fullmatch(stripped):
        return _made(stripped, int(found[1]), int(found[2]), int(found[3]))
    if (found := _WORDS.fullmatch(stripped)) and found[3].lower() in _MONTHS:
        made = _made(stripped, int(found[4]), _MONTHS[found[3].lower()], int(found[2]))
        if found[1] and not _DAYS[made.weekday()].startswith(found[1].lower()):
            raise DateFault(
                f"'{stripped}' was a {_DAYS[made.weekday()].title()}", "mend the day of the week or the date, or leave the day of the week out"
            )
        return made
    if not (found := _NUMBERS.fullmatch(stripped)):
        return None
    day, month, year = int(found[1]), int(found[3]), found[4]
    if len(year) == 2:
        raise DateFault(f"'{stripped}' has a year of two digits", f"write the year in full, such as {day:02}/{month:02}/20{year}")
    if day <= 12 and month <= 12 and day != month:
        one, two = _made(stripped, int(year), month, day), _made(stripped, int(year), day, month)
        raise DateFault(
            f"'{stripped}' could be {long(one)} or {long(two)}",
            f"write {one.isoformat()} or '{long(one)}' if the day comes first, {two.isoformat()} if the month does",
        )
    if month > 12 >= day:
        hint = f"the day comes first: write {month:02}/{day:02}/{year}" if month <= 31 else "write the date as 31/03/2026"
        raise DateFault(f"'{stripped}' has no such month", hint)
    return _made(stripped, int(year), month, day)


def long(date: datetime.date) -> str:
    """A date in words, which no reader can mistake: `31 March 2026`."""
    return f"{date.day} {_NAMES[date.month - 1]} {date.year}"
