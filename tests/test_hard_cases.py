"""The hard cases: one folder for each irregularity of a real board, as data. `hard_cases/README.md` explains the words that this file interprets."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from s11kit import (
    ActionPlan,
    Assessment,
    Catalogue,
    Framework,
    Graded,
    InvalidFile,
    NotApplicable,
    Problem,
    Rounding,
    S11Error,
    Score,
    Stated,
    carry_forward,
    check,
    compare,
    dump_assessment,
    dump_framework,
    load_assessment,
    load_framework,
    parse_assessment,
    plan,
    score,
)
from s11kit.errors import dotted
from s11kit.model import Item, Requirement
from s11kit.scoring import Tally

HERE = Path(__file__).parent / "hard_cases"
FOLDERS = sorted(folder for folder in HERE.iterdir() if folder.is_dir())


def read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


class Case:
    """One folder. Its frameworks and overlays form a catalogue, together with what s11kit ships."""

    def __init__(self, folder: Path, made: Path) -> None:
        self.folder, self.expected = folder, read(folder / "expected.toml")
        for file in sorted([*folder.glob("framework*.toml"), *folder.glob("overlay*.toml")]):
            head = read(file)
            place = made / head["id"] / head["edition"]
            place.mkdir(parents=True)
            shutil.copy(file, place / "framework.toml")
        self.catalogue = Catalogue.default(made)

    def load(self, stem: str) -> Framework | Assessment:
        file = self.folder / f"{stem}.toml"
        return load_assessment(file, catalogue=self.catalogue) if stem.startswith("assessment") else load_framework(file, catalogue=self.catalogue)

    def framework(self, stem: str) -> Framework:
        found = self.load(stem)
        assert isinstance(found, Framework)
        return found

    def assessment(self, stem: str) -> Assessment:
        found = self.load(stem)
        assert isinstance(found, Assessment)
        return found


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Case]:
    """Opens a folder; each is prepared once."""
    opened: dict[Path, Case] = {}

    def open_(folder: Path) -> Case:
        if folder not in opened:
            opened[folder] = Case(folder, tmp_path_factory.mktemp(folder.name))
        return opened[folder]

    return open_


# what is said of a framework


def located(problems: Iterable[Problem]) -> list[str]:
    return sorted(f"{problem.code} {dotted(problem.path)}".strip() for problem in problems)


def of_items(view: Callable[[Framework, Item], Any]) -> Callable[[Framework, dict[str, Any]], Any]:
    return lambda framework, expected: {ref: view(framework, framework.item(ref)) for ref in expected}


def descriptors(framework: Framework, item: Item) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for grade in item.scale.grades if item.scale else ():
        found = item.descriptor(grade.id)
        if found is not None:
            more = ({"cumulative": True} if found.cumulative else {}) | ({"notes": dict(found.notes)} if found.notes else {})
            out[grade.id] = {"text": found.text, **more} if more else found.text
    return out


def demands(framework: Framework, item: Item) -> dict[str, list[str]]:
    both: tuple[tuple[str, Requirement | None], ...] = (("evidence", item.requirements.evidence), ("action", item.requirements.action))
    grades = [grade.id for grade in item.scale.grades] if item.scale else []
    said = {grade: [f"{name} {level}" for name, found in both if found is not None and (level := found.level(grade))] for grade in grades}
    return {grade: words for grade, words in said.items() if words}


def codes(framework: Framework, expected: object) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {}
    for scale in framework.scales:
        known = {grade.code for grade in scale.grades if grade.code is not None}
        out[scale.id] = {code: found.id for code in known if (found := scale.grade_by_code(code)) is not None}
        if scale.not_applicable is not None and scale.not_applicable.code is not None:
            out[scale.id][scale.not_applicable.code] = "not applicable"
    return out


def asks(framework: Framework, item: Item) -> list[str]:
    takes_value = item.takes_answer and not item.plain
    return [word for word, so in (("grade", item.takes_grade), ("value", takes_value)) if so]


def counts(framework: Framework, expected: object) -> dict[str, dict[str, int]]:
    both = (("documented", framework.documented_count), ("shipped", framework.shipped_count))
    return {name: {key: n for key in ("standards", "statements") if (n := getattr(found, key)) is not None} for name, found in both}


def inverse(framework: Framework, expected: dict[str, Any]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for statement in framework.statements:
        for reference in statement.references:
            out.setdefault(f"{reference.set} {reference.ref}", []).append(statement.ref)
    return out


def changed(framework: Framework, expected: object) -> dict[str, str]:
    return {change.ref: change.meaning for layer in framework.layers for change in layer.changed}


def removed(framework: Framework, expected: object) -> dict[str, str]:
    return {ref: reason for layer in framework.layers for ref, reason in layer.removed.items()}


def cycle(framework: Framework, expected: object) -> dict[str, str]:
    return {key: value for key in ("pattern", "period") if (value := getattr(framework.cycle, key)) is not None}


def weights(framework: Framework, item: Item) -> dict[str, Any]:
    node: Any = item.node
    return {criterion.ref: criterion.weight for criterion in node.criteria}


def alternatives(framework: Framework, item: Item) -> list[dict[str, Any]]:
    node: Any = item.node
    return [{"without": list(found.without), "weights": dict(found.weights)} for found in node.alternative_weights]


def time_limit(framework: Framework, item: Item) -> str | None:
    node: Any = item.node
    return node.time_limit.sentence if node.time_limit else None


def attachments(framework: Framework, item: Item) -> str:
    return (item.requirements.evidence and item.requirements.evidence.attachments) or "optional"


OF_A_FRAMEWORK: dict[str, Callable[[Framework, Any], Any]] = {
    "order": lambda framework, _: {scale.id: [grade.id for grade in scale.grades] for scale in framework.scales},
    "printed": lambda framework, _: {scale.id: [grade.id for grade in scale.printed] for scale in framework.scales},
    "codes": codes,
    "minimum": lambda framework, _: {scale.id: scale.minimum for scale in framework.scales if scale.minimum},
    "meanings": lambda framework, _: {grade.id: grade.meaning for scale in framework.scales for grade in scale.grades if grade.meaning},
    "descriptors": of_items(descriptors),
    "requirements": of_items(demands),
    "attachments": of_items(attachments),
    "refs": lambda framework, _: list(framework.items),
    "asks": of_items(asks),
    "counts": counts,
    "labels": lambda framework, _: {level: framework.label(level) for level in ("standard", "statement")},
    "boards": lambda framework, _: {board.id: board.name for board in framework.boards},
    "duties": lambda framework, _: list(framework.duties),
    "cycle": cycle,
    "weights": of_items(weights),
    "alternative_weights": of_items(alternatives),
    "references": of_items(lambda _, item: [f"{found.set} {found.ref}" for found in item.node.references]),  # type: ignore[union-attr]
    "inverse_references": inverse,
    "time_limits": of_items(time_limit),
    "set_by": of_items(lambda framework, item: framework.layer_of(item.ref)),
    "changed": changed,
    "removed": removed,
    "provenance": of_items(lambda _, item: f"{item.provenance.mark}, worded {item.provenance.wording}"),
}


# what is said of an assessment


def flat(tallies: Iterable[Tally]) -> Iterator[Tally]:
    for tally in tallies:
        yield tally
        yield from flat(tally.standards)


def cells(tally: Tally) -> dict[str, int]:
    named = {**tally.grades, "not_applicable": tally.not_applicable, "unanswered": tally.unanswered}
    named |= {"other_answered": tally.other_answered, "other_unanswered": tally.other_unanswered}
    return {"statements": tally.statements} | {name: number for name, number in named.items() if number}


def table(found: Score) -> dict[str, dict[str, int]]:
    return {str(tally.ref): cells(tally) for tally in flat(found.tally)} | {"total": cells(found.total)}


def tally_of(found: Score, name: str) -> Tally:
    return found.total if name == "total" else found.standard(name)


def shares(assessment: Assessment, expected: dict[str, Any]) -> dict[str, Any]:
    found = score(assessment)
    return {
        name: {grade: {base: str(tally_of(found, name).share(grade, base=base)) for base in bases} for grade, bases in grades.items()}
        for name, grades in expected.items()
    }


def printed_shares(assessment: Assessment, expected: dict[str, Any]) -> dict[str, Any]:
    found = score(assessment)

    def shown(name: str, grade: str, nearest: str) -> str:
        share = tally_of(found, name).share(grade, base="applicable")
        assert share is not None
        return Rounding(nearest=Fraction(nearest)).text(share * 100)

    return {
        name: {grade: {nearest: shown(name, grade, nearest) for nearest in steps} for grade, steps in grades.items()}
        for name, grades in expected.items()
    }


def said(assessment: Assessment, ref: str) -> str:
    answer = assessment.answer(ref)
    if isinstance(answer, Graded):
        return answer.grade
    if isinstance(answer, Stated):
        return str(answer.value)
    return "not applicable" if isinstance(answer, NotApplicable) else "unanswered"


def rows(made: ActionPlan) -> list[list[Any]]:
    return [[row.ref or "", row.level or "", len(row.actions)] for row in made.rows]


def filled(made: ActionPlan) -> dict[str, list[list[str]]]:
    out: dict[str, list[list[str]]] = {}
    for row in made.to_dict()["rows"]:
        out[row["ref"] or ""] = [sorted(name for name, value in action["fields"].items() if value is not None) for action in row["actions"]]
    return out


Told = Callable[[Assessment, Any, Any], Any]
OF_AN_ASSESSMENT: dict[str, Told] = {
    "not_scorable": lambda assessment, expected, on: refusal(lambda: score(assessment)),
    "tally": lambda assessment, expected, on: table(score(assessment)),
    "tally_by_role": lambda assessment, expected, on: {role: table(score(assessment, role=role)) for role in expected},
    "tally_by_dimension": lambda assessment, expected, on: {name: table(score(assessment, dimension=name)) for name in expected},
    "completeness": lambda assessment, expected, on: str(score(assessment).completeness),
    "out_of_scope": lambda assessment, expected, on: list(score(assessment).out_of_scope),
    "shares": lambda assessment, expected, on: shares(assessment, expected),
    "printed_shares": lambda assessment, expected, on: printed_shares(assessment, expected),
    "answers": lambda assessment, expected, on: {ref: said(assessment, ref) for ref in expected},
    "receivers": lambda assessment, expected, on: list(assessment.receivers()),
    "actions_due": lambda assessment, expected, on: plan(assessment).due,
    "actions_wanting": lambda assessment, expected, on: [row.ref for row in plan(assessment).wanting],
    "plan": lambda assessment, expected, on: rows(plan(assessment)),
    "plan_of_all": lambda assessment, expected, on: rows(plan(assessment, include="all")),
    "plan_by_role": lambda assessment, expected, on: {role: rows(plan(assessment, role=role)) for role in expected},
    "filled": lambda assessment, expected, on: filled(plan(assessment, include="all")),
    "overdue": lambda assessment, expected, on: [row.ref for row, _ in plan(assessment, on=on).overdue],
    "bound": lambda assessment, expected, on: {ref: assessment.binds(ref) for ref in expected},
    "criteria_in_scope": lambda assessment, expected, on: {ref: [criterion.ref for criterion in assessment.criteria(ref)] for ref in expected},
}


def refusal(act: Callable[[], object]) -> list[str]:
    try:
        act()
    except S11Error as error:
        return located(error.problems)
    return []


# what is said of several files


def compared(case: Case, told: dict[str, Any]) -> dict[str, Any]:
    before, after = (score(case.assessment(told[when]), role=told.get(f"{when}_role", "self")) for when in ("before", "after"))
    if "refused" in told:
        return {"refused": refusal(lambda: compare(before, after))}
    found = compare(before, after)
    return {"directions": {change.ref: change.direction for change in found.changes}}


def carried(case: Case, told: dict[str, Any]) -> dict[str, Any]:
    last, onto = case.assessment(told["from"]), case.catalogue.framework(told["onto"]) if "onto" in told else None
    if "refused" in told:
        return {"refused": refusal(lambda: carry_forward(last, cycle=told["cycle"], framework=onto))}
    found = carry_forward(last, cycle=told["cycle"], framework=onto)
    return {
        "answers": {item.ref: said(found, item.ref) for item in found.framework.answerable},
        "actions": {ref: len(entry.actions) for ref, entry in found.answers.items()},
        "loose": [action.text("carried_from") or "" for action in found.actions],
        "problems": located(check(found)),
    }


OF_SEVERAL: dict[str, tuple[Callable[[Case, dict[str, Any]], dict[str, Any]], tuple[str, ...]]] = {
    "compare": (compared, ("before", "before_role", "after", "after_role")),
    "carry_forward": (carried, ("from", "onto", "cycle")),
}
SETTINGS = ("on",)


def facts() -> Iterator[Any]:
    for folder in FOLDERS:
        for stem, told in read(folder / "expected.toml").items():
            if stem in OF_SEVERAL:
                yield from (pytest.param(folder, stem, number, id=f"{folder.name}:{stem}[{number + 1}]") for number in range(len(told)))
            elif isinstance(told, dict):
                yield from (
                    pytest.param(folder, stem, key, id=f"{folder.name}:{stem}.{key}")
                    for key in dict.fromkeys(("problems", *told))
                    if key not in SETTINGS
                )


def without_zeros(value: Any) -> Any:
    """A tally as it is written in a case: what is not named is none."""
    if isinstance(value, dict) and "statements" in value:
        return {key: number for key, number in value.items() if number or key == "statements"}
    return {key: without_zeros(inner) for key, inner in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(("folder", "stem", "key"), list(facts()))
def test_the_case_is_as_expected(folder: Path, stem: str, key: str | int, case: Callable[[Path], Case]) -> None:
    """What s11kit says of a hard case is what the case means."""
    opened = case(folder)
    if isinstance(key, int):
        act, inputs = OF_SEVERAL[stem]
        told = opened.expected[stem][key]
        assert {name: value for name, value in told.items() if name not in inputs} == act(opened, told)
        return
    told = opened.expected[stem]
    if key == "problems":
        assert sorted(told.get("problems", [])) == found_in(opened, stem, told.get("on"))
        return
    expected, subject = told[key], opened.load(stem)
    if isinstance(subject, Framework):
        assert expected == OF_A_FRAMEWORK[key](subject, expected)
    elif key.startswith("tally"):
        assert without_zeros(expected) == OF_AN_ASSESSMENT[key](subject, expected, told.get("on"))
    else:
        assert expected == OF_AN_ASSESSMENT[key](subject, expected, told.get("on"))


def found_in(opened: Case, stem: str, on: Any) -> list[str]:
    """Everything that loading or checking a file finds, of any severity."""
    try:
        return located(check(opened.load(stem), on=on))
    except InvalidFile as error:
        return located(error.problems)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_case_says_what_it_is_about(folder: Path) -> None:
    """Each file names the hard case in its first line, and the expectation says which wrong program it catches and speaks of every file."""
    number = int(folder.name[:2])
    files = sorted(file for file in folder.iterdir() if file.suffix == ".toml")
    assert {file.name: True for file in files} == {
        file.name: file.read_text(encoding="utf-8").startswith(f"# Hard case {number}: ") for file in files
    }
    expected = read(folder / "expected.toml")
    assert expected.pop("catches").strip()
    assert {file.stem for file in files} - {"expected"} == set(expected) - set(OF_SEVERAL)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_in_the_case_is_lost_by_writing_it(folder: Path, case: Callable[[Path], Case], tmp_path: Path) -> None:
    """Every sound file of a hard case, written and read again, is the same value."""
    opened = case(folder)
    for stem in sorted(set(opened.expected) - set(OF_SEVERAL) - {"catches"}):
        try:
            found = opened.load(stem)
        except InvalidFile:
            continue
        if isinstance(found, Assessment):
            for kind in ("toml", "json"):
                again = parse_assessment(dump_assessment(found, kind=kind), catalogue=opened.catalogue, kind=kind)
                assert (again.answers, again.actions, again.organisation) == (found.answers, found.actions, found.organisation)
        elif not found.layers:
            written = tmp_path / f"{stem}.toml"
            written.write_text(dump_framework(found), encoding="utf-8")
            assert load_framework(written, catalogue=opened.catalogue) == found


def test_the_page_of_hard_cases_agrees_with_the_folders(repository: Path) -> None:
    """The page names all 44 hard cases in order, and exactly the folders that there are."""
    page = (repository / "docs" / "explanation" / "hard-cases.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d+) \|.*$", page, flags=re.MULTILINE)
    assert [str(number) for number in range(1, 45)] == lines
    assert [folder.name for folder in FOLDERS] == re.findall(r"^\| \d+ \|.*`(\d\d-[a-z0-9-]+)`.*\|$", page, flags=re.MULTILINE)
