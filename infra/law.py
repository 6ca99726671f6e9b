"""What a deployment asks of the law: is there a pack for the country, and has a lawyer signed it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sovinto.countries import countries
from sovinto.countries.signing import unsigned
from sovinto.errors import InvalidInput

HOW_TO_SIGN = (
    "write `signed_off_by` (who checked it) and `signed_off_on` (the day) into the row of each, "
    "in the TOML files under layers/core/python/sovinto/countries"
)


def countries_with_law() -> tuple[str, ...]:
    """Codes of all countries that have a pack, in small letters as names of stages have them."""
    return tuple(code.lower() for code in countries())


def unsigned_today(country: str) -> tuple[str, ...]:
    """Ids of the rules that nobody has signed off. Raises LawMissing."""
    return unsigned(country.upper(), datetime.now(UTC).date())


def refuse_unsigned(country: str, rule_ids: Sequence[str]) -> None:
    """Raises InvalidInput that names every rule of `rule_ids`, one to a line, where there are any."""
    if rule_ids:
        raise InvalidInput(
            f"prod refuses the law of {country.upper()}: {_count(rule_ids)} not signed off; "
            f"{HOW_TO_SIGN}:\n" + "\n".join(rule_ids),
            field="signed_off_by",
        )


def warning(country: str, rule_ids: Sequence[str]) -> str:
    """One line for the stages that may run on unsigned law."""
    return f"The law of {country.upper()}: {_count(rule_ids)} not signed off; prod would be refused."


def _count(rule_ids: Sequence[str]) -> str:
    return "1 rule is" if len(rule_ids) == 1 else f"{len(rule_ids)} rules are"
