"""Writes one booking day of an account as camt.053.001.02 (ISO 20022 bank to customer statement)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"


@dataclass(frozen=True, slots=True)
class Booking:
    """One booked movement; `amount_minor` is negative for money out."""

    on: date
    amount_minor: int
    reference: str | None
    counterparty: str
    text: str
    end_to_end_id: str
    is_reversal: bool
    servicer_reference: str


@dataclass(frozen=True, slots=True)
class Day:
    """One account on one booking day, with the balance it began with."""

    on: date
    sequence: int
    iban: str
    owner: str
    bic: str
    currency: str
    opening_minor: int
    bookings: tuple[Booking, ...]


def write_statement(day: Day) -> bytes:
    """The statement as UTF-8 XML; opening balance, entries and closing balance chain."""
    statement_id, created = f"{day.on:%Y%m%d}-{day.iban[-6:]}-{day.sequence}", f"{day.on}T23:30:00"
    root = etree.fromstring(f'<Document xmlns="{_NAMESPACE}"/>')
    body = _add(root, "BkToCstmrStmt")
    header = _add(body, "GrpHdr")
    _add(header, "MsgId", statement_id)
    _add(header, "CreDtTm", created)
    statement = _add(body, "Stmt")
    _add(statement, "Id", statement_id)
    _add(statement, "ElctrncSeqNb", str(day.sequence))
    _add(statement, "LglSeqNb", str(day.sequence))
    _add(statement, "CreDtTm", created)
    account = _add(statement, "Acct")
    _add(account, "Id/IBAN", day.iban)
    _add(account, "Ccy", day.currency)
    _add(account, "Ownr/Nm", day.owner)
    _add(account, "Svcr/FinInstnId/BIC", day.bic)
    _balance(statement, "OPBD", day, day.opening_minor)
    _balance(statement, "CLBD", day, day.opening_minor + sum(item.amount_minor for item in day.bookings))
    _summary(_add(statement, "TxsSummry"), day.bookings)
    for number, booking in enumerate(day.bookings, start=1):
        _entry(_add(statement, "Ntry"), booking, number, day.currency)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _balance(parent: etree._Element, code: str, day: Day, minor: int) -> None:
    balance = _add(parent, "Bal")
    _add(balance, "Tp/CdOrPrtry/Cd", code)
    _amount(balance, minor, day.currency)
    _add(balance, "Dt/Dt", day.on.isoformat())


def _summary(parent: etree._Element, bookings: Sequence[Booking]) -> None:
    net = sum(item.amount_minor for item in bookings)
    entries = _add(parent, "TtlNtries")
    _add(entries, "NbOfNtries", str(len(bookings)))
    _add(entries, "TtlNetNtryAmt", _decimal(net))
    _add(entries, "CdtDbtInd", _direction(net))
    credits = [item.amount_minor for item in bookings if item.amount_minor >= 0]
    debits = [item.amount_minor for item in bookings if item.amount_minor < 0]
    for name, amounts in (("TtlCdtNtries", credits), ("TtlDbtNtries", debits)):
        part = _add(parent, name)
        _add(part, "NbOfNtries", str(len(amounts)))
        _add(part, "Sum", _decimal(sum(amounts)))


def _entry(entry: etree._Element, booking: Booking, number: int, currency: str) -> None:
    _add(entry, "NtryRef", str(number))
    _amount(entry, booking.amount_minor, currency)
    if booking.is_reversal:
        _add(entry, "RvslInd", "true")
    _add(entry, "Sts", "BOOK")
    _add(entry, "BookgDt/Dt", booking.on.isoformat())
    _add(entry, "ValDt/Dt", booking.on.isoformat())
    _add(entry, "AcctSvcrRef", booking.servicer_reference)
    domain = _add(entry, "BkTxCd/Domn")
    _add(domain, "Cd", "PMNT")
    family = _add(domain, "Fmly")
    _add(family, "Cd", "RCDT" if booking.amount_minor >= 0 else "ICDT")
    _add(family, "SubFmlyCd", "ESCT")
    _details(_add(entry, "NtryDtls/TxDtls"), booking, currency)


def _details(details: etree._Element, booking: Booking, currency: str) -> None:
    references = _add(details, "Refs")
    _add(references, "AcctSvcrRef", booking.servicer_reference)
    _add(references, "EndToEndId", booking.end_to_end_id or "NOTPROVIDED")
    _add(details, "AmtDtls/TxAmt/Amt", _decimal(booking.amount_minor)).set("Ccy", currency)
    if booking.counterparty:
        is_from_debtor = (booking.amount_minor >= 0) != booking.is_reversal
        _add(details, f"RltdPties/{'Dbtr' if is_from_debtor else 'Cdtr'}/Nm", booking.counterparty)
    if booking.reference or booking.text:
        message = _add(details, "RmtInf")
        if booking.text:
            _add(message, "Ustrd", booking.text)
        if booking.reference:
            _reference(_add(message, "Strd/CdtrRefInf"), booking.reference)


def _reference(holder: etree._Element, reference: str) -> None:
    _add(holder, "Tp/CdOrPrtry/Cd", "SCOR")
    _add(holder, "Ref", reference)


def _amount(parent: etree._Element, minor: int, currency: str) -> None:
    _add(parent, "Amt", _decimal(minor)).set("Ccy", currency)
    _add(parent, "CdtDbtInd", _direction(minor))


def _direction(minor: int) -> str:
    return "CRDT" if minor >= 0 else "DBIT"


def _decimal(minor: int) -> str:
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"


def _add(parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
    """A new child, or a chain of new children of which the last carries the text."""
    for step in path.split("/"):
        parent = etree.SubElement(parent, f"{{{_NAMESPACE}}}{step}")
    parent.text = text
    return parent
