"""A seeded book: debtors with namesakes, cases with sums that letters asked for, in one country each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from sovinto.domain.matching import Candidate, name_key
from sovinto.domain.money import Money
from sovinto.formats import payment_reference
from sovinto.formats.payment_words import invoice_key
from sovinto.ids import CaseId

_FIRST = """Aino Eero Helmi Juhani Matti Maria Anna Liisa Pekka Timo Sanna Päivi Åsa Björn Göran Märta Søren
Bjørn Kåre Ingrid Håkon Øystein Astrid José Zoë Łukasz Agnieszka Đorđe Jürgen Françoise Nguyễn Jörgen
Olga Dmitri Fatima Ahmed Aleksi Veera Onni Emil Elsa Oskar Hilda Ville Tuomas Katja Riikka Jari"""
_LAST = """Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen
Andersson Johansson Karlsson Nilsson Eriksson Lindström Sjöberg Åkesson Öberg Hansen Olsen Johansen Saari
Pedersen Bjørnstad Ødegård Sørensen Müller Schröder Weiß García Kowalski Wójcik Nowak Ivanova Petrov
Haddad Okafor Tamm Rebane Kukk Ozols Jansons Salminen Heinonen Niemi Rantanen Salo Turunen Kallio"""
_STEMS = """Koski Laakso Mäki Harju Niemi Ranta Salmi Vuori Kangas Lahti Metsä Peura Hauta Kivi Joki Suo
Lampi Aho Berg Lund Sten Ek Björk Dal Hav Sjö Holm Ström Gran Hed Kvist Fors Haga Vik Nord Väst Ås Bratt
Moen Lie Var Kart Tam Pih Jür Sar Lep Kuus Vaher Oja Pär Rii Sil Tal Kol Zel Nov Kral Hor Dvor"""
_ENDS = "nen la ranta vaara virta gren qvist ström vik rud stad land ov sk"
_TRADES = "Rakennus Siivous Kuljetus Bygg Konsult Transport Elektro Fiske Handel Kahvila"
FIRST, LAST, STEMS, ENDS, TRADES = (text.split() for text in (_FIRST, _LAST, _STEMS, _ENDS, _TRADES))
FORMS = {"FI": "Oy", "SE": "AB", "NO": "AS"}
SCHEMES = {"FI": "fi_731", "SE": "se_ocr", "NO": "no_kid_mod10"}
CURRENCIES = {"FI": "EUR", "SE": "SEK", "NO": "NOK"}
COUNTRIES = (("FI", 60), ("SE", 25), ("NO", 15))
PRICES = (1990, 2490, 2990, 3990, 4990, 5900, 7990, 9900, 12000, 14900, 19900, 25000)
"""Sums that many invoices share; two of five do."""
REMINDER, DEMAND = 500, 1400
MOST_CASES_OF_ONE = (1,) * 86 + (2,) * 11 + (3,) * 3


@dataclass
class Book:
    """The cases as they stand, and the index rows that look-ups read."""

    country: dict[CaseId, str] = field(default_factory=dict)
    cases: dict[CaseId, Candidate] = field(default_factory=dict)
    names: dict[CaseId, str] = field(default_factory=dict)
    iban: dict[str, str] = field(default_factory=dict)
    invoice: dict[CaseId, str] = field(default_factory=dict)
    written: dict[CaseId, str] = field(default_factory=dict)
    people: dict[str, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    references: dict[str, CaseId] = field(default_factory=dict)
    named: dict[str, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    paid_by: dict[str, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    invoiced: dict[str, list[CaseId]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[Money, list[CaseId]] = field(default_factory=lambda: defaultdict(list))

    def by_reference(self, reference: str) -> CaseId | None:
        return self.references.get(reference)

    def by_name(self, key: str) -> Sequence[CaseId]:
        return self.named.get(key, ())

    def by_account(self, account: str) -> Sequence[CaseId]:
        return self.paid_by.get(account, ())

    def by_invoice(self, number: str) -> Sequence[CaseId]:
        return self.invoiced.get(number, ())

    def by_sum(self, amount: Money) -> Sequence[CaseId]:
        return self.asked.get(amount, ())

    def candidate(self, case_id: CaseId) -> Candidate | None:
        return self.cases.get(case_id)

    def post(self, shares: Sequence[tuple[CaseId, Money]], account: str) -> None:
        """The debt goes down; a case that is paid closes; the account is remembered."""
        for case_id, amount in shares:
            case = self.cases[case_id]
            owed = Money(max(case.owed.minor - amount.minor, 0), amount.currency)
            # A payment that covers a letter's sum settles the case: see domain/settling.
            if amount in case.asked:
                owed = Money.zero(amount.currency)
            asked = tuple(sum_ for sum_ in case.asked if sum_ <= owed) if owed else case.asked
            accounts = tuple(dict.fromkeys((*case.accounts, account))) if account else case.accounts
            paid = (*case.paid, amount)
            newer = replace(case, owed=owed, asked=asked, accounts=accounts, is_open=bool(owed), paid=paid)
            self.cases[case_id] = newer
            if account and case_id not in self.paid_by[account]:
                self.paid_by[account].append(case_id)

    def unpost(self, shares: Sequence[tuple[CaseId, Money]]) -> None:
        for case_id, amount in shares:
            case = self.cases[case_id]
            left = tuple(sum_ for sum_ in case.paid if sum_ != amount)
            self.cases[case_id] = replace(case, owed=case.owed + amount, is_open=True, paid=left)


def make_book(seed: int, cases: int) -> Book:
    random, book = Random(f"book {seed}"), Book()
    number = 0
    while number < cases:
        person = f"per_{number}"
        country = random.choices([c for c, _ in COUNTRIES], [w for _, w in COUNTRIES])[0]
        name = _name(random, country)
        book.iban[person] = f"{country}{random.randrange(10**16):016d}"
        for _ in range(random.choice(MOST_CASES_OF_ONE)):
            _add(book, random, CaseId(f"case_{number:07d}"), country, name, person)
            number += 1
    return book


def _name(random: Random, country: str) -> str:
    last = random.choice(LAST) if random.random() < 0.3 else random.choice(STEMS) + random.choice(ENDS)
    if random.random() < 0.15:
        return f"{last} {random.choice(TRADES)} {FORMS[country]}"
    middle = f" {random.choice(FIRST)}" if random.random() < 0.3 else ""
    return f"{random.choice(FIRST)}{middle} {last}"


def _add(book: Book, random: Random, case_id: CaseId, country: str, name: str, person: str) -> None:
    currency = CURRENCIES[country]
    text = payment_reference.make(str(random.randrange(10**11, 10**12)), SCHEMES[country])
    principal = random.choice(PRICES) if random.random() < 0.4 else random.randrange(1500, 90_000)
    first = principal + REMINDER + principal * random.randrange(5, 60) // 3000
    second = first + DEMAND + principal * random.randrange(14, 40) // 3000
    letters = (first,) if random.random() < 0.6 else (first, second)
    # Interest has run on for a few days since the last letter.
    owed = Money(letters[-1] + random.choice((0, 0, 1, 3, 7, 19)), currency)
    asked = tuple(Money(minor, currency) for minor in letters)
    invoice = random.choice((f"{random.randrange(1000, 99999)}", f"INV-2026-{random.randrange(9999):04d}"))
    canonical = payment_reference.normalise(text)
    book.cases[case_id] = Candidate(
        case_id,
        canonical,
        owed,
        asked,
        (name_key(name),),
        person,
        (invoice_key(invoice),),
        ever_asked=(Money(principal, currency), *asked),
        outdated=asked[:-1],
    )
    book.country[case_id], book.names[case_id] = country, name
    book.invoice[case_id], book.written[case_id] = invoice, text
    book.people[person].append(case_id)
    book.references[canonical] = case_id
    book.named[name_key(name)].append(case_id)
    book.invoiced[invoice_key(invoice)].append(case_id)
    for sum_ in asked:
        book.asked[sum_].append(case_id)
