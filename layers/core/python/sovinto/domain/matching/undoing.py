"""Which earlier payment a bank's reversal takes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sovinto.domain.money import Money
from sovinto.ids import CaseId, PaymentId


@dataclass(frozen=True, slots=True)
class Posted:
    """An earlier payment by what the bank called it; `reference` is canonical."""

    payment_id: PaymentId
    case_id: CaseId
    amount: Money
    reference: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    is_undone: bool = False


def undoes(
    amount: Money,
    posted: Iterable[Posted],
    *,
    reference: str = "",
    end_to_end_id: str = "",
    bank_reference: str = "",
) -> Posted | None:
    """The one payment of that sum that stands and carries the same name; None for none or several.

    `amount` is negative, as the bank takes it back. The bank's own reference is asked first, then the
    payer's end-to-end id, then the payment reference: the first that is told decides.
    """
    open_ones = [item for item in posted if not item.is_undone and item.amount == -amount]
    asked = (
        (bank_reference, [i for i in open_ones if i.bank_reference == bank_reference]),
        (end_to_end_id, [i for i in open_ones if i.end_to_end_id == end_to_end_id]),
        (reference, [i for i in open_ones if i.reference == reference]),
    )
    for told, found in asked:
        if told and found:
            return found[0] if len(found) == 1 else None
    return None
