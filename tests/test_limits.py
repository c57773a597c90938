"""The declared limits, for real: what is absurd is refused in few words, and costs neither memory nor access to any other file.

Files are read in a process that may have at most 1.5 GiB of memory. The time limit is a safety net against what would never end; nothing
here measures how fast anything is.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from s11kit import Catalogue, InvalidFile, load_assessment
from s11kit.codec.document import DEEPEST, LARGEST, MOST_TABLES
from s11kit.codec.framework import MOST_STATEMENTS

MEMORY = 3 * 2**29
NEVER_ENDING = 120
LONGEST = 2_000
"""The most characters that one problem may take, however long the text it speaks of."""

READ = """
import json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
except ImportError:
    resource = None
import s11kit
from s11kit.codec import load_scale

opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" and isinstance(arguments[0], (str, bytes)) else None)
catalogue = s11kit.Catalogue.default()


def told(kind, file):
    problems, loaded = (), False
    del opened[:]
    try:
        if kind == "scale":
            load_scale(file)
        elif kind == "framework":
            problems = s11kit.check(s11kit.load_framework(file, catalogue=catalogue))
        elif kind == "name":
            catalogue.framework(file)
        else:
            made = s11kit.load_assessment(file, catalogue=catalogue)
            problems = s11kit.check(made)
            try:
                s11kit.score(made).total
            except s11kit.NotScorable as error:
                str(error)
            s11kit.plan(made).to_dict()
        loaded = True
    except s11kit.S11Error as error:
        problems = error.problems
        str(error)
    files, codes = list(opened), {}
    for problem in problems:
        codes[problem.code] = codes.get(problem.code, 0) + 1
    longest = max((len(str(problem)) for problem in (*problems[:200], *problems[-200:])), default=0)
    try:
        peak = int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) * 1024
    except OSError:  # only Linux tells a process how much it had at most, without what it was started from
        peak = 0
    return {"loaded": loaded, "codes": codes, "longest": longest, "peak": peak, "opened": files}


for kind, file in json.loads(sys.stdin.read()):
    print(json.dumps(told(kind, file)), flush=True)
