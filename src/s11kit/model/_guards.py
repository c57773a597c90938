"""Guards shared by the constructors of the model. Each raises `FieldError`, which says which field and what it may be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from s11kit._ids import check_id, check_ref
from s11kit.errors import FieldError, nearest


def one_of(choices: object) -> Any:
    """A validator: the value is one of a `Literal`'s words (or absent)."""
    words: tuple[str, ...] = get_args(choices)

    def guard(_: Any, field: Any, value: Any) -> None:
        if value is not None and value not in words:
            raise FieldError(field.name, f"'{value}' is not known here", hint=nearest(str(value), words, listing="one of"))

    return guard


def an_id(_: Any, field: Any, value: Any) -> None:
    """A validator: a kebab-case id (or absent)."""
    if value is not None:
        check_id(field.name, value)


def a_ref(_: Any, field: Any, value: Any) -> None:
    """A validator: a reference."""
    check_ref(field.name, value)


def ids(_: Any, field: Any, value: Iterable[str]) -> None:
    """A validator: a collection of kebab-case ids."""
    for item in value:
        check_id((field.name, item), item)


def some_text(_: Any, field: Any, value: Any) -> None:
    """A validator: text that is not blank."""
    if isinstance(value, str) and not value.strip():
        raise FieldError(field.name, "this text is empty", code="K010", hint="write the text, or leave the whole line out")
