"""`s11kit answer`: a guide through what is still to be answered. Each answer is in the file before the next question comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.rule import Rule

from s11kit.cli.asking import Stopped, ask, ask_action, ask_evidence, ask_not_applicable, say
from s11kit.cli.common import FILE, assessment_of, frameworks_option, verb
from s11kit.cli.printing import ASIDE, HEADING, grade_style, headed, indented, out, words
from s11kit.cli.replies import Keys, in_words, keys_of, read_answer, read_value, rewrite
from s11kit.cli.wording import asks, condition, demands, mark
from s11kit.errors import S11Error
from s11kit.model import Answer, Assessment, Graded, Item, NotApplicable, Stated, Statement, Unanswered

Move = Literal["skip", "back", "stop"]
MOVES: dict[str, Move] = {"s": "skip", "": "skip", "b": "back", "q": "stop"}


@verb("answer", "s11kit answer our-assessment.toml", "s11kit answer our-assessment.toml --from 3.1", "s11kit answer our-assessment.toml --all")
@click.argument("file", type=FILE)
@click.option("--from", "first", metavar="REF", help="Begin at this statement.")
@click.option("--all", "everything", is_flag=True, help="Every statement that applies, also those that have an answer.")
@frameworks_option
def answer(file: Path, first: str | None, everything: bool, folders: tuple[Path, ...]) -> None:
    """Answer an assessment with a guide.

    One statement comes after the other, and then what its grade asks for. Each answer is saved at once, and nothing else in
    the file changes, so you may stop at any time: with q, with Ctrl-C, or by closing the window.
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
        self.console.print(words("A number or a name chooses. s skips, b goes back, q stops; everything is saved at once.", ASIDE))
        seen: list[Item] = []
        at = begin
        while (item := self._next(at)) is not None:
            move = self._statement(item)
            if move == "stop":
                return
            if move == "back":
                if not seen:
                    self.console.print(words("  This is where you began."))
                    at = item.order - 1
                    continue
                at = self._back(seen.pop())
                continue
            seen.append(item)
            at = item.order

    def _back(self, item: Item) -> int:
        """Ask again, and stay there until it is answered or skipped."""
        move = self._statement(item)
        if move == "stop":
            raise Stopped
        return item.order

    def _next(self, after: int) -> Item | None:
        for item in self.assessment.in_scope:
            if item.order > after and (self.everything or isinstance(self.assessment.answer(item.ref), Unanswered)):
                return item
        return None

    def _statement(self, item: Item) -> Move | None:
        """Ask about one statement, and save what is said."""
        self._show(item)
        while True:
            said = ask(self.console, "Answer:")
            if said.casefold() in MOVES:
                return MOVES[said.casefold()]
            try:
                found = read_answer(item, self._chosen(item, said))
                self._save(item, found)
            except S11Error as error:
                say(self.console, error)
                continue
            return None

    def _chosen(self, item: Item, said: str) -> str:
        """A number chooses from the list that is shown; `n` is not applicable; everything else is taken as it is."""
        grades = item.scale.printed if item.takes_grade and item.scale is not None else ()
        if said.isdecimal() and len(said) < 5 and 1 <= int(said) <= len(grades) and said not in {grade.id for grade in grades}:
            return grades[int(said) - 1].id
        return "na" if said.casefold() == "n" and not (isinstance(item.node, Statement) and item.node.kind == "yes-no") else said

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
            console.print(words(condition((node.applies_when,)) or "", ASIDE))
        if isinstance(node, Statement):
            if node.help:
                console.print(indented(node.help))
            if asked := asks(node):
                console.print(words(f"  Asks for {asked}."))
        console.print()
        for number, grade in enumerate(item.scale.printed if item.takes_grade and item.scale is not None else (), 1):
            found = item.descriptor(grade.id)
            console.print(words(f"  {grade.id if grade.id.isdecimal() else number}  {grade.label}", grade_style(grade.colour)))
            if found is not None:
                console.print(indented(("On top of the grade below: " if found.cumulative else "") + found.text, 5))
        if item.not_applicable is not None:
            console.print(words(f"  n  {item.not_applicable.label}"))
        now = self.assessment.answer(item.ref)
        if not isinstance(now, Unanswered):
            console.print(words(f"  Answered so far: {in_words(item, now)} (s leaves it so)"))

    def _progress(self) -> str:
        todo = self.assessment.in_scope
        done = sum(not isinstance(self.assessment.answer(item.ref), Unanswered) for item in todo)
        return f"{done} of {len(todo)} answered"

    def _save(self, item: Item, found: Answer) -> None:
        """Write the answer down, and then what it asks for, piece by piece: whoever stops in the middle loses nothing."""
        entry = self.assessment.entry(item.ref)
        before = entry.answer
        if isinstance(found, NotApplicable):
            found = ask_not_applicable(self.console, item, before if isinstance(before, NotApplicable) else None)
        self._write(item, keys_of(found, before))
        if isinstance(found, Graded):
            if demanded := list(demands(item, found.grade, self.assessment.framework)):
                self.console.print(words(f"  {in_words(item, found)} {'; and '.join(demanded)}.", ASIDE))
            self._write(item, self._value_beside(item, before))
            for keys in ask_evidence(self.console, item, entry, found.grade):
                self._write(item, keys)
            if action := ask_action(self.console, self.assessment.framework, item, entry, found.grade):
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
        while said := ask(self.console, f"  It asks for {asks(node)} as well (Enter leaves it blank):"):
            try:
                value = read_value(item, node, said)
            except S11Error as error:
                say(self.console, error)
                continue
            return {"value": keys_of(Stated(value), before)["value"]}
        return {}

    def close(self) -> None:
        """Say how far it is, and what comes next."""
        self.console.print(words(f"\n{self._progress()}. Everything is saved in {self.file}.", HEADING))
        self.console.print(words(f"Go on: s11kit answer {self.file}    See what is missing: s11kit check {self.file}", ASIDE))
