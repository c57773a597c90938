"""The command line: reading, calling, printing, exit codes; no logic."""

from __future__ import annotations

import importlib.metadata
import io
import sys

import click

from s11kit.cli.answering import answer
from s11kit.cli.checks import check_
from s11kit.cli.common import Verbs, reader_gone
from s11kit.cli.demo import demo
from s11kit.cli.explain import explain, schema
from s11kit.cli.laws import laws
from s11kit.cli.listing import list_
from s11kit.cli.new import new
from s11kit.cli.plans import plan_
from s11kit.cli.proofs import prove_
from s11kit.cli.ruling import rule_
from s11kit.cli.scores import score_
from s11kit.cli.setting import set_
from s11kit.cli.show import show

__all__ = ["main", "run"]

INTERRUPTED = 130


def _version() -> str:
    try:
        return importlib.metadata.version("s11kit")
    except importlib.metadata.PackageNotFoundError:
        return "unknown (not installed)"


@click.group(
    cls=Verbs,
    examples=("s11kit demo", "s11kit check our-assessment.toml"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(_version(), prog_name="s11kit")
def main() -> None:
    """Safeguarding self-assessments under section 11 of the Children Act 2004: define, answer, check, score, plan, prove.

    Begin with 's11kit demo'. Every verb explains itself: 's11kit VERB --help'.

    Exit codes: 0 sound, 1 problems found, 2 wrong use, 3 undecided within the budget.
    """


for _verb in (demo, list_, show, new, answer, set_, check_, score_, plan_, prove_, rule_, laws, explain, schema):
    main.add_command(_verb)


def run() -> int:
    """Run the command line, and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        result = main.main(prog_name="s11kit", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ns11kit: stopped", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        reader_gone()
    except OSError as error:
        click.echo(f"s11kit: {error}", err=True)
        return 1
    return result if isinstance(result, int) else 0
