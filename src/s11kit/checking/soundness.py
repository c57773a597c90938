"""Whether a framework is sound: every name in it exists, every statement can be answered, every number adds up. A function per family."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from s11kit._dates import long
from s11kit._numbers import number_text
from s11kit.checking.conditions import check_conditions
from s11kit.errors import Path, Problem, counted, listed, nearest
from s11kit.model import Framework, Item, Requirement, Scale, Standard, Statement
from s11kit.model.requirement import EVIDENCE_FIELDS
from s11kit.model.source import Provenance
from s11kit.model.tree import Criterion

__all__ = ["check_framework"]

Check = Callable[[Framework], Iterator[Problem]]


def check_framework(framework: Framework) -> Iterator[Problem]:
    """Every finding in a framework, in no particular order."""
    for family in FAMILIES:
        yield from family(framework)
    if framework.rule_definitions:
        from s11kit.checking.rules import check_rules  # most frameworks have none, and rules take a while to import

        yield from check_rules(framework)


def walk(framework: Framework) -> Iterator[tuple[Standard | Statement, Path]]:
    """Every standard and statement with its path, those with a repeated reference included."""

    def inside(standards: Iterable[Standard], path: Path) -> Iterator[tuple[Standard | Statement, Path]]:
        for place, standard in enumerate(standards):
            here = (*path, "standard", place)
            yield standard, here
            for number, statement in enumerate(standard.statements):
                yield statement, (*here, "statement", number)
            yield from inside(standard.standards, here)

    yield from inside(framework.standards, ())


def check_names(framework: Framework) -> Iterator[Problem]:
    """Ids and references are unique where they must be, and no two references differ only in case or by a leading zero."""
    seen: dict[str, Path] = {}
    alike: dict[str, str] = {}
    for node, path in walk(framework):
        if node.ref in seen:
            message = f"reference '{node.ref}' is used twice"
            yield Problem(
                code="R002", message=message, path=(*path, "ref"), hint="every standard and statement has a reference of its own", about=node.ref
            )
            continue
        seen[node.ref] = path
        plain = re.sub(r"\b0+(?=\d)", "", node.ref.lower())
        if plain in alike:
            message = f"'{node.ref}' and '{alike[plain]}' are easily taken for each other"
            yield Problem(
                code="R012", message=message, path=(*path, "ref"), hint="give one of them another reference, unless the board's own tool has both"
            )
        alike.setdefault(plain, node.ref)
        if isinstance(node, Statement):
            yield from _twice(((c.ref, (*path, "criterion", n, "ref")) for n, c in enumerate(node.criteria)), f"criterion of {node.ref}", "R002")
            yield from _twice(((o.id, (*path, "options", n, "id")) for n, o in enumerate(node.options)), f"option of {node.ref}", "R001")
    named: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("scale", framework.scales), ("board", framework.boards), ("role", framework.roles), ("dimension", framework.dimensions),
        ("source", framework.sources), ("reference_set", framework.reference_sets), ("action_field", framework.action_fields),
    )  # fmt: skip
    for key, values in named:
        yield from _twice(((value.id, (key, n, "id")) for n, value in enumerate(values)), key.replace("_", " "), "R001")
    yield from _twice(((state.id, ("plan", "status", n, "id")) for n, state in enumerate(framework.plan.status)), "status", "R001")
    for place, role in enumerate(framework.roles):
        if role.id == "self":
            message = "the role 'self' is always there: it is the organisation's own answer"
            yield Problem(code="S027", message=message, path=("role", place, "id"), hint="leave this table out, or choose another id")


def _twice(names: Iterable[tuple[str, Path]], what: str, code: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, path in names:
        if name in seen:
            yield Problem(
                code=code, message=f"there are two {_plural(what)} called '{name}'", path=path, hint="give one of them another name", about=name
            )
        seen.add(name)


def _plural(what: str) -> str:
    if what.startswith("criterion"):
        return "criteria" + what[9:]
    head, _, tail = what.partition(" of ")
    return (head + ("es" if head.endswith("s") else "s")) + (f" of {tail}" if tail else "")


def check_scales(framework: Framework) -> Iterator[Problem]:
    """Grades belong to one scale each, codes and colours tell them apart, points rise, and somebody uses the scale."""
    owner: dict[str, str] = {}
    for place, scale in enumerate(framework.scales):
        for rank, grade in enumerate(scale.grades):
            path = ("scale", place, "grades", _in_file(scale, rank))
            if grade.id in owner and owner[grade.id] != scale.id:
                message = f"grade '{grade.id}' belongs to scale '{owner[grade.id]}' already"
                hint = f"grade ids are unique in a framework: call it '{scale.id}-{grade.id}', for instance"
                yield Problem(code="R001", message=message, path=(*path, "id"), hint=hint, about=grade.id)
            owner.setdefault(grade.id, scale.id)
        yield from _codes_and_colours(scale, place)
        points = [grade.points for grade in scale.grades if grade.points is not None and scale.steps is None]
        if any(later < earlier for earlier, later in pairwise(points)):
            message = f"the points of scale '{scale.id}' do not rise with its grades: {', '.join(number_text(p) for p in points)} from worst to best"
            yield Problem(code="S029", message=message, path=("scale", place), hint="look at the order of the scale, and at the points")


def _in_file(scale: Scale, rank: int) -> int:
    """Where a grade stands in the file, which may print the best one first."""
    return rank if scale.order == "worst-first" else len(scale.grades) - 1 - rank


def _codes_and_colours(scale: Scale, place: int) -> Iterator[Problem]:
    codes: dict[str, str] = {}
    colours: dict[str, str] = {}
    policy = scale.not_applicable
    for rank, grade in enumerate(scale.grades):
        path = ("scale", place, "grades", _in_file(scale, rank))
        if grade.code is not None:
            if grade.code in codes:
                message = f"'{grade.label}' and '{codes[grade.code]}' have the same code '{grade.code}'"
                yield Problem(code="S014", message=message, path=(*path, "code"), hint="a code must tell which grade is meant")
            codes.setdefault(grade.code, grade.label)
        if grade.colour is not None and scale.steps is None:
            if grade.colour in colours:
                message = f"'{grade.label}' and '{colours[grade.colour]}' are both {grade.colour}"
                yield Problem(code="S024", message=message, path=(*path, "colour"), hint="readers tell grades apart by colour as well")
            colours.setdefault(grade.colour, grade.label)
    if policy is not None and policy.code in codes:
        message = f"'{codes[policy.code]}' and not applicable have the same code '{policy.code}'"
        yield Problem(code="S014", message=message, path=("scale", place, "not_applicable", "code"), hint="a code must tell which answer is meant")


def check_use_of_scales(framework: Framework) -> Iterator[Problem]:
    """Every graded item knows its scale, every scale that is named exists, and every scale is used."""
    known = {scale.id for scale in framework.scales}

    def named(id: str | None, path: Path, who: str) -> Iterator[Problem]:
        if id is not None and id not in known:
            message = f"{who} uses scale '{id}', which this framework does not define"
            yield Problem(code="R003", message=message, path=path, hint=nearest(id, known, listing="defined scales"), about=id)

    yield from named(framework.default_scale, ("default_scale",), "default_scale")
    for node, path in walk(framework):
        yield from named(node.scale, (*path, "scale"), f"{_kind(node)} {node.ref}")
    graded = [item for item in framework.items.values() if item.takes_grade]
    if not known:
        if graded:
            message = f"{framework.name} has no scale, so nothing in it can be graded yet"
            yield Problem(code="S003", message=message, hint="an overlay may bring one; if this is not meant, add a [[scale]]")
        return
    for item in graded:
        named_above = any(parent.scale is not None for parent in item.parents)
        if item.scale is None and item.node.scale is None and framework.default_scale is None and not named_above:
            message = f"{_kind(item.node)} {item.ref} does not say which scale it is graded on, and there are {len(known)}"
            yield Problem(
                code="S002",
                message=message,
                path=item.path,
                hint=f"add default_scale at the top, or scale here; defined scales: {', '.join(sorted(known))}",
            )
    used = {item.scale.id for item in graded if item.scale is not None} | {id for rule in framework.rules.values() for id in rule.scales}
    for place, scale in enumerate(framework.scales):
        if graded and scale.id not in used:
            yield Problem(
                code="S010",
                message=f"nothing is graded on scale '{scale.id}'",
                path=("scale", place),
                hint="leave it out, or name it where it belongs",
            )


def _kind(node: Standard | Statement) -> str:
    return "statement" if isinstance(node, Statement) else "standard"


def check_tree(framework: Framework) -> Iterator[Problem]:
    """There is something to answer, no standard is empty, and the numbering runs in order."""
    if not framework.standards:
        yield Problem(code="S005", message=f"{framework.name} has no standards", hint="add a [[standard]] with a ref and a title")
    texts: dict[str, str] = {}
    for node, path in walk(framework):
        if isinstance(node, Standard):
            if not node.statements and not node.standards and not node.graded:
                yield Problem(
                    code="S004",
                    message=f"standard {node.ref} holds nothing to answer",
                    path=path,
                    hint="add a [[standard.statement]], or leave it out",
                )
            yield from _in_order([member.ref for member in node.statements], (*path, "statement"))
            yield from _in_order([member.ref for member in node.standards], (*path, "standard"))
        else:
            plain = " ".join(node.text.lower().split())
            if plain in texts:
                yield Problem(code="S025", message=f"statements {texts[plain]} and {node.ref} have the same text", path=(*path, "text"))
            texts.setdefault(plain, node.ref)
    yield from _in_order([standard.ref for standard in framework.standards], ("standard",))


def _in_order(refs: list[str], path: Path) -> Iterator[Problem]:
    def key(ref: str) -> list[int] | None:
        return [int(part) for part in ref.split(".")] if re.fullmatch(r"\d{1,9}(\.\d{1,9})*", ref) else None

    for place, (earlier, later) in enumerate(pairwise(refs), 1):
        one, two = key(earlier), key(later)
        if one is not None and two is not None and two < one:
            yield Problem(
                code="S030",
                message=f"{later} stands behind {earlier}",
                path=(*path, place, "ref"),
                hint="the order in the file is the order everywhere",
            )


_FITS: tuple[tuple[str, frozenset[str]], ...] = (
    ("options", frozenset({"checklist"})),
    ("minimum", frozenset({"number", "percentage"})),
    ("maximum", frozenset({"number", "percentage"})),
    ("unit", frozenset({"number", "percentage"})),
)


def check_statements(framework: Framework) -> Iterator[Problem]:
    """Each statement's keys fit its kind, its grades are on its scale, and its limits are the right way round."""
    for item in framework.items.values():
        node, path = item.node, item.path
        if isinstance(node, Statement):
            yield from _kind_fits(node, path)
            if node.minimum is not None and node.maximum is not None and node.minimum > node.maximum:
                low, high = number_text(node.minimum), number_text(node.maximum)
                yield Problem(
                    code="S020",
                    message=f"the minimum of {node.ref} ({low}) is above its maximum ({high})",
                    path=(*path, "minimum"),
                    hint="exchange the two, if they were mixed up",
                )
        yield from _grades_named(item)


