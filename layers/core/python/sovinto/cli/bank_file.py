"""`sovinto statement FILE`: what we read in a bank file, before anything of it is posted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sovinto.cli.statement_words import lines_of
from sovinto.errors import FormatRefused, InvalidInput
from sovinto.formats.statement import (
    Problem,
    StatementEntry,
    StatementStream,
    Totals,
    open_statement,
    refused_json,
    write_json,
)
from sovinto.formats.statement.model import HOLDING

_STANDARD_INPUT = "-"


def add_to(commands: Any) -> None:
    statement = commands.add_parser("statement", help="read a bank file; 1 when it must be held")
    statement.add_argument(
        "file", metavar="FILE", help="a bank file in any format we read, or - for standard input"
    )
    statement.add_argument("--json", action="store_true", help="for machines")
    statement.set_defaults(run=run_statement)


def run_statement(options: argparse.Namespace) -> int:
    """1 where the file contradicts itself: then nothing of it would be posted.

    Raises FormatRefused for what cannot be read, InvalidInput for what is not there.
    """
    with opened(options.file) as source:
        problems = _json(source) if options.json else _table(open_statement(source))
    for problem in problems:
        print(f"{problem.where}: {problem.message}" if problem.where else problem.message, file=sys.stderr)
    return 1 if any(problem.code in HOLDING for problem in problems) else 0


def _json(source: BinaryIO) -> list[Problem]:
    """A machine finds the reason on standard output too. Raises FormatRefused after it was written."""
    try:
        stream = open_statement(source)
        return write_json(stream.format, stream.parts, sys.stdout)
    except FormatRefused as refusal:
        print(refused_json(refusal.message))
        raise


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file of that name, or standard input. Raises InvalidInput for what is not there."""
    if name == _STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.is_file():
        raise InvalidInput(f"FILE {path} is not there or not a file; check the name", field="file")
    with path.open("rb") as source:
        yield source


def _table(stream: StatementStream) -> list[Problem]:
    """Prints as it reads, so that a long file is no long wait."""
    totals, problems = Totals(), []
    print(stream.format)
    for part in stream.parts:
        if isinstance(part, Problem):
            problems.append(part)
        elif isinstance(part, StatementEntry):
            totals.add(part)
        print(*lines_of(part), sep="\n", end="")
    found = totals.shape()
    print(
        f"{found['entries']} entries, {found['transactions']} transactions, "
        f"credits {found['credits'] or 'mixed'}, debits {found['debits'] or 'mixed'}"
    )
    return problems
