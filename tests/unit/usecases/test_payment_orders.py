"""Money leaves by two people's word, in one file, and comes back into the books when the bank says no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.errors import AlreadyStored, InvalidInput, NotAllowed
from sovinto.ports import Change, Guard
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.order_payment import return_to_sender
from sovinto.usecases.order_status import withdraw_order

from tests.support import orders as bank
from tests.support.books import check_books
from tests.support.moves import pay, take_back
from tests.support.orders import approve, check_payables, release, status_report, strict_world, sums
from tests.support.people import CLIENT
from tests.support.statements import camt053, line
from tests.support.world import World

PAYABLE = f"client:{CLIENT.client_id}:payable"


def proposed(world: World, minor: int = 4_000) -> PaymentOrder:
    """One payment, remitted by the run, waiting for people."""
    pay(world, world.place(), minor)
    assert world.pay_clients() == {"remittances": 1, "fee_invoices": 0, "bank_files": 0}
    (order,) = world.orders.open()
    return order


def instructed(world: World) -> PaymentOrder:
    order = proposed(world)
    approve(world, order.order_id)
    release(world, order.order_id)
    assert world.pay_clients()["bank_files"] == 1
    return world.orders.load(order.order_id)


def events(world: World, kind: str) -> int:
    rows = world.table.items.values()  # type: ignore[attr-defined]
    return sum(f'"type":"{kind}"' in str(item.get("body", "")) for item in rows)


def test_without_two_people_nothing_leaves() -> None:
    world = strict_world()
    order = proposed(world)
    assert (order.kind, order.state, order.amount.minor) == (
        OrderKind.REMITTANCE,
        OrderState.PROPOSED,
        4_000,
    )
    assert len(order.order_id) <= 35 and "_" not in order.order_id
    with pytest.raises(InvalidInput, match="only one that is approved can be released"):
        release(world, order.order_id)
    approve(world, order.order_id)
    with pytest.raises(NotAllowed, match="somebody else"):
        release(world, order.order_id, by="col_1")
    assert world.pay_clients()["bank_files"] == 0
    (batch,) = release(world, order.order_id, control_sum=4_000)
    assert (batch.order_ids, batch.control_sum.minor) == ((order.order_id,), 4_000)
    assert world.pay_clients()["bank_files"] == 1
    assert world.pay_clients()["bank_files"] == 0, "written once"
    assert world.orders.load(order.order_id).state is OrderState.INSTRUCTED
    check_payables(world)


def test_who_proposed_it_may_approve_but_not_release() -> None:
    world = strict_world()
    order = waiting_return(world)
    approve(world, order.order_id, by="col_1")
    with pytest.raises(NotAllowed):
        release(world, order.order_id, by="col_1")
    release(world, order.order_id, by="col_2")


def test_another_sum_than_the_person_saw_is_not_released() -> None:
    world = strict_world()
    order = proposed(world)
    approve(world, order.order_id)
    with pytest.raises(InvalidInput, match=r"come to 40\.00"):
        release(world, order.order_id, control_sum=4_001)
    assert world.orders.load(order.order_id).state is OrderState.APPROVED


def test_within_the_limit_the_books_release_and_above_it_people() -> None:
    world = strict_world()
    world.agency = replace(world.agency, release_limit_minor=4_000)
    pay(world, world.place(reference="A"), 4_000)
    assert world.pay_clients()["bank_files"] == 1
    pay(world, world.place(reference="B"), 4_001, name="pay_2")
    assert world.pay_clients()["bank_files"] == 0
    states = {order.amount.minor: order.state for order in world.orders.open()}
    assert states == {4_000: OrderState.INSTRUCTED, 4_001: OrderState.PROPOSED}


def test_the_limit_is_never_for_what_a_person_proposed() -> None:
    world = World()
    order = waiting_return(world)
    world.pay_clients()
    assert world.orders.load(order.order_id).state is OrderState.PROPOSED


def test_the_file_has_the_sum_and_our_reference() -> None:
    world = strict_world()
    order = instructed(world)
    (key,) = world.bank.keys("outgoing/")
    root = etree.fromstring(world.bank.read(key))
    assert root.findtext(".//{*}GrpHdr/{*}CtrlSum") == "40.00"
    assert root.findtext(".//{*}EndToEndId") == order.order_id
    assert key == f"outgoing/{order.batch_id}.xml"


def test_refused_by_the_bank_it_is_owed_again_and_paid_anew() -> None:
    world = strict_world()
    before = sums(world)
    order = instructed(world)
    told = bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    assert (told.rejected, told.accepted) == (1, 0)
    assert sums(world)[PAYABLE] == -4_000
    found = world.orders.load(order.order_id)
    assert (found.state, found.reason) == (OrderState.REJECTED, "AC04")
    assert events(world, "remittance.rejected") == 1
    again = bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    assert (again.rejected, again.unchanged) == (0, 1)
    check_payables(world)
    check_books(e for e in world.ledger() if not e.kind.endswith("came_back") and e.kind != "remitted")
    assert world.pay_clients()["remittances"] == 0, "not to the account that the bank refused"
    world.clients.save(replace(world.client, iban="FI2112345600000785"))
    assert world.pay_clients()["remittances"] == 1
    (anew,) = world.orders.open()
    assert anew.iban == "FI2112345600000785"
    assert anew.order_id != order.order_id, "another payment, another end-to-end id"
    check_payables(world)
    assert before == {}


def test_what_was_refused_for_another_cause_than_the_account_is_paid_anew_to_it() -> None:
    world = strict_world()
    order = instructed(world)
    bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AM04")))
    assert world.pay_clients()["remittances"] == 1
    (anew,) = world.orders.open()
    assert (anew.iban, anew.amount) == (order.iban, order.amount)


def test_what_we_had_retained_is_no_income_while_it_came_back() -> None:
    world = strict_world()
    case = world.place()
    world.live(case.case_id, 17)
    pay(world, case, 12_500)
    world.pay_clients()
    taken = {a: m for a, m in sums(world).items() if a.startswith(("income", "vat"))}
    assert sum(taken.values()) == -1_900
    (order,) = world.orders.open()
    withdraw_order(
        order.order_id,
        by="col_1",
        reason="wrong day",
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )
    assert not any(a.startswith(("income", "vat")) for a in sums(world))
    check_payables(world)


def test_the_whole_file_refused_refuses_each_order() -> None:
    world = strict_world()
    order = instructed(world)
    assert bank.hear(world, status_report(order.batch_id, group="RJCT")).rejected == 1


def test_accepted_is_not_booked_until_the_statement_shows_it() -> None:
    world = strict_world()
    order = instructed(world)
    assert bank.hear(world, status_report(order.batch_id, (order.order_id, "ACSC", ""))).accepted == 1
    assert sums(world)["bank:in_transit"] == -4_000
    assert bank.debit(world, order)["transfers"] == 1
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert "bank:in_transit" not in sums(world)
    check_payables(world)


def test_a_refusal_after_the_debit_moves_nothing_and_is_counted() -> None:
    world = strict_world()
    order = instructed(world)
    bank.debit(world, order)
    told = bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    assert (told.contradicted, told.rejected) == (1, 0)
    check_payables(world)


def test_a_debit_after_the_refusal_is_for_people() -> None:
    world = strict_world()
    order = instructed(world)
    bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    counted = bank.debit(world, order)
    assert (counted["transfers"], counted["suspense"]) == (0, 1)


def test_a_report_on_no_file_of_ours_is_said_to_be_one() -> None:
    world = strict_world()
    assert bank.hear(world, status_report("bat-stranger", group="RJCT")).unknown == 1


def test_money_that_comes_back_after_the_debit_is_owed_again() -> None:
    world = strict_world()
    order = instructed(world)
    assert not bank.come_back(world, order), "not before the statement shows it leaving"
    bank.debit(world, order)
    assert not bank.come_back(world, order, 3_900), "less than we sent: a person looks"
    assert bank.come_back(world, order)
    assert sums(world)[PAYABLE] == -4_000
    assert sums(world)["bank:collection"] == 4_000
    check_payables(world)
    assert not bank.come_back(world, order, name="R2"), "once"


def test_the_line_of_a_return_posts_once() -> None:
    world = strict_world()
    order = instructed(world)
    bank.debit(world, order)
    world.cases.commit(_seen("R1"))
    with pytest.raises(AlreadyStored):
        bank.come_back(world, order)
    assert PAYABLE not in sums(world)


def _seen(key: str) -> Change:
    return Change(guards=(Guard("SEEN#bank", key),))


def test_a_reversal_between_payment_and_refusal_is_netted() -> None:
    world = strict_world()
    case = world.place()
    pay(world, case, 4_000)
    world.pay_clients()
    (order,) = world.orders.open()
    take_back(world, case, "pay_1", 1_500)
    withdraw_order(
        order.order_id, by="col_1", reason="x", cases=world.cases, orders=world.orders, clock=world.clock
    )
    check_payables(world)
    assert world.pay_clients()["remittances"] == 1
    (anew,) = world.orders.open()
    assert anew.amount.minor == 2_500
    check_payables(world)


def test_what_is_released_cannot_be_withdrawn() -> None:
    world = strict_world()
    order = instructed(world)
    with pytest.raises(InvalidInput, match="not released yet"):
        withdraw_order(
            order.order_id,
            by="col_1",
            reason="x",
            cases=world.cases,
            orders=world.orders,
            clock=world.clock,
        )


def waiting_return(world: World) -> PaymentOrder:
    """Money without an owner, on its way back by a person's word."""
    world.bank.write("inbox/s.xml", camt053(line(999), change=999, statement_id="S"), "application/xml")
    import_inbox(bank=world.bank, agency=world.agency, cases=world.cases, clock=world.clock)
    (found,) = world.book.suspense()
    return return_to_sender(
        found,
        iban="FI1410093000123458",
        payee="Tiina Testinen",
        by="col_1",
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
    )


