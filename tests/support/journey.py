"""One client of its own for each journey: registered, signed in, placing cases and reading its mail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.domain.client import Client
from sovinto.ids import ClientId

from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo.browser import Browser
from infra.local.demo.client_side import CLIENT_FILE
from infra.local.demo.people import People
from infra.local.outbox.sent import Sent
from infra.local.outbox.sources import Sources
from infra.local.running import Running
from tests.support.journey_time import today

OVERDUE_DAYS = 40
HEADER = (
    "Viite;Velallistyyppi;Nimi;Katuosoite;Postinumero;Postitoimipaikka;"
    "Sähköposti;Laskun numero;Eräpäivä;Pääoma\n"
)
"""Of the case files that the tests write."""


@dataclass(frozen=True, slots=True)
class Creditor:
    """`email` is the user's name too; `people` are its debtors, who can read their letters."""

    running: Running
    client_id: str
    email: str
    password: str
    token: str
    people: People

    @property
    def api(self) -> Browser:
        """The client's computer, with the token that proves who asks."""
        return self._browser()

    @property
    def bank(self) -> BankAccount:
        return self.people.bank

    def place(self, reference: str, principal: str = "150.00", **debtor: Any) -> str:
        """One overdue consumer invoice by the API; the case's id, once its first step is done."""
        case_id = self.hand_over(case_body(reference, principal, today(self.running), **debtor))
        virtual_time.until_quiet(self.running)
        return case_id

    def hand_over(self, body: dict[str, Any]) -> str:
        """By the API; what comes of it is not waited for."""
        once = self._browser({"Idempotency-Key": secrets.token_hex(8)})
        return str(once.api("POST", "/v1/cases", body)["case_id"])

    def case(self, case_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.api("GET", f"/v1/cases/{case_id}")
        return found

    def performed(self, case_id: str) -> list[str]:
        """Names of the steps done, in order."""
        steps = self.case(case_id)["steps"]
        return [str(step["step"]) for step in steps if step["outcome"] == "performed"]

    def _browser(self, headers: dict[str, str] | None = None) -> Browser:
        return Browser(self.running.url, {"Authorization": f"Bearer {self.token}", **(headers or {})})


def case_body(reference: str, principal: str, on: date, **debtor: Any) -> dict[str, Any]:
    """What POST /v1/cases takes; invented people only, another one in each case: contacts are counted
    by person over all cases of a stage."""
    usual = {
        "name": "Aino Esimerkki",
        "type": "consumer",
        "language": "fi",
        "email": f"{reference.lower()}@asiakas.example",
        "phone": "+358400000001",
        "electronic_consent": True,
        "address": {
            "street": f"Koekuja {secrets.randbelow(10**9)}",
            "postal_code": "00100",
            "city": "Helsinki",
            "country": "FI",
        },
    }
    claim = {
        "invoice_number": f"L-{reference}",
        "due_on": (on - timedelta(days=OVERDUE_DAYS)).isoformat(),
        "principal": principal,
        "text": "Kuukausimaksu",
    }
    return {"client_reference": reference, "currency": "EUR", "debtor": usual | debtor, "claims": [claim]}


def new_creditor(running: Running, bank: BankAccount, **agreed: Any) -> Creditor:
    """A client that nobody else uses, with a user of the pool who may act for it; `agreed` are fields of
    the client that differ from the usual."""
    mark = secrets.token_hex(5)
    usual = decode(Client, CLIENT_FILE.read_text("utf-8"))
    client = replace(usual, client_id=ClientId(f"cli_{mark}"), email=f"{mark}@velkoja.example", **agreed)
    table = DynamoTable(running.client("dynamodb"), running.table_name)
    TableClients(table).save(client)
    password = secrets.token_urlsafe(12) + "aA1!"
    token = _signed_up(running, client.email, password, client.client_id)
    return Creditor(running, client.client_id, client.email, password, token, People(running, bank))


def _signed_up(running: Running, user: str, password: str, client_id: str) -> str:
    cognito, pool = running.client("cognito-idp"), running.outputs["UserPoolId"]
    attributes = [{"Name": "custom:client_id", "Value": client_id}]
    cognito.admin_create_user(
        UserPoolId=pool, Username=user, MessageAction="SUPPRESS", UserAttributes=attributes
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=password, Permanent=True)
    answer = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=running.outputs["UserPoolClientId"],
        AuthParameters={"USERNAME": user, "PASSWORD": password},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def mail_to(running: Running, recipient: str, channel: str = "email") -> list[Sent]:
    """Everything the outbox has for one e-mail address or phone number, newest first."""
    sources = Sources(
        running.endpoint_url, running.outputs["DocumentBucket"], running.session(), lambda _: None
    )
    return [
        sent for sent in sources.everything() if sent.channel == channel and recipient in sent.recipient
    ]
