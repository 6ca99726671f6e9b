"""Send one communication once: claim it under its permit, perform, record the outcome as sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.contacts import astray
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion
from sovinto.domain.sendable import obeys_every_stop, outdated
from sovinto.domain.unheard import ASTRAY, DEBT_CHANGED, STOPPED, is_beside_steps
from sovinto.domain.unsent import reversed_fees, undone_step
from sovinto.errors import OutcomeUnknown, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import (
    Attachment,
    Cases,
    Change,
    Clients,
    Clock,
    Files,
    Mailer,
    Press,
    Sendings,
    SmsSender,
)
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.contact_ledger import undone_guards
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.send_again import planned_again
from sovinto.usecases.step_context import Sender
from sovinto.usecases.told_when_sent import as_told_now, told_anew


@dataclass(frozen=True, slots=True)
class Outlets:
    """Everything a message can leave by."""

    press: Press
    documents: Files
    mailer: Mailer
    sms: SmsSender


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message as it will leave, with what is attached to it."""

    item: Communication
    attachments: tuple[Attachment, ...] = ()


def dispatch_message(
    case_id: CaseId,
    communication_id: CommunicationId,
    *,
    outlets: Outlets,
    sender: Sender,
    cases: Cases,
    sendings: Sendings,
    clients: Clients,
    clock: Clock,
) -> SendingState:
    """A stop that was committed before the claim wins: the message is withheld for good. So is one whose
    money, agreement or hours passed by after it was planned; the timeline plans such a step again.

    What fails before the provider took the message is raised after the claim was given back, so that
    the queue delivers it again. Raises OutcomeUnknown for a message that was claimed and has no
    outcome: it may have left, so it is never sent again by itself and ends in the dead letters.
    """
    item = cases.communication(case_id, communication_id)
    if item.state is not SendingState.PLANNED or item.channel is Channel.CALL:
        return _not_planned(item)
    if not sendings.claim(item):
        return _withhold(item, cases, sendings, clock)
    try:
        # Read after the claim: what is committed later finds a message that is on its way already.
        reason = _outdated(item, cases, clock)
        if reason:
            withheld = replace(item, state=SendingState.WITHHELD, reason=reason)
            if reason == DEBT_CHANGED:
                return _record_anew(withheld, sender, cases, sendings, clients, clock)
            return _record_unsent(withheld, cases, sendings, clock)
        told = as_told_now(item, cases=cases, clients=clients, sender=sender, clock=clock)
        parcel = _prepare(told, cases.load(case_id), outlets, sender, clients)
    except Exception:
        # Nothing left us yet, whatever went wrong: the message is given back.
        sendings.record(item)
        raise
    try:
        provider_id = _hand_over(parcel, outlets)
    except UpstreamUnavailable:
        sendings.record(item)
        raise
    except UpstreamRefused as refusal:
        failed = replace(item, state=SendingState.FAILED, reason=refusal.message)
        return _record_unsent(failed, cases, sendings, clock)
    sent = replace(parcel.item, state=SendingState.SENT, sent_at=clock.now(), provider_id=provider_id)
    sendings.record(sent)
    return SendingState.SENT


def _not_planned(item: Communication) -> SendingState:
    """Done already, or a call for a person, or in the hands of a sender that may be dead."""
    if item.state is SendingState.SENDING:
        raise OutcomeUnknown(
            f"{item.communication_id} was claimed and no outcome is recorded; look it up at the provider"
        )
    return item.state


def _withhold(item: Communication, cases: Cases, sendings: Sendings, clock: Clock) -> SendingState:
    """Not claimed: somebody else sends it now, a stop came before, or two changes only met."""
    newest = cases.communication(item.case_id, item.communication_id)
    if newest.state is not SendingState.PLANNED:
        return _not_planned(newest)
    if any(cases.guard(*row) is not None for row in astray(item)):
        reason = ASTRAY
    elif _is_stopped(item, cases.load(item.case_id)):
        reason = STOPPED
    else:
        raise UpstreamUnavailable("the claim met another change of the case; try again")
    withheld = replace(newest, state=SendingState.WITHHELD, reason=reason)
    return _record_unsent(withheld, cases, sendings, clock)


def _is_stopped(item: Communication, case: Case) -> bool:
    """For letters and steps every stop counts; for an answer or a receipt only silence."""
    if obeys_every_stop(item):
        return not case.may_be_contacted
    return item.audience == "debtor" and case.is_silent


def _outdated(item: Communication, cases: Cases, clock: Clock) -> str:
    """Why it must not leave as it was written; only letters and steps rest on the state of the case."""
    if not obeys_every_stop(item) and not is_beside_steps(item):
        return ""
    file = cases.file(item.case_id)
    return outdated(item, file.case, file.entries, rules_for(file.case), clock.now())


