"""Cases in other countries: their references, who may be placed, and the letters between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.countries import load_pack
from sovinto.domain.case import Case, Step
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import Address, DebtorType
from sovinto.domain.law.kinds import LetterKind, ReferenceScheme
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.waits import response_days
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference
from sovinto.ids import CaseId
from sovinto.rendering.letter_facts import letter_facts
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.debtor_page import open_page
from sovinto.usecases.place_case import Request, reference_of

from tests.support.moves import begin_card, pay
from tests.support.outside import HandClock
from tests.support.world import CLIENT, World

MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
ABROAD = Address("Main Street 1", "12345", "Town", "SM")
WITH_CONSUMERS = ("DE", "DK", "EE", "NL", "NO", "SE")


def client_in(country: str, **changes: object) -> Client:
    currency = load_pack(country).currency
    fee = Money(1_000, currency)
    moved = replace(CLIENT, country=country, currency=currency, setup_fee=fee, language="en")
    return replace(moved, **changes)  # type: ignore[arg-type]


def world_in(country: str, **changes: object) -> World:
    return World(clock=HandClock(MONDAY), client=client_in(country, **changes), press=SovintoPress())


def placed(world: World, **changes: object) -> Case:
    given = {"address": ABROAD, "language": load_pack(world.client.country).languages[0]} | changes
    return world.place(principal=100_000, **given)


def amounts(world: World, case: Case) -> dict[str, int]:
    """Of each fee that was charged, in minor units."""
    return {
        entry.label: max(line.amount.minor for line in entry.lines)
        for entry in world.cases.entries(case.case_id)
        if entry.kind == "fee_charged"
    }


@pytest.mark.parametrize("scheme", ReferenceScheme)
def test_every_scheme_has_room_for_our_numbers(scheme: ReferenceScheme) -> None:
    """Always the same for a case, and right by its own check digits."""
    for number in range(200):
        made = reference_of(CaseId(f"case_{number}"), scheme)
        assert made == reference_of(CaseId(f"case_{number}"), scheme)
        assert payment_reference.check(made, scheme.value) is not None


@pytest.mark.parametrize("country", WITH_CONSUMERS)
def test_a_case_has_the_reference_of_its_country_and_is_found_by_it(country: str) -> None:
    world = world_in(country)
    case = placed(world)
    schemes = reference_schemes(load_pack(country), debtor_type=DebtorType.CONSUMER, on=MONDAY.date())
    checked = payment_reference.check(case.payment_reference, schemes.preferred.value)
    assert checked is not None
    written = [checked.text, checked.printed, payment_reference.normalise(checked.text)]
    for text in written:
        assert world.cases.by_payment_reference(text) == case.case_id


@pytest.mark.parametrize("country", WITH_CONSUMERS)
@pytest.mark.parametrize("debtor_type", DebtorType)
def test_a_case_left_alone_comes_to_its_end(country: str, debtor_type: DebtorType) -> None:
    """Every letter and message is really worded, in English where we do not write the language."""
    world = world_in(country)
    case = placed(world, debtor_type=debtor_type)
    days = world.live(case.case_id, 200)
    assert days[-1][1] == Step.CLOSE_CASE.value
    planned = {step.value for step in Step if step.value.startswith("send_")}
    letters = [step for _, step in days if step in planned]
    assert letters[0] == Step.SEND_REMINDER.value
    assert Step.SEND_DEMAND.value in letters
    assert all(record.outcome != "skipped" for record in world.cases.load(case.case_id).steps)


@pytest.mark.parametrize("country", ["DK", "NL", "NO"])
def test_a_notice_announces_what_the_next_letter_really_costs(country: str) -> None:
    world = world_in(country)
    case = placed(world)
    world.live(case.case_id, 90)
    (notice,) = world.messages(case.case_id, "notice")
    assert notice.letter is not None
    announced = notice.letter.announced
    assert announced is not None and announced.minor == amounts(world, case)["demand_fee"] > 0


def test_a_demand_in_estonia_costs_nothing_while_the_contract_may_still_run() -> None:
    """VÕS 113-2: 30, 40 or 50 euro only after its end, of which no case tells."""
    world = world_in("EE")
    case = placed(world)
    world.live(case.case_id, 90)
    assert len(world.messages(case.case_id, "demand")) == 1
    assert amounts(world, case) == {"reminder_fee": 500}


def test_a_part_payment_after_the_notice_leaves_the_fee_on_the_rest() -> None:
    """NL: 1000.00, of which 900.00 is paid after the 14-day letter: the least fee is due, not 150.00."""
    world = world_in("NL")
    case = placed(world)
    while not world.messages(case.case_id, "notice"):
        world.live(case.case_id, 1)
    pay(world, case, 90_000)
    world.live(case.case_id, 60)
    assert amounts(world, case) == {"demand_fee": 4_000}


@pytest.mark.parametrize(("is_vat_deductible", "fee"), [(True, 15_000), (False, 18_150)])
def test_who_cannot_deduct_vat_may_pass_it_on(is_vat_deductible: bool, fee: int) -> None:
    """NL: 15 % of the first 2500.00 euros, and 21 % VAT on it where the creditor cannot deduct it."""
    world = world_in("NL", is_vat_deductible=is_vat_deductible)
    case = placed(world)
    world.live(case.case_id, 90)
    assert amounts(world, case) == {"demand_fee": fee}


def test_a_letter_states_that_its_fee_holds_vat() -> None:
    """Besluit BIK art. 2(3): the creditor must say that it cannot deduct the tax."""
    said = {}
    for is_vat_deductible in (True, False):
        world = world_in("NL", is_vat_deductible=is_vat_deductible)
        case = placed(world)
        world.live(case.case_id, 90)
        (demand,) = world.messages(case.case_id, "demand")
        assert demand.letter is not None
        said[is_vat_deductible] = str(letter_facts(replace(demand.letter, language="en"))["rights"])
    assert "cannot deduct it" in said[False]
    assert "VAT" not in said[True]


def test_a_second_demand_follows_the_demand_with_its_own_fee() -> None:
    world = world_in("DE")
    case = placed(world)
    days = {step: day for day, step in world.live(case.case_id, 120)}
    assert days["send_demand"] < days["send_second_demand"] < days["evaluate"]
    assert len(world.messages(case.case_id, "second_demand")) == 1
    assert amounts(world, case)["second_demand_fee"] > 0


def test_a_debtor_the_country_has_no_rules_for_is_a_problem_of_the_placement() -> None:
    world = world_in("AT")
    placement = world.placement(address=ABROAD)
    with pytest.raises(InvalidInput) as refusal:
        world.hand_over(placement, Request("key", "digest"))
    assert refusal.value.field == "debtor_type"
    assert refusal.value.message == (
        "The debtor type must be business in AT, not consumer; leave this claim out, or correct the type."
    )


@pytest.mark.parametrize(("country", "is_code"), [("NL", True), ("DE", True), ("EE", True), ("SE", False)])
def test_the_slip_carries_what_the_countrys_banks_can_read(country: str, is_code: bool) -> None:
    """The QR code is for euros; a reference that is no RF goes into its text. No Finnish barcode."""
    world = world_in(country)
    case = placed(world)
    world.drive(case.case_id)
    (letter,) = [item.letter for item in world.messages(case.case_id, "reminder")]
    assert letter is not None
    payment = letter.payment
    assert payment.reference == case.payment_reference
    assert payment.barcode == ""
    assert (payment.reference in payment.epc_qr) is is_code
    assert bool(payment.epc_qr) is is_code


def test_a_text_message_repeats_the_letter_before_it() -> None:
    """It has no time to answer of its own: the law's days are those of the letter that came last."""
    world = world_in("NO")
    case = placed(world)
    world.live(case.case_id, 60)
    (text,) = world.messages(case.case_id, "reminder_sms")
    assert text.letter is not None
    days, _ = response_days(
        load_pack("NO"),
        LetterKind.REMINDER,
        DebtorType.CONSUMER,
        on=text.letter.written_on,
        channel=Channel.SMS,
    )
    assert text.letter.payment.pay_by == text.letter.written_on + timedelta(days=days)


