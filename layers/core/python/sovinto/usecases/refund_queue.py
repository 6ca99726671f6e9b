"""What was paid too much goes back by its day: by the provider it came by, to the account that paid, or to
one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.event import Event
from sovinto.domain.matching import posted_by
from sovinto.domain.order import SYSTEM
from sovinto.domain.refund import Payer, Refund, Share, shares, since, waiting
from sovinto.errors import AlreadyStored, InvalidInput
from sovinto.formats.account_number import checked_bic, checked_iban
from sovinto.formats.pain001_checks import home_of
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard, Orders, PaymentGateway
from sovinto.usecases.order_payment import order_refund
from sovinto.usecases.paid_perhaps import is_refund_in_doubt
from sovinto.usecases.partly import Failures
from sovinto.usecases.refund_at_provider import Asked, asked_of, refund_at_provider
from sovinto.usecases.refund_short import is_short
from sovinto.usecases.tries import is_stopped, let_go, tries_of_refund

TOLD = "REFUND_OWED"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A refund with what is known of its payers, by payment.

    `by_provider` are payments that the provider gives back, or will; `asks` are shares whose account is
    unknown, or one that no bank sends this currency to; `stopped` came back so often that people look.
    While `is_short` all of it waits for people: what the case got back before was taken back, or a debit of
    an order that was put back waits in suspense (`paid_perhaps`). `hands` are
    payments that a person posted to the case, with who it was, the newest last.
    """

    refund: Refund
    client_id: str
    payers: tuple[Payer, ...]
    days_late: int
    by_provider: tuple[PaymentId, ...] = ()
    stopped: tuple[PaymentId, ...] = ()
    is_short: bool = False
    hands: tuple[tuple[str, str], ...] = ()

    def proposer_of(self, share: Share) -> str:
        """Who recorded the account, or found the case of the money; what is too much in a case to which
        somebody posted other money by hand follows from that, too."""
        by = self.payer_of(share).recorded_by or dict(self.hands).get(share.payment_id)
        return by or (self.hands[-1][1] if self.hands else SYSTEM)

    @property
    def is_waiting(self) -> bool:
        """For somebody else than the next run."""
        return bool(self.asks or self.by_provider or self.stopped) or self.is_short

    @property
    def asks(self) -> tuple[Share, ...]:
        return tuple(
            share
            for share in self.refund.shares
            if share.payment_id not in self.by_provider and not self.payer_of(share).iban
        )

    def payer_of(self, share: Share) -> Payer:
        known = {payer.payment_id: payer for payer in self.payers}
        nobody = Payer(self.refund.case_id, share.payment_id, "", "")
        found = known.get(share.payment_id, nobody)
        return found if _is_reached(found.iban, share.amount.currency) else nobody


@dataclass(frozen=True, slots=True)
class Provider:
    """Who gives card payments back; `name` as in the settings."""

    name: str
    gateway: PaymentGateway


def _is_reached(iban: str, currency: str) -> bool:
    """The bank's file would refuse any other account, in every run anew."""
    return iban[:2] == (home_of(currency) or iban[:2])


def refund_queue(
    *, agency: Agency, cases: Cases, orders: Orders, clock: Clock, provider: str = ""
) -> tuple[Waiting, ...]:
    """Everything that is owed back and not ordered yet, the earliest day first. Raises LawMissing."""
    found = [refund_of(c, provider, agency, cases, orders, clock) for c in orders.refunding()]
    return tuple(sorted((w for w in found if w is not None), key=lambda one: one.refund.due_on))


def refund_of(
    case_id: CaseId, provider: str, agency: Agency, cases: Cases, orders: Orders, clock: Clock
) -> Waiting | None:
    """None where nothing is owed any more; such a case leaves the list. Raises NotFound, LawMissing."""
    seen = orders.seen(case_id)
    file = cases.file(case_id)
    began = since(file.case, file.entries)
    if began is None:
        orders.refunded(case_id, seen)
        return None
    calendar = load_calendar(file.case.country)
    due_on = _due_on(agency, calendar.local_date(began))
    refund = Refund(
        case_id, waiting(file.case, file.entries), began, due_on, shares(file.case, file.entries)
    )
    late = refund.days_late(calendar.local_date(clock.now()))
    by_provider = tuple(s.payment_id for s in refund.shares if _goes_by(provider, case_id, s, cases))
    item = Waiting(refund, file.case.client_id, orders.payers(case_id), late, by_provider)
    return replace(
        item,
        stopped=tuple(s.payment_id for s in refund.shares if _is_stopped(item, s, cases)),
        is_short=is_short(file.entries, cases) or is_refund_in_doubt(file.entries, cases),
        hands=tuple((e.source, by) for e in file.entries if (by := posted_by(e.explanation))),
    )


def _is_stopped(item: Waiting, share: Share, cases: Cases) -> bool:
    iban = item.payer_of(share).iban
    return bool(iban) and is_stopped(tries_of_refund(item.refund.case_id, share.payment_id, iban), cases)


def _goes_by(provider: str, case_id: CaseId, share: Share, cases: Cases) -> bool:
    """It came by that provider, which has not refused; or a provider was asked, and may have done it."""
    if not share.payment_id:
        return False
    asked = asked_of(case_id, share.payment_id, cases=cases)
    if asked is not None:
        return asked is not Asked.REFUSED
    attempt = cases.attempt(share.payment_id)
    has_page = attempt is not None and attempt.case_id == case_id and bool(attempt.checkout_id)
    return has_page and cases.guard(f"SEEN#{provider}", share.payment_id) is not None


