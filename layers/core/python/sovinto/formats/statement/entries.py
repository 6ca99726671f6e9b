"""Ntry and its details become one StatementEntry with settled amounts and a stable key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.statement.batches import batch_doubts, settle, stated_count
from sovinto.formats.statement.fields import Doubt, bank_reference, day_or_none, is_true, signed
from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, StatementEntry, StatementTransaction
from sovinto.formats.statement.shapes import Shape, pick, steps
from sovinto.formats.statement.transactions import Detail, Group, Party

_ENTRY = Shape(
    texts={
        "direction": ("CdtDbtInd",),
        "reversal": ("RvslInd",),
        # A bare code up to version 07, a choice below `Sts` since.
        "status": ("Sts", "Sts/Cd", "Sts/Prtry"),
        "booked": ("BookgDt/Dt", "BookgDt/DtTm"),
        "value": ("ValDt/Dt", "ValDt/DtTm"),
        "servicer_reference": ("AcctSvcrRef",),
        "entry_reference": ("NtryRef",),
        "text": ("AddtlNtryInf",),
        "domain": ("BkTxCd/Domn/Cd",),
        "family": ("BkTxCd/Domn/Fmly/Cd",),
        "sub_family": ("BkTxCd/Domn/Fmly/SubFmlyCd",),
    },
    amounts={"amount": ("Amt",)},
)


@dataclass(frozen=True, slots=True)
class _Head:
    amount: Money
    status: str
    is_reversal: bool
    booked_on: date | None
    value_on: date | None
    servicer_reference: str | None
    entry_reference: str | None
    text: str | None
    code: str


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the transactions of an entry have in common."""

    references: tuple[str, ...]
    end_to_end_id: str | None
    counterparty: str | None
    text: str | None


def build_entry(
    element: etree._Element, namespace: str, groups: Sequence[Group], keys: EntryKeys
) -> tuple[StatementEntry, tuple[Doubt, ...]]:
    """The entry and what contradicts itself in it. Raises Doubt when it cannot be represented at all."""
    head = _head(element, namespace)
    details = [detail for group in groups for detail in group.details]
    amounts, unsettled = settle(head.amount, details)
    shared = _shared(head, details)
    key = keys.next(head.servicer_reference, _identity(head, shared))
    entry = StatementEntry(
        entry_key=key,
        booked_on=head.booked_on,
        value_on=head.value_on,
        amount=head.amount,
        status=head.status,
        is_reversal=head.is_reversal,
        reference=_only(shared.references),
        references=shared.references,
        end_to_end_id=shared.end_to_end_id,
        counterparty=shared.counterparty,
        text=shared.text,
        bank_reference=head.servicer_reference or head.entry_reference,
        transactions=tuple(
            _transaction(head, detail, amount, transaction_key(key, place))
            for place, (detail, amount) in enumerate(zip(details, amounts, strict=True))
        ),
        code=head.code,
        count=stated_count(groups),
    )
    return entry, (*unsettled, *_dateless(head), *batch_doubts(head.amount, groups))


def _head(element: etree._Element, namespace: str) -> _Head:
    picked = pick(element, steps(_ENTRY, namespace))
    say = picked.texts.get
    status = say("status")
    if status is None:
        raise Doubt("status_missing", "Sts is missing; whether the entry is booked is unknown")
    return _Head(
        amount=signed(picked.amounts.get("amount"), say("direction")),
        status=status,
        is_reversal=is_true(say("reversal")),
        booked_on=day_or_none(say("booked")),
        value_on=day_or_none(say("value")),
        servicer_reference=bank_reference(say("servicer_reference")),
        entry_reference=bank_reference(say("entry_reference")),
        text=say("text"),
        code="-".join(filter(None, (say("domain"), say("family"), say("sub_family")))),
    )


def _dateless(head: _Head) -> tuple[Doubt, ...]:
    if head.status != BOOKED or head.booked_on or head.value_on:
        return ()
    return (Doubt("date_missing", "booked entry has neither booking nor value date; ask the bank for it"),)


def _shared(head: _Head, details: Sequence[Detail]) -> _Shared:
    texts = [detail.text for detail in details if detail.text]
    return _Shared(
        references=tuple(reference for detail in details for reference in detail.references),
        end_to_end_id=_only([detail.end_to_end_id for detail in details]),
        counterparty=_only([_counterparty(head, detail).name for detail in details]),
        text=" ".join(texts) or head.text,
    )


def _identity(head: _Head, shared: _Shared) -> tuple[str, ...]:
    parts = (
        head.status,
        str(head.booked_on or head.value_on),
        head.amount.decimal(),
        head.amount.currency,
        str(head.is_reversal),
        shared.end_to_end_id,
        shared.counterparty,
        shared.text,
        *shared.references,
    )
    return tuple(part or "" for part in parts)


def _only(values: Sequence[str | None]) -> str | None:
    """The value that all agree on."""
    return values[0] if len(set(values)) == 1 else None


def _counterparty(head: _Head, detail: Detail) -> Party:
    """Money in comes from the debtor, money out goes to the creditor; a reversal keeps the first roles.

    Some banks turn the roles of reversals round, so there the other side is the second guess.
    """
    is_from_debtor = (head.amount.minor > 0) != head.is_reversal
    first, second = detail.debtor, detail.creditor
    if not is_from_debtor:
        first, second = second, first
    return second if head.is_reversal and first.name is None else first


def _transaction(head: _Head, detail: Detail, amount: Money | None, key: str) -> StatementTransaction:
    party = _counterparty(head, detail)
    return StatementTransaction(
        key=key,
        amount=amount,
        original=detail.foreign(head.amount.currency),
        references=detail.references,
        end_to_end_id=detail.end_to_end_id,
        counterparty=party.name,
        counterparty_account=party.account,
        text=detail.text,
        bank_reference=detail.bank_reference,
        return_reason=detail.return_reason,
    )
