"""`sovinto orders`: money that is to leave, looked at and released by two people, on the local cloud."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sovinto.cli.desk import ask, asker, by_option
from sovinto.cli.local import running_cloud


def add_to(commands: Any) -> None:
    orders = commands.add_parser("orders", help="money that is to leave: two people approve and release it")
    verbs = orders.add_subparsers(dest="verb", required=True, metavar="ACTION")
    _verb(verbs, "list", "list_orders", "what is under way, refunds that wait, accounts that change")
    approve = _verb(verbs, "approve", "approve_orders", "the first pair of eyes")
    release = _verb(verbs, "release", "release_orders", "the second pair of eyes, of somebody else")
    for parser in (approve, release):
        parser.add_argument("order_ids", metavar="ORDER", nargs="+", help="ids of orders")
    release.add_argument(
        "--control-sum-minor",
        type=int,
        required=True,
        help="what they come to, in minor units, as you saw it",
    )
    release.add_argument("--currency", default="EUR", help="ISO 4217 (default EUR)")
    withdraw = _verb(verbs, "withdraw", "withdraw_order", "take back what is not released yet")
    withdraw.add_argument("order_id", metavar="ORDER", help="the id of the order")
    withdraw.add_argument("--reason", required=True, help="why, in a few words")
    lost = _verb(
        verbs, "not-executed", "order_not_executed", "the bank never will; a second person confirms"
    )
    lost.add_argument("order_id", metavar="ORDER", help="the id of the order")
    lost.add_argument("--reason", required=True, help="what the bank said, in a few words")
    payer = _verb(verbs, "payer", "record_payer", "the account of who paid too much")
    payer.add_argument("case_id", metavar="CASE", help="the id of the case")
    payer.add_argument("--payment", dest="payment_id", default="", help="the payment that was too much")
    payer.add_argument("--name", required=True, help="the holder of the account")
    payer.add_argument("--iban", required=True, help="the account")
    refund = _verb(verbs, "refund-again", "try_refund_again", "what came back too often goes again")
    refund.add_argument("case_id", metavar="CASE", help="the id of the case")
    refund.add_argument("--payment", dest="payment_id", default="", help="the payment that was too much")
    remittance = _verb(verbs, "remit-again", "try_remittance_again", "the same for what a client is owed")
    remittance.add_argument("client_id", metavar="CLIENT", help="the id of the client")
    own = _verb(verbs, "own-again", "try_own_again", "the same for what is moved to our own account")
    for parser in (refund, remittance, own):
        parser.add_argument("--reason", required=True, help="why, in a few words")
    stop = _verb(verbs, "stop-account", "stop_payout_change", "stop a change of a client's account")
    stop.add_argument("client_id", metavar="CLIENT", help="the id of the client")
    stop.add_argument("change_id", metavar="CHANGE", help="the id of the change")


def _verb(verbs: Any, name: str, action: str, text: str) -> Any:
    parser = verbs.add_parser(name, help=text)
    by_option(parser, reads=name == "list")
    parser.set_defaults(run=run_orders, action=action)
    return parser


def run_orders(options: argparse.Namespace) -> int:
    """Prints the desk's answer as JSON. Raises InvalidInput with the desk's own sentence, NotFound where no
    local cloud runs."""
    left_out = ("command", "verb", "run")
    request = {name: value for name, value in vars(options).items() if name not in left_out}
    running = running_cloud()
    request["by"] = asker(options.by, running)
    print(json.dumps(ask(running, request), ensure_ascii=False, indent=2))
    return 0
