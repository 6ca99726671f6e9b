"""Field types of pack files: figures are text, so that no float ever stands for money or a rate."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

_PERCENT = re.compile(r"-?\d{1,3}(\.\d{1,6})?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _percent(value: object) -> Fraction:
    if not isinstance(value, str) or not _PERCENT.fullmatch(value):
        raise ValueError(f'a percentage is text such as "10.5", not {value!r}')
    return Fraction(value)


def _minute(value: object) -> int:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError(f'a time is text such as "08:00", not {value!r}')
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


def _weekday(value: object) -> int:
    if value not in _WEEKDAYS:
        raise ValueError(f"a weekday is one of {', '.join(_WEEKDAYS)}, not {value!r}")
    return _WEEKDAYS.index(str(value)) + 1


def _spoken(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty: a rule without a citation does not load")
    return value


Percent = Annotated[Fraction, BeforeValidator(_percent)]
Factor = Annotated[Fraction, BeforeValidator(_percent)]
Minute = Annotated[int, BeforeValidator(_minute)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_spoken)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(\.[a-z0-9_]+)+$")]
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,2})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Model(BaseModel):
    """Strict about names: a misspelt key is an error, not a rule that silently is not there."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
