"""Checks on a whole pack: ids are unique, and no two rules answer the same question."""

from __future__ import annotations

from itertools import combinations, product

from sovinto.domain.law import rows
from sovinto.domain.law.model import Pack
from sovinto.errors import InvalidInput

# Rules of the European Union, shared by every country that inherits them.
SHARED_PREFIX = "eu."


def check_ids(pack: Pack, inherits: str | None = None) -> None:
    """Each rule has an id of its own, with its country (or the EU's) in front. Raises InvalidInput."""
    seen: set[str] = set()
    own = f"{pack.country.lower()}."
    prefixes = (own, SHARED_PREFIX) if inherits else (own,)
    for row in pack.rows:
        rule_id = row.citation.rule_id
        if rule_id in seen or not rule_id.startswith(prefixes):
            raise InvalidInput(f"rule_id {rule_id} must be unique and begin with {own}", field="rule_id")
        seen.add(rule_id)


def check_twins(pack: Pack) -> None:
    """Two rules for one question on one day would make the answer depend on their order.

    Raises InvalidInput naming both.
    """
    for group in pack.rules.values():
        for one, other in combinations(group, 2):
            if _overlap(one.citation, other.citation) and _same_question(one, other):
                raise InvalidInput(
                    f"{one.citation.rule_id} and {other.citation.rule_id} hold on the same day; "
                    "end one before the other begins.",
                    field="valid_to",
                )


def check_ladders(pack: Pack) -> None:
    """Every letter of a ladder has a waiting rule, and earns one kind of fee; every scale is there.

    Raises InvalidInput naming what is missing.
    """
    for debtor_type, ladder in pack.ladders.items():
        for letter in ladder:
            if not any(r.letter is letter and r.is_for(debtor_type) for r in pack.of(rows.WaitRow)):
                raise InvalidInput(
                    f"ladder: no wait row for a {letter} ({debtor_type}); add one", field="wait"
                )
    earning: dict[tuple[str, ...], rows.FeeRow] = {}
    for row in pack.of(rows.FeeRow):
        for key in product(row.letters, row.senders, row.claim_kinds, row.debtor_types):
            known = earning.setdefault(key, row)
            if known.kind is not row.kind and _overlap(known.citation, row.citation):
                raise InvalidInput(
                    f"{known.citation.rule_id} and {row.citation.rule_id} are both earned by one letter; "
                    "a letter earns one kind of fee.",
                    field="letters",
                )
    scales = {row.name for row in pack.of(rows.ScaleRow)}
    asked = {row.tariff.scale for row in pack.of(rows.FeeRow)} - {None}
    if asked - scales:
        raise InvalidInput(f"scale {sorted(map(str, asked - scales))[0]} has no row; add it", field="scale")


def _overlap(one: rows.Citation, other: rows.Citation) -> bool:
    first, second = sorted((one, other), key=lambda citation: citation.valid_from)
    return first.covers(second.valid_from)


def _same_question(one: rows.Row, other: rows.Row) -> bool:
    return bool(one.debtor_types & other.debtor_types) and all(
        a & b for a, b in zip(one.keys, other.keys, strict=True)
    )