"""


@attrs.frozen
class Told:
    """What a process said of a file."""

    loaded: bool
    codes: dict[str, int]
    longest: int
    peak: int
    opened: list[str]


def started(folder: Path, *files: tuple[str, str]) -> list[Told]:
    """Read files one after the other in a process with little memory; check, score and plan with what loads."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry)
    made = subprocess.run(
        [sys.executable, "-c", READ, str(MEMORY)],
        check=False, input=json.dumps(files), capture_output=True, text=True, timeout=NEVER_ENDING, cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    return [Told(**json.loads(line)) for line in made.stdout.splitlines()]


def read(kind: str, text: str, folder: Path, suffix: str = ".toml") -> Told:
    """Read one text."""
    [told] = read_all(kind, {"only": text}, folder, suffix).values()
    return told


def read_all(kind: str, texts: dict[str, str], folder: Path, suffix: str = ".toml") -> dict[str, Told]:
    """Read many texts in one process."""
    files = []
    for number, text in enumerate(texts.values()):
        file = folder / f"{number}{suffix}"
        file.write_bytes(text.encode("utf-8"))
        files.append((kind, str(file)))
    return dict(zip(texts, started(folder, *files), strict=True))


FRAMEWORK = """\
format  = "s11kit.framework/1"
id      = "made"
edition = "1"
title   = "Made"

[[scale]]
id     = "rag"
order  = "worst-first"
grades = [{ id = "no", label = "No" }, { id = "yes", label = "Yes" }]

"""
STANDARD = '[[standard]]\nref = "s"\ntitle = "T"\n'
ASSESSMENT = 'framework = "cambridgeshire-peterborough@2017-19"\n\n[organisation]\nname = "Fenside"\nareas = ["cambridgeshire"]\n\n'


def statements(number: int, more: str = "") -> str:
    return FRAMEWORK + STANDARD + "".join(f'[[standard.statement]]\nref = "{n}"\ntext = "t{n}"\n{more}' for n in range(number))


# size


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_file_of_50_megabytes_is_not_read_whole(suffix: str, tmp_path: Path) -> None:
    """Of a file that is too large no more is read than it takes to know that."""
    file = tmp_path / f"assessment{suffix}"
    with file.open("wb") as out:
        for _ in range(50):
            out.write(b"#" * 2**20)
    [told] = started(tmp_path, ("assessment", str(file)))
    assert told.codes == {"F002": 1}
    assert told.peak < 60 * 2**20


class Counting(io.RawIOBase):
    """Fifty megabytes that count how many of them were read."""

    name, taken = "assessment.toml", 0

    def open(self, mode: str) -> Counting:
        return self

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "read to the end"
        self.taken += size
        return b"#" * size

    def __str__(self) -> str:
        return self.name


def test_no_more_than_the_limit_is_asked_for() -> None:
    """Of something larger, one byte more than is allowed is read, which shows that it is larger."""
    source: Any = Counting()
    with pytest.raises(InvalidFile) as caught:
        load_assessment(source, catalogue=Catalogue.default())
    assert [problem.code for problem in caught.value.problems] == ["F002"]
    assert source.taken == LARGEST + 1


def test_a_file_that_never_ends_is_refused(tmp_path: Path) -> None:
    """Something that is not a file but gives bytes for ever, such as a device, ends at the limit as well."""
    device = Path("/dev/zero")
    if not device.exists():
        pytest.skip("this system has no /dev/zero")
    link = tmp_path / "assessment.toml"
    link.symlink_to(device)
    [told] = started(tmp_path, ("assessment", str(link)))
    assert told.codes == {"F002": 1}


def test_the_largest_file_is_still_read(tmp_path: Path) -> None:
    """A file of exactly the allowed size is read, one with a byte more is not."""
    note = "# " + "x" * (LARGEST - len(ASSESSMENT.encode()) - 3) + "\n"
    assert read("assessment", ASSESSMENT + note, tmp_path).loaded
    assert read("assessment", ASSESSMENT + note + "\n", tmp_path).codes == {"F002": 1}


# numbers of things


@pytest.mark.slow
@pytest.mark.parametrize("write", ["inline", "headers"])
def test_a_million_statements_are_refused(write: str, tmp_path: Path) -> None:
    """More tables than any audit has are refused before anything is made of them."""
    many = 1_000_000 if write == "inline" else 8 * 2**20 // len("[[standard.statement]]\n") - 50
    text = "statement = [" + "{}," * many + "]\n" if write == "inline" else "[[standard.statement]]\n" * many
    assert read("framework", FRAMEWORK + STANDARD + text, tmp_path).codes == {"F011": 1}


@pytest.mark.slow
def test_one_statement_too_many_is_refused(tmp_path: Path) -> None:
    """The limit is where the page says: with its standard, 20,000 are read and 20,001 are not."""
    assert read("framework", statements(MOST_STATEMENTS - 1), tmp_path).loaded
    assert read("framework", statements(MOST_STATEMENTS), tmp_path).codes == {"F011": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("txet = 1\n", "K001"),
        ("scale = 1\n", "K003"),
        ('scale = "rga"\n', "R003"),
        ('applies_when = { any = { tag = "x", at_least = "yes" } }\n', "R011"),
    ],
    ids=["unknown key", "wrong type", "unknown scale", "unknown tag"],
)
def test_a_mistake_in_each_of_very_many_statements_is_told(more: str, code: str, tmp_path: Path) -> None:
    """A mistake in each of very many statements is found everywhere, in time that does not explode."""
    told = read("framework", statements(5_000, more), tmp_path)
    assert not told.loaded
    assert code in told.codes


@pytest.mark.slow
def test_conditions_in_every_statement_are_settled(tmp_path: Path) -> None:
    """A framework in which every statement looks back at all before it is read, or refused in words."""
    condition = 'applies_when = { any = { over = "all", at_least = "yes" } }\n'
    text = statements(1) + "".join(f'[[standard.statement]]\nref = "x{n}"\ntext = "u{n}"\n{condition}' for n in range(4_000))
    told = read("framework", text, tmp_path)
    assert told.loaded or told.codes


