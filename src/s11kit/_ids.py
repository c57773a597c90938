"""Ids, references and the `id@edition` names of frameworks: what may be written, and what may not."""

from __future__ import annotations

import re

from s11kit.errors import FieldError, Path

__all__ = ["check_id", "check_name", "check_ref", "is_id", "is_ref", "split_name"]

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REF = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_LONGEST = 80


def is_id(text: str) -> bool:
    """Whether `text` is a kebab-case id of at most 80 characters: never a path, never empty."""
    return len(text) <= _LONGEST and _ID.fullmatch(text) is not None


def is_ref(text: str) -> bool:
    """Whether `text` can be a reference: letters, digits, dots and hyphens, such as `1.1`, `2a.1`, `0.2`."""
    return len(text) <= _LONGEST and _REF.fullmatch(text) is not None and ".." not in text


def kebab(text: str) -> str:
    """The nearest id to what somebody typed, for hints."""
    return re.sub(r"[^a-z0-9]+", "-", text[:_LONGEST].lower()).strip("-")


def check_id(field: str | Path, text: str) -> str:
    """`text`, if it is an id; else a `FieldError` at `field`."""
    if not is_id(text):
        offer = kebab(text)
        raise FieldError(
            field,
            f"'{text[:_LONGEST]}' cannot be an id",
            code="K005",
            hint="an id is lower-case letters and digits joined by single hyphens" + (f", such as '{offer}'" if is_id(offer) else ""),
        )
    return text


def check_ref(field: str, text: str) -> str:
    """`text`, if it is a reference; else a `FieldError` at `field`."""
    if not is_ref(text):
        raise FieldError(
            field,
            f"'{text[:_LONGEST]}' cannot be a reference",
            code="K006",
            hint="a reference is letters, digits, dots and hyphens, at most 80, such as '1.1' or '2a.1'",
        )
    return text


def split_name(name: str) -> tuple[str, str] | None:
    """`('somerset', '2016')` for `somerset@2016`, or `None` if it is no such name."""
    left, at, right = name.partition("@")
    return (left, right) if at and is_id(left) and is_id(right) else None


def check_name(field: str, name: str) -> str:
    """`name`, if it has the form `id@edition`; else a `FieldError` at `field`."""
    if split_name(name) is None:
        raise FieldError(field, f"'{name[:_LONGEST]}' does not name a framework", code="K007", hint="write id@edition, such as 'somerset@2016'")
    return name
