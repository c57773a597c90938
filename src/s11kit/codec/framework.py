"""Reading and writing frameworks and shared scales. Everything wrong with a file is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from s11kit import model
from s11kit._frozen import is_list, is_table
from s11kit._ids import is_id, kebab, split_name
from s11kit.checking import check
from s11kit.codec.converter import structure
from s11kit.codec.document import Document, Source, read, within
from s11kit.codec.faults import MISSING, shown
from s11kit.codec.plain import unstructure
from s11kit.codec.writing import toml_rules, toml_text
from s11kit.errors import InvalidFile, Path, Problem, S11Error, in_order

__all__ = ["dump_framework", "dump_scale", "framework_from", "load_framework", "load_scale", "scale_from"]

FRAMEWORK_FORMAT = "s11kit.framework/1"
SCALE_FORMAT = "s11kit.scale/1"
MOST_STATEMENTS = 20_000
MOST_SCALES = 100
OVERLAY_TABLES = ("remove", "change", "statement")


def load_framework(source: Source, *, catalogue: model.Frameworks | None = None) -> model.Framework:
    """Read a framework or an overlay from a TOML file.

    `catalogue` is where the framework it `extends` and the scales it uses are found. `InvalidFile` holds every error of the file; warnings and
    hints do not stop it from loading, ask `check` for them.
    """
    return framework_from(read(source), catalogue=catalogue)


def framework_from(document: Document, *, catalogue: model.Frameworks | None = None) -> model.Framework:
    """A framework from a parsed file; see `load_framework`."""
    from s11kit.codec.overlay import overlaid  # an overlay is made of the parts of this module

    problems = head_problems(document.data, FRAMEWORK_FORMAT)
    if any(problem.code in ("F008", "F009") for problem in problems):
        raise InvalidFile(problem.located(document) for problem in problems)
    too_many = _too_many(document.data)
    if too_many:
        raise InvalidFile([too_many.located(document)])
    data = {key: value for key, value in document.data.items() if key != "format"}
    if "extends" in data:
        return overlaid(document, data, problems, catalogue)
    for key in OVERLAY_TABLES:
        if key in data:
            hint = (
                'add extends = "id@edition" at the top'
                if key != "statement"
                else 'write [[standard.statement]] below its standard, or add extends = "id@edition"'
            )
            problems.append(
                Problem(code="K001", message=f"'{key}' belongs to an overlay, and this file extends nothing", hint=hint, path=(key,), on_key=True)
            )
            del data[key]
    data = with_shared_scales(data, catalogue, problems)
    made, faults, dropped = structure(data, model.Framework)
    if made is MISSING:
        made, faults = _with_placeholders(data, faults)
    problems += faults
    if made is not MISSING:
        problems += consequences(made, faults, dropped, document.data)
    finish(problems, document)
    framework: model.Framework = attrs.evolve(made, origin=document)
    return framework


_OF_THE_WHOLE = frozenset({"S001", "S004", "S005", "S009", "S011", "S013", "S019", "S028"})
"""Findings about a table as a whole: while a part of it is faulty, they would only echo that fault."""


def consequences(made: model.Framework, faults: list[Problem], dropped: list[Path], data: dict[str, Any]) -> list[Problem]:
    """The errors that `check` finds in what could be made of a file, less those that only follow from its faults; paths are as in the file."""
    damaged = names_in(faults, dropped, data)
    found: list[Problem] = []
    for problem in check(made):
        if problem.severity != "error" or problem.about in damaged:
            continue
        problem = attrs.evolve(problem, path=_as_in_file(problem.path, dropped))
        if of_a_faulty_step(problem.path, faults, dropped):
            continue
        if not (problem.code in _OF_THE_WHOLE and any(fault.path[: len(problem.path)] == problem.path for fault in faults)):
            found.append(problem)
    return found


def of_a_faulty_step(path: Path, faults: list[Problem], dropped: list[Path]) -> bool:
    """Whether a finding is about a rule that lost a step, or about a step (or another key of a rule) that is faulty itself."""
    if path[:1] != ("rule",):
        return False
    known = 4 if path[2:3] == ("steps",) else 3
    return any(gone[:2] == path[:2] for gone in dropped) or any(fault.path[:known] == path[:known] for fault in faults if len(fault.path) > 1)


def _as_in_file(path: Path, dropped: list[Path]) -> Path:
    """A path of what was made, as a path of the file, where lists hold the items as well that had to be dropped."""
    out: Path = ()
    for step in path:
        if isinstance(step, int):
            for gone in sorted(p[-1] for p in dropped if p[:-1] == out and isinstance(p[-1], int)):
                step += gone <= step
        out = (*out, step)
    return out


def finish(problems: Iterable[Problem], locator: Any) -> None:
    """Raise everything that was found, located and in order; nothing if there is no error in it."""
    located = in_order(problem.located(locator) for problem in problems)
    if any(problem.severity == "error" for problem in located):
        raise InvalidFile(_without_echoes(located))


def _without_echoes(problems: tuple[Problem, ...]) -> list[Problem]:
    """Leave out what only repeats another finding: the same path and code twice."""
    return list({(problem.path, problem.code, problem.message): problem for problem in reversed(problems)}.values())[::-1]


def head_problems(data: dict[str, Any], expected: str, *, optional: bool = False) -> list[Problem]:
    """What is wrong with the `format` of a file: missing, of another kind of file, or newer than this library."""
    found = data.get("format")
    if found is None:
        if optional:
            return []
        return [Problem(code="F007", message="this file does not say what it is", hint=f'begin it with format = "{expected}"')]
    if found == expected:
        return []
    kind, number = expected.split("/")
    newer = re.fullmatch(re.escape(kind) + r"/(\d{1,9})", found) if isinstance(found, str) else None
    if newer and int(newer[1]) > int(number):
        message = f"this file is written in a newer form ({found}) than this version of s11kit reads ({expected})"
        return [Problem(code="F009", message=message, hint="update s11kit; nothing in the file was changed", path=("format",))]
    said = f"'{found[:60]}'" if isinstance(found, str) else "something else"
    return [
        Problem(
            code="F008",
            message=f"this file should say '{expected}', it says {said}",
            hint=f'write format = "{expected}", if it is one',
            path=("format",),
        )
    ]


def _too_many(data: dict[str, Any]) -> Problem | None:
    """More standards and statements than any audit has."""
    if is_list(data.get("scale")) and len(data["scale"]) > MOST_SCALES:
        return Problem(code="F011", message=f"this file defines more than {MOST_SCALES} scales", path=("scale",), on_key=True)
    count, heap = 0, [data]
    while heap:
        table = heap.pop()
        for key in ("standard", "statement"):
            items = table.get(key)
            if is_list(items):
                count += len(items)
                heap += [item for item in items if is_table(item)]
        if count > MOST_STATEMENTS:
            return Problem(code="F011", message=f"this file holds more than {MOST_STATEMENTS:,} standards and statements")
    return None


def with_shared_scales(data: dict[str, Any], catalogue: model.Frameworks | None, problems: list[Problem]) -> dict[str, Any]:
    """`[[scale]]` tables that say `use` are replaced by the shared scale they name."""
    scales = data.get("scale")
    if not is_list(scales):
        return data
    out: list[Any] = []
    for place, table in enumerate(scales):
        if not (is_table(table) and "use" in table):
            out.append(table)
            continue
        for key in table:
            if key != "use":
                message = f"a scale that is used as it is has no '{key}' of its own"
                problems.append(
                    Problem(code="K001", message=message, hint="leave it out, or write the whole scale here", path=("scale", place, key), on_key=True)
                )
        try:
            out.append(attrs.evolve(found_in(catalogue, table["use"]).shared_scale(table["use"]), used_from=table["use"]))
        except S11Error as error:
            problems += [elsewhere(problem, ("scale", place, "use")) for problem in error.problems]
    return {**data, "scale": out}


def found_in(catalogue: model.Frameworks | None, name: Any) -> model.Frameworks:
    """The catalogue, if there is one and `name` can be looked up in it at all."""
    if not isinstance(name, str) or split_name(name) is None:
        if isinstance(name, str) and catalogue is not None:
            catalogue.framework(name)  # it knows which names are near, and says so
        said = f"'{name[:60]}'" if isinstance(name, str) else "this"
        raise S11Error([Problem(code="K007", message=f"{said} does not name a framework", hint="write id@edition, such as 'somerset@2016'")])
    if catalogue is None:
        raise S11Error([Problem(code="R006", message=f"'{name}' cannot be looked up, because no catalogue was given")])
    return catalogue


_BROKEN = "what this file needs is broken"


def elsewhere(problem: Problem, path: Path) -> Problem:
    """A problem of another file, as seen from the place here that needs it."""
    if problem.place is None or problem.code == "O002":
        return attrs.evolve(problem, path=path, place=None)
    if problem.message.startswith(_BROKEN):
        return attrs.evolve(problem, path=path, place=None)
    where = ":".join(str(part) for part in (problem.place.file, problem.place.line) if part is not None)
    return attrs.evolve(problem, path=path, place=None, message=f"{_BROKEN}: {problem.message} ({where})")


def _with_placeholders(data: dict[str, Any], faults: list[Problem]) -> tuple[Any, list[Problem]]:
    """The framework with stand-ins for a broken head, so that the rest is checked as well; and all faults that this brought up."""
    made: Any = MISSING
    stand_ins = {"id": "unnamed", "edition": "undated", "title": "Untitled"}
    for _ in stand_ins:
        broken = {problem.path[0] for problem in faults if len(problem.path) == 1}
        data = {**data, **{key: value for key, value in stand_ins.items() if key not in data or key in broken}}
        made, more, _ = structure(data, model.Framework)
        faults = faults + [fault for fault in more if fault not in faults]
        if made is not MISSING:
            break
    return made, faults


def names_in(problems: Iterable[Problem], dropped: Iterable[Path], data: dict[str, Any]) -> frozenset[str]:
    """The ids and references that a file lost by its faults: of tables that had to be dropped, and those that are misspelt themselves."""
    names: set[str] = set()
    for path in dropped:
        names |= _names_below(within(data, path), whole=True)
    for problem in problems:
        if problem.path and problem.path[-1] in ("id", "ref"):
            names |= _names_below(within(data, problem.path[:-1]), whole=False)
    return frozenset(names)


def _names_below(table: Any, *, whole: bool) -> set[str]:
    """The id or reference of a table, and those of the tables in it."""
    if not is_table(table):
        return set()
    names = {table[key] for key in ("id", "ref") if isinstance(table.get(key), str)}
    names |= {kebab(name) for name in names}
    if whole:
        for key in ("standard", "statement", "grades", "criterion", "options", "steps"):
            inner: Any = table.get(key)
            for item in inner if is_list(inner) else []:
                names |= _names_below(item, whole=True)
    return names


def dump_framework(framework: model.Framework) -> str:
    """A framework as TOML that loads to an equal value. An overlay is written out whole: it extends nothing any more, and its layers are not kept."""
    head = unstructure(framework)
    rules = head.pop("rule", [])
    return toml_text({"format": FRAMEWORK_FORMAT, **head}) + toml_rules(rules)


def load_scale(source: Source) -> model.Scale:
    """Read a shared scale (`format = "s11kit.scale/1"`) from a TOML file; `InvalidFile` holds everything wrong with it."""
    return scale_from(read(source))


def scale_from(document: Document) -> model.Scale:
    """A shared scale from a parsed file; see `load_scale`. Its `edition` is the name of its folder and belongs to the catalogue."""
    problems = head_problems(document.data, SCALE_FORMAT)
    edition = document.data.get("edition", "1")
    if not isinstance(edition, str) or not is_id(edition):
        message = f"expected an id, got {shown(edition)}"
        problems.append(Problem(code="K005", message=message, path=("edition",), hint='write the name of its folder, such as edition = "2026"'))
    data = {key: value for key, value in document.data.items() if key not in ("format", "edition")}
    made, faults, _ = structure(data, model.Scale)
    finish(problems + faults, document)
    scale: model.Scale = made
    return scale


def dump_scale(scale: model.Scale, *, edition: str) -> str:
    """A shared scale as TOML."""
    return toml_text({"format": SCALE_FORMAT, "edition": edition, **unstructure(attrs.evolve(scale, used_from=None))})
