"""Who the tests' stories are about: the agency, a client, a debtor; and the day they begin."""

from __future__ import annotations

from datetime import UTC, datetime

from sovinto.domain.agency import Agency
from sovinto.domain.assignment import Collector
from sovinto.domain.client import Client
from sovinto.domain.debtor import Address, Debtor, DebtorType
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.ids import ClientId

AGENCY = Agency(
    Contact(
        "Sovinto Oy",
        "1234567-1",
        Address("Katu 1", "00100", "Helsinki", "FI"),
        "a@sovinto.example",
        "+358 9 1",
    ),
    "FI2112345600000785",
    "NDEAFIHH",
    # What the stories of the tests pay on leaves by itself; tests of the release set it to nothing.
    release_limit_minor=100_000_000,
)
CLIENT = Client(
    client_id=ClientId("cli_demo"),
    name="Pohjolan Sähkö Oy",
    registration_id="0737546-2",
    address=Address("Voimatie 2", "33100", "Tampere", "FI"),
    email="laskutus@pohjolan.example",
    phone="+358 3 123",
    language="fi",
    country="FI",
    currency="EUR",
    iban="FI1410093000123458",
    bic="NDEAFIHH",
    setup_fee=Money(1000, "EUR"),
    is_vat_deductible=True,
    account_manager="Maija Manner",
)
DEBTOR = Debtor(
    name="Tiina Testinen",
    debtor_type=DebtorType.CONSUMER,
    language="fi",
    address=Address("Kotikatu 3", "00200", "Helsinki", "FI"),
    email="tiina@posti.example",
    phone="+358400000001",
)
COLLECTORS = (
    Collector(
        "col_1", "Aino Aalto", ("FI",), ("fi", "sv", "en"), share=2, may_publish=True, may_release=True
    ),
    Collector("col_2", "Erik Åkerman", ("FI", "SE"), ("sv", "en"), may_release=True),
)
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
