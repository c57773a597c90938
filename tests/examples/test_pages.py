"""Every snippet of the README and the documentation is run, page by page, in an empty folder.

- `python` blocks run in order and share their names. Where a `text` block follows ("prints"), it is what they print. One whose first line is
  `# some/file.py` is written to that file instead.
- `console` blocks: each `$ s11kit ...` is run, and its output must be what the page shows; a line `...` stands for any lines.
  Nothing shown means that the command must succeed. `$ echo $?` shows the exit code. `$ pip install ./folder` makes the entry points of a package
  of the page known, as long as the page is followed. Commands of other programs, and
  patterns of commands such as `s11kit check FILE [--json]`, are left to the reader.
- `toml` blocks whose first line is `# some/file.toml` are written to that file, with a remark after a comma if need be. Whole files must load, unless
  the remark is "with mistakes". A part of a file must fit into a whole one. What rules in it `expect` must be what the prover says. Pages
  with a framework of their own and rules for it are also followed by `test_rules_on_pages.py`.
- `json` blocks must be JSON.

When the library says something in other words, `S11KIT_UPDATE_PAGES=1 python -m pytest tests/examples` writes the new words into the pages,
wherever a page shows the whole of them. Read the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import json
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import s11kit
from s11kit.cli import main
from s11kit.proving import prove

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(s11kit.__file__).resolve().parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = [page for page in PAGES if "_build" not in page.parts]
UPDATE = bool(os.environ.get("S11KIT_UPDATE_PAGES"))
TERMINAL = {"COLUMNS": "120", "NO_COLOR": "1", "FORCE_COLOR": None, "S11KIT_FRAMEWORKS": None}
FENCE = re.compile(r"(?P<indent>\s*)(?P<fence>`{3,})(?P<info>.*)")
SYNOPSIS = re.compile(r"\[--|\b[A-Z]{3,}(?:_OR_[A-Z]+)?\b(?![\w\"@.])")
FILE = re.compile(r"# (?P<name>[\w./@-]+\.(?:toml|json|py))(?:, (?P<remark>.+))?")

FRAMEWORK_KEYS = {
    "action_field", "areas", "board", "cycle", "decision", "definition", "dimension", "duties", "kinds", "labels", "plan", "reference_set",
    "requirements", "role", "rule", "scale", "settings", "shares", "sign_off", "sizes", "source", "standard", "documented_count", "default_scale",
}  # fmt: skip
OVERLAY_KEYS = {"remove", "change", "statement"}
ASSESSMENT_KEYS = {"answer", "organisation", "front_sheet", "cycle", "action"}


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and the line of the page on which the text begins."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for _, line in lines:
        opened = FENCE.fullmatch(line)
        if opened is None:
            continue
        inside: list[str] = []
        start = 0
        for number, text in lines:
            start = start or number
            if text.strip() == opened["fence"]:
                break
            inside.append(text.removeprefix(opened["indent"]))
        yield Block(opened["info"].strip(), "\n".join(inside) + "\n", start)


class Page:
    """A page that is being followed, step by step, like a reader would."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self.catalogue = s11kit.Catalogue.default()
        self.code = 0
        self.changes: list[tuple[int, int, str]] = []
        self.sites: list[Path] = []

    def follow(self) -> None:
        printed = None
        for block in blocks(self.path):
            if block.language == "text" and printed is not None:
                self.compare(block, block.line, block.text, printed, "what is printed")
            step = getattr(self, f"do_{block.language}", None)
            printed = step(block) if step is not None else None
        if self.changes:
            lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
            for first, count, text in reversed(self.changes):
                lines[first - 1 : first - 1 + count] = [text]
            self.path.write_text("".join(lines), encoding="utf-8")

    def compare(self, block: Block, line: int, shown: str, output: str, what: str) -> None:
        """What a page shows from a line on, and what there is. With UPDATE the page is changed, where it shows the whole."""
        if alike(shown, output):
            return
        if UPDATE and "..." not in shown.splitlines():
            self.changes.append((line, shown.count("\n"), tidy(output)))
            return
        pytest.fail(self.at(block, f"{what}\n--- the page shows\n{shown}--- there is (exit code {self.code})\n{output}"))

    def at(self, block: Block, text: str) -> str:
        """A text with its place, so that a failure says where to look."""
        return f"{self.path.name}:{block.line}\n{text}"

    def do_python(self, block: Block) -> str | None:
        named = FILE.match(block.text)
        if named is not None:
            self.written(named["name"], block.text)
            return None
        code = compile("\n" * (block.line - 1) + block.text, str(self.path), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, self.names)
        return out.getvalue() or None

    def do_json(self, block: Block) -> None:
        json.loads(block.text)

    @staticmethod
    def written(name: str, text: str) -> None:
        file = Path(name)
        assert not file.is_absolute() and ".." not in file.parts
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def install(self, folder: Path) -> None:
        """Make a package of the page known, without a network and only here: its modules in `src`, and its entry points."""
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        site = (folder / "src").resolve()
        info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8")
        groups = [
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()) for group, points in project["entry-points"].items()
        ]
        (info / "entry_points.txt").write_text("".join(groups), encoding="utf-8")
        sys.path.insert(0, str(site))
        self.sites.append(site)
        looked_up_again()

    def leave(self) -> None:
        """Forget what the page has installed."""
        for site in self.sites:
            sys.path.remove(str(site))
            for name in [name for name, module in sys.modules.items() if str(getattr(module, "__file__", None)).startswith(str(site))]:
                del sys.modules[name]
        if self.sites:
            looked_up_again()

    def do_toml(self, block: Block) -> None:
        named = FILE.match(block.text)
        file = Path(named["name"] if named is not None else "snippet.toml")
        if named is not None:
            self.written(named["name"], block.text)
            if named["remark"] == "with mistakes":
                return
        elif of_the_page(block.text):
            return
        else:
            file.write_text(whole(block.text), encoding="utf-8")
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        catalogue = self.catalogue.with_folders(*(folder for folder in ("frameworks",) if Path(folder).is_dir()))
        try:
            if "framework" in data:
                s11kit.load_assessment(file, catalogue=catalogue)
            elif str(data.get("format", "")).startswith("s11kit.framework/"):
                framework = s11kit.load_framework(file, catalogue=catalogue)
                if named is None:
                    self.expected(block, framework)
        except s11kit.InvalidFile as error:
            pytest.fail(self.at(block, str(error)))
        finally:
            if named is None:
                file.unlink()

    def expected(self, block: Block, framework: s11kit.Framework) -> None:
        """What rules on a page say under `expect` is what the prover says."""
        for rule in framework.rules.values():
            unexpected = prove(framework, rule.id, laws=list(rule.rule.expect)).unexpected if rule.rule.expect else ()
            assert not unexpected, self.at(block, f"{unexpected[0].sentence}, not {unexpected[0].expected}")

    def do_console(self, block: Block) -> None:
        first, *pieces = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
        assert not first.strip(), self.at(block, "a console block begins with a command")
        line = block.line
        for piece in pieces:
            command, _, shown = piece.partition("\n")
            while command.endswith("\\"):
                more, _, shown = shown.partition("\n")
                command = command[:-1] + more.strip()
            line += piece.count("\n")
            if command == "echo $?":
                assert self.at(block, shown.strip()) == self.at(block, str(self.code))
            elif command.startswith("pip install ./"):
                self.install(Path(command.split()[-1]))
            elif command.startswith("s11kit ") and not SYNOPSIS.search(command):
                self.command(block, command, shown, line - shown.count("\n"))

    def command(self, block: Block, command: str, shown: str, line: int) -> None:
        command, _, target = command.partition(" > ")
        done = CliRunner().invoke(main, shlex.split(command)[1:], prog_name="s11kit", env=TERMINAL)
        assert done.exception is None or isinstance(done.exception, SystemExit), self.at(block, f"$ {command}\n{done.exc_info}")
        self.code, output = done.exit_code, done.output
        if target:
            Path(target).write_text(output, encoding="utf-8")
            output = ""
        if shown.strip():
            self.compare(block, line, shown, output, f"$ {command}")
        else:
            assert self.code == 0, self.at(block, f"$ {command}\n{output}")


