"""Checking: what is wrong, incomplete or doubtful in a framework or an assessment, as located problems. It never raises."""

from __future__ import annotations

import datetime

from s11kit.checking.answers import check_assessment
from s11kit.checking.soundness import check_framework
from s11kit.errors import Problem, in_order
from s11kit.model import Assessment, Framework

__all__ = ["check"]


def check(value: Framework | Assessment, *, on: datetime.date | None = None) -> tuple[Problem, ...]:
    """Everything found in a framework (is it sound?) or an assessment (is it complete, does it fit its framework?).

    `on` is the day to judge time limits by; without it they are not looked at. What came from a file has its place; an assessment is gone through in
    the order of its framework, a framework in the order of its file.

    >>> from s11kit import Catalogue
    >>> [problem.code for problem in check(Catalogue.default().framework("cambridgeshire-peterborough@2017-19")) if problem.severity == "error"]
    []
    """
    if isinstance(value, Framework):
        notices = value.origin.notices if value.origin is not None else ()
        return in_order([*notices, *(problem.located(value.origin) for problem in check_framework(value))])
    return tuple(problem.located(value.origin) for problem in check_assessment(value, on=on))
