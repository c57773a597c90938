"""The shipped JSON Schemas agree with the loader: an editor that knows them never complains of a sound file, nor of more than the loader does."""

from __future__ import annotations

import copy
import datetime
import json
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from s11kit import Catalogue, InvalidFile, check, dump_assessment, load_assessment, load_framework
from s11kit.codec import dump_scale, json_schema, json_text, load_scale
from s11kit.codec.schema import KINDS, Kind, generate
from s11kit.errors import CODES

HERE = Path(__file__).parent
CONTENT = HERE.parent / "frameworks"
SEEDS = HERE / "fuzz" / "seeds"


@cache
def validator(kind: Kind) -> Draft202012Validator:
    return Draft202012Validator(json_schema(kind))


def complaints(kind: Kind, data: object) -> list[str]:
    """What an independent validator says of some data, each with its place."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(kind).iter_errors(as_json(data))]


def as_json(value: Any) -> Any:
    """What TOML holds, as JSON holds it: dates as text, year first."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def plain(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal) if file.suffix == ".toml" else json.loads(text, parse_float=Decimal)


def kind_of(file: Path) -> Kind:
    if file.parent == HERE / "rules":
        return "framework"
    name = file.name if file.parent.name != "examples" else "assessment"
    return "scale" if name == "scale.toml" else "framework" if name.startswith(("framework", "overlay")) else "assessment"


INCOMPLETE = {code for code in CODES if code[0] in "AOR"}
"""What is wrong with an assessment that has been read: the schema cannot know it."""
FILES = sorted(
    [
        *CONTENT.glob("*/*/framework.toml"),
        *CONTENT.glob("*/*/examples/*.toml"),
        *CONTENT.glob("scales/*/*/scale.toml"),
        *(HERE / "plugin").glob("src/*/frameworks/*/*/framework.toml"),
        *(file for file in HERE.glob("hard_cases/*/*.toml") if file.name != "expected.toml"),
        *SEEDS.rglob("*.toml"),
        HERE / "rules" / "twenty.toml",
    ]
)


def named(file: Path) -> str:
    return "/".join(file.relative_to(HERE.parent).parts[-3:])


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """What s11kit ships, and every framework that a test file needs, each in a folder of its own."""
    return make_catalogue(tmp_path_factory.mktemp("frameworks"))


def make_catalogue(made: Path) -> Catalogue:
    for file in FILES:
        if kind_of(file) == "framework" and CONTENT not in file.parents and SEEDS / "frameworks" not in file.parents:
            head = plain(file)
            place = made / head["id"] / head["edition"]
            place.mkdir(parents=True, exist_ok=True)
            (place / "framework.toml").write_bytes(file.read_bytes())
    return Catalogue.default(made, SEEDS / "frameworks")


def refusals(kind: Kind, file: Path, catalogue: Catalogue) -> list[str]:
    """The codes with which the loader refuses a file; of an assessment, also the errors that checking finds, such as a grade that is none."""
    try:
        if kind == "scale":
            load_scale(file)
        elif kind == "framework":
            load_framework(file, catalogue=catalogue)
        else:
            return [problem.code for problem in check(load_assessment(file, catalogue=catalogue)) if problem.severity == "error"]
    except InvalidFile as error:
        return [problem.code for problem in error.problems]
    return []


