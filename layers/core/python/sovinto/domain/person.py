"""One person over all cases: a key that is the same in each of them and names nobody."""

from __future__ import annotations

import unicodedata

from sovinto.domain.debtor import Debtor, DebtorType
from sovinto.ids import derived


def person_key(debtor: Debtor, country: str) -> str:
    """The same for the same debtor in every case, whoever the client is; it names nobody.

    A business is its registration number, or else name and postal code; a consumer name and address,
    or else the e-mail address, or else the phone number. `country` is that of the case, for a debtor
    without an address. Spelling does not matter: case, accents, spaces, the order of a person's names.
    """
    home = debtor.address.country if debtor.address else country
    return derived("per", home, debtor.debtor_type.value, *_identity(debtor))


def _identity(debtor: Debtor) -> tuple[str, ...]:
    address = debtor.address
    if debtor.debtor_type is DebtorType.BUSINESS:
        if debtor.registration_id:
            return "registered", _plain(debtor.registration_id)
        return "company", _plain(debtor.name), _plain(address.postal_code if address else "")
    if address is not None:
        # An address alone is a household; the name alone is a namesake.
        return "home", _names(debtor.name), _plain(address.postal_code), _plain(address.street)
    if debtor.email:
        return "email", plain_detail(debtor.email)
    return ("phone", plain_detail(debtor.phone)) if debtor.phone else ("name", _names(debtor.name))


def _names(name: str) -> str:
    """ "Testinen Tiina" is "Tiina Testinen"."""
    return " ".join(sorted(_plain(part) for part in name.replace(",", " ").split()))


def _plain(text: str) -> str:
    """Letters and digits only, without accents, in one case."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def plain_detail(address: str) -> str:
    """An e-mail address or a number, however it is written."""
    return "".join(address.casefold().split())