def _kind_fits(node: Statement, path: Path) -> Iterator[Problem]:
    for key, kinds in _FITS:
        value = getattr(node, key)
        if value not in (None, ()) and node.kind not in kinds:
            message = f"'{key}' belongs to a statement of kind {' or '.join(sorted(kinds))}; {node.ref} is of kind {node.kind}"
            yield Problem(code="S018", message=message, path=(*path, key), on_key=True)
    if node.kind == "checklist" and not node.options:
        yield Problem(
            code="S019", message=f"the checklist {node.ref} has no options", path=path, hint='add options = [ { id = "...", label = "..." } ]'
        )
    if node.graded is False and node.kind == "graded":
        hint = 'give it another kind, such as kind = "text" or kind = "prompt"'
        yield Problem(code="S018", message=f"{node.ref} is of kind graded and says that it is not", path=(*path, "graded"), hint=hint)
    if node.kind == "prompt" and node.graded:
        yield Problem(code="S018", message=f"{node.ref} is a prompt, which takes no answer, so it cannot be graded", path=(*path, "graded"))


def _grades_named(item: Item) -> Iterator[Problem]:
    node, path, scale = item.node, item.path, item.scale
    named: list[tuple[str, Path]] = [(grade, (*path, "descriptors", grade)) for grade in node.descriptors]
    if node.target is not None:
        named.append((node.target, (*path, "target")))
    if not item.takes_grade:
        if named:
            message = f"{_kind(node)} {node.ref} takes no grade, so it has no '{named[0][1][len(path)]}'"
            yield Problem(code="S018", message=message, path=named[0][1][: len(path) + 1], on_key=True)
        return
    if scale is None:
        return
    for grade, where in named:
        if grade not in scale:
            message = f"'{grade}' is not a grade of scale '{scale.id}', on which {node.ref} is graded"
            hint = nearest(grade, [g.id for g in scale.grades], listing="grades")
            yield Problem(code="R004", message=message, path=where, hint=hint, about=grade, on_key="descriptors" in where)
    if node.target in scale and scale.minimum is not None and scale.rank(str(node.target)) < scale.rank(scale.minimum):
        message = f"the target of {node.ref}, '{node.target}', is below the minimum expectation of its scale, '{scale.minimum}'"
        yield Problem(code="S031", message=message, path=(*path, "target"), hint="mend one of the two, unless this is meant")
    lowest = node.descriptors.get(scale.worst.id)
    if lowest is not None and lowest.cumulative:
        message = f"the descriptor of the lowest grade of {node.ref} is cumulative, and there is nothing below it"
        yield Problem(code="S012", message=message, path=(*path, "descriptors", scale.worst.id, "cumulative"), hint="leave cumulative out")
    if node.descriptors:
        bare = [grade.label for grade in scale.grades if item.descriptor(grade.id) is None]
        if bare:
            message = f"{node.ref} does not say what {listed(repr(label) for label in bare)} looks like"
            yield Problem(code="S013", message=message, path=(*path, "descriptors"), hint="add a descriptor here, or a generic one to the grade")


