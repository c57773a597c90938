"""One standard or statement, with everything that is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from s11kit._numbers import number_text
from s11kit.cli.printing import ASIDE, HEADING, grade_style, headed, indented, pairs, words
from s11kit.cli.wording import asks, condition, demands, mark, not_applicable, spelled
from s11kit.model import Descriptor, Framework, Grade, Item, Statement


def print_item(console: Console, framework: Framework, item: Item) -> None:
    """Print everything about an item."""
    console.print(headed(item.ref, item.title))
    for parent in item.parents[::-1]:
        console.print(words(f"in {parent.ref}  {parent.title}", ASIDE))
    if not isinstance(item.node, Statement) and item.node.text:
        console.print(words(item.node.text))
    console.print()
    console.print(pairs(_facts(framework, item)))
    if item.takes_grade and item.scale is not None:
        console.print(Text("\nGrades", style=HEADING))
        for grade in item.scale.printed[:25]:
            _print_grade(console, framework, item, grade)
        if item.not_applicable is not None:
            console.print(words(f"  {item.not_applicable.label}" + (f" ({item.not_applicable.code})" if item.not_applicable.code else "")))
            console.print(indented(not_applicable(item), 4))
    for heading, text in _texts(item.node):
        console.print(Text(f"\n{heading}", style=HEADING))
        console.print(indented(text))
    inside = [other for other in framework.items.values() if other.parents and other.parents[-1].ref == item.ref]
    if inside:
        console.print(Text("\nHolds", style=HEADING))
        console.print(pairs((other.ref, f"{other.title} ({mark(other.provenance)})") for other in inside))


def _facts(framework: Framework, item: Item) -> Iterator[tuple[str, str]]:
    node = item.node
    yield "how known", mark(item.provenance)
    titles = {source.id: source for source in framework.sources}
    for place, name in enumerate(item.provenance.sources or ()):
        source = titles.get(name)
        told = [part for part in (source.title, source.publisher, source.date, source.url) if part] if source else [name]
        yield "" if place else "source", ", ".join(told)
    if item.provenance.note:
        yield "note", item.provenance.note
    if framework.layers:
        yield "set by", framework.layer_of(item.ref)
    if when := condition(item.conditions, framework):
        yield "scope", when
    for place, test in enumerate(item.binding):
        yield "" if place else "binding when", spelled(test, framework)
    if isinstance(node, Statement):
        if asked := asks(node):
            yield "asks for", asked
        if node.time_limit:
            yield "time limit", node.time_limit.sentence
        if node.target:
            yield "target", node.target
        if node.spotlight:
            yield "spotlight", "the board asks for a fuller answer this round"
        for name, weight in node.weights.items():
            yield name, number_text(weight)
        if node.references:
            yield "references", ", ".join(f"{one.set} {one.ref}" for one in node.references)
    if item.takes_grade and item.scale is not None:
        yield "scale", f"{item.scale.id} (worst to best): {item.scale.sentence}" if len(item.scale.grades) < 12 else item.scale.id
    if item.tags:
        yield "tags", ", ".join(sorted(item.tags))
    if item.optional:
        yield "optional", "may be left blank"


def _origin(framework: Framework, item: Item, grade: Grade, found: Descriptor) -> str:
    """Whose words a descriptor is made of."""
    own = grade.id in item.node.descriptors
    around = item.provenance if own or item.scale is None else item.scale.provenance.within(framework.provenance)
    known = mark(found.provenance.within(around))
    parts = [known] if own else [f"the scale's general words, {known}"]
    return "; ".join([*parts, "on top of the grade below"] if found.cumulative else parts)


def _print_grade(console: Console, framework: Framework, item: Item, grade: Grade) -> None:
    head = words(f"  {grade.label}", grade_style(grade.colour))
    console.print(head.append_text(words(f" ({grade.id})" + (f", code {grade.code}" if grade.code else ""), ASIDE)))
    found = item.descriptor(grade.id)
    if found is None:
        console.print(indented(f"(no descriptor; in general: {grade.meaning})" if grade.meaning else "(no descriptor)", 4))
    else:
        console.print(indented(f"{found.text} [{_origin(framework, item, grade, found)}]", 4))
        for setting, note in found.notes.items():
            console.print(indented(f"{framework.settings.get(setting, setting)}: {note}", 6))
    for sentence in demands(item, grade.id, framework):
        console.print(indented(f"- {sentence}", 4))


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(node, Statement):
        return
    if node.criteria:
        weights = [f" (weight {number_text(one.weight)})" if one.weight is not None else "" for one in node.criteria]
        yield "Criteria", "\n".join(f"{one.ref}  {one.text}{weight}" for one, weight in zip(node.criteria, weights, strict=True))
    if node.help:
        yield "Help", node.help
    if node.example_evidence:
        yield "Examples of evidence", "\n".join(f"- {text}" for text in node.example_evidence)
    if node.model_answer:
        yield "A model answer", node.model_answer
    if node.links:
        yield "Links", "\n".join(f"- {link.title}: {link.url}" for link in node.links)


def item_data(framework: Framework, item: Item) -> dict[str, Any]:
    """Everything about an item, for `--json`."""
    node = item.node
    statement = node if isinstance(node, Statement) else None
    grades: list[dict[str, Any]] = []
    for grade in item.scale.grades if item.takes_grade and item.scale else ():
        found = item.descriptor(grade.id)
        grades.append(
            {
                "id": grade.id,
                "code": grade.code,
                "label": grade.label,
                "meaning": grade.meaning,
                "descriptor": found.text if found else None,
                "generic": found is not None and grade.id not in node.descriptors,
                "cumulative": found.cumulative if found else False,
                "asks": list(demands(item, grade.id, framework)),
            }
        )
    return {
        "framework": framework.name,
        "ref": item.ref,
        "level": "statement" if statement else "standard",
        "parents": [parent.ref for parent in item.parents],
        "title": item.title,
        "kind": statement.kind if statement else None,
        "graded": item.takes_grade,
        "scale": item.scale.id if item.scale and item.takes_grade else None,
        "applies_when": " and ".join(test.sentence for test in item.conditions) or None,
        "binding_when": " and ".join(test.sentence for test in item.binding) or None,
        "optional": item.optional,
        "tags": sorted(item.tags),
        "provenance": item.provenance.mark,
        "wording": item.provenance.wording,
        "sources": list(item.provenance.sources or ()),
        "note": item.provenance.note,
        "set_by": framework.layer_of(item.ref),
        "help": statement.help if statement else None,
        "model_answer": statement.model_answer if statement else None,
        "example_evidence": list(statement.example_evidence) if statement else [],
        "time_limit": statement.time_limit.sentence if statement and statement.time_limit else None,
        "not_applicable": not_applicable(item) if item.takes_answer else None,
        "grades": grades,
    }
