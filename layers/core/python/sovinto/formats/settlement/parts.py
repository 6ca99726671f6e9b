"""A settlement report in the shape of a statement: the provider holds an account for us per currency."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.settlement import adyen, paypal
from sovinto.formats.settlement.adyen import read_adyen
from sovinto.formats.settlement.columns import resembles
from sovinto.formats.settlement.model import SettlementLine, SettlementReport
from sovinto.formats.settlement.paypal import read_paypal
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, StatementEntry, StatementTransaction
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.sheet.reader import open_sheet, whole


def adyen_parts(stream: ByteSource) -> Iterator[Part]:
    """An Adyen settlement details report as parts. Raises FormatRefused for a damaged header."""
    yield from report_parts(read_adyen(stream))


def paypal_parts(stream: ByteSource) -> Iterator[Part]:
    """A PayPal download as parts. Raises FormatRefused for a damaged header."""
    yield from report_parts(read_paypal(stream))


def open_table(stream: ByteSource) -> tuple[str, Iterator[Part]]:
    """Any CSV or XLSX file: the report of a provider, or else the sheet of a bank.

    The name of the format and the parts. Raises FormatRefused for a sheet that is none of them.
    """
    data = whole(stream)
    report = _report(data)
    return open_sheet(data) if report is None else (report.format, report_parts(report))


def open_report(stream: ByteSource) -> SettlementReport:
    """The report of a provider, recognised by its header.

    Raises FormatRefused for a damaged header, and for a file that no provider we know writes.
    """
    report = _report(whole(stream))
    if report is None:
        raise FormatRefused("the file is no report of a provider: we read those of Adyen and PayPal")
    return report


def _report(data: bytes) -> SettlementReport | None:
    for columns, read in ((adyen.COLUMNS, adyen.read_adyen), (paypal.COLUMNS, paypal.read_paypal)):
        if resembles(data, columns):
            return read(BytesIO(data))
    return None


def report_parts(report: SettlementReport) -> Iterator[Part]:
    """One statement per currency; each entry is a net with its gross and its fee as transactions."""
    balances = {opening.currency: (opening, closing) for opening, closing in report.balances}
    for currency in report.currencies():
        keys = EntryKeys(account=f"{report.format} {report.account}", statement_id=currency)
        yield Begun(f"{report.account} {currency}", None, report.account, currency)
        for line in report.lines:
            if line.net.currency == currency:
                yield _entry(line, keys)
        yield Ended(*balances.get(currency, (None, None)))
    yield from report.problems


def _entry(line: SettlementLine, keys: EntryKeys) -> StatementEntry:
    on = line.happened_on.isoformat() if line.happened_on else ""
    identity = (on, str(line.net.minor), line.word, line.related or "", line.batch or "")
    key = keys.next(line.reference, identity)
    references = (line.our_reference,) if line.our_reference else ()
    amounts = [(line.net - line.fee, line.gross)] if line.net != line.fee or not line.fee else []
    amounts += [(line.fee, None)] if line.fee else []
    return StatementEntry(
        entry_key=key,
        booked_on=line.happened_on,
        value_on=line.happened_on,
        amount=line.net,
        status=BOOKED if line.is_final else "PDNG",
        is_reversal=False,
        reference=line.our_reference,
        references=references,
        end_to_end_id=None,
        counterparty=line.counterparty,
        text=line.word,
        bank_reference=line.reference,
        transactions=tuple(
            _transaction(line, transaction_key(key, place), amount, original)
            for place, (amount, original) in enumerate(amounts)
        ),
    )


def _transaction(
    line: SettlementLine, key: str, amount: Money, original: Money | None
) -> StatementTransaction:
    """The gross carries the reference of the payer; a fee is ours and carries none."""
    is_fee = bool(line.fee) and amount == line.fee and original is None
    foreign = original if original is not None and original.currency != amount.currency else None
    return StatementTransaction(
        key=key,
        amount=amount,
        original=foreign,
        references=(line.our_reference,) if line.our_reference and not is_fee else (),
        end_to_end_id=None,
        counterparty=None if is_fee else line.counterparty,
        counterparty_account=None,
        text=f"{line.word}: fee" if is_fee else line.word,
        bank_reference=line.reference,
        return_reason=None,
    )
