"""A joint debtor takes the place of a debtor who died, is insolvent or a minor: the debt stays whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import SendingState
from sovinto.domain.debtor import Debtor, DebtorType, Liability
from sovinto.domain.hold import HoldReason
from sovinto.domain.ledger import balance_of
from sovinto.entry.client_timeline import timeline_of
from sovinto.errors import RuleRefused
from sovinto.ports import Change
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.hold_case import place_hold
from sovinto.usecases.release_party import release_party
from sovinto.usecases.stop_case import stop_case

from tests.support.firm_steps import under_v2
from tests.support.moves import agree, owed, pay
from tests.support.people import DEBTOR
from tests.support.race import RacingTable
from tests.support.world import World
from tests.unit.usecases.test_co_debtors import GUARANTOR, JOINT, both, events, letters, place

OUTSIDE = (Closure.INSOLVENT, Closure.DEBTOR_DIED, Closure.DEBTOR_MINOR)


def stop(world: World, case: Case, closure: Closure = Closure.DEBTOR_DIED, party_id: str = "") -> Case:
    return stop_case(
        case.case_id, closure, by="col_1", cases=world.cases, clock=world.clock, party_id=party_id
    )


def fees(world: World, case: Case) -> int:
    return balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)).fee.minor


@pytest.mark.parametrize("closure", OUTSIDE)
def test_the_case_goes_on_against_the_joint_debtor(closure: Closure) -> None:
    world = World()
    case = both(world)
    joint, guarantor = case.co_debtors
    world.live(case.case_id, 3)
    before = owed(world, case)
    now = stop(world, case, closure)
    assert now.is_open
    assert (now.debtor, now.person_key, now.co_debtors) == (JOINT, joint.person_key, (guarantor,))
    (former,) = now.former_debtors
    assert (former.debtor, former.person_key) == (DEBTOR, case.person_key)
    assert (former.reason, former.replaced_by, former.party_id) == (closure.value, "col_1", "")
    assert owed(world, case) == before
    _, rules = facts_of(case.case_id, world.cases, world.clock.now())
    (line,) = [
        i for i in timeline_of(world.cases.file(case.case_id), rules) if i["what"] == "debtor_replaced"
    ]
    assert (line["group"], line["detail"]) == ("states", closure.value)
    assert events(world, case, "debtor.replaced") == [
        {"party_id": joint.party_id, "reason": closure.value, "by": "col_1"}
    ]
    mails, texts = len(world.mailer.sent), len(world.sms.sent)
    world.live(case.case_id, 60)
    assert DEBTOR.email not in {mail.to for mail in world.mailer.sent[mails:]}
    assert DEBTOR.phone not in {text[0] for text in world.sms.sent[texts:]}
    assert JOINT.name in letters(world, case, "demand")
    assert {item.language for item in world.messages(case.case_id, "demand")} == {"sv", "fi"}


def test_who_got_a_copy_of_the_reminder_is_not_reminded_again() -> None:
    world = World()
    case = both(world)
    world.live(case.case_id, 3)
    stop(world, case)
    assert world.cases.load(case.case_id).performed(Step.SEND_REMINDER) is not None
    world.live(case.case_id, 30)
    assert len(world.messages(case.case_id, "reminder")) == 2


def test_whose_copy_never_left_is_reminded_first_and_the_fee_is_owed_once() -> None:
    """Joint debtor without any address at first: no copy could go."""
    world = World()
    homeless = replace(JOINT, email=None, has_electronic_consent=False)
    case = place(world, (Liability.JOINT, homeless))
    world.drive(case.case_id)
    own = letters(world, case, "reminder")
    assert world.send(case.case_id, own[DEBTOR.name].communication_id) is SendingState.SENT
    charged = fees(world, case)
    assert charged > 0
    stop(world, case)
    world.dispatch()
    world.clock.advance(days=1)
    world.live(case.case_id, 1)
    found = world.messages(case.case_id, "reminder")
    (again,) = [item for item in found if item.permit is not None and not dict(item.facts)][1:]
    assert again.letter is not None
    assert (again.letter.debtor_name, again.language, again.state) == (JOINT.name, "sv", SendingState.SENT)
    assert fees(world, case) == charged
    story = [step for _, step in world.live(case.case_id, 40)]
    assert story.index("send_reminder") < story.index("send_demand")


def test_nothing_planned_leaves_for_the_former_debtor_and_its_fee_is_taken_back() -> None:
    world = World()
    case = both(world)
    world.drive(case.case_id)
    assert fees(world, case) > 0
    stop(world, case)
    assert fees(world, case) == 0
    for item in letters(world, case, "reminder").values():
        assert world.send(case.case_id, item.communication_id) is SendingState.WITHHELD
    facts, _ = facts_of(case.case_id, world.cases, world.clock.now())
    assert facts.contacts_with(facts.person_key) == () or all(
        item.is_undone for item in facts.contacts_with(facts.person_key)
    )
    world.clock.advance(days=1)
    world.live(case.case_id, 2)
    sent = [item for item in world.messages(case.case_id, "reminder") if item.state is SendingState.SENT]
    assert [item.to for item in sent] == [JOINT.email]
    assert fees(world, case) > 0


def test_a_takeover_between_reading_and_claiming_wins() -> None:
    table = RacingTable()
    world = World(table=table)
    case = both(world)
    world.drive(case.case_id)
    own = letters(world, case, "reminder")[DEBTOR.name]
    table.before = [lambda: stop(world, case)]
    assert world.send(case.case_id, own.communication_id) is SendingState.WITHHELD
    assert DEBTOR.email not in {mail.to for mail in world.mailer.sent}


def test_what_was_agreed_with_the_former_debtor_binds_nobody_else() -> None:
    world = World()
    case = place(world, (Liability.JOINT, JOINT), principal=30_000)
    world.live(case.case_id, 3)
    agree(world, case, 3)
    now = stop(world, case)
    assert now.plan is not None
    assert now.plan.status == "cancelled"
    texts = len(world.sms.sent)
    world.live(case.case_id, 60)
    assert len(world.sms.sent) == texts
    assert Step.BREAK_PLAN.value not in {step for _, step in world.story(case.case_id)}


def test_a_hold_stays_until_somebody_ends_it() -> None:
    world = World()
    case = both(world)
    place_hold(case.case_id, HoldReason.ILLNESS, by="col_1", cases=world.cases, clock=world.clock)
    assert stop(world, case).active_holds


def test_said_again_nothing_changes_and_the_next_one_is_named() -> None:
    world = World()
    case = both(world)
    joint = case.co_debtors[0].party_id
    first = stop(world, case)
    assert stop(world, case) == first
    with pytest.raises(RuleRefused, match=f"the debtor is {joint} now"):
        stop(world, case, Closure.INSOLVENT)
    assert stop(world, case, Closure.INSOLVENT, joint).closure is Closure.INSOLVENT


def test_a_guarantor_or_somebody_released_succeeds_nobody() -> None:
    world = World()
    case = both(world)
    joint = case.co_debtors[0].party_id
    with pytest.raises(RuleRefused, match="leave it out for the debtor"):
        stop(world, case, party_id=joint)
    release_party(case.case_id, joint, by="col_1", cases=world.cases, clock=world.clock)
    assert stop(world, case).closure is Closure.DEBTOR_DIED


def test_a_business_does_not_take_over_the_debt_of_a_consumer() -> None:
    firm = Debtor("Oja Oy", DebtorType.BUSINESS, "fi", JOINT.address, "oy@oja.example")
    world = World()
    case = place(world, (Liability.JOINT, firm), (Liability.GUARANTOR, GUARANTOR))
    with pytest.raises(RuleRefused, match="joint debtors of another kind still owe this debt"):
        stop(world, case)


def test_the_new_debtor_pays_and_it_is_over() -> None:
    world = World()
    case = both(world)
    world.live(case.case_id, 3)
    stop(world, case)
    pay(world, case, owed(world, case))
    world.drive(case.case_id)
    assert world.cases.load(case.case_id).closure is Closure.PAID


def test_a_large_claim_is_not_called_before_the_letter() -> None:
    world = World()
    case = under_v2(world, principal=1_500_000)
    party = replace(both(World()).co_debtors[0], debtor=replace(JOINT, debtor_type=case.debtor.debtor_type))
    stored = replace(case, co_debtors=(party,), version=case.version + 1)
    world.cases.commit(Change(case=stored))
    now = stop(world, case)
    assert [(r.step, r.outcome) for r in now.steps] == [(Step.CALL_FIRST, "not_needed")]
    world.live(case.case_id, 10)
    assert world.story(case.case_id)[0][1] == "send_reminder"
