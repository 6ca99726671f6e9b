"""A provider's payout explained to zero: gross less fees, refunds and chargebacks is the bank line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.event import Event
from sovinto.domain.posting import Occasion, transfer
from sovinto.domain.reversal import allocated_entry
from sovinto.domain.settlement import (
    Explained,
    SettledKind,
    SettledLine,
    Settlement,
    costs,
    explained,
    members,
    why_held,
)
from sovinto.errors import AlreadyStored, InvalidInput, NotFound
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.paid_again import again_id, charge_of, further_page, noted_charge, pages_of
from sovinto.usecases.payouts import PAYOUT_CARRIED, Group, announce

PAYOUT_SETTLED = "PAYOUT_SETTLED"
PAYOUT_HELD = "PAYOUT_HELD"

Book = Callable[[GatewayEvent], str]

_AS_EVENT = {
    SettledKind.PAYMENT: GatewayEventType.CHECKOUT_COMPLETED,
    SettledKind.REFUND: GatewayEventType.CHARGE_REFUNDED,
    SettledKind.REFUND_RETURNED: GatewayEventType.REFUND_FAILED,
    SettledKind.CHARGEBACK: GatewayEventType.DISPUTE_CREATED,
    SettledKind.CHARGEBACK_RETURNED: GatewayEventType.DISPUTE_WON,
}
_COME_AGAIN = (SettledKind.REFUND_RETURNED, SettledKind.CHARGEBACK_RETURNED)
_GO_BACK = (SettledKind.REFUND, SettledKind.CHARGEBACK)
_KINDS = tuple(_AS_EVENT)


@dataclass(frozen=True, slots=True)
class Settled:
    """`outcome` is settled, repeated, noted (not final yet) or held, with the `reason`."""

    outcome: str
    reason: str = ""
    sums: Explained | None = None


def settle_payout(
    provider: str, settlement: Settlement, *, book: Book, cases: Cases, clock: Clock
) -> Settled:
    """Books what the payout brings: first each payment, refund and chargeback that was never announced
    (`book` is `hear_gateway`), then the fees, then the payout itself, which lets its bank line in.

    A payout that does not add up, or names money that is not ours, is held: nothing is expected on the
    bank, and its line waits in suspense. Every part may be repeated. Raises what `book` raises,
    but for a line that cannot be booked.
    """
    if not settlement.is_final:
        return Settled("noted")
    if cases.guard(PAYOUT_SETTLED, settlement.payout_id) is not None:
        # A run that died after the fees is made good here.
        _let_in(provider, settlement, cases, clock)
        return Settled("repeated")
    reason = why_held(settlement)
    if reason:
        return _held(provider, settlement, reason, cases, clock)
    try:
        _book_members(provider, settlement, book, cases)
    except (InvalidInput, NotFound) as error:
        return _held(provider, settlement, error.message, cases, clock)
    sums = explained(settlement)
    with suppress(AlreadyStored):
        cases.commit(_costs(provider, settlement, sums, clock))
    _let_in(provider, settlement, cases, clock)
    return Settled("settled", sums=sums)


def _book_members(provider: str, settlement: Settlement, book: Book, cases: Cases) -> None:
    """In passes: a line that cannot be booked yet waits for what another one brings.

    Raises what the first line of a pass raises in which none could be booked.
    """
    lines = _in_order(members(settlement))
    while lines:
        refused: list[tuple[SettledLine, InvalidInput | NotFound]] = []
        for line in lines:
            try:
                _book(provider, line, settlement, book, cases)
            except (InvalidInput, NotFound) as error:
                refused.append((line, error))
        if len(refused) == len(lines):
            raise refused[0][1]
        lines = [line for line, _ in refused]


def _in_order(lines: Iterable[SettledLine]) -> list[SettledLine]:
    """Money in; then what came back of earlier payouts; then what this one brings both ways, each cause by
    itself; then what only goes back. So whatever the provider's own order was, no line lacks its money."""
    found = list(lines)
    came_back = {line.cause_id for line in found if line.kind in _COME_AGAIN}
    both = {line.cause_id for line in found if line.kind in _GO_BACK} & came_back - {""}

    def place(line: SettledLine) -> tuple[int, str, int]:
        if line.kind is SettledKind.PAYMENT:
            return 0, "", 0
        if line.cause_id in both:
            return 2, line.cause_id, _KINDS.index(line.kind)
        return 1 if line.kind in _COME_AGAIN else 3, "", _KINDS.index(line.kind)

    return sorted(found, key=place)


def _book(provider: str, line: SettledLine, settlement: Settlement, book: Book, cases: Cases) -> None:
    if line.kind is SettledKind.PAYMENT and _is_known(provider, line, cases):
        return
    try:
        book(_event(line, settlement))
    except (InvalidInput, NotFound) as error:
        raise type(error)(f"line {line.line_id}: {error.message}") from error


