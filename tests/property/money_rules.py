"""What banks, providers, debtors and clients may do with money, in any order and with any process killed on
the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sovinto.domain.case import Case
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleRefused
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.credit_client_invoice import credit_client_invoice

from tests.support.invoicing import means_of
from tests.support.money_crash import kept_of, killed
from tests.support.money_world import EUR, PAYER_IBAN, PAYERS, Card, MoneyWorld
from tests.support.moves import owed

REFUSED = (InvalidInput, NotFound, NotAllowed, RuleRefused, Conflict)
T = GatewayEventType
which = st.integers(0, 2)
mostly = st.sampled_from([True, True, True, False])
Act = Callable[[], object]


class MoneyRules(RuleBasedStateMachine):
    """`dies` is the call at which the next process is killed, None: it lives."""

    m: MoneyWorld
    dies: tuple[int, bool] | None
    paid: list[tuple[Case, int, str, str]]
    given: list[tuple[Card, GatewayEvent]]
    decided: set[str]

    def act(self, what: Act, *, may_refuse: bool = True) -> None:
        """Done; where its process is to be killed, done again. What is refused changes nothing."""
        world, refused = self.m.world, REFUSED if may_refuse else ()
        if self.dies is not None:
            (number, is_after), self.dies = self.dies, None
            with suppress(*refused):
                killed(world, what, number, is_after=is_after)
            with suppress(*refused):
                what()
            return
        before = kept_of(world).items
        try:
            what()
        except refused:
            assert kept_of(world).items == before, "refused, and changed something"

    @rule(number=st.integers(1, 30), is_after=st.booleans())
    def the_next_process_dies(self, number: int, is_after: bool) -> None:
        self.dies = (number, is_after)

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.m.world.clock.advance(days=days)
        for case in self.m.cases:
            self.m.world.drive(case.case_id)

    # the bank

    def told(self, name: str, is_told: bool) -> None:
        if is_told:
            self.act(partial(self.m.deliver, name), may_refuse=False)

    @rule(
        index=which,
        percent=st.sampled_from([1, 20, 50, 100, 100, 130]),
        days_ago=st.sampled_from([0, 0, 1, 25]),
        payer=st.sampled_from(["debtor", "nobody", "a stranger"]),
        reference=st.sampled_from(["own", "own", "own", "none", "wrong", "joined"]),
        account=st.sampled_from(["home", "none", "abroad"]),
        is_told=mostly,
    )
    def money_by_bank(
        self,
        index: int,
        percent: int,
        days_ago: int,
        payer: str,
        reference: str,
        account: str,
        is_told: bool,
    ) -> None:
        case, m = self.m.cases[index], self.m
        minor = max(1, (owed(m.world, case) or 5_000) * percent // 100)
        own = case.payment_reference
        references = {
            "own": (own,),
            "none": (),
            "wrong": ("1232",),
            "joined": tuple(c.payment_reference for c in m.cases if c.currency == case.currency),
        }[reference]
        end_to_end = m.next("E2E")
        name = m.book(
            minor,
            case.currency,
            days_ago=days_ago,
            references=references,
            end_to_end=end_to_end,
            payer={"debtor": case.debtor.name, "nobody": "", "a stranger": "Olavi Outo"}[payer],
            iban={"home": PAYERS[case.currency], "none": "", "abroad": PAYER_IBAN}[account],
        )
        self.paid.append((case, minor, end_to_end, own if references == (own,) else ""))
        self.told(name, is_told)

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), percent=st.sampled_from([40, 100, 100]), is_told=mostly)
    def the_bank_takes_back(self, data: st.DataObject, percent: int, is_told: bool) -> None:
        found = data.draw(st.sampled_from(self.paid))
        case, minor, end_to_end, reference = found
        part = max(1, minor * percent // 100)
        self.paid.remove(found)
        named = (reference,) if reference else ()
        name = self.m.book(-part, case.currency, references=named, end_to_end=end_to_end, is_reversal=True)
        self.told(name, is_told)

    @precondition(lambda self: self.m.files)
    @rule(data=st.data())
    def a_file_comes_late_or_again(self, data: st.DataObject) -> None:
        self.told(data.draw(st.sampled_from(sorted(self.m.files))), True)

    @precondition(lambda self: self.m.bookings)
    @rule(index=which)
    def everything_comes_in_one_file(self, index: int) -> None:
        currency = self.m.cases[index].currency
        if currency in self.m.booked:
            data = self.m.all_in_one(currency)
            self.act(partial(self.m.deliver, f"ALL{self.m.count}", data), may_refuse=False)

    # the provider

    @rule(index=st.integers(0, 1), percent=st.integers(1, 100), is_told=mostly)
    def money_by_card(self, index: int, percent: int, is_told: bool) -> None:
        case, m = self.m.world.cases.load(self.m.cases[index].case_id), self.m
        due = owed(m.world, case)
        if case.is_open and due > 0:
            m.pay_by_card(case, max(1, due * percent // 100))
            if is_told:
                self.hear(m.coming[-1])

    def hear(self, event: GatewayEvent) -> None:
        m = self.m
        done: list[str] = []
        self.act(lambda: done.append(m.hear(event)), may_refuse=False)
        if done[-1] != "later" and event in m.coming:
            m.coming.remove(event)
            m.told.append(event)

    @precondition(lambda self: self.m.coming)
    @rule(data=st.data())
    def the_provider_tells(self, data: st.DataObject) -> None:
        self.hear(data.draw(st.sampled_from(self.m.coming)))

    @precondition(lambda self: self.m.told)
    @rule(data=st.data())
    def the_provider_tells_again(self, data: st.DataObject) -> None:
        before = kept_of(self.m.world).items
        assert self.m.hear(data.draw(st.sampled_from(self.m.told))) == "repeated"
        assert kept_of(self.m.world).items == before

    @precondition(lambda self: any(card.left for card in self.m.cards))
    @rule(data=st.data(), percent=st.sampled_from([30, 100, 100]), is_refund=st.booleans())
    def the_provider_gives_back(self, data: st.DataObject, percent: int, is_refund: bool) -> None:
        card = data.draw(st.sampled_from([card for card in self.m.cards if card.left]))
        kind = T.CHARGE_REFUNDED if is_refund else T.DISPUTE_CREATED
        minor = max(1, card.left * percent // 100) if is_refund else card.left
        self.given.append((card, self.m.give_back(card, minor, kind)))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def it_is_ours_again(self, data: st.DataObject) -> None:
        """A dispute is won, a refund fails."""
        found = data.draw(st.sampled_from(self.given))
        self.given.remove(found)
        card, event = found
        kind = T.REFUND_FAILED if event.type is T.CHARGE_REFUNDED else T.DISPUTE_WON
        card.left += event.amount.minor
        self.m.happen(kind, card, event.amount.minor, cause=event.cause_id)

    @precondition(lambda self: self.m.moves)
    @rule(fee=st.sampled_from([0, 35]), is_announced_first=st.booleans(), has_arrived=mostly)
    def the_provider_pays_out(self, fee: int, is_announced_first: bool, has_arrived: bool) -> None:
        settlement = self.m.pay_out(fee)
        if settlement is None:
            return
        acts: list[Act] = [lambda: self.settle(number=len(self.m.settlements) - 1)]
        if has_arrived:
            acts.append(self.a_payout_arrives)
        for act in acts if is_announced_first else acts[::-1]:
            act()

    @precondition(lambda self: self.m.settlements)
    @rule(number=st.integers(0, 30))
    def settle(self, number: int) -> None:
        settlement = self.m.settlements[number % len(self.m.settlements)]
        outcome: list[str] = []
        self.act(lambda: outcome.append(self.m.settle(settlement)), may_refuse=False)
        assert outcome[-1] in ("settled", "repeated"), outcome

    @precondition(lambda self: self.m.promised)
    @rule()
    def a_payout_arrives(self) -> None:
        if self.m.promised:
            payout = self.m.promised.pop()
            name = self.m.book(payout.net.minor, EUR, end_to_end=payout.payout_id, payer="Card Provider")
            self.told(name, True)

    @precondition(lambda self: self.m.settlements)
    @rule(number=st.integers(0, 30))
    def a_payout_arrives_in_a_line_too_many(self, number: int) -> None:
        payout = self.m.settlements[number % len(self.m.settlements)]
        name = self.m.book(payout.net.minor, EUR, end_to_end=payout.payout_id, payer="Card Provider")
        self.told(name, True)

    # the client

    @rule(index=which, minor=st.integers(1, 60_000), days_ago=st.integers(0, 30), is_note=st.booleans())
    def the_client_tells_of_less(self, index: int, minor: int, days_ago: int, is_note: bool) -> None:
        case, world = self.m.cases[index], self.m.world
        on = self.m.today - timedelta(days=days_ago)
        told = {
            "client_id": case.client_id,
            "amount": Money(minor, case.currency),
            "on": on,
            "reference": self.m.next("told-"),
            "cases": world.cases,
            "clock": world.clock,
        }
        if is_note:
            number = case.claims[0].invoice_number
            self.act(lambda: credit_note(case.case_id, invoice_number=number, **told))  # type: ignore[arg-type]
        else:
            self.act(lambda: direct_payment(case.case_id, **told))  # type: ignore[arg-type]

    @rule(data=st.data(), is_half=st.booleans(), is_told=mostly)
    def the_client_pays_our_invoice(self, data: st.DataObject, is_half: bool, is_told: bool) -> None:
        found = [one for one in self.m.invoices() if one.left.minor > 0]
        if found:
            one = data.draw(st.sampled_from(found))
            minor = max(1, one.left.minor // (2 if is_half else 1))
            named = (one.invoice.payment_reference,)
            self.told(self.m.book(minor, one.left.currency, references=named), is_told)

    @rule(data=st.data())
    def our_invoice_is_credited(self, data: st.DataObject) -> None:
        found = [one.invoice for one in self.m.invoices() if not one.invoice.is_credit_note]
        if found:
            invoice, request = data.draw(st.sampled_from(found)), self.m.next("note-")
            self.act(
                lambda: credit_client_invoice(
                    invoice.client_id,
                    invoice.number,
                    reason="agreed",
                    request=request,
                    means=means_of(self.m.world),
                )
            )
