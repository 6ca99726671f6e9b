"""Money of one card payment that came more than once: each time is a payment of its own."""

from __future__ import annotations

from contextlib import suppress

from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.errors import AlreadyStored, InvalidInput, StaleVersion
from sovinto.ids import PaymentId, derived
from sovinto.ports import Cases, Change, Guard

# One cause is told by several announcements, and by the settlement: its money moves once each way.
WAYS = {
    GatewayEventType.CHARGE_REFUNDED: "refund",
    GatewayEventType.DISPUTE_CREATED: "dispute",
    GatewayEventType.REFUND_FAILED: "refund_back",
    GatewayEventType.DISPUTE_WON: "dispute_back",
}
_MOST = 50
# A second page of the attempt that was paid too; all others came back after a refund or a dispute.
_PAGE = "|page"


def key_of(event: GatewayEvent) -> str:
    """Names money that goes back or comes again, whoever tells of it."""
    return f"{WAYS[event.type]}/{event.cause_id}" if event.cause_id else event.event_id


def again_id(provider: str, event: GatewayEvent) -> PaymentId:
    """The payment that a won dispute or a failed refund is in the books."""
    return PaymentId(derived("pay", provider, key_of(event)))


def note_again(
    provider: str, first: PaymentId, again: PaymentId, cases: Cases, *, is_page: bool = False
) -> None:
    """Links `again` to the payment of the attempt, before it is booked: what is booked is always found.

    Raises StaleVersion where somebody else links too, InvalidInput where there are too many.
    """
    known = money_of(provider, first, cases)
    if again in known:
        return
    payload = f"{again}{_PAGE}" if is_page else again
    if len(known) > _MOST:
        raise InvalidInput(f"payment {first} came again more often than {_MOST} times")
    cases.commit(Change(guards=(Guard(f"AGAIN#{provider}", known[-1], payload, clash=StaleVersion),)))


def money_of(provider: str, first: PaymentId, cases: Cases) -> tuple[PaymentId, ...]:
    """The payment of the attempt, and each time that money of it came again, oldest first."""
    return tuple(payment_id for payment_id, _ in _chain(provider, first, cases))


def pages_of(provider: str, first: PaymentId, cases: Cases) -> tuple[PaymentId, ...]:
    """The payment of the attempt, and those of its further pages: what a provider calls a payment."""
    return tuple(payment_id for payment_id, is_page in _chain(provider, first, cases) if is_page)


def _chain(provider: str, first: PaymentId, cases: Cases) -> list[tuple[PaymentId, bool]]:
    found = [(first, True)]
    for _ in range(_MOST):
        following = cases.guard(f"AGAIN#{provider}", found[-1][0])
        if following is None:
            break
        found.append((PaymentId(following.removesuffix(_PAGE)), following.endswith(_PAGE)))
    return found


def noted_charge(provider: str, charge_id: str, cases: Cases) -> PaymentId | None:
    """Our payment that the provider knows under an id of its own."""
    found = cases.guard(f"CHARGE#{provider}", charge_id)
    return None if found is None else PaymentId(found)


def charge_of(provider: str, page: PaymentId, cases: Cases) -> str:
    """The provider's own id of one page; empty where it is not known."""
    return cases.guard(f"CHARGE#{provider}", page) or ""


def further_page(provider: str, first: PaymentId, charge_id: str, cases: Cases) -> PaymentId | None:
    """The payment of a page whose charge is another than that of the attempt's own; None where it is that
    one, or where one of the two is not known."""
    own = charge_of(provider, first, cases)
    if not charge_id or own in ("", charge_id):
        return None
    return PaymentId(derived("pay", provider, charge_id))


def note_charge(
    provider: str, charge_id: str, payment_id: PaymentId, cases: Cases, *, page: PaymentId | None = None
) -> None:
    """Refunds and disputes made at the provider name only its own id of the payment.

    The charge is kept under its page too (None: the payment's own), by which another page is told from it.
    """
    if not charge_id or noted_charge(provider, charge_id, cases) is not None:
        return
    guards = [Guard(f"CHARGE#{provider}", charge_id, payment_id)]
    if not charge_of(provider, page or payment_id, cases):
        guards.append(Guard(f"CHARGE#{provider}", page or payment_id, charge_id))
    with suppress(AlreadyStored):
        cases.commit(Change(guards=tuple(guards)))
