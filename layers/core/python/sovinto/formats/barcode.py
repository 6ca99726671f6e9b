"""The Finnish bank barcode: 54 digits, version 4 (national reference) and 5 (RF reference).

Source: Finance Finland, bank barcode guide 5.3 (symbol versions 4 and 5).
"""

from __future__ import annotations

from datetime import date

from stdnum import iban as iban_number

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference

_MOST_MINOR = 99_999_999


def bank_barcode(*, iban: str, reference: str, amount: Money, due_on: date | None) -> str:
    """The digits under the bars; a sum over 999999.99 is written as zeros (the payer types it), and so is
    a missing due date. Raises InvalidInput unless a Finnish IBAN, euros and a checked reference come in."""
    account = _account(iban)
    euros = _amount(amount)
    due = due_on.strftime("%y%m%d") if due_on else "000000"
    version, tail = _reference(reference)
    return f"{version}{account}{euros}{tail}{due}"


def _account(iban: str) -> str:
    compact = "".join(iban.split()).upper()
    if not compact.startswith("FI") or len(compact) != 18 or not iban_number.is_valid(compact):
        raise InvalidInput(f"iban {iban!r} is not a Finnish account; the bank barcode carries only those")
    return compact[2:]


def _amount(amount: Money) -> str:
    if amount.currency != "EUR" or amount.minor < 0:
        raise InvalidInput("amount of a bank barcode must be euros and not negative")
    return f"{amount.minor if amount.minor <= _MOST_MINOR else 0:08d}"


def _reference(text: str) -> tuple[str, str]:
    """Symbol version and the 23 digits between amount and due date."""
    national = payment_reference.check(text, "fi_731")
    if national:
        return "4", national.text.rjust(23, "0")
    wrapped = payment_reference.check(text, "rf")
    if wrapped and wrapped.text[4:].isdigit():
        return "5", wrapped.text[2:4] + wrapped.text[4:].rjust(21, "0")
    raise InvalidInput(
        f"reference {text!r} is neither a Finnish reference number nor an RF number of digits"
    )
