"""What the strategies make: sound values, valid rules, files that are refused, and small examples when something fails."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

import s11kit
from s11kit import Assessment, Framework, Graded, InvalidFile, NotApplicable, Unanswered, check, load_framework, score
from s11kit.proving import Prover
from s11kit.testing import BlackBoxRule, laws_of
from s11kit.testing.strategies import Broken, answers, assessments, frameworks, invalid_toml, partial, rules, scales, step

Make = Callable[..., Framework]
FEW = settings(max_examples=20)
SEARCH = settings(max_examples=20, derandomize=True, database=None, suppress_health_check=[*HealthCheck])  # pyright: ignore


@FEW
@given(frameworks(), frameworks(plain=True, na=True))
def test_frameworks_are_sound(rich: Framework, plain: Framework) -> None:
    """A framework has no errors, and its first statement is graded and applies to everybody."""
    for framework in (rich, plain):
        assert [problem for problem in check(framework) if problem.severity == "error"] == []
        first = next(item for item in framework.answerable if item.is_statement)
        assert first.takes_grade and not first.conditions
    assert all(item.takes_grade and item.may_not_apply and not item.conditions for item in plain.answerable)


@FEW
@given(st.data())
def test_assessments_can_be_scored(data: st.DataObject) -> None:
    """A bare assessment holds no error that would keep it from being scored; without N/A and blanks there are none."""
    framework = data.draw(frameworks(plain=True))
    assert score(data.draw(assessments(framework, bare=True))).total.statements == len(framework.answerable)
    whole = score(data.draw(assessments(framework, na=False, unanswered=False, bare=True))).total
    assert (whole.not_applicable, whole.unanswered) == (0, 0)
    assert set(data.draw(answers(framework))) == {item.ref for item in framework.answerable}


@FEW
@given(st.data())
def test_a_step_improves_one_answer(data: st.DataObject) -> None:
    """The two assessments differ in one answer, by one grade, upwards."""
    framework = data.draw(frameworks())
    before, after, ref = data.draw(step(framework))
    assert {other for other in framework.items if before.answer(other) != after.answer(other)} == {ref}
    scale, one, two = framework.item(ref).scale, before.answer(ref), after.answer(ref)
    assert scale is not None and isinstance(one, Graded) and isinstance(two, Graded)
    assert scale.rank(two.grade) == scale.rank(one.grade) + 1


@FEW
@given(st.data())
def test_a_part_of_an_assessment_says_nothing_else(data: st.DataObject) -> None:
    """Every answer that is left is the one that was there."""
    whole = data.draw(assessments(bare=True))
    part = data.draw(partial(whole))
    for item in whole.framework.answerable:
        assert isinstance(part.answer(item.ref), Unanswered) or part.answer(item.ref) == whole.answer(item.ref)


def test_nearly_all_rules_are_valid() -> None:
    """At least 95 in 100 rules fit their framework; all that do can be scored."""
    found: Counter[bool] = Counter()

    @settings(max_examples=80, derandomize=True, database=None, suppress_health_check=[*HealthCheck])  # pyright: ignore
    @given(st.data())
    def measure(data: st.DataObject) -> None:
        framework = data.draw(frameworks(plain=data.draw(st.booleans())))
        rule = data.draw(rules(framework, depth=3))
        fits = not any(problem.severity == "error" for problem in rule.problems)
        found[fits] += 1
        if fits:
            rule.score(data.draw(assessments(framework, bare=True)))

    measure()
    assert found[True] >= 0.95 * found.total()


@settings(max_examples=15)
@given(st.data())
def test_a_rule_and_the_function_that_scores_by_it_get_the_same_verdicts(data: st.DataObject) -> None:
    """The prover agrees with trying every assessment, for rules made by chance."""
    framework = data.draw(frameworks(plain=True, na=True))
    assume(len(framework.answerable) <= 3)
    rule = data.draw(rules(framework, depth=2))
    assume(not any(problem.severity == "error" for problem in rule.problems) and not rule.machine.ranges)
    assume(not (rule.rule.na is not None and rule.rule.na.needs_reason))
    function = BlackBoxRule(lambda assessment: rule.score(assessment).value, framework=framework, result=rule.kind, id="same")
    for law in ("monotone", "na_safe", "unanswered_never_improves"):
        proved, tried = Prover(rule).decide(law), laws_of(function, law)[0].decide(budget=20_000)
        assert tried.kind in (proved.kind, "not_refuted")


@settings(max_examples=60)
@given(invalid_toml())
def test_a_broken_file_is_refused(tmp_path_factory: pytest.TempPathFactory, broken: Broken) -> None:
    """It does not load, or has errors when it is checked; the known problem is among them."""
    file = tmp_path_factory.mktemp("broken") / "framework.toml"
    file.write_text(broken.text, encoding="utf-8")
    try:
        problems = [problem for problem in check(load_framework(file)) if problem.severity == "error"]
    except InvalidFile as error:
        problems = list(error.problems)
    assert problems, broken.slip
    assert broken.code is None or broken.code in {problem.code for problem in problems}, broken.slip


# shrinking


def test_a_framework_shrinks_to_one_statement() -> None:
    """The smallest framework has one standard, one statement and one scale of two grades."""
    framework = find(frameworks(), lambda found: True, settings=settings(SEARCH, phases=[Phase.generate]))
    assert [len(framework.standards), len(framework.statements), len(framework.scales), len(framework.scales[0].grades)] == [1, 1, 1, 2]
    assert len(find(scales(), lambda found: len(found.grades) > 2, settings=SEARCH).grades) == 3


def test_an_assessment_shrinks_to_a_uniform_one(make: Make) -> None:
    """What differs in the smallest example is what has to: all the rest has the best grade, as in the smallest counterexample of a proof."""
    framework = make(12)

    def fails(assessment: Assessment) -> bool:
        return any(isinstance(assessment.answer(item.ref), NotApplicable) for item in framework.answerable)

    found = find(assessments(framework, bare=True), fails, settings=SEARCH)
    said = Counter(answer.grade if isinstance(answer := found.answer(item.ref), Graded) else "other" for item in framework.answerable)
    assert said == {"outstanding": len(framework.answerable) - 1, "other": 1}


def test_a_rule_shrinks_to_one_step(make: Make) -> None:
    """The smallest rule folds all statements, and judges nothing."""
    rule = find(rules(make(12), depth=3), lambda found: True, settings=SEARCH)
    assert [each.op.name for each in rule.rule.steps] == ["mean"]


# registration

ENTRY = "[hypothesis]\ns11kit = {}\n"
MADE = """
import sys
import hypothesis
assert "s11kit.testing.strategies" not in sys.modules, "the strategies were loaded before anybody asked for them"
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
import s11kit

