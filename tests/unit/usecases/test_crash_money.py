"""Money killed at every call in turn, and done again: imports, releases, remittances, invoices, refunds.

Each act is done without disturbance first; then with a kill before every call it makes to the table, the
bank's files or the bucket, and once more after each that took effect. The same rows, files and papers
must be there in the end.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sovinto.usecases.credit_client_invoice import credit_client_invoice
from sovinto.usecases.refund_queue import work_refunds
from sovinto.usecases.suspense import return_suspense, split_suspense

from tests.support import orders as bank
from tests.support.book_world import prove, seal
from tests.support.invoicing import means_of
from tests.support.money_crash import Act, kept_of, killed, put_back, storm, table_of
from tests.support.money_world import EUR, PAYER_IBAN, SEK, MoneyWorld, statement
from tests.support.world import World


def proven(m: MoneyWorld) -> None:
    proof = prove(m.world)
    assert proof.holds, proof.breaks


def paid(m: MoneyWorld, index: int, minor: int, **given: object) -> str:
    """The bank's file of money with the case's reference, not read yet."""
    case = m.cases[index]
    named = {"references": (case.payment_reference,), "payer": case.debtor.name, "iban": PAYER_IBAN}
    return m.book(minor, case.currency, **(named | given))  # type: ignore[arg-type]


def collected(minor: int = 8_000, *, index: int = 0) -> MoneyWorld:
    m = MoneyWorld()
    m.deliver(paid(m, index, minor))
    return m


def test_a_file_with_a_line_of_every_kind() -> None:
    m = collected()
    first, second, _ = m.cases
    m.deliver(paid(m, 1, 9_000, end_to_end="PAID-1"))
    m.world.pay_clients()
    (order,) = m.world.orders.open()
    joined = (first.payment_reference, second.payment_reference)
    lines = len(m.bookings)
    paid(m, 0, 500)
    paid(m, 1, 700, references=joined)
    paid(m, 0, 800, references=(), payer="Olavi Outo")
    m.book(-9_000, EUR, end_to_end="PAID-1", references=(second.payment_reference,), is_reversal=True)
    m.book(-order.amount.minor, EUR, end_to_end=order.order_id)
    m.book(order.amount.minor, EUR, end_to_end=order.order_id, payer=order.payee, is_reversal=True)
    m.book(-77, EUR, payer="Nobody")
    data = statement(m.bookings[lines:], "MANY")
    kills = storm(m.world, partial(m.deliver, "MANY", data))
    assert kills > 60
    proven(m)


def test_one_transfer_for_two_cases_that_is_shared_out_by_a_person() -> None:
    m = MoneyWorld()
    m.deliver(paid(m, 0, 900, references=(), payer=""))
    (row,) = m.world.book.suspense()
    shares = [(case.case_id, row.payment.amount.split(2)[0]) for case in m.cases[:2]]
    world = m.world
    act = partial(split_suspense, row.payment.payment_id, shares, by="col_1")
    assert storm(world, lambda: act(book=world.book, cases=world.cases, clock=world.clock)) > 15
    assert not world.book.suspense()
    proven(m)


def test_a_run_that_pays_and_invoices_two_clients() -> None:
    """Remittances with a claw-back among them, invoices of the month, files to the bank."""
    m = collected()
    for index, minor in ((1, 20_000), (2, 30_000)):
        m.deliver(paid(m, index, minor))
    m.world.clock.advance(days=30)
    assert storm(m.world, m.world.pay_clients) > 80
    proven(m)
    m.world.clock.advance(days=1)
    m.deliver(m.book(-8_000, EUR, references=(m.cases[0].payment_reference,), is_reversal=True))
    m.deliver(paid(m, 1, 8_500))
    assert storm(m.world, m.world.pay_clients) > 20
    proven(m)
    assert {o.amount.currency for o in m.world.orders.open()} == {EUR, SEK}


def test_two_people_release_and_the_bank_refuses() -> None:
    m = collected()
    world = strict(m)
    world.pay_clients()
    (order,) = world.orders.open()
    once(world, partial(bank.approve, world, order.order_id))
    once(world, partial(bank.release, world, order.order_id))
    assert storm(world, world.pay_clients) > 10
    (batch_id,) = {o.batch_id for o in world.orders.open()}
    refused = bank.status_report(batch_id, (order.order_id, "RJCT", "AC04"))
    assert storm(world, partial(bank.hear, world, refused)) > 4
    assert world.orders.load(order.order_id).state.value == "rejected"
    proven(m)


def strict(m: MoneyWorld) -> World:
    m.world.agency = replace(m.world.agency, release_limit_minor=0)
    return m.world


def once(world: World, act: Act) -> None:
    """What a repeat refuses: killed before the write it was not done, killed after it it was."""
    start, fuse = kept_of(world), table_of(world).fuse
    fuse.set(None)
    act()
    calm, (writes, at) = kept_of(world), (fuse.calls.count("transact"), fuse.calls.index("transact") + 1)
    assert writes == 1
    for is_after in (False, True):
        put_back(world, start)
        assert killed(world, act, at, is_after=is_after)
        assert kept_of(world) == (calm if is_after else start)
    put_back(world, calm)


def test_a_refund_that_is_ordered_and_paid() -> None:
    m = collected(30_000)
    world = m.world
    work = partial(work_refunds, agency=world.agency, cases=world.cases, orders=world.orders)
    assert storm(world, lambda: work(clock=world.clock), is_run=True) > 10
    world.pay_clients()
    refunds = [o for o in world.orders.open() if o.kind.value == "refund"]
    assert refunds and refunds[0].state.value == "instructed"
    left = m.book(-refunds[0].amount.minor, EUR, end_to_end=refunds[0].order_id)
    assert storm(world, partial(m.deliver, left)) > 8
    proven(m)


def test_money_of_nobody_that_goes_back() -> None:
    m = MoneyWorld()
    m.deliver(paid(m, 0, 900, references=(), payer="Olavi Outo"))
    (row,) = m.world.book.suspense()
    world = m.world
    act = partial(return_suspense, row.payment.payment_id, by="col_1", agency=world.agency)
    once(world, lambda: act(book=world.book, cases=world.cases, clock=world.clock))
    proven(m)


def test_our_invoice_is_paid_too_much_and_another_is_credited() -> None:
    m = collected()
    m.world.clock.advance(days=30)
    m.world.pay_clients()
    (first, second) = m.invoices()
    named = (first.invoice.payment_reference,)
    paid_twice = m.book(first.left.minor + 100, EUR, references=named, payer="Pohjolan Sähkö Oy")
    assert storm(m.world, partial(m.deliver, paid_twice)) > 8
    credit = partial(
        credit_client_invoice, second.invoice.client_id, second.number, reason="agreed", request="one"
    )
    assert storm(m.world, lambda: credit(means=means_of(m.world))) > 3
    proven(m)


def test_sealing_and_proving_change_nothing_but_seals() -> None:
    m = collected()
    m.world.clock.advance(days=4)
    assert storm(m.world, partial(seal, m.world)) > 4
    before = kept_of(m.world)
    storm(m.world, lambda: prove(m.world))
    assert kept_of(m.world) == before
    proven(m)
