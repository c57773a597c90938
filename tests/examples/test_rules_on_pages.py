"""The rules on the pages of the documentation: they load, they come to the results that the page shows, and the laws hold and fail as it says.

A page shows one framework, in a block whose first line is `# some/framework.toml`. Each other `toml` block of the page that holds rules,
requirements or standards without a scale is put at the end of that framework. Under such a block,

- a table whose last column is `result` shows answers and what its first rule makes of them; other columns are references (with a dimension after
  them), ids of steps, `plan for REF` and `confirmed by ROLE`. What has no column is unanswered. With a column `organisation` all rows together have
  one result;
- a table whose last column is `REF is asked` shows to whom a statement applies;
- `**S2 proven**` and the like are the verdicts on its rules. They must agree with `expect`, which is checked for every rule.

A page whose blocks follow `<!-- rule: slug -->` is a gallery: there the first rule bears the slug as its id and breaks the law that the section
names, and each `(answers) result → (answers) result` is the smallest counterexample that the prover finds. A block whose first line is
`# refused: MESSAGE` must not load, and for that reason.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from s11kit import Assessment, Framework, InvalidFile, Organisation, load_framework, score_across
from s11kit.proving import Verdict, prove
from s11kit.proving.verdict import answers_of
from s11kit.rules.result import label_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
TWENTY, GALLERY = DOCS / "how-to" / "twenty-things-a-rule-can-say.md", DOCS / "explanation" / "pitfalls.md"
NAMED = re.compile(r"# [\w./@-]+/framework\.toml")
VERDICT = re.compile(r"\*\*(S\d+) (proven|refuted)\b[^*]*\*\*")
LAW = re.compile(r"\*\*Law that fails:\*\* (S\d+)")
REFUSED = re.compile(r"# refused: (.+)\n")
SHORT = {"0": "Inadequate", "1": "Requires improvement", "2": "Good", "3": "Outstanding", "N/A": "not applicable"}
ANSWER = r"(?:[0-3]|N/A|unanswered|[A-Z][a-z]+(?: [a-z]+)?)"
ANSWERS = rf"\(({ANSWER}(?:, {ANSWER})*)\)"
PAIR = re.compile(rf"{ANSWERS}([^→]*)→\s+{ANSWERS}((?:[^.;]|\.\d)*)")


@dataclass
class Section:
    """A heading with what stands under it."""

    title: str
    line: int
    slug: str | None = None
    blocks: list[str] = field(default_factory=list)
    prose: str = ""
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def ours(self) -> list[str]:
        """The blocks that are put at the end of the page's framework and fit there."""
        return [block for block in self.added if not REFUSED.match(block)]

    @property
    def added(self) -> list[str]:
        """The blocks that are put at the end of the page's framework."""
        return [block for block in self.blocks if set(tomllib.loads(block)) <= {"rule", "requirements", "standard"}]

    @property
    def bullets(self) -> list[str]:
        """The items of the lists in the text, in one line each."""
        return [" ".join(item.split()) for item in re.split(r"^- ", self.prose, flags=re.MULTILINE)]

    def bullet(self, name: str) -> str:
        """The item that begins with a word in bold."""
        return next(item for item in self.bullets if item.startswith(f"**{name}:**"))


def sections(page: Path) -> list[Section]:
    """The sections of a page."""
    found = [Section("", 0)]
    fence: list[str] | None = None
    row_before = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        here, row = found[-1], line.startswith("|") and fence is None
        if fence is not None:
            if line == "```":
                here.blocks += ["\n".join(fence[1:]) + "\n"] if fence[0] == "```toml" else []
                fence = None
            else:
                fence.append(line)
        elif line.startswith("```"):
            fence = [line]
        elif line.startswith("## "):
            found.append(Section(line[3:], number))
        elif marker := re.fullmatch(r"<!-- rule: ([\w-]+) -->", line):
            here.slug = marker[1]
        elif row:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not row_before:
                here.tables.append([])
            here.tables[-1].append(cells)
        else:
            here.prose += line + "\n"
        row_before = row
    return found


@cache
def head(page: Path) -> str:
    """The framework that a page shows."""
    return next(block for section in sections(page) for block in section.blocks if NAMED.match(block))


@cache
def loaded(page: Path, block: str) -> Framework:
    """The framework of a page, with a block at its end."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "framework.toml"
        file.write_text(head(page) + "\n" + block, encoding="utf-8")
        return load_framework(file)


def parts(page: Path) -> Iterator[Any]:
    for section in sections(page):
        if section.ours:
            yield pytest.param(page, section, id=f"{page.stem}: {section.title}")


ALL = [*parts(TWENTY), *parts(GALLERY)]


def test_no_page_is_forgotten() -> None:
    """Rules without a framework around them stand on these two pages only."""
    pages = [page for page in DOCS.rglob("*.md") if "_build" not in page.parts]
    alone = {page for page in pages for section in sections(page) for block in section.blocks if rules_alone(block)}
    assert alone == {TWENTY, GALLERY}


def rules_alone(block: str) -> bool:
    """Whether a block holds rules and nothing that they could fit into."""
    keys = set(tomllib.loads(block)) if "[[rule]]" in block else set()
    return "rule" in keys and "standard" not in keys and "format" not in keys


@pytest.mark.parametrize(("page", "section"), ALL)
def test_the_rules_are_what_the_page_expects(page: Path, section: Section) -> None:
    """Every rule on a page loads and keeps or breaks the laws under `expect`."""
    for block in section.ours:
        framework = loaded(page, block)
        for rule in framework.rules.values():
            assert rule.rule.expect, f"{section.title}: '{rule.id}' expects nothing"
            for verdict in prove(framework, rule.id, laws=list(rule.rule.expect)).verdicts:
                assert verdict.as_expected, f"{page.name}:{section.line} {verdict.sentence}, not {verdict.expected}"


@pytest.mark.parametrize(("page", "section"), list(parts(TWENTY)))
def test_the_verdicts_in_the_text(page: Path, section: Section) -> None:
    """What the text says of S2, S7 and S8 is what the rule expects."""
    said = {law: verdict for law, verdict in VERDICT.findall(section.prose)}
    for block in section.ours:
        for rule in loaded(page, block).rules.values():
            verdicts = prove(loaded(page, block), rule.id, laws=list(rule.rule.expect)).verdicts
            assert {verdict.law.number: verdict.kind for verdict in verdicts} == said


@pytest.mark.parametrize(("page", "section"), list(parts(TWENTY)))
def test_the_results_on_the_page(page: Path, section: Section) -> None:
    """What is worked out by hand is what the rule comes to."""
    framework = loaded(page, section.ours[0])
    for header, _, *rows in section.tables:
        together: list[Assessment] = []
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            assessment = answered(framework, header, cells)
            if header[-1].endswith(" is asked"):
                ref = header[-1].removesuffix(" is asked")
                assert cells[header[-1]] == ("no" if ref in assessment.scope.out else "yes")
                continue
            rule = next(iter(framework.rules.values()))
            if header[0] == "organisation":
                together.append(assessment)
                if not cells["result"]:
                    continue
                result = score_across(together, rule.id)
            else:
                result = rule.score(assessment)
            assert alike(cells["result"], result.value, result.text), f"{section.title}: {row} comes to {result.text}"
            steps = {step.id: step for step in result.explain().steps if step.group is None}
            for name in header[:-1]:
                if name in steps:
                    assert alike(cells[name], steps[name].value, str(steps[name].value)), f"{section.title}: {row}, {name} is {steps[name].value}"
    assert section.tables, f"{section.title} shows no result"


def alike(shown: str, value: Any, text: str) -> bool:
    """Whether a cell shows a result: a number, a grade by its label, yes or no, or what there is instead."""
    if isinstance(value, bool):
        return shown == ("yes" if value else "no")
    if isinstance(value, Fraction):
        return Fraction(shown) == value
    if isinstance(value, str):
        return shown in (text, value.replace("-", " ").capitalize())
    return text.partition(":")[0] == shown


def answered(framework: Framework, header: list[str], cells: dict[str, str]) -> Assessment:
    """A row of a table as an assessment."""
    items = {item.ref: item for item in framework.answerable}
    rule = next(iter(framework.rules), "")
    made = Assessment(framework=framework, organisation=Organisation(name=cells.get("organisation", "Fenside Youth Trust"), kind=cells.get("kind")))
    for name in header:
        ref, _, dimension = name.partition(" ")
        cell = cells[name]
        if name.startswith("plan for ") and cell:
            made = made.with_action(name.removeprefix("plan for "), {"status": cell})
        elif name.startswith("confirmed by ") and cell:
            grade = next(grade.id for scale in framework.scales for grade in scale.grades if grade.label == cell)
            made = made.with_override(rule, grade, by=name.removeprefix("confirmed by "), reason="Seen on site")
        elif ref in items and not name.endswith(" is asked"):
            if cell == "N/A":
                made = made.with_not_applicable(ref, "Nothing of the kind", dimension=dimension or None)
            elif cell != "unanswered":
                scale = items[ref].scale
                assert scale is not None
                grade = next(grade.id for grade in scale.grades if grade.label == cell)
                made = made.with_grade(ref, grade, dimension=dimension or None)
    return made


# the gallery


GALLERY_PARTS = list(parts(GALLERY))


def verdicts(section: Section) -> Iterator[Verdict]:
    """Every verdict on the rules of a section, rule by rule."""
    for block in section.ours:
        framework = loaded(GALLERY, block)
        for rule in framework.rules.values():
            yield from prove(framework, rule.id, laws=list(rule.rule.expect)).verdicts


def test_every_pitfall_has_its_rule() -> None:
    """Each section of the gallery has a marker, and each but the last two a rule."""
    found = sections(GALLERY)[1:]
    assert [section.title for section in found if section.slug is None] == ["The framework of this gallery", "Read more"]
    assert len({section.slug for section in found}) == len(found) - 1
    assert [section.title for section in found if section.slug and not section.ours] == []


@pytest.mark.parametrize(("page", "section"), GALLERY_PARTS)
def test_the_law_fails_and_the_twin_keeps_it(page: Path, section: Section) -> None:
    """The rule of a pitfall bears its name and breaks the law that the page names; the last rule under it keeps that law."""
    failing = LAW.search(section.bullet("Law that fails"))
    assert failing is not None
    found = [verdict for verdict in verdicts(section) if verdict.law.number == failing[1]]
    refused = [REFUSED.match(block) for block in section.added if REFUSED.match(block)]
    if refused or section.slug == "a-printed-number-across-the-edge":  # a rule that cannot be written here has no verdict, only its twin
        assert [verdict.kind for verdict in found] == ["proven"]
    else:
        assert (found[0].rule, found[0].kind) == (section.slug, "refuted")
        assert found[-1].kind == "proven"
    twins = dict(re.findall(r"\b(S\d+)(?: \([^)]*\))?,? \*\*(proven|refuted)\*\*", section.bullet("Safer twin")))
    last = {verdict.law.number: verdict.kind for verdict in verdicts(section)}
    assert twins == {law: last[law] for law in twins}
    assert twins[failing[1]] == "proven"


@pytest.mark.parametrize(("page", "section"), GALLERY_PARTS)
def test_the_examples_are_the_smallest(page: Path, section: Section) -> None:
    """Each pair of answers on the page is a counterexample that the prover finds, with the same results, and none that it finds first is left out."""
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], Verdict] = {}
    for verdict in verdicts(section):
        witness = verdict.witness
        if verdict.law.number in ("S2", "S7", "S8") and witness is not None and witness.after is not None:
            pair = tuple(tuple(answer for _, answer in answers_of(each, witness.result)) for each in (witness.before, witness.after))
            known.setdefault(pair, verdict)  # type: ignore[arg-type]
    shown = [match for bullet in section.bullets for match in PAIR.finditer(bullet)]
    for before, was, after, now in (match.groups() for match in shown):
        verdict = known[tuple(SHORT.get(a, a) for a in before.split(", ")), tuple(SHORT.get(a, a) for a in after.split(", "))]
        assert verdict.witness is not None and verdict.witness.other is not None
        for text, result in ((was, verdict.witness.result), (now, verdict.witness.other)):
            numbers = re.sub(r"\([^()]*\)", "", text)
            words = {True: "passed", False: "not passed"}[result.value] if isinstance(result.value, bool) else plain(result.value)
            assert re.search(rf"(?<![\w/]){re.escape(words)}(?![\w/])", text), f"{section.title}: {text} should say {words}"
            steps = {step.value for step in result.explain().steps} | {result.value}
            for fraction in re.findall(r"(?<![/\d])\d+/\d+", numbers):
                assert Fraction(fraction) in steps, f"{section.title}: {fraction} is not among {steps}"
    first = next(iter(known), None)
    if first is not None and known[first].rule == section.slug:
        assert len(shown) > 0, f"{section.title} shows no example"


def plain(value: Any) -> str:
    """A result as the page writes it."""
    return value.replace("-", " ").capitalize() if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("page", "section"), GALLERY_PARTS)
def test_what_is_refused(page: Path, section: Section) -> None:
    """A block that is said to be refused is refused, with that message."""
    for block in section.added:
        refused = REFUSED.match(block)
        if refused is None:
            loaded(page, block)
            continue
        with pytest.raises(InvalidFile) as caught:
            loaded(page, block)
        assert [problem.message for problem in caught.value.problems] == [refused[1]]


def named(slug: str) -> Section:
    return next(section for section in sections(GALLERY) if section.slug == slug)


@pytest.mark.parametrize("slug", ["a-mean-of-means", "rounding-twice"])
def test_sections_and_all_at_once(slug: str) -> None:
    """Where two ways of adding up are compared, the page shows the smallest answers for which they differ, and both results."""
    section = named(slug)
    witness = next(verdict.witness for verdict in verdicts(section) if verdict.kind == "refuted")
    assert witness is not None and witness.other is not None
    example = section.bullet("Smallest example").split(" With ")[0]
    answers = [SHORT[answer] for group in re.findall(r"\(([0-3, ]+)\)", example) for answer in group.split(", ")]
    assert answers == [answer for _, answer in answers_of(witness.before, witness.result)]
    assert str(witness.result.value) in re.findall(r"[\d/]+", example) and str(witness.other.value) in re.findall(r"[\d/]+", example)


def test_a_further_not_applicable() -> None:
    """Under "a nought that means N/A", one more N/A takes 3 to 3/2, as the page says."""
    section = named("a-nought-that-means-na")
    witness = next(verdict.witness for verdict in verdicts(section) if verdict.law.number == "S6" and verdict.kind == "refuted")
    assert witness is not None and witness.other is not None
    assert (witness.result.value, witness.other.value) == (3, Fraction(3, 2))
    assert "averages 3. With a further N/A it is (3 + 0)/2 = 3/2" in section.bullet("Smallest example")


def test_more_to_do() -> None:
    """Under "doing better brings more to do", the two grades are those that the prover names."""
    section = named("doing-better-brings-more-to-do")
    reason = next(verdict.reasons[0] for verdict in verdicts(section) if verdict.kind == "refuted")
    assert re.search(r"at 1\.1, Requires improvement .* should .* Good, which is better, .* must", reason)
    assert "Requires improvement: an action is advised → Good: an action is demanded" in section.bullet("Smallest example")


def with_statements(standard: str, number: int, block: str) -> Framework:
    """The framework of the gallery with another number of statements in one standard, and a block."""
    text = head(GALLERY)
    start = text.index("statement = [", text.index(f'ref       = "{standard}"'))
    end = text.find("[[standard]]", start)
    statements = ", ".join(f'{{ ref = "{standard}.{n}", text = "Another." }}' for n in range(1, number + 1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "framework.toml"
        rest = text[end:] if end > 0 else ""
        file.write_text(f"{text[:start]}statement = [{statements}]\n\n{rest}\n{block}", encoding="utf-8")
        return load_framework(file)


def graded(framework: Framework, standard: str, grades: list[str]) -> Assessment:
    made = Assessment(framework=framework, organisation=Organisation(name="Fenside Youth Trust"))
    for place, grade in enumerate(grades, 1):
        made = made.with_grade(f"{standard}.{place}", grade)
    return made


def test_seven_of_twenty_seven() -> None:
    """7 Green of 27 fall into no band of the first table, and are fair in the second."""
    section = named("bands-with-a-hole")
    framework = with_statements("rag", 27, section.ours[0])
    result = framework.rules["bands-without-a-hole"].score(graded(framework, "rag", ["green"] * 7 + ["red"] * 20))
    assert (result.steps()["per-cent"], result.text) == (Fraction(700, 27), "fair")
    assert "7 of 27 is fair" in section.bullet("Safer twin") and "25.93" in section.bullet("Smallest example")


def test_two_point_four_five() -> None:
    """Nine Outstanding and two Inadequate are Good, and the average is printed as 2.45."""
    section = named("a-printed-number-across-the-edge")
    framework = with_statements("4", 11, section.ours[0])
    result = framework.rules["a-printed-number-across-the-edge"].score(graded(framework, "4", ["outstanding"] * 9 + ["inadequate"] * 2))
    assert (result.steps()["average"], result.value) == (Fraction(27, 11), "good")
    assert label_of(result.bound, result.bound.machine.steps[0], Fraction(27, 11)) == "2.45"
    assert "27/11 = 2.4545" in section.bullet("Smallest example") and "2.45." in section.bullet("Safer twin")
