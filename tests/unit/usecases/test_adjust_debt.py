"""Credit notes and payments to the client: the case is priced anew at once, and each counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sovinto.domain.case import Case, Claim, Closure
from sovinto.domain.communication import SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.ledger import balance_of
from sovinto.domain.money import Money
from sovinto.errors import IdempotencyKeyReused, InvalidInput, NotFound, RuleRefused, UpstreamRefused
from sovinto.ids import ClientId
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.debtor_page import open_page
from sovinto.usecases.place_case import Request

from tests.support.books import by_account, check_books
from tests.support.moves import agree, owed, pay
from tests.support.race import RacingTable
from tests.support.world import CLIENT, World

DUE = date(2025, 11, 1)
BUSINESS = {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"}


def credit(world: World, case: Case, minor: int, on: date | None = None, **changed: Any) -> Case:
    asked: dict[str, Any] = {
        "client_id": CLIENT.client_id,
        "invoice_number": case.claims[0].invoice_number,
        "amount": Money(minor, "EUR"),
        "on": on or world.clock.now().date(),
        "reference": "CN-1",
    }
    return credit_note(case.case_id, **asked | changed, cases=world.cases, clock=world.clock)


def paid_direct(world: World, case: Case, minor: int, on: date | None = None, **changed: Any) -> Case:
    asked: dict[str, Any] = {
        "client_id": CLIENT.client_id,
        "amount": Money(minor, "EUR"),
        "on": on or world.clock.now().date(),
        "reference": "DP-1",
    }
    return direct_payment(case.case_id, **asked | changed, cases=world.cases, clock=world.clock)


def balance(world: World, case: Case) -> Any:
    return balance_of(case.case_id, "EUR", world.cases.entries(case.case_id))


def fresh(world: World, case: Case) -> Case:
    return world.cases.load(case.case_id)


def two_claims(world: World) -> Case:
    placement = world.placement()
    claims = (
        Claim("I-old", date(2025, 9, 1), Money(10_000, "EUR"), None),
        Claim("I-new", DUE, Money(20_000, "EUR"), None),
    )
    receipt = world.hand_over(replace(placement, claims=claims), Request("k", "d"))
    return world.cases.load(receipt.case_id)


def test_a_credit_note_from_the_start_prices_the_case_as_if_it_had_been_lower() -> None:
    world = World()
    high, low = (
        world.place(principal=50_000),
        world.place(reference="LOW", principal=30_000, name="Liisa Toinen"),
    )
    for case in (high, low):
        world.drive(case.case_id)
    world.clock.advance(days=20)
    for case in (high, low):
        world.drive(case.case_id)
    credit(world, high, 20_000, on=DUE)
    assert owed(world, high) == owed(world, low)
    assert fresh(world, high).principal == low.principal
    check_books(world.ledger())


def test_a_credit_note_counts_from_its_day_on() -> None:
    world = World()
    case, whole = world.place(principal=100_000), world.place(reference="W", principal=100_000)
    world.clock.advance(days=60)
    today = world.clock.now().date()
    credit(world, case, 50_000, on=today - timedelta(days=9))
    saved = owed(world, whole) - owed(world, case) - 50_000
    daily = (owed(world, whole) - 100_000) / 125
    assert abs(saved - 5 * daily) <= 2, "ten days at half the principal"


def test_a_fee_of_a_band_that_was_never_reached_is_charged_anew_lower() -> None:
    """FI 513/1999 10 a §: the demand costs by the principal, in bands."""
    world = World()
    case = world.place(principal=120_000, has_electronic_consent=True)
    world.live(case.case_id, 18)
    before = balance(world, case).fee.minor
    credit(world, case, 115_000, on=DUE)
    after = balance(world, case).fee.minor
    low = world.place(reference="LOW", principal=5_000, name="Liisa Toinen", has_electronic_consent=True)
    world.live(low.case_id, 18)
    assert after == balance(world, low).fee.minor < before
    entries = world.cases.entries(case.case_id)
    anew = [e for e in entries if e.kind == "fee_charged" and e.source]
    taken_back = [e for e in entries if e.kind == "fee_reversed"]
    assert len(anew) == len(taken_back) == 1
    assert anew[0].value_on == next(e for e in entries if e.entry_id == taken_back[0].reverses).value_on


def test_fees_before_the_day_of_the_credit_note_stay() -> None:
    world = World()
    case = world.place(principal=120_000, has_electronic_consent=True)
    world.live(case.case_id, 18)
    before = balance(world, case).fee.minor
    credit(world, case, 115_000)
    assert balance(world, case).fee.minor == before


def test_a_fee_that_was_charged_anew_is_taken_back_where_its_letter_never_leaves() -> None:
    world = World()
    case = world.place(principal=120_000, **BUSINESS)
    world.live(case.case_id, 10)
    world.drive(case.case_id)
    credit(world, case, 119_000, on=DUE)
    paid_direct(world, case, owed(world, case))
    world.dispatch()
    messages = world.cases.communications(case.case_id)
    withheld = [item.event_id for item in messages if item.state is SendingState.WITHHELD]
    entries = world.cases.entries(case.case_id)
    gone = {entry.reverses for entry in entries}
    standing = [e for e in entries if e.kind == "fee_charged" and e.entry_id not in gone]
    assert withheld and not [e for e in standing if e.event_id in withheld or e.source in withheld]


def test_nothing_left_after_a_credit_note_ends_the_case_and_its_planned_letters() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    world.clock.advance(hours=1)
    whole = credit(world, case, 10_000, on=DUE)
    assert whole.closure is None, "the reminder's fee is still owed"
    done = paid_direct(world, case, owed(world, case))
    assert (done.closure, world.wakes.of(case.case_id).wake_at) == (Closure.PAID, world.clock.now())
    assert SendingState.WITHHELD in world.dispatch()


def test_a_credit_note_is_about_one_invoice_and_at_most_what_is_left_of_it() -> None:
    world = World()
    case = two_claims(world)
    pay(world, case, 15_000 + owed(world, case) - 30_000)
    with pytest.raises(InvalidInput, match=r"at most 150\.00, what is left of invoice I-new"):
        credit(world, case, 15_001, invoice_number="I-new")
    with pytest.raises(InvalidInput, match=r"at most 0\.00"):
        credit(world, case, 1, invoice_number="I-old")
    with pytest.raises(InvalidInput, match="invoice_number I-none is not in this case"):
        credit(world, case, 1, invoice_number="I-none")
    assert credit(world, case, 15_000, invoice_number="I-new").closure is Closure.PAID


def test_a_direct_payment_lowers_the_debt_and_touches_no_money_of_ours() -> None:
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    before = owed(world, case)
    paid_direct(world, case, 10_000)
    assert owed(world, case) == before - 10_000
    sums = by_account(world.ledger())
    assert not [name for name, minor in sums.items() if minor and name.startswith(("bank", "psp"))]
    assert sums.get(f"client:{CLIENT.client_id}:payable", 0) == 0
    assert world.clients.payables(CLIENT.client_id) == ()
    check_books(world.ledger())


def test_a_direct_payment_that_is_told_late_counts_from_its_own_day() -> None:
    world = World()
    late, known = (
        world.place(principal=90_000),
        world.place(reference="K", principal=90_000, name="Liisa Toinen"),
    )
    paid_direct(world, known, 50_000, reference="K")
    world.clock.advance(days=50)
    world.drive(late.case_id)
    world.drive(known.case_id)
    paid_direct(world, late, 50_000, on=date(2026, 1, 5))
    assert abs(owed(world, late) - owed(world, known)) <= 1


def test_what_a_letter_asked_in_its_time_is_enough_to_the_client_too() -> None:
    world = World()
    case = world.place(principal=300_000)
    world.live(case.case_id, 1)
    asked = next(item.letter for item in world.messages(case.case_id, "reminder"))
    assert asked is not None
    world.clock.advance(days=4)
    assert owed(world, case) > asked.total.minor
    assert paid_direct(world, case, asked.total.minor).closure is Closure.PAID


def test_instalments_paid_to_the_client_keep_the_plan() -> None:
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    world.live(case.case_id, (plan.instalments[0].due_on - world.clock.now().date()).days)
    paid_direct(world, case, plan.instalments[0].amount.minor)
    world.live(case.case_id, 12)
    kept = fresh(world, case).plan
    assert kept is not None and kept.is_active
    done = paid_direct(world, case, owed(world, case), reference="DP-2")
    assert done.plan is not None and (done.closure, done.plan.status) == (Closure.PAID, "kept")


def test_a_credit_note_counts_towards_the_plan() -> None:
    """The first instalment is credited, so nobody has to pay it; the second is asked for in part."""
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    world.clock.advance(hours=1)
    credit(world, case, plan.instalments[0].amount.minor + 1_000, on=DUE)
    world.live(case.case_id, (plan.instalments[1].due_on - world.clock.now().date()).days + 1)
    kept = fresh(world, case).plan
    assert kept is not None and kept.is_active
    (sms,) = world.messages(case.case_id, "instalment_sms")
    assert sms.letter is not None
    assert sms.letter.payment.pay_by == plan.instalments[1].due_on
    less_interest = plan.instalments[1].amount.minor - 1_000
    assert less_interest - 1_000 < sms.letter.payment.amount.minor <= less_interest


def test_what_was_paid_too_much_is_refunded_when_a_credit_note_closes_the_case() -> None:
    world = World()
    case = world.place(principal=300_000)
    world.live(case.case_id, 3)
    pay(world, case, owed(world, case) - 100_500)
    world.clock.advance(hours=1)
    done = credit(world, case, 100_000, on=DUE)
    assert done.closure is Closure.PAID
    assert balance(world, case).total.minor == 0
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] < 0
    assert owed(world, case) == 0, "the page says what the books say"
    check_books(world.ledger())


def test_a_step_that_closes_a_case_in_credit_leaves_a_refund() -> None:
    """All but a euro is paid, then the fee of a letter that never left is taken back."""
    world = World()
    case = world.place(principal=30_000)
    world.drive(case.case_id)
    pay(world, case, owed(world, case) - 100)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    credit_left = -balance(world, case).total.minor
    assert credit_left > 0
    world.drive(case.case_id)
    assert (fresh(world, case).closure, balance(world, case).total.minor) == (Closure.PAID, 0)
    assert by_account(world.ledger())[f"refunds:{case.case_id}"] == -credit_left
    check_books(world.ledger())


def test_each_reference_counts_once_and_for_one_thing() -> None:
    world = World()
    case = world.place(principal=30_000)
    first = credit(world, case, 1_000, on=DUE)
    assert credit(world, case, 1_000, on=DUE).version == first.version
    with pytest.raises(IdempotencyKeyReused, match="CN-1 came before with other contents"):
        credit(world, case, 2_000, on=DUE)
    with pytest.raises(IdempotencyKeyReused):
        paid_direct(world, case, 1_000, on=DUE, reference="CN-1")
    whole = owed(world, case)
    assert paid_direct(world, case, whole).closure is Closure.PAID
    assert paid_direct(world, case, whole).closure is Closure.PAID, "a repeat, though the case is closed"
    assert len([e for e in world.cases.entries(case.case_id) if e.kind == "credit_note"]) == 1


def test_a_twin_that_was_faster_is_the_same_report() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    table.before = [lambda: paid_direct(world, case, 1_000)]
    paid_direct(world, case, 1_000)
    assert [e.kind for e in world.cases.entries(case.case_id)].count("payment_allocated") == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"amount": Money(0, "EUR")}, "amount must be above zero"),
        ({"amount": Money(100, "SEK")}, "amount must be in EUR"),
        ({"on": date(2026, 1, 6)}, "on must not lie ahead"),
        ({"reference": " "}, "reference must be 1 to 64"),
        ({"reference": "x" * 65}, "reference must be 1 to 64"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    world = World()
    case = world.place()
    for report in (credit, paid_direct):
        with pytest.raises(InvalidInput, match=message):
            report(world, case, 1_000, **changed)


def test_more_than_is_owed_is_not_a_payment_of_this_debt() -> None:
    world = World()
    case = world.place()
    whole = owed(world, case)
    with pytest.raises(InvalidInput, match=f"at most {Money(whole, 'EUR').decimal()}, what was owed on"):
        paid_direct(world, case, whole + 1)
    with pytest.raises(NotFound):
        paid_direct(world, case, 1, client_id=ClientId("cli_other"))
    paid_direct(world, case, whole)
    with pytest.raises(RuleRefused, match="closed"):
        paid_direct(world, case, 1, reference="DP-2")


def test_the_page_tells_of_the_credit_note() -> None:
    world = World()
    case = world.place()
    credit(world, case, 1_000, on=DUE)
    page = open_page(case.case_id, cases=world.cases, clock=world.clock)
    (line,) = [line for line in page.debt.lines if line.kind == "credit_note"]
    assert (line.amount.minor, line.on) == (-1_000, DUE)
    assert page.debt.total == balance(world, case).total
