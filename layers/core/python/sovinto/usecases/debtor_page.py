"""What a debtor sees and does after proving the code: pay, agree a plan, object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sovinto.domain.access_code import is_access_code
from sovinto.domain.case import Case, Closure, Dispute, DisputeKind
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel
from sovinto.domain.debt_lines import DebtView, debt_view
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt
from sovinto.domain.plan import Plan
from sovinto.domain.plan_offer import as_plan_of, limits_for, may_have_plan, offers, terms
from sovinto.domain.posting import Occasion
from sovinto.domain.unheard import unheard
from sovinto.errors import (
    AlreadyStored,
    InvalidInput,
    LawMissing,
    NotAllowed,
    NotFound,
    RuleRefused,
    TooManyAttempts,
)
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Cases, Change, Clients, Clock, Guard, Ids, PaymentGateway
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.dispute_terms import after_dispute, told_client
from sovinto.usecases.plan_terms import agreed
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.send_again import planned_again
from sovinto.usecases.step_context import Draft, Sender, case_event, communicate

MAX_TRIES = 10
# What is owed changes from day to day: the provider's page is not to be paid long after.
PAGE_OPEN = timedelta(hours=1)
MAX_TEXT = 2000


@dataclass(frozen=True, slots=True)
class DebtorPage:
    """Everything the page prints."""

    case: Case
    debt: DebtView
    facts: Facts
    rules: Rules
    client: Client | None = None


def prove_code(link_id: str, typed: str, *, secret: bytes, cases: Cases, at: datetime) -> CaseId:
    """The case behind the link. Raises NotAllowed, or TooManyAttempts after MAX_TRIES in one hour.

    An unknown link costs a try and answers as a wrong code does: a link alone reveals nothing.
    """
    link_key = sha256(link_id.encode()).hexdigest()[:32]
    scope = f"TRY#{link_key}#{at:%Y-%m-%dT%H}"
    if cases.guard(scope, str(MAX_TRIES)) is not None:
        raise TooManyAttempts("the code was tried too often; try again in an hour", field="code")
    case_id = cases.by_link(link_id)
    if case_id is not None and is_access_code(secret, case_id, typed):
        return case_id
    _count_try(scope, cases, at)
    raise NotAllowed("this code does not fit; it is on the letter, ten letters and digits", field="code")


def _count_try(scope: str, cases: Cases, at: datetime) -> None:
    expires_at = int((at + timedelta(hours=2)).timestamp())
    for number in range(1, MAX_TRIES + 1):
        try:
            cases.commit(Change(guards=(Guard(scope, str(number), expires_at=expires_at),)))
        except AlreadyStored:
            continue
        return


def open_page(case_id: CaseId, *, cases: Cases, clock: Clock, clients: Clients | None = None) -> DebtorPage:
    """With `clients`, the plans on offer are those of the client. Raises NotFound, LawMissing."""
    facts, rules = facts_of(case_id, cases, clock.now())
    debt = _debt_as_known(facts, rules)
    client = clients.load(facts.case.client_id) if clients is not None else None
    return DebtorPage(facts.case, debt, facts, rules, client)


def _debt_as_known(facts: Facts, rules: Rules) -> DebtView:
    """What is owed today. Where a rate is missing interest stands still before it: the debtor can
    still see the debt and pay, though we write no letter on that day. Raises LawMissing."""
    today = facts.today(rules)
    try:
        return debt_view(facts.case, facts.entries, rules.pack, rules.calendar, today)
    except LawMissing as missing:
        if missing.on is None or not facts.case.due_on < missing.on <= today:
            raise
        known = missing.on - timedelta(days=1)
        return debt_view(facts.case, facts.entries, rules.pack, rules.calendar, known)


def begin_payment(
    case_id: CaseId,
    amount: Money,
    back_url: str,
    *,
    gateway: PaymentGateway,
    cases: Cases,
    clock: Clock,
    ids: Ids,
) -> str:
    """The address of the provider's page. The attempt is stored first, so that no payment is unknown.

    The browser comes back to `back_url` with the payment's id and state processing or cancelled.
    """
    page = open_page(case_id, cases=cases, clock=clock)
    if not page.case.is_open or page.debt.total.minor <= 0:
        raise RuleRefused("nothing is owed; there is nothing to pay")
    if not 0 < amount.minor <= page.debt.total.minor:
        raise InvalidInput(
            f"amount must be above zero and at most {page.debt.total.decimal()}", field="amount"
        )
    payment_id = PaymentId(ids.new("pay"))
    attempt = Attempt(payment_id, case_id, "", amount, clock.now())
    cases.commit(Change(attempts=(attempt,)))
    checkout = gateway.create_checkout(
        payment_id=payment_id,
        amount=amount,
        description=page.case.number,
        success_url=f"{back_url}&payment={payment_id}&state=processing",
        cancel_url=f"{back_url}&payment={payment_id}&state=cancelled",
        language=page.case.debtor.language,
        idempotency_key=payment_id,
        expires_at=attempt.begun_at + PAGE_OPEN,
    )
    cases.commit(Change(attempts=(replace(attempt, checkout_id=checkout.checkout_id),)))
    return checkout.url


def open_dispute(
    case_id: CaseId,
    kind: DisputeKind,
    text: str,
    *,
    cases: Cases,
    clock: Clock,
    clients: Clients | None = None,
) -> Dispute:
    """Stops every channel and fee in the same transaction; with `clients`, the client is told by e-mail.

    Raises InvalidInput, RuleRefused.
    """
    if len(text) > MAX_TEXT:
        raise InvalidInput(f"text must be at most {MAX_TEXT} characters; shorten it", field="text")
    return with_fresh_read(lambda: _dispute(case_id, kind, text, cases, clock, clients))


def _dispute(
    case_id: CaseId, kind: DisputeKind, text: str, cases: Cases, clock: Clock, clients: Clients | None
) -> Dispute:
    facts, rules = facts_of(case_id, cases, clock.now())
    case = facts.case
    if not case.is_open:
        raise RuleRefused("the case is closed; there is nothing left to object to")
    if case.dispute is not None and case.dispute.is_open:
        return case.dispute
    client = clients.load(case.client_id) if clients is not None else None
    dispute, draft = disputed(facts, rules, kind, text, client)
    cases.commit(
        Change(
            case=draft.case,
            communications=draft.communications,
            events=draft.events,
            wake_at=facts.now,
        )
    )
    return dispute


def disputed(
    facts: Facts, rules: Rules, kind: DisputeKind, text: str, client: Client | None = None
) -> tuple[Dispute, Draft]:
    """The case with its dispute, the event, the receipt for the debtor and the question to the client."""
    case = facts.case
    answer_by = facts.today(rules) + timedelta(days=rules.policy.answer_by_days)
    dispute = Dispute(kind, text, facts.now, answer_by)
    occasion = Occasion.of_case(case, facts.now)
    newer = replace(case, dispute=dispute, version=case.version + 1)
    events = [case_event(case, occasion, "dispute.opened", dispute_kind=kind.value)]
    messages = []
    if case.debtor.email:
        item, planned = communicate(newer, occasion, channel=Channel.EMAIL, template="dispute_received")
        messages.append(item)
        events.append(planned)
    if client is not None:
        item, planned = told_client(newer, dispute, client, occasion)
        messages.append(item)
        events.append(planned)
    return dispute, Draft(newer, (), messages, events)


def settle_dispute(
    case_id: CaseId, client_id: str, outcome: str, *, cases: Cases, clock: Clock, reason: str = ""
) -> Case:
    """The client's answer: upheld closes the case, rejected lets the timeline go on.

    A `reason` (at most MAX_TEXT characters) is told to the debtor with the rejection. Raises NotFound,
    InvalidInput, RuleRefused.
    """
    if outcome not in ("upheld", "rejected"):
        raise InvalidInput("outcome must be upheld or rejected", field="outcome")
    if len(reason) > MAX_TEXT:
        raise InvalidInput(f"reason must be at most {MAX_TEXT} characters; shorten it", field="reason")
    answer = _Answer(outcome, " ".join(reason.split()))
    return with_fresh_read(lambda: _settle(case_id, client_id, answer, cases, clock))


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: str
    reason: str


def _settle(case_id: CaseId, client_id: str, answer: _Answer, cases: Cases, clock: Clock) -> Case:
    case, now = cases.load(case_id), clock.now()
    if case.client_id != client_id:
        raise NotFound(f"there is no case {case_id}")
    if case.dispute is None or not case.dispute.is_open:
        raise RuleRefused("the case has no open dispute; there is nothing to answer")
    if not case.is_open:
        # An answer that comes late must not rewrite how the case ended.
        raise RuleRefused("the case is closed; its dispute needs no answer any more")
    dispute = replace(case.dispute, reason=answer.reason)
    settled = replace(after_dispute(case, dispute, answer.outcome, now), version=case.version + 1)
    occasion = Occasion.of_case(case, now)
    events = [case_event(case, occasion, "dispute.settled", outcome=answer.outcome)]
    if answer.outcome == "upheld":
        settled = replace(settled, closure=Closure.DISPUTE_UPHELD, closed_at=now)
        events.append(case_event(case, occasion, "case.closed", reason=Closure.DISPUTE_UPHELD.value))
    today, waiting = rules_for(case).calendar.local_date(now), unheard(cases.communications(case_id))
    messages, planned = planned_again(settled, waiting, occasion, today)
    cases.commit(Change(case=settled, communications=messages, events=(*events, *planned), wake_at=now))
    return settled


def plan_offers(page: DebtorPage) -> tuple[Plan, ...]:
    """The plans that are agreed at once: within the client's limits, and what the client itself offers."""
    case = page.case
    if not case.may_be_contacted or (case.plan and case.plan.is_active):
        return ()
    found: tuple[Plan, ...] = ()
    if may_have_plan(case.plan, limits_for(page.rules, page.client)):
        found = offers(page.debt.total, page.rules, page.facts.now, page.client)
    by_count = {len(plan.instalments): plan for plan in (*found, *_offered_by_client(page))}
    return tuple(by_count[count] for count in sorted(by_count))


