"""Hostile input: every file is read as a value or refused with problems, whatever stands in it.

    python tests/fuzz/run.py [NUMBER] [SEED]

Each input is made from its number and the seed alone, so that a run can be repeated. What breaks the library is made as small as it gets and kept in
`corpus/`, where `test_corpus.py` finds it.
"""

# ruff: noqa: E501, RUF001 - tables of hostile texts, some of them made of look-alikes
from __future__ import annotations

import argparse
import copy
import datetime
import hashlib
import json
import multiprocessing
import queue
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import attrs

import s11kit
from s11kit import Assessment, Catalogue, Framework, InvalidFile, NotScorable, Problem, S11Error, Scale
from s11kit.codec import dump_scale, edit_answers, json_schema, json_text, load_scale, toml_text
from s11kit.errors import CODES, render
from s11kit.model import Statement
from s11kit.proving import Prover
from s11kit.rules import LAWS
from s11kit.rules.wording import page

HERE = Path(__file__).resolve().parent
SEEDS = HERE / "seeds"
CORPUS = HERE / "corpus"
SHIPPED = HERE.parents[1] / "frameworks" / "cambridgeshire-peterborough" / "2017-19"
HARD = HERE.parent / "hard_cases"
TWENTY = HERE.parent / "rules" / "twenty.toml"

SECONDS = 2.0
"""Of processor time, which is more than any small input may take."""
LONGEST = 5_000
"""The most characters that one problem may have when it is shown."""
TODAY = datetime.date(2026, 9, 1)


# --- judging one input -----------------------------------------------------------------------------------------


class Broken(Exception):
    """A promise that was not kept, though nothing was raised."""


class Slow(BaseException):
    """Too much processor time for one small input."""


@attrs.frozen
class Finding:
    """What went wrong with an input; findings with the same signature are the same bug."""

    signature: str
    text: str


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `Slow` inside the block after that much processor time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Slow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def promise(kept: bool, what: str) -> None:
    if not kept:
        raise Broken(what)


def judge(name: str, raw: bytes, folder: Path, catalogue: Catalogue) -> tuple[str, Finding | None]:
    """What became of an input, in a word, and the finding if the library did not keep its promises. `name` says the kind: `framework.toml`."""
    file = folder / name
    file.write_bytes(raw)
    try:
        with limited(SECONDS):
            return exercise(file, catalogue), None
    except Slow as error:
        return "slow", Finding(f"slow: {_place(error)}", f"more than {SECONDS} s of processor time, here at\n" + _tail(error))
    except Exception as error:
        said = f": {error}" if isinstance(error, Broken) else ""
        return "broken", Finding(f"{type(error).__name__}{said.splitlines()[0][:120] if said else ''} at {_place(error)}", _tail(error))


def _place(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "s11kit" in frame.filename and "/fuzz/" not in frame.filename]
    if not frames:
        frames = list(traceback.extract_tb(error.__traceback__))
    frame = frames[-1]
    return f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"


def _tail(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line[:300] for line in lines[-14:])


def exercise(file: Path, catalogue: Catalogue) -> str:
    """Read a file and, if that works, do with it all that can be done."""
    kind = file.name.split("-")[0].split(".")[0]
    try:
        if kind == "scale":
            _scale(load_scale(file), file, catalogue)
        elif kind == "framework":
            _framework(s11kit.load_framework(file, catalogue=catalogue), file, catalogue)
        else:
            _assessment(s11kit.load_assessment(file, catalogue=catalogue), file)
    except InvalidFile as error:
        promise(bool(error.problems), "an error without problems")
        promise(any(problem.severity == "error" for problem in error.problems), "refused without an error among the problems")
        for problem in error.problems:
            _shown(problem)
        str(error)
        return "refused"
    return "read"


def _shown(problem: Problem) -> None:
    """A problem can be shown: by a known code, without control characters, short enough, as JSON too, at a place that exists."""
    promise(problem.code in CODES, f"no such code {problem.code}")
    text = render(problem)
    text.encode()
    promise(all(c == "\n" or c.isprintable() for c in text), f"{problem.code} shows control characters")
    promise(len(text) <= LONGEST, f"{problem.code} is shown with more than {LONGEST} characters")
    json.dumps(problem.to_dict(), ensure_ascii=False).encode()
    place = problem.place
    if place is not None and place.line is not None:
        promise(place.line >= 1 and place.column is not None and place.column >= 1, f"{problem.code} is nowhere")
        promise(place.excerpt is not None and "\n" not in place.excerpt, f"{problem.code} has an excerpt of more than a line")
        promise(place.column is not None and place.excerpt is not None and place.column <= len(place.excerpt) + 1, f"{problem.code} is off its line")


def difference(one: Any, two: Any) -> str:
    """Where two values of the model first differ: the innermost attribute, without what belongs to one file alone."""
    if type(one) is not type(two):
        return f"{type(one).__name__} became {type(two).__name__}"
    if attrs.has(type(one)):
        for field in attrs.fields(type(one)):
            a, b = getattr(one, field.name), getattr(two, field.name)
            if field.eq and a != b:
                inner = difference(a, b)
                return inner if "." in inner else f"{type(one).__name__}.{field.name} {inner}"
    if isinstance(one, dict):
        if one.keys() != two.keys():
            return "has other keys"
        return next(difference(one[key], two[key]) for key in one if one[key] != two[key])
    if isinstance(one, tuple):
        if len(one) != len(two):
            return "has another length"
        return next(difference(a, b) for a, b in zip(one, two, strict=True) if a != b)
    return "differs"


def promise_equal(one: Any, two: Any, what: str) -> None:
    promise(one == two, f"{what}: {difference(one, two) if one != two else ''}")


def _again(text: str, folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8", newline="")
    return file


def _scale(scale: Scale, file: Path, catalogue: Catalogue) -> None:
    again = _again(dump_scale(scale, edition="1"), file.parent, "written-scale.toml")
    promise_equal(scale, _reread(lambda: load_scale(again)), "written and read again")


def _reread(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except S11Error as error:
        raise Broken(f"what was written cannot be read: {error.problems[0].code}\n{error}") from error


def _framework(framework: Framework, file: Path, catalogue: Catalogue) -> None:
    for problem in s11kit.check(framework):
        promise(problem.severity != "error", f"a framework loads with the error {problem.code}")
        _shown(problem)
    whole = attrs.evolve(framework, layers=())
    again = _again(s11kit.dump_framework(framework), file.parent, "written-framework.toml")
    read = _reread(lambda: s11kit.load_framework(again, catalogue=catalogue))
    promise_equal(whole, read, "written and read again")
    for rule in framework.rules.values():
        promise(bool(page(rule.rule, framework).strip()), "a rule has no page")
        for law in random.Random(framework.title).sample(sorted(LAWS), 2):
            Prover(rule, budget=300).decide(law).to_dict()
    for data in answered(framework, random.Random(framework.title)):
        _parsed(data, framework, catalogue, file)


class _OnlyThis:
    """A catalogue that answers with one framework, whatever its name."""

    def __init__(self, framework: Framework, catalogue: Catalogue) -> None:
        self._framework, self._catalogue = framework, catalogue

    def framework(self, name: str) -> Framework:
        return self._framework

    def shared_scale(self, name: str) -> Scale:
        return self._catalogue.shared_scale(name)


def _parsed(data: dict[str, Any], framework: Framework, catalogue: Catalogue, file: Path) -> None:
    """An assessment made for a framework is read, or refused with problems, and then goes through everything."""
    only: Any = _OnlyThis(framework, catalogue)
    try:
        made = s11kit.parse_assessment(json_text(data), catalogue=only)
    except InvalidFile as error:
        for problem in error.problems:
            _shown(problem)
        return
    _used(made)


def _assessment(assessment: Assessment, file: Path) -> None:
    _used(assessment)
    if file.suffix == ".toml" or file.suffix == ".json":
        _edited(assessment, file)


def _edited(assessment: Assessment, file: Path) -> None:
    """Editing in place is done or refused; what is done can be read and changes that answer alone."""
    items = assessment.framework.answerable
    if not items:
        return
    item = items[len(assessment.answers) % len(items)]
    try:
        text = edit_answers(file, {item.ref: {"comment": 'said "so"\nin two lines'}}, order=tuple(assessment.framework.items))
    except InvalidFile as error:
        for problem in error.problems:
            _shown(problem)
        return
    again = _again(text, file.parent, f"edited-assessment{file.suffix}")
    only: Any = _OnlyThis(assessment.framework, s11kit.Catalogue.of())
    read = _reread(lambda: s11kit.codec.load_assessment(again, catalogue=only))
    promise(read.entry(item.ref).comment == 'said "so"\nin two lines', "an edit in place is not there")
    others = [a for a in assessment.answers if a != item.ref]
    promise(all(read.answers.get(ref) == assessment.answers[ref] for ref in others), "an edit in place changed another answer")


def _used(assessment: Assessment) -> None:
    for problem in s11kit.check(assessment, on=TODAY):
        _shown(problem)
    roles = ["self", *(role.id for role in assessment.framework.roles)]
    scores = []
    for role in roles:
        for dimension in (None, *(one.id for one in assessment.framework.dimensions)):
            try:
                score = s11kit.score(assessment, role=role, dimension=dimension)
            except NotScorable as error:
                promise(bool(error.problems), "not scorable without problems")
                for problem in error.problems:
                    _shown(problem)
                continue
            scores.append(score)
            _counted(score)
    if len(scores) > 1:
        s11kit.compare(scores[0], scores[-1]).to_dict()
    for include in ("triggered", "all"):
        for role in roles:
            made = s11kit.plan(assessment, on=TODAY, include=include, role=role)
            json.dumps(made.to_dict(), default=str)
            len(made.overdue), made.due, made.wanting
    s11kit.carry_forward(assessment, cycle="next")
    assessment.receivers()
    _written(assessment)


def _counted(score: s11kit.Score) -> None:
    total = score.total
    parts = (*total.grades.values(), total.not_applicable, total.unanswered)
    promise(sum(parts) == total.statements, "the counts do not add up")
    promise(sum(tally.statements for tally in score.tally) == total.statements, "the standards do not add up to the total")
    json.dumps(score.to_dict()).encode()
    for result in score.rules.values() if score.role == "self" and score.dimension is None else ():
        derivation = result.explain()
        promise(derivation.value is None or derivation.replay() == derivation.value, "a derivation does not replay")
        json.dumps(derivation.to_dict()).encode()
        try:
            result.next_grade().to_dict()
        except S11Error as error:
            promise(error.problems[0].code in ("K002", "R004"), f"the next grade is refused with {error.problems[0].code}")
    for grade in total.grades:
        score.share_text(grade)


def _written(assessment: Assessment) -> None:
    only: Any = _OnlyThis(assessment.framework, s11kit.Catalogue.of())
    text = s11kit.dump_assessment(assessment)
    text.encode()
    read = _reread(lambda: s11kit.parse_assessment(text, catalogue=only, kind="toml"))
    promise_equal(assessment, read, "written and read again")
    text = s11kit.dump_assessment(assessment, kind="json")
    text.encode()
    read = _reread(lambda: s11kit.parse_assessment(text, catalogue=only))
    promise(s11kit.dump_assessment(read, kind="json") == text, "an assessment is not the same after writing and reading JSON")


# --- where inputs come from ------------------------------------------------------------------------------------


def make_catalogue(folder: Path) -> Catalogue:
    """What s11kit ships, the seeds, and the frameworks of the hard cases that can be read."""
    for file in sorted(HARD.glob("*/*.toml")):
        if file.name.startswith(("framework", "overlay")):
            head = tomllib.loads(file.read_text(encoding="utf-8"))
            place = folder / str(head.get("id")) / str(head.get("edition"))
            if not place.exists():
                place.mkdir(parents=True)
                shutil.copy(file, place / "framework.toml")
    return Catalogue.default(SEEDS / "frameworks", folder)


@attrs.frozen
class Seed:
    """A sound file, as text and as data."""

    kind: str
    text: str
    data: dict[str, Any]


def seeds() -> list[Seed]:
    """Every sound file there is; the large ones cut into pieces, so that most inputs are small."""
    found: list[Seed] = []

    def add(kind: str, text: str) -> None:
        found.append(Seed(kind, text, tomllib.loads(text, parse_float=Decimal)))

    framework = (SHIPPED / "framework.toml").read_text(encoding="utf-8")
    add("framework", framework)
    head, *standards = re.split(r"(?m)^(?=\[\[standard\]\])", framework)
    for standard in standards:
        add("framework", head + standard)
    for example in sorted((SHIPPED / "examples").glob("*.toml")):
        text = example.read_text(encoding="utf-8")
        add("assessment", text)
        head, *answers = re.split(r'(?m)^(?=\[answer\."[0-9.]+"\]$)', text)
        for place in range(0, len(answers), 4):
            add("assessment", head + "".join(answers[place : place + 4]))
    for file in sorted(HARD.glob("*/*.toml")):
        kind = "assessment" if file.name.startswith("assessment") else "framework" if file.name.startswith(("framework", "overlay")) else ""
        if kind:
            add(kind, file.read_text(encoding="utf-8"))
    head, *rules = re.split(r"(?m)^(?=\[\[rule\]\])", TWENTY.read_text(encoding="utf-8"))
    for rule in rules:
        add("framework", head + rule)
    for _ in range(12):  # these hold every key, so they are used more often
        add("framework", (SEEDS / "frameworks/everything/2026/framework.toml").read_text(encoding="utf-8"))
        add("framework", (SEEDS / "overlay.toml").read_text(encoding="utf-8"))
        add("assessment", (SEEDS / "assessment.toml").read_text(encoding="utf-8"))
    for _ in range(6):
        add("scale", (SEEDS / "frameworks/scales/five-steps/1/scale.toml").read_text(encoding="utf-8"))
    return found


EVIL_IDS = [
    "../../etc/passwd", "/etc/passwd", "..\\..\\windows", "C:\\x", "%2e%2e%2fetc", "a\x00b", "a/b", "..", ".", "", " ", "-", "a--b", "a" * 81, "a" * 3000, "A",
    "１", "é", "\N{CYRILLIC SMALL LETTER A}", "1.1\n", "1..1", "1.1.", "file:///etc/passwd", "everything@../2026", "@", "a@", "@a", "a@b@c",
    "everything@2026/../..", "\x1b[31mred\x1b[0m", "\u202e1.1", "self", "not_applicable", "unanswered", "__class__", "extra", "answer", "\ud800", "null",
]  # fmt: skip
TEXTS = [
    "", " ", "\n", "x" * 2000, "\x00", "\x1b[2J", "\u202eabc", "a\u0300" * 30, "\U0001f4a9", "\ufeff", "\ud83d", "\u2028", "{}", "[]", '"', '"""', "\\", "%s", "{0}",
    "31/03/2026", "03/04/2026", "31/02/2026", "2026-02-30", "0000-00-00", "9999-12-31", "1/1/26", "31 March 2026", "99 March 0000", "true", "1/0", "1/3", "0/1",
    "1e400", "-0", "+1", "٣", "１２", "1_000", "NaN", "inf", "0x10", "9" * 31, "1." + "9" * 31, "-1/3", "²", "today", "\t31/03/2026\r",
]  # fmt: skip
NUMBERS = [
    0, 1, -1, 2, 7, 100, 101, 1000, 1001, 10**6, 2**31, 2**63, 2**64, -(2**63), 10**15, 10**29, 10**30, 10**31, 10**100,
    Decimal("0.1"), Decimal("-0.0"), Decimal("1E+5"), Decimal("1E-28"), Decimal("0.333333333333333333333333333333"), Decimal("1E+30"), True, False,
]  # fmt: skip
DATES = [
    datetime.date(2026, 3, 31), datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2026, 3, 31, 12),
    datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=14))), datetime.time(12, 30, 1, 5),
]  # fmt: skip
SNIPPETS = [
    "[" * 70 + "]" * 70, "{a=" * 70 + "1" + "}" * 70, "a" + ".a" * 70, "[" + "a." * 70 + "a]", "[[" + "a." * 70 + "a]]", "[" * 5000, "{" * 5000, "a." * 5000,
    '{"a":' * 3000, "[[[[", "]]]]", "9" * 5000, "-" + "9" * 5000, "1e999999999", "1e-999999999", "1E400", "0x" + "f" * 5000, "0b" + "1" * 9000, "nan", "inf", "-inf",
    "NaN", "Infinity", "1979-05-27T07:32:00-24:00", "1979-05-27 07:32:00.999999999999", "1979-13-41", "24:61:61", "0000-01-01", "2026-02-29", "\\ud83d", "\\u0000",
    "\\U00110000", "\\ud800\\udc00", "\\x", '"""', "'''", '"', "'", "\\", "#", "=", "==", ",", ",,", ".", "..", "\x1b[31m", "\x00", "\x07", "\x7f", "\x85", "\u2028",
    "\ufeff", "\u200b", "\u00a0", "\u202e", "“", "”", "‘", "–", "−", "\uff11", "\u0430", "Yes", "No", "TRUE", "null", "None", "undefined", "31/03/2026", "//", "/*", "<!--",
    "<<<<<<< HEAD", "=======", ">>>>>>> x", "C:\\Users\\x", '"C:\\Users\\x"', "PK\x03\x04", "%PDF-1.4", "{\\rtf1", "<html>", "<?xml", "a = 1\na = 2\n", "[answer.1.1]",
    "[answer]\n", "[[answer]]\n", "[organisation]\n", "extends = 'everything@2026'\n", "extends = 1\n", "[[remove]]\n", "[[change]]\nref='1.1'\nmeaning='same'\n",
    "[[standard]]\n", "[[statement]]\n", "[[standard.statement]]\n", "[standard]\n", "use = 'five-steps@1'\n", "applies_when = {}\n", "applies_when = { both = [] }\n",
    "applies_when = " + "{ not = " * 40 + "{ statutory = true }" + " }" * 40 + "\n", '"" = 1\n', "'' = ''\n", '"\\u0000" = 1\n', "format = 's11kit.framework/2'\n",
    "format = 's11kit.assessment/" + "9" * 500 + "'\n", '"a.b" = 1\n', '" " = 1\n',
]  # fmt: skip
CONFUSED = {
    "a": "\u0430",
    "e": "\u0435",
    "o": "\u043e",
    "1": "\uff11",
    '"': "“",
    "'": "’",
    "-": "–",
    " ": "\u00a0",
    ".": "\u2024",
    "=": "＝",
    "[": "［",
    "l": "1",
    "0": "O",
}
TOKEN = re.compile(r"""\"\"\".*?\"\"\"|"[^"\n]*"|'[^'\n]*'|#[^\n]*|[A-Za-z0-9_-]+|\s+|.""", re.DOTALL)


