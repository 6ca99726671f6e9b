"""Money that waits in suspense, as an importer of bank files leaves it there."""

from __future__ import annotations

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Change
from sovinto.usecases.suspense_debits import explain_as_expense

from tests.support.books import by_account
from tests.support.stored import all_entries
from tests.support.world import World


def into_suspense(
    world: World,
    minor: int,
    *,
    key: str = "L1",
    text: str = "",
    payer: str = "",
    currency: str = "EUR",
    iban: str = "FI2112345600000785",
) -> UnallocatedPayment:
    now = world.clock.now()
    payment = Payment(
        PaymentId(derived("pay", "bank", key)),
        BANK_SOURCE,
        key,
        now.date(),
        Money(minor, currency),
        payer=payer,
        text=text,
        payer_iban=iban,
    )
    waiting = UnallocatedPayment(payment, now, "no reference")
    entry = transfer(
        Occasion(EventId(derived("evt", "bank", key)), now),
        kind="suspense_received",
        lines=(Line(accounts.BANK, payment.amount), Line(accounts.SUSPENSE, -payment.amount)),
        value_on=payment.value_on,
        source=key,
    )
    world.cases.commit(Change(entries=(entry,), suspense=(waiting,)))
    return waiting


def check_suspense(world: World) -> None:
    """The account holds exactly what the waiting rows say."""
    rows = sum(row.payment.amount.minor for row in world.book.suspense())
    entries = all_entries(world.table)  # type: ignore[arg-type]
    assert by_account(entries).get("suspense", 0) == -rows


def as_expense(world: World, row: UnallocatedPayment) -> bool:
    """A collector says that we bear it."""
    return explain_as_expense(
        row.payment.payment_id,
        by="col_1",
        book=world.book,
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )
