"""Who signs a preview: nobody is written to, so the agency and the client are stand-ins."""

from __future__ import annotations

from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.debtor import Address
from sovinto.domain.law.model import Pack
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.ids import ClientId
from sovinto.usecases.step_context import Sender

_NOWHERE = Address("Example street 1", "00100", "Example", "FI")
_AGENCY = Agency(Contact("Preview", "", _NOWHERE, "preview@sovinto.example", ""), "FI2112345600000785", "")
PREVIEW_SENDER = Sender(_AGENCY, b"preview", "https://pay.sovinto.example")


def preview_client(pack: Pack, *, segment: str = "", is_vat_deductible: bool = True) -> Client:
    """A client of the country with nothing special about it: what is asked decides fees and policy."""
    return Client(
        client_id=ClientId("cli_preview"),
        name="Preview",
        registration_id="",
        address=_NOWHERE,
        email="preview@client.example",
        phone="",
        language=pack.languages[0],
        country=pack.country,
        currency=pack.currency,
        iban="",
        bic="",
        setup_fee=Money.zero(pack.currency),
        is_vat_deductible=is_vat_deductible,
        account_manager="",
        segment=segment,
    )