def _words() -> tuple[list[str], list[str]]:
    """Every key of the schemas, and every word that is allowed somewhere."""
    keys: set[str] = set()
    words: set[str] = set()
    heap: list[Any] = [json_schema(kind) for kind in ("framework", "scale", "assessment")]
    while heap:
        node = heap.pop()
        if isinstance(node, dict):
            keys |= set(node.get("properties", {})) if isinstance(node.get("properties"), dict) else set()
            words |= {word for word in node.get("enum", []) if isinstance(word, str)} if isinstance(node.get("enum"), list) else set()
            heap += node.values()
        elif isinstance(node, list):
            heap += node
    return sorted(keys), sorted(words)


KEYS, WORDS = _words()
NAMES = [
    "1", "1.1", "1.2", "1.3", "1.10", "2", "2a", "2a.1", "2a.x.1", "3.1", "3.2", "3.4", "7.1", "8", "rag", "percent", "five-steps", "not-met", "partly-met", "met",
    "fully-met", "three", "75", "a", "b", "c", "north", "south", "school", "club", "small", "key", "moderated", "paper", "practice", "what", "lead", "when", "state",
    "first", "second", "outside", "handbook", "everything@2026", "our-board@2026", "five-steps@1", "cambridgeshire-peterborough@2017-19", "open", "done",
]  # fmt: skip