def looked_up_again() -> None:
    """Installed operators are found once; here they come and go."""
    importlib.invalidate_caches()
    known = importlib.import_module("s11kit.rules.operators")
    known.operators.cache_clear()
    known._installed.cache_clear()


def alike(shown: str, output: str) -> bool:
    """Whether an output is what a page shows, where a line `...` stands for any lines."""
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, tidy(output)) is not None


def tidy(output: str) -> str:
    """An output without spaces at the ends of its lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines()) + "\n"


HEAD = "format = 's11kit.framework/1'\nid = 'our-board'\nedition = '2026'\ntitle = 'Our audit'\n"
FIELDS = "".join(
    f"\n[[action_field]]\nid = '{name}'\nlabel = '{name}'\n" for name in ("lead", "action", "impact", "due", "timescale", "status", "progress")
)
GRADES = ", ".join(f"{{ id = '{grade}', label = '{grade}' }}" for grade in ("not-met", "partly-met", "fully-met"))
SCALE = f"\n[[scale]]\nid = 'rag'\norder = 'worst-first'\ngrades = [{GRADES}]\nnot_applicable = {{ needs = ['reason'] }}\n"
STANDARD = "\n[[standard]]\nref = '1'\ntitle = 'One'\n"
STATEMENT = "\n[[standard.statement]]\nref = '1.1'\ntext = 'One.'\n"
ASSESSMENT = "framework = 'cambridgeshire-peterborough@2017-19'\n"
ORGANISATION = "\n[organisation]\nname = 'Somebody'\nareas = []\n"


def of_the_page(text: str) -> bool:
    """Whether a block holds rules alone: they fit into the framework of their page, and `test_rules_on_pages.py` puts them there."""
    keys = set(tomllib.loads(text))
    return "rule" in keys and "standard" not in keys and "format" not in keys


def whole(text: str) -> str:
    """The text of a whole file, where a page shows a part of one: what it leaves out is put around it. Parts of overlays stay as they are."""
    if text.startswith("[[standard.statement]]"):
        text = STANDARD + text
    keys = set(tomllib.loads(text))
    if "format" in keys or "framework" in keys or keys & OVERLAY_KEYS:
        return text
    if keys <= ASSESSMENT_KEYS:
        return ASSESSMENT + text + ("" if "organisation" in keys else ORGANISATION)
    if keys <= FRAMEWORK_KEYS:
        tail = "" if "scale" in keys else SCALE
        tail += "" if "action_field" in keys else FIELDS
        return HEAD + text + tail + ("" if "standard" in keys else STANDARD + STATEMENT)
    return text


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in SHOWN])
def test_a_page_is_true(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows a page from top to bottom sees what it shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("S11KIT_FRAMEWORKS", raising=False)
    followed = Page(page)
    try:
        followed.follow()
    finally:
        followed.leave()


MODULES = sorted(
    ".".join(("s11kit", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for file in PACKAGE.rglob("*.py")
    if file.name != "__main__.py"
)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str) -> None:
    """The examples in docstrings do what they show."""
    module = importlib.import_module(name)
    names = {**{public: getattr(s11kit, public) for public in s11kit.__all__}, **vars(module)}
    failed, _ = doctest.testmod(module, extraglobs=names, verbose=False)
    assert failed == 0


LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<file>[^)#\s]*)(?:#(?P<anchor>[^)]+))?\)")


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in SHOWN])
def test_links_lead_somewhere(page: Path) -> None:
    """A link to another page leads to a file that is there."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in LINK.finditer(text):
        if link["file"]:
            assert (page.parent / link["file"]).exists(), f"{page.name} links to {link['file']}"
