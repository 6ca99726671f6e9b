"""Is a bank's line its own charge? Only where the bank's code says so, or its text is just that word."""

from __future__ import annotations

import re

_ISO_CHARGES = re.compile(r"[A-Z]{4}-[A-Z]{4}-(CHRG|FEES|COMM)")
"""External code set of ISO 20022, BkTxCd: domain, family, and the sub-families for charges, fees and
commission."""
_MT_CHARGES = {"NCHG", "FCHG", "SCHG", "NCOM"}
"""Field 61, subfield 6: charges and other expenses, commission (SWIFT standards, category 9)."""
_TITO_CHARGE = "TITO-730"
"""Finance Finland, Konekielinen tiliote: entry code 730, the bank's own charge (palvelumaksu)."""
# fmt: off
_WORDS = frozenset((
    "palvelumaksu", "palvelumaksut", "pankin palvelumaksu", "tilinhoitomaksu",
    "bankavgift", "bankavgifter", "serviceavgift", "kontoavgift",
    "gebyr", "gebyrer", "bankgebyr", "kontogebyr", "omkostninger",
    "kontoführungsentgelt", "kontoführungsgebühr", "entgeltabschluss", "bankspesen",
    "bank charge", "bank charges", "bank fee", "bank fees", "account fee", "service charge",
    "bankkosten", "kosten betalingsverkeer", "teenustasu", "pangateenustasu", "frais bancaires",
))
# fmt: on


def is_bank_charge(code: str, text: str, *, has_other_side: bool) -> bool:
    """`code` is the bank's, as the readers give it. `has_other_side`: a payee or reference is named."""
    if code in _MT_CHARGES or code == _TITO_CHARGE or _ISO_CHARGES.fullmatch(code):
        return True
    words = " ".join(re.sub(r"[^\w\s]|[0-9_]", " ", text.casefold()).split())
    return not has_other_side and words in _WORDS
