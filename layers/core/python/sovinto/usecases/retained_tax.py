"""The tax inside the fees that a remittance retains: each part by the day on which we retained it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.money import Money, total
from sovinto.domain.payment import Payable
from sovinto.domain.vat_treatment import VatTreatment
from sovinto.ports import Cases
from sovinto.usecases.invoice_parties import treatment_of_retained


def tax_of_retained(
    client: Client, agency: Agency, payables: Sequence[Payable], today: date, cases: Cases
) -> Money:
    """What is taken back bears the rate of the remittance that had retained it, so that nothing of it is
    left or lacking; rounded once for each rate. Raises LawMissing."""
    parts: dict[str, list[Money]] = {}
    rates: dict[str, VatTreatment] = {}
    for payable in payables:
        if payable.retained:
            rate = treatment_of_retained(client, agency, _retained_on(payable, client, today, cases))
            rates[rate.percent] = rate
            parts.setdefault(rate.percent, []).append(payable.retained)
    taxes = (rates[name].inside(total(kept, client.currency)) for name, kept in parts.items())
    return total(taxes, client.currency)


def _retained_on(payable: Payable, client: Client, today: date, cases: Cases) -> date:
    """Today, but for a claw-back of what stands as remitted."""
    if payable.claws_back is None:
        return today
    before = cases.payable(payable.client_id, payable.case_id, payable.claws_back)
    if before is None or not before.is_remitted:
        return today
    if before.retained_on is not None:
        return before.retained_on
    # Remitted before the day was kept: its order tells it.
    order = cases.order(before.remittance_id)
    return load_calendar(client.country).local_date(order.proposed_at) if order else today
