"""Tables on what ends, stops or follows amicable collection, and on payments and records."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sovinto.countries.fields import Amount, Text
from sovinto.countries.tables.base import Days, NonEmpty, RuleTable
from sovinto.countries.tables.tariffs import money
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import (
    Circumstance,
    Effect,
    Interruption,
    LimitationStart,
    Precondition,
    RecordKind,
    ReferenceScheme,
)

Years = Annotated[int, Field(ge=1, le=30)]
Months = Annotated[int, Field(ge=1, le=240)]


class AllocationTable(RuleTable):
    order: tuple[ClaimClass, ...]

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if sorted(self.order) != sorted(ClaimClass):
            raise ValueError("order must name principal, interest, fee and cost once each")
        return self

    def to_row(self, currency: str) -> rows.AllocationRow:
        return rows.AllocationRow(self.citation(), self.debtor_types, self.order)


class EffectTable(RuleTable):
    circumstance: Circumstance
    effects: Annotated[frozenset[Effect], NonEmpty]
    calendar_days: Days | None = None

    def to_row(self, currency: str) -> rows.EffectRow:
        return rows.EffectRow(
            self.citation(), self.debtor_types, self.circumstance, self.effects, self.calendar_days
        )


class LimitationTable(RuleTable):
    years: Years
    start: LimitationStart
    interrupted_by: frozenset[Interruption]
    restart_years: Years
    absolute_years: Years | None = None

    def to_row(self, currency: str) -> rows.LimitationRow:
        return rows.LimitationRow(
            self.citation(),
            self.debtor_types,
            self.years,
            self.start,
            self.interrupted_by,
            self.restart_years,
            self.absolute_years,
        )


class LegalStepTable(RuleTable):
    step: Text
    forum: Text
    preconditions: Annotated[frozenset[Precondition], NonEmpty]
    max_principal: Amount | None = None
    answer_days: Days | None = None

    def to_row(self, currency: str) -> rows.LegalStepRow:
        return rows.LegalStepRow(
            self.citation(),
            self.debtor_types,
            self.step,
            self.forum,
            self.preconditions,
            money(self.max_principal, currency),
            self.answer_days,
        )


class RetentionTable(RuleTable):
    record: RecordKind
    months: Months

    def to_row(self, currency: str) -> rows.RetentionRow:
        return rows.RetentionRow(self.citation(), self.debtor_types, self.record, self.months)


class ReferenceSchemeTable(RuleTable):
    preferred: ReferenceScheme
    national: ReferenceScheme | None = None

    def to_row(self, currency: str) -> rows.ReferenceSchemeRow:
        return rows.ReferenceSchemeRow(self.citation(), self.debtor_types, self.preferred, self.national)


class PendingTable(RuleTable):
    tables: Annotated[frozenset[Text], NonEmpty]

    def to_row(self, currency: str) -> rows.PendingRow:
        return rows.PendingRow(self.citation(), self.debtor_types, self.tables)
