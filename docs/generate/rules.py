"""rules-<country>.md: every row of law in a country pack, as the engine has read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sovinto.countries import load_pack
from sovinto.countries.words import group_name, shown, value_of
from sovinto.domain.law.rows import Citation, Row

from docs.generate.markdown import head, joined, table

COLUMNS = ("rule", "for", "value", "in force", "statute", "source", "certainty", "signed off", "note")


def page(country: str) -> str:
    """Every rule of a country with a pack of its own."""
    pack = load_pack(country)
    return _page(f"Law of {country} as data", f"sovinto/countries/{country.lower()}/*.toml", pack.rows)


def shared_page(name: str, country: str) -> str:
    """The rules that `country` and others take over from a shared folder."""
    rows = tuple(row for row in load_pack(country).rows if row.citation.rule_id.startswith("eu."))
    source = f"sovinto/countries/shared/{name}/*.toml"
    return _page(f"Rules of {name}, for the countries that inherit them", source, rows)


def national_table(countries: Iterable[str]) -> str:
    """What inheriting countries add of their own."""
    rows = [
        (f"`{country}`", *_cells(row))
        for country in countries
        for row in load_pack(country).rows
        if not row.citation.rule_id.startswith("eu.")
    ]
    return table(("country", *COLUMNS), rows)


def _page(title: str, source: str, rows: Sequence[Row]) -> str:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(group_name(type(row)), []).append(row)
    signed = sum(row.citation.signed_off_by is not None for row in rows)
    intro = (
        f"{len(rows)} rules in {len(groups)} groups; a lawyer has signed off {signed} of them. "
        "How rows are read and added: [country packs](../country-pack.md)."
    )
    parts = [f"## {name}\n\n{table(COLUMNS, map(_cells, group))}" for name, group in groups.items()]
    return joined(head(title, source), intro, *parts, _assumed(rows))


def _assumed(rows: Sequence[Row]) -> str:
    """What a lawyer checks first."""
    found = [row.citation for row in rows if not row.citation.is_confirmed]
    lines = [f"- `{cited.rule_id}`" + (f": {cited.note}" if cited.note else "") for cited in found]
    return joined(f"## Assumed: check these {len(found)} first", "\n".join(lines)).strip()


def _cells(row: Row) -> tuple[str, ...]:
    cited = row.citation
    return (
        f"`{cited.rule_id}`",
        shown(row.debtor_types),
        value_of(row),
        _in_force(cited),
        cited.statute,
        cited.source,
        cited.certainty.value,
        _signature(cited),
        cited.note,
    )


def _in_force(cited: Citation) -> str:
    return (
        f"{cited.valid_from.isoformat()} – {cited.valid_to.isoformat() if cited.valid_to else ''}".strip()
    )


def _signature(cited: Citation) -> str:
    if cited.signed_off_by is None:
        return "no"
    return f"{cited.signed_off_by}, {shown(cited.signed_off_on)}"