def _due_on(agency: Agency, began_on: date) -> date:
    return began_on + timedelta(days=agency.refund_days)


def record_payer(
    case_id: CaseId,
    payment_id: str,
    *,
    name: str,
    iban: str,
    by: str,
    cases: Cases,
    orders: Orders,
    bic: str = "",
) -> Payer:
    """The account that the payer gave us; the next run proposes the refund to it, in the name of `by`.

    `payment_id` is empty for a share that no payment explains, `by` where the payer told it itself. Raises
    NotFound, InvalidInput for an account number that is none or that the bank cannot send this currency to,
    a payment of which nothing is owed back, or one whose payer's account is known, was not refused, and did
    not send the money back again and again.
    """
    file = cases.file(case_id)
    if payment_id not in {share.payment_id for share in shares(file.case, file.entries)}:
        raise InvalidInput(
            "payment_id must be a payment of which something is owed back", field="payment_id"
        )
    if not name.strip():
        raise InvalidInput("name must be the holder of the account", field="name")
    currency = file.case.currency
    known = [p for p in orders.payers(case_id) if p.payment_id == payment_id and not p.recorded_by]
    good = [one for one in known if one.iban and _is_reached(one.iban, currency)]
    if any(not is_stopped(tries_of_refund(case_id, one.payment_id, one.iban), cases) for one in good):
        raise InvalidInput(
            "payment_id must be of a payer whose account is unknown, or was refused by the bank; this "
            "refund goes to the account that paid, or that the payer gave",
            field="payment_id",
        )
    payer = Payer(case_id, PaymentId(payment_id), name.strip(), checked_iban(iban), checked_bic(bic), by)
    if not _is_reached(payer.iban, currency):
        raise InvalidInput(
            f"iban must be an account in {home_of(currency)}; {currency} is sent to no other country",
            field="iban",
        )
    cases.commit(Change(payers=(payer,)))
    return payer


def try_refund_again(
    case_id: CaseId, payment_id: str, *, by: str, reason: str, cases: Cases, orders: Orders, clock: Clock
) -> None:
    """A person has asked the bank: the next run orders it again, to the account that is known.

    Raises NotFound, InvalidInput where nothing of it is stopped.
    """
    cases.load(case_id)
    payment = PaymentId(payment_id)
    iban = next((one.iban for one in orders.payers(case_id) if one.payment_id == payment), "")
    let_go(tries_of_refund(case_id, payment, iban), by=by, reason=reason, cases=cases, clock=clock)


def work_refunds(
    *, agency: Agency, cases: Cases, orders: Orders, clock: Clock, provider: Provider | None = None
) -> dict[str, int]:
    """One run: tell of each new one, order what has a way to go, count what is late.

    What fails for one share stops no other. Raises PartlyFailed at the end, LawMissing.
    """
    done = {"refunds_ordered": 0, "refunds_by_provider": 0, "refunds_asked": 0, "refunds_late": 0}
    failures = Failures()
    name = provider.name if provider else ""
    for item in refund_queue(agency=agency, cases=cases, orders=orders, clock=clock, provider=name):
        with failures.kept():
            _tell(item, cases, clock)
        for share in item.refund.shares:
            with failures.kept():
                name_of_count = _work(item, share, provider, agency, cases, clock)
                done[name_of_count] = done.get(name_of_count, 0) + 1
        done["refunds_late"] += bool(item.days_late and item.is_waiting)
    failures.raise_any(done)
    return done


def _work(
    item: Waiting, share: Share, provider: Provider | None, agency: Agency, cases: Cases, clock: Clock
) -> str:
    """The name of the count. What a provider refuses goes by the bank, or is asked for."""
    case_id = item.refund.case_id
    if item.is_short:
        return "payments_stopped"
    if share.payment_id in item.by_provider and provider is not None:
        asked = refund_at_provider(
            case_id, share.payment_id, provider=provider.name, gateway=provider.gateway, cases=cases
        )
        if asked is not Asked.REFUSED:
            return "refunds_by_provider"
    elif share.payment_id in item.by_provider:
        return "refunds_by_provider"
    payer = item.payer_of(share)
    if not payer.iban:
        return "refunds_asked"
    if share.payment_id in item.stopped:
        return "payments_stopped"
    by = item.proposer_of(share)
    order_refund(case_id, share.amount, payer, by=by, agency=agency, cases=cases, clock=clock)
    return "refunds_ordered"


def _tell(item: Waiting, cases: Cases, clock: Clock) -> None:
    """Once for each time that the balance leaves zero."""
    refund = item.refund
    name = f"{refund.case_id}/{refund.since.isoformat()}"
    event = Event(
        event_id=EventId(derived("evt", "refund.owed", name)),
        type="refund.owed",
        version=1,
        occurred_at=clock.now(),
        subject_kind="case",
        subject_id=refund.case_id,
        client_id=item.client_id,
        data=(("amount_minor", str(refund.amount.minor)), ("due_on", refund.due_on.isoformat())),
    )
    if cases.guard(TOLD, name) is not None:
        return
    try:
        cases.commit(Change(guards=(Guard(TOLD, name),), events=(event,)))
    except AlreadyStored:
        return
