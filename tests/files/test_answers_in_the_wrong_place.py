"""Answers that stand where nobody would read them are refused, with the line to write instead."""

from __future__ import annotations

import attrs
import pytest

from s11kit import Catalogue, Framework, InvalidFile, Scale, parse_assessment
from s11kit.model import Dimension, Role

HEAD = 'framework = "cambridgeshire-peterborough@2017-19"\n[organisation]\nname = "Fenside"\nareas = ["cambridgeshire"]\n'


class Shelf:
    """The shipped framework, with a role and a dimension."""

    def framework(self, name: str) -> Framework:
        sides = {"roles": (Role(id="moderated", label="Moderated"),), "dimensions": (Dimension(id="practice", label="In practice"),)}
        return attrs.evolve(Catalogue.default().framework(name), **sides)  # type: ignore[arg-type]

    def shared_scale(self, name: str) -> Scale:
        raise AssertionError(name)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ('[answer."1.1".moderated]\ngrade = "fully-met"', "K001", 'write [answer."1.1".by.moderated]'),
        ('[answer."1.1".practice]\ngrade = "fully-met"', "K001", 'write [answer."1.1".dimension.practice]'),
        ('[answer.1.1]\ngrade = "fully-met"', "K013", 'write [answer."1.1"]'),
        ('[answer]\n1.1 = "fully-met"', "K013", 'write [answer."1.1"]'),
        ('[answer."1.7"]\nnot_applicable = true', "K003", 'write the reason, such as "No services are commissioned"'),
    ],
)
def test_the_message_says_what_to_write(text: str, code: str, hint: str) -> None:
    """A second opinion without `by`, a reference without quotes, a reason that is none: never kept as if it meant nothing."""
    with pytest.raises(InvalidFile) as caught:
        parse_assessment(HEAD + text, catalogue=Shelf(), kind="toml")
    assert [(problem.code, problem.hint) for problem in caught.value.problems] == [(code, hint)]
