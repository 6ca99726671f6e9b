"""Our invoices: what was agreed, once, with VAT by the two countries, and the papers that go with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from sovinto.domain.case import Step, StepRecord
from sovinto.domain.client import Client
from sovinto.domain.fees_agreed import Band, Bearer, FeesAgreed
from sovinto.domain.invoice import FeeInvoice
from sovinto.errors import InvalidInput
from sovinto.ports import Change
from sovinto.usecases.invoice_client import invoice_client
from sovinto.usecases.partly import PartlyFailed

from tests.support.books import by_account, check_books
from tests.support.invoicing import BUYER, INVOICED, means_of, take_back, ten_percent, world_with
from tests.support.moves import owed, pay
from tests.support.outside import PlainPress
from tests.support.race import RacingTable
from tests.support.world import World


def invoices(world: World) -> list[FeeInvoice]:
    assert isinstance(world.press, PlainPress)
    return world.press.invoices


def kinds(world: World) -> list[str]:
    made = world.clients.documents(BUYER.client_id)
    return sorted(item.kind for item in made if item.kind != "remittance_statement")


def test_commission_is_on_the_principal_that_was_collected() -> None:
    world = world_with(ten_percent())
    case = world.place()
    world.live(case.case_id, 17)
    pay(world, case, owed(world, case))
    world.clock.advance(days=20)
    world.pay_clients()
    (made,) = invoices(world)
    assert [(line.text, line.quantity, line.net.minor) for line in made.lines] == [
        ("setup_fee", 1, 1_000),
        ("commission", 1, 1_000),
    ]
    assert dict(made.lines[1].facts)["collected"] == "100.00 EUR", "fees and interest bear no commission"
    sums = by_account(world.ledger())
    assert sums[INVOICED] == made.gross.minor == 2_510
    assert (sums["income:setup_fees"], sums["income:commission"]) == (-1_000, -1_000)
    check_books([e for e in world.ledger() if e.kind != "fee_invoiced"])


def test_what_the_debtor_paid_of_our_fees_is_not_asked_of_the_client() -> None:
    world = world_with(ten_percent(bearer=Bearer.DEBTOR_FIRST))
    case = world.place(principal=30_000)
    world.live(case.case_id, 17)
    pay(world, case, owed(world, case))
    world.clock.advance(days=20)
    world.pay_clients()
    line = invoices(world)[0].lines[1]
    borne = 2_900 - round(2_900 * 255 / 1255)
    assert (line.text, line.net.minor) == ("commission_rest", 3_000 - borne)
    facts = dict(line.facts)
    assert (facts["commission"], facts["borne"]) == ("30.00 EUR", f"{borne / 100:.2f} EUR")


def test_a_debtor_who_bore_it_all_leaves_nothing_to_charge() -> None:
    world = world_with(ten_percent(bearer=Bearer.DEBTOR_FIRST))
    case = world.place()
    world.live(case.case_id, 17)
    pay(world, case, owed(world, case))
    world.clock.advance(days=20)
    world.pay_clients()
    assert [line.text for line in invoices(world)[0].lines] == ["setup_fee"]


def test_bands_count_case_by_case_over_its_whole_life() -> None:
    world = world_with(FeesAgreed((Band("20", 5_000), Band("10"))))
    case = world.place(principal=20_000)
    pay(world, case, 4_000, name="pay_a")
    world.clock.advance(days=28)
    pay(world, case, 4_000, name="pay_b")
    world.pay_clients()
    world.clock.advance(days=28)
    world.pay_clients()
    first, second = invoices(world)
    commission = [line.net.minor for made in (first, second) for line in made.lines if "comm" in line.text]
    entries = world.cases.entries(case.case_id)
    principal = -sum(
        line.amount.minor
        for entry in entries
        if entry.kind == "payment_allocated"
        for line in entry.lines
        if line.account.endswith(":principal")
    )
    assert sum(commission) == round(1_000 + (principal - 5_000) / 10)


def test_a_claw_back_becomes_a_credit_note_at_the_tax_of_the_invoice() -> None:
    world = world_with(ten_percent())
    case = world.place(principal=50_000)
    pay(world, case, 20_000, name="pay_a")
    world.clock.advance(days=30)
    world.pay_clients()
    take_back(world, case.case_id, "pay_a", "back")
    world.clock.advance(days=28)
    world.pay_clients()
    invoice, note = invoices(world)
    assert note.is_credit_note and note.credits is not None
    assert note.credits.number == invoice.number == 1
    (line,) = note.lines
    assert (line.text, line.net) == ("commission_back", invoice.lines[1].net)
    assert (note.number, note.vat_totals[0].treatment) == (2, invoice.vat_totals[0].treatment)
    sums = by_account(world.ledger())
    assert sums["income:commission"] == 0
    assert sums[INVOICED] == 1_255, "the set-up fee stays"
    assert world.pay_clients()["fee_invoices"] == 0
    assert kinds(world).count("credit_note") == 1
    (entry,) = [e for e in world.ledger() if e.kind == "fee_credited"]
    assert entry.reverses == next(e.entry_id for e in world.ledger() if e.kind == "fee_invoiced")


def test_no_commission_goes_back_that_was_never_invoiced() -> None:
    world = world_with()
    case = world.place(principal=50_000)
    pay(world, case, 20_000, name="pay_a")
    world.clock.advance(days=30)
    world.pay_clients()
    world.clients.save(replace(world.client, fees=ten_percent()))
    take_back(world, case.case_id, "pay_a", "back")
    world.clock.advance(days=28)
    assert world.pay_clients()["fee_invoices"] == 0


def test_a_legal_fee_for_each_case_handed_over() -> None:
    world = world_with(FeesAgreed(legal_fee_minor=9_000))
    case = world.place()
    handed = StepRecord(Step.HAND_TO_LEGAL, world.clock.now(), world.clock.now().date(), "performed")
    world.cases.commit(Change(case=replace(case.with_step(handed), version=case.version + 1)))
    world.clock.advance(days=30)
    world.pay_clients()
    assert [(line.text, line.net.minor) for line in invoices(world)[0].lines] == [
        ("setup_fee", 1_000),
        ("legal_fee", 9_000),
    ]
    assert by_account(world.ledger())["income:legal_fees"] == -9_000


def test_a_finnish_client_with_an_address_gets_pdf_peppol_and_finvoice() -> None:
    world = world_with()
    world.place()
    world.clock.advance(days=30)
    world.pay_clients()
    assert kinds(world) == ["fee_invoice", "fee_invoice_finvoice", "fee_invoice_ubl"]
    for item in world.clients.documents(BUYER.client_id):
        data = world.documents.read(item.file_key)
        assert (b"<Invoice" in data or b"<Finvoice" in data) == item.file_name.endswith(".xml")
    (made,) = invoices(world)
    assert (made.seller.vat_id, made.buyer.vat_id, made.buyer_reference) == (
        "FI21123456",
        "FI07375462",
        "PO-7",
    )


def test_a_client_abroad_with_a_vat_number_is_charged_none() -> None:
    abroad = replace(
        BUYER,
        vat_id="DE136695976",
        einvoice_address="9930:DE136695976",
        address=replace(BUYER.address, country="DE"),
    )
    world = world_with(client=abroad)
    world.place()
    world.clock.advance(days=30)
    world.pay_clients()
    (made,) = invoices(world)
    assert (made.vat.minor, made.vat_totals[0].treatment.reason_code) == (0, "VATEX-EU-AE")
    assert kinds(world) == ["fee_invoice", "fee_invoice_ubl"]


def test_a_vat_number_that_is_none_is_refused_before_anything_is_stored() -> None:
    world = world_with(client=replace(BUYER, vat_id="FI07375463"))
    world.place()
    world.clock.advance(days=30)
    with pytest.raises(PartlyFailed):
        world.pay_clients()
    assert world.clients.last_invoice_number() == 0


def test_months_that_could_not_be_invoiced_are_not_lost() -> None:
    world = world_with(client=replace(BUYER, vat_id="FI07375463"))
    world.place()
    for _ in range(6):
        world.clock.advance(days=31)
        with pytest.raises(PartlyFailed):
            world.pay_clients()
    world.clients.save(replace(world.clients.load(BUYER.client_id), vat_id="FI07375462"))
    assert world.pay_clients()["fee_invoices"] == 1
    assert [(made.period_to.isoformat(), made.net.minor) for made in invoices(world)] == [
        ("2026-01-31", 1_000)
    ]
    assert world.pay_clients()["fee_invoices"] == 0


ABROAD = replace(
    BUYER,
    vat_id="SE556703748501",
    einvoice_address="",
    address=replace(BUYER.address, country="SE"),
)


@pytest.mark.parametrize(
    ("client", "is_taxed"),
    [
        (BUYER, True),
        (ABROAD, False),
        (replace(ABROAD, vat_id=""), True),
        (replace(ABROAD, vat_id="SE1"), True),
    ],
    ids=["ours", "abroad", "abroad, no number", "abroad, a number that is none"],
)
def test_retained_fees_bear_the_vat_of_the_invoice(client: Client, *, is_taxed: bool) -> None:
    world = world_with(ten_percent(bearer=Bearer.DEBTOR_FIRST), client=client)
    case = world.place(principal=30_000)
    world.live(case.case_id, 17)
    pay(world, case, owed(world, case))
    world.clock.advance(minutes=1)
    with suppress(PartlyFailed):  # Our own invoice may be refused; the client's money is paid on.
        world.pay_clients()
    sums = by_account(world.ledger())
    tax = round(2_900 * 255 / 1255) if is_taxed else 0
    assert (sums.get("vat:output", 0), sums["income:collection_fees"]) == (-tax, tax - 2_900)
    if client.vat_id == "SE1":
        return
    world.clock.advance(days=20)
    world.pay_clients()
    line = invoices(world)[0].lines[1]
    assert (line.net.minor, line.vat.percent != "0") == (3_000 - (2_900 - tax), is_taxed)


def test_the_due_day_is_a_banking_day() -> None:
    world = world_with(FeesAgreed(payment_days=3))
    world.place()
    world.clock.advance(days=31)
    world.pay_clients()
    (made,) = invoices(world)
    assert (made.invoiced_on.isoformat(), made.due_on.isoformat()) == ("2026-02-05", "2026-02-09")


def test_a_twin_run_credits_once() -> None:
    table = RacingTable()
    world = world_with(ten_percent(), table=table)
    case = world.place(principal=50_000)
    pay(world, case, 20_000, name="pay_a")
    world.clock.advance(days=30)
    world.pay_clients()
    take_back(world, case.case_id, "pay_a", "back")
    world.clock.advance(days=28)

    def again() -> object:
        means = means_of(world)
        return invoice_client(
            world.clients.load(BUYER.client_id),
            agency=means.agency,
            press=means.press,
            documents=means.documents,
            cases=means.cases,
            clients=means.clients,
            clock=means.clock,
        )

    table.before = [again]
    again()
    again()
    assert by_account(world.ledger())["income:commission"] == 0
    assert [one.number for one in world.clients.invoices(BUYER.client_id)] == [1, 2]


@pytest.mark.parametrize(
    "bands",
    [
        (Band("10", 100),),
        (Band("10"), Band("5")),
        (Band("10", 200), Band("5", 100), Band("1")),
        (Band("101"),),
    ],
)
def test_bands_that_make_no_sense_are_refused(bands: tuple[Band, ...]) -> None:
    with pytest.raises(InvalidInput):
        FeesAgreed(bands)
