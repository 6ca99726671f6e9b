"""events.md and events/*.schema.json: what the bus carries, and who acts on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docs.generate.markdown import head, joined, table
from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS

MINOR = r"^-?[0-9]+$"
COUNT = r"^[0-9]+$"
ID = r"^[a-z]{2,4}[_-][A-Za-z0-9_-]+$"
WORD = r"^[a-z][a-z0-9_]*$"
BASE = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class EventKind:
    """One type of event. `data` and `optional` map names to the pattern of their text."""

    type: str
    subject: str
    when: str
    data: Mapping[str, str]
    optional: Mapping[str, str] | None = None
    version: int = 1

    @property
    def detail_type(self) -> str:
        return f"{self.type}.v{self.version}"


_MESSAGE = {"communication_id": ID, "template": WORD}
_PARTS = {f"{name}_minor": MINOR for name in ("principal", "interest", "fee", "cost")}
KINDS = (
    EventKind("case.submitted", "case", "A client handed over a case.", {"principal_minor": COUNT}),
    EventKind("communication.planned", "case", "A letter, e-mail or SMS is to be sent.", _MESSAGE),
    EventKind("call.planned", "case", "A collector is to call the debtor.", _MESSAGE),
    EventKind(
        "case.evaluated",
        "case",
        "After the contact attempts: offer a plan, or go on.",
        {"outcome": WORD, "owed_minor": MINOR, "paid_minor": MINOR, "contacts": COUNT},
    ),
    EventKind(
        "payment.allocated",
        "case",
        "Money was used up in the order of the law; `over_minor` is to be refunded.",
        {"payment_id": ID, "over_minor": COUNT},
        _PARTS,
    ),
    EventKind(
        "payment.unallocated", "payment", "Money came in that names no case.", {"amount_minor": MINOR}
    ),
    EventKind(
        "plan.agreed", "case", "The debtor agreed to pay in instalments.", {"plan_id": ID, "count": COUNT}
    ),
    EventKind("plan.broken", "case", "An instalment was missed past its grace.", {"plan_id": ID}),
    EventKind("dispute.opened", "case", "The debtor contests; everything stops.", {"dispute_kind": WORD}),
    EventKind("dispute.settled", "case", "The client answered: upheld or rejected.", {"outcome": WORD}),
    EventKind("case.closed", "case", "The case has ended.", {"reason": WORD}),
    EventKind(
        "remittance.made",
        "client",
        "Collected money is booked to be paid to the client.",
        {"net_minor": COUNT, "remittance_id": ID},
    ),
    EventKind(
        "fee_invoice.issued", "client", "We invoiced the client.", {"gross_minor": COUNT, "number": COUNT}
    ),
)
INTRO = """Facts in the past tense on the bus `sovinto-<country>-<stage>-events`, source `sovinto`, detail
type `<type>.v<version>`. They carry ids, amounts and outcomes, never personal data. Delivery is at least
once and may be out of order; `id` is the same each time. All values of `data` are strings. A changed shape
is a new version; the samples of old ones stay in `events/samples` and stay valid.

Each is written as an outbox row in the transaction of its cause and relayed from the table's stream."""


def page() -> str:
    rows = [
        (
            f"[`{kind.detail_type}`](events/{kind.detail_type}.schema.json)",
            kind.when,
            kind.subject,
            ", ".join(
                [f"`{name}`" for name in kind.data] + [f"(`{name}`)" for name in kind.optional or {}]
            ),
            _heard_by(kind),
        )
        for kind in KINDS
    ]
    columns = ("detail type", "when", "subject", "data (optional)", "heard by")
    return joined(head("Events", "docs/generate/events.py"), INTRO, table(columns, rows))


def _heard_by(kind: EventKind) -> str:
    heard = {"send_message": MESSAGE_EVENTS, "wake_case": WAKE_EVENTS}
    return ", ".join(f"`{name}`" for name, types in heard.items() if kind.detail_type in types)


def schema(kind: EventKind) -> dict[str, Any]:
    """JSON Schema of the event's detail on the bus."""
    every = {**kind.data, **(kind.optional or {})}
    return {
        "$schema": BASE,
        "title": kind.detail_type,
        "description": kind.when,
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "type", "version", "occurred_at", "client_id", "subject", "data"],
        "properties": {
            "id": {"type": "string", "pattern": "^evt_"},
            "type": {"const": kind.type},
            "version": {"const": kind.version},
            "occurred_at": {"type": "string", "format": "date-time"},
            "client_id": {"type": "string", "description": "empty where no client is known"},
            "subject": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "id"],
                "properties": {"kind": {"const": kind.subject}, "id": {"type": "string"}},
            },
            "data": {
                "type": "object",
                "additionalProperties": False,
                "required": list(kind.data),
                "properties": {name: {"type": "string", "pattern": every[name]} for name in every},
            },
        },
    }


def schemas() -> dict[str, str]:
    return {
        f"events/{kind.detail_type}.schema.json": json.dumps(schema(kind), indent=2) + "\n"
        for kind in KINDS
    }