def check_criteria(framework: Framework) -> Iterator[Problem]:
    """Weights are given for all criteria or for none, and add up; alternative weights name criteria and add up as well."""
    for item in framework.items.values():
        node, path = item.node, item.path
        if isinstance(node, Statement):
            yield from _weights(node, path)


def _weights(node: Statement, path: Path) -> Iterator[Problem]:
    total = node.criteria_total
    weighed = [criterion for criterion in node.criteria if criterion.weight is not None]
    for place, criterion in enumerate(node.criteria):
        if weighed and criterion.weight is None:
            message = f"criterion {criterion.ref} of {node.ref} has no weight, others have"
            yield Problem(code="S011", message=message, path=(*path, "criterion", place), hint="give it a weight, or give none of them one")
    if weighed and len(weighed) == len(node.criteria) and (found := _sum(weighed)) != total:
        message = f"the weights of the criteria of {node.ref} add up to {number_text(found)}, not {number_text(total)}"
        yield Problem(code="S009", message=message, path=(*path, "criterion"), hint="mend the weights, or write criteria_total if the total is meant")
    refs = {criterion.ref for criterion in node.criteria}
    for place, alternative in enumerate(node.alternative_weights):
        here = (*path, "alternative_weights", place)
        for ref in (*alternative.without, *alternative.weights):
            if ref not in refs:
                place_of = (*here, "weights" if ref in alternative.weights else "without", ref)
                message, hint = f"{node.ref} has no criterion '{ref}'", nearest(ref, refs, listing="criteria")
                yield Problem(code="S028", message=message, path=place_of, hint=hint, about=ref, on_key=ref in alternative.weights)
        left = refs - set(alternative.without)
        if set(alternative.weights) <= refs and set(alternative.weights) != left:
            message = f"weights must be given for {listed(sorted(left)) or 'nothing'}, and for nothing else"
            yield Problem(code="S028", message=message, path=(*here, "weights"))
        if (found := sum(alternative.weights.values(), Fraction())) != total:
            yield Problem(code="S028", message=f"these weights add up to {number_text(found)}, not {number_text(total)}", path=(*here, "weights"))


