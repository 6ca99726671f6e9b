"""Propose that money leaves: taken out of the books at once, so that nothing is ordered twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.case import Case
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.order import SYSTEM, OrderKind, PaymentOrder
from sovinto.domain.payment import Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.domain.refund import ORDERED, Payer, waiting
from sovinto.domain.remittance import Remittance
from sovinto.errors import AlreadyStored, InvalidInput
from sovinto.formats.account_number import checked_bic, checked_iban
from sovinto.formats.pain001_checks import Transfer, check_transfers, name_text
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event

ORDER = "ORDER"


def ordered(order: PaymentOrder) -> Guard:
    """By which the bank's debit is known: end-to-end id and sum, as `Cases.guard(ORDER, id)` tells."""
    return Guard(ORDER, order.order_id, str(order.amount.minor))


def execution_day(agency: Agency, now: datetime) -> date:
    """Today, or the next banking day of the agency's country. Raises LawMissing."""
    calendar = load_calendar(agency.contact.address.country)
    return calendar.next_banking_day(calendar.local_date(now))


def transfer_of(order: PaymentOrder) -> Transfer:
    """As the bank's file has it."""
    return Transfer(
        end_to_end_id=order.order_id,
        amount=order.amount,
        creditor_name=order.payee,
        creditor_iban=order.iban,
        creditor_bic=order.bic,
        text=order.text,
    )


def payable_by_file(order: PaymentOrder, agency: Agency) -> PaymentOrder:
    """The order itself. Raises InvalidInput for what the bank's file would refuse, before money is taken
    for it: one bad order must not hold up a batch."""
    check_transfers((transfer_of(order),), agency.iban, agency.pain_version)
    name_text("payee", order.payee)
    return order


def remittance_order(
    remittance: Remittance, payables: tuple[Payable, ...], entry: Entry, *, at: datetime, agency: Agency
) -> PaymentOrder:
    """The order that pays a remittance. Raises InvalidInput for what no bank would take, LawMissing."""
    order = PaymentOrder(
        order_id=remittance.remittance_id,
        kind=OrderKind.REMITTANCE,
        payee=remittance.client.name,
        iban=checked_iban(remittance.iban, field=f"iban of client {remittance.client_id}"),
        bic=checked_bic(remittance.bic, field=f"bic of client {remittance.client_id}"),
        amount=remittance.net,
        source=remittance.remittance_id,
        text=f"Remittance {remittance.made_on.isoformat()}",
        entry_id=entry.entry_id,
        proposed_by=SYSTEM,
        proposed_at=at,
        execution_on=execution_day(agency, at),
        client_id=remittance.client_id,
        covers=tuple((payable.case_id, payable.payment_id) for payable in payables),
    )
    return payable_by_file(order, agency)


def order_refund(
    case_id: CaseId, amount: Money, payer: Payer, *, by: str, agency: Agency, cases: Cases, clock: Clock
) -> PaymentOrder:
    """So much of what waits in `refunds:<case>` goes to that payer.

    Raises NotFound, InvalidInput for an account number that is none or more than waits.
    """
    iban, bic = checked_iban(payer.iban), checked_bic(payer.bic)
    filled = replace(payer, iban=iban, bic=bic)
    return with_fresh_read(lambda: _refund(case_id, amount, filled, by, agency, cases, clock.now()))


