from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.pain001 import VERSIONS, Transfer, write_pain001
from sovinto.formats.sepa_text import to_sepa_id, to_sepa_text

from infra.local.bank_orders import read_transfers

SCHEMAS = Path(sepaxml.__file__).parent / "schemas"
PUBLISHED = Path(__file__).parents[3] / "../shared/conformance/bank"
FIRST = Transfer(
    "rem_1", Money(13147, "EUR"), "Ääkkönen & Pojat Oy", "FI2112345600000785", "NDEAFIHH", "Tilitys 1"
)
SECOND = Transfer("rem_2", Money(1, "EUR"), "Łódź s.c.", "DE89370400440532013000", "", "")


SWEDISH = "SE4550000000058398257466"


def written(
    *transfers: Transfer,
    message_id: str = "run_2026-01-31",
    debtor_iban: str = "FI79 4405 2020 0360 82",
    version: str = "09",
    is_batch_booked: bool = False,
) -> bytes:
    return write_pain001(
        message_id=message_id,
        created_at=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
        debtor_name="Sovinto Perintä Oy",
        debtor_iban=debtor_iban,
        debtor_bic="HELSFIHH",
        execution_on=date(2026, 2, 2),
        transfers=transfers,
        version=version,
        is_batch_booked=is_batch_booked,
    )


def texts(file: bytes, path: str) -> list[str | None]:
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [found.text for found in etree.fromstring(file).iterfind(f".//{steps}")]


@cache
def schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"pain.001.001.{version}.xsd")))


@pytest.mark.parametrize("version", VERSIONS)
def test_is_valid_against_the_schema(version: str) -> None:
    file = written(FIRST, SECOND, replace(FIRST, end_to_end_id="c", reference="1232"), version=version)

    schema(version).assertValid(etree.fromstring(file))


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@settings(max_examples=60, deadline=None)
@given(
    data=st.lists(st.tuples(st.integers(1, 99_999_999_999), NAMES, NAMES), min_size=1, max_size=5),
    version=st.sampled_from(VERSIONS),
    is_domestic=st.booleans(),
    is_batch=st.booleans(),
)
def test_whatever_is_written_is_valid_and_adds_up(
    data: list[tuple[int, str, str]], version: str, is_domestic: bool, is_batch: bool
) -> None:
    currency, iban = ("SEK", SWEDISH) if is_domestic else ("EUR", FIRST.creditor_iban)
    transfers = [
        Transfer(f"rem_{at}", Money(minor, currency), f"A{name}", iban, "", text)
        for at, (minor, name, text) in enumerate(data)
    ]
    file = written(*transfers, version=version, debtor_iban=iban, is_batch_booked=is_batch)

    schema(version).assertValid(etree.fromstring(file))
    assert {Decimal(text or "") for text in texts(file, "CtrlSum")} == {
        Decimal(sum(minor for minor, _, _ in data)) / 100
    }
    assert texts(file, "BtchBookg") == ["true" if is_batch else "false"]


def test_the_versions_differ_in_day_and_bank() -> None:
    old, new = written(FIRST, version="03"), written(FIRST, version="09")

    assert texts(old, "ReqdExctnDt") == texts(new, "ReqdExctnDt/Dt") == ["2026-02-02"]
    assert texts(old, "BIC") == texts(new, "BICFI") == ["HELSFIHH", "NDEAFIHH"]


@pytest.mark.parametrize(
    ("iban", "given", "written_as", "issuer"),
    [
        (FIRST.creditor_iban, "RF81 1234 53", "RF81123453", ["ISO"]),
        (FIRST.creditor_iban, "0000 1 1112", "11112", []),
        ("EE382200221020145685", "1111 11112", None, []),
        ("DE89370400440532013000", "1232", None, []),
        ("DE89370400440532013000", "RF81123453", "RF81123453", ["ISO"]),
    ],
)
def test_a_reference_is_sent_checked_and_alone(
    iban: str, given: str, written_as: str | None, issuer: list[str]
) -> None:
    transfer = replace(FIRST, creditor_iban=iban, creditor_bic="", reference=given)
    if written_as is None:
        with pytest.raises(InvalidInput, match="reference"):
            written(transfer)
        return
    file = written(transfer)
    assert (texts(file, "CdtrRefInf/Ref"), texts(file, "Issr")) == ([written_as], issuer)
    assert texts(file, "CdOrPrtry/Cd") == ["SCOR"]
    assert texts(file, "Ustrd") == []


