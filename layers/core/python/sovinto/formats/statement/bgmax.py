"""BgMax: what came in through Bankgirot in Sweden. Each deposit (TK05 to TK15) is one statement.

Source: Bankgirot, Bankgiro Inbetalningar, Technical manual (November 2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sovinto.errors import FormatRefused
from sovinto.formats.statement.bgmax_deposit import ClosedDeposit, Counts, Deposit
from sovinto.formats.statement.fixed_lines import ByteSource, Line, day_in, number_in, text_lines
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Part


def is_bgmax(head: bytes) -> bool:
    """True for a file that begins with the opening record of BgMax."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"01BGMAX")


def bgmax_parts(stream: ByteSource) -> Iterator[Part]:
    """The file as a stream of parts. Raises FormatRefused for a test file or one that is not text."""
    reader = _File()
    for line in text_lines(stream):
        yield from reader.take(line)
    yield from reader.finish()


@dataclass(slots=True)
class _File:
    """Reads line by line and counts what the final record must confirm."""

    created_on: date | None = None
    deposit: Deposit | None = None
    is_closed: bool = False
    counts: Counts = field(default_factory=Counts)
    keys: EntryKeys = field(default_factory=EntryKeys)

    def take(self, line: Line) -> Iterator[Part]:
        kind = line.text[:2]
        if self.is_closed:
            yield Problem("control_count", "something follows the final record (TK70)", _place(line))
        elif kind == "01":
            self._open(line)
        elif kind == "05":
            yield from self._abandoned()
            self._begin(line)
        elif kind == "15":
            yield from self._deposited(line)
        elif kind == "70":
            yield from self._close(line)
        elif self.deposit is None:
            yield Problem("control_count", f"record {kind!r} stands outside any deposit", _place(line))
        else:
            self.deposit.keep(line)

    def finish(self) -> Iterator[Part]:
        yield from self._abandoned()
        if not self.is_closed:
            message = "the final record (TK70) is missing; the file was cut off"
            yield Problem("control_count", message, "file")
        elif not self.counts.deposits:
            # Bankgirot sends empty files on days without payments; TK70 has confirmed that it is empty.
            yield Problem("nothing_paid", "no payments came in", "file")

    def _open(self, line: Line) -> None:
        if line.text[44:45] == "T":
            raise FormatRefused("file is a test file of Bankgirot (marked T); no money came in with it")
        self.created_on = day_in(line.text[24:32], "YYYYMMDD")

    def _begin(self, line: Line) -> None:
        text = line.text
        self.counts.deposits += 1
        self.deposit = Deposit(
            account=text[2:12].strip().lstrip("0") or text[12:22].strip().lstrip("0"),
            currency=text[22:25],
            number=self.counts.deposits,
        )

    def _abandoned(self) -> Iterator[Part]:
        """A deposit without TK15 has no day and no sum: what is in it is shown, but never posted."""
        if self.deposit is not None:
            message = "the closing record of the deposit (TK15) is missing"
            yield Problem("control_count", message, self.deposit.name)
            yield from self._read(self.deposit, "")

    def _deposited(self, line: Line) -> Iterator[Part]:
        if self.deposit is None:
            message = "a closing record (TK15) without its deposit (TK05)"
            yield Problem("control_count", message, _place(line))
        else:
            yield from self._read(self.deposit, line.text)

    def _read(self, deposit: Deposit, closing: str) -> Iterator[Part]:
        self.deposit = None
        with deposit.waiting:
            yield from ClosedDeposit(deposit, closing, self.created_on, self.keys, self.counts).parts()

    def _close(self, line: Line) -> Iterator[Part]:
        yield from self._abandoned()
        self.is_closed = True
        counts = self.counts
        found = {
            "payments": counts.payments,
            "deductions": counts.deductions,
            "extra references": counts.extras,
            "deposits": counts.deposits,
        }
        for place, (name, count) in enumerate(found.items()):
            stated = number_in(line.text[2 + 8 * place : 10 + 8 * place])
            if stated != count:
                message = f"the final record states {stated} {name}, but {count} are in the file"
                yield Problem("control_count", message, "TK70")


def _place(line: Line) -> str:
    return f"line {line.number}"
