"""How much of a noisy bank account finds its cases without a person, beside two simple baselines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sovinto.domain.matching import Exact, Posted, find_owner, name_key, undoes
from sovinto.formats.payment_reference import normalise
from sovinto.formats.payment_words import read_line
from sovinto.ids import PaymentId

from tests.bench.noisy_book import Book
from tests.bench.noisy_records import HARD_RECORDS, RECORDS, NoisyRecords
from tests.bench.noisy_statements import HARD, USUAL, Noise, NoisyLine, Shares

Matcher = Callable[[Book, NoisyLine], Shares]


def by_rules(book: Book, line: NoisyLine) -> Shares:
    """Ours: nothing where no rule is exact."""
    read = read_line(
        line.amount,
        references=line.references,
        text=line.text,
        payer=line.payer,
        account=line.account,
        country=line.country,
        is_checked=line.is_checked,
    )
    verdict = find_owner(read, book)
    return verdict.shares if isinstance(verdict, Exact) else ()


def by_reference_only(book: Book, line: NoisyLine) -> Shares:
    """The bank's own reference field, and nothing else."""
    found = {book.by_reference(normalise(text)) for text in line.references} - {None}
    return tuple((case_id, line.amount) for case_id in found if case_id) if len(found) == 1 else ()


def by_amount_and_name(book: Book, line: NoisyLine) -> Shares:
    """The first open case whose debtor has the payer's name and that owes, or asked for, this sum."""
    found = [book.cases[case_id] for case_id in book.by_name(name_key(line.payer))] if line.payer else []
    fitting = [case for case in found if line.amount in case.sums]
    return ((fitting[0].case_id, line.amount),) if fitting else ()


@dataclass
class Score:
    """Counts of lines by kind; `wrong` were posted by the machine, and not as the truth has it."""

    lines: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def automatic(self) -> float:
        return self.right.total() / self.lines.total()

    @property
    def precision(self) -> float:
        posted = self.right.total() + self.wrong.total()
        return self.right.total() / posted if posted else 1.0

    def note(self, kind: str, found: object, truth: object) -> None:
        self.lines[kind] += 1
        if found:
            (self.right if found == truth else self.wrong)[kind] += 1


def run(
    matchers: dict[str, Matcher],
    *,
    seed: int,
    count: int,
    mix: dict[str, int],
    noise_of: type[Noise] = Noise,
) -> dict[str, Score]:
    """Every matcher sees the same lines and the same books: what it left, or got wrong, a person mends.

    A line that came before and a reversal are known by the bank's own ids; that is the importer's work,
    and all three get it.
    """
    noise, scores, seen = noise_of(seed, count, mix), {name: Score() for name in matchers}, set[str]()
    posted: dict[str, Posted] = {}
    for line in noise.lines(count):
        for name, matcher in matchers.items():
            scores[name].note(line.kind, *_found(matcher, noise.book, line, seen, posted))
        seen.add(line.key)
        _remember(line, posted)
    return scores


def _found(
    matcher: Matcher, book: Book, line: NoisyLine, seen: set[str], posted: dict[str, Posted]
) -> tuple[object, object]:
    if line.key in seen:
        return "seen before", "seen before" if line.kind == "duplicate" else "new"
    if line.undoes:
        found = undoes(line.amount, posted.values(), end_to_end_id=line.undoes) if posted else None
        return found and found.payment_id, line.undoes
    return tuple(sorted(matcher(book, line))), tuple(sorted(line.shares))


def _remember(line: NoisyLine, posted: dict[str, Posted]) -> None:
    """What the bank's ids lead to; only the newest, as a bank takes back within weeks."""
    if line.kind == "duplicate":
        return
    if line.undoes:
        posted.pop(line.undoes, None)
    elif line.shares:
        case_id = line.shares[0][0]
        posted[line.key] = Posted(PaymentId(line.key), case_id, line.amount, end_to_end_id=line.key)
        if len(posted) > 2_000:
            del posted[next(iter(posted))]


def told(scores: dict[str, Score], title: str, seconds: float) -> str:
    names = list(scores)
    lines = next(iter(scores.values())).lines
    speed = f"{lines.total() / seconds:,.0f} lines/s (all three)"
    rows = [f"\nreconciliation, {title}: {lines.total():,} lines, {speed}"]
    rows.append(f"{'':20}{'lines':>8}" + "".join(f"{name:>24}" for name in names))
    for kind in sorted(lines):
        shown = (f"{scores[n].right[kind]:>16} ({scores[n].wrong[kind]:>4})" for n in names)
        rows.append(f"{kind:20}{lines[kind]:>8}" + "".join(f"{text:>24}" for text in shown))
    for name_ in ("automatic", "precision"):
        cells = "".join(f"{getattr(scores[name], name_):>24.3%}" for name in names)
        rows.append(f"{name_:20}{'':8}{cells}")
    rows.append("in brackets: posted to a wrong case, or in wrong shares")
    return "\n".join(rows)


ALL: dict[str, Matcher] = {
    "rules": by_rules,
    "exact reference": by_reference_only,
    "amount and name": by_amount_and_name,
}


LEVELS: dict[str, tuple[type[Noise], dict[str, int], int, int]] = {
    "usual noise": (Noise, USUAL, 2101, 50_000),
    "usual noise, another seed": (Noise, USUAL, 2202, 20_000),
    "hard noise": (Noise, HARD, 2303, 20_000),
    "checked references": (NoisyRecords, RECORDS, 2404, 50_000),
    "checked references, another seed": (NoisyRecords, RECORDS, 2505, 20_000),
    "checked references, a third seed": (NoisyRecords, RECORDS, 2606, 20_000),
    "checked references, hard noise": (NoisyRecords, HARD_RECORDS, 2707, 20_000),
}


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("title", LEVELS)
def test_what_is_posted_without_a_person_is_right(title: str) -> None:
    noise_of, mix, seed, count = LEVELS[title]
    begun = time.perf_counter()
    scores = run(ALL, seed=seed, count=count, mix=mix, noise_of=noise_of)
    print(told(scores, f"{title} (seed {seed})", time.perf_counter() - begun))
    ours = scores["rules"]
    assert ours.wrong.total() == 0
    if mix is USUAL:
        assert ours.automatic >= 0.95
    elif mix is RECORDS:
        assert ours.automatic >= 0.935
