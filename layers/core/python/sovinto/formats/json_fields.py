"""Reading another party's JSON field by field: what is absent or of another shape is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sovinto.errors import FormatRefused

JsonObject = Mapping[str, object]


def child(parent: JsonObject, name: str) -> JsonObject:
    value = parent.get(name)
    if not isinstance(value, Mapping):
        raise FormatRefused(f"{name} must be a JSON object", field=name)
    return value


def text(parent: JsonObject, name: str) -> str:
    value = parent.get(name)
    if not isinstance(value, str) or not value:
        raise FormatRefused(f"{name} must be a text that is not empty", field=name)
    return value


def text_or_none(parent: JsonObject, name: str) -> str:
    """Empty where the field is absent, null or an object."""
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def named(parent: JsonObject, name: str) -> str:
    """The id in a field that holds an id, or the whole object with its `id`; empty where there is none."""
    value = parent.get(name)
    if isinstance(value, Mapping):
        return text_or_none(value, "id")
    return value if isinstance(value, str) else ""


def whole(parent: JsonObject, name: str) -> int:
    value = parent.get(name)
    if type(value) is not int:
        raise FormatRefused(f"{name} must be a whole number", field=name)
    return value


def instant(parent: JsonObject, name: str) -> datetime:
    """Unix seconds."""
    seconds = whole(parent, name)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise FormatRefused(f"{name} {seconds} is not a time in unix seconds", field=name) from error
