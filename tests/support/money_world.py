"""Two clients, three cases, a bank and a payment provider: money in every way that it can come and go.

The bank and the provider know what is true (`bookings`, `moves`); what they tell of it, how often, in
which order and when, is up to the test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sovinto.domain.case import Case, Claim
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.client import Client
from sovinto.domain.debtor import Address
from sovinto.domain.fees_agreed import Band, FeesAgreed
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.money import Money
from sovinto.domain.placement import Placement
from sovinto.domain.settlement import SettledKind, SettledLine, Settlement
from sovinto.errors import NotFound
from sovinto.ids import ClientId, PaymentId
from sovinto.usecases.hear_gateway import book_line, hear_gateway
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.place_case import Request
from sovinto.usecases.settle_payout import settle_payout

from tests.support.invoicing import BUYER, SELLER
from tests.support.money_crash import fused_money_world
from tests.support.money_gateway import MoneyGateway
from tests.support.moves import begin_card
from tests.support.people import DEBTOR
from tests.support.world import FIRST_DAY, World

PROVIDER = "stripe"
EUR, SEK = "EUR", "SEK"
FEES = FeesAgreed((Band("10"),))
FINNISH = replace(BUYER, fees=FEES)
SWEDISH = replace(
    FINNISH,
    client_id=ClientId("cli_svea"),
    name="Norrlands El AB",
    registration_id="556036-0793",
    address=Address("Storgatan 1", "903 26", "Umeå", "SE"),
    country="SE",
    currency=SEK,
    language="sv",
    iban="SE3550000000054910000003",
    bic="ESSESESS",
    setup_fee=Money(10_000, SEK),
    vat_id="SE556036079301",
    einvoice_address="",
)
# Kronor leave only a Swedish account; euros leave it as any other.
AGENCY = replace(SELLER, iban="SE4550000000058398257466", bic="ESSESESS")
PAYER_IBAN = "DE89370400440532013000"
PAYERS = {EUR: PAYER_IBAN, SEK: "SE3550000000054910000003"}
_SOURCES = {
    GatewayEventType.CHECKOUT_COMPLETED: (SettledKind.PAYMENT, 1),
    GatewayEventType.CHARGE_REFUNDED: (SettledKind.REFUND, -1),
    GatewayEventType.DISPUTE_CREATED: (SettledKind.CHARGEBACK, -1),
    GatewayEventType.DISPUTE_WON: (SettledKind.CHARGEBACK_RETURNED, 1),
    GatewayEventType.REFUND_FAILED: (SettledKind.REFUND_RETURNED, 1),
}


@dataclass(frozen=True)
class Booking:
    """One line that the bank booked on our account; `minor` below zero is money out."""

    minor: int
    currency: str
    name: str
    on: date
    value_on: date
    references: tuple[str, ...] = ()
    end_to_end: str = ""
    payer: str = ""
    iban: str = ""
    is_reversal: bool = False

    def xml(self) -> str:
        sign = "CRDT" if self.minor >= 0 else "DBIT"
        side = "Dbtr" if self.minor >= 0 else "Cdtr"
        back = "<RvslInd>true</RvslInd>" if self.is_reversal else ""
        known = f"<Refs><EndToEndId>{self.end_to_end}</EndToEndId></Refs>" if self.end_to_end else ""
        who = f"<{side}><Nm>{self.payer}</Nm></{side}>" if self.payer else ""
        account = f"<{side}Acct><Id><IBAN>{self.iban}</IBAN></Id></{side}Acct>" if self.iban else ""
        parties = f"<RltdPties>{who}{account}</RltdPties>" if who or account else ""
        named = "".join(f"<CdtrRefInf><Ref>{one}</Ref></CdtrRefInf>" for one in self.references)
        about = f"<RmtInf><Strd>{named}</Strd></RmtInf>" if named else ""
        return (
            f'<Ntry><Amt Ccy="{self.currency}">{_decimal(abs(self.minor))}</Amt>'
            f"<CdtDbtInd>{sign}</CdtDbtInd>{back}<Sts>BOOK</Sts><BookgDt><Dt>{self.on}</Dt></BookgDt>"
            f"<ValDt><Dt>{self.value_on}</Dt></ValDt><AcctSvcrRef>{self.name}</AcctSvcrRef><BkTxCd/>"
            f"<NtryDtls><TxDtls>{known}{parties}{about}</TxDtls></NtryDtls></Ntry>"
        )


def statement(bookings: Sequence[Booking], name: str) -> bytes:
    """A camt.053 of one currency whose balances chain."""
    currency, on = bookings[0].currency, bookings[-1].on
    change = sum(booking.minor for booking in bookings)

    def balance(code: str, minor: int) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">'
            f"{_decimal(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
        )

    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{name}</MsgId></GrpHdr><Stmt><Id>{name}</Id>"
        f"<Acct><Id><IBAN>{AGENCY.iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balance('OPBD', 10**9)}{balance('CLBD', 10**9 + change)}"
        f"{''.join(booking.xml() for booking in bookings)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


@dataclass
class Card:
    """A payment at the provider's page; `left` is what has not gone back of it."""

    case: Case
    payment_id: PaymentId
    checkout: str
    left: int


def _world() -> World:
    return fused_money_world(client=FINNISH, agency=AGENCY, gateway=MoneyGateway())