def test_a_demand_without_the_notice_it_must_follow_is_not_needed() -> None:
    """NL: the notice goes by post only. Without an address it cannot go, so no demand may follow it;
    the case goes on to its end all the same."""
    world = world_in("NL")
    case = placed(world, address=None)
    days = world.live(case.case_id, 200)
    told = {record.step: record for record in world.cases.load(case.case_id).steps}
    for step in (Step.SEND_NOTICE, Step.SEND_DEMAND):
        assert (told[step].outcome, told[step].reason) == ("not_needed", "no_channel")
    assert days[-1][1] == Step.CLOSE_CASE.value
    assert amounts(world, case) == {}


@pytest.mark.parametrize(
    ("due_on", "is_refused"), [(date(2021, 12, 30), True), (date(2021, 12, 31), False)]
)
def test_a_claim_older_than_the_known_rates_is_refused_at_the_door(due_on: date, is_refused: bool) -> None:
    """Accepted, it would wait for law that never comes."""
    world = World()
    placement = world.placement()
    (claim,) = placement.claims
    old = replace(placement, claims=(replace(claim, due_on=due_on, invoiced_on=None),))
    if not is_refused:
        assert world.hand_over(old, Request("key", "digest")).case_id
        return
    with pytest.raises(InvalidInput, match="2021-12-31 or later in FI") as refusal:
        world.hand_over(old, Request("key", "digest"))
    assert refusal.value.field == "due_date"


def test_where_a_rate_is_missing_the_debtor_still_sees_the_debt_and_can_pay() -> None:
    """Interest stands still before the first day without a rate; no letter leaves on it."""
    world = World(clock=HandClock(datetime(2026, 12, 30, 10, tzinfo=UTC)))
    case = world.place(principal=10_000)
    shown = []
    for day in (datetime(2026, 12, 31, 10, tzinfo=UTC), datetime(2027, 1, 4, 10, tzinfo=UTC)):
        world.clock.at = day
        shown.append(open_page(case.case_id, cases=world.cases, clock=world.clock).debt.total)
    assert shown[0] == shown[1] > Money(10_000, "EUR")
    assert begin_card(world, case, 1_000)
    world.drive(case.case_id)
    assert world.messages(case.case_id, "reminder") == []
