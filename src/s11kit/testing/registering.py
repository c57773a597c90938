"""What Hypothesis calls when it starts, through the entry point `hypothesis`: strategies for our own types, made when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["register"]

_TYPES = {"Assessment": "assessments", "Framework": "frameworks", "Scale": "scales"}


def register() -> None:
    """Tell Hypothesis how to make scales, frameworks and assessments, so that `st.from_type(Assessment)` works."""
    from hypothesis import strategies as st

    import s11kit

    for name, function in _TYPES.items():
        st.register_type_strategy(getattr(s11kit, name), _made(function))


def _made(function: str) -> Any:
    """A strategy that is looked up when it is needed: until then, nothing of this kit is loaded."""
    return lambda _: getattr(import_module("s11kit.testing.strategies"), function)()
