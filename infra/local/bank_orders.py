"""The bank's desk for payment files: reads pain.001 and checks it the way a bank does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree


class RefusedByBank(Exception):
    """The bank does not take the file; nothing of it is executed."""


@dataclass(frozen=True, slots=True)
class BankTransfer:
    """One transfer to execute; the amount is in minor units."""

    message_id: str
    end_to_end_id: str
    amount_minor: int
    currency: str
    debtor_iban: str
    creditor_name: str
    creditor_iban: str
    text: str
    execution_on: date


def read_transfers(pain001: bytes) -> tuple[BankTransfer, ...]:
    """The transfers of a pain.001 file. Raises RefusedByBank when count or control sum are wrong."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(pain001, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedByBank(f"not well-formed XML: {error}") from error
    body = root.find("{*}CstmrCdtTrfInitn")
    if body is None:
        raise RefusedByBank("not a customer credit transfer initiation (pain.001)")
    message_id = _text(body, "GrpHdr/MsgId")
    transfers = tuple(
        _transfer(order, item, message_id)
        for order in body.findall("{*}PmtInf")
        for item in order.findall("{*}CdtTrfTxInf")
    )
    _check(body, transfers)
    return transfers


def _check(body: etree._Element, transfers: tuple[BankTransfer, ...]) -> None:
    if not transfers or _text(body, "GrpHdr/NbOfTxs") != str(len(transfers)):
        raise RefusedByBank("the number of transfers differs from NbOfTxs")
    stated = _text(body, "GrpHdr/CtrlSum")
    if stated and _minor(stated) != sum(item.amount_minor for item in transfers):
        raise RefusedByBank("the transfers do not come to CtrlSum")


def _transfer(order: etree._Element, item: etree._Element, message_id: str) -> BankTransfer:
    amount = item.find(_path("Amt/InstdAmt"))
    if amount is None:
        raise RefusedByBank("a transfer has no amount")
    return BankTransfer(
        message_id=message_id,
        end_to_end_id=_text(item, "PmtId/EndToEndId"),
        amount_minor=_minor(amount.text or ""),
        currency=amount.get("Ccy", ""),
        debtor_iban=_text(order, "DbtrAcct/Id/IBAN"),
        creditor_name=_text(item, "Cdtr/Nm"),
        creditor_iban=_text(item, "CdtrAcct/Id/IBAN"),
        text=_text(item, "RmtInf/Ustrd"),
        execution_on=_day(_text(order, "ReqdExctnDt/Dt") or _text(order, "ReqdExctnDt")),
    )


def _path(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(_path(path)) or "").strip()


def _minor(text: str) -> int:
    try:
        scaled = Decimal(text) * 100
    except ArithmeticError as error:
        raise RefusedByBank(f"amount {text!r} is not a number") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or scaled <= 0:
        raise RefusedByBank(f"amount {text!r} is not a positive number of whole cents")
    return int(scaled)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedByBank(f"execution date {text!r} is not a date") from error
