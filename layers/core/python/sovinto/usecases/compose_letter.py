"""A letter's facts: the debt line by line, how to pay, how to object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.access_code import access_code
from sovinto.domain.agency import Agency
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel
from sovinto.domain.debt_lines import debt_view
from sovinto.domain.debtor import DebtorType
from sovinto.domain.facts import Rules
from sovinto.domain.law import waits
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.ledger import Entry
from sovinto.domain.letter import Letter, PaymentDetails
from sovinto.domain.money import Money
from sovinto.domain.reach import sent_letters
from sovinto.formats.barcode import bank_barcode
from sovinto.formats.epc_qr import epc_text
from sovinto.usecases.step_context import Sender


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which letter, on which day, by which channel.

    `kind` is the law's name for it; a message that has none repeats the letter sent last.
    """

    template: str
    on: date
    channel: Channel
    kind: LetterKind | None = None


def compose_letter(
    case: Case, entries: Sequence[Entry], client: Client, sender: Sender, rules: Rules, what: Occurrence
) -> Letter:
    """The letter as it will be sent. Raises LawMissing where no response time is known."""
    debt = debt_view(case, entries, rules.pack, rules.calendar, what.on)
    days, _ = waits.response_days(
        rules.pack,
        what.kind or _letter_before(case, rules),
        case.debtor.debtor_type,
        on=what.on,
        channel=what.channel,
    )
    pay_by = what.on + timedelta(days=days)
    return Letter(
        template=what.template,
        language=case.debtor.language,
        case_reference=case.number,
        written_on=what.on,
        agency=sender.agency.contact,
        creditor=client.contact,
        debtor_name=case.debtor.name,
        debtor_address=case.debtor.address,
        is_consumer=case.debtor.debtor_type is DebtorType.CONSUMER,
        lines=debt.lines,
        total=debt.total,
        payment=payment_details(case, sender, debt.total, pay_by),
        page_url=f"{sender.page_url}/d/{case.link_id}",
        access_code=access_code(sender.code_secret, case.case_id),
        object_by=pay_by,
        ground="; ".join(claim.text for claim in case.claims if claim.text),
    )


def _letter_before(case: Case, rules: Rules) -> LetterKind:
    """The letter whose time to answer runs; before any letter the mildest. Raises LawMissing."""
    sent = sent_letters(case, rules)
    return sent[-1].kind if sent else rules.pack.ladder(case.debtor.debtor_type)[0]


def payment_details(case: Case, sender: Sender, amount: Money, pay_by: date) -> PaymentDetails:
    """Bank transfer: the reference, and for euros the QR code; the barcode where the account is Finnish."""
    agency = sender.agency
    return PaymentDetails(
        payee=agency.contact.name,
        iban=agency.iban,
        bic=agency.bic,
        reference=case.payment_reference,
        amount=amount,
        pay_by=pay_by,
        barcode=_barcode(case, agency, amount, pay_by),
        epc_qr=_epc_qr(case, agency, amount),
    )


def _barcode(case: Case, agency: Agency, amount: Money, pay_by: date) -> str:
    """Only Finnish banks read it, and it has room for Finnish and RF references of digits only."""
    if not agency.iban.startswith("FI") or amount.currency != "EUR" or case.country != "FI":
        return ""
    return bank_barcode(iban=agency.iban, reference=case.payment_reference, amount=amount, due_on=pay_by)


def _epc_qr(case: Case, agency: Agency, amount: Money) -> str:
    """Euros only. References of other countries go in as text: there is room for RF references alone."""
    if amount.minor <= 0 or amount.currency != "EUR":
        return ""
    reference = case.payment_reference
    is_structured = reference.startswith("RF") or case.country == "FI"
    return epc_text(
        name=agency.contact.name,
        iban=agency.iban,
        amount=amount,
        bic=agency.bic,
        reference=reference if is_structured else "",
        text="" if is_structured else reference,
    )
