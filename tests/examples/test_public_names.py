"""The public names of the library, its list of them and the page about them agree."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

import s11kit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "python.md"
MODULES = ("model", "rules", "checking", "scoring", "planning", "proving", "catalogue", "codec", "errors")


def test_the_package_lists_what_it_exports() -> None:
    """`dir(s11kit)` is `s11kit.__all__`, in order, and every name is there."""
    assert dir(s11kit) == s11kit.__all__ == sorted(s11kit.__all__)
    for name in s11kit.__all__:
        assert hasattr(s11kit, name)


def test_the_page_names_what_is_exported() -> None:
    """The page about Python documents every public name of the package once, and no other."""
    documented = re.findall(r"^\.\. auto(?:class|function|exception):: s11kit\.(\w+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(documented) == sorted(s11kit.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_the_page_names_each_public_module(module: str) -> None:
    """The page about Python documents each public module."""
    assert re.search(rf"^\.\. automodule:: s11kit\.{module}$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("module", MODULES)
def test_public_modules_export_what_they_list(module: str) -> None:
    """Every name in a public module's `__all__` is there."""
    found = importlib.import_module(f"s11kit.{module}")
    for name in found.__all__:
        assert hasattr(found, name)


@pytest.mark.parametrize("name", sorted(s11kit.__all__))
def test_public_names_are_explained(name: str) -> None:
    """Every public name has a docstring, and it begins with a sentence."""
    text = inspect.getdoc(getattr(s11kit, name)) or ""
    assert text.splitlines()[0].rstrip().endswith((".", ":", ";", ","))
