"""Where content comes from: what is documented, what is inferred, what somebody reconstructed."""

from __future__ import annotations

from typing import Literal, final

import attrs

from s11kit._frozen import as_tuple
from s11kit._ids import check_id

__all__ = ["MARKS", "Mark", "Provenance", "Source"]

Mark = Literal["documented", "inferred", "reconstructed"]
MARKS: tuple[Mark, ...] = ("documented", "inferred", "reconstructed")
"""From best to least known: a published source says so; it follows from published facts; nothing is published and the content is the author's own."""


@final
@attrs.frozen(kw_only=True)
class Source:
    """A document that content comes from."""

    id: str = attrs.field(validator=lambda _, __, value: check_id("id", value))
    title: str
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    note: str | None = None


@final
@attrs.frozen(kw_only=True)
class Provenance:
    """How we know an item: `mark` that there is such a thing, `wording` its text alone, and the ids of its sources.

    What is `None` is taken from the item around it.

    >>> board = Provenance(mark="documented", sources=("guidance-2017",))
    >>> Provenance(wording="reconstructed").within(board)
    Provenance(mark='documented', wording='reconstructed', sources=('guidance-2017',), note=None)
    """

    mark: Mark | None = None
    wording: Mark | None = None
    sources: tuple[str, ...] | None = attrs.field(default=None, converter=attrs.converters.optional(as_tuple))
    """`None` takes over the sources of what is around; an empty list says that there are none."""
    note: str | None = None

    def within(self, outer: Provenance) -> Provenance:
        """This provenance, completed from the one around it. Notes are not inherited; a new mark brings its own wording."""
        wording = self.wording or (self.mark if self.mark is not None else outer.wording)
        return Provenance(
            mark=self.mark or outer.mark, wording=wording, sources=outer.sources if self.sources is None else self.sources, note=self.note
        )


UNMARKED = Provenance()
