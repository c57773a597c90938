"""Overlays: a short list of changes to another framework, read as a framework of its own that remembers which file set each value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from s11kit import model
from s11kit._frozen import is_list, is_table
from s11kit.checking import check
from s11kit.codec.converter import structure
from s11kit.codec.document import Document
from s11kit.codec.faults import MISSING, unknown_key
from s11kit.codec.framework import elsewhere, finish, found_in, names_in, of_a_faulty_step, with_shared_scales
from s11kit.codec.plain import unstructure
from s11kit.codec.tables import fields_of
from s11kit.errors import Path, Place, Problem, S11Error, nearest
from s11kit.model.source import MARKS

__all__ = ["overlaid"]

_ARRAYS = {
    "scale": "scales", "board": "boards", "role": "roles", "dimension": "dimensions", "action_field": "action_fields", "source": "sources",
    "reference_set": "reference_sets", "sign_off": "sign_offs", "definition": "definitions", "decision": "decisions",
    "rule": "rule_definitions",
}  # fmt: skip
REMOVABLE = ("board", "scale", "role", "dimension", "action_field", "rule")
_CHILDREN = {"standard", "statement"}
_WORDS = {"text", "title", "descriptors", "help", "model_answer"}


@attrs.define
class _Overlay:
    """An overlay while it is being applied."""

    document: Document
    base: model.Framework
    result: model.Framework
    provenance: model.Provenance
    problems: list[Problem] = attrs.field(factory=list[Problem])
    removed: dict[str, str] = attrs.field(factory=dict[str, str])
    removed_at: dict[str, Path] = attrs.field(factory=dict[str, Path])
    added: dict[str, Path] = attrs.field(factory=dict[str, Path])
    changed: dict[str, tuple[Path, model.LayerChange]] = attrs.field(factory=dict[str, tuple[Path, model.LayerChange]])

    items: Mapping[str, model.Item] = attrs.field(factory=dict[str, model.Item])
    """The items as they are before anything is changed."""
    replaced: dict[str, model.Standard | model.Statement] = attrs.field(factory=dict[str, model.Standard | model.Statement])

    def report(self, code: str, message: str, path: Path, *, hint: str | None = None, about: str | None = None, on_key: bool = False) -> None:
        self.problems.append(Problem(code=code, message=message, path=path, hint=hint, about=about, on_key=on_key))


def overlaid(document: Document, data: dict[str, Any], problems: list[Problem], catalogue: model.Frameworks | None) -> model.Framework:
    """The framework that an overlay makes of its base. `InvalidFile` holds every error of the overlay."""
    try:
        base = found_in(catalogue, data["extends"]).framework(data["extends"])
    except S11Error as error:
        finish([*problems, *(elsewhere(problem, ("extends",)) for problem in error.problems)], document)
        raise AssertionError("unreachable") from None
    head = {key: value for key, value in data.items() if key not in ("extends", "remove", "change", "statement", "standard")}
    head = with_shared_scales(head, catalogue, problems)
    made, faults, dropped = structure({"title": base.title, **head}, model.Framework)
    if made is MISSING:
        stand_ins = {"id": "unnamed", "edition": "undated", "title": base.title}
        made = structure({**head, **stand_ins}, model.Framework)[0]
    problems = problems + faults
    if made is MISSING:
        finish(problems, document)
    work = _Overlay(document, base, _with_head(base, made, head), made.provenance, problems)
    for place, table in enumerate(_tables(work, data, "remove")):
        _remove(work, table, ("remove", place))
    work.items = work.result.items
    for place, table in enumerate(_tables(work, data, "change")):
        _change(work, table, ("change", place))
    work.result = work.result.with_items(work.replaced)
    for place, table in enumerate(_tables(work, data, "standard")):
        _add_standard(work, table, ("standard", place))
    for place, table in enumerate(_tables(work, data, "statement")):
        _add_statement(work, table, ("statement", place))
    layer = model.Layer(
        framework=work.result.name, base=base.name, head=tuple(key for key in head if key not in ("id", "edition")), added=tuple(work.added),
        changed=tuple(change for _, change in work.changed.values()), removed=work.removed,
    )  # fmt: skip
    result = attrs.evolve(work.result, layers=(*base.layers, layer))
    if (work.added or work.changed) and work.provenance.mark is None:
        hint = 'add a line such as provenance = "documented" (your board says so) or "reconstructed" (written by somebody else)'
        work.report("K002", "'provenance' is missing: nobody could tell whose words the new and changed items are", (), hint=hint)
    _scales_still_needed(work, result)
    own = tuple(problem.located(document) for problem in work.problems)
    notices = tuple(problem for problem in own if problem.severity != "error")
    changed = {ref: path for ref, (path, _) in work.changed.items()}
    locator = OverlayLocator(document, base, result, work.added, changed, frozenset(head), notices)
    damaged = names_in(faults, dropped, document.data)
    found = [problem for problem in check(result) if problem.severity == "error" and problem.about not in damaged]
    found = [problem for problem in map(locator.own, found) if not of_a_faulty_step(problem.path, faults, dropped)]
    finish([*own, *(_blamed(problem, work) for problem in found)], locator)
    return attrs.evolve(result, origin=locator)


def _scales_still_needed(work: _Overlay, result: model.Framework) -> None:
    """A scale that was removed, and on which something that is still here was graded."""
    for ref, item in result.items.items():
        before = work.base.items.get(ref)
        if before is None or before.scale is None or item.scale is not None or not item.takes_grade or before.scale.id not in work.removed_at:
            continue
        message = f"'{before.scale.id}' is still needed: {ref} is graded on it"
        work.report(
            "O001", message, work.removed_at[before.scale.id], hint="bring another scale, or name another default_scale", about=before.scale.id
        )
        return


def _tables(work: _Overlay, data: dict[str, Any], key: str) -> list[Any]:
    found = data.get(key, [])
    if is_list(found):
        return found
    work.report("K003", f"expected a list of tables, written [[{key}]]", (key,))
    return []


def _with_head(base: model.Framework, made: model.Framework, head: dict[str, Any]) -> model.Framework:
    """The base with every key of the head replaced, and the head's tables added (or put in place of those with the same id)."""
    counts = {"documented_count": model.DocumentedCount(), "standards": tuple(map(_uncounted, base.standards))}
    changes: dict[str, Any] = {"id": made.id, "edition": made.edition, "origin": None, **counts}
    for field in fields_of(model.Framework):
        if field.key not in head or field.key in ("id", "edition", "provenance"):
            continue
        new = getattr(made, field.name)
        if field.key in _ARRAYS:
            marked = [attrs.evolve(each, provenance=_own(made.provenance, each.provenance)) if hasattr(each, "provenance") else each for each in new]
            new = _merged(getattr(base, field.name), tuple(marked))
        changes[field.init] = new
    return attrs.evolve(base, **changes)


