"""Rules of a pack for people (lines of text) and for machines (plain tables)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sovinto.countries.words import group_name, shown, told, value_of
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.compare import Change
from sovinto.domain.law.kinds import Certainty
from sovinto.domain.law.rows import Citation, Row

SURE = {
    Certainty.STATUTE: "statute: read in the law itself",
    Certainty.SECONDARY: "secondary: read on a page that cites the law",
    Certainty.ASSUMED: "assumed: our own reading, no source says so",
}


def rule_json(row: Row) -> dict[str, Any]:
    """One rule; days are ISO, `valid_to` is the last day in force and null while open."""
    cited = row.citation
    return {
        "rule": cited.rule_id,
        "group": group_name(type(row)),
        "for": sorted(row.debtor_types),
        "value": value_of(row),
        "unit": cited.unit,
        "valid_from": cited.valid_from.isoformat(),
        "valid_to": _iso(cited.valid_to),
        "statute": cited.statute,
        "source": cited.source,
        "certainty": cited.certainty.value,
        "note": cited.note,
        "signed_off_by": cited.signed_off_by,
        "signed_off_on": _iso(cited.signed_off_on),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def rule_lines(row: Row) -> Iterator[str]:
    """A rule below the name of its group."""
    cited = row.citation
    yield f"  {cited.rule_id}, {debtors(row.debtor_types)}"
    yield f"    {value_of(row)} ({cited.unit})" if told(row) else f"    {cited.unit}"
    yield f"    {cited.statute}; source: {cited.source}; {standing(cited)}"


def standing(cited: Citation) -> str:
    """How sure the figure is, and who checked it."""
    if cited.signed_off_by is None:
        return f"{cited.certainty.value}, not signed off"
    return f"{cited.certainty.value}, signed off by {cited.signed_off_by} on {cited.signed_off_on}"


def in_full(row: Row) -> Iterator[tuple[str, str]]:
    """Everything the pack knows of one rule, by name."""
    cited = row.citation
    end = "open" if cited.valid_to is None else f"{cited.valid_to} (the last day)"
    yield "rule", cited.rule_id
    yield "group", group_name(type(row))
    yield "debtors", " and ".join(sorted(row.debtor_types))
    yield from told(row).items()
    yield "unit", cited.unit
    yield "in force", f"{cited.valid_from} to {end}"
    yield "statute", cited.statute
    yield "source", cited.source
    yield "certainty", SURE[cited.certainty]
    yield "note", cited.note or "none"
    yield "signed off", _signature(cited)


def _signature(cited: Citation) -> str:
    if cited.signed_off_by is None:
        return "by nobody yet"
    return f"by {cited.signed_off_by} on {cited.signed_off_on}"


def debtors(kinds: Iterable[DebtorType]) -> str:
    """Whom a rule is for."""
    return f"for {' and '.join(sorted(kinds))} debtors"


def change_json(change: Change) -> dict[str, Any]:
    return {
        "group": group_name(change.kind),
        "for": sorted(change.debtor_types),
        "change": kind_of(change),
        "about": [sorted(words) for words in change.about],
        "old": None if change.old is None else rule_json(change.old),
        "new": None if change.new is None else rule_json(change.new),
    }


def kind_of(change: Change) -> str:
    """begins, ends, changes; or renewed, where another row gives the same value."""
    if change.old is None:
        return "begins"
    if change.new is None:
        return "ends"
    return "renewed" if change.is_same_value else "changes"


def change_lines(change: Change) -> Iterator[str]:
    """Whom it concerns and what becomes of the value, then the rules before and after."""
    about = ", ".join(shown(words).replace("_", " ") for words in change.about)
    name = f"{group_name(change.kind)} ({about})" if about else group_name(change.kind)
    yield f"{name}, {debtors(change.debtor_types)}: {'; '.join(_what(change))}"
    if change.old is not None:
        cited = change.old.citation
        yield f"  before: {cited.rule_id}, until {cited.valid_to}, {cited.statute}, {standing(cited)}"
    if change.new is not None:
        cited = change.new.citation
        yield f"  after:  {cited.rule_id}, from {cited.valid_from}, {cited.statute}, {standing(cited)}"


def _what(change: Change) -> list[str]:
    was = {} if change.old is None else told(change.old)
    now = {} if change.new is None else told(change.new)
    kind = kind_of(change)
    if kind != "changes":
        value = "; ".join(f"{name}: {words}" for name, words in (now or was).items())
        verb = "stays as it was" if kind == "renewed" else kind
        return [f"{verb} ({value})" if value else verb]
    names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
    return [f"{name} {was.get(name, 'none')} becomes {now.get(name, 'none')}" for name in names]
