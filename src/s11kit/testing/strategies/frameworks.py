"""Strategies for frameworks and what they are made of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from s11kit.model import (
    ActionField,
    ActionStatus,
    AnswerTest,
    Both,
    Comparison,
    Condition,
    Descriptor,
    Either,
    Framework,
    Grade,
    Not,
    NotApplicablePolicy,
    OrganisationTest,
    PlanPolicy,
    Provenance,
    Requirement,
    Requirements,
    Role,
    Scale,
    Selection,
    Standard,
    Statement,
)

__all__ = ["AREAS", "conditions", "frameworks", "scales", "texts"]

AREAS = ("north", "south", "east")
"""The areas of generated frameworks."""
KINDS = ("graded", "graded", "graded", "text", "number", "yes-no", "date", "prompt")
EXACT = st.fractions(min_value=0, max_value=20, max_denominator=50)
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('"\\\n\t=#[]{}'), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
_PLAIN = st.text("abc xyz", min_size=1, max_size=12).filter(lambda text: bool(text.strip()))


def texts() -> st.SearchStrategy[str]:
    """Texts that files can hold, with the characters that make trouble."""
    return _TEXT


@st.composite
def scales(draw: st.DrawFn, name: str = "a", *, na: bool | None = None) -> Scale:
    """A scale of two to five grades, printed in either order. `na` says whether "not applicable" may be answered; by default either."""
    number = draw(st.integers(2, 5))
    grades = [
        Grade(id=f"{name}-{rank}", label=f"{name.upper()} {rank}", code=str(9 - rank), points=draw(st.none() | EXACT)) for rank in range(number)
    ]
    may = draw(st.booleans()) if na is None else na
    policy = NotApplicablePolicy(needs=("reason",)) if may else None
    return Scale(id=name, grades=grades, order=draw(st.sampled_from(("worst-first", "best-first"))), not_applicable=policy)


@st.composite
def conditions(draw: st.DrawFn, earlier: list[tuple[str, Scale]] | None = None) -> Condition:
    """A condition over the organisation's areas, or over statements that stand earlier."""
    simple: list[st.SearchStrategy[Condition]] = [st.sets(st.sampled_from(AREAS), min_size=1).map(lambda areas: OrganisationTest(areas=areas))]
    if earlier:
        ref, scale = draw(st.sampled_from(earlier))
        grade = draw(st.sampled_from(scale.grades)).id
        simple.append(
            st.builds(
                AnswerTest,
                quantifier=st.sampled_from(("any", "all", "none")),
                selection=st.just(Selection(refs=(ref,))),
                comparison=st.builds(Comparison, operator=st.sampled_from(("at_least", "above", "at_most", "below", "is")), value=st.just(grade)),
                empty=st.booleans(),
            )
        )
    leaf = st.one_of(simple)
    return draw(
        leaf
        | leaf.map(lambda test: Not(test=test))
        | st.lists(leaf, min_size=1, max_size=2).map(lambda tests: Both(tests=tests))
        | st.lists(leaf, min_size=1, max_size=2).map(lambda tests: Either(tests=tests))
    )


class Held:
    """A framework that strategies are made for, with a short name: Hypothesis prints what strategies are made of."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __repr__(self) -> str:
        return f"<{self.framework.name}>"


class _Maker:
    """Draws the standards and statements of one framework."""

    def __init__(self, draw: st.DrawFn, scales: list[Scale], *, plain: bool) -> None:
        self.draw, self.scales, self.plain = draw, scales, plain
        self.earlier: list[tuple[str, Scale]] = []
        self.numbers = iter(range(1, 1000))

    def applies(self) -> Condition | None:
        """A condition, or none."""
        if self.plain or not self.draw(st.booleans()):
            return None
        return self.draw(conditions(list(self.earlier)))

    def statement(self, prefix: str) -> Statement:
        """A statement. The first of all is graded, and applies to everybody."""
        draw, first = self.draw, not self.earlier
        ref = f"{prefix}.{next(self.numbers)}"
        kind: Any = "graded" if first or self.plain else draw(st.sampled_from(KINDS))
        scale = draw(st.sampled_from(self.scales))
        applies = None if first else self.applies()
        described = kind == "graded" and draw(st.booleans())
        made = Statement(
            ref=ref,
            text=f"{ref} {draw(texts())}",
            kind=kind,
            scale=scale.id if kind == "graded" else None,
            applies_when=applies,
            descriptors={scale.best.id: Descriptor(text=draw(texts()), cumulative=draw(st.booleans()))} if described else {},
            tags=draw(st.sets(st.sampled_from(("own", "joint")), max_size=2).map(sorted)),
            weights=draw(st.dictionaries(st.just("weight"), EXACT, max_size=1)),
            optional=draw(st.booleans()),
            provenance=Provenance(mark=draw(st.none() | st.sampled_from(("inferred", "reconstructed")))),
        )
        if kind == "graded":
            self.earlier.append((ref, scale))
        return made

    def standard(self, ref: str, depth: int) -> Standard:
        """A standard with its statements and the standards in it."""
        draw, first = self.draw, not self.earlier
        applies = None if first else self.applies()
        statements = tuple([self.statement(ref) for _ in range(draw(st.integers(1 if first else 0, 3)))])
        inner = tuple([self.standard(f"{ref}.s{place}", depth - 1) for place in range(draw(st.integers(0, 2)))]) if depth else ()
        return Standard(ref=ref, title=f"standard {draw(_PLAIN)}", statements=statements, standards=inner, applies_when=applies)


@st.composite
def frameworks(draw: st.DrawFn, *, plain: bool = False, na: bool | None = None) -> Framework:
    """A sound framework: one or two scales, nested standards, statements of several kinds, conditions, requirements.

    The first statement is always graded, and applies to everybody. With `plain`, all statements are so. It shrinks to a framework of one statement.
    """
    found = [draw(scales(name, na=na)) for name in ("a", "b")[: draw(st.integers(1, 2))]]
    maker = _Maker(draw, found, plain=plain)
    standards = tuple([maker.standard(str(place + 1), draw(st.integers(0, 1))) for place in range(draw(st.integers(1, 3)))])
    nested = any(standard.standards for standard in standards)
    return Framework(
        id="made",
        edition="1",
        title=draw(texts()),
        labels={"standard": ("area", "topic")} if nested else {},
        scales=found,
        default_scale="a",
        areas={area: area.title() for area in AREAS},
        roles=[Role(id="moderated", label="Moderated")],
        requirements=Requirements(
            evidence=Requirement(at={found[0].best.id: "must"}, needs=("narrative",)),
            action=Requirement(at={found[0].worst.id: draw(st.sampled_from(("must", "should", "review")))}, needs=("what",)),
        ),
        action_fields=[
            ActionField(id="what", label="What"),
            ActionField(id="by", label="By", kind="date"),
            ActionField(id="state", label="State", kind="status"),
        ],
        plan=PlanPolicy(status=[ActionStatus(id="open", label="Open"), ActionStatus(id="done", label="Done", closed=True)]),
        provenance=Provenance(mark="reconstructed"),
        standards=standards,
    )