@pytest.mark.slow
@pytest.mark.parametrize(
    "keys",
    ["".join(f"zq{n} = 1\n" for n in range(200_000)), "".join(f"titl{n} = 1\n" for n in range(200_000))],
    ids=["far", "near"],
)
@pytest.mark.parametrize("kind", ["framework", "assessment"])
def test_very_many_unknown_keys_come_to_an_end(kind: str, keys: str, tmp_path: Path) -> None:
    """Looking for the nearest known key is not done without end."""
    told = read(kind, keys + (FRAMEWORK if kind == "framework" else ASSESSMENT), tmp_path)
    assert {"framework": {"K001", "F011"}, "assessment": {"K001", "K012", "A001", "F011"}}[kind] >= set(told.codes) - {"S003", "S005", "S010", "S016"}


@pytest.mark.slow
def test_very_many_answers_to_nothing_come_to_an_end(tmp_path: Path) -> None:
    """Tens of thousands of answers to statements that do not exist are told, not stumbled over."""
    told = read("assessment", ASSESSMENT + "".join(f'[answer."z{n}"]\ngrade = "x"\n' for n in range(50_000)), tmp_path)
    assert "A009" in told.codes


@pytest.mark.slow
def test_many_scales_of_steps_stay_small(tmp_path: Path) -> None:
    """A short file cannot make millions of grades: each scale of steps has at most 1,001, and a framework a bounded number of them."""
    scales = "".join(
        f'[[scale]]\nid = "p{n}"\norder = "worst-first"\nsteps = {{ from = {n}000, to = {n}999, step = 1 }}\n' for n in range(1_000, 9_999)
    )
    told = read("framework", FRAMEWORK + scales + STANDARD, tmp_path)
    assert told.codes
    assert told.peak < 2**29


def test_steps_without_end_are_refused(tmp_path: Path) -> None:
    """A scale from 0 to a million million is refused, not built."""
    scale = '[[scale]]\nid = "p"\norder = "worst-first"\nsteps = { from = 0, to = 1000000000000, step = 1 }\n'
    told = read("framework", FRAMEWORK + scale + STANDARD, tmp_path)
    assert "K009" in told.codes


# depth


DEEP = {
    "lists": "x = " + "[" * 10_000 + "]" * 10_000,
    "open lists": "x = " + "[" * 10_000,
    "inline tables": "x = " + "{ a = " * 10_000 + "1" + " }" * 10_000,
    "dotted key": ".".join("a" * 10_000) + " = 1",
    "header": "[" + ".".join("a" * 10_000) + "]",
    "header of a list": "[[" + ".".join("a" * 10_000) + "]]",
    "dotted key inside": "x = { " + ".".join("a" * 10_000) + " = 1 }",
    "headers": "\n".join("[" + ".".join("a" * depth) + "]" for depth in range(1, 2_000)),
}


@pytest.mark.parametrize("kind", ["framework", "assessment", "scale"])
def test_deep_toml_is_refused(kind: str, tmp_path: Path) -> None:
    """Ten thousand levels are refused before a parser meets them."""
    head = FRAMEWORK if kind == "framework" else ASSESSMENT
    told = read_all(kind, {name: head + text + "\n" for name, text in DEEP.items()}, tmp_path)
    assert {name: {"F010": 1} for name in DEEP} == {name: found.codes for name, found in told.items()}


@pytest.mark.parametrize(
    "text", ['{"a":' * 100_000 + "1" + "}" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000], ids=["tables", "lists", "open"]
)
def test_deep_json_is_refused(text: str, tmp_path: Path) -> None:
    """A hundred thousand levels of JSON are refused as well, closed or not."""
    assert read("assessment", text, tmp_path, ".json").codes == {"F010": 1}