# the schemas themselves


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_up_to_date(kind: Kind) -> None:
    """The schema that ships is the one made from the model as it is now; if not, run `nox -s schemas`."""
    assert generate(kind) == json_schema(kind)
    text = (files("s11kit") / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert json.dumps(generate(kind), indent=2, ensure_ascii=False) + "\n" == text


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_schema(kind: Kind) -> None:
    """Each schema is valid by the rules of draft 2020-12, and every definition in it is used."""
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    assert [name for name in schema["$defs"] if f'"#/$defs/{name}"' not in text] == []


def test_there_is_no_schema_of_another_kind() -> None:
    """A kind that does not exist is a `KeyError`, never a file of that name."""
    for kind in ("mapping", "../framework", ""):
        with pytest.raises(KeyError):
            json_schema(kind)  # type: ignore[arg-type]


def test_a_schema_may_be_changed_by_who_asked_for_it() -> None:
    """Each call hands out a copy of its own."""
    json_schema("scale")["title"] = "spoilt"
    assert json_schema("scale")["title"] == "s11kit scale file"


# files


@pytest.mark.parametrize("file", FILES, ids=named)
def test_what_the_loader_accepts_the_schema_accepts(file: Path, catalogue: Catalogue) -> None:
    """No editor complains of a shipped framework, an example or a hard case that the loader takes."""
    kind = kind_of(file)
    if not set(refusals(kind, file, catalogue)) - INCOMPLETE:
        assert complaints(kind, plain(file)) == []


@pytest.mark.parametrize("file", [file for file in FILES if kind_of(file) == "assessment"], ids=named)
def test_what_the_library_writes_as_json_the_schema_accepts(file: Path, catalogue: Catalogue) -> None:
    """An assessment written as JSON, or as TOML, is valid by the schema of assessments."""
    if not set(refusals("assessment", file, catalogue)) - INCOMPLETE:
        made = load_assessment(file, catalogue=catalogue)
        assert complaints("assessment", json.loads(dump_assessment(made, kind="json"))) == []
        assert complaints("assessment", tomllib.loads(dump_assessment(made))) == []


def test_a_written_scale_is_valid(catalogue: Catalogue) -> None:
    """A shared scale, written, is valid by the schema of scales."""
    for name in catalogue.scale_names:
        text = dump_scale(catalogue.shared_scale(name), edition=name.split("@")[1])
        assert complaints("scale", tomllib.loads(text, parse_float=Decimal)) == []


# mistakes


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


def _without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


def _rule(*steps: dict[str, Any], **more: Any) -> Callable[[dict[str, Any]], None]:
    return _set("rule", to=[{"id": "overall", "steps": list(steps), **more}])


STATEMENT = ("standard", 0, "statement", 0)
MISTAKES: list[tuple[Kind, str, Callable[[dict[str, Any]], None], str]] = [
    ("framework", "unknown key at the top", _set("titel", to="x"), "K001"),
    ("framework", "unknown key in a statement", _set(*STATEMENT, "txet", to="x"), "K001"),
    ("framework", "unknown key in a condition", _set("binding_when", to={"knd": ["school"]}), "K001"),
    ("framework", "unknown key in a grade", _set("scale", 0, "grades", 0, "color", to="red"), "K001"),
    ("framework", "unknown label", _set("labels", "statment", to="x"), "K001"),
    ("framework", "no format", _without("format"), "F007"),
    ("framework", "another format", _set("format", to="s11kit.assessment/1"), "F008"),
    ("framework", "a newer format", _set("format", to="s11kit.framework/2"), "F009"),
    ("framework", "no title", _without("title"), "K002"),
    ("framework", "no id", _without("id"), "K002"),
    ("framework", "no reference", _without(*STATEMENT, "ref"), "K002"),
    ("framework", "no text", _without(*STATEMENT, "text"), "K002"),
    ("framework", "no order", _without("scale", 0, "order"), "K002"),
    ("framework", "no label of a grade", _without("scale", 0, "grades", 0, "label"), "K002"),
    ("framework", "neither grades nor steps", _without("scale", 0, "grades"), "K002"),
    ("framework", "grades and steps", _set("scale", 0, "steps", to={"from": 0, "to": 10, "step": 1}), "K011"),
    ("framework", "one grade alone", _set("scale", 0, "grades", to=[{"id": "only", "label": "Only"}]), "S001"),
    ("framework", "a number for text", _set("title", to=2026), "K003"),
    ("framework", "text for a list", _set("duties", to="children-act-2004-s11"), "K003"),
    ("framework", "a list for a table", _set("labels", to=["part"]), "K003"),
    ("framework", "a number for yes or no", _set("voluntary", to=1), "K003"),
    ("framework", "a part of a number", _set("documented_count", to={"standards": 1.5}), "K003"),
    ("framework", "text in a table's place", _set("scale", 0, "not_applicable", to="n/a"), "K003"),
    ("framework", "unknown word", _set("status", to="finished"), "K004"),
    ("framework", "unknown kind of statement", _set(*STATEMENT, "kind", to="essay"), "K004"),
    ("framework", "unknown pattern", _set("cycle", "pattern", to="monthly"), "K004"),
    ("framework", "id in capitals", _set("id", to="Our Board"), "K005"),
    ("framework", "id that is a path", _set("id", to="../../etc"), "K005"),
    ("framework", "id that is too long", _set("id", to="a" * 81), "K005"),
    ("framework", "reference with a blank", _set(*STATEMENT, "ref", to="1 1"), "K006"),
    ("framework", "reference that is a number", _set(*STATEMENT, "ref", to=1.1), "K003"),
    ("framework", "condition that asks nothing", _set("binding_when", to={}), "K011"),
    ("framework", "empty list of tests", _set("binding_when", to={"both": []}), "K011"),
    ("framework", "a number that is none", _set(*STATEMENT, "weights", to={"weight": "heavy"}), "K009"),
    ("framework", "a scale that is used and written", _set("scale", 2, "title", to="x"), "K001"),
    ("framework", "extends what is no name", _set("extends", to="somewhere"), "K007"),
    ("framework", "rule without steps", _set("rule", to=[{"id": "r"}]), "K002"),
    ("framework", "empty list of steps", _rule(), "K010"),
    ("framework", "unknown key in a rule", _rule({"id": "s", "op": "min", "over": "all"}, reslt="number"), "K001"),
    ("framework", "unknown treatment of blanks", _rule({"id": "s", "op": "min", "over": "all"}, unanswered="zero"), "K004"),
    ("framework", "unknown verdict", _rule({"id": "s", "op": "min", "over": "all"}, expect={"monotone": "yes"}), "K004"),
    ("framework", "step without id", _rule({"op": "min", "over": "all"}), "K002"),
    ("framework", "step without operator", _rule({"id": "s", "over": "all"}), "K002"),
    ("framework", "unknown key of an operator", _rule({"id": "s", "op": "min", "over": "all", "weight": "w"}), "K001"),
    ("framework", "missing key of an operator", _rule({"id": "s", "op": "mode", "over": "all"}), "K002"),
    ("framework", "unknown word of an operator", _rule({"id": "s", "op": "round", "of": "x", "places": 1, "mode": "nearest"}), "K004"),
    ("framework", "a value that is one number", _rule({"id": "s", "op": "mean", "over": "all", "value": 1}), "K003"),
    ("framework", "a pick that picks nothing", _rule({"id": "s", "op": "order", "over": "all", "pick": "median"}), "K004"),
    ("framework", "text that selects nothing", _rule({"id": "s", "op": "min", "over": "key"}), "K003"),
    ("framework", "unknown key of a selection", _rule({"id": "s", "op": "min", "over": {"tags": "key"}}), "K001"),
    ("framework", "a list to compare with", _rule({"id": "s", "op": "all", "over": "all", "at_least": ["met"]}), "K003"),
    ("framework", "yes without is", _rule({"id": "s", "op": "all", "over": "all", "at_least": True}), "K011"),
    ("framework", "a test of organisations", _rule({"id": "s", "op": "cap", "of": "x", "at": "met", "when": {"kind": ["school"]}}), "K011"),
    ("framework", "a test of nothing", _rule({"id": "s", "op": "cap", "of": "x", "at": "met", "when": {}}), "K011"),
    ("framework", "a plan that covers nothing", _rule({"id": "s", "op": "cap", "of": "x", "at": "met", "when": {"plan": "done"}}), "K002"),
    ("framework", "exception without reason", _rule({"id": "s", "op": "min", "over": "all", "except": [{"tag": "x", "leave_out": True}]}), "K002"),
    ("scale", "unknown key", _set("colour", to="red"), "K001"),
    ("scale", "no format", _without("format"), "F007"),
    ("scale", "no order", _without("order"), "K002"),
    ("scale", "unknown order", _set("order", to="upwards"), "K004"),
    ("scale", "bad id", _set("id", to="Five Steps"), "K005"),
    ("scale", "a number for text", _set("grades", 0, "code", to=5), "K003"),
    ("assessment", "no framework", _without("framework"), "K002"),
    ("assessment", "no organisation", _without("organisation"), "K002"),
    ("assessment", "no name", _without("organisation", "name"), "K002"),
    ("assessment", "a framework without edition", _set("framework", to="everything"), "K007"),
    ("assessment", "another format", _set("format", to="s11kit.framework/1"), "F008"),
    ("assessment", "text for a list", _set("organisation", "areas", to="north"), "K003"),
    ("assessment", "text for yes or no", _set("organisation", "statutory", to="yes"), "K003"),
    ("assessment", "a number for a grade", _set("answer", "1.1", "grade", to=3), "K003"),
    ("assessment", "an answer that is text", _set("answer", "1.1", to="met"), "K003"),
    ("assessment", "yes for a reason", _set("answer", "1.2", "not_applicable", to=True), "K003"),
    ("assessment", "a table for an action list", _set("answer", "1.1", "action", to={"lead": "x"}), "K003"),
    ("assessment", "an action that is text", _set("answer", "1.1", "action", to=["x"]), "K003"),
    ("assessment", "a number for impact", _set("answer", "1.1", "impact", to=1), "K003"),
    ("assessment", "a document without title", _set("answer", "1.1", "evidence", "documents", to=[{"kept": "x"}]), "K002"),
    ("assessment", "an award that is no number", _set("answer", "1.3", "criterion", "a", "value", to="half"), "K009"),
    ("assessment", "a table for a value", _set("answer", "3.6", "value", to={"x": 1}), "K003"),
]
SOUND: dict[Kind, Path] = {
    "framework": SEEDS / "frameworks/everything/2026/framework.toml",
    "scale": SEEDS / "frameworks/scales/five-steps/1/scale.toml",
    "assessment": SEEDS / "assessment.toml",
}


@pytest.mark.parametrize(("kind", "what", "change", "code"), MISTAKES, ids=[f"{kind}: {what}" for kind, what, _, _ in MISTAKES])
def test_a_typical_mistake_is_refused_by_both(
    kind: Kind, what: str, change: Callable[[dict[str, Any]], None], code: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    """What the loader refuses by its shape the schema refuses as well, so that an editor says it while people type."""
    data = copy.deepcopy(plain(SOUND[kind]))
    change(data)
    file = tmp_path / f"{kind}.json"
    file.write_text(json_text(data), encoding="utf-8")
    assert code in refusals(kind, file, catalogue)
    assert complaints(kind, data) != []


# agreement


@pytest.mark.parametrize(
    "path",
    [
        ("cycle",), ("front_sheet",), ("action",), ("answer",), ("kept 1",), ("organisation", "kind"), ("organisation", "areas"),
        ("organisation", "name"),
        ("answer", "1.1"), ("answer", "1.1", "grade"), ("answer", "1.1", "evidence"), ("answer", "1.1", "action"), ("answer", "1.1", "by"),
        ("answer", "1.2", "not_applicable"), ("answer", "1.3", "criterion"), ("answer", "1.3", "criterion_weights"), ("answer", "3.2", "value"),
    ],
    ids=".".join,
)  # fmt: skip
def test_null_means_the_same_to_both(path: tuple[str, ...], catalogue: Catalogue, tmp_path: Path) -> None:
    """Where the loader reads `null` in an assessment as nothing said, the schema allows it, and nowhere else."""
    data = copy.deepcopy(plain(SOUND["assessment"]))
    _set(*path, to=None)(data)
    file = tmp_path / "assessment.json"
    file.write_text(json_text(data), encoding="utf-8")
    loaded = not set(refusals("assessment", file, catalogue)) - INCOMPLETE
    assert loaded == (complaints("assessment", data) == [])


@pytest.mark.parametrize("edition", [True, 2026, "Two", "../1", None, []])
def test_the_edition_of_a_scale_is_an_id_to_both(edition: object, catalogue: Catalogue, tmp_path: Path) -> None:
    """A scale file may name its edition; if it does, it is an id."""
    data = {**plain(SOUND["scale"]), "edition": edition}
    file = tmp_path / "scale.json"
    file.write_text(json_text(data), encoding="utf-8")
    assert complaints("scale", data) != []
    assert refusals("scale", file, catalogue) != []


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree: what holds it, and its key or number."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from nodes(value[key])


OTHERS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    3,
    Decimal("0.5"),
    10**40,
    "",
    " ",
    "x",
    "Not An Id",
    "1.1",
    "1..1",
    "../x",
    "a" * 100,
    "everything@2026",
    "met",
    "2026-03-31",
    "31/03/2026",
    "1/3",
    "half",
    [],
    ["x"],
    [1],
    [{}],
    {},
    {"x": 1},
    {"id": "x"},
    {"ref": "1.1", "text": "t"},
    {"kind": ["school"]},
    {"any": {"over": "all", "is": "met"}},
]
NEW_KEYS = [
    "x",
    "titel",
    "title",
    "text",
    "ref",
    "id",
    "grade",
    "evidence",
    "note",
    "source",
    "standard",
    "scale",
    "use",
    "answer",
    "value",
    "k",
    "",
    "extends",
]


def sound() -> list[tuple[Kind, dict[str, Any]]]:
    """The files that are changed: the seeds that hold every key more often, the largest with one of its standards alone."""
    out: list[tuple[Kind, dict[str, Any]]] = []
    for file in FILES:
        data, kind = plain(file), kind_of(file)
        if file.name == "framework.toml" and CONTENT in file.parents:
            data = {**data, "standard": data["standard"][:1]}
            data.pop("documented_count", None)
        for _ in range(8 if SEEDS in file.parents else 1):
            out.append((kind, data))
    return out


SOUND_FILES = sound()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one changed file after the other."""
    return tmp_path_factory.mktemp("changed")


@given(st.data())
def test_the_schema_never_refuses_what_the_loader_accepts(catalogue: Catalogue, place: Path, data: st.DataObject) -> None:
    """Change one value or key of a sound file: what the schema then refuses, the loader refuses. The loader, which knows more, may refuse more."""
    kind, before = data.draw(st.sampled_from(SOUND_FILES))
    changed = copy.deepcopy(as_json(before))
    holder, key = data.draw(st.sampled_from(list(nodes(changed))))
    how = data.draw(st.sampled_from(["replace", "delete", "rename", "add"]))
    if how == "replace":
        holder[key] = data.draw(st.sampled_from(OTHERS))
    elif how == "delete" or not isinstance(holder, dict):
        del holder[key]
    elif how == "rename":
        holder[data.draw(st.sampled_from(NEW_KEYS))] = holder.pop(key)
    else:
        holder[data.draw(st.sampled_from(NEW_KEYS))] = data.draw(st.sampled_from(OTHERS))
    said = complaints(kind, changed)
    if said:
        file = place / f"{kind}.json"
        file.write_text(json_text(changed), encoding="utf-8")
        assert refusals(kind, file, catalogue) != [], said
