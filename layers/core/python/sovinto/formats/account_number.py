"""Account numbers people give: IBAN and BIC, checked before any money is sent there."""

from __future__ import annotations

from sovinto.errors import InvalidInput


def checked_iban(text: str, *, field: str = "iban") -> str:
    """The IBAN without blanks, its country's length, structure and check digits right (ISO 13616).

    Raises InvalidInput. The message never repeats the number.
    """
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(text).compact)
    except (SchwiftyException, ValueError) as error:
        raise InvalidInput(
            f"{field} must be an IBAN whose length and check digits are right for its country; "
            "copy it again from the bank's page",
            field=field,
        ) from error


def checked_bic(text: str, *, field: str = "bic") -> str:
    """The BIC, or nothing: SEPA needs the IBAN only (ISO 9362). Raises InvalidInput."""
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    if not text.strip():
        return ""
    try:
        return str(BIC(text).compact)
    except (SchwiftyException, ValueError) as error:
        raise InvalidInput(
            f"{field} must be 8 or 11 letters and digits such as NDEAFIHH, or left out", field=field
        ) from error


def is_iban(text: str) -> bool:
    """Whether a bank line's account is one that money can be sent to."""
    if not text.strip():
        return False
    try:
        checked_iban(text)
    except InvalidInput:
        return False
    return True