@pytest.mark.parametrize("depth", [DEEPEST - 2, DEEPEST + 8, 500, 900])
def test_json_in_a_kept_key_has_the_same_limit(depth: int, tmp_path: Path) -> None:
    """A key that nobody knows is kept up to the same depth, and refused in words beyond it."""
    text = '{"framework":"cambridgeshire-peterborough@2017-19","organisation":{"name":"n"},"kept":' + "[" * depth + "]" * depth + "}"
    told = read("assessment", text, tmp_path, ".json")
    assert (depth <= DEEPEST) == told.loaded
    assert told.loaded or told.codes == {"F010": 1}


def test_deep_conditions_are_refused(tmp_path: Path) -> None:
    """Conditions inside conditions end somewhere."""
    condition = "{ not = " * 50 + "{ statutory = true }" + " }" * 50
    told = read("framework", statements(1, f"applies_when = {condition}\n"), tmp_path)
    assert told.codes == {"F010": 1}


# numbers and texts


NUMBERS = {
    "whole": "9" * 5_000,
    "below zero": "-" + "9" * 5_000,
    "hexadecimal": "0x" + "f" * 5_000,
    "binary": "0b" + "1" * 20_000,
    "octal": "0o" + "7" * 5_000,
    "exponent": "1e999999999",
    "small exponent": "1e-999999999",
    "decimals": "1." + "0" * 5_000,
}


@pytest.mark.parametrize("place", ["title", "documented_count.standards", "grade.points", "unknown"])
def test_absurd_numbers_are_refused(place: str, tmp_path: Path) -> None:
    """A number of thousands of digits is refused wherever it stands, and never worked out."""
    before, after = {
        "title": (FRAMEWORK.partition('"Made"')[0], FRAMEWORK.partition('"Made"')[2]),
        "documented_count.standards": ("documented_count = { standards = ", " }\n" + FRAMEWORK),
        "grade.points": (FRAMEWORK.partition('"No"')[0] + '"No", points = ', FRAMEWORK.partition('"No"')[2]),
        "unknown": ("unknown = ", "\n" + FRAMEWORK),
    }[place]
    told = read_all("framework", {name: before + number + after + STANDARD for name, number in NUMBERS.items()}, tmp_path)
    assert dict.fromkeys(NUMBERS, (False, True)) == {name: (found.loaded, found.longest < LONGEST) for name, found in told.items()}


@pytest.mark.parametrize("key", ["grade", "value", "something", "criterion.a.value", "by.self.grade"])
def test_absurd_numbers_in_an_assessment_are_refused(key: str, tmp_path: Path) -> None:
    """An assessment keeps what it does not know, but not numbers that nothing could write again."""
    told = read_all("assessment", {name: ASSESSMENT + f'[answer."1.1"]\n{key} = {number}\n' for name, number in NUMBERS.items()}, tmp_path)
    assert dict.fromkeys(NUMBERS, (False, True)) == {name: (found.loaded, found.longest < LONGEST) for name, found in told.items()}


LONG = "x" * 400_000


