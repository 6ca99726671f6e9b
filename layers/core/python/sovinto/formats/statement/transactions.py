"""TxDtls and Btch of an entry: what the bank says about each payment, before amounts are settled."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import (
    Doubt,
    amount_at,
    first_text,
    one,
    sign_at,
    text_at,
    texts_at,
)

_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")


@dataclass(frozen=True, slots=True)
class Party:
    name: str | None
    account: str | None


@dataclass(frozen=True, slots=True)
class Detail:
    """One TxDtls. `amounts` are unsigned, as stated, the likeliest first; `sign` may be absent."""

    amounts: tuple[Money, ...]
    sign: int | None
    references: tuple[str, ...]
    end_to_end_id: str | None
    debtor: Party
    creditor: Party
    text: str | None
    bank_reference: str | None
    return_reason: str | None

    def stated(self, currency: str) -> Money | None:
        """The first stated amount in that currency."""
        return next((amount for amount in self.amounts if amount.currency == currency), None)

    def foreign(self, currency: str) -> Money | None:
        """The first stated amount in another currency."""
        return next((amount for amount in self.amounts if amount.currency != currency), None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Btch: what the bank says the details of one NtryDtls come to."""

    count: str | None
    total: Money | None
    sign: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """One NtryDtls."""

    batch: Batch | None
    details: tuple[Detail, ...]


def read_batch(element: etree._Element) -> Batch:
    """Raises Doubt for a total that is not money."""
    return Batch(text_at(element, "NbOfTxs"), amount_at(element, "TtlAmt"), sign_at(element))


def read_detail(element: etree._Element) -> tuple[Detail, tuple[Doubt, ...]]:
    """The transaction, and what of it cannot be believed."""
    amounts, sign, doubts = _amounts(element)
    detail = Detail(
        amounts=amounts,
        sign=sign,
        references=texts_at(element, "RmtInf/Strd/CdtrRefInf/Ref"),
        end_to_end_id=_provided(text_at(element, "Refs/EndToEndId")),
        debtor=_party(element, "Dbtr"),
        creditor=_party(element, "Cdtr"),
        text=" ".join(texts_at(element, "RmtInf/Ustrd")) or _other_text(element),
        bank_reference=text_at(element, "Refs/AcctSvcrRef"),
        return_reason=first_text(element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    )
    return detail, doubts


def _amounts(element: etree._Element) -> tuple[tuple[Money, ...], int | None, tuple[Doubt, ...]]:
    try:
        found = [amount_at(element, path) for path in _AMOUNTS]
        return tuple(amount for amount in found if amount is not None), sign_at(element), ()
    except Doubt as doubt:
        return (), None, (doubt,)


def _other_text(element: etree._Element) -> str | None:
    return first_text(element, "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")


def _provided(end_to_end_id: str | None) -> str | None:
    """Banks write NOTPROVIDED where the payer gave none (EPC implementation guidelines)."""
    is_absent = end_to_end_id is None or end_to_end_id.upper() == "NOTPROVIDED"
    return None if is_absent else end_to_end_id


def _party(element: etree._Element, role: str) -> Party:
    """The party itself or the one it acts for; since version 08 a `Pty` stands in between."""
    parties = one(element, "RltdPties")
    if parties is None:
        return Party(None, None)
    names = (f"{role}/Nm", f"{role}/Pty/Nm", f"Ultmt{role}/Nm", f"Ultmt{role}/Pty/Nm")
    accounts = (f"{role}Acct/Id/IBAN", f"{role}Acct/Id/Othr/Id")
    return Party(first_text(parties, *names), first_text(parties, *accounts))
