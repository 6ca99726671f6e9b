"""The `[[collectors]]` of an agency's file: who cases are given to, checked before they are deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sovinto.errors import InvalidInput

MOST_SHARE: Final = 100
_TEXTS: Final = ("collector_id", "name")
_LISTS: Final = ("countries", "languages")
_RIGHTS: Final = ("may_publish", "may_release")
_OPTIONAL: Final = ("share", "conflicts", *_RIGHTS)


def read_collectors(given: object, file: str) -> list[dict[str, object]]:
    """Each as it goes into the setting COLLECTORS, in the order of the file; the first is the lead.

    Raises InvalidInput that names the file, the collector and what to mend.
    """
    if not isinstance(given, list) or not given:
        raise InvalidInput(
            f"{file} lacks collectors: add at least one [[collectors]] table, as in infra/agencies/fi.toml",
            field="collectors",
        )
    problems = [text for at, one in enumerate(given, 1) for text in _problems(one, at)]
    ids = [one.get("collector_id") for one in given]
    problems += [f"{name} stands twice" for name in sorted({str(i) for i in ids if ids.count(i) > 1})]
    if problems:
        raise InvalidInput(
            f"collectors of {file} must be mended: {'; '.join(problems)}", field="collectors"
        )
    return [dict(one) for one in given]


def _problems(one: dict[str, Any], at: int) -> Iterator[str]:
    name = one.get("collector_id") or f"number {at}"
    for field in _TEXTS:
        if not isinstance(one.get(field), str) or not one[field].strip():
            yield f"{name} lacks {field}, a text"
    for field in _LISTS:
        if not _is_texts(one.get(field)) or not one[field]:
            yield f"{name} lacks {field}, a list of two-letter codes"
    if not _is_texts(one.get("conflicts", [])):
        yield f"conflicts of {name} must be a list of registration ids or client ids"
    share = one.get("share", 1)
    if type(share) is not int or not 1 <= share <= MOST_SHARE:
        yield f"share of {name} must be a whole number from 1 to {MOST_SHARE}"
    yield from _other_problems(one, str(name))


def _other_problems(one: dict[str, Any], name: str) -> Iterator[str]:
    for right in _RIGHTS:
        if type(one.get(right, False)) is not bool:
            yield f"{right} of {name} must be true or false"
    unknown = sorted(set(one) - {*_TEXTS, *_LISTS, *_OPTIONAL})
    if unknown:
        yield f"{name} has unknown fields {', '.join(unknown)}: leave them out"


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
