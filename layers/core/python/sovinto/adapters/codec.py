"""Frozen dataclasses <-> JSON text, by their type hints. One module encodes every stored item.

How a type is written and read is worked out once for each type: postings spend much of their time here.
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
_AS_IS = frozenset({str, int, bool, type(None)})


def encode(value: Any) -> str:
    """Compact JSON of a dataclass; dates as ISO 8601, enums by value, amounts as integers."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[T], text: str) -> T:
    """The dataclass back. Raises TypeError or KeyError where the text does not fit the type."""
    reader: _Reader = _reader(cast("Any", kind))
    return cast("T", reader(json.loads(text, parse_float=_refuse_float)))


def _refuse_float(text: str) -> float:
    raise TypeError(f"a stored item holds the float {text}")


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _AS_IS:
        return value
    named = _written(kind)
    if named is not None:
        pairs = ((name, getattr(value, name), is_required) for name, is_required in named)
        return {name: _plain(item) for name, item, is_required in pairs if item is not None or is_required}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _written(kind: type) -> tuple[tuple[str, bool], ...] | None:
    """Its fields, and whether None is written: it is left out only where reading puts it back."""
    if not is_dataclass(kind):
        return None
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
        return cast("_Reader", kind)
    if kind in (date, datetime):
        return cast("_Reader", kind.fromisoformat)
    return _same


def _same(value: Any) -> Any:
    return value


def _dataclass(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    # Made when first used: types may hold one another.
    readers: dict[str, _Reader] = {}
    # None is left out when encoding, so an optional field without a default comes back here.
    absent = {name: None for name, hint in hints.items() if type(None) in get_args(hint)}

    def read(value: dict[str, Any]) -> Any:
        if not readers:
            readers.update({name: _reader(hint) for name, hint in hints.items()})
        return kind(**{**absent, **{name: readers[name](item) for name, item in value.items()}})

    return read


def _optional(kind: Any) -> _Reader:
    inner = _reader(next(part for part in get_args(kind) if part is not type(None)))
    return lambda value: None if value is None else inner(value)


def _tuple(parts: tuple[Any, ...]) -> _Reader:
    if len(parts) == 2 and parts[1] is Ellipsis:
        every = _reader(parts[0])
        return lambda value: tuple(every(item) for item in value)
    each = [_reader(part) for part in parts]
    return lambda value: tuple(read(item) for read, item in zip(each, value, strict=True))