def _sum(criteria: list[Criterion]) -> Fraction:
    return sum((criterion.weight for criterion in criteria if criterion.weight is not None), Fraction())


def check_requirements(framework: Framework) -> Iterator[Problem]:
    """Requirements name grades and fields that exist, and demand something."""
    yield from _requirements(framework, framework.requirements.evidence, framework.requirements.action, ("requirements",), None)
    for item in framework.items.values():
        own = item.node.requirements
        yield from _requirements(framework, own.evidence, own.action, (*item.path, "requirements"), item)


def _requirements(framework: Framework, evidence: Requirement | None, action: Requirement | None, path: Path, item: Item | None) -> Iterator[Problem]:
    fields = {field.id for field in framework.plan_fields}
    for name, requirement, known, code in (("evidence", evidence, set(EVIDENCE_FIELDS), "S023"), ("action", action, fields, "R009")):
        if requirement is None:
            continue
        here = (*path, name)
        for grade in requirement.at:
            if framework.scales and grade not in framework.scale_of_grade:
                hint = nearest(grade, framework.scale_of_grade, listing="grades")
                yield Problem(
                    code="R004",
                    message=f"{name} is demanded at '{grade}', which is no grade here",
                    path=(*here, "at", grade),
                    hint=hint,
                    about=grade,
                    on_key=True,
                )
            elif item is not None and item.is_statement and item.scale is not None and grade not in item.scale:
                message = f"{name} is demanded at '{grade}', which is not a grade of {item.ref}"
                yield Problem(code="S008", message=message, path=(*here, "at", grade), about=grade, on_key=True)
        for word in (*requirement.needs, *requirement.invites):
            if word not in known:
                key = "needs" if word in requirement.needs else "invites"
                listing = "action fields" if name == "action" else "one of"
                message = f"'{word}' is not " + ("an action field of this framework" if name == "action" else "something evidence consists of")
                yield Problem(code=code, message=message, path=(*here, key, word), hint=nearest(word, known, listing=listing), about=word)
        both = [word for word in requirement.needs if word in requirement.invites]
        if both:
            yield Problem(
                code="S022",
                message=f"{listed(both)} is both needed and invited",
                path=(*here, "invites", both[0]),
                hint="what is needed need not be invited",
            )
        if not requirement.at and (requirement.needs or requirement.invites):
            yield Problem(code="S021", message=f"{name} is never demanded: no grade is named", path=here, hint='add at = ["..."]')


