"""How to pay a UBL invoice: credit transfer to our IBAN, with our reference."""

from __future__ import annotations

from lxml import etree

from sovinto.domain.invoice import FeeInvoice
from sovinto.formats.invoice.ubl_names import add
from sovinto.formats.invoice.xml_parts import plain

# UNCL4461.
_CREDIT_TRANSFER, _ACCOUNT_TRANSFER, _SEPA = "30", "31", "58"


def add_payment(root: etree._Element, invoice: FeeInvoice) -> None:
    """On a credit note too, where it names the account the credited invoice was to be paid to."""
    means = add(root, "cac:PaymentMeans")
    code = _code(invoice)
    add(means, "cbc:PaymentMeansCode", code)
    if invoice.is_credit_note:
        add(means, "cbc:PaymentDueDate", invoice.due_on.isoformat())
    reference = plain(invoice.payment_reference)
    if reference:
        add(means, "cbc:PaymentID", reference)
    account = add(means, "cac:PayeeFinancialAccount")
    iban = "".join(invoice.payment_iban.split())
    add(account, "cbc:ID", iban)
    add(account, "cbc:Name", plain(invoice.seller.contact.name))
    bic = "".join(invoice.payment_bic.split())
    if bic or code == _ACCOUNT_TRANSFER:
        # Danish rule DK-R-006 wants a branch; its registration number is inside the IBAN.
        add(account, "cac:FinancialInstitutionBranch/cbc:ID", bic or iban[4:8])


def _code(invoice: FeeInvoice) -> str:
    """SEPA for euros; Sweden wants 30 at home (SE-R-012), Denmark never 30 (DK-R-005)."""
    seller = invoice.seller.country
    if seller == "SE" and invoice.buyer.country == "SE":
        return _CREDIT_TRANSFER
    if invoice.currency == "EUR":
        return _SEPA
    return _ACCOUNT_TRANSFER if seller == "DK" else _CREDIT_TRANSFER
