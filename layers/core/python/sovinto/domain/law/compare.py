"""What changes in a country's law between two days, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import product

from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import Row

_Question = tuple[DebtorType, tuple[str, ...]]
_NOT_THE_VALUE = ("citation", "debtor_types")


@dataclass(frozen=True, slots=True)
class Change:
    """One rule takes another's place for these debtors: `old` None where a rule begins, `new` where
    one ends. `about` are the words the rule is looked up by, such as the kind of fee."""

    kind: type[Row]
    debtor_types: frozenset[DebtorType]
    about: tuple[frozenset[str], ...]
    old: Row | None
    new: Row | None

    @property
    def is_same_value(self) -> bool:
        """A new row that says what the old one said, as in half-years with the same rate."""
        if self.old is None or self.new is None:
            return False
        names = [field.name for field in fields(self.old) if field.name not in _NOT_THE_VALUE]
        return all(getattr(self.old, name) == getattr(self.new, name) for name in names)


def changes(pack: Pack, *, before: date, after: date) -> tuple[Change, ...]:
    """Every question that another rule answers on `after` than on `before`, in the pack's order.

    Rules that hold on both days, or on neither, are no change.
    """
    return tuple(
        change for kind, rows in pack.rules.items() for change in _of_kind(kind, rows, before, after)
    )


def _of_kind(kind: type[Row], rows: Sequence[Row], before: date, after: date) -> Iterator[Change]:
    old, new = _answers(rows, before), _answers(rows, after)
    # Rows are told apart by rule id, which is unique in a pack.
    pairs: dict[tuple[str, str], list[_Question]] = {}
    for question in dict.fromkeys((*old, *new)):
        pair = (_id(old.get(question)), _id(new.get(question)))
        if pair[0] != pair[1]:
            pairs.setdefault(pair, []).append(question)
    for questions in pairs.values():
        first = questions[0]
        yield Change(
            kind=kind,
            debtor_types=frozenset(debtor for debtor, _ in questions),
            about=tuple(map(frozenset, zip(*(keys for _, keys in questions), strict=True))),
            old=old.get(first),
            new=new.get(first),
        )


def _answers(rows: Sequence[Row], on: date) -> Mapping[_Question, Row]:
    """The row in force for each debtor and each combination of its keys."""
    return {
        (debtor, keys): row
        for row in rows
        if row.citation.covers(on)
        for debtor in sorted(row.debtor_types)
        for keys in product(*map(sorted, row.keys))
    }


def _id(row: Row | None) -> str:
    return "" if row is None else row.citation.rule_id