@dataclass
class MoneyWorld:
    """`files` are statements by name, told or not; `coming` what the provider has yet to tell, `told`
    what it told; `moves` what its next payout brings; `promised` payouts whose money is on its way."""

    world: World = field(default_factory=_world)
    bookings: list[Booking] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    booked: dict[str, int] = field(default_factory=dict)
    cards: list[Card] = field(default_factory=list)
    coming: list[GatewayEvent] = field(default_factory=list)
    told: list[GatewayEvent] = field(default_factory=list)
    moves: list[GatewayEvent] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    promised: list[Settlement] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.world.clients.save(SWEDISH)
        assert isinstance(self.world.gateway, MoneyGateway)
        self.world.gateway.gives = self._gives
        self.cases = [
            self.place(FINNISH, "A-1", 10_000),
            self.place(FINNISH, "A-2", 70_000),
            self.place(SWEDISH, "S-1", 250_000),
        ]

    def place(self, client: Client, reference: str, principal: int) -> Case:
        debtor = replace(DEBTOR, name=f"Tiina {reference.replace('-', 'x')}", email=None)
        claim = Claim(f"I-{reference}", FIRST_DAY, Money(principal, client.currency), None)
        before, self.world.client = self.world.client, client
        try:
            placement = Placement(reference, debtor, (claim,), client.currency)
            receipt = self.world.hand_over(placement, Request(f"key-{reference}", f"digest-{reference}"))
        finally:
            self.world.client = before
        return self.world.cases.load(receipt.case_id)

    @property
    def today(self) -> date:
        return self.world.clock.now().date()

    def next(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def book(self, minor: int, currency: str, *, days_ago: int = 0, **given: object) -> str:
        """The bank books a line and writes the file that tells of it; the file's name."""
        booking = Booking(
            minor,
            currency,
            self.next("L"),
            self.today,
            self.today - timedelta(days=days_ago),
            **given,  # type: ignore[arg-type]
        )
        self.bookings.append(booking)
        self.booked[currency] = self.booked.get(currency, 0) + minor
        self.files[f"S{self.count}"] = statement((booking,), f"S{self.count}")
        return f"S{self.count}"

    def all_in_one(self, currency: str) -> bytes:
        """Everything booked so far, once more, in one file."""
        return statement([b for b in self.bookings if b.currency == currency], self.next("ALL"))

    def invoices(self) -> list[IssuedInvoice]:
        """Ours, of both clients, credit notes too."""
        listed = self.world.clients.invoices
        return [one for c in (FINNISH, SWEDISH) for one in listed(c.client_id)]

    def deliver(self, name: str, data: bytes | None = None) -> dict[str, int]:
        self.world.bank.write(f"inbox/{name}.xml", data or self.files[name], "application/xml")
        return self.import_inbox()

    def import_inbox(self) -> dict[str, int]:
        world = self.world
        return import_inbox(
            bank=world.bank,
            agency=world.agency,
            cases=world.cases,
            clock=world.clock,
            orders=world.orders,
            clients=world.clients,
            book=world.book,
        )

    def pay_by_card(self, case: Case, minor: int) -> Card:
        checkout = begin_card(self.world, case, minor)
        payment_id = PaymentId(self.world.gateway.find_checkout(checkout).reference)
        card = Card(case, payment_id, checkout, minor)
        self.world.gateway.pay(checkout)
        self.cards.append(card)
        self.happen(GatewayEventType.CHECKOUT_COMPLETED, card, minor)
        return card

    def give_back(self, card: Card, minor: int, kind: GatewayEventType) -> GatewayEvent:
        """A refund or chargeback at the provider."""
        card.left -= minor
        return self.happen(kind, card, minor, cause=self.next("re_"))

    def _gives(self, checkout: str, minor: int) -> bool:
        (card,) = [card for card in self.cards if card.checkout == checkout]
        if minor > card.left:
            return False
        self.give_back(card, minor, GatewayEventType.CHARGE_REFUNDED)
        return True

    def happen(self, kind: GatewayEventType, card: Card, minor: int, *, cause: str = "") -> GatewayEvent:
        event = GatewayEvent(
            event_id=self.next("evt_"),
            type=kind,
            payment_id=card.payment_id,
            checkout_id=card.checkout if kind is GatewayEventType.CHECKOUT_COMPLETED else None,
            amount=Money(minor, EUR),
            occurred_at=self.world.clock.now(),
            cause_id=cause,
        )
        self.coming.append(event)
        self.moves.append(event)
        return event

    def pay_out(self, fee: int) -> Settlement | None:
        """What the provider holds leaves it; None where it holds nothing that is worth a payout."""
        lines = tuple(_line(event, fee) for event in self.moves)
        net = sum(line.net.minor for line in lines)
        if net <= 0:
            return None
        self.moves = []
        made = Settlement(self.next("po-"), EUR, Money(net, EUR), self.today, lines)
        self.settlements.append(made)
        self.promised.append(made)
        return made

    def hear(self, event: GatewayEvent) -> str:
        try:
            return hear_gateway(PROVIDER, event, cases=self.world.cases, clock=self.world.clock)
        except NotFound:
            # Told before what it takes back: the provider is asked to tell it again later.
            return "later"

    def settle(self, settlement: Settlement) -> str:
        world = self.world
        done = settle_payout(
            PROVIDER,
            settlement,
            book=lambda event: book_line(PROVIDER, event, cases=world.cases, clock=world.clock),
            cases=world.cases,
            clock=world.clock,
        )
        return f"{done.outcome} {done.reason}".strip()


def _line(event: GatewayEvent, fee: int) -> SettledLine:
    kind, sign = _SOURCES[event.type]
    return SettledLine(
        line_id=f"txn_{event.event_id}",
        kind=kind,
        gross=Money(sign * event.amount.minor, EUR),
        fee=Money(min(fee, event.amount.minor - 1) if kind is SettledKind.PAYMENT else 0, EUR),
        payment_id=event.payment_id,
        cause_id=event.cause_id,
        happened_at=event.occurred_at,
    )
