"""A preview as a table for people and as JSON lines for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sovinto.domain.law.calendar import Calendar
from sovinto.domain.preview import Preview, Turn

HEAD = ("date", "time", "step", "by", "letter", "fee", "owed", "why that day")


def table_lines(name: str, found: Preview, calendar: Calendar) -> Iterator[str]:
    """A heading, one line for each step, and the end."""
    rows = [HEAD, *(_cells(turn, calendar) for turn in found.turns)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    yield f"{name}: what happens if nobody reacts"
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    ends_on = calendar.local_date(found.ends_at).isoformat()
    yield f"{ends_on}  {end_words(found)}"


def _cells(turn: Turn, calendar: Calendar) -> tuple[str, ...]:
    step = turn.step.value if turn.outcome == "performed" else f"{turn.step.value} ({turn.outcome})"
    return (
        turn.on.isoformat(),
        f"{calendar.local(turn.at):%H:%M}",
        step,
        turn.channel.value if turn.channel else "",
        turn.letter.value if turn.letter else "",
        turn.fee.decimal() if turn.fee else "",
        turn.owed.decimal(),
        _why(turn),
    )


def _why(turn: Turn) -> str:
    reason = "" if turn.reason in ("", "due", turn.rule.formula) else f"; {turn.reason}"
    return f"{turn.rule.statute}: {_formula(turn)}{reason}"


def _formula(turn: Turn) -> str:
    """The formula with its figures, where the rule has any; a plain wait is said in words."""
    given = dict(turn.rule.inputs)
    if turn.rule.formula == "base + days" and {"base", "days"} <= given.keys():
        return f"not before {given.get('earliest_on', turn.on)}, {given['days']} days after {given['base']}"
    inputs = ", ".join(f"{name} {value}" for name, value in turn.rule.inputs)
    return f"{turn.rule.formula} ({inputs})" if inputs else turn.rule.formula


def end_words(found: Preview) -> str:
    kind, _, rest = found.end.partition(": ")
    if kind == "horizon":
        return f"the case goes on after these days ({rest})"
    return f"stops: {rest}" if kind == "law_missing" else f"ends: {found.end}"


def json_lines(name: str, found: Preview, calendar: Calendar) -> Iterator[str]:
    """One object for each step, then one with `end`; amounts in major units, times local ISO 8601."""
    for turn in found.turns:
        yield _dumped({"case": name, **_turn_json(turn, calendar)})
    ends_on = calendar.local_date(found.ends_at).isoformat()
    yield _dumped({"case": name, "date": ends_on, "end": found.end})


def _turn_json(turn: Turn, calendar: Calendar) -> dict[str, Any]:
    return {
        "date": turn.on.isoformat(),
        "at": calendar.local(turn.at).isoformat(),
        "step": turn.step.value,
        "outcome": turn.outcome,
        "channel": turn.channel.value if turn.channel else None,
        "letter": turn.letter.value if turn.letter else None,
        "fee": turn.fee.decimal(),
        "interest": turn.interest.decimal(),
        "owed": turn.owed.decimal(),
        "currency": turn.owed.currency,
        "rule": turn.rule.rule_id,
        "statute": turn.rule.statute,
        "why": _formula(turn),
        "waited": turn.waited,
        "reason": turn.reason,
    }


def _dumped(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
