"""The command as a process of its own: encodings, a reader that goes away, and what is not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import click
import pytest

from s11kit.cli import main, run

FRAMEWORK = "cambridgeshire-peterborough@2017-19"


def command(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    options: dict[str, Any] = {"env": {**os.environ, "COLUMNS": "80", **env}}
    return subprocess.run([sys.executable, "-m", "s11kit", *args], capture_output=True, check=False, timeout=60, **options)


def test_a_console_without_unicode() -> None:
    """On a console that knows few characters, everything is printed all the same."""
    result = command("demo", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"Total All Areas" in result.stdout


def test_data_is_always_utf8() -> None:
    """JSON is UTF-8, whatever the system prefers."""
    result = command("show", FRAMEWORK, "--json", PYTHONIOENCODING="cp1252")
    assert result.stdout.decode("utf-8").startswith("{")


def test_a_reader_that_goes_away() -> None:
    """When the reader of the output goes away, the command ends quietly."""
    args = [sys.executable, "-m", "s11kit", "show", FRAMEWORK, "--json"]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert (process.wait(timeout=60), errors) == (141, b"")


def test_exit_codes_of_the_process() -> None:
    """Sound is 0, problems are 1, wrong use is 2, and none of them is a traceback."""
    found = [command("check", FRAMEWORK), command("show", "nothing@1"), command("lst")]
    assert [result.returncode for result in found] == [0, 1, 2]
    assert not any(b"Traceback" in result.stderr for result in found)


def test_the_library_does_not_need_the_command_line() -> None:
    """Neither click nor rich is imported by the library itself."""
    code = f"import sys, s11kit; s11kit.Catalogue.default().framework('{FRAMEWORK}'); print({{'click', 'rich'}} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert result.stdout.strip() == b"set()"


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (OSError("the disk is gone"), 1), (click.UsageError("no"), 2)])
def test_run_ends_with_a_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: BaseException, code: int) -> None:
    """Whatever happens, the command ends with an exit code and a line on standard error."""

    def fails(**_: object) -> None:
        raise raised

    monkeypatch.setattr(main, "main", fails)
    assert run() == code
    assert capsys.readouterr().err.strip()


def test_run_gives_the_code_of_the_verb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A verb that found problems ends the command with 1, one that did not with 0."""
    codes: list[int] = []
    for name in ("nothing@1", FRAMEWORK):
        monkeypatch.setattr(sys, "argv", ["s11kit", "show", name])
        codes.append(run())
    assert codes == [1, 0]
    assert "R006 unknown-framework" in capsys.readouterr().err
