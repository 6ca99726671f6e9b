"""What has happened in a case, as dated lines for its client: steps, messages, calls, money, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.claim_interest import CREDIT_NOTE
from sovinto.domain.communication import Communication
from sovinto.domain.facts import Rules
from sovinto.domain.hold import Hold
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money, total
from sovinto.domain.payment import CLIENT_SOURCE
from sovinto.ports import CaseFile

_TOLD_ELSEWHERE = (Step.CLOSE_CASE, Step.ASK_APPROVAL, Step.END_HOLD, Step.EXPIRE_APPROVAL)
_MONEY = {
    "payment_allocated": "payment",
    "payment_reversed": "payment_reversed",
    CREDIT_NOTE: "credit_note",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """`what` names the words of it; `detail` is a word of the table `group`, or nothing.

    `messages` are channel and sending state of what a step sent.
    """

    at: datetime
    what: str
    group: str = ""
    detail: str = ""
    amount: Money | None = None
    messages: tuple[tuple[str, str], ...] = ()


def timeline_of(file: CaseFile, rules: Rules) -> list[dict[str, Any]]:
    """Newest first, each with its local day. Notes of collectors and reasons of holds are not told."""
    found = [
        *_steps(file.case.steps, file.communications),
        *_messages(file.case.steps, file.communications),
        *_agreements(file.case),
        *(item for hold in file.case.holds for item in _hold(hold)),
        *_answers(file.case),
        *(_money(file.case, entry) for entry in file.entries if entry.kind in _MONEY),
    ]
    found.sort(key=lambda item: item.at, reverse=True)
    return [
        {
            "on": rules.calendar.local_date(item.at),
            "what": item.what,
            "group": item.group,
            "detail": item.detail,
            "amount": item.amount,
            "messages": item.messages,
        }
        for item in found
    ]


def _steps(steps: tuple[StepRecord, ...], sent: tuple[Communication, ...]) -> Iterator[Happening]:
    for record in steps:
        if record.step in _TOLD_ELSEWHERE:
            continue
        what = "step" if record.outcome == "performed" else "skipped"
        messages = tuple(
            (item.channel.value, item.state.value)
            for item in sent
            if item.event_id is not None and item.event_id == record.event_id
        )
        yield Happening(record.at, what, "steps", record.step.value, messages=messages)


def _messages(steps: tuple[StepRecord, ...], sent: tuple[Communication, ...]) -> Iterator[Happening]:
    """Those that no step sent: confirmations, answers, questions to the client."""
    by_step = {record.event_id for record in steps if record.step not in _TOLD_ELSEWHERE}
    for item in sent:
        if item.event_id is None or item.event_id not in by_step:
            what = "told_debtor" if item.audience == "debtor" else "told_client"
            how = ((item.channel.value, item.state.value),)
            yield Happening(item.sent_at or item.planned_at, what, "templates", item.template, messages=how)


def _agreements(case: Case) -> Iterator[Happening]:
    yield Happening(case.placed_at, "placed")
    for call in case.calls:
        yield Happening(call.at, "call", "call_outcomes", call.outcome.value)
    if case.plan is not None:
        yield Happening(case.plan.agreed_at, "plan_agreed")
    if case.promise is not None:
        yield Happening(case.promise.made_at, "promise")
    for message in case.client_messages:
        yield Happening(message.at, "message")
    for former in case.former_debtors:
        yield Happening(former.replaced_at, "debtor_replaced", "states", former.reason)
    if case.closure is not None and case.closed_at is not None:
        yield Happening(case.closed_at, "closed", "states", case.closure.value)


def _hold(hold: Hold) -> Iterator[Happening]:
    yield Happening(hold.placed_at, "hold_placed")
    if hold.ended_at is not None:
        yield Happening(hold.ended_at, "hold_ended")


def _answers(case: Case) -> Iterator[Happening]:
    if case.dispute is not None:
        yield Happening(
            case.dispute.opened_at, "dispute_opened", "kinds_of_dispute", case.dispute.kind.value
        )
        if case.dispute.settled_at is not None:
            outcome = case.dispute.outcome or ""
            yield Happening(case.dispute.settled_at, "dispute_settled", "dispute_outcomes", outcome)
    for asked in case.approvals:
        yield Happening(asked.asked_at, "asked", "approval_kinds", asked.kind.value)
        if asked.outcome is not None and asked.answered_at is not None:
            yield Happening(asked.answered_at, "answered", "approval_outcomes", asked.outcome.value)


def _money(case: Case, entry: Entry) -> Happening:
    accounts = (debtor_account(case.case_id, owed) for owed in ClaimClass)
    amount = total((entry.amount_on(account, case.currency) for account in accounts), case.currency)
    what = "direct_payment" if entry.label == CLIENT_SOURCE else _MONEY[entry.kind]
    return Happening(entry.posted_at, what, amount=Money(abs(amount.minor), case.currency))
