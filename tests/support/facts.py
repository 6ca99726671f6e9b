"""Small builders for tests of the domain: a case, its rules, what the timeline looks at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain import posting
from sovinto.domain.case import Case, Claim, Step, StepRecord
from sovinto.domain.debtor import Debtor, DebtorType
from sovinto.domain.facts import Contact, Facts, Rules
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.domain.posting import Occasion
from sovinto.ids import CaseId, ClientId, EventId, PaymentId

from tests.support.people import DEBTOR, START

CONSUMER = DEBTOR
BUSINESS = replace(DEBTOR, debtor_type=DebtorType.BUSINESS, registration_id="9000007-0")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def claim(minor: int = 10_000, *, due_on: date = date(2025, 11, 1), number: str = "I-1") -> Claim:
    return Claim(number, due_on, eur(minor))


def case_of(debtor: Debtor = CONSUMER, *claims: Claim, **changes: object) -> Case:
    case = Case(
        case_id=CaseId("case_1"),
        client_id=ClientId("cli_1"),
        client_reference="A-1",
        country="FI",
        currency="EUR",
        debtor=debtor,
        claims=claims or (claim(),),
        payment_reference="12345672",
        link_id="lnk_1",
        policy_id="fi_standard_v1",
        placed_at=START,
        version=1,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def rules_of(case: Case) -> Rules:
    return Rules(
        load_pack(case.country),
        load_policy(case.country, case.debtor.debtor_type, case.policy_id),
        load_calendar(case.country),
    )


def placed(case: Case) -> tuple[Entry, ...]:
    return posting.placement(case, occasion("placed"))


def occasion(name: str = "now", at: datetime = START) -> Occasion:
    return Occasion(EventId(f"evt_{name}"), at)


def facts_of(
    case: Case,
    *,
    now: datetime = START,
    entries: tuple[Entry, ...] | None = None,
    contacts: tuple[Contact, ...] = (),
) -> Facts:
    return Facts(case, placed(case) if entries is None else entries, contacts, now)


def did(
    step: Step, on: date, outcome: str = "performed", reason: str = "", instalment: int | None = None
) -> StepRecord:
    return StepRecord(step, noon(on), on, outcome, reason, instalment)


def noon(on: date) -> datetime:
    """Late morning in Helsinki."""
    return datetime.combine(on, time(9, 0), tzinfo=UTC)


def money_in(minor: int, on: date, name: str = "pay_1") -> Payment:
    return Payment(PaymentId(name), "bank", f"line-{name}", on, eur(minor))
