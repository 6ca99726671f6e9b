"""Answers of the desk as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sovinto.domain.money import Money

Json = dict[str, Any]


def case_lines(case: Json) -> Iterator[str]:
    """What stands, then every step, then what somebody did or is asked."""
    currency = case["principal"]["currency"]
    yield from _table(_head(case, currency))
    yield from _part("steps", ("on", "step", "outcome", "reason"), case["steps"])
    yield from _part("holds", ("hold_id", "reason", "from_on", "last_on", "is_active"), case["holds"])
    yield from _part("questions", ("approval_id", "kind", "expires_on", "outcome"), case["approvals"])
    yield from _part("calls", ("communication_id", "outcome", "at", "by"), case["calls"])
    yield from _part(
        "co-debtors", ("party_id", "liability", "name", "is_released"), case.get("co_debtors", [])
    )
    yield from _plan(case.get("plan"), currency)
    yield from _plan(case.get("proposed_plan"), currency)


def _head(case: Json, currency: str) -> Iterator[tuple[str, str]]:
    yield "case", case["case_id"]
    yield "state", case["state"]
    yield "debtor", f"{case['debtor']['name']} ({case['debtor']['type']}, {case['debtor']['language']})"
    yield "reference", f"{case['payment_reference']} ({case['client_reference']})"
    for name, minor in case["balance_minor"].items():
        yield name, _amount(minor, currency)
    if owner := case.get("owner"):
        yield "owner", owner["collector"]
    if dispute := case.get("dispute"):
        answered = dispute["outcome"] or f"to be answered by {dispute['answer_by']}"
        yield "dispute", f"{dispute['kind']}, {answered}: {' '.join(dispute['text'].split()) or 'no words'}"
    if promise := case.get("promise"):
        yield "promised by", promise["by_on"]
    if case["open_calls"]:
        yield "to call", ", ".join(case["open_calls"])


def call_lines(calls: Sequence[Json]) -> Iterator[str]:
    """A line for each, with its first allowed hours."""
    rows = [("case", "call", "debtor", "phone", "language", "owed", "hours")]
    for call in calls:
        hours = call["hours"][0] if call["hours"] else "none this week"
        names = ("case_id", "communication_id", "debtor", "phone", "language")
        rows.append((*(call[name] for name in names), call["script"].get("owed_total", ""), hours))
    yield from _table(rows) if calls else ("nobody is to be called",)


def load_lines(loads: Sequence[Json]) -> Iterator[str]:
    """Each owner with their open cases; whoever is no collector any more is named as such."""
    rows = [("owner", "name", "share", "open cases", "")]
    for load in loads:
        told = "" if load["is_known"] else "has left; give their cases away: sovinto case release-collector"
        rows.append((load["owner"], load["name"], _cell(load["share"]), str(load["open_cases"]), told))
    yield from _table(rows)


def result_lines(answer: Json) -> Iterator[str]:
    """A hold, a plan or a question that came of it."""
    if "plan" in answer:
        yield from _plan(answer["plan"], "")
        return
    found = answer.get("hold") or answer.get("approval") or {}
    yield from _table((name, _cell(value)) for name, value in found.items())


def _plan(plan: Json | None, currency: str) -> Iterator[str]:
    if plan is None:
        return
    yield ""
    yield f"plan {plan['plan_id']} ({plan['status']})"
    yield from _table(
        (str(item["number"]), item["due_on"], _amount(item["amount_minor"], currency))
        for item in plan["instalments"]
    )


def _part(title: str, columns: Sequence[str], rows: Sequence[Json]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        yield from _table([tuple(columns), *(tuple(_cell(row[name]) for name in columns) for row in rows)])


def _amount(minor: int, currency: str) -> str:
    """Minor units as they are where the answer names no currency."""
    return f"{Money(minor, currency).decimal()} {currency}" if currency else f"{minor} (minor units)"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    kept = list(rows)
    widths = [max(len(row[column]) for row in kept) for column in range(len(kept[0]))] if kept else []
    for row in kept:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
