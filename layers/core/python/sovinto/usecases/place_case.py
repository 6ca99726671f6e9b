"""Open a case once, however often the client repeats the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sovinto.countries import load_policy
from sovinto.domain.assignment import Collector, assign, matter_of
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import CoDebtor, DebtorType
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.coverage import rates_known_from
from sovinto.domain.law.kinds import ReferenceScheme
from sovinto.domain.law.model import Pack
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.person import person_key
from sovinto.domain.placement import Placement, check_placement
from sovinto.domain.posting import Occasion
from sovinto.domain.posting import placement as placement_entries
from sovinto.errors import AlreadyStored, DuplicateCase, IdempotencyKeyReused, InvalidInput
from sovinto.formats import payment_reference
from sovinto.ids import CaseId, ClientId, derived
from sovinto.ports import Cases, Change, Clock, Guard, Ids
from sovinto.usecases.loads import Loads
from sovinto.usecases.match_payment import placement_clues
from sovinto.usecases.step_context import case_event, communicate

REFERENCE_DIGITS = 12
EXACT_DIGITS = {ReferenceScheme.NL_16: 15}
"""Schemes that leave no choice of length; 12 digits fit all others."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`is_replay` is true when this very request had opened the case before, then from `source`."""

    case_id: CaseId
    payment_reference: str
    is_replay: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """The client's idempotency key, a digest of what it asked for, and the upload it came in, if any."""

    key: str
    digest: str
    source: str = ""


def place_case(
    placement: Placement,
    request: Request,
    *,
    client: Client,
    pack: Pack,
    calendar: Calendar,
    collectors: Sequence[Collector],
    cases: Cases,
    clock: Clock,
    ids: Ids,
    loads: Loads | None = None,
) -> Receipt:
    """The case keeps the policy in force on the day it is placed, and gets its owner at once.

    `loads` keeps what was counted for one placement for the next ones; without it, counted anew.
    Raises InvalidInput (first problem), DuplicateCase, IdempotencyKeyReused, LawMissing.
    """
    if earlier := _earlier(client.client_id, request, cases):
        return earlier
    now = clock.now()
    today = calendar.local_date(now)
    problems = check_placement(
        placement,
        today=today,
        country=pack.country,
        currency=pack.currency,
        languages=pack.languages,
        debtor_types=pack.ladders,
        rates_from=rates_known_from(pack),
    )
    if problems:
        raise InvalidInput(problems[0].message, field=problems[0].field)
    policy = load_policy(client.country, placement.debtor.debtor_type, on=today, segment=client.segment)
    schemes = reference_schemes(pack, debtor_type=placement.debtor.debtor_type, on=today)
    case = _case(placement, client, policy.policy_id, schemes.preferred, ids, now)
    loads = loads or Loads(cases)
    owner = assign(matter_of(case, client), collectors, client.account_manager, loads.of)
    case = replace(case, owner=owner)
    loads.announce(owner.collector_id)
    try:
        cases.commit(_change(case, client, request))
    except AlreadyStored:
        if earlier := _earlier(client.client_id, request, cases):
            return earlier
        raise
    except DuplicateCase as clash:
        known = cases.guard(f"CLIENT#{client.client_id}", f"REFERENCE#{placement.client_reference}")
        raise DuplicateCase(
            f"client_reference {placement.client_reference} is in use by {known}; "
            "give each case a reference of its own",
            field="client_reference",
        ) from clash
    loads.add(owner.collector_id)
    return Receipt(case.case_id, case.payment_reference, is_replay=False, source=request.source)


def _earlier(client_id: ClientId, request: Request, cases: Cases) -> Receipt | None:
    stored = cases.guard(f"CLIENT#{client_id}", f"REQUEST#{request.key}")
    if stored is None:
        return None
    digest, case_id, reference, source = stored.split("|")
    if digest != request.digest:
        raise IdempotencyKeyReused("this Idempotency-Key came before with another body; use a new key")
    return Receipt(CaseId(case_id), reference, is_replay=True, source=source)


def reference_of(case_id: CaseId, scheme: ReferenceScheme) -> str:
    """The payment reference of a case, always the same; its base never begins with a zero."""
    digits = EXACT_DIGITS.get(scheme, REFERENCE_DIGITS)
    number = int(sha256(case_id.encode()).hexdigest(), 16) % 10**digits
    return payment_reference.make(str(number).rjust(digits, "1"), scheme.value)


def _case(
    placement: Placement,
    client: Client,
    policy_id: str,
    scheme: ReferenceScheme,
    ids: Ids,
    now: datetime,
) -> Case:
    case_id = CaseId(ids.new("case"))
    return Case(
        case_id=case_id,
        client_id=client.client_id,
        client_reference=placement.client_reference,
        country=client.country,
        currency=placement.currency,
        debtor=placement.debtor,
        claims=placement.claims,
        payment_reference=reference_of(case_id, scheme),
        link_id=ids.new("lnk"),
        policy_id=policy_id,
        placed_at=now,
        version=1,
        person_key=person_key(placement.debtor, client.country),
        co_debtors=_co_debtors(case_id, placement, client.country),
    )


def _co_debtors(case_id: CaseId, placement: Placement, country: str) -> tuple[CoDebtor, ...]:
    return tuple(
        CoDebtor(
            derived("pty", case_id, str(place)),
            party.liability,
            party.debtor,
            person_key(party.debtor, country),
        )
        for place, party in enumerate(placement.co_debtors)
    )


def _change(case: Case, client: Client, request: Request) -> Change:
    """The case, its claims in the books, the client's receipt, the event and both guards."""
    occasion = Occasion.of_case(replace(case, version=0), case.placed_at)
    event = case_event(case, occasion, "case.submitted", principal_minor=str(case.principal.minor))
    receipt, planned = communicate(
        case,
        occasion,
        channel=Channel.EMAIL,
        template="case_receipt",
        audience="client",
        to=client.email,
        language=client.language,
    )
    scope = f"CLIENT#{client.client_id}"
    stored = f"{request.digest}|{case.case_id}|{case.payment_reference}|{request.source}"
    return Change(
        case=case,
        entries=placement_entries(case, occasion),
        communications=(receipt,),
        events=(event, planned),
        guards=(
            Guard(scope, f"REQUEST#{request.key}", stored),
            Guard(scope, f"REFERENCE#{case.client_reference}", case.case_id, DuplicateCase),
            *_of_company(case),
        ),
        clues=placement_clues(case),
        wake_at=case.placed_at,
    )


def _of_company(case: Case) -> tuple[Guard, ...]:
    """By which figures of a company find all its cases. A consumer's cases are listed nowhere."""
    if case.debtor.debtor_type is not DebtorType.BUSINESS or not case.debtor.registration_id:
        return ()
    return (Guard(f"DEBTOR#{case.person_key}", case.case_id),)
