"""A provider's payout: announced by the provider and seen on our bank account, in either order."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent
from sovinto.domain.ledger import Line
from sovinto.domain.payment import BANK_SOURCE, Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.ids import EventId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.retry import with_fresh_read

PAYOUT = "PAYOUT"
PAYOUT_OF = "PAYOUT_OF"
PAYOUT_BOOKED = "PAYOUT_BOOKED"
MEMBERS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Payout:
    """Announced, and not on the bank account yet."""

    payout_id: str
    provider: str
    minor: int

    @property
    def booked(self) -> Guard:
        """Stored with the entry that clears the provider, so that one payout clears it once."""
        return Guard(PAYOUT_BOOKED, self.payout_id, self.provider, clash=StaleVersion)


def expected(payout_id: str, cases: Cases) -> Payout | None:
    """None where it was never announced, or is booked already."""
    announced = cases.guard(PAYOUT, payout_id)
    if announced is None or cases.guard(PAYOUT_BOOKED, payout_id) is not None:
        return None
    provider, minor = announced.split("|")
    return Payout(payout_id, provider, int(minor))


def announce(provider: str, event: GatewayEvent, *, cases: Cases, clock: Clock) -> bool:
    """Note the payout and what is in it; False when it was noted before.

    Every part may be repeated: a delivery that died half-way is made good by the next one. The guard
    is stored before suspense is read, and a bank line goes to suspense only while there is no guard:
    so one of the two always sees the other.
    """
    payout_id = event.payout_id or event.event_id
    is_new = True
    try:
        cases.commit(Change(guards=(Guard(PAYOUT, payout_id, f"{provider}|{event.amount.minor}"),)))
    except AlreadyStored:
        is_new = False
    with_fresh_read(lambda: _note_members(payout_id, event, cases))
    with_fresh_read(lambda: _clear_suspense(payout_id, cases, clock))
    return is_new


def _note_members(payout_id: str, event: GatewayEvent, cases: Cases) -> None:
    """Which payout brings which payment; a payment's first payout is its own."""
    missing = [p for p in dict.fromkeys(event.payment_ids) if cases.guard(PAYOUT_OF, p) is None]
    for start in range(0, len(missing), MEMBERS_AT_ONCE):
        members = missing[start : start + MEMBERS_AT_ONCE]
        guards = [Guard(PAYOUT_OF, payment_id, payout_id, clash=StaleVersion) for payment_id in members]
        cases.commit(Change(guards=guards))


def _clear_suspense(payout_id: str, cases: Cases, clock: Clock) -> None:
    """The money may have been on the account before the provider spoke of it."""
    payout = expected(payout_id, cases)
    if payout is None:
        return
    waiting = [w for w in cases.suspense_by(payout_id) if w.payment.amount.minor == payout.minor]
    if waiting:
        cases.commit(_cleared(payout, waiting[0], clock))


def _cleared(payout: Payout, waiting: UnallocatedPayment, clock: Clock) -> Change:
    amount = waiting.payment.amount
    entry = transfer(
        Occasion(EventId(derived("evt", "payout", payout.payout_id)), clock.now()),
        kind="suspense_cleared",
        lines=(Line(accounts.SUSPENSE, amount), Line(accounts.psp(payout.provider), -amount)),
        value_on=waiting.payment.value_on,
        source=waiting.payment.source_id,
        label=payout.payout_id,
    )
    return Change(entries=(entry,), guards=(payout.booked,), found=(waiting,))


def has_arrived(payable: Payable, cases: Cases) -> bool:
    """Whether the money is on our bank account: a provider's only when its payout is booked there."""
    if payable.source == BANK_SOURCE:
        return True
    payout_id = cases.guard(PAYOUT_OF, payable.again_of or payable.payment_id)
    return payout_id is not None and cases.guard(PAYOUT_BOOKED, payout_id) is not None
