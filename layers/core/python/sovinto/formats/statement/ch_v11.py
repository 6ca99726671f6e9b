"""V11: payments with an ISR reference (orange slip) in Switzerland, record type 3. Ended in September 2022.

Source: PostFinance, Record descriptions for electronic services, ISR type 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sovinto.domain.money import Money
from sovinto.formats.statement.fixed_lines import ByteSource, Line, day_in, number_in, text_lines
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.single_entries import SinglePayment, build_single_entry

_BEGINNING = re.compile(rb"(?:[0-2][0-9][258]|99[59])[0-9]{9}[0-9]{27}[0-9]{10}")
_RECORD = 100
_TOTALS = ("999", "995")
_CANCELLED = "5"
_EURO_PREFIXES = ("03", "31")


def is_v11(head: bytes) -> bool:
    """True where the first line is a record of 100 signs with the digits of an ISR payment."""
    first = head.split(b"\n", 1)[0].rstrip(b"\r")
    return len(first) == _RECORD and _BEGINNING.match(first) is not None


def v11_parts(stream: ByteSource) -> Iterator[Part]:
    """The file as a stream of parts, one statement per participant number."""
    reader = _File()
    for line in text_lines(stream):
        yield from reader.take(line)
    yield from reader.finish()


@dataclass(slots=True)
class _File:
    """`participant` is the one whose payments are being read, empty before and between them."""

    participant: str = ""
    count: int = 0
    minor: int = 0
    keys: EntryKeys = field(default_factory=EntryKeys)

    @property
    def currency(self) -> str:
        return "EUR" if self.participant.startswith(_EURO_PREFIXES) else "CHF"

    def take(self, line: Line) -> Iterator[Part]:
        text = line.text
        if text[:3] in _TOTALS:
            yield from self._total(text, line)
            return
        if text[3:12] != self.participant:
            yield from self._unclosed()
            yield from self._begin(text)
        yield from self._payment(text, f"line {line.number}")

    def finish(self) -> Iterator[Part]:
        yield from self._unclosed()

    def _begin(self, text: str) -> Iterator[Part]:
        self.participant, self.count, self.minor = text[3:12], 0, 0
        self.keys = EntryKeys(self.participant, text[65:71])
        yield Begun(text[65:71], None, self.participant, self.currency)

    def _payment(self, text: str, where: str) -> Iterator[Part]:
        minor, credited_on = number_in(text[39:49]), day_in(text[71:77], "YYMMDD")
        is_cancelled = text[2] == _CANCELLED
        signed = -(minor or 0) if is_cancelled else minor or 0
        self.count += 1
        self.minor += signed
        if minor is None:
            yield Problem("amount_invalid", f"{text[39:49]!r} is not an amount", where)
        if credited_on is None:
            yield Problem("date_invalid", f"{text[71:77]!r} is not a day", where)
        reference, film = text[12:39].strip(), text[77:86].strip("0 ")
        payment = SinglePayment(
            amount=Money(signed, self.currency),
            booked_on=credited_on,
            # The payer is free from the day on which the money was paid in at the counter or bank.
            value_on=day_in(text[59:65], "YYMMDD") or credited_on,
            references=(reference,) if reference.strip("0") else (),
            identity=(text[:3], reference, text[49:59].strip(), film),
            is_reversal=is_cancelled,
            bank_reference=film or None,
        )
        yield build_single_entry(payment, self.keys)

    def _total(self, text: str, line: Line) -> Iterator[Part]:
        where = f"line {line.number}"
        if text[3:12] != self.participant:
            yield Problem("control_count", "a total record that belongs to no payments", where)
            return
        yield Ended(None, None)
        stated, count = number_in(text[39:51]), number_in(text[51:63])
        if stated != abs(self.minor):
            found = Money(self.minor, self.currency).decimal()
            told = "nothing" if stated is None else Money(stated, self.currency).decimal()
            message = f"the total record states {told}, but the payments come to {found}"
            yield Problem("control_sum", message, where)
        if count != self.count:
            message = f"the total record states {count} payments, but {self.count} precede it"
            yield Problem("control_count", message, where)
        self.participant = ""

    def _unclosed(self) -> Iterator[Part]:
        if self.participant:
            yield Ended(None, None)
            yield Problem("control_count", "the total record (999) is missing", self.participant)
