"""The operators of the plug-in, found in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s11kit.rules import operators as known


def forget() -> None:
    """Look for installed operators again when next asked."""
    from s11kit.rules.operators import _installed

    _installed.cache_clear()
    known.cache_clear()


@pytest.fixture
def installed(plugin_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The plug-in as if it were installed here."""
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(plugin_path))
        forget()
        yield plugin_path
    forget()