def _refund(
    case_id: CaseId, amount: Money, payer: Payer, by: str, agency: Agency, cases: Cases, now: datetime
) -> PaymentOrder:
    file = cases.file(case_id)
    case, most = file.case, waiting(file.case, file.entries)
    if amount.currency != case.currency or not 0 < amount.minor <= most.minor:
        raise InvalidInput(
            f"amount must be above zero and at most {most.decimal()} {most.currency}, what waits to be "
            "refunded in this case",
            field="amount",
        )
    occasion = Occasion.of_case(case, now)
    entry = _out_of_refunds(case, amount, payer, occasion, execution_day(agency, now))
    order = PaymentOrder(
        order_id=derived("rfd", case_id, payer.payment_id, occasion.event_id).replace("_", "-"),
        kind=OrderKind.REFUND,
        payee=payer.name or case.debtor.name,
        iban=payer.iban,
        bic=payer.bic,
        amount=amount,
        source=payer.payment_id,
        text=f"Refund {case.payment_reference}",
        entry_id=entry.entry_id,
        proposed_by=by,
        proposed_at=now,
        execution_on=entry.value_on,
        client_id=case.client_id,
        case_id=case_id,
    )
    payable_by_file(order, agency)
    entry = replace(entry, label=order.order_id)
    event = case_event(
        case,
        occasion,
        "refund.ordered",
        order_id=order.order_id,
        payment_id=payer.payment_id or "none",
        amount_minor=str(amount.minor),
    )
    cases.commit(
        Change(
            case=replace(case, version=case.version + 1),
            entries=(entry,),
            guards=(ordered(order),),
            orders=(order,),
            events=(event,),
        )
    )
    return order


def _out_of_refunds(case: Case, amount: Money, payer: Payer, occasion: Occasion, on: date) -> Entry:
    return Entry(
        entry_id=occasion.entry_id(ORDERED, payer.payment_id),
        kind=ORDERED,
        posted_at=occasion.at,
        value_on=on,
        lines=(Line(accounts.refunds(case.case_id), amount), Line(accounts.IN_TRANSIT, -amount)),
        event_id=occasion.event_id,
        case_id=case.case_id,
        source=payer.payment_id,
    )


def return_to_sender(
    found: UnallocatedPayment,
    *,
    iban: str,
    by: str,
    agency: Agency,
    cases: Cases,
    clock: Clock,
    payee: str = "",
    bic: str = "",
) -> PaymentOrder:
    """Money whose owner nobody found goes back to the account that it came from.

    `iban` is that account, `payee` its holder (the payer's name on the line where left out). Raises
    InvalidInput for an account number that is none, for money that is not ours to send (a debit), and for a
    payment that waits no more.
    """
    amount, now = found.payment.amount, clock.now()
    name = payee or found.payment.payer
    if amount.minor <= 0 or not name:
        raise InvalidInput("payee must be named, and the payment be money that came in", field="payee")
    on = execution_day(agency, now)
    order_id = derived("ret", found.payment.payment_id).replace("_", "-")
    occasion = Occasion(EventId(derived("evt", order_id)), now)
    entry = transfer(
        occasion,
        kind="return_ordered",
        lines=(Line(accounts.SUSPENSE, amount), Line(accounts.IN_TRANSIT, -amount)),
        value_on=on,
        source=found.payment.payment_id,
        label=order_id,
    )
    order = PaymentOrder(
        order_id=order_id,
        kind=OrderKind.RETURN,
        payee=name,
        iban=checked_iban(iban),
        bic=checked_bic(bic),
        amount=amount,
        source=f"{found.received_at:%Y-%m}/{found.payment.payment_id}",
        text="Returned: we could not tell what it pays",
        entry_id=entry.entry_id,
        proposed_by=by,
        proposed_at=now,
        execution_on=on,
    )
    payable_by_file(order, agency)
    event = _return_event(order, found.payment.payment_id, occasion)
    try:
        cases.commit(
            Change(
                entries=(entry,), guards=(ordered(order),), orders=(order,), found=(found,), events=(event,)
            )
        )
    except AlreadyStored as error:
        raise InvalidInput(
            f"payment {found.payment.payment_id} is on its way back already", field="payment_id"
        ) from error
    return order


def _return_event(order: PaymentOrder, payment_id: PaymentId, occasion: Occasion) -> Event:
    return Event(
        event_id=occasion.event_id,
        type="payment.return_ordered",
        version=1,
        occurred_at=occasion.at,
        subject_kind="payment",
        subject_id=payment_id,
        client_id="",
        data=(("amount_minor", str(order.amount.minor)), ("order_id", order.order_id)),
    )
