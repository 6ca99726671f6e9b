"""`sovinto pack`: what a lawyer asks of a country's law as data."""

from __future__ import annotations

import re

import pytest
from sovinto.countries import countries, load_pack
from sovinto.errors import InvalidInput

from tests.unit.cli.conftest import Sovinto

RULE = {"rule", "group", "for", "value", "unit", "valid_from", "valid_to", "statute", "source", "certainty",
        "note", "signed_off_by", "signed_off_on"}  # fmt: skip


def test_check_counts_the_rules_of_a_country(sovinto: Sovinto) -> None:
    done = sovinto("pack", "check", "FI", "--json")
    (found,) = done.json["countries"]

    assert done.code == 0
    assert (found["country"], found["loads"], found["rules"]) == ("FI", True, len(load_pack("FI").rows))
    assert sum(found["certainty"].values()) == found["rules"] == found["unsigned"]
    assert found["rates_missing_from"] == "2027-01-01"


def test_check_prints_a_line_for_every_country(sovinto: Sovinto) -> None:
    lines = sovinto("pack", "check").out.splitlines()

    assert [line.partition(":")[0] for line in lines] == list(countries())
    assert any(line.startswith("FI: ") and "no interest rate from 2027-01-01 on" in line for line in lines)


def test_check_is_1_when_one_does_not_load_and_still_tells_of_the_others(sovinto: Sovinto) -> None:
    done = sovinto("pack", "check", "XX", "fi")

    assert done.code == 1
    assert re.fullmatch(r"XX: does not load: .+\nFI: \d+ rules, .+\n", done.out)
    assert sovinto("pack", "check", "XX", "--json").json["countries"][0]["loads"] is False


def test_an_unsound_pack_is_told_with_its_fault(sovinto: Sovinto, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsound(country: str) -> None:
        raise InvalidInput(f"Country pack field margin.0.percent of {country}: faulty.")

    monkeypatch.setattr("sovinto.cli.packs.load_pack", unsound)

    assert sovinto("pack", "check", "FI").out.startswith("FI: does not load: Country pack field margin.0")


def test_show_groups_the_rules_in_force(sovinto: Sovinto) -> None:
    found = sovinto("pack", "show", "FI", "--on", "2025-07-01", "--json").json

    assert (found["country"], found["on"], found["debtor"]) == ("FI", "2025-07-01", None)
    (rate,) = found["rules"]["Reference rate"]
    assert set(rate) == RULE
    assert (rate["rule"], rate["value"]) == ("fi.reference_rate.2025h2", "percent: 2.5")
    assert len(found["rules"]["Margin"]) == 2


def test_show_for_one_debtor_leaves_the_others_rules_out(sovinto: Sovinto) -> None:
    shown = sovinto("pack", "show", "fi", "--on", "2025-07-01", "--debtor", "business").out

    assert "fi.margin.business" in shown
    assert "fi.margin.consumer" not in shown
    assert "Korkolaki 633/1982 4 a §" in shown
    assert "not signed off" in shown


def test_diff_names_the_rate_for_both_debtors(sovinto: Sovinto) -> None:
    arguments = ("pack", "diff", "FI", "--from", "2025-06-30", "--to", "2025-07-01")
    (change,) = sovinto(*arguments, "--json").json["changes"]
    shown = sovinto(*arguments).out

    assert (change["group"], change["change"]) == ("Reference rate", "changes")
    assert change["for"] == ["business", "consumer"]
    assert (change["old"]["value"], change["new"]["value"]) == ("percent: 3.5", "percent: 2.5")
    assert "Reference rate, for business and consumer debtors: percent 3.5 becomes 2.5" in shown
    assert "fi.reference_rate.2025h1, until 2025-06-30, Korkolaki 633/1982 12 §" in shown


def test_diff_tells_begun_ended_and_renewed_apart(sovinto: Sovinto) -> None:
    begun = sovinto("pack", "diff", "FI", "--from", "2022-04-30", "--to", "2022-05-01").out
    ended = sovinto("pack", "diff", "FI", "--from", "2026-12-31", "--to", "2027-01-01").out
    renewed = sovinto("pack", "diff", "FI", "--from", "2025-12-31", "--to", "2026-01-01").out

    assert "Fee (demand fee, agency, ordinary), for business debtors: begins" in begun
    assert "Reference rate, for business and consumer debtors: ends (percent: 2.5)" in ended
    assert "Reference rate, for business and consumer debtors: stays as it was (percent: 2.5)" in renewed


def test_diff_of_one_day_is_empty(sovinto: Sovinto) -> None:
    same = ("pack", "diff", "FI", "--from", "2025-07-01", "--to", "2025-07-01")

    assert sovinto(*same, "--json").json["changes"] == []
    assert "nothing changes" in sovinto(*same).out


def test_explain_tells_all_of_one_rule(sovinto: Sovinto) -> None:
    found = sovinto("pack", "explain", "fi.margin.business", "--json").json
    shown = sovinto("pack", "explain", "fi.margin.business").out

    assert set(found) == RULE | {"countries", "file"}
    assert (found["countries"], found["file"]) == (["FI"], "sovinto/countries/fi/interest.toml")
    for words in ("Margin", "business", "percent a year", "2022-01-01 to open", "Korkolaki 633/1982 4 a §",
                  "by nobody yet", "sovinto/countries/fi/interest.toml"):  # fmt: skip
        assert words in shown


def test_a_shared_rule_names_every_country_that_has_it(sovinto: Sovinto) -> None:
    shared = [row for row in load_pack("FR").rows if row.citation.rule_id.startswith("eu.")]
    found = sovinto("pack", "explain", shared[0].citation.rule_id, "--json").json

    assert "FR" in found["countries"]
    assert len(found["countries"]) > 1
    assert found["file"].startswith("sovinto/countries/shared/")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("explain", "fi.margin.busines"), "fi.margin.business"),
        (("explain", "nothing at all"), "in no pack"),
        (("explain", ""), "in no pack"),
        (("show", "XX"), "COUNTRY 'XX'"),
        (("show", "FI", "--debtor", "company"), "--debtor 'company'"),
        (("show", "FI", "--on", "today"), "--on 'today'"),
        (("diff", "FI", "--from", "2025-07-01"), "--to is missing"),
        (("diff", "FI", "--to", "2025-07-01"), "--from is missing"),
        (
            ("diff", "FI", "--from", "2025-07-01", "--to", "2025-06-30"),
            "--to 2025-06-30 must not lie before",
        ),
    ],
)
def test_refusals_are_one_sentence(sovinto: Sovinto, arguments: tuple[str, ...], names: str) -> None:
    refusal = sovinto("pack", *arguments).refusal

    assert names in refusal
    assert ";" in refusal
