"""The demo's file and the files of real systems in the conformance set."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sovinto.domain.debtor import DebtorType
from sovinto.errors import FormatRefused
from stdnum.fi import ytunnus

from infra.local.demo_cases import BAD, DUPLICATES, GOOD, ROWS, demo_cases
from infra.local.demo_people import business_id

ROOT = Path(__file__).parents[4]
DEMO = ROOT / "tests" / "data" / "demo" / "cases.csv"
INTAKE = ROOT.parent / "shared" / "conformance" / "intake"
SAMPLES = sorted(INTAKE.glob("*")) if INTAKE.is_dir() else []


@pytest.fixture
def demo(read, check):
    return check(read(DEMO.read_bytes()))


def test_the_committed_file_is_what_the_generator_writes():
    assert DEMO.read_bytes() == demo_cases()


def test_another_seed_writes_another_file():
    assert demo_cases(1) != demo_cases()


def test_every_row_is_accounted_for(demo):
    assert len(demo.rows) == ROWS == 200
    assert (len(demo.accepted), len(demo.refused), len(demo.duplicates)) == (GOOD, BAD, DUPLICATES)
    assert [row.row_number for row in demo.rows] == list(range(4, 204))
    assert demo.problems == ()


def test_each_bad_row_has_one_reason_of_its_own(demo):
    reasons = [problem.reason for row in demo.refused for problem in row.problems]
    assert len(reasons) == len(set(reasons)) == 12


def test_the_mix_of_the_demo(demo):
    placements = [row.placement for row in demo.accepted]
    kinds = Counter(placement.debtor.debtor_type for placement in placements)
    languages = Counter(placement.debtor.language for placement in placements)
    assert min(kinds[DebtorType.CONSUMER], kinds[DebtorType.BUSINESS]) > 40
    assert set(languages) == {"fi", "sv", "en"}
    assert any(placement.debtor.email is None for placement in placements)
    assert any(placement.debtor.address is None for placement in placements)
    assert any(placement.debtor.has_electronic_consent for placement in placements)
    principals = [placement.claims[0].principal.minor for placement in placements]
    assert (min(principals), max(principals)) == (1250, 980000)
    due = [placement.claims[0].due_on for placement in placements]
    assert date(2025, 8, 1) <= min(due) <= max(due) < date(2025, 12, 1)


def test_made_business_ids_have_valid_check_digits():
    bases = random.Random(7).sample(range(9_000_000, 9_990_000), 200)
    assert all(ytunnus.is_valid(business_id(base)) for base in bases)


@pytest.mark.skipif(not SAMPLES, reason="the conformance files are not beside the repository")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_real_exports_are_read_or_refused_with_a_clear_sentence(read, path):
    with pytest.raises(FormatRefused) as refusal:
        read(path.read_bytes(), path.name)
    assert "lacks the column" in refusal.value.message or "No header row" in refusal.value.message


TYPED = ("derived_fi_semicolon_bom.csv", "ibm_accounts_receivable.csv", "no_tripletex_like_open_items.csv")
COUNTS = {TYPED[0]: 200, TYPED[1]: 2466, TYPED[2]: 3}


@pytest.mark.skipif(not SAMPLES, reason="the conformance files are not beside the repository")
@pytest.mark.parametrize("name", TYPED)
def test_real_exports_are_read_once_they_say_who_owes(read, name):
    """The same rows with the columns a client would add; its country column holds area numbers."""
    text = (INTAKE / name).read_bytes().decode("utf-8-sig")
    text = text.replace("countryCode", "Area", 1).replace("Maa;", "Alue;", 1)
    delimiter = ";" if ";" in text else ","
    lines = text.splitlines()
    has_name = "Navn" in lines[0] or "Asiakas" in lines[0]
    header = ["Debtor type", *([] if has_name else ["Debtor name"]), lines[0]]
    cells = ["business", *([] if has_name else ["Aavasaaren Huolto Oy"])]
    read_again = read(
        "\n".join(delimiter.join(parts) for parts in [header, *([*cells, x] for x in lines[1:])])
    )
    assert len(read_again.rows) == COUNTS[name]
    assert len(read_again.accepted) == COUNTS[name]