def test_money_without_an_owner_goes_back_and_waits_again_when_it_comes_back() -> None:
    world = strict_world()
    came = world.clock.now()
    order = waiting_return(world)
    assert world.book.suspense() == ()
    assert sums(world) == {"bank:collection": 999, "bank:in_transit": -999}
    world.clock.advance(days=9)
    approve(world, order.order_id, by="col_2")
    release(world, order.order_id, by="col_3")
    world.pay_clients()
    batch_id = world.orders.load(order.order_id).batch_id
    bank.hear(world, status_report(batch_id, (order.order_id, "RJCT", "AC01")))
    (again,) = world.book.suspense()
    assert again.payment.amount.minor == 999
    assert again.reason == "its return came back: AC01"
    assert again.received_at == came, "it has waited all the while"
    assert sums(world) == {"bank:collection": 999, "suspense": -999}


def test_money_goes_back_to_its_sender_once() -> None:
    world = strict_world()
    world.bank.write("inbox/s.xml", camt053(line(999), change=999, statement_id="S"), "application/xml")
    order = waiting_return(world)
    stored = world.orders.returned_payment(order)
    with pytest.raises(InvalidInput, match="on its way back already"):
        return_to_sender(
            stored,
            iban="FI1410093000123458",
            payee="Tiina Testinen",
            by="col_1",
            agency=world.agency,
            cases=world.cases,
            clock=world.clock,
        )
    assert sums(world)["bank:in_transit"] == -999


