"""What each outcome of a call does to the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sovinto.domain.agreement import CallOutcome, CallRecord, Promise
from sovinto.domain.case import Case, DisputeKind, StepRecord
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.law import contact
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import derived
from sovinto.ports import Cases, Guard
from sovinto.usecases import debtor_page
from sovinto.usecases.contact_ledger import astray_guards, without_detail
from sovinto.usecases.plan_terms import agreed, debt_now
from sovinto.usecases.step_context import Draft, Sender, case_event


@dataclass(frozen=True, slots=True)
class CallParts:
    """What an outcome needs beside its name; the rest is None. `call_back_at` is aware."""

    promise_on: date | None = None
    call_back_at: datetime | None = None
    instalments: int | None = None
    dispute_kind: DisputeKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made. `planned_by` is the step that asked for it, None where it is undone."""

    facts: Facts
    rules: Rules
    client: Client
    sender: Sender
    item: Communication
    record: CallRecord
    planned_by: StepRecord | None
    parts: CallParts
    cases: Cases

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def today(self) -> date:
        return self.facts.today(self.rules)

    @property
    def last_day(self) -> date:
        """The last day that a promise or a call back may name."""
        return self.today + timedelta(days=self.rules.policy.plan.first_within_days)


@dataclass(frozen=True, slots=True)
class Effect:
    """What is stored with the outcome."""

    draft: Draft
    guards: Sequence[Guard] = ()


def nothing_more(call: Call) -> Effect:
    """The debtor was reached and nothing was agreed: the timeline goes on."""
    return Effect(Draft(call.case))


def promised(call: Call) -> Effect:
    """The timeline waits for the day; a promise that passes unpaid is over, without further ado."""
    _needs_live(call, "promise_to_pay")
    by_on = call.parts.promise_on
    if by_on is None or not call.today <= by_on <= call.last_day:
        raise InvalidInput(
            f"promise_on must be a day from {call.today.isoformat()} to {call.last_day.isoformat()}; "
            "agree a plan for more time",
            field="promise_on",
        )
    if call.case.plan is not None and call.case.plan.is_active:
        raise RuleRefused("a payment plan is kept at present; record reached, or agree new terms of it")
    return Effect(Draft(replace(call.case, promise=Promise(by_on, call.facts.now))))


def plan_agreed(call: Call) -> Effect:
    """The same offers as on the debtor's page."""
    count = call.parts.instalments
    if count is None:
        raise InvalidInput(
            "instalments must be the number of instalments that was agreed; add it", field="instalments"
        )
    _needs_live(call, "plan_agreed")
    page = debtor_page.DebtorPage(
        call.case, debt_now(call.facts, call.rules), call.facts, call.rules, call.client
    )
    offered = {len(plan.instalments): plan for plan in debtor_page.plan_offers(page)}
    if count not in offered:
        known = ", ".join(str(number) for number in sorted(offered)) or "none"
        raise RuleRefused(
            f"{count} instalments are not on offer; choose one of: {known}", field="instalments"
        )
    return Effect(agreed(call.facts, call.rules, offered[count], call.client, call.sender))


def disputed(call: Call) -> Effect:
    """Everything stops, as when the debtor objects on the page; a dispute that is open stays as it is."""
    kind = call.parts.dispute_kind
    if kind is None:
        known = ", ".join(item.value for item in DisputeKind)
        raise InvalidInput(f"dispute_kind must be one of {known}; add it", field="dispute_kind")
    if not call.case.is_open:
        raise RuleRefused("the case is closed; there is nothing left to object to")
    if call.case.is_disputed:
        return nothing_more(call)
    return Effect(debtor_page.disputed(call.facts, call.rules, kind, call.parts.text, call.client)[1])


def wrong_number(call: Call) -> Effect:
    """Neither calls nor SMS of this case go there any more, planned ones included; letters go on."""
    guards = astray_guards(call.case, call.item, call.cases, everywhere=False)
    return Effect(Draft(without_detail(call.case, Channel.CALL)), guards)


