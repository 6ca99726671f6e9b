"""Bodies of what a client may do to its own case: pause, withdraw, correct, answer, propose."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sovinto.domain.agreement import Financials
from sovinto.entry.bodies import Count, Day, Figure, Minor, SignedFigure, Strict, Text, Year

Reference = Annotated[str, Field(min_length=1, max_length=64)]


class Nothing(Strict):
    """An empty object, or no body at all."""


class HoldWish(Strict):
    """Both days are counted; without `until` the hold lasts until it is released."""

    from_on: Day | None = None
    until: Day | None = None


class CreditNote(Strict):
    """`reference` is the client's own number of the credit note: it counts once."""

    invoice_number: Text
    amount_minor: Minor
    on: Day
    reference: Reference


class DirectPayment(Strict):
    """Money that the debtor paid to the client itself on `on`; each reference counts once."""

    amount_minor: Minor
    on: Day
    reference: Reference


class PayoutAccount(Strict):
    """Where our client's money is to go; the old account is used until the change is good."""

    iban: Annotated[str, Field(min_length=5, max_length=42)]
    bic: Annotated[str, Field(max_length=11)] = ""


class Answer(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"


class ApprovalAnswer(Strict):
    outcome: Answer

    @property
    def is_yes(self) -> bool:
        return self.outcome is Answer.APPROVE


class FinancialFigures(Strict):
    """How the debtor stands, in minor units of the case's currency; unknown figures are left out."""

    as_of: Day
    source: Text
    assets_minor: Figure | None = None
    employees: Figure | None = None
    turnover_minor: Figure | None = None
    turnover_before_minor: Figure | None = None
    has_default_entry: bool | None = None
    profit_minor: SignedFigure | None = None
    year: Year | None = None

    def financials(self) -> Financials:
        return Financials(**self.model_dump())


class PlanProposal(Strict):
    """Monthly instalments; the first falls due on `first_on` or the next banking day."""

    instalments: Count
    first_on: Day
