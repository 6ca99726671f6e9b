"""What a bank would send back a payment file for, said before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stdnum import bic as bic_number
from stdnum import iban as iban_number

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text

_MOST_MINOR = 99_999_999_999
# A currency other than the euro is sent at home only, between accounts of its country.
_HOME = {"DKK": "DK", "ISK": "IS", "NOK": "NO", "SEK": "SE"}
CURRENCIES = ("EUR", *_HOME)
"""What we can pay by a file."""
VERSIONS = ("03", "09")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment out. `end_to_end_id` is our own and comes back on the statement as `to_sepa_id` of it;
    an empty `creditor_bic` is left out (SEPA needs the IBAN only). `reference` is the creditor's own, RF
    or of the country of its account; with one the `text` is not sent."""

    end_to_end_id: str
    amount: Money
    creditor_name: str
    creditor_iban: str
    creditor_bic: str
    text: str
    reference: str = ""


def check_transfers(transfers: Sequence[Transfer], debtor_iban: str, version: str) -> str:
    """Their currency. Raises InvalidInput for what holds for the file as a whole."""
    if version not in VERSIONS:
        raise InvalidInput(f"version {version!r} is not written; use 03 or 09", field="version")
    if not transfers:
        raise InvalidInput("transfers are empty; a bank file needs at least one")
    ids = [to_sepa_id(item.end_to_end_id) for item in transfers]
    twins = sorted({one for one in ids if ids.count(one) > 1})
    if twins:
        raise InvalidInput(f"end_to_end_id {twins[0]!r} is used twice; every transfer needs its own")
    currencies = sorted({item.amount.currency for item in transfers})
    if len(currencies) > 1:
        raise InvalidInput(
            f"transfers mix {' and '.join(currencies)}; write one file for each currency", field="amount"
        )
    for transfer in transfers:
        amount_text(transfer)
        _check_home(currencies[0], transfer, debtor_iban)
    return currencies[0]


def home_of(currency: str) -> str:
    """The one country that money of this currency is sent to; empty for the euro, which goes anywhere."""
    return _HOME.get(currency, "")


def _check_home(currency: str, transfer: Transfer, debtor_iban: str) -> None:
    home = home_of(currency)
    if not home:
        return
    for field, iban in (("debtor_iban", debtor_iban), ("creditor_iban", transfer.creditor_iban)):
        if checked_iban(field, iban)[:2] != home:
            raise InvalidInput(
                f"{field} {iban!r} is not of {home}; {currency} is sent between {home} accounts only",
                field=field,
            )


def amount_text(transfer: Transfer) -> str:
    """The amount as a decimal number. Raises InvalidInput outside what banks take."""
    amount = transfer.amount
    if amount.currency != "EUR" and amount.currency not in _HOME:
        raise InvalidInput(
            f"amount {amount.decimal()} {amount.currency} of {transfer.end_to_end_id!r} cannot be sent; "
            f"use euros or {', '.join(_HOME)}",
            field="amount",
        )
    if not 1 <= amount.minor <= _MOST_MINOR:
        raise InvalidInput(
            f"amount {amount.decimal()} {amount.currency} of {transfer.end_to_end_id!r} cannot be sent; "
            "a transfer is 0.01 to 999999999.99",
            field="amount",
        )
    return amount.decimal()


def name_text(field: str, name: str) -> str:
    """The name in the SEPA set. Raises InvalidInput where nothing is left."""
    text = to_sepa_text(name, most=70)
    if not text:
        raise InvalidInput(f"{field} is empty; banks refuse a transfer without it", field=field)
    return text


def checked_iban(field: str, iban: str) -> str:
    """Without spaces. Raises InvalidInput for wrong check digits."""
    compact = "".join(iban.split()).upper()
    if not iban_number.is_valid(compact):
        raise InvalidInput(f"{field} {iban!r} fails its check digits; type it again", field=field)
    return compact


def checked_bic(bic: str) -> str:
    """Without spaces, empty for none. Raises InvalidInput for anything else that is no BIC."""
    compact = "".join(bic.split()).upper()
    if compact and not bic_number.is_valid(compact):
        raise InvalidInput(f"bic {bic!r} is not 8 or 11 letters and digits such as NDEAFIHH", field="bic")
    return compact


def creditor_reference(transfer: Transfer) -> str:
    """In machine form, empty for none. Raises InvalidInput for one that fails its check digit."""
    given = transfer.reference
    if not given.strip():
        return ""
    country = transfer.creditor_iban.strip()[:2].upper()
    for scheme in ("rf", *payment_reference.schemes_of(country)):
        found = payment_reference.check(given, scheme)
        if found is not None:
            return found.text
    raise InvalidInput(
        f"reference {given!r} is neither an RF nor a {country} reference; type it again or send a text",
        field="reference",
    )
