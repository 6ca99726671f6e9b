from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.errors import FormatRefused
from sovinto.formats.pain002 import Outcome, read_pain002
from sovinto.formats.pain002_model import outcome_of
from sovinto.formats.pain002_reasons import sentence

FOLDER = Path(__file__).parents[3] / "../shared/conformance/bank"


def published() -> list[dict[str, object]]:
    expected = FOLDER / "expected.json"
    rows = json.loads(expected.read_text()) if expected.exists() else []
    return [row for row in rows if row["file"].startswith("pain002/")]


def block(payment_id: str, status: str = "", inside: str = "") -> str:
    told = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{payment_id}</OrgnlPmtInfId>{told}{inside}</OrgnlPmtInfAndSts>"
    )


def transfer(end_to_end_id: str, status: str, code: str = "", said: str = "") -> str:
    kind = "Prtry" if code.startswith("own:") else "Cd"
    why = f"<StsRsnInf><Rsn><{kind}>{code}</{kind}></Rsn>{said}</StsRsnInf>" if code else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}</TxInfAndSts>"
    )


def report(*blocks: str, group: str = "", version: str = "10", prolog: str = "") -> bytes:
    told = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<?xml version="1.0"?>{prolog}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK1</MsgId></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>run-1</OrgnlMsgId>{told}</OrgnlGrpInfAndSts>"
        f"{''.join(blocks)}</CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.mark.parametrize("row", published(), ids=lambda row: str(row["file"]))
def test_published_reports_give_the_values_worked_out_for_them(row: dict[str, object]) -> None:
    found = read_pain002((FOLDER / str(row["file"])).read_bytes())

    payments = [
        {
            "pmt_inf": payment.payment_id,
            "status": payment.status,
            "transactions": [
                {
                    "e2e": one.end_to_end_id,
                    "status": one.status,
                    "reasons": [why.code for why in one.reasons],
                }
                for one in payment.transactions
            ],
        }
        for payment in found.payments
    ]
    assert row["expected"] == {
        "original_message": found.original_message_id,
        "group_status": found.status,
        "group_reasons": [reason.code for reason in found.reasons],
        "payments": payments,
        "control_checks": [],
        "quirks": [],
    }


def test_the_published_reports_are_there() -> None:
    if not FOLDER.exists():
        pytest.skip("the shared conformance files are not on this machine")
    assert len(published()) == 5


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(3, 15)])
def test_every_version_is_read(version: str) -> None:
    found = read_pain002(report(group="ACCP", version=version))

    assert (found.version, found.message_id) == (f"pain.002.001.{version}", "BANK1")
    assert found.verdict("rem_1").outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("status", ["ACCP", "ACSP", "ACSC", "ACWC", "RJCT", "PDNG", "PART", "NEW1"])
def test_a_status_counts_on_each_level(status: str) -> None:
    wanted = outcome_of(status)
    for file in (
        report(group=status),
        report(block("run-1", status), group="RCVD"),
        report(block("run-1", "PART", transfer("rem-1", status)), group="PART"),
    ):
        verdict = read_pain002(file).verdict("rem_1")
        assert (verdict.outcome, verdict.status) == (wanted, status)


def test_only_the_named_transfer_of_a_part_is_rejected() -> None:
    found = read_pain002(
        report(block("run-1", "PART", transfer("rem-1", "RJCT", "AC04")), block("run-2", "ACSC"))
    )

    rejected = found.verdict("rem_1")
    assert (rejected.outcome, rejected.reasons[0].code) == (Outcome.REJECTED, "AC04")
    assert rejected.reasons[0].text == "The account is closed; ask the client for another account."
    assert found.verdict("rem_2").outcome is Outcome.UNTOLD
    assert found.verdict("rem_3", "run_2").outcome is Outcome.SETTLED


def test_reasons_of_the_bank_are_joined_as_they_were_cut() -> None:
    said = "<AddtlInf>Viite virh</AddtlInf><AddtlInf>eellinen.</AddtlInf>"
    found = read_pain002(report(block("run-1", "PART", transfer("rem-1", "RJCT", "own:X9", said))))

    (reason,) = found.verdict("rem_1").reasons
    assert (reason.code, reason.said) == ("own:X9", "Viite virheellinen.")
    assert reason.text == "The bank says: Viite virheellinen."


@pytest.mark.parametrize("code", ["AC01", "AC04", "AC06", "AM04", "AM05", "DT01", "RC01", "FF01", "MS03"])
def test_common_reasons_are_one_clear_sentence(code: str) -> None:
    text = sentence(code, "")
    assert text.endswith(".") and text.count(".") == 1
    assert sentence("ZZ99", "") == "The bank gives the reason ZZ99; ask it what that means."
    assert sentence("", "") == "The bank gives no reason."


BOMB = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>'
DEEP = "<x>" * 400 + "</x>" * 400


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (report(prolog=BOMB), "DOCTYPE"),
        (report(prolog='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "DOCTYPE"),
        (report(DEEP), "beyond reason"),
        (report(block("run-1", "ACCP", "<y>" + "x" * 5_000_000 + "</y>")), "beyond reason"),
        (report()[:-20], "well-formed"),
        (b"not xml", "well-formed"),
        (b"", "XML"),
        (report(version="02"), "payment status report"),
        (report(version="15"), "payment status report"),
        (report().replace(b"CstmrPmtStsRpt", b"Other"), "payment status report"),
        (report().replace(b"<OrgnlMsgId>run-1</OrgnlMsgId>", b""), "OrgnlMsgId"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_refuses_what_is_hostile_or_no_report(file: bytes, says: str) -> None:
    with pytest.raises(FormatRefused, match=says):
        read_pain002(file)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_reports_are_read_or_refused(data: st.DataObject) -> None:
    file = bytearray(report(block("run-1", "PART", transfer("rem-1", "RJCT", "AC01")), group="PART"))
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_pain002(bytes(file))
    except FormatRefused as refused:
        assert refused.message
