"""Who paid too much is asked for an account behind the code, with one clear sentence where it is none."""

from __future__ import annotations

from sovinto.domain import accounts
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases.record_payment import record_payment

from tests.functions.acts import Debtor, hidden, placed
from tests.functions.stage import Stage, module

IBAN = "FI14 1009 3000 1234 58"


def overpaid(stage: Stage) -> Debtor:
    case, wired = placed(stage), module("portal").parts()[1]
    received = Payment(PaymentId("pay_1"), "bank", "line-1", wired.clock.now().date(), Money(15_000, "EUR"))
    record_payment(
        received,
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", "line-1"),
        cases=wired.cases,
        clock=wired.clock,
    )
    return Debtor(stage, case)


def test_an_account_is_taken_once_and_checked(stage: Stage) -> None:
    debtor = overpaid(stage)
    assert debtor.get("/refund")["statusCode"] == 403, "not without the code"
    debtor.enter()
    page = debtor.get("/refund?lang=en")
    assert page["statusCode"] == 200 and "at the latest on" in page["body"]
    token = hidden(page["body"])
    wrong = debtor.post("/refund?lang=en", csrf=token, name="Tiina T", iban="FI00 1009 3000 1234 58")
    assert wrong["statusCode"] == 422 and "check digits" in wrong["body"]
    assert debtor.post("/refund", csrf="1.x", name="T", iban=IBAN)["statusCode"] == 403
    assert debtor.post("/refund", csrf=token, name="Tiina T", iban=IBAN)["statusCode"] == 303
    after = debtor.get("/refund?lang=en")["body"]
    assert "<form" not in after and "your bank account" in after
    (payer,) = module("portal").parts()[1].orders.payers(debtor.case.case_id)
    assert (payer.name, payer.iban) == ("Tiina T", "FI1410093000123458")
