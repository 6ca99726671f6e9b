"""The payment part of a Finvoice (ePI), which the payer's bank turns into a credit transfer."""

from __future__ import annotations

import re

from lxml import etree

from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference
from sovinto.formats.invoice.finvoice_names import add, add_amount, add_date
from sovinto.formats.invoice.xml_parts import plain

_BIC = re.compile(r"[A-Z0-9]{8}([A-Z0-9]{3})?")


def add_epi(element: etree._Element, invoice: FeeInvoice, amount: Money) -> None:
    """`amount` is negative on a credit note: nothing is to be paid then. Raises InvalidInput for a
    reference that is neither RF nor Finnish."""
    identification = add(element, "EpiIdentificationDetails")
    add_date(identification, "EpiDate", invoice.invoiced_on)
    add(identification, "EpiReference", str(invoice.number))
    parties = add(element, "EpiPartyDetails")
    bank = add(parties, "EpiBfiPartyDetails")
    bic = "".join(invoice.payment_bic.split())
    if _BIC.fullmatch(bic):
        add(bank, "EpiBfiIdentifier", bic, IdentificationSchemeName="BIC")
    payee = add(parties, "EpiBeneficiaryPartyDetails")
    add(payee, "EpiNameAddressDetails", plain(invoice.seller.contact.name, 35))
    iban = "".join(invoice.payment_iban.split())
    add(payee, "EpiAccountID", iban, IdentificationSchemeName="IBAN")
    _instruction(add(element, "EpiPaymentInstructionDetails"), invoice, amount)


def _instruction(element: etree._Element, invoice: FeeInvoice, amount: Money) -> None:
    if invoice.payment_reference.strip():
        text, scheme = _reference(invoice.payment_reference)
        add(element, "EpiRemittanceInfoIdentifier", text, IdentificationSchemeName=scheme)
    add_amount(element, "EpiInstructedAmount", amount)
    add(element, "EpiCharge", "SLEV", ChargeOption="SLEV")
    add_date(element, "EpiDateOptionDate", invoice.due_on)
    add(element, "EpiPaymentMeansCode", "58")


def _reference(text: str) -> tuple[str, str]:
    for scheme, name in (("fi_731", "SPY"), ("rf", "ISO")):
        found = payment_reference.check(text, scheme)
        if found is not None:
            return found.text, name
    raise InvalidInput(
        f"payment_reference {text!r} is neither a Finnish nor an RF reference; "
        "make one with its check digit",
        field="payment_reference",
    )
