"""A provider's report as a file, taken for what it would announce: payouts with all their lines."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.domain.money import Money, total
from sovinto.domain.settlement import SettledKind, SettledLine, Settlement
from sovinto.errors import FormatRefused
from sovinto.formats.settlement.model import LineKind, SettlementLine, SettlementReport
from sovinto.ids import PaymentId

_KINDS = {
    LineKind.PAYMENT: SettledKind.PAYMENT,
    LineKind.REFUND: SettledKind.REFUND,
    LineKind.CHARGEBACK: SettledKind.CHARGEBACK,
    LineKind.FEE: SettledKind.FEE,
    LineKind.HOLD: SettledKind.RESERVE,
}
_BACK = {
    SettledKind.REFUND: SettledKind.REFUND_RETURNED,
    SettledKind.CHARGEBACK: SettledKind.CHARGEBACK_RETURNED,
}


def settlements_of(report: SettlementReport) -> tuple[Settlement, ...]:
    """Each batch that was paid out, in the order of the report; `settle_payout` takes them as they are.

    Raises FormatRefused for a report that contradicts itself, or has no batches: then nobody can say which
    lines a payout brings.
    """
    if report.is_held:
        raise FormatRefused("; ".join(f"{p.where}: {p.message}" for p in report.problems[:5]))
    if not all(line.batch for line in report.lines):
        raise FormatRefused("the report does not say which lines a payout brings")
    batches = dict.fromkeys((str(line.batch), line.net.currency) for line in report.lines)
    found = [_settlement(report, batch, currency) for batch, currency in batches]
    return tuple(settlement for settlement in found if settlement is not None)


def _settlement(report: SettlementReport, batch: str, currency: str) -> Settlement | None:
    own = [line for line in report.lines if (line.batch, line.net.currency) == (batch, currency)]
    paid = [line for line in own if line.kind is LineKind.PAYOUT]
    days = [line.happened_on for line in paid if line.happened_on is not None]
    if not paid or not days:
        return None
    return Settlement(
        payout_id=f"{report.account}-{batch}",
        currency=currency,
        amount=-total((line.net for line in paid), currency),
        paid_on=max(days),
        lines=_lines(own),
    )


def _lines(own: Sequence[SettlementLine]) -> tuple[SettledLine, ...]:
    return tuple(_line(line) for line in own if line.kind is not LineKind.PAYOUT)


def _line(line: SettlementLine) -> SettledLine:
    """The fees of the line as they are, and the rest of its net as gross: in the currency of the payout."""
    kind = _KINDS.get(line.kind, SettledKind.ADJUSTMENT)
    gross = line.net - line.fee
    if kind in _BACK and gross.minor > 0:
        kind = _BACK[kind]
    payment_id = line.our_reference
    return SettledLine(
        line_id=f"row {line.row}",
        kind=kind,
        gross=gross,
        fee=Money(-line.fee.minor, line.net.currency),
        payment_id=PaymentId(payment_id) if payment_id else None,
        charge_id=line.reference or "",
        cause_id="" if kind is SettledKind.PAYMENT else line.related or line.reference or "",
        word=line.word,
    )
