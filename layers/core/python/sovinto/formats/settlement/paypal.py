"""PayPal activity and statement downloads: each line with gross, fee, net and the balance after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.settlement.columns import ReportRow, columns_from, read_report, shows_header
from sovinto.formats.settlement.model import Fee, LineKind, SettlementLine, SettlementReport
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.sheet import days, figures

ACTIVITY, STATEMENT = "paypal-activity", "paypal-statement"
COLUMNS = columns_from(
    "PayPal",
    {
        "happened_on": "Date|Datum",
        "type": "Type|Description|Typ|Beschreibung",
        "status": "Status",
        "currency": "Currency|Währung",
        "gross": "Gross|Brutto",
        "fee": "Fee|Gebühr|Entgelt",
        "net": "Net|Netto",
        "balance": "Balance|Guthaben",
        "impact": "Balance Impact|Auswirkung auf Guthaben",
        "reference": "Transaction ID|Transaktionscode",
        "related": "Reference Txn ID|Zugehöriger Transaktionscode",
        "our_reference": "Invoice Number|Invoice ID|Rechnungsnummer",
        "counterparty": "Name",
    },
    ["happened_on", "type", "currency", "gross", "fee", "net", "reference"],
)
# The first that the provider's description holds; all are parts of its event names.
_WORDS = (
    ("conversion", LineKind.CONVERSION),
    ("refund", LineKind.REFUND),
    ("chargeback", LineKind.CHARGEBACK),
    ("reversal", LineKind.CHARGEBACK),
    ("withdrawal", LineKind.PAYOUT),
    ("hold", LineKind.HOLD),
    ("release", LineKind.HOLD),
    ("fee", LineKind.FEE),
    ("transfer", LineKind.TRANSFER),
    ("payment", LineKind.PAYMENT),
    ("checkout", LineKind.PAYMENT),
)
_FINAL = ("", "completed", "abgeschlossen")


def is_paypal_activity(head: bytes) -> bool:
    """True for text with the header of the activity download, which has a status."""
    return shows_header(head, COLUMNS, COLUMNS.needs | {"status"})


def is_paypal_statement(head: bytes) -> bool:
    """True for text with the header of the statement download, which has none."""
    return shows_header(head, COLUMNS, COLUMNS.needs) and not is_paypal_activity(head)


def read_paypal(stream: ByteSource) -> SettlementReport:
    """The report with all in which it contradicts itself. Raises FormatRefused for a damaged header."""
    fields, rows = read_report(stream, COLUMNS)
    mark, order, problems = _style(rows)
    lines: list[SettlementLine] = []
    balances: dict[str, tuple[Money, Money]] = {}
    for row in rows:
        try:
            line = _line(row, mark, order)
            balance = _money(row, "balance", mark) if row.value("balance") != "" else None
        except InvalidInput as error:
            problems.append(Problem("amount_invalid", error.message, f"row {row.number}"))
            continue
        lines.append(line)
        problems += _line_doubts(line, row)
        if balance is not None and (row.text("impact") or "").casefold() != "memo":
            problems += _balance_doubts(line, balance, balances)
    if not rows:
        problems.append(Problem("no_statement", "the report has a header but no lines", "report"))
    name = ACTIVITY if "status" in fields else STATEMENT
    return SettlementReport(name, "PayPal", tuple(lines), tuple(balances.values()), tuple(problems))


def _style(rows: Sequence[ReportRow]) -> tuple[str, str, list[Problem]]:
    amounts = [row.value(field) for row in rows for field in ("gross", "fee", "net", "balance")]
    dates = [row.value("happened_on") for row in rows]
    marks, orders = figures.common_marks(amounts), days.common_orders(dates)
    problems = []
    if not marks or (len(marks) > 1 and any(map(figures.is_ambiguous, amounts))):
        message = "the amounts do not all have one decimal mark; download the report again"
        problems.append(Problem("amount_invalid", message, "report"))
    if marks == {","}:
        # Nobody who writes a decimal comma puts the month first.
        orders &= {"DMY"}
    if not orders or (len(orders) > 1 and any(map(days.is_ambiguous, dates))):
        message = "days can be read two ways; download a report over at least two weeks"
        problems.append(Problem("date_invalid", message, "report"))
    return (min(marks) if len(marks) == 1 else "."), min(orders, default="DMY"), problems


def _line(row: ReportRow, mark: str, order: str) -> SettlementLine:
    word = row.text("type") or ""
    fee = _money(row, "fee", mark)
    return SettlementLine(
        row=row.number,
        kind=next((kind for part, kind in _WORDS if part in word.casefold()), LineKind.OTHER),
        word=word,
        happened_on=days.day_of(row.value("happened_on"), order),
        reference=row.text("reference"),
        related=row.text("related"),
        our_reference=row.text("our_reference"),
        counterparty=row.text("counterparty"),
        gross=_money(row, "gross", mark),
        fees=(Fee("fee", fee),) if fee else (),
        net=_money(row, "net", mark),
        batch=None,
        is_final=(row.text("status") or "").casefold() in _FINAL,
    )


def _money(row: ReportRow, field: str, mark: str) -> Money:
    """Raises InvalidInput for what is no amount, or no currency."""
    value, currency = row.value(field), row.text("currency") or ""
    minor = 0 if value == "" else figures.minor_of(value, mark, currency)
    if minor is None:
        raise InvalidInput(f"{value!r} in the column {field} is not an amount")
    return Money(minor, currency)


def _line_doubts(line: SettlementLine, row: ReportRow) -> Iterator[Problem]:
    where = f"row {line.row}"
    if line.happened_on is None:
        yield Problem("date_invalid", f"{row.text('happened_on')!r} is not a day", where)
    if line.gross is not None and line.gross + line.fee != line.net:
        message = (
            f"gross {line.gross.decimal()} and fee {line.fee.decimal()} do not come to "
            f"the net {line.net.decimal()} {line.net.currency}"
        )
        yield Problem("control_sum", message, where)


def _balance_doubts(
    line: SettlementLine, balance: Money, balances: dict[str, tuple[Money, Money]]
) -> Iterator[Problem]:
    """Each currency has a balance of its own, which must follow from line to line."""
    opening, before = balances.get(balance.currency, (balance - line.net, balance - line.net))
    if before + line.net != balance:
        message = (
            f"the balance {balance.decimal()} {balance.currency} does not follow from "
            f"{before.decimal()} and {line.net.decimal()}"
        )
        yield Problem("balance_chain", message, f"row {line.row}")
    balances[balance.currency] = (opening, balance)
