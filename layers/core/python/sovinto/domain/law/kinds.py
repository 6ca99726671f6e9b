"""The closed word lists that rules are keyed by."""

from __future__ import annotations

from enum import StrEnum


class FeeKind(StrEnum):
    """What a debtor can be charged for. LUMP_SUM is the standard compensation between businesses."""

    REMINDER_FEE = "reminder_fee"
    NOTICE_FEE = "notice_fee"
    DEMAND_FEE = "demand_fee"
    SECOND_DEMAND_FEE = "second_demand_fee"
    PLAN_FEE = "plan_fee"
    EXTENSION_FEE = "extension_fee"
    TRATTA_FEE = "tratta_fee"
    LUMP_SUM = "lump_sum"


class LetterKind(StrEnum):
    """Letters whose sending day the law limits, from mild to firm.

    NOTICE announces what collection will cost (NO inkassovarsel, NL 14-dagenbrief, DK påkrav, GB
    protocol letter); TRATTA is the protest draft between Finnish businesses.
    """

    REMINDER = "reminder"
    SECOND_REMINDER = "second_reminder"
    THIRD_REMINDER = "third_reminder"
    NOTICE = "notice"
    DEMAND = "demand"
    SECOND_DEMAND = "second_demand"
    TRATTA = "tratta"


class Sender(StrEnum):
    """Who writes to the debtor: a professional agency, or the creditor itself (other tariffs apply)."""

    AGENCY = "agency"
    CREDITOR = "creditor"


class ClaimKind(StrEnum):
    """Directly enforceable claims (FI: taxes, public charges, statutory insurance) have own tariffs."""

    ORDINARY = "ordinary"
    DIRECTLY_ENFORCEABLE = "directly_enforceable"


class Certainty(StrEnum):
    """How sure we are of a figure: the law text itself, a page that cites it, or our own reading."""

    STATUTE = "statute"
    SECONDARY = "secondary"
    ASSUMED = "assumed"


class DayCount(StrEnum):
    """Day-count conventions the interest engine can calculate."""

    ACT_365 = "act/365"


class Compounding(StrEnum):
    """SIMPLE, or YEARLY: each full year's interest is added to the base of the next year."""

    SIMPLE = "simple"
    YEARLY = "yearly"


class RateMovement(StrEnum):
    """Whether the rate of an old debt follows each new half-year or stays as on its first day."""

    FLOATING = "floating"
    FROZEN = "frozen"


class InterestBasis(StrEnum):
    """Owed by statute; only where the contract says so, or by a law we have no figures of: then we
    calculate none."""

    STATUTORY = "statutory"
    CONTRACT_ONLY = "contract_only"
    NOT_LOADED = "not_loaded"


class InterestStart(StrEnum):
    """The first day that bears interest."""

    DAY_AFTER_DUE = "day_after_due"


class FeeMode(StrEnum):
    """By what right the debtor pays for collection at all."""

    STATUTORY_TARIFF = "statutory_tariff"
    DAMAGE_CAPPED = "damage_capped"
    CONTRACT_ONLY = "contract_only"
    FIXED_SUM_PLUS = "fixed_sum_plus"


class VatTreatment(StrEnum):
    """VAT on costs the debtor pays: inside the tariff, none, or on top where the creditor cannot deduct."""

    INCLUDED = "included"
    NONE = "none"
    ADDED_IF_NOT_DEDUCTIBLE = "added_if_not_deductible"


class FeeBasis(StrEnum):
    """Which principal a tariff looks at: the one that was placed, or what is left of it."""

    PLACED = "placed"
    OUTSTANDING = "outstanding"


class Rounding(StrEnum):
    """To the minor unit, or to whole major units; half up either way."""

    MINOR = "minor"
    WHOLE = "whole"


class Circumstance(StrEnum):
    """What may have come between: each has effects on what is allowed."""

    DISPUTE = "dispute"
    COLLECTION_STOPPED = "collection_stopped"
    DEBT_ADVICE = "debt_advice"
    MORATORIUM = "moratorium"
    INSOLVENCY = "insolvency"


class Effect(StrEnum):
    """What a circumstance stops."""

    NO_CONTACT = "no_contact"
    NO_DEMAND = "no_demand"
    NO_FEES = "no_fees"
    NO_INTEREST = "no_interest"
    NO_PUBLICATION = "no_publication"
    NO_LEGAL_STEP = "no_legal_step"


class LimitationStart(StrEnum):
    """From when a claim grows too old: its due date, or the end of that calendar year."""

    DUE_DATE = "due_date"
    YEAR_END = "year_end"


class Interruption(StrEnum):
    """What may start the period anew."""

    WRITTEN_DEMAND = "written_demand"
    ACKNOWLEDGEMENT = "acknowledgement"
    PART_PAYMENT = "part_payment"
    LEGAL_STEP = "legal_step"


class Precondition(StrEnum):
    """What must be so before a legal step."""

    UNDISPUTED = "undisputed"
    REMINDED = "reminded"
    NOTICE_GIVEN = "notice_given"
    DEMANDED = "demanded"
    ANSWER_TIME_OVER = "answer_time_over"
    CONTACT_ATTEMPTED = "contact_attempted"
    NO_EARLIER_DEFAULT_ENTRY = "no_earlier_default_entry"
    CLIENT_APPROVED = "client_approved"
    NOT_TIME_BARRED = "not_time_barred"


class Content(StrEnum):
    """What a letter must say."""

    CREDITOR_NAME = "creditor_name"
    CREDITOR_ADDRESS = "creditor_address"
    AGENCY_NAME = "agency_name"
    AGENCY_ADDRESS = "agency_address"
    DEBTOR_NAME = "debtor_name"
    GROUND = "ground"
    PRINCIPAL = "principal"
    INTEREST = "interest"
    INTEREST_BASIS = "interest_basis"
    COSTS_ITEMISED = "costs_itemised"
    TOTAL = "total"
    PAYEE_AND_METHOD = "payee_and_method"
    PAY_BY = "pay_by"
    RIGHT_TO_OBJECT = "right_to_object"
    OBJECT_BY = "object_by"
    CONSEQUENCE = "consequence"
    COSTS_ANNOUNCED = "costs_announced"
    VAT_STATEMENT = "vat_statement"
    COMPLAINTS_BODY = "complaints_body"
    SUPERVISOR = "supervisor"


class RecordKind(StrEnum):
    """What is kept, and for how long."""

    CASE_FILE = "case_file"
    ACCOUNTING_VOUCHER = "accounting_voucher"
    CALL_RECORDING = "call_recording"


class ReferenceScheme(StrEnum):
    """Payment reference schemes, as in `sovinto.formats.payment_reference`."""

    RF = "rf"
    FI_731 = "fi_731"
    EE_731 = "ee_731"
    SE_OCR = "se_ocr"
    SE_OCR_LENGTH = "se_ocr_length"
    NO_KID_MOD10 = "no_kid_mod10"
    NO_KID_MOD11 = "no_kid_mod11"
    DK_FIK_71 = "dk_fik_71"
    NL_16 = "nl_16"
