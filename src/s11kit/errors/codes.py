"""Every problem code: its slug and how much it weighs. The manual page of a code is `manual/CODE.md` beside this file."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

__all__ = ["CODES", "manual"]

_E: Literal["error"] = "error"
_W: Literal["warning"] = "warning"
_H: Literal["hint"] = "hint"

CODES: dict[str, tuple[str, Literal["error", "warning", "hint"]]] = {
    # F: the file as a whole
    "F001": ("cannot-read", _E),
    "F002": ("too-large", _E),
    "F003": ("encoding", _E),
    "F004": ("toml-syntax", _E),
    "F005": ("json-syntax", _E),
    "F006": ("duplicate", _E),
    "F007": ("missing-format", _E),
    "F008": ("wrong-format", _E),
    "F009": ("newer-format", _E),
    "F010": ("too-deep", _E),
    "F011": ("too-many", _E),
    "F012": ("unknown-file-type", _E),
    "F013": ("number-too-long", _E),
    "F014": ("file-exists", _E),
    "F015": ("cannot-write", _E),
    "F016": ("cannot-edit-in-place", _E),
    # K: keys and values
    "K001": ("unknown-key", _E),
    "K002": ("missing-key", _E),
    "K003": ("wrong-type", _E),
    "K004": ("unknown-word", _E),
    "K005": ("bad-id", _E),
    "K006": ("bad-reference", _E),
    "K007": ("bad-name", _E),
    "K008": ("bad-date", _E),
    "K009": ("bad-number", _E),
    "K010": ("empty-text", _E),
    "K011": ("bad-condition", _E),
    "K012": ("kept-key", _W),
    "K013": ("unquoted-reference", _E),
    # R: one part of a file refers to another
    "R001": ("duplicate-id", _E),
    "R002": ("duplicate-reference", _E),
    "R003": ("unknown-scale", _E),
    "R004": ("unknown-grade", _E),
    "R005": ("unknown-reference", _E),
    "R006": ("unknown-framework", _E),
    "R007": ("unknown-source", _E),
    "R008": ("undeclared-word", _E),
    "R009": ("unknown-action-field", _E),
    "R010": ("unknown-reference-set", _E),
    "R011": ("unknown-tag", _E),
    "R012": ("lookalike-references", _W),
    "R013": ("unknown-rule", _E),
    # S: whether a framework is sound
    "S001": ("too-few-grades", _E),
    "S002": ("no-scale", _E),
    "S003": ("framework-without-scale", _H),
    "S004": ("empty-standard", _W),
    "S005": ("no-standards", _E),
    "S006": ("looks-forward", _E),
    "S007": ("selects-nothing", _E),
    "S008": ("other-scale", _E),
    "S009": ("weights-do-not-add-up", _E),
    "S010": ("unused-scale", _W),
    "S011": ("weight-missing", _E),
    "S012": ("nothing-below", _W),
    "S013": ("descriptor-missing", _H),
    "S014": ("ambiguous-code", _E),
    "S015": ("count-differs", _H),
    "S016": ("no-provenance", _H),
    "S017": ("documented-without-source", _W),
    "S018": ("key-does-not-fit", _E),
    "S019": ("no-options", _E),
    "S020": ("limits-reversed", _E),
    "S021": ("never-demanded", _W),
    "S022": ("needed-and-invited", _W),
    "S023": ("unknown-evidence-field", _E),
    "S024": ("same-colour", _W),
    "S025": ("same-text", _W),
    "S026": ("dates-reversed", _E),
    "S027": ("reserved-role", _E),
    "S028": ("alternative-weights", _E),
    "S029": ("points-out-of-order", _W),
    "S030": ("out-of-order", _H),
    "S031": ("target-below-minimum", _H),
    "S032": ("board-receives-nothing", _W),
    "S033": ("due-date-unclear", _E),
    # J: rules ("judgements")
    "J001": ("unknown-operator", _E),
    "J002": ("unknown-step", _E),
    "J003": ("does-not-fit", _E),
    "J004": ("no-number", _E),
    "J005": ("weights-do-not-add-up", _E),
    "J006": ("bad-bands", _E),
    "J007": ("no-otherwise", _E),
    "J008": ("two-readings", _E),
    "J009": ("looks-at-nothing", _E),
    "J010": ("empty-does-not-fit", _E),
    "J011": ("absence-not-declared", _H),
    "J012": ("outside-any-group", _E),
    "J013": ("unknown-law", _E),
    "J014": ("unknown-level", _E),
    "J015": ("unknown-side", _E),
    "J016": ("sections-may-be-empty", _H),
    "J017": ("not-used", _H),
    "J018": ("band-out-of-reach", _W),
    # O: overlays
    "O001": ("still-needed", _E),
    "O002": ("overlay-loop", _E),
    "O003": ("change-without-effect", _W),
    "O004": ("removed-and-changed", _E),
    # A: assessments
    "A001": ("unanswered", _W),
    "A002": ("wrong-grade", _E),
    "A003": ("evidence-missing", _E),
    "A004": ("reason-missing", _E),
    "A005": ("alternative-missing", _W),
    "A006": ("action-missing", _E),
    "A007": ("action-incomplete", _E),
    "A008": ("not-applicable-not-allowed", _E),
    "A009": ("no-such-statement", _E),
    "A010": ("answer-out-of-scope", _W),
    "A011": ("scope-unsettled", _E),
    "A012": ("contradictory-answer", _E),
    "A013": ("unknown-role", _E),
    "A014": ("value-does-not-fit", _E),
    "A015": ("unknown-status", _E),
    "A016": ("advised", _W),
    "A017": ("worth-a-look", _H),
    "A018": ("unknown-criterion", _E),
    "A019": ("weights-not-allowed", _E),
    "A020": ("unknown-action-key", _E),
    "A021": ("attachment-not-wanted", _W),
    "A022": ("time-limit", _W),
    "A023": ("spotlight", _W),
    "A024": ("override-not-allowed", _E),
    # C: the catalogue
    "C001": ("duplicate-framework", _E),
    "C002": ("broken-plug-in", _W),
    "C003": ("misplaced", _E),
}


def manual(code: str) -> str:
    """The manual page of a code, as Markdown. `KeyError` if there is no such code.

    >>> manual("R003").splitlines()[0]
    '# R003 unknown-scale (error)'
    """
    slug, severity = CODES[code]
    body = (files("s11kit.errors") / "manual" / f"{code}.md").read_text(encoding="utf-8")
    return f"# {code} {slug} ({severity})\n\n{body}"
