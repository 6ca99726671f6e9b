"""Every event that can reach a case, made to happen through its real use case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sovinto.domain.agreement import ApprovalKind, CallOutcome, Financials
from sovinto.domain.case import Case, Closure, DisputeKind, Step
from sovinto.domain.case_events import CaseEvent
from sovinto.domain.communication import Channel, Communication, Permit, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.domain.timeline import Wait, decide
from sovinto.errors import UpstreamRefused
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import Change
from sovinto.usecases import adjust_debt, hold_case
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.call_outcomes import CallParts
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.drive_case import decide_next
from sovinto.usecases.record_call import record_call
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.update_contacts import NewContacts, update_contacts

from tests.support.moves import agree, answer, object_to, owed, pay, take_back
from tests.support.world import World

COLLECTOR = "col_1"


def happen(world: World, case_id: CaseId, event: CaseEvent) -> None:
    """Raises what the use case raises."""
    HAPPENINGS[event](world, world.cases.load(case_id))


def today(world: World) -> date:
    return world.clock.now().date()


def look(world: World, case: Case) -> None:
    """One round of the driver."""
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    if found.step not in ("wait", "done"):
        world.perform(case.case_id, Step(found.step))


def time_comes(world: World, case: Case) -> None:
    """The moment that the case waits for, if it waits."""
    decision = decide(*facts_of(case.case_id, world.cases, world.clock.now()))
    if isinstance(decision, Wait):
        world.clock.at = decision.until


def pay_all(world: World, case: Case) -> None:
    pay(world, case, max(owed(world, case), 1), name="pay_event")


def pay_and_take_back(world: World, case: Case) -> None:
    """A case that the payment closed is open again, exactly where it was."""
    pay_all(world, case)
    take_back(world, case, "pay_event")


def pay_part(world: World, case: Case) -> None:
    pay(world, case, 50, name="pay_event")


def pay_client(world: World, case: Case) -> None:
    adjust_debt.direct_payment(
        case.case_id,
        client_id=case.client_id,
        amount=Money(50, case.currency),
        on=today(world),
        reference="direct_event",
        cases=world.cases,
        clock=world.clock,
    )


def credit(world: World, case: Case) -> None:
    adjust_debt.credit_note(
        case.case_id,
        client_id=case.client_id,
        invoice_number=case.claims[0].invoice_number,
        amount=Money(50, case.currency),
        on=today(world),
        reference="credit_event",
        cases=world.cases,
        clock=world.clock,
    )


def hold(world: World, case: Case) -> None:
    hold_case.place_hold(
        case.case_id,
        HoldReason.ILLNESS,
        by=COLLECTOR,
        cases=world.cases,
        clock=world.clock,
        until=today(world) + timedelta(days=9),
    )


def release(world: World, case: Case) -> None:
    """Every hold; one that is not there where there is none."""
    for hold_id in [item.hold_id for item in case.active_holds] or ["hld_none"]:
        hold_case.release_hold(case.case_id, hold_id, by=COLLECTOR, cases=world.cases, clock=world.clock)


def ask_for_plan(world: World, case: Case) -> None:
    """More instalments than the client's limits allow."""
    first_on = today(world) + timedelta(days=10)
    propose_plan(
        case.case_id,
        24,
        first_on,
        by=COLLECTOR,
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )


def answering(approve: bool) -> Callable[[World, Case], None]:
    def happening(world: World, case: Case) -> None:
        asked = case.open_approval
        is_ours = asked is not None and asked.kind is ApprovalKind.PUBLICATION
        answer_approval(
            case.case_id,
            asked.approval_id if asked is not None else "apr_none",
            approve=approve,
            by=COLLECTOR if is_ours else case.client_id,
            cases=world.cases,
            clock=world.clock,
            client_id=None if is_ours else case.client_id,
            clients=world.clients,
            sender=world.sender,
        )

    return happening


def calling(outcome: CallOutcome) -> Callable[[World, Case], None]:
    def happening(world: World, case: Case) -> None:
        record_call(
            case.case_id,
            _task(world, case).communication_id,
            outcome,
            by=COLLECTOR,
            parts=CallParts(
                promise_on=today(world) + timedelta(days=5),
                call_back_at=world.clock.now() + timedelta(days=2),
                instalments=3,
                dispute_kind=DisputeKind.WRONG_AMOUNT,
            ),
            cases=world.cases,
            clients=world.clients,
            sender=world.sender,
            clock=world.clock,
        )

    return happening


