"""The closed word lists that rules are keyed by."""

from __future__ import annotations

from enum import StrEnum


class FeeKind(StrEnum):
    """What a debtor can be charged for. LUMP_SUM is the standard compensation between businesses."""

    REMINDER_FEE = "reminder_fee"
    DEMAND_FEE = "demand_fee"
    SECOND_DEMAND_FEE = "second_demand_fee"
    PLAN_FEE = "plan_fee"
    EXTENSION_FEE = "extension_fee"
    LUMP_SUM = "lump_sum"


class LetterKind(StrEnum):
    """Letters whose sending day the law limits."""

    REMINDER = "reminder"
    DEMAND = "demand"
    SECOND_DEMAND = "second_demand"


class Sender(StrEnum):
    """Who writes to the debtor: a professional agency, or the creditor itself (other tariffs apply)."""

    AGENCY = "agency"
    CREDITOR = "creditor"


class Certainty(StrEnum):
    """How sure we are of a figure: the law text itself, a page that cites it, or our own reading."""

    STATUTE = "statute"
    SECONDARY = "secondary"
    ASSUMED = "assumed"


class DayCount(StrEnum):
    """Day-count conventions the interest engine can calculate."""

    ACT_365 = "act/365"


class Compounding(StrEnum):
    """Compounding the interest engine can calculate."""

    SIMPLE = "simple"


class RateMovement(StrEnum):
    """Whether the rate of an old debt follows each new half-year."""

    FLOATING = "floating"
