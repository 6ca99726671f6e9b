"""OCR giro: payments with KID that came in through Nets (now Mastercard Payment Services) in Norway.

Source: Nets, OCR giro, System specification (record types NY00 and NY09).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement.fixed_lines import ByteSource, Line, day_in, number_in, text_lines
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.single_entries import SinglePayment, build_single_entry

_CURRENCY = "NOK"
_OCR, _AVTALEGIRO, _FRAME = "09", "21", "00"
_STANDING_ORDERS = "24"
# Transaction types: a reversal of a card purchase, with KID and with free text.
_REVERSALS = ("18", "20")
# Money in with a KID, which the payer's bank checks by the payee's agreement; 21 has free text.
_WITH_KID = ("10", "11", "12", "13", "14", "15", "16", "17", "19")


def is_ocr_giro(head: bytes) -> bool:
    """True for a transmission of Nets, whatever service it is for."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"NY0000")


def ocr_giro_parts(stream: ByteSource) -> Iterator[Part]:
    """The transmission as a stream of parts, one statement per assignment.

    Raises FormatRefused for payment requests (AvtaleGiro), which tell of no money that came in.
    """
    reader = _Transmission()
    for line in text_lines(stream):
        yield from reader.take(line)
    yield from reader.finish()


@dataclass(slots=True)
class _Item:
    """Amount items 1 to 3 (records 30, 31 and 32) of one transaction."""

    kind: str
    number: str
    settled_on: date | None
    minor: int | None
    settlement: str
    kid: str
    paid_on: date | None = None
    payer: str | None = None
    archive: str | None = None
    texts: list[str] = field(default_factory=list)

    def giro(self) -> SinglePayment:
        return SinglePayment(
            amount=Money(self.minor or 0, _CURRENCY),
            booked_on=self.settled_on,
            # The payer is free from the day on which the payer's bank took the money.
            value_on=self.paid_on or self.settled_on,
            references=(self.kid,) if self.kid else (),
            identity=(self.kind, self.number, self.settlement, self.kid, self.archive or ""),
            is_reversal=self.kind in _REVERSALS,
            counterparty_account=self.payer,
            text=" ".join(self.texts) or None,
            bank_reference=self.archive,
            is_checked=bool(self.kid) and self.kind in _WITH_KID,
        )


@dataclass(slots=True)
class _Totals:
    """Transactions, records and net minor units, of an assignment or of the whole transmission."""

    items: int = 0
    records: int = 0
    minor: int = 0

    def doubts(self, text: str, name: str) -> Iterator[Problem]:
        stated = [number_in(text[8:16]), number_in(text[16:24]), number_in(text[24:41])]
        for what, told, found in zip(
            ("transactions", "records"), stated[:2], (self.items, self.records), strict=True
        ):
            if told != found:
                message = f"the end record states {told} {what}, but {found} are in it"
                yield Problem("control_count", message, name)
        # The field has no sign, so a net payment back stands there as if it were one in.
        if stated[2] != abs(self.minor):
            found_sum = Money(self.minor, _CURRENCY).decimal()
            told_sum = "nothing" if stated[2] is None else Money(stated[2], _CURRENCY).decimal()
            message = f"the end record states {told_sum}, but the transactions come to {found_sum}"
            yield Problem("control_sum", message, name)


