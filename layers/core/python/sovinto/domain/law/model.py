"""A country pack: every rule of one country, and how to find the one in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import Certainty, LetterKind
from sovinto.domain.law.rows import Citation, PendingRow, Row
from sovinto.errors import LawMissing

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Pack:
    """One country's law as data. `zone` is an IANA name, `languages` ISO 639-1, `ladders` the
    letters of standard collection from mild to firm, by debtor; a debtor without one is not served."""

    country: str
    currency: str
    languages: tuple[str, ...]
    zone: str
    ladders: Mapping[DebtorType, tuple[LetterKind, ...]]
    rules: Mapping[type[Row], tuple[Row, ...]]

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All rows of one kind, in the order of the files."""
        return cast("tuple[R, ...]", self.rules.get(kind, ()))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every rule of the pack."""
        return tuple(row for group in self.rules.values() for row in group)

    def ladder(self, debtor_type: DebtorType) -> tuple[LetterKind, ...]:
        """The letters for this debtor. Raises LawMissing where the pack is for others only."""
        if debtor_type not in self.ladders:
            served = " and ".join(sorted(kind.value for kind in self.ladders))
            raise LawMissing(
                f"The {self.country} pack takes {served} debtors only, not {debtor_type.value} debtors; "
                "add their rules to the country pack.",
                field="debtor_type",
            )
        return self.ladders[debtor_type]


def _every(_row: Row) -> bool:
    return True


def in_force(
    pack: Pack,
    kind: type[R],
    *,
    debtor_type: DebtorType,
    on: date,
    what: str,
    where: Callable[[R], bool] = _every,
) -> R:
    """The rule for this debtor on that day. Raises LawMissing when no row covers it: never guess."""
    found = find(pack, kind, debtor_type=debtor_type, on=on, where=where)
    if found is None:
        raise missing(pack, kind, what=f"{what} ({debtor_type.value})", on=on)
    return found


def find(
    pack: Pack,
    kind: type[R],
    *,
    debtor_type: DebtorType,
    on: date,
    where: Callable[[R], bool] = _every,
) -> R | None:
    """The rule in force, or None for rules a country need not have. The loader refuses twins."""
    return next(
        (
            row
            for row in pack.of(kind)
            if row.citation.covers(on) and debtor_type in row.debtor_types and where(row)
        ),
        None,
    )


def find_unless_ended(
    pack: Pack,
    kind: type[R],
    *,
    debtor_type: DebtorType,
    on: date,
    what: str,
    where: Callable[[R], bool] = _every,
) -> R | None:
    """As `find`, for limits: None only where the pack never had such a rule by that day.

    Raises LawMissing where it had one and it has ended: a limit does not vanish by silence.
    """
    found = find(pack, kind, debtor_type=debtor_type, on=on, where=where)
    rows = (row for row in pack.of(kind) if row.is_for(debtor_type) and where(row))
    if found is None and any(row.citation.valid_from <= on for row in rows):
        raise missing(pack, kind, what=f"{what} ({debtor_type.value})", on=on)
    return found


def missing(pack: Pack, kind: type[Row], *, what: str, on: date) -> LawMissing:
    """Why there is no answer, naming the coming law that this kind of rule waits for, if there is one."""
    pending = [
        row.citation for row in pack.of(PendingRow) if row.citation.covers(on) and kind.table in row.tables
    ]
    why = f" {pending[0].statute} is expected from {pending[0].valid_from.isoformat()};" if pending else ""
    return LawMissing(
        f"No rule for {what} covers {on.isoformat()} in the {pack.country} pack;{why} "
        "add a dated, cited row to the country pack.",
        on=on,
    )


_CERTAINTY_ORDER = (Certainty.STATUTE, Certainty.SECONDARY, Certainty.ASSUMED)


def least_certain(rules: Iterable[Citation]) -> str:
    """A figure is as certain as the weakest rule behind it."""
    return max((citation.certainty for citation in rules), key=_CERTAINTY_ORDER.index).value


def explain(
    citation: Citation,
    formula: str,
    *,
    unrounded: str | None = None,
    **inputs: object,
) -> Explanation:
    """An explanation that cites one row; `inputs` are written as plain strings."""
    return Explanation(
        rule_id=citation.rule_id,
        statute=citation.statute,
        formula=formula,
        inputs=tuple((name, str(value)) for name, value in inputs.items()),
        unrounded=unrounded,
        certainty=citation.certainty.value,
    )
