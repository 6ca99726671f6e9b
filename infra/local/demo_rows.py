"""How the demo's client writes its rows: mixed styles of dates and sums, and twelve different mistakes."""

from __future__ import annotations

from datetime import date

from infra.local.demo_people import Person

HEADERS = [
    "Viite", "Velallistyyppi", "Nimi", "Y-tunnus", "Katuosoite", "Postinumero", "Postitoimipaikka", "Maa",
    "Kieli", "Sähköposti", "Matkapuhelin", "Laskun numero", "Laskupäivä", "Eräpäivä", "Pääoma", "Valuutta",
    "Selite", "Sähköinen suostumus",
]  # fmt: skip

_TEXTS = (
    "Kuukausimaksu",
    "Tilaus verkkokaupasta",
    "Huoltotyö",
    "Fakturerat arbete; material",
    "Vuokra, väline",
)

# Each differs from a good row in one thing only, so that the report has one reason for it.
_FAULTS: tuple[dict[str, str], ...] = (
    {"Pääoma": ""},
    {"Pääoma": "-45,00"},
    {"Pääoma": "1.250"},
    {"Eräpäivä": "31.9.2025"},
    {"Eräpäivä": "15.9.2052"},
    {"Velallistyyppi": ""},
    {"Velallistyyppi": "Yritys", "Y-tunnus": "9000007-1"},
    {"Nimi": ""},
    {"Viite": "PER-25001", "Pääoma": "77,00"},
    {
        "Katuosoite": "",
        "Postinumero": "",
        "Postitoimipaikka": "",
        "Sähköposti": "",
        "Sähköinen suostumus": "",
    },
    {"Sähköposti": "erkki.asiakas.example"},
    {"Valuutta": "SEK"},
)


def written(number: int, someone: Person, cents: int, invoiced_on: date, due_on: date) -> list[str]:
    """One good row in the order of `HEADERS`."""
    text = _TEXTS[number % len(_TEXTS)]
    return [
        f"PER-{25001 + number}",
        someone.kind,
        someone.name,
        someone.business_id,
        someone.street,
        someone.postal_code,
        someone.city,
        "FI" if number % 4 else "Suomi",
        someone.language,
        someone.email,
        someone.mobile,
        f"L{70001 + 3 * number}",
        _day(invoiced_on, number + 1),
        _day(due_on, number),
        _sum(cents, number),
        "EUR" if number % 3 else "",
        f'"{text}"' if ";" in text else text,
        someone.consent,
    ]


def faulty_rows(good: list[str]) -> list[list[str]]:
    """Twelve rows made from a good one, each with another fault."""
    rows = []
    for number, fault in enumerate(_FAULTS, 1):
        row = {
            **dict(zip(HEADERS, good, strict=True)),
            "Viite": f"PER-X{number:02d}",
            "Laskun numero": f"LX{number:02d}",
        }
        rows.append(list({**row, **fault}.values()))
    return rows


def _day(day: date, number: int) -> str:
    """Four styles of one day; the one with a slash is day first."""
    return (
        f"{day.day}.{day.month}.{day.year}",
        day.strftime("%d.%m.%Y"),
        day.isoformat(),
        day.strftime("%d/%m/%Y"),
    )[number % 4]


def _sum(cents: int, number: int) -> str:
    """Decimal comma as a rule, with and without thousands and euro signs; now and then a point."""
    euros, rest = divmod(cents, 100)
    spaced = f"{euros:,}".replace(",", "\u00a0")
    return (
        f"{euros},{rest:02d}",
        f"{spaced},{rest:02d}",
        f"{spaced},{rest:02d} €",
        f"{euros:,}".replace(",", ".") + f",{rest:02d}",
        f"{euros}.{rest:02d}",
    )[number % 5]