@dataclass(slots=True)
class _Transmission:
    """Reads line by line; `name` is the assignment that is open, empty between assignments."""

    item: _Item | None = None
    name: str = ""
    is_closed: bool = False
    assignments: int = 0
    whole: _Totals = field(default_factory=_Totals)
    part: _Totals = field(default_factory=_Totals)
    keys: EntryKeys = field(default_factory=EntryKeys)

    def take(self, line: Line) -> Iterator[Part]:
        text = line.text
        if not text.startswith("NY") or self.is_closed:
            yield Problem("control_count", "a line that is no part of the transmission", _place(line))
            return
        self.whole.records += 1
        service, record = text[2:4], text[6:8]
        if service == _AVTALEGIRO:
            self._standing_orders(text, record)
            return
        self.part.records += 1
        reader = _READERS.get((service, record))
        if reader is None:
            yield Problem("record_unknown", f"record NY{service}..{record} was passed over", _place(line))
        else:
            yield from reader(self, line)

    def finish(self) -> Iterator[Part]:
        yield from self._abandoned()
        if not self.is_closed:
            yield Problem(
                "control_count", "the end record (NY000089) is missing; the file was cut off", "file"
            )
        elif not self.assignments:
            yield Problem("nothing_paid", "no payments came in", "file")

    def _standing_orders(self, text: str, record: str) -> None:
        """Notices of standing orders may come along; requests for payment are another kind of file."""
        if record == "20" and text[4:6] != _STANDING_ORDERS:
            raise FormatRefused(
                "file is an AvtaleGiro payment request: it asks for money and tells of none that came in; "
                "send the OCR giro file that the bank delivers after settlement"
            )
        self.whole.items += record == "70"

    def opened(self, _line: Line) -> Iterator[Part]:
        """NY000010 tells who sends to whom, which the assignments tell better."""
        yield from ()

    def assignment(self, line: Line) -> Iterator[Part]:
        yield from self._abandoned()
        text = line.text
        account = text[24:35].strip()
        self.assignments += 1
        self.part = _Totals(records=1)
        self.name = f"{text[8:17]}-{text[17:24]}"
        self.keys.account, self.keys.statement_id = account, self.name
        if number_in(account) is None or len(account) != 11:
            yield Problem("account_missing", f"{account!r} is not an account of 11 digits", self.name)
        yield Begun(self.name, None, account, _CURRENCY)

    def first_item(self, line: Line) -> Iterator[Part]:
        yield from self._finished_item()
        text = line.text
        minor = number_in(text[32:49])
        self.item = _Item(
            kind=text[4:6],
            number=text[8:15],
            settled_on=day_in(text[15:21], "DDMMYY"),
            minor=-minor if minor is not None and text[31:32] == "-" else minor,
            settlement=text[21:31],
            kid=text[49:74].strip(),
        )
        self.part.items += 1
        self.part.minor += self.item.minor or 0
        if not self.name:
            yield Problem("control_count", "a transaction stands outside any assignment", _place(line))
        if minor is None:
            yield Problem("amount_invalid", f"{text[32:49]!r} is not an amount", _place(line))
        if self.item.settled_on is None:
            yield Problem("date_invalid", f"{text[15:21]!r} is not a day", _place(line))

    def second_item(self, line: Line) -> Iterator[Part]:
        item, text = self.item, line.text
        if item is None or item.number != text[8:15]:
            yield Problem("control_count", "amount item 2 belongs to no transaction", _place(line))
            return
        item.archive = "-".join(part for part in (text[15:25], text[25:34]) if part.strip("0 ")) or None
        item.paid_on = day_in(text[41:47], "DDMMYY")
        item.payer = text[47:58].strip() if text[47:58].strip("0 ") else None

    def third_item(self, line: Line) -> Iterator[Part]:
        item, text = self.item, line.text
        if item is None or item.number != text[8:15]:
            yield Problem("control_count", "amount item 3 belongs to no transaction", _place(line))
            return
        item.texts.append(" ".join(text[15:55].split()))

    def assignment_ended(self, line: Line) -> Iterator[Part]:
        yield from self._finished_item()
        if not self.name:
            yield Problem("control_count", "an end record (NY0988) without its assignment", _place(line))
            return
        yield Ended(None, None)
        yield from self.part.doubts(line.text, self.name)
        self._add_to_whole()

    def ended(self, line: Line) -> Iterator[Part]:
        yield from self._abandoned()
        self.is_closed = True
        yield from self.whole.doubts(line.text, "file")

    def _abandoned(self) -> Iterator[Part]:
        if self.name:
            yield from self._finished_item()
            yield Ended(None, None)
            yield Problem(
                "control_count", "the end record of the assignment (NY0988) is missing", self.name
            )
            self._add_to_whole()

    def _add_to_whole(self) -> None:
        self.name = ""
        self.whole.items += self.part.items
        self.whole.minor += self.part.minor

    def _finished_item(self) -> Iterator[Part]:
        item, self.item = self.item, None
        if item is not None and self.name:
            yield build_single_entry(item.giro(), self.keys)


def _place(line: Line) -> str:
    return f"line {line.number}"


_READERS: dict[tuple[str, str], Callable[[_Transmission, Line], Iterator[Part]]] = {
    (_FRAME, "10"): _Transmission.opened,
    (_FRAME, "89"): _Transmission.ended,
    (_OCR, "20"): _Transmission.assignment,
    (_OCR, "30"): _Transmission.first_item,
    (_OCR, "31"): _Transmission.second_item,
    (_OCR, "32"): _Transmission.third_item,
    (_OCR, "88"): _Transmission.assignment_ended,
}