def wrong_person(call: Call) -> Effect:
    """The number is somebody else's, in every case, and so is the e-mail. This case waits for better
    details.

    Whoever was found under these details is not the debtor, so that the address and the e-mail that came
    with them are in doubt as well: a letter would tell a stranger of the debt. Closing would lose a claim
    that stands; on hold, the client can look for the address.
    """
    guards = (*astray_guards(call.case, call.item, call.cases, everywhere=True), *_email_guards(call))
    silent = without_detail(call.case, Channel.CALL)
    if not call.case.is_open or _is_searched(call.case):
        return Effect(Draft(silent), guards)
    occasion = Occasion.of_case(call.case, call.facts.now)
    hold = Hold(
        hold_id=derived("hld", occasion.event_id),
        reason=HoldReason.ADDRESS_SEARCH,
        from_on=call.today,
        until=None,
        placed_at=call.facts.now,
        placed_by=call.record.by,
    )
    placed = case_event(
        call.case,
        occasion,
        "hold.placed",
        hold_id=hold.hold_id,
        from_on=hold.from_on.isoformat(),
    )
    held = replace(silent, holds=(*silent.holds, hold))
    return Effect(Draft(held, events=(placed,)), guards)


def _email_guards(call: Call) -> Sequence[Guard]:
    """The same rows for the e-mail that came with the number."""
    email = call.case.debtor.email
    if not email:
        return ()
    mail = replace(call.item, channel=Channel.EMAIL, to=email)
    return astray_guards(call.case, mail, call.cases, everywhere=True)


def _is_searched(case: Case) -> bool:
    return any(hold.reason is HoldReason.ADDRESS_SEARCH for hold in case.active_holds)


def call_back(call: Call) -> Effect:
    """One more call is planned for the hour the debtor asked for, or the first allowed one after it."""
    asked = call.parts.call_back_at
    if asked is None or asked.tzinfo is None:
        raise InvalidInput(
            "call_back_at must be a day and time with its time zone; write it like 2026-02-05T14:00+02:00",
            field="call_back_at",
        )
    if asked < call.facts.now or call.rules.calendar.local_date(asked) > call.last_day:
        raise InvalidInput(
            f"call_back_at must lie ahead, at the latest on {call.last_day.isoformat()}; choose another",
            field="call_back_at",
        )
    _needs_live(call, "call_back")
    debtor_type = call.case.debtor.debtor_type
    at = contact.next_contact_time(call.rules.pack, call.rules.at_debtor, Channel.CALL, asked, debtor_type)
    return Effect(Draft(replace(_once_more(call), call_not_before=at)))


def no_answer(call: Call) -> Effect:
    """Tried again on another day, as often as the policy says; then the case goes on."""
    tried = [item for item in call.case.calls if item.step == call.record.step]
    missed = 1 + sum(item.outcome is CallOutcome.NO_ANSWER for item in tried)
    if missed >= call.rules.policy.call_attempts or _has_gone_on(call):
        return nothing_more(call)
    return Effect(Draft(_once_more(call)))


def _once_more(call: Call) -> Case:
    """The step that planned the call counts as skipped, as of today, so that it is due again."""
    planned = call.planned_by
    if planned is None:
        return call.case
    again = replace(
        planned,
        outcome="skipped",
        reason=call.record.outcome.value,
        at=call.facts.now,
        on=call.today,
    )
    others = tuple(record for record in call.case.steps if record is not planned)
    return replace(call.case, steps=others).with_step(again)


def _has_gone_on(call: Call) -> bool:
    """A later step of the policy was taken meanwhile: a milder one is not brought back for silence."""
    planned = call.planned_by
    if planned is None:
        return True
    later = (record for record in call.case.steps if record.at > planned.at)
    return any(record.outcome != "skipped" and call.rules.policy.step(record.step) for record in later)


def _needs_live(call: Call, outcome: str) -> None:
    if call.case.may_be_contacted:
        return
    state = "closed" if not call.case.is_open else "disputed" if call.case.is_disputed else "on hold"
    raise RuleRefused(f"the case is {state}; {outcome} cannot be recorded, record reached", field="outcome")
