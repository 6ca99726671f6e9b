"""Money that goes back: the books, the case it had paid, what the client gets, and the debtor told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.case import Closure
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.ledger import Entry, balance_of, fold
from sovinto.domain.money import Money
from sovinto.domain.settling import covered_since
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId
from sovinto.ports import Change, Guard
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.hear_gateway import hear_gateway
from sovinto.usecases.remit_to_client import MAX_LINES
from sovinto.usecases.reverse_payment import reverse_payment

from tests.support.books import by_account, check_books
from tests.support.happenings import stopping
from tests.support.moves import agree, begin_card, hear, owed, pay, take_back
from tests.support.outside import PlainPress
from tests.support.stored import all_events
from tests.support.world import CLIENT, World

PAYABLE = f"client:{CLIENT.client_id}:payable"


def entries(world: World, kind: str) -> list[Entry]:
    (case,) = world.cases.of_client(CLIENT.client_id)
    return [entry for entry in world.cases.entries(case.case_id) if entry.kind == kind]


def told(world: World) -> dict[str, str]:
    (event,) = [e for e in all_events(world.table) if e.type == "payment.reversed"]  # type: ignore[arg-type]
    return dict(event.data)


def test_the_entry_is_the_exact_opposite_and_counts_from_the_same_day() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 20)
    pay(world, case, 5_000, on=date(2026, 1, 10))
    world.clock.advance(days=9)
    take_back(world, case, "pay_1")
    (came,), (went,) = entries(world, "payment_allocated"), entries(world, "payment_reversed")
    assert set(fold([came, went]).values()) == {0}
    assert (went.reverses, went.value_on, went.source) == (came.entry_id, came.value_on, "pay_1")
    check_books(world.ledger())


def test_a_repeat_changes_nothing() -> None:
    world = World()
    case = world.place()
    pay(world, case, 5_000)
    assert not take_back(world, case, "pay_1").is_repeat
    before = world.cases.load(case.case_id)
    assert take_back(world, case, "pay_1").is_repeat
    assert world.cases.load(case.case_id) == before


def test_a_case_that_it_had_paid_goes_on_after_its_last_step() -> None:
    """No letter twice and none left out; the debtor hears of it first."""
    world, other = World(), World()
    case, twin = world.place(), other.place()
    world.live(case.case_id, 10)
    other.live(twin.case_id, 10)
    pay(world, case, owed(world, case))
    world.drive(case.case_id)
    done, back_on = take_back(world, case, "pay_1"), world.clock.now().date()
    assert done.is_reopened
    stored = world.cases.load(case.case_id)
    assert (stored.closure, stored.closed_at) == (None, None)
    assert world.wakes.due(world.clock.now(), 10)[0].case_id == case.case_id
    assert [s.value for s in world.dispatch()].count("sent") == 2, "thanks, and that it went back"
    (sent,) = world.messages(case.case_id, "payment_reversed")
    assert f"balance={Money(owed(world, case), 'EUR').decimal()} EUR" in sent.text
    done_before = len(world.story(case.case_id))
    steps = [step for _, step in world.live(case.case_id, 90)]
    assert steps == [step for _, step in other.live(twin.case_id, 90)]
    day, _ = world.story(case.case_id)[done_before]
    assert date.fromisoformat(day) >= back_on + timedelta(days=14), "time to answer comes first"
    assert told(world)["outcome"] == "reopened"


def test_the_plan_that_it_had_kept_is_active_again() -> None:
    world = World()
    case = world.place(principal=60_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    pay(world, case, owed(world, case))
    assert world.cases.load(case.case_id).plan == replace(plan, status="kept")
    take_back(world, case, "pay_1")
    assert world.cases.load(case.case_id).plan == plan
    assert world.drive(case.case_id) == "instalment_not_due"


@pytest.mark.parametrize("is_all", [True, False])
def test_an_instalment_that_is_overdue_again_has_its_grace_anew(is_all: bool) -> None:
    world = World()
    case = world.place(principal=60_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    first = plan.instalments[0]
    world.clock.advance(minutes=1)
    pay(world, case, owed(world, case) if is_all else first.amount.minor)
    while world.clock.now().date() < first.due_on + timedelta(days=10):
        world.live(case.case_id, 1)
    take_back(world, case, "pay_1")
    back_on = world.clock.now().date()
    again = world.cases.load(case.case_id).plan
    assert again is not None
    assert (again.is_active, again.reopened_on) == (True, back_on)
    _, rules = facts_of(case.case_id, world.cases, world.clock.now())
    grace = rules.policy.plan.grace_days
    while world.clock.now().date() <= back_on + timedelta(days=grace):
        world.live(case.case_id, 1)
        kept = world.cases.load(case.case_id).plan
        assert kept is not None and kept.is_active
    world.live(case.case_id, 4)
    broken = world.cases.load(case.case_id).plan
    assert broken is not None and broken.status == "broken"


def test_money_from_before_the_plan_that_goes_back_leaves_the_plan_as_kept() -> None:
    world = World()
    case = world.place(principal=60_000)
    pay(world, case, 9_000, name="early")
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    world.clock.advance(minutes=1)
    pay(world, case, plan.instalments[0].amount.minor, name="pay_1")
    world.clock.advance(minutes=1)
    take_back(world, case, "early")
    facts, _ = facts_of(case.case_id, world.cases, world.clock.now())
    assert covered_since(facts, plan.agreed_at) == plan.instalments[0].amount
    now = world.cases.load(case.case_id).plan
    assert now is not None and now.reopened_on is None


def test_fees_that_a_late_payment_took_back_are_owed_again() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    paid_on, minor = world.clock.now().date(), owed(world, case)
    world.live(case.case_id, 15)
    before = owed(world, case)
    assert pay(world, case, minor, on=paid_on).is_closed
    take_back(world, case, "pay_1")
    assert owed(world, case) == before
    assert pay(world, case, minor, on=paid_on, name="pay_2").is_closed, "and once more"
    check_books(world.ledger())


@pytest.mark.parametrize("closure", [Closure.WITHDRAWN, Closure.INSOLVENT, Closure.DEBTOR_DIED])
def test_a_case_that_ended_otherwise_stays_closed(closure: Closure) -> None:
    world = World()
    case = world.place()
    pay(world, case, 2_000)
    stopping(closure)(world, world.cases.load(case.case_id))
    done = take_back(world, case, "pay_1")
    assert not done.is_reopened
    assert world.cases.load(case.case_id).closure is closure
    assert told(world)["outcome"] == "stays_closed"
    assert not world.messages(case.case_id, "payment_reversed")
    check_books(world.ledger())


def test_what_waited_to_be_refunded_goes_first_and_a_paid_case_stays_paid() -> None:
    world = World()
    case = world.place()
    pay(world, case, owed(world, case) + 700)
    assert not take_back(world, case, "pay_1", 700).is_reopened
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == 0
    assert not world.messages(case.case_id, "payment_reversed")


def test_parts_go_back_last_allocated_first() -> None:
    """What the law used up last comes back first; piece by piece it is the whole."""
    world = World()
    case = world.place()
    world.live(case.case_id, 20)
    minor = owed(world, case)
    pay(world, case, minor)
    (came,) = entries(world, "payment_allocated")
    before = balance_of(case.case_id, "EUR", world.cases.entries(case.case_id))
    assert before.total.minor == 0
    take_back(world, case, "pay_1", 1_000, name="a")
    take_back(world, case, "pay_1", minor - 1_200, name="b")
    with pytest.raises(InvalidInput, match=r"at most 2\.00"):
        take_back(world, case, "pay_1", 201, name="c")
    take_back(world, case, "pay_1", name="c")
    went = [e for e in entries(world, "payment_reversed") if e.reverses == came.entry_id]
    assert len(went) == 3
    assert set(fold([came, *went]).values()) == {0}
    assert owed(world, case) == minor
    check_books(world.ledger())


def test_money_of_another_case_or_nobodys_is_not_found() -> None:
    world = World()
    case = world.place()
    with pytest.raises(NotFound):
        take_back(world, case, "pay_1")


@pytest.mark.parametrize(("minor", "reason"), [(0, "returned"), (-5, "returned"), (100, "whim")])
def test_bad_input_is_refused(minor: int, reason: str) -> None:
    world = World()
    case = world.place()
    pay(world, case, 5_000)
    with pytest.raises(InvalidInput):
        reverse_payment(
            PaymentId("pay_1"),
            case.case_id,
            amount=Money(minor, "EUR"),
            on=world.clock.now().date(),
            reason=reason,
            guard=Guard("SEEN#bank", "x"),
            cases=world.cases,
            clock=world.clock,
        )


def test_before_it_is_remitted_the_client_gets_less() -> None:
    world = World()
    case = world.place()
    pay(world, case, 4_000)
    take_back(world, case, "pay_1", 1_000, name="a")
    (payable,) = world.clients.payables(CLIENT.client_id)
    assert payable.collected.minor == 3_000
    world.pay_clients()
    assert isinstance(world.press, PlainPress)
    assert world.press.remittances[-1].net.minor == 3_000
    other = world.place(reference="B")
    pay(world, other, 500, name="pay_b")
    take_back(world, other, "pay_b", name="b")
    assert world.clients.payables(CLIENT.client_id) == ()
    check_books(world.ledger())


def test_a_payable_that_shrank_since_it_was_read_is_not_remitted_whole() -> None:
    """The run read it before the money went back: it pays nothing of it, the next run what is left."""
    world = World()
    case = world.place()
    pay(world, case, 4_000)
    stale = world.clients.payables(CLIENT.client_id)
    take_back(world, case, "pay_1", 1_000, name="a")
    fresh, world.clients.payables = world.clients.payables, lambda client_id: stale  # type: ignore[method-assign]
    assert world.pay_clients()["remittances"] == 0
    world.clients.payables = fresh  # type: ignore[method-assign]
    assert world.pay_clients()["remittances"] == 1
    assert by_account(world.ledger())["bank:in_transit"] == -3_000


def test_after_it_was_remitted_the_next_remittance_nets_it() -> None:
    world = World()
    case, other = world.place(principal=50_000), world.place(reference="B", principal=50_000)
    pay(world, case, 4_000)
    world.pay_clients()
    take_back(world, case, "pay_1")
    assert world.pay_clients()["remittances"] == 0, "never a negative transfer: it waits"
    pay(world, other, 3_000, name="pay_b")
    assert world.pay_clients()["remittances"] == 0
    pay(world, other, 2_500, name="pay_c")
    assert world.pay_clients()["remittances"] == 1
    assert isinstance(world.press, PlainPress)
    made = world.press.remittances[-1]
    assert made.net.minor == 1_500
    assert [(line.payment_id, line.net.minor) for line in made.lines] == [
        ("pay_1", -4_000),
        ("pay_b", 3_000),
        ("pay_c", 2_500),
    ]
    assert by_account(world.ledger())[PAYABLE] == 0
    assert by_account(world.ledger())["bank:in_transit"] == -5_500
    check_books(world.ledger())


def test_retained_fees_come_back_with_their_vat() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 17)
    minor = owed(world, case)
    pay(world, case, minor)
    world.pay_clients()
    take_back(world, case, "pay_1")
    pay(world, case, minor, name="pay_2")
    assert world.pay_clients() == {"remittances": 1, "fee_invoices": 0, "bank_files": 0}
    sums = by_account(world.ledger())
    assert sums[PAYABLE] == 0
    assert sums["vat:output"] + sums["income:collection_fees"] == -(500 + 1_400)
    check_books(world.ledger())


def test_many_claw_backs_are_netted_over_several_statements_and_nothing_is_overpaid() -> None:
    world = World()
    case = world.place(principal=10_000_000)
    count = MAX_LINES + 5
    for number in range(count):
        pay(world, case, 1_000, name=f"pay_{number}")
    world.pay_clients()
    sent = -by_account(world.ledger())["bank:in_transit"]
    for number in range(count):
        take_back(world, case, f"pay_{number}", name=f"back_{number}")
    for number in range(2 * MAX_LINES):
        pay(world, case, 600, name=f"new_{number}")
    world.pay_clients()
    assert isinstance(world.press, PlainPress)
    assert all(made.net.minor >= 0 for made in world.press.remittances)
    assert all(len(made.lines) <= MAX_LINES + 1 for made in world.press.remittances)
    assert -by_account(world.ledger())["bank:in_transit"] - sent == 2 * MAX_LINES * 600 - count * 1_000
    assert by_account(world.ledger())[PAYABLE] == 0
    assert world.clients.payables(CLIENT.client_id) == ()
    check_books(world.ledger())


def by_card(world: World, minor: int) -> tuple[str, str]:
    world.gateway.now = int(world.clock.now().timestamp())
    case = world.place()
    checkout = begin_card(world, case, minor)
    hear(world, world.gateway.pay(checkout))
    return case.case_id, checkout


def test_a_chargeback_takes_the_money_from_the_provider_once() -> None:
    world = World()
    case_id, checkout = by_card(world, 4_000)
    back = world.gateway.dispute(checkout)
    assert [hear(world, back), hear(world, back)] == ["reversed", "repeated"]
    sums = by_account(world.ledger())
    assert (sums["psp:sandbox"], sums[PAYABLE]) == (0, 0)
    assert told(world)["reason"] == "chargeback"
    assert world.clients.payables(CLIENT.client_id) == ()
    assert owed(world, world.cases.load(case_id)) > 4_000  # type: ignore[arg-type]


def test_what_was_refunded_and_then_charged_back_is_taken_once_each() -> None:
    world = World()
    _, checkout = by_card(world, 4_000)
    assert hear(world, world.gateway.refund(checkout, Money(1_500, "EUR"))) == "reversed"
    assert hear(world, world.gateway.dispute(checkout)) == "reversed"
    assert by_account(world.ledger())["psp:sandbox"] == 0


def test_a_chargeback_that_overtakes_its_payment_is_told_again_later() -> None:
    world = World()
    world.gateway.now = int(world.clock.now().timestamp())
    checkout = begin_card(world, world.place(), 4_000)
    came, went = world.gateway.pay(checkout), world.gateway.dispute(checkout)
    with pytest.raises(NotFound):
        hear(world, went)
    assert [hear(world, came), hear(world, went)] == ["recorded", "reversed"]


@pytest.mark.parametrize("kind", [GatewayEventType.DISPUTE_WON, GatewayEventType.REFUND_FAILED])
def test_money_that_the_provider_gives_again_is_a_payment_of_its_own(kind: GatewayEventType) -> None:
    world = World()
    case_id, checkout = by_card(world, 4_000)
    hear(world, world.gateway.dispute(checkout))
    (payment,) = {e.source for e in entries(world, "payment_allocated")}
    won = GatewayEvent(
        "evt_won", kind, PaymentId(payment), checkout, Money(4_000, "EUR"), world.clock.now()
    )
    heard = [hear_gateway("sandbox", won, cases=world.cases, clock=world.clock) for _ in range(2)]
    assert heard == ["recorded", "repeated"]
    (payable,) = world.clients.payables(CLIENT.client_id)
    assert (payable.collected.minor, payable.again_of) == (4_000, payment)
    assert by_account(world.ledger())["psp:sandbox"] == 4_000
    assert len(entries(world, "payment_allocated")) == 2
    check_books(world.ledger())
    assert world.cases.load(case_id).is_open  # type: ignore[arg-type]


def test_two_reversals_that_meet_both_count() -> None:
    world = World()
    case = world.place()
    pay(world, case, 3_000)
    world.clock.advance(days=1)
    take_back(world, case, "pay_1", 1_000, name="a")
    take_back(world, case, "pay_1", 2_000, name="b")
    assert [e.amount_on("bank:collection", "EUR").minor for e in entries(world, "payment_reversed")] == [
        -1_000,
        -2_000,
    ]


def test_a_credit_that_became_a_refund_is_credit_again_when_the_case_is_open_again() -> None:
    """Settled with more than was owed: the surplus of the end is undone with it."""
    world = World()
    case = world.place()
    world.drive(case.case_id)
    minor = owed(world, case)
    pay(world, case, minor - 100)
    stored = world.cases.load(case.case_id)
    fee = next(e for e in world.cases.entries(case.case_id) if e.kind == "fee_charged")
    taken = replace(
        fee,
        entry_id=type(fee.entry_id)("ent_taken"),
        kind="fee_reversed",
        posted_at=world.clock.now() + timedelta(seconds=1),
        lines=tuple(replace(line, amount=-line.amount) for line in fee.lines),
        reverses=fee.entry_id,
    )
    world.cases.commit(Change(case=replace(stored, version=stored.version + 1), entries=(taken,)))
    world.clock.advance(hours=1)
    world.drive(case.case_id)
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == -400
    assert not take_back(world, case, "pay_1", 100, name="a").is_reopened, "still more than was owed"
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == -300
    assert take_back(world, case, "pay_1", name="b").is_reopened
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == 0
    assert owed(world, case) == minor - 500
    check_books(world.ledger())
