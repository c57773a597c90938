"""The `s11kit` command. Without the extra that it needs, it says how to get it."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line."""
    try:
        from s11kit.cli import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in ("click", "rich"):
            raise
        print(f's11kit: the command line needs {missing.name}; install it with: pip install "s11kit[cli]"', file=sys.stderr)
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
