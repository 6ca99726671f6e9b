"""What every request body has in common: strict fields, and refusals that say how to mend them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sovinto.errors import InvalidInput

M = TypeVar("M", bound=BaseModel)
MOST_MINOR = 10**12

Text = Annotated[str, Field(min_length=1, max_length=200)]
Day = Annotated[date, Field(strict=True)]
"""A day as text, YYYY-MM-DD; a number would be read as seconds."""
Moment = Annotated[datetime, Field(strict=True)]
Minor = Annotated[int, Field(strict=True, gt=0, le=MOST_MINOR)]
Figure = Annotated[int, Field(strict=True, ge=0, le=MOST_MINOR)]
SignedFigure = Annotated[int, Field(strict=True, ge=-MOST_MINOR, le=MOST_MINOR)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2100)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000)]


class Strict(BaseModel):
    """No field that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_body(kind: type[M], text: str | None) -> M:
    """Raises InvalidInput that names the first field that is wrong; never with what stood in it."""
    try:
        return kind.model_validate_json(text or "{}")
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = "/".join(str(part) for part in first["loc"])
        raise InvalidInput(_sentence(kind, first["type"], field, first["msg"]), field=field or None) from (
            None
        )


def _sentence(kind: type[BaseModel], problem: str, field: str, said: str) -> str:
    if problem == "extra_forbidden":
        shown = field if len(field) <= 60 else "a field"
        return f"{shown} is not a field here; leave it out, the fields are {', '.join(kind.model_fields)}"
    if problem == "missing":
        return f"{field} is missing; add it"
    if problem == "json_invalid" or not field:
        return "the body must be one JSON object; correct it and send it again"
    return f"{field}: {said}; correct it and send it again"
