"""A provider's payout: announced by the provider and seen on our bank account, in either order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.payment import BANK_SOURCE, Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import StaleVersion
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.paid_again import money_of
from sovinto.usecases.retry import with_fresh_read

PAYOUT = "PAYOUT"
PAYOUT_OF = "PAYOUT_OF"
PAYOUT_BOOKED = "PAYOUT_BOOKED"
PAYOUT_CARRIED = "PAYOUT_CARRIED"
PAYOUT_SUM = "PAYOUT_SUM"
MEMBERS_AT_ONCE = 50
# A payout that failed is paid with a later one; this often at most in a row.
_MOST_CARRIED = 5
# Of payouts of one sum, the newest so many may still be on their way.
_MOST_AWAITED = 10


@dataclass(frozen=True, slots=True)
class Payout:
    """Announced, and not on the bank account yet."""

    payout_id: str
    provider: str
    minor: int
    currency: str = ""

    def is_of(self, amount: Money) -> bool:
        """Whether it is just this sum; payouts of before have no currency."""
        return self.minor == amount.minor and self.currency in ("", amount.currency)

    @property
    def booked(self) -> Guard:
        """Stored with the entry that clears the provider, so that one payout clears it once."""
        return Guard(PAYOUT_BOOKED, self.payout_id, self.provider, clash=StaleVersion)


def expected(payout_id: str, cases: Cases) -> Payout | None:
    """None where it was never announced, or is booked already."""
    announced = cases.guard(PAYOUT, payout_id)
    if announced is None or cases.guard(PAYOUT_BOOKED, payout_id) is not None:
        return None
    provider, minor, *currency = announced.split("|")
    return Payout(payout_id, provider, int(minor), "".join(currency))


def awaited(provider: str, amount: Money, cases: Cases) -> tuple[Payout, ...]:
    """The payouts of just this sum that are announced and not booked, the newest first."""
    key = _sum_key(provider, amount)
    count = length_of(PAYOUT_SUM, key, cases)
    places = range(count - 1, max(count - 1 - _MOST_AWAITED, -1), -1)
    names = (cases.guard(PAYOUT_SUM, f"{key}#{place}") for place in places)
    found = (expected(name, cases) for name in names if name is not None)
    return tuple(one for one in found if one is not None)


def _sum_key(provider: str, amount: Money) -> str:
    return f"{provider}/{amount.minor}{amount.currency}"


Group = Sequence[PaymentId]
"""A payment that the payout names, and what comes with it unless another payout brought that."""


def announce(
    provider: str,
    event: GatewayEvent,
    *,
    cases: Cases,
    clock: Clock,
    groups: Sequence[Group] | None = None,
) -> bool:
    """Note the payout and what is in it; False when it was noted before.

    `groups` is what its lines say; without them a payment is named once for all its money. Every part may
    be repeated: a delivery that died half-way is made good by the next one. The guard
    is stored before suspense is read, and a bank line goes to suspense only while there is no guard:
    so one of the two always sees the other.
    """
    payout_id = event.payout_id or event.event_id
    is_new = with_fresh_read(lambda: _note(payout_id, provider, event.amount, cases))
    if groups is None:
        groups = [money_of(provider, payment_id, cases) for payment_id in event.payment_ids]
    with_fresh_read(lambda: _note_members(payout_id, groups, cases))
    with_fresh_read(lambda: _clear_suspense(payout_id, cases, clock))
    return is_new


def _note(payout_id: str, provider: str, amount: Money, cases: Cases) -> bool:
    if cases.guard(PAYOUT, payout_id) is not None:
        return False
    key = _sum_key(provider, amount)
    place = f"{key}#{length_of(PAYOUT_SUM, key, cases)}"
    told = f"{provider}|{amount.minor}|{amount.currency}"
    guards = (
        Guard(PAYOUT, payout_id, told, clash=StaleVersion),
        Guard(PAYOUT_SUM, place, payout_id, clash=StaleVersion),
    )
    cases.commit(Change(guards=guards))
    return True


def _note_members(payout_id: str, groups: Sequence[Group], cases: Cases) -> None:
    """Which payout brings which payment, the first one that names it after it was booked.

    A group is stored at once: what comes again after the payout was told is not in it, however often it
    is told.
    """
    waiting: dict[str, Guard] = {}
    for group in groups:
        for guard in _members(payout_id, group, cases):
            waiting.setdefault(guard.key, guard)
        if len(waiting) >= MEMBERS_AT_ONCE:
            cases.commit(Change(guards=tuple(waiting.values())))
            waiting = {}
    if waiting:
        cases.commit(Change(guards=tuple(waiting.values())))


def _members(payout_id: str, group: Group, cases: Cases) -> Iterator[Guard]:
    brought = {payment_id: cases.guard(PAYOUT_OF, payment_id) for payment_id in group}
    told = f"{group[0]}/{payout_id}"
    if brought[group[0]] == payout_id or cases.guard(PAYOUT_OF, told) is not None:
        return
    for payment_id, by in brought.items():
        if by is None:
            yield Guard(PAYOUT_OF, payment_id, payout_id, clash=StaleVersion)
    if brought[group[0]] is not None:
        yield Guard(PAYOUT_OF, told, payout_id, clash=StaleVersion)


def _clear_suspense(payout_id: str, cases: Cases, clock: Clock) -> None:
    """The money may have been on the account before the provider spoke of it."""
    payout = expected(payout_id, cases)
    if payout is None:
        return
    waiting = [w for w in cases.suspense_by(payout_id) if payout.is_of(w.payment.amount)]
    if waiting:
        cases.commit(cleared(payout, waiting[0], clock))


def cleared(payout: Payout, waiting: UnallocatedPayment, clock: Clock) -> Change:
    """The money that waited is the payout's."""
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
    """Whether the money is on our bank account: a provider's only when its payout is booked there.

    Money that came again waits for a payout of its own.
    """
    if payable.source == BANK_SOURCE:
        return True
    payout_id = cases.guard(PAYOUT_OF, payable.payment_id)
    for _ in range(_MOST_CARRIED):
        if payout_id is None or cases.guard(PAYOUT_BOOKED, payout_id) is not None:
            break
        payout_id = cases.guard(PAYOUT_CARRIED, payout_id)
    return payout_id is not None and cases.guard(PAYOUT_BOOKED, payout_id) is not None