def _offered_by_client(page: DebtorPage) -> tuple[Plan, ...]:
    """The client's terms, for what is owed today; terms that wait for the client are nobody's offer."""
    proposed, approval = page.case.proposed_plan, page.case.open_approval
    if proposed is None or (approval is not None and approval.about == proposed.plan_id):
        return ()
    first_on = max(proposed.instalments[0].due_on, page.facts.today(page.rules) + timedelta(days=1))
    count = len(proposed.instalments)
    return (terms(page.debt.total, count, first_on, page.rules.calendar, page.facts.now),)


def agree_plan(
    case_id: CaseId,
    count: int,
    *,
    sender: Sender,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> Plan:
    """The debtor accepts `count` instalments. Raises RuleRefused outside the limits."""
    return with_fresh_read(lambda: _agree(case_id, count, sender, cases, clients, clock))


def _agree(
    case_id: CaseId, count: int, sender: Sender, cases: Cases, clients: Clients, clock: Clock
) -> Plan:
    page = open_page(case_id, cases=cases, clock=clock, clients=clients)
    chosen = [plan for plan in plan_offers(page) if len(plan.instalments) == count]
    if not chosen or page.client is None:
        raise RuleRefused(f"{count} instalments are not on offer; choose one of those shown")
    draft = agreed(page.facts, page.rules, chosen[0], page.client, sender)
    cases.commit(
        Change(
            case=draft.case,
            entries=draft.entries,
            communications=draft.communications,
            events=draft.events,
            wake_at=page.facts.now,
        )
    )
    return as_plan_of(page.case, chosen[0])
