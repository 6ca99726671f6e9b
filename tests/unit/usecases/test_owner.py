"""Every case has an owner from the moment it is placed, and the client sees who."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.bootstrap import read_collectors
from sovinto.domain.agreement import Owner
from sovinto.domain.case import Case
from sovinto.domain.debtor import DebtorType
from sovinto.entry.intake import Staff, case_json

from infra.settings import settings_for
from tests.support.people import COLLECTORS
from tests.support.world import CLIENT, World


def owner_of(case: Case) -> Owner:
    assert case.owner is not None
    return case.owner


def test_a_case_is_given_to_one_who_speaks_the_debtors_language() -> None:
    world = World()
    finnish, swedish = world.place(reference="A-1"), world.place(reference="A-2", language="sv")
    assert owner_of(finnish) == Owner("col_1", CLIENT.account_manager, "language fi")
    assert owner_of(swedish).reason == "language sv"


def test_a_repeated_request_keeps_the_owner() -> None:
    world = World()
    case = world.place()
    assert world.place().owner == case.owner


@pytest.mark.parametrize("conflict", [CLIENT.client_id, CLIENT.registration_id, "0112038-9"])
def test_a_conflict_with_the_client_or_the_debtor_is_kept(conflict: str) -> None:
    world = World(collectors=(replace(COLLECTORS[0], conflicts=(conflict,)), COLLECTORS[1]))
    case = world.place(debtor_type=DebtorType.BUSINESS, registration_id="0112038-9")
    assert owner_of(case) == Owner("col_2", CLIENT.account_manager, "any of FI")


def test_without_any_collector_the_agency_answers() -> None:
    world = World(collectors=())
    assert owner_of(world.place()).collector_id == "agency"


def test_the_client_sees_names() -> None:
    case = World().place()
    shown = case_json(case, Staff(COLLECTORS, "Sovinto Oy"))["owner"]
    assert shown == {
        "collector": "Aino Aalto",
        "account_manager": "Maija Manner",
        "reason": "language fi",
    }
    assert "owner" not in case_json(replace(case, owner=None), Staff(COLLECTORS, "Sovinto Oy"))


@pytest.mark.parametrize("country", ["fi", "se", "no", "dk", "ee", "de", "nl", "gb"])
def test_the_collectors_of_every_stage_can_be_read(country: str) -> None:
    """What CDK passes is what the functions read; each has somebody of the country, who is local."""
    collectors = read_collectors(settings_for(country, "local").collectors)
    assert collectors
    assert all(country.upper() in one.countries and one.share >= 1 for one in collectors)
