"""The local cloud of a country other than Finland, in another region, with its own law and agency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.domain.client import Client
from sovinto.ids import ClientId

from infra.local.bank import BankAccount
from infra.local.demo.client_side import CLIENT_FILE
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD
from infra.settings import settings_for
from tests.support import journey_time
from tests.support.journey import Creditor, new_creditor

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Running]:
    with local_stage("de", port=0, folder=BUILD / "local-tests" / "other-country") as running:
        journey_time.begin(running)
        journey_time.office_hours(running)
        yield running


def _german_creditor(cloud: Running) -> Creditor:
    agency = json.loads(settings_for("de", "local").agency)
    creditor = new_creditor(cloud, BankAccount(agency["iban"], agency["name"], agency["bic"]))
    usual = decode(Client, CLIENT_FILE.read_text("utf-8"))
    client = replace(
        usual, client_id=ClientId(creditor.client_id), email=creditor.email, country="DE", language="de"
    )
    TableClients(DynamoTable(cloud.client("dynamodb"), cloud.table_name)).save(client)
    return creditor


def test_a_german_case_gets_its_first_letter_in_the_german_stage(cloud: Running) -> None:
    creditor = _german_creditor(cloud)
    home = {"street": "Musterweg 2", "postal_code": "10115", "city": "Berlin", "country": "DE"}

    case_id = creditor.place("DE-1", language="de", address=home)

    assert (cloud.prefix, cloud.region) == ("sovinto-de-local", "eu-central-1")
    assert creditor.case(case_id)["payment_reference"].startswith("RF")
    assert creditor.performed(case_id) == ["send_reminder"]
