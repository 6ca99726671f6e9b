"""Whether a message that was planned may still leave: the stops, the hour, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sovinto.domain.agreement import ApprovalKind
from sovinto.domain.case import Case
from sovinto.domain.communication import Communication
from sovinto.domain.debt_lines import reducing_lines, reductions
from sovinto.domain.facts import Rules
from sovinto.domain.hold import Hold
from sovinto.domain.law import contact
from sovinto.domain.ledger import Entry
from sovinto.domain.parties import as_party, receiver_id
from sovinto.domain.plan import BROKEN, KEPT, Plan
from sovinto.domain.unheard import DEBT_CHANGED

# Interest runs and another step charges beside a letter that was right when it was written; every other
# posting (payments, credit notes, corrections) makes the sums of the letter wrong.
_BESIDE = frozenset({"claim_placed", "interest_accrued", "fee_charged"})


def obeys_every_stop(item: Communication) -> bool:
    """A step's message, or a letter: never to a debtor whose case stands still. An answer or a receipt
    without a letter goes, unless the debtor must hear nothing at all."""
    return item.permit is not None or (item.audience == "debtor" and item.letter is not None)


def outdated(item: Communication, case: Case, entries: Iterable[Entry], rules: Rules, now: datetime) -> str:
    """Why a message that nothing stops must not leave as it was written; empty where it may.

    Raises LawMissing where the country has no contact hours for the channel.
    """
    if case.debtor_since is not None and item.audience == "debtor" and item.planned_at < case.debtor_since:
        return "the case has another debtor since it was written"
    if item.permit is None:
        return _plan_changed(item, case.plan) or _sums_changed(item, case, entries)
    if _has_moved(item, case, entries):
        return "the case changed after it was written"
    if _next_hour(item, case, rules, now) > now:
        return f"the hours for {item.channel.value} are over"
    return ""


def _plan_changed(item: Communication, plan: Plan | None) -> str:
    """The confirmation of terms that no longer hold would confirm what nobody agreed."""
    confirmed = item.letter.instalments if item.letter is not None else ()
    if item.template == "plan_broken":
        is_broken = plan is not None and plan.status == BROKEN
        return "" if is_broken else "the plan changed after it was written"
    if not confirmed:
        return ""
    holds = plan is not None and (plan.is_active or plan.status == KEPT) and plan.instalments == confirmed
    return "" if holds else "the plan changed after it was written"


def _sums_changed(item: Communication, case: Case, entries: Iterable[Entry]) -> str:
    """News of a broken plan asks for the whole debt: money since it was written makes that sum wrong.

    One that is planned again is newer than its sums, so what it subtracts is compared as well.
    """
    if item.template != "plan_broken" or item.letter is None:
        return ""
    known = tuple(entries)
    is_right = reductions(item.letter.lines) == reductions(reducing_lines(case, known))
    return "" if is_right and not _money_moved(item, known) else DEBT_CHANGED


def _money_moved(item: Communication, entries: Iterable[Entry]) -> bool:
    return any(entry.kind not in _BESIDE and entry.posted_at > item.planned_at for entry in entries)


def _has_moved(item: Communication, case: Case, entries: Iterable[Entry]) -> bool:
    """Money or an agreement since the message was planned; what the same change stored is not since."""
    since = item.planned_at
    moments = (
        *(moment for hold in case.holds for moment in _ends(hold)),
        # A plan the client approved counts from the day it was proposed; the terms moved with the answer.
        *(asked.answered_at for asked in case.approvals if asked.kind is ApprovalKind.PLAN),
        case.promise.made_at if case.promise else None,
        case.dispute.opened_at if case.dispute else None,
        case.dispute.settled_at if case.dispute else None,
    )
    if _money_moved(item, entries) or _plan_moved(item, case.plan):
        return True
    return any(moment is not None and moment > since for moment in moments)


def _ends(hold: Hold) -> tuple[datetime, datetime | None]:
    return hold.placed_at, hold.ended_at


def _plan_moved(item: Communication, plan: Plan | None) -> bool:
    """Only the reminder of an instalment belongs to a plan; everything else asks for the whole debt."""
    is_kept = plan is not None and plan.is_active
    if item.template != "instalment_sms":
        return is_kept
    return not is_kept or (plan is not None and plan.agreed_at > item.planned_at)


def _next_hour(item: Communication, case: Case, rules: Rules, now: datetime) -> datetime:
    """By the kind of person who receives it: a co-debtor's copy has a permit of its own."""
    receiver = receiver_id(item)
    seen = next((as_party(case, party) for party in case.co_debtors if party.party_id == receiver), case)
    return contact.next_contact_time(
        rules.pack, rules.at_debtor, item.channel, now, seen.debtor.debtor_type
    )
