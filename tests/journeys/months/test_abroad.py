"""A Swedish stage: a Bankgiro file pays its cases, the account shows one sum, crowns are paid on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sovinto.domain.debtor import Address
from sovinto.domain.money import Money

import infra.local.running
from infra.local import virtual_time
from infra.local.bank import BankAccount, read_transfers
from infra.local.demo.browser import Browser
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD
from infra.settings import settings_for
from tests.support import journey_time
from tests.support.journey import Creditor, case_body, new_creditor
from tests.support.journey_bank import payment_files
from tests.support.journey_books import balances, settled
from tests.support.journey_cli import Sovinto, agency_of
from tests.support.power import of_a_night
from tests.support.statements import camt053, itemised
from tests.unit.formats.statement import test_bgmax as bgmax
from tests.unit.formats.statement.published_files import lines

pytestmark = [pytest.mark.journey, of_a_night]

AGENCY = json.loads(settings_for("se", "local").agency)
PAYOUT = "SE4550000000058398257466"
HOME = Address("Storgatan 1", "90326", "Umeå", "SE")


@pytest.fixture
def sweden() -> Iterator[Running]:
    """With a bankgiro of its collection account."""
    with local_stage("se", port=0, folder=BUILD / "local-tests" / "sweden") as running:
        journey_time.begin(running)
        accounts = json.dumps([{"iban": AGENCY["iban"], "known_as": ["991-2346"]}])
        with agency_of(running, accounts=accounts):
            yield running


@pytest.fixture
def client(sweden: Running) -> Creditor:
    bank = BankAccount(AGENCY["iban"], AGENCY["name"], AGENCY["bic"], "SEK")
    crowns: dict[str, Any] = {
        "currency": "SEK",
        "setup_fee": Money(100_00, "SEK"),
        "iban": PAYOUT,
        "bic": "",
    }
    return new_creditor(
        sweden,
        bank,
        name="Nordljus AB",
        registration_id="556016-0680",
        country="SE",
        address=HOME,
        **crowns,
    )


def place(client: Creditor, reference: str, name: str) -> str:
    street = f"Provgatan {secrets.randbelow(10**6)}"
    address = {"street": street, "postal_code": "90326", "city": "Umeå", "country": "SE"}
    debtor: dict[str, Any] = {"name": name, "language": "sv", "phone": "+46700000001", "address": address}
    body = case_body(reference, "500.00", journey_time.today(client.running), **debtor)
    headers = {"Authorization": f"Bearer {client.token}", "Idempotency-Key": secrets.token_hex(8)}
    asked = Browser(client.running.url, headers).api("POST", "/v1/cases", body | {"currency": "SEK"})
    virtual_time.until_quiet(client.running)
    return str(asked["case_id"])


def deposit(day: date, *paid: tuple[int, str, str]) -> bytes:
    """BgMax: minor units, reference and payer; one sum on the account."""
    rows = [
        row
        for minor, reference, payer in paid
        for row in (bgmax.payment(reference, minor, sender="0" * 10), f"26{payer}")
    ]
    end = bgmax.closing(sum(minor for minor, *_ in paid), len(paid), day=f"{day:%Y%m%d}")
    return lines(bgmax.OPEN, bgmax.BEGIN, *rows, end, bgmax.FINAL.format(len(paid), 0, 0, 1))


def put(stage: Running, name: str, data: bytes) -> dict[str, int]:
    stage.client("s3").put_object(Bucket=stage.outputs["BankBucket"], Key=f"inbox/{name}", Body=data)
    return {key: count for key, count in stage.invoke("import_statement", {}).items() if count}


def test_a_bankgiro_file_is_paid_on_in_crowns(
    sweden: Running,
    client: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(infra.local.running, "load", lambda: sweden)
    cases = [place(client, f"BG-{n}", name) for n, name in enumerate(("Sven Svärd", "Stina Svärd"))]
    letters = [client.people.letter(case_id) for case_id in cases]
    paid = [
        (int(letter["total"]["minor"]), str(letter["payment"]["reference"]), str(letter["debtor_name"]))
        for letter in letters
    ]
    day, total = journey_time.today(sweden), sum(minor for minor, *_ in paid)

    assert put(sweden, "giro.txt", deposit(day, *paid)) == {"files": 1, "matched": 2}
    told = camt053(itemised(total, on=day), change=total, iban=AGENCY["iban"], opening=0)
    statement = told.replace(b'"EUR"', b'"SEK"').replace(b"<Ccy>EUR", b"<Ccy>SEK")
    assert put(sweden, "day.xml", statement) == {"files": 1, "transfers": 1}
    virtual_time.until_quiet(sweden)
    assert [client.case(case_id)["state"] for case_id in cases] == ["paid", "paid"]
    assert [settled(sweden, case_id) for case_id in cases] == [minor for minor, *_ in paid]

    assert sweden.invoke("pay_clients", {})["remittances"] == 1
    (file,) = payment_files(sweden).values()
    (transfer,) = read_transfers(file)
    assert (transfer.currency, transfer.creditor_iban) == ("SEK", PAYOUT)
    assert balances(sweden)["bank:details"] == 0
    assert "SEK\n  bank " in Sovinto(sweden, capsys).prove()
