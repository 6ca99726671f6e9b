"""The tax inside the fees that a remittance retains: each part at the rate at which we retained it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.money import Money, total
from sovinto.domain.payment import Payable
from sovinto.domain.vat_treatment import tax_inside
from sovinto.ports import Cases
from sovinto.usecases.invoice_parties import treatment_of_retained


def with_rates(
    client: Client, agency: Agency, payables: Sequence[Payable], today: date, cases: Cases
) -> tuple[Payable, ...]:
    """What is taken back bears the rate of the remittance that had retained it, whatever became of the
    client or the law, so that nothing of it is left or lacking. Raises LawMissing."""
    return tuple(
        replace(p, retained_percent=_percent(p, client, agency, today, cases) if p.retained else "")
        for p in payables
    )


def tax_of_retained(payables: Sequence[Payable], currency: str) -> Money:
    """Of payables `with_rates`; rounded once for each rate."""
    parts: dict[str, list[Money]] = {}
    for payable in payables:
        if payable.retained:
            parts.setdefault(payable.retained_percent, []).append(payable.retained)
    taxes = (tax_inside(total(kept, currency), percent) for percent, kept in parts.items())
    return total(taxes, currency)


def _percent(payable: Payable, client: Client, agency: Agency, today: date, cases: Cases) -> str:
    """That of today, but for a claw-back of what stands as remitted."""
    before = _before(payable, cases)
    if before is not None and before.retained_percent:
        return before.retained_percent
    on = today if before is None else _retained_on(before, client, today, cases)
    return treatment_of_retained(client, agency, on).percent


def _before(payable: Payable, cases: Cases) -> Payable | None:
    if payable.claws_back is None:
        return None
    before = cases.payable(payable.client_id, payable.case_id, payable.claws_back)
    return before if before is not None and before.is_remitted else None


def _retained_on(before: Payable, client: Client, today: date, cases: Cases) -> date:
    if before.retained_on is not None:
        return before.retained_on
    # Remitted before the day was kept: its order tells it.
    order = cases.order(before.remittance_id)
    return load_calendar(client.country).local_date(order.proposed_at) if order else today