@settings(max_examples=2, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=[*HealthCheck])  # pyright: ignore
@given(st.data())
def make(data):
    for name in ("Scale", "Framework", "Assessment"):
        wanted = getattr(s11kit, name)
        assert isinstance(data.draw(st.from_type(wanted)), wanted), name

make()
"""


def run(code: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    package = Path(s11kit.__file__).resolve().parents[1]
    env = {"PATH": "", "PYTHONPATH": ":".join(str(path) for path in (*paths, package))}
    return subprocess.run([sys.executable, "-W", "error::UserWarning", "-c", code], env=env, capture_output=True, text=True, check=False)


def test_hypothesis_finds_our_types_by_its_entry_point(tmp_path: Path, repository: Path) -> None:
    """Installed, with nothing imported but Hypothesis, `from_type` makes our types."""
    entry = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["hypothesis"]["s11kit"]
    info = tmp_path / "s11kit_entry-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: s11kit-entry\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY.format(entry), encoding="utf-8")
    done = run(MADE, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", ["import s11kit", "from s11kit.testing import laws_of, BlackBoxRule, assert_laws, law_cases"])
def test_nothing_loads_hypothesis_or_pytest_by_itself(code: str) -> None:
    """Neither the library nor laws as values need a test library."""
    done = run(f"{code}\nimport sys\nassert not {{'hypothesis', 'pytest'}} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_the_kit_lists_what_it_exports() -> None:
    """Every public name of the kit is there, and no other."""
    import s11kit.testing as kit

    assert dir(kit) == sorted(kit.__all__)
    for name in kit.__all__:
        value: Any = getattr(kit, name)
        assert value is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kit.nothing  # noqa: B018
