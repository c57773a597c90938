"""The declared limits, for real: what is absurd is refused in few words, and costs neither memory nor access to any other file.

Each file is read in a process of its own that may have at most 1.5 GiB of memory. The time limit is a safety net against what would never end; nothing
here measures how fast anything is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

from s11kit.codec.document import DEEPEST, LARGEST, MOST_TABLES
from s11kit.codec.framework import MOST_STATEMENTS

MEMORY = 3 * 2**29
NEVER_ENDING = 300
LONGEST = 2_000
"""The most characters that one problem may take, however long the text it speaks of."""

READ = """
import json, sys, time
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
except ImportError:
    resource = None
import s11kit
from s11kit.codec import load_scale

opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" and isinstance(arguments[0], (str, bytes)) else None)
kind, file = sys.argv[1:3]
catalogue = s11kit.Catalogue.default()
problems, loaded = (), False
try:
    if kind == "scale":
        load_scale(file)
    elif kind == "framework":
        made = s11kit.load_framework(file, catalogue=catalogue)
        problems = s11kit.check(made)
    elif kind == "name":
        catalogue.framework(open(file, encoding="utf-8", errors="surrogatepass", newline="").read())
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
codes = {}
longest = 0
for problem in problems:
    codes[problem.code] = codes.get(problem.code, 0) + 1
for problem in (*problems[:200], *problems[-200:]):
    longest = max(longest, len(str(problem)))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) if resource else 0