def _record_unsent(item: Communication, cases: Cases, sendings: Sendings, clock: Clock) -> SendingState:
    """The outcome; under a permit also, in the same transaction, that the step did not happen.

    A letter without one that the provider refused is planned again by another channel, where one leads
    to the debtor.
    """
    if item.permit is not None:
        with_fresh_read(lambda: sendings.record(item, _undoing(item, cases, clock)))
    elif item.state is SendingState.FAILED and is_beside_steps(item):
        with_fresh_read(lambda: sendings.record(item, _another_way(item, cases, clock)))
    else:
        sendings.record(item)
    return item.state


def _record_anew(
    item: Communication, sender: Sender, cases: Cases, sendings: Sendings, clients: Clients, clock: Clock
) -> SendingState:
    """In one transaction: this letter stays here, and the same news with the sums of today goes."""

    def once() -> None:
        anew = told_anew(item, cases=cases, clients=clients, sender=sender, clock=clock)
        sendings.record(item, anew)

    with_fresh_read(once)
    return item.state


def _another_way(item: Communication, cases: Cases, clock: Clock) -> Change:
    """The address is not tried again, and the same letter goes the way that is left."""
    case, now = cases.load(item.case_id), clock.now()
    is_of_another = case.debtor_since is not None and item.planned_at < case.debtor_since
    newer = case if is_of_another else case.without_channel(item.channel)
    newer = replace(newer, version=case.version + 1)
    today = rules_for(case).calendar.local_date(now)
    messages, planned = planned_again(newer, (item,), Occasion.of_case(case, now), today)
    return Change(
        case=newer, communications=messages, events=planned, wake_at=now if case.is_open else None
    )


def _undoing(item: Communication, cases: Cases, clock: Clock) -> Change:
    """The step becomes a skip, its fee is taken back, and the timeline looks at the case now."""
    facts, rules = facts_of(item.case_id, cases, clock.now())
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    return Change(
        case=replace(undone_step(case, item), version=case.version + 1),
        entries=reversed_fees(case, facts.entries, item, occasion, facts.today(rules)),
        guards=undone_guards(item, case, rules, cases),
        wake_at=facts.now if case.is_open else None,
    )


def _prepare(item: Communication, case: Case, outlets: Outlets, sender: Sender, clients: Clients) -> Parcel:
    """Words, typesetting and our own copy: all that can be repeated, for nothing has left us yet."""
    fields = _fields(item, case, sender, clients.load(case.client_id))
    words = outlets.press.words(item.channel.value, item.template, item.language, fields)
    worded = replace(item, subject=words.subject, text=words.text)
    if item.channel is Channel.SMS or item.letter is None:
        return Parcel(worded)
    pdf = outlets.press.letter(item.letter)
    key = f"{item.channel.value}/{item.planned_at:%Y-%m-%d}/{item.communication_id}.pdf"
    outlets.documents.write(key, pdf, "application/pdf")
    attachment = Attachment(f"{item.template}.pdf", "application/pdf", pdf)
    return Parcel(replace(worded, document_key=key), (attachment,))


def _hand_over(parcel: Parcel, outlets: Outlets) -> str:
    """The one act that cannot be repeated; the printer takes what it finds among the documents."""
    item = parcel.item
    if item.channel is Channel.POST:
        return f"print:{item.communication_id}"
    if item.channel is Channel.SMS:
        return outlets.sms.send(to=item.to, text=item.text, reference=item.communication_id)
    return outlets.mailer.send(
        to=item.to,
        subject=item.subject,
        text=item.text,
        attachments=parcel.attachments,
        reference=item.communication_id,
    )


def _fields(item: Communication, case: Case, sender: Sender, client: Client) -> Mapping[str, str]:
    """What templates may use: dates in ISO 8601, money as "12.50 EUR"; the press writes them out."""
    agency = sender.agency.contact
    fields = {
        "case_reference": case.number,
        "case_id": case.case_id,
        "reference": case.client_reference,
        "creditor": client.name,
        "client_name": client.name,
        "agency": agency.name,
        "phone": agency.phone,
        "page_url": sender.page_url + (f"/d/{case.link_id}" if item.audience == "debtor" else "/client"),
        "debtor_name": case.debtor.name,
        "amount": _amount(case.principal),
        "next_step": "send_reminder",
        # A message that goes to whoever may not be asked for money now leaves out its request.
        "is_asked": "yes" if case.may_be_contacted else "",
    }
    if item.letter is not None:
        payment = item.letter.payment
        fields |= {
            "amount": _amount(payment.amount),
            "total": _amount(item.letter.total),
            "pay_by": payment.pay_by.isoformat(),
            "due_on": payment.pay_by.isoformat(),
            "object_by": item.letter.object_by.isoformat(),
        }
    if case.plan is not None:
        first = case.plan.instalments[0]
        fields |= {
            "count": str(len(case.plan.instalments)),
            "first_amount": _amount(first.amount),
            "first_due_on": first.due_on.isoformat(),
        }
    if case.dispute is not None:
        fields["answer_by"] = case.dispute.answer_by.isoformat()
    return {**fields, **dict(item.facts)}


def _amount(amount: Money) -> str:
    return f"{amount.decimal()} {amount.currency}"
