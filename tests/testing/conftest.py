"""Small frameworks, and scoring functions as people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from s11kit import Framework, Grade, Scale, Standard, Statement
from s11kit.model import NotApplicablePolicy

FOUR = ("Inadequate", "Requires improvement", "Good", "Outstanding")


def small(
    statements: int, *, grades: tuple[str, ...] = FOUR, weights: tuple[Any, ...] = (), rules: tuple[Any, ...] = (), na: bool = True
) -> Framework:
    scale = Scale(
        id="scale",
        grades=[Grade(id=grade.lower().replace(" ", "-"), label=grade) for grade in grades],
        not_applicable=NotApplicablePolicy(needs=("reason",)),
    )
    made = [
        Statement(ref=f"1.{place}", text="A statement.", weights={"weight": weights[place - 1] if weights else 1})
        for place in range(1, statements + 1)
    ]
    return Framework(id="small", edition="1", title="Small", scales=[scale], standards=[Standard(ref="1", title="One", statements=made)], rules=rules)


@pytest.fixture(scope="session")
def make() -> Callable[..., Framework]:
    """Makes a framework of so many statements on one scale."""
    return small
