"""docs/cost.md: what the life of a case uses, counted in the tests' world, at list prices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from docs.generate.markdown import joined, table
from tests.support.lives import LIVES, Life, lived

PAGE = Path(__file__).resolve().parents[1] / "cost.md"
MAX_TRANSITIONS, MAX_EUR = 60, 0.05
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """A Lambda function: memory in MB as deployed, and the seconds we reckon with, cold starts spread."""

    memory: int
    seconds: float


CALLS = {
    "front_door": Call(512, 0.5),
    "case_step": Call(512, 0.3),
    "wake_case": Call(512, 0.3),
    "relay_events": Call(256, 0.3),
    "send_message": Call(1024, 1.5),
}
# US dollars. List prices of eu-north-1 as we know them; see the page.
TRANSITION = 0.025 / 1_000
LAMBDA_CALL, LAMBDA_GB_SECOND = 0.20 / MILLION, 0.0000166667
WRITE_UNIT, READ_UNIT, STORED_GB_MONTH = 0.6556 / MILLION, 0.1311 / MILLION, 0.27
MAIL, MAIL_GB, MAIL_BYTES = 0.10 / 1_000, 0.12, 100_000
BUS_EVENT, QUEUE_REQUEST, REQUESTS_PER_MESSAGE = 1.00 / MILLION, 0.40 / MILLION, 3
PUT_OBJECT, HTTP_REQUEST = 0.0053 / 1_000, 1.11 / MILLION
LOG_GB, LOG_BYTES_PER_CALL = 0.54, 2_000
TRACE = 5.00 / MILLION
PRICES = (
    ("Step Functions, standard, per 1,000 transitions", "0.025"),
    ("Lambda x86, per million calls; per GB-second", "0.20; 0.0000166667"),
    ("DynamoDB on demand, per million write units; read units; GB-month", "0.6556; 0.1311; 0.27"),
    ("SES, per 1,000 e-mails; per GB attached (100 kB each)", "0.10; 0.12"),
    ("EventBridge, per million events of our own", "1.00"),
    ("SQS, per million requests (three a message)", "0.40"),
    ("S3, per 1,000 writes (one a letter)", "0.0053"),
    ("API Gateway HTTP, per million requests", "1.11"),
    ("CloudWatch Logs, per GB (2 kB a call)", "0.54"),
    ("X-Ray, per million traces (every call traced)", "5.00"),
)
COUNTED = (
    ("transitions", "transitions"),
    ("case_step", "`case_step`"),
    ("wake_case", "`wake_case`"),
    ("relay_events", "`relay_events`"),
    ("send_message", "`send_message`"),
    ("front_door", "pages, API, bank"),
    ("bus_events", "events"),
    ("queue_messages", "queued"),
    ("email_sent", "e-mails"),
    ("sms_sent", "SMS"),
    ("post_sent", "post"),
    ("transactions", "transactions"),
    ("write_units", "write units"),
    ("read_units", "read units"),
)
INTRO = (
    "What one case uses from the first day to the last, without postage and SMS. The counts are not "
    "estimates: a test lives through each life with the reviewed state machine, the use cases and a table "
    "that counts units by DynamoDB's rules, and fails when they change."
)
ASSUMED = (
    "Prices in US dollars, without tax and free tiers, written down on 22 November 2026 from general "
    "knowledge of the list prices of eu-north-1 (Stockholm). **They were not read from a price list on "
    "that day: check them before you rely on a sum.** A dollar is counted as a euro, which is a little too "
    "dear. Assumed, not measured: seconds per call (0.3; 0.5 at the front door; 1.5 for a message with its "
    "PDF), 100 kB per attachment, 2 kB of log per call."
)
SHARED = (
    "Not per case, and so not here: the tick every 5 minutes and the other schedules, alarms, keys, "
    "secrets, the certificate, backups. They cost the same with ten cases and with ten thousand. Money in "
    "and out (the bank's and the payment provider's fees) is not ours to count."
)
LESS = (
    "A step that is followed by a wait takes two transitions: route and the step itself, in whose state "
    "the case then sleeps ([why](adr/0021-sleep-in-the-step.md)). An event after which there is still "
    "nothing to do takes none, and neither does a day that was put off. A state that has lasted 45 days, "
    "and a fresh execution after 300 days, are counted with the rest. The dearest life is a plan of which "
    "every instalment is reminded of: two transitions each, so that some 24 would reach the target."
)


def page() -> str:
    lives = {name: lived(name) for name in LIVES}
    return joined(
        "# What the life of a case costs\n\nMade by `make docs`; do not edit.",
        INTRO,
        f"Our target: under {MAX_TRANSITIONS} transitions and EUR {MAX_EUR} for each life.",
        table(
            ("life", "days", "transitions", "EUR", "target"), (_verdict(*item) for item in lives.items())
        ),
        LESS,
        "## Counts",
        table(
            ("", *(f"({number})" for number, _ in enumerate(lives, start=1))),
            ((words, *(str(life.counts[name]) for life in lives.values())) for name, words in COUNTED),
        ),
        "The lives in the order of the table above. A transition is a state that is entered; a transaction "
        "pays two write units per kilobyte and item, and an index one more.",
        "## Prices",
        ASSUMED,
        table(("what", "USD"), PRICES),
        SHARED,
    )


def _verdict(name: str, life: Life) -> tuple[str, ...]:
    used, eur = life.counts["transitions"], price(life)
    missed = [f"{used - MAX_TRANSITIONS} transitions over"] if used >= MAX_TRANSITIONS else []
    missed += [f"EUR {eur - MAX_EUR:.4f} over"] if eur >= MAX_EUR else []
    return name, str(life.days), str(used), f"{eur:.4f}", ", ".join(missed) or "met"


def price(life: Life) -> float:
    """US dollars of everything that was counted, storage for the days it was open included."""
    used = life.counts
    calls = sum(used[name] for name in CALLS)
    computed = sum(used[name] * call.memory / 1024 * call.seconds for name, call in CALLS.items())
    stored = life.table.size / 10**9 * life.days / 30
    return (
        used["transitions"] * TRANSITION
        + calls * (LAMBDA_CALL + TRACE + LOG_BYTES_PER_CALL / 10**9 * LOG_GB)
        + computed * LAMBDA_GB_SECOND
        + used["write_units"] * WRITE_UNIT
        + used["read_units"] * READ_UNIT
        + stored * STORED_GB_MONTH
        + _messages(used)
    )


def _messages(used: Counter[str]) -> float:
    return (
        used["email_sent"] * (MAIL + MAIL_BYTES / 10**9 * MAIL_GB)
        + (used["email_sent"] + used["post_sent"]) * PUT_OBJECT
        + used["bus_events"] * BUS_EVENT
        + used["queue_messages"] * REQUESTS_PER_MESSAGE * QUEUE_REQUEST
        + used["front_door"] * HTTP_REQUEST
    )