LONG_IN_A_FRAMEWORK = {
    "id": FRAMEWORK.replace('"made"', f'"{LONG}"'),
    "edition": FRAMEWORK.replace('"1"', f'"{LONG}"'),
    "format": FRAMEWORK.replace('format  = "s11kit.framework/1"', f'format = "{LONG}"'),
    "order": FRAMEWORK.replace('"worst-first"', f'"{LONG}"'),
    "grade id": FRAMEWORK.replace('id = "no"', f'id = "{LONG}"'),
    "colour": FRAMEWORK.replace('label = "No"', f'label = "No", colour = "{LONG}"'),
    "minimum": FRAMEWORK.replace('"worst-first"', f'"worst-first"\nminimum = "{LONG}"'),
    "key": f"{LONG} = 1\n" + FRAMEWORK,
    "extends": f'extends = "{LONG}"\n' + FRAMEWORK,
    "extends name": f'extends = "{LONG}@1"\n' + FRAMEWORK,
    "default scale": f'default_scale = "{LONG}"\n' + FRAMEWORK + STANDARD,
    "area key": FRAMEWORK + f"[areas]\n{LONG} = 1\n",
    "use": FRAMEWORK + f'[[scale]]\nuse = "{LONG}@1"\n',
    "ref": FRAMEWORK + STANDARD.replace('"s"', f'"{LONG}"'),
    "scale": statements(1, f'scale = "{LONG}"\n'),
    "target": statements(1, f'target = "{LONG}"\n'),
    "source": statements(1, f'source = "{LONG}"\n'),
    "descriptor key of wrong type": statements(1, f"descriptors = {{ {LONG} = 1 }}\n"),
    "descriptor key": statements(1, f'descriptors = {{ {LONG} = "x" }}\n'),
    "kind": statements(1, f'kind = "{LONG}"\n'),
    "area": statements(1, f'applies_when = {{ areas = ["{LONG}"] }}\n') + '[areas]\nnorth = "North"\n',
    "condition key": statements(1, f"applies_when = {{ {LONG} = 1 }}\n"),
    "condition ref": statements(2, f'applies_when = {{ any = {{ refs = ["{LONG}"], at_least = "yes" }} }}\n'),
    "condition tag": statements(2, f'applies_when = {{ any = {{ tag = "{LONG}", at_least = "yes" }} }}\n'),
    "condition standard": statements(2, f'applies_when = {{ any = {{ standard = "{LONG}", at_least = "yes" }} }}\n'),
    "condition grade": statements(2, f'applies_when = {{ any = {{ over = "all", at_least = "{LONG}" }} }}\n'),
    "evidence at": statements(1, f'requirements = {{ evidence = {{ at = ["{LONG}"], needs = ["narrative"] }} }}\n'),
    "action needs": statements(1, f'requirements = {{ action = {{ at = ["no"], needs = ["{LONG}"] }} }}\n'),
}


def test_a_problem_of_a_framework_does_not_echo_megabytes(tmp_path: Path) -> None:
    """However long a name in a framework is, the problem quotes its beginning."""
    told = read_all("framework", LONG_IN_A_FRAMEWORK, tmp_path)
    assert {name: found.longest for name, found in told.items() if found.loaded or found.longest > LONGEST} == {}


LONG_IN_AN_ASSESSMENT = {
    "name": ASSESSMENT.replace("cambridgeshire-peterborough@2017-19", LONG),
    "id": ASSESSMENT.replace("cambridgeshire-peterborough@2017-19", LONG + "@1"),
    "area": ASSESSMENT.replace('["cambridgeshire"]', f'["{LONG}"]'),
    "kind": ASSESSMENT + f'kind = "{LONG}"\n',
    "key": ASSESSMENT + f"{LONG} = 1\n",
    "ref": ASSESSMENT + f'[answer."{LONG}"]\ngrade = "met"\n',
    "ref of wrong type": ASSESSMENT + f'[answer."{LONG}"]\ngrade = 1\n',
    "grade": ASSESSMENT + f'[answer."1.1"]\ngrade = "{LONG}"\n',
    "answer key": ASSESSMENT + f'[answer."1.1"]\n{LONG} = "x"\n',
    "role": ASSESSMENT + f'[answer."1.1".by.{LONG}]\ngrade = "met"\n',
    "dimension": ASSESSMENT + f'[answer."1.1".dimension.{LONG}]\ngrade = "met"\n',
    "criterion": ASSESSMENT + f'[answer."1.1".criterion.{LONG}]\nmet = true\n',
    "action key": ASSESSMENT + f'[[answer."1.1".action]]\n{LONG} = "x"\n',
    "date": ASSESSMENT + f'[front_sheet]\ncompleted_on = "{LONG}"\n',
}


def test_a_problem_of_an_assessment_does_not_echo_megabytes(tmp_path: Path) -> None:
    """However long a name in an assessment is, the problem quotes its beginning."""
    told = read_all("assessment", LONG_IN_AN_ASSESSMENT, tmp_path)
    assert {name: found.longest for name, found in told.items() if not found.codes or found.longest > LONGEST} == {}