def check_plan(framework: Framework) -> Iterator[Problem]:
    """It is clear which field of an action says by when."""
    dated = [field for field in framework.plan_fields if field.kind in ("date", "timescale")]
    if len(dated) > 1 and framework.due_field is None:
        place = framework.action_fields.index(dated[1])
        message = f"{listed(field.id for field in dated)} hold dates, and nothing says which is the one an action is due by"
        yield Problem(code="S033", message=message, path=("action_field", place), hint="add due = true to that one")


def check_sources(framework: Framework) -> Iterator[Problem]:
    """Sources and reference sets that are named exist, and what is called documented says from where."""
    known = {source.id for source in framework.sources}
    for provenance, path, who in _provenances(framework):
        for source in provenance.sources or ():
            if source not in known:
                message = f"{who} cites source '{source}', which this framework does not list"
                yield Problem(
                    code="R007", message=message, path=(*path, "source"), hint=nearest(source, known, listing="listed sources"), about=source
                )
    sets = {reference_set.id for reference_set in framework.reference_sets}
    for item in framework.items.values():
        if isinstance(item.node, Statement):
            for place, reference in enumerate(item.node.references):
                if reference.set not in sets:
                    message = f"{item.ref} refers to set '{reference.set}', which this framework does not list"
                    hint = nearest(reference.set, sets, listing="listed sets")
                    yield Problem(code="R010", message=message, path=(*item.path, "references", place, "set"), hint=hint, about=reference.set)
    marks = [provenance.mark for provenance, _, _ in _provenances(framework)]
    if not any(marks):
        hint = 'write provenance = "documented", "inferred" or "reconstructed" at the top'
        yield Problem(code="S016", message=f"{framework.name} does not say where its content comes from", hint=hint)
    bare = [item for item in framework.items.values() if item.provenance.mark == "documented" and not item.provenance.sources]
    if bare:
        message = f"{bare[0].ref} is called documented and cites no source"
        if len(bare) > 1:
            message += f"; so {'is' if len(bare) == 2 else 'are'} {counted(len(bare) - 1, 'other item')}"
        yield Problem(code="S017", message=message, path=bare[0].path, hint="add source, or default_source at the top")


