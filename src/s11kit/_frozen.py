"""A dictionary that cannot be changed, so that values may hold tables and still be values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeGuard, TypeVar, cast, final

from s11kit.errors import FieldError

__all__ = ["FrozenDict", "as_frozenset", "as_tuple", "freeze", "frozen_dict", "is_list", "is_table", "thaw"]

K = TypeVar("K")
V = TypeVar("V")


@final
class FrozenDict(dict[K, V]):
    """A `dict` in every way that reads; every way that writes raises `TypeError`. Hashable if its values are.

    >>> table = FrozenDict(lead="Head of services")
    >>> table["lead"]
    'Head of services'
    >>> table["lead"] = "Somebody else"
    Traceback (most recent call last):
    TypeError: this table is frozen; use with_() to make a changed copy
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this table is frozen; use with_() to make a changed copy")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = cast(Any, _refuse)

    def with_(self, key: K, value: V) -> FrozenDict[K, V]:
        """A copy with one entry set; a new key comes last."""
        return FrozenDict({**self, key: value})

    def without(self, key: K) -> FrozenDict[K, V]:
        """A copy without that key; an equal one if it was not there."""
        return FrozenDict({k: v for k, v in self.items() if k != key})

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))

    def __copy__(self) -> FrozenDict[K, V]:
        return self

    def __repr__(self) -> str:
        return f"FrozenDict({dict(self)!r})"


def frozen_dict(value: Mapping[str, Any]) -> FrozenDict[str, Any]:
    """An attrs converter: any mapping becomes a frozen one."""
    return value if isinstance(value, FrozenDict) else FrozenDict(value)


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """An attrs converter: any collection becomes a tuple. A text is refused (`TypeError`): its letters are never meant."""
    if isinstance(value, str):
        raise TypeError(f"a list is needed, not the text '{value[:40]}'")
    return tuple(value)


def as_frozenset(value: Iterable[Any]) -> frozenset[Any]:
    """An attrs converter: any collection becomes a frozen set; a text is refused like in `as_tuple`."""
    return frozenset(as_tuple(value))


def is_table(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether untyped data is a table: what TOML and JSON call by other names."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether untyped data is a list."""
    return isinstance(value, (list, tuple))


DEEPEST = 64


def freeze(value: Any, depth: int = 0) -> Any:
    """Lists become tuples and tables become frozen tables, all the way down; `FieldError` beyond 64 levels."""
    if depth > DEEPEST:
        raise FieldError((), f"tables and lists are nested deeper than {DEEPEST} levels here", code="F010")
    if is_table(value):
        return FrozenDict({str(k): freeze(v, depth + 1) for k, v in value.items()})
    if is_list(value):
        return tuple(freeze(v, depth + 1) for v in value)
    return value


def thaw(value: Any) -> Any:
    """The opposite of `freeze`: plain lists and dictionaries, for writing."""
    if is_table(value):
        return {k: thaw(v) for k, v in value.items()}
    if is_list(value):
        return [thaw(v) for v in value]
    return value
