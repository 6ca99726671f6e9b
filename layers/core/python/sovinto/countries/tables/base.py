"""What every table of a pack file has: the citation, checked before anything uses it."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from sovinto.countries.fields import Model, RuleId, Text
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import Certainty

Days = Annotated[int, Field(ge=0, le=366)]
NonEmpty = Field(min_length=1)


class RuleTable(Model):
    """Common to every row; `unit` says in words what the figure counts."""

    rule_id: RuleId
    valid_from: date
    valid_to: date | None = None
    unit: Text
    statute: Text
    source: Text
    certainty: Certainty
    note: str = ""
    signed_off_by: Text | None = None
    signed_off_on: date | None = None
    debtor_types: Annotated[frozenset[DebtorType], NonEmpty]

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to must not be before valid_from; it is the last day in force")
        if (self.signed_off_by is None) != (self.signed_off_on is None):
            raise ValueError("signed_off_by and signed_off_on belong together; give both or neither")
        return self

    def citation(self) -> rows.Citation:
        return rows.Citation(
            rule_id=self.rule_id,
            statute=self.statute,
            source=self.source,
            certainty=self.certainty,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            note=self.note,
            unit=self.unit,
            signed_off_by=self.signed_off_by,
            signed_off_on=self.signed_off_on,
        )

    @abstractmethod
    def to_row(self, currency: str) -> rows.Row:
        """The domain's row; amounts are in `currency`."""
