"""Finnish incoming reference payments, KTL (saapuvat viitemaksut), and direct debits in the same file.

Source: Finance Finland (Finanssiala ry), Saapuvat viitemaksut, palvelukuvaus; records 0, 3, 5 and 9 of 90
characters. It has no balances; record 9 counts and adds up what came before. A payment gets a record 3 by
its reference, which the banks check when it is paid; without a right one it is no reference payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.fixed_lines import ByteSource, Line, day_in, number_in
from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, Problem, StatementEntry, StatementTransaction
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.tito.finnish_text import finnish_lines, reference_in, words

# A direct debit that the payer's bank did not carry out: told, but no money.
REJECTED = "RJCT"

# Day and time are real and the line is no longer than its record: the Swiss V11 begins alike otherwise.
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*0[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-4])[0-5][0-9]"
    rb"[0-9 ]{11}[01 ][^\r\n]{0,67}\r?\n(?:[35].{14}[0-9]{12}|9[0-9]{34})"
)
_REFERENCE_PAYMENT = "3"
_EURO = "1"
_DONE = {"", "0"}
_SUM = re.compile(r"9([0-9]{6})([0-9]{11})([0-9]{6})([0-9]{11})(?:([0-9]{6})([0-9]{11}))?.*")


def is_ktl(head: bytes) -> bool:
    """Record 0 with day, time, bank and biller, then a payment or the sums; 200 bytes are enough."""
    return _BEGINNING.match(head) is not None


def ktl_parts(stream: ByteSource) -> Iterator[Part]:
    """Every payment, with a statement for each account in turn.

    Raises FormatRefused for what is no KTL file. Without its record 9 the file was cut short and is held.
    """
    batch: _Batch | None = None
    for line in finnish_lines(stream):
        kind = line.text[0]
        if kind == "0" and batch is None:
            batch = _Batch(line.text[1:11])
        elif batch is None or kind not in "359":
            rule = "0" if batch is None else "3, 5 or 9"
            raise FormatRefused(
                f"line {line.number} begins with {kind!r}, where record {rule} belongs; "
                "send the file as the bank delivered it"
            )
        elif kind == "9":
            yield from batch.finish(line)
            batch = None
        else:
            yield from batch.read(line)
    if batch:
        yield from batch.cut_short()


@dataclass(slots=True)
class _Figures:
    count: int = 0
    minor: int = 0


@dataclass(slots=True)
class _Batch:
    """From record 0 to record 9. `written` is its day and time, and names its statements."""

    written: str
    account: str | None = None
    rows: int = 0
    keys: EntryKeys = field(default_factory=EntryKeys)
    payments: _Figures = field(default_factory=_Figures)
    corrections: _Figures = field(default_factory=_Figures)
    rejected: _Figures = field(default_factory=_Figures)

    def read(self, line: Line) -> Iterator[Part]:
        """Record 3 or 5."""
        self.rows += 1
        account = line.text[1:15].strip()
        if account != self.account:
            yield from self._end_account()
            self.account = account
            self.keys = EntryKeys(account, self.written)
            yield Begun(self.written, day_in(self.written[:6], "YYMMDD"), account, "EUR")
        try:
            entry = _entry(line.text, self.keys)
        except Doubt as doubt:
            yield self._problem(doubt, f"row {self.rows}")
            return
        self._add(entry)
        yield entry

    def finish(self, line: Line) -> Iterator[Part]:
        """Record 9 against all rows before it."""
        yield from self._end_account()
        match = _SUM.fullmatch(line.text)
        if match is None:
            raise FormatRefused(f"record 9 in line {line.number} has no counts and sums in digits")
        stated = [int(group or "0") for group in match.groups()]
        sides = (
            ("payments", self.payments),
            ("corrections", self.corrections),
            ("rejections", self.rejected),
        )
        for place, (name, found) in enumerate(sides):
            count, minor = stated[2 * place : 2 * place + 2]
            for doubt in _differences(name, count, minor, found):
                yield self._problem(doubt, "record 9")

    def cut_short(self) -> Iterator[Part]:
        yield from self._end_account()
        message = "record 9 with the sums is missing; the file was cut short, ask the bank to send it again"
        yield self._problem(Doubt("control_count", message), "record 9")

    def _end_account(self) -> Iterator[Part]:
        if self.account is not None:
            yield Ended(None, None)
        self.account = None

    def _add(self, entry: StatementEntry) -> None:
        figures = self.corrections if entry.is_reversal else self.payments
        figures = figures if entry.is_postable else self.rejected
        figures.count += 1
        figures.minor += abs(entry.amount.minor)

    def _problem(self, doubt: Doubt, where: str) -> Problem:
        return Problem(doubt.code, doubt.message, f"{self.written}/{where}")


def _differences(name: str, count: int, minor: int, found: _Figures) -> Iterator[Doubt]:
    if count != found.count:
        yield Doubt("control_count", f"record 9 counts {count} {name}, but {found.count} are given")
    if minor != found.minor:
        stated, sums = Money(minor, "EUR").decimal(), Money(found.minor, "EUR").decimal()
        yield Doubt("control_sum", f"record 9 has {name} of {stated}, but the rows come to {sums}")


def _entry(text: str, keys: EntryKeys) -> StatementEntry:
    """Raises Doubt for an amount, currency, direction or day that cannot be read."""
    amount, is_correction = _amount(text)
    result = text[89:90].strip()
    is_done = text[0] == "3" or result in _DONE
    archive, reference, payer = words(text[27:43]), reference_in(text[43:63]), words(text[63:75])
    references = (reference,) if reference else ()
    key = keys.next(archive, tuple(text[:90].split()))
    transaction = StatementTransaction(
        key=transaction_key(key, 0),
        amount=amount,
        original=None,
        references=references,
        end_to_end_id=None,
        counterparty=payer,
        counterparty_account=None,
        text=None,
        bank_reference=archive,
        return_reason=None if is_done else result,
        is_checked=text[0] == _REFERENCE_PAYMENT and reference is not None,
    )
    return StatementEntry(
        entry_key=key,
        booked_on=_day(text[15:21]),
        value_on=_day(text[21:27]),
        amount=amount,
        status=BOOKED if is_done else REJECTED,
        is_reversal=is_correction,
        reference=reference,
        references=references,
        end_to_end_id=None,
        counterparty=payer,
        text=None,
        bank_reference=archive,
        transactions=(transaction,),
    )


def _amount(text: str) -> tuple[Money, bool]:
    """A correction takes an earlier payment back, so it is money out."""
    minor = number_in(text[77:87])
    if minor is None or len(text[77:87]) != 10:
        raise Doubt("amount_invalid", f"amount {text[77:87]!r} in columns 78 to 87 is not ten digits")
    if text[75] != _EURO:
        raise Doubt("currency_invalid", f"currency code {text[75]!r} in column 76 is not 1 (euro)")
    if text[87:88] not in {"0", "1"}:
        raise Doubt("direction_invalid", f"correction code {text[87:88]!r} in column 88 is neither 0 nor 1")
    is_correction = text[87] == "1"
    return Money(-minor if is_correction else minor, "EUR"), is_correction


def _day(text: str) -> date:
    on = day_in(text, "YYMMDD")
    if on is None:
        raise Doubt("date_invalid", f"date {text!r} is not a day such as 260131")
    return on
