"""`sovinto suspense`: money whose owner is unknown, of the running local cloud."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from sovinto.cli.desk import ask, first_collector
from sovinto.cli.local import running_cloud
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput

PAYMENT = ("payment_id", "PAYMENT", "the id of the money, as `list` shows it")
EXPLAINED = {
    "undo_suspense": "the payment is taken back",
    "own_suspense": "told as our own transfer",
    "expense_suspense": "told as an expense",
    "client_suspense": "told as what the client pays back",
    "order_suspense": "told as of these orders",
    "take_payment": "taken as it is; let the provider tell it again",
    "payout_suspense": "told as a payout of the provider",
}


def add_to(commands: Any) -> None:
    suspense = commands.add_parser("suspense", help="money whose owner is unknown, and its ways out")
    actions = suspense.add_subparsers(dest="verb", required=True, metavar="ACTION")
    _verb(actions, "list", "suspense", "what waits, for how long, and whose it may be")
    post = _verb(actions, "post", "post_suspense", "all of it to one case", PAYMENT)
    post.add_argument("case_id", metavar="CASE", help="the id of the case")
    split = _verb(actions, "split", "split_suspense", "one transfer for several cases", PAYMENT)
    split.add_argument(
        "shares", metavar="CASE=AMOUNT", nargs="+", help="a case and its share, such as case_1=12.50"
    )
    split.add_argument("--currency", default="EUR", help="of the shares (default EUR)")
    back = _verb(actions, "return", "return_suspense", "back to whoever paid", PAYMENT)
    back.add_argument("--iban", default="", help="to this account (default the one it came from)")
    back.add_argument("--payee", default="", help="its holder (default the payer on the line)")
    undo = _verb(actions, "undo", "undo_suspense", "a debit: the bank took back this payment", PAYMENT)
    undo.add_argument("taken", metavar="TAKEN", help="the id of the payment that went back")
    undo.add_argument("--case", dest="case_id", help="the case it is in (default it waits in suspense too)")
    order = _verb(
        actions, "order", "order_suspense", "a debit: of these payment orders; or one came back", PAYMENT
    )
    order.add_argument("order_ids", metavar="ORDER", nargs="+", help="the orders that the debit comes to")
    order.add_argument("--charge", default="0", help="what the bank took beside them (default 0)")
    order.add_argument("--currency", default="EUR", help="of the charge (default EUR)")
    client = _verb(
        actions,
        "client",
        "client_suspense",
        "what a client pays back, or its return",
        PAYMENT,
    )
    client.add_argument("client_id", metavar="CLIENT", help="the id of the client")
    payout = _verb(actions, "payout", "payout_suspense", "it is a payout of the provider", PAYMENT)
    payout.add_argument("payout_id", metavar="PAYOUT", help="the provider's own name of it")
    take = _verb(actions, "take", "take_payment", "a card payment held for its sum: it is right", PAYMENT)
    take.add_argument("case_id", metavar="CASE", help="the id of its case")
    take.add_argument("amount", metavar="AMOUNT", help="the sum that the provider told, such as 12.50")
    take.add_argument("--currency", default="EUR", help="of the sum (default EUR)")
    _verb(actions, "own", "own_suspense", "a debit: our own transfer, of money of ours", PAYMENT)
    _verb(actions, "expense", "expense_suspense", "a debit: what the bank charged, or we bear", PAYMENT)


def _verb(
    actions: Any, verb: str, action: str, about: str, *places: tuple[str, str, str]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(verb, help=about)
    for name, shown, meaning in places:
        parser.add_argument(name, metavar=shown, help=meaning)
    parser.add_argument("--by", help="the id of the collector who does it (default the agency's first)")
    parser.add_argument("--json", action="store_true", help="the whole answer for machines")
    parser.set_defaults(run=run_suspense, action=action)
    return parser


def run_suspense(options: argparse.Namespace) -> int:
    """Raises InvalidInput with the desk's own sentence, NotFound where no local cloud runs."""
    running = running_cloud()
    request = request_of(options, options.by or first_collector(running.prefix))
    answer = ask(running, request)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif options.action == "suspense":
        print("\n".join(list_lines(answer["suspense"])))
    else:
        print("\n".join(done_lines(options.action, answer)))
    return 0


def request_of(options: argparse.Namespace, by: str) -> dict[str, Any]:
    """What the desk is asked. Raises InvalidInput for a share that is not CASE=AMOUNT."""
    request: dict[str, Any] = {"action": options.action, "by": by}
    for name in ("payment_id", "case_id", "taken", "iban", "payee", "payout_id", "order_ids", "client_id"):
        if hasattr(options, name):
            request[name] = getattr(options, name)
    if options.action == "take_payment":
        paid = Money.parse(options.amount, options.currency)
        request |= {"amount_minor": paid.minor, "currency": paid.currency}
    if options.action == "order_suspense":
        request["charge_minor"] = Money.parse(options.charge, options.currency).minor
    if options.action == "split_suspense":
        request["shares"] = [_share(text, options.currency) for text in options.shares]
    return request


def _share(text: str, currency: str) -> dict[str, Any]:
    case_id, sign, amount = text.partition("=")
    if not sign or not case_id:
        raise InvalidInput(f"a share must be CASE=AMOUNT, not {text!r}; name both", field="shares")
    return {"case_id": case_id, "amount_minor": Money.parse(amount, currency).minor, "currency": currency}


def list_lines(suspense: dict[str, Any]) -> Iterator[str]:
    """A line for each row with its suggestions below, and the ages at the end."""
    for row in suspense["rows"]:
        amount = Money(row["amount_minor"], row["currency"])
        waited = f"{row['age']} ({row['days']})"
        yield f"{row['payment_id']}  {amount.decimal()} {amount.currency}  {waited}"
        yield f"    {row['payer'] or 'payer unknown'}: {row['text'] or 'no text'} ({row['reason']})"
        for guess in row["suggestions"]:
            share = Money(guess["amount_minor"], row["currency"]).decimal()
            yield f"    -> {guess['case_id']} {share} [{guess['score']}]: {'; '.join(guess['reasons'])}"
    if not suspense["rows"]:
        yield "nothing waits in suspense"
    for age, held in suspense["ages"].items():
        for currency, sums in held.items():
            yield f"{age}: {sums['count']} for {Money(sums['minor'], currency).decimal()} {currency}"


def done_lines(action: str, answer: dict[str, Any]) -> Iterator[str]:
    if action == "return_suspense":
        yield from (f"order {order['order_id']} waits to be released" for order in answer["orders"])
        return
    settled = answer["settled"]
    if action in EXPLAINED:
        yield f"{EXPLAINED[action]}{' before' if settled['is_repeat'] else ''}"
        return
    for case_id in settled["posted"]:
        yield f"posted to {case_id}{' before' if settled['is_repeat'] else ''}"
    for case_id in settled["waiting"]:
        yield f"waits on for {case_id}: no law for the day it counts from"
