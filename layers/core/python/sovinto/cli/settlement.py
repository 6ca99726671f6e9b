"""`sovinto settlement FILE`: what a provider's report says it pays out, before anything is booked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from sovinto.cli.bank_file import opened
from sovinto.domain.settlement import Settlement, explained, why_held
from sovinto.errors import FormatRefused
from sovinto.formats.settlement.model import SettlementReport
from sovinto.formats.settlement.parts import open_report, report_parts
from sovinto.formats.statement import write_json
from sovinto.usecases.settlement_file import settlements_of


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    settlement = commands.add_parser(
        "settlement", help="read a payment provider's report; 1 when it does not add up"
    )
    settlement.add_argument(
        "file", metavar="FILE", help="a report of Adyen or PayPal, or - for standard input"
    )
    settlement.add_argument("--json", action="store_true", help="for machines: every line")
    settlement.set_defaults(run=run_settlement)


def run_settlement(options: argparse.Namespace) -> int:
    """1 where the report contradicts itself, or a payout of it would be held.

    Raises FormatRefused for what is no such report, InvalidInput for what is not there.
    """
    with opened(options.file) as source:
        report = open_report(source)
    if options.json:
        write_json(report.format, report_parts(report), sys.stdout)
        held: list[str] = []
    else:
        print(*_sums(report), sep="\n")
        payouts, held = _payouts(report)
        print(*(_payout(payout) for payout in payouts), sep="\n", end="\n" if payouts else "")
    for problem in report.problems:
        print(f"{problem.where}: {problem.message}", file=sys.stderr)
    for reason in held:
        print(reason, file=sys.stderr)
    return 1 if report.is_held or held else 0


def _sums(report: SettlementReport) -> Iterator[str]:
    yield f"{report.format} {report.account}, {len(report.lines)} lines"
    for currency in report.currencies():
        yield f"  all lines {report.net(currency).decimal()} {currency}"


def _payouts(report: SettlementReport) -> tuple[tuple[Settlement, ...], list[str]]:
    """Those that add up, and why the others do not; a report without batches tells of none."""
    if report.is_held:
        return (), []
    try:
        payouts = settlements_of(report)
    except FormatRefused as refusal:
        print(f"  {refusal.message}")
        return (), []
    reasons = {payout.payout_id: why_held(payout) for payout in payouts}
    good = tuple(payout for payout in payouts if not reasons[payout.payout_id])
    return good, [f"payout {name}: {reason}" for name, reason in reasons.items() if reason]


def _payout(payout: Settlement) -> str:
    return f"  payout {payout.payout_id} of {payout.paid_on}, in minor units: {explained(payout).text()}"
