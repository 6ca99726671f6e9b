"""Provider money for tests of settlements: events and payouts, without a provider."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sovinto.domain.case import Case
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.ledger import Entry, fold
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind, SettledLine, Settlement
from sovinto.ids import PaymentId
from sovinto.usecases.hear_gateway import book_line, hear_gateway
from sovinto.usecases.held_payment import take_held
from sovinto.usecases.refund_at_provider import refund_at_provider
from sovinto.usecases.settle_payout import Settled, settle_payout

from tests.support.moves import begin_card
from tests.support.world import World

PROVIDER = "stripe"


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def begun(world: World, case: Case, minor: int) -> tuple[PaymentId, str]:
    """A card payment that the debtor began: our id and the provider's checkout."""
    checkout = begin_card(world, case, minor)
    return PaymentId(world.gateway.find_checkout(checkout).reference), checkout


def said(
    world: World,
    kind: GatewayEventType,
    minor: int,
    payment_id: PaymentId | None = None,
    **given: object,
) -> GatewayEvent:
    values = {"event_id": f"evt_{kind}_{minor}_{payment_id}", "checkout_id": None} | given
    return GatewayEvent(
        type=kind,
        payment_id=payment_id,
        amount=eur(minor),
        occurred_at=world.clock.now(),
        **values,  # type: ignore[arg-type]
    )


def hear(world: World, event: GatewayEvent) -> str:
    return hear_gateway(PROVIDER, event, cases=world.cases, clock=world.clock)


def line(kind: SettledKind, minor: int, fee: int = 0, name: str = "", **given: object) -> SettledLine:
    return SettledLine(
        line_id=name or f"txn_{kind}_{minor}_{given.get('payment_id', '')}{given.get('cause_id', '')}",
        kind=kind,
        gross=eur(minor),
        fee=eur(fee),
        **given,  # type: ignore[arg-type]
    )


def payout(*lines: SettledLine, amount: int | None = None, name: str = "po-1", day: int = 20) -> Settlement:
    net = sum(one.net.minor for one in lines)
    paid_on = datetime(2026, 1, day, tzinfo=UTC).date()
    return Settlement(name, "EUR", eur(net if amount is None else amount), paid_on, lines)


def settle(world: World, settlement: Settlement) -> Settled:
    book = partial(book_line, PROVIDER, cases=world.cases, clock=world.clock)
    return settle_payout(PROVIDER, settlement, book=book, cases=world.cases, clock=world.clock)


def on_account(entries: list[Entry], account: str) -> int:
    return fold(entries).get((account, "EUR"), 0)


def settled_by_a_provider(world: World) -> None:
    """Payouts with everything that can be in them: held first, carried over, refunded and given again."""
    case = world.place(reference="SETTLED")
    payment_id, checkout = begun(world, case, 4_000)
    second, page = begun(world, case, 9_000)
    for one, where, minor in ((payment_id, checkout, 4_000), (second, page, 9_000)):
        paid = said(
            world,
            GatewayEventType.CHECKOUT_COMPLETED,
            minor,
            one,
            checkout_id=where,
            charge_id=f"pi_{where}",
        )
        hear(world, replace(paid, amount=eur(minor - 1)))
        take_held(one, case.case_id, eur(minor - 1), by="col_1", cases=world.cases)
        hear(world, paid)
    world.gateway.pay(page)
    refund_at_provider(case.case_id, second, provider=PROVIDER, gateway=world.gateway, cases=world.cases)
    back: dict[str, Any] = {"payment_id": payment_id, "cause_id": "re_1"}
    brought = line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id)
    settle(world, payout(brought, amount=1, name="po-held"))
    settle(world, payout(brought, name="po-first"))
    lines = (
        line(SettledKind.CARRIED, 3_915, cause_id="po-first"),
        line(SettledKind.REFUND, -1_000, **back),
        line(SettledKind.REFUND_RETURNED, 1_000, **back),
    )
    settle(world, payout(*lines, name="po-second"))
    later = said(
        world, GatewayEventType.PAYOUT_PAID, 1_000, payout_id="po-plain", payment_ids=(payment_id,)
    )
    hear(world, later)
