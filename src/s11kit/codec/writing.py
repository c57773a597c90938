"""Writing files: never half of one, never over another without being told to."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli_w

from s11kit.errors import InvalidFile, Place, Problem

__all__ = ["json_text", "toml_text", "write_text"]


def toml_text(data: dict[str, Any]) -> str:
    """Plain data as TOML; long texts get a line per line."""
    return tomli_w.dumps(data, multiline_strings=True)


def json_text(data: Any) -> str:
    """Plain data as JSON. Dates are written year first, exact numbers as numbers where JSON readers keep them, else as text."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=_json_default) + "\n"


def _json_default(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat()  # type: ignore[attr-defined]


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool) -> None:
    """Write a whole file or nothing: into a temporary file beside it, which then takes its place.

    `InvalidFile` if there is a file already and `overwrite` is false, or if it cannot be written.
    """
    target = Path(path)
    try:
        if target.exists() and not overwrite:
            place = Place(file=str(path))
            raise InvalidFile([Problem(code="F014", message="there is a file of this name already", hint="choose another name, or allow it to be replaced", place=place)])
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            with contextlib.suppress(OSError):
                os.chmod(temporary, target.stat().st_mode if target.exists() else 0o644)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InvalidFile([Problem(code="F015", message=f"this file cannot be written: {reason}", place=Place(file=str(path)))]) from None