# paths

TRICKS = [
    "../../etc",
    "../secret",
    "/etc",
    "..\\..\\etc",
    "C:\\secret",
    "%2e%2e%2fsecret",
    "a\x00b",
    ".",
    "..",
    "",
    "a/../secret",
    "file:///etc",
    "~root",
    "$HOME",
    "*",
]
BEHIND = FRAMEWORK.replace('"made"', '"secret"')


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with a sound framework and a scale beside it that only a trick could reach."""
    for place in (tmp_path / "secret", tmp_path / "secret" / "1"):
        place.mkdir(parents=True)
        (place / "framework.toml").write_text(BEHIND + STANDARD, encoding="utf-8")
        (place / "scale.toml").write_text(BEHIND, encoding="utf-8")
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def tricky(trick: str, form: str) -> str:
    """The trick as a TOML text, in a name of that form."""
    return json.dumps(form.format(trick))


NAMED: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "id": ("framework", "K005", lambda trick: FRAMEWORK.replace('"made"', tricky(trick, "{}"))),
    "edition": ("framework", "K005", lambda trick: FRAMEWORK.replace('edition = "1"', f"edition = {tricky(trick, '{}')}")),
    "extends": ("framework", "K007", lambda trick: f"extends = {tricky(trick, '{}@1')}\n" + FRAMEWORK),
    "extends, edition": ("framework", "K007", lambda trick: f"extends = {tricky(trick, 'secret@{}')}\n" + FRAMEWORK),
    "use": ("framework", "K007", lambda trick: FRAMEWORK + f"[[scale]]\nuse = {tricky(trick, '{}@1')}\n"),
    "use, edition": ("framework", "K007", lambda trick: FRAMEWORK + f"[[scale]]\nuse = {tricky(trick, 'secret@{}')}\n"),
    "framework": ("assessment", "K007", lambda trick: f"framework = {tricky(trick, '{}@1')}\n" + ASSESSMENT.partition("\n")[2]),
    "framework, edition": ("assessment", "K007", lambda trick: f"framework = {tricky(trick, 'secret@{}')}\n" + ASSESSMENT.partition("\n")[2]),
}


@pytest.mark.parametrize("where", NAMED)
def test_names_are_never_paths(where: str, work: Path) -> None:
    """Ids, editions and names that look like a way through folders are refused as names; no file is opened for them."""
    kind, code, write = NAMED[where]
    told = read_all(kind, {trick: write(trick) for trick in TRICKS}, work)
    assert dict.fromkeys(TRICKS, True) == {trick: code in found.codes and found.longest < LONGEST for trick, found in told.items()}
    assert {trick: found.opened for trick, found in told.items() if any(outside(name, work) for name in found.opened)} == {}


def outside(name: str, work: Path) -> bool:
    """Whether a file that was opened is neither the one asked for nor one of the library's and Python's own."""
    found = Path(os.path.normpath(work / name))
    return ".." in Path(name).parts or "secret" in found.name or (work.parent in found.parents and found.parent != work) or name.startswith("/etc")


def test_a_catalogue_opens_nothing_for_a_name_that_is_a_path(work: Path) -> None:
    """Asking a catalogue for a path is asking for a name that does not exist."""
    names = [form.format(trick) for trick in TRICKS for form in ("{}@1", "secret@{}", "{}")]
    told = dict(zip(names, started(work, *(("name", name) for name in names)), strict=True))
    assert {key: {"K007": 1} for key in names} == {name: found.codes for name, found in told.items()}
    assert {name: found.opened for name, found in told.items() if any(outside(opened, work) for opened in found.opened)} == {}


def test_the_limits_are_those_of_the_page(repository: Path) -> None:
    """The page on limits says the numbers that the code has."""
    page = (repository / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
    for number in (f"{LARGEST // 2**20} MiB", f"{DEEPEST} levels", f"{MOST_TABLES:,}", f"{MOST_STATEMENTS:,}"):
        assert number in page