def _uncounted(standard: model.Standard) -> model.Standard:
    """What the base's board is known to have says nothing about another board."""
    return attrs.evolve(standard, documented_count=None, standards=tuple(map(_uncounted, standard.standards)))


def _merged(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """What has the name of something old takes its place; the rest comes behind. A name that is there twice stays twice, for `check` to find."""

    def name(item: Any) -> object:
        return getattr(item, "id", None) or getattr(item, "term", None) or item

    last = {name(item): item for item in new}
    replaced = {name(item) for item in old} & last.keys()
    twice = [item for item in new if last[name(item)] is not item]
    return tuple(last[name(item)] if name(item) in replaced else item for item in old) + tuple(
        item for item in new if name(item) not in replaced or item in twice
    )


def _remove(work: _Overlay, table: Any, path: Path) -> None:
    if not is_table(table):
        return work.report("K003", "expected a table", path)
    for key in table:
        if key not in ("ref", "reason", *REMOVABLE):
            work.problems.append(unknown_key(key, ("ref", "reason", *REMOVABLE), path=path))
    if not isinstance(table.get("reason"), str) or not table["reason"].strip():
        work.report("K002", "'reason' is missing", path, hint='say why it goes: reason = "..."')
    what = [key for key in ("ref", *REMOVABLE) if key in table]
    if len(what) != 1:
        return work.report("K002", "'ref' is missing" if not what else "one [[remove]] takes one thing away", path, hint='such as ref = "8"')
    key, name = what[0], table[what[0]]
    if not isinstance(name, str):
        return work.report("K003", "expected text", (*path, key))
    if key == "ref":
        if name not in work.result.items:
            if name in work.removed_at:
                return work.report("R005", f"{name} is removed already", (*path, key), hint="leave one of the two out", about=name)
            known = work.base.items
            said = f"{work.base.name} has no standard or statement '{name}' to remove"
            return work.report("R005", said, (*path, key), hint=nearest(name, known), about=name)
        gone = [name, *(item.ref for item in work.result.items.values() if any(parent.ref == name for parent in item.parents))]
        work.result = work.result.without(name)
    else:
        attribute = _ARRAYS[key]
        there = [item.id for item in getattr(work.result, attribute)]
        if name not in there:
            return work.report("R005", f"{work.base.name} has no {key} '{name}' to remove", (*path, key), hint=nearest(name, there))
        gone = [name]
        if key == "scale":
            gone += [grade.id for grade in work.result.scale(name).grades]
        [init] = (field.init for field in fields_of(model.Framework) if field.name == attribute)
        left: dict[str, Any] = {init: tuple(item for item in getattr(work.result, attribute) if item.id != name)}
        work.result = attrs.evolve(work.result, **left)
    work.removed[name] = str(table.get("reason", ""))
    for each in gone:
        work.removed_at[each] = (*path, key)
    return None


def _change(work: _Overlay, table: Any, path: Path) -> None:
    if not is_table(table):
        return work.report("K003", "expected a table", path)
    ref = table.get("ref")
    if isinstance(ref, str) and ref in work.changed:
        return work.report("R002", f"{ref} is changed twice", (*path, "ref"), hint="put all that changes into one [[change]]", about=ref)
    meaning: Any = table.get("meaning")
    if meaning not in ("same", "changed"):
        hint = 'write meaning = "same" if answers before and after mean the same, else meaning = "changed"'
        code, said = ("K002", "'meaning' is missing") if meaning is None else ("K004", f"'{str(meaning)[:40]}' is not known here")
        work.report(code, said, path if meaning is None else (*path, "meaning"), hint=hint)
        meaning = "changed"
    if not isinstance(ref, str):
        return work.report("K002", "'ref' is missing", path, hint='say what changes, such as ref = "1.1"')
    item = work.items.get(ref)
    if item is None:
        if ref in work.removed_at:
            return work.report("O004", f"{ref} is removed and changed at once", (*path, "ref"), hint="keep one of the two")
        return work.report(
            "R005", f"{work.base.name} has no standard or statement '{ref}' to change", (*path, "ref"), hint=nearest(ref, work.base.items), about=ref
        )
    kind: Any = type(item.node)
    known = {field.key: field.name for field in fields_of(kind) if field.key not in _CHILDREN} | dict.fromkeys(
        ("provenance", "wording", "source", "note"), "provenance"
    )
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key in ("ref", "meaning"):
            continue
        if key not in known:
            work.problems.append(unknown_key(key, known, path=path))
        else:
            changes[key] = value
    superseded = {"wording", "source"} if "provenance" in changes else set[str]()
    plain = {key: value for key, value in unstructure(item.node).items() if key not in _CHILDREN | superseded}
    made, faults, _ = structure({**plain, **changes}, kind)
    work.problems += [attrs.evolve(fault, path=(*path, *fault.path)) for fault in faults]
    if made is MISSING:
        return None
    if isinstance(item.node, model.Standard):
        made = attrs.evolve(made, standards=item.node.standards, statements=item.node.statements)
    if made == item.node and not faults and all(key in known or key in ("ref", "meaning") for key in table):
        work.report("O003", f"this changes nothing: {ref} is so already", path, hint="leave it out")
    if _WORDS & set(changes) and not {"wording", "provenance"} & set(changes) and work.provenance.mark is not None:
        weaker = max(item.provenance.wording or "documented", work.provenance.wording or work.provenance.mark, key=MARKS.index)
        made = attrs.evolve(made, provenance=attrs.evolve(made.provenance, mark=item.provenance.mark, wording=weaker))
    work.changed[ref] = (path, model.LayerChange(ref=ref, keys=tuple(changes), meaning=meaning))
    work.replaced[ref] = made
    return None


def _pulled(work: _Overlay, table: Any, path: Path, names: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str | None]] | None:
    if not is_table(table):
        work.report("K003", "expected a table", path)
        return None
    where: dict[str, str | None] = {}
    for name in names:
        value = table.get(name)
        if value is not None and not isinstance(value, str):
            work.report("K003", "expected text: a reference in quotes", (*path, name))
            value = None
        where[name] = value
    return {key: value for key, value in table.items() if key not in names}, where


