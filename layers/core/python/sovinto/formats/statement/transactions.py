"""TxDtls and Btch of an entry: what the bank says about each payment, before amounts are settled."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt, bank_reference, exact, exact_or_none, sign_of
from sovinto.formats.statement.shapes import Picked, Shape, pick, steps

# The likeliest to be in the account's currency comes first.
_AMOUNTS = {
    "amount": ("Amt",),
    "transaction": ("AmtDtls/TxAmt/Amt",),
    "countervalue": ("AmtDtls/CntrValAmt/Amt",),
    "instructed": ("AmtDtls/InstdAmt/Amt",),
}


def _names(role: str) -> tuple[str, ...]:
    """The party itself or the one it acts for.

    Up to version 07 the name stands in the party, since 08 in its `Pty`, or in `Agt` for a bank.
    """
    parties = (f"RltdPties/{role}", f"RltdPties/Ultmt{role}")
    return tuple(f"{party}/{name}" for party in parties for name in ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm"))


def _accounts(role: str) -> tuple[str, ...]:
    return (f"RltdPties/{role}Acct/Id/IBAN", f"RltdPties/{role}Acct/Id/Othr/Id")


_DETAIL = Shape(
    texts={
        "direction": ("CdtDbtInd",),
        "end_to_end": ("Refs/EndToEndId",),
        "bank_reference": ("Refs/AcctSvcrRef",),
        "debtor": _names("Dbtr"),
        "debtor_account": _accounts("Dbtr"),
        "creditor": _names("Cdtr"),
        "creditor_account": _accounts("Cdtr"),
        "other_text": ("RmtInf/Strd/AddtlRmtInf", "AddtlTxInf"),
        "reason": ("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    },
    amounts=_AMOUNTS,
    many={"references": ("RmtInf/Strd/CdtrRefInf/Ref",), "texts": ("RmtInf/Ustrd",)},
)
_BATCH = Shape(texts={"count": ("NbOfTxs",), "direction": ("CdtDbtInd",)}, amounts={"total": ("TtlAmt",)})


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


def read_batch(element: etree._Element, namespace: str) -> Batch:
    """Btch. Raises Doubt for a total that is not money."""
    picked = pick(element, steps(_BATCH, namespace))
    return Batch(
        picked.texts.get("count"),
        exact_or_none(picked.amounts.get("total")),
        sign_of(picked.texts.get("direction")),
    )


def read_detail(element: etree._Element, namespace: str) -> tuple[Detail, Doubt | None]:
    """The transaction, and what of it cannot be believed."""
    picked = pick(element, steps(_DETAIL, namespace))
    amounts, sign, doubt = _amounts(picked)
    say = picked.texts.get
    detail = Detail(
        amounts=amounts,
        sign=sign,
        references=tuple(picked.many.get("references", ())),
        end_to_end_id=_provided(say("end_to_end")),
        debtor=Party(say("debtor"), say("debtor_account")),
        creditor=Party(say("creditor"), say("creditor_account")),
        text=" ".join(picked.many.get("texts", ())) or say("other_text"),
        bank_reference=bank_reference(say("bank_reference")),
        return_reason=say("reason"),
    )
    return detail, doubt


def _amounts(picked: Picked) -> tuple[tuple[Money, ...], int | None, Doubt | None]:
    try:
        stated = tuple([exact(*picked.amounts[name]) for name in _AMOUNTS if name in picked.amounts])
        return stated, sign_of(picked.texts.get("direction")), None
    except Doubt as doubt:
        return (), None, doubt


def _provided(end_to_end_id: str | None) -> str | None:
    """Banks write NOTPROVIDED where the payer gave none (EPC implementation guidelines)."""
    is_absent = end_to_end_id is None or end_to_end_id.upper() == "NOTPROVIDED"
    return None if is_absent else end_to_end_id
