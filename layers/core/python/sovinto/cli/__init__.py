"""The command line: data on standard output, progress on standard error.

Exit codes: 0 done, 1 refused with a reason, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sovinto.cli import (
    accounting,
    bank_file,
    cases,
    debt,
    files,
    held,
    local,
    orders,
    packs,
    prove,
    reference,
    settlement,
    suspense,
    timeline,
)
from sovinto.cli.asked import CommandParser
from sovinto.errors import SovintoError


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options; also what the reference page is made from."""
    parser = CommandParser(
        allow_abbrev=False,
        prog="sovinto",
        description="Amicable debt collection: run it here, look at files and law, move its clock.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (
        debt,
        reference,
        packs,
        files,
        bank_file,
        settlement,
        timeline,
        cases,
        suspense,
        held,
        orders,
        prove,
        accounting,
        local,
    ):
        group.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point of `sovinto`."""
    try:
        options = build_parser().parse_args(arguments)
        return int(options.run(options))
    except SovintoError as refusal:
        print(f"sovinto: {refusal.message}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def run() -> None:
    raise SystemExit(main())
