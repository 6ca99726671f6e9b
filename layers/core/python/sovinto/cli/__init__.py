"""The command line: data on standard output, progress on standard error.

Exit codes: 0 done, 1 refused with a reason, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sovinto.cli import files, local
from sovinto.errors import SovintoError


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point of `sovinto`."""
    parser = argparse.ArgumentParser(
        prog="sovinto", description="Amicable debt collection: run it here, look at files, move its clock."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    files.add_to(commands)
    local.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except SovintoError as refusal:
        print(f"sovinto: {refusal.message}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def run() -> None:
    raise SystemExit(main())