def _add_standard(work: _Overlay, table: Any, path: Path) -> None:
    pulled = _pulled(work, table, path, ("after", "within"))
    if pulled is None:
        return
    made = _structured(work, pulled[0], model.Standard, path)
    if made is not None and _is_new(work, made.ref, path):
        where = pulled[1]
        _placed(work, path, where, ("within", "after"), lambda: work.result.with_standard(made, after=where["after"], within=where["within"]))
        _record(work, made, path)


def _record(work: _Overlay, standard: model.Standard, path: Path) -> None:
    """Remember where a new standard and all it holds stand in the file."""
    work.added[standard.ref] = path
    for number, statement in enumerate(standard.statements):
        work.added[statement.ref] = (*path, "statement", number)
    for number, inner in enumerate(standard.standards):
        _record(work, inner, (*path, "standard", number))


def _add_statement(work: _Overlay, table: Any, path: Path) -> None:
    pulled = _pulled(work, table, path, ("after", "standard"))
    if pulled is None:
        return
    rest, where = pulled
    made = _structured(work, rest, model.Statement, path)
    standard = where["standard"]
    if standard is None:
        work.report("K002", "'standard' is missing", path, hint='say where it goes, such as standard = "3"')
    elif made is not None and _is_new(work, made.ref, path):
        _placed(work, path, where, ("standard", "after"), lambda: work.result.with_statement(made, standard=standard, after=where["after"]))
        work.added[made.ref] = path


