"""After an invoice is issued: credit notes, payments, reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.money import Money
from sovinto.domain.proof import entry_breaks
from sovinto.errors import InvalidInput, OutcomeUnknown, RuleRefused, UpstreamUnavailable
from sovinto.usecases.credit_client_invoice import credit_client_invoice
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.record_invoice_payment import invoice_by_reference
from sovinto.usecases.remind_client_invoice import remind_clients

from tests.support.books import by_account
from tests.support.invoicing import BUYER, INVOICED, means_of, pay_invoice, world_with
from tests.support.outside import PlainPress
from tests.support.world import World


def invoiced(count: int = 2, setup: int = 1_001) -> tuple[World, FeeInvoice]:
    client = replace(BUYER, setup_fee=Money(setup, "EUR"))
    world = world_with(client=client)
    for number in range(count):
        world.place(reference=f"A-{number}")
    world.clock.advance(days=30)
    world.pay_clients()
    assert isinstance(world.press, PlainPress)
    return world, world.press.invoices[-1]


def credit(world: World, number: int, request: str = "r1", **given: object) -> FeeInvoice:
    return credit_client_invoice(
        BUYER.client_id,
        number,
        reason="counted twice",
        request=request,
        means=means_of(world),
        **given,  # type: ignore[arg-type]
    )


def events(world: World, kind: str) -> list[str]:
    rows = world.table.query(f"CLIENT#{BUYER.client_id}", "OUTBOX#")
    return [str(row["body"]) for row in rows if f'"{kind}"' in str(row["body"])]


def test_a_whole_invoice_is_taken_back() -> None:
    world, invoice = invoiced()
    note = credit(world, invoice.number)
    assert (note.net, note.vat, note.lines) == (invoice.net, invoice.vat, invoice.lines)
    assert note.note == "counted twice"
    sums = by_account(world.ledger())
    assert {sums[name] for name in (INVOICED, "income:setup_fees", "vat:output")} == {0}
    assert world.clients.unpaid_invoices() == ()
    assert credit(world, invoice.number) == note, "the same request is the same note"
    with pytest.raises(RuleRefused, match="has been credited"):
        credit(world, invoice.number, "r2")
    with pytest.raises(RuleRefused, match="credit note"):
        credit(world, note.number, "r3")


def test_parts_leave_no_cent_behind() -> None:
    world, invoice = invoiced(count=1)
    assert (invoice.net.minor, invoice.vat.minor) == (1_001, 255)
    credit(world, 1, "r1", lines=[(0, Money(500, "EUR"))])
    assert world.clients.invoice(BUYER.client_id, 1).left.minor == 1_256 - 628
    with pytest.raises(InvalidInput, match=r"5\.01 is left"):
        credit(world, 1, "r2", lines=[(0, Money(502, "EUR"))])
    credit(world, 1, "r3")
    sums = by_account(world.ledger())
    assert (sums[INVOICED], sums["income:setup_fees"]) == (0, 0)
    assert sums["income:rounding"] == -sums["vat:output"] == -1
    assert not [broken for entry in world.ledger() for broken in entry_breaks(entry)]


def test_a_payment_keeps_client_money_and_ours_apart() -> None:
    world, invoice = invoiced()
    paid = pay_invoice(world, invoice, invoice.gross.minor)
    assert (paid.paid, paid.rest.minor) == (invoice.gross, 0)
    again = pay_invoice(world, invoice, invoice.gross.minor)
    assert again.is_repeat
    sums = by_account(world.ledger())
    assert sums[INVOICED] == 0
    assert sums["bank:collection"] == -sums["bank:ours_due"] == sums["own:from_collection"]
    assert world.clients.unpaid_invoices() == ()
    assert not [broken for entry in world.ledger() for broken in entry_breaks(entry)]
    assert not pay_invoice(world, invoice, 500, key="line_2").is_ours, "it is paid already"


def test_part_and_too_much() -> None:
    world, invoice = invoiced()
    pay_invoice(world, invoice, 1_000)
    (open_one,) = world.clients.unpaid_invoices()
    assert open_one.left.minor == invoice.gross.minor - 1_000
    paid = pay_invoice(world, invoice, invoice.gross.minor, key="line_2")
    assert paid.rest.minor == 1_000
    (waiting,) = world.book.suspense()
    assert waiting.payment.amount.minor == 1_000
    assert by_account(world.ledger())["suspense"] == -1_000
    assert len(events(world, "fee_invoice.paid")) == 2


def test_a_reference_however_written_finds_the_invoice_and_two_find_none() -> None:
    world, invoice = invoiced()
    reference = invoice.payment_reference
    assert invoice_by_reference([f"000 {reference}"], world.cases) is not None
    assert invoice_by_reference([reference, "1232"], world.cases) is None
    assert invoice_by_reference([], world.cases) is None


def remind(world: World) -> dict[str, int]:
    return remind_clients(means_of(world), world.mailer)


def after_due(world: World, invoice: FeeInvoice, days: int) -> None:
    world.clock.at = world.clock.at.replace(
        year=invoice.due_on.year, month=invoice.due_on.month, day=invoice.due_on.day
    ) + timedelta(days=days)


def test_two_friendly_letters_then_the_account_manager() -> None:
    world, invoice = invoiced()
    story = {}
    for day in range(30):
        after_due(world, invoice, day)
        done = remind(world)
        remind(world)
        if any(done.values()):
            story[day] = done
    one, told = (
        {"invoice_reminders": 1, "invoices_overdue": 0},
        {"invoice_reminders": 0, "invoices_overdue": 1},
    )
    assert story == {3: one, 14: one, 21: told}
    assert [mail.to for mail in world.mailer.sent] == [BUYER.email] * 2
    assert world.mailer.sent[0].attachments[0].content_type == "application/pdf"
    assert len(events(world, "fee_invoice.overdue")) == 1
    assert by_account(world.ledger())[INVOICED] == invoice.gross.minor, "no interest, no fee"


def test_what_is_paid_is_not_asked_for() -> None:
    world, invoice = invoiced()
    pay_invoice(world, invoice, invoice.gross.minor)
    after_due(world, invoice, 20)
    assert remind(world) == {"invoice_reminders": 0, "invoices_overdue": 0}


def test_a_reminder_that_did_not_leave_is_tried_again_one_that_may_have_is_not() -> None:
    world, invoice = invoiced()
    after_due(world, invoice, 3)
    world.mailer.failure = UpstreamUnavailable("the test says so")
    with pytest.raises(PartlyFailed):
        remind(world)
    world.mailer.failure = OutcomeUnknown("the test says so")
    remind(world)
    world.mailer.failure = None
    after_due(world, invoice, 15)
    assert remind(world)["invoice_reminders"] == 0


def test_a_payment_while_a_reminder_leaves_does_not_silence_the_second_one() -> None:
    world, invoice = invoiced()

    class PaidMeanwhile:
        def send(self, **_: object) -> str:
            pay_invoice(world, invoice, 100)
            return "mail_1"

    after_due(world, invoice, 3)
    assert remind_clients(means_of(world), PaidMeanwhile())["invoice_reminders"] == 1
    (issued,) = world.clients.unpaid_invoices()
    assert (issued.reminders, issued.is_reminding, issued.left.minor) == (
        1,
        False,
        invoice.gross.minor - 100,
    )
    after_due(world, invoice, 15)
    assert remind(world)["invoice_reminders"] == 1
    assert len(events(world, "fee_invoice.reminded")) == 2
