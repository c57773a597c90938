"""Write the table of operators and laws into `docs/reference/law-table.md`: what is proven and refuted of each, asked of the prover.

python docs/_ext/law_table.py            # writes the page
python docs/_ext/law_table.py --check    # only says whether it is up to date
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from s11kit import Assessment, Framework, load_framework
from s11kit.proving import Verdict, prove

PAGE = Path(__file__).resolve().parents[1] / "reference" / "law-table.md"
GRADES = ("inadequate", "requires-improvement", "good", "outstanding")
LAWS = ("S2", "S3", "S4", "S5", "S6", "S7", "S8", "S10", "S12", "S13", "S14")
SHOWN = ("S2", "S7", "S12")
SIGNS = {"proven": "✓", "refuted": "✗", "undecided": "?", "not_refuted": "?", "does not apply": "–"}
BANDS = {"op": "bands", "edges": ["0", "1/2", "3/2", "5/2"], "edge": "inclusive", "grades": list(GRADES)}


@dataclass(frozen=True)
class Row:
    """One rule of the table."""

    words: str
    """What it is, as the file says it."""
    steps: list[dict[str, Any]]
    more: str = ""
    """What is special about it."""
    na: Any = "exclude"
    unanswered: Any = "exclude"
    sections: tuple[int, ...] = (1, 3)


def fold(op: str, **keys: Any) -> dict[str, Any]:
    return {"id": "step", "op": op, "over": "all", **keys}


def then(of: dict[str, Any], op: str, **keys: Any) -> list[dict[str, Any]]:
    return [{**of, "id": "first"}, {"id": "second", "op": op, "of": "first", **keys}]


MEAN = fold("mean", value="points")
LOWER = fold("order", pick="lower-median")
WORST = {"any": {"over": "all", "at_most": "inadequate"}}
BEST = {"any": {"over": "all", "at_least": "outstanding"}}
LIMITING = {"any": {"refs": ["1.1"], "at_most": "inadequate"}}
TWO = {"some": {"over": "all", "at_least": "good"}, "k": 2}
NOT_RISING = dict(zip(GRADES, (0, 2, 1, 3), strict=True))
BELOW = dict(zip(GRADES, (-1, 0, 1, 2), strict=True))
UP = {grade: grade for grade in GRADES}
DOWN = dict(zip(GRADES, reversed(GRADES), strict=True))

GROUPS: dict[str, list[Row]] = {
    "Counting": [
        Row("`count`, `at_least`", [fold("count", at_least="good")]),
        Row("`count`, `at_most`", [fold("count", at_most="inadequate")], "a number that falls as answers improve"),
        Row("`share`", [fold("share", at_least="good")]),
        Row("`all`", [fold("all", at_least="good")]),
        Row("`any`", [fold("any", at_least="good")]),
        Row("`none`, `at_most`", [fold("none", at_most="inadequate")]),
        Row("`some`, `k = 2`", [fold("some", at_least="good", k=2)]),
        Row('`some`, `share = "1/2"`', [fold("some", at_least="good", share="1/2")]),
    ],
    "Adding and averaging": [
        Row("`sum`", [fold("sum", value="points")], "no value below nought"),
        Row("`sum`", [fold("sum", value=BELOW)], "a value below nought"),
        Row("`sum`", [fold("sum", value=NOT_RISING)], "a value that does not rise with the grades"),
        Row("`mean`", [MEAN]),
        Row("`mean`", [fold("mean", value="points", weight="weight")], "weights of statements"),
        Row("`mean`", [fold("mean", value=NOT_RISING)], "a value that does not rise with the grades"),
        Row("`mean`", [fold("mean", value="points", weight=dict(zip(GRADES, (1, 1, 20, 1), strict=True)))], "weights that depend on the grade"),
        Row(
            "`mean` of `mean`",
            [{**MEAN, "id": "sections", "each": "standard", "empty": "not_applicable"}, {"id": "step", "op": "mean", "of": "sections"}],
            "sections alike",
        ),
        Row(
            "`mean` of `mean`",
            [
                {**MEAN, "id": "sections", "each": "standard", "empty": "not_applicable"},
                {"id": "step", "op": "mean", "of": "sections", "weight": "applicable"},
            ],
            '`weight = "applicable"`',
        ),
        Row("`owa`", [fold("owa", value="points", weights=["1/2", "1/4", "1/4"])]),
        Row("`trimmed`", [fold("trimmed", value="points", trim="1/4")]),
        Row("`mid-median`", [fold("mid-median", value="points")]),
    ],
    "Picking one": [
        Row("`min`", [fold("min")]),
        Row("`max`", [fold("max")]),
        Row('`order`, `"lower-median"`', [LOWER]),
        Row('`order`, `"upper-median"`', [fold("order", pick="upper-median")]),
        Row('`order`, `{ quantile = "4/5" }`', [fold("order", pick={"quantile": "4/5"})], "five statements", sections=(1, 4)),
        Row('`order`, `{ k = 2, from = "worst" }`', [fold("order", pick={"k": 2, "from": "worst"})]),
        Row('`order`, `{ k = 2, from = "best" }`', [fold("order", pick={"k": 2, "from": "best"})]),
        Row('`mode`, `ties = "worst"`', [fold("mode", ties="worst")]),
        Row('`mode`, `ties = "best"`', [fold("mode", ties="best")]),
    ],
    "Judging": [
        Row("`bands`", then(MEAN, **BANDS), "of a mean; grades rise along the edges"),
        Row("`bands`", then(MEAN, **{**BANDS, "grades": list(reversed(GRADES))}), "of a mean; grades fall along the edges"),
        Row('`round`, `"half-up"`', then(MEAN, "round", places=0, mode="half-up"), "of a mean"),
        Row('`round`, `"half-even"`', then(MEAN, "round", places=0, mode="half-even"), "of a mean"),
        Row("`cap`", then(LOWER, "cap", at="requires-improvement", when=WORST), "of a lower median; when some answer is *bad*"),
        Row("`cap`", then(LOWER, "cap", at="requires-improvement", when=BEST), "of a lower median; when some answer is *good*"),
        Row("`cap`", then(fold("max"), "cap", at="good", when=LIMITING), "of the best; when one statement is bad"),
        Row(
            "`cap`",
            then(fold("max"), "cap", at="good", when=LIMITING, na="worst", unanswered="worst"),
            "the same; N/A and blanks on it bring the cap down",
        ),
        Row("`floor`", then(LOWER, "floor", at="good", when=BEST), "of a lower median; when some answer is *good*"),
        Row("`floor`", then(LOWER, "floor", at="good", when=WORST), "of a lower median; when some answer is *bad*"),
        Row("`if`", [{"id": "step", "op": "if", "when": WORST, "then": "inadequate", "else": "good"}], "the worse result when some answer is bad"),
        Row("`if`", [{"id": "step", "op": "if", "when": WORST, "then": "good", "else": "inadequate"}], "the better result when some answer is bad"),
        Row(
            "`if`",
            [
                {
                    "id": "step",
                    "op": "if",
                    "when": {"some": {"over": "all", "is": "requires-improvement"}, "k": 1},
                    "then": "inadequate",
                    "else": "good",
                }
            ],
            "a test with `is`",
        ),
        Row(
            "`table`",
            [
                {
                    "id": "step",
                    "op": "table",
                    "rows": [{"when": WORST, "gives": "inadequate"}, {"when": TWO, "gives": "outstanding"}, {"gives": "good"}],
                }
            ],
            "each row better than those for worse answers",
        ),
        Row(
            "`ladder`",
            [
                {
                    "id": "step",
                    "op": "ladder",
                    "start": "inadequate",
                    "rungs": [{"when": TWO, "gives": "good"}, {"when": BEST, "gives": "outstanding"}],
                }
            ],
            "tests that N/A cannot help",
        ),
        Row(
            "`ladder`",
            [
                {
                    "id": "step",
                    "op": "ladder",
                    "start": "inadequate",
                    "rungs": [{"when": {"all": {"over": "all", "at_least": "good"}}, "gives": "good"}, {"when": BEST, "gives": "outstanding"}],
                }
            ],
            "a rung with `all`",
        ),
        Row("`lookup`", then(fold("min"), "lookup", table=UP), "of the worst; a table that rises"),
        Row("`lookup`", then(fold("min"), "lookup", table=DOWN), "of the worst; a table that falls"),
        Row("`value`", then(fold("min"), "value", value="points"), "of the worst; numbers that rise"),
        Row("`value`", then(fold("min"), "value", value=NOT_RISING), "of the worst; numbers that do not rise"),
    ],
    "What becomes of blanks": [
        Row('`unanswered = "exclude"`', [MEAN], "a mean"),
        Row('`unanswered = "worst"`', [MEAN], "a mean", unanswered="worst"),
        Row('`unanswered = "refuse"`', [MEAN], "a mean", unanswered="refuse"),
        Row('`unanswered = "range"`', [MEAN], "a mean", unanswered="range"),
        Row('`min_answered = "3/4"`', [MEAN], "a mean", unanswered={"policy": "exclude", "min_answered": "3/4"}),
        Row("`prorate = true`", [fold("sum", value="points")], "a sum", unanswered={"policy": "exclude", "prorate": True}),
    ],
    "What becomes of N/A": [
        Row('`na = "exclude"`', [MEAN], "a mean"),
        Row('`na = "worst"`', [MEAN], "a mean", na="worst"),
        Row('`na = { policy = "as", grade = "good" }`', [MEAN], "a mean", na={"policy": "as", "grade": "good"}),
        Row('`na = "refuse"`', [MEAN], "a mean", na="refuse"),
        Row('`max_share = "1/4"`', [MEAN], "a mean", na={"policy": "exclude", "max_share": "1/4"}),
    ],
}

HEAD = """# Which operators keep which laws

