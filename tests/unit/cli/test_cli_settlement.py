"""`sovinto settlement`: what a report pays out, and the exit codes."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Sovinto
from tests.unit.usecases.test_settlement_file import HEADER, row

PAID = HEADER + "".join(
    [
        row("Settled", "8835", "pay_1", "40.00", "39.15", "0.85"),
        row("Refunded", "8835", "pay_1", "-5.00", "-5.00", change="9912"),
        row("MerchantPayout", "", "", "", "-34.15"),
    ]
)


def written(folder: Path, text: str) -> Path:
    path = folder / "report.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_payout_is_shown_as_a_sum(sovinto: Sovinto, tmp_path: Path) -> None:
    done = sovinto("settlement", written(tmp_path, PAID))
    assert (done.code, done.err) == (0, "")
    assert "all lines 0.00 EUR" in done.out
    assert "payout Sovinto-7 of 2026-01-20" in done.out
    assert "gross=4000 fees=85 refunds=500 chargebacks=0 adjustments=0 net=3415 EUR" in done.out


def test_every_line_for_machines(sovinto: Sovinto, tmp_path: Path) -> None:
    done = sovinto("settlement", written(tmp_path, PAID), "--json")
    assert done.code == 0
    assert [item["amount"] for item in done.json["statements"][0]["entries"]] == [
        "39.15",
        "-5.00",
        "-34.15",
    ]


def test_a_report_that_does_not_add_up_is_shown_with_the_reason(sovinto: Sovinto, tmp_path: Path) -> None:
    short = HEADER + row("Settled", "8835", "pay_1", "40.00", "39.00", "0.85")
    done = sovinto("settlement", written(tmp_path, short))
    assert done.code == 1
    assert "row 2: gross 40.00 and fees -0.85 do not come to the net 39.00 EUR" in done.err
    assert "payout" not in done.out


def test_a_file_of_nobody_we_know_is_refused(sovinto: Sovinto, tmp_path: Path) -> None:
    refusal = sovinto("settlement", written(tmp_path, "a,b\n1,2\n")).refusal
    assert "Adyen and PayPal" in refusal
