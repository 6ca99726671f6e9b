"""The small edition of the reconciliation benchmark: always the same lines, the same counts."""

from __future__ import annotations

from tests.bench.noisy_records import RECORDS, NoisyRecords
from tests.bench.noisy_statements import USUAL
from tests.bench.test_reconciliation import ALL, run


def test_two_thousand_noisy_lines() -> None:
    scores = run(ALL, seed=7, count=2_000, mix=USUAL)
    ours = scores["rules"]
    assert not ours.wrong
    assert ours.precision == 1
    assert ours.lines.total() == 2_000
    assert ours.right.total() == 1_910
    assert ours.automatic >= 0.95
    assert ours.automatic > max(scores[name].automatic for name in ALL if name != "rules")


def test_two_thousand_lines_most_of_them_by_checked_references() -> None:
    scores = run(ALL, seed=7, count=2_000, mix=RECORDS, noise_of=NoisyRecords)
    ours = scores["rules"]
    assert not ours.wrong
    assert ours.right.total() == 1_892
    assert ours.automatic > scores["exact reference"].automatic
    assert scores["exact reference"].wrong, "the noise has references that no check digit finds wrong"


def test_other_seeds_are_no_less_exact() -> None:
    for seed in (1, 2, 3):
        assert not run({"rules": ALL["rules"]}, seed=seed, count=1_500, mix=USUAL)["rules"].wrong
        records = run({"rules": ALL["rules"]}, seed=seed, count=1_500, mix=RECORDS, noise_of=NoisyRecords)
        assert not records["rules"].wrong
