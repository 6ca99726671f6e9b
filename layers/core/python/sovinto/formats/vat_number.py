"""VAT identification numbers: shape and check digits of every country we may invoice.

Sources: Directive 2006/112/EC art. 215 (two letters of the state in front, Greece EL); national rules
as python-stdnum holds them. Whether the tax office knows the number (VIES) is not asked here.
"""

from __future__ import annotations

from typing import Any

from stdnum.ch import uid
from stdnum.eu import vat as union
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as british
from stdnum.is_ import vsk
from stdnum.no import mva

from sovinto.domain.vat_treatment import EU_STATES, taxed_as
from sovinto.errors import InvalidInput

_OUTSIDE: dict[str, tuple[str, Any]] = {"GB": ("GB", british), "IS": ("IS", vsk), "NO": ("NO", mva)}


def checked_vat_id(text: str, country: str) -> str:
    """The number as invoices carry it, without spaces, the country in front; empty stays empty.

    `country` is where the holder is established (ISO 3166-1). Raises InvalidInput for a wrong number
    or one of another country. Monaco has French numbers, the Isle of Man British ones.
    """
    if not text.strip():
        return ""
    try:
        return _compact(text, taxed_as(country))
    except ValidationError as error:
        raise InvalidInput(
            f"vat_id {text!r} is no VAT number of {country}; check its letters and digits, or leave it out",
            field="vat_id",
        ) from error


def _compact(text: str, country: str) -> str:
    if country in EU_STATES:
        number = str(union.validate(text))
        if not number.startswith("EL" if country == "GR" else country):
            raise ValidationError
        return number
    if country in {"CH", "LI"}:
        return str(uid.validate("".join(letter for letter in text.upper() if letter.isalnum())[:12]))
    if country not in _OUTSIDE:
        raise ValidationError
    prefix, rule = _OUTSIDE[country]
    bare = "".join(text.split()).upper().removeprefix(prefix)
    return f"{prefix}{rule.compact(rule.validate(bare))}"