def _task(world: World, case: Case) -> Communication:
    """The task that waits, or one that somebody still has on the desk."""
    tasks = world.messages(case.case_id, "call_task")
    waiting = [item for item in tasks if item.state is SendingState.PLANNED]
    return waiting[0] if waiting else _planned(world, case, Channel.CALL, "call_task")


def _planned(world: World, case: Case, channel: Channel, template: str) -> Communication:
    messages = [record for record in case.steps if record.outcome == "performed" and record.event_id]
    item = Communication(
        communication_id=CommunicationId(f"com_{template}"),
        case_id=case.case_id,
        client_id=case.client_id,
        audience="debtor",
        channel=channel,
        template=template,
        language="fi",
        planned_at=world.clock.now(),
        to="+358400000001" if channel is Channel.CALL else "tiina@posti.example",
        permit=Permit("prm_event", world.clock.now(), ()),
        event_id=messages[-1].event_id if messages else None,
    )
    world.cases.commit(Change(communications=(item,)))
    return item


def bounce(world: World, case: Case) -> None:
    """The provider refuses the message that the last step planned."""
    item = _planned(world, case, Channel.EMAIL, "reminder")
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.send(case.case_id, item.communication_id)


def figures(world: World, case: Case) -> None:
    told = Financials(date(2025, 12, 31), "trade register", assets_minor=1)
    record_financials(case.case_id, told, by=COLLECTOR, cases=world.cases, clock=world.clock)


def contacts(world: World, case: Case) -> None:
    new = NewContacts(email="uusi.osoite@posti.example")
    update_contacts(case.case_id, new, by=COLLECTOR, cases=world.cases, clock=world.clock)


def stopping(closure: Closure) -> Callable[[World, Case], None]:
    def happening(world: World, case: Case) -> None:
        stop_case(case.case_id, closure, by=COLLECTOR, cases=world.cases, clock=world.clock)

    return happening


def rejected_and_told(world: World, case: Case) -> None:
    """The client says no to the objection, and the debtor hears it before anything else."""
    answer(world, case, "rejected")
    world.perform(case.case_id, Step.TELL_REJECTION)


HAPPENINGS: dict[CaseEvent, Callable[[World, Case], object]] = {
    CaseEvent.LOOK: look,
    CaseEvent.TIME_COMES: time_comes,
    CaseEvent.PAID: pay_all,
    CaseEvent.REVERSED: pay_and_take_back,
    CaseEvent.PAID_IN_PART: pay_part,
    CaseEvent.PAID_CLIENT: pay_client,
    CaseEvent.CREDITED: credit,
    CaseEvent.OBJECTED: object_to,
    CaseEvent.REJECTED: rejected_and_told,
    CaseEvent.UPHELD: lambda world, case: answer(world, case, "upheld"),
    CaseEvent.HELD: hold,
    CaseEvent.RELEASED: release,
    CaseEvent.PLAN_AGREED: lambda world, case: agree(world, case, 3),
    CaseEvent.PLAN_ASKED: ask_for_plan,
    CaseEvent.APPROVED: answering(True),
    CaseEvent.DECLINED: answering(False),
    CaseEvent.CALL_REACHED: calling(CallOutcome.REACHED),
    CaseEvent.CALL_PROMISE: calling(CallOutcome.PROMISE_TO_PAY),
    CaseEvent.CALL_PLAN: calling(CallOutcome.PLAN_AGREED),
    CaseEvent.CALL_DISPUTE: calling(CallOutcome.DISPUTE),
    CaseEvent.CALL_WRONG_NUMBER: calling(CallOutcome.WRONG_NUMBER),
    CaseEvent.CALL_WRONG_PERSON: calling(CallOutcome.WRONG_PERSON),
    CaseEvent.CALL_BACK: calling(CallOutcome.CALL_BACK),
    CaseEvent.CALL_NO_ANSWER: calling(CallOutcome.NO_ANSWER),
    CaseEvent.FIGURES: figures,
    CaseEvent.BOUNCED: bounce,
    CaseEvent.NEW_CONTACTS: contacts,
    CaseEvent.WITHDRAWN: stopping(Closure.WITHDRAWN),
    CaseEvent.INSOLVENT: stopping(Closure.INSOLVENT),
    CaseEvent.DIED: stopping(Closure.DEBTOR_DIED),
    CaseEvent.MINOR: stopping(Closure.DEBTOR_MINOR),
}
