"""The text of a new assessment: everything that is asked, as notes, with keys ready to be uncommented."""

from __future__ import annotations

from collections.abc import Iterator

from s11kit.cli.skeleton import line, note
from s11kit.cli.wording import asks, condition, demands, looks_like, not_applicable
from s11kit.codec import toml_text
from s11kit.model import Action, AnswerTest, Assessment, Framework, Item, Standard, Statement
from s11kit.model.applicability import parts


def assessment_text(assessment: Assessment) -> str:
    """A new assessment of that organisation, with the actions it already has (carried over from another round) and blank answers."""
    framework = assessment.framework
    blocks = [_opening(assessment), _organisation(assessment), _front_sheet()]
    blocks += ["\n".join(_fields(framework))]
    for action in assessment.actions:
        blocks.append("[[action]]\n" + _lines(action))
    for item in framework.items.values():
        if item.is_statement or item.takes_grade:
            if _may_apply(assessment, item):
                blocks.append("\n".join(_item(assessment, item)))
        elif isinstance(item.node, Standard):
            blocks.append(_standard(assessment, item, item.node))
    return "\n\n".join(blocks) + "\n"


def _may_apply(assessment: Assessment, item: Item) -> bool:
    """Out of scope for good is left out; what depends on answers still to come is not."""
    if item.ref not in assessment.scope.out:
        return True
    return any(isinstance(test, AnswerTest) for one in item.conditions for _, test in parts(one))


def _opening(assessment: Assessment) -> str:
    framework = assessment.framework
    told = f"""\
{framework.title}

Fill this in with any text editor, or with 's11kit answer FILE'. A line that begins with # is a note, or a key: take the # away and \
write your answer between the quotes. Long texts go between three quotes on either side. What you leave as it is stays unanswered. \
's11kit check FILE' says what is still missing."""
    head = [line("format", "s11kit.assessment/1"), line("framework", framework.name)]
    head += [line("cycle", assessment.cycle)] if assessment.cycle else ['#cycle = "..."']
    return note(told) + "\n\n" + "\n".join(head)


def _organisation(assessment: Assessment) -> str:
    framework, organisation = assessment.framework, assessment.organisation
    lines = ["[organisation]", line("name", organisation.name)]
    for key, declared, several in (
        ("kind", framework.kinds, False),
        ("areas", framework.areas, True),
        ("settings", framework.settings, True),
        ("size", framework.sizes, False),
    ):
        said = getattr(organisation, key)
        if declared and said is None:
            lines.append(note("one or more of:" if several else "one of:") if len(declared) > 1 else note("may be:"))
            lines += [note(f"{id}  ({label})", "  ") for id, label in declared.items()]
        if said is not None:
            lines.append(line(key, sorted(said) if several else said))
        elif declared or key == "kind":
            lines.append(f"#{key} = [...]" if several else f'#{key} = "..."')
    if organisation.statutory is not None:
        lines.append(line("statutory", organisation.statutory))
    else:
        lines.append("#statutory = true     # whether the law binds you to this duty")
    if organisation.reference is not None:
        lines.append(line("reference", organisation.reference))
    lines += [toml_text({key: value}).rstrip("\n") for key, value in organisation.extra.items() if not isinstance(value, dict)]
    lines += ["\n" + toml_text({"organisation": {key: value}}).rstrip("\n") for key, value in organisation.extra.items() if isinstance(value, dict)]
    return "\n".join(lines)


def _front_sheet() -> str:
    keys = ("completed_by", "completed_by_role", "substitute", "telephone", "email")
    return "\n".join(["[front_sheet]", *(f'#{key} = "..."' for key in keys), "#completed_on = 2026-03-31"])


def _fields(framework: Framework) -> Iterator[str]:
    yield note("An action is written below the answer that it belongs to, like this; one such table for each action:")
    yield "#"
    yield '#[[answer."REF".action]]'
    for field in framework.plan_fields:
        hint = {"date": "2026-03-31", "timescale": '2026-03-31     # or words, such as "by the summer term"'}.get(field.kind, '"..."')
        told = [field.label] if field.label.casefold() != field.id else []
        told += [field.help] if field.help else []
        if field.kind == "status" and framework.plan.status:
            told.append("one of: " + ", ".join(state.id for state in framework.plan.status))
        yield note(f"{field.id}: {'; '.join(told)}", "  ") if told else "#"
        yield f"#{field.id} = {hint}"


def _lines(action: Action) -> str:
    return toml_text(dict(action.fields)).rstrip("\n")


def _standard(assessment: Assessment, item: Item, standard: Standard) -> str:
    label = assessment.framework.label("standard", len(item.parents)).capitalize()
    lines = [f"# {'=' * 78}", note(f"{label} {standard.ref}: {standard.title}")]
    if standard.text:
        lines.append(note(standard.text))
    if item.conditions:
        when = condition(item.conditions, assessment.framework)
        outside = item.ref in assessment.scope.out and not _may_apply(assessment, item)
        lines.append(note(f"This does not concern you: it {when}." if outside else f"It {when}."))
    return "\n".join(lines)


def _item(assessment: Assessment, item: Item) -> Iterator[str]:
    framework, node = assessment.framework, item.node
    yield f"# {'-' * 78}"
    yield note(f"{item.ref}  {item.title}", hanging=" " * (len(item.ref) + 2))
    if node.applies_when is not None:
        yield note(f"Answer this only if it applies: it {condition((node.applies_when,), framework)}.", "  ")
    if item.optional:
        yield note("May be left blank.", "  ")
    asked = asks(node) if isinstance(node, Statement) else None
    if asked:
        yield note(f"Asks for {asked}." if item.takes_answer else asked, "  ")
    entry = assessment.entry(item.ref)
    if item.takes_answer:
        yield from _grades(framework, item)
        yield f'[answer."{item.ref}"]'
        yield from _keys(item)
    for action in entry.actions:
        yield f'\n[[answer."{item.ref}".action]]\n{_lines(action)}'


def _grades(framework: Framework, item: Item) -> Iterator[str]:
    for grade in item.scale.printed[:25] if item.takes_grade and item.scale is not None else ():
        looks = looks_like(item, grade)
        yield note(f"{grade.id} = {grade.label}" + (f": {looks}" if looks else ""), "  ", "    ")
        for sentence in demands(item, grade.id, framework):
            yield note(f"- {sentence}", "      ", "  ")
    if item.may_not_apply and item.not_applicable is not None:
        yield note(f"not applicable: {not_applicable(item)}", "  ")


_SAMPLES: dict[str, str] = {"number": "12", "percentage": "95", "date": "2026-03-31", "yes-no": "true", "checklist": '["..."]'}


def _keys(item: Item) -> Iterator[str]:
    node = item.node
    if isinstance(node, Statement) and node.takes_value:
        yield "#value = " + _SAMPLES.get(node.kind, '"..."')
    if item.takes_grade:
        yield '#grade = "..."'
        yield '#evidence = "..."'
        yield '#impact = "..."'
    policy = item.not_applicable
    if policy is not None:
        both = "alternative" in policy.needs or "alternative" in policy.invites
        yield '#not_applicable = { reason = "...", alternative = "..." }' if both else '#not_applicable = "..."'
