"""What a payment status report says, and what became of one transfer by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sovinto.formats.sepa_text import to_sepa_id


class Outcome(StrEnum):
    """ACCEPTED may still be rejected; SETTLED and REJECTED are the last word of this message; UNTOLD
    says nothing about this transfer: wait for the statement."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"
    UNTOLD = "untold"


# ISO 20022 external code list ExternalPaymentTransactionStatus1Code. PART speaks of the others only.
_OUTCOMES = {
    **dict.fromkeys(("ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "ACPD"), Outcome.ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), Outcome.SETTLED),
    **dict.fromkeys(("RJCT", "CANC", "BLCK"), Outcome.REJECTED),
    **dict.fromkeys(("PDNG", "RCVD", "PATC", "PRES", "ACIS"), Outcome.PENDING),
}


def outcome_of(status: str | None) -> Outcome:
    """UNTOLD for none, PART and codes we do not know: nothing is paid again on a guess."""
    return _OUTCOMES.get(status or "", Outcome.UNTOLD)


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is one sentence for people, `said` the bank's own words."""

    code: str
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class TransactionReport:
    """One transfer; `status` is None where the bank only repeats what it is about."""

    end_to_end_id: str | None
    instruction_id: str | None
    status: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """One payment block of the file (PmtInf)."""

    payment_id: str
    status: str | None
    reasons: tuple[Reason, ...]
    transactions: tuple[TransactionReport, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one transfer and why; `status` is the ISO code that decided it, None for none."""

    outcome: Outcome
    status: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """`original_message_id` is the MsgId of the file that is answered, as `to_sepa_id` made it."""

    version: str
    message_id: str
    original_message_id: str
    status: str | None
    reasons: tuple[Reason, ...]
    payments: tuple[PaymentReport, ...]

    def verdict(self, end_to_end_id: str, payment_id: str = "") -> Verdict:
        """The nearest word on one transfer: its own, else its payment block's, else the file's.

        Ids are ours; `payment_id` defaults to the message id, which is what `write_pain001` sets. A block
        whose status is PART leaves the transfers it does not name UNTOLD.
        """
        wanted = to_sepa_id(end_to_end_id)
        for payment in self.payments:
            for one in payment.transactions:
                if one.status and one.end_to_end_id == wanted:
                    above = one.reasons or payment.reasons or self.reasons
                    return Verdict(outcome_of(one.status), one.status, above)
        block = to_sepa_id(payment_id) if payment_id else self.original_message_id
        for payment in self.payments:
            if payment.payment_id == block and payment.status:
                return Verdict(outcome_of(payment.status), payment.status, payment.reasons or self.reasons)
        return Verdict(outcome_of(self.status), self.status, self.reasons)
