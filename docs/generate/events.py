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
OWNER = r"^[A-Za-z0-9_-]+$"
WORDS = r"^([a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*)?$"
SPOKEN = r"^[^\s,]+$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
IDS = r"^[a-z]{2,4}_[A-Za-z0-9_-]+(,[a-z]{2,4}_[A-Za-z0-9_-]+)*$"
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
        "call.recorded",
        "case",
        "A collector called; what came of it.",
        {"communication_id": ID, "outcome": WORD},
    ),
    EventKind(
        "case.reassigned",
        "case",
        "The case has another owner; `owner_before` is none where it had none.",
        {"owner_before": OWNER, "owner": OWNER, "reason": WORD, "reassigned_by": ID},
    ),
    EventKind(
        "case.evaluated",
        "case",
        "After the contact attempts: what is asked for next, by which rule; `alternatives` fitted as well.",
        {"outcome": WORD, "owed_minor": MINOR, "paid_minor": MINOR, "contacts": COUNT},
        {
            "rule": WORD,
            "alternatives": WORDS,
            "answers": COUNT,
            "words_broken": COUNT,
            "position": WORD,
            "decided_by": WORD,
        },
    ),
    EventKind(
        "approval.asked",
        "case",
        "Somebody has to say yes first: the client, or to a publication a person of the agency.",
        {"approval_id": ID, "approval_kind": WORD, "about": SPOKEN},
        {"reason": WORD},
    ),
    EventKind(
        "approval.answered",
        "case",
        "The one who was asked said yes or no.",
        {"approval_id": ID, "approval_kind": WORD, "outcome": WORD},
    ),
    EventKind(
        "approval.expired",
        "case",
        "Nobody answered in time; what was asked for is not done.",
        {"approval_id": ID, "about": SPOKEN},
    ),
    EventKind(
        "financials.recorded",
        "case",
        "Figures on the debtor came in; an evaluation that was made is made anew.",
        {"as_of": DAY, "recorded_by": ID},
    ),
    EventKind(
        "tratta.published",
        "case",
        "A protest was not paid and may be public, by the named approver. No register is told yet.",
        {"approval_id": ID, "approved_by": ID, "owed_minor": COUNT},
    ),
    EventKind(
        "case.handed_to_legal",
        "case",
        "Amicable collection ended with the country's legal step, which the client approved.",
        {"legal_step": SPOKEN, "rule_id": SPOKEN},
    ),
    EventKind(
        "payment.allocated",
        "case",
        "Money was used up in the order of the law; `over_minor` is to be refunded. The sum of all is the"
        " money that came: a surplus that pays after a reversal leaves `over_minor` (below zero).",
        {"payment_id": ID, "over_minor": MINOR},
        _PARTS,
    ),
    EventKind(
        "payment.reversed",
        "case",
        "Money went back, surplus first; `outcome`: the case is open, reopened, or stays_closed.",
        {"payment_id": ID, "reason": WORD, "outcome": WORD, "amount_minor": COUNT, "over_minor": COUNT},
        _PARTS,
    ),
    EventKind(
        "payout.held",
        "payout",
        "A provider's payout cannot be explained; its money waits. Told once for each reason.",
        {"provider": WORD, "currency": r"^[A-Z]{3}$"},
        {"amount_minor": MINOR},
    ),
    EventKind(
        "bank_file.held",
        "bank_file",
        "Nothing of a bank file is posted; `codes` say why. It waits for people (`sovinto held`).",
        {"codes": WORDS, "format": OWNER},
    ),
    EventKind(
        "bank_file.decided",
        "bank_file",
        "Somebody has a held file read again, asks for its release, releases or rejects it.",
        {"codes": WORDS, "outcome": WORD, "by": OWNER},
        {"asked_by": OWNER},
    ),
    EventKind(
        "suspense.settled",
        "payment",
        "Money whose owner was unknown is posted to a case, split for several, taken back, or explained.",
        {"outcome": WORD, "by": OWNER, "amount_minor": MINOR, "currency": r"^[A-Z]{3}$"},
        {"case_id": ID},
    ),
    EventKind(
        "payment.unallocated", "payment", "Money came in that names no case.", {"amount_minor": MINOR}
    ),
    EventKind(
        "plan.agreed", "case", "The debtor agreed to pay in instalments.", {"plan_id": ID, "count": COUNT}
    ),
    EventKind(
        "plan.proposed",
        "case",
        "The client offers the debtor instalments; the debtor may take them up.",
        {"plan_id": ID, "count": COUNT},
    ),
    EventKind("plan.broken", "case", "An instalment was missed past its grace.", {"plan_id": ID}),
    EventKind("dispute.opened", "case", "The debtor contests; everything stops.", {"dispute_kind": WORD}),
    EventKind("dispute.settled", "case", "The client answered: upheld or rejected.", {"outcome": WORD}),
    EventKind(
        "dispute.answer_late",
        "case",
        "The client did not answer a dispute in time; it was reminded, once. Nothing resumes.",
        {"answer_by": DAY},
        {"collector_id": ID},
    ),
    EventKind("case.closed", "case", "The case has ended.", {"reason": WORD}),
    EventKind(
        "case.stopped",
        "case",
        "Somebody ended it: bankruptcy, death, a minor, a withdrawal.",
        {"reason": WORD},
    ),
    EventKind(
        "hold.placed",
        "case",
        "Everything stands still, why is not told; `until` is the last day, where one is known.",
        {"hold_id": ID, "from_on": DAY},
        {"until": DAY},
    ),
    EventKind(
        "hold.breached",
        "case",
        "The hold began before it was placed, and the debtor had been contacted inside.",
        {"hold_id": ID, "communication_ids": IDS, "count": COUNT},
    ),
    EventKind(
        "debtor.contacts_updated",
        "case",
        "Somebody replaced details of the debtor; which ones, not what they are.",
        {"details": WORDS, "updated_by": ID},
    ),
    EventKind(
        "debtor.replaced",
        "case",
        "Something happened to the debtor; a joint debtor has taken their place and owes the whole.",
        {"party_id": ID, "reason": WORD, "by": ID},
    ),
    EventKind("hold.released", "case", "Somebody ended a hold.", {"hold_id": ID}),
    EventKind("hold.ended", "case", "The last day of one or more holds has passed.", {"hold_ids": IDS}),
    EventKind("claim.credited", "case", "The client gave a credit note.", {"amount_minor": COUNT}),
    EventKind(
        "payment.reported",
        "case",
        "The debtor paid the client; it was used up in the order of the law.",
        {"payment_id": ID},
        _PARTS,
    ),
    EventKind(
        "case.message_received",
        "case",
        "The client wrote to the handler; the text is on the case, for the desk.",
        {"message_id": ID},
    ),
    EventKind(
        "copy.withheld",
        "case",
        "A co-debtor gets no copy of a letter; `check` says which check of the permit failed.",
        {"party_id": ID, "template": WORD, "check": WORD},
    ),
    EventKind(
        "party.released",
        "case",
        "A co-debtor is out of the case; the others owe the debt.",
        {"party_id": ID, "liability": WORD, "by": ID},
    ),
    EventKind(
        "remittance.made",
        "client",
        "Collected money is booked to be paid to the client.",
        {"net_minor": COUNT, "remittance_id": ID},
    ),
    EventKind(
        "remittance.rejected",
        "client",
        "The bank did not pay it, it came back, or a person withdrew it: it is owed to the client again.",
        {"net_minor": COUNT, "reason": SPOKEN, "remittance_id": ID},
    ),
    EventKind(
        "payment_batch.released",
        "payment_batch",
        "A second person released payment orders, or the books did within the limit; one file follows.",
        {"control_sum_minor": COUNT, "currency": SPOKEN, "orders": COUNT, "released_by": OWNER},
    ),
    EventKind(
        "payment.return_ordered",
        "payment",
        "Money whose owner nobody found is to go back to its sender.",
        {"amount_minor": COUNT, "order_id": ID},
    ),
    EventKind(
        "refund.owed",
        "case",
        "Somebody paid too much; it goes back by `due_on`.",
        {"amount_minor": COUNT, "due_on": DAY},
    ),
    EventKind(
        "refund.ordered",
        "case",
        "What was paid too much is to go back to who paid it.",
        {"amount_minor": COUNT, "order_id": ID, "payment_id": OWNER},
    ),
    EventKind(
        "refund.paid",
        "case",
        "The refund has left our account.",
        {"amount_minor": COUNT, "order_id": ID, "outcome": SPOKEN},
    ),
    EventKind(
        "refund.came_back",
        "case",
        "The refund was refused, withdrawn or sent back; it waits again.",
        {"amount_minor": COUNT, "order_id": ID, "outcome": SPOKEN},
    ),
    *(
        EventKind(
            f"{what}.stopped",
            subject,
            f"The {what} came back several times in a row; it waits for people (`sovinto orders`).",
            {"order_id": ID, "tries": COUNT},
        )
        for what, subject in (("refund", "case"), ("remittance", "client"))
    ),
    *(
        EventKind(f"payout_account.{what}", "client", when, {"change_id": ID, "effective_on": DAY})
        for what, when in (
            ("asked", "A client asked for its money on another account; its old contact is told at once."),
            ("changed", "The new account is good: money goes there from now on."),
            ("stopped", "The change of the account does not happen."),
        )
    ),
    EventKind(
        "fee_invoice.issued", "client", "We invoiced the client.", {"gross_minor": COUNT, "number": COUNT}
    ),
    EventKind(
        "fee_invoice.credited",
        "client",
        "A credit note takes back all or part of our invoice `credits`.",
        {"gross_minor": COUNT, "number": COUNT, "credits": COUNT},
    ),
    EventKind(
        "fee_invoice.paid",
        "client",
        "The client paid our invoice; `over_minor` is more than it had left, and waits in suspense.",
        {"number": COUNT, "paid_minor": COUNT, "left_minor": COUNT, "over_minor": COUNT},
    ),
    EventKind(
        "fee_invoice.reminded",
        "client",
        "The client was reminded of our unpaid invoice by e-mail.",
        {"number": COUNT, "left_minor": COUNT, "reminders": COUNT},
    ),
    EventKind(
        "fee_invoice.overdue",
        "client",
        "Reminders did not help: the account manager calls the client.",
        {"number": COUNT, "left_minor": COUNT, "reminders": COUNT},
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
