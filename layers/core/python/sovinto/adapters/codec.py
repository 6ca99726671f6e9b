"""Frozen dataclasses <-> JSON text, by their type hints. One module encodes every stored item."""

from __future__ import annotations

import json
import types
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: Any) -> str:
    """Compact JSON of a dataclass; dates as ISO 8601, enums by value, amounts as integers."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[T], text: str) -> T:
    """The dataclass back. Raises TypeError or KeyError where the text does not fit the type."""
    return cast("T", _typed(kind, json.loads(text, parse_float=_refuse_float)))


def _refuse_float(text: str) -> float:
    raise TypeError(f"a stored item holds the float {text}")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            field.name: _plain(item) for field, item in named if item is not None or _is_required(field)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _is_required(field: Field[Any]) -> bool:
    """None is left out only where reading puts it back."""
    return field.default is not None


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind, value)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        # None is left out when encoding, so an optional field without a default comes back here.
        absent = {name: None for name, hint in hints.items() if name not in value and _is_optional(hint)}
        return kind(**absent, **{name: _typed(hints[name], item) for name, item in value.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _optional(kind: Any, value: Any) -> Any:
    inner = [part for part in get_args(kind) if part is not type(None)]
    return None if value is None else _typed(inner[0], value)


def _tuple(parts: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_typed(parts[0], item) for item in value)
    return tuple(_typed(part, item) for part, item in zip(parts, value, strict=True))