Not every fair rule needs a proof of its own to begin with: this table says what to expect of each operator, alone or on top of a simple
one. In your framework `s11kit prove` has the last word, because a law depends on the whole rule, and on how many statements there are.

✓ proven, ✗ refuted, – does not apply, ? undecided within the allowance of work.

N/A and blanks are left out unless the row says otherwise.

| law | |
|---|---|
| S2 | improving never lowers the result |
| S3 | the result is bounded |
| S4 | where all answers are one grade, so is the result |
| S5 | statements of equal weight may change places |
| S6 | a further N/A changes nothing |
| S7 | N/A never raises the result |
| S8 | a blank is never better than a grade |
| S10 | bands leave no gap, and every result can be reached |
| S12 | standards first comes to the same as all at once |
| S13 | every statement can make a difference |
| S14 | only the order of the grades counts, not their numbers |

S1, the order of statements, and S11, exactness, hold for all of them; S9 is about ranges, and S15 about what the framework demands.

Read more: [What the laws mean for a board](../explanation/fair-rules.md) · [Averages of grades](../explanation/averages-of-grades.md) ·
[Not applicable and unanswered](../explanation/not-applicable-and-blanks.md) · [Limiting judgements](../explanation/limiting-judgements.md) ·
[Rounding](../explanation/rounding.md) · [A gallery of pitfalls](../explanation/pitfalls.md) · [The keys of a rule](framework-file.md#rules)

How it was made: `nox -s law-table` writes this page. It asks the prover about each row in a framework of four statements (standards of one
and of three), four grades and N/A; a test fails when the page is not what the prover says."""


def framework(row: Row, folder: Path) -> Framework:
    """A framework with one rule: the row."""
    grades = [{"id": id, "label": id.replace("-", " ").capitalize(), "points": place} for place, id in enumerate(GRADES)]
    data = {
        "format": "s11kit.framework/1",
        "id": "table",
        "edition": "2026",
        "title": "Operators and laws",
        "scale": [{"id": "scale", "order": "worst-first", "grades": grades, "not_applicable": {}}],
        "standard": [
            {
                "ref": f"{place}",
                "title": f"Standard {place}",
                "statement": [{"ref": f"{place}.{n}", "text": "As good as can be.", "weights": {"weight": n}} for n in range(1, number + 1)],
            }
            for place, number in enumerate(row.sections, 1)
        ],
        "rule": [{"id": "rule", "na": row.na, "unanswered": row.unanswered, "steps": row.steps}],
    }
    file = folder / "framework.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return load_framework(file)


def answers(assessment: Assessment) -> str:
    """Answers in short: 0 to 3, N/A, and a dot for a blank; a bar between standards."""
    out, standard = [], None
    for item in assessment.framework.answerable:
        answer = assessment.answer(item.ref)
        grade = getattr(answer, "grade", None)
        if standard not in (None, item.ref.partition(".")[0]):
            out.append("|")
        standard = item.ref.partition(".")[0]
        out.append(str(GRADES.index(grade)) if grade in GRADES else "N/A" if type(answer).__name__ == "NotApplicable" else "·")
    return " ".join(out)


def result(value: Any, text: str) -> str:
    if isinstance(value, str) and value in GRADES:
        return str(GRADES.index(value))
    return str(value) if isinstance(value, Fraction) and not isinstance(value, bool) else text.partition(":")[0]


def example(verdict: Verdict) -> str:
    """A counterexample in a line."""
    witness = verdict.witness
    if verdict.kind != "refuted" or witness is None or witness.other is None:
        return ""
    before, after = result(witness.result.value, witness.result.text), result(witness.other.value, witness.other.text)
    if witness.after is None:
        return f"({answers(witness.before)}): {before} against {after}"
    return f"({answers(witness.before)}): {before} → ({answers(witness.after)}): {after}"


def page() -> str:
    """The whole page."""
    out, examples = [HEAD], []
    with tempfile.TemporaryDirectory() as folder:
        for title, rows in GROUPS.items():
            out += [f"\n## {title}\n", "| rule | | " + " | ".join(LAWS) + " |", "|---|---|" + ":-:|" * len(LAWS)]
            for row in rows:
                verdicts = {verdict.law.number: verdict for verdict in prove(framework(row, Path(folder)), laws=LAWS).verdicts}
                out.append(f"| {row.words} | {row.more} | " + " | ".join(SIGNS[verdicts[law].kind] for law in LAWS) + " |")
                found = [example(verdicts[law]).replace("|", "\\|") for law in SHOWN]
                if any(found) and not title.startswith("What becomes"):
                    examples.append(f"| {row.words} | {row.more} | " + " | ".join(found) + " |")
    out += [
        "\n## The smallest counterexamples\n",
        "Answers are written 0 to 3 from the worst grade to the best, standard 1 before the bar and standard 2 behind it. Under S12, the second",
        "number is what scoring the other way comes to, sections first or all at once.\n",
        "| rule | | " + " | ".join(SHOWN) + " |",
        "|---|---|" + "---|" * len(SHOWN),
        *examples,
    ]
    return "\n".join(out) + "\n"


def main() -> int:
    """Write the page, or with `--check` say whether it is what would be written."""
    made = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{PAGE.name} is not what the prover says; write it anew with: nox -s law-table", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
