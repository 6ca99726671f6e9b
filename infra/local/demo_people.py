"""Invented debtors for the demo: common names in chance pairs, model streets, companies that never were."""

from __future__ import annotations

import random
from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FINNISH_FIRST = _words(
    "Aino Antti Eeva Eino Hanna Helmi Jari Jenni Juha Kaarina Kalle Kirsi Lauri Leena Matti Mervi "
    "Mika Minna Olavi Outi Pekka Päivi Riitta Sami Satu Tapio Tiina Tuomas Väinö Yrjö"
)
_FINNISH_LAST = _words(
    "Aaltonen Hämäläinen Heikkinen Heinonen Järvinen Karjalainen Kärkkäinen Koskinen Laine "
    "Lehtonen Mäkelä Mäkinen Niemi Nieminen Pitkänen Räsänen Saarinen Salonen Turunen Väisänen "
    "Virtanen Ylönen"
)
_SWEDISH_FIRST = _words(
    "Anders Birgitta Björn Carola Göran Gunilla Håkan Johan Kerstin Lars Maj-Britt Märta Stig Åsa Örjan"
)
_SWEDISH_LAST = _words(
    "Björklund Enström Forsström Grönqvist Holmström Lindqvist Nygård Sjöblom Söderström Åkerberg Öhman"
)
_ENGLISH_FIRST = _words("Amelia Daniel Grace Oliver Sophie Thomas")
_ENGLISH_LAST = _words("Ashdown Fairley Hartwell Millbrook Penrose Whitlow")
_FIRM_STEMS = _words(
    "Aavasaaren Hirvikallion Kuusipuron Lumikorven Mäntyrannan Pähkinäojan Siniharjun Tähtivuoren Ylämyllyn"
)
_FIRM_TRADES = _words("Kuljetus Leipomo Rakennus Siivous Sähkö Maalaus Kahvila Huolto Kirjapaino Taimisto")

_PLACES = {
    "fi": (("00100", "Helsinki"), ("33100", "Tampere"), ("20100", "Turku"), ("90100", "Oulu"),
           ("40100", "Jyväskylä"), ("15110", "Lahti"), ("53100", "Lappeenranta"), ("60100", "Seinäjoki")),
    "sv": (("65100", "Vasa"), ("10600", "Ekenäs"), ("06100", "Borgå"), ("68600", "Jakobstad")),
}  # fmt: skip
_STREETS = {
    "fi": ("Esimerkkikatu", "Mallitie", "Koekuja", "Näytepolku", "Harjoitusväylä"),
    "sv": ("Exempelgatan", "Modellvägen", "Provgränden", "Övningsstigen"),
}
_CONSUMER_WORDS = ("Kuluttaja", "kuluttaja", "Privat")
_BUSINESS_WORDS = ("Yritys", "yritys", "Företag")


@dataclass(frozen=True, slots=True)
class Person:
    """A debtor as the client's spreadsheet has them; empty text where the client knows nothing."""

    kind: str
    name: str
    business_id: str
    street: str
    postal_code: str
    city: str
    language: str
    email: str
    mobile: str
    consent: str


def person(chance: random.Random, number: int) -> Person:
    """Debtor number `number`; the kind, language and ways to reach them are drawn by chance."""
    is_business = chance.random() < 0.35
    language = chance.choice(["fi"] * 7 + ["sv"] * 2 + ["en"])
    home = "sv" if language == "sv" else "fi"
    name = _firm(chance) if is_business else _name(chance, language)
    code, city = chance.choice(_PLACES[home])
    reach = chance.choice(["both"] * 7 + ["post"] * 2 + ["email"])
    has_address = reach != "email"
    email = "" if reach == "post" else f"{'talous' if is_business else 'posti'}{number:03d}@asiakas.example"
    return Person(
        kind=chance.choice(_BUSINESS_WORDS if is_business else _CONSUMER_WORDS),
        name=name,
        business_id=business_id(9_000_000 + number * 7) if is_business else "",
        street=f"{chance.choice(_STREETS[home])} {chance.randrange(1, 90)}" if has_address else "",
        postal_code=code if has_address else "",
        city=city if has_address else "",
        language=language,
        email=email,
        mobile="" if reach == "post" else _mobile(chance, number),
        consent=chance.choice(["kyllä", "ei", "", "x"]) if email and chance.random() < 0.4 else "",
    )


def business_id(base: int) -> str:
    """A Finnish business id with a valid check digit (YTJ: weights 7 9 10 5 8 4 2, modulo 11).

    A remainder of 1 has no check digit; the next base is taken then.
    """
    digits = f"{base:07d}"
    rest = (
        sum(int(digit) * weight for digit, weight in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    )
    if rest == 1:
        return business_id(base + 1)
    return f"{digits}-{(11 - rest) % 11}"


def _name(chance: random.Random, language: str) -> str:
    first, last = {
        "fi": (_FINNISH_FIRST, _FINNISH_LAST),
        "sv": (_SWEDISH_FIRST, _SWEDISH_LAST),
        "en": (_ENGLISH_FIRST, _ENGLISH_LAST),
    }[language]
    return f"{chance.choice(first)} {chance.choice(last)}"


def _firm(chance: random.Random) -> str:
    form = chance.choice(["Oy", "Oy", "Ab", "Ky"])
    return f"{chance.choice(_FIRM_STEMS)} {chance.choice(_FIRM_TRADES)} {form}"


def _mobile(chance: random.Random, number: int) -> str:
    tail = f"0{number:03d}"
    return chance.choice([f"+358 40 000 {tail}", f"040 000 {tail}", f"040000{tail}", f"040-000{tail}"])
