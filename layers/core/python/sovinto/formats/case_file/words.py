"""What clients write in columns that hold one of few words. Compared without case, accents and signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sovinto.domain.debtor import DebtorType
from sovinto.formats.plain_text import bare

Meaning = TypeVar("Meaning")


def _table(meanings: Mapping[Meaning, str]) -> dict[str, Meaning]:
    return {bare(word): meaning for meaning, words in meanings.items() for word in words.split(", ")}


DEBTOR_TYPES = _table(
    {
        DebtorType.CONSUMER: "consumer, private, private person, person, individual, natural person, b2c, "
        "kuluttaja, yksityinen, yksityishenkilö, henkilö, privat, privatperson, konsument, forbruker, "
        "forbruger, verbraucher, privatkunde, natürliche person",
        DebtorType.BUSINESS: "business, company, organisation, organization, corporate, legal person, b2b, "
        "yritys, yritysasiakas, yhtiö, företag, bolag, juridisk person, bedrift, firma, foretak, "
        "virksomhed, erhverv, unternehmen, gewerbe, juristische person",
    }
)
LANGUAGES = _table(
    {
        "fi": "fi, fin, suomi, finnish, finska, finsk, finnisch",
        "sv": "sv, swe, ruotsi, swedish, svenska, svensk, schwedisch",
        "en": "en, eng, englanti, english, engelska, engelsk, englisch",
        "no": "no, nb, nn, nor, norja, norwegian, norska, norsk, norwegisch",
        "da": "da, dan, tanska, danish, danska, dansk, dänisch",
        "de": "de, deu, ger, saksa, german, tyska, tysk, deutsch",
        "nl": "nl, nld, hollanti, dutch, nederlands",
        "et": "et, est, viro, estonian, eesti",
    }
)
COUNTRIES = _table(
    {
        "FI": "fi, fin, finland, suomi, finnland",
        "SE": "se, swe, sweden, sverige, ruotsi, schweden",
        "NO": "no, nor, norway, norge, norja, norwegen",
        "DK": "dk, dnk, denmark, danmark, tanska, dänemark",
        "DE": "de, deu, germany, deutschland, saksa, tyskland",
        "NL": "nl, nld, netherlands, the netherlands, nederland, alankomaat, hollanti, niederlande",
        "EE": "ee, est, estonia, eesti, viro, estland",
        "GB": "gb, gbr, uk, united kingdom, great britain, iso-britannia, storbritannien, storbritannia",
    }
)
ANSWERS = _table(
    {
        True: "yes, y, true, 1, x, kyllä, k, on, ja, j, sann, wahr",
        False: "no, n, false, 0, ei, e, nej, nei, nein, falsk, falsch",
    }
)
TOTAL_WORDS = frozenset(
    _table(
        {
            True: "total, totals, sum, grand total, subtotal, yhteensä, summa, kaikki yhteensä, välisumma, "
            "totalt, sammanlagt, delsumma, i alt, gesamt, summe, gesamtsumme"
        }
    )
)
EXCEL_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#ARVO!", "#VIITTAUS!"}
)
