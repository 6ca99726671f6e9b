"""What a hold may look like: its days, and what the law of the country adds to its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.case import Case
from sovinto.domain.hold import HoldReason
from sovinto.domain.law.kinds import Circumstance, Effect
from sovinto.domain.law.model import Pack
from sovinto.domain.law.stops import Stop, stop_for
from sovinto.errors import InvalidInput, LawMissing, RuleRefused

LONGEST_AHEAD_DAYS = 60
# Above the longest moratorium and debt adjustment of any country; who waits longer gives no last day.
LONGEST_DAYS = 3653
_CIRCUMSTANCES = {
    HoldReason.MORATORIUM: Circumstance.MORATORIUM,
    HoldReason.DEBT_ADVICE: Circumstance.DEBT_ADVICE,
    HoldReason.COLLECTION_STOPPED: Circumstance.COLLECTION_STOPPED,
}


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """From `from_on` to `until`, both counted; None: until it is released."""

    from_on: date
    until: date | None
    stops_interest: bool


def hold_terms(
    reason: HoldReason, case: Case, pack: Pack, *, today: date, from_on: date | None, until: date | None
) -> HoldTerms:
    """Checked, and completed from the law; a reason the law says nothing of stops no interest.

    Raises InvalidInput for days that cannot be, and RuleRefused where the country gives this debtor no
    right to have collection stopped.
    """
    begins = today if from_on is None else from_on
    _check_days(begins, until, case, today)
    stop = _stop(reason, case, pack, begins)
    if stop is None:
        return HoldTerms(begins, until, stops_interest=False)
    return HoldTerms(begins, _within(stop, until), Effect.NO_INTEREST in stop.effects)


def _check_days(begins: date, until: date | None, case: Case, today: date) -> None:
    oldest = min(today, *(claim.due_on for claim in case.claims))
    latest = today + timedelta(days=LONGEST_AHEAD_DAYS)
    if begins < oldest:
        raise InvalidInput(
            f"from_on must not be before {oldest.isoformat()}, when the oldest claim fell due; "
            "give that day or a later one",
            field="from_on",
        )
    if begins > latest:
        raise InvalidInput(
            f"from_on must be at most {LONGEST_AHEAD_DAYS} days ahead; give a day up to "
            f"{latest.isoformat()}",
            field="from_on",
        )
    if until is not None and until < begins:
        raise InvalidInput(
            f"until must not be before from_on; give {begins.isoformat()} or a later day, or none",
            field="until",
        )
    # Counted from today, so that a hold that began long ago may still last.
    farthest = max(begins, today) + timedelta(days=LONGEST_DAYS)
    if until is not None and until > farthest:
        raise InvalidInput(
            f"until must be at most {farthest.isoformat()}, ten years ahead; give an earlier day, or none",
            field="until",
        )


def _stop(reason: HoldReason, case: Case, pack: Pack, since: date) -> Stop | None:
    """What the law says of the reason; None where it says nothing."""
    circumstance = _CIRCUMSTANCES.get(reason)
    if circumstance is None:
        return None
    kind = case.debtor.debtor_type
    try:
        return stop_for(pack, circumstance, debtor_type=kind, since=since)
    except LawMissing:
        if reason is not HoldReason.COLLECTION_STOPPED:
            return None
    raise RuleRefused(
        f"reason collection_stopped is not a right of a {kind.value} in {case.country}; place a hold "
        "with another reason, such as client_request",
        field="reason",
    )


def _within(stop: Stop, until: date | None) -> date | None:
    """The law's last day where none is given."""
    if until is None or stop.last_on is None:
        return until or stop.last_on
    if until > stop.last_on:
        raise InvalidInput(
            f"until must be at most {stop.last_on.isoformat()}, the last day that the law gives "
            f"({stop.explanation.statute}); leave it out, or place another hold for the days after",
            field="until",
        )
    return until
