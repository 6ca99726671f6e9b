"""`sovinto debt`: what a debtor would owe on a day, line by line, with the law behind each line."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from sovinto.cli import asked
from sovinto.cli.debt_statement import statement
from sovinto.domain.debt import DatedFee, Debt, debt_on
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.kinds import ClaimKind
from sovinto.domain.law.model import Pack
from sovinto.errors import InvalidInput


def add_to(commands: Any) -> None:
    debt = commands.add_parser(
        "debt", help="what a debtor owes on a day if every letter left on its first lawful day"
    )
    debt.add_argument("--country", help="whose law, ISO 3166, such as FI")
    debt.add_argument("--debtor", help="consumer or business")
    debt.add_argument("--principal", help="what was invoiced, in major units, such as 100.00")
    debt.add_argument("--due", help="the due date, YYYY-MM-DD")
    debt.add_argument("--on", help="the day the debt is counted on, YYYY-MM-DD (default today)")
    debt.add_argument("--currency", help="ISO 4217 (default the country's)")
    debt.add_argument(
        "--creditor-vat-deductible",
        action=argparse.BooleanOptionalAction,
        help="whether the creditor deducts VAT, which some laws add to costs (default yes)",
    )
    debt.add_argument(
        "--directly-enforceable", action="store_true", help="enforceable without a judgment: own tariffs"
    )
    debt.add_argument("--json", action="store_true", help="for machines")
    debt.set_defaults(run=run_debt, creditor_vat_deductible=True)


def run_debt(options: argparse.Namespace) -> int:
    """Raises InvalidInput for what is asked wrongly and LawMissing where the pack has no answer."""
    pack = asked.pack_asked(options.country)
    facts = _facts(options, pack)
    due_on, on = _days(options, pack)
    debt = debt_on(pack, facts, due_on=due_on, on=on)
    if options.json:
        print(json.dumps(as_json(debt), ensure_ascii=False, indent=2))
    else:
        print("\n".join(statement(debt, facts, country=pack.country, due_on=due_on)))
    return 0


def _facts(options: argparse.Namespace, pack: Pack) -> FeeFacts:
    debtor_type = asked.served_debtor_asked(options.debtor, pack)
    currency = asked.currency_asked(options.currency, pack)
    return FeeFacts(
        debtor_type=debtor_type,
        principal=asked.amount_asked(options.principal, currency),
        claim_kind=ClaimKind.DIRECTLY_ENFORCEABLE if options.directly_enforceable else ClaimKind.ORDINARY,
        is_vat_deductible=options.creditor_vat_deductible,
    )


def _days(options: argparse.Namespace, pack: Pack) -> tuple[date, date]:
    """Due date and day of the count. Raises InvalidInput where the debt is not due yet."""
    due_on = asked.day_asked(options.due, "--due")
    on = asked.day_or_today(options.on, "--on", pack)
    if due_on > on:
        raise InvalidInput(
            f"--due {due_on} lies in the future of --on {on}: nothing is overdue then; "
            "give an earlier due date or a later --on.",
            field="due",
        )
    return due_on, on


def as_json(debt: Debt) -> dict[str, Any]:
    """Amounts in major units, rates in percent a year, days ISO; `fee_cap` null where there is none."""
    return {
        "currency": debt.principal.currency,
        "principal": debt.principal.decimal(),
        "interest": {
            "total": debt.interest.total.decimal(),
            "segments": [
                {
                    "from": segment.from_on.isoformat(),
                    "to": segment.to_on.isoformat(),
                    "days": segment.days,
                    "rate": segment.rate,
                    "amount": segment.amount.decimal(),
                }
                for segment in debt.interest.segments
            ],
        },
        "fees": [_fee(fee) for fee in sorted(debt.fees, key=lambda fee: fee.on) if fee.amount],
        "fee_cap": None if debt.cap is None else debt.cap.decimal(),
        "fees_total": debt.fee_total.decimal(),
        "total": debt.total.decimal(),
        "unconfirmed": list(debt.unconfirmed),
    }


def _fee(fee: DatedFee) -> dict[str, str]:
    """Cites the tariff, which comes first among the rules of a fee that is owed."""
    tariff = fee.rules[0]
    return {
        "kind": fee.kind.value,
        "amount": fee.amount.decimal(),
        "earliest_on": fee.on.isoformat(),
        "rule": tariff.rule_id,
        "statute": tariff.statute,
    }
