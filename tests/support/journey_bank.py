"""The bank of the journeys: it delivers its statements, and books the payment files it was given."""

from __future__ import annotations

from datetime import date

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo.story import SandboxHooks
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_time import today


def deliver(running: Running, bank: BankAccount) -> dict[str, int]:
    """Every statement up to today into the inbox, then the import; counts of lines of this run.

    Statements that came before come again: the books must not mind.
    """
    for day in sorted({booking.on for booking in bank.bookings if booking.on <= today(running)}):
        _put(running, day, bank.statement(day))
    counts: dict[str, int] = running.invoke("import_statement", {})
    virtual_time.until_quiet(running)
    return counts


def _put(running: Running, day: date, data: bytes) -> None:
    key = f"inbox/{day.isoformat()}.xml"
    running.client("s3").put_object(Bucket=running.outputs["BankBucket"], Key=key, Body=data)


def transfer(creditor: Creditor, case_id: str, minor: int | None = None) -> int:
    """The debtor pays by the newest letter: its reference, and its sum unless told; minor units."""
    letter = creditor.people.letter(case_id)
    amount = int(letter["total"]["minor"]) if minor is None else minor
    reference, payer = letter["payment"]["reference"], letter["debtor_name"]
    creditor.bank.credit(today(creditor.running), amount, reference, payer)
    return amount


def payment_files(running: Running) -> dict[str, bytes]:
    """key -> pain.001 of everything that we asked the bank to pay."""
    s3, bucket = running.client("s3"), running.outputs["BankBucket"]
    found = s3.list_objects_v2(Bucket=bucket, Prefix="outgoing/").get("Contents", ())
    keys = [item["Key"] for item in found]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def execute(running: Running, bank: BankAccount) -> None:
    """The bank takes each payment file once and books it today."""
    for key, data in payment_files(running).items():
        if message_of(key) not in bank.executed:
            bank.execute(data, today(running))


def message_of(key: str) -> str:
    """The message id of a payment file, which is its name."""
    return key.removeprefix("outgoing/").removesuffix(".xml")


def settle_provider(running: Running, bank: BankAccount) -> None:
    """The card provider pays out what it holds; without it a remittance could outrun the money."""
    hooks = SandboxHooks(running)
    hooks.call("POST", "/sandbox/test/settle")
    payout = hooks.call("POST", "/sandbox/v1/payouts", {"currency": "EUR"})
    if payout is not None:
        hooks.call("POST", "/sandbox/test/settle")
        amount, reference = int(payout["amount_minor"]), str(payout["id"])
        bank.credit(today(running), amount, payer="Sandbox Payments", end_to_end_id=reference)
