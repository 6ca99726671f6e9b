"""Five months of one client's cases, day by day, as the schedules and the debtors would have it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo import client_side
from infra.local.demo.browser import Browser
from infra.local.demo.people import People
from infra.local.running import Running
from infra.settings import settings_for

START: Final = datetime(2026, 1, 5, 7, 5, tzinfo=UTC)
"""Five past nine in Helsinki: what is due at nine is due for certain when the day is lived."""
DAYS: Final = 151
ZONE: Final = ZoneInfo("Europe/Helsinki")
ANSWER_DAYS: Final = 6

Told = Callable[[int], None]


@dataclass(slots=True)
class Story:
    """One run: the stage, the client's API, the people and their bank."""

    running: Running
    api: Browser
    people: People
    start: datetime
    sent_files: set[str] = field(default_factory=set)
    listed: list[dict[str, Any]] = field(default_factory=list)
    is_stale: bool = True

    def day(self) -> None:
        """Morning: timelines. Noon: debtors act. Evening: the bank delivers, clients are paid."""
        today = virtual_time.now(self.running).astimezone(ZONE).date()
        if virtual_time.wake_all(self.running) or self.is_stale:
            found = client_side.cases(self.api)
            self.listed = sorted(found, key=lambda case: str(case["client_reference"]))
        self.people.notice(self.listed, today)
        self.is_stale = self.people.act(today) + self._answer(today) > 0
        self._settle_provider(today)
        self._bank_day(today)
        virtual_time.live(self.running)
        self._instruct(today)

    def _answer(self, today: date) -> int:
        """The client answers disputes some days later; how many."""
        late = [
            case
            for case in self.listed
            if case["state"] == "disputed"
            and (date.fromisoformat(case["dispute"]["answer_by"]) - today).days <= ANSWER_DAYS
        ]
        upheld = {d.case_id for d in self.people.debtors.values() if d.behaviour == "dispute_upheld"}
        return client_side.answer_disputes(self.api, late, upheld)

    def _settle_provider(self, today: date) -> None:
        """The provider pays out what was paid by card, one sum, on the same evening."""
        hook = SandboxHooks(self.running)
        hook.call("POST", "/sandbox/test/settle")
        payout = hook.call("POST", "/sandbox/v1/payouts", {"currency": "EUR"})
        if payout is not None:
            hook.call("POST", "/sandbox/test/settle")
            self.people.bank.credit(
                today, payout["amount_minor"], payer="Sandbox Payments", end_to_end_id=payout["id"]
            )

    def _bank_day(self, today: date) -> None:
        if any(booking.on == today for booking in self.people.bank.bookings):
            self.running.client("s3").put_object(
                Bucket=self.running.outputs["BankBucket"],
                Key=f"inbox/{today.isoformat()}.xml",
                Body=self.people.bank.statement(today),
            )

    def _instruct(self, today: date) -> None:
        """The bank takes our payment files of today and books them tomorrow."""
        s3, bucket = self.running.client("s3"), self.running.outputs["BankBucket"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="outgoing/"):
            for item in page.get("Contents", ()):
                if item["Key"] not in self.sent_files:
                    self.sent_files.add(item["Key"])
                    order = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                    self.people.bank.execute(order, today + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class SandboxHooks:
    """The provider's own console, so to say."""

    running: Running

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """None where the provider has nothing to do (409)."""
        secret = self.running.client("secretsmanager").get_secret_value(
            SecretId=self.running.outputs["GatewaySecretArn"]
        )
        now = int(virtual_time.now(self.running).timestamp())
        request = urllib.request.Request(
            self.running.url + path,
            json.dumps(body or {}).encode(),
            {
                "Authorization": f"Bearer {json.loads(secret['SecretString'])['api_key']}",
                "Content-Type": "application/json",
                "Sandbox-Now": str(now),
            },
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            if refusal.code == 409:
                return None
            raise


def begin(running: Running, cases: Path, start: datetime = START) -> tuple[Story, dict[str, Any], str]:
    """Virtual time starts, the client signs up and uploads its file; (story, report, password)."""
    virtual_time.move(running, start)
    password = client_side.register(running)
    api = client_side.signed_in(running, password)
    report = client_side.upload(api, cases)
    agency = json.loads(settings_for("fi", "local").agency)
    bank = BankAccount(agency["iban"], agency["name"], agency["bic"])
    return Story(running, api, People(running, bank), start), report, password


def live(story: Story, told: Told) -> None:
    """All days; `told` hears how many are over."""
    for number in range(1, DAYS + 1):
        story.day()
        told(number)
        virtual_time.move(story.running, story.start + timedelta(days=number))
