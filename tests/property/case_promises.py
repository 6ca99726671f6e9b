"""What holds for every case after whatever happened: its letters, its end, its next date, its person."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis.stateful import invariant
from sovinto.adapters.dynamo import keys
from sovinto.domain.case import Closure
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.law import waits
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.timeline import Done, Wait, decide
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.drive_case import decide_next

from tests.property.case_rules import CASES, CaseRules
from tests.support.crash import WatchedMailer, WatchedSms
from tests.support.stored import all_messages

MOST_A_DAY, MOST_A_WEEK = 2, 3
ONCE = {"reminder", "reminder_sms", "notice", "demand", "second_demand", "tratta", "plan_offer"}


class CasePromises(CaseRules):
    """`ended` is how each closed case was first seen closed, `seen` the letters that were checked."""

    mailer: WatchedMailer
    sms: WatchedSms
    ended: dict[str, tuple[int, Closure]]
    seen: set[str]

    @invariant()
    def a_letter_leaves_once(self) -> None:
        sent = [
            (item.case_id, item.template)
            for item in all_messages(self.table)
            if item.state in (SendingState.SENT, SendingState.SENDING) and item.template in ONCE
        ]
        assert len(sent) == len(set(sent))
        given = [mail.reference for mail in self.mailer.sent] + [text[2] for text in self.sms.sent]
        assert len(given) == len(set(given))

    @invariant()
    def no_letter_before_its_lawful_day(self) -> None:
        """By the law alone, from the letters that had been sent when it was planned."""
        for case in map(self.now, range(CASES)):
            rules = rules_for(case)
            kinds = {item.step: item.letter for item in rules.policy.steps if item.letter is not None}
            letters = [r for r in case.steps if r.step in kinds and r.outcome == "performed"]
            for number, record in enumerate(letters):
                if str(record.event_id) in self.seen:
                    continue
                self.seen.add(str(record.event_id))
                earliest = waits.earliest_on(
                    rules.pack,
                    kind=kinds[record.step],
                    debtor_type=case.debtor.debtor_type,
                    due_on=case.due_on,
                    sent=tuple(SentLetter(kinds[r.step], r.on) for r in letters[:number]),
                )
                assert record.on >= earliest.on, record

    @invariant()
    def a_closed_case_has_no_future(self) -> None:
        for case in map(self.now, range(CASES)):
            if case.closure is None:
                continue
            steps, closure = self.ended.setdefault(case.case_id, (len(case.steps), case.closure))
            assert (len(case.steps), case.closure) == (steps, closure)
            found = decide_next(
                case.case_id, cases=self.world.cases, wakes=self.world.wakes, clock=self.world.clock
            )
            assert found.step == "done"
            assert self.table.items[keys.case(case.case_id), keys.TIMELINE].get("work_queue") is None

    @invariant()
    def a_live_case_has_an_owner_and_a_next_date(self) -> None:
        for case in map(self.now, range(CASES)):
            if case.closure is not None:
                continue
            assert case.owner is not None
            wake = self.table.items[keys.case(case.case_id), keys.TIMELINE]
            assert wake.get("work_queue") and wake.get("work_at")
            facts, rules = facts_of(case.case_id, self.world.cases, self.world.clock.now())
            decision = decide(facts, rules)
            assert decision.reason and not isinstance(decision, Done)
            if isinstance(decision, Wait):
                assert decision.until > facts.now, "a wait that is over is no wait"

    @invariant()
    def a_person_is_not_contacted_too_often(self) -> None:
        """Over all their cases, whatever each case knows of itself."""
        people: dict[str, list[date]] = {}
        for case in map(self.now, range(CASES)):
            zone = rules_for(case).calendar
            for item in self.world.cases.communications(case.case_id):
                is_one = item.audience == "debtor" and item.permit and item.channel is not Channel.POST
                if is_one and item.state not in (SendingState.WITHHELD, SendingState.FAILED):
                    days = people.setdefault(case.person_key, [])
                    days.append(zone.local_date(item.planned_at))
        for days in people.values():
            for day in set(days):
                assert days.count(day) <= MOST_A_DAY
                assert sum(day - timedelta(days=7) < on <= day for on in days) <= MOST_A_WEEK
