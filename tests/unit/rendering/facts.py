"""Letters and invoices to render in tests: the worked example E1 (100.00 due 2025-03-15)."""

from __future__ import annotations

from datetime import date

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debtor import Address
from sovinto.domain.explanation import Explanation
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, Party
from sovinto.domain.letter import Contact, DebtLine, Letter, PaymentDetails
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment
from sovinto.domain.remittance import Remittance, RemittanceLine
from sovinto.domain.vat_treatment import VatCategory, VatTreatment
from sovinto.ids import CaseId, ClientId, PaymentId

AGENCY = Contact(
    "Sovinto Perintä Oy",
    "2345671-3",
    Address("Esimerkkikatu 1", "00100", "Helsinki", "FI"),
    "apua@sovinto.example",
    "+358 9 000 0000",
)
CREDITOR = Contact(
    "Hammashoitola Hymy Oy",
    "1234567-1",
    Address("Mallitie 5", "33100", "Tampere", "FI"),
    "laskut@hymy.example",
    "+358 3 000 0000",
)


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def interest(reference: str, first: str, last: str, amount: str, unrounded: str) -> DebtLine:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    why = Explanation(
        "fi.reference_rate",
        "Korkolaki 633/1982 4 §; Korkolaki 633/1982 12 §",
        "base x (reference + margin) / 100 x days / 365",
        (
            ("base", "100.00"),
            ("reference", reference),
            ("margin", "7"),
            ("days", str((end - begin).days + 1)),
            ("from_on", first),
            ("to_on", last),
        ),
        unrounded,
    )
    rate = f"{int(reference[0]) + 7}{reference[1:]}"
    return DebtLine(ClaimClass.INTEREST, "interest", f"{rate} %, {first} – {last}", eur(amount), end, why)


def fee(kind: str, amount: str, on: str, statute: str) -> DebtLine:
    why = Explanation(
        f"fee.{kind}", statute, "amount of the band", (("principal", "100.00"), ("tariff", amount))
    )
    return DebtLine(ClaimClass.FEE, kind, "", eur(amount), date.fromisoformat(on), why)


LINES = (
    DebtLine(ClaimClass.PRINCIPAL, "principal", "Lasku 1001", eur("100.00"), date(2025, 3, 15)),
    interest("3.5", "2025-03-16", "2025-06-30", "3.08", "3.078082"),
    interest("2.5", "2025-07-01", "2025-09-30", "2.39", "2.394521"),
    fee("reminder_fee", "5.00", "2025-03-31", "Laki saatavien perinnästä 513/1999, 10 a §"),
    fee("demand_fee", "14.00", "2025-09-30", "Laki saatavien perinnästä 513/1999, 10 a §"),
    DebtLine(ClaimClass.PRINCIPAL, "payment", "", eur("-20.00"), date(2025, 5, 2)),
)
# Account, amount and date of this barcode are those of the payment details below.
BARCODE = "479440520200360820001044700000000868516259619897251014"


def payment(amount: str = "104.47") -> PaymentDetails:
    return PaymentDetails(
        payee=AGENCY.name,
        iban="FI7944052020036082",
        bic="HELSFIHH",
        reference="868516259619897",
        amount=eur(amount),
        pay_by=date(2025, 10, 14),
        barcode=BARCODE,
        epc_qr="BCD\n002\n1\nSCT\nHELSFIHH\nSovinto Perintä Oy\nFI7944052020036082\n"
        "EUR104.47\n\n868516259619897",
    )


def plan(count: int) -> tuple[Instalment, ...]:
    parts = eur("104.47").split(count)
    return tuple(
        Instalment(number, date(2025, 10 + (number - 1) % 3, 15), part)
        for number, part in enumerate(parts, start=1)
    )


def letter(template: str = "demand", language: str = "fi", name: str = "Aino Äyräpää") -> Letter:
    return Letter(
        template=template,
        language=language,
        case_reference="S-2025-001234",
        written_on=date(2025, 9, 30),
        agency=AGENCY,
        creditor=CREDITOR,
        debtor_name=name,
        debtor_address=Address("Kotikatu 7 B 12", "20100", "Turku", "FI"),
        is_consumer=True,
        lines=LINES,
        total=eur("104.47"),
        payment=payment(),
        page_url="https://sivut.sovinto.example/d/8f3kq9t2m7",
        access_code="K7QM4XTP",
        object_by=date(2025, 10, 14),
        ground="Hammashoito 1.3.2025, lasku 1001",
        instalments=plan(3) if template == "plan_confirmation" else (),
        offers=(plan(2), plan(3)) if template == "plan_offer" else (),
        announced=eur("40.00") if template == "notice" else None,
    )


def fee_invoice() -> FeeInvoice:
    vat = VatTreatment(VatCategory.STANDARD, "25.5", "Arvonlisäverolaki 1501/1993 84 §")
    lines = (FeeInvoiceLine("Aloitusmaksu, hyväksytty toimeksianto", 182, eur("4.90"), vat),)
    return FeeInvoice(
        number=17,
        client_id=ClientId("cli_1"),
        invoiced_on=date(2025, 9, 30),
        due_on=date(2025, 10, 14),
        period_from=date(2025, 9, 1),
        period_to=date(2025, 9, 30),
        seller=Party(AGENCY),
        buyer=Party(CREDITOR),
        lines=lines,
        payment_iban="FI7944052020036082",
        payment_bic="HELSFIHH",
        payment_reference="868516259619897",
    )


def remittance(count: int = 3) -> Remittance:
    lines = tuple(
        RemittanceLine(
            CaseId(f"case_{number:026d}"),
            f"10{number:02d}",
            PaymentId(f"pay_{number}"),
            date(2025, 9, 1 + number % 28),
            eur("104.47"),
            eur("19.00"),
        )
        for number in range(count)
    )
    return Remittance(
        remittance_id="REM20250930CLI1",
        client_id=ClientId("cli_1"),
        made_on=date(2025, 9, 30),
        agency=AGENCY,
        client=CREDITOR,
        iban="FI2112345600000785",
        bic="NDEAFIHH",
        lines=lines,
        collected=Money(10447 * count, "EUR"),
        retained=Money(1900 * count, "EUR"),
        net=Money(8547 * count, "EUR"),
    )
