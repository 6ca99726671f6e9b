"""Money for a case: allocated by the law, booked once, and the end when all is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.case import Closure
from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.law.allocation import Allocation
from sovinto.domain.ledger import balance_of
from sovinto.domain.money import Money
from sovinto.entry.client_case import case_model
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ports import Change
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.debtor_page import open_page

from tests.support.books import by_account, by_kind, check_books
from tests.support.moves import answer, begin_card, hear, object_to, owed, pay
from tests.support.race import RacingTable
from tests.support.world import World


def test_paying_everything_closes_the_case_and_nothing_follows() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    recorded = pay(world, case, owed(world, case))
    assert recorded.is_closed
    world.dispatch()
    story = world.live(case.case_id, 60)
    assert story == [("2026-01-05", "send_reminder")]
    closed = world.cases.load(case.case_id)
    assert (closed.closure, closed.closed_at) == (Closure.PAID, closed.placed_at + timedelta(days=3))
    assert balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)).total.minor == 0
    check_books(world.ledger())


def test_the_debtor_is_thanked_with_what_is_left() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    before = owed(world, case)
    pay(world, case, 1_000)
    (thanks,) = world.messages(case.case_id, "payment_received")
    left = before - 1_000
    assert dict(thanks.facts) == {
        "amount": "10.00 EUR",
        "balance": f"{left // 100}.{left % 100:02d} EUR",
        "received_on": "2026-01-05",
    }


def test_a_part_payment_leaves_the_rest_and_the_timeline_goes_on() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    before = owed(world, case)
    recorded = pay(world, case, 3_000)
    assert not recorded.is_closed
    assert owed(world, case) == before - 3_000
    assert [step for _, step in world.live(case.case_id, 60)][:3] == [
        "send_reminder",
        "remind_by_sms",
        "send_demand",
    ]


def test_too_much_waits_to_be_given_back() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    all_of_it = owed(world, case)
    recorded = pay(world, case, all_of_it + 250)
    assert recorded.is_closed
    assert recorded.allocation is not None
    assert recorded.allocation.over.minor == 250
    sums = by_account(world.ledger())
    assert sums[f"refunds:{case.case_id}"] == -250
    assert sums[f"client:{case.client_id}:payable"] == -all_of_it
    check_books(world.ledger())


def test_money_after_the_end_is_all_to_be_given_back() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    pay(world, case, owed(world, case))
    world.clock.advance(days=10)
    late = pay(world, case, 500, name="pay_2")
    assert not late.is_closed, "it was closed before"
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == -500
    assert len(world.messages(case.case_id, "payment_received")) == 1
    check_books(world.ledger())


def test_paying_the_letters_total_by_its_date_settles_the_case() -> None:
    """Interest stops at the letter: the debtor did as it asked, and every class is paid in full."""
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    (reminder,) = world.messages(case.case_id, "reminder")
    assert reminder.letter is not None
    billed = reminder.letter.total.minor
    assert owed(world, case) > billed
    recorded = pay(world, case, billed)
    assert recorded.is_closed
    assert recorded.allocation is not None
    assert recorded.allocation.over.minor == 0
    assert sum(amount.minor for _, amount in recorded.allocation.parts) == billed
    check_books(world.ledger())


def test_what_is_paid_as_billed_is_shown_as_paid_to_the_client() -> None:
    """Interest of the days between letter and payment is owed by nobody, and told to nobody."""
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    (reminder,) = world.messages(case.case_id, "reminder")
    assert reminder.letter is not None
    pay(world, case, reminder.letter.total.minor)
    world.clock.advance(days=30)
    file = world.cases.file(case.case_id)
    rules, wake = rules_for(file.case), world.wakes.of(case.case_id)
    model = case_model(file, rules, wake, owner="", today=world.clock.now().date())
    assert model["total"].minor == 0
    assert all(amount.minor == 0 for _, amount in model["classes"])
    assert sum(line.amount.minor for line in model["lines"]) == 0 and model["lines"]
    assert [line.detail for line in model["lines"] if line.kind == "payment"] == [""]


def test_one_cent_less_than_billed_is_a_part_payment() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    (reminder,) = world.messages(case.case_id, "reminder")
    assert reminder.letter is not None
    assert not pay(world, case, reminder.letter.total.minor - 1).is_closed
    assert owed(world, case) > 0


def test_the_billed_total_after_its_date_is_a_part_payment() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 40)
    (reminder,) = world.messages(case.case_id, "reminder")
    assert reminder.letter is not None
    assert world.clock.now().date() > reminder.letter.payment.pay_by
    assert not pay(world, case, reminder.letter.total.minor).is_closed


def test_money_that_counts_from_an_earlier_day_takes_back_interest() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 20)
    posted = [e for e in world.cases.entries(case.case_id) if e.kind == "interest_accrued"]
    pay(world, case, 5_000, on=date(2026, 1, 6))
    after = [e for e in world.cases.entries(case.case_id) if e.kind == "interest_accrued"]
    (taken_back,) = [e for e in after if e not in posted]
    account = f"debtor:{case.case_id}:interest"
    assert taken_back.amount_on(account, "EUR").minor < 0
    assert owed(world, case) == view_total(world, case)
    check_books(world.ledger())


def view_total(world: World, case: object) -> int:
    page = open_page(case.case_id, cases=world.cases, clock=world.clock)  # type: ignore[attr-defined]
    return sum(line.amount.minor for line in page.debt.lines)


def test_the_same_bank_money_is_booked_once() -> None:
    world = World()
    case = world.place()
    assert not pay(world, case, 1_000).is_repeat
    assert pay(world, case, 1_000).is_repeat
    assert by_account(world.ledger())["bank:collection"] == 1_000


def test_twins_book_the_money_once() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    table.before = [lambda: pay(world, case, 1_000)]
    assert pay(world, case, 1_000).is_repeat
    assert by_account(world.ledger())["bank:collection"] == 1_000


def test_two_payments_at_once_are_both_booked() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    table.before = [lambda: pay(world, case, 1_000, name="pay_other")]
    assert not pay(world, case, 2_000).is_repeat
    assert by_account(world.ledger())["bank:collection"] == 3_000
    check_books(world.ledger())


def test_a_card_payment_is_heard_three_times_and_booked_once() -> None:
    world = World()
    case = world.place()
    page = begin_card(world, case, 4_000)
    webhook = world.gateway.pay(page)
    assert [hear(world, webhook) for _ in range(3)] == ["recorded", "repeated", "repeated"]
    assert by_account(world.ledger())["psp:sandbox"] == 4_000


def test_a_payout_is_noted_once_and_other_news_is_passed_over() -> None:
    world = World()
    case = world.place()
    page = begin_card(world, case, 4_000)
    hear(world, world.gateway.pay(page))
    payout = world.gateway.close_day()
    assert [hear(world, payout) for _ in range(2)] == ["noted", "repeated"]
    other = begin_card(world, case, 1_000)
    assert hear(world, world.gateway.expire(other)) == "ignored"


def test_news_of_a_payment_that_nobody_began_is_refused() -> None:
    world, stranger = World(), World()
    case = stranger.place()
    page = begin_card(stranger, case, 100)
    with pytest.raises(InvalidInput, match="no payment that was begun here"):
        hear(world, stranger.gateway.pay(page))


def test_a_card_payment_must_fit_the_debt() -> None:
    world = World()
    case = world.place()
    for minor in (0, -1, owed(world, case) + 1):
        with pytest.raises(InvalidInput, match="above zero and at most"):
            begin_card(world, case, minor)
    pay(world, case, owed(world, case))
    with pytest.raises(RuleRefused, match="nothing is owed"):
        begin_card(world, case, 1)


def test_money_is_taken_while_the_claim_is_disputed() -> None:
    """A debtor may pay what is not contested; paying is not giving up the objection."""
    world = World()
    case = world.place()
    object_to(world, case)
    pay(world, case, 1_000)
    stopped = world.cases.load(case.case_id)
    assert not stopped.may_be_contacted
    answer(world, case, "rejected")
    assert world.cases.load(case.case_id).may_be_contacted


def test_every_cent_goes_where_the_law_says() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 17)
    before = balance_of(case.case_id, "EUR", world.cases.entries(case.case_id))
    recorded = pay(world, case, 2_000)
    assert recorded.allocation is not None
    assert sum(amount.minor for _, amount in recorded.allocation.parts) == 2_000
    after = balance_of(case.case_id, "EUR", world.cases.entries(case.case_id))
    spent = {c: before.of(c).minor - after.of(c).minor for c in ClaimClass}
    assert after.of(recorded.allocation.parts[-1][0]).minor >= 0
    assert spent[ClaimClass.COST] == 0
    assert by_kind(world.ledger())["payable"] == -2_000


def test_money_that_overtook_older_money_is_given_back_not_lost() -> None:
    """Paid in two parts; the second counts from an earlier day and takes interest back."""
    world = World()
    case = world.place(principal=1_000_000)
    world.live(case.case_id, 60)
    pay(world, case, owed(world, case) - 1_000, name="pay_new")
    recorded = pay(world, case, 900_000, on=date(2026, 1, 6), name="pay_old")
    assert recorded.is_closed
    netted = (ClaimClass.INTEREST, Money(1_000, "EUR")), (ClaimClass.FEE, Money(-1_000, "EUR"))
    assert recorded.allocation == Allocation((), Money(900_000, "EUR"), netted)
    interest_paid_too_much = 14_356
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == -900_000 - interest_paid_too_much
    assert balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)) == Balance.zero("EUR")
    check_books(world.ledger())


@pytest.mark.parametrize("closure", [Closure.PAID, Closure.DISPUTE_UPHELD, Closure.WITHDRAWN])
def test_where_nothing_is_owed_any_more_late_money_is_given_back_whole(closure: Closure) -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 20)
    stored = world.cases.load(case.case_id)
    ended = replace(stored, closure=closure, closed_at=world.clock.now(), version=stored.version + 1)
    world.cases.commit(Change(case=ended))
    before = world.cases.entries(case.case_id)
    world.clock.advance(days=10)
    recorded = pay(world, case, 5_000, on=date(2026, 1, 6))
    assert recorded.allocation == Allocation((), Money(5_000, "EUR"))
    (entry,) = [e for e in world.cases.entries(case.case_id) if e not in before]
    assert {line.account for line in entry.lines} == {"bank:collection", f"refunds:{case.case_id}"}


def test_an_uncollectable_debt_may_still_be_paid() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 200)
    assert world.cases.load(case.case_id).closure is Closure.UNCOLLECTABLE
    recorded = pay(world, case, 5_000)
    assert recorded.allocation is not None
    assert sum(amount.minor for _, amount in recorded.allocation.parts) == 5_000


def test_the_fees_of_letters_after_the_day_the_whole_debt_was_paid_are_taken_back() -> None:
    """The bank tells late: the money had been there before the demand was sent."""
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    paid_on, minor = world.clock.now().date(), owed(world, case)
    world.live(case.case_id, 15)
    fees = [e.kind for e in world.cases.entries(case.case_id) if e.kind.startswith("fee_")]
    assert fees == ["fee_charged", "fee_charged"]
    assert pay(world, case, minor, on=paid_on).is_closed
    entries = world.cases.entries(case.case_id)
    (taken,) = [e for e in entries if e.kind == "fee_reversed"]
    assert balance_of(case.case_id, "EUR", entries) == Balance.zero("EUR")
    assert taken.amount_on(f"debtor:{case.case_id}:fee", "EUR").minor == -1_400
    check_books(world.ledger())


def test_the_fees_stay_where_the_money_was_less_than_the_debt_of_its_day() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    paid_on, minor = world.clock.now().date(), owed(world, case)
    world.live(case.case_id, 15)
    assert not pay(world, case, minor - 1_000, on=paid_on).is_closed
    assert not [e for e in world.cases.entries(case.case_id) if e.kind == "fee_reversed"]
