"""Cases under the second Finnish policy, and the answers to what it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sovinto.domain.agreement import Approval, ApprovalKind, CallOutcome
from sovinto.domain.case import Case, Step
from sovinto.domain.debtor import DebtorType
from sovinto.ports import Change
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.record_call import CallParts, record_call

from tests.support.world import World

FIRM = {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"}
NEWER = "fi_standard_v2"
COLLECTOR = "col_fi_1"


def under_v2(world: World, *, principal: int = 100_000, policy_id: str = NEWER, **given: object) -> Case:
    """Placed in January 2026 and bound to the newer policy, whose own days have no interest rate yet."""
    case = world.place(principal=principal, **{**FIRM, **given})  # type: ignore[arg-type]
    world.cases.commit(Change(case=replace(case, policy_id=policy_id, version=case.version + 1)))
    return world.cases.load(case.case_id)


def live_until_asked(world: World, case: Case, kind: ApprovalKind, days: int = 150) -> Approval:
    """Day by day until somebody is asked for this."""
    for _ in range(days):
        world.live(case.case_id, 1)
        attempt(world, case)
        asked = world.cases.load(case.case_id).open_approval
        if asked is not None and asked.kind is kind:
            return asked
    raise AssertionError(f"nobody was asked for {kind.value}")


def attempt(
    world: World,
    case: Case,
    step: Step = Step.ATTEMPT_CONTACT,
    outcome: CallOutcome = CallOutcome.REACHED,
    parts: CallParts = CallParts(),
) -> None:
    """The call between announcement and publication, or of another step, where one is planned."""
    now = world.cases.load(case.case_id)
    record = now.performed(step)
    if record is None or any(call.step == record.step.value for call in now.calls):
        return
    for task in world.messages(case.case_id, "call_task"):
        if task.event_id == record.event_id:
            record_call(
                case.case_id,
                task.communication_id,
                outcome,
                by=COLLECTOR,
                parts=parts,
                cases=world.cases,
                clients=world.clients,
                sender=world.sender,
                clock=world.clock,
            )


def say(world: World, case: Case, asked: Approval, *, approve: bool = True) -> Case:
    """The right one answers: a person of the agency on a publication, else the client."""
    is_ours = asked.kind is ApprovalKind.PUBLICATION
    return answer_approval(
        case.case_id,
        asked.approval_id,
        approve=approve,
        by=COLLECTOR if is_ours else case.client_id,
        cases=world.cases,
        clock=world.clock,
        client_id=None if is_ours else case.client_id,
        clients=world.clients,
        sender=world.sender,
    )


def announced(world: World, **given: object) -> Case:
    """A case whose tratta was announced, with the client's approval."""
    case = under_v2(world, **given)  # type: ignore[arg-type]
    say(world, case, live_until_asked(world, case, ApprovalKind.TRATTA))
    world.live(case.case_id, 1)
    now = world.cases.load(case.case_id)
    assert now.performed(Step.ANNOUNCE_TRATTA) is not None
    return now


def done_on(case: Case, step: Step) -> date | None:
    record = case.performed(step)
    return record.on if record else None
