"""A dictionary that cannot be changed, so that values may hold tables and still be values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar, final

from s11kit.errors import FieldError

__all__ = ["FrozenDict", "as_frozenset", "as_tuple", "freeze", "frozen_dict", "thaw"]

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

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def with_(self, key: K, value: V) -> FrozenDict[K, V]:
        """A copy with one entry set; a new key comes last."""
        return FrozenDict({**self, key: value})

    def without(self, key: K) -> FrozenDict[K, V]:
        """A copy without that key; the same table if it was not there."""
        return FrozenDict({k: v for k, v in self.items() if k != key})

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))

    def __copy__(self) -> FrozenDict[K, V]:
        return self

    def __repr__(self) -> str:
        return f"FrozenDict({dict.__repr__(self)})"


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


DEEPEST = 64


def freeze(value: object, depth: int = 0) -> Any:
    """Lists become tuples and tables become frozen tables, all the way down; `FieldError` beyond 64 levels."""
    if depth > DEEPEST:
        raise FieldError((), f"tables and lists are nested deeper than {DEEPEST} levels here", code="F010")
    if isinstance(value, Mapping):
        return FrozenDict({str(k): freeze(v, depth + 1) for k, v in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(freeze(v, depth + 1) for v in value)
    return value


def thaw(value: object) -> Any:
    """The opposite of `freeze`: plain lists and dictionaries, for writing."""
    if isinstance(value, Mapping):
        return {k: thaw(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [thaw(v) for v in value]
    return value
