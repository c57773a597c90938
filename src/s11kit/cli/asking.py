"""Asking a person, line by line, on a terminal or from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from s11kit._dates import DateFault, read_date
from s11kit.cli.printing import ASIDE, indented, words
from s11kit.cli.replies import Keys
from s11kit.cli.wording import EVIDENCE, FIRM, asks
from s11kit.errors import S11Error
from s11kit.model import ActionField, ActionStatus, Answer, Entry, Framework, Graded, Item, NotApplicable, Requirement, Statement
from s11kit.model.requirement import Level


class Stopped(Exception):
    """The person has had enough, or there is nothing left to read."""


QUIT = ("q", ":q", ":quit", ":stop")


def ask(console: Console, question: str) -> str:
    """One line as it was typed, without the blanks behind it. `Stopped` at the end of the input."""
    console.print(words(question + " "), end="")
    sys.stdout.flush()
    try:
        said = input()
    except EOFError:
        console.print()
        raise Stopped from None
    if not sys.stdin.isatty():
        console.print()
    return said.rstrip()


def reply(console: Console, question: str) -> str:
    """The answer to a further question, without the blanks around it. `Stopped` if it is q; a blank in front makes it a text, whatever follows."""
    while True:
        said = ask(console, question)
        word = said.casefold()
        if word in QUIT:
            raise Stopped
        if word in (":skip", ":next", ":s"):
            return ""
        if not word.startswith(":"):
            return said.strip()
        console.print(words("  Enter leaves it blank, q (or :quit) stops; a text may begin with : if a blank comes before it"))


def _text(console: Console, label: str, level: str, kept: str | None) -> str | None:
    """A text; `None` if what is there is to stay as it is (or blank)."""
    if kept:
        console.print(words(f"  {label} so far:", ASIDE))
        console.print(indented(kept, 4))
    said = reply(console, f"  {label} ({level}; Enter {'keeps it' if kept else 'leaves it blank'}, q stops):")
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
    if "documents" in requirement.needs and not documented:
        documents: list[dict[str, str]] = []
        try:
            _documents(console, documents)
        finally:
            if documents:
                yield {"evidence": ({"narrative": told} if told else {}) | {"documents": documents}}
    if (word := _level(requirement, "impact", level)) and (said := _text(console, "Impact: what difference does it make?", word, entry.impact)):
        yield {"impact": said}
    if _level(requirement, "outcome", level) and entry.outcome is None:
        story: dict[str, str] = {}
        try:
            _outcome(console, story)
        finally:
            if story:
                yield {"outcome": story}


def _outcome(console: Console, told: dict[str, str]) -> None:
    questions = {
        "found": "How was it found?",
        "hoped": "What was hoped for?",
        "done": "What was done?",
        "better_off": "Who is better off, and why?",
    }
    for key, question in questions.items():
        if said := reply(console, f"  Outcome: {question} (Enter leaves it blank, q stops)"):
            told[key] = said


def _documents(console: Console, found: list[dict[str, str]]) -> None:
    while title := reply(console, "  Document (its title; Enter when there are no more, q stops):"):
        found.append({"title": title})
        if kept := reply(console, "    Where is it kept? (Enter leaves it blank, q stops)"):
            found[-1]["kept"] = kept


def ask_not_applicable(console: Console, item: Item, old: NotApplicable | None) -> Iterator[NotApplicable]:
    """Why something is not applicable, and what is done instead, piece by piece."""
    policy = item.not_applicable
    needs, invites = (policy.needs, policy.invites) if policy is not None else ((), ())
    reason = _text(console, "Reason", "needed" if "reason" in needs else "welcome", old.reason if old else None)
    yield NotApplicable(reason)
    if "alternative" in needs or "alternative" in invites:
        level = "needed" if "alternative" in needs else "welcome"
        if alternative := _text(console, "What is done instead?", level, old.alternative if old else None):
            yield NotApplicable(reason, alternative=alternative)


def lacking(item: Item, entry: Entry, answer: Answer) -> Iterator[str]:
    """What an answer must have and has not, as far as the guide can ask for it."""
    if isinstance(answer, NotApplicable):
        needs = item.not_applicable.needs if item.not_applicable is not None else ()
        said = {"reason": answer.reason, "alternative": answer.alternative}
        yield from (_MISSING[part] for part in needs if not (said[part] or "").strip())
    if not isinstance(answer, Graded):
        return
    if isinstance(item.node, Statement) and item.node.takes_value and answer.value is None:
        yield asks(item.node) or "an answer beside the grade"
    evidence, action = item.requirements.evidence, item.requirements.action
    if evidence is not None and evidence.level(answer.grade) == "must":
        there = {
            "narrative": entry.has_narrative,
            "impact": bool(entry.impact and entry.impact.strip()),
            "documents": entry.evidence is not None and bool(entry.evidence.documents),
            "outcome": entry.outcome is not None,
        }
        yield from (EVIDENCE[part] for part in evidence.needs if not there.get(part, True))
    if action is not None and action.level(answer.grade) == "must" and all(one.blank for one in entry.every_action):
        yield "an action"


_MISSING = {"reason": "a reason", "alternative": "what is done instead"}


def ask_action(console: Console, framework: Framework, item: Item, entry: Entry, grade: str) -> Iterator[dict[str, Any]]:
    """The action that a grade asks for, if there is none yet and one is given; who stops in the middle keeps what was said so far."""
    requirement = item.requirements.action
    level = requirement.level(grade) if requirement is not None else None
    if requirement is None or level is None or any(not action.blank for action in entry.actions):
        return
    console.print(words(f"  This grade {FIRM[level]} an action. Enter leaves a field blank, q stops.", ASIDE))
    found: dict[str, Any] = {}
    try:
        for field in framework.plan_fields:
            word = _level(requirement, field.id, level)
            if field.help:
                console.print(indented(field.help, 4))
            value = _field(console, framework, field, f" ({word})" if word else "")
            if value is not None:
                found[field.id] = value
    finally:
        if found:
            yield found


def _field(console: Console, framework: Framework, field: ActionField, word: str) -> Any:
    states = framework.plan.status if field.kind == "status" else ()
    ids = {name.casefold(): state.id for state in states for name in (state.label, state.id)}
    if states:
        console.print(words("  " + _listed(states), ASIDE))
    while True:
        said = reply(console, f"  {field.label}{word}:")
        if not said:
            return None
        if states:
            if said.casefold() in ids:
                return ids[said.casefold()]
            console.print(words(f"  there is no '{said[:60]}'; {_listed(states)}"))
            continue
        if field.kind not in ("date", "timescale"):
            return said
        try:
            day = read_date(said)
        except DateFault as fault:
            console.print(words(f"  {fault.message}; {fault.hint}"))
            continue
        if day is None and field.kind == "date":
            console.print(words("  write a date, such as 3 April 2026, 31/03/2026 or 2026-03-31"))
            continue
        return day or said


def _listed(states: tuple[ActionStatus, ...]) -> str:
    told = [state.id if state.id == state.label.casefold() else f"{state.id} ({state.label})" for state in states]
    return f"one of: {', '.join(told)}"


def say(console: Console, error: S11Error) -> None:
    """Print why an answer was not taken."""
    for problem in error.problems:
        console.print(words(f"  {problem.message}" + (f"; {problem.hint}" if problem.hint else ""), "yellow"))
