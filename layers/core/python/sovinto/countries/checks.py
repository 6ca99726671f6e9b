"""Checks on a whole pack: ids are unique, and no two rules answer the same question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from sovinto.domain.law import rows
from sovinto.domain.law.model import Pack
from sovinto.errors import InvalidInput


def all_rows(pack: Pack) -> tuple[rows.Row, ...]:
    """Every rule of the pack, for checks and for the generated reference."""
    return tuple(row for group in _groups(pack) for row in group)


def _groups(pack: Pack) -> tuple[Sequence[rows.Row], ...]:
    return (
        pack.reference_rates,
        pack.margins,
        pack.interest_terms,
        pack.fees,
        pack.fee_counts,
        pack.fee_caps,
        pack.lump_sums,
        pack.waits,
        pack.invoice_notices,
        pack.responses,
        pack.forms,
        pack.allocations,
        pack.contacts,
        pack.vat_rates,
    )


def check_ids(pack: Pack) -> None:
    """Each rule has an id of its own, with its country in front. Raises InvalidInput."""
    seen: set[str] = set()
    prefix = f"{pack.country.lower()}."
    for row in all_rows(pack):
        rule_id = row.citation.rule_id
        if rule_id in seen or not rule_id.startswith(prefix):
            raise InvalidInput(f"rule_id {rule_id} must be unique and begin with {prefix}", field="rule_id")
        seen.add(rule_id)


def check_twins(pack: Pack) -> None:
    """Two rules for one question on one day would make the answer depend on their order.

    Raises InvalidInput naming both.
    """
    for group in _groups(pack):
        for one, other in combinations(group, 2):
            if _overlap(one.citation, other.citation) and _same_question(one, other):
                raise InvalidInput(
                    f"{one.citation.rule_id} and {other.citation.rule_id} hold on the same day; "
                    "end one before the other begins.",
                    field="valid_to",
                )


def _overlap(one: rows.Citation, other: rows.Citation) -> bool:
    first, second = sorted((one, other), key=lambda citation: citation.valid_from)
    return first.covers(second.valid_from)


def _same_question(one: rows.Row, other: rows.Row) -> bool:
    return bool(one.debtor_types & other.debtor_types) and all(
        a & b for a, b in zip(_keys(one), _keys(other), strict=True)
    )


def _keys(row: rows.Row) -> Iterable[frozenset[str]]:
    """What else, besides the debtor, a rule of this table is looked up by."""
    match row:
        case rows.FeeRow():
            return (frozenset({row.kind}), frozenset(row.senders))
        case rows.FeeCountRow():
            return (frozenset(row.kinds),)
        case rows.WaitRow() | rows.InvoiceNoticeRow():
            return (frozenset({row.letter}),)
        case rows.ResponseRow() | rows.FormRow():
            return (frozenset(row.letters),)
        case rows.ContactRow():
            return (frozenset(row.channels),)
        case _:
            return ()