# data


def anything(rng: random.Random, depth: int = 0) -> Any:
    """Any value that a file can hold."""
    pick = rng.random()
    if pick < 0.25:
        return rng.choice(NAMES)
    if pick < 0.35:
        return rng.choice(WORDS)
    if pick < 0.5:
        return rng.choice(TEXTS)
    if pick < 0.6:
        return rng.choice(EVIL_IDS)
    if pick < 0.75:
        return rng.choice(NUMBERS)
    if pick < 0.82:
        return rng.choice(DATES)
    if depth > 3:
        return []
    if pick < 0.9:
        return [anything(rng, depth + 1) for _ in range(rng.choice((0, 1, 1, 2, 5)))]
    return {any_key(rng): anything(rng, depth + 1) for _ in range(rng.choice((0, 1, 1, 2, 4)))}


def any_key(rng: random.Random) -> str:
    return rng.choice(rng.choice((KEYS, KEYS, NAMES, EVIL_IDS, TEXTS)))


def slip(rng: random.Random, word: str) -> str:
    """A word with a typing mistake."""
    at = rng.randrange(len(word) + 1)
    return rng.choice(
        (word[:at] + word[at + 1 :], word[:at] + rng.choice("aeiou-_.1 ") + word[at:], word.upper(), word + "s", word.replace("_", "-"), " " + word)
    )


