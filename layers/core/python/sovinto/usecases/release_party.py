"""Let a co-debtor out of a case: the wrong person, somebody who died, a guarantee that has ended."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case
from sovinto.domain.parties import released, released_row
from sovinto.domain.posting import Occasion
from sovinto.errors import NotFound, RuleRefused
from sovinto.ids import CaseId
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event


def release_party(case_id: CaseId, party_id: str, *, by: str, cases: Cases, clock: Clock) -> Case:
    """From the commit on nothing of this case is sent to them, planned copies included.

    The debt stays as it is and the others owe it. `by` is the id of who decided. A repeat changes
    nothing. Raises NotFound, RuleRefused for a closed case, InvalidInput for a `by` that is no id.
    """
    checked_actor(by)
    return with_fresh_read(lambda: _once(case_id, party_id, by=by, cases=cases, clock=clock))


def _once(case_id: CaseId, party_id: str, *, by: str, cases: Cases, clock: Clock) -> Case:
    case = cases.load(case_id)
    party = next((party for party in case.co_debtors if party.party_id == party_id), None)
    if party is None:
        raise NotFound(f"there is no co-debtor {party_id} in case {case_id}; look the id up in the case")
    if party.is_released:
        return case
    if not case.is_open:
        raise RuleRefused(
            f"case {case_id} is closed, so that nobody can be released from it; nothing is sent any more",
            field="party_id",
        )
    occasion = Occasion.of_case(case, clock.now())
    event = case_event(
        case, occasion, "party.released", party_id=party_id, liability=party.liability.value, by=by
    )
    changed = replace(released(case, party_id), version=case.version + 1)
    row = Guard(*released_row(case_id, party_id), payload=event.event_id)
    cases.commit(Change(case=changed, events=(event,), guards=(row,), wake_at=occasion.at))
    return changed
