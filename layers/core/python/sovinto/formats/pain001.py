"""pain.001: a file of credit transfers for the bank to execute, in the two versions that banks take.

Sources: ISO 20022 pain.001.001.03 and pain.001.001.09 with the EPC customer-to-bank guidelines
(EPC132-08) for euros; Nordic banks' domestic transfers (CGI-MP) for their own currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lxml import etree

from sovinto.domain.money import total
from sovinto.formats.pain001_checks import (
    VERSIONS,
    Transfer,
    amount_text,
    check_transfers,
    checked_bic,
    checked_iban,
    creditor_reference,
    name_text,
)
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text

__all__ = ["VERSIONS", "Transfer", "write_pain001"]

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."


def write_pain001(
    *,
    message_id: str,
    created_at: datetime,
    debtor_name: str,
    debtor_iban: str,
    debtor_bic: str,
    execution_on: date,
    transfers: Sequence[Transfer],
    version: str = "09",
    is_batch_booked: bool = False,
) -> bytes:
    """The file as UTF-8 XML, the same bytes for the same arguments; one currency and one account.

    Names and texts are reduced to the SEPA character set. `is_batch_booked` asks for one debit of the
    whole file; else each transfer comes back on the statement with its own end-to-end id. Raises
    InvalidInput for no transfers, an amount or account that the currency's rules do not take, ids used
    twice, or a wrong check digit.
    """
    currency = check_transfers(transfers, debtor_iban, version)
    writer = _Writer(version)
    totals = (str(len(transfers)), total([item.amount for item in transfers], currency).decimal())
    debtor = name_text("debtor_name", debtor_name)
    body = writer.add(writer.root, "CstmrCdtTrfInitn")
    header = writer.add(body, "GrpHdr")
    writer.add(header, "MsgId", to_sepa_id(message_id))
    writer.add(header, "CreDtTm", created_at.isoformat(timespec="seconds"))
    writer.totals(header, totals)
    writer.add(header, "InitgPty/Nm", debtor)
    order = writer.add(body, "PmtInf")
    writer.add(order, "PmtInfId", to_sepa_id(message_id))
    writer.add(order, "PmtMtd", "TRF")
    writer.add(order, "BtchBookg", "true" if is_batch_booked else "false")
    writer.totals(order, totals)
    # Euros travel by SEPA with shared charges; a Nordic currency at home is a plain domestic transfer.
    writer.add(order, "PmtTpInf/SvcLvl/Cd", "SEPA" if currency == "EUR" else "NURG")
    writer.execution_day(order, execution_on)
    writer.add(order, "Dbtr/Nm", debtor)
    writer.add(order, "DbtrAcct/Id/IBAN", checked_iban("debtor_iban", debtor_iban))
    writer.agent(order, "DbtrAgt", debtor_bic)
    writer.add(order, "ChrgBr", "SLEV" if currency == "EUR" else "SHAR")
    for transfer in transfers:
        writer.transfer(writer.add(order, "CdtTrfTxInf"), transfer)
    return etree.tostring(writer.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


class _Writer:
    """Adds elements of one version; the versions differ in the day and in how a bank is named."""

    def __init__(self, version: str) -> None:
        self._namespace = _NAMESPACE + version
        self._is_old = version == "03"
        self.root = etree.fromstring(f'<Document xmlns="{self._namespace}"/>')

    def add(self, parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
        """A new child, or a chain of new children of which the last carries the text."""
        for step in path.split("/"):
            parent = etree.SubElement(parent, f"{{{self._namespace}}}{step}")
        parent.text = text
        return parent

    def totals(self, element: etree._Element, totals: tuple[str, str]) -> None:
        self.add(element, "NbOfTxs", totals[0])
        self.add(element, "CtrlSum", totals[1])

    def execution_day(self, order: etree._Element, on: date) -> None:
        self.add(order, "ReqdExctnDt" if self._is_old else "ReqdExctnDt/Dt", on.isoformat())

    def agent(self, parent: etree._Element, role: str, bic: str) -> None:
        compact = checked_bic(bic)
        if compact:
            self.add(parent, f"{role}/FinInstnId/{'BIC' if self._is_old else 'BICFI'}", compact)
        else:
            self.add(parent, f"{role}/FinInstnId/Othr/Id", "NOTPROVIDED")

    def transfer(self, element: etree._Element, transfer: Transfer) -> None:
        self.add(element, "PmtId/EndToEndId", to_sepa_id(transfer.end_to_end_id))
        amount = self.add(element, "Amt/InstdAmt", amount_text(transfer))
        amount.set("Ccy", transfer.amount.currency)
        if transfer.creditor_bic.strip():
            self.agent(element, "CdtrAgt", transfer.creditor_bic)
        self.add(element, "Cdtr/Nm", name_text("creditor_name", transfer.creditor_name))
        self.add(element, "CdtrAcct/Id/IBAN", checked_iban("creditor_iban", transfer.creditor_iban))
        self._remittance(element, transfer)

    def _remittance(self, element: etree._Element, transfer: Transfer) -> None:
        """A reference or a text: banks carry one of the two (EPC132-08)."""
        reference = creditor_reference(transfer)
        if reference:
            structured = self.add(element, "RmtInf/Strd/CdtrRefInf")
            kind = self.add(structured, "Tp")
            self.add(kind, "CdOrPrtry/Cd", "SCOR")
            if reference.startswith("RF"):
                self.add(kind, "Issr", "ISO")
            self.add(structured, "Ref", reference)
            return
        text = to_sepa_text(transfer.text, most=140)
        if text:
            self.add(element, "RmtInf/Ustrd", text)
