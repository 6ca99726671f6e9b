"""Adyen settlement details report: each payment with its fees, and the payout that empties the batch.

Source: Adyen Docs, Settlement details report (columns, journal types).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.settlement.columns import ReportRow, columns_from, read_report, shows_header
from sovinto.formats.settlement.model import Fee, LineKind, SettlementLine, SettlementReport
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.sheet.days import day_of
from sovinto.formats.statement.sheet.figures import minor_of

FORMAT = "adyen-settlement-details"
_FEES = ("commission", "markup", "scheme_fees", "interchange")
COLUMNS = columns_from(
    "Adyen settlement details",
    {
        "account": "Merchant Account",
        "reference": "Psp Reference",
        "our_reference": "Merchant Reference",
        "created_on": "Creation Date",
        "type": "Type",
        "modification_reference": "Modification Reference",
        "gross_currency": "Gross Currency",
        "gross_debit": "Gross Debit (GC)",
        "gross_credit": "Gross Credit (GC)",
        "exchange_rate": "Exchange Rate",
        "net_currency": "Net Currency",
        "net_debit": "Net Debit (NC)",
        "net_credit": "Net Credit (NC)",
        "commission": "Commission (NC)",
        "markup": "Markup (NC)",
        "scheme_fees": "Scheme Fees (NC)",
        "interchange": "Interchange (NC)",
        "batch": "Batch Number",
    },
    (
        *("account", "reference", "our_reference", "created_on", "type", "batch", "exchange_rate"),
        *("gross_currency", "gross_debit", "gross_credit", "net_currency", "net_debit", "net_credit"),
    ),
)
_KINDS = {
    "settled": LineKind.PAYMENT,
    "refunded": LineKind.REFUND,
    "refundedexternally": LineKind.REFUND,
    "refundedreversed": LineKind.REFUND,
    "chargeback": LineKind.CHARGEBACK,
    "secondchargeback": LineKind.CHARGEBACK,
    "chargebackreversed": LineKind.CHARGEBACK,
    "fee": LineKind.FEE,
    "misccosts": LineKind.FEE,
    "paymentcost": LineKind.FEE,
    "invoicededuction": LineKind.FEE,
    "merchantpayout": LineKind.PAYOUT,
    "balancetransfer": LineKind.TRANSFER,
    "depositcorrection": LineKind.TRANSFER,
    "reserveadjustment": LineKind.HOLD,
}
# A batch is closed by one of these: what is in it was paid out or carried on to the next.
_CLOSING = (LineKind.PAYOUT, LineKind.TRANSFER)


def is_adyen(head: bytes) -> bool:
    """True for text with the header of the report; a workbook shows its header only when it is read."""
    return shows_header(head, COLUMNS, frozenset({"net_currency", "net_debit", "net_credit", "type"}))


def read_adyen(stream: ByteSource) -> SettlementReport:
    """The report with all in which it contradicts itself. Raises FormatRefused for a damaged header."""
    _, rows = read_report(stream, COLUMNS)
    lines: list[SettlementLine] = []
    problems: list[Problem] = []
    for row in rows:
        found = _line(row)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        lines.append(found)
        problems += _line_doubts(found, row)
    if not rows:
        problems.append(Problem("no_statement", "the report has a header but no lines", "report"))
    problems += _batch_doubts(lines)
    account = next((name for row in rows if (name := row.text("account"))), "Adyen")
    return SettlementReport(FORMAT, account, tuple(lines), (), tuple(problems))


def _line(row: ReportRow) -> SettlementLine | Problem:
    word = row.text("type") or ""
    kind = _KINDS.get(word.casefold(), LineKind.OTHER)
    try:
        net = _both(row, "net")
        gross = _both(row, "gross") if row.text("gross_currency") else None
        fees = tuple(
            Fee(name, -_amount(row, name, net.currency)) for name in _FEES if row.value(name) != ""
        )
    except InvalidInput as error:
        return Problem("amount_invalid", error.message, f"row {row.number}")
    return SettlementLine(
        row=row.number,
        kind=kind,
        word=word,
        happened_on=day_of(row.value("created_on"), "DMY"),
        reference=row.text("reference"),
        related=row.text("modification_reference"),
        our_reference=row.text("our_reference"),
        counterparty=None,
        gross=gross,
        fees=(Fee(word, net),) if kind is LineKind.FEE and not fees else fees,
        net=net,
        batch=row.text("batch"),
        is_final=True,
    )


def _both(row: ReportRow, side: str) -> Money:
    """Credit less debit, as one of them is empty. Raises InvalidInput for what is no amount."""
    currency = row.text(f"{side}_currency") or ""
    credit, debit = (_amount(row, f"{side}_{way}", currency) for way in ("credit", "debit"))
    return credit - debit


def _amount(row: ReportRow, field: str, currency: str) -> Money:
    value = row.value(field)
    minor = 0 if value == "" else minor_of(value, ".", currency)
    if minor is None:
        raise InvalidInput(f"{value!r} in the column {field.replace('_', ' ')} is not an amount")
    return Money(minor, currency)


def _line_doubts(line: SettlementLine, row: ReportRow) -> Iterator[Problem]:
    where = f"row {line.row}"
    if line.happened_on is None:
        yield Problem("date_invalid", f"{row.text('created_on')!r} is not a day", where)
    if line.gross is None:
        return
    expected = _converted(line.gross, row.value("exchange_rate"), line.net.currency)
    if expected is None:
        yield Problem("amount_invalid", "the exchange rate is not a number", where)
        return
    # The provider rounds what it converts, so a cent of rounding is no contradiction there.
    slack = 0 if line.gross.currency == line.net.currency else 1
    if abs((expected + line.fee - line.net).minor) > slack:
        message = (
            f"gross {expected.decimal()} and fees {line.fee.decimal()} do not come to "
            f"the net {line.net.decimal()} {line.net.currency}"
        )
        yield Problem("control_sum", message, where)


def _converted(gross: Money, rate: object, currency: str) -> Money | None:
    if gross.currency == currency:
        return gross
    try:
        return Money.rounded(gross.minor * Fraction(Decimal(str(rate))), currency)
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _batch_doubts(lines: Sequence[SettlementLine]) -> Iterator[Problem]:
    """A closed batch comes to nothing: all that came in was charged, paid out or carried on."""
    batches = dict.fromkeys((line.batch, line.net.currency) for line in lines)
    for batch, currency in batches:
        own = [line for line in lines if (line.batch, line.net.currency) == (batch, currency)]
        rest = sum(line.net.minor for line in own)
        if rest and own[-1].kind in _CLOSING:
            left = Money(rest, currency).decimal()
            message = f"batch {batch} leaves {left} {currency} that no payout or transfer explains"
            yield Problem("control_sum", message, f"batch {batch}")
        elif rest:
            message = f"batch {batch} is not paid out yet; the report is not final"
            yield Problem("batch_open", message, f"batch {batch}")
