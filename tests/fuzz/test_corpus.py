"""What once broke the library, or nearly: every file of `corpus/` is read, or refused with problems. `run.py` adds to it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Literal

import pytest

from s11kit import Catalogue, InvalidFile, parse_assessment

HERE = Path(__file__).parent
CORPUS = sorted(file for file in (HERE / "corpus").iterdir() if file.suffix in (".toml", ".json"))


@pytest.fixture(scope="module")
def fuzzer() -> ModuleType:
    """`run.py`, which knows what a file has to stand."""
    spec = importlib.util.spec_from_file_location("s11kit_fuzzer", HERE / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue(fuzzer: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    made: Catalogue = fuzzer.make_catalogue(tmp_path_factory.mktemp("frameworks"))
    return made


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_a_file_that_once_broke_the_library_no_longer_does(file: Path, fuzzer: ModuleType, catalogue: Catalogue, tmp_path: Path) -> None:
    """A hostile file gives a value or problems that can be shown; what is read can be checked, scored, planned, written and read again."""
    _, finding = fuzzer.judge(file.name, file.read_bytes(), tmp_path, catalogue)
    assert finding is None, f"{finding.signature}\n{finding.text}"


def test_a_few_inputs_of_the_fuzzer(fuzzer: ModuleType, catalogue: Catalogue, tmp_path: Path) -> None:
    """A small, repeatable share of what `nox -s fuzz` does comes to nothing worse than problems."""
    maker = fuzzer.Maker(seed=0)
    for number in range(300):
        _, finding = fuzzer.judge(*maker.make(number), tmp_path, catalogue)
        assert finding is None, f"input {number} of seed 0: {finding.signature}\n{finding.text}"


@pytest.mark.parametrize("kind", ["framework", "assessment", "scale"])
def test_the_seeds_are_sound(kind: str, fuzzer: ModuleType, catalogue: Catalogue, tmp_path: Path) -> None:
    """The files that hold every key are read and go through everything, so that what the fuzzer changes was right before."""
    for file in sorted((HERE / "seeds").rglob("*.toml")):
        name = {"overlay.toml": "framework.toml"}.get(file.name, file.name)
        if name.startswith(kind):
            word, finding = fuzzer.judge(name, file.read_bytes(), tmp_path, catalogue)
            assert (word, finding) == ("read", None)


@pytest.mark.parametrize("kind", ["json", "toml"])
def test_half_a_character_in_a_text_in_memory_is_refused(kind: Literal["json", "toml"], catalogue: Catalogue) -> None:
    """A text that no file could hold is refused when it is parsed, not stumbled over when it is written."""
    text = {
        "json": '{"framework": "everything@2026", "organisation": {"name": "\ud800"}}',
        "toml": 'framework = "everything@2026"\n[organisation]\nname = "\ud800"\n',
    }[kind]
    with pytest.raises(InvalidFile) as caught:
        parse_assessment(text, catalogue=catalogue, kind=kind)
    assert [problem.code for problem in caught.value.problems] == ["F003"]
    str(caught.value).encode()