print(json.dumps({"loaded": loaded, "codes": codes, "longest": longest, "peak": peak, "opened": opened}))
"""


@attrs.frozen
class Told:
    """What a process said of a file."""

    loaded: bool
    codes: dict[str, int]
    longest: int
    peak: int
    opened: list[str]


def read(kind: str, text: str | bytes, folder: Path, suffix: str = ".toml") -> Told:
    """Read a file in a process with little memory, then check, score and plan with it."""
    file = folder / f"{kind}{suffix}"
    if isinstance(text, str):
        text = text.encode("utf-8", errors="surrogatepass")
    file.write_bytes(text)
    return started(kind, file)


def started(kind: str, file: Path) -> Told:
    command = [sys.executable, "-c", READ, kind, str(file), str(MEMORY)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=NEVER_ENDING, cwd=file.parent)
    assert made.returncode == 0, made.stderr[-2000:]
    told: dict[str, Any] = json.loads(made.stdout)
    return Told(**told)


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
    told = started("assessment", file)
    assert {"F002": 1} == told.codes
    assert 0 == told.peak or told.peak < 50 * 2**20 + LARGEST


def test_a_file_that_never_ends_is_refused(tmp_path: Path) -> None:
    """Something that is not a file but gives bytes for ever, such as a device, ends at the limit as well."""
    device = Path("/dev/zero")
    if not device.exists():
        pytest.skip("this system has no /dev/zero")
    link = tmp_path / "assessment.toml"
    link.symlink_to(device)
    assert {"F002": 1} == started("assessment", link).codes


def test_the_largest_file_is_still_read(tmp_path: Path) -> None:
    """A file of exactly the allowed size is read, one with a byte more is not."""
    note = "# " + "x" * (LARGEST - len(ASSESSMENT.encode()) - 3) + "\n"
    assert read("assessment", ASSESSMENT + note, tmp_path).loaded
    assert {"F002": 1} == read("assessment", ASSESSMENT + note + "\n", tmp_path).codes


# numbers of things


@pytest.mark.parametrize("write", ["inline", "headers"])
def test_a_million_statements_are_refused(write: str, tmp_path: Path) -> None:
    """More tables than any audit has are refused before anything is made of them."""
    many = 1_000_000 if write == "inline" else 8 * 2**20 // len("[[standard.statement]]\n") - 50
    text = "statement = [" + "{}," * many + "]\n" if write == "inline" else "[[standard.statement]]\n" * many
    assert {"F011": 1} == read("framework", FRAMEWORK + STANDARD + text, tmp_path).codes


def test_one_statement_too_many_is_refused(tmp_path: Path) -> None:
    """The limit is where the page says: with its standard, 20,000 are read and 20,001 are not."""
    assert read("framework", statements(MOST_STATEMENTS - 1), tmp_path).loaded
    assert {"F011": 1} == read("framework", statements(MOST_STATEMENTS), tmp_path).codes


@pytest.mark.parametrize(
    ("more", "code"),
    [("txet = 1\n", "K001"), ("scale = 1\n", "K003"), ('scale = "rga"\n', "R003"), ('applies_when = { any = { tag = "x", at_least = "yes" } }\n', "R011")],
    ids=["unknown key", "wrong type", "unknown scale", "unknown tag"],
)
def test_as_many_mistakes_as_there_are_statements_are_all_told(more: str, code: str, tmp_path: Path) -> None:
    """A mistake in each of very many statements is found everywhere, in time that does not explode."""
    told = read("framework", statements(MOST_STATEMENTS - 1, more), tmp_path)
    assert not told.loaded
    assert code in told.codes


def test_conditions_in_every_statement_are_settled(tmp_path: Path) -> None:
    """A framework in which every statement looks back at all before it is read, or refused in words."""
    condition = 'applies_when = { any = { over = "all", at_least = "yes" } }\n'
    text = statements(1) + "".join(f'[[standard.statement]]\nref = "x{n}"\ntext = "u{n}"\n{condition}' for n in range(4_000))
    told = read("framework", text, tmp_path)
    assert told.loaded or told.codes


@pytest.mark.parametrize(
    "keys",
    ["".join(f"zq{n} = 1\n" for n in range(200_000)), "".join(f"titl{n} = 1\n" for n in range(200_000))],
    ids=["far", "near"],
)
@pytest.mark.parametrize("kind", ["framework", "assessment"])
def test_very_many_unknown_keys_come_to_an_end(kind: str, keys: str, tmp_path: Path) -> None:
    """Looking for the nearest known key is not done without end."""
    told = read(kind, keys + (FRAMEWORK if kind == "framework" else ASSESSMENT), tmp_path)
    assert {"framework": {"K001"}, "assessment": {"K001", "K012", "A001"}}[kind] >= set(told.codes) - {"S003", "S005", "S010", "S016"}


def test_very_many_answers_to_nothing_come_to_an_end(tmp_path: Path) -> None:
    """Tens of thousands of answers to statements that do not exist are told, not stumbled over."""
    told = read("assessment", ASSESSMENT + "".join(f'[answer."z{n}"]\ngrade = "x"\n' for n in range(50_000)), tmp_path)
    assert "A009" in told.codes


def test_many_scales_of_steps_stay_small(tmp_path: Path) -> None:
    """A short file cannot make millions of grades: each scale of steps has at most 1,001, and a framework a bounded number of them."""
    scales = "".join(f'[[scale]]\nid = "p{n}"\norder = "worst-first"\nsteps = {{ from = {n}000, to = {n}999, step = 1 }}\n' for n in range(1_000, 9_999))
    told = read("framework", FRAMEWORK + scales + STANDARD, tmp_path)
    assert told.codes
    assert told.peak < 2**29


def test_steps_without_end_are_refused(tmp_path: Path) -> None:
    """A scale from 0 to a million million is refused, not built."""
    scale = '[[scale]]\nid = "p"\norder = "worst-first"\nsteps = { from = 0, to = 1000000000000, step = 1 }\n'
    told = read("framework", FRAMEWORK + scale + STANDARD, tmp_path)
    assert "K009" in told.codes


# depth


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 10_000 + "]" * 10_000,
        "x = " + "[" * 10_000,
        "x = " + "{ a = " * 10_000 + "1" + " }" * 10_000,
        ".".join("a" * 10_000) + " = 1",
        "[" + ".".join("a" * 10_000) + "]",
        "[[" + ".".join("a" * 10_000) + "]]",
        "x = { " + ".".join("a" * 10_000) + " = 1 }",
        "\n".join("[" + ".".join("a" * depth) + "]" for depth in range(1, 2_000)),
    ],
    ids=["lists", "open lists", "inline tables", "dotted key", "header", "list header", "dotted key inside", "headers"],
)
@pytest.mark.parametrize("kind", ["framework", "assessment", "scale"])
def test_deep_toml_is_refused(kind: str, text: str, tmp_path: Path) -> None:
    """Ten thousand levels are refused before a parser meets them."""
    assert {"F010": 1} == read(kind, (FRAMEWORK if kind == "framework" else ASSESSMENT) + text + "\n", tmp_path).codes


@pytest.mark.parametrize("text", ['{"a":' * 100_000 + "1" + "}" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000], ids=["tables", "lists", "open"])
def test_deep_json_is_refused(text: str, tmp_path: Path) -> None:
    """A hundred thousand levels of JSON are refused as well, closed or not."""
    assert {"F010": 1} == read("assessment", text, tmp_path, ".json").codes


@pytest.mark.parametrize("depth", [DEEPEST - 2, DEEPEST + 8, 500, 900])
def test_json_in_a_kept_key_has_the_same_limit(depth: int, tmp_path: Path) -> None:
    """A key that nobody knows is kept up to the same depth, and refused in words beyond it."""
    text = '{"framework":"cambridgeshire-peterborough@2017-19","organisation":{"name":"n"},"kept":' + "[" * depth + "]" * depth + "}"
    told = read("assessment", text, tmp_path, ".json")
    assert (depth <= DEEPEST) == told.loaded
    assert told.loaded or {"F010": 1} == told.codes


def test_deep_conditions_are_refused(tmp_path: Path) -> None:
    """Conditions inside conditions end somewhere."""
    condition = "{ not = " * 50 + "{ statutory = true }" + " }" * 50
    told = read("framework", statements(1, f"applies_when = {condition}\n"), tmp_path)
    assert {"F010": 1} == told.codes


# numbers and texts


@pytest.mark.parametrize(
    "number",
    ["9" * 5_000, "-" + "9" * 5_000, "0x" + "f" * 5_000, "0b" + "1" * 20_000, "0o" + "7" * 5_000, "1e999999999", "1e-999999999", "1." + "0" * 5_000, "9" * 31],
    ids=lambda number: f"{number[:6]}-{len(number)}",
)
@pytest.mark.parametrize("place", ["title", "documented_count.standards", "scale.points", "unknown"])
def test_absurd_numbers_are_refused(number: str, place: str, tmp_path: Path) -> None:
    """A number of thousands of digits is refused wherever it stands, and never worked out."""
    text = {
        "title": FRAMEWORK.replace('"Made"', number),
        "documented_count.standards": FRAMEWORK.replace("[[scale]]", f"documented_count = {{ standards = {number} }}\n[[scale]]", 1),
        "scale.points": FRAMEWORK.replace('label = "No"', f'label = "No", points = {number}'),
        "unknown": f"unknown = {number}\n" + FRAMEWORK,
    }[place]
    told = read("framework", text + STANDARD, tmp_path)
    assert not told.loaded
    assert told.longest < LONGEST


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "0x" + "f" * 5_000, "1e999999999", "1." + "0" * 5_000], ids=lambda number: f"{number[:6]}-{len(number)}"
)
@pytest.mark.parametrize("place", ["grade", "value", "criterion", "action", "kept"])
def test_absurd_numbers_in_an_assessment_are_refused(number: str, place: str, tmp_path: Path) -> None:
    """An assessment keeps what it does not know, but not numbers that nothing could write again."""
    text = {
        "grade": f'[answer."1.1"]\ngrade = {number}\n',
        "value": f'[answer."1.1"]\nvalue = {number}\n',
        "criterion": f'[answer."1.1".criterion.a]\nvalue = {number}\n',
        "action": f'[[answer."1.1".action]]\nlead = {number}\n',
        "kept": f'[answer."1.1"]\nsomething = {number}\n',
    }[place]
    told = read("assessment", ASSESSMENT + text, tmp_path)
    assert not told.loaded
    assert told.longest < LONGEST


LONG = "x" * 4_000_000


@pytest.mark.parametrize(
    "text",
    [
        FRAMEWORK.replace('"made"', f'"{LONG}"'),
        FRAMEWORK.replace('"1"', f'"{LONG}"'),
        FRAMEWORK.replace('format  = "s11kit.framework/1"', f'format = "{LONG}"'),
        FRAMEWORK.replace('"worst-first"', f'"{LONG}"'),
        FRAMEWORK.replace('id = "no"', f'id = "{LONG}"'),
        FRAMEWORK.replace('label = "No"', f'label = "No", colour = "{LONG}"'),
        FRAMEWORK.replace('"worst-first"', f'"worst-first"\nminimum = "{LONG}"'),
        f"{LONG} = 1\n" + FRAMEWORK,
        f'extends = "{LONG}"\n' + FRAMEWORK,
        f'extends = "{LONG}@1"\n' + FRAMEWORK,
        f'default_scale = "{LONG}"\n' + FRAMEWORK + STANDARD,
        FRAMEWORK + f"[areas]\n{LONG} = 1\n",
        FRAMEWORK + f'[[scale]]\nuse = "{LONG}@1"\n',
        FRAMEWORK + STANDARD.replace('"s"', f'"{LONG}"'),
        statements(1, f'scale = "{LONG}"\n'),
        statements(1, f'target = "{LONG}"\n'),
        statements(1, f'source = "{LONG}"\n'),
        statements(1, f"descriptors = {{ {LONG} = 1 }}\n"),
        statements(1, f'descriptors = {{ {LONG} = "x" }}\n'),
        statements(1, f'kind = "{LONG}"\n'),
        statements(1, f'applies_when = {{ areas = ["{LONG}"] }}\n') + '[areas]\nnorth = "North"\n',
        statements(1, f"applies_when = {{ {LONG} = 1 }}\n"),
        statements(2, f'applies_when = {{ any = {{ refs = ["{LONG}"], at_least = "yes" }} }}\n'),
        statements(2, f'applies_when = {{ any = {{ tag = "{LONG}", at_least = "yes" }} }}\n'),
        statements(2, f'applies_when = {{ any = {{ standard = "{LONG}", at_least = "yes" }} }}\n'),
        statements(2, f'applies_when = {{ any = {{ over = "all", at_least = "{LONG}" }} }}\n'),
        statements(1, f'requirements = {{ evidence = {{ at = ["{LONG}"], needs = ["narrative"] }} }}\n'),
        statements(1, f'requirements = {{ action = {{ at = ["no"], needs = ["{LONG}"] }} }}\n'),
    ],
    ids=[
        "id", "edition", "format", "order", "grade id", "colour", "minimum", "key", "extends", "extends name", "default scale", "area key", "use", "ref",
        "scale", "target", "source", "descriptor key of wrong type", "descriptor key", "kind", "area", "condition key", "condition ref", "condition tag",
        "condition standard", "condition grade", "evidence at", "action needs",
    ],
)  # fmt: skip
def test_a_problem_of_a_framework_does_not_echo_megabytes(text: str, tmp_path: Path) -> None:
    """However long a name in a framework is, the problem quotes its beginning."""
    told = read("framework", text, tmp_path)
    assert not told.loaded
    assert told.longest < LONGEST


@pytest.mark.parametrize(
    "text",
    [
        ASSESSMENT.replace("cambridgeshire-peterborough@2017-19", LONG),
        ASSESSMENT.replace("cambridgeshire-peterborough@2017-19", LONG + "@1"),
        ASSESSMENT.replace('["cambridgeshire"]', f'["{LONG}"]'),
        ASSESSMENT + f'kind = "{LONG}"\n',
        ASSESSMENT + f"{LONG} = 1\n",
        ASSESSMENT + f'[answer."{LONG}"]\ngrade = "met"\n',
        ASSESSMENT + f'[answer."{LONG}"]\ngrade = 1\n',
        ASSESSMENT + f'[answer."1.1"]\ngrade = "{LONG}"\n',
        ASSESSMENT + f'[answer."1.1"]\n{LONG} = "x"\n',
        ASSESSMENT + f'[answer."1.1".by.{LONG}]\ngrade = "met"\n',
        ASSESSMENT + f'[answer."1.1".dimension.{LONG}]\ngrade = "met"\n',
        ASSESSMENT + f'[answer."1.1".criterion.{LONG}]\nmet = true\n',
        ASSESSMENT + f'[[answer."1.1".action]]\n{LONG} = "x"\n',
        ASSESSMENT + f'[front_sheet]\ncompleted_on = "{LONG}"\n',
    ],
    ids=["name", "id", "area", "kind", "key", "ref", "ref of wrong type", "grade", "answer key", "role", "dimension", "criterion", "action key", "date"],
)
def test_a_problem_of_an_assessment_does_not_echo_megabytes(text: str, tmp_path: Path) -> None:
    """However long a name in an assessment is, the problem quotes its beginning."""
    told = read("assessment", text, tmp_path)
    assert told.codes
    assert told.longest < LONGEST


# paths

TRICKS = ["../../etc", "../secret", "/etc", "..\\..\\etc", "C:\\secret", "%2e%2e%2fsecret", "a\\u0000b", ".", "..", "", "secret/../secret", "file:///etc", "~root", "$HOME"]


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    """A folder with a sound framework and scale beside it that only a trick could reach."""
    secret = tmp_path / "secret"
    for place in (secret, secret / "1", tmp_path / "work" / ".." / "secret"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "framework.toml").write_text(statements(1).replace('"made"', '"secret"'), encoding="utf-8")
        (place / "scale.toml").write_text("SECRET", encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return work


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("where", ["id", "edition", "extends", "extends edition", "use", "use edition", "framework", "framework edition", "catalogue"])
def test_names_are_never_paths(where: str, trick: str, guarded: Path) -> None:
    """Ids, editions and names that look like a way through folders are refused as names; no file is opened for them."""
    tricky = f'"{trick}"'.replace("\\", "\\\\").replace("\\\\u0000", "\\u0000")
    at = f'"{trick}@1"'.replace("\\", "\\\\").replace("\\\\u0000", "\\u0000")
    behind = f'"secret@{trick}"'.replace("\\", "\\\\").replace("\\\\u0000", "\\u0000")
    kind, text, codes = {
        "id": ("framework", FRAMEWORK.replace('"made"', tricky), {"K005"}),
        "edition": ("framework", FRAMEWORK.replace('"1"', tricky, 1), {"K005"}),
        "extends": ("framework", f"extends = {at}\n" + FRAMEWORK, {"K007"}),
        "extends edition": ("framework", f"extends = {behind}\n" + FRAMEWORK, {"K007"}),
        "use": ("framework", FRAMEWORK + f"[[scale]]\nuse = {at}\n", {"K007"}),
        "use edition": ("framework", FRAMEWORK + f"[[scale]]\nuse = {behind}\n", {"K007"}),
        "framework": ("assessment", ASSESSMENT.replace('"cambridgeshire-peterborough@2017-19"', at), {"K007"}),
        "framework edition": ("assessment", ASSESSMENT.replace('"cambridgeshire-peterborough@2017-19"', behind), {"K007"}),
        "catalogue": ("name", f"{trick}@1".replace("\\u0000", "\x00"), {"K007"}),
    }[where]
    told = read(kind, text, guarded)
    assert codes <= set(told.codes)
    assert told.longest < LONGEST
    assert [] == [name for name in told.opened if "secret" in name and "test_names" not in name.split("secret")[0][-40:]]
    assert [] == [name for name in told.opened if name.startswith("/etc") or ".." in Path(name).parts]


def test_the_limits_are_those_of_the_page(repository: Path) -> None:
    """The page on limits says the numbers that the code has."""
    page = (repository / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
    for number in (f"{LARGEST // 2**20} MiB", f"{DEEPEST} levels", f"{MOST_TABLES:,}", f"{MOST_STATEMENTS:,}"):
        assert number in page
