"""Fields 61, 86 and NS become one StatementEntry with a stable key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, StatementEntry, StatementTransaction
from sovinto.formats.statement.mt.details import Details, tidy
from sovinto.formats.statement.mt.movement import IBAN, Movement
from sovinto.formats.statement.mt.numbered_details import ns_details, numbered_details
from sovinto.formats.statement.mt.plain_details import plain_details
from sovinto.formats.statement.mt.slashed_details import slashed_details
from sovinto.formats.statement.mt.tags import Tag

PENDING = "PDNG"


@dataclass(frozen=True, slots=True)
class Told:
    """All that the bank says about one entry: its field 61 as read and as written, and what follows it."""

    movement: Movement
    line: Tag
    information: Sequence[Tag]


def build_entry(told: Told, keys: EntryKeys) -> StatementEntry:
    """MT files do not split batches: one entry, one transaction."""
    movement = told.movement
    details = _details(told)
    account = _account(movement, details)
    text = _text(movement, details, account)
    bank_reference = movement.bank_reference or details.bank_reference
    written = [line for tag in (told.line, *told.information) for line in tag.lines]
    key = keys.next(bank_reference, tuple(" ".join(line.split()) for line in written))
    transaction = StatementTransaction(
        key=transaction_key(key, 0),
        amount=movement.amount,
        original=None,
        references=details.references,
        end_to_end_id=details.end_to_end_id,
        counterparty=details.name,
        counterparty_account=account,
        text=text,
        bank_reference=bank_reference,
        return_reason=details.return_reason,
    )
    return StatementEntry(
        entry_key=key,
        booked_on=movement.booked_on,
        value_on=movement.value_on,
        amount=movement.amount,
        status=PENDING if movement.is_expected else BOOKED,
        is_reversal=movement.is_reversal,
        reference=transaction.reference,
        references=details.references,
        end_to_end_id=details.end_to_end_id,
        counterparty=details.name,
        text=text,
        bank_reference=bank_reference,
        transactions=(transaction,),
        code=movement.type_code.strip(),
    )


def _details(told: Told) -> Details:
    named = [line for tag in told.information if tag.name == "NS" for line in tag.lines]
    if named:
        return ns_details(named)
    lines = [line for tag in told.information for line in tag.lines]
    return numbered_details(lines) or slashed_details(lines) or plain_details(lines, told.movement)


def _account(movement: Movement, details: Details) -> str | None:
    """Rabobank puts the other account below field 61, SNS into its reference."""
    places = (movement.supplement, movement.our_reference or "")
    return details.account or next((place for place in places if IBAN.fullmatch(place)), None)


def _text(movement: Movement, details: Details, account: str | None) -> str | None:
    """The text, with what the payer or the bank put into field 61 and nowhere else."""
    known = (details.text, details.name, account, movement.bank_reference)
    extra = [
        part
        for part in (movement.our_reference, movement.supplement)
        if part and not any(part in place for place in known if place)
    ]
    return tidy(" ".join([details.text or "", *extra]))
