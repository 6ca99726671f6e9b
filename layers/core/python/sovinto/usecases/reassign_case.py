"""Another owner for a case, or for all cases of one who leaves; no open case is without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sovinto.domain.agreement import Owner
from sovinto.domain.assignment import Collector, ReassignReason, assign, matter_of
from sovinto.domain.case import Case
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import CaseId
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.loads import Loads
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event

BATCH = 100
"""Cases of one who leaves that are given away in one go; well within the desk's time."""


@dataclass(frozen=True, slots=True)
class Reassigned:
    """`moved` in this go; `is_all` where the collector has no open case any more that another may have."""

    moved: int
    is_all: bool


def reassign_case(
    case_id: CaseId,
    to: str,
    *,
    by: str,
    reason: ReassignReason,
    collectors: Sequence[Collector],
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> Case:
    """The case with `to`, a collector id, as its owner; one who has it already keeps it unchanged.

    Country and language are for whoever asks to judge, a conflict is not. Raises NotFound, InvalidInput
    for an unknown collector, RuleRefused for one with a conflict and where the case is closed.
    """
    checked_actor(by)
    chosen = next((one for one in collectors if one.collector_id == to), None)
    if chosen is None:
        known = ", ".join(one.collector_id for one in collectors) or "none"
        raise InvalidInput(f"to must be a collector of this agency ({known}); give one of them", field="to")
    Loads(cases).announce(to)

    def once() -> Case:
        case = cases.load(case_id)
        if not case.is_open:
            raise RuleRefused("the case is closed; only an open case gets another owner")
        client = clients.load(case.client_id)
        if chosen.is_barred_from(matter_of(case, client).parties):
            raise RuleRefused(
                "to has a conflict with a party of this case; give it to a colleague", field="to"
            )
        owner = Owner(to, client.account_manager, f"reassigned: {reason.value}")
        return _given(case, owner, by, reason, cases, clock)

    return with_fresh_read(once)


def release_collector(
    collector_id: str,
    *,
    by: str,
    collectors: Sequence[Collector],
    cases: Cases,
    clients: Clients,
    clock: Clock,
    limit: int = BATCH,
) -> Reassigned:
    """Gives up to `limit` open cases of one who leaves, or has left, to the others, as placement would.

    Ask again until all are given: a repeat finds only what is left. Raises InvalidInput.
    """
    checked_actor(by)
    others = [one for one in collectors if one.collector_id != collector_id]
    if not others:
        raise InvalidInput(
            "collector_id must not be the only collector of this agency; add another first",
            field="collector_id",
        )
    loads = Loads(cases)
    moved = 0
    for case_id in cases.owned_by(collector_id):
        if moved >= limit:
            return Reassigned(moved, is_all=False)
        moved += with_fresh_read(
            lambda case_id=case_id: _away(  # type: ignore[misc]
                case_id, collector_id, by, others, loads, cases, clients, clock
            )
        )
    return Reassigned(moved, is_all=True)


def _away(
    case_id: CaseId,
    leaving: str,
    by: str,
    others: Sequence[Collector],
    loads: Loads,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> int:
    """1 where the case was given away, 0 where it was closed or given away before, or nobody else may have
    it: so the agency's own cases stay until a collector without a conflict is there."""
    case = cases.load(case_id)
    if not case.is_open or case.owner is None or case.owner.collector_id != leaving:
        return 0
    client = clients.load(case.client_id)
    found = assign(matter_of(case, client), others, client.account_manager, loads.of)
    if found.collector_id == leaving:
        return 0
    loads.announce(found.collector_id)
    _given(case, found, by, ReassignReason.LEFT, cases, clock)
    loads.add(found.collector_id)
    return 1


def _given(case: Case, owner: Owner, by: str, reason: ReassignReason, cases: Cases, clock: Clock) -> Case:
    before = case.owner.collector_id if case.owner else ""
    if before == owner.collector_id:
        return case
    now = clock.now()
    newer = replace(case, owner=owner, version=case.version + 1)
    event = case_event(
        case,
        Occasion.of_case(case, now),
        "case.reassigned",
        owner_before=before or "none",
        owner=owner.collector_id,
        reason=reason.value,
        reassigned_by=by,
    )
    cases.commit(Change(case=newer, events=(event,), wake_at=now))
    return newer
