"""The client of the demo: a user of the pool, who uploads a file, follows cases and answers disputes."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from infra.local.demo.browser import Browser
from infra.local.running import Running
from infra.paths import ROOT

CLIENT_FILE = ROOT / "tests" / "data" / "demo" / "client.json"
CLIENT_ID = "cli_demo"
USER = "demo@pohjolan.example"
POLLS = 480


def register(running: Running) -> str:
    """The client's record, and a user who may act for it; returns the user's password."""
    subprocess.run(
        [sys.executable, "-m", "sovinto.cli", "client", "add", str(CLIENT_FILE)],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    password = secrets.token_urlsafe(12) + "aA1!"
    pool = {"UserPoolId": running.outputs["UserPoolId"], "Username": USER}
    cognito = running.client("cognito-idp")
    cognito.admin_create_user(
        **pool, MessageAction="SUPPRESS", UserAttributes=[{"Name": "custom:client_id", "Value": CLIENT_ID}]
    )
    cognito.admin_set_user_password(**pool, Password=password, Permanent=True)
    return password


def signed_in(running: Running, password: str) -> Browser:
    """The client's API, with the token that proves who asks."""
    answer = running.client("cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=running.outputs["UserPoolClientId"],
        AuthParameters={"USERNAME": USER, "PASSWORD": password},
    )
    token = answer["AuthenticationResult"]["IdToken"]
    return Browser(running.url, {"Authorization": f"Bearer {token}"})


def upload(api: Browser, path: Path) -> dict[str, Any]:
    """By the pre-signed link, then wait for the report."""
    data = path.read_bytes()
    link = api.api("POST", "/v1/uploads", {"file_name": path.name, "size": len(data)})
    request = urllib.request.Request(link["url"], data, headers=link["headers"], method="PUT")
    with urllib.request.urlopen(request, timeout=60):
        pass
    for _ in range(POLLS):
        report: dict[str, Any] = api.api("GET", link["report"])
        if report["state"] != "waiting":
            return report
        time.sleep(0.25)
    raise RuntimeError("no report came for the uploaded file")


def cases(api: Browser) -> list[dict[str, Any]]:
    """Every case of the client, in order of their ids."""
    found: list[dict[str, Any]] = []
    path = "/v1/cases"
    while True:
        page = api.api("GET", path)
        found += page["cases"]
        if page["after"] is None:
            return found
        path = f"/v1/cases?after={page['after']}"


def answer_disputes(api: Browser, listed: list[dict[str, Any]], upheld: set[str]) -> int:
    """Every open dispute gets its answer; returns how many."""
    open_ones = [case for case in listed if case["state"] == "disputed"]
    for case in open_ones:
        outcome = "upheld" if case["case_id"] in upheld else "rejected"
        api.api("POST", f"/v1/cases/{case['case_id']}/dispute", {"outcome": outcome})
    return len(open_ones)
