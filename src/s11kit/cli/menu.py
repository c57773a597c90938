"""What may be typed at a statement: grades by id, label, code or place in the list, and commands that cannot be mistaken for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from s11kit.cli.replies import may_not_apply, read_answer
from s11kit.errors import Problem, S11Error
from s11kit.model import Answer, Grade, Graded, Item, NotApplicable, Statement

Move = Literal["skip", "back", "quit", "na"]
COMMANDS: dict[str, Move] = {
    ":skip": "skip", ":next": "skip", ":s": "skip", ":back": "back", ":b": "back",
    ":quit": "quit", ":stop": "quit", ":q": "quit", ":na": "na", ":n": "na",
}  # fmt: skip
LETTERS: dict[str, Move] = {"s": "skip", "b": "back", "q": "quit", "n": "na"}
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def by_code(item: Item) -> bool:
    """Whether the list of grades is numbered by the board's own codes: each grade has one of its own."""
    codes = [(grade.code or "").casefold() for grade in _grades(item)]
    return all(codes) and len(set(codes)) == len(codes)


def menu(item: Item) -> Iterator[tuple[str, Grade]]:
    """The grades in the order the board prints them, each with what stands before it in the list."""
    coded = by_code(item)
    for place, grade in enumerate(_grades(item), 1):
        yield (grade.code or "" if coded else str(place)), grade


def _grades(item: Item) -> tuple[Grade, ...]:
    return item.scale.printed if item.takes_grade and item.scale is not None else ()


def _meanings(item: Item, said: str) -> dict[str, str]:
    """The grades that a word could mean, and how it names each of them."""
    word = said.strip().casefold()
    numbers = {grade.id: place for place, grade in enumerate(_grades(item), 1)} if not by_code(item) else {}
    found: dict[str, str] = {}
    for grade in _grades(item):
        if word == grade.id.casefold():
            found[grade.id] = "its id"
        elif word == (grade.code or "").casefold():
            found[grade.id] = "its code"
        elif word == grade.label.casefold():
            found[grade.id] = "its label"
        elif word == str(numbers.get(grade.id, "")):
            place = numbers[grade.id]
            found[grade.id] = f"the {_PLACES[place - 1]} in the list" if place <= len(_PLACES) else f"number {place} in the list"
    return found


def _declined(item: Item) -> list[str]:
    policy = item.not_applicable
    return [word.casefold() for word in (policy.code, policy.label) if word] if policy is not None else []


def choose(item: Item, said: str) -> Answer:
    """The answer that is meant. `S11Error` if it could be two, or none."""
    found = _meanings(item, said)
    told = [f"grade '{grade}' ({how})" for grade, how in found.items()]
    if said.casefold() in _declined(item):
        told.append("not applicable")
    if len(told) > 1:
        clear = [word for grade in found for word in _clear(item, grade)]
        hint = f"type {' or '.join(clear)}" if clear else "use 's11kit set', which takes the id"
        raise S11Error([Problem(code="A002", message=f"'{said}' could be {' or '.join(told)}", hint=hint)])
    answer = Graded(next(iter(found))) if found else read_answer(item, said)
    if isinstance(answer, NotApplicable):
        may_not_apply(item)
    return answer


def _clear(item: Item, grade: str) -> list[str]:
    """A word that means this grade and no other."""
    words = [grade, *(one.label for one in _grades(item) if one.id == grade)]
    return [f"'{word}'" for word in words if len(_meanings(item, word)) == 1 and word.casefold() not in _declined(item)][:1]


def _taken(item: Item, letter: str) -> bool:
    """Whether a letter answers the statement, so that it is no command there."""
    node = item.node
    options = {word.casefold() for option in node.options for word in (option.id, option.label)} if isinstance(node, Statement) else set[str]()
    spoken = isinstance(node, Statement) and node.kind == "yes-no" and letter == "n"
    return spoken or letter in options or letter in _declined(item) or bool(_meanings(item, letter))


def command(item: Item, line: str) -> Move | None:
    """The command that a line is; `None` if it is an answer. A blank in front makes it an answer, whatever follows."""
    word = line.strip().casefold()
    if not word:
        return "skip"
    if line[0].isspace():
        return None
    move = COMMANDS.get(word) or (None if _taken(item, word) else LETTERS.get(word))
    if move is None and word.startswith(":"):
        raise S11Error([Problem(code="A002", message=f"there is no command '{word[:60]}'", hint=f"commands: {available(item)}")])
    if move == "na":
        may_not_apply(item)
    return move


def available(item: Item) -> str:
    """The commands there are at a statement, and the letters that are short for them there."""
    free = {move: letter for letter, move in LETTERS.items() if not _taken(item, letter)}
    moves: tuple[Move, ...] = ("skip", "back", "quit", "na") if item.may_not_apply else ("skip", "back", "quit")
    return ", ".join(f":{move} (or {free[move]})" if move in free else f":{move}" for move in moves)
