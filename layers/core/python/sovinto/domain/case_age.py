"""Whether a case is too old: limitation counted from each claim, with what interrupted it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sovinto.domain.case import Case, Claim, Step
from sovinto.domain.law.kinds import Interruption
from sovinto.domain.law.limitation import Limitation, limitation_on
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry

_WRITTEN_DEMANDS = frozenset({Step.SEND_NOTICE, Step.SEND_DEMAND, Step.SEND_SECOND_DEMAND})


def limitation_of(claim: Claim, case: Case, entries: Sequence[Entry], pack: Pack) -> Limitation:
    """The last day of one claim. Raises LawMissing."""
    return limitation_on(
        pack,
        debtor_type=case.debtor.debtor_type,
        due_on=claim.due_on,
        interruptions=interruptions(case, entries, ZoneInfo(pack.zone)),
    )


def is_time_barred(case: Case, entries: Sequence[Entry], pack: Pack, today: date) -> bool:
    """True when every claim is past its last day. Raises LawMissing."""
    return today >= too_old_from(case, entries, pack)


def too_old_from(case: Case, entries: Sequence[Entry], pack: Pack) -> date:
    """The first day on which every claim is past its last one. Raises LawMissing."""
    last_on = max(limitation_of(claim, case, entries, pack).last_on for claim in case.claims)
    return last_on + timedelta(days=1)


def interruptions(
    case: Case, entries: Sequence[Entry], zone: tzinfo
) -> tuple[tuple[Interruption, date], ...]:
    """Payments of the debtor, demands that left, and plans: who agrees to pay acknowledges the debt."""
    paid = [(Interruption.PART_PAYMENT, e.value_on) for e in entries if e.kind == "payment_allocated"]
    demanded = [
        (Interruption.WRITTEN_DEMAND, record.on)
        for record in case.steps
        if record.step in _WRITTEN_DEMANDS and record.outcome == "performed"
    ]
    agreed = []
    if case.plan is not None:
        agreed.append((Interruption.ACKNOWLEDGEMENT, case.plan.agreed_at.astimezone(zone).date()))
    return (*paid, *demanded, *agreed)
