"""countries.md: every country that takes cases, and what its pack is made of."""

from __future__ import annotations

from collections.abc import Mapping

from sovinto.countries import countries, load_pack
from sovinto.countries.files import country_folder
from sovinto.countries.loader import POLICY_FILE, load_identity
from sovinto.domain.law.coverage import rates_missing_from
from sovinto.domain.law.rows import ReferenceSchemeRow

from docs.generate import policy, rules
from docs.generate.markdown import head, joined, table

COLUMNS = (
    "country",
    "pack",
    "policy",
    "debtors",
    "currency",
    "languages",
    "zone",
    "reference",
    "rates end",
    "rules",
)


def own() -> tuple[str, ...]:
    """Countries with a pack of their own."""
    return tuple(country for country in countries() if load_identity(country).inherits is None)


def inheriting() -> Mapping[str, tuple[str, ...]]:
    """Shared folder to the countries that inherit it."""
    found: dict[str, tuple[str, ...]] = {}
    for country in countries():
        name = load_identity(country).inherits
        if name is not None:
            found[name] = (*found.get(name, ()), country)
    return found


def page() -> str:
    every = countries()
    intro = (
        f"{len(every)} countries take business cases; {len(own())} of them take consumer cases too. "
        "A pack that inherits has the shared rules and its own currency, languages, zone and holidays. "
        "`rates end`: from that day no interest is known, and nothing is sent."
    )
    heirs = [country for group in inheriting().values() for country in group]
    national = joined("## National rules of inheriting countries", rules.national_table(sorted(heirs)))
    source = "sovinto/countries/*/pack.toml"
    return joined(head("Countries", source), intro, table(COLUMNS, map(_cells, every)), national.strip())


def pages() -> Mapping[str, str]:
    """The pages of all countries and shared folders, by file name."""
    made = {"countries.md": page()}
    for country in own():
        made[f"rules-{country.lower()}.md"] = rules.page(country)
    for country in filter(has_own_policy, countries()):
        made[f"policy-{country.lower()}.md"] = policy.page(country)
    for name, heirs in inheriting().items():
        made[f"rules-{_dashed(name)}.md"] = rules.shared_page(name, heirs[0])
    made["policy-eu-business.md"] = policy.page(inheriting()["eu_business"][0], "shared/eu_business")
    return made


def _cells(country: str) -> tuple[str, ...]:
    pack, inherits = load_pack(country), load_identity(country).inherits
    target = f"rules-{_dashed(inherits)}.md" if inherits else f"rules-{country.lower()}.md"
    ends = rates_missing_from(pack)
    return (
        f"`{country}`",
        f"[{inherits or 'full'}]({target})",
        _policy_link(country, inherits),
        ", ".join(sorted(kind.value for kind in pack.ladders)),
        pack.currency,
        ", ".join(pack.languages),
        pack.zone,
        ", ".join(sorted({row.preferred.value for row in pack.of(ReferenceSchemeRow)})),
        ends.isoformat() if ends else "never asked",
        str(len(pack.rows)),
    )


def has_own_policy(country: str) -> bool:
    return (country_folder(country) / POLICY_FILE).is_file()


def _policy_link(country: str, inherits: str | None) -> str:
    """The page of the country's policy, the shared one where it has none of its own."""
    if inherits is None or has_own_policy(country):
        return f"[own](policy-{country.lower()}.md)"
    return f"[{inherits}](policy-{_dashed(inherits)}.md)"


def _dashed(name: str) -> str:
    return name.replace("_", "-")
