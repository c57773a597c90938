"""Asking a person, line by line, on a terminal or from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from s11kit._dates import DateFault, read_date
from s11kit.cli.printing import ASIDE, indented, words
from s11kit.cli.replies import Keys
from s11kit.cli.wording import FIRM
from s11kit.errors import S11Error
from s11kit.model import Action, ActionField, Entry, Framework, Item, NotApplicable, Requirement
from s11kit.model.requirement import Level


class Stopped(Exception):
    """The person has had enough, or there is nothing left to read."""


def ask(console: Console, question: str) -> str:
    """One line, without the blanks around it. `Stopped` at the end of the input."""
    console.print(words(question + " "), end="")
    sys.stdout.flush()
    try:
        said = input()
    except EOFError:
        console.print()
        raise Stopped from None
    if not sys.stdin.isatty():
        console.print()
    return said.strip()


def _text(console: Console, label: str, level: str, kept: str | None) -> str | None:
    """A text; `None` if what is there is to stay as it is (or blank)."""
    if kept:
        console.print(words(f"  {label} so far:", ASIDE))
        console.print(indented(kept, 4))
    said = ask(console, f"  {label} ({level}; Enter {'keeps it' if kept else 'leaves it blank'}):")
    if not said and not kept and level == "needed":
        console.print(words("  left blank; the board asks for it, and 's11kit check' will say so"))
    return said or None


def _level(requirement: Requirement, part: str, level: Level) -> str | None:
    """How firmly a part is asked for; `None` if it is not."""
    if part in requirement.needs:
        return {"must": "needed", "should": "should be there", "review": "may be there"}[level]
    return "welcome" if part in requirement.invites else None


def ask_evidence(console: Console, item: Item, entry: Entry, grade: str) -> Iterator[Keys]:
    """What the grade wants to know beside itself, as keys of the answer, piece by piece."""
    requirement = item.requirements.evidence
    level = requirement.level(grade) if requirement is not None else None
    if requirement is None or level is None:
        return
    told = entry.evidence.narrative if entry.evidence is not None else None
    documented = entry.evidence is not None and bool(entry.evidence.documents)
    if word := _level(requirement, "narrative", level):
        if documented:
            console.print(words("  This evidence names documents: change it in the file itself.", ASIDE))
        elif said := _text(console, "Evidence", word, told):
            told = said
            yield {"evidence": said}
    if "documents" in requirement.needs and not documented and (documents := _documents(console)):
        yield {"evidence": ({"narrative": told} if told else {}) | {"documents": documents}}
    if (word := _level(requirement, "impact", level)) and (said := _text(console, "Impact: what difference does it make?", word, entry.impact)):
        yield {"impact": said}
    if _level(requirement, "outcome", level) and entry.outcome is None and (story := _outcome(console)):
        yield {"outcome": story}


def _outcome(console: Console) -> dict[str, str]:
    questions = {
        "found": "How was it found?",
        "hoped": "What was hoped for?",
        "done": "What was done?",
        "better_off": "Who is better off, and why?",
    }
    told = {key: ask(console, f"  Outcome: {question} (Enter leaves it blank):") for key, question in questions.items()}
    return {key: text for key, text in told.items() if text}


def _documents(console: Console) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    while title := ask(console, "  Document (its title; Enter when there are no more):"):
        kept = ask(console, "    Where is it kept?")
        found.append({"title": title} | ({"kept": kept} if kept else {}))
    return found


def ask_not_applicable(console: Console, item: Item, old: NotApplicable | None) -> NotApplicable:
    """Why something is not applicable, and what is done instead."""
    policy = item.not_applicable
    needs, invites = (policy.needs, policy.invites) if policy is not None else ((), ())
    reason = _text(console, "Reason", "needed" if "reason" in needs else "welcome", old.reason if old else None)
    alternative = None
    if "alternative" in needs or "alternative" in invites:
        alternative = _text(console, "What is done instead?", "needed" if "alternative" in needs else "welcome", old.alternative if old else None)
    return NotApplicable(reason, alternative=alternative)


def ask_action(console: Console, framework: Framework, item: Item, entry: Entry, grade: str) -> dict[str, Any] | None:
    """The action that a grade asks for, if there is none yet; `None` if none is given."""
    requirement = item.requirements.action
    level = requirement.level(grade) if requirement is not None else None
    if requirement is None or level is None or any(_filled(action) for action in entry.actions):
        return None
    console.print(words(f"  This grade {FIRM[level]} an action. Enter leaves a field blank."))
    found: dict[str, Any] = {}
    for field in framework.plan_fields:
        word = _level(requirement, field.id, level)
        if field.help:
            console.print(indented(field.help, 4))
        value = _field(console, framework, field, f" ({word})" if word else "")
        if value is not None:
            found[field.id] = value
    return found or None


def _filled(action: Action) -> bool:
    return any(action.text(name) is not None for name in action.fields)


def _field(console: Console, framework: Framework, field: ActionField, word: str) -> Any:
    states = {state.id for state in framework.plan.status} if field.kind == "status" else set[str]()
    while True:
        said = ask(console, f"  {field.label}{word}:")
        if not said:
            return None
        if states and said not in states:
            console.print(words(f"  one of: {', '.join(sorted(states))}"))
            continue
        if field.kind not in ("date", "timescale"):
            return said
        try:
            day = read_date(said)
        except DateFault as fault:
            console.print(words(f"  {fault.message}; {fault.hint}"))
            continue
        if day is None and field.kind == "date":
            console.print(words("  write a date, such as 31/03/2026 or 2026-03-31"))
            continue
        return day or said


def say(console: Console, error: S11Error) -> None:
    """Print why an answer was not taken."""
    for problem in error.problems:
        console.print(words(f"  {problem.message}" + (f"; {problem.hint}" if problem.hint else ""), "yellow"))
