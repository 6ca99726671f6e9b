"""Money and what people do, as the tests tell it: pay by bank or card, object, agree a plan."""

from __future__ import annotations

from datetime import date

from sovinto.domain import accounts
from sovinto.domain.case import Case, DisputeKind
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.domain.plan import Plan
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases import debtor_page
from sovinto.usecases.hear_gateway import hear_gateway
from sovinto.usecases.record_payment import Recorded, record_payment
from sovinto.usecases.reverse_payment import Reversed, reverse_payment

from tests.support.fake_gateway import Webhook
from tests.support.world import World


def owed(world: World, case: Case) -> int:
    """What the debtor's page says today, in cents."""
    return debtor_page.open_page(case.case_id, cases=world.cases, clock=world.clock).debt.total.minor


def pay(world: World, case: Case, minor: int, *, on: date | None = None, name: str = "pay_1") -> Recorded:
    """Money on the bank account, with the value date `on` (today)."""
    received = Payment(
        PaymentId(name), "bank", f"line-{name}", on or world.clock.now().date(), Money(minor, "EUR")
    )
    return record_payment(
        received,
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", f"line-{name}"),
        cases=world.cases,
        clock=world.clock,
    )


def take_back(
    world: World, case: Case, payment: str, minor: int | None = None, *, name: str = "back_1"
) -> Reversed:
    """The bank takes the money back, or a part of it."""
    return reverse_payment(
        PaymentId(payment),
        case.case_id,
        amount=None if minor is None else Money(minor, "EUR"),
        on=world.clock.now().date(),
        reason="returned",
        guard=Guard("SEEN#bank", f"line-{name}"),
        cases=world.cases,
        clock=world.clock,
    )


def begin_card(world: World, case: Case, minor: int) -> str:
    """The debtor presses "pay"; the id of the provider's page."""
    url = debtor_page.begin_payment(
        case.case_id,
        Money(minor, "EUR"),
        "https://pay.sovinto.example/back?lang=fi",
        gateway=world.gateway,
        cases=world.cases,
        clock=world.clock,
        ids=world.ids,
    )
    return url.rsplit("/", 1)[1]


def hear(world: World, webhook: Webhook) -> str:
    event = world.gateway.parse_event(
        webhook.body, webhook.signature, secret=world.gateway.secret, now=world.gateway.now
    )
    return hear_gateway("sandbox", event, cases=world.cases, clock=world.clock)


def object_to(world: World, case: Case, text: str = "not mine") -> None:
    debtor_page.open_dispute(case.case_id, DisputeKind.NOT_MINE, text, cases=world.cases, clock=world.clock)


def answer(world: World, case: Case, outcome: str) -> Case:
    return debtor_page.settle_dispute(
        case.case_id, case.client_id, outcome, cases=world.cases, clock=world.clock
    )


def agree(world: World, case: Case, count: int) -> Plan:
    return debtor_page.agree_plan(
        case.case_id,
        count,
        sender=world.sender,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
    )
