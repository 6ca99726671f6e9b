"""Send one communication once: claim it under its permit, perform, record the outcome as sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.money import Money
from sovinto.errors import UpstreamRefused, UpstreamUnavailable
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import Attachment, Cases, Clients, Clock, Files, Mailer, Press, Sendings, SmsSender
from sovinto.usecases.step_context import Sender


@dataclass(frozen=True, slots=True)
class Outlets:
    """Everything a message can leave by."""

    press: Press
    documents: Files
    mailer: Mailer
    sms: SmsSender


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
    """A stop that was committed before the claim wins: the message is withheld for good.

    A provider that is unavailable before it took the message raises UpstreamUnavailable after the
    claim was given back, so that the queue delivers it again.
    """
    item = cases.communication(case_id, communication_id)
    if item.state is not SendingState.PLANNED or item.channel is Channel.CALL:
        return item.state
    if not sendings.claim(item):
        return _withhold(item, cases, sendings)
    case = cases.load(case_id)
    try:
        sent = _perform(item, case, outlets, sender, clients.load(case.client_id))
    except UpstreamUnavailable:
        sendings.record(item)
        raise
    except UpstreamRefused as refusal:
        sendings.record(replace(item, state=SendingState.FAILED, reason=refusal.message))
        return SendingState.FAILED
    sendings.record(replace(sent, state=SendingState.SENT, sent_at=clock.now()))
    return SendingState.SENT


def _withhold(item: Communication, cases: Cases, sendings: Sendings) -> SendingState:
    """Not claimed: somebody else sends it now, the case was stopped, or two changes only met."""
    newest = cases.communication(item.case_id, item.communication_id)
    if newest.state is not SendingState.PLANNED:
        return newest.state
    if cases.load(item.case_id).may_be_contacted:
        raise UpstreamUnavailable("the claim met another change of the case; try again")
    sendings.record(replace(newest, state=SendingState.WITHHELD, reason="stopped before sending"))
    return SendingState.WITHHELD


def _perform(
    item: Communication, case: Case, outlets: Outlets, sender: Sender, client: Client
) -> Communication:
    words = outlets.press.words(
        item.channel.value, item.template, item.language, _fields(item, case, sender, client)
    )
    worded = replace(item, subject=words.subject, text=words.text)
    if item.channel is Channel.SMS:
        provider_id = outlets.sms.send(to=item.to, text=words.text, reference=item.communication_id)
        return replace(worded, provider_id=provider_id)
    pdf = outlets.press.letter(item.letter) if item.letter else b""
    key = f"{item.channel.value}/{item.planned_at:%Y-%m-%d}/{item.communication_id}.pdf" if pdf else ""
    if pdf:
        outlets.documents.write(key, pdf, "application/pdf")
    if item.channel is Channel.POST:
        return replace(worded, document_key=key, provider_id=f"print:{item.communication_id}")
    attachments = [Attachment(f"{item.template}.pdf", "application/pdf", pdf)] if pdf else []
    provider_id = outlets.mailer.send(
        to=item.to,
        subject=words.subject,
        text=words.text,
        attachments=attachments,
        reference=item.communication_id,
    )
    return replace(worded, document_key=key, provider_id=provider_id)


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
