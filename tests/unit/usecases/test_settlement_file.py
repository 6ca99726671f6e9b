"""An Adyen report goes the way of a webhook: the same books, the same zero."""

from __future__ import annotations

import io

import pytest
from sovinto.domain.checkout import GatewayEventType
from sovinto.errors import FormatRefused
from sovinto.formats.settlement.adyen import read_adyen
from sovinto.usecases.settlement_file import settlements_of

from tests.support.settled import begun, hear, on_account, said, settle
from tests.support.world import World

HEADER = (
    "Company Account,Merchant Account,Psp Reference,Merchant Reference,Creation Date,Type,"
    "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,"
    "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),"
    "Batch Number\n"
)


def row(kind: str, reference: str, ours: str, gross: str, net: str, fee: str = "", change: str = "") -> str:
    """Amounts with a sign; Adyen puts what is negative into its own column."""
    currency = "EUR" if gross else ""
    return (
        f"C,Sovinto,{reference},{ours},2026-01-20 04:00:00,{kind},{change},"
        f"{currency},{_sides(gross)},1,EUR,{_sides(net)},{fee},,,,7\n"
    )


def _sides(amount: str) -> str:
    return f"{amount[1:]}," if amount.startswith("-") else f",{amount}"


def test_a_report_is_settled_as_a_payout_is() -> None:
    world = World()
    payment_id, checkout = begun(world, world.place(), 4_000)
    paid = said(
        world,
        GatewayEventType.CHECKOUT_COMPLETED,
        4_000,
        payment_id,
        checkout_id=checkout,
        charge_id="8835",
    )
    hear(world, paid)
    text = HEADER + "".join(
        [
            row("Settled", "8835", payment_id, "40.00", "39.15", "0.85"),
            row("Refunded", "8835", payment_id, "-5.00", "-5.00", change="9912"),
            row("Fee", "", "", "", "-0.20"),
            row("MerchantPayout", "", "", "", "-33.95"),
        ]
    )
    (settlement,) = settlements_of(read_adyen(io.BytesIO(text.encode())))
    done = settle(world, settlement)
    assert done.outcome == "settled", done.reason
    assert done.sums is not None
    assert (done.sums.gross, done.sums.refunds, done.sums.fees, done.sums.net) == (4_000, 500, 105, 3_395)
    books = world.ledger(20)
    assert on_account(books, "psp:stripe") == 3_395
    assert on_account(books, "expense:psp_fees") == 105


def test_a_report_that_contradicts_itself_is_refused_whole() -> None:
    text = HEADER + row("Settled", "8835", "pay_1", "40.00", "39.00", "0.85")
    with pytest.raises(FormatRefused):
        settlements_of(read_adyen(io.BytesIO(text.encode())))
