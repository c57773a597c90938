"""`s11kit laws`: the laws of a framework's scoring rules, as a test file of your own."""

from __future__ import annotations

import os
from pathlib import Path

import click

from s11kit.catalogue import Catalogue
from s11kit.cli.common import Verbs, framework_of, frameworks_option, out_options, save, verb
from s11kit.cli.printing import data


@click.group(
    "laws",
    cls=Verbs,
    examples=("s11kit laws write our-frameworks/our-board/2026/framework.toml --out tests/test_our_rules.py",),
)
def laws() -> None:
    """Hold scoring rules to laws in tests of your own."""


@verb(
    "write",
    "s11kit laws write our-frameworks/our-board/2026/framework.toml --out tests/test_our_rules.py",
    "s11kit laws write our-board@2026 > test_our_rules.py",
)
@click.argument("framework", metavar="FRAMEWORK")
@click.option("--budget", type=click.IntRange(min=1), metavar="N", help="How many states to look at before a law is left undecided.")
@out_options
@frameworks_option
def write_laws(framework: str, budget: int | None, target: Path | None, force: bool, folders: tuple[Path, ...]) -> None:
    """Write a test file for pytest: one test for each rule and board-safe law.

    Laws that are refuted come with the smallest counterexample, and with the acceptance that makes the test pass: read it, and mend the
    rule or keep it. From then on the file is yours. FRAMEWORK is a name, or a file or folder, which the test file then looks for where
    it stands in relation to itself (for standard output: to the present folder).
    """
    from s11kit.testing import law_tests  # which brings the prover

    found = framework_of(framework, Catalogue.default(*folders))
    text = law_tests(found, loading=_loading(framework, folders, (target or Path("test.py")).absolute().parent), budget=budget)
    if target is None:
        data(text)
    else:
        save(target, text, force=force)


def _loading(name: str, folders: tuple[Path, ...], here: Path) -> tuple[str, ...]:
    """The lines of a test file that make its framework."""
    path = Path(name)
    if path.is_dir():
        path = path / "framework.toml"
    named = path.suffix.lower() not in (".toml", ".json")
    places = [_beside(folder, here) for folder in folders]
    catalogue = f"Catalogue.default({', '.join(places)})"
    imports = ["from pathlib import Path", ""] if folders or not named else []
    if named:
        return (*imports, "from s11kit import Catalogue", f"FRAMEWORK = {catalogue}.framework({_quoted(name)})")
    if not folders:
        return (*imports, "from s11kit import load_framework", f"FRAMEWORK = load_framework({_beside(path, here)})")
    return (*imports, "from s11kit import Catalogue, load_framework", f"FRAMEWORK = load_framework({_beside(path, here)}, catalogue={catalogue})")


def _beside(path: Path, here: Path) -> str:
    """A path as Python finds it from the test file."""
    try:
        relative = Path(os.path.relpath(path.absolute(), here))
    except ValueError:  # pragma: no cover - another drive
        return f"Path({_quoted(str(path.absolute()))})"
    return f"Path(__file__).parent / {_quoted(relative.as_posix())}"


def _quoted(text: str) -> str:
    """A text as Python writes it, in double quotes."""
    plain = text.isprintable() and not set(text) & set("\"'\\")
    return f'"{text}"' if plain else repr(text)


laws.add_command(write_laws)
