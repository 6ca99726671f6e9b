"""Clients who are paid by a rhythm of their own, and what the bank takes back of their money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sovinto.domain.rhythm import Pace, Rhythm

from infra.local.bank import BankAccount
from infra.local.running import Running
from tests.support.journey import Creditor, new_creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import balances
from tests.support.journey_cli import Sovinto
from tests.support.journey_papers import fetched
from tests.support.journey_time import office_hours, today
from tests.support.power import of_a_night

pytestmark = [pytest.mark.journey, of_a_night]

WEDNESDAY = 3
LEAST = 150_00


def statements(creditor: Creditor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = creditor.api.api("GET", "/v1/documents")["documents"]
    return [one for one in found if one["kind"] == "remittance_statement"]


def amounts(creditor: Creditor) -> list[int]:
    """What was paid on so far, minor units."""
    return sorted(int(one["amount_minor"]) for one in statements(creditor))


def payable(creditor: Creditor) -> int:
    return -balances(creditor.running)[f"client:{creditor.client_id}:payable"]


def next_of(stage: Running, weekday: int) -> date:
    day = today(stage) + timedelta(days=1)
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def test_each_client_is_paid_by_its_own_rhythm(stage: Running, bank: BankAccount) -> None:
    monday = office_hours(stage, next_of(stage, 1))
    last = payday(monday + timedelta(days=4))
    weekly, monthly, threshold = (
        new_creditor(stage, bank, rhythm=rhythm)
        for rhythm in (
            Rhythm(Pace.WEEKLY, day=WEDNESDAY),
            Rhythm(Pace.MONTHLY, day=last.day),
            Rhythm(Pace.THRESHOLD, least_minor=LEAST),
        )
    )
    every = (weekly, monthly, threshold)
    for number, creditor in enumerate(every):
        transfer(creditor, creditor.place(f"RHY-{number}", "90.00", name=f"Rytmi {number} Rantanen"), 80_00)
    deliver(stage, bank)
    stage.invoke("pay_clients", {})
    assert [amounts(creditor) for creditor in every] == [[], [], []]
    transfer(threshold, threshold.place("RHY-3", "90.00", name="Rytmi 3 Rantanen"), 80_00)
    deliver(stage, bank)
    stage.invoke("pay_clients", {})
    assert [sum(amounts(creditor)) for creditor in every] == [0, 0, 160_00]
    assert amounts(threshold) == [160_00], "enough by now, in one sum"

    office_hours(stage, monday + timedelta(days=2))
    stage.invoke("pay_clients", {})
    assert [amounts(creditor) for creditor in every] == [[80_00], [], [160_00]]
    office_hours(stage, last)
    stage.invoke("pay_clients", {})
    assert [amounts(creditor) for creditor in every] == [[80_00], [80_00], [160_00]]
    assert [payable(creditor) for creditor in every] == [0, 0, 0]


def payday(day: date) -> date:
    """That day, or the first one on which every month has a payday."""
    return day if day.day <= 28 else (day + timedelta(days=4)).replace(day=1)


def test_what_the_bank_takes_back_is_netted_with_the_next_payment(
    stage: Running, bank: BankAccount, sovinto: Sovinto
) -> None:
    client = new_creditor(stage, bank, rhythm=Rhythm(Pace.WEEKLY, day=WEDNESDAY))
    first = client.place("RHY-7", "100.00", name="Tuula Takaisin")
    second = client.place("RHY-8", "300.00", name="Tuomas Takaisin")
    office_hours(stage, next_of(stage, 2))
    paid = transfer(client, first)
    deliver(stage, bank)
    office_hours(stage, next_of(stage, WEDNESDAY))
    stage.invoke("pay_clients", {})
    (before,) = amounts(client)
    assert client.case(first)["state"] == "paid"

    reference = client.people.letter(first)["payment"]["reference"]
    bank.debit(today(stage), paid, reference, "Tuula Takaisin", is_reversal=True)
    assert deliver(stage, bank)["reversed"] == 1
    assert client.case(first)["state"] == "open"
    assert payable(client) == -paid, "we paid it on: the client owes it"
    stage.invoke("pay_clients", {})
    assert amounts(client) == [before], "nothing to net it with yet"

    transfer(client, second, 250_00)
    deliver(stage, bank)
    office_hours(stage, next_of(stage, WEDNESDAY))
    stage.invoke("pay_clients", {})
    assert payable(client) == 0
    assert sum(amounts(client)) == 250_00
    newest = max(statements(client), key=lambda one: str(one["made_on"]))
    assert fetched(client, newest["document_id"], "clawed_back.pdf").startswith(b"%PDF-")
    sovinto.prove()
