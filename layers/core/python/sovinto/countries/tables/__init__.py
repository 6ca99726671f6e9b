"""The tables a pack file may hold, by their name in the file."""

from collections.abc import Mapping
from typing import Final

from sovinto.countries.tables import fees, interest, letters, limits, tariffs
from sovinto.countries.tables.base import RuleTable

TABLES: Final[Mapping[str, type[RuleTable]]] = {
    "reference_rate": interest.ReferenceRateTable,
    "margin": interest.MarginTable,
    "interest_terms": interest.InterestTermsTable,
    "fee_mode": fees.FeeModeTable,
    "scale": tariffs.ScaleTable,
    "fee": fees.FeeTable,
    "fee_count": fees.FeeCountTable,
    "fee_cap": fees.FeeCapTable,
    "lump_sum": fees.LumpSumTable,
    "fee_vat": fees.FeeVatTable,
    "wait": letters.WaitTable,
    "invoice_notice": letters.InvoiceNoticeTable,
    "response": letters.ResponseTable,
    "content": letters.ContentTable,
    "form": letters.FormTable,
    "contact": letters.ContactTable,
    "allocation": limits.AllocationTable,
    "effect": limits.EffectTable,
    "limitation": limits.LimitationTable,
    "legal_step": limits.LegalStepTable,
    "retention": limits.RetentionTable,
    "reference_scheme": limits.ReferenceSchemeTable,
    "vat": fees.VatTable,
    "pending": limits.PendingTable,
}
