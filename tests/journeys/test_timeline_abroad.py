"""Another country's stage: its law of interest, its breathing space, its court behind the client's yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sovinto.countries import load_calendar
from sovinto.domain.money import Money

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD
from tests.support.journey import Creditor, case_body, mail_to, new_creditor
from tests.support.journey_books import bodies
from tests.support.journey_desk import events, place_under
from tests.support.journey_pages import ClientPages
from tests.support.power import of_a_night

pytestmark = [pytest.mark.journey, of_a_night]

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
DAYS = 60


@pytest.fixture
def british() -> Iterator[Creditor]:
    """A client of a British stage."""
    with local_stage("gb", port=0, folder=BUILD / "local-tests" / "abroad") as running:
        virtual_time.move(running, START)
        agreed = {"country": "GB", "currency": "GBP", "setup_fee": Money.zero("GBP")}
        yield new_creditor(running, BankAccount("", "", ""), **agreed)


def test_a_breathing_space_and_a_county_court(british: Creditor) -> None:
    stage, pages = british.running, ClientPages(british)
    held = place_under(british, "gb_business_v2", firm("ABR-1", "Held Sample Ltd"))
    sued = place_under(british, "gb_business_v2", firm("ABR-2", "Sued Sample Ltd"))
    go_to(stage, START.date() + timedelta(days=18))
    before = british.case(held)["balance_minor"]

    # An adviser tells of a breathing space that began twelve days ago.
    since = today(stage) - timedelta(days=11)
    hold = desk(stage, "place_hold", case_id=held, reason="moratorium", from_on=since.isoformat())["hold"]
    assert hold["stops_interest"]
    assert len(hold["breaches"]) == 2, "a text message and the demand"
    taken = before["interest"] - british.case(held)["balance_minor"]["interest"]
    # GBP 3,000 at 12.25 per cent for twelve days, to a penny of rounding.
    assert abs(taken - 1_208) <= 1
    assert {"hold.placed", "hold.breached"} <= set(events(stage, held))
    assert [e["lines"][0]["amount"]["minor"] for e in accrued(stage, held)][-1] == -taken

    while not british.case(sued).get("approvals"):
        assert (today(stage) - START.date()).days < DAYS
        go_to(stage, today(stage) + timedelta(days=6))
    [question] = british.case(sued)["approvals"]
    assert (question["kind"], question["about"]) == ("legal_step", "county_court_claim")
    assert "Claim in the County Court" in mail_to(stage, british.email)[0].text
    page = pages.case(sued)
    assert "May we take the legal step?" in page
    assert "the law allows the step" in page
    told = {"approval_id": question["approval_id"], "outcome": "approve"}
    assert pages.send(sued, "approval", **told)[0] == 303
    assert pages.send(sued, "approval", **told | {"outcome": "decline"})[0] == 409, "it counts once"

    assert british.case(sued)["state"] == "handed_to_legal"
    assert "Legal step" in pages.case(sued)
    assert british.case(held)["state"] == "held"
    assert british.performed(held)[-1] == "send_demand"


def firm(reference: str, name: str) -> dict[str, Any]:
    address = {"street": f"{reference} Sample Road", "postal_code": "SW1A 1AA", "city": "London"}
    debtor = {"language": "en", "phone": "+447700900111", "address": address | {"country": "GB"}}
    body = case_body(reference, "3000.00", START.date(), type="business", name=name, **debtor)
    return body | {"currency": "GBP"}


def desk(stage: Running, action: str, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = stage.invoke("desk", {"action": action, "by": "col_gb_1", **given})
    virtual_time.until_quiet(stage)
    assert answer["outcome"] == "done", answer
    return answer


def today(stage: Running) -> date:
    return virtual_time.now(stage).astimezone(ZONE).date()


def go_to(stage: Running, on: date) -> None:
    day = load_calendar("GB").next_banking_day(on)
    virtual_time.move(stage, datetime(day.year, day.month, day.day, 10, tzinfo=ZONE).astimezone(UTC))
    virtual_time.wake_all(stage)


def accrued(stage: Running, case_id: str) -> list[dict[str, Any]]:
    entries = bodies(stage, f"CASE#{case_id}", "ENTRY#")
    found = [entry for entry in entries if entry["kind"] == "interest_accrued"]
    return sorted(found, key=lambda entry: str(entry["posted_at"]))
