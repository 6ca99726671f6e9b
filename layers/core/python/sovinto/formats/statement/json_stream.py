"""The JSON shape of a bank file, written while it is read: a file of any length in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, TextIO

from sovinto.formats.statement.json_shape import Totals, entry_shape, statement_head
from sovinto.formats.statement.model import Problem, StatementEntry
from sovinto.formats.statement.parts import Begun, Ended, Part

_IN_MEMORY = 8 * 1024**2
_CHUNK = 1024**2


def write_json(name: str, parts: Iterable[Part], out: TextIO) -> list[Problem]:
    """Writes the shape of `to_json` when the file is read to its end, and gives its problems.

    Nothing is written where the file is refused on the way.
    """
    with _spool() as statements:
        report = _Report(statements)
        for part in parts:
            report.take(part)
        out.write(f'{{"format": {_text(name)},\n"statements": [')
        _copy(statements, out)
        out.write(f'],\n"totals": {_text(report.totals.shape())},\n')
        out.write(f'"problems": {_text([asdict(problem) for problem in report.problems])}}}\n')
    return report.problems


def refused_json(message: str) -> str:
    """The same shape for a file that cannot be read at all: no format, no statement, and the reason."""
    problem = Problem("unreadable", message, "")
    nothing: dict[str, object] = {"format": None, "statements": [], "totals": Totals().shape()}
    return _text({**nothing, "problems": [asdict(problem)]})


def _spool() -> IO[str]:
    return SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8", newline="")


@dataclass(slots=True)
class _Report:
    """The balances stand before the entries but come after them, so the entries wait in a file."""

    out: IO[str]
    totals: Totals = field(default_factory=Totals)
    problems: list[Problem] = field(default_factory=list)
    begun: Begun | None = None
    entries: IO[str] = field(default_factory=_spool)
    between: str = "\n"

    def take(self, part: Part) -> None:
        match part:
            case StatementEntry():
                self.totals.add(part)
                self.entries.write(",\n" if self.entries.tell() else "\n")
                self.entries.write(_text(entry_shape(part)))
            case Problem():
                self.problems.append(part)
            case Begun():
                self.begun = part
            case Ended():
                if self.begun:
                    self._close(self.begun, part)

    def _close(self, begun: Begun, ended: Ended) -> None:
        head = statement_head(begun.account, begun.currency, ended.opening, ended.closing)
        self.out.write(f'{self.between}{_text(head)[:-1]}, "entries": [')
        _copy(self.entries, self.out)
        self.out.write("]}")
        self.entries.close()
        self.entries, self.begun, self.between = _spool(), None, ",\n"


def _copy(source: IO[str], target: IO[str] | TextIO) -> None:
    source.seek(0)
    while text := source.read(_CHUNK):
        target.write(text)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