def _is_known(provider: str, line: SettledLine, cases: Cases) -> bool:
    """Whether the page that this line brings is in the books; another charge of the payment is not.

    Raises InvalidInput with the difference where it is there with another sum.
    """
    owner = _owner(provider, line, cases)
    if owner is None or cases.guard(f"SEEN#{provider}", owner) is None:
        return False
    is_another = further_page(provider, owner, line.charge_id, cases) is not None
    if is_another and noted_charge(provider, line.charge_id, cases) is None:
        return False
    attempt = cases.attempt(owner)
    entries = cases.entries(attempt.case_id) if attempt is not None else ()
    booked = [allocated_entry(entries, page) for page in _pages(provider, owner, line.charge_id, cases)]
    currency = line.gross.currency
    sums = [entry.amount_on(accounts.psp(provider), currency) for entry in booked if entry is not None]
    if sums and line.gross not in sums:
        difference = line.gross - sums[0]
        raise InvalidInput(
            f"line {line.line_id}: payment {owner} is {sums[0].decimal()} {currency} in the books and "
            f"{line.gross.decimal()} in the payout: {difference.decimal()} is not explained"
        )
    return True


def _pages(provider: str, owner: PaymentId, charge_id: str, cases: Cases) -> Group:
    """The page of that charge, with those whose charge is not known; all where it names none of them."""
    pages = pages_of(provider, owner, cases)
    charges = {page: charge_of(provider, page, cases) for page in pages}
    if not charge_id or charge_id not in charges.values():
        return pages
    return tuple(page for page in pages if charges[page] in (charge_id, ""))


def _event(line: SettledLine, settlement: Settlement) -> GatewayEvent:
    return GatewayEvent(
        event_id=line.line_id,
        type=_AS_EVENT[line.kind],
        payment_id=line.payment_id,
        checkout_id=None,
        amount=line.gross if line.gross.minor >= 0 else -line.gross,
        occurred_at=line.happened_at or datetime.combine(settlement.paid_on, time(12), UTC),
        charge_id=line.charge_id,
        cause_id=line.cause_id,
    )


def _owner(provider: str, line: SettledLine, cases: Cases) -> PaymentId | None:
    if line.payment_id is not None or not line.charge_id:
        return line.payment_id
    return noted_charge(provider, line.charge_id, cases)


def _groups(provider: str, settlement: Settlement, cases: Cases) -> tuple[Group, ...]:
    """The payments that this payout brings, each with those of its further pages that no charge tells
    apart, and the money that came again; what only goes back came with another payout."""
    arriving = [line for line in settlement.lines if line.kind is SettledKind.PAYMENT]
    owners = dict.fromkeys((_owner(provider, line, cases), line.charge_id) for line in arriving)
    named = [_pages(provider, owner, charge, cases) for owner, charge in owners if owner is not None]
    again = [line for line in settlement.lines if line.kind in _COME_AGAIN]
    return (*named, *((again_id(provider, _event(line, settlement)),) for line in again))


def _costs(provider: str, settlement: Settlement, sums: Explained, clock: Clock) -> Change:
    """One entry for all that is no payment and no payout; the sum of the payout is kept beside it."""
    legs = costs(provider, settlement)
    occasion = Occasion(EventId(derived("evt", "settled", provider, settlement.payout_id)), clock.now())
    entry = (
        transfer(
            occasion,
            kind="payout_costs",
            lines=legs,
            value_on=settlement.paid_on,
            source=settlement.payout_id,
            label=sums.text(),
        )
        if legs
        else None
    )
    return Change(
        entries=(entry,) if entry is not None else (),
        guards=(Guard(PAYOUT_SETTLED, settlement.payout_id, f"{provider} {sums.text()}"),),
    )


def _let_in(provider: str, settlement: Settlement, cases: Cases, clock: Clock) -> None:
    """From here on the bank line of the net is known for what it is."""
    for line in settlement.lines:
        if line.kind is SettledKind.CARRIED and line.cause_id:
            guard = Guard(PAYOUT_CARRIED, line.cause_id, settlement.payout_id)
            with suppress(AlreadyStored):
                cases.commit(Change(guards=(guard,)))
    event = GatewayEvent(
        event_id=settlement.payout_id,
        type=GatewayEventType.PAYOUT_PAID,
        payment_id=None,
        checkout_id=None,
        amount=settlement.net,
        occurred_at=clock.now(),
        payout_id=settlement.payout_id,
    )
    groups = _groups(provider, settlement, cases)
    announce(provider, event, cases=cases, clock=clock, groups=groups)


def _held(provider: str, settlement: Settlement, reason: str, cases: Cases, clock: Clock) -> Settled:
    """Each reason is told once; the provider may send the payout again when it is mended."""
    name = f"{settlement.payout_id}/{derived('why', reason)}"
    data = [("provider", provider), ("currency", settlement.currency)]
    if settlement.amount is not None:
        data.append(("amount_minor", str(settlement.amount.minor)))
    event = Event(
        event_id=EventId(derived("evt", "payout.held", provider, name)),
        type="payout.held",
        version=1,
        occurred_at=clock.now(),
        subject_kind="payout",
        subject_id=settlement.payout_id,
        client_id="",
        data=tuple(data),
    )
    with suppress(AlreadyStored):
        cases.commit(Change(guards=(Guard(PAYOUT_HELD, name, reason),), events=(event,)))
    return Settled("held", f"payout {settlement.payout_id} is held: {reason}")
