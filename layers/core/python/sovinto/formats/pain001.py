"""pain.001.001.09: a file of SEPA credit transfers for the bank to execute.

Source: ISO 20022 pain.001.001.09 with the EPC customer-to-bank guidelines (EPC132-08).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from stdnum import bic as bic_number
from stdnum import iban as iban_number

from sovinto.domain.money import Money, total
from sovinto.errors import InvalidInput
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_MOST_MINOR = 99_999_999_999


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment out. `end_to_end_id` is our own and comes back on the statement as `to_sepa_id` of it;
    an empty `creditor_bic` is left out (SEPA needs the IBAN only)."""

    end_to_end_id: str
    amount: Money
    creditor_name: str
    creditor_iban: str
    creditor_bic: str
    text: str


def write_pain001(
    *,
    message_id: str,
    created_at: datetime,
    debtor_name: str,
    debtor_iban: str,
    debtor_bic: str,
    execution_on: date,
    transfers: Sequence[Transfer],
) -> bytes:
    """The file as UTF-8 XML, the same bytes for the same arguments.

    Names and texts are reduced to the SEPA character set. Raises InvalidInput for no transfers, amounts
    that are not 0.01 to 999999999.99 euros, ids used twice, or account numbers with wrong check digits.
    """
    _check(transfers)
    totals = (str(len(transfers)), total([item.amount for item in transfers], "EUR").decimal())
    debtor = _name("debtor_name", debtor_name)
    root = etree.fromstring(f'<Document xmlns="{_NAMESPACE}"/>')
    body = _add(root, "CstmrCdtTrfInitn")
    header = _add(body, "GrpHdr")
    _add(header, "MsgId", to_sepa_id(message_id))
    _add(header, "CreDtTm", created_at.isoformat(timespec="seconds"))
    _totals(header, totals)
    _add(header, "InitgPty/Nm", debtor)
    order = _add(body, "PmtInf")
    _add(order, "PmtInfId", to_sepa_id(message_id))
    _add(order, "PmtMtd", "TRF")
    # One debit per transfer, so that each comes back on the statement with its own end-to-end id.
    _add(order, "BtchBookg", "false")
    _totals(order, totals)
    _add(order, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _add(order, "ReqdExctnDt/Dt", execution_on.isoformat())
    _add(order, "Dbtr/Nm", debtor)
    _add(order, "DbtrAcct/Id/IBAN", _iban("debtor_iban", debtor_iban))
    _agent(order, "DbtrAgt", debtor_bic)
    _add(order, "ChrgBr", "SLEV")
    for transfer in transfers:
        _transfer(_add(order, "CdtTrfTxInf"), transfer)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _totals(element: etree._Element, totals: tuple[str, str]) -> None:
    _add(element, "NbOfTxs", totals[0])
    _add(element, "CtrlSum", totals[1])


def _transfer(element: etree._Element, transfer: Transfer) -> None:
    _add(element, "PmtId/EndToEndId", to_sepa_id(transfer.end_to_end_id))
    _add(element, "Amt/InstdAmt", _amount(transfer)).set("Ccy", "EUR")
    if transfer.creditor_bic.strip():
        _agent(element, "CdtrAgt", transfer.creditor_bic)
    _add(element, "Cdtr/Nm", _name("creditor_name", transfer.creditor_name))
    _add(element, "CdtrAcct/Id/IBAN", _iban("creditor_iban", transfer.creditor_iban))
    text = to_sepa_text(transfer.text, most=140)
    if text:
        _add(element, "RmtInf/Ustrd", text)


def _add(parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
    """A new child, or a chain of new children of which the last carries the text."""
    for step in path.split("/"):
        parent = etree.SubElement(parent, f"{{{_NAMESPACE}}}{step}")
    parent.text = text
    return parent


def _check(transfers: Sequence[Transfer]) -> None:
    if not transfers:
        raise InvalidInput("transfers are empty; a bank file needs at least one")
    ids = [to_sepa_id(item.end_to_end_id) for item in transfers]
    twins = sorted({one for one in ids if ids.count(one) > 1})
    if twins:
        raise InvalidInput(f"end_to_end_id {twins[0]!r} is used twice; every transfer needs its own")
    for transfer in transfers:
        _amount(transfer)


def _amount(transfer: Transfer) -> str:
    amount = transfer.amount
    if amount.currency != "EUR" or not 1 <= amount.minor <= _MOST_MINOR:
        raise InvalidInput(
            f"amount {amount.decimal()} {amount.currency} of {transfer.end_to_end_id!r} cannot be sent; "
            "a SEPA transfer is 0.01 to 999999999.99 euros",
            field="amount",
        )
    return amount.decimal()


def _name(field: str, name: str) -> str:
    text = to_sepa_text(name, most=70)
    if not text:
        raise InvalidInput(f"{field} is empty; banks refuse a transfer without it", field=field)
    return text


def _iban(field: str, iban: str) -> str:
    compact = "".join(iban.split()).upper()
    if not iban_number.is_valid(compact):
        raise InvalidInput(f"{field} {iban!r} fails its check digits; type it again", field=field)
    return compact


def _agent(parent: etree._Element, role: str, bic: str) -> None:
    compact = "".join(bic.split()).upper()
    if not compact:
        _add(parent, f"{role}/FinInstnId/Othr/Id", "NOTPROVIDED")
        return
    if not bic_number.is_valid(compact):
        raise InvalidInput(f"bic {bic!r} is not 8 or 11 letters and digits such as NDEAFIHH", field="bic")
    _add(parent, f"{role}/FinInstnId/BICFI", compact)
