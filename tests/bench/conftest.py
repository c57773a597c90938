"""What the benches share, and the table at the end: every time as a ratio to a floor taken in the same run, by the fastest of many rounds."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from s11kit import Assessment, Catalogue, Framework, dump_framework
from s11kit.codec import json_text, toml_text

FRAMEWORKS = Path(__file__).parents[2] / "frameworks"
NAME = "cambridgeshire-peterborough@2017-19"

GOALS: dict[str, float | None] = {
    "import s11kit": 1.5,
    "load a framework": 1.5,
    "load a framework, plug-ins looked for": None,
    "load it again through the same catalogue": 0.01,
    "read, check and score: short texts": 6.0,
    "read, check and score: the example": 6.0,
    "score a loaded assessment": 4.0,
    "score with one rule": 6.0,
    "prove 60 statements, all laws": None,
    "prove 6 x 12 statements, all laws": None,
    "read, check and score: ten times the statements": 10.5,
    "score: ten times the statements": 10.5,
}
"""What is measured, in the order of the table, and the ratio it should stay below."""


@attrs.frozen
class Bench:
    """One thing to be timed: which row of the table it belongs to, and whether it is the floor of that row or the library's own part."""

    timer: Any

    def __call__(self, row: str, part: str, act: Callable[[], object], *, rounds: int = 50, repeat: int = 1) -> None:
        self.timer.extra_info.update(row=row, part=part)
        self.timer.pedantic(act, rounds=rounds, iterations=repeat, warmup_rounds=min(5, rounds))

    def fresh(self, row: str, part: str, act: Callable[[Any], object], make: Callable[[], object], *, rounds: int = 2_000) -> None:
        """Time what is done with a value that is made anew for each round."""
        self.timer.extra_info.update(row=row, part=part)
        self.timer.pedantic(act, setup=lambda: ((make(),), {}), rounds=rounds, iterations=1, warmup_rounds=20)


@pytest.fixture
def bench(benchmark: Any) -> Bench:
    return Bench(benchmark)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    made = Catalogue.of(FRAMEWORKS)
    made.framework(NAME)
    return made


@pytest.fixture(scope="session")
def framework(catalogue: Catalogue) -> Framework:
    return catalogue.framework(NAME)


@pytest.fixture(scope="session")
def tenfold(framework: Framework, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """A catalogue with a framework of ten times the standards and statements."""
    data = tomllib.loads(dump_framework(framework))
    data.pop("documented_count", None)
    standards = [standard for number in range(10) for standard in _numbered(framework, number)]
    folder = tmp_path_factory.mktemp("frameworks") / framework.id / framework.edition
    folder.mkdir(parents=True)
    (folder / "framework.toml").write_text(toml_text({**data, "standard": standards}), encoding="utf-8")
    return Catalogue.of(folder.parents[1])


def _numbered(framework: Framework, number: int) -> list[dict[str, Any]]:
    standards = tomllib.loads(dump_framework(framework))["standard"]
    for standard in standards:
        standard["ref"] = f"{number}-{standard['ref']}"
        standard.pop("documented_count", None)
        for statement in standard["statement"]:
            statement["ref"] = f"{number}-{statement['ref']}"
            statement["text"] += f" ({number})"
    return standards


def short(framework: Framework) -> bytes:
    """An assessment as JSON with a grade, evidence and its impact in a few words under each statement that applies."""
    answers = {
        item.ref: {"grade": "fully-met", "evidence": "Minutes of the board, May", "impact": "Concerns are heard sooner"}
        for item in framework.answerable
        if not item.conditions
    }
    organisation = {"name": "Fenside Youth Trust", "kind": "voluntary", "areas": ["cambridgeshire"]}
    return json_text({"framework": framework.name, "organisation": organisation, "answer": answers}).encode()


@pytest.fixture(scope="session")
def short_texts(framework: Framework) -> bytes:
    return short(framework)


@pytest.fixture(scope="session")
def short_texts_tenfold(tenfold: Catalogue) -> bytes:
    return short(tenfold.framework(NAME))


@pytest.fixture(scope="session")
def example(catalogue: Catalogue) -> Assessment:
    return catalogue.example(NAME, "both-areas")


# the table


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    least: dict[tuple[str, str], float] = {}
    for made in session.benchmarks if session is not None else []:
        if made.stats.rounds and "row" in made.extra_info:
            least[made.extra_info["row"], made.extra_info["part"]] = made.stats.min
    if not least:
        return
    terminalreporter.section("ratios to a floor taken in this run, by the fastest round")
    terminalreporter.write_line(f"{'what':<50}{'floor':>12}{'s11kit':>12}{'ratio':>9}{'goal':>9}")
    for row, goal in GOALS.items():
        floor, ours, bare = (least.get((row, part)) for part in ("floor", "ours", "bare"))
        if floor is None or ours is None:
            continue
        floor, ours = floor - (bare or 0), ours - (bare or 0)
        ratio, said = ours / floor, "" if goal is None else f"{goal:g} x"
        mark = "  missed" if goal is not None and ratio > goal else ""
        terminalreporter.write_line(f"{row:<50}{floor * 1e6:>9.1f} µs{ours * 1e6:>9.1f} µs{ratio:>7.2f} x{said:>9}{mark}")