def _structured(work: _Overlay, data: dict[str, Any], kind: type, path: Path) -> Any:
    made, faults, _ = structure(data, kind)
    work.problems += [attrs.evolve(fault, path=(*path, *fault.path)) for fault in faults]
    if made is MISSING:
        return None
    return attrs.evolve(made, provenance=_own(work.provenance, made.provenance))


def _own(overlay: model.Provenance, given: model.Provenance) -> model.Provenance:
    """The provenance of something that the overlay brings: never that of the base, not even its sources."""
    return given.within(attrs.evolve(overlay, sources=overlay.sources or ()))


def _is_new(work: _Overlay, ref: str, path: Path) -> bool:
    if ref not in work.result.items:
        return True
    message = f"'{ref}' is there already, in {work.result.layer_of(ref) if ref not in work.added else 'this file'}"
    work.report("R002", message, (*path, "ref"), hint="choose another reference, or use [[change]]", about=ref)
    return False


def _placed(work: _Overlay, path: Path, where: dict[str, str | None], keys: tuple[str, str], place: Callable[[], model.Framework]) -> None:
    """Put something new in its place; a place that does not exist is reported where it is named."""
    try:
        work.result = place()
    except S11Error as error:
        inside, after = where[keys[0]], where[keys[1]]
        key = keys[0] if inside is not None and (inside not in work.result.items or work.result.items[inside].is_statement) else keys[1]
        here = (*path, key) if after is not None or key == keys[0] else path
        work.problems += [attrs.evolve(problem, path=here) for problem in error.problems]


