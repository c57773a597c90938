"""`s11kit answer`: a guide through what is still to be answered. Each answer is in the file before the next question comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.rule import Rule

from s11kit.cli.asking import Stopped, ask, ask_action, ask_evidence, ask_not_applicable, lacking, reply, say
from s11kit.cli.common import FILE, assessment_of, frameworks_option, verb
from s11kit.cli.menu import Move, available, choose, command, menu
from s11kit.cli.printing import ASIDE, HEADING, grade_style, headed, indented, out, words
from s11kit.cli.replies import Keys, in_words, keys_of, read_value, rewrite
from s11kit.cli.wording import asks, condition, demands, looks_like, mark
from s11kit.errors import S11Error, counted, listed
from s11kit.model import Answer, Assessment, Graded, Item, NotApplicable, Stated, Statement, Unanswered


@verb("answer", "s11kit answer our-assessment.toml", "s11kit answer our-assessment.toml --from 3.1", "s11kit answer our-assessment.toml --all")
@click.argument("file", type=FILE)
@click.option("--from", "first", metavar="REF", help="Begin at this statement.")
@click.option("--all", "everything", is_flag=True, help="Every statement that applies, also those that have an answer.")
@frameworks_option
def answer(file: Path, first: str | None, everything: bool, folders: tuple[Path, ...]) -> None:
    """Answer an assessment with a guide.

    It asks for what is unanswered, and for what an answer must have and has not: one statement after the other, and then what
    its grade asks for. Each answer is saved at once, and nothing else in the file changes, so you may stop at any time: with
    :quit, with Ctrl-C, or by closing the window. Type a blank in front of a text that would be taken for a command.
    """
    assessment = assessment_of(file, folders)
    console = out()
    begin = assessment.framework.item(first).order - 1 if first is not None else -1
    guide = _Guide(console, file, folders, assessment, everything)
    try:
        guide.run(begin)
    except Stopped:
        pass
    except KeyboardInterrupt:
        guide.close()
        raise
    guide.close()


class _Guide:
    """Where the person is, and where they came from."""

    def __init__(self, console: Console, file: Path, folders: tuple[Path, ...], assessment: Assessment, everything: bool) -> None:
        self.console, self.file, self.folders = console, file, folders
        self.assessment, self.everything = assessment, everything

    def run(self, begin: int) -> None:
        """Go through the statements, from the one with that place in the framework."""
        if self.assessment.scope.unsettled:
            self.console.print(words("Some statements may not concern you; 's11kit check' says what to add about the organisation.", "yellow"))
        self.console.print(words("Type what stands before a grade, its id or its label. Everything is saved at once. Enter alone skips.", ASIDE))
        seen: list[Item] = []
        item = self._next(begin)
        while item is not None:
            move = self._statement(item)
            if move == "quit":
                return
            if move == "back":
                if seen:
                    item = seen.pop()
                else:
                    self.console.print(words("  This is where you began."))
                continue
            seen.append(item)
            item = self._next(item.order)

    def _next(self, after: int) -> Item | None:
        for item in self.assessment.in_scope:
            if item.order > after and (self.everything or isinstance(self.assessment.answer(item.ref), Unanswered) or self._lacks(item)):
                return item
        return None

    def _lacks(self, item: Item) -> list[str]:
        """What the answer to an item must have and has not. Who grades along dimensions, or inherits an answer, is not asked."""
        entry = self.assessment.entry(item.ref)
        return list(lacking(item, entry, entry.answer))

    def _statement(self, item: Item) -> Move | None:
        """Ask about one statement, and save what is said."""
        self._show(item)
        now, half = self.assessment.entry(item.ref).answer, bool(self._lacks(item))
        while True:
            line = ask(self.console, "Answer:")
            try:
                move = command(item, line)
                if move == "skip" and half and not line:
                    found: Answer = now
                elif move == "na":
                    found = NotApplicable()
                elif move is not None:
                    return move
                else:
                    found = choose(item, line.strip())
                self._save(item, found)
            except S11Error as error:
                say(self.console, error)
                continue
            return None

    def _show(self, item: Item) -> None:
        console, node = self.console, item.node
        console.print()
        console.print(Rule(self._progress(), characters="-", style=ASIDE))
        for parent in item.parents:
            console.print(words(f"{parent.ref}  {parent.title}", ASIDE))
        console.print(headed(item.ref, item.title))
        if item.provenance.wording == "reconstructed":
            console.print(words(f"[{mark(item.provenance)}]", ASIDE))
        if node.applies_when is not None:
            console.print(words(condition((node.applies_when,), self.assessment.framework) or "", ASIDE))
        if isinstance(node, Statement):
            if node.help:
                console.print(indented(node.help))
            if asked := asks(node):
                console.print(words(f"  Asks for {asked}{' (y or n)' if node.kind == 'yes-no' else ''}."))
        console.print()
        rows = list(menu(item))
        wide = max((len(key) for key, _ in rows), default=1)
        for key, grade in rows:
            code = f" (code {grade.code})" if grade.code and grade.code != key else ""
            console.print(words(f"  {key:<{wide}}  {grade.label}{code}", grade_style(grade.colour)))
            if looks := looks_like(item, grade):
                console.print(indented(looks, wide + 4))
        if item.may_not_apply:
            policy = item.not_applicable
            typed = f"na or {policy.code}" if policy and policy.code and policy.code.casefold() != "na" else "na"
            console.print(words(f"  {'':<{wide}}  {policy.label if policy else 'Not applicable'}: type {typed}"))
        now = self.assessment.answer(item.ref)
        if not isinstance(now, Unanswered):
            console.print(words(f"  Answered so far: {in_words(item, now)} (:skip leaves it so)"))
        if lacks := self._lacks(item):
            console.print(words(f"  Still missing: {listed(lacks)}; Enter goes on to that", "yellow"))
        console.print(words(f"  Commands: {available(item)}", ASIDE))

    def _progress(self) -> str:
        todo = self.assessment.in_scope
        done = sum(not isinstance(self.assessment.answer(item.ref), Unanswered) for item in todo)
        return f"{done} of {len(todo)} answered"

    def _save(self, item: Item, found: Answer) -> None:
        """Write the answer down, and then what it asks for, piece by piece: whoever stops in the middle loses nothing."""
        entry = self.assessment.entry(item.ref)
        before = entry.answer
        if isinstance(found, NotApplicable):
            for told in ask_not_applicable(self.console, item, before if isinstance(before, NotApplicable) else None):
                self._write(item, keys_of(told, self.assessment.entry(item.ref).answer))
        elif found != before:
            self._write(item, keys_of(found, before))
        if isinstance(found, Graded):
            if demanded := list(demands(item, found.grade, self.assessment.framework)):
                self.console.print(words(f"  {in_words(item, found)} {'; and '.join(demanded)}.", ASIDE))
            self._write(item, self._value_beside(item, before))
            for keys in ask_evidence(self.console, item, entry, found.grade):
                self._write(item, keys)
            for action in ask_action(self.console, self.assessment.framework, item, entry, found.grade):
                self._write(item, {}, [action])
        self.console.print(words(f"  saved: {item.ref} {in_words(item, self.assessment.answer(item.ref))}"))

    def _write(self, item: Item, keys: Keys, actions: list[dict[str, Any]] | None = None) -> None:
        if keys or actions:
            self.assessment = rewrite(self.file, self.assessment, item.ref, keys, actions=actions, folders=self.folders)

    def _value_beside(self, item: Item, before: Answer) -> Keys:
        """What a statement asks for as well as a grade."""
        node = item.node
        if not isinstance(node, Statement) or not node.takes_value or (isinstance(before, (Stated, Graded)) and before.value is not None):
            return {}
        while said := reply(self.console, f"  It asks for {asks(node)} as well (Enter leaves it blank, q stops):"):
            try:
                value = read_value(item, node, said)
            except S11Error as error:
                say(self.console, error)
                continue
            return {"value": keys_of(Stated(value), before)["value"]}
        return {}

    def close(self) -> None:
        """Say how far it is, and what comes next."""
        half = sum(bool(self._lacks(item)) for item in self.assessment.in_scope)
        more = f"; {counted(half, 'answer')} still {'lacks' if half == 1 else 'lack'} something" if half else ""
        self.console.print(words(f"\n{self._progress()}{more}. Everything is saved in {self.file}.", HEADING))
        self.console.print(words(f"Go on: s11kit answer {self.file}    See what is missing: s11kit check {self.file}", ASIDE))
