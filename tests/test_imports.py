"""What is loaded when, proved in fresh interpreters: `import s11kit` costs next to nothing, and nothing heavy comes in by the back door."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import s11kit

AFTER = """
import sys
before = set(sys.modules)
{code}
print("\\n".join(sorted(set(sys.modules) - before)))
"""
READ = "from s11kit import Catalogue; assessment = Catalogue.default().example('cambridgeshire-peterborough@2017-19', 'both-areas')"
USE = f"{READ}; import s11kit; s11kit.check(assessment); s11kit.score(assessment).total; s11kit.plan(assessment); s11kit.dump_assessment(assessment)"
LIBRARIES = {"attr", "attrs", "cattr", "cattrs", "tomli_w", "typing_extensions"}
"""What reading and writing needs: our dependencies and theirs."""


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter loads for some code."""
    made = subprocess.run([sys.executable, "-c", AFTER.format(code=code)], capture_output=True, text=True, check=True)
    return set(made.stdout.split())


def foreign(modules: set[str]) -> set[str]:
    """The top-level modules that are neither Python's own nor ours."""
    return {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"s11kit"}


def test_importing_the_library_loads_nothing_else() -> None:
    """`import s11kit` loads one module of its own, no library, and neither of the two readers in the standard library."""
    loaded = loaded_by("import s11kit")
    assert set() == foreign(loaded)
    assert {"s11kit"} == {name for name in loaded if name.partition(".")[0] == "s11kit"}
    assert set() == loaded & {"tomllib", "json", "decimal", "importlib.metadata"}


@pytest.mark.parametrize("code", [READ, USE], ids=["read", "read, check, score, plan and write"])
def test_using_an_assessment_loads_only_what_reading_needs(code: str) -> None:
    """Whoever embeds the library gets attrs, cattrs and tomli-w, and never the command line, the testing kit, or anything of an extra."""
    loaded = loaded_by(code)
    assert set() == foreign(loaded) - LIBRARIES
    assert set() == {name for name in loaded if name.startswith(("s11kit.cli", "s11kit.testing", "s11kit.workbook", "s11kit.report"))}


def test_a_value_can_be_made_without_any_reader() -> None:
    """The model, scoring, planning and checking need attrs alone: no cattrs, no TOML."""
    code = "from s11kit import Assessment, Framework, Organisation, check, plan, score"
    assert {"attr", "attrs"} == foreign(loaded_by(code))


@pytest.mark.parametrize("name", s11kit.__all__)
def test_each_public_name_resolves(name: str) -> None:
    """A public name is there at the first attempt in a fresh module, and knows where it was defined."""
    value = getattr(s11kit, name)
    assert value.__name__ == name
    assert getattr(import_module(value.__module__), name) is value


def test_all_public_names_come_with_a_star() -> None:
    """`from s11kit import *` brings what `__all__` says, in a fresh interpreter as well."""
    code = "from s11kit import *; import s11kit; assert set(s11kit.__all__) <= set(globals()), 'a name is missing'"
    assert "s11kit.scoring" in loaded_by(code)


def test_dir_lists_the_public_names() -> None:
    """`dir(s11kit)` shows the public names, whether they were looked up already or not."""
    assert sorted(s11kit.__all__) == dir(s11kit)
    assert s11kit.__all__ == sorted(set(s11kit.__all__))


def test_type_checkers_see_the_same_names() -> None:
    """The imports that only type checkers read are exactly the public names, each from the module it is looked up in."""
    source = find_spec("s11kit")
    assert source is not None and source.origin is not None
    tree = ast.parse(Path(source.origin).read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    named = {name.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert s11kit.__all__ == sorted(named)
    assert {name: True for name in named} == {
        name: getattr(import_module(str(module)), name) is getattr(s11kit, name) for name, module in named.items()
    }


def test_any_other_name_is_an_attribute_error() -> None:
    """A name that does not exist is refused as in any other module, so that `hasattr` and `from s11kit import x` behave."""
    assert not hasattr(s11kit, "no_such_name")
    with pytest.raises(AttributeError, match="module 's11kit' has no attribute 'no_such_name'"):
        s11kit.no_such_name  # noqa: B018
    with pytest.raises(ImportError):
        exec("from s11kit import no_such_name")
