"""Fixtures of the journeys and the browser tests; imported by both conftests."""

from __future__ import annotations

import json
from functools import cache

import pytest

import infra.local.running
from infra.local.bank import BankAccount
from infra.local.running import Running
from infra.settings import settings_for
from tests.support import journey_time
from tests.support.journey import Creditor, new_creditor
from tests.support.journey_cli import Sovinto


@cache
def _bank_of(url: str) -> BankAccount:
    """One account for one stage, however many conftests ask: the books hold one bank balance."""
    agency = json.loads(settings_for("fi", "local").agency)
    return BankAccount(agency["iban"], agency["name"], agency["bic"])


@pytest.fixture
def stage(local_cloud: Running) -> Running:
    """The deployed stage within office hours of its virtual clock."""
    journey_time.begin(local_cloud)
    journey_time.office_hours(local_cloud)
    return local_cloud


@pytest.fixture
def bank(stage: Running) -> BankAccount:
    """Our collection account."""
    return _bank_of(stage.url)


@pytest.fixture
def creditor(stage: Running, bank: BankAccount) -> Creditor:
    """A client that no other test uses."""
    return new_creditor(stage, bank)


@pytest.fixture
def sovinto(stage: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sovinto:
    """The command line, which finds the stage of the tests rather than that of `make up`."""
    monkeypatch.setattr(infra.local.running, "load", lambda: stage)
    return Sovinto(stage, capsys)
