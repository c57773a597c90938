"""The directive `s11kit-framework`: a page about a framework, written by the library's own loader.

In a page:

    ```{s11kit-framework} cambridgeshire-peterborough@2017-19
    ```

Whatever the loader refuses fails the build, so that building the documentation also checks the content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FRAMEWORKS = Path(__file__).resolve().parents[2] / "frameworks"
MARKS = {
    "documented": "a published source says so",
    "inferred": "it follows from published facts",
    "reconstructed": "nothing is published, and the content is our own",
}
UNMARKED = "not marked"


class FrameworkDirective(SphinxDirective):
    """Title, counts, marks, scales, and every standard with its statements."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """The framework that the argument names, as a section."""
        import s11kit

        name = self.arguments[0]
        file = FRAMEWORKS.joinpath(*name.split("@"), "framework.toml")
        if file.is_file():
            self.env.note_dependency(str(file))
        try:
            framework = s11kit.Catalogue.default().framework(name)
        except Exception as error:
            raise self.error(f"the framework {name} cannot be shown: {error}") from error

        section = nodes.section(ids=[nodes.make_id(f"framework-{name}")], names=[f"framework-{name}"])
        section += nodes.title("", framework.title)
        section += paragraph(nodes.literal("", name), *self.description(framework))
        section += list(counts(framework))
        section += list(marks(framework))
        for scale in framework.scales:
            section += scale_table(scale)
        section += standards_table(framework)
        return [section]

    @staticmethod
    def description(framework: Any) -> Iterator[nodes.Node]:
        """What the framework says of itself, after its name."""
        if text := getattr(framework, "description", None):
            yield nodes.Text(f": {text}")


def counts(framework: Any) -> Iterator[nodes.Node]:
    """How many standards and statements there are in the file, and how many the board is known to have."""
    shipped = {
        "standards": sum(1 for item, _ in walk(framework) if is_standard(item)),
        "statements": sum(1 for item, _ in walk(framework) if not is_standard(item)),
    }
    documented = getattr(framework, "documented_count", None)
    rows = []
    for level, number in shipped.items():
        known = getattr(documented, level, None)
        rows.append([level, "not known" if known is None else str(known), str(number)])
    yield table("Documented and shipped", ["", "the board has", "this file has"], rows)


def marks(framework: Any) -> Iterator[nodes.Node]:
    """How many items carry each mark: that there is such an item, and its words."""
    existence: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for _, provenance in walk(framework):
        existence[getattr(provenance, "mark", None) or UNMARKED] += 1
        words[getattr(provenance, "wording", None) or getattr(provenance, "mark", None) or UNMARKED] += 1
    rows = [[mark, MARKS.get(mark, ""), str(existence[mark]), str(words[mark])] for mark in [*MARKS, UNMARKED] if existence[mark] or words[mark]]
    yield table("How we know", ["mark", "meaning", "standards and statements", "their words"], rows)


def scale_table(scale: Any) -> nodes.Node:
    """The grades of one scale in their own order; the colour is told in words."""
    rows = [[grade.code or "", grade.label, grade.colour or "", grade.meaning or ""] for grade in scale.grades]
    policy = getattr(scale, "not_applicable", None)
    if policy is not None:
        rows.append([policy.code or "", policy.label, policy.colour or "", "not a grade; counted apart"])
    order = str(getattr(scale, "order", "")).replace("-", " ")
    title = f"Scale {getattr(scale, 'title', None) or scale.id}" + (f", {order}" if order else "")
    return table(title, ["code", "grade", "colour", "meaning"], rows)


def standards_table(framework: Any) -> nodes.Node:
    """Every standard with its statements, and the mark of each."""
    rows: list[list[str | nodes.Node]] = []
    for item, provenance in walk(framework):
        title = nodes.strong("", item.title) if is_standard(item) else nodes.Text(item.text)
        rows.append([item.ref, title, mark_of(provenance)])
    return table("Standards and statements", ["ref", "text", "mark"], rows)


def mark_of(provenance: Any) -> str:
    """The mark in one cell, with that of the words if it is another."""
    mark = getattr(provenance, "mark", None) or UNMARKED
    wording = getattr(provenance, "wording", None) or mark
    return mark if wording == mark else f"{mark}; words {wording}"


def is_standard(item: Any) -> bool:
    """Whether an item of the tree is a group."""
    return hasattr(item, "statements")


def walk(framework: Any) -> Iterator[tuple[Any, Any]]:
    """Every standard and statement in order, with its provenance completed from what is around it."""

    def below(items: Iterable[Any], outer: Any) -> Iterator[tuple[Any, Any]]:
        for item in items:
            own = getattr(item, "provenance", None)
            provenance = own.within(outer) if hasattr(own, "within") and outer is not None else own
            yield item, provenance
            if is_standard(item):
                yield from below(item.statements, provenance)
                yield from below(getattr(item, "standards", ()), provenance)

    yield from below(framework.standards, getattr(framework, "provenance", None))


def paragraph(*children: nodes.Node) -> nodes.paragraph:
    """A paragraph of inline nodes."""
    return nodes.paragraph("", "", *children)


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str | nodes.Node]]) -> nodes.table:
    """A titled table of texts and inline nodes."""

    def row(cells: Sequence[str | nodes.Node]) -> nodes.row:
        entries = (paragraph(nodes.Text(cell) if isinstance(cell, str) else cell) for cell in cells)
        return nodes.row("", *(nodes.entry("", entry) for entry in entries))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in header), cols=len(header))
    group += nodes.thead("", row(header))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    return nodes.table("", nodes.title("", title), group, classes=["s11kit-framework", "colwidths-auto"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive; pages may be read in parallel."""
    app.add_directive("s11kit-framework", FrameworkDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