def nodes(data: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree: what holds it, and its key or number."""
    out: list[tuple[Any, Any]] = []
    heap = [data]
    while heap:
        node = heap.pop()
        inner = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        for key in inner:
            out.append((node, key))
            if isinstance(node[key], (dict, list)):
                heap.append(node[key])
    return out


def _replace(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    holder[key] = anything(rng)


def _delete(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    del holder[key]


def _rename(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    if isinstance(holder, dict):
        new = slip(rng, key) if rng.random() < 0.4 else any_key(rng)
        items = [(new if k == key else k, v) for k, v in holder.items()]
        holder.clear()
        holder.update(items)


def _add(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    inside = holder[key] if isinstance(holder[key], (dict, list)) else holder
    if isinstance(inside, dict):
        inside[any_key(rng)] = anything(rng)
    else:
        inside.insert(rng.randrange(len(inside) + 1), anything(rng))


def _retype(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    value = holder[key]
    plain: tuple[Callable[[], Any], ...] = (
        lambda: [value],
        lambda: {any_key(rng): value},
        lambda: str(value)[:3000],
        lambda: [value, copy.deepcopy(value)],
    )
    if isinstance(value, str):
        plain += (value.split, lambda: True, lambda: len(value), lambda: value + rng.choice(TEXTS), lambda: value[: len(value) // 2])
    elif isinstance(value, list):
        plain += (lambda: value[0] if value else {}, lambda: value[::-1], lambda: value * 2, lambda: dict(enumerate_keys(value)))
    elif isinstance(value, dict):
        plain += (lambda: list(value.values()), lambda: list(value), lambda: {**value, **{any_key(rng): anything(rng)}})
    elif isinstance(value, (int, Decimal)):
        plain += (lambda: -value, lambda: value * 10**20, lambda: value + 1, lambda: Decimal(value) / 7)
    holder[key] = rng.choice(plain)()


def enumerate_keys(values: list[Any]) -> list[tuple[str, Any]]:
    return [(str(place), value) for place, value in enumerate(values)]


def _copy_from_elsewhere(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    other, there = rng.choice(nodes(data))
    holder[key] = copy.deepcopy(other[there])


def _exchange(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    other, there = rng.choice(nodes(data))
    one, two = copy.deepcopy(holder[key]), copy.deepcopy(other[there])
    if key in holder if isinstance(holder, dict) else key < len(holder):
        holder[key] = two
        other[there] = one


def _name(rng: random.Random, holder: Any, key: Any, data: Any) -> None:
    """Another known id, reference or word: what breaks the connections between the parts."""
    if isinstance(holder[key], str):
        holder[key] = rng.choice(rng.choice((NAMES, NAMES, WORDS, EVIL_IDS)))
    elif isinstance(holder[key], list):
        holder[key].append(rng.choice(NAMES))


DATA_MUTATIONS = (_replace, _replace, _delete, _rename, _add, _retype, _retype, _copy_from_elsewhere, _exchange, _name, _name)


def mutated(rng: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The data with one to four things changed."""
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        places = nodes(data)
        if places:
            # the head and the deep places are as likely as each other
            holder, key = rng.choice(places if rng.random() < 0.8 else [(data, key) for key in data] or places)
            rng.choice(DATA_MUTATIONS)(rng, holder, key, data)
    return data


def _as_text(rng: random.Random, data: dict[str, Any], suffix: str) -> str:
    try:
        if suffix == ".toml":
            return toml_text(data)
        if rng.random() < 0.5:
            return json_text(data)
        return json.dumps(data, default=str, ensure_ascii=True)
    except (TypeError, ValueError, RecursionError):  # more than the file format can hold
        return json.dumps(data, default=str)


# schemas


def from_schema(rng: random.Random, schema: Any, defs: dict[str, Any], depth: int = 0, key: str = "") -> Any:
    """Something that a schema allows, more or less."""
    if rng.random() < 0.004:
        return anything(rng)
    if "$ref" in schema:
        return from_schema(rng, defs[schema["$ref"].rsplit("/", 1)[1]], defs, depth, key)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    if "oneOf" in schema and "properties" not in schema:
        return from_schema(rng, rng.choice(schema["oneOf"]), defs, depth, key)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = rng.choice(kind)
    if kind == "object":
        return _table_from_schema(rng, schema, defs, depth)
    if kind == "array":
        most = 0 if depth > 9 else rng.choice((0, 1, 1, 2, 3)) if depth < 6 else rng.choice((0, 1))
        return [from_schema(rng, schema.get("items", {}), defs, depth + 1, key) for _ in range(max(most, schema.get("minItems", 0)))]
    if kind in ("number", "integer"):
        return rng.choice((0, 1, 2, 5, 50, 100, rng.choice(NUMBERS)))
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    if kind == "string":
        if key == "ref":
            return f"{rng.randrange(4)}.{rng.randrange(30)}"
        if "date" in schema.get("description", "") or key in ("opens", "due", "freeze", "completed_on"):
            return rng.choice((datetime.date(2026, 1, rng.randrange(1, 28)), "31/03/2026"))
        if key == "id":
            return rng.choice((rng.choice(NAMES), f"x{rng.randrange(60)}"))
        return rng.choice(
            (rng.choice(NAMES), rng.choice(NAMES), rng.choice(TEXTS) if rng.random() < 0.1 else "words", f"{rng.randrange(4)}.{rng.randrange(30)}")
        )
    return anything(rng, 3)


def _table_from_schema(rng: random.Random, schema: Any, defs: dict[str, Any], depth: int) -> dict[str, Any]:
    properties: dict[str, Any] = schema.get("properties", {})
    chance = (0.35, 0.35, 0.3, 0.2, 0.15, 0.1)[min(depth, 5)]
    wanted = [name for name in properties if name in schema.get("required", []) or (rng.random() < chance and depth < 12)]
    out = {name: from_schema(rng, properties[name], defs, depth + 1, name) for name in wanted}
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        for _ in range(rng.choice((0, 1, 2))):
            out[rng.choice(NAMES)] = from_schema(rng, more, defs, depth + 1)
    return out


def generated(rng: random.Random, kind: str) -> dict[str, Any]:
    """A file made from its schema; a framework gets some scale and standards, so that the rest has something to refer to."""
    schema = json_schema(kind)  # type: ignore[arg-type]
    data: dict[str, Any] = from_schema(rng, schema, schema["$defs"])
    if not isinstance(data, dict):
        return {}
    if kind == "framework" and rng.random() < 0.8:
        for key in ("extends", "remove", "change", "statement"):
            data.pop(key, None)
        data.update({"id": "made", "edition": "1", "title": "Made"})
        if rng.random() < 0.7:
            grades = [{"id": grade, "label": grade.title()} for grade in ("not-met", "partly-met", "met")]
            data["scale"] = [{"id": "rag", "order": "worst-first", "grades": grades, "not_applicable": {}}]
        if not data.get("standard"):
            data["standard"] = [from_schema(rng, {"$ref": "#/$defs/Standard"}, schema["$defs"], 2)]
    if kind == "framework" and "extends" in data:
        data["extends"] = "everything@2026"
    if kind == "assessment":
        data["framework"] = rng.choice(("everything@2026", "everything@2026", "cambridgeshire-peterborough@2017-19"))
    return data


def answered(framework: Framework, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Assessments for a framework: one without answers, one with answers that mostly fit, one with any."""
    organisation: dict[str, Any] = {"name": "Fuzz"}
    for key, known in (("areas", framework.areas), ("settings", framework.settings)):
        organisation[key] = rng.sample(sorted(known), rng.randrange(len(known) + 1)) if known else ["north"]
    for key, known in (("kind", framework.kinds), ("size", framework.sizes)):
        organisation[key] = rng.choice(sorted(known) or ["school"])
    organisation["statutory"] = rng.random() < 0.5
    head = {"framework": framework.name, "organisation": organisation}
    yield {"framework": framework.name, "organisation": {"name": "Fuzz"}}
    for odd in (0.0, 0.15):
        answers: dict[str, Any] = {}
        for item in framework.items.values():
            if rng.random() < 0.85 and (item.takes_answer or rng.random() < 0.2):
                answers[item.ref] = _answer(rng, item, framework, odd)
        yield {**head, "answer": answers}


def _answer(rng: random.Random, item: Any, framework: Framework, odd: float) -> dict[str, Any]:
    out: dict[str, Any] = {}
    strange = {rng.choice(KEYS): anything(rng)} if rng.random() < odd else {}
    if rng.random() < 0.15:
        return {**strange, "not_applicable": rng.choice(("Nothing", "", {"reason": "r"}, {"reason": "r", "alternative": "a"}))}
    if item.takes_grade and item.scale is not None:
        out["grade"] = rng.choice(item.scale.grades).id
    if isinstance(item.node, Statement) and not item.plain:
        values = {
            "yes-no": True,
            "number": 5,
            "percentage": Decimal("12.5"),
            "date": "2026-01-02",
            "checklist": [option.id for option in item.node.options][:1],
        }
        out["value"] = anything(rng) if rng.random() < odd else values.get(item.node.kind, "words")
    if isinstance(item.node, Statement):
        for criterion in item.node.criteria:
            made = {"value": rng.choice(NUMBERS), "met": True, "not_applicable": "no", "grade": out.get("grade", "met")}
            out.setdefault("criterion", {})[criterion.ref] = dict(rng.sample(sorted(made.items()), 1))
    if rng.random() < 0.3:
        out["action"] = [{field.id: rng.choice(("x", "2026-01-02", "03/04/2026", "open", 3)) for field in framework.plan_fields}]
    if rng.random() < 0.3:
        out["evidence"] = "e"
    for key, known in (("by", framework.roles), ("dimension", framework.dimensions)):
        for one in known:
            if rng.random() < 0.3:
                out.setdefault(key, {})[one.id] = {"grade": rng.choice(item.scale.grades).id} if item.scale is not None else {"value": "x"}
    return {**out, **strange}


# text


def _lines(change: Callable[[random.Random, list[str]], None]) -> Callable[[random.Random, str], str]:
    def apply(rng: random.Random, text: str) -> str:
        lines = text.split("\n")
        change(rng, lines)
        return "\n".join(lines)

    return apply


def _twice(rng: random.Random, lines: list[str]) -> None:
    at, size = rng.randrange(len(lines)), rng.choice((1, 1, 2, 8))
    lines[rng.choice((at, rng.randrange(len(lines)))) : 0] = lines[at : at + size]


def _without(rng: random.Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines))
    del lines[at : at + rng.choice((1, 1, 2, 8))]


def _moved(rng: random.Random, lines: list[str]) -> None:
    lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))


def _snippet_line(rng: random.Random, lines: list[str]) -> None:
    lines.insert(rng.randrange(len(lines)), rng.choice(SNIPPETS))


def _snippet(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(SNIPPETS) + text[at + rng.choice((0, 0, 1, 10)) :]


def _value(rng: random.Random, text: str) -> str:
    """A snippet in place of a value."""
    places = list(re.finditer(r"(?m)(?<=[=:] )[^\n,]+", text))
    if not places:
        return _snippet(rng, text)
    place = rng.choice(places)
    return text[: place.start()] + rng.choice((*SNIPPETS, *map(json.dumps, EVIL_IDS), *map(json.dumps, TEXTS))) + text[place.end() :]


def _tokens(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    start, end = max(0, at - 1500), at + 1500
    tokens = TOKEN.findall(text[start:end])
    if not tokens:
        return text
    for _ in range(rng.choice((1, 1, 2, 3))):
        one, two = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        pick = rng.random()
        if pick < 0.4:
            tokens[one], tokens[two] = tokens[two], tokens[one]
        elif pick < 0.6:
            tokens[one] = tokens[two]
        elif pick < 0.8:
            tokens[one] = rng.choice((rng.choice(KEYS), json.dumps(rng.choice(NAMES)), rng.choice(SNIPPETS)))
        else:
            tokens[one] = ""
    return text[:start] + "".join(tokens) + text[end:]


def _confused(rng: random.Random, text: str) -> str:
    places = [at for at, char in enumerate(text) if char in CONFUSED]
    chars = list(text)
    for at in rng.sample(places, min(len(places), rng.choice((1, 1, 3)))):
        chars[at] = CONFUSED[chars[at]]
    return "".join(chars)


def _control(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return (
        text[:at]
        + rng.choice(("\x00", "\x1b[31m", "\x1b]0;x\x07", "\r", "\x08", "\x7f", "\x9b", "\u2066", "\ufeff", "\u200b", "\x0b", "\x0c"))
        + text[at:]
    )


TEXT_MUTATIONS: tuple[Callable[[random.Random, str], str], ...] = (
    _lines(_twice), _lines(_without), _lines(_moved), _lines(_snippet_line), _snippet, _value, _value, _tokens, _tokens, _confused, _control,
    lambda rng, text: text[: rng.randrange(len(text) + 1)],
    lambda rng, text: text[rng.randrange(len(text) + 1) :],
)  # fmt: skip


# bytes


def _flipped(rng: random.Random, raw: bytes) -> bytes:
    out = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 5))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _random_bytes(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.randbytes(rng.choice((1, 2, 4, 20))) + raw[at + rng.choice((0, 1, 4)) :]


def _mark_inside(rng: random.Random, raw: bytes) -> bytes:
    at = rng.choice((0, rng.randrange(len(raw) + 1)))
    return (
        raw[:at]
        + rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb", b"\x00", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"))
        + raw[at:]
    )


def _encoded(encoding: str) -> Callable[[random.Random, bytes], bytes]:
    return lambda rng, raw: (raw.decode("utf-8", errors="replace") + " é “x” €").encode(encoding, errors="replace")


BYTE_MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flipped, _flipped, _random_bytes, _mark_inside,
    _encoded("utf-16"), _encoded("utf-16-le"), _encoded("utf-16-be"), _encoded("utf-32"), _encoded("cp1252"), _encoded("latin-1"), _encoded("utf-8-sig"),
    lambda rng, raw: raw.replace(b"\n", b"\r\n"), lambda rng, raw: raw.replace(b"\n", b"\r"), lambda rng, raw: raw.replace(b"\n", b"\n\r"),
    lambda rng, raw: raw[: rng.randrange(len(raw) + 1)],
)  # fmt: skip


class Maker:
    """Makes input number N of a seed."""

    def __init__(self, seed: int) -> None:
        self.seed, self.seeds = seed, seeds()

    def make(self, number: int) -> tuple[str, bytes]:
        """The name and the bytes of an input."""
        rng = random.Random(f"{self.seed}:{number}")
        start = rng.choice(self.seeds)
        if len(start.text) > 20_000 and rng.random() < 0.8:
            start = rng.choice(self.seeds)
        suffix = ".json" if rng.random() < (0.4 if start.kind == "assessment" else 0.1) else ".toml"
        way = rng.random()
        if way < 0.15:
            text = _as_text(rng, generated(rng, start.kind), suffix)
        elif way < 0.6:
            text = _as_text(rng, mutated(rng, start.data), suffix)
        else:
            text = start.text if suffix == ".toml" else _as_text(rng, start.data, suffix)
        if way > 0.55 and way < 0.9:
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                text = rng.choice(TEXT_MUTATIONS)(rng, text)
        raw = text.encode("utf-8", errors="surrogatepass")
        if way > 0.85:
            raw = rng.choice(BYTE_MUTATIONS)(rng, raw)
        return start.kind + suffix, raw


# --- making a finding small ------------------------------------------------------------------------------------


def smaller(name: str, raw: bytes, signature: str, folder: Path, catalogue: Catalogue, seconds: float = 20.0) -> bytes:
    """The input with everything left out that the finding does not need: tables and values first, then lines, then characters."""
    end = time.monotonic() + seconds

    def same(candidate: bytes) -> bool:
        found = judge(name, candidate, folder, catalogue)[1]
        return found is not None and found.signature == signature

    raw = _smaller_data(name, raw, same, end)
    for cut in (lambda data: data.splitlines(keepends=True), lambda data: [data[i : i + 1] for i in range(len(data))]):
        parts = cut(raw)
        size = max(1, len(parts) // 2)
        while True:
            at = 0
            while at < len(parts) and time.monotonic() < end:
                rest = parts[:at] + parts[at + size :]
                if same(b"".join(rest)):
                    parts = rest
                else:
                    at += size
            if size == 1 or time.monotonic() >= end:
                break
            size = max(1, size // 2)
        raw = b"".join(parts)
    return raw


def _smaller_data(name: str, raw: bytes, same: Callable[[bytes], bool], end: float) -> bytes:
    suffix = name[name.index(".") :]
    try:
        data = json.loads(raw, parse_float=Decimal) if suffix == ".json" else tomllib.loads(raw.decode(), parse_float=Decimal)
        write = json_text if suffix == ".json" else toml_text
        if not isinstance(data, dict) or not same(write(data).encode()):
            return raw
        progress = True
        while progress and time.monotonic() < end:
            progress = False
            for holder, key in nodes(data):  # the outermost come first
                if not (key in holder if isinstance(holder, dict) else key < len(holder)) or time.monotonic() >= end:
                    continue
                before = list(holder.items()) if isinstance(holder, dict) else list(holder)
                del holder[key]
                if same(write(data).encode()):
                    progress = True
                    break
                holder.clear()
                holder.update(before) if isinstance(holder, dict) else holder.extend(before)
        return write(data).encode()
    except (ValueError, TypeError, RecursionError, UnicodeError):
        return raw


# --- the run ---------------------------------------------------------------------------------------------------


def work(seed: int, numbers: list[int], home: str, beat: Any, out: Any) -> None:
    """One process: judges its share of the inputs and hands over counts and findings."""
    folder = Path(home)
    made = folder / "made"
    made.mkdir(exist_ok=True)
    catalogue, maker = make_catalogue(made), Maker(seed)
    counts: Counter[str] = Counter()
    known: set[str] = set()
    for number in numbers:
        beat.value = number
        name, raw = maker.make(number)
        word, finding = judge(name, raw, folder, catalogue)
        counts[f"{name} {word}"] += 1
        if finding is not None:
            counts["findings"] += 1
            if finding.signature not in known:
                known.add(finding.signature)
                out.put((number, name, smaller(name, raw, finding.signature, folder, catalogue), finding))
        if sum(counts.values()) >= 500:
            out.put(Counter(counts))
            counts.clear()
    out.put(Counter(counts))
    out.put(None)


def keep(name: str, raw: bytes, finding: Finding) -> Path:
    """Write an input into the corpus, under a name that says its kind."""
    kind, suffix = name.split(".")
    CORPUS.mkdir(exist_ok=True)
    file = CORPUS / f"{kind}-{hashlib.sha256(raw).hexdigest()[:10]}.{suffix}"
    file.write_bytes(raw)
    return file


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=200_000)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--dry", action="store_true", help="do not write into the corpus")
    options = parser.parse_args(arguments)
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    counts: Counter[str] = Counter()
    found: dict[str, tuple[int, str, bytes, Finding]] = {}
    began, shown = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="s11kit-fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as home:
        workers = []
        for place in range(options.processes):
            folder = Path(home) / str(place)
            folder.mkdir()
            beat = context.Value("q", -1)
            share = list(range(place, options.number, options.processes))
            workers.append((context.Process(target=work, args=(options.seed, share, str(folder), beat, out), daemon=True), beat))
        for worker, _ in workers:
            worker.start()
        running = len(workers)
        while running:
            try:
                got = out.get(timeout=5)
            except queue.Empty:
                for worker, beat in workers:
                    if not worker.is_alive() and worker.exitcode:
                        print(f"a process died with exit code {worker.exitcode} at input {beat.value} of seed {options.seed}", file=sys.stderr)
                        return 1
                continue
            if got is None:
                running -= 1
            elif isinstance(got, Counter):
                counts += got
                total = sum(number for word, number in counts.items() if word != "findings")
                if total - shown >= 10_000:
                    shown = total
                    print(f"{total:,} of {options.number:,}, {len(found)} distinct findings, {time.monotonic() - began:.0f} s", file=sys.stderr)
            else:
                number, name, raw, finding = got
                if finding.signature not in found or len(raw) < len(found[finding.signature][2]):
                    found[finding.signature] = got
                    print(f"input {number}: {finding.signature}", file=sys.stderr)
    for _, (number, name, raw, finding) in sorted(found.items(), key=lambda pair: len(pair[1][2])):
        file = None if options.dry else keep(name, raw, finding)
        print(
            f"\n=== {finding.signature}\n    input {number} of seed {options.seed}, {name}, {len(raw)} bytes: {file}\n{raw[:600]!r}\n{finding.text}"
        )
    words: Counter[str] = Counter()
    for word, number in counts.items():
        words[word.split()[-1]] += number
    total = sum(words.values()) - words["findings"]
    print(
        f"{total:,} inputs: {words['read']:,} read, {words['refused']:,} refused, {words['broken']:,} broken, {words['slow']:,} slow; "
        f"{len(found)} distinct findings; {time.monotonic() - began:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