@pytest.mark.parametrize(
    ("currency", "home", "away"),
    [
        ("SEK", SWEDISH, FIRST.creditor_iban),
        ("NOK", "NO9386011117947", SWEDISH),
        ("DKK", "DK5000400440116243", SWEDISH),
    ],
)
def test_a_nordic_currency_is_sent_at_home(currency: str, home: str, away: str) -> None:
    transfer = replace(FIRST, amount=Money(100, currency), creditor_iban=home, creditor_bic="")
    file = written(transfer, debtor_iban=home)

    assert (texts(file, "SvcLvl/Cd"), texts(file, "ChrgBr")) == (["NURG"], ["SHAR"])
    for debtor, creditor in ((away, home), (home, away)):
        with pytest.raises(InvalidInput, match="accounts only"):
            written(replace(transfer, creditor_iban=creditor), debtor_iban=debtor)


def test_the_published_files_add_up_as_ours_do() -> None:
    if not (PUBLISHED / "expected.json").exists():
        pytest.skip("the shared conformance files are not on this machine")
    rows = [
        row
        for row in json.loads((PUBLISHED / "expected.json").read_text())
        if row["file"].startswith("pain001/")
    ]
    assert rows
    for row in rows:
        transfers = read_transfers((PUBLISHED / row["file"]).read_bytes())
        again = written(
            *(
                Transfer(
                    one.end_to_end_id,
                    Money(one.amount_minor, one.currency),
                    one.creditor_name,
                    one.creditor_iban,
                    "",
                    one.text,
                    reference,
                )
                for one, reference in zip(transfers, row["expected"]["references"] or [""], strict=True)
            ),
            version="03",
        )
        assert texts(again, "GrpHdr/NbOfTxs") == [str(row["expected"]["transactions"])]
        assert texts(again, "GrpHdr/CtrlSum") == [row["expected"]["sum"]]
        assert texts(again, "CdtrRefInf/Ref") == row["expected"]["references"]


def test_counts_and_sums_itself() -> None:
    file = written(FIRST, SECOND)

    assert texts(file, "NbOfTxs") == ["2", "2"]
    assert {Decimal(text or "") for text in texts(file, "CtrlSum")} == {Decimal("131.48")}
    assert texts(file, "InstdAmt") == ["131.47", "0.01"]
    assert texts(file, "EndToEndId") == ["rem-1", "rem-2"]
    assert texts(file, "DbtrAcct/Id/IBAN") == ["FI7944052020036082"]
    assert texts(file, "Cdtr/Nm") == ["Aakkonen + Pojat Oy", "Lodz s.c."]


def test_same_arguments_same_bytes() -> None:
    assert written(FIRST) == written(FIRST)


def test_markup_in_names_stays_text() -> None:
    file = written(replace(FIRST, creditor_name="</Nm><Evil>", text="a\x00b<!--"))

    assert texts(file, "Cdtr/Nm") == ["./Nm..Evil."]
    assert texts(file, "Ustrd") == ["a.b..--"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": Money(0, "EUR")}, "0.01"),
        ({"amount": Money(-5, "EUR")}, "0.01"),
        ({"creditor_iban": "FI2112345600000786"}, "check digits"),
        ({"creditor_bic": "NDEA"}, "bic"),
        ({"creditor_name": " "}, "creditor_name"),
        ({"end_to_end_id": "x" * 36}, "35"),
        ({"end_to_end_id": "äää"}, "A-Z"),
        ({"end_to_end_id": "/a"}, "slash"),
        ({"end_to_end_id": "rem_2"}, "twice"),
    ],
)
def test_refuses_what_a_bank_would_refuse(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        written(replace(FIRST, **change), SECOND)  # type: ignore[arg-type]


def test_refuses_an_empty_file_and_other_money() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        written()
    with pytest.raises(InvalidInput, match="euros"):
        written(replace(FIRST, amount=Money(100, "USD")))
    with pytest.raises(InvalidInput, match="mix EUR and SEK"):
        written(FIRST, replace(SECOND, amount=Money(100, "SEK")))
    with pytest.raises(InvalidInput, match="03 or 09"):
        written(FIRST, version="08")


def test_text_keeps_to_the_sepa_set() -> None:
    assert to_sepa_text("Größe  ÆØÅ\u00a0õ //x// – Ж", most=70) == "Grosse AEOA o /x/ - ."
    assert to_sepa_text("ab/cd", most=3) == "ab"


def test_own_ids_come_back_unchanged() -> None:
    assert to_sepa_id("rem_0a") == "rem-0a"
    assert to_sepa_id(to_sepa_id("rem_0a")) == to_sepa_id("rem_0a")