def _provenances(framework: Framework) -> Iterator[tuple[Provenance, Path, str]]:
    yield framework.provenance, (), "the framework"
    for node, path in walk(framework):
        yield node.provenance, path, f"{_kind(node)} {node.ref}"
        for grade, descriptor in node.descriptors.items():
            yield descriptor.provenance, (*path, "descriptors", grade), f"a descriptor of {node.ref}"
        if isinstance(node, Statement):
            for place, criterion in enumerate(node.criteria):
                yield criterion.provenance, (*path, "criterion", place), f"criterion {criterion.ref} of {node.ref}"
    for place, scale in enumerate(framework.scales):
        yield scale.provenance, ("scale", place), f"scale '{scale.id}'"
        for rank, level in enumerate(scale.grades):
            yield level.provenance, ("scale", place, "grades", _in_file(scale, rank)), f"grade '{level.id}'"
    arrays: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("board", framework.boards),
        ("action_field", framework.action_fields),
        ("sign_off", framework.sign_offs),
    )
    for key, values in arrays:
        for place, value in enumerate(values):
            yield value.provenance, (key, place), f"a {key.replace('_', ' ')}"
    yield framework.cycle.provenance, ("cycle",), "cycle"
    yield framework.shares.provenance, ("shares",), "shares"
    yield framework.plan.provenance, ("plan",), "plan"


def check_counts(framework: Framework) -> Iterator[Problem]:
    """What a board is known to have against what is here, for readers: a difference is worth a look, not wrong."""
    for node, path in walk(framework):
        if isinstance(node, Standard) and node.documented_count is not None and node.documented_count != len(node.statements):
            message = f"standard {node.ref} is known to have {counted(node.documented_count, 'statement')}; here it has {len(node.statements)}"
            hint = "nothing is wrong if the rest is not published, or yours is meant to differ"
            yield Problem(code="S015", message=message, path=(*path, "documented_count"), hint=hint)
    known, here = framework.documented_count.standards, len(framework.standards)
    if known is not None and known != here:
        yield Problem(code="S015", message=f"the board is known to have {counted(known, 'standard')}; here it has {here}", path=("documented_count",))


def check_dates(framework: Framework) -> Iterator[Problem]:
    """The audit opens before it is due."""
    cycle = framework.cycle
    if cycle.opens is not None and cycle.due is not None and cycle.opens > cycle.due:
        message = f"the audit opens on {long(cycle.opens)}, after it is due on {long(cycle.due)}"
        yield Problem(code="S026", message=message, path=("cycle", "opens"), hint="exchange the two, if they were mixed up")


def check_declared_words(framework: Framework) -> Iterator[Problem]:
    """Texts that repeat in a list of tags or keywords, and grades of options, are looked at."""
    for item in framework.items.values():
        if isinstance(item.node, Statement):
            for place, option in enumerate(item.node.options):
                if option.grade is not None and option.grade not in framework.scale_of_grade:
                    hint = nearest(option.grade, framework.scale_of_grade, listing="grades")
                    message = f"option '{option.id}' of {item.ref} stands under '{option.grade}', which is no grade here"
                    yield Problem(code="R004", message=message, path=(*item.path, "options", place, "grade"), hint=hint, about=option.grade)
            for grade, descriptor in item.node.descriptors.items():
                for setting in descriptor.notes if framework.settings else ():
                    if setting not in framework.settings:
                        message = f"this note speaks to the setting '{setting}', which [settings] does not declare"
                        hint = nearest(setting, framework.settings, listing="declared settings")
                        path = (*item.path, "descriptors", grade, "notes", setting)
                        yield Problem(code="R008", message=message, path=path, hint=hint, about=setting, on_key=True)
            repeated = [tag for tag, n in Counter(item.node.tags).items() if n > 1]
            if repeated:
                yield Problem(code="S025", message=f"{item.ref} has the tag '{repeated[0]}' twice", path=(*item.path, "tags", repeated[0]))


FAMILIES: tuple[Check, ...] = (
    check_names, check_scales, check_use_of_scales, check_tree, check_statements, check_criteria, check_requirements, check_plan, check_sources,
    check_counts, check_dates, check_declared_words, check_conditions,
)  # fmt: skip