def _blamed(problem: Problem, work: _Overlay) -> Problem:
    """A finding about something that this overlay removed belongs to the `[[remove]]` that did it."""
    if problem.about is None or problem.about not in work.removed_at:
        return problem
    hint = "remove what needs it as well, or change it"
    reason = problem.message.removesuffix(", which does not exist").removesuffix(", which this framework does not define")
    message = f"'{problem.about}' is still needed: {reason}"
    return Problem(code="O001", message=message, path=work.removed_at[problem.about], hint=hint, about=problem.about).located(work.document)


@attrs.frozen(eq=False)
class OverlayLocator:
    """Points into the overlay for what the overlay set, and into the base's file for the rest."""

    document: Document
    base: model.Framework
    result: model.Framework
    added: dict[str, Path]
    changed: dict[str, Path]
    head: frozenset[str]
    notices: tuple[Problem, ...]

    def own(self, problem: Problem) -> Problem:
        """A finding about the resulting framework, with its path as in the overlay, if the overlay set what it is about."""
        ruled = self._in_own_rule(problem.path)
        if ruled is not None:
            return attrs.evolve(problem, path=ruled, place=self.document)
        ref, rest = self._item_at(problem.path)
        if ref in self.added:
            return attrs.evolve(problem, path=(*self.added[ref], *rest), place=self.document)
        if ref in self.changed and rest and self.document.has((*self.changed[ref], rest[0])):
            return attrs.evolve(problem, path=(*self.changed[ref], *rest), place=self.document)
        return problem

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """The place of a value of the resulting framework, in whichever file set it."""
        if path[:1] == ("rule",) and len(path) > 1:
            return self._rule(path, key=key)
        ref, rest = self._item_at(path)
        if ref is None:
            return self.document.locate(path[:1] if path and path[0] in self.head else ("extends",))
        own = self.own(Problem(code="S004", message="", path=path))
        if own.path != path or ref in self.added:
            return self.document.locate(own.path, key=key)
        item = self.base.items.get(ref)
        if item is not None and self.base.origin is not None:
            return self.base.origin.locate((*item.path, *rest), key=key)
        return self.document.locate(("extends",))

    def _in_own_rule(self, path: Path) -> Path | None:
        """A path in a rule, as in the overlay, if the overlay brought that rule."""
        if path[:1] != ("rule",) or len(path) < 2 or not isinstance(path[1], int) or path[1] >= len(self.result.rule_definitions):
            return None
        own = self.document.data.get("rule")
        id = self.result.rule_definitions[path[1]].id
        places = [place for place, table in enumerate(own if is_list(own) else []) if is_table(table) and table.get("id") == id]
        return ("rule", places[-1], *path[2:]) if places else None

    def _rule(self, path: Path, *, key: bool) -> Place:
        own = self._in_own_rule(path)
        if own is not None:
            return self.document.locate(own, key=key)
        known = [rule.id for rule in self.base.rule_definitions]
        place = path[1] if isinstance(path[1], int) else len(known)
        id = self.result.rule_definitions[place].id if place < len(self.result.rule_definitions) else None
        if id in known and self.base.origin is not None:
            return self.base.origin.locate(("rule", known.index(id), *path[2:]), key=key)
        return self.document.locate(("extends",))

    def _item_at(self, path: Path) -> tuple[str | None, Path]:
        best: tuple[str | None, Path] = (None, path)
        for item in self.result.items.values():
            if path[: len(item.path)] == item.path:
                best = (item.ref, path[len(item.path) :])
        return best
