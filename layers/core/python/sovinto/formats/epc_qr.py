"""The text of a payment QR code (EPC069-12 version 3.1, BCD version 002, UTF-8, SEPA credit transfer)."""

from __future__ import annotations

from stdnum import iban as iban_number

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference

_MOST_BYTES = 331


def epc_text(
    *,
    name: str,
    iban: str,
    amount: Money,
    bic: str = "",
    reference: str = "",
    text: str = "",
    purpose: str = "",
) -> str:
    """The lines a banking app reads. A national reference goes in as RF; `reference` and `text` exclude
    each other. Raises InvalidInput for what EPC069-12 has no room for."""
    payee = _line("name", name, most=70)
    if not payee:
        raise InvalidInput("name of the payee is empty; a payment QR code must carry it", field="name")
    if reference and text:
        raise InvalidInput("give a reference or a text, not both: EPC069-12 allows one of them")
    lines = [
        *("BCD", "002", "1", "SCT"),
        _line("bic", bic, most=11),
        payee,
        _iban(iban),
        _amount(amount),
        _line("purpose", purpose, most=4),
        _rf(reference),
        _line("text", text, most=140),
    ]
    code = "\n".join(lines).rstrip("\n")
    if len(code.encode()) > _MOST_BYTES:
        raise InvalidInput(f"payment QR code is over {_MOST_BYTES} bytes; shorten the name or the text")
    return code


def _line(field: str, value: str, *, most: int) -> str:
    tidy = " ".join(value.split())
    if len(tidy) > most:
        raise InvalidInput(
            f"{field} has {len(tidy)} characters; a payment QR code takes {most}", field=field
        )
    return tidy


def _iban(iban: str) -> str:
    compact = "".join(iban.split()).upper()
    if not iban_number.is_valid(compact):
        raise InvalidInput(f"iban {iban!r} fails its check digits; type it again", field="iban")
    return compact


def _amount(amount: Money) -> str:
    if amount.currency != "EUR" or not 1 <= amount.minor <= 99_999_999_999:
        raise InvalidInput("amount of a payment QR code must be 0.01 to 999999999.99 euros", field="amount")
    return f"EUR{amount.decimal()}"


def _rf(reference: str) -> str:
    if not reference:
        return ""
    wrapped = payment_reference.check(reference, "rf")
    if wrapped:
        return wrapped.text
    national = payment_reference.check(reference, "fi_731")
    if national:
        return payment_reference.make(national.text, "rf")
    raise InvalidInput(f"reference {reference!r} is neither an RF nor a 7-3-1 number", field="reference")
