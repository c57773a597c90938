"""Scoring: against a bare loop that counts the same answers."""

from __future__ import annotations

from typing import Any

import attrs

from s11kit import Assessment, Catalogue, Graded, parse_assessment, score

# Each round gets an assessment that nobody has asked anything yet: what a value remembers of earlier questions would flatter it.


def fresh(assessment: Assessment) -> Any:
    return lambda: attrs.evolve(assessment)


def counted(assessment: Assessment) -> dict[str, dict[str, int]]:
    """What a program would do that knows nothing of scope, scales and mistakes."""
    counts: dict[str, dict[str, int]] = {}
    items = assessment.framework.items
    for ref, entry in assessment.answers.items():
        answer = entry.answer
        standard = counts.setdefault(items[ref].parents[0].ref, {})
        word = answer.grade if type(answer) is Graded else "other"
        standard[word] = standard.get(word, 0) + 1
    return counts


def scored(assessment: Assessment) -> object:
    made = score(assessment)
    return made.tally, made.total


def test_loop(bench: Any, example: Assessment) -> None:
    """A loop over the answers of the example that counts them for each standard."""
    bench.fresh("score a loaded assessment", "floor", counted, fresh(example))


def test_score(bench: Any, example: Assessment) -> None:
    """`score`, the tally of every standard, and the total."""
    bench.fresh("score a loaded assessment", "ours", scored, fresh(example))


def test_once(bench: Any, short_texts: bytes, catalogue: Catalogue) -> None:
    """46 statements, as the floor of ten times as many."""
    bench.fresh("score: ten times the statements", "floor", scored, fresh(parse_assessment(short_texts, catalogue=catalogue)))


def test_tenfold(bench: Any, short_texts_tenfold: bytes, tenfold: Catalogue) -> None:
    """460 statements."""
    bench.fresh("score: ten times the statements", "ours", scored, fresh(parse_assessment(short_texts_tenfold, catalogue=tenfold)))
