"""Which value added tax our invoice to a client carries, by the two countries and the client's status.

Debt collection is taxable everywhere in the Union: it is excepted from the exemption of financial
services (Directive 2006/112/EC art. 135 (1) (d)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sovinto.domain.law import vat
from sovinto.domain.law.model import Pack
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, LawMissing

EU_STATES = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT"),
        *("LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)


class VatCategory(StrEnum):
    """UNCL5305 as EN 16931 uses it."""

    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    EXEMPT = "E"
    ZERO = "Z"
    OUT_OF_SCOPE = "O"
    EXPORT = "G"
    INTRA_COMMUNITY = "K"


def tax_inside(gross: Money, percent: str) -> Money:
    """The tax contained in a gross amount, rounded half up once."""
    rate = Fraction(percent)
    return Money.rounded(gross.minor * rate / (100 + rate), gross.currency)


@dataclass(frozen=True, slots=True)
class VatTreatment:
    """`percent` is a decimal string such as "25.5", "0" for all but the standard category; `statute` is
    the ground; `reason` the words the invoice must carry where no tax is charged, `reason_code` the same
    as VATEX code (CEF code list) where there is one. Raises InvalidInput where they contradict the
    category (EN 16931, BR-S-05 to BR-O-05 and BR-E-10 to BR-Z-10)."""

    category: VatCategory
    percent: str
    statute: str
    reason: str = ""
    reason_code: str = ""

    def __post_init__(self) -> None:
        is_taxed = self.category is VatCategory.STANDARD
        if is_taxed != (Fraction(self.percent) > 0):
            raise InvalidInput(
                f"percent {self.percent!r} does not go with VAT category {self.category.value}; the "
                "standard category has a rate, all others have 0",
                field="percent",
            )
        if bool(self.reason) == (self.category in {VatCategory.STANDARD, VatCategory.ZERO}):
            raise InvalidInput(
                f"VAT category {self.category.value} "
                + (
                    "takes no reason; leave it out"
                    if self.reason
                    else "needs a reason; say why no tax is due"
                ),
                field="reason",
            )

    def inside(self, gross: Money) -> Money:
        """The tax contained in a gross amount, rounded half up once."""
        return tax_inside(gross, self.percent)

    def of(self, net: Money) -> Money:
        """The tax on a net amount, rounded half up once."""
        return Money.rounded(net.minor * Fraction(self.percent) / 100, net.currency)


@dataclass(frozen=True, slots=True)
class _Export:
    """How a country treats services to businesses established elsewhere."""

    category: VatCategory
    statute: str
    reason: str


# One VAT territory each: Switzerland with Liechtenstein (MWSTG art. 3 a; agreement of 1994-10-28).
_ONE_TERRITORY = (frozenset({"CH", "LI"}),)
# Transactions with them count as those with the other: Monaco by Directive 2006/112/EC art. 7; the Isle
# of Man by the same and the Isle of Man Act 1979 s. 6.
_TAXED_AS = {"MC": "FR", "IM": "GB"}
_SWISS = _Export(
    VatCategory.OUT_OF_SCOPE, "Mehrwertsteuergesetz SR 641.20 art. 8 (1)", "Outside the scope of Swiss VAT"
)
_EXPORTS = {
    "CH": _SWISS,
    "LI": _SWISS,
    "GB": _Export(
        VatCategory.OUT_OF_SCOPE,
        "Value Added Tax Act 1994 s. 7A (2) (a)",
        "Outside the scope of UK VAT",
    ),
    "NO": _Export(
        VatCategory.EXPORT,
        "Merverdiavgiftsloven (lov 2009-06-19-58) § 6-22",
        "Zero-rated service to a business abroad",
    ),
    "IS": _Export(
        VatCategory.EXPORT,
        "Lög um virðisaukaskatt 50/1988 12. gr. 1. mgr. 10. tölul.",
        "Zero-rated service to a business abroad",
    ),
}
# The mention that Directive 2006/112/EC art. 226 (11a) asks for, as national law words it.
_REVERSE_CHARGE = {
    "da": "Omvendt betalingspligt",
    "de": "Steuerschuldnerschaft des Leistungsempfängers",
    "et": "Pöördmaksustamine",
    "fi": "Käännetty verovelvollisuus",
    "nl": "Btw verlegd",
    "sv": "Omvänd betalningsskyldighet",
}
_MENTION = "Reverse charge"


def treat(
    *,
    seller: Pack,
    buyer_country: str,
    is_business: bool,
    has_vat_id: bool,
    on: date,
    language: str = "en",
) -> VatTreatment:
    """The treatment of a service on its day of supply. `seller` is the pack of our own country.

    `has_vat_id` is true only for a VAT number of the client that was checked; without one a client in
    another EU state counts as a private person. Raises LawMissing where we have no rule.
    """
    here, there = taxed_as(seller.country), taxed_as(buyer_country)
    if here == there or any({here, there} <= territory for territory in _ONE_TERRITORY):
        return domestic(seller, on)
    if here not in EU_STATES:
        return _export(here, seller, is_business, on)
    if there not in EU_STATES:
        return _out_of_union(seller, is_business, on)
    if is_business and has_vat_id:
        return _reverse_charge(language)
    ground = "Directive 2006/112/EC art. 45; Regulation 282/2011 art. 18 (2): no VAT number of the client"
    return domestic(seller, on, ground)


def taxed_as(country: str) -> str:
    """The country (ISO 3166-1) whose VAT territory it belongs to."""
    return _TAXED_AS.get(country, country)


def domestic(pack: Pack, on: date, ground: str = "") -> VatTreatment:
    """The standard rate of the country on that day. Raises LawMissing."""
    rate = vat.standard_rate(pack, on)
    statute = rate.explanation.statute
    return VatTreatment(VatCategory.STANDARD, rate.percent, f"{statute} ({ground})" if ground else statute)


def _reverse_charge(language: str) -> VatTreatment:
    statute = "Directive 2006/112/EC art. 44 and 196"
    words = _REVERSE_CHARGE.get(language)
    mention = f"{words} / {_MENTION}" if words else _MENTION
    return VatTreatment(VatCategory.REVERSE_CHARGE, "0", statute, f"{mention}, {statute}", "VATEX-EU-AE")


def _out_of_union(seller: Pack, is_business: bool, on: date) -> VatTreatment:
    if not is_business:
        return domestic(seller, on, "Directive 2006/112/EC art. 45")
    statute = "Directive 2006/112/EC art. 44"
    reason = f"Outside the scope of EU VAT, {statute}"
    return VatTreatment(VatCategory.OUT_OF_SCOPE, "0", statute, reason, "VATEX-EU-O")


def _export(here: str, seller: Pack, is_business: bool, on: date) -> VatTreatment:
    if not is_business:
        return domestic(seller, on)
    export = _EXPORTS.get(here)
    if export is None:
        raise LawMissing(
            f"How {here} taxes services to businesses abroad is not known; add it to vat_treatment.",
            field="seller",
            on=on,
        )
    return VatTreatment(export.category, "0", export.statute, f"{export.reason}, {export.statute}")
