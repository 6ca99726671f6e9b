"""Frozen dataclasses <-> JSON text, by their type hints. One module encodes every stored item.

How a type is written and read is worked out once per process: items are read far more often than made.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Reader = Callable[[Any], Any]
_PLAIN = frozenset({str, int, bool, types.NoneType})


def encode(value: Any) -> str:
    """Compact JSON of a dataclass; dates as ISO 8601, enums by value, amounts as integers."""
    return _ENCODER.encode(_plain(value))


def decode(kind: type[T], text: str) -> T:
    """The dataclass back. Raises TypeError or KeyError where the text does not fit the type."""
    known: Any = kind
    return cast("T", _reader(known)(_DECODER.decode(text)))


def _refuse_float(text: str) -> float:
    raise TypeError(f"a stored item holds the float {text}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_float=_refuse_float)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if is_dataclass(kind):
        named = ((name, getattr(value, name), is_kept) for name, is_kept in _fields(kind))
        return {name: _plain(item) for name, item, is_kept in named if item is not None or is_kept}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Each with whether it is written as None too: that is left out only where reading puts it back."""
    return tuple((field.name, field.default is not None) for field in fields(kind))


@cache
def _reader(kind: Any) -> _Reader:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind in (date, datetime):
        return cast("_Reader", kind.fromisoformat)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _dataclass(kind: type) -> _Reader:
    hints = get_type_hints(kind)
    # None is left out when encoding, so an optional field without a default comes back here.
    absent = {name: None for name, hint in hints.items() if type(None) in get_args(hint)}
    readers: dict[str, _Reader] = {}

    def read(value: Any) -> Any:
        if not readers:
            # Not before the first item, for a type may hold others of its own.
            readers.update({name: _reader(hint) for name, hint in hints.items()})
        return kind(**{**absent, **{name: readers[name](item) for name, item in value.items()}})

    return read


def _optional(kind: Any) -> _Reader:
    inner = _reader(next(part for part in get_args(kind) if part is not types.NoneType))

    def read(value: Any) -> Any:
        return None if value is None else inner(value)

    return read


def _tuple(parts: tuple[Any, ...]) -> _Reader:
    if len(parts) == 2 and parts[1] is Ellipsis:
        each = _reader(parts[0])
        return lambda value: tuple([each(item) for item in value])
    readers = [_reader(part) for part in parts]
    return lambda value: tuple([read(item) for read, item in zip(readers, value, strict=True)])
