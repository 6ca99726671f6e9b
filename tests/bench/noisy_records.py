"""Lines that come by the banks' own files of checked references: KTL, BgMax and OCR giro.

Two things can be wrong with such a reference, and a check digit tells of one only:

* A slip of the pen. The payer's bank refuses the reference where its digit is wrong, and the payer mends
  it. What passes (two neighbours swapped, see `passes`) comes as it is; so does one other creditor's
  reference in ten.
* A letter of another case. Its reference is right, and every check lets it through: as often as in NOISE
  of any other kind.

What the files tell of the payer is little. KTL has twelve signs of the name and no account; a Norwegian
record has an account mostly, and no name; BgMax has the name, and an account of companies only. No record
has a text of the payer. RECORDS is USUAL with three in ten of the part payments as one of a series, of the
same sum and the same payer.

The book has namesakes, but no households: no two adults of one surname and first letter who get each
other's letters. No figure here says anything of those; tests/unit/domain/test_checked_reference.py does.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from sovinto.formats.payment_words import is_right

from tests.bench.noisy_book import FORMS, SCHEMES
from tests.bench.noisy_statements import HARD, USUAL, Noise, NoisyLine

SHARE = 0.7
KTL_NAME = 12
NEVER = ("stranger", "bank_fee", "duplicate", "reversal", "paid_twice")
"""From abroad, by hand, or told of as they were before."""


def _in_series(mix: dict[str, int]) -> dict[str, int]:
    return {**mix, "part": mix["part"] * 7 // 10, "part_again": mix["part"] * 3 // 10}


RECORDS, HARD_RECORDS = _in_series(USUAL), _in_series(HARD)


def passes(reference: str, country: str) -> bool:
    """The check of the payer's bank, by the agreement of the account: the country's own scheme."""
    return is_right(reference, (SCHEMES[country],))


class NoisyRecords(Noise):
    """Seven in ten of the lines that one reference leads come as a record of such a file."""

    def __init__(self, seed: int, lines: int, mix: dict[str, int]) -> None:
        super().__init__(seed, lines, mix)
        self.lots = Random(f"records {seed}")

    def told(self, line: NoisyLine) -> NoisyLine:
        if line.kind in NEVER or len(line.references) != 1 or self.lots.random() >= SHARE:
            return line
        reference = line.references[0]
        if not passes(reference, line.country):
            # A reference of the case in another form (RF, groups) is none that the bank refuses.
            reference = self.book.written[line.shares[0][0]]
        return replace(self._record(line), references=(reference,), text="", is_checked=True)

    def _record(self, line: NoisyLine) -> NoisyLine:
        if line.country == "FI":
            return replace(line, payer=self._cut(line.payer), account="")
        if line.country == "NO":
            return replace(line, payer="", account=line.account if self.lots.random() < 0.9 else "")
        is_company = any(word in FORMS.values() for word in line.payer.split())
        return line if is_company else replace(line, account="")

    def _cut(self, payer: str) -> str:
        """Of people the surname first mostly, as banks know their customers."""
        words = payer.upper().replace(",", "").split()
        if words and "OY" not in words and self.lots.random() < 0.7:
            words = [words[-1], *words[:-1]]
        return " ".join(words)[:KTL_NAME].strip()

    def _part_again(self, key: str) -> NoisyLine:
        """The next of a series of equal parts; a new part where no series is open."""
        for line in reversed(self.past[-3000:]):
            if line.kind not in ("part", "part_again") or line.key in self.undone or line.key in self.used:
                continue
            case = self.book.cases[line.shares[0][0]]
            if case.is_open and case.owed > line.amount:
                self.used.add(line.key)
                return replace(line, key=key, kind="part_again")
        return replace(self._part(key), kind="part_again")