def test_an_account_number_that_is_none_is_refused_without_repeating_it() -> None:
    world = strict_world()
    order = waiting_return(world)
    stored = world.orders.returned_payment(order)
    with pytest.raises(InvalidInput) as told:
        return_to_sender(
            stored,
            iban="FI0010093000123458",
            payee="T",
            by="col_1",
            agency=world.agency,
            cases=world.cases,
            clock=world.clock,
        )
    assert "FI00" not in told.value.message


def test_the_banks_answer_comes_through_the_inbox() -> None:
    world = strict_world()
    order = instructed(world)
    told = status_report(order.batch_id, (order.order_id, "RJCT", "AC04"))
    assert through_the_inbox(world, told, "answer") == (1, 0)
    assert sums(world)[PAYABLE] == -4_000
    assert through_the_inbox(world, status_report("bat-stranger", group="RJCT"), "stranger") == (1, 1)
    assert "no payment file of ours" in world.bank.read(world.bank.keys("held/")[1]).decode()


def through_the_inbox(world: World, data: bytes, name: str) -> tuple[int, int]:
    """Files read and files held."""
    world.bank.write(f"inbox/{name}.xml", data, "application/xml")
    done = import_inbox(
        bank=world.bank, agency=world.agency, cases=world.cases, clock=world.clock, orders=world.orders
    )
    return done["files"], done["held"]
